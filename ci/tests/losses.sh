#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What was passed over without the whole file being damaged is said: records that are broken, and lines whose
# end lies beyond the limit, bare or in the parts of a container log.
. ci/testlib.sh
long() { yes 0123456789 | tr -d '\n' | head -c "$1"; }
mkdir "$work/bundle"
log=$work/bundle/service.log
{ cat testdata/gctrace/stamped.log; echo 'gc 9 @0.1s 0%: broken+'; long 3000; echo; cat testdata/gctrace/stamped.log; } >"$log"
expect 0 "$tool" report "$work/bundle" --quiet --limit line-bytes=2000 -o "$work/report"
for said in 'Damaged records passed over: 1;' 'Lines of more than 2000 bytes (--limit line-bytes): 1;'; do
    grep -qF "$said" "$work/report/report.json" || complain "report.json does not say \"$said\""
    grep -qF "${said%%:*}" "$work/report/report.md" || complain "report.md does not say \"$said\""
done
expect 0 "$tool" inspect --limit line-bytes=2000 "$log"
grep -q '"skipped":1,"cut_lines":1,' "$work/out" || complain "inspect counts no line that was cut: $(cut -c1-200 "$work/out")"
expect 0 "$tool" inspect "$log"
grep -q cut_lines "$work/out" && complain "inspect counts lines that nobody cut"
{
    sed 's/^/2026-11-22T19:04:21.5Z stderr F /' testdata/gctrace/stamped.log
    for i in 1 2 3 4; do echo "2026-11-22T19:04:22.5Z stderr P $(long 900)"; done
    echo '2026-11-22T19:04:22.5Z stderr F end'
} >"$log"
expect 0 "$tool" inspect --limit line-bytes=2000 "$log"
grep -q '"cut_lines":1,' "$work/out" || complain "inspect counts no line in parts that was cut"
finish
