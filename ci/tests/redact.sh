#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A secret of every kind stands in every place where text enters (testdata/redaction): none is in any file that is
# written, packed or not, nor in any message; the counts are; with --redact none the secrets are there again.
. ci/testlib.sh
bundle=testdata/redaction/bundle
planted=testdata/redaction/planted.txt

# What a page carries packed: base64, of deflate where data-enc is z (a gzip header in front, its missing end does not matter).
unpacked() {
    sed -n 's/.*id="mt-cols"[^>]*>\([A-Za-z0-9+\/=]*\)<.*/\1/p' "$1" | base64 -d >"$work/columns"
    [ -s "$work/columns" ] || return
    case $(grep -o 'id="mt-cols"[^>]*' "$1") in
    *'data-enc="z"'*) { printf '\037\213\010\0\0\0\0\0\0\003'; cat "$work/columns"; } | gzip -dc 2>/dev/null ;;
    *) cat "$work/columns" ;;
    esac
}
# leaks FOLDER WHAT: nothing planted is in it
leaks() {
    find "$1" -type f | while read -r f; do
        case $f in
        *.html) unpacked "$f" >"$f.columns" ;;
        *.tar.gz) mkdir "$f.d" && tar -xzf "$f" -C "$f.d" ;;
        *.pb.gz) gzip -dc "$f" >"$f.plain" ;;
        esac
    done
    grep -rnaoiFf "$planted" "$1" >"$work/leaks" && complain "$2: $(sed "s|$1/||" "$work/leaks" | sort -u | head -n 5 | tr '\n' ' ')"
}
all_formats() { # of a command, as its help lists them when an unknown one is asked for
    "$tool" "$@" --format no-such-output 2>&1 | sed -n 's/^  \([a-z]*\) .*/\1/p'
}

mkdir "$work/all" "$work/diff" "$work/base" "$work/head" "$work/more"
for format in $(all_formats report "$bundle"); do
    expect 0 "$tool" report "$bundle" --format "$format" -o "$work/all/$format"
    cat "$work/out" "$work/err" >>"$work/all/said"
done
[ -s "$work/all/html/report.html" ] || complain "no page was written"
unpacked "$work/all/html/report.html" | grep -q 'shop/internal/cart' || complain "the page's columns cannot be unpacked"
leaks "$work/all" "report"
for file in md/report.md html/report.html; do
    grep -q 'e-mail addresses in' "$work/all/$file" || complain "$file does not count what was replaced"
done
for kind in bearer basic cookie secret login jwt private-key key email; do
    grep -q "\"kind\":\"$kind\"" "$work/all/json/report.json" || complain "report.json counts no $kind"
done
grep -q 'mail@v1.2.3' "$work/all/html/report.html" || complain "a module's version was taken for an address"
grep -q '0123456789abcdef0123456789abcdef01234567' "$work/all/html/report.html" || complain "a build id was taken for a secret"

# A diff, both sides of which hold secrets.
cp "$bundle"/*.md "$bundle"/bundle.json "$bundle"/heap-00* "$bundle"/heap-01* "$bundle"/heap-02* "$bundle"/goroutine-0* "$work/base"
cp "$bundle"/*.md "$bundle"/bundle.json "$bundle"/heap-03* "$bundle"/heap-04* "$bundle"/heap-05* "$bundle"/goroutine-1* "$bundle"/*.txt "$work/head"
for format in $(all_formats diff "$work/base" "$work/head"); do
    "$tool" diff "$work/base" "$work/head" --format "$format" -o "$work/diff/$format" >>"$work/diff/said" 2>&1
    status=$?
    [ $status -le 1 ] || [ $status = 5 ] || complain "diff --format $format: $(tail -n 1 "$work/diff/said")"
done
leaks "$work/diff" "diff"
grep -q 'Redacted:.*login' "$work/diff/md/report.md" || complain "the diff does not count what was replaced"
grep -q '"redaction":{"applied":\["secrets"\]' "$work/diff/json/diff.json" || complain "diff.json has no redaction"

# A label given on the command line; the environment; more than secrets.
expect 0 "$tool" report "$bundle" --label token=planted-manifest-token --label to=ann.label@planted-mail.example -o "$work/more/labels" --quiet
MEMTRIAGE_REDACT=secrets,paths,labels,args "$tool" report "$bundle" -o "$work/more/whole" >"$work/more/said" 2>&1 || complain "with all words: status $?"
leaks "$work/more" "with labels and all words"
grep -rnaE '/home/planted-user|/usr/local/go|/v1/items' "$work/more/whole" >"$work/found" && complain "a folder or label is left: $(head -n 1 "$work/found" | cut -c 1-200)"
grep -q '\[redacted:path-[0-9]*\]/.*cart/registry.go' "$work/more/whole/report.json" || complain "the end of a path is gone"
grep -q '"kind":"label"' "$work/more/whole/report.json" || complain "no label was replaced"
# The words do not change what is found.
findings() { grep -o '"id":"[0-9a-f]*","rule":"[a-z-]*"' "$1" | sort; }
expect 0 "$tool" report "$bundle" --redact none -o "$work/none" --quiet
[ "$(findings "$work/none/report.json" | wc -l)" -gt 0 ] || complain "nothing is found in the bundle"
[ "$(findings "$work/none/report.json" | cut -d, -f2)" = "$(findings "$work/more/whole/report.json" | cut -d, -f2)" ] || complain "redaction changes the findings"

# The same bytes with any number of jobs; what is not redacted is there.
"$tool" report "$bundle" -o "$work/one" --jobs 1 --quiet
"$tool" report "$bundle" -o "$work/seven" --jobs 7 --quiet
diff -r "$work/one" "$work/seven" >/dev/null || complain "marks depend on the number of jobs"
for word in planted-notes-bearer hal.notes planted-file-token dan.file planted-manifest-token ann.label planted-panic-key planted-build-pw planted-span-token planted-goroutine-bearer plantedPrivateKeyLine; do
    grep -rqaF "$word" "$work/none" || complain "with --redact none there is no $word"
done
grep -q 'Redacted:.*switched off' "$work/none/report.md" || complain "the report does not say that redaction was off"

# inspect is exact unless it is told.
for f in "$bundle"/*; do
    case $f in *token=* | *@*) continue ;; esac # the name given on the command line is shown as it was given
    "$tool" inspect "$f" --redact secrets >>"$work/inspected" 2>&1 || complain "inspect $f failed"
    "$tool" inspect "$f" >>"$work/exact" 2>&1
done
"$tool" inspect "$bundle/run.trace" --events --redact secrets >>"$work/inspected" 2>&1
"$tool" inspect "$bundle/run.trace" --events >>"$work/exact" 2>&1
grep -noiFf "$planted" "$work/inspected" >"$work/leaks" && complain "inspect: $(head -n 3 "$work/leaks" | tr '\n' ' ')"
for word in kim.task planted-trace-log planted-trace-region planted-manifest-token; do
    grep -qF "$word" "$work/exact" || complain "inspect without --redact hides $word"
done
finish
