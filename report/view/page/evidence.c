/* SPDX-License-Identifier: Apache-2.0 */
/* The chart and the table that a suspect's card shows: values by snapshot with their intervals. */
#include "report/view/page/part.h"

#include "report/view/facts.h"

#include <math.h>

enum { MOST_DOTS = 60, SERIES_COLUMNS = 180 };
static const int64_t ALONE_NS = 30 * MT_SECOND_NS; /* drawn at either side of a single moment */

static double point_value(const struct mt_site *site, size_t i)
{
    return site->goroutines ? site->points[i].goroutines : site->points[i].bytes;
}

static const char *amount(struct mt_part *p, const struct mt_evidence_chart *c, double value)
{
    return c->unit.name ? mt_arena_printf(p->arena, "%s" MT_NBSP "%s",
                                          mt_fmt_in(p->arena, c->unit, value), c->unit.name)
                        : mt_fmt_count(p->arena, value);
}

/* Only a shape that a straight line describes gets one. */
static bool is_linear(const struct mt_trend *t)
{
    return t->coverage > 0 && isfinite(t->slope) &&
           (t->shape == MT_SHAPE_RISING || t->shape == MT_SHAPE_FALLING ||
            (t->shape == MT_SHAPE_UNKNOWN && t->significant));
}

static void add_line(struct mt_evidence_chart *c, const struct mt_trend *t)
{
    if (!is_linear(t) || c->n < 2)
        return;
    c->has_line = true;
    c->slope = t->slope;
    c->slope_low = t->low;
    c->slope_high = t->high;
    double start = (double)t->start_ns;
    c->line_first = t->intercept + t->slope * ((double)c->time_ns[0] - start) / 1e9;
    c->line_last = t->intercept + t->slope * ((double)c->time_ns[c->n - 1] - start) / 1e9;
    c->pivot_ns = c->time_ns[0] + (c->time_ns[c->n - 1] - c->time_ns[0]) / 2;
    if (c->n % 2)
        c->pivot_ns = c->time_ns[c->n / 2];
    c->pivot_value = t->intercept + t->slope * ((double)c->pivot_ns - start) / 1e9;
}

static const char *trend_words(struct mt_part *p, const struct mt_evidence_chart *c,
                               const struct mt_trend *t)
{
    if (!c->has_line)
        return "";
    const char *rate =
        c->unit.name ? mt_fmt_byte_rate(p->arena, t->slope) : mt_fmt_count_rate(p->arena, t->slope);
    return mt_arena_printf(p->arena, " Line: Theil-Sen trend %s; band: its %.0f%% interval.", rate,
                           t->coverage * 100);
}

static void describe(struct mt_part *p, struct mt_evidence_chart *c, const char *whiskers)
{
    size_t last = c->n - 1;
    c->description =
        mt_arena_printf(p->arena, "%s at %s, %s at %s.%s", amount(p, c, c->value[0]),
                        mt_fmt_clock(p->arena, c->time_ns[0]), amount(p, c, c->value[last]),
                        mt_fmt_clock(p->arena, c->time_ns[last]), whiskers);
    c->end_label = amount(p, c, c->value[last]);
}

struct mt_evidence_chart *mt_part_site_chart(struct mt_part *p, const struct mt_site *site,
                                             enum mt_tone tone)
{
    if (!site || site->n_points < 2 || site->points[0].time_ns == MT_NO_TIME)
        return NULL;
    struct mt_evidence_chart *c = MT_NEW(p->arena, struct mt_evidence_chart);
    size_t n = site->n_points;
    int64_t *time_ns = MT_NEW_N(p->arena, int64_t, n);
    double *value = MT_NEW_N(p->arena, double, n), *low = MT_NEW_N(p->arena, double, n),
           *high = MT_NEW_N(p->arena, double, n), top = 0;
    bool intervals = !site->goroutines;
    for (size_t i = 0; i < n; i++) {
        const struct mt_point *at = &site->points[i];
        value[c->n] = point_value(site, i);
        if (!isfinite(value[c->n]) || at->time_ns == MT_NO_TIME)
            continue;
        time_ns[c->n] = at->time_ns;
        low[c->n] = at->low;
        high[c->n] = at->high;
        intervals &= isfinite(at->low) && isfinite(at->high);
        top = fmax(top, value[c->n++]);
    }
    if (c->n < 2 || time_ns[c->n - 1] <= time_ns[0])
        return NULL;
    c->time_ns = time_ns;
    c->value = value;
    c->low = intervals ? low : NULL;
    c->high = intervals ? high : NULL;
    c->dots = c->n <= MOST_DOTS;
    c->tone = tone;
    c->unit = site->goroutines ? (struct mt_byte_unit){NULL, 1} : mt_byte_unit_for(top);
    c->start_ns = time_ns[0];
    c->end_ns = time_ns[c->n - 1];
    add_line(c, &site->trend);
    const char *name = mt_part_name(p, site->function).element;
    c->title = mt_arena_printf(p->arena, "%s: %s by snapshot", name,
                               site->goroutines ? "goroutines" : "live bytes");
    describe(p, c, intervals ? " Whiskers are 95% sampling intervals." : "");
    if (intervals)
        c->end_error =
            mt_arena_printf(p->arena, "\xc2\xb1%s",
                            mt_fmt_in(p->arena, c->unit, (high[c->n - 1] - low[c->n - 1]) / 2));
    c->caption = mt_arena_printf(
        p->arena, "%s by snapshot%s.%s",
        site->goroutines ? "Goroutines" : mt_arena_printf(p->arena, "Live %s", c->unit.name),
        intervals ? " with 95% sampling intervals" : "", trend_words(p, c, &site->trend));
    return c;
}

struct mt_evidence_chart *mt_part_course_chart(struct mt_part *p, const struct mt_course *course,
                                               enum mt_tone tone)
{
    size_t n = course->n;
    if (!course->name || !n)
        return NULL;
    struct mt_points pts = mt_thin(p->arena, n, course->time_ns, course->value, course->time_ns[0],
                                   course->time_ns[n - 1], SERIES_COLUMNS);
    if (!pts.n)
        return NULL;
    struct mt_evidence_chart *c = MT_NEW(p->arena, struct mt_evidence_chart);
    c->n = pts.n;
    c->time_ns = pts.time_ns;
    c->value = pts.value;
    c->dots = c->n <= MOST_DOTS;
    c->tone = tone;
    double top = 0;
    for (size_t i = 0; i < c->n; i++)
        top = fmax(top, c->value[i]);
    c->unit = course->bytes ? mt_byte_unit_for(top) : (struct mt_byte_unit){NULL, 1};
    c->start_ns = c->time_ns[0];
    c->end_ns = c->time_ns[c->n - 1];
    if (c->end_ns == c->start_ns) { /* one moment stands in the middle */
        c->start_ns -= ALONE_NS;
        c->end_ns += ALONE_NS;
    }
    add_line(c, &course->trend);
    c->title = mt_arena_printf(p->arena, "%s over time", course->name);
    describe(p, c, "");
    c->caption = mt_arena_printf(
        p->arena, "%s%s%s, %s of %s points drawn.%s", course->name, c->unit.name ? " in " : "",
        c->unit.name ? c->unit.name : "", mt_fmt_count(p->arena, (double)pts.n),
        mt_fmt_count(p->arena, (double)pts.of), trend_words(p, c, &course->trend));
    return c;
}

struct mt_evidence_chart *mt_part_series_chart(struct mt_part *p, const struct mt_series *s,
                                               enum mt_tone tone)
{
    if (!s || s->n < 2 || s->time_ns[s->n - 1] <= s->time_ns[0])
        return NULL;
    const struct mt_metric_info *info = mt_metric_info(s->metric);
    const struct mt_trend *t = mt_view_trend_of(p->view, s);
    struct mt_course course = {info->name, info->unit == MT_BYTES,       s->n, s->time_ns,
                               s->value,   t ? *t : (struct mt_trend){0}};
    return mt_part_course_chart(p, &course, tone);
}

static struct mt_sheet *goroutine_table(struct mt_part *p, const struct mt_site *site,
                                        const char *caption)
{
    static const struct mt_column columns[] = {
        {.head = "Time UTC"}, {.head = "Goroutines"}, {.head = "Share"}};
    struct mt_sheet *s = mt_sheet_new(p->arena, caption, columns, 3);
    for (size_t i = 0; i < site->n_points; i++) {
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(mt_fmt_clock(p->arena, site->points[i].time_ns));
        row[1] = MT_TEXT_CELL(mt_fmt_count(p->arena, site->points[i].goroutines));
        if (isfinite(site->points[i].share))
            row[2] = MT_TEXT_CELL(mt_fmt_share(p->arena, site->points[i].share));
    }
    return s;
}

struct mt_sheet *mt_part_site_table(struct mt_part *p, const struct mt_site *site,
                                    const char *caption)
{
    if (!site || !site->n_points)
        return NULL;
    if (site->goroutines)
        return goroutine_table(p, site, caption);
    double top = 0;
    for (size_t i = 0; i < site->n_points; i++)
        top = fmax(top, site->points[i].bytes);
    struct mt_byte_unit unit = mt_byte_unit_for(top);
    struct mt_column *columns = MT_NEW_N(p->arena, struct mt_column, 5);
    columns[0].head = "Time UTC";
    columns[1].head = mt_arena_printf(p->arena, "Live %s", unit.name);
    columns[2].head = "\xc2\xb1 95%";
    columns[3].head = "Objects";
    columns[4].head = "Share";
    struct mt_sheet *s = mt_sheet_new(p->arena, caption, columns, 5);
    for (size_t i = 0; i < site->n_points; i++) {
        const struct mt_point *at = &site->points[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(mt_fmt_clock(p->arena, at->time_ns));
        row[1] = MT_EXACT_CELL(mt_fmt_in(p->arena, unit, at->bytes),
                               mt_fmt_exact_bytes(p->arena, at->bytes));
        if (isfinite(at->low) && isfinite(at->high))
            row[2] = MT_TEXT_CELL(mt_fmt_in(p->arena, unit, (at->high - at->low) / 2));
        if (isfinite(at->objects))
            row[3] = MT_TEXT_CELL(mt_fmt_count(p->arena, at->objects));
        if (isfinite(at->share))
            row[4] = MT_TEXT_CELL(mt_fmt_share(p->arena, at->share));
    }
    return s;
}
