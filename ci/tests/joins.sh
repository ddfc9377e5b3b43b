#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Spans and the tasks of an execution trace are joined by the trace id that the program logged, and counted once.
. ci/testlib.sh
bundle=testdata/bundles/cart-tasks
"$tool" inspect --events "$bundle/trace.out" | grep ' Log ' | grep -oE '[0-9a-f]{32}' | sort >"$work/logged"
grep -oE '"traceId":"[0-9a-f]{32}' "$bundle/spans.jsonl" | cut -d'"' -f4 | sort >"$work/spans"
both=$(comm -12 "$work/logged" "$work/spans" | wc -l)
[ "$both" -gt 3 ] || complain "the sample has no common trace ids"
expect 0 "$tool" report "$bundle" --format json -o - --quiet
grep -q "\"requests\":{\"count\":$(wc -l <"$work/spans"),.*\"with_task\":$both}" "$work/out" ||
    complain "not $both of $(wc -l <"$work/spans") requests: $(grep -o '"requests":{[^}]*}' "$work/out")"
finish
