/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sudden jumps: a value above mean + 3 sigma of the 30 before it, and collections that come in less
 * than half of their usual interval. Each is listed with the dump or profile nearest in time.
 */
#include "report/analysis/engine.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

enum { WINDOW = 30, FAST_INTERVALS = 5, MOST = 50 };
static const double LEAST_SIGMA = 0.005; /* of the mean: Sys is a step function */
static const double LEAST_SIGMA_COUNT = 3.0;
static const double FAST = 0.5; /* of the running median interval */

static void nearest(const struct mt_signals *s, struct mt_anomaly *a)
{
    int64_t best = INT64_MAX;
    const struct mt_snapshots *lists[] = {&s->goroutines.snapshots, &s->heap.snapshots};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; lists[l]->timed && i < lists[l]->n; i++) {
            const struct mt_snapshot *shot = &lists[l]->items[i];
            int64_t away = shot->time_ns - a->time_ns;
            if (llabs(away) >= best || !shot->input)
                continue;
            best = llabs(away);
            a->nearest_input = shot->input->path;
            a->nearest_ns = away;
        }
}

static void add(struct mt_signals *s, enum mt_metric metric, int64_t time_ns, double value,
                double mean, double sigma, const char *rule)
{
    struct mt_assessment *a = s->assessment;
    if (a->n_anomalies == MOST)
        return;
    struct mt_anomaly *an = &a->anomalies[a->n_anomalies++];
    *an = (struct mt_anomaly){.metric = metric,
                              .time_ns = time_ns,
                              .value = value,
                              .mean = mean,
                              .sigma = sigma,
                              .rule = rule};
    nearest(s, an);
}

/* Only the first of a run of high values: what follows is the same jump. */
static void jumps(struct mt_signals *s, enum mt_metric metric)
{
    const struct mt_series *series = mt_signal_series(s, metric);
    if (!series || series->n <= WINDOW)
        return;
    bool bytes = mt_metric_info(metric)->unit == MT_BYTES, high = false;
    double sum = 0.0, squares = 0.0, origin = series->value[0];
    for (size_t i = 0; i < series->n; i++) {
        double v = series->value[i] - origin;
        if (i >= WINDOW) {
            double mean = sum / WINDOW;
            double var = (squares - sum * mean) / (WINDOW - 1);
            double least = LEAST_SIGMA * fabs(mean + origin);
            double sigma =
                fmax(sqrt(fmax(var, 0.0)), bytes ? least : fmax(least, LEAST_SIGMA_COUNT));
            bool jump = v > mean + 3.0 * sigma;
            if (jump && !high)
                add(s, metric, series->time_ns[i], series->value[i], mean + origin, sigma,
                    "above mean + 3 sigma of the 30 samples before");
            high = jump;
            double old = series->value[i - WINDOW] - origin;
            sum -= old;
            squares -= old * old;
        }
        sum += v;
        squares += v * v;
    }
}

static void fast_collections(struct mt_signals *s)
{
    const struct mt_gc_summary *gc = &s->assessment->gc;
    size_t n = gc->n_cycles_by_time, fast = 0;
    if (n <= WINDOW)
        return;
    struct mt_arena scratch = {0};
    double *interval = MT_NEW_N(&scratch, double, n), before[WINDOW];
    for (size_t i = 1; i < n; i++)
        interval[i] =
            (double)(gc->cycles_by_time[i]->time_ns - gc->cycles_by_time[i - 1]->time_ns) / 1e9;
    double usual = NAN;
    for (size_t i = WINDOW + 1; i < n; i++) {
        if (!fast) { /* the median of before the run, not of the run itself */
            for (size_t k = 0; k < WINDOW; k++)
                before[k] = interval[i - WINDOW + k];
            usual = mt_median(before, WINDOW);
        }
        fast = interval[i] < FAST * usual ? fast + 1 : 0;
        if (fast == FAST_INTERVALS)
            add(s, MT_M_NUM_GC, gc->cycles_by_time[i]->time_ns, interval[i], usual, NAN,
                "5 collections in a row in less than half of the usual interval");
    }
    mt_arena_clear(&scratch);
}

static int by_time(const void *a, const void *b)
{
    const struct mt_anomaly *x = a, *y = b;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return (x->metric > y->metric) - (x->metric < y->metric);
}

void mt_signal_anomalies(struct mt_signals *s)
{
    static const enum mt_metric metrics[] = {MT_M_SYS,        MT_M_RSS,     MT_M_STACK_INUSE,
                                             MT_M_GOROUTINES, MT_M_THREADS, MT_M_OPEN_FDS};
    struct mt_assessment *a = s->assessment;
    a->anomalies = MT_NEW_N(s->arena, struct mt_anomaly, MOST);
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        jumps(s, metrics[i]);
    fast_collections(s);
    if (a->n_anomalies)
        qsort(a->anomalies, a->n_anomalies, sizeof *a->anomalies, by_time);
}
