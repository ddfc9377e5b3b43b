# SPDX-License-Identifier: Apache-2.0
# Fails on an include that architecture allows no layer: awk -f ci/layers.awk $(git ls-files '*.c' '*.h')
BEGIN {
    may["parsers/base"] = "parsers/base"
    may["parsers/input"] = "parsers/input parsers/base"
    may["parsers/model"] = "parsers/model parsers/base"
    may["parsers/formats"] = "parsers/formats parsers/base parsers/model gen"
    may["report/analysis"] = "report/analysis parsers/base parsers/model"
    may["report/view"] = "report/view report/analysis parsers/base parsers/model"
    may["report/render"] = "report/render report/view parsers/base gen"
}
FNR == 1 { layer = ""; for (l in may) if (index(FILENAME, l "/") == 1) layer = l; test = FILENAME ~ /(_test\.c|(for_tests|testing)\.h)$/ }
/^#[ \t]*include[ \t]+"/ {
    split($0, part, "\""); target = part[2]
    if (target !~ /\//) { print FILENAME ":" FNR ": include is not written from the root: " target; bad = 1; next }
    if (layer == "" || test) next
    n = split(may[layer], allowed, " "); ok = 0
    for (i = 1; i <= n; i++) if (index(target, allowed[i] "/") == 1) ok = 1
    if (!ok) { print FILENAME ":" FNR ": " layer " may not include " target; bad = 1 }
}
END { exit bad }
