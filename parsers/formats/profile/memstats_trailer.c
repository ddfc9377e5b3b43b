/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/profile/memstats_trailer.h"

#include <string.h>

enum { PAUSE_RING = 256 };

static struct mt_table *row(struct mt_memstats_trailer *t, struct mt_capture *out)
{
    struct mt_table *table = NULL;
    for (size_t i = 0; i < out->n_tables; i++)
        if (strcmp(out->tables[i].source, "memstats") == 0)
            table = &out->tables[i];
    if (!table)
        table = mt_capture_add_table(out, "memstats");
    if (!t->has_row)
        mt_table_row(out->arena, table, t->timed ? t->time_ns : MT_NO_TIME);
    t->has_row = true;
    if (t->timed) {
        table->clock.clock = MT_CLOCK_SAME;
        table->clock.zone_unknown |= t->zone_unknown;
    }
    return table;
}

static bool single_metric(struct mt_span name, enum mt_metric *metric)
{
    for (int m = 0; m < MT_METRIC_COUNT; m++)
        if (mt_span_is(name, mt_metric_info((enum mt_metric)m)->name)) {
            *metric = (enum mt_metric)m;
            return true;
        }
    return false;
}

/* "655360 / 655360": in use and taken from the system. */
static bool pair_of_metrics(struct mt_span name, enum mt_metric *inuse, enum mt_metric *sys)
{
    static const struct {
        const char *name;
        enum mt_metric inuse, sys;
    } pairs[] = {{"Stack", MT_M_STACK_INUSE, MT_M_STACK_SYS},
                 {"MSpan", MT_M_MSPAN_INUSE, MT_M_MSPAN_SYS},
                 {"MCache", MT_M_MCACHE_INUSE, MT_M_MCACHE_SYS}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (mt_span_is(name, pairs[i].name)) {
            *inuse = pairs[i].inuse;
            *sys = pairs[i].sys;
            return true;
        }
    return false;
}

/* The newest pause, and their sum as long as the ring still holds all of them. */
static void set_pauses(struct mt_arena *a, struct mt_table *table, struct mt_span ring,
                       uint64_t num_gc)
{
    struct mt_span word;
    uint64_t pause, sum = 0, newest = 0, at = 0;
    mt_span_take(&ring, "[");
    for (; at < PAUSE_RING && mt_span_word(&ring, &word); at++) {
        if (!mt_span_take_u64(&word, &pause))
            return;
        sum += pause;
        if (num_gc && at == (num_gc + PAUSE_RING - 1) % PAUSE_RING)
            newest = pause;
    }
    if (at != PAUSE_RING || !num_gc)
        return;
    mt_table_set(a, table, MT_M_LAST_PAUSE, (double)newest);
    if (num_gc <= PAUSE_RING)
        mt_table_set(a, table, MT_M_PAUSE_TOTAL, (double)sum);
}

bool mt_memstats_trailer_line(struct mt_memstats_trailer *t, struct mt_capture *out,
                              struct mt_span line)
{
    struct mt_span name, value = line;
    enum mt_metric metric, sys;
    double number, second;
    if (!mt_span_take(&value, "# ") || !mt_span_split(&value, '=', &name))
        return false;
    name = mt_span_trim(name);
    value = mt_span_trim(value);
    if (mt_span_is(name, "PauseNs")) {
        t->pauses = value;
        return true;
    }
    if (pair_of_metrics(name, &metric, &sys)) {
        if (!mt_span_take_f64(&value, &number) || !mt_span_take(&value, " / ") ||
            !mt_span_f64(value, &second))
            return false;
        mt_table_set(out->arena, row(t, out), metric, number);
        mt_table_set(out->arena, row(t, out), sys, second);
        return true;
    }
    if (!single_metric(name, &metric) || !mt_span_f64(value, &number))
        return false;
    if (metric == MT_M_LAST_GC && number == 0) /* no collection yet */
        return true;
    mt_table_set(out->arena, row(t, out), metric, number);
    if (metric == MT_M_NUM_GC && number >= 0 && number < 4294967296.0)
        set_pauses(out->arena, row(t, out), t->pauses, (uint64_t)number);
    return true;
}
