/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A series of any length in bounded memory. Time is cut into columns of equal width; of each the
 * first, least, greatest and last value are kept with their times, so a line drawn through them
 * looks as one through all. When there are too many columns the width doubles.
 */
#ifndef MT_GOTRACE_THIN_H
#define MT_GOTRACE_THIN_H

#include "parsers/model/series.h"

/* Four points a column: five metrics give at most 20,000 rows. */
enum { MT_THIN_COLUMNS = 1000, MT_THIN_POINTS = 4 };

struct mt_thin_point {
    int64_t time_ns;
    double value;
};

struct mt_thin_column {
    int64_t number; /* time / width */
    struct mt_thin_point first, least, most, last;
};

struct mt_thin {
    struct mt_thin_column *columns;
    size_t n_columns;
    int64_t width_ns;
    int64_t end_ns; /* of the last column */
    struct mt_thin_column *column;
};

void mt_thin_init(struct mt_thin *t, struct mt_arena *arena);
void mt_thin_begin_column(struct mt_thin *t, struct mt_thin_point p);

/* Times do not decrease. */
static inline void mt_thin_add(struct mt_thin *t, int64_t time_ns, double value)
{
    struct mt_thin_point p = {time_ns, value};
    if (time_ns >= t->end_ns) {
        mt_thin_begin_column(t, p);
        return;
    }
    struct mt_thin_column *c = t->column;
    if (value < c->least.value)
        c->least = p;
    if (value > c->most.value)
        c->most = p;
    c->last = p;
}

/* A metric of a table: the series, raised by `base`. */
struct mt_thin_metric {
    enum mt_metric metric;
    const struct mt_thin *series;
    double base;
};

struct mt_trace_feed;
/* Adds a table "gotrace" with the points of all series by time to the feed's capture; none when
 * there are no points. */
void mt_thin_table(struct mt_trace_feed *feed, const struct mt_thin_metric *metrics, size_t n);

#endif
