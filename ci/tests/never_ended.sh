#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A trace of a service whose searches leave a goroutine behind: which go statement, how many it made
# and how many of them are still there, what they wait for and when they were made; the same in the page, Markdown and JSON.
. ci/testlib.sh
expect 0 "$tool" report testdata/gotrace/leak-go1.21.trace.gz -o "$work/report" --quiet
row='{"function":"shop/internal/search.(\*Fanout).Query.func1","creator":"shop/internal/search.(\*Fanout).Query","parent":"net/http.(\*conn).serve","created":135,"ended":45,"count":90,"wait":"chan send","wait_function":"shop/internal/search.(\*Fanout).Query.func1","course":{[^}]*"left":\[4,4,2,4,2,4,4,'
grep -q "\"trace\":{.*\"created\":554,\"ended\":462,\"never_ended\":\[$row" "$work/report/report.json" || complain "report.json lacks the site"
grep -q 'still there at its end' "$work/report/report.html" || complain "the page has no table of those that never ended"
grep -q '"gc":{.*"assist_share":0.515' "$work/report/report.json" || complain "report.json lacks the assists' share"
grep -q '554 goroutines were made, 138.5 a second, and 462 ended' "$work/report/report.html" || complain "the page does not say how many were made"
grep 'search.(\*Fanout).Query.func1' "$work/report/report.md" | grep -q 'chan send.*| 135 | 45 | [*][*]90[*][*] |' || complain "Markdown lacks the site"

# beside MemStats on the same clock it says what the runtime counted meanwhile
bundle=$shared/bundles/edge-ap-2
if [ -d "$bundle" ]; then
    expect 0 "$tool" report "$bundle" -o "$work/bundle" --quiet
    grep -q "own count changed by +[0-9]* in that time" "$work/bundle/report.html" || complain "nothing about the runtime's own count"
else
    echo "SKIP: no labelled bundles here"
fi
finish
