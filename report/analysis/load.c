/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The work the process did over time, so that growth with the load is not called a leak. Requests
 * count best, allocated bytes next, collections last.
 */
#include "report/analysis/engine.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BUCKETS = 30, LEAST_REQUESTS = 60 };
static const double EXPLAINS_CORRELATION = 0.7;
static const double MORE_THAN_LOAD = 1.25; /* growth beyond the load's own factor is retention */

static void take(struct mt_signals *s, const char *source, const struct mt_series *counter,
                 const int64_t *at, const double *rate, size_t n)
{
    struct mt_load *l = &s->load;
    int64_t *time_ns = MT_NEW_N(s->arena, int64_t, n);
    double *copy = MT_NEW_N(s->arena, double, n);
    memcpy(time_ns, at, n * sizeof *at);
    memcpy(copy, rate, n * sizeof *rate);
    *l = (struct mt_load){source, counter, false, n, time_ns, copy};
    /* medians of thirds: a trend or a burst moves them, scatter does not */
    double third[3], all[MOST_BUCKETS], part[MOST_BUCKETS];
    for (size_t k = 0; k < 3; k++) {
        size_t from = k * n / 3, count = (k + 1) * n / 3 - from;
        memcpy(part, rate + from, count * sizeof *part);
        third[k] = mt_median(part, count);
    }
    memcpy(all, rate, n * sizeof *all);
    double level = mt_median(all, n);
    double low = fmin(third[0], fmin(third[1], third[2]));
    double high = fmax(third[0], fmax(third[1], third[2]));
    l->moves = high - low >= MT_LOAD_MOVES * level;
}

static bool from_requests(struct mt_signals *s)
{
    const struct mt_bundle *b = s->bundle;
    size_t counted = 0;
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < b->n_requests; i++) {
        if (!b->requests[i]->root || b->requests[i]->start_ns == MT_NO_TIME)
            continue;
        counted++;
        first = b->requests[i]->start_ns < first ? b->requests[i]->start_ns : first;
        last = b->requests[i]->start_ns > last ? b->requests[i]->start_ns : last;
    }
    if (counted < LEAST_REQUESTS || last <= first)
        return false;
    int64_t at[MOST_BUCKETS];
    double rate[MOST_BUCKETS] = {0};
    double width = (double)(last - first) / MOST_BUCKETS;
    for (size_t i = 0; i < b->n_requests; i++) {
        if (!b->requests[i]->root || b->requests[i]->start_ns == MT_NO_TIME)
            continue;
        size_t k = (size_t)((double)(b->requests[i]->start_ns - first) / width);
        rate[k < MOST_BUCKETS ? k : MOST_BUCKETS - 1] += 1e9 / width;
    }
    for (size_t k = 0; k < MOST_BUCKETS; k++)
        at[k] = first + (int64_t)(((double)k + 0.5) * width);
    take(s, "request spans", NULL, at, rate, MOST_BUCKETS);
    return true;
}

static bool from_counter(struct mt_signals *s, enum mt_metric metric, const char *source)
{
    const struct mt_series *series = mt_signal_series(s, metric);
    if (!series || series->n < 5 || series->time_ns[series->n - 1] <= series->time_ns[0])
        return false;
    size_t n = series->n - 1 < MOST_BUCKETS ? series->n - 1 : MOST_BUCKETS, kept = 0;
    int64_t at[MOST_BUCKETS];
    double rate[MOST_BUCKETS];
    for (size_t k = 0; k < n; k++) {
        size_t from = k * (series->n - 1) / n, to = (k + 1) * (series->n - 1) / n;
        int64_t span = series->time_ns[to] - series->time_ns[from];
        double more = series->value[to] - series->value[from];
        if (span <= 0 || more < 0.0)
            continue;
        at[kept] = series->time_ns[from] + span / 2;
        rate[kept++] = more * 1e9 / (double)span;
    }
    if (kept < 4)
        return false;
    take(s, source, series, at, rate, kept);
    return true;
}

void mt_signal_load(struct mt_signals *s)
{
    if (!from_requests(s) && !from_counter(s, MT_M_REQUESTS, "request counter") &&
        !from_counter(s, MT_M_TOTAL_ALLOC, "allocation rate") &&
        !from_counter(s, MT_M_MALLOCS, "allocation rate"))
        from_counter(s, MT_M_NUM_GC, "collection rate");
}

static double load_at(const struct mt_load *l, int64_t time_ns)
{
    size_t best = 0;
    for (size_t i = 1; i < l->n; i++)
        if (llabs(l->time_ns[i] - time_ns) < llabs(l->time_ns[best] - time_ns))
            best = i;
    return l->rate[best];
}

static double pearson(const double *x, const double *y, size_t n)
{
    double mx = 0.0, my = 0.0, xy = 0.0, xx = 0.0, yy = 0.0;
    for (size_t i = 0; i < n; i++) {
        mx += x[i] / (double)n;
        my += y[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        xy += (x[i] - mx) * (y[i] - my);
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
    }
    return xx > 0.0 && yy > 0.0 ? xy / sqrt(xx * yy) : 0.0;
}

static double third_median(const double *v, size_t n, bool last)
{
    double part[MT_TREND_BLOCKS];
    size_t count = n / 3 ? n / 3 : 1;
    memcpy(part, v + (last ? n - count : 0), count * sizeof *v);
    return mt_median(part, count);
}

/* By Little's law what is held grows with the rate when its age stays the same. Work that grows
 * because ever more is held (a copy of the store at each request) raises the rate too, but less. */
static bool outgrows(const double *x, const double *y, size_t n, double least)
{
    double before = fmax(third_median(y, n, false), least), after = third_median(y, n, true);
    double rate_before = third_median(x, n, false), rate_after = third_median(x, n, true);
    return rate_before <= 0.0 || after / before > MORE_THAN_LOAD * rate_after / rate_before;
}

bool mt_load_explains(const struct mt_signals *s, const int64_t *time_ns, const double *y, size_t n,
                      const struct mt_effect *effect, double *correlation)
{
    *correlation = NAN;
    if (!s->load.source || n < MT_LEAST_SNAPSHOTS)
        return false;
    struct mt_arena scratch = {0};
    size_t m = n < MT_TREND_BLOCKS ? n : MT_TREND_BLOCKS;
    int64_t *at = MT_NEW_N(&scratch, int64_t, m);
    double *x = MT_NEW_N(&scratch, double, m), *v = MT_NEW_N(&scratch, double, m);
    double *slope = MT_NEW_N(&scratch, double, m *m);
    size_t slopes = 0;
    for (size_t i = 0; i < m; i++) {
        size_t from = i * n / m, to = (i + 1) * n / m;
        at[i] = time_ns[from + (to - from) / 2];
        double *block = MT_NEW_N(&scratch, double, to - from);
        memcpy(block, y + from, (to - from) * sizeof *y);
        v[i] = mt_median(block, to - from);
        x[i] = load_at(&s->load, at[i]);
    }
    for (size_t i = 0; i < m; i++)
        for (size_t j = i + 1; j < m; j++)
            if (x[i] != x[j])
                slope[slopes++] = (v[j] - v[i]) / (x[j] - x[i]);
    *correlation = pearson(x, v, m);
    bool explains = false;
    if (s->load.moves && slopes && *correlation >= EXPLAINS_CORRELATION &&
        !outgrows(x, v, m, fmax(effect->absolute, 1.0))) {
        double b = mt_median(slope, slopes);
        for (size_t i = 0; i < m; i++)
            v[i] -= b * x[i];
        struct mt_effect absolute = *effect;
        absolute.relative = 0.0; /* the residual has no level of its own */
        struct mt_trend rest = mt_trend_of(at, v, m, &absolute);
        explains = b > 0.0 && !rest.significant;
    }
    mt_arena_clear(&scratch);
    return explains;
}
