/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memtriage.suppress, in the manner of LeakSanitizer: a line "leak:PATTERN" takes out every finding
 * with a matching function on its stack or among its names, "goroutine:PATTERN" only those on
 * goroutines; '#' begins a comment. A pattern may stand anywhere in the name, '*' stands for any
 * run of characters, '^' and '$' tie it to the ends. Findings are joined before, so that a cause
 * goes as a whole.
 */
#include "report/analysis/diff.h"
#include "report/analysis/join.h"

#include <string.h>

struct line {
    const char *pattern; /* as mt_pattern_matches_name takes it */
    bool exact;          /* the whole name, no wildcard */
    bool goroutines;
};

static bool matches_any(const struct line *l, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (names[i] && (l->exact ? strcmp(l->pattern, names[i]) == 0
                                  : mt_pattern_matches_name(l->pattern, names[i])))
            return true;
    return false;
}

static bool is_meant(const struct line *l, const struct mt_finding *f)
{
    bool goroutines = f->site ? f->site->goroutines : f->growth.in_goroutines;
    if (l->goroutines && !goroutines)
        return false;
    const char *names[] = {f->culprit.function, f->culprit.creator, f->culprit.file};
    return matches_any(l, names, sizeof names / sizeof *names) ||
           matches_any(l, f->culprit.also, f->culprit.n_also) ||
           matches_any(l, f->stack, f->n_stack);
}

static bool parse(struct mt_arena *arena, struct mt_span text, struct line *out)
{
    text = mt_span_trim(text);
    out->goroutines = mt_span_take(&text, "goroutine:");
    if (!out->goroutines && !mt_span_take(&text, "leak:"))
        return false;
    text = mt_span_trim(text);
    bool begins = mt_span_take(&text, "^"), ends = mt_span_ends(text, "$");
    text.size -= ends;
    out->exact = begins && ends && mt_span_find_byte(text, '*') == MT_NPOS;
    out->pattern = mt_arena_printf(arena, "%s%.*s%s", begins ? "" : "*", (int)text.size,
                                   (const char *)text.data, ends ? "" : "*");
    return text.size > 0;
}

static void refuse(struct mt_signals *s, size_t number)
{
    mt_quality_add(s, NULL, false, "suppression",
                   mt_arena_printf(s->arena,
                                   "Line %zu of the suppressions is neither leak:PATTERN nor "
                                   "goroutine:PATTERN and was passed over.",
                                   number));
}

static void take_out(struct mt_finding *f)
{
    f->suppressed = true;
    if (f->site) {
        f->site->finding = NULL;
        f->site->set_aside = "suppressed";
    }
}

static uint64_t apply(const struct line *l, struct mt_findings *all)
{
    size_t n = 0;
    uint64_t uses = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (is_meant(l, all->items[i])) {
            take_out(all->items[i]);
            uses++;
        } else {
            all->items[n++] = all->items[i];
        }
    }
    all->n = n;
    return uses;
}

void mt_findings_suppress(struct mt_signals *s, struct mt_findings *all, struct mt_span text)
{
    struct mt_assessment *a = s->assessment;
    struct mt_span rest = text, row;
    size_t lines = 0, number = 0;
    while (mt_span_split(&rest, '\n', &row))
        lines++;
    a->suppressions = mt_arena_take(s->arena, lines + 1, sizeof *a->suppressions);
    while (mt_span_split(&text, '\n', &row)) {
        struct line l;
        number++;
        row = mt_span_trim(row);
        if (!row.size || row.data[0] == '#')
            continue;
        if (!parse(s->arena, row, &l)) {
            refuse(s, number);
            continue;
        }
        a->suppressions[a->n_suppressions].pattern = mt_arena_copy(s->arena, row.data, row.size);
        a->suppressions[a->n_suppressions++].uses = apply(&l, all);
    }
}
