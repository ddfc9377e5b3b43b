/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/thin.h"

struct keeper {
    const int64_t *time_ns;
    const double *value;
    int64_t *kept_ns;
    double *kept;
    size_t n;
};

static void keep(struct keeper *k, size_t i)
{
    k->kept_ns[k->n] = k->time_ns[i];
    k->kept[k->n++] = k->value[i];
}

/* first..last, both included, stand in one column. */
static void keep_column(struct keeper *k, size_t first, size_t last)
{
    size_t least = first, greatest = first;
    for (size_t i = first + 1; i <= last; i++) {
        if (k->value[i] < k->value[least])
            least = i;
        if (k->value[i] > k->value[greatest])
            greatest = i;
    }
    size_t early = least < greatest ? least : greatest;
    size_t late = least < greatest ? greatest : least;
    keep(k, first);
    if (early != first)
        keep(k, early);
    if (late != early && late != first)
        keep(k, late);
    if (last != late && last != first)
        keep(k, last);
}

struct mt_points mt_thin(struct mt_arena *arena, size_t n, const int64_t *time_ns,
                         const double *value, int64_t start_ns, int64_t end_ns, size_t columns)
{
    size_t from = 0, to = n;
    while (from < to && time_ns[from] < start_ns)
        from++;
    while (to > from && time_ns[to - 1] > end_ns)
        to--;
    struct mt_points out = {to - from, n, time_ns + from, value + from};
    if (out.n <= columns)
        return out;
    double width = ((double)end_ns - (double)start_ns) / (double)columns;
    struct keeper k = {time_ns, value, MT_NEW_N(arena, int64_t, 4 * columns + 4),
                       MT_NEW_N(arena, double, 4 * columns + 4), 0};
    size_t first = from, at = 0;
    for (size_t i = from; i < to; i++) {
        double x = width > 0 ? ((double)time_ns[i] - (double)start_ns) / width : 0;
        size_t column = x < (double)columns ? (size_t)x : columns - 1;
        if (i > from && column != at) {
            keep_column(&k, first, i - 1);
            first = i;
        }
        at = column;
    }
    keep_column(&k, first, to - 1);
    return (struct mt_points){k.n, n, k.kept_ns, k.kept};
}
