/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/largest.h"

#include <stdlib.h>

enum { MOST_TABLES = 16 };

struct ranked {
    struct mt_table table;
    double largest;
    size_t order;
};

static double largest_of(const struct mt_table *t, enum mt_metric metric)
{
    double largest = 0;
    for (size_t i = 0; t->columns[metric] && i < t->n_rows; i++)
        if (t->columns[metric][i] > largest)
            largest = t->columns[metric][i];
    return largest;
}

static int by_rows_and_size(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->table.n_rows != b->table.n_rows)
        return a->table.n_rows < b->table.n_rows ? 1 : -1;
    if (a->largest < b->largest || a->largest > b->largest)
        return a->largest < b->largest ? 1 : -1;
    if (a->table.pid != b->table.pid)
        return a->table.pid < b->table.pid ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

void mt_keep_largest(struct mt_capture *out, size_t first, enum mt_metric metric)
{
    size_t n = out->n_tables - first;
    if (n < 2)
        return;
    struct ranked *ranked = MT_NEW_N(out->arena, struct ranked, n);
    for (size_t i = 0; i < n; i++)
        ranked[i] =
            (struct ranked){out->tables[first + i], largest_of(&out->tables[first + i], metric), i};
    qsort(ranked, n, sizeof *ranked, by_rows_and_size);
    for (size_t i = 0; i < n; i++)
        out->tables[first + i] = ranked[i].table;
    if (n <= MOST_TABLES)
        return;
    for (size_t i = first + MOST_TABLES; i < out->n_tables; i++)
        out->records -= out->tables[i].n_rows;
    out->n_tables = first + MOST_TABLES;
    mt_capture_remark(out, false, "many-processes",
                      "%zu processes are listed; the %d seen most often and largest are kept", n,
                      MOST_TABLES);
}
