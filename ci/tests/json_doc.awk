# SPDX-License-Identifier: Apache-2.0
# Names the keys that report/render/outputs/json.md does not describe: first that file, then paths as flatten.awk
# writes them. The first cell of a row holds keys; one that begins with a dot stands beside the one before.
FNR == 1 { file++ }
file == 1 && /^## / { split($0, word, " "); document = word[2] }
file == 1 && /^\| `/ {
    n = split($0, cell, " \\| ")
    row = cell[1]
    while (match(row, /`[^`]+`/)) {
        key = substr(row, RSTART + 1, RLENGTH - 2)
        row = substr(row, RSTART + RLENGTH)
        if (key ~ /^\./) {
            key = parent key
        } else {
            parent = key
            sub(/\.[^.]*$/, "", parent)
        }
        if (sub(/\.\*$/, ".", key))
            open[document, key] = 1
        else
            known[document, key] = 1
    }
}
file == 2 {
    path = $2
    gsub(/\.[0-9]+/, "[]", path)
    if (path ~ /\.length$/)
        next
    if (path == "schema")
        document = $3 ~ /diff/ ? "diff.json:" : "report.json:"
    if (document ~ /diff/)
        sub(/^head\./, "base.", path)
    if ((document, path) in known)
        next
    parent = path
    while (sub(/[^.]*\.?$/, "", parent) && parent != "")
        if ((document, parent) in open)
            next
    if (!said[document, path]++)
        print document " " path
}
