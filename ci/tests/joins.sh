#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is known twice is joined: spans and the tasks of an execution trace by the trace id that the program logged,
# counted once; a dump and a profile of the same goroutines. Who holds it stands beside the heap.
. ci/testlib.sh
bundle=testdata/bundles/cart-tasks
"$tool" inspect --events "$bundle/trace.out" | grep ' Log ' | grep -oE '[0-9a-f]{32}' | sort >"$work/logged"
grep -oE '"traceId":"[0-9a-f]{32}' "$bundle/spans.jsonl" | cut -d'"' -f4 | sort >"$work/spans"
both=$(comm -12 "$work/logged" "$work/spans" | wc -l)
[ "$both" -gt 3 ] || complain "the sample has no common trace ids"
expect 0 "$tool" report "$bundle" --format json -o - --quiet
grep -q "\"requests\":{\"count\":$(wc -l <"$work/spans"),.*\"with_task\":$both}" "$work/out" ||
    complain "not $both of $(wc -l <"$work/spans") requests: $(grep -o '"requests":{[^}]*}' "$work/out")"

# A debug=3 profile and a debug=2 dump of one moment are one: the profile's labels, the dump's creators, no change.
mkdir "$work/moment"
cp testdata/pprof/goroutine-single.pb.gz testdata/goroutine-dump/debug2-of-goroutine-single.txt "$work/moment"
expect 0 "$tool" report "$work/moment" --format md -o - --quiet
grep -q '^From 1 full dump\.$' "$work/out" || complain "two views of one moment: $(grep '^From [0-9]' "$work/out")"
creator=$(awk '/^goroutine 11 / { mine = 1 } mine && /^created by/ { print $3; exit }' "$work/moment"/*.txt)
grep -q "^| .main.selectForever. | .$creator. | select, route=/orders |  | 1 | " "$work/out" ||
    complain "the goroutine that $creator made is not shown with its creator and label: $(grep selectForever "$work/out")"

# Paths of references are shown beside a heap: who holds it.
mkdir "$work/holders"
cp testdata/pprof/heap.pb.gz testdata/pprof/references.pb.gz "$work/holders"
expect 0 "$tool" report "$work/holders" --format md,html -o "$work/holders.out" --quiet
for f in "$work/holders.out"/report.md "$work/holders.out"/report.html; do
    grep -q 'Path of references' "$f" && grep -q 'main.sessions' "$f" || complain "$f: nobody holds it"
done
finish
