/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/thin.h"

#include "parsers/formats/gotrace/consumer.h"

#include <stdlib.h>

static const int64_t FIRST_WIDTH_NS = 1024;

void mt_thin_init(struct mt_thin *t, struct mt_arena *arena)
{
    *t = (struct mt_thin){.width_ns = FIRST_WIDTH_NS, .end_ns = INT64_MIN};
    t->columns = MT_NEW_N(arena, struct mt_thin_column, MT_THIN_COLUMNS);
}

static void join(struct mt_thin_column *to, const struct mt_thin_column *next)
{
    if (next->least.value < to->least.value)
        to->least = next->least;
    if (next->most.value > to->most.value)
        to->most = next->most;
    to->last = next->last;
}

static void widen(struct mt_thin *t)
{
    size_t kept = 0;
    t->width_ns *= 2;
    for (size_t i = 0; i < t->n_columns; i++) {
        struct mt_thin_column c = t->columns[i];
        c.number /= 2;
        if (kept && t->columns[kept - 1].number == c.number)
            join(&t->columns[kept - 1], &t->columns[i]);
        else
            t->columns[kept++] = c;
    }
    t->n_columns = kept;
}

static void set_end(struct mt_thin *t)
{
    t->column = &t->columns[t->n_columns - 1];
    t->end_ns = t->column->number >= INT64_MAX / t->width_ns
                    ? INT64_MAX
                    : (t->column->number + 1) * t->width_ns;
}

void mt_thin_begin_column(struct mt_thin *t, struct mt_thin_point p)
{
    while (t->n_columns == MT_THIN_COLUMNS) {
        widen(t);
        set_end(t);
    }
    if (t->n_columns && p.time_ns < t->end_ns) {
        mt_thin_add(t, p.time_ns, p.value);
        return;
    }
    t->columns[t->n_columns++] = (struct mt_thin_column){
        .number = p.time_ns / t->width_ns, .first = p, .least = p, .most = p, .last = p};
    set_end(t);
}

struct point {
    struct mt_thin_point at;
    enum mt_metric metric;
};

static int by_time(const void *left, const void *right)
{
    const struct point *a = left, *b = right;
    if (a->at.time_ns != b->at.time_ns)
        return a->at.time_ns < b->at.time_ns ? -1 : 1;
    return a->metric < b->metric ? -1 : a->metric > b->metric;
}

static size_t collect(const struct mt_thin_metric *m, struct point *points)
{
    size_t n = 0;
    for (size_t i = 0; i < m->series->n_columns; i++) {
        const struct mt_thin_column *c = &m->series->columns[i];
        const struct mt_thin_point all[MT_THIN_POINTS] = {c->first, c->least, c->most, c->last};
        for (size_t k = 0; k < MT_THIN_POINTS; k++)
            points[n++] = (struct point){{all[k].time_ns, all[k].value + m->base}, m->metric};
    }
    return n;
}

void mt_thin_table(struct mt_trace_feed *feed, const struct mt_thin_metric *metrics, size_t n)
{
    struct mt_capture *c = feed->capture;
    size_t n_points = 0;
    struct point *points =
        MT_NEW_N(&feed->scratch, struct point, n * MT_THIN_COLUMNS * MT_THIN_POINTS);
    for (size_t i = 0; i < n; i++)
        n_points += collect(&metrics[i], points + n_points);
    if (!n_points)
        return;
    qsort(points, n_points, sizeof *points, by_time);
    struct mt_table *table = mt_capture_add_table(c, "gotrace");
    table->clock = mt_feed_clock(feed);
    for (size_t i = 0; i < n_points; i++) {
        if (!i || points[i].at.time_ns != points[i - 1].at.time_ns)
            mt_table_row(c->arena, table, mt_feed_wall(feed, points[i].at.time_ns));
        mt_table_set(c->arena, table, points[i].metric, points[i].at.value);
    }
}
