/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the limit is met if the growth goes on. The stretch is fixed before looking: the whole
 * window, and beside it the last half, which is used only when its slope's interval does not
 * overlap that of the whole.
 */
#include "report/analysis/engine.h"

#include <math.h>

static const double FAR_SECONDS = 3650.0 * 86400.0; /* beyond it nothing is said */

static double limit_of(const struct mt_signals *s, const char **name)
{
    const struct mt_manifest *m = &s->bundle->manifest;
    const struct mt_series *soft = mt_signal_series(s, MT_M_GOMEMLIMIT);
    const struct mt_series *hard = mt_signal_series(s, MT_M_CGROUP_LIMIT);
    *name = "memory limit";
    if (m->memory_limit_bytes)
        return (double)m->memory_limit_bytes;
    if (hard && hard->value[hard->n - 1] > 0.0 && hard->value[hard->n - 1] < 1e15)
        return hard->value[hard->n - 1];
    *name = "GOMEMLIMIT";
    if (m->gomemlimit_bytes)
        return (double)m->gomemlimit_bytes;
    if (soft && soft->value[soft->n - 1] > 0.0 && soft->value[soft->n - 1] < 1e15)
        return soft->value[soft->n - 1];
    return NAN;
}

/* Time from the end of the stretch until a line of that slope meets the limit; INT64_MAX: never. */
static int64_t meets(const struct mt_trend *t, double slope, double limit)
{
    double level = t->last, seconds = slope > 0.0 ? (limit - level) / slope : INFINITY;
    if (!(seconds < FAR_SECONDS))
        return INT64_MAX;
    return t->end_ns + (int64_t)(fmax(seconds, 0.0) * 1e9);
}

static bool try_series(struct mt_signals *s, const int64_t *time_ns, const double *value, size_t n,
                       const char *quantity, enum mt_metric metric, double limit,
                       const char *limit_name)
{
    if (n < MT_LEAST_SNAPSHOTS)
        return false;
    struct mt_effect effect = {MT_LEAST_BYTES, MT_LEAST_RELATIVE, true, 0.0, 0.0};
    struct mt_trend whole = mt_trend_of(time_ns, value, n, &effect);
    if (!mt_trend_grows(&whole) || value[n - 1] >= limit)
        return false;
    size_t from = 0;
    while (from < n && time_ns[from] < time_ns[0] + (time_ns[n - 1] - time_ns[0]) / 2)
        from++;
    struct mt_trend half = mt_trend_of(time_ns + from, value + from, n - from, &effect);
    bool changes = half.n >= MT_LEAST_SNAPSHOTS && isfinite(half.low) && isfinite(half.high) &&
                   (half.low > whole.high || half.high < whole.low);
    const struct mt_trend *used = changes ? &half : &whole;
    struct mt_forecast *f = &s->assessment->forecast;
    *f = (struct mt_forecast){.quantity = quantity,
                              .metric = metric,
                              .limit_bytes = limit,
                              .limit_name = limit_name,
                              .at_ns = meets(used, used->slope, limit),
                              .at_low_ns = meets(used, used->high, limit),
                              .at_high_ns = meets(used, used->low, limit),
                              .whole_at_ns = meets(&whole, whole.slope, limit),
                              .trend = *used,
                              .last_half = changes};
    f->present = f->at_ns != INT64_MAX;
    return f->present;
}

void mt_signal_forecast(struct mt_signals *s)
{
    static const struct {
        enum mt_metric metric;
        const char *quantity;
    } order[] = {{MT_M_RSS, "RSS"},
                 {MT_M_CGROUP_CURRENT, "cgroup memory"},
                 {MT_M_NEXT_GC, "heap goal"},
                 {MT_M_HEAP_GOAL, "heap goal"},
                 {MT_M_SYS, "Sys"}};
    const char *name;
    double limit = limit_of(s, &name);
    if (isnan(limit))
        return;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct mt_series *series = mt_signal_series(s, order[i].metric);
        if (series && series->clock->clock != MT_CLOCK_NONE &&
            try_series(s, series->time_ns, series->value, series->n, order[i].quantity,
                       order[i].metric, limit, name))
            return;
    }
    const struct mt_floor *floor = &s->assessment->floor;
    if (floor->present)
        try_series(s, floor->time_ns, floor->bytes, floor->n, "heap floor", MT_M_HEAP_ALLOC, limit,
                   name);
}
