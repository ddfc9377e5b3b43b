#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The exit status table, messages, and that a failed write leaves no half file.
. ci/testlib.sh
demo=testdata/demo
expect 0 "$tool" --version
expect 0 "$tool" --help
expect 0 "$tool" report --help
expect 0 "$tool" formats
expect 0 "$tool" explain
expect 0 "$tool" capture-script
sh -n "$work/out" || complain "capture-script prints no valid shell"
expect 2 "$tool"
expect 2 "$tool" no-such-command
expect 2 "$tool" report
expect 2 "$tool" report "$demo" --no-such-option
expect 2 "$tool" report "$demo" --redact secrets,names
expect 2 "$tool" report "$demo" --redact ''
expect 2 "$tool" report "$demo" --format no-such-output
expect 2 "$tool" report "$demo" --jobs 0
expect 2 "$tool" report "$demo" --max-size 10M
expect 2 "$tool" report "$demo" --label version
expect 2 "$tool" report "$demo" --limit nothing=1
expect 2 "$tool" report "$demo" --fail-on maybe
expect 2 "$tool" report "$demo" -o -
expect 2 "$tool" explain no-such-rule
expect 2 "$tool" inspect --as no-such-format "$demo/bundle.json"
expect 3 "$tool" report "$work/absent"
mkdir "$work/empty"
expect 3 "$tool" report "$work/empty"
printf '<!DOCTYPE html><html>502</html>' >"$work/empty/heap.pb.gz"
expect 3 "$tool" report "$work/empty"
grep -q 'heap.pb.gz.*HTML' "$work/err" || complain "an HTML page is not named: $(cat "$work/err")"
expect 3 "$tool" inspect "$work/empty/heap.pb.gz"
grep -q '"error":true' "$work/out" || complain "inspect of an HTML page shows no error"
expect 3 "$tool" inspect "$work/absent"
expect 4 "$tool" report "$demo" --format json -o /dev/full/report.json
if [ -w /dev/full ]; then
    "$tool" report "$demo" --format json -o - --quiet >/dev/full 2>"$work/err"
    [ $? = 4 ] || complain "a full disk behind standard output does not end with 4"
fi
expect 4 "$tool" report "$demo" -o "$demo/bundle.json/folder" --quiet
expect 1 "$tool" report "$demo" -o "$work/gate" --fail-on leak --quiet
[ -s "$work/gate/report.html" ] || complain "the gate wrote no report"
expect 0 "$tool" report testdata/bundles/healthy-lru -o "$work/gate" --fail-on leak --quiet
ls "$work"/gate/*.?????? 2>/dev/null | grep -v -E '\.(html|json)$' && complain "temporary files were left"
expect 0 "$tool" report "$demo" --format json -o - --quiet
[ ! -s "$work/err" ] || complain "--quiet prints: $(cat "$work/err")"
if [ -w /dev/full ]; then
    "$tool" inspect --events testdata/gotrace/small-go1.27.trace >/dev/full 2>"$work/err"
    [ $? = 4 ] || complain "a full disk behind a listing does not end with 4"
    grep -q damaged "$work/err" && complain "a full disk is taken for damage: $(cat "$work/err")"
fi
tar -czf "$work/demo.tar.gz" -C "$demo" .
expect 0 "$tool" report "$work/demo.tar.gz" --format json -o "$work/tar.json" --quiet
expect 0 "$tool" report "$demo" --format json -o "$work/dir.json" --quiet
sum() { tr '{' '\n' <"$1" | grep -c '"status":"read"'; }
[ "$(sum "$work/tar.json")" = "$(sum "$work/dir.json")" ] || complain "an archive is read differently from its folder"
gzip -dc "$demo/profiles/heap/20261122T193803Z.pb.gz" | "$tool" inspect - >"$work/pipe" 2>&1 || complain "inspect - failed"
grep -q '"format":"pprof"' "$work/pipe" || complain "inspect - does not see a profile"
finish
