/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A service written down in a test: what its call sites, goroutines and the memory outside of its
 * heap hold at each second. It is run against a simple collector and captured: heap profiles with
 * sampling noise, goroutine profiles, MemStats polls, gctrace, resident memory, request spans.
 * Include after cmocka.h.
 */
#ifndef MT_ANALYSIS_SERVICE_FOR_TESTS_H
#define MT_ANALYSIS_SERVICE_FOR_TESTS_H

#include "report/analysis/rule.h"

#include <math.h>
#include <string.h>

#define MIB       1048576.0
#define MEM_RATE  524288.0
#define T0        (1795376100ll * MT_SECOND_NS)
#define MOST_SITE 8

struct service_site {
    const char *stack;         /* innermost function first, separated by blanks */
    double (*bytes)(double t); /* or goroutines */
    double object_bytes;
    bool turns_over; /* other objects at each snapshot, so sampled anew */
};

struct service {
    double seconds, alloc_per_s; /* bytes allocated per second at load 1 */
    double (*load)(double t);    /* NULL: 1 */
    double (*outside)(double t); /* bytes outside of the Go heap; NULL: 0 */
    double (*gogc)(double t);    /* NULL: 100 */
    double rss_noise;            /* relative */
    struct service_site heap[MOST_SITE], goroutines[MOST_SITE];
    size_t snapshots;      /* of each kind */
    const char *contended; /* stack of a block profile's one sample; NULL: no such profile */
    bool no_heap, no_goroutines, no_memstats, no_rss, spans, gctrace;
    double restart_s, poll_s; /* 0: none, 1 s */
    const char *go_version;
    uint64_t seed;
};

struct captured {
    struct mt_arena arena;
    struct mt_strings strings, own;
    struct mt_capture capture;
    struct mt_input input;
    const struct service *service;
    uint64_t random;
    double kept[MOST_SITE]; /* sampled objects of each site that are still there */
    double mean[MOST_SITE]; /* what they were drawn for */
};

static inline double service_uniform(struct captured *c)
{
    c->random ^= c->random >> 12;
    c->random ^= c->random << 25;
    c->random ^= c->random >> 27;
    return (double)((c->random * 0x2545f4914f6cdd1du) >> 11) / 9007199254740992.0;
}

static inline double service_normal(struct captured *c)
{
    return sqrt(-2 * log(1 - service_uniform(c))) * cos(6.283185307179586 * service_uniform(c));
}

static inline double service_poisson(struct captured *c, double mean)
{
    if (mean > 60)
        return fmax(0, round(mean + sqrt(mean) * service_normal(c)));
    double limit = exp(-mean), product = service_uniform(c), k = 0;
    for (; product > limit; k++)
        product *= service_uniform(c);
    return k;
}

/* Seconds since the process began. */
static inline double service_age(const struct captured *c, double t)
{
    double restart = c->service->restart_s;
    return restart > 0 && t >= restart ? t - restart : t;
}

static inline int64_t service_time(double t)
{
    return T0 + (int64_t)(t * 1e9);
}

static inline double service_live(const struct captured *c, double t)
{
    double sum = 2 * MIB;
    for (size_t i = 0; i < MOST_SITE && c->service->heap[i].stack; i++)
        sum += c->service->heap[i].bytes(service_age(c, t));
    return sum;
}

static inline double service_load(const struct captured *c, double t)
{
    return c->service->load ? c->service->load(t) : 1.0;
}

/* --- profiles --- */

static inline void service_stack(struct captured *c, struct mt_profile *p, const char *stack)
{
    struct mt_sample *s = &p->samples[p->n_samples];
    *s = (struct mt_sample){.first_frame = p->n_frames};
    struct mt_span rest = mt_span_of(stack), name;
    while (mt_span_split(&rest, ' ', &name)) {
        uint32_t id = mt_intern(&c->own, name), f = 0;
        while (f < p->n_functions && p->functions[f].name != id)
            f++;
        if (f == p->n_functions) {
            p->functions[p->n_functions++] = (struct mt_function){.id = f + 1, .name = id};
            p->lines[p->n_lines++] = (struct mt_line){.function = f, .line = 10};
            p->locations[p->n_locations++] = (struct mt_location){
                .id = f + 1, .mapping = MT_NO_INDEX, .first_line = f, .n_lines = 1};
        }
        p->frames[p->n_frames++] = f;
        s->n_frames++;
    }
    p->n_samples++;
}

static inline struct mt_profile *service_profile(struct captured *c, enum mt_profile_kind kind,
                                                 double t, size_t n_types)
{
    enum { MOST = 128 };
    struct mt_profile *p = mt_capture_add_profile(&c->capture, kind);
    p->time_ns = p->raw_time_ns = service_time(t);
    p->clock.clock = MT_CLOCK_SAME;
    p->n_types = n_types;
    p->types = MT_NEW_N(&c->arena, struct mt_value_type, n_types);
    p->samples = MT_NEW_N(&c->arena, struct mt_sample, MOST);
    p->values = MT_NEW_N(&c->arena, int64_t, MOST * n_types);
    p->frames = MT_NEW_N(&c->arena, uint32_t, MOST);
    p->locations = MT_NEW_N(&c->arena, struct mt_location, MOST);
    p->lines = MT_NEW_N(&c->arena, struct mt_line, MOST);
    p->functions = MT_NEW_N(&c->arena, struct mt_function, MOST);
    return p;
}

/* Sampled objects live on from snapshot to snapshot: what grows adds some, what shrinks loses some.
 */
static inline double service_sampled(struct captured *c, size_t i, double mean)
{
    bool fresh = c->service->heap[i].turns_over || c->kept[i] < 0;
    double before = fresh ? 0 : c->mean[i];
    c->mean[i] = mean;
    if (fresh)
        c->kept[i] = service_poisson(c, mean);
    else if (mean >= before)
        c->kept[i] += service_poisson(c, mean - before);
    else
        c->kept[i] = round(c->kept[i] * mean / before);
    return c->kept[i];
}

static inline void service_heap(struct captured *c, double t)
{
    static const char *const types[][2] = {{"alloc_objects", "count"},
                                           {"alloc_space", "bytes"},
                                           {"inuse_objects", "count"},
                                           {"inuse_space", "bytes"}};
    struct mt_profile *p = service_profile(c, MT_PROFILE_HEAP, t, 4);
    p->period = (int64_t)MEM_RATE;
    for (size_t k = 0; k < 4; k++)
        p->types[k] = (struct mt_value_type){mt_intern_text(&c->own, types[k][0]),
                                             mt_intern_text(&c->own, types[k][1])};
    mt_profile_choose_default(p);
    for (size_t i = 0; i < MOST_SITE && c->service->heap[i].stack; i++) {
        const struct service_site *site = &c->service->heap[i];
        double size = site->object_bytes, chance = -expm1(-size / MEM_RATE);
        double k = service_sampled(c, i, site->bytes(service_age(c, t)) / size * chance);
        int64_t *v = &p->values[p->n_samples * 4];
        v[2] = (int64_t)(k / chance);
        v[3] = (int64_t)(k / chance * size);
        v[1] = v[3] + (int64_t)(service_age(c, t) * c->service->alloc_per_s /* all sites alike */);
        v[0] = (int64_t)((double)v[1] / size);
        service_stack(c, p, site->stack);
    }
}

static inline double service_goroutines(struct captured *c, double t, bool profile)
{
    struct mt_profile *p = profile ? service_profile(c, MT_PROFILE_GOROUTINE, t, 1) : NULL;
    double sum = 12;
    if (p) {
        p->types[0] = (struct mt_value_type){mt_intern_text(&c->own, "goroutine"),
                                             mt_intern_text(&c->own, "count")};
        mt_profile_choose_default(p);
        p->values[0] = 12;
        service_stack(c, p, "runtime.gopark net/http.(*Server).Serve example.com/shop.main");
    }
    for (size_t i = 0; i < MOST_SITE && c->service->goroutines[i].stack; i++) {
        double n = floor(c->service->goroutines[i].bytes(service_age(c, t)));
        sum += n;
        if (!p || n < 1)
            continue;
        p->values[p->n_samples] = (int64_t)n;
        service_stack(c, p, c->service->goroutines[i].stack);
    }
    return sum;
}

/* --- the collector --- */

static inline void service_poll(struct captured *c, struct mt_table *m, double t, double heap,
                                double sys, double cycles, double total)
{
    mt_table_row(&c->arena, m, service_time(t));
    mt_table_set(&c->arena, m, MT_M_HEAP_ALLOC, heap);
    mt_table_set(&c->arena, m, MT_M_SYS, sys);
    mt_table_set(&c->arena, m, MT_M_HEAP_RELEASED, 0);
    mt_table_set(&c->arena, m, MT_M_NUM_GC, cycles);
    mt_table_set(&c->arena, m, MT_M_TOTAL_ALLOC, total);
    mt_table_set(&c->arena, m, MT_M_GOROUTINES, service_goroutines(c, t, false));
}

/* HeapAlloc climbs from the live heap to the goal and falls back; at the latest after two minutes.
 */
static inline void service_run(struct captured *c, struct mt_table *m, struct mt_table *r,
                               struct mt_gc_log *log)
{
    const struct service *s = c->service;
    double step = 0.05, heap = service_live(c, 0), sys = 8 * MIB, cycles = 3, total = 10 * MIB;
    double since = 0, poll = s->poll_s > 0 ? s->poll_s : 1, next = 0;
    double goal = fmax(4 * MIB, heap * 2);
    for (double t = 0; t <= s->seconds; t += step) {
        if (s->restart_s > 0 && t >= s->restart_s && t < s->restart_s + step) {
            heap = service_live(c, t);
            cycles = total = since = 0;
            sys = 8 * MIB;
            goal = fmax(4 * MIB, heap * 2);
        }
        double more = s->alloc_per_s * service_load(c, t) * step;
        heap += more;
        total += more;
        since += step;
        if (heap >= goal || since >= 120) {
            heap = service_live(c, t);
            goal = fmax(4 * MIB, heap * (1 + (s->gogc ? s->gogc(t) : 100) / 100));
            cycles++;
            since = 0;
            if (log) {
                MT_RESERVE(&c->arena, log->cycles, log->n_cycles, log->cap_cycles);
                struct mt_gc_cycle *g = &log->cycles[log->n_cycles++];
                mt_gc_cycle_init(g);
                g->number = (uint64_t)cycles;
                g->time_ns = service_time(t);
                g->since_start_ns = (int64_t)(t * 1e9);
                g->heap_live_bytes = (uint64_t)floor(heap / MIB) << 20;
            }
        }
        sys = fmax(sys, goal * 1.1 + 6 * MIB);
        if (t + step / 2 < next)
            continue;
        next += poll;
        if (m)
            service_poll(c, m, t, heap, sys, cycles, total);
        if (r) {
            double outside = s->outside ? s->outside(t) : 0;
            mt_table_row(&c->arena, r, service_time(t));
            mt_table_set(&c->arena, r, MT_M_RSS,
                         (sys + outside + 9 * MIB) * (1 + s->rss_noise * service_normal(c)));
        }
    }
}

static inline void service_spans(struct captured *c)
{
    uint64_t n = 0;
    for (double t = 0; t < c->service->seconds; t += 0.05 / fmax(service_load(c, t), 0.05)) {
        struct mt_request *q = mt_capture_add_request(&c->capture);
        q->start_ns = service_time(t);
        q->duration_ns = (int64_t)(20e6 * (1 + 0.2 * service_uniform(c)));
        q->root = true;
        q->name = mt_intern_text(&c->own, "GET /");
        n++;
        memcpy(q->span_id, &n, sizeof n);
        memcpy(q->trace_id, &n, sizeof n);
    }
}

/* An empty capture, to be filled by hand. */
static inline void service_open(struct captured *c)
{
    *c = (struct captured){.random = 1};
    mt_strings_init(&c->strings, &c->arena);
    mt_strings_init(&c->own, &c->arena);
    mt_capture_init(&c->capture, &c->arena, &c->own);
}

/* What the engine says of the capture as it stands. */
static inline const struct mt_assessment *service_judge(struct captured *c,
                                                        const char *suppressions)
{
    c->input = (struct mt_input){.path = "service",
                                 .kind = "test",
                                 .format = "test",
                                 .start_ns = MT_NO_TIME,
                                 .end_ns = MT_NO_TIME,
                                 .capture = &c->capture};
    const struct mt_bundle *b = mt_bundle_join(&c->arena, &c->strings, "service", &c->input, 1, 0);
    struct mt_assess_options how = {.suppressions = mt_span_of(suppressions)};
    return mt_assess(&c->arena, b, &how);
}

/* Runs and captures the service and assesses it. The arena is the caller's to clear. */
static inline const struct mt_assessment *
service_assess(struct captured *c, const struct service *s, const char *suppressions)
{
    *c = (struct captured){.service = s, .random = 0x9e3779b97f4a7c15u * (s->seed + 1)};
    mt_strings_init(&c->strings, &c->arena);
    mt_strings_init(&c->own, &c->arena);
    mt_capture_init(&c->capture, &c->arena, &c->own);
    for (size_t i = 0; i < MOST_SITE; i++)
        c->kept[i] = -1;
    for (size_t i = 0; i < s->snapshots; i++) {
        double t = s->seconds * ((double)i + 0.5) / (double)s->snapshots;
        if (!s->no_heap)
            service_heap(c, t);
        if (!s->no_goroutines)
            service_goroutines(c, t, true);
    }
    if (!s->no_memstats)
        mt_capture_add_table(&c->capture, "memstats")->clock.clock = MT_CLOCK_SAME;
    if (!s->no_rss)
        mt_capture_add_table(&c->capture, "process-memory")->clock.clock = MT_CLOCK_SAME;
    struct mt_gc_log *log = s->gctrace ? mt_capture_add_gc_log(&c->capture, "gctrace") : NULL;
    if (log) {
        log->clock.clock = MT_CLOCK_SAME;
        log->live_is_whole_mib = true;
    }
    service_run(c, s->no_memstats ? NULL : &c->capture.tables[0],
                s->no_rss ? NULL : &c->capture.tables[s->no_memstats ? 0 : 1], log);
    if (s->spans)
        service_spans(c);
    if (s->contended) {
        struct mt_profile *p = service_profile(c, MT_PROFILE_BLOCK, s->seconds, 2);
        p->types[0] = (struct mt_value_type){mt_intern_text(&c->own, "contentions"),
                                             mt_intern_text(&c->own, "count")};
        p->types[1] = (struct mt_value_type){mt_intern_text(&c->own, "delay"),
                                             mt_intern_text(&c->own, "nanoseconds")};
        mt_profile_choose_default(p);
        p->values[0] = 7;
        p->values[1] = 12 * MT_SECOND_NS;
        service_stack(c, p, s->contended);
    }
    if (s->go_version)
        c->capture.go_version = mt_intern_text(&c->own, s->go_version);
    return service_judge(c, suppressions);
}

/* --- a service that stands, for the tests to change --- */

enum { SEEDS = 5 }; /* of sampling noise that a test goes through */

static struct captured captured;
static const char *const service_words[] = {"undecided", "steady", "watch", "leak"};

#define TABLE "runtime.mallocgc example.com/shop/table.Load example.com/shop.main"
#define CACHE "runtime.mapassign example.com/shop/cache.(*LRU).Set example.com/shop.Serve"
#define WORK  "runtime.mallocgc example.com/shop/work.(*Job).Run example.com/shop.Serve"

static inline double table(double t)
{
    (void)t;
    return 20 * MIB;
}

static inline double work(double t)
{
    return (12 + 3 * sin(t)) * MIB;
}

static inline struct service steady(void)
{
    return (struct service){.seconds = 300,
                            .alloc_per_s = 20 * MIB,
                            .heap = {{TABLE, table, 4096, false}, {WORK, work, 512, true}},
                            .snapshots = 8,
                            .gctrace = true};
}

#endif
