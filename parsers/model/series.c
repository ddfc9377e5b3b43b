/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/series.h"

#include <math.h>
#include <string.h>

static const struct mt_metric_info infos[] = {
#define MT_METRIC_INFO(id, name, unit, counter) {name, unit, counter},
    MT_METRICS(MT_METRIC_INFO)
#undef MT_METRIC_INFO
};

const struct mt_metric_info *mt_metric_info(enum mt_metric metric)
{
    return &infos[metric];
}

enum { FIRST_ROWS = 64, GROWTH = 4, STAGGER = 24 };

/* In large steps: what is not written takes no memory, while each copy touches all columns anew.
 * The columns lie in one block, which the kernel can back with huge pages, and not a power of two
 * apart, or all values of a row would compete for the same lines of the cache. */
static void grow_rows(struct mt_arena *a, struct mt_table *t)
{
    size_t capacity = t->cap_rows ? t->cap_rows * GROWTH : FIRST_ROWS;
    t->time_ns = mt_arena_grow(a, t->time_ns, t->cap_rows, capacity, sizeof *t->time_ns);
    if (t->since_start_ns)
        t->since_start_ns =
            mt_arena_grow(a, t->since_start_ns, t->cap_rows, capacity, sizeof *t->since_start_ns);
    size_t n_columns = 0;
    for (size_t m = 0; m < MT_METRIC_COUNT; m++)
        n_columns += t->columns[m] != NULL;
    double *next = MT_NEW_N(a, double, n_columns *(capacity + STAGGER));
    for (size_t m = 0; m < MT_METRIC_COUNT; m++) {
        if (!t->columns[m])
            continue;
        memcpy(next, t->columns[m], t->n_rows * sizeof *next);
        t->columns[m] = next;
        next += capacity + STAGGER;
    }
    t->cap_rows = capacity;
}

void mt_table_row(struct mt_arena *a, struct mt_table *t, int64_t time_ns)
{
    if (t->n_rows == t->cap_rows)
        grow_rows(a, t);
    t->time_ns[t->n_rows] = time_ns;
    if (t->since_start_ns)
        t->since_start_ns[t->n_rows] = MT_NO_TIME;
    for (size_t m = 0; m < MT_METRIC_COUNT; m++)
        if (t->columns[m])
            t->columns[m][t->n_rows] = NAN;
    t->n_rows++;
}

void mt_table_since_start(struct mt_arena *a, struct mt_table *t, int64_t since_start_ns)
{
    if (!t->since_start_ns) {
        t->since_start_ns = MT_NEW_N(a, int64_t, t->cap_rows);
        for (size_t i = 0; i < t->n_rows; i++)
            t->since_start_ns[i] = MT_NO_TIME;
    }
    t->since_start_ns[t->n_rows - 1] = since_start_ns;
}

void mt_table_set(struct mt_arena *a, struct mt_table *t, enum mt_metric metric, double value)
{
    if (!t->columns[metric]) {
        t->columns[metric] = MT_NEW_N(a, double, t->cap_rows);
        for (size_t i = 0; i < t->n_rows; i++)
            t->columns[metric][i] = NAN;
    }
    t->columns[metric][t->n_rows - 1] = value;
}

double mt_table_last(const struct mt_table *t, enum mt_metric metric)
{
    return t->n_rows && t->columns[metric] ? t->columns[metric][t->n_rows - 1] : NAN;
}
