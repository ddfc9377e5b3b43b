/* SPDX-License-Identifier: Apache-2.0 */
#include "ci/engine/transform.h"
#include "report/analysis/engine.h"

#include <math.h>
#include <string.h>

enum { MOST_MOMENTS = 1024, LEAST_ROWS = 20 };

static struct mt_bundle *copy_of(struct mt_arena *a, const struct mt_bundle *b)
{
    struct mt_bundle *c = MT_NEW(a, struct mt_bundle);
    *c = *b;
    c->arena = a;
    return c;
}

static void *copied(struct mt_arena *a, const void *from, size_t n, size_t size)
{
    void *to = mt_arena_take(a, n + 1, size);
    if (n)
        memcpy(to, from, n * size);
    return to;
}
#define COPY_N(a, from, n) copied((a), (from), (n), sizeof *(from))

/* Own copies of all that carries times or values. */
static struct mt_bundle *deep_copy(struct mt_arena *a, const struct mt_bundle *b)
{
    struct mt_bundle *c = copy_of(a, b);
    for (size_t k = 0; k < MT_PROFILE_KINDS; k++) {
        c->profiles[k] = COPY_N(a, b->profiles[k], b->n_profiles[k]);
        for (size_t i = 0; i < b->n_profiles[k]; i++) {
            struct mt_profile *p = COPY_N(a, b->profiles[k][i].profile, 1);
            p->values = COPY_N(a, p->values, p->n_samples * p->n_types);
            c->profiles[k][i].profile = p;
        }
    }
    c->series = COPY_N(a, b->series, b->n_series);
    for (size_t i = 0; i < b->n_series; i++) {
        c->series[i].time_ns = COPY_N(a, b->series[i].time_ns, b->series[i].n);
        c->series[i].value = COPY_N(a, b->series[i].value, b->series[i].n);
    }
    c->gc_logs = COPY_N(a, b->gc_logs, b->n_gc_logs);
    for (size_t i = 0; i < b->n_gc_logs; i++) {
        struct mt_gc_log *log = COPY_N(a, b->gc_logs[i], 1);
        log->cycles = COPY_N(a, log->cycles, log->n_cycles);
        c->gc_logs[i] = log;
    }
    c->dumps = COPY_N(a, b->dumps, b->n_dumps);
    for (size_t i = 0; i < b->n_dumps; i++)
        c->dumps[i] = COPY_N(a, b->dumps[i], 1);
    c->traces = COPY_N(a, b->traces, b->n_traces);
    for (size_t i = 0; i < b->n_traces; i++) {
        struct mt_trace *t = COPY_N(a, b->traces[i], 1);
        t->sites = COPY_N(a, t->sites, t->n_sites);
        c->traces[i] = t;
    }
    c->requests = COPY_N(a, b->requests, b->n_requests);
    for (size_t i = 0; i < b->n_requests; i++)
        c->requests[i] = COPY_N(a, b->requests[i], 1);
    return c;
}

/* The copies are this file's own, so what the bundle calls constant may be written. */
#define OWN(type, p) ((type *)(uintptr_t)(p))

struct stretch {
    int64_t from;
    int factor;
};

static void stretch_time(const struct stretch *s, int64_t *t)
{
    if (*t != MT_NO_TIME)
        *t = s->from + (*t - s->from) * s->factor;
}

struct mt_bundle *mt_transform_stretch(struct mt_arena *a, const struct mt_bundle *b, int factor)
{
    struct mt_bundle *c = deep_copy(a, b);
    struct stretch s = {b->start_ns == MT_NO_TIME ? 0 : b->start_ns, factor};
    for (size_t k = 0; k < MT_PROFILE_KINDS; k++)
        for (size_t i = 0; i < c->n_profiles[k]; i++)
            stretch_time(&s, &OWN(struct mt_profile, c->profiles[k][i].profile)->time_ns);
    for (size_t i = 0; i < c->n_series; i++)
        for (size_t r = 0; r < c->series[i].n; r++)
            stretch_time(&s, &OWN(int64_t, c->series[i].time_ns)[r]);
    for (size_t i = 0; i < c->n_gc_logs; i++)
        for (size_t k = 0; k < c->gc_logs[i]->n_cycles; k++) {
            struct mt_gc_cycle *cycle = &c->gc_logs[i]->cycles[k];
            stretch_time(&s, &cycle->time_ns);
            if (cycle->since_start_ns != MT_NO_TIME)
                cycle->since_start_ns *= factor;
        }
    for (size_t i = 0; i < c->n_dumps; i++)
        stretch_time(&s, &OWN(struct mt_goroutine_dump, c->dumps[i])->time_ns);
    for (size_t i = 0; i < c->n_traces; i++)
        stretch_time(&s, &OWN(struct mt_trace, c->traces[i])->start_ns);
    for (size_t i = 0; i < c->n_requests; i++)
        stretch_time(&s, &OWN(struct mt_request, c->requests[i])->start_ns);
    stretch_time(&s, &c->start_ns);
    stretch_time(&s, &c->end_ns);
    return c;
}

static bool is_memory(enum mt_metric m)
{
    return mt_metric_info(m)->unit == MT_BYTES;
}

static bool counts_things(enum mt_metric m)
{
    return m == MT_M_HEAP_OBJECTS || m == MT_M_MALLOCS || m == MT_M_FREES || m == MT_M_GOROUTINES ||
           m == MT_M_RUNNABLE || m == MT_M_THREADS || m == MT_M_OPEN_FDS;
}

static void scale_profile(struct mt_profile *p, const struct mt_strings *strings, int factor,
                          bool larger_objects)
{
    for (size_t t = 0; t < p->n_types; t++) {
        struct mt_span unit = mt_string(strings, p->types[t].unit);
        if (!mt_span_is(unit, "bytes") && (larger_objects || !mt_span_is(unit, "count")))
            continue;
        for (size_t i = 0; i < p->n_samples; i++)
            p->values[i * p->n_types + t] *= factor;
    }
    if (larger_objects)
        p->period *= factor;
}

/* Each goroutine that many times, with ids of their own. */
static void multiply_goroutines(struct mt_arena *a, struct mt_goroutine_dump *d, int factor)
{
    struct mt_goroutine *all =
        MT_NEW_N(a, struct mt_goroutine, d->n_goroutines * (size_t)factor + 1);
    size_t n = 0;
    for (size_t i = 0; i < d->n_goroutines; i++)
        for (int k = 0; k < factor; k++) {
            all[n] = d->goroutines[i];
            all[n].id = d->goroutines[i].id * (uint64_t)factor + (uint64_t)k;
            n++;
        }
    d->goroutines = all;
    d->n_goroutines = n;
}

static void scale_bytes(uint64_t *bytes, int factor)
{
    if (*bytes != MT_NO_BYTES)
        *bytes *= (uint64_t)factor;
}

static void scale_cycle(struct mt_gc_cycle *c, int factor)
{
    uint64_t *const all[] = {&c->heap_start_bytes,  &c->heap_end_bytes,   &c->heap_live_bytes,
                             &c->goal_bytes,        &c->heap_total_bytes, &c->young_before_bytes,
                             &c->young_after_bytes, &c->old_before_bytes, &c->old_after_bytes,
                             &c->promoted_bytes};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        scale_bytes(all[i], factor);
}

static void scale_goroutines(struct mt_arena *a, struct mt_bundle *c, int factor)
{
    for (size_t i = 0; i < c->n_profiles[MT_PROFILE_GOROUTINE]; i++) {
        const struct mt_profile *p = c->profiles[MT_PROFILE_GOROUTINE][i].profile;
        scale_profile(OWN(struct mt_profile, p), c->strings, factor, false);
    }
    for (size_t i = 0; i < c->n_dumps; i++)
        multiply_goroutines(a, OWN(struct mt_goroutine_dump, c->dumps[i]), factor);
    for (size_t i = 0; i < c->n_traces; i++)
        for (size_t k = 0; k < c->traces[i]->n_sites; k++) {
            struct mt_trace_site *s = &c->traces[i]->sites[k];
            uint64_t *const all[] = {&s->created, &s->ended, &s->existing_at_start,
                                     &s->alive_at_end, &s->never_ended};
            for (size_t j = 0; j < sizeof all / sizeof *all; j++)
                *all[j] *= (uint64_t)factor;
        }
}

struct mt_bundle *mt_transform_scale(struct mt_arena *a, const struct mt_bundle *b, int factor,
                                     bool larger_objects)
{
    struct mt_bundle *c = deep_copy(a, b);
    for (size_t k = 0; k < MT_PROFILE_KINDS; k++)
        for (size_t i = 0; k <= MT_PROFILE_ALLOCS && i < c->n_profiles[k]; i++)
            scale_profile(OWN(struct mt_profile, c->profiles[k][i].profile), c->strings, factor,
                          larger_objects);
    for (size_t i = 0; i < c->n_series; i++) {
        enum mt_metric m = c->series[i].metric;
        if (!is_memory(m) && (larger_objects || !counts_things(m)))
            continue;
        for (size_t r = 0; r < c->series[i].n; r++)
            OWN(double, c->series[i].value)[r] *= factor;
    }
    for (size_t i = 0; i < c->n_gc_logs; i++)
        for (size_t k = 0; k < c->gc_logs[i]->n_cycles; k++)
            scale_cycle(&c->gc_logs[i]->cycles[k], factor);
    if (!larger_objects)
        scale_goroutines(a, c, factor);
    c->manifest.memory_limit_bytes *= (uint64_t)factor;
    c->manifest.gomemlimit_bytes *= (uint64_t)factor;
    return c;
}

/* --- noise --- */

static double uniform(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * 0x2545f4914f6cdd1du) >> 11) / 9007199254740992.0;
}

static double factor_of(uint64_t *state, double sigma)
{
    double normal = sqrt(-2 * log(1 - uniform(state))) * cos(6.283185307179586 * uniform(state));
    return fmax(0.0, 1.0 + sigma * normal);
}

/* Objects and bytes of one sample stay in proportion. */
static void blur_profile(struct mt_profile *p, double sigma, uint64_t *state)
{
    for (size_t i = 0; i < p->n_samples; i++) {
        double f = factor_of(state, sigma);
        for (size_t t = 0; t < p->n_types; t++) {
            int64_t *v = &p->values[i * p->n_types + t];
            *v = (int64_t)round((double)*v * f);
        }
    }
}

struct mt_bundle *mt_transform_noise(struct mt_arena *a, const struct mt_bundle *b, double sigma,
                                     uint64_t seed)
{
    static const enum mt_profile_kind kinds[] = {MT_PROFILE_HEAP, MT_PROFILE_ALLOCS,
                                                 MT_PROFILE_GOROUTINE};
    struct mt_bundle *c = deep_copy(a, b);
    uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < c->n_profiles[kinds[k]]; i++)
            blur_profile(OWN(struct mt_profile, c->profiles[kinds[k]][i].profile), sigma, &state);
    for (size_t i = 0; i < c->n_series; i++) {
        const struct mt_metric_info *info = mt_metric_info(c->series[i].metric);
        bool gauge = !info->counter && (info->unit == MT_BYTES || info->unit == MT_COUNT);
        if (!gauge || c->series[i].metric == MT_M_GOMEMLIMIT || c->series[i].metric == MT_M_GOGC)
            continue;
        for (size_t r = 0; r < c->series[i].n; r++)
            OWN(double, c->series[i].value)[r] *= factor_of(&state, sigma);
    }
    for (size_t i = 0; i < c->n_gc_logs; i++)
        for (size_t k = 0; k < c->gc_logs[i]->n_cycles; k++) {
            struct mt_gc_cycle *cycle = &c->gc_logs[i]->cycles[k];
            if (cycle->heap_live_bytes != MT_NO_BYTES)
                cycle->heap_live_bytes =
                    (uint64_t)((double)cycle->heap_live_bytes * factor_of(&state, sigma));
        }
    return c;
}

/* --- fewer --- */

struct moments {
    size_t n;
    int64_t at[MOST_MOMENTS];
};

static void note(struct moments *m, int64_t t)
{
    size_t i = m->n;
    if (t == MT_NO_TIME || m->n == MOST_MOMENTS)
        return;
    for (; i > 0 && m->at[i - 1] > t; i--)
        m->at[i] = m->at[i - 1];
    m->at[i] = t;
    m->n++;
}

/* Distinct moments: the first of each run that lies close together. */
static void find_moments(const struct mt_bundle *b, struct moments *m)
{
    m->n = 0;
    for (size_t k = 0; k <= MT_PROFILE_GOROUTINE; k++)
        for (size_t i = 0; i < b->n_profiles[k]; i++)
            note(m, b->profiles[k][i].profile->time_ns);
    for (size_t i = 0; i < b->n_dumps; i++)
        note(m, b->dumps[i]->time_ns);
    if (!m->n)
        return;
    int64_t apart = (int64_t)(MT_SAME_SNAPSHOT * (double)(m->at[m->n - 1] - m->at[0]));
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        if (!n || m->at[i] - m->at[n - 1] > apart)
            m->at[n++] = m->at[i];
    m->n = n;
}

static size_t moment_of(const struct moments *m, int64_t t)
{
    size_t i = 0;
    while (i + 1 < m->n && m->at[i + 1] <= t)
        i++;
    return i;
}

struct mt_bundle *mt_transform_drop(struct mt_arena *a, const struct mt_bundle *b,
                                    bool (*keep)(size_t moment, size_t n))
{
    struct moments m;
    find_moments(b, &m);
    struct mt_bundle *c = deep_copy(a, b);
    for (size_t k = 0; k < MT_PROFILE_KINDS; k++) {
        size_t n = 0;
        for (size_t i = 0; i < c->n_profiles[k]; i++) {
            int64_t t = c->profiles[k][i].profile->time_ns;
            if (t == MT_NO_TIME || keep(moment_of(&m, t), m.n))
                c->profiles[k][n++] = c->profiles[k][i];
        }
        c->n_profiles[k] = n;
    }
    size_t n = 0;
    c->dump_inputs = COPY_N(a, b->dump_inputs, b->n_dumps);
    for (size_t i = 0; i < c->n_dumps; i++) {
        int64_t t = c->dumps[i]->time_ns;
        if (t != MT_NO_TIME && !keep(moment_of(&m, t), m.n))
            continue;
        c->dump_inputs[n] = c->dump_inputs[i];
        c->dumps[n++] = c->dumps[i];
    }
    c->n_dumps = n;
    return c;
}

struct mt_bundle *mt_transform_thin(struct mt_arena *a, const struct mt_bundle *b, size_t step)
{
    struct mt_bundle *c = deep_copy(a, b);
    for (size_t i = 0; i < c->n_series; i++) {
        struct mt_series *s = &c->series[i];
        size_t n = 0;
        for (size_t r = 0; s->n >= LEAST_ROWS && r < s->n; r += step, n++) {
            OWN(int64_t, s->time_ns)[n] = s->time_ns[r];
            OWN(double, s->value)[n] = s->value[r];
        }
        s->n = s->n >= LEAST_ROWS ? n : s->n;
    }
    return c;
}
