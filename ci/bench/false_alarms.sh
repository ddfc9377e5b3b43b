#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# False-alarm rate of the gate:
#   ci/bench/false_alarms.sh MEMTRIAGE [FOLDER]    FOLDER: eight unchanged runs as base/run1..4, head/run1..4
# 1. all 70 ways to split the eight runs into 4 against 4; 2. 200 comparisons of synthetic replicates.
set -eu
tool=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -gt 1 ]; then
    runs=$(cd "$2" && ls -d "$PWD"/base/* "$PWD"/head/*)
    failed=0
    splits=0
    mask=0
    while [ $mask -lt 256 ]; do
        n=0
        bits=$mask
        while [ $bits -gt 0 ]; do
            n=$((n + bits % 2))
            bits=$((bits / 2))
        done
        if [ $n = 4 ]; then
            rm -rf "$work/base" "$work/head"
            mkdir "$work/base" "$work/head"
            bits=$mask
            i=1
            for run in $runs; do
                [ $((bits % 2)) = 1 ] && side=base || side=head
                ln -s "$run" "$work/$side/run$i"
                bits=$((bits / 2))
                i=$((i + 1))
            done
            status=0
            "$tool" diff "$work/base" "$work/head" --format json -o - --quiet >/dev/null 2>&1 || status=$?
            splits=$((splits + 1))
            [ $status != 1 ] || failed=$((failed + 1))
            [ $status -le 1 ] || [ $status = 5 ] || { echo "status $status" >&2; exit 1; }
        fi
        mask=$((mask + 1))
    done
    awk -v f=$failed -v n=$splits 'BEGIN {printf "real runs: %d of %d splits without a change failed the gate (%.1f%%)\n", f, n, 100 * f / n}'
fi
build=$(dirname "$tool")
${CC:-cc} -std=c11 -O2 -I. -I"$build" -o "$work/false_alarms" ci/bench/false_alarms.c "$build/libmemtriage.a" \
    $(make --no-print-directory -s print-libs)
"$work/false_alarms" 200 testdata/demo/profiles/heap/*3803Z.pb.gz testdata/bundles/*/heap_005.pb.gz \
    testdata/bundles/*/pprof/*inuse_space.004.pb.gz
