/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/diff/gate.h"

#include <math.h>
#include <stdlib.h>

/* Runs of one program differ by 10 to 20 per cent; a moved function's size must agree within this.
 */
static const double SAME_TOTAL = 0.35;
/* Mean object sizes of one site hardly differ between runs. */
static const double SAME_OBJECT = 0.15;

static bool close_to(double a, double b, double share)
{
    return fabs(a - b) <= share * fmax(fabs(a), fabs(b));
}

static bool same_site(const struct mt_entity *a, const struct mt_entity *b)
{
    if (!a || !b || !a->shape || a->shape != b->shape)
        return false;
    if (a->objects > 0 && b->objects > 0)
        return close_to(a->bytes / a->objects, b->bytes / b->objects, SAME_OBJECT);
    return true;
}

static bool one_sided(const struct mt_comparison *c, bool head)
{
    return c->scope == MT_SCOPE_FUNCTION && c->class != MT_CLASS_MOVED &&
           (head ? c->base == 0 && c->head > 0 : c->head == 0 && c->base > 0);
}

static void join(struct mt_comparison *gone, const struct mt_comparison *fresh)
{
    gone->moved_to = fresh->function;
    gone->head = fresh->head;
    gone->delta = gone->head - gone->base;
    gone->relative = gone->base != 0 ? gone->delta / fabs(gone->base) : NAN;
    double spread = hypot((gone->high - gone->low) / 2, (fresh->high - fresh->low) / 2);
    gone->low = gone->delta - spread;
    gone->high = gone->delta + spread;
    gone->p = gone->adjusted_p = NAN;
    gone->file = fresh->file;
    gone->line = fresh->line;
    gone->class = MT_CLASS_MOVED;
}

/* A function that only the head has, found by metric and stack. */
struct fresh {
    const struct mt_diff_metric *metric;
    uint64_t shape;
    size_t at; /* in the comparisons */
};

static int by_metric_and_shape(const void *left, const void *right)
{
    const struct fresh *a = left, *b = right;
    if (a->metric->order != b->metric->order)
        return a->metric->order < b->metric->order ? -1 : 1;
    if (a->shape != b->shape)
        return a->shape < b->shape ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static struct fresh *list_fresh(struct mt_arena *arena, const struct mt_diff *d, size_t *n)
{
    struct fresh *list = MT_NEW_N(arena, struct fresh, d->n_comparisons + 1);
    *n = 0;
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (one_sided(&d->comparisons[i], true) && d->comparisons[i].entity->shape)
            list[(*n)++] =
                (struct fresh){d->comparisons[i].metric, d->comparisons[i].entity->shape, i};
    if (*n)
        qsort(list, *n, sizeof *list, by_metric_and_shape);
    return list;
}

/* The first of the list that does not stand before `key`. */
static size_t first_of(const struct fresh *list, size_t n, const struct fresh *key)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_metric_and_shape(&list[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void mt_diff_pair_moved(struct mt_arena *arena, struct mt_diff *d)
{
    bool *taken = MT_NEW_N(arena, bool, d->n_comparisons + 1);
    size_t n;
    const struct fresh *list = list_fresh(arena, d, &n);
    for (size_t g = 0; n && g < d->n_comparisons; g++) {
        struct mt_comparison *gone = &d->comparisons[g];
        if (!one_sided(gone, false))
            continue;
        struct fresh key = {gone->metric, gone->entity->shape, 0};
        size_t best = SIZE_MAX;
        for (size_t i = first_of(list, n, &key);
             i < n && list[i].metric == key.metric && list[i].shape == key.shape; i++) {
            const struct mt_comparison *fresh = &d->comparisons[list[i].at];
            if (taken[list[i].at] || !close_to(fresh->head, gone->base, SAME_TOTAL) ||
                !same_site(gone->entity, fresh->entity))
                continue;
            if (best == SIZE_MAX ||
                fabs(fresh->head - gone->base) < fabs(d->comparisons[best].head - gone->base))
                best = list[i].at;
        }
        if (best == SIZE_MAX)
            continue;
        join(gone, &d->comparisons[best]);
        taken[best] = true;
    }
    size_t kept = 0;
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (!taken[i])
            d->comparisons[kept++] = d->comparisons[i];
    d->n_comparisons = kept;
}
