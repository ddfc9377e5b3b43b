/* SPDX-License-Identifier: Apache-2.0 */
/* The finding of a site: everything but what its rule knows better. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>
#include <string.h>

enum { MOST_PATH = 512 };

const char *mt_short_name(const char *function)
{
    const char *from = function;
    for (const char *p = function; *p && *p != '[' && *p != '('; p++)
        from = *p == '/' ? p + 1 : from;
    return from;
}

static void culprit(struct mt_findings *out, struct mt_finding *f, const struct mt_site_sums *sums)
{
    const struct mt_site *site = sums->site;
    const struct mt_bundle *b = out->bundle;
    f->culprit.function = mt_bundle_text(b, site->function);
    f->culprit.package = site->package ? mt_bundle_text(b, site->package) : NULL;
    f->culprit.file = site->file ? mt_bundle_text(b, site->file) : NULL;
    f->culprit.line = site->line;
    f->culprit.creator = site->creator ? mt_bundle_text(b, site->creator) : NULL;
    f->culprit.wait = site->wait ? mt_bundle_text(b, site->wait) : NULL;
    mt_finding_stack(out, f, site->path, site->n_path < MOST_PATH ? site->n_path : MOST_PATH);
}

static void growth(struct mt_finding *f, const struct mt_site *site, bool timed)
{
    const struct mt_trend *t = &site->trend;
    if (site->goroutines) {
        f->growth.goroutines = site->growth;
        f->growth.in_goroutines = true;
    } else {
        f->growth.bytes = site->growth;
        f->growth.objects = site->growth_objects;
    }
    if (timed && t->n >= 2) {
        f->growth.per_second = t->slope;
        f->growth.low = t->low;
        f->growth.high = t->high;
    }
    f->amount_p = site->amount_p;
    f->shape_p = t->p;
}

static size_t rises(const struct mt_site *site)
{
    size_t n = 0;
    for (size_t i = 1; i < site->n_points; i++)
        n += site->goroutines ? site->points[i].goroutines > site->points[i - 1].goroutines
                              : site->points[i].bytes > site->points[i - 1].bytes;
    return n;
}

static const char *p_words(struct mt_arena *a, double p)
{
    if (isnan(p))
        return "no test";
    return p < 0.0001 ? "p < 0.0001" : mt_arena_printf(a, "p %.2g", p);
}

static void site_evidence(struct mt_findings *out, struct mt_finding *f, const struct mt_signals *s,
                          const struct mt_site_sums *sums)
{
    const struct mt_site *site = sums->site;
    struct mt_arena *a = out->arena;
    const struct mt_site_table *t = site->goroutines ? &s->goroutines : &s->heap;
    const struct mt_snapshot *last = &t->snapshots.items[t->snapshots.n - 1];
    const struct mt_point *from = &site->points[0], *to = &site->points[site->n_points - 1];
    const char *input = last->input ? last->input->path : NULL;
    if (site->goroutines)
        mt_finding_evidence(out, f, MT_DIM_SITES, "goroutine", input, to->goroutines, "goroutines",
                            "%s goroutines in the last snapshot, %s in the first; rose in %zu of "
                            "%zu intervals (%s)",
                            mt_fmt_count(a, to->goroutines), mt_fmt_count(a, from->goroutines),
                            rises(site), site->n_points - 1, p_words(a, site->trend.p));
    else
        mt_finding_evidence(
            out, f, MT_DIM_SITES, "heap", input, to->bytes, "bytes",
            "%s in the last snapshot (%s to %s by sampling), %s in the first; rose in %zu of %zu "
            "intervals (shape %s, amount %s)",
            mt_fmt_bytes(a, to->bytes), mt_fmt_bytes(a, to->low), mt_fmt_bytes(a, to->high),
            mt_fmt_bytes(a, from->bytes), rises(site), site->n_points - 1,
            p_words(a, site->trend.p), p_words(a, site->amount_p));
    if (site->goroutines || !isfinite(site->age_first_s) || !isfinite(site->age_last_s))
        return;
    const char *age = mt_fmt_duration(a, site->age_last_s * 1e9);
    const char *ages = site->age_first_s > 0.0 /* else there was no object in the first */
                           ? mt_arena_printf(a, "went from %s to %s",
                                             mt_fmt_duration(a, site->age_first_s * 1e9), age)
                           : mt_arena_printf(a, "came to %s", age);
    mt_finding_evidence(out, f, MT_DIM_SITES, "heap", input, site->age_last_s, "seconds",
                        "mean age of an object %s (in use / allocation rate)", ages);
}

static void metric_evidence(struct mt_findings *out, struct mt_finding *f,
                            const struct mt_signals *s, enum mt_metric metric, bool in_bytes)
{
    const struct mt_trend *t = mt_signal_trend(s, metric);
    if (!t || t->n < MT_LEAST_SNAPSHOTS)
        return;
    const struct mt_series *series = s->by_metric[metric]->series;
    double rise = mt_trend_rise(t);
    const char *change =
        in_bytes ? mt_fmt_bytes_delta(out->arena, rise) : mt_fmt_count_delta(out->arena, rise);
    mt_finding_evidence(out, f, MT_DIM_METRICS, series->source, series->input->path, rise,
                        in_bytes ? "bytes" : "count", "%s %s over the window (%s%s)",
                        mt_metric_info(metric)->name, change, p_words(out->arena, t->p),
                        mt_trend_grows(t) ? "" : ", no trend that counts");
}

static void floor_evidence(struct mt_findings *out, struct mt_finding *f,
                           const struct mt_signals *s)
{
    const struct mt_floor *floor = &s->assessment->floor;
    if (!floor->present || floor->trend.n < MT_LEAST_SNAPSHOTS)
        return;
    const char *verdict = s->floor_rises              ? ""
                          : floor->explained_by_load  ? ", with the load"
                          : floor->trend.plateau      ? ", levels off or stands"
                          : !floor->trend.significant ? ", no trend that counts"
                                                      : ", one step";
    mt_finding_evidence(out, f, MT_DIM_METRICS, floor->source, floor->input, s->floor_growth,
                        "bytes", "heap floor %s over the window (%zu collections, %s%s)",
                        mt_fmt_bytes_delta(out->arena, s->floor_growth), floor->n,
                        p_words(out->arena, floor->trend.p), verdict);
}

static void against(struct mt_findings *out, struct mt_finding *f, const struct mt_signals *s,
                    const struct mt_site_sums *sums, const struct mt_suspicion *v)
{
    const struct mt_site *site = sums->site;
    const struct mt_point *last = &site->points[site->n_points - 1];
    struct mt_arena *a = out->arena;
    const struct mt_snapshots *shots =
        site->goroutines ? &s->goroutines.snapshots : &s->heap.snapshots;
    if (v->disagrees[MT_DIM_METRICS])
        mt_finding_against(out, f, "The metrics disagree: %s over the same window.",
                           site->goroutines ? "the goroutine count falls" : "the heap floor falls");
    if (v->disagrees[MT_DIM_TIMELINE])
        mt_finding_against(out, f, "In the execution trace nearly all goroutines made here ended.");
    if (v->total_stands)
        mt_finding_against(out, f,
                           "All goroutines together do not grow: this group grows at the expense "
                           "of others, as idle connections do after a peak.");
    if (site->trend.n < MT_LEAST_SNAPSHOTS)
        mt_finding_against(out, f, "Only %zu snapshots: no test tells a trend from chance.",
                           site->trend.n);
    if (site->goroutines)
        mt_finding_against(out, f,
                           "A pool or a limit above %s goroutines would look the same so far.",
                           mt_fmt_count(a, last->goroutines));
    else
        mt_finding_against(out, f,
                           "A cache or queue with a cap above %s would look the same in this "
                           "window.",
                           mt_fmt_bytes(a, last->bytes));
    if (!site->goroutines && site->sampled_last < 20.0)
        mt_finding_against(out, f, "%.0f samples stand behind the last value: %s to %s.",
                           site->sampled_last, mt_fmt_bytes(a, last->low),
                           mt_fmt_bytes(a, last->high));
    if (!shots->timed)
        mt_finding_against(out, f,
                           "The snapshots have no times: their order is taken from their "
                           "names, and the rate is not known.");
}

static void sentence(struct mt_findings *out, struct mt_finding *f, const struct mt_site *site,
                     bool timed)
{
    struct mt_arena *a = out->arena;
    const struct mt_point *from = &site->points[0], *to = &site->points[site->n_points - 1];
    const char *window =
        timed ? mt_arena_printf(a, " in %s",
                                mt_fmt_duration(a, (double)(to->time_ns - from->time_ns)))
              : "";
    const char *name = mt_short_name(f->culprit.function);
    if (site->goroutines)
        f->sentence =
            mt_arena_printf(a, "%s holds %s goroutines (%s of all)%s%s, up %s%s.", name,
                            mt_fmt_count(a, to->goroutines), mt_fmt_share(a, to->share),
                            f->culprit.wait ? " in " : "", f->culprit.wait ? f->culprit.wait : "",
                            mt_fmt_count(a, site->growth), window);
    else
        f->sentence = mt_arena_printf(a, "%s holds %s (%s of live heap), up %s%s.", name,
                                      mt_fmt_bytes(a, to->bytes), mt_fmt_share(a, to->share),
                                      mt_fmt_bytes(a, site->growth), window);
}

static void confidence(struct mt_finding *f, const struct mt_suspicion *v,
                       const struct mt_site *site)
{
    unsigned dimensions = 0;
    for (size_t d = 0; d < MT_DIMS; d++)
        dimensions += v->agrees[d];
    bool strong = site->amount_p < MT_PROOF_AMOUNT_P && site->trend.n >= MT_PROOF_SNAPSHOTS;
    if (f->status == MT_STATUS_LEAK && dimensions >= 2 && strong) {
        f->confidence = MT_CONFIDENCE_HIGH;
        f->confidence_reason = dimensions == 3 ? "sites, metrics and timeline agree"
                               : v->agrees[MT_DIM_METRICS]
                                   ? "sites and metrics agree over five or more snapshots"
                                   : "sites and timeline agree over five or more snapshots";
    } else if (f->status == MT_STATUS_LEAK) {
        f->confidence = MT_CONFIDENCE_MEDIUM;
        f->confidence_reason = dimensions >= 2
                                   ? "two dimensions agree, over few snapshots or few samples"
                                   : "the sites alone prove it; nothing else measured agrees";
    } else {
        f->confidence = MT_CONFIDENCE_LOW;
        f->confidence_reason = site->trend.n < MT_LEAST_SNAPSHOTS ? "too few snapshots for a trend"
                                                                  : "no second dimension agrees";
    }
}

struct mt_finding *mt_suspect_add(struct mt_findings *out, const struct mt_rule *rule,
                                  const struct mt_case *c, struct mt_site_sums *sums,
                                  const struct mt_suspicion *v)
{
    struct mt_site *site = sums->site;
    if (!v->candidate) {
        site->set_aside = v->set_aside;
        return NULL;
    }
    const struct mt_signals *s = c->signals;
    bool timed = site->goroutines ? s->goroutines.snapshots.timed : s->heap.snapshots.timed;
    struct mt_finding *f = mt_finding_add(out, rule, 0.0);
    f->site = site;
    memcpy(f->dimension_agrees, v->agrees, sizeof f->dimension_agrees);
    bool second = v->agrees[MT_DIM_METRICS] || v->agrees[MT_DIM_TIMELINE];
    bool leak = v->passes && !v->total_stands && (second || v->proven);
    f->status = leak ? MT_STATUS_LEAK : MT_STATUS_WATCH;
    culprit(out, f, sums);
    growth(f, site, timed);
    confidence(f, v, site);
    site_evidence(out, f, s, sums);
    if (site->goroutines) {
        metric_evidence(out, f, s, MT_M_GOROUTINES, false);
        metric_evidence(out, f, s, MT_M_STACK_INUSE, true);
        uint64_t created, never;
        const char *input = NULL;
        if (mt_suspect_in_traces(s, sums, &created, &never, &input) && created)
            mt_finding_evidence(out, f, MT_DIM_TIMELINE, "gotrace", input, (double)never,
                                "goroutines", "%llu of %llu made in the trace had not ended",
                                (unsigned long long)never, (unsigned long long)created);
    } else {
        floor_evidence(out, f, s);
        metric_evidence(out, f, s, MT_M_HEAP_OBJECTS, false);
    }
    against(out, f, s, sums, v);
    sentence(out, f, site, timed);
    f->next =
        site->trend.n < MT_LEAST_SNAPSHOTS
            ? "Take four or more heap and goroutine snapshots over a window ten times as long."
            : "Read the blamed function: who removes what it adds?";
    return f;
}
