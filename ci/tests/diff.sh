#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What diff promises to a pipeline: Go's own figures, signs, an empty diff of a bundle with itself, failing closed, sizes of
# what it writes, and forms that other programs read. JUNIT_SCHEMA and SARIF_SCHEMA: published schemas to hold them against.
. ci/testlib.sh
parts=ci/tests/diff
if ! command -v python3 >/dev/null; then
    echo "SKIP: no python3 here"
    exit 0
fi
demo=testdata/demo
heap=$demo/profiles/heap
first=$(ls "$heap"/*.pb.gz | head -n 1)
last=$(ls "$heap"/*.pb.gz | tail -n 1)

# The figures of `go tool pprof -diff_base`.
if [ -d "$shared/conformance/pprof" ]; then
    python3 "$parts/totals.py" "$tool" "$shared/conformance/pprof" >"$work/out" 2>&1 || complain "$(tail -n 20 "$work/out")"
else
    echo "SKIP: no conformance collection, so no figures of go tool pprof"
fi

# Forth and back, and against itself.
"$tool" diff "$first" "$last" --format json -o "$work/forth.json" --quiet
"$tool" diff "$last" "$first" --format json -o "$work/back.json" --quiet
expect 0 "$tool" diff "$demo" "$demo" -o "$work/itself" --quiet
python3 "$parts/signs.py" "$work/forth.json" "$work/back.json" "$work/itself/diff.json" || bad=1
[ "$(wc -l <"$work/itself/pr-comment.md")" -le 2 ] || complain "a diff of a bundle with itself has something to say"

# A head that cannot be read whole: closed, and every output says so.
head -c 2000 "$last" >"$work/cut.pb.gz"
expect 3 "$tool" diff "$first" "$work/cut.pb.gz" -o "$work/closed"
sed -n 2p "$work/closed/pr-comment.md" | grep -q 'not comparable: head: cut.pb.gz could not be read whole' ||
    complain "the comment hides that the head is damaged"
grep -q 'Not comparable: head: ' "$work/closed/report.html" || complain "the page hides that the head is damaged"
grep -q '= pass' "$work/closed/report.html" && complain "a rule passes though the head is damaged"
grep -q '<error message="head: cut.pb.gz' "$work/closed/junit.xml" || complain "junit.xml hides that the head is damaged"
expect 3 "$tool" diff "$first" "$work/cut.pb.gz" -o "$work/closed" --undecided-exit 125 --quiet
expect 3 "$tool" diff "$first" "$work/absent.pb.gz" -o "$work/closed" --quiet

# 50,000 sites that are new, one run a side: undecided, by default 5, and whatever bisecting wants.
cc -O2 -o "$work/bigprofile" ci/bench/bigprofile.c 2>"$work/err" || complain "$(cat "$work/err")"
"$work/bigprofile" 50 1 | gzip -n >"$work/small.pb.gz"
"$work/bigprofile" 50000 2 | gzip -n >"$work/large.pb.gz"
expect 5 "$tool" diff "$work/small.pb.gz" "$work/large.pb.gz" -o "$work/many" --quiet
expect 125 "$tool" diff "$work/small.pb.gz" "$work/large.pb.gz" -o "$work/many" --quiet --undecided-exit 125
comment=$work/many/pr-comment.md
[ "$(wc -c <"$comment")" -le 4000 ] || complain "the comment for 50,000 changed sites has $(wc -c <"$comment") bytes"
head -n 1 "$comment" | grep -q '^<!-- memtriage:v1 key=.* -->$' || complain "the comment does not begin with its marker"
[ "$(grep -c '^| *`' "$comment")" -ge 1 ] || complain "the comment has no row"
grep '^|' "$comment" | grep -qv '|$' && complain "the comment has a row that is cut"
[ "$(wc -c <"$work/many/report.html")" -le 10485760 ] || complain "the page for 50,000 changed sites is over 10 MiB"

# The policy that its page shows is the built-in one.
sed -n '/^```json/,/^```/p' report/analysis/diff/policy.md | sed '/^```/d' >"$work/written.policy"
set -- testdata/bundles/healthy-lru testdata/bundles/slice-append --format json --quiet
"$tool" diff "$@" -o "$work/built-in.json"
"$tool" diff "$@" -o "$work/written.json" --policy "$work/written.policy"
cmp "$work/built-in.json" "$work/written.json" || complain "policy.md shows another policy than the built-in one"

# Forms that others read: JUnit in all four states, SARIF, the page and the pictures.
echo '{"rules": [{"metric": "inuse_space", "scope": "total", "max-increase": "5%"}], "single-run": "fail"}' >"$work/fail.policy"
echo '{"rules": [{"metric": "inuse_space", "scope": "any-function", "max-increase": "1 MiB"}], "on-undecided": "pass"}' >"$work/skip.policy"
expect 1 "$tool" diff "$first" "$last" --policy "$work/fail.policy" -o "$work/failing" --quiet
expect 0 "$tool" diff "$first" "$last" --policy "$work/skip.policy" -o "$work/skipping" --quiet
grep -q '<failure ' "$work/failing/junit.xml" || complain "junit.xml of a failing gate has no failure"
grep -q '<skipped>' "$work/skipping/junit.xml" || complain "junit.xml of an undecided gate that passes has nothing skipped"
for folder in itself closed many failing skipping; do
    for schema in "$parts/junit.xsd" ${JUNIT_SCHEMA:-}; do
        xmllint --noout --schema "$schema" "$work/$folder/junit.xml" 2>"$work/err" || complain "$(head -n 5 "$work/err")"
    done
    xmllint --noout --nonet "$work/$folder/report.html" 2>"$work/err" || complain "$folder/report.html: $(head -n 3 "$work/err")"
    for picture in "$work/$folder"/svg/*.svg; do
        [ ! -f "$picture" ] || xmllint --noout "$picture" || complain "$picture is not well formed"
    done
done
for id in verdict numbers gate totals diff flame functions goroutines contention memory gc latency fixes inputs method glossary; do
    for folder in itself closed many; do
        grep -q "id=\"$id\"" "$work/$folder/report.html" || complain "$folder/report.html has no section $id"
    done
done
"$tool" diff "$first" "$last" --policy "$work/fail.policy" --format sarif -o "$work/diff.sarif" --quiet
"$tool" report "$demo" --format sarif -o "$work/report.sarif" --quiet
"$tool" report testdata/hostile-bundle --format sarif -o "$work/hostile.sarif" --quiet
python3 "$parts/sarif.py" "$work/diff.sarif" "$work/report.sarif" "$work/hostile.sarif" || bad=1
python3 "$parts/recipes.py" "$tool" ci/recipes || bad=1

# The same input gives the same bytes.
expect 1 "$tool" diff "$first" "$last" --policy "$work/fail.policy" -o "$work/again" --quiet --jobs 1
diff -r "$work/failing" "$work/again" >"$work/err" || complain "$(head -n 3 "$work/err")"
finish
