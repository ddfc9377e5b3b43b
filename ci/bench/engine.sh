#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# CPU time of the engine alone, without reading and rendering: ci/bench/engine.sh MEMTRIAGE [BUNDLE...]
# Target: under 200 ms for a large incident bundle, linear in call sites, however many grow.
set -eu
build=$(dirname "${1:-build/release/memtriage}")
[ $# = 0 ] || shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046
${CC:-cc} -std=c11 -O2 -D_POSIX_C_SOURCE=200809L -I. -I"$build" -o "$work/engine" ci/bench/engine.c \
    "$build/cmd/memtriage/load.o" "$build/libmemtriage.a" $(make --no-print-directory -s print-libs)
"$work/engine" testdata/demo 500 5000 50000 all:500 all:5000 all:50000 "$@"
