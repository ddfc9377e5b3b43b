# SPDX-License-Identifier: Apache-2.0
# compare.awk EXPECTED FLATTENED, both "LINE<tab>path<tab>value": what is expected and not so is printed. A
# path "sum:a.*.b" or "max:..." is over all that stand in place of the star. Whole numbers have to be the
# same digits; others may differ by the rounding of a sum.
BEGIN { FS = "\t" }
FNR == NR { line[++n] = $1; wanted[n] = $2; value[n] = $3; next }
{ found[$1, $2] = $3; paths[$1] = paths[$1] "\n" $2 }
function same(a, b,  d) {
    if (a == b)
        return 1
    if (a ~ /^-?[0-9]+$/ && b ~ /^-?[0-9]+$/ || a !~ /^-?[0-9]/ || b !~ /^-?[0-9]/)
        return 0
    d = a - b
    return (d < 0 ? -d : d) <= 1e-6 + 1e-12 * (a < 0 ? -a : a)
}
function over(line, how, path,  star, head, tail, all, m, i, p, total, v) {
    star = index(path, "*")
    head = substr(path, 1, star - 1)
    tail = substr(path, star + 1)
    m = split(paths[line], all, "\n")
    total = 0
    for (i = 1; i <= m; i++) {
        p = all[i]
        if (substr(p, 1, length(head)) != head || length(p) <= length(head) + length(tail))
            continue
        if (substr(p, length(p) - length(tail) + 1) != tail)
            continue
        if (tail != "" && substr(p, length(head) + 1, length(p) - length(head) - length(tail)) !~ /^[0-9]+$/)
            continue
        v = found[line, p] + 0
        if (how == "sum")
            total += v
        else if (v > total)
            total = v
    }
    return sprintf("%.15g", total)
}
END {
    for (i = 1; i <= n; i++) {
        path = wanted[i]
        if (path ~ /^(sum|max):/)
            got = over(line[i], substr(path, 1, 3), substr(path, 5))
        else
            got = found[line[i], path]
        if (!same(got, value[i])) {
            print line[i] "\t" path ": counted " value[i] ", inspect has " (got == "" ? "nothing" : got)
            bad = 1
        }
    }
    exit bad
}
