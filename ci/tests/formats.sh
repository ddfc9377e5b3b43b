#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `formats` lists every reader with an example and how to capture it, and every form that engineers bring has a
# reader: the left column is what the inputs are called, the right one who reads them.
. ci/testlib.sh
cat >"$work/forms" <<'EOF'
profile.proto|pprof
heap `debug=1`|heap-text
goroutine `debug=1`|count-text
`debug=1` (contention)|contention-text
threadcreate|count-text
`debug=2`|goroutine-dump
v1 headers|gotrace
`# HeapAlloc = N`|memstats-text
JSON lines of runtime.MemStats|memstats-json
expvar|expvar
Prometheus text|prometheus
CSV|metrics-csv
logfmt|logfmt
application log lines|app-log
`ps` output|ps
`rss_kb=` lines|rss-log
`/proc/PID/status`|proc-memory
cgroup files|cgroup
`gctrace=1` lines|gctrace
JSON gclog lines|gclog
JVM GC logs|jvm-gc
OTLP JSON|otlp-json
OTLP protobuf|otlp
`bundle.json`|manifest
`notes.md`|notes
Java heap text|java-text
Flight Recorder|jfr
gperftools|cpu-binary
threadz|thread-text
numbers alone|bare-memory
answers of Prometheus's API|prometheus-api
`pidstat -r`|pidstat
`docker stats`, `kubectl top pod`|container-stats
EOF
expect 0 "$tool" formats
cp "$work/out" "$work/list"
for file in parsers/formats/*.c; do
    stem=$(basename "$file" .c)
    grep -q "mt_reader_$stem = {" "$file" || continue
    name=$(echo "$stem" | tr _ -)
    grep -q "^$name (" "$work/list" || complain "$name is not listed"
    awk -v name="$name" '$1 == name { inside = 1; next } /^[a-z]/ { inside = 0 } inside' "$work/list" >"$work/entry"
    grep -q 'for example: *[^ ]' "$work/entry" || complain "$name has no example"
    grep -q 'capture it: *[^ ]' "$work/entry" || complain "$name: how is it captured?"
    cut -d'|' -f2 "$work/forms" | grep -qx "$name" || complain "$name reads nothing that anybody brings"
    # its page: what inspect prints, or the page of a family that says it; and where the samples are from
    page=${file%.c}.md
    if [ ! -f "$page" ]; then
        complain "$name has no page"
        continue
    fi
    family=$(sed -n 's/.*inspect.*\](\([a-z_]*\.md\)).*/\1/p' "$page" | head -n 1)
    grep -q 'inspect' "$page" || complain "$page does not say what inspect prints"
    cat "$page" ${family:+"parsers/formats/$family"} | grep -qE 'our own|our service|of a service|by hand' ||
        complain "$page does not say where its samples are from"
done
cut -d'|' -f2 "$work/forms" | while read -r name; do
    grep -q "^$name (" "$work/list" || echo "no reader $name"
done >"$work/missing"
[ ! -s "$work/missing" ] || complain "$(cat "$work/missing")"
# the promises, where they are at hand: each form of the table of inputs is in the left column
design=$shared/design/product.md
if [ -f "$design" ]; then
    sed -n '/^| kind | forms |/,/^$/p' "$design" >"$work/table"
    head -n 25 "$work/forms" | cut -d'|' -f1 | while read -r form; do
        grep -qF -e "$form" "$work/table" || echo "\"$form\" is no form of the table of inputs"
    done >"$work/missing"
    [ ! -s "$work/missing" ] || complain "$(cat "$work/missing")"
else
    echo "SKIP: no table of inputs here"
fi
# the table of samples names every reader, and only files that are there
for page in parsers/formats/*.md; do
    name=$(basename "$page" .md | tr _ -)
    grep -q "\`$name/" testdata/README.md || complain "testdata/README.md has no sample of $name"
done
grep -o '`[a-z-][a-z-]*/[^`]*`' testdata/README.md | tr -d '`' | while read -r file; do
    case $file in parsers/* | ci/*) [ -f "$file" ] ;; *) [ -f "testdata/$file" ] ;; esac || echo "$file"
done >"$work/missing"
grep -vx -e 'ci/tests/counts/NAME.awk' -e 'parsers/formats/NAME.md' "$work/missing" >"$work/more"
[ ! -s "$work/more" ] || complain "testdata/README.md names what is not there: $(cat "$work/more")"
# examples of text forms are such forms: enough of them are recognised, or read with --as
while IFS= read -r line; do
    case $line in
    [a-z]*) name=${line%% *} ;;
    *'for example:'*)
        example=$(printf '%s\n' "$line" | sed 's/^ *for example:  //')
        case $name in
        cpu-binary | gotrace | jfr | otlp | pprof) continue ;; # bytes, described in words
        notes | manifest | otlp-json | prometheus-api | expvar | count-text | contention-text | heap-text | java-text | thread-text) continue ;; # the first line of more
        esac
        for i in 1 2 3 4 5 6 7; do printf '%s\n' "$example"; done >"$work/example"
        [ "$name" != ps ] || printf '18086 12928 1233340 7 1 edge\n' >>"$work/example"
        [ "$name" != pidstat ] || printf '20:26:19 0 5419 147.26 0.00 1270144 13104 0.05 svc\n' >>"$work/example"
        [ "$name" != container-stats ] || printf 'a  b  1%%  5MiB / 6MiB  80%%  0B / 0B  0B / 0B  8\n' >>"$work/example"
        [ "$name" != goroutine-dump ] || printf 'main.f()\n\t/main.go:7 +0x1\n' >>"$work/example"
        [ "$name" != metrics-csv ] || printf '2026-11-22T19:20:25Z,1,2,3,4\n' >>"$work/example"
        "$tool" inspect --as "$name" "$work/example" >"$work/out" 2>&1 || complain "$name: its example cannot be read: $example"
        grep -q '"records":[1-9]' "$work/out" || complain "$name: its example holds no record: $example"
        ;;
    esac
done <"$work/list"
# and no page is left of a reader that is gone
for page in parsers/formats/*.md; do
    grep -q "mt_reader_$(basename "$page" .md) = {" "${page%.md}.c" 2>/dev/null || complain "$page has no reader"
done
finish
