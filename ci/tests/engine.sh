#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What holds for every bundle: less data never turns a leak into steady, and other units, fewer or noisier data
# keep the culprit (ci/engine/properties.c). PROPERTIES=all: every kind of file removed from every bundle in both
# orders, and more noise; else a part of the bundles.
. ci/testlib.sh
build=$1
# shellcheck disable=SC2046
$(make --no-print-directory -s V="$(basename "$build")" print-cc) -std=c11 -Wall -Wextra -I. -I"$build" -o "$work/properties" ci/engine/*.c "$build/cmd/memtriage/load.o" \
    "$build/libmemtriage.a" $(make --no-print-directory -s print-libs) || { complain "properties.c does not build"; finish; }
own="testdata/demo $(echo testdata/bundles/*)"
others=
for folder in "$shared"/bundles "$shared"/bundles-real; do
    [ -d "$folder" ] || { echo "SKIP: $folder is not here"; continue; }
    for bundle in "$folder"/*/; do
        case $bundle in */pairs/) ;; *) others="$others ${bundle%/}" ;; esac
    done
done
hold() { "$work/properties" "$@" >"$work/out" 2>&1 || complain "$(cat "$work/out")"; tail -n 1 "$work/out"; }
# shellcheck disable=SC2086
if [ "${PROPERTIES:-}" = all ]; then
    hold transform --all $own $others
    hold removal --all $own $others
else
    part=$(echo $others | tr ' ' '\n' | awk 'NR % 5 == 1')
    [ -z "$sanitized" ] || others=$part
    hold transform $own $others
    hold removal $own $part
fi
finish
