#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A crash at the end of a long log is found, whether the log's own lines are known or not; a log that only
# talks of goroutines is passed over.
. ci/testlib.sh
dump=testdata/goroutine-dump/sigquit-go1.27.txt
mkdir "$work/known" "$work/unknown"
{
    awk 'BEGIN {for (i = 1; i < 2000; i++) printf "gc %d @%d.5s 1%%: 0+0+0 ms clock, 0+0/0/0+0 ms cpu, 4->5->2 MB, 5 MB goal, 2 P\n", i, i}'
    cat "$dump"
} >"$work/known/stderr.log"
awk 'BEGIN {for (i = 1; i < 9000; i++) print "INFO request done"}' | cat - "$dump" >"$work/unknown/app.log"
awk 'BEGIN {for (i = 1; i < 9000; i++) print "INFO goroutine 5 started"}' >"$work/unknown/talk.log"
for bundle in known unknown; do
    expect 0 "$tool" report "$work/$bundle" --quiet --format json -o "$work/$bundle.json"
    grep -q 'before it printed stacks: SIGQUIT' "$work/$bundle.json" || complain "$bundle: the dump is not there"
done
grep -q 'talk.log.*skipped' "$work/unknown.json" || complain "talk.log is not listed as skipped"
finish
