#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Profiles and their difference against `go tool pprof` (from PATH, or $PEER: the pprof program itself), whole programs:
# ci/bench/profile.sh [PROGRAM]
# Targets: 100,000 samples at least 20 times faster with at most a fifth of the memory; a small profile no slower.
set -eu
program=${1:-build/release/memtriage}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -o "$work/measure" ci/bench/measure.c
cc -O2 -o "$work/bigprofile" ci/bench/bigprofile.c
"$work/bigprofile" 100000 1 | gzip -n >"$work/a.pb.gz"
"$work/bigprofile" 100000 2 | gzip -n >"$work/b.pb.gz"
if [ -z "${PEER:-}" ]; then
    command -v go >/dev/null || { echo "SKIP: no go in PATH and no PEER"; exit 0; }
    PEER="go tool pprof"
fi
compare() { # name runs peer-runs ours -- theirs
    name=$1 runs=$2 peer_runs=$3
    shift 3
    ours=
    while [ "$1" != -- ]; do ours="$ours $1"; shift; done
    shift
    # shellcheck disable=SC2086
    set -- $("$work/measure" "$runs" $ours || echo "0 0 0") $("$work/measure" "$peer_runs" "$@" || echo "0 0 0")
    echo "$name $*" | awk '{
        if (!$2 || !$5) { printf "%-10s failed\n", $1; exit 1 }
        printf "%-10s %8.1f ms wall %8.1f ms CPU %7.1f MiB | peer %9.1f ms %9.1f ms %7.1f MiB | %.1f times faster (CPU %.1f), 1/%.1f of the memory\n",
            $1, $2 / 1000, $3 / 1000, $4 / 1024, $5 / 1000, $6 / 1000, $7 / 1024, $5 / $2, $6 / $3, $7 / $4 }'
}
# shellcheck disable=SC2086
{
    compare large 5 2 "$program" inspect "$work/a.pb.gz" -- $PEER -top -symbolize=none "$work/a.pb.gz"
    compare diff 3 2 "$program" diff "$work/a.pb.gz" "$work/b.pb.gz" --format pprof -o "$work/d.pb.gz" --fail-on 'inuse_space>500%' -- \
        $PEER -top -symbolize=none -diff_base "$work/a.pb.gz" "$work/b.pb.gz"
    compare small 100 20 "$program" inspect testdata/pprof/heap.pb.gz -- $PEER -top -symbolize=none testdata/pprof/heap.pb.gz
}
