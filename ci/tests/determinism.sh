#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The same bundle gives the same bytes, whatever the number of jobs and wherever it lies.
. ci/testlib.sh
for bundle in testdata/demo testdata/bundles/*; do
    name=$(basename "$bundle")
    mkdir -p "$work/elsewhere"
    cp -r "$bundle" "$work/elsewhere/$name"
    touch -d '2001-01-01' "$work/elsewhere/$name"/*
    expect 0 "$tool" report "$bundle" --jobs 1 -o "$work/a" --quiet
    (cd "$work/elsewhere" && LC_ALL=de_DE.UTF-8 TZ=Asia/Kathmandu "$OLDPWD/$tool" report "$name" --jobs 7 -o "$work/b" --quiet) || complain "$bundle: second run failed"
    diff -r "$work/a" "$work/b" >"$work/diff" || complain "$bundle: two runs differ: $(head -c 300 "$work/diff")"
    rm -rf "$work/a" "$work/b"
done
finish
