/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources of one fact held against each other: gctrace, gclog and MemStats by cycle number, heap
 * profiles against the floor, goroutine profiles against the counter.
 */
#include "report/analysis/engine.h"
#include "report/analysis/numbers.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CHECKS = 16, LISTED = 10 };
static const double LIVE_BYTES = 0.5 * MT_MIB;
static const double GOAL_BYTES = 1.0 * MT_MIB;
static const double PAUSE_NS = 50e3;
static const double TIME_NS = 10e6;
static const double HEAP_SHARE = 0.25; /* a profile's total and the floor may differ by that */

static void add(struct mt_signals *s, const char *check, enum mt_check_status status,
                const char *detail)
{
    struct mt_assessment *a = s->assessment;
    if (a->n_crosschecks < MOST_CHECKS)
        a->crosschecks[a->n_crosschecks++] = (struct mt_crosscheck){check, detail, status};
}

/* Outcome of one comparison over many cycles. */
struct tally {
    size_t compared, off, listed;
    char list[160];
};

static void hold(struct tally *t, uint64_t number, double difference, double allowed)
{
    t->compared++;
    if (fabs(difference) <= allowed)
        return;
    t->off++;
    size_t used = strlen(t->list);
    if (t->listed < LISTED && used + 24 < sizeof t->list) {
        snprintf(t->list + used, sizeof t->list - used, "%s%llu", t->listed ? ", " : "",
                 (unsigned long long)number);
        t->listed++;
    }
}

static void tell(struct mt_signals *s, const char *check, const struct tally *t, const char *what)
{
    if (!t->compared) {
        add(s, check, MT_CHECK_NOT_RUN,
            mt_arena_printf(s->arena, "no cycle has %s in both sources", what));
        return;
    }
    const char *detail =
        t->off ? mt_arena_printf(s->arena, "%zu of %zu cycles differ in %s: %s%s", t->off,
                                 t->compared, what, t->list, t->off > t->listed ? ", ..." : "")
               : mt_arena_printf(s->arena, "%zu cycles agree in %s", t->compared, what);
    /* a few odd cycles are the logger's own race with the collector */
    add(s, check, t->off * 20 > t->compared ? MT_CHECK_DISAGREE : MT_CHECK_AGREE, detail);
}

static const struct mt_gc_log *log_of(const struct mt_bundle *b, const char *source)
{
    const struct mt_gc_log *best = NULL;
    for (size_t i = 0; i < b->n_gc_logs; i++)
        if (strcmp(b->gc_logs[i]->source, source) == 0 &&
            (!best || b->gc_logs[i]->n_cycles > best->n_cycles))
            best = b->gc_logs[i];
    return best;
}

static const struct mt_gc_cycle *numbered(const struct mt_gc_log *log, uint64_t number)
{
    size_t low = 0, high = log->n_cycles;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (log->cycles[mid].number < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low < log->n_cycles && log->cycles[low].number == number ? &log->cycles[low] : NULL;
}

static double stops_of(const struct mt_gc_cycle *c)
{
    return c->sweep_term_ns || c->mark_term_ns ? (double)(c->sweep_term_ns + c->mark_term_ns)
                                               : (double)c->pause_ns;
}

/* The reading of a gclog record's time that fits the whole log: the start of the cycle, or the
 * start of its last pause. */
static double time_differences(const struct mt_gc_log *trace, const struct mt_gc_log *log,
                               bool at_end, double *out, size_t *n)
{
    struct mt_arena scratch = {0};
    double *copy = MT_NEW_N(&scratch, double, log->n_cycles), spread = INFINITY;
    *n = 0;
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i], *t = numbered(trace, c->number);
        if (!t || c->time_ns == MT_NO_TIME || t->time_ns == MT_NO_TIME)
            continue;
        int64_t there = t->time_ns + (at_end ? t->sweep_term_ns + t->mark_ns : 0);
        out[(*n)++] = (double)(c->time_ns - there);
    }
    memcpy(copy, out, *n * sizeof *copy);
    double middle = mt_median(copy, *n);
    for (size_t i = 0; i < *n; i++) {
        out[i] -= middle;
        copy[i] = fabs(out[i]);
    }
    spread = mt_median(copy, *n);
    mt_arena_clear(&scratch);
    return spread;
}

static void times(struct mt_signals *s, const struct mt_gc_log *trace, const struct mt_gc_log *log)
{
    struct mt_arena scratch = {0};
    double *start = MT_NEW_N(&scratch, double, log->n_cycles);
    double *end = MT_NEW_N(&scratch, double, log->n_cycles);
    size_t n_start, n_end;
    bool at_end = time_differences(trace, log, true, end, &n_end) <
                  time_differences(trace, log, false, start, &n_start);
    struct tally t = {0};
    size_t k = 0;
    for (size_t i = 0; i < log->n_cycles && k < n_start; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i], *there = numbered(trace, c->number);
        if (!there || c->time_ns == MT_NO_TIME || there->time_ns == MT_NO_TIME)
            continue;
        hold(&t, c->number, at_end ? end[k] : start[k], TIME_NS);
        k++;
    }
    tell(s, "gctrace-gclog-time", &t, "time after the median offset");
    mt_arena_clear(&scratch);
}

/* A program that looks at times of its own writes one look for several cycles. */
static bool repeats_next(const struct mt_gc_log *log, size_t i)
{
    if (i + 1 >= log->n_cycles)
        return false;
    const struct mt_gc_cycle *a = &log->cycles[i], *b = a + 1;
    return a->heap_end_bytes == b->heap_end_bytes && a->goal_bytes == b->goal_bytes;
}

static void gctrace_gclog(struct mt_signals *s)
{
    const struct mt_gc_log *trace = log_of(s->bundle, "gctrace");
    const struct mt_gc_log *log = log_of(s->bundle, "gclog");
    if (!trace || !log)
        return;
    struct tally live = {0}, goal = {0}, pause = {0};
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i], *t = numbered(trace, c->number);
        const struct mt_gc_cycle *next = numbered(trace, c->number + 1);
        bool looked = !repeats_next(log, i);
        if (looked && t && t->heap_live_bytes != MT_NO_BYTES && c->heap_end_bytes != MT_NO_BYTES)
            hold(&live, c->number,
                 (double)c->heap_end_bytes - (double)t->heap_live_bytes - 0.5 * MT_MIB,
                 0.5 * MT_MIB + LIVE_BYTES);
        if (looked && next && next->goal_bytes != MT_NO_BYTES && c->goal_bytes != MT_NO_BYTES)
            hold(&goal, c->number, (double)c->goal_bytes - (double)next->goal_bytes, GOAL_BYTES);
        if (t && c->pause_ns > 0 && stops_of(t) > 0.0)
            hold(&pause, c->number, (double)c->pause_ns - stops_of(t), PAUSE_NS);
    }
    if (live.compared && live.off * 2 > live.compared)
        add(s, "gctrace-gclog-heap", MT_CHECK_NOT_RUN,
            "HeapAlloc of the log is not comparable: the records were written by polling, not at "
            "the end of their cycles");
    else
        tell(s, "gctrace-gclog-heap", &live, "live heap");
    tell(s, "gctrace-gclog-goal", &goal, "next goal");
    tell(s, "gctrace-gclog-pause", &pause, "pause");
    times(s, trace, log);
}

/* MemStats records by the number of the last cycle each had seen. */
static void gctrace_memstats(struct mt_signals *s)
{
    const struct mt_gc_log *trace = log_of(s->bundle, "gctrace");
    const struct mt_series *next = mt_signal_series(s, MT_M_NEXT_GC);
    const struct mt_series *count = mt_series_beside(s->bundle, next, MT_M_NUM_GC);
    const struct mt_series *last = mt_series_beside(s->bundle, next, MT_M_LAST_PAUSE);
    if (!trace || !next || !count)
        return;
    struct tally goal = {0}, pause = {0};
    double before = NAN;
    for (size_t i = 0; i < next->n; i++) {
        double n = mt_series_at(count, next->time_ns[i]);
        if (!(n >= 0.0) || n == before || n != floor(n))
            continue;
        before = n;
        const struct mt_gc_cycle *c = numbered(trace, (uint64_t)n);
        const struct mt_gc_cycle *following = numbered(trace, (uint64_t)n + 1);
        if (following && following->goal_bytes != MT_NO_BYTES)
            hold(&goal, (uint64_t)n, next->value[i] - (double)following->goal_bytes, GOAL_BYTES);
        if (c && last) {
            double ns = mt_series_at(last, next->time_ns[i]);
            if (ns > 0.0 && stops_of(c) > 0.0)
                hold(&pause, (uint64_t)n, ns - stops_of(c), PAUSE_NS);
        }
    }
    tell(s, "gctrace-memstats-goal", &goal, "next goal");
    if (last)
        tell(s, "gctrace-memstats-pause", &pause, "pause");
}

static void heap_against_floor(struct mt_signals *s)
{
    const struct mt_floor *f = &s->assessment->floor;
    const struct mt_snapshots *shots = &s->heap.snapshots;
    if (!f->present || !shots->n || !shots->timed)
        return;
    struct tally t = {0};
    for (size_t i = 0; i < shots->n; i++) {
        size_t best = 0;
        for (size_t k = 1; k < f->n; k++)
            if (llabs(f->time_ns[k] - shots->items[i].time_ns) <
                llabs(f->time_ns[best] - shots->items[i].time_ns))
                best = k;
        /* a profile is what the collection before the last one left */
        double near = fabs(f->bytes[best] - shots->items[i].total);
        if (best)
            near = fmin(near, fabs(f->bytes[best - 1] - shots->items[i].total));
        if (best + 1 < f->n)
            near = fmin(near, fabs(f->bytes[best + 1] - shots->items[i].total));
        hold(&t, i + 1, near, HEAP_SHARE * f->bytes[best] + 4 * MT_MIB);
    }
    const char *detail =
        t.off ? mt_arena_printf(s->arena,
                                "%zu of %zu heap snapshots differ from the floor by more than a "
                                "quarter: %s",
                                t.off, t.compared, t.list)
              : mt_arena_printf(s->arena, "%zu heap snapshots lie on the floor of %s", t.compared,
                                f->source);
    add(s, "heap-profile-floor", t.off * 2 > t.compared ? MT_CHECK_DISAGREE : MT_CHECK_AGREE,
        detail);
}

static void goroutines_against_counter(struct mt_signals *s)
{
    const struct mt_series *series = mt_signal_series(s, MT_M_GOROUTINES);
    const struct mt_snapshots *shots = &s->goroutines.snapshots;
    if (!series || !shots->n || !shots->timed)
        return;
    struct tally t = {0};
    for (size_t i = 0; i < shots->n; i++) {
        double there = mt_series_at(series, shots->items[i].time_ns);
        if (!isnan(there))
            hold(&t, i + 1, there - shots->items[i].total, 10.0 + 0.1 * there);
    }
    if (!t.compared)
        return;
    add(s, "goroutine-profile-counter", t.off * 2 > t.compared ? MT_CHECK_DISAGREE : MT_CHECK_AGREE,
        mt_arena_printf(s->arena, "%zu of %zu goroutine snapshots are near the counter",
                        t.compared - t.off, t.compared));
}

/* The three dimensions of the method, held against each other for growth itself. */
static void growth_agrees(struct mt_signals *s)
{
    if (s->floor_jvm)
        return;
    const struct mt_trend *sites = &s->heap.total, *floor = &s->assessment->floor.trend;
    if (sites->n < MT_LEAST_SNAPSHOTS || !s->assessment->floor.present ||
        floor->n < MT_LEAST_SNAPSHOTS) {
        add(s, "growth-sites-metrics", MT_CHECK_NOT_RUN,
            "needs four heap snapshots and a floor of four collections");
        return;
    }
    bool a = mt_trend_grows(sites), b = s->floor_agrees;
    const char *why = b                                        ? ""
                      : s->assessment->floor.explained_by_load ? ", with the load"
                      : floor->shape == MT_SHAPE_ONE_STEP      ? ", in one step"
                      : floor->significant && floor->plateau   ? ", levels off"
                      : floor->significant                     ? ", up and back"
                                                               : ", no trend";
    add(s, "growth-sites-metrics", a == b ? MT_CHECK_AGREE : MT_CHECK_DISAGREE,
        mt_arena_printf(
            s->arena, "heap snapshots %s (%s), heap floor %s (%s%s)", a ? "grow" : "do not grow",
            mt_fmt_bytes_delta(s->arena, mt_trend_rise(sites)), b ? "rises" : "does not rise",
            mt_fmt_bytes_delta(s->arena, s->floor_growth), why));
}

void mt_signal_crosschecks(struct mt_signals *s)
{
    s->assessment->crosschecks = MT_NEW_N(s->arena, struct mt_crosscheck, MOST_CHECKS);
    growth_agrees(s);
    gctrace_gclog(s);
    gctrace_memstats(s);
    heap_against_floor(s);
    goroutines_against_counter(s);
}
