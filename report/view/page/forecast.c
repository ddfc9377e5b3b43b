/* SPDX-License-Identifier: Apache-2.0 */
/* The way to the limit: what was measured, the fan of the trend, the interval on the limit. */
#include "report/view/page/part.h"

#include <math.h>

enum { COLUMNS = 120 };

static bool is_late(int64_t time_ns)
{
    return time_ns == MT_NO_TIME || time_ns == INT64_MAX;
}

static const char *when(struct mt_part *p, int64_t at_ns, int64_t from_ns)
{
    if (at_ns - from_ns > 86400 * MT_SECOND_NS)
        return mt_fmt_date_time(p->arena, at_ns);
    return mt_fmt_clock(p->arena, at_ns);
}

/* The axis ends a little behind what has to be shown on it, however far that is. */
static int64_t until(const struct mt_forecast_chart *c)
{
    int64_t last = c->at_ns;
    if (!c->open_end && c->at_high_ns > last)
        last = c->at_high_ns;
    if (!is_late(c->whole_at_ns) && c->whole_at_ns > last &&
        c->whole_at_ns - c->end_ns < 3 * (last - c->end_ns))
        last = c->whole_at_ns;
    int64_t most = 8 * (c->at_ns - c->start_ns) / 5; /* one that is late would flatten the rest */
    if (last > c->start_ns + most)
        last = c->start_ns + most;
    return last + (last - c->start_ns) / 20;
}

static void describe(struct mt_part *p, struct mt_forecast_chart *c)
{
    const char *low = when(p, c->at_low_ns, c->end_ns);
    const char *high = c->open_end ? "no end in sight" : when(p, c->at_high_ns, c->end_ns);
    c->at_label = when(p, c->at_ns, c->end_ns);
    c->title =
        mt_arena_printf(p->arena, "Forecast of the %s against the %s", c->quantity, c->limit_name);
    c->description = mt_arena_printf(
        p->arena, "The %s stands at %s. At its trend it reaches %s at %s (%s to %s UTC).",
        c->quantity, mt_fmt_bytes(p->arena, c->points.value[c->points.n - 1]),
        mt_fmt_bytes(p->arena, c->limit), c->at_label, low, high);
    c->caption = mt_arena_printf(
        p->arena, "The %s, and where the trend of %s meets the limit: %s to %s (95%%).%s",
        c->quantity, p->a->forecast.last_half ? "its last half" : "the whole window", low, high,
        is_late(c->whole_at_ns) || c->whole_at_ns == c->at_ns
            ? ""
            : " Open circle: trend of the whole window.");
}

void mt_part_forecast(struct mt_part *p)
{
    const struct mt_forecast *f = &p->a->forecast;
    const struct mt_series *s =
        f->present && f->metric < MT_METRIC_COUNT ? mt_bundle_series(p->bundle, f->metric) : NULL;
    if (!s || s->n < 2 || is_late(f->at_ns) || s->time_ns[s->n - 1] <= s->time_ns[0])
        return;
    struct mt_forecast_chart *c = MT_NEW(p->arena, struct mt_forecast_chart);
    c->start_ns = s->time_ns[0];
    c->end_ns = s->time_ns[s->n - 1];
    if (f->at_ns <= c->end_ns || f->at_ns - c->end_ns > 50 * (c->end_ns - c->start_ns))
        return; /* met already, or so far that the picture would be a guess */
    c->points = mt_thin(p->arena, s->n, s->time_ns, s->value, c->start_ns, c->end_ns, COLUMNS);
    c->quantity = f->quantity ? f->quantity : "series";
    c->limit = f->limit_bytes;
    c->limit_name = f->limit_name ? f->limit_name : "limit";
    c->at_ns = f->at_ns;
    c->at_low_ns = is_late(f->at_low_ns) ? f->at_ns : f->at_low_ns;
    c->open_end = is_late(f->at_high_ns);
    c->at_high_ns = c->open_end ? f->at_ns : f->at_high_ns;
    c->whole_at_ns = f->whole_at_ns;
    c->now_value = f->limit_bytes - f->trend.slope * (double)(f->at_ns - c->end_ns) / 1e9;
    c->slope_low = f->trend.low;
    c->slope_high = f->trend.high;
    c->until_ns = until(c);
    describe(p, c);
    p->page->forecast = c;
}
