#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every bundle gives well-formed outputs in which every file of the bundle appears.
. ci/testlib.sh
check_report() {
    bundle=$1
    out=$work/report
    rm -rf "$out"
    expect 0 "$tool" report "$bundle" -o "$out" --quiet
    for f in "$out/report.html" "$out"/svg/*.svg; do
        xmllint --noout --nonet "$f" 2>"$work/lint" || complain "$bundle: $f is not well formed: $(head -n 2 "$work/lint")"
    done
    [ -s "$out/report.md" ] && cmark "$out/report.md" >/dev/null || complain "$bundle: report.md is missing or no Markdown"
    grep -q '"schema":"memtriage.report/1"' "$out/report.json" || complain "$bundle: report.json has no schema"
    listed=$(tr '{' '\n' <"$out/report.json" | grep -c '^"path":')
    files=$(find "$bundle" \( -type f -o -type l \) ! -name .DS_Store | wc -l)
    [ "$listed" = "$files" ] || complain "$bundle: $listed inputs listed, $files files are there"
    if grep -n -E '(src|href|url\()=?"?https?:' "$out/report.html" | grep -v 'www.w3.org' | grep -q .; then
        complain "$bundle: the page refers to the network"
    fi
}
for bundle in testdata/demo testdata/bundles/*; do
    check_report "$bundle"
done
if [ -d "$shared/bundles" ]; then
    for bundle in "$shared"/bundles/*/ "$shared"/bundles-real/*/; do
        case $bundle in */pairs/) continue ;; esac
        check_report "${bundle%/}"
    done
else
    echo "SKIP: no shared bundles here"
fi
finish
