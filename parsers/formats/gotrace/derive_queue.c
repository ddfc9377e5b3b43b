/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many goroutines there are and how many wait for a processor, over time, and how long they
 * wait. Goroutines that were there before the trace are announced as they first do something; they
 * count from its beginning, so the series are kept without them and raised at the end.
 */
#include "parsers/formats/gotrace/consumer.h"
#include "parsers/formats/gotrace/thin.h"

enum {
    LATENCY_BITS = 5, /* of a latency that are kept: an error of 3 per cent at most */
    LATENCIES = 64 << LATENCY_BITS
};

struct goroutine {
    int64_t runnable_ns; /* since; INT64_MIN: unknown, or not runnable */
    uint8_t state;
    bool lives;
};

struct state {
    struct mt_arena *arena;       /* scratch */
    struct goroutine *goroutines; /* by slot */
    size_t n_goroutines;
    int64_t count, runnable;        /* changes since the beginning */
    int64_t existed, were_runnable; /* at the beginning, as far as announced */
    struct mt_thin count_series, runnable_series;
    uint64_t latencies[LATENCIES];
    uint64_t n_latencies;
    int64_t longest_ns;
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = &feed->scratch;
    mt_thin_init(&s->count_series, s->arena);
    mt_thin_init(&s->runnable_series, s->arena);
    mt_thin_add(&s->count_series, 0, 0);
    mt_thin_add(&s->runnable_series, 0, 0);
}

static unsigned latency_class(uint64_t ns)
{
    unsigned bits = ns ? 64 - (unsigned)__builtin_clzll(ns) : 0;
    unsigned shift = bits > LATENCY_BITS + 1 ? bits - LATENCY_BITS - 1 : 0;
    return (shift << LATENCY_BITS) + (unsigned)(ns >> shift);
}

/* The middle of the class. */
static int64_t latency_of(unsigned latency)
{
    unsigned shift = latency >> LATENCY_BITS > 1 ? (latency >> LATENCY_BITS) - 1 : 0;
    uint64_t least = ((uint64_t)latency - ((uint64_t)shift << LATENCY_BITS)) << shift;
    return (int64_t)(least + ((UINT64_C(1) << shift) >> 1));
}

static void add_latency(struct state *s, int64_t ns)
{
    s->latencies[latency_class((uint64_t)ns)]++;
    s->n_latencies++;
    if (ns > s->longest_ns)
        s->longest_ns = ns;
}

static void change(struct mt_thin *series, int64_t *value, int by, int64_t time_ns)
{
    *value += by;
    mt_thin_add(series, time_ns, (double)*value);
}

static void leave_runnable(struct state *s, struct goroutine *g, const struct mt_event *ev)
{
    change(&s->runnable_series, &s->runnable, -1, ev->time_ns);
    if (ev->to == MT_GO_RUNNING && g->runnable_ns != INT64_MIN)
        add_latency(s, mt_ns_since(ev->time_ns, g->runnable_ns));
    g->runnable_ns = INT64_MIN;
}

static void move(struct state *s, const struct mt_event *ev)
{
    struct goroutine *g = MT_SLOT(s->arena, s->goroutines, s->n_goroutines, ev->slot);
    if (!g->lives) {
        bool created = ev->from == MT_GO_NOT_EXIST;
        *g = (struct goroutine){.runnable_ns = INT64_MIN, .state = MT_GO_STATES, .lives = true};
        if (created)
            change(&s->count_series, &s->count, 1, ev->time_ns);
        s->existed += !created;
        if (!created && ev->to == MT_GO_RUNNABLE) {
            s->were_runnable++;
            g->state = MT_GO_RUNNABLE;
        }
    }
    if (ev->to == g->state)
        return;
    if (g->state == MT_GO_RUNNABLE)
        leave_runnable(s, g, ev);
    g->state = ev->to;
    if (ev->to == MT_GO_RUNNABLE) {
        g->runnable_ns = ev->time_ns;
        change(&s->runnable_series, &s->runnable, 1, ev->time_ns);
    } else if (ev->to == MT_GO_NOT_EXIST) {
        g->lives = false;
        change(&s->count_series, &s->count, -1, ev->time_ns);
    }
}

static void events(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    (void)feed;
    struct state *s = state;
    for (; n; n--, ev++)
        if (ev->kind == MT_EV_TRANSITION && ev->scope == MT_ABOUT_GOROUTINE &&
            ev->slot != MT_NO_SLOT)
            move(s, ev);
}

/* The latency that the given share of all do not exceed. */
static int64_t quantile(const struct state *s, double share)
{
    uint64_t rank = (uint64_t)((double)s->n_latencies * share), seen = 0;
    for (unsigned i = 0; i < LATENCIES; i++) {
        seen += s->latencies[i];
        if (seen > rank) {
            int64_t ns = latency_of(i);
            return ns < s->longest_ns ? ns : s->longest_ns;
        }
    }
    return s->longest_ns;
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    struct mt_trace *t = feed->capture->trace;
    if (!feed->n_events)
        return;
    t->sched_p50_ns = quantile(s, 0.5);
    t->sched_p99_ns = quantile(s, 0.99);
    t->sched_max_ns = s->longest_ns;
    mt_thin_add(&s->count_series, feed->last_ns, (double)s->count);
    mt_thin_add(&s->runnable_series, feed->last_ns, (double)s->runnable);
    const struct mt_thin_metric metrics[] = {
        {MT_M_GOROUTINES, &s->count_series, (double)s->existed},
        {MT_M_RUNNABLE, &s->runnable_series, (double)s->were_runnable},
    };
    mt_thin_table(feed, metrics, 2);
}

const struct mt_trace_consumer mt_trace_consumer_queue = {
    .name = "queue",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_TRANSITION),
    .begin = begin,
    .events = events,
    .end = end,
};
