#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each sample and each hostile file alone is a bundle: the whole way is taken and ends in a report or a reason.
. ci/testlib.sh
for sample in testdata/*/*; do
    case $sample in testdata/bundles/* | testdata/demo/* | testdata/redaction/* | testdata/pictures/*) continue ;; esac
    [ -f "$sample" ] || continue
    "$tool" report "$sample" --quiet -o - --format json >"$work/out" 2>"$work/err"
    got=$?
    case $got in 0 | 3) ;; *) complain "$sample alone: status $got ($(head -c 200 "$work/err"))" ;; esac
done
finish
