/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/unmix.h"

#include <math.h>

enum { MOST_STREAMS = 8, FEWEST_ROWS = 4 };

static const enum mt_metric counters[] = {MT_M_NUM_GC, MT_M_TOTAL_ALLOC, MT_M_MALLOCS,
                                          MT_M_PAUSE_TOTAL};
enum { COUNTERS = sizeof counters / sizeof *counters };

struct stream {            /* one process */
    double edge[COUNTERS]; /* of the record met last, on the way forward or back */
    size_t n_rows;
};

struct streams {
    struct stream items[MOST_STREAMS];
    size_t n;
    size_t switches; /* times the next record is another stream's */
};

static double cell(const struct mt_table *t, size_t counter, size_t row)
{
    const double *column = t->columns[counters[counter]];
    return column ? column[row] : NAN;
}

/* How far the row's counters are from the stream's edge; negative when one is on the wrong side. */
static double distance(const struct stream *s, const struct mt_table *t, size_t row, bool back)
{
    double sum = 0;
    for (size_t k = 0; k < COUNTERS; k++) {
        double low = back ? cell(t, k, row) : s->edge[k];
        double high = back ? s->edge[k] : cell(t, k, row);
        if (isnan(low) || isnan(high))
            continue;
        if (high < low)
            return -1;
        sum += (high - low) / (high + 1);
    }
    return sum;
}

/* The nearest stream that the row may belong to; streams->n when there is none. */
static size_t nearest(const struct streams *streams, const struct mt_table *t, size_t row,
                      bool back)
{
    size_t best = streams->n;
    double least = INFINITY;
    for (size_t i = 0; i < streams->n; i++) {
        double far = distance(&streams->items[i], t, row, back);
        if (far >= 0 && far < least) {
            least = far;
            best = i;
        }
    }
    return best;
}

static void move_edge(struct stream *s, const struct mt_table *t, size_t row)
{
    for (size_t k = 0; k < COUNTERS; k++)
        if (!isnan(cell(t, k, row)))
            s->edge[k] = cell(t, k, row);
}

/* A record behind all streams opens another: so many processes there must be. False: too many. */
static bool count_streams(const struct mt_table *t, struct streams *streams)
{
    for (size_t row = 0; row < t->n_rows; row++) {
        size_t i = nearest(streams, t, row, false);
        if (i == MOST_STREAMS)
            return false;
        if (i == streams->n) {
            streams->n++;
            for (size_t k = 0; k < COUNTERS; k++)
                streams->items[i].edge[k] = NAN;
        }
        move_edge(&streams->items[i], t, row);
    }
    return true;
}

/* Which stream each row is of, from the end, where all of them are known; on the way forward the
 * first rows of all processes looked like one. */
static bool assign(const struct mt_table *t, struct streams *streams, uint8_t *stream_of_row)
{
    for (size_t row = t->n_rows; row-- > 0;) {
        size_t i = nearest(streams, t, row, true);
        if (i == streams->n)
            return false;
        move_edge(&streams->items[i], t, row);
        streams->items[i].n_rows++;
        stream_of_row[row] = (uint8_t)i;
        streams->switches += row + 1 < t->n_rows && stream_of_row[row + 1] != i;
    }
    return true;
}

/* Where records of two processes alternate, a counter that fell leaps back at once; that of a
 * process which was restarted climbs again. Each process also has some records, and is taken up
 * again. */
static bool leaps_back(const struct mt_table *t, size_t counter)
{
    size_t falls = 0, leaps = 0;
    double before = NAN, fallen_from = NAN, fallen_to = NAN;
    for (size_t row = 0; row < t->n_rows; row++) {
        double value = cell(t, counter, row);
        if (isnan(value))
            continue;
        if (value < before) {
            falls++;
            fallen_from = before;
            fallen_to = value;
        } else if (value - before > (fallen_from - fallen_to) / 2) {
            leaps++;
            fallen_from = NAN;
        }
        before = value;
    }
    return falls && leaps * 2 > falls;
}

static bool is_mixed(const struct mt_table *t, const struct streams *streams)
{
    for (size_t i = 0; i < streams->n; i++)
        if (streams->items[i].n_rows < FEWEST_ROWS)
            return false;
    bool leaps = false;
    for (size_t k = 0; k < COUNTERS && !leaps; k++)
        leaps = leaps_back(t, k);
    return leaps && streams->n > 1 && streams->switches >= 2 * streams->n;
}

static void copy_row(struct mt_arena *a, struct mt_table *to, const struct mt_table *from,
                     size_t row)
{
    mt_table_row(a, to, from->time_ns[row]);
    for (size_t m = 0; m < MT_METRIC_COUNT; m++)
        if (from->columns[m] && !isnan(from->columns[m][row]))
            mt_table_set(a, to, (enum mt_metric)m, from->columns[m][row]);
}

size_t mt_unmix(struct mt_capture *c, size_t table)
{
    const struct mt_table mixed = c->tables[table];
    struct streams streams = {.n = 0};
    uint8_t *stream_of_row = MT_NEW_N(c->arena, uint8_t, mixed.n_rows);
    if (!count_streams(&mixed, &streams) || !assign(&mixed, &streams, stream_of_row) ||
        !is_mixed(&mixed, &streams))
        return 1;
    for (size_t i = 0; i < streams.n; i++) {
        struct mt_table *t = i ? mt_capture_add_table(c, mixed.source) : &c->tables[table];
        *t = (struct mt_table){
            .source = mixed.source, .clock = mixed.clock, .pid = mixed.pid, .origin = mixed.origin};
        for (size_t row = 0; row < mixed.n_rows; row++)
            if (stream_of_row[row] == i)
                copy_row(c->arena, t, &mixed, row);
    }
    return streams.n;
}
