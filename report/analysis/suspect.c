/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the growth of a site passes, and what else in the bundle agrees with it. */
#include "report/analysis/suspect.h"

#include <math.h>

static const char *const no_trend = "no steady trend", *const levels_off = "levels off";
enum { FINER = 4, FINE = 30 }; /* times as many points as the site has snapshots, and so many */
static const double NEARLY_P = 0.17;         /* four points, one pair of them the wrong way round */
static const double CARRIES = 0.5;           /* of the metric's growth */
static const double NEVER_ENDED_LEAST = 5.0; /* goroutines of a trace */
static const double NEVER_ENDED_SHARE = 0.9; /* of those made in the window */

double mt_suspect_pattern(const struct mt_site_sums *sums, enum mt_pattern pattern)
{
    const struct mt_site *site = sums->site;
    if (!sums->best_at)
        return 0.0;
    const struct mt_point *p = &site->points[sums->best_at - 1];
    double value = site->goroutines ? p->goroutines : p->bytes;
    return value > 0.0 ? sums->by_pattern[pattern] / value : 0.0;
}

/* The site's series follows the load. */
static bool follows_load(const struct mt_signals *s, const struct mt_site *site)
{
    struct mt_arena scratch = {0};
    int64_t *at = MT_NEW_N(&scratch, int64_t, site->n_points);
    double *value = MT_NEW_N(&scratch, double, site->n_points), correlation;
    for (size_t i = 0; i < site->n_points; i++) {
        at[i] = site->points[i].time_ns;
        value[i] = site->goroutines ? site->points[i].goroutines : site->points[i].bytes;
    }
    struct mt_effect effect = {.absolute = site->goroutines ? MT_LEAST_GOROUTINES : MT_LEAST_BYTES};
    bool follows = mt_load_explains(s, at, value, site->n_points, &effect, &correlation);
    mt_arena_clear(&scratch);
    return follows;
}

/* Goroutines that the runtime, signals and tests start for themselves: a service with more
 * processors has more of them. */
static bool is_machinery(const struct mt_signals *s, const struct mt_site *site)
{
    static const char *const packages[] = {"os/signal", "testing", "internal/trace"};
    struct mt_span package = mt_string(s->bundle->strings, site->package);
    bool own = site->origin == MT_ORIGIN_RUNTIME;
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
        own = own || mt_span_is(package, packages[i]);
    return own;
}

/* The part of the judgement that bytes and goroutines share: effect, amount, shape, load. */
static struct mt_suspicion judge(const struct mt_signals *s, const struct mt_site_sums *sums,
                                 double least)
{
    const struct mt_site *site = sums->site;
    const struct mt_trend *t = &site->trend;
    struct mt_suspicion v = {0};
    double first = site->n_points
                       ? (site->goroutines ? site->points[0].goroutines : site->points[0].bytes)
                       : 0.0;
    double rise = t->n >= MT_LEAST_SNAPSHOTS ? fmax(site->growth, mt_trend_rise(t)) : site->growth;
    if (sums->capture) {
        v.set_aside = "the capture's own work";
        return v;
    }
    if (site->goroutines && is_machinery(s, site)) {
        v.set_aside = "the runtime's own";
        return v;
    }
    if (sums->crowded) {
        v.set_aside = "many others grew more";
        return v;
    }
    if (rise < least || rise < MT_LEAST_RELATIVE * first) {
        v.set_aside = t->shape == MT_SHAPE_BURST     ? "up and back"
                      : t->shape == MT_SHAPE_FALLING ? "falls"
                                                     : "steady";
        return v;
    }
    v.candidate = !site->inside_noise && site->amount_p < MT_SIGNIFICANT;
    if (!v.candidate) {
        v.unsure = true;
        v.set_aside = "inside the sampling noise";
        return v;
    }
    if (t->n < MT_LEAST_SNAPSHOTS)
        return v;
    if (t->shape == MT_SHAPE_ONE_STEP)
        v.set_aside = "one step";
    else if (t->shape == MT_SHAPE_BURST)
        v.set_aside = "up and back";
    else if (!t->significant)
        v.set_aside = no_trend;
    else if (t->plateau && t->shape != MT_SHAPE_STEPS)
        v.set_aside = levels_off;
    else if (follows_load(s, site))
        v.set_aside = "follows the load";
    v.passes = !v.set_aside;
    v.settled = v.set_aside && v.set_aside != no_trend;
    v.candidate = v.passes;
    v.unsure = t->n <= MT_PROOF_SNAPSHOTS && (v.set_aside == no_trend || v.set_aside == levels_off);
    return v;
}

/* With few snapshots one dip hides any trend from a rank test, and so does a growth that began
 * late; with four or five the last third is one interval. Where the amount is beyond doubt, a
 * metric rises significantly to its end and the site carries most of that, the metric stands in for
 * the shape. */
static void lean_on_metric(struct mt_suspicion *v, const struct mt_site *site, bool metric_rises,
                           double metric_growth)
{
    const struct mt_trend *t = &site->trend;
    bool dip = v->set_aside == no_trend && t->p < NEARLY_P && !t->plateau;
    bool coarse = v->set_aside == levels_off && t->n <= MT_PROOF_SNAPSHOTS;
    if ((!dip && !coarse) || !metric_rises || site->amount_p >= MT_PROOF_AMOUNT_P ||
        site->growth < CARRIES * metric_growth)
        return;
    v->set_aside = NULL;
    v->candidate = v->passes = true;
}

/* The same with no metric to lean on: open, so to be watched, as three snapshots would be. */
static void leave_open(struct mt_suspicion *v, const struct mt_site *site)
{
    const struct mt_trend *t = &site->trend;
    if (v->set_aside != no_trend || t->n > MT_PROOF_SNAPSHOTS || !(t->p < NEARLY_P) || t->plateau ||
        site->amount_p >= MT_PROOF_AMOUNT_P)
        return;
    v->set_aside = NULL;
    v->candidate = true;
}

/* A floor of many more points, of whose rise the site carries most, levels off: beyond its own
 * error, so that the intervals of its slopes over all and over the last half do not meet. A last
 * third that lies low by chance says nothing against a site. */
static bool floor_levels_off(const struct mt_signals *s, const struct mt_site *site)
{
    const struct mt_floor *f = &s->assessment->floor;
    const struct mt_trend *t = &site->trend, *floor = &f->trend;
    return f->present && !s->floor_weak && !s->floor_agrees && floor->significant &&
           floor->plateau && f->last_half.high < floor->low && floor->n >= FINE &&
           floor->n >= FINER * t->n && site->growth >= CARRIES * s->floor_growth;
}

struct mt_suspicion mt_suspect_heap(const struct mt_signals *s, const struct mt_site_sums *sums)
{
    struct mt_suspicion v = judge(s, sums, MT_LEAST_BYTES);
    if (sums->site->growth >= MT_PROOF_BYTES)
        lean_on_metric(&v, sums->site, s->floor_rises && !s->floor_weak, s->floor_growth);
    leave_open(&v, sums->site);
    bool floor_settles = floor_levels_off(s, sums->site);
    if (v.passes && floor_settles && sums->site->trend.open_end) { /* few samples leave it open */
        v.candidate = v.passes = false;
        v.set_aside = levels_off;
    }
    if (!v.candidate)
        return v;
    const struct mt_trend *t = &sums->site->trend;
    v.agrees[MT_DIM_SITES] = v.passes;
    v.agrees[MT_DIM_METRICS] =
        s->floor_agrees || mt_trend_grows(mt_signal_trend(s, MT_M_HEAP_OBJECTS));
    v.agrees[MT_DIM_TIMELINE] = s->trace_floor_rises;
    v.disagrees[MT_DIM_METRICS] = s->floor_falls;
    v.proven = v.passes && t->n >= MT_PROOF_SNAPSHOTS && t->p < MT_PROOF_SHAPE_P &&
               sums->site->amount_p < MT_PROOF_AMOUNT_P && sums->site->growth >= MT_PROOF_BYTES &&
               !s->floor_falls && !floor_settles;
    return v;
}

bool mt_suspect_in_traces(const struct mt_signals *s, const struct mt_site_sums *sums,
                          uint64_t *created, uint64_t *never_ended, const char **input)
{
    const struct mt_bundle *b = s->bundle;
    bool known = false;
    *created = *never_ended = 0;
    for (size_t t = 0; t < b->n_traces; t++)
        for (size_t i = 0; i < b->traces[t]->n_sites; i++) {
            const struct mt_trace_site *site = &b->traces[t]->sites[i];
            bool same = (site->start_function && site->start_function == sums->root) ||
                        (site->start_function && site->start_function == sums->site->function) ||
                        (site->wait_function && site->wait_function == sums->site->function);
            if (!same)
                continue;
            known = true;
            *created += site->created;
            *never_ended += site->never_ended;
            *input = b->trace_inputs[t]->path;
        }
    return known;
}

static bool always_rises(const struct mt_site *site)
{
    for (size_t i = 1; i < site->n_points; i++)
        if (site->points[i].goroutines <= site->points[i - 1].goroutines)
            return false;
    return true;
}

struct mt_suspicion mt_suspect_goroutines(const struct mt_signals *s,
                                          const struct mt_site_sums *sums)
{
    struct mt_suspicion v = judge(s, sums, MT_LEAST_GOROUTINES);
    const struct mt_trend *count = mt_signal_trend(s, MT_M_GOROUTINES);
    lean_on_metric(&v, sums->site, mt_trend_grows(count), mt_trend_rise(count));
    leave_open(&v, sums->site);
    if (!v.candidate)
        return v;
    const struct mt_trend *t = &sums->site->trend;
    bool total_rises = mt_trend_grows(&s->goroutines.total);
    v.agrees[MT_DIM_SITES] = v.passes;
    v.agrees[MT_DIM_METRICS] = mt_trend_grows(count) ||
                               mt_trend_grows(mt_signal_trend(s, MT_M_THREADS)) ||
                               mt_trend_grows(mt_signal_trend(s, MT_M_STACK_INUSE));
    uint64_t created, never_ended;
    const char *input = NULL;
    if (mt_suspect_in_traces(s, sums, &created, &never_ended, &input) && created) {
        double stay = (double)never_ended;
        v.agrees[MT_DIM_TIMELINE] =
            stay >= NEVER_ENDED_LEAST && stay >= NEVER_ENDED_SHARE * (double)created;
        v.disagrees[MT_DIM_TIMELINE] = created >= 20 && stay < 0.1 * (double)created;
    }
    v.disagrees[MT_DIM_METRICS] = s->by_metric[MT_M_GOROUTINES] &&
                                  s->by_metric[MT_M_GOROUTINES]->trend.shape == MT_SHAPE_FALLING;
    v.total_stands = s->goroutines.total.n >= MT_LEAST_SNAPSHOTS && !total_rises;
    /* three exact counts, each above the one before, of which the first are still there */
    if (t->n == 3 && sums->ids_kept >= (size_t)MT_LEAST_GOROUTINES && always_rises(sums->site) &&
        s->goroutines.snapshots.items[2].total > s->goroutines.snapshots.items[0].total)
        v.passes = v.proven = v.agrees[MT_DIM_SITES] = true;
    v.proven = v.proven || (v.passes && total_rises && t->n >= MT_LEAST_SNAPSHOTS);
    return v;
}

double mt_goroutine_bytes(const struct mt_signals *s)
{
    const struct mt_trend *stack = mt_signal_trend(s, MT_M_STACK_INUSE);
    const struct mt_site_table *t = &s->goroutines;
    if (!stack || t->snapshots.n < 2)
        return MT_GOROUTINE_STACK;
    double more = t->snapshots.items[t->snapshots.n - 1].total - t->snapshots.items[0].total;
    double bytes = mt_trend_rise(stack);
    if (more < MT_LEAST_GOROUTINES || bytes <= 0.0)
        return MT_GOROUTINE_STACK;
    return fmax(bytes / more, 2 * MT_KIB);
}
