#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A full report on each trace against a peer that does nothing but count its events:
#     ci/bench/trace.sh PROGRAM PEER TRACE...
# PEER TRACE is run as it is; a loop over ReadEvent of Go's internal/trace reader is what the figures
# of the README are against. Both run in turn; medians of RUNS (5) and the ratios are printed. Without
# a trace that is found, nothing is measured.
set -eu
program=${1:-build/release/memtriage}
peer=${2:-peertrace}
[ $# -gt 2 ] || { echo "trace: no traces given (ci/bench/trace.sh PROGRAM PEER TRACE...)"; exit 0; }
shift 2
command -v "$peer" >/dev/null || peer=
[ -x /usr/bin/time ] || { echo "trace: /usr/bin/time is needed"; exit 1; }
runs=${RUNS:-5}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# measure NAME COMMAND...: a line "wall cpu KB" to the file of that name
measure() {
    name=$1
    shift
    /usr/bin/time -f '%e %U %S %M' -o "$out/time" "$@" >/dev/null 2>"$out/errors" ||
        { echo "trace: $1 failed: $(head -n 1 "$out/errors")"; exit 1; }
    awk '{print $1, $2 + $3, $4}' "$out/time" >>"$out/$name"
}
# median NAME COLUMN
median() {
    sort -n -k "$2,$2" "$out/$1" | awk -v c="$2" '{v[NR] = $c} END {print v[int((NR + 1) / 2)]}'
}

for trace in "$@"; do
    [ -f "$trace" ] || { echo "trace: $trace is not there"; continue; }
    rm -f "$out/ours" "$out/peer"
    run=0
    while [ "$run" -lt "$runs" ]; do
        run=$((run + 1))
        measure ours "$program" report "$trace" --quiet -o "$out/report.json"
        [ -z "$peer" ] || measure peer "$peer" "$trace"
    done
    bytes=$(wc -c <"$trace")
    echo "$(basename "$trace"): $((bytes / 1000000)) MB, report in $(median ours 1) s wall, $(median ours 2) s CPU," \
        "$(($(median ours 3) / 1024)) MiB"
    [ -n "$peer" ] || continue
    awk -v w="$(median ours 1)" -v c="$(median ours 2)" -v pw="$(median peer 1)" -v pc="$(median peer 2)" \
        -v m="$(median ours 3)" -v pm="$(median peer 3)" 'BEGIN {
            printf "  peer %.2f s wall, %.2f s CPU, %d MiB: %.1f times as long, %.1f times the CPU, %.1f times the memory\n",
                pw, pc, pm / 1024, pw / w, pc / c, pm / m }'
done
