#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Names, labels, notes, file names and log lines that try to be more than text stay text: no output
# gains an element, attribute, link, mention, row, or a character that changes how others are read.
. ci/testlib.sh
LC_ALL=C
export LC_ALL
cp -r testdata/hostile-bundle "$work/in"
cp "$work/in/heap_6.pb.gz" "$work/in/heap_7 <img src=x onerror=alert(1)>|\`@octocat\` [a](javascript:b) #123.pb.gz"
cp "$work/in/notes.md" "$work/in/$(printf 'z\342\200\256dm.\n# h\033[31m\377\176 .md')"
expect 0 "$tool" report "$work/in" -o "$work/report" --quiet
"$tool" report "$work/in" -o - --format folded --quiet >"$work/folded.txt" || complain "folded: status $?"
mkdir "$work/base" "$work/tame"
cp "$work/in"/heap_[12].pb.gz "$work/base"
"$tool" diff "$work/base" "$work/in" -o "$work/diff" >"$work/said" 2>&1
"$tool" report "$work/in" -o "$work/again" >>"$work/said" 2>&1
expect 0 "$tool" report testdata/demo -o "$work/tame" --quiet

# Bytes: valid UTF-8, no control but the line feed (and tab), nothing that is not seen or turns others around.
unseen() { grep -nP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f\xad]|\xd8\x9c|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf' "$1"; }
for f in "$work"/report/* "$work"/report/svg/* "$work"/diff/* "$work"/diff/svg/* "$work/said"; do
    case $f in *.pb.gz) continue ;; esac
    [ -f "$f" ] || continue
    iconv -f utf-8 -t utf-8 "$f" >/dev/null 2>&1 || complain "${f#"$work"/}: not UTF-8"
    unseen "$f" >"$work/seen" && complain "${f#"$work"/}: holds a control or direction: $(head -n 1 "$work/seen" | cut -c 1-200 | cat -v)"
done

# Pages and pictures: well formed, and of no other elements, attributes and addresses than a tame bundle's.
tags() { sed -e 's|<style[^>]*>.*||' "$1" | tr '\n' ' ' | sed -e 's|<script>/\*<!\[CDATA\[.*||' | grep -o '<[a-zA-Z!?][^>]*>'; }
# The words of the allowed: what the tame report has, and what only some bundles need.
for f in "$work"/tame/report.html "$work"/tame/svg/*.svg; do tags "$f"; done >"$work/tame.tags"
names() { grep -o '^<[a-zA-Z0-9!?-]*' "$1" | sort -u; }
attributes() { sed 's/"[^"]*"/""/g' "$1" | grep -o ' [a-zA-Z:-]*=""' | sort -u; }
{ names "$work/tame.tags"; printf '<%s\n' line pre em strong ol ul li h3 h4 h5 br hr blockquote circle rect tspan details summary table caption; } | sort -u >"$work/names"
{ attributes "$work/tame.tags"; printf ' %s=""\n' title rowspan colspan start x1 x2 y1 y2 cx cy r hidden; } | sort -u >"$work/attributes"
for f in "$work"/report/report.html "$work"/report/svg/*.svg "$work"/diff/report.html "$work"/diff/svg/*.svg; do
    [ -f "$f" ] || continue
    short=${f#"$work"/}
    xmllint --noout --nonet "$f" 2>"$work/lint" || complain "$short: not well formed: $(head -n 2 "$work/lint")"
    tags "$f" >"$work/tags"
    names "$work/tags" | comm -23 - "$work/names" >"$work/more"
    [ -s "$work/more" ] && complain "$short: gained elements: $(tr '\n' ' ' <"$work/more")"
    attributes "$work/tags" | comm -23 - "$work/attributes" >"$work/more"
    [ -s "$work/more" ] && complain "$short: gained attributes: $(tr '\n' ' ' <"$work/more")"
    grep -o ' href="[^"]*"' "$work/tags" | grep -v -e '"#' -e '"data:,"' >"$work/more" && complain "$short: links to $(head -n 1 "$work/more")"
    grep -o ' src="[^"]*"' "$work/tags" >"$work/more" && complain "$short: loads $(head -n 1 "$work/more")"
done
[ "$(grep -c '<script>' "$work/report/report.html")" = 1 ] || complain "report.html: has more than one script"

# Markdown: rendered, outside code, there is neither markup nor mention nor link; tables keep their columns.
for f in "$work"/report/report.md "$work"/diff/report.md "$work"/diff/pr-comment.md; do
    [ -f "$f" ] || continue
    short=${f#"$work"/}
    cmark --unsafe "$f" | tr '\n' '\1' | sed -e 's|<code[^>]*>[^<]*</code>||g' | tr '\1' '\n' >"$work/rendered"
    grep -nE '<(a|img|script|svg|b|style)[ />]|@octocat|#123|https?:' "$work/rendered" >"$work/more" &&
        complain "$short: rendered, it says $(head -n 1 "$work/more" | cut -c 1-200)"
    grep -oE '<[!a-z/][^ >]*' "$work/rendered" | sort -u |
        grep -vE '^</?(h[1-6]|p|ul|ol|li|strong|em|details|summary|pre|hr|blockquote|code)$|^<!--$' >"$work/more" &&
        complain "$short: rendered, it has $(tr '\n' ' ' <"$work/more")"
    awk -v name="$short" '/^\|/ { line = $0; gsub(/\\\|/, "", line); n = gsub(/\|/, "", line)
            if (open && n != open) { print name ": line " NR " has " n " bars, its table " open; exit 1 }
            open = n; next } { open = 0 }' "$f" || complain "$short: a broken table"
done
# Folded stacks: a line is a stack and its value, whatever the names hold.
grep -vn ' [0-9]*$' "$work/folded.txt" >"$work/more" && complain "folded: $(head -n 1 "$work/more" | cut -c 1-200)"
for f in "$work"/report/report.json "$work"/diff/diff.json; do
    [ -f "$f" ] && grep -q '</script' "$f" && complain "${f#"$work"/}: could end the element it is put in"
done
finish
