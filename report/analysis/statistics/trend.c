/* SPDX-License-Identifier: Apache-2.0 */
/* Theil-Sen on at most MT_TREND_BLOCKS points, so a trend costs the same for 100 polls as for a
 * day of them. */
#include "report/analysis/statistics/trend.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double PLATEAU_P = 0.05;
enum { LEVELS = 15 };
enum { MOST_SLOPES = MT_TREND_BLOCKS * (MT_TREND_BLOCKS - 1) / 2 };

struct points {
    size_t n;
    double at[MT_TREND_BLOCKS]; /* seconds since the first */
    double value[MT_TREND_BLOCKS];
};

static double median_of(const double *v, size_t n)
{
    double small[64];
    if (n <= 64) {
        memcpy(small, v, n * sizeof *v);
        return mt_median(small, n);
    }
    struct mt_arena scratch = {0};
    double *copy = MT_NEW_N(&scratch, double, n);
    memcpy(copy, v, n * sizeof *v);
    double m = mt_median(copy, n);
    mt_arena_clear(&scratch);
    return m;
}

/* Blocks of equal numbers of points: median value at the mean time. The ends keep their times, so
 * that the window stays what it is. */
static void reduce(const int64_t *time_ns, const double *value, size_t n, struct points *out)
{
    out->n = n < MT_TREND_BLOCKS ? n : MT_TREND_BLOCKS;
    for (size_t b = 0; b < out->n; b++) {
        size_t from = b * n / out->n, to = (b + 1) * n / out->n;
        double at = 0.0;
        for (size_t i = from; i < to; i++)
            at += (double)(time_ns[i] - time_ns[0]) / 1e9;
        out->at[b] = at / (double)(to - from);
        out->value[b] = to - from == 1 ? value[from] : median_of(value + from, to - from);
    }
}

/* The rank-th smallest (from 1); reorders v. */
static double select_rank(double *v, size_t n, size_t rank)
{
    size_t low = 0, high = n - 1, want = rank - 1;
    while (low < high) {
        double pivot = v[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (v[i] < pivot)
                i++;
            while (pivot < v[j])
                j--;
            if (i >= j)
                break;
            double t = v[i];
            v[i++] = v[j];
            v[j--] = t;
        }
        if (v[j] > pivot) /* crossed on a larger one */
            j--;
        if (want <= j)
            high = j;
        else
            low = j + 1;
    }
    return v[low];
}

static size_t slopes_of(const struct points *p, double *slope)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = i + 1; j < p->n; j++)
            if (p->at[j] > p->at[i])
                slope[n++] = (p->value[j] - p->value[i]) / (p->at[j] - p->at[i]);
    return n;
}

/* Lag-1 autocorrelation of the residuals, not below 0; r2 of the line on the way. */
static double fit_quality(const struct points *p, double slope, double intercept, double *r2)
{
    double mean = 0.0, total = 0.0, rest = 0.0, lag = 0.0, before = 0.0, residual_mean = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        mean += p->value[i] / (double)p->n;
        residual_mean += (p->value[i] - intercept - slope * p->at[i]) / (double)p->n;
    }
    double variance = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        double residual = p->value[i] - intercept - slope * p->at[i];
        double centred = residual - residual_mean;
        rest += residual * residual;
        variance += centred * centred;
        lag += i ? centred * before : 0.0;
        before = centred;
        total += (p->value[i] - mean) * (p->value[i] - mean);
    }
    *r2 = total > 0.0 ? 1.0 - rest / total : 0.0;
    *r2 = *r2 < 0.0 ? 0.0 : *r2;
    double r = variance > 0.0 ? lag / variance : 0.0;
    return r > 0.0 ? r : 0.0;
}

/* Running medians of 3, of values and times alike: collections come in ever longer intervals while
 * a heap grows, so a level belongs where its own points lie, not at the end of the window. */
static void smooth(const struct points *p, struct points *out)
{
    struct points blocks;
    if (p->n >= 2 * LEVELS) { /* the more points, the less one of them may say */
        blocks.n = LEVELS;
        for (size_t b = 0; b < LEVELS; b++) {
            size_t from = b * p->n / LEVELS, count = (b + 1) * p->n / LEVELS - from;
            blocks.at[b] = median_of(p->at + from, count);
            blocks.value[b] = median_of(p->value + from, count);
        }
        p = &blocks;
    }
    out->n = p->n - 2;
    for (size_t i = 0; i < out->n; i++) {
        out->at[i] = median_of(p->at + i, 3);
        out->value[i] = median_of(p->value + i, 3);
    }
}

/* Whether the last third grows at less than half of the mean rate. Samples and objects come one by
 * one, as a Poisson process does: it has to be less than a straight line adds by chance, and it is
 * open while it is neither that nor more than half a line adds. */
static bool adds_too_little(double added, double rise, double sample, bool *open)
{
    bool little = added * 3.0 < 0.5 * rise;
    *open = false;
    if (sample <= 0.0)
        return little;
    double line = rise / 3.0 / sample, got = fmax(added, 0.0) / sample;
    bool below_line = 1.0 - mt_gamma_lower(got + 1.0, line) < PLATEAU_P;
    bool above_half = got > 0.0 && mt_gamma_lower(got, 0.5 * line) < PLATEAU_P;
    little = little && below_line;
    *open = !little && !above_half;
    return little;
}

static bool is_plateau(const struct points *points, const struct mt_effect *effect, bool *open)
{
    bool polled = effect->polled;
    struct points smoothed;
    const struct points *p = points;
    if (polled && points->n >= 5) {
        smooth(points, &smoothed);
        p = &smoothed;
    }
    double first = p->value[0], last = p->value[p->n - 1], from = p->at[0];
    double span = p->at[p->n - 1] - from, knee = from + span * 2.0 / 3.0;
    if (!(last > first) || !(span > 0.0))
        return true;
    size_t i = 1;
    while (i + 1 < p->n && p->at[i] < knee)
        i++;
    double step = p->at[i] - p->at[i - 1], part = step > 0.0 ? (knee - p->at[i - 1]) / step : 1.0;
    double level = p->value[i - 1] + part * (p->value[i] - p->value[i - 1]);
    return adds_too_little(last - level, last - first, effect->sample, open);
}

static void fit(struct mt_trend *t, const struct points *p, const struct mt_effect *effect)
{
    double slope[MOST_SLOPES], offset[MT_TREND_BLOCKS];
    size_t n = slopes_of(p, slope);
    if (n == 0)
        return;
    double lower = select_rank(slope, n, (n + 1) / 2);
    t->slope = n % 2 ? lower : 0.5 * (lower + select_rank(slope, n, n / 2 + 1));
    for (size_t i = 0; i < p->n; i++)
        offset[i] = p->value[i] - t->slope * p->at[i];
    t->intercept = mt_median(offset, p->n);
    double span = p->at[p->n - 1];
    t->first = t->intercept;
    t->last = t->intercept + t->slope * span;
    double r = fit_quality(p, t->slope, t->intercept, &t->r2);
    t->low = t->high = NAN;
    if (p->n < MT_TREND_LEAST)
        return;
    double size = (double)p->n, effective = size;
    if (p->n > MT_KENDALL_EXACT)
        effective = fmax(2.0, size * (1.0 - r) / (1.0 + r));
    t->p = mt_kendall_p(p->value, p->n, effective);
    size_t rank = mt_kendall_rank(p->n, size / effective, &t->coverage);
    rank = rank > (n + 1) / 2 ? (n + 1) / 2 : rank;
    t->low = select_rank(slope, n, rank);
    t->high = select_rank(slope, n, n + 1 - rank);
    double rise = t->slope * span,
           least = fmax(effect->absolute, effect->relative * fabs(t->first));
    t->plateau = is_plateau(p, effect, &t->open_end);
    t->significant = t->p < 0.05 && rise >= least;
    t->shape = mt_shape_of(p->at, p->value, p->n, t->p, t->plateau, effect);
}

struct mt_trend mt_trend_of(const int64_t *time_ns, const double *value, size_t n,
                            const struct mt_effect *effect)
{
    struct mt_trend t = {.n = n, .p = NAN, .low = NAN, .high = NAN, .slope = NAN, .r2 = NAN};
    if (n == 0)
        return t;
    t.start_ns = time_ns[0];
    t.end_ns = time_ns[n - 1];
    t.intercept = t.first = value[0];
    t.last = value[n - 1];
    if (n == 1)
        return t;
    struct points p;
    reduce(time_ns, value, n, &p);
    fit(&t, &p, effect);
    return t;
}

double mt_trend_at(const struct mt_trend *t, int64_t time_ns)
{
    return t->intercept + t->slope * (double)(time_ns - t->start_ns) / 1e9;
}
