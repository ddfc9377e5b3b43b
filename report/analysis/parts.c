/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A restart shows in counters that go back (NumGC, TotalAlloc, allocations of a profile) and in a
 * later start of the process. Each sign gives an interval in which it happened; signs whose
 * intervals overlap are one restart. What lies between two restarts is cut out as a bundle of its
 * own.
 */
#include "report/analysis/parts.h"

#include <stdlib.h>
#include <string.h>

static const double FALLS_TO = 0.5;     /* of the value before: less is no reordering of rows */
static const double STARTS_LATER = 2e9; /* ns */
enum { STAYS = 3, MOST_SIGNS = 256 };

struct sign {
    int64_t after_ns, until_ns; /* the restart lies in between */
    const char *what;
};

struct signs {
    struct sign items[MOST_SIGNS];
    size_t n;
};

static void add(struct signs *s, int64_t after_ns, int64_t until_ns, const char *what)
{
    if (s->n < MOST_SIGNS && after_ns < until_ns)
        s->items[s->n++] = (struct sign){after_ns, until_ns, what};
}

/* The next values stay low as well: no row that strayed in from elsewhere. */
static bool stays_low(const struct mt_series *series, size_t at)
{
    double before = series->value[at - 1];
    for (size_t i = at; i < series->n && i < at + STAYS; i++)
        if (series->value[i] >= before)
            return false;
    return true;
}

static void signs_of_series(const struct mt_bundle *b, struct signs *out)
{
    for (size_t i = 0; i < b->n_series; i++) {
        const struct mt_series *s = &b->series[i];
        bool counter = s->metric == MT_M_NUM_GC || s->metric == MT_M_TOTAL_ALLOC ||
                       s->metric == MT_M_MALLOCS || s->metric == MT_M_CPU_SECONDS;
        if (s->clock->clock == MT_CLOCK_NONE || (!counter && s->metric != MT_M_PROCESS_START))
            continue;
        for (size_t k = 1; k < s->n; k++)
            if (counter ? s->value[k] < FALLS_TO * s->value[k - 1] && stays_low(s, k)
                        : s->value[k] > s->value[k - 1] + STARTS_LATER)
                add(out, s->time_ns[k - 1], s->time_ns[k], mt_metric_info(s->metric)->name);
    }
}

static double allocated(const struct mt_bundle *b, const struct mt_profile *p)
{
    uint32_t type = mt_profile_type(p, b->strings, "alloc_space");
    double sum = 0.0;
    for (size_t i = 0; type != MT_NO_INDEX && i < p->n_samples; i++)
        sum += (double)p->values[i * p->n_types + type];
    return sum;
}

static void signs_of_profiles(const struct mt_bundle *b, struct signs *out)
{
    double before = 0.0;
    int64_t at = MT_NO_TIME;
    for (size_t i = 0; i < b->n_profiles[MT_PROFILE_HEAP]; i++) {
        const struct mt_profile *p = b->profiles[MT_PROFILE_HEAP][i].profile;
        if (p->time_ns == MT_NO_TIME || p->clock.clock == MT_CLOCK_NONE || p->from_text)
            continue;
        double now = allocated(b, p);
        if (at != MT_NO_TIME && now < FALLS_TO * before)
            add(out, at, p->time_ns, "the allocations of heap profiles");
        before = now;
        at = p->time_ns;
    }
}

static int by_end(const void *a, const void *b)
{
    const struct sign *x = a, *y = b;
    return (x->until_ns > y->until_ns) - (x->until_ns < y->until_ns);
}

/* One sign a restart: of overlapping ones the narrowest end stands. */
static void merge(struct signs *s)
{
    qsort(s->items, s->n, sizeof *s->items, by_end);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct sign *last = n ? &s->items[n - 1] : NULL;
        if (last && s->items[i].after_ns < last->until_ns) {
            if (s->items[i].after_ns > last->after_ns)
                last->after_ns = s->items[i].after_ns;
            continue;
        }
        s->items[n++] = s->items[i];
    }
    s->n = n;
}

/* --- cutting --- */

struct cut {
    struct mt_arena *arena;
    const struct mt_bundle *whole;
    struct mt_bundle *part;
    int64_t from_ns, to_ns; /* to_ns is outside */
};

static bool inside(const struct cut *c, int64_t time_ns)
{
    return time_ns != MT_NO_TIME && time_ns >= c->from_ns && time_ns < c->to_ns;
}

static void cut_profiles(const struct cut *c)
{
    for (size_t k = 0; k < MT_PROFILE_KINDS; k++) {
        const struct mt_profile_ref *all = c->whole->profiles[k];
        c->part->profiles[k] = MT_NEW_N(c->arena, struct mt_profile_ref, c->whole->n_profiles[k]);
        c->part->n_profiles[k] = 0;
        for (size_t i = 0; i < c->whole->n_profiles[k]; i++)
            if (inside(c, all[i].profile->time_ns))
                c->part->profiles[k][c->part->n_profiles[k]++] = all[i];
    }
}

static void cut_series(const struct cut *c)
{
    c->part->series = MT_NEW_N(c->arena, struct mt_series, c->whole->n_series);
    c->part->n_series = 0;
    for (size_t i = 0; i < c->whole->n_series; i++) {
        struct mt_series s = c->whole->series[i];
        while (s.n && s.time_ns[0] < c->from_ns) {
            s.time_ns++;
            s.value++;
            s.n--;
        }
        while (s.n && s.time_ns[s.n - 1] >= c->to_ns)
            s.n--;
        if (s.n)
            c->part->series[c->part->n_series++] = s;
    }
}

static void cut_logs(const struct cut *c)
{
    c->part->gc_logs = MT_NEW_N(c->arena, const struct mt_gc_log *, c->whole->n_gc_logs);
    c->part->n_gc_logs = 0;
    for (size_t i = 0; i < c->whole->n_gc_logs; i++) {
        const struct mt_gc_log *log = c->whole->gc_logs[i];
        struct mt_gc_log *some = MT_NEW(c->arena, struct mt_gc_log);
        *some = *log;
        some->cycles = MT_NEW_N(c->arena, struct mt_gc_cycle, log->n_cycles);
        some->n_cycles = 0;
        for (size_t k = 0; k < log->n_cycles; k++)
            if (inside(c, log->cycles[k].time_ns))
                some->cycles[some->n_cycles++] = log->cycles[k];
        if (some->n_cycles)
            c->part->gc_logs[c->part->n_gc_logs++] = some;
    }
}

static void cut_dumps_and_traces(const struct cut *c)
{
    const struct mt_bundle *w = c->whole;
    struct mt_bundle *p = c->part;
    p->dumps = MT_NEW_N(c->arena, const struct mt_goroutine_dump *, w->n_dumps);
    p->dump_inputs = MT_NEW_N(c->arena, const struct mt_input *, w->n_dumps);
    p->n_dumps = 0;
    for (size_t i = 0; i < w->n_dumps; i++)
        if (inside(c, w->dumps[i]->time_ns)) {
            p->dump_inputs[p->n_dumps] = w->dump_inputs[i];
            p->dumps[p->n_dumps++] = w->dumps[i];
        }
    p->traces = MT_NEW_N(c->arena, const struct mt_trace *, w->n_traces);
    p->trace_inputs = MT_NEW_N(c->arena, const struct mt_input *, w->n_traces);
    p->n_traces = 0;
    for (size_t i = 0; i < w->n_traces; i++)
        if (inside(c, w->traces[i]->start_ns)) {
            p->trace_inputs[p->n_traces] = w->trace_inputs[i];
            p->traces[p->n_traces++] = w->traces[i];
        }
}

static struct mt_bundle *cut(struct mt_arena *arena, const struct mt_bundle *whole, int64_t from_ns,
                             int64_t to_ns)
{
    struct cut c = {arena, whole, MT_NEW(arena, struct mt_bundle), from_ns, to_ns};
    *c.part = *whole;
    cut_profiles(&c);
    cut_series(&c);
    cut_logs(&c);
    cut_dumps_and_traces(&c);
    c.part->requests = MT_NEW_N(arena, const struct mt_request *, whole->n_requests);
    c.part->n_requests = 0;
    for (size_t i = 0; i < whole->n_requests; i++)
        if (inside(&c, whole->requests[i]->start_ns))
            c.part->requests[c.part->n_requests++] = whole->requests[i];
    if (whole->start_ns < from_ns)
        c.part->start_ns = from_ns;
    if (whole->end_ns >= to_ns)
        c.part->end_ns = to_ns - 1;
    return c.part;
}

struct mt_parts mt_parts_of(struct mt_arena *arena, const struct mt_bundle *bundle)
{
    struct mt_parts parts = {0};
    struct signs *signs = MT_NEW(arena, struct signs);
    if (bundle->start_ns == MT_NO_TIME)
        return parts;
    signs_of_series(bundle, signs);
    signs_of_profiles(bundle, signs);
    merge(signs);
    if (!signs->n || signs->n >= MT_MOST_PARTS)
        return parts; /* over and over: no part is long enough, and the readers said so */
    parts.sign = signs->items[0].what;
    parts.restart_ns = signs->items[0].until_ns;
    int64_t from = INT64_MIN + 1;
    for (size_t i = 0; i <= signs->n; i++) {
        int64_t to = i < signs->n ? signs->items[i].until_ns : INT64_MAX;
        parts.items[parts.n++] = cut(arena, bundle, from, to);
        from = to;
    }
    return parts;
}
