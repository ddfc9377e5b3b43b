/* SPDX-License-Identifier: Apache-2.0 */
/* Flame graph, functions and the change from first to last: all from one tree. */
#include "report/view/page/part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FUNCTIONS = 50, MOST_CHANGES = 20 };

/* What the flame graph shows when there is no heap profile. */
static const struct {
    enum mt_profile_kind kind;
    const char *type, *words;
    bool bytes;
    const char *objects, *self_objects; /* a type beside it, and what its column is called */
} fallbacks[] = {
    {MT_PROFILE_REFERENCES, "inuse_space", "bytes held", true, "inuse_objects", "Self objects"},
    {MT_PROFILE_OTHER, "live_space", "sampled bytes that live", true, "live_objects",
     "Self objects"},
    {MT_PROFILE_OTHER, "old_space", "sampled bytes that are old", true, "old_objects",
     "Self objects"},
    {MT_PROFILE_OTHER, "old_objects", "sampled objects that are old", false, NULL, NULL},
    {MT_PROFILE_ALLOCS, "alloc_space", "allocated bytes", true, "alloc_objects", "Self objects"},
    {MT_PROFILE_GOROUTINE, "goroutine", "goroutines", false, NULL, NULL},
    {MT_PROFILE_GOROUTINELEAK, "goroutineleak", "leaked goroutines", false, NULL, NULL},
    {MT_PROFILE_CPU, "cpu", "CPU time in ns", false, "samples", "Self samples"},
    {MT_PROFILE_BLOCK, "delay", "time blocked in ns", false, "contentions", "Self contentions"},
    {MT_PROFILE_MUTEX, "delay", "time waited for locks in ns", false, "contentions",
     "Self contentions"},
    {MT_PROFILE_OTHER, "", "samples", false, NULL, NULL},
};

static struct mt_tree_input input_of(const struct mt_shot *s)
{
    return (struct mt_tree_input){s->profile, s->bytes_type, s->objects_type, 0};
}

static const char *amount(struct mt_part *p, bool bytes, double v)
{
    return bytes ? mt_fmt_bytes(p->arena, v) : mt_fmt_count(p->arena, v);
}

/* A sample type as part of a file name. */
static const char *file_word(struct mt_part *p, const char *type)
{
    char *word = mt_arena_printf(p->arena, "%.40s", *type ? type : "value");
    for (char *c = word; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *c))
            *c = '_';
    return word;
}

static bool holds_any(const struct mt_profile *p, uint32_t type)
{
    for (size_t i = 0; i < p->n_samples; i++)
        if (p->values[i * p->n_types + type] > 0)
            return true;
    return false;
}

/* The last profile of a kind, by that type or else by its default, with `objects` beside it. Of
 * other profiles, which have nothing in common, only one that has something of that type. */
static bool last_of(struct mt_part *p, enum mt_profile_kind kind, const char *type,
                    const char *objects, struct mt_tree_input *input)
{
    const struct mt_strings *strings = p->bundle->strings;
    size_t n = p->bundle->n_profiles[kind];
    const struct mt_profile *last = NULL;
    uint32_t value = MT_NO_INDEX;
    while (n-- && value == MT_NO_INDEX) {
        last = p->bundle->profiles[kind][n].profile;
        value = mt_profile_type(last, strings, type);
        if (kind != MT_PROFILE_OTHER || !*type)
            value = value == MT_NO_INDEX ? last->default_index : value;
        else if (value != MT_NO_INDEX && !holds_any(last, value))
            value = MT_NO_INDEX; /* sizes that the JVM did not say */
    }
    if (value == MT_NO_INDEX)
        return false;
    uint32_t beside = objects ? mt_profile_type(last, strings, objects) : MT_NO_INDEX;
    *input = (struct mt_tree_input){last, value, beside, 0};
    return true;
}

/* The profile that is drawn: the last snapshot, else the best other kind. */
static bool choose(struct mt_part *p, struct mt_tree_input *after)
{
    struct mt_page *page = p->page;
    if (page->n_snapshots) {
        const struct mt_shot *last = &page->snapshots[page->n_snapshots - 1];
        *after = input_of(last);
        page->flame_metric = "live bytes";
        page->flame_type = "inuse_space";
        page->flame_bytes = true;
        page->flame_kind = last->profile->kind;
        page->self_objects = "Self objects";
        page->flame_lede = mt_arena_printf(
            p->arena,
            "Who holds the live heap in the last snapshot, %s UTC. Root on top; the "
            "width of a frame is its bytes.",
            mt_fmt_clock(p->arena, last->time_ns));
        return true;
    }
    for (size_t i = 0; i < sizeof fallbacks / sizeof *fallbacks; i++) {
        if (!last_of(p, fallbacks[i].kind, fallbacks[i].type, fallbacks[i].objects, after))
            continue;
        const struct mt_value_type *type = &after->profile->types[after->value];
        page->flame_metric = fallbacks[i].words;
        page->flame_type = file_word(p, mt_bundle_text(p->bundle, type->type));
        page->flame_bytes = fallbacks[i].bytes;
        page->flame_kind = fallbacks[i].kind;
        page->self_objects = after->objects == MT_NO_INDEX ? NULL : fallbacks[i].self_objects;
        if (fallbacks[i].kind == MT_PROFILE_REFERENCES) {
            page->flame_lede =
                "Who holds it: paths of references from the roots to what they keep, in "
                "the last references profile. Root on top; the width is the bytes held.";
            return true;
        }
        const char *kind = fallbacks[i].kind == MT_PROFILE_OTHER
                               ? ""
                               : mt_arena_printf(p->arena, " of the last %s profile",
                                                 mt_profile_kind_name(fallbacks[i].kind));
        page->flame_lede = mt_arena_printf(
            p->arena, "No heap profile in this bundle. Shown instead: %s%s. Root on top.",
            fallbacks[i].words, kind);
        return true;
    }
    return false;
}

/* What the flame graph draws, as a list, and who holds it, which may be what is drawn. */
static void add_paths(struct mt_part *p, const struct mt_profile *drawn)
{
    struct mt_page *page = p->page;
    struct mt_tree_input held, none = {0};
    if (last_of(p, MT_PROFILE_REFERENCES, "inuse_space", NULL, &held))
        page->holders =
            mt_part_paths(p, mt_tree_build(p->arena, p->view->symbols, none, held), true, true);
    if (!page->holders || drawn != held.profile)
        page->paths = mt_part_paths(p, page->tree, false, page->flame_bytes);
}

void mt_part_flame(struct mt_part *p)
{
    struct mt_tree_input after;
    if (!choose(p, &after)) {
        p->page->flame_lede = "No profile in this bundle, so there is no call tree to draw.";
        return;
    }
    struct mt_tree_input none = {0};
    struct mt_tree *t = mt_tree_build(p->arena, p->view->symbols, none, after);
    double total = t->nodes[0].total[MT_AFTER];
    if (!(total > 0)) {
        p->page->flame_lede = "The last profile holds no samples.";
        return;
    }
    p->page->tree = t;
    p->page->flame_unit =
        p->page->flame_bytes ? mt_byte_unit_for(total) : (struct mt_byte_unit){"", 1};
    p->page->flame_root = mt_arena_printf(
        p->arena,
        p->page->n_snapshots ? "root \xc2\xb7 %s, snapshot %zu of %zu" : "root \xc2\xb7 %s",
        amount(p, p->page->flame_bytes, total), p->page->n_snapshots, p->page->n_snapshots);
    add_paths(p, after.profile);
}

/* --- functions --- */

static void function_row(struct mt_part *p, struct mt_sheet *s, const struct mt_function_row *r,
                         double total, double widest, bool changes)
{
    const struct mt_page *page = p->page;
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    struct mt_name name = mt_part_name(p, r->function);
    row[0] = MT_CODE_CELL(name.full);
    row[0].function = r->function;
    row[0].suspect = mt_page_suspect(page, r->function);
    double value[] = {r->self[MT_AFTER], r->total[MT_AFTER]};
    for (size_t i = 0; i < 2; i++) {
        struct mt_cell *cell = &row[1 + 2 * i];
        *cell = MT_TEXT_CELL(mt_fmt_in(p->arena, page->flame_unit, value[i]));
        cell->quiet = value[i] == 0;
        if (page->flame_bytes)
            cell->title = mt_fmt_exact_bytes(p->arena, value[i]);
        if (value[i] != 0)
            row[2 + 2 * i] = MT_TEXT_CELL(mt_fmt_share(p->arena, value[i] / total));
    }
    row[5] = (struct mt_cell){.kind = MT_CELL_BAR, .bar = widest > 0 ? value[1] / widest : 0};
    if (page->self_objects)
        row[6] = MT_TEXT_CELL(mt_fmt_count(p->arena, r->self_objects[MT_AFTER]));
    if (!changes)
        return;
    double delta = r->total[MT_AFTER] - r->total[MT_BEFORE];
    row[7] = MT_TEXT_CELL(mt_fmt_in_delta(p->arena, page->flame_unit, delta));
    row[7].quiet = delta == 0;
}

void mt_part_functions(struct mt_part *p)
{
    if (!p->page->tree) {
        p->page->functions_lede = "No profile in this bundle, so no function can be weighed.";
        return;
    }
    bool changes = p->page->change.present && p->page->n_snapshots;
    const struct mt_tree *t = changes ? p->page->change.tree : p->page->tree;
    size_t n;
    struct mt_function_row *rows = mt_tree_functions(p->arena, p->bundle, t, MT_AFTER, &n);
    struct mt_column *c = MT_NEW_N(p->arena, struct mt_column, 8);
    const char *unit = p->page->flame_unit.name;
    c[0] = (struct mt_column){.head = "Function", .left = true, .wraps = true};
    c[1].head = mt_arena_printf(p->arena, "Self %s", unit);
    c[2].head = "Share";
    c[3].head = mt_arena_printf(p->arena, "Total %s", unit);
    c[4].head = "Share";
    c[5] = (struct mt_column){.head = "", .bar = true};
    c[6].head = p->page->self_objects;
    c[7].head = mt_arena_printf(p->arena, "Change %s", unit);
    struct mt_sheet *s = mt_sheet_new(p->arena, "Functions by what they hold themselves", c,
                                      changes                 ? 8
                                      : p->page->self_objects ? 7
                                                              : 6);
    double total = t->nodes[0].total[MT_AFTER], widest = 0;
    for (size_t i = 0; i < n; i++)
        widest = fmax(widest, rows[i].total[MT_AFTER]);
    for (size_t i = 0; i < n && i < MOST_FUNCTIONS; i++)
        function_row(p, s, &rows[i], total, widest, changes);
    s->of_rows = n;
    p->page->functions = s;
    p->page->functions_lede = mt_arena_printf(
        p->arena, "Self is what a function %s itself, total includes what it calls.%s",
        p->page->n_snapshots ? "allocated and still holds" : "accounts for",
        changes ? " Change is of the total, first snapshot against last." : "");
}

/* --- change --- */

struct grown {
    struct mt_function_row row;
    double delta;
    struct mt_span name;
};

static int by_delta(const void *a, const void *b)
{
    const struct grown *x = a, *y = b;
    if (x->delta < y->delta || x->delta > y->delta)
        return x->delta < y->delta ? 1 : -1;
    return mt_span_compare(x->name, y->name);
}

/* Sampling noise of a change of self bytes: both sides are counts of samples (k1, k2); a change is
 * told from none when it passes two standard deviations of their sum. */
static bool is_noise(const struct mt_function_row *r, double period)
{
    double sum = r->self[MT_BEFORE] + r->self[MT_AFTER];
    double delta = fabs(r->self[MT_AFTER] - r->self[MT_BEFORE]);
    return period > 0 && delta > 0 && delta < 2 * sqrt(sum / period) * period;
}

static const char *class_of(const struct mt_function_row *r, bool noise)
{
    double before = r->self[MT_BEFORE], after = r->self[MT_AFTER];
    if (noise)
        return "inside noise";
    if (before == after)
        return "same";
    if (before == 0)
        return "new";
    if (after == 0)
        return "gone";
    return after > before ? "grown" : "shrunk";
}

static void change_row(struct mt_part *p, struct mt_sheet *s, const struct grown *g, double widest,
                       double period)
{
    struct mt_byte_unit unit = p->page->change.unit;
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    bool noise = is_noise(&g->row, period);
    row[0] = MT_CODE_CELL(mt_part_name(p, g->row.function).full);
    row[0].function = g->row.function;
    row[0].suspect = mt_page_suspect(p->page, g->row.function);
    for (int side = 0; side < MT_SIDES; side++) {
        row[1 + side] = MT_EXACT_CELL(mt_fmt_in(p->arena, unit, g->row.self[side]),
                                      mt_fmt_exact_bytes(p->arena, g->row.self[side]));
        row[1 + side].quiet = g->row.self[side] == 0;
    }
    row[3] = MT_TEXT_CELL(noise ? "~" : mt_fmt_in_delta(p->arena, unit, g->delta));
    row[3].strong = !noise && g->delta != 0;
    row[4] = (struct mt_cell){.kind = MT_CELL_BAR, .bar = noise ? 0 : g->delta / widest};
    row[5] = MT_TEXT_CELL(mt_fmt_count_delta(p->arena, g->row.self_objects[MT_AFTER] -
                                                           g->row.self_objects[MT_BEFORE]));
    row[6] = MT_TEXT_CELL(class_of(&g->row, noise));
}

static struct mt_sheet *change_sheet(struct mt_part *p, const char *caption)
{
    struct mt_column *c = MT_NEW_N(p->arena, struct mt_column, 7);
    const char *unit = p->page->change.unit.name;
    c[0] = (struct mt_column){.head = "Function", .left = true, .wraps = true};
    c[1].head = mt_arena_printf(p->arena, "Before %s", unit);
    c[2].head = mt_arena_printf(p->arena, "After %s", unit);
    c[3].head = mt_arena_printf(p->arena, "Change %s", unit);
    c[4] = (struct mt_column){.head = "", .bar = true, .both_ways = true};
    c[5].head = "Objects";
    c[6] = (struct mt_column){.head = "Class", .left = true};
    return mt_sheet_new(p->arena, caption, c, 7);
}

static void add_changes(struct mt_part *p, double period)
{
    size_t n, kept = 0;
    struct mt_function_row *rows =
        mt_tree_functions(p->arena, p->bundle, p->page->change.tree, MT_AFTER, &n);
    struct grown *list = MT_NEW_N(p->arena, struct grown, n + 1);
    double widest = 1;
    for (size_t i = 0; i < n; i++) {
        double delta = rows[i].self[MT_AFTER] - rows[i].self[MT_BEFORE];
        if (rows[i].self[MT_AFTER] == 0 && rows[i].self[MT_BEFORE] == 0)
            continue;
        list[kept++] =
            (struct grown){rows[i], delta, mt_string(p->bundle->strings, rows[i].function)};
        widest = fmax(widest, fabs(delta));
    }
    qsort(list, kept, sizeof *list, by_delta);
    struct mt_sheet *up = change_sheet(p, "Top growers, by change of self bytes");
    struct mt_sheet *down = change_sheet(p, "Top shrinkers, by change of self bytes");
    up->of_rows = down->of_rows = 0;
    for (size_t i = 0; i < kept; i++) {
        if (list[i].delta >= 0 && up->n_rows < MOST_CHANGES && (list[i].delta > 0 || i < 10))
            change_row(p, up, &list[i], widest, period);
        const struct grown *g = &list[kept - 1 - i];
        if (g->delta < 0 && down->n_rows < MOST_CHANGES)
            change_row(p, down, g, widest, period);
    }
    p->page->change.growers = up->n_rows ? up : NULL;
    p->page->change.shrinkers = down->n_rows ? down : NULL;
}

/* Sum of one sample type over a profile; NaN where it has none. */
static double sum_of(struct mt_part *p, const struct mt_profile *profile, const char *type)
{
    uint32_t index = mt_profile_type(profile, p->bundle->strings, type);
    double sum = 0;
    for (size_t s = 0; index != MT_NO_INDEX && s < profile->n_samples; s++)
        sum += (double)profile->values[s * profile->n_types + index];
    return index == MT_NO_INDEX ? NAN : sum;
}

static void total_row(struct mt_part *p, struct mt_sheet *s, const char *name, const char *unit,
                      double before, double after)
{
    if (!isfinite(before) || !isfinite(after))
        return;
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    row[0] = MT_TEXT_CELL(name);
    row[1] = MT_TEXT_CELL(mt_fmt_amount(p->arena, unit, before));
    row[2] = MT_TEXT_CELL(mt_fmt_amount(p->arena, unit, after));
    row[3] = MT_TEXT_CELL(mt_fmt_amount_delta(p->arena, unit, after - before, before));
    row[3].quiet = before == after;
}

static void add_totals(struct mt_part *p, const struct mt_shot *first, const struct mt_shot *last)
{
    static const struct mt_column columns[] = {
        {.head = "Total", .left = true}, {.head = "Before"}, {.head = "After"}, {.head = "Change"}};
    struct mt_sheet *s = mt_sheet_new(p->arena, "Totals before and after", columns, 4);
    total_row(p, s, "live bytes", "bytes", first->bytes, last->bytes);
    total_row(p, s, "live objects", "objects", first->objects, last->objects);
    total_row(p, s, "allocated bytes, since the process began", "bytes",
              sum_of(p, first->profile, "alloc_space"), sum_of(p, last->profile, "alloc_space"));
    total_row(p, s, "goroutines", "goroutines", p->a->goroutines_first, p->a->goroutines_last);
    p->page->change.totals = s;
}

void mt_part_change(struct mt_part *p)
{
    struct mt_change *c = &p->page->change;
    size_t n = p->page->n_snapshots;
    if (n < 2) {
        c->lede = n ? "One heap profile only: a change needs two."
                    : "No heap profile in this bundle, so there is nothing to compare.";
        return;
    }
    const struct mt_shot *first = &p->page->snapshots[0], *last = &p->page->snapshots[n - 1];
    c->present = true;
    c->what = "live heap";
    c->amounts = "bytes";
    c->tree = mt_tree_build(p->arena, p->view->symbols, input_of(first), input_of(last));
    c->unit = mt_byte_unit_for(fmax(first->bytes, last->bytes));
    c->period = fmax((double)first->profile->period, (double)last->profile->period);
    c->before_label = mt_fmt_bytes(p->arena, first->bytes);
    c->after_label = mt_fmt_bytes(p->arena, last->bytes);
    double delta = last->bytes - first->bytes;
    c->lede = mt_arena_printf(
        p->arena, "First snapshot against the last, %s to %s UTC: %s to %s, %s%s.",
        mt_fmt_clock(p->arena, first->time_ns), mt_fmt_clock(p->arena, last->time_ns),
        c->before_label, c->after_label, mt_fmt_bytes_delta(p->arena, delta),
        first->bytes > 0
            ? mt_arena_printf(p->arena, " (%s)", mt_fmt_share_delta(p->arena, delta / first->bytes))
            : "");
    c->root = mt_arena_printf(p->arena, "root %s to %s, %s", c->before_label, c->after_label,
                              mt_fmt_bytes_delta(p->arena, delta));
    add_totals(p, first, last);
    add_changes(p, c->period);
}
