/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gctrace/join.h"

#include <math.h>

static void append_cycles(struct mt_capture *out, struct mt_gctrace_process *to,
                          const struct mt_gctrace_process *from)
{
    if (!from->gc_log)
        return;
    struct mt_gc_log *old = &out->gc_logs[from->gc_log - 1];
    if (!to->gc_log) {
        to->gc_log = from->gc_log;
        return;
    }
    struct mt_gc_log *log = &out->gc_logs[to->gc_log - 1];
    log->missing_numbers +=
        old->missing_numbers + old->cycles[0].number - log->cycles[log->n_cycles - 1].number - 1;
    for (size_t i = 0; i < old->n_cycles; i++) {
        MT_RESERVE(out->arena, log->cycles, log->n_cycles, log->cap_cycles);
        log->cycles[log->n_cycles++] = old->cycles[i];
    }
    old->n_cycles = 0;
}

static void append_rows(struct mt_capture *out, size_t *to, size_t from)
{
    if (!from)
        return;
    if (!*to) {
        *to = from;
        return;
    }
    struct mt_table *table = &out->tables[*to - 1], *old = &out->tables[from - 1];
    for (size_t i = 0; i < old->n_rows; i++) {
        mt_table_row(out->arena, table, old->time_ns[i]);
        mt_table_since_start(out->arena, table, old->since_start_ns[i]);
        for (int m = 0; m < MT_METRIC_COUNT; m++)
            if (old->columns[m] && !isnan(old->columns[m][i]))
                mt_table_set(out->arena, table, (enum mt_metric)m, old->columns[m][i]);
    }
    old->n_rows = 0;
}

/* Each bound that either knows; of two the one that says more. */
static void join_bounds(struct mt_gctrace_process *to, const struct mt_gctrace_process *from)
{
    if (to->start_least_ns == MT_NO_TIME ||
        (from->start_least_ns != MT_NO_TIME && from->start_least_ns > to->start_least_ns))
        to->start_least_ns = from->start_least_ns;
    if (to->start_most_ns == MT_NO_TIME ||
        (from->start_most_ns != MT_NO_TIME && from->start_most_ns < to->start_most_ns))
        to->start_most_ns = from->start_most_ns;
    if (to->start_hint_ns == MT_NO_TIME)
        to->start_hint_ns = from->start_hint_ns;
    if (from->stamped && (!to->stamped || from->resolution_ns < to->resolution_ns))
        to->resolution_ns = from->resolution_ns;
    to->stamped += from->stamped;
    to->zone_unknown |= from->zone_unknown;
    if (from->printed_ns != MT_NO_TIME)
        to->printed_ns = from->printed_ns;
}

static void drop_empty(struct mt_capture *out, struct mt_gctrace_processes *all)
{
    struct mt_arena scratch = {0};
    size_t *log = MT_NEW_N(&scratch, size_t, out->n_gc_logs + 1);
    size_t *table = MT_NEW_N(&scratch, size_t, out->n_tables + 1), kept = 0;
    for (size_t i = 0; i < out->n_gc_logs; i++) {
        if (!out->gc_logs[i].n_cycles)
            continue;
        out->gc_logs[kept] = out->gc_logs[i];
        log[i + 1] = ++kept;
    }
    out->n_gc_logs = kept;
    kept = 0;
    for (size_t i = 0; i < out->n_tables; i++) {
        if (!out->tables[i].n_rows)
            continue;
        out->tables[kept] = out->tables[i];
        out->tables[kept].gc_log = (uint32_t)log[out->tables[i].gc_log];
        table[i + 1] = ++kept;
    }
    out->n_tables = kept;
    for (size_t i = 0; i < all->count; i++) {
        struct mt_gctrace_process *p = &all->items[i];
        p->gc_log = log[p->gc_log];
        p->sched_table = table[p->sched_table];
        p->scav_table = table[p->scav_table];
    }
    mt_arena_clear(&scratch);
}

void mt_gctrace_join(struct mt_capture *out, struct mt_gctrace_processes *all)
{
    struct mt_arena scratch = {0};
    size_t *first_of = MT_NEW_N(&scratch, size_t, all->count);
    bool *goes_on = MT_NEW_N(&scratch, bool, all->count), any = false;
    for (size_t i = 0; i < all->count; i++) {
        struct mt_gctrace_process *p = &all->items[i];
        size_t before = p->follows - 1;
        first_of[i] = i;
        if (!p->follows || goes_on[before] || all->items[before].last_line > p->first_line)
            continue;
        goes_on[before] = any = p->joined = true;
        first_of[i] = first_of[before];
        struct mt_gctrace_process *to = &all->items[first_of[i]];
        append_cycles(out, to, p);
        append_rows(out, &to->sched_table, p->sched_table);
        append_rows(out, &to->scav_table, p->scav_table);
        join_bounds(to, p);
        p->gc_log = p->sched_table = p->scav_table = 0;
    }
    if (any)
        drop_empty(out, all);
    mt_arena_clear(&scratch);
}
