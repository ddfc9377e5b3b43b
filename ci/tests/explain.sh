#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every rule has its advice: what it saw, why, what would make it wrong, next, fix. Every advice has a rule.
. ci/testlib.sh
"$tool" explain >"$work/list" || complain "explain failed"
[ "$(wc -l <"$work/list")" -gt 20 ] || complain "fewer than 21 rules are listed"
for rule in $(awk '{print $1}' "$work/list"); do
    expect 0 "$tool" explain "$rule"
    for part in 'What it saw' 'Why it matters' 'What would make it wrong' 'Next' 'Usual fix'; do
        grep -q "^\*\*$part\.\*\*" "$work/out" || complain "explain $rule lacks: $part"
    done
done
for file in templates/advice/*.md; do
    grep -q "^$(basename "$file" .md) " "$work/list" || complain "$file belongs to no rule"
done
finish
