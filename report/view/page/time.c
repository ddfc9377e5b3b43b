/* SPDX-License-Identifier: Apache-2.0 */
/* The table under the lanes: one row a snapshot, with what the other sources said at that time. */
#include "report/view/page/part.h"

#include <math.h>

static double floor_at(const struct mt_floor *f, int64_t time_ns)
{
    double value = NAN;
    for (size_t i = 0; f->present && i < f->n && f->time_ns[i] <= time_ns; i++)
        value = f->bytes[i];
    return value;
}

static const char *clock_words(struct mt_part *p, const struct mt_clock_state *clock)
{
    if (clock->clock == MT_CLOCK_SAME)
        return "same";
    if (clock->clock == MT_CLOCK_NONE)
        return "not aligned";
    return mt_arena_printf(p->arena, "\xc2\xb1%s",
                           mt_fmt_duration(p->arena, (double)clock->error_ns));
}

static void byte_cell(struct mt_part *p, struct mt_cell *cell, struct mt_byte_unit unit, double v)
{
    if (isfinite(v))
        *cell = MT_EXACT_CELL(mt_fmt_in(p->arena, unit, v), mt_fmt_exact_bytes(p->arena, v));
}

static void add_rows(struct mt_part *p, struct mt_sheet *s, struct mt_byte_unit unit)
{
    const struct mt_bundle *b = p->bundle;
    const struct mt_series *goal = mt_bundle_series(b, MT_M_NEXT_GC);
    const struct mt_series *rss = mt_bundle_series(b, MT_M_RSS);
    const struct mt_series *goroutines = mt_bundle_series(b, MT_M_GOROUTINES);
    if (!goal)
        goal = mt_bundle_series(b, MT_M_HEAP_GOAL);
    for (size_t i = 0; i < p->page->n_snapshots; i++) {
        const struct mt_shot *at = &p->page->snapshots[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(mt_fmt_clock(p->arena, at->time_ns));
        byte_cell(p, &row[1], unit, at->bytes);
        row[2] = MT_TEXT_CELL(mt_fmt_count(p->arena, at->objects));
        byte_cell(p, &row[3], unit, floor_at(&p->a->floor, at->time_ns));
        byte_cell(p, &row[4], unit, mt_view_series_at(goal, at->time_ns));
        byte_cell(p, &row[5], unit, mt_view_series_at(rss, at->time_ns));
        double n = mt_view_series_at(goroutines, at->time_ns);
        if (isfinite(n))
            row[6] = MT_TEXT_CELL(mt_fmt_count(p->arena, n));
        row[7] = MT_TEXT_CELL(clock_words(p, &at->profile->clock));
    }
}

void mt_part_time(struct mt_part *p)
{
    if (!p->page->n_snapshots)
        return;
    double top = 0;
    for (size_t i = 0; i < p->page->n_snapshots; i++)
        top = fmax(top, p->page->snapshots[i].bytes);
    struct mt_byte_unit unit = mt_byte_unit_for(top);
    struct mt_column *columns = MT_NEW_N(p->arena, struct mt_column, 8);
    static const char *const bytes[] = {"Live", "Floor", "Goal", "RSS"};
    static const size_t at[] = {1, 3, 4, 5};
    for (size_t i = 0; i < 4; i++)
        columns[at[i]].head = mt_arena_printf(p->arena, "%s %s", bytes[i], unit.name);
    columns[0].head = "Time UTC";
    columns[2].head = "Objects";
    columns[6].head = "Goroutines";
    columns[7].head = "Clock";
    p->page->by_snapshot = mt_sheet_new(p->arena, "One row per heap profile", columns, 8);
    add_rows(p, p->page->by_snapshot, unit);
}
