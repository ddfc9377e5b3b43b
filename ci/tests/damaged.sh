#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A hostile case of every form, made of its samples: lines of noise between the records of a log, and profiles,
# traces and recordings that are cut. The counts are those of the undamaged file or of the part that is left:
# nothing else is lost, and nothing is made up.
. ci/testlib.sh
. ci/tests/counts/lib/count.sh

# Where noise may stand: in front of a line that begins a record.
cat >"$work/begins" <<'END'
app-log .
bare-memory ^([A-Z][a-z][a-z] |20|17)
cgroup ^([A-Z][a-z][a-z] |20|17)
container-stats ^([A-Z][a-z][a-z] [A-Z]|20|CONTAINER|NAME|POD)
expvar ^([{]|20)
gclog ^[{]
gctrace .
goroutine-dump ^(goroutine |panic: |20)
jvm-gc ^([[]?[0-9]+[-.,]|.?20[0-9]{2}-|[{]Heap before|[[](Full )?GC)
logfmt .
memstats-json ^[{]
memstats-text ^[A-Z][a-z][a-z] |^# (Alloc|runtime)
metrics-csv .
otlp-json ^[{]"resourceSpans"
pidstat ^(#|$)
proc-memory ^([A-Z][a-z][a-z] [A-Z]|20)
prometheus ^([A-Z][a-z][a-z] [A-Z]|# scrape|go_)
ps ^([A-Z][a-z][a-z] [A-Z]|20)
rss-log ^([A-Z][a-z][a-z] [A-Z]|20)
thread-text ^---
END
# What comes between: another program's text, bytes that are no text, a line longer than any limit, halves.
noise='function noise(  i, s) {
    kind = kind % 7 + 1
    if (kind == 1) return "<html><head><title>404 Not Found</title></head></html>"
    if (kind == 2) return sprintf("\300\377\376%c\001\002\033[31m", 0)
    if (kind == 3) { s = "x"; for (i = 0; i < 18; i++) s = s s; return s }
    if (kind == 4) return "\"an end that never comes"
    if (kind == 5) return "[{"
    if (kind == 6) return "-1e999999 99999999999999999999999999999999999999"
    return "\t\t"
}'
line=0
: >"$work/expected" >"$work/inspected" >"$work/names"
while read -r reader begins; do
    for sample in testdata/"$reader"/*; do
        [ -f "$rules/$reader.awk" ] || continue
        grep -q "^$sample	" "$rules/by-hand.txt" && continue
        case $sample in *.gz | *-cr-only*) continue ;; esac
        lines "$reader" "$sample" >"$work/clean"
        [ "$reader" != bare-memory ] || { # numbers alone are known by the first 400 lines
            for i in 1 2 3 4 5 6 7 8; do cat "$work/clean" "$work/clean" >"$work/twice" && mv "$work/twice" "$work/clean"; done
        }
        LC_ALL=C awk -v begins="$begins" -v least="$([ "$reader" = bare-memory ] && echo 400)" "$noise"'
            NR > least + 1 && $0 ~ begins && at++ % 5 == 0 { print noise() }
            { print }
            END { print noise(); print noise() }' "$work/clean" >"$work/noisy"
        [ -z "$(tail -c 1 "$work/clean")" ] || { # its last number may lack digits, and stays the last
            head -n -2 "$work/noisy" | head -c -1 >"$work/ends"
            mv "$work/ends" "$work/noisy"
        }
        line=$((line + 1))
        echo "$sample with noise" >>"$work/names"
        count "$reader" $line "$work/clean" | grep -v '	\(skipped\|interleaved\)	' >>"$work/expected"
        "$tool" inspect --as "$reader" "$work/noisy" >>"$work/inspected" 2>"$work/err" ||
            complain "$sample with noise: status $? ($(head -c 200 "$work/err"))"
    done
done <"$work/begins"
logs=$line

# Profiles in text end at a line that is none of theirs; what stands before it counts.
while read -r reader begins; do
    for sample in testdata/"$reader"/*; do
        at=$(awk -v begins="$begins" '$0 ~ begins { at[++n] = NR } END { print at[int(n / 2) + 1] }' "$sample")
        head -n $((at - 1)) "$sample" >"$work/clean"
        { cat "$work/clean" && printf '<html>\300\000</html>\n' && tail -n +"$at" "$sample"; } >"$work/noisy"
        line=$((line + 1))
        echo "$sample with noise" >>"$work/names"
        count "$reader" $line "$work/clean" >>"$work/expected"
        "$tool" inspect --as "$reader" "$work/noisy" >>"$work/inspected" 2>"$work/err"
        got=$?
        [ "$reader" != java-text ] || { # Go's reader takes the rest for locations; here it is missed
            tail -n 1 "$work/inspected" | grep -q '"skipped":[1-9]' || complain "$sample with noise: nothing is missed"
            continue
        }
        [ $got = 3 ] && grep -q "byte $(wc -c <"$work/clean"): " "$work/err" ||
            complain "$sample with noise at byte $(wc -c <"$work/clean"): status $got, said $(head -c 200 "$work/err")"
    done
done <<'END'
heap-text ^ *[0-9]+: *[0-9]+ *\[.*@
count-text ^[0-9]+ @
contention-text ^ *[0-9]+ +[0-9]+ @
java-text ^ *[0-9]+ +[0-9]+ @
END

# Forms that are one whole and are cut: which byte, and what was expected.
for reader in pprof jfr gotrace otlp prometheus-api; do
    for sample in testdata/"$reader"/*; do
        case $sample in *.gz) gzip -dc "$sample" ;; *) cat "$sample" ;; esac >"$work/clean"
        head -c $(($(wc -c <"$work/clean") * 9 / 20)) "$work/clean" >"$work/cut"
        "$tool" inspect --as "$reader" "$work/cut" >"$work/out" 2>"$work/err"
        got=$?
        [ $got = 3 ] && grep -q 'byte [0-9]*: .' "$work/err" && grep -q '"error":true' "$work/out" ||
            complain "$sample cut: status $got, said $(head -c 200 "$work/err")"
    done
done
# What gperftools writes may lack its end: the samples count as far as they go.
for sample in testdata/cpu-binary/gperftools*; do
    head -c $(($(wc -c <"$sample") / 96 * 48 - 8)) "$sample" >"$work/cut"
    line=$((line + 1))
    echo "$sample cut" >>"$work/names"
    count cpu-binary $line "$work/cut" >>"$work/expected"
    "$tool" inspect --as cpu-binary "$work/cut" >>"$work/inspected" || complain "$sample cut: status $?"
done

# Every form has its hostile case here, or (bundle.json, notes) among the unit tests of what people write.
for page in parsers/formats/*.md; do
    reader=$(basename "$page" .md | tr _ -)
    grep -qE "(^| |in )$reader( |;|\$)" "$0" || [ "$reader" = manifest ] || [ "$reader" = notes ] ||
        complain "$reader: no hostile case"
done
compare "$work/names"
echo "$logs logs with noise between their records"
finish
