#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a bundle, a command line and a machine can do to the program from outside: the documented exit
# status, one clear line, everything else still reported, nothing half written, the same bytes again.
. ci/testlib.sh
lru=$(pwd)/testdata/bundles/healthy-lru
case $tool in /*) ;; *) tool=$(pwd)/$tool ;; esac
says() { grep -q -- "$1" "$work/err" || complain "$2: $(head -c 300 "$work/err")"; }
mkdir "$work/d"
cd "$work/d" || exit 1

# Options: what cannot be meant stops the run.
for given in '--max-size x' '--max-size 0' '--label nothing' '--label =v' '--interval 1e-300' '--jobs -1' \
    '--jobs 9999999' '--limit files=0' '--limit files=99999999999999999999999' '--format ,'; do
    # shellcheck disable=SC2086
    expect 2 "$tool" report "$lru" -o bad $given
done
expect 2 "$tool" report "$lru" -o ''
expect 2 "$tool" report "$lru" -o bad --format ''
[ ! -e bad ] || complain "a run with a bad option wrote something"

# The environment: what a pipeline keeps there for itself does not turn the program into --version.
MEMTRIAGE_VERSION=1.2.3 MEMTRIAGE_HELP=1 MEMTRIAGE_QUIET=0 expect 0 "$tool" report "$lru" -o env
[ -s env/report.html ] || complain "MEMTRIAGE_VERSION stops the report"
says 'memtriage: ' "MEMTRIAGE_QUIET=0 is quiet"
MEMTRIAGE_QUIET=perhaps expect 2 "$tool" report "$lru" -o env

# Outputs.
expect 4 "$tool" report "$lru" -o "$(printf '%0300d' 0).html"
says 'name too long' "a long path hides the reason"
expect 4 "$tool" report "$lru" -o small --max-size 1000
[ ! -e small/report.html ] && [ -s small/report.json ] || complain "--max-size is no hard limit, or takes the other outputs with it"
(ulimit -f 20 && exec "$tool" report "$lru" -o limited) 2>err
[ $? = 4 ] || complain "a file size limit does not end with 4"
find limited -name '*.??????' | grep -vE '\.(html|json)$' && complain "a file size limit leaves a temporary file"
"$tool" report "$lru" -o - --format json >&- 2>err
[ $? = 4 ] || complain "a closed standard output does not end with 4"
[ "$(wc -l <err)" -eq 1 ] || complain "a closed standard output gives more than one line: $(cat err)"
"$tool" report "$lru" -o closed >&- 2>&- <&- || complain "closed descriptors stop the report"
"$tool" report "$lru" -o open --quiet || complain "the report failed"
diff -r closed open >diff || complain "closed descriptors change the report: $(head -c 300 diff)"

# A report in its own bundle is no input of the next one.
cp -r "$lru" in
cp -r "$lru" inside
for turn in 1 2; do
    (cd in && exec "$tool" report . --quiet --format html,json,md,svg,sarif,pprof) || complain "the report failed"
    cp -r in/memtriage-report "turn$turn"
    expect 0 "$tool" report inside -o inside --quiet
    cp inside/report.json "inside$turn"
    expect 0 "$tool" diff in in -o in/diff --quiet
    cp -r in/diff "diff$turn"
done
diff -r turn1 turn2 >diff || complain "a report in its bundle changes the next: $(head -c 300 diff)"
cmp inside1 inside2 || complain "a report over its bundle changes the next"
diff -r diff1 diff2 >diff || complain "a diff in its bundle changes the next: $(head -c 300 diff)"
expect 3 "$tool" report turn1 -o none

# Files that nobody could look at: said, and a gate does not pass over them.
cp -r "$lru" part
ln -s /nonexistent/heap.pb.gz part/link.pb.gz
expect 0 "$tool" report part -o out
says 'link.pb.gz.*to nothing' "a dangling link is not named"
expect 3 "$tool" diff "$lru" part -o out
expect 0 "$tool" report "$lru" --limit files=3 -o out
says 'more than 3 files' "files past the limit are dropped silently"
expect 3 "$tool" diff "$lru" "$lru" --limit files=3 -o out
rm part/link.pb.gz
head -c 3000 "$lru/heap_003.pb.gz" >part/cut.pb.gz
expect 3 "$tool" diff "$lru" part -o out
cp -r "$lru" lost
rm lost/heap_00*
expect 5 "$tool" diff "$lru" lost -o out
says 'every run of the head' "heap profiles that got lost are not named"

# Archives: what cannot be unpacked is said, what could be is reported.
mkdir with
cp "$lru"/* with/
head -c 300000000 /dev/zero >with/zeros
(cd with && ls | grep -v -e zeros -e heap_005 >../order && echo zeros >>../order && echo heap_005.pb.gz >>../order)
tar -czf bomb.tar.gz -C with -T order
rm -r with
expect 0 "$tool" report bomb.tar.gz -o out
says 'bomb.tar.gz.*inflate-ratio' "a bomb in an archive is not named"
grep -q '"path":"heap_004.pb.gz","kind":"heap profile"' out/report.json || complain "a bomb takes the members before it with it"
expect 3 "$tool" diff "$lru" bomb.tar.gz -o out
mkdir nested
cp "$lru"/heap_00?.pb.gz nested/
tar -czf nested/logs.tar.gz -C "$lru" gctrace.log
expect 0 "$tool" report nested -o out
says 'logs.tar.gz.*archive inside' "an archive in a bundle is read as what its first member is"
expect 3 "$tool" inspect nested/logs.tar.gz

# A small file that asks for much.
cp -r "$lru" labels
awk 'BEGIN { printf "{\"service\": \"shop\", \"labels\": {"
    for (i = 0; i < 50000; i++) printf "%s\"k%d\": \"v\"", i ? ", " : "", i
    print "}}" }' >labels/bundle.json
([ "$sanitized" ] || ulimit -v 1000000 || exit; exec "$tool" report labels -o out --quiet) || complain "50,000 labels take more than 1 GB"

mkdir crowd
awk 'BEGIN { for (i = 1; i <= 40000; i++) printf "goroutine %d [sync.Mutex.Lock, %d minutes]:\n" \
    "sync.runtime_SemacquireMutex(0x%x, 0x0)\n\t/go/sema.go:9 +0x1\nmain.f%d(0x1)\n\t/shop/f.go:%d +0x1d\n" \
    "created by main.start%d in goroutine 1\n\t/shop/x.go:5 +0x1\n\n", i, i % 100, 49152 + int(i / 2) * 8, i, i, i }' >crowd/dump.txt
([ "$sanitized" ] || ulimit -t 20; exec "$tool" report crowd -o out --quiet) || complain "40,000 goroutines in as many places take more than 20 s"

# Names that would write over the terminal.
mkdir names
cp "$lru"/heap_00?.pb.gz names/
printf junk >"names/$(printf 'a\033[2Jb\nmemtriage: c\302\233d\342\200\256e')"
expect 0 "$tool" report names -o out
[ "$(wc -l <"$work/err")" -eq 2 ] || complain "a name makes more than one line: $(cat "$work/err")"
LC_ALL=C grep -q "$(printf '[\033\302\342]')" "$work/err" && complain "a name reaches the terminal as it is"
cd "$OLDPWD" || exit 1
finish
