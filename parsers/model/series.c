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

enum { FIRST_ROWS = 64, GROWTH = 4, STAGGER = 24, OWN_ROWS = 128 << 10 };
_Static_assert(MT_METRIC_COUNT <= UINT8_MAX + 1, "a metric fits into a byte");

/* Few rows: all columns in one block, taken in large steps, since each copies all of them. */
static void grow_together(struct mt_arena *a, struct mt_table *t, size_t capacity)
{
    double *next = MT_NEW_N(a, double, t->n_used *capacity);
    for (size_t i = 0; i < t->n_used; i++) {
        double **column = &t->columns[t->used[i]];
        memcpy(next, *column, t->n_rows * sizeof *next);
        *column = next;
        next += capacity;
    }
}

/* From OWN_ROWS on each column is an array that the arena lets grow in place. Such arrays begin at
 * the same place of a page: columns are shifted against each other, or all values of a row would
 * compete for the same lines of the cache. */
static size_t shift_of(size_t capacity, size_t column)
{
    return capacity < OWN_ROWS ? 0 : column * STAGGER;
}

static void grow_apart(struct mt_arena *a, struct mt_table *t, size_t capacity)
{
    for (size_t i = 0; i < t->n_used; i++) {
        double **column = &t->columns[t->used[i]], *own;
        size_t shift = shift_of(capacity, i);
        if (t->cap_rows < OWN_ROWS) {
            own = MT_NEW_N(a, double, capacity + shift);
            memcpy(own + shift, *column, t->n_rows * sizeof *own);
        } else {
            own = mt_arena_grow(a, *column - shift, t->cap_rows + shift, capacity + shift,
                                sizeof *own);
        }
        *column = own + shift;
    }
}

static void grow_rows(struct mt_arena *a, struct mt_table *t)
{
    size_t capacity = t->cap_rows ? t->cap_rows * GROWTH : FIRST_ROWS;
    t->time_ns = mt_arena_grow(a, t->time_ns, t->cap_rows, capacity, sizeof *t->time_ns);
    if (t->since_start_ns)
        t->since_start_ns =
            mt_arena_grow(a, t->since_start_ns, t->cap_rows, capacity, sizeof *t->since_start_ns);
    if (capacity < OWN_ROWS)
        grow_together(a, t, capacity);
    else
        grow_apart(a, t, capacity);
    t->cap_rows = capacity;
}

void mt_table_row(struct mt_arena *a, struct mt_table *t, int64_t time_ns)
{
    if (t->n_rows == t->cap_rows)
        grow_rows(a, t);
    t->time_ns[t->n_rows] = time_ns;
    if (t->since_start_ns)
        t->since_start_ns[t->n_rows] = MT_NO_TIME;
    for (size_t i = 0; i < t->n_used; i++)
        t->columns[t->used[i]][t->n_rows] = NAN;
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
        size_t shift = shift_of(t->cap_rows, t->n_used);
        t->used[t->n_used++] = (uint8_t)metric;
        t->columns[metric] = MT_NEW_N(a, double, t->cap_rows + shift) + shift;
        for (size_t i = 0; i < t->n_rows; i++)
            t->columns[metric][i] = NAN;
    }
    t->columns[metric][t->n_rows - 1] = value;
}

double mt_table_last(const struct mt_table *t, enum mt_metric metric)
{
    return t->n_rows && t->columns[metric] ? t->columns[metric][t->n_rows - 1] : NAN;
}
