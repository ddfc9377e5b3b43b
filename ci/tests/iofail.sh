#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each read, write and close fails once: the program ends with 3 or 4 (or reports what is left), never
# crashes, and leaves no half file.
. ci/testlib.sh
${CC:-cc} -shared -fPIC -O1 -o "$work/iofail.so" ci/iofail.c -ldl || exit 1
bundle=testdata/bundles/healthy-lru
for call in open read mmap fwrite fclose rename mkstemp; do
    for turn in 1 2 3 5 8 13; do
        rm -rf "$work/out.d"
        MT_FAIL=$call:$turn LD_PRELOAD=$work/iofail.so "$tool" report "$bundle" -o "$work/out.d" --jobs 1 --quiet >"$work/out" 2>"$work/err"
        status=$?
        case $call:$status in
        open:0 | read:0 | mmap:0) ;; # one input less
        *:0 | *:4) ;;
        open:3 | read:3 | mmap:3) ;;
        *) complain "$call call $turn: status $status: $(head -c 200 "$work/err")" ;;
        esac
        [ "$status" != 4 ] || [ -s "$work/err" ] || complain "$call call $turn: ends with 4 and says nothing"
        for f in $(find "$work/out.d" -type f 2>/dev/null); do
            case $f in
            *.html) tail -c 20 "$f" | grep -q '</html>' || complain "$call call $turn: half of $f" ;;
            *.json) tail -c 2 "$f" | grep -q '}' || complain "$call call $turn: half of $f" ;;
            *.svg) tail -c 20 "$f" | grep -q '</svg>' || complain "$call call $turn: half of $f" ;;
            *.md) ;;
            *) complain "$call call $turn: leaves $f" ;;
            esac
        done
    done
done
finish
