#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `inspect` shows is what one counts in the file: for each text form ci/tests/counts/READER.awk counts
# with nothing but patterns. What patterns cannot count (damage, lines mixed into each other) was counted by
# eye in by-hand.txt, and what other programs read is counted there by them: execution traces by `go tool
# trace -d=parsed`, recordings by `jfr summary` and async-profiler's converter. Over the samples, and the shared bundles where they are at hand.
. ci/testlib.sh
. ci/tests/counts/lib/count.sh

# the samples
: >"$work/expected" >"$work/inspected" >"$work/names"
line=0
for page in parsers/formats/*.md; do
    reader=$(basename "$page" .md | tr _ -)
    counted=0
    for sample in testdata/"$reader"/*; do
        by_hand=$(grep -c "^$sample	" "$rules/by-hand.txt")
        [ "$by_hand" != 0 ] || [ -f "$rules/$reader.awk" ] || continue
        line=$((line + 1))
        counted=$((counted + 1))
        echo "$sample" >>"$work/names"
        "$tool" inspect --as "$reader" "$sample" >>"$work/inspected" || complain "$sample: cannot be read"
        if [ "$by_hand" != 0 ]; then
            sed -n "s|^$sample	|$line	|p" "$rules/by-hand.txt" >>"$work/expected"
        else
            count "$reader" $line "$sample" >>"$work/expected"
        fi
    done
    [ $counted != 0 ] || [ "$reader" = otlp ] || complain "$reader: nobody counted in its samples"
done
# the protobuf form of spans, taken apart by protobuf's own tool: 7 is a span's start, 15 its status (2:
# failed), and the only numbers of 500 to 599 are HTTP statuses. Streams with lengths hold what single.binpb does.
for sample in testdata/otlp/*.binpb; do
    line=$((line + 1))
    echo "$sample" >>"$work/names"
    "$tool" inspect "$sample" >>"$work/inspected" || complain "$sample: cannot be read"
    case $sample in */collector.* | */delimited.*) plain=testdata/otlp/single.binpb ;; *) plain=$sample ;; esac
    protoc-c --decode_raw <$plain >"$work/plain" || complain "$plain: protoc-c cannot take it apart"
    awk -v file_number=$line -f $rules/lib/otlp.awk -f $rules/lib/say.awk "$work/plain" >>"$work/expected"
done
compare "$work/names"
echo "$(wc -l <"$work/expected") figures of $line samples"

if [ ! -d "$shared/bundles" ]; then
    echo "SKIP: no shared bundles and no shared conformance files here"
    finish
fi
# inspect_all FILES: each file of that list is one capture; what is of no format is complained of
inspect_all() {
    tr '\n' '\0' <"$1" | xargs -0 "$tool" inspect >"$work/all" 2>"$work/err"
    [ "$(wc -l <"$work/all")" = "$(wc -l <"$1")" ] || complain "inspect shows $(wc -l <"$work/all") of $(wc -l <"$1") files"
    sed 's/^{"file":"\(.*\)","format":"\([a-z-]*\)",.*/\2	\1/' "$work/all" >"$work/formats"
    grep -v '^[a-z-]*	' "$work/formats" | cut -c1-200 | while read -r line; do echo "no capture: $line"; done >"$work/unknown"
    [ ! -s "$work/unknown" ] || complain "$(cat "$work/unknown")"
}
# count_all WHERE: the files just inspected, by what inspect takes them for
count_all() {
    : >"$work/expected" >"$work/names"
    line=0
    while IFS='	' read -r reader file; do # protobuf profiles are compared with Go's reader by conformance.sh
        [ "$reader" != pprof ] && [ -f "$rules/$reader.awk" ] || continue
        line=$((line + 1))
        echo "$file" >>"$work/names"
        count "$reader" $line "$file" >>"$work/expected"
    done <"$work/formats"
    awk -F '"' -v have="$(cd "$rules" && ls *.awk | sed 's/.awk$//' | grep -vx pprof | tr '\n' ' ')" \
        'BEGIN { n = split(have, h, " "); for (i = 1; i <= n; i++) known[h[i]] = 1 } known[$8]' "$work/all" >"$work/inspected"
    compare "$work/names"
    echo "$(wc -l <"$work/expected") figures of $line files in $1; files by reader:"
    cut -f1 "$work/formats" | sort | uniq -c
}

# the bundles
find "$shared/bundles" "$shared/bundles-real" -type f ! -name TRUTH.json | LC_ALL=C sort >"$work/files"
inspect_all "$work/files"
count_all bundles

# the profiles that Go's reader is compared by: of Go 1.19 to 1.27, and pprof's own of C++ and Java
# servers but those that Go refuses. Copies bent on purpose have a ~ in their names.
find "$shared/conformance/pprof" \( -name 'up-*.prof' -o -name 'gen-*.txt' \) ! -name '*~*' | LC_ALL=C sort |
    while read -r file; do
        case $file in
        */up-*) grep -q '"error": *true' "${file%.prof}.expect.json" || echo "$file" ;;
        *) echo "$file" ;;
        esac
    done >"$work/files"
inspect_all "$work/files"
count_all conformance
finish
