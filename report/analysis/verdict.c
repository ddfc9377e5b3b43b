/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict and its words, and what was looked at and set aside. */
#include "report/analysis/join.h"
#include "report/analysis/numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ASIDE = 12, MOST_MINDS = 8 };
static const double LARGE_SHARE = 0.05;   /* of the live heap: large enough to be looked at */
static const double SPLIT_SHARE = 0.02;   /* of the growth: worth a part of its own */
static const double SAMPLES_TO_SEE = 5.0; /* of small objects, before growth is no noise */

static double detectable(const struct mt_signals *s)
{
    double best = NAN;
    const struct mt_trend *t = &s->assessment->floor.trend;
    double seconds = mt_floor_window_s(s);
    if (!s->floor_weak && t->n >= MT_LEAST_SNAPSHOTS && seconds > 0.0 && isfinite(t->high))
        best = fmax(fmax(MT_LEAST_BYTES, MT_LEAST_RELATIVE * fabs(t->first)) / seconds,
                    t->high - t->slope);
    seconds = mt_window_s(&s->heap.snapshots);
    if (s->heap.total.n >= MT_LEAST_SNAPSHOTS && seconds > 0.0) {
        int64_t period = s->heap.snapshots.items[0].profile->period;
        double rate = period > 0 ? (double)period : 512.0 * MT_KIB;
        best = fmin(isnan(best) ? INFINITY : best,
                    fmax(MT_LEAST_BYTES, SAMPLES_TO_SEE * rate) / seconds);
    }
    return best;
}

/* --- lists beside the findings --- */

static double last_of(const struct mt_site *site)
{
    const struct mt_point *p = &site->points[site->n_points - 1];
    return site->goroutines ? p->goroutines * MT_GOROUTINE_STACK : p->bytes;
}

static double interest(const struct mt_site *site)
{
    double growth = site->goroutines ? site->growth * MT_GOROUTINE_STACK : site->growth;
    return fmax(growth, 0.25 * last_of(site));
}

static int by_interest(const void *a, const void *b)
{
    const struct mt_site *x = *(struct mt_site *const *)a, *y = *(struct mt_site *const *)b;
    double u = interest(x), v = interest(y);
    return u != v ? (u > v ? -1 : 1) : (x->function > y->function) - (x->function < y->function);
}

static bool worth_a_look(const struct mt_site *site)
{
    if (!site->n_points || site->finding)
        return false;
    const struct mt_point *last = &site->points[site->n_points - 1];
    if (site->goroutines)
        return site->growth >= MT_LEAST_GOROUTINES ||
               (last->goroutines >= 5 * MT_LEAST_GOROUTINES && last->share >= LARGE_SHARE);
    return site->growth >= MT_LEAST_BYTES ||
           (last->bytes >= MT_LEAST_BYTES && last->share >= LARGE_SHARE);
}

static void set_aside(struct mt_signals *s, const struct mt_site_table *t)
{
    struct mt_assessment *a = s->assessment;
    struct mt_arena scratch = {0};
    struct mt_site **found = MT_NEW_N(&scratch, struct mt_site *, t->n + a->n_set_aside);
    size_t n = a->n_set_aside;
    if (n)
        memcpy(found, a->set_aside, n * sizeof *found);
    for (size_t i = 0; i < t->n; i++) {
        struct mt_site *site = t->items[i];
        if (!worth_a_look(site))
            continue;
        if (!site->set_aside)
            site->set_aside = "steady";
        if (site->stage == MT_STAGE_CHURN && strcmp(site->set_aside, "steady") == 0)
            site->set_aside = "churn: allocates much, holds little";
        found[n++] = site;
    }
    if (n)
        qsort(found, n, sizeof *found, by_interest);
    a->n_set_aside = n < MOST_ASIDE ? n : MOST_ASIDE;
    a->set_aside = MT_NEW_N(s->arena, struct mt_site *, a->n_set_aside);
    if (a->n_set_aside)
        memcpy(a->set_aside, found, a->n_set_aside * sizeof *found);
    mt_arena_clear(&scratch);
}

static void split_growth(struct mt_signals *s)
{
    struct mt_assessment *a = s->assessment;
    const struct mt_snapshots *shots = &s->heap.snapshots;
    if (shots->n < 2)
        return;
    a->growth_total = shots->items[shots->n - 1].total - shots->items[0].total;
    a->growth = MT_NEW_N(s->arena, struct mt_growth_share, s->heap.n + 1);
    double rest = a->growth_total;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < s->heap.n; i++) {
            const struct mt_site *site = s->heap.items[i];
            bool suspect = site->finding && site->finding->status >= MT_STATUS_WATCH;
            if (suspect != (pass == 0) || site->growth <= 0.0 ||
                site->growth < SPLIT_SHARE * fabs(a->growth_total))
                continue;
            const char *note = site->inside_noise ? "noise" : suspect ? NULL : site->set_aside;
            a->growth[a->n_growth++] = (struct mt_growth_share){site, site->growth, note};
            rest -= site->growth;
        }
    a->growth[a->n_growth++] = (struct mt_growth_share){NULL, rest, "the rest, noise included"};
}

static void stages(struct mt_signals *s)
{
    struct mt_assessment *a = s->assessment;
    a->stages = MT_NEW_N(s->arena, struct mt_stage_row, s->heap.n);
    for (size_t i = 0; i < s->heap.n; i++) {
        const struct mt_site *site = s->heap.items[i];
        if (site->stage == MT_STAGE_STEADY &&
            !(site->points[site->n_points - 1].share >= LARGE_SHARE))
            continue;
        a->stages[a->n_stages++] =
            (struct mt_stage_row){site->function, site->stage, site->alloc_rate, site->inuse_rate};
    }
}

/* --- words --- */

static const char *word_of(const struct mt_signals *s)
{
    const struct mt_assessment *a = s->assessment;
    const struct mt_finding *f = a->n_findings ? a->findings[0] : NULL;
    switch (a->verdict.status) {
    case MT_VERDICT_LEAK:
        if (strcmp(f->family, "non-heap") == 0)
            return "Outside heap";
        if (strncmp(f->family, "goroutine", 9) == 0)
            return "Goroutine growth";
        return "Growing";
    case MT_VERDICT_WATCH:
        return "Watch";
    case MT_VERDICT_STEADY:
        for (size_t i = 0; i < a->n_stages; i++)
            if (a->stages[i].stage == MT_STAGE_CHURN)
                return "Churn";
        return "Steady";
    case MT_VERDICT_UNDECIDED:
        break;
    }
    return "Not enough data";
}

/* How much of the growth the first finding explains: " ; suspect 1 explains 88% of it". */
static const char *explained(const struct mt_signals *s, const struct mt_finding *f)
{
    double bytes = isfinite(f->growth.bytes) ? f->growth.bytes : 0.0;
    double whole = s->floor_rises ? s->floor_growth : s->assessment->growth_total;
    if (!(whole > 0.0) || !(bytes > 0.0))
        return "";
    double share = bytes / whole;
    if (share > 0.995)
        return "; suspect 1 explains all of it";
    return mt_arena_printf(s->arena, "; suspect 1 explains %.0f%% of it", 100.0 * share);
}

static const char *growth_sentence(struct mt_signals *s)
{
    struct mt_arena *a = s->arena;
    const struct mt_finding *f = s->assessment->findings[0];
    const struct mt_trend *floor = &s->assessment->floor.trend;
    const char *name = mt_short_name(f->culprit.function);
    if (strcmp(f->family, "non-heap") == 0)
        return mt_arena_printf(a, "memory outside the Go heap grows %s.",
                               mt_fmt_byte_rate(a, f->growth.per_second));
    bool goroutines = f->site && f->site->goroutines;
    if (goroutines && f->site->growth > 0.0) {
        double rate = f->growth.per_second;
        const char *pace =
            isfinite(rate) ? mt_arena_printf(a, " (%s)", mt_fmt_count_rate(a, rate)) : "";
        return mt_arena_printf(a, "%s goroutines more at %s%s.", mt_fmt_count(a, f->site->growth),
                               name, pace);
    }
    if (s->floor_rises && !s->floor_jvm && !goroutines)
        return mt_arena_printf(a, "the heap floor rises %s%s.", mt_fmt_byte_rate(a, floor->slope),
                               explained(s, f));
    if (f->sentence)
        return f->sentence;
    return mt_arena_printf(a, "%s grows.", name);
}

/* A floor that rose in plain sight is not passed over in silence: why it counts for nothing. */
static const char *growth_that_ended(struct mt_signals *s)
{
    const struct mt_floor *floor = &s->assessment->floor;
    double rise = floor->trend.last - floor->trend.first;
    if (!floor->present || !floor->trend.significant || rise <= 0.0 ||
        !(floor->trend.plateau || floor->explained_by_load))
        return NULL;
    return mt_arena_printf(s->arena, "the heap floor rose %s and %s", mt_fmt_bytes(s->arena, rise),
                           floor->trend.plateau ? "levels off" : "follows the load");
}

static const char *steady_sentence(struct mt_signals *s, double rate)
{
    struct mt_arena *a = s->arena;
    double seconds = fmax(mt_window_s(&s->heap.snapshots), mt_floor_window_s(s));
    const char *window = mt_fmt_duration(a, seconds * 1e9), *ended = growth_that_ended(s);
    const char *found = ended
                            ? mt_arena_printf(a, "no lasting growth found in %s: %s", window, ended)
                            : mt_arena_printf(a, "no growth found in %s", window);
    if (isnan(rate))
        return mt_arena_printf(a, "%s.", found);
    return mt_arena_printf(a, "%s; growth of %s or more would have shown.", found,
                           mt_fmt_byte_rate(a, rate));
}

static void minds(struct mt_signals *s)
{
    struct mt_assessment *a = s->assessment;
    a->verdict.minds = MT_NEW_N(s->arena, const char *, MOST_MINDS);
    for (size_t i = 0; i < a->n_quality && a->verdict.n_minds < MOST_MINDS; i++) {
        const struct mt_quality *q = &a->quality[i];
        if (!q->severe)
            continue;
        a->verdict.minds[a->verdict.n_minds++] =
            q->input ? mt_arena_printf(s->arena, "%s: %s", q->input->path, q->statement)
                     : q->statement;
    }
}

static void consequence(struct mt_signals *s)
{
    const struct mt_forecast *f = &s->assessment->forecast;
    struct mt_arena *a = s->arena;
    if (!f->present || s->assessment->verdict.status < MT_VERDICT_WATCH)
        return;
    int64_t now = f->trend.end_ns;
    const char *at = mt_fmt_duration(a, (double)(f->at_ns - now));
    const char *low = mt_fmt_duration(a, (double)(f->at_low_ns - now));
    const char *high =
        f->at_high_ns == INT64_MAX ? "never" : mt_fmt_duration(a, (double)(f->at_high_ns - now));
    s->assessment->verdict.consequence =
        mt_arena_printf(a, "At this rate the %s of %s is reached in about %s (%s to %s).",
                        f->limit_name, mt_fmt_bytes(a, f->limit_bytes), at, low, high);
}

void mt_verdict(struct mt_signals *s)
{
    struct mt_assessment *a = s->assessment;
    split_growth(s);
    stages(s);
    set_aside(s, &s->heap);
    set_aside(s, &s->goroutines);
    const struct mt_finding *first = a->n_findings ? a->findings[0] : NULL;
    a->verdict.detectable_bytes_per_second = detectable(s);
    const struct mt_gap *gap = mt_gap_of(s);
    if (first && first->status == MT_STATUS_LEAK)
        a->verdict.status = MT_VERDICT_LEAK;
    else if (first && first->status == MT_STATUS_WATCH)
        a->verdict.status = MT_VERDICT_WATCH;
    else
        a->verdict.status = gap ? MT_VERDICT_UNDECIDED : MT_VERDICT_STEADY;
    a->verdict.word = word_of(s);
    switch (a->verdict.status) {
    case MT_VERDICT_LEAK:
    case MT_VERDICT_WATCH:
        a->verdict.sentence = growth_sentence(s);
        a->verdict.next = first->next;
        a->verdict.confidence = first->confidence;
        a->verdict.confidence_reason = first->confidence_reason;
        break;
    case MT_VERDICT_STEADY:
        a->verdict.sentence = steady_sentence(s, a->verdict.detectable_bytes_per_second);
        a->verdict.next = "Nothing to do. Capture a longer window to see slower growth.";
        bool both = !s->floor_jvm && a->floor.present && !s->floor_weak &&
                    s->heap.total.n >= MT_LEAST_SNAPSHOTS;
        a->verdict.confidence = both ? MT_CONFIDENCE_HIGH : MT_CONFIDENCE_MEDIUM;
        a->verdict.confidence_reason = both ? "metrics and heap snapshots both stand still"
                                       : s->floor_jvm
                                           ? "the old generation stands still"
                                           : "one dimension stands still, the other is missing";
        break;
    case MT_VERDICT_UNDECIDED:
        a->verdict.sentence = gap->sentence;
        a->verdict.next = gap->next;
        a->verdict.confidence = MT_CONFIDENCE_LOW;
        a->verdict.confidence_reason = "too little was captured";
        break;
    }
    consequence(s);
    minds(s);
}
