#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every benchmark that needs nothing but the program, one after the other: ci/bench/run.sh [PROGRAM]
# Peers (Go's own tools) join in where they are found: see profile.sh and trace.sh.
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/release/memtriage}
for bench in memstats gctrace dumps engine profile; do
    echo "== $bench"
    sh "ci/bench/$bench.sh" "$program"
done
