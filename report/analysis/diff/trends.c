/* SPDX-License-Identifier: Apache-2.0 */
/* Slopes of the heap floor and of every series that both sides have, over the runs of each side. */
#include "report/analysis/diff/gate.h"

#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <string.h>

struct mt_diff_rate mt_diff_rate_of(struct mt_arena *arena, const struct mt_trend *const *trends,
                                    size_t n_runs)
{
    struct mt_diff_rate r = {0};
    double *all = MT_NEW_N(arena, double, n_runs + 1);
    for (size_t i = 0; i < n_runs; i++) {
        const struct mt_trend *t = trends[i];
        if (!t || !isfinite(t->slope))
            continue;
        r.low = !r.n || t->slope < r.low ? t->slope : r.low;
        r.high = !r.n || t->slope > r.high ? t->slope : r.high;
        if (n_runs == 1 && t->coverage > 0) {
            r.low = t->low;
            r.high = t->high;
        }
        all[r.n++] = t->slope;
    }
    r.middle = r.n ? mt_median(all, r.n) : 0;
    return r;
}

/* MT_METRIC_COUNT: the floor. */
static const struct mt_trend *trend_of(const struct mt_assessment *a, enum mt_metric metric)
{
    if (!a)
        return NULL;
    if (metric == MT_METRIC_COUNT)
        return a->floor.present && a->floor.trend.n > 1 ? &a->floor.trend : NULL;
    const struct mt_series *best = mt_bundle_series(a->bundle, metric);
    for (size_t i = 0; best && i < a->n_trends; i++)
        if (a->trends[i].series == best)
            return &a->trends[i].trend;
    return NULL;
}

static struct mt_diff_rate side_rate(struct mt_arena *arena, const struct mt_diff_side *side,
                                     enum mt_metric metric, double *level)
{
    const struct mt_trend **trends = MT_NEW_N(arena, const struct mt_trend *, side->n_runs + 1);
    double *levels = MT_NEW_N(arena, double, side->n_runs + 1);
    size_t n = 0;
    for (size_t i = 0; i < side->n_runs; i++) {
        trends[i] = trend_of(side->runs[i].assessment, metric);
        if (trends[i] && isfinite(trends[i]->last))
            levels[n++] = trends[i]->last;
    }
    *level = n ? mt_median(levels, n) : NAN;
    return mt_diff_rate_of(arena, trends, side->n_runs);
}

static const char *state_of(const struct mt_diff_rate *base, const struct mt_diff_rate *head)
{
    return head->low > base->high ? "steeper" : head->high < base->low ? "flatter" : "same";
}

void mt_diff_compare_trends(struct mt_arena *arena, struct mt_diff *d)
{
    size_t cap = 0;
    for (int i = -1; i < MT_METRIC_COUNT; i++) {
        enum mt_metric metric = i < 0 ? MT_METRIC_COUNT : (enum mt_metric)i;
        const struct mt_metric_info *info = i < 0 ? NULL : mt_metric_info(metric);
        if (info && (info->counter || (info->unit != MT_BYTES && info->unit != MT_COUNT)))
            continue;
        struct mt_diff_trend t = {.metric = metric,
                                  .name = info ? info->name : "heap floor",
                                  .bytes = !info || info->unit == MT_BYTES};
        t.base = side_rate(arena, &d->base, metric, &t.base_level);
        t.head = side_rate(arena, &d->head, metric, &t.head_level);
        if (!t.base.n || !t.head.n)
            continue;
        t.state = state_of(&t.base, &t.head);
        MT_RESERVE(arena, d->trends, d->n_trends, cap);
        d->trends[d->n_trends++] = t;
    }
}
