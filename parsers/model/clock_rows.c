/* SPDX-License-Identifier: Apache-2.0 */
/* Tables whose rows carry no time, or times cut to whole seconds. */
#include "parsers/model/clock.h"
#include "parsers/model/clock_names.h"

#include <math.h>

/* Without anything to go by a record stands for this long; no rate from it counts. */
static const int64_t ASSUMED_INTERVAL_NS = 5 * MT_SECOND_NS;
/* LastGC before this is no epoch time (2001-09-09). */
static const double FIRST_EPOCH_NS = 1e18;

/* -- whole seconds ------------------------------------------------------------------------ */

static bool whole_seconds(const struct mt_table *t)
{
    size_t repeats = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (t->time_ns[i] == MT_NO_TIME || t->time_ns[i] % MT_SECOND_NS)
            return false;
        repeats += i && t->time_ns[i] == t->time_ns[i - 1];
    }
    return repeats > 0;
}

void mt_clock_spread_seconds(struct mt_clock_job *job)
{
    for (size_t i = 0; i < job->n_inputs; i++) {
        struct mt_capture *c = job->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_tables; k++) {
            struct mt_table *t = &c->tables[k];
            if (!whole_seconds(t))
                continue;
            for (size_t from = 0, to; from < t->n_rows; from = to) {
                for (to = from + 1; to < t->n_rows && t->time_ns[to] == t->time_ns[from]; to++)
                    ;
                int64_t step = MT_SECOND_NS / (int64_t)(to - from);
                for (size_t row = from + 1; row < to; row++)
                    t->time_ns[row] += step * (int64_t)(row - from);
            }
            t->clock.error_ns = MT_SECOND_NS;
        }
    }
}

/* -- LastGC brackets a record between its own and the next one's -------------------------- */

struct line {
    double at_zero, step; /* time of row i = at_zero + step * i */
};

/* Least squares over the brackets' middles: polling is even, so a line is the right shape. */
static struct line fit(const double *middle, size_t n)
{
    double mean_x = (double)(n - 1) / 2, mean_y = 0, sxx = 0, sxy = 0;
    for (size_t i = 0; i < n; i++)
        mean_y += (middle[i] - middle[0]) / (double)n;
    for (size_t i = 0; i < n; i++) {
        double x = (double)i - mean_x;
        sxx += x * x;
        sxy += x * (middle[i] - middle[0] - mean_y);
    }
    double step = sxx > 0 ? sxy / sxx : 0;
    return (struct line){middle[0] + mean_y - step * mean_x, step > 0 ? step : 0};
}

/* Row i was written at or after its LastGC and before the next collection, which shows as the next
 * different LastGC. False: no usable LastGC. */
static bool by_last_gc(struct mt_arena *a, struct mt_table *t)
{
    const double *last_gc = t->columns[MT_M_LAST_GC];
    size_t n = t->n_rows;
    if (!last_gc || !n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!(last_gc[i] > FIRST_EPOCH_NS && last_gc[i] < 9e18))
            return false;
    double *low = MT_NEW_N(a, double, n), *high = MT_NEW_N(a, double, n);
    double *middles = MT_NEW_N(a, double, n);
    double mean_step = n > 1 ? (last_gc[n - 1] - last_gc[0]) / (double)(n - 1) : 0;
    for (size_t i = n; i-- > 0;) {
        low[i] = last_gc[i];
        if (i + 1 == n)
            high[i] = low[i] + mean_step;
        else
            high[i] = last_gc[i + 1] > last_gc[i] ? last_gc[i + 1] : high[i + 1];
    }
    for (size_t from = 0, to; from < n; from = to) { /* rows of one bracket share it evenly */
        for (to = from + 1; to < n && low[to] == low[from]; to++)
            ;
        for (size_t i = from; i < to; i++)
            middles[i] =
                low[i] + (high[i] - low[i]) * ((double)(i - from) + 0.5) / (double)(to - from);
    }
    struct line l = fit(middles, n);
    double widest = 0;
    for (size_t i = 0; i < n; i++) {
        double at = l.at_zero + l.step * (double)i;
        at = at < low[i] ? low[i] : at > high[i] ? high[i] : at;
        t->time_ns[i] = (int64_t)at;
        if (i && t->time_ns[i] < t->time_ns[i - 1])
            t->time_ns[i] = t->time_ns[i - 1];
        widest = fmax(widest, (high[i] - low[i]) / 2);
    }
    mt_clock_set(&t->clock, MT_CLOCK_ALIGNED, (int64_t)widest,
                 "between the record's LastGC and the next one's");
    return true;
}

/* -- names and intervals ------------------------------------------------------------------ */

static int64_t begin_of(const struct mt_clock_job *job, const struct mt_input *input, bool *named)
{
    struct mt_path_hint hint = mt_clock_hint(input->path);
    *named = hint.kind == MT_PATH_ABSOLUTE;
    if (hint.kind == MT_PATH_ABSOLUTE)
        return hint.time_ns;
    return job->window.start_ns == MT_NO_TIME ? 0 : job->window.start_ns;
}

static void by_interval(struct mt_clock_job *job, const struct mt_input *input, struct mt_table *t)
{
    bool named;
    int64_t begin = begin_of(job, input, &named);
    int64_t step = job->interval_ns ? job->interval_ns : ASSUMED_INTERVAL_NS;
    if ((double)step * (double)t->n_rows > 4e18)
        step = 1;
    int64_t span = step * (int64_t)(t->n_rows - 1);
    for (size_t i = 0; i < t->n_rows; i++)
        t->time_ns[i] = begin + step * (int64_t)i;
    if (!job->interval_ns) {
        mt_clock_set(&t->clock, MT_CLOCK_NONE, 0, "no time in the records: 5 s a record assumed");
        return;
    }
    int64_t window = job->window.end_ns - job->window.start_ns;
    int64_t doubt = window > span ? window - span : span - window;
    bool windowed = job->window.start_ns != MT_NO_TIME;
    mt_clock_set(&t->clock, windowed || named ? MT_CLOCK_ALIGNED : MT_CLOCK_NONE,
                 named ? MT_SECOND_NS : doubt,
                 "records at the given interval from the window's start");
}

static bool without_times(const struct mt_table *t)
{
    for (size_t i = 0; i < t->n_rows; i++)
        if (t->time_ns[i] != MT_NO_TIME)
            return false;
    return t->n_rows > 0;
}

/* Single rows among dated ones: the middle of their neighbours, or the nearest one's time. */
static void fill_gaps(struct mt_table *t)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        if (t->time_ns[i] != MT_NO_TIME)
            continue;
        size_t next = i;
        while (next < t->n_rows && t->time_ns[next] == MT_NO_TIME)
            next++;
        bool before = i > 0, after = next < t->n_rows;
        int64_t from = before ? t->time_ns[i - 1] : after ? t->time_ns[next] : 0;
        int64_t to = after ? t->time_ns[next] : from;
        int64_t parts = (int64_t)(next - i) + 1;
        for (size_t k = i; k < next; k++)
            t->time_ns[k] = from + (to - from) / parts * (int64_t)(k - i + 1);
        i = next;
    }
}

void mt_clock_place_rows(struct mt_clock_job *job)
{
    for (size_t i = 0; i < job->n_inputs; i++) {
        struct mt_capture *c = job->inputs[i].capture;
        if (!c || (c->trace && c->trace->start_ns == MT_NO_TIME))
            continue;
        for (size_t k = 0; k < c->n_tables; k++) {
            struct mt_table *t = &c->tables[k];
            if (!t->n_rows || t->since_start_ns)
                continue; /* counted rows go with their GC log */
            if (!without_times(t))
                fill_gaps(t);
            else if (!(c->n_profiles && t->n_rows == 1) && !by_last_gc(job->bundle->arena, t))
                by_interval(job, &job->inputs[i],
                            t); /* a profile's trailer goes with its profile */
        }
    }
}
