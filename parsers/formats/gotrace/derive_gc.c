/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collections: mark phases, stop-the-world ranges, time in assists and sweeps, and a GC log that is
 * comparable to gctrace's. A cycle's first stop begins before its mark phase and its last one ends
 * behind it; the heap's size between the last stop's begin and the mark phase's end is what the
 * collection left alive.
 *
 * Who marked is counted while it runs, between the stops: a worker from the label it gives itself
 * each time it starts, a goroutine that assists only while it has a processor (an assist that finds
 * nothing to do parks). What is swept up to the next mark phase belongs to the cycle before.
 */
#include "parsers/formats/gotrace/consumer.h"

#include <string.h>

/* Who marks. */
enum marker { NO_MARKER, ASSIST, BACKGROUND, IDLE, MARKERS };

/* That are looked at whether the collector works or not. */
enum {
    OWN_KINDS = MT_KIND(MT_EV_SYNC) | MT_KIND(MT_EV_METRIC) | MT_KIND(MT_EV_LABEL) |
                MT_KIND(MT_EV_RANGE_BEGIN) | MT_KIND(MT_EV_RANGE_ACTIVE) | MT_KIND(MT_EV_RANGE_END)
};

/* Bounds of what is kept of a long trace. */
enum { MARKS_MOST = 20000, STOPS_MOST = 20000, OPEN_STOPS = 64 };

struct open_stop {
    uint32_t reason;
    int64_t goroutine, since_ns;
};

struct span {
    int64_t since_ns;
    bool open;
};

/* What a goroutine does for the collector. */
struct helper {
    struct span assist;
    uint8_t marks; /* enum marker, while it runs */
};

struct state {
    struct mt_arena *arena; /* scratch */
    struct mt_gc_cycle *cycles;
    size_t n_cycles, cap_cycles;
    struct mt_trace_mark *marks;
    size_t n_marks, cap_marks;
    uint64_t marks_passed;
    struct mt_trace_stop *stops;
    size_t n_stops, cap_stops;
    uint64_t stops_passed; /* shorter ones that made room */
    struct open_stop open[OPEN_STOPS];
    size_t n_open;
    struct helper *helpers; /* by goroutine's slot */
    size_t n_helpers;
    size_t n_open_assists;
    struct span *sweeps; /* by proc's slot */
    size_t n_sweeps;
    int64_t assist_ns, sweep_ns;
    int64_t marking[MARKERS]; /* goroutines that run and mark now */
    int64_t mark_cpu_ns[MARKERS];
    int64_t booked_ns; /* up to here these are counted */
    struct span mark;
    int64_t marking_ns; /* when the program went on after the first stop */
    bool mark_kept;
    int64_t sync_ns;
    uint32_t sweep_term, mark_term; /* reasons */
    bool ending;                    /* the last cycle waits for its last stop to end */
    uint64_t live_bytes, before_last_stop_bytes, goal_bytes; /* MT_NO_BYTES: not told yet */
    uint64_t procs;
    int64_t cycle_cpu_ns[MARKERS]; /* mark_cpu_ns when the cycle began */
    int64_t cycle_sweep_ns;        /* sweep_ns when its mark phase ended */
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = &feed->scratch;
    s->live_bytes = s->goal_bytes = s->before_last_stop_bytes = MT_NO_BYTES;
    s->sweep_term = mt_intern_text(feed->capture->strings, "GC sweep termination");
    s->mark_term = mt_intern_text(feed->capture->strings, "GC mark termination");
}

/* ---- who marks ---------------------------------------------------------------------------- */

static const struct open_stop *open_stop(const struct state *s, uint32_t reason)
{
    for (size_t i = 0; i < s->n_open; i++)
        if (s->open[i].reason == reason)
            return &s->open[i];
    return NULL;
}

/* Of n processors; not beyond the largest there is. */
static int64_t cpu_ns(int64_t wall_ns, int64_t n)
{
    int64_t product_ns;
    return __builtin_mul_overflow(wall_ns, n, &product_ns) ? INT64_MAX : product_ns;
}

/* Counts what was marked since the last change. */
static void book(struct state *s, int64_t now_ns)
{
    int64_t passed_ns = now_ns > s->booked_ns ? now_ns - s->booked_ns : 0;
    s->booked_ns = now_ns;
    if (!s->mark.open || open_stop(s, s->sweep_term) || open_stop(s, s->mark_term))
        return;
    for (unsigned i = ASSIST; i < MARKERS; i++)
        s->mark_cpu_ns[i] = mt_ns_sum(s->mark_cpu_ns[i], cpu_ns(passed_ns, s->marking[i]));
}

static void set_marker(struct state *s, struct helper *h, enum marker marks, int64_t now_ns)
{
    if (h->marks == marks)
        return;
    book(s, now_ns);
    s->marking[h->marks]--;
    s->marking[marks]++;
    h->marks = (uint8_t)marks;
}

static void label(struct state *s, const struct mt_trace_feed *feed, const struct mt_event *ev)
{
    struct mt_span text = mt_string(feed->capture->strings, ev->name);
    enum marker marks = mt_span_is(text, "GC (idle)") ? IDLE
                        : mt_span_is(text, "GC (dedicated)") || mt_span_is(text, "GC (fractional)")
                            ? BACKGROUND
                            : NO_MARKER;
    if (marks && ev->slot != MT_NO_SLOT)
        set_marker(s, MT_SLOT(s->arena, s->helpers, s->n_helpers, ev->slot), marks, ev->time_ns);
}

/* Only asked while someone marks or is in an assist. */
static void move(struct state *s, const struct mt_event *ev)
{
    if (ev->scope != MT_ABOUT_GOROUTINE || ev->slot >= s->n_helpers)
        return;
    struct helper *h = &s->helpers[ev->slot];
    if (ev->to == MT_GO_RUNNING && h->assist.open && !h->marks)
        set_marker(s, h, ASSIST, ev->time_ns);
    else if (ev->to != MT_GO_RUNNING && h->marks)
        set_marker(s, h, NO_MARKER, ev->time_ns);
}

/* ---- cycles ------------------------------------------------------------------------------- */

static void begin_cycle(struct state *s, int64_t now_ns)
{
    s->ending = false;
    if (s->n_cycles == MARKS_MOST)
        return;
    MT_RESERVE(s->arena, s->cycles, s->n_cycles, s->cap_cycles);
    struct mt_gc_cycle *cycle = &s->cycles[s->n_cycles++];
    mt_gc_cycle_init(cycle);
    const struct open_stop *stop = open_stop(s, s->sweep_term);
    cycle->kind = MT_GC_GO;
    cycle->time_ns = stop ? stop->since_ns : now_ns;
    cycle->heap_start_bytes = s->live_bytes;
    cycle->goal_bytes = s->goal_bytes;
    cycle->procs = (uint32_t)s->procs;
    memcpy(s->cycle_cpu_ns, s->mark_cpu_ns, sizeof s->cycle_cpu_ns);
}

/* What was swept since the last cycle's mark phase is its share. */
static void add_sweep(struct state *s)
{
    if (s->n_cycles && s->cycles[s->n_cycles - 1].duration_ns)
        s->cycles[s->n_cycles - 1].cpu_sweep_ns = mt_ns_since(s->sweep_ns, s->cycle_sweep_ns);
}

static void begin_mark(struct state *s, const struct mt_event *ev, int64_t since_ns)
{
    book(s, since_ns);
    add_sweep(s);
    s->mark = (struct span){since_ns, true};
    s->marking_ns = since_ns;
    s->mark_kept = s->n_marks < MARKS_MOST;
    if (s->mark_kept) {
        MT_RESERVE(s->arena, s->marks, s->n_marks, s->cap_marks);
        s->marks[s->n_marks++] = (struct mt_trace_mark){.at_ns = since_ns, .open_at_end = true};
    } else {
        s->marks_passed++;
    }
    if (ev->kind == MT_EV_RANGE_BEGIN) /* of one that was under way the beginning is not known */
        begin_cycle(s, since_ns);
}

static void end_mark(struct state *s, int64_t now_ns)
{
    if (!s->mark.open)
        return;
    book(s, now_ns);
    s->mark.open = false;
    s->cycle_sweep_ns = s->sweep_ns;
    if (s->mark_kept) {
        s->marks[s->n_marks - 1].duration_ns = mt_ns_since(now_ns, s->mark.since_ns);
        s->marks[s->n_marks - 1].open_at_end = false;
    }
    if (!s->n_cycles || s->cycles[s->n_cycles - 1].duration_ns || !s->mark_kept)
        return;
    struct mt_gc_cycle *cycle = &s->cycles[s->n_cycles - 1];
    const struct open_stop *stop = open_stop(s, s->mark_term);
    cycle->duration_ns = mt_ns_since(now_ns, cycle->time_ns);
    cycle->mark_ns = (stop ? stop->since_ns : now_ns) - s->marking_ns;
    cycle->heap_end_bytes = stop ? s->before_last_stop_bytes : s->live_bytes;
    cycle->heap_live_bytes = s->live_bytes;
    cycle->cpu_assist_ns = s->mark_cpu_ns[ASSIST] - s->cycle_cpu_ns[ASSIST];
    cycle->cpu_background_ns = s->mark_cpu_ns[BACKGROUND] - s->cycle_cpu_ns[BACKGROUND];
    cycle->cpu_idle_ns = s->mark_cpu_ns[IDLE] - s->cycle_cpu_ns[IDLE];
    s->ending = stop;
}

/* The first stop comes just before or just behind the begin of the mark phase, by version. */
static void add_pause(struct state *s, uint32_t reason, int64_t since_ns, int64_t now_ns)
{
    if (!s->n_cycles)
        return;
    struct mt_gc_cycle *cycle = &s->cycles[s->n_cycles - 1];
    if (reason == s->sweep_term && s->mark.open && !cycle->sweep_term_ns &&
        since_ns >= cycle->time_ns) {
        cycle->sweep_term_ns = mt_ns_since(now_ns, since_ns);
        cycle->cpu_sweep_term_ns = cpu_ns(cycle->sweep_term_ns, cycle->procs);
        cycle->pause_ns = mt_ns_sum(cycle->pause_ns, mt_ns_since(now_ns, since_ns));
        s->marking_ns = now_ns;
    } else if (reason == s->mark_term && s->ending) {
        cycle->mark_term_ns = mt_ns_since(now_ns, since_ns);
        cycle->cpu_mark_term_ns = cpu_ns(cycle->mark_term_ns, cycle->procs);
        cycle->pause_ns = mt_ns_sum(cycle->pause_ns, mt_ns_since(now_ns, since_ns));
        cycle->duration_ns = mt_ns_since(now_ns, cycle->time_ns);
        s->ending = false;
    }
}

/* ---- stops -------------------------------------------------------------------------------- */

/* Room for more: of each two neighbours the shorter goes. */
static void thin_stops(struct state *s)
{
    size_t kept = 0;
    for (size_t i = 0; i + 1 < s->n_stops; i += 2) {
        const struct mt_trace_stop *a = &s->stops[i];
        s->stops[kept++] = a[0].duration_ns >= a[1].duration_ns ? a[0] : a[1];
    }
    s->stops_passed += s->n_stops - kept;
    s->n_stops = kept;
}

static void begin_stop(struct state *s, const struct mt_event *ev)
{
    book(s, ev->time_ns);
    if (ev->name == s->mark_term)
        s->before_last_stop_bytes = s->live_bytes;
    if (s->n_open < OPEN_STOPS)
        s->open[s->n_open++] = (struct open_stop){ev->name, ev->subject, ev->time_ns};
}

/* The oldest of that reason and goroutine; failing that of the reason. */
static size_t find_stop(const struct state *s, const struct mt_event *ev)
{
    size_t found = s->n_open;
    for (size_t i = s->n_open; i-- > 0;)
        if (s->open[i].reason == ev->name)
            found = i;
    for (size_t i = s->n_open; i-- > 0;)
        if (s->open[i].reason == ev->name && s->open[i].goroutine == ev->subject)
            found = i;
    return found;
}

static void end_stop(struct state *s, const struct mt_event *ev)
{
    size_t found = find_stop(s, ev);
    if (found == s->n_open)
        return;
    book(s, ev->time_ns);
    int64_t since_ns = s->open[found].since_ns;
    memmove(&s->open[found], &s->open[found + 1], (s->n_open - found - 1) * sizeof *s->open);
    s->n_open--;
    if (s->n_stops == STOPS_MOST)
        thin_stops(s);
    MT_RESERVE(s->arena, s->stops, s->n_stops, s->cap_stops);
    size_t at = s->n_stops++;
    for (; at && s->stops[at - 1].at_ns > since_ns; at--)
        s->stops[at] = s->stops[at - 1];
    s->stops[at] = (struct mt_trace_stop){ev->name, since_ns, mt_ns_since(ev->time_ns, since_ns)};
    add_pause(s, ev->name, since_ns, ev->time_ns);
}

/* ---- events ------------------------------------------------------------------------------- */

static void span_event(struct span *span, const struct mt_event *ev, int64_t sync_ns, int64_t *sum)
{
    switch (ev->kind) {
    case MT_EV_RANGE_BEGIN:
        *span = (struct span){ev->time_ns, true};
        break;
    case MT_EV_RANGE_ACTIVE:
        if (!span->open)
            *span = (struct span){sync_ns, true};
        break;
    default:
        if (span->open)
            *sum = mt_ns_sum(*sum, mt_ns_since(ev->time_ns, span->since_ns));
        span->open = false;
    }
}

static void assist(struct state *s, const struct mt_event *ev)
{
    struct helper *h = MT_SLOT(s->arena, s->helpers, s->n_helpers, ev->slot);
    bool was_open = h->assist.open;
    span_event(&h->assist, ev, s->sync_ns, &s->assist_ns);
    if (h->assist.open && !was_open)
        s->n_open_assists++;
    else if (was_open && !h->assist.open)
        s->n_open_assists--;
    if (ev->kind == MT_EV_RANGE_BEGIN) /* it runs, since it says so itself */
        set_marker(s, h, ASSIST, ev->time_ns);
    else if (ev->kind == MT_EV_RANGE_END && h->marks == ASSIST)
        set_marker(s, h, NO_MARKER, ev->time_ns);
}

static void range(struct state *s, const struct mt_event *ev)
{
    switch (ev->what) {
    case MT_RANGE_MARK:
        if (ev->kind == MT_EV_RANGE_END)
            end_mark(s, ev->time_ns);
        else if (ev->kind == MT_EV_RANGE_BEGIN || !s->mark.open)
            begin_mark(s, ev, ev->kind == MT_EV_RANGE_BEGIN ? ev->time_ns : s->sync_ns);
        break;
    case MT_RANGE_STOP:
        if (ev->kind == MT_EV_RANGE_END)
            end_stop(s, ev);
        else
            begin_stop(s, ev);
        break;
    case MT_RANGE_ASSIST:
        if (ev->slot != MT_NO_SLOT)
            assist(s, ev);
        break;
    default:
        if (ev->slot != MT_NO_SLOT)
            span_event(MT_SLOT(s->arena, s->sweeps, s->n_sweeps, ev->slot), ev, s->sync_ns,
                       &s->sweep_ns);
        break;
    }
}

static void metric(struct state *s, const struct mt_event *ev)
{
    if (ev->what == MT_METRIC_HEAP_LIVE)
        s->live_bytes = ev->value;
    else if (ev->what == MT_METRIC_HEAP_GOAL)
        s->goal_bytes = ev->value ? ev->value : MT_NO_BYTES; /* 0: the heap's size starts none */
    else
        s->procs = ev->value <= UINT32_MAX ? ev->value : 0;
}

static bool is_watched(const struct state *s)
{
    return s->n_open_assists || s->marking[BACKGROUND] || s->marking[IDLE];
}

/* Transitions count only while the collector is at work, so most blocks are passed over. */
static void events(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    struct state *s = state;
    if (!(feed->present & OWN_KINDS) && !is_watched(s))
        return;
    for (; n; n--, ev++) {
        switch (ev->kind) {
        case MT_EV_TRANSITION:
            if (is_watched(s))
                move(s, ev);
            break;
        case MT_EV_SYNC:
            s->sync_ns = ev->time_ns;
            break;
        case MT_EV_METRIC:
            metric(s, ev);
            break;
        case MT_EV_LABEL:
            label(s, feed, ev);
            break;
        case MT_EV_RANGE_BEGIN:
        case MT_EV_RANGE_ACTIVE:
        case MT_EV_RANGE_END:
            range(s, ev);
            break;
        default:
            break;
        }
    }
}

/* ---- the end ------------------------------------------------------------------------------ */

static void add_open(struct state *s, int64_t now_ns)
{
    for (size_t i = 0; i < s->n_helpers; i++)
        if (s->helpers[i].assist.open)
            s->assist_ns =
                mt_ns_sum(s->assist_ns, mt_ns_since(now_ns, s->helpers[i].assist.since_ns));
    for (size_t i = 0; i < s->n_sweeps; i++)
        if (s->sweeps[i].open)
            s->sweep_ns = mt_ns_sum(s->sweep_ns, mt_ns_since(now_ns, s->sweeps[i].since_ns));
    if (!s->mark.open)
        add_sweep(s);
}

/* Without a unit of time what is left are the sizes and the order. */
static void forget_lengths(struct mt_gc_cycle *c)
{
    c->duration_ns = c->mark_ns = c->pause_ns = c->sweep_term_ns = c->mark_term_ns = 0;
    c->cpu_sweep_term_ns = c->cpu_assist_ns = c->cpu_background_ns = c->cpu_idle_ns = 0;
    c->cpu_mark_term_ns = c->cpu_sweep_ns = 0;
}

static void keep_log(struct state *s, struct mt_trace_feed *feed)
{
    struct mt_capture *c = feed->capture;
    if (s->n_cycles && !s->cycles[s->n_cycles - 1].duration_ns)
        s->n_cycles--; /* it goes on past the end */
    if (!s->n_cycles)
        return;
    struct mt_gc_log *log = mt_capture_add_gc_log(c, "gotrace");
    log->clock = mt_feed_clock(feed);
    log->cycles = MT_NEW_N(c->arena, struct mt_gc_cycle, s->n_cycles);
    log->n_cycles = log->cap_cycles = s->n_cycles;
    for (size_t i = 0; i < s->n_cycles; i++) {
        log->cycles[i] = s->cycles[i];
        log->cycles[i].time_ns = mt_feed_wall(feed, s->cycles[i].time_ns);
        if (c->trace->unit_assumed)
            forget_lengths(&log->cycles[i]);
    }
}

static void remark_passed(struct mt_capture *c, uint64_t n, const char *what)
{
    if (n)
        mt_capture_remark(c, false, "trace-thinned", "%llu %s of the trace are not kept singly",
                          (unsigned long long)n, what);
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    struct mt_trace *t = feed->capture->trace;
    struct mt_arena *arena = feed->capture->arena;
    while (s->n_open) { /* what is open is closed here */
        const struct mt_event last = {
            .time_ns = feed->last_ns, .name = s->open[0].reason, .subject = s->open[0].goroutine};
        end_stop(s, &last);
    }
    if (s->mark.open && s->mark_kept)
        s->marks[s->n_marks - 1].duration_ns = mt_ns_since(feed->last_ns, s->mark.since_ns);
    add_open(s, feed->last_ns);
    t->assist_ns = s->assist_ns;
    t->sweep_ns = s->sweep_ns;
    t->marks = MT_NEW_N(arena, struct mt_trace_mark, s->n_marks);
    for (; t->n_marks < s->n_marks; t->n_marks++)
        t->marks[t->n_marks] = s->marks[t->n_marks];
    t->stops = MT_NEW_N(arena, struct mt_trace_stop, s->n_stops);
    for (; t->n_stops < s->n_stops; t->n_stops++)
        t->stops[t->n_stops] = s->stops[t->n_stops];
    keep_log(s, feed);
    remark_passed(feed->capture, s->marks_passed, "collections");
    remark_passed(feed->capture, s->stops_passed, "stop-the-world ranges, none of the longest,");
}

const struct mt_trace_consumer mt_trace_consumer_gc = {
    .name = "gc",
    .state_bytes = sizeof(struct state),
    .kinds = OWN_KINDS | MT_KIND(MT_EV_TRANSITION),
    .begin = begin,
    .events = events,
    .end = end,
};
