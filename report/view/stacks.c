/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/stacks.h"

#include "parsers/base/text.h"
#include "parsers/model/merge.h"
#include "parsers/model/prune.h"

#include <math.h>
#include <stdlib.h>

static const enum mt_profile_kind preference[] = {
    MT_PROFILE_HEAP,         MT_PROFILE_GOROUTINE, MT_PROFILE_ALLOCS, MT_PROFILE_GOROUTINELEAK,
    MT_PROFILE_BLOCK,        MT_PROFILE_MUTEX,     MT_PROFILE_CPU,    MT_PROFILE_REFERENCES,
    MT_PROFILE_THREADCREATE, MT_PROFILE_OTHER};
enum { KINDS = sizeof preference / sizeof *preference };

/* The n-th from one end that is not a text; a text where there is nothing else. */
static const struct mt_profile *pick(const struct mt_bundle *b, enum mt_profile_kind kind,
                                     bool last)
{
    size_t n = b->n_profiles[kind];
    for (size_t i = 0; i < n; i++) {
        const struct mt_profile *p = b->profiles[kind][last ? n - 1 - i : i].profile;
        if (!p->from_text)
            return p;
    }
    return n ? b->profiles[kind][last ? n - 1 : 0].profile : NULL;
}

static struct mt_strings *new_strings(struct mt_arena *a)
{
    struct mt_strings *s = MT_NEW(a, struct mt_strings);
    mt_strings_init(s, a);
    return s;
}

static bool of_report(const struct mt_view *view, struct mt_view_profiles *out)
{
    const struct mt_bundle *b = view->assessment->bundle;
    for (size_t i = 0; i < KINDS; i++) {
        const struct mt_profile *first = pick(b, preference[i], false);
        const struct mt_profile *last = pick(b, preference[i], true);
        if (!last)
            continue;
        out->kind = preference[i];
        out->strings = new_strings(view->arena);
        out->after = mt_profile_translate(view->arena, last, b->strings, out->strings);
        out->has_before = first != last;
        if (out->has_before)
            out->before = mt_profile_translate(view->arena, first, b->strings, out->strings);
        const char *name = mt_profile_kind_name(out->kind);
        out->words =
            out->has_before
                ? mt_arena_printf(view->arena, "%s: the last snapshot minus the first", name)
                : mt_arena_printf(view->arena, "%s: the one snapshot", name);
        return true;
    }
    return false;
}

static bool side_has(const struct mt_diff_side *side, enum mt_profile_kind kind)
{
    for (size_t r = 0; r < side->n_runs; r++)
        if (side->runs[r].bundle && side->runs[r].bundle->n_profiles[kind])
            return true;
    return false;
}

/* The mean of the runs' last snapshots. */
static bool average(const struct mt_view *view, const struct mt_diff_side *side,
                    enum mt_profile_kind kind, struct mt_strings *strings, struct mt_profile *out)
{
    struct mt_merge_source *sources =
        MT_NEW_N(view->arena, struct mt_merge_source, side->n_runs + 1);
    struct mt_profile *copies = MT_NEW_N(view->arena, struct mt_profile, side->n_runs + 1);
    struct mt_err ignored = {0};
    size_t n = 0;
    for (size_t r = 0; r < side->n_runs; r++) {
        const struct mt_bundle *b = side->runs[r].bundle;
        const struct mt_profile *p = b ? pick(b, kind, true) : NULL;
        if (!p)
            continue;
        copies[n] = mt_profile_translate(view->arena, p, b->strings, strings);
        sources[n].profile = &copies[n];
        n++;
    }
    if (n < 2) {
        *out = copies[0];
        return n == 1;
    }
    if (!mt_profile_merge(view->arena, strings, sources, n, out, &ignored))
        return false;
    for (size_t i = 0; i < out->n_samples * out->n_types; i++)
        out->values[i] = llround((double)out->values[i] / (double)n);
    return true;
}

static bool of_diff(const struct mt_view *view, struct mt_view_profiles *out)
{
    const struct mt_diff *d = view->diff;
    for (size_t i = 0; i < KINDS; i++) {
        if (!side_has(&d->base, preference[i]) || !side_has(&d->head, preference[i]))
            continue;
        out->kind = preference[i];
        out->strings = new_strings(view->arena);
        out->has_before = true;
        if (!average(view, &d->base, out->kind, out->strings, &out->before) ||
            !average(view, &d->head, out->kind, out->strings, &out->after))
            continue;
        bool many = d->base.n_runs > 1 || d->head.n_runs > 1;
        out->words =
            mt_arena_printf(view->arena, "%s: head minus base%s", mt_profile_kind_name(out->kind),
                            many ? ", the mean of the runs' last snapshots" : "");
        return true;
    }
    return false;
}

bool mt_view_profiles(const struct mt_view *view, struct mt_view_profiles *out)
{
    *out = (struct mt_view_profiles){0};
    return view->diff ? of_diff(view, out) : of_report(view, out);
}

bool mt_view_difference(const struct mt_view *view, const struct mt_view_profiles *p,
                        struct mt_profile *out, struct mt_err *err)
{
    if (p->has_before)
        return mt_profile_subtract(view->arena, p->strings, &p->after, &p->before, out, NULL, err);
    struct mt_merge_source only = {&p->after, false};
    return mt_profile_merge(view->arena, p->strings, &only, 1, out, err);
}

/* ---- folded ---- */

struct folding {
    struct mt_strings stacks; /* id -> line */
    struct mt_folded *rows;   /* by id */
    size_t capacity;
    struct mt_text line;
};

/* ';' parts frames and a line end ends the line; both may stand in a name. */
static void add_name(struct mt_text *line, struct mt_span name)
{
    if (line->size)
        mt_text_byte(line, ';');
    if (!name.size)
        name = MT_SPAN("[unknown]");
    for (size_t i = 0; i < name.size; i++) {
        unsigned char c = name.data[i];
        mt_text_byte(line, c == ';' ? ':' : c < 0x20 || c == 0x7f ? ' ' : (char)c);
    }
}

static void add_stack(struct mt_text *line, const struct mt_strings *s, const struct mt_profile *p,
                      const struct mt_sample *sample)
{
    line->size = 0;
    for (uint32_t i = sample->n_frames; i-- > 0;) {
        const struct mt_location *l = &p->locations[p->frames[sample->first_frame + i]];
        if (!l->n_lines)
            add_name(line, (struct mt_span){0});
        for (uint32_t j = l->n_lines; j-- > 0;) {
            uint32_t function = p->lines[l->first_line + j].function;
            add_name(line, mt_string(s, function == MT_NO_INDEX ? 0 : p->functions[function].name));
        }
    }
    if (!sample->n_frames)
        add_name(line, (struct mt_span){0});
}

static void fold(struct folding *f, struct mt_arena *a, const struct mt_strings *s,
                 const struct mt_profile *p, bool after)
{
    struct mt_profile pruned = mt_profile_pruned(a, s, p);
    for (size_t i = 0; p->n_types && i < pruned.n_samples; i++) {
        int64_t value = p->values[i * p->n_types + p->default_index];
        add_stack(&f->line, s, &pruned, &pruned.samples[i]);
        uint32_t id = mt_intern(&f->stacks, mt_text_view(&f->line));
        while (f->stacks.count > f->capacity) {
            size_t more = f->capacity ? f->capacity * 2 : 64;
            f->rows = mt_arena_grow(a, f->rows, f->capacity, more, sizeof *f->rows);
            f->capacity = more;
        }
        int64_t *sum = after ? &f->rows[id].after : &f->rows[id].before;
        *sum = (int64_t)((uint64_t)*sum + (uint64_t)value);
    }
}

static int compare_stacks(const void *a, const void *b)
{
    return mt_span_compare(((const struct mt_folded *)a)->stack,
                           ((const struct mt_folded *)b)->stack);
}

struct mt_folded *mt_view_folded(const struct mt_view *view, const struct mt_view_profiles *p,
                                 size_t *n)
{
    struct folding f = {0};
    mt_strings_init(&f.stacks, view->arena);
    if (p->has_before)
        fold(&f, view->arena, p->strings, &p->before, false);
    fold(&f, view->arena, p->strings, &p->after, true);
    *n = 0;
    for (uint32_t id = 0; f.rows && id < f.stacks.count; id++) {
        struct mt_folded row = f.rows[id];
        row.stack = mt_string(&f.stacks, id);
        if (row.before || row.after)
            f.rows[(*n)++] = row;
    }
    if (*n)
        qsort(f.rows, *n, sizeof *f.rows, compare_stacks);
    mt_text_clear(&f.line);
    return f.rows;
}
