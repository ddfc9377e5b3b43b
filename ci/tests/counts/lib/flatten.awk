# SPDX-License-Identifier: Apache-2.0
# Takes JSON lines apart: "LINE<tab>path<tab>value" for each leaf, a path being members and indices
# joined by dots, and "path.length" for each array. Strings stay as they are between their quotes.
function leaf(value) { print NR "\t" path() "\t" value; after() }
function path(  i, s) {
    for (i = 1; i <= depth; i++)
        s = s (i > 1 ? "." : "") (array[i] ? count[i] : key[i])
    return s
}
function after() { if (depth && array[depth]) count[depth]++ }
{
    rest = $0
    depth = 0
    while (rest != "") {
        c = substr(rest, 1, 1)
        if (c == "{" || c == "[") {
            array[++depth] = c == "["
            count[depth] = 0
            rest = substr(rest, 2)
        } else if (c == "}" || c == "]") {
            n = count[depth]
            was = array[depth--]
            if (was)
                print NR "\t" path() ".length\t" n
            after()
            rest = substr(rest, 2)
        } else if (c == "," || c == " ") {
            rest = substr(rest, 2)
        } else if (c == "\"") {
            match(rest, /^"([^"\\]|\\.)*"/)
            text = substr(rest, 2, RLENGTH - 2)
            rest = substr(rest, RLENGTH + 1)
            if (!array[depth] && substr(rest, 1, 1) == ":") {
                key[depth] = text
                rest = substr(rest, 2)
            } else {
                leaf(text)
            }
        } else if (match(rest, /^[^]},]+/)) {
            text = substr(rest, 1, RLENGTH)
            rest = substr(rest, RLENGTH + 1)
            leaf(text)
        } else {
            print "flatten: no JSON: " substr(rest, 1, 40) | "cat >&2"
            exit 1
        }
    }
}
