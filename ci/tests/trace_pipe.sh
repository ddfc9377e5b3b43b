#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A trace read whole, through a pipe and gunzipped gives the same numbers, for every header.
. ci/testlib.sh
numbers() { sed 's/^{"file":"[^"]*",//'; }
for trace in testdata/gotrace/*; do
    case $trace in
    *.gz) gunzip -c "$trace" ;;
    *) cat "$trace" ;;
    esac >"$work/trace"
    "$tool" inspect "$work/trace" 2>"$work/errors" | numbers >"$work/whole" || true
    [ -s "$work/errors" ] && complain "$trace: $(head -n 1 "$work/errors")"
    [ -s "$work/whole" ] || complain "$trace: nothing was told"
    cat "$work/trace" | "$tool" inspect - | numbers >"$work/piped" || complain "$trace: refused through a pipe"
    gzip -c "$work/trace" >"$work/trace.gz"
    "$tool" inspect "$work/trace.gz" | numbers >"$work/gunzipped" || complain "$trace: refused when gzipped"
    cmp -s "$work/whole" "$work/piped" || complain "$trace: other numbers through a pipe"
    cmp -s "$work/whole" "$work/gunzipped" || complain "$trace: other numbers when gzipped"
    # a slow writer, and one that stops
    (head -c 700 "$work/trace"; tail -c +701 "$work/trace") | "$tool" inspect - | numbers >"$work/piped"
    cmp -s "$work/whole" "$work/piped" || complain "$trace: other numbers in two parts"
    head -c 1100 "$work/trace" >"$work/cut"
    "$tool" inspect "$work/cut" 2>/dev/null | numbers >"$work/whole" || true
    cat "$work/cut" | "$tool" inspect - 2>/dev/null | numbers >"$work/piped" || true
    cmp -s "$work/whole" "$work/piped" || complain "$trace: other numbers through a pipe when cut"
done
finish
