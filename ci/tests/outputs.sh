#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What each output option does, every name of --format, one file and standard output, the packet and the bulk lines.
. ci/testlib.sh
bundle=testdata/bundles/slice-append
lru=testdata/bundles/healthy-lru
json() { tr ',{' '\n\n' <"$1"; }

# Every name is known to one command at least; one output as a file, in a folder and on standard output are the same bytes.
expect 0 "$tool" report "$bundle" --format html,md,svg,json,sarif,opensearch,folded,pprof,packet -o "$work/report" --quiet
"$tool" diff "$lru" "$bundle" --format html,md,svg,json,pr,junit,sarif,folded,pprof,packet -o "$work/diff" --quiet
[ $? -le 5 ] || complain "diff with every format: status $?"
while read -r command format file suffix; do
    [ -s "$work/$command/$file" ] || complain "$command --format $format wrote no $file"
    case $command in
    report) set -- report "$bundle" ;;
    diff) set -- diff "$lru" "$bundle" ;;
    esac
    "$tool" "$@" --format "$format" -o - --quiet >"$work/stream" 2>"$work/err"
    cmp -s "$work/stream" "$work/$command/$file" || complain "$command --format $format -o - is not $file"
    "$tool" "$@" -o "$work/single$suffix" --quiet 2>"$work/err"
    cmp -s "$work/single$suffix" "$work/$command/$file" || complain "$command -o single$suffix is not $file"
    rm -f "$work/single$suffix"
done <<'END'
report html report.html .html
report md report.md .md
report json report.json .json
report sarif memtriage.sarif .sarif
report opensearch opensearch.ndjson .ndjson
report folded stacks.folded .folded
report pprof growth.pb.gz .pb.gz
report packet packet.tar.gz .tar.gz
diff html report.html .html
diff md report.md .md
diff json diff.json .json
diff pr pr-comment.md pr-comment.md
diff junit junit.xml .xml
diff sarif memtriage.sarif .sarif
diff folded stacks.folded .folded
diff pprof diff.pb.gz .pb.gz
diff packet packet.tar.gz .tar.gz
END
for command in report diff; do
    [ -s "$work/$command/svg/flame-inuse_space.svg" ] || ls "$work/$command"/svg/*.svg >/dev/null 2>&1 || complain "$command --format svg wrote no picture"
done
expect 0 "$tool" report "$bundle" -o "$work/one.svg" --quiet
xmllint --noout --nonet "$work/one.svg" || complain "-o one.svg is no picture"

# Every key of both documents is described.
for folder in testdata/demo testdata/hostile-bundle "$bundle" "$lru" "$shared/bundles/incident-2231"; do
    [ -d "$folder" ] || continue
    "$tool" report "$folder" --format json -o - --quiet
    "$tool" diff "$lru" "$folder" --format json -o - --quiet
done >"$work/documents" 2>"$work/err"
awk -f ci/tests/counts/lib/flatten.awk "$work/documents" >"$work/paths" || complain "a document is no JSON"
[ "$(grep -c 'schema	memtriage\.' "$work/paths")" -ge 8 ] || complain "documents are missing"
awk -F '\t' -f ci/tests/json_doc.awk report/render/outputs/json.md "$work/paths" >"$work/undescribed"
[ ! -s "$work/undescribed" ] || complain "report/render/outputs/json.md does not say what these are: $(cat "$work/undescribed")"

# --title, --report-url, --asset-base, --stamp
expect 0 "$tool" report "$bundle" --title 'The <cart> run' --stamp 'made on Monday' --report-url https://ci.example/r/1 --asset-base https://ci.example/a \
    --format html,md -o "$work/named" --quiet
grep -q '<h1[^>]*>The &lt;cart&gt; run' "$work/named/report.html" || complain "--title is not the page's heading"
grep -q '^# Memory report: The .*cart.* run' "$work/named/report.md" || complain "--title is not the heading of report.md"
for f in html md; do grep -q 'made on Monday' "$work/named/report.$f" || complain "--stamp is not in report.$f"; done
grep -q '](https://ci.example/r/1)' "$work/named/report.md" || complain "--report-url is no link in report.md"
grep -q '!\[.*\](https://ci.example/a/svg/timeline.svg)' "$work/named/report.md" || complain "--asset-base gives no picture in report.md"
grep -q 'ci.example' "$work/report/report.md" && complain "report.md links to somewhere unasked"
"$tool" diff "$lru" "$bundle" --report-url https://ci.example/r/2 --title shop --format pr -o - --quiet >"$work/comment" 2>"$work/err"
grep -q 'report.html\](https://ci.example/r/2)' "$work/comment" || complain "--report-url is no link in the comment"
head -n 1 "$work/comment" | grep -q 'key=shop ' || complain "--title is not the comment's key"

# --max-size is kept, or nothing is written.
whole=$(wc -c <"$work/report/report.html")
limit=$((whole - 3000))
expect 0 "$tool" report "$bundle" --format html --max-size $limit -o "$work/small.html" --quiet
[ "$(wc -c <"$work/small.html")" -le $limit ] || complain "--max-size $limit gives $(wc -c <"$work/small.html") bytes"
expect 4 "$tool" report "$bundle" --format html --max-size 1000 -o "$work/none.html" --quiet
grep -q 'max-size' "$work/err" || complain "a limit that cannot be kept is not named: $(cat "$work/err")"
[ ! -e "$work/none.html" ] || complain "a page over its limit was written"
expect 2 "$tool" report "$bundle" --max-size 1MB
expect 2 "$tool" report "$bundle" --label cluster

# --by: a row a value, whose sum is the whole; a label that nothing carries is said to be that.
labelled=testdata/redaction/bundle
expect 0 "$tool" report "$labelled" --by route -o "$work/by" --quiet
grep -q '^## By route' "$work/by/report.md" || complain "--by gives no section in report.md"
grep -q 'What each value of route holds' "$work/by/report.html" || complain "--by gives no table in the page"
sums() { grep -o '"by_label":.*"goroutines":{"f' "$1" | grep -o '"last_bytes":[0-9]*' | awk -F: '{s += $2} END {print s}'; }
expect 0 "$tool" report "$labelled" --by user --format json -o "$work/by-user.json" --quiet
[ "$(sums "$work/by/report.json")" -gt 0 ] && [ "$(sums "$work/by/report.json")" = "$(sums "$work/by-user.json")" ] || complain "--by: values do not add up to the same whole: $(sums "$work/by/report.json"), $(sums "$work/by-user.json")"
expect 0 "$tool" report "$labelled" --by nobody --format md -o - --quiet
grep -q 'No sample carries the label nobody' "$work/out" || complain "--by with an absent label says nothing"

# The packet: members alike on every host, hashes that sha256sum agrees with, the standard set inside.
for command in report diff; do
    mkdir "$work/$command.d"
    tar -xzf "$work/$command/packet.tar.gz" -C "$work/$command.d" || complain "$command: the packet cannot be unpacked"
    (cd "$work/$command.d/memtriage-report" && sha256sum -c --quiet SHA256SUMS) || complain "$command: a hash of the packet is wrong"
    TZ=UTC tar -tvzf "$work/$command/packet.tar.gz" >"$work/members"
    grep -v '^-rw-r--r-- 0/0 .* 1970-01-01 00:00 memtriage-report/' "$work/members" >"$work/odd" && complain "$command: members with marks of the host: $(head -n 1 "$work/odd")"
    awk '{print $NF}' "$work/members" | LC_ALL=C sort -c || complain "$command: members are not in order"
    listed=$(wc -l <"$work/$command.d/memtriage-report/SHA256SUMS")
    [ "$listed" = $(($(wc -l <"$work/members") - 1)) ] || complain "$command: SHA256SUMS lists $listed files"
done
expect 0 "$tool" report "$bundle" -o "$work/set" --quiet
diff -r "$work/set" "$work/report.d/memtriage-report" | grep -v '^Only in .*: \(MANIFEST.json\|SHA256SUMS\)$' >"$work/odd" && complain "the packet is not the standard set: $(head -n 2 "$work/odd")"
(cd "$bundle" && find . -type f ! -name .DS_Store -exec sha256sum {} +) | sed 's/  .*//' | sort -u >"$work/hashes"
json "$work/report.d/memtriage-report/MANIFEST.json" | sed -n '/"inputs"/,$ s/^"sha256":"\([0-9a-f]*\)".*/\1/p' | sort -u >"$work/listed"
cmp -s "$work/hashes" "$work/listed" || complain "the packet's inputs have other hashes than the bundle's files"
cp -r "$bundle" "$work/moved" && touch -d 2001-01-01 "$work/moved"/*
(cd "$work" && mv moved slice-append && "$OLDPWD/$tool" report slice-append --format packet -o again.tar.gz --jobs 1 --quiet) || complain "a second packet failed"
cmp -s "$work/again.tar.gz" "$work/report/packet.tar.gz" || complain "two packets of one bundle differ"

# Bulk lines: action and document in turn, ids that occur once, labels in every document.
bulk=$work/report/opensearch.ndjson
[ "$(tail -c 1 "$bulk")" = "" ] || complain "the last line has no end"
awk 'NR % 2 ? !/^\{"index":\{"_index":"memtriage-(findings|series)","_id":"[^"]+"\}\}$/ : !/^\{"@timestamp":"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9](\.[0-9]+)?Z",.*\}$/ {print NR ": " substr($0, 1, 120)} END {if (NR % 2) print "odd"}' "$bulk" >"$work/odd"
[ ! -s "$work/odd" ] || complain "lines do not alternate: $(head -n 1 "$work/odd")"
sed -n 's/^{"index":.*"_id":"\([^"]*\)".*/\1/p' "$bulk" | sort | uniq -d | grep -q . && complain "an id occurs twice"
expect 0 "$tool" report "$bundle" --format opensearch --label cluster_id=eu-9 --label app.name=shop -o "$work/labelled.ndjson" --quiet
[ "$(sed -n 'n;p' "$work/labelled.ndjson" | grep -vc '"labels":{"cluster_id":"eu-9","tenant_namespace":"[^"]*","app_name":"shop"}')" = 0 ] || complain "labels are not in every document, or not the last"
sed -n 'p;n' "$bulk" >"$work/ids" && sed -n 'p;n' "$work/labelled.ndjson" | cmp -s - "$work/ids" || complain "a label changes ids"
finish
