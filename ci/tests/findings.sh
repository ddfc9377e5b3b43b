#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every finding of every verdict carries numbers, what speaks against it and what to do next: in report.json, and
# as a card of the page, which shows the evidence as a chart, too. ci/engine/properties.c holds the same wherever
# files are missing or values changed.
. ci/testlib.sh
most_suspects=10 # of the page; others are remarks

# Path and value of report.json, a line each: what a finding lacks, then "suspects N".
lacks='
$2 ~ /^findings\.[0-9]+\./ {
    split($2, at, ".")
    i = at[2]
    if (i + 1 > n)
        n = i + 1
    member = substr($2, length("findings." i ".") + 1)
    has[i, member] = $3
}
function needs(i, member) { if (has[i, member] == "") print "finding " i + 1 " (" has[i, "rule"] ") has no " member }
END {
    for (i = 0; i < n; i++) {
        split("id rule family status confidence score culprit.function growth.unit against.0 next evidence.0.statement", all, " ")
        for (k in all)
            needs(i, all[k])
        for (k = 0; k < has[i, "evidence.length"]; k++) {
            needs(i, "evidence." k ".value")
            needs(i, "evidence." k ".unit")
            needs(i, "evidence." k ".source")
            if (has[i, "evidence." k ".statement"] !~ /[0-9]/)
                print "finding " i + 1 " (" has[i, "rule"] ") says nothing in numbers: " has[i, "evidence." k ".statement"]
        }
        suspects += has[i, "status"] != "note"
    }
    print "suspects " suspects + 0
}'
count() { xmllint --nonet --xpath "count($1)" "$work/out/report.html" 2>/dev/null; }
check_findings() {
    rm -rf "$work/out"
    "$tool" report "$1" --format json,html,svg -o "$work/out" --quiet 2>/dev/null || complain "$1: no report"
    awk -f ci/tests/counts/lib/flatten.awk "$work/out/report.json" | awk -F '\t' "$lacks" >"$work/lacks"
    while read -r line; do
        case $line in suspects*) ;; *) complain "$1: $line" ;; esac
    done <"$work/lacks"
    want=$(awk '$1 == "suspects" {print $2}' "$work/lacks")
    [ "$want" -le $most_suspects ] || want=$most_suspects
    cards='//*[starts-with(@id,"suspect-")]'
    for part in '' '[.//*[local-name()="svg" and @class="ev"]]' '[.//*[local-name()="dt" and .="Why"]]' \
        '[.//*[local-name()="dt" and .="Against"]]' '[.//*[local-name()="dt" and .="Next"]]'; do
        got=$(count "$cards$part")
        [ "$got" = "$want" ] || complain "$1: $want suspects, but $got cards on the page have ${part:-a heading}"
    done
    got=$(find "$work/out/svg" -name 'suspect-*.svg' 2>/dev/null | wc -l)
    [ "$got" = "$want" ] || complain "$1: $want suspects, but $got pictures of them"
}
for bundle in testdata/demo testdata/bundles/* testdata/goroutine-dump/*.txt testdata/jvm-gc/*; do
    check_findings "$bundle"
done
for folder in "$shared"/bundles "$shared"/bundles-real; do
    [ -d "$folder" ] || { echo "SKIP: $folder is not here"; continue; }
    for bundle in "$folder"/*/; do
        case $bundle in */pairs/) ;; *) check_findings "${bundle%/}" ;; esac
    done
done
finish
