#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fuzzes each reader with its samples as seeds: ci/fuzz.sh [SECONDS [READER...]]; findings stay in
# build/fuzz/findings/. The whole way is taken: read, join, assess, render.
set -eu
seconds=${1:-120}
[ $# -gt 0 ] && shift
# From nothing: a library older than a header that the harness sees reports overflows that are none.
rm -rf build/fuzz/parsers build/fuzz/report build/fuzz/gen build/fuzz/libmemtriage.a
make --no-print-directory -j"$(nproc)" V=fuzz build/fuzz/libmemtriage.a >/dev/null
mkdir -p build/fuzz/findings
cflags="-I. -Ibuild/fuzz -std=c11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all"
libs=$(make --no-print-directory -s V=fuzz print-libs)
status=0
for file in parsers/formats/*.c; do
    stem=$(basename "$file" .c)
    case $stem in *_test | reader) continue ;; esac
    grep -q "mt_reader_$stem = {" "$file" || continue
    name=$(echo "$stem" | tr _ -)
    [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
    clang $cflags -DMT_FUZZ_READER="mt_reader_$stem" -o "build/fuzz/fuzz-$name" ci/fuzz.c build/fuzz/libmemtriage.a $libs
    corpus=build/fuzz/corpus-$name
    mkdir -p "$corpus"
    for seed in "testdata/$name"/* testdata/hostile/*; do # readers get decompressed bytes
        [ -f "$seed" ] || continue
        case $seed in
        *.gz) gzip -dc "$seed" >"$corpus/$(basename "$seed")" 2>/dev/null || : ;;
        *) cp "$seed" "$corpus/" ;;
        esac
    done
    find "$corpus" -size +256k -delete # beyond -max_len: only slow
    echo "== $name"
    "build/fuzz/fuzz-$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=262144 -print_final_stats=0 \
        -verbosity=0 -artifact_prefix="build/fuzz/findings/$name-" "$corpus" || status=1
done
[ $status = 0 ] || { echo "findings:"; ls build/fuzz/findings; }
exit $status
