/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a growth spike to a slow request: the heap rises beyond three sigma of the 30 rises before,
 * a long pause of the collector lies within 5 ms of that rise, and a slow or failed request was
 * under way while the program stood.
 */
#include "report/analysis/engine.h"

#include <math.h>
#include <string.h>

enum { MOST_CHAINS = 50, SPIKE_WINDOW = 30 };
static const int64_t LONG_PAUSE_NS = 100 * 1000000ll;
static const int64_t NEAR_SPIKE_NS = 5 * 1000000ll;

/* Slow or failed requests by start, each with the latest end up to it. */
struct slow {
    const struct mt_request **items;
    int64_t *latest_end_ns;
    size_t n;
};

/* Pauses of the collector that are long, by start. */
struct stops {
    const struct mt_pause **items;
    size_t n;
};

static struct slow slow_requests(const struct mt_signals *s, struct mt_arena *scratch)
{
    const struct mt_bundle *b = s->bundle;
    struct slow out = {MT_NEW_N(scratch, const struct mt_request *, b->n_requests),
                       MT_NEW_N(scratch, int64_t, b->n_requests), 0};
    int64_t latest = INT64_MIN;
    for (size_t i = 0; i < b->n_requests; i++) { /* by start */
        const struct mt_request *q = b->requests[i];
        if (!q->root || q->start_ns == MT_NO_TIME ||
            (!q->failed && q->duration_ns <= s->assessment->requests.p99_ns))
            continue;
        int64_t end = q->start_ns + q->duration_ns;
        latest = end > latest ? end : latest;
        out.items[out.n] = q;
        out.latest_end_ns[out.n++] = latest;
    }
    return out;
}

static struct stops long_stops(const struct mt_signals *s, struct mt_arena *scratch)
{
    const struct mt_gc_summary *gc = &s->assessment->gc;
    struct stops out = {MT_NEW_N(scratch, const struct mt_pause *, gc->n_pauses), 0};
    for (size_t i = 0; i < gc->n_pauses; i++) {
        const struct mt_pause *p = &gc->pauses[i];
        if (p->time_ns != MT_NO_TIME && p->duration_ns >= LONG_PAUSE_NS &&
            strcmp(p->cause, "garbage collection") == 0)
            out.items[out.n++] = p;
    }
    return out;
}

/* The longest that was under way then; NULL: none. */
static const struct mt_request *slow_at(const struct slow *slow, int64_t from_ns, int64_t to_ns)
{
    size_t low = 0, high = slow->n;
    while (low < high) { /* the first that starts later */
        size_t mid = low + (high - low) / 2;
        if (slow->items[mid]->start_ns <= to_ns)
            low = mid + 1;
        else
            high = mid;
    }
    const struct mt_request *longest = NULL;
    for (size_t i = low; i > 0 && slow->latest_end_ns[i - 1] >= from_ns; i--) {
        const struct mt_request *q = slow->items[i - 1];
        if (q->start_ns + q->duration_ns >= from_ns &&
            (!longest || q->duration_ns > longest->duration_ns))
            longest = q;
    }
    return longest;
}

/* The slopes of the heap before this one; whether it stands out of them. */
struct slopes {
    double last[SPIKE_WINDOW];
    size_t n;
};

static bool is_spike(struct slopes *s, double slope)
{
    double mean = 0.0, var = 0.0;
    bool full = s->n >= SPIKE_WINDOW;
    for (size_t k = 0; full && k < SPIKE_WINDOW; k++)
        mean += s->last[k] / SPIKE_WINDOW;
    for (size_t k = 0; full && k < SPIKE_WINDOW; k++)
        var += (s->last[k] - mean) * (s->last[k] - mean) / (SPIKE_WINDOW - 1);
    s->last[s->n++ % SPIKE_WINDOW] = slope;
    return full && slope > 0.0 && slope > mean + 3.0 * sqrt(var);
}

static void add(struct mt_gc_summary *gc, int64_t spike_ns, const struct mt_pause *pause,
                const struct mt_request *request)
{
    gc->chains[gc->n_chains++] =
        (struct mt_chain){spike_ns,          pause->time_ns,       pause->duration_ns,
                          request->start_ns, request->duration_ns, request};
}

void mt_signal_chains(struct mt_signals *s)
{
    const struct mt_series *heap = mt_signal_series(s, MT_M_HEAP_ALLOC);
    struct mt_gc_summary *gc = &s->assessment->gc;
    if (!heap || heap->clock->clock == MT_CLOCK_NONE || !s->assessment->requests.present)
        return;
    struct mt_arena scratch = {0};
    gc->chains = MT_NEW_N(s->arena, struct mt_chain, MOST_CHAINS);
    struct slow slow = slow_requests(s, &scratch);
    struct stops stops = long_stops(s, &scratch);
    struct slopes slopes = {.n = 0};
    size_t at = 0;
    for (size_t i = 1; i < heap->n; i++) {
        int64_t from = heap->time_ns[i - 1], to = heap->time_ns[i];
        if (to <= from ||
            !is_spike(&slopes, (heap->value[i] - heap->value[i - 1]) / ((double)(to - from) / 1e9)))
            continue;
        while (at < stops.n &&
               stops.items[at]->time_ns + stops.items[at]->duration_ns < from - NEAR_SPIKE_NS)
            at++;
        for (size_t k = at; k < stops.n && stops.items[k]->time_ns <= to + NEAR_SPIKE_NS &&
                            gc->n_chains < MOST_CHAINS;
             k++) {
            const struct mt_pause *p = stops.items[k];
            const struct mt_request *q = slow_at(&slow, p->time_ns, p->time_ns + p->duration_ns);
            if (q)
                add(gc, to, p, q);
        }
    }
    mt_arena_clear(&scratch);
}
