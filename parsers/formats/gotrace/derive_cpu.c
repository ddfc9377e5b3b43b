/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the processors did: the share of the time each ran a goroutine, the threads that had one,
 * and how much of all of them the collector took. The latter is kept in cells of equal width, which
 * doubles as the trace grows; from them comes the curve of the least mutator utilisation: over any
 * stretch of a given length at least so much of the processors was left to the program. A stretch
 * begins or ends at a cell's border.
 */
#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/consumer.h"

enum { CELLS = 1 << 17, CELLS_OF_WINDOW = 4 };
static const int64_t FIRST_CELL_NS = 1 << 13;

struct goroutine {
    bool running, collecting, assisting;
};

struct proc {
    int64_t busy_ns, since_ns;
    bool running, sweeping;
};

struct state {
    struct mt_arena *arena;       /* scratch */
    struct goroutine *goroutines; /* by slot */
    size_t n_goroutines;
    struct proc *procs; /* by slot */
    size_t n_procs, most_procs;
    struct mt_idset threads;
    uint64_t n_threads;

    uint64_t gomaxprocs;
    unsigned stops;
    int64_t workers; /* processors that mark, assist or sweep now */
    int64_t since_ns;
    float *lost; /* of each cell, in ns of all processors; behind the last nothing was */
    size_t n_lost;
    int64_t cell_ns;
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = s->threads.pages.arena = &feed->scratch;
    s->cell_ns = FIRST_CELL_NS;
}

/* ---- what the collector takes ------------------------------------------------------------- */

static void widen(struct state *s)
{
    for (size_t i = 0; i < s->n_lost / 2; i++)
        s->lost[i] = s->lost[2 * i] + s->lost[2 * i + 1];
    for (size_t i = s->n_lost / 2; i < s->n_lost; i++)
        s->lost[i] = 0;
    s->cell_ns *= 2;
}

static double share_lost(const struct state *s)
{
    uint64_t procs = s->gomaxprocs ? s->gomaxprocs : s->most_procs ? s->most_procs : 1;
    if (s->stops)
        return 1;
    double share = (double)s->workers / (double)procs;
    return share < 1 ? share : 1;
}

/* Books what was lost since the last change. */
static void book(struct state *s, int64_t now_ns)
{
    double share = share_lost(s);
    int64_t from_ns = s->since_ns;
    s->since_ns = now_ns;
    if (share <= 0 || now_ns <= from_ns)
        return;
    while (now_ns / s->cell_ns >= CELLS)
        widen(s);
    for (int64_t cell = from_ns / s->cell_ns; from_ns < now_ns; cell++) {
        int64_t border_ns = (cell + 1) * s->cell_ns;
        int64_t to_ns = now_ns < border_ns ? now_ns : border_ns;
        *MT_SLOT(s->arena, s->lost, s->n_lost, (uint32_t)cell) +=
            (float)((double)(to_ns - from_ns) * share);
        from_ns = to_ns;
    }
}

static void work(struct state *s, int64_t now_ns, int by)
{
    book(s, now_ns);
    s->workers += by;
}

/* ---- events ------------------------------------------------------------------------------- */

static struct proc *proc_at(struct state *s, uint32_t slot)
{
    if (slot >= s->most_procs)
        s->most_procs = slot + (size_t)1;
    return MT_SLOT(s->arena, s->procs, s->n_procs, slot);
}

static void run_on_proc(struct state *s, const struct mt_event *ev, bool runs)
{
    if (ev->proc_slot == MT_NO_SLOT)
        return;
    struct proc *p = proc_at(s, ev->proc_slot);
    if (p->running)
        p->busy_ns = mt_ns_sum(p->busy_ns, mt_ns_since(ev->time_ns, p->since_ns));
    p->running = runs;
    p->since_ns = ev->time_ns;
}

static void move_goroutine(struct state *s, const struct mt_event *ev)
{
    bool runs = ev->to == MT_GO_RUNNING;
    if (!runs && ev->from != MT_GO_RUNNING)
        return;
    struct goroutine *g = MT_SLOT(s->arena, s->goroutines, s->n_goroutines, ev->slot);
    if (runs == g->running)
        return;
    run_on_proc(s, ev, runs);
    g->running = runs;
    if (g->assisting)
        work(s, ev->time_ns, runs ? 1 : -1);
    if (!runs && g->collecting) { /* a worker says so each time it starts */
        g->collecting = false;
        work(s, ev->time_ns, -1);
    }
    if (ev->to == MT_GO_NOT_EXIST)
        *g = (struct goroutine){0};
}

static void move_proc(struct state *s, const struct mt_event *ev)
{
    struct proc *p = proc_at(s, ev->slot);
    if (ev->to != MT_PROC_RUNNING && p->running) {
        p->busy_ns = mt_ns_sum(p->busy_ns, mt_ns_since(ev->time_ns, p->since_ns));
        p->running = false;
    }
    if (ev->to == MT_PROC_RUNNING && ev->thread != MT_NO_ID &&
        !mt_idset_has(&s->threads, (uint64_t)ev->thread)) {
        mt_idset_add(&s->threads, (uint64_t)ev->thread);
        s->n_threads++;
    }
}

/* Marking in the background; idle workers take nothing from the program. */
static void label(struct state *s, const struct mt_trace_feed *feed, const struct mt_event *ev)
{
    struct mt_span text = mt_string(feed->capture->strings, ev->name);
    if (!mt_span_is(text, "GC (dedicated)") && !mt_span_is(text, "GC (fractional)"))
        return;
    struct goroutine *g = MT_SLOT(s->arena, s->goroutines, s->n_goroutines, ev->slot);
    if (g->running && !g->collecting) {
        g->collecting = true;
        work(s, ev->time_ns, 1);
    }
}

static void range(struct state *s, const struct mt_trace_feed *feed, const struct mt_event *ev)
{
    bool opens = ev->kind != MT_EV_RANGE_END;
    if (ev->what == MT_RANGE_STOP) {
        /* not those for a profile, for MemStats or for the trace itself */
        if (!mt_span_starts(mt_string(feed->capture->strings, ev->name), "GC "))
            return;
        book(s, ev->time_ns);
        s->stops = opens ? s->stops + 1 : s->stops ? s->stops - 1 : 0;
        return;
    }
    if (ev->slot == MT_NO_SLOT)
        return;
    if (ev->what == MT_RANGE_ASSIST) {
        struct goroutine *g = MT_SLOT(s->arena, s->goroutines, s->n_goroutines, ev->slot);
        if (g->assisting != opens && g->running)
            work(s, ev->time_ns, opens ? 1 : -1);
        g->assisting = opens;
    } else if (ev->what == MT_RANGE_SWEEP) {
        struct proc *p = proc_at(s, ev->slot);
        if (p->sweeping != opens)
            work(s, ev->time_ns, opens ? 1 : -1);
        p->sweeping = opens;
    }
}

static void events(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    struct state *s = state;
    for (; n; n--, ev++) {
        switch (ev->kind) {
        case MT_EV_TRANSITION:
            if (ev->slot == MT_NO_SLOT)
                break;
            if (ev->scope == MT_ABOUT_GOROUTINE)
                move_goroutine(s, ev);
            else
                move_proc(s, ev);
            break;
        case MT_EV_LABEL:
            if (ev->slot != MT_NO_SLOT)
                label(s, feed, ev);
            break;
        case MT_EV_RANGE_BEGIN:
        case MT_EV_RANGE_ACTIVE:
        case MT_EV_RANGE_END:
            range(s, feed, ev);
            break;
        case MT_EV_METRIC:
            if (ev->what == MT_METRIC_PROCS) {
                book(s, ev->time_ns);
                s->gomaxprocs = ev->value;
            }
            break;
        default:
            break;
        }
    }
}

/* ---- the end ------------------------------------------------------------------------------ */

/* The most that was lost in any stretch of that length, in ns. */
static double worst(const struct state *s, int64_t window_ns)
{
    size_t whole = (size_t)(window_ns / s->cell_ns);
    double part = (double)(window_ns % s->cell_ns) / (double)s->cell_ns, sum = 0, most = 0;
    for (size_t i = 0; i < s->n_lost; i++) {
        sum += (double)s->lost[i];
        if (i >= whole)
            sum -= (double)s->lost[i - whole];
        double before = i >= whole ? part * (double)s->lost[i - whole] : 0;
        double after = i + 1 < s->n_lost ? part * (double)s->lost[i + 1] : 0;
        double lost = sum + (before > after ? before : after);
        most = lost > most ? lost : most;
    }
    return most;
}

static void draw_curve(struct state *s, struct mt_trace_feed *feed)
{
    static const int64_t windows_ns[] = {100000,    200000,    500000,     1000000,    2000000,
                                         5000000,   10000000,  20000000,   50000000,   100000000,
                                         200000000, 500000000, 1000000000, 2000000000, 5000000000};
    enum { WINDOWS = sizeof windows_ns / sizeof *windows_ns };
    struct mt_trace *t = feed->capture->trace;
    t->mmu = MT_NEW_N(feed->capture->arena, struct mt_trace_mmu, WINDOWS);
    for (size_t i = 0; i < WINDOWS; i++) {
        int64_t window_ns = windows_ns[i];
        if (window_ns < CELLS_OF_WINDOW * s->cell_ns || window_ns > feed->last_ns)
            continue;
        double left = 1 - worst(s, window_ns) / (double)window_ns;
        t->mmu[t->n_mmu++] = (struct mt_trace_mmu){window_ns, left > 0 ? left : 0};
    }
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    struct mt_trace *t = feed->capture->trace;
    book(s, feed->last_ns);
    while (feed->last_ns / s->cell_ns >= CELLS)
        widen(s);
    draw_curve(s, feed);
    t->threads = s->n_threads;
    t->proc_busy = MT_NEW_N(feed->capture->arena, double, s->most_procs);
    for (; t->n_procs < s->most_procs; t->n_procs++) {
        const struct proc *p = &s->procs[t->n_procs];
        int64_t busy_ns =
            mt_ns_sum(p->busy_ns, p->running ? mt_ns_since(feed->last_ns, p->since_ns) : 0);
        t->proc_busy[t->n_procs] = feed->last_ns > 0 ? (double)busy_ns / (double)feed->last_ns : 0;
    }
}

const struct mt_trace_consumer mt_trace_consumer_cpu = {
    .name = "cpu",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_TRANSITION) | MT_KIND(MT_EV_LABEL) | MT_KIND(MT_EV_METRIC) |
             MT_KIND(MT_EV_RANGE_BEGIN) | MT_KIND(MT_EV_RANGE_ACTIVE) | MT_KIND(MT_EV_RANGE_END),
    .begin = begin,
    .events = events,
    .end = end,
};
