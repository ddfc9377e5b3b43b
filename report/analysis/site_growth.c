/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the numbers of a site say. Growth is tested in two parts: the amount by the samples behind
 * the first and the last value, corrected for how many sites were looked at, and the shape by the
 * rank test over all snapshots.
 */
#include "report/analysis/engine.h"
#include "report/analysis/sites.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

static const double STEEP_ALLOC_SHARE = 0.10; /* of all allocation: a steep allocator */
static const double RETAINED = 0.50;          /* of what was allocated is still there */
static const double CHURN_TURNS = 10.0;       /* allocates its live size that many times over */

static double value_at(const struct mt_site *site, size_t i)
{
    return site->goroutines ? site->points[i].goroutines : site->points[i].bytes;
}

/* 95% interval from sampling: the value as so many equal samples as give its variance. */
static void interval(struct mt_point *p, double bytes, double variance, double rate)
{
    if (bytes <= 0.0) {
        p->low = 0.0;
        p->high = mt_poisson_interval(0.0, 0.95).high * rate;
        return;
    }
    double samples = variance > 0.0 ? bytes * bytes / variance : INFINITY;
    if (samples > 1e7) {
        p->low = p->high = bytes;
        return;
    }
    struct mt_interval in = mt_poisson_interval(samples, 0.95);
    p->low = bytes * in.low / samples;
    p->high = bytes * in.high / samples;
}

static double noise_of(const struct mt_site_sums *sums)
{
    double noise = 0.0;
    for (size_t i = 0; i < sums->site->n_points; i++)
        noise = fmax(noise, sums->variance[i]);
    return sqrt(noise);
}

/* Bytes behind one sample of the last value; at least an object, since objects come by chance even
 * where every one of them is seen. */
static double sample_of(const struct mt_site_sums *sums)
{
    size_t last = sums->site->n_points - 1;
    return sums->sampled[last] > 0.0 ? sums->site->points[last].bytes / sums->sampled[last] : 0.0;
}

static void judge_trend(const struct mt_site_table *t, struct mt_site_sums *sums)
{
    struct mt_arena scratch = {0};
    struct mt_site *site = sums->site;
    int64_t *at = MT_NEW_N(&scratch, int64_t, site->n_points);
    double *value = MT_NEW_N(&scratch, double, site->n_points);
    size_t n = 0;
    for (size_t i = 0; i < site->n_points; i++) {
        /* the same collection twice is one measurement */
        if (t->snapshots.items[i].stale && !t->goroutines)
            continue;
        at[n] = site->points[i].time_ns;
        value[n++] = value_at(site, i);
    }
    struct mt_effect effect = {
        .absolute = t->goroutines ? MT_LEAST_GOROUTINES : MT_LEAST_BYTES,
        .relative = MT_LEAST_RELATIVE,
        .noise = t->goroutines ? 0.0 : noise_of(sums),
        .sample = t->goroutines ? 0.0 : sample_of(sums),
    };
    site->trend = mt_trend_of(at, value, n, &effect);
    mt_arena_clear(&scratch);
}

static void judge_amount(const struct mt_site_table *t, struct mt_site_sums *sums)
{
    struct mt_site *site = sums->site;
    size_t last = site->n_points - 1;
    double first_value = value_at(site, 0), last_value = value_at(site, last);
    site->sampled_first = sums->sampled[0];
    site->sampled_last = sums->sampled[last];
    site->growth = last_value - first_value;
    site->growth_objects =
        t->goroutines ? NAN : site->points[last].objects - site->points[0].objects;
    double total = t->snapshots.items[last].total - t->snapshots.items[0].total;
    site->share_of_growth = total > 0.0 ? site->growth / total : 0.0;
    site->amount_p = mt_counts_grow_p(site->sampled_first, site->sampled_last);
    double shrink_p = mt_counts_grow_p(site->sampled_last, site->sampled_first);
    site->inside_noise = !t->goroutines && fmin(site->amount_p, shrink_p) >= 0.025;
}

static double seconds_between(const struct mt_site *site, size_t from, size_t to)
{
    return (double)(site->points[to].time_ns - site->points[from].time_ns) / 1e9;
}

/* Objects allocated per second between two snapshots; NaN when the counters do not say. */
static double alloc_rate(const struct mt_site_sums *sums, size_t from, size_t to)
{
    double seconds = seconds_between(sums->site, from, to);
    double more = sums->allocated[to] - sums->allocated[from];
    return seconds > 0.0 && more >= 0.0 && sums->allocated[to] > 0.0 ? more / seconds : NAN;
}

static void judge_rates(const struct mt_site_table *t, struct mt_site_sums *sums,
                        double all_allocated)
{
    struct mt_site *site = sums->site;
    site->alloc_rate = site->inuse_rate = site->age_first_s = site->age_last_s = NAN;
    site->stage = MT_STAGE_STEADY;
    size_t last = site->n_points - 1;
    double seconds = last ? seconds_between(site, 0, last) : 0.0;
    if (t->goroutines || !t->snapshots.timed || seconds <= 0.0)
        return;
    site->inuse_rate = site->growth_objects / seconds;
    site->alloc_rate = alloc_rate(sums, 0, last);
    size_t half = last / 2 ? last / 2 : 1;
    double early = alloc_rate(sums, 0, half), late = alloc_rate(sums, last - half, last);
    if (early > 0.0)
        site->age_first_s = site->points[0].objects / early;
    if (late > 0.0)
        site->age_last_s = site->points[last].objects / late;

    double bytes = sums->alloc_bytes[last] - sums->alloc_bytes[0];
    bool known = isfinite(site->alloc_rate) && bytes > 0.0;
    bool steep = known && bytes >= STEEP_ALLOC_SHARE * all_allocated;
    double level = fmax(site->points[last].bytes, MT_LEAST_BYTES);
    if (mt_trend_grows(&site->trend) || site->trend.shape == MT_SHAPE_STEPS)
        site->stage =
            (steep && site->growth >= RETAINED * bytes) || site->trend.shape == MT_SHAPE_STEPS
                ? MT_STAGE_BURST_LEAK
                : MT_STAGE_SLOW_LEAK;
    else if (steep && bytes >= CHURN_TURNS * level)
        site->stage = MT_STAGE_CHURN;
}

static void judge_total(struct mt_site_table *t)
{
    struct mt_arena scratch = {0};
    int64_t *at = MT_NEW_N(&scratch, int64_t, t->snapshots.n);
    double *value = MT_NEW_N(&scratch, double, t->snapshots.n);
    size_t n = 0;
    for (size_t i = 0; i < t->snapshots.n; i++) {
        if (t->snapshots.items[i].stale && !t->goroutines)
            continue;
        at[n] = t->snapshots.items[i].time_ns;
        value[n++] = t->snapshots.items[i].total;
    }
    struct mt_effect effect = {.absolute = t->goroutines ? MT_LEAST_GOROUTINES : MT_LEAST_BYTES,
                               .relative = MT_LEAST_RELATIVE};
    t->total = mt_trend_of(at, value, n, &effect);
    mt_arena_clear(&scratch);
}

/* Corrects the amounts over the sites that reach the minimum effect. */
static void correct_amounts(struct mt_site_table *t)
{
    struct mt_arena scratch = {0};
    double *p = MT_NEW_N(&scratch, double, t->n);
    double least = t->goroutines ? MT_LEAST_GOROUTINES : MT_LEAST_BYTES;
    for (size_t i = 0; i < t->n; i++) {
        const struct mt_site *site = t->items[i];
        bool candidate =
            site->growth >= least && site->growth >= MT_LEAST_RELATIVE * value_at(site, 0);
        p[i] = candidate ? site->amount_p : NAN;
    }
    mt_benjamini_hochberg(p, t->n);
    for (size_t i = 0; i < t->n; i++)
        if (!isnan(p[i]))
            t->items[i]->amount_p = p[i];
    mt_arena_clear(&scratch);
}

static int by_growth(const void *a, const void *b)
{
    const struct mt_site_sums *x = *(struct mt_site_sums *const *)a,
                              *y = *(struct mt_site_sums *const *)b;
    double u = x->site->growth, v = y->site->growth;
    return u != v
               ? (u > v ? -1 : 1)
               : (x->site->function > y->site->function) - (x->site->function < y->site->function);
}

/* Findings are compared with each other, so an input that makes any number of sites grow may not
 * make as many findings. */
static void mark_crowded(struct mt_site_table *t)
{
    struct mt_arena scratch = {0};
    struct mt_site_sums **grown = MT_NEW_N(&scratch, struct mt_site_sums *, t->n);
    double least = t->goroutines ? MT_LEAST_GOROUTINES : MT_LEAST_BYTES;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (t->items[i]->growth >= least)
            grown[n++] = t->sums[i];
    if (n > MT_MOST_CANDIDATES)
        qsort(grown, n, sizeof *grown, by_growth);
    for (size_t i = MT_MOST_CANDIDATES; i < n; i++)
        grown[i]->crowded = true;
    t->n_crowded = n > MT_MOST_CANDIDATES ? n - MT_MOST_CANDIDATES : 0;
    mt_arena_clear(&scratch);
}

void mt_sites_judge(struct mt_site_table *t)
{
    if (!t->snapshots.n)
        return;
    double allocated = 0.0;
    size_t last = t->snapshots.n - 1;
    for (size_t i = 0; i < t->n; i++)
        allocated += t->sums[i]->alloc_bytes[last] - t->sums[i]->alloc_bytes[0];
    judge_total(t);
    for (size_t i = 0; i < t->n; i++) {
        struct mt_site_sums *sums = t->sums[i];
        for (size_t k = 0; k < t->snapshots.n; k++) {
            struct mt_point *p = &sums->site->points[k];
            if (t->goroutines) {
                p->low = p->high = p->goroutines;
                continue;
            }
            int64_t period = t->snapshots.items[k].profile->period;
            interval(p, p->bytes, sums->variance[k], period > 0 ? (double)period : 512.0 * MT_KIB);
        }
        judge_trend(t, sums);
        judge_amount(t, sums);
        judge_rates(t, sums, allocated);
    }
    correct_amounts(t);
    mark_crowded(t);
}
