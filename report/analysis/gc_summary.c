/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collections and stops: from the best GC log, from traces, else from MemStats. Stops that the
 * capture itself causes (ReadMemStats, writing a profile) are told apart from the collector's.
 */
#include "report/analysis/engine.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CAUSES = 16 };

/* JSON lines of a service know neither phases nor what was forced. */
static bool knows_less(const struct mt_gc_log *log)
{
    return strcmp(log->source, "gclog") == 0;
}

/* More cycles are better, a tenth more does not make up for knowing less. */
static bool better(const struct mt_gc_log *a, const struct mt_gc_log *b)
{
    bool aligned = a->clock.clock != MT_CLOCK_NONE, other = b->clock.clock != MT_CLOCK_NONE;
    if (aligned != other)
        return aligned;
    if (knows_less(a) == knows_less(b))
        return a->n_cycles > b->n_cycles;
    return knows_less(b) ? a->n_cycles >= b->n_cycles - b->n_cycles / 10
                         : a->n_cycles - a->n_cycles / 10 > b->n_cycles;
}

static const struct mt_gc_log *best_log(const struct mt_bundle *b)
{
    const struct mt_gc_log *best = NULL;
    for (size_t i = 0; i < b->n_gc_logs; i++)
        if (!best || better(b->gc_logs[i], best))
            best = b->gc_logs[i];
    return best;
}

struct pauses {
    struct mt_arena *arena;
    struct mt_pause *items;
    size_t n, cap;
};

static void add_pause(struct pauses *p, int64_t time_ns, int64_t duration_ns, const char *cause,
                      bool by_capture)
{
    if (duration_ns <= 0)
        return;
    MT_RESERVE(p->arena, p->items, p->n, p->cap);
    p->items[p->n++] = (struct mt_pause){time_ns, duration_ns, cause, by_capture};
}

static void pauses_of_log(struct pauses *p, const struct mt_gc_log *log)
{
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i];
        int64_t at = c->time_ns;
        if (c->sweep_term_ns > 0 || c->mark_term_ns > 0) {
            add_pause(p, at, c->sweep_term_ns, "garbage collection", false);
            int64_t end = at == MT_NO_TIME ? at : at + c->sweep_term_ns + c->mark_ns;
            add_pause(p, end, c->mark_term_ns, "garbage collection", false);
        } else {
            add_pause(p, at, c->pause_ns, "garbage collection", false);
        }
    }
}

static const char *cause_of_stop(const struct mt_bundle *b, const struct mt_trace_stop *stop,
                                 bool *by_capture)
{
    struct mt_span reason = mt_string(b->strings, stop->reason);
    *by_capture = mt_span_find(reason, "mem stats") != MT_NPOS ||
                  mt_span_find(reason, "profile") != MT_NPOS ||
                  mt_span_find(reason, "all goroutines stack trace") != MT_NPOS ||
                  mt_span_find(reason, "trace") != MT_NPOS;
    if (mt_span_starts(reason, "GC"))
        return "garbage collection";
    return reason.size ? mt_bundle_text(b, stop->reason) : "unknown";
}

/* A log of the whole window already has the collector's pauses. */
static void pauses_of_traces(struct mt_signals *s, struct pauses *p, bool have_log)
{
    const struct mt_bundle *b = s->bundle;
    for (size_t t = 0; t < b->n_traces; t++)
        for (size_t i = 0; !b->traces[t]->unit_assumed && i < b->traces[t]->n_stops; i++) {
            const struct mt_trace_stop *stop = &b->traces[t]->stops[i];
            bool by_capture;
            const char *cause = cause_of_stop(b, stop, &by_capture);
            bool collector = strcmp(cause, "garbage collection") == 0;
            if (collector && have_log)
                continue;
            int64_t start = b->traces[t]->start_ns;
            add_pause(p, start == MT_NO_TIME ? start : start + stop->at_ns, stop->duration_ns,
                      cause, by_capture);
        }
}

/* LastPauseNs, each time NumGC moved. */
static void pauses_of_polls(struct mt_signals *s, struct pauses *p)
{
    const struct mt_series *last = mt_signal_series(s, MT_M_LAST_PAUSE);
    const struct mt_series *count = mt_series_beside(s->bundle, last, MT_M_NUM_GC);
    double before = NAN;
    for (size_t i = 0; last && count && i < last->n; i++) {
        double n = mt_series_at(count, last->time_ns[i]);
        if (!isnan(before) && n > before)
            add_pause(p, last->time_ns[i], (int64_t)last->value[i], "garbage collection", false);
        before = n;
    }
}

static int by_time(const void *a, const void *b)
{
    const struct mt_pause *x = a, *y = b;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return (x->duration_ns > y->duration_ns) - (x->duration_ns < y->duration_ns);
}

static int by_total(const void *a, const void *b)
{
    const struct mt_pause_cause *x = a, *y = b;
    if (x->total_ns != y->total_ns)
        return x->total_ns > y->total_ns ? -1 : 1;
    return strcmp(x->cause, y->cause);
}

static struct mt_pause_cause summary_of(struct mt_arena *scratch, const struct pauses *p,
                                        const char *cause)
{
    struct mt_pause_cause c = {.cause = cause};
    double *all = MT_NEW_N(scratch, double, p->n), total = 0.0;
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->items[i].cause, cause) == 0) {
            all[c.count++] = (double)p->items[i].duration_ns;
            total += (double)p->items[i].duration_ns;
        }
    c.p50_ns = (int64_t)mt_quantile(all, c.count, 0.5);
    c.p99_ns = (int64_t)mt_quantile(all, c.count, 0.99);
    c.max_ns = (int64_t)all[c.count - 1];
    c.total_ns = (int64_t)total;
    return c;
}

static void causes(struct mt_signals *s, const struct pauses *p)
{
    struct mt_gc_summary *gc = &s->assessment->gc;
    struct mt_arena scratch = {0};
    gc->causes = MT_NEW_N(s->arena, struct mt_pause_cause, MOST_CAUSES);
    for (size_t i = 0; i < p->n; i++) {
        size_t k = 0;
        while (k < gc->n_causes && strcmp(gc->causes[k].cause, p->items[i].cause) != 0)
            k++;
        if (k < gc->n_causes || gc->n_causes == MOST_CAUSES)
            continue;
        gc->causes[gc->n_causes++] = summary_of(&scratch, p, p->items[i].cause);
    }
    if (gc->n_causes)
        qsort(gc->causes, gc->n_causes, sizeof *gc->causes, by_total);
    for (size_t k = 0; k < gc->n_causes; k++) {
        const struct mt_pause_cause *c = &gc->causes[k];
        if (strcmp(c->cause, "garbage collection") != 0)
            continue;
        gc->n_pauses_counted = c->count;
        gc->pause_p50_ns = c->p50_ns;
        gc->pause_p99_ns = c->p99_ns;
        gc->pause_max_ns = c->max_ns;
        gc->pause_total_ns = c->total_ns;
    }
    mt_arena_clear(&scratch);
}

static void shares(struct mt_signals *s, const struct mt_gc_log *log)
{
    struct mt_gc_summary *gc = &s->assessment->gc;
    const struct mt_series *fraction = mt_signal_series(s, MT_M_GC_CPU_FRACTION);
    gc->cpu_share = gc->assist_share = NAN;
    double assist = 0.0, background = 0.0;
    for (size_t i = 0; log && i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i];
        if (!isnan(c->cpu_percent))
            gc->cpu_share = c->cpu_percent / 100.0;
        if (c->kind != MT_GC_GO)
            continue;
        assist += (double)c->cpu_assist_ns;
        background += (double)c->cpu_background_ns;
    }
    if (fraction)
        gc->cpu_share = fraction->value[fraction->n - 1];
    if (background > 0.0) /* before Go 1.8 a trace does not tell */
        gc->assist_share = assist / (assist + background);
}

static int by_cycle_time(const void *a, const void *b)
{
    const struct mt_gc_cycle *x = *(const struct mt_gc_cycle *const *)a;
    const struct mt_gc_cycle *y = *(const struct mt_gc_cycle *const *)b;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void count_cycles(struct mt_signals *s, const struct mt_gc_log *log)
{
    struct mt_gc_summary *gc = &s->assessment->gc;
    const struct mt_series *count = mt_signal_series(s, MT_M_NUM_GC);
    const struct mt_series *forced = mt_signal_series(s, MT_M_NUM_FORCED_GC);
    if (log) {
        gc->source = log->source;
        gc->cycles = log->n_cycles;
        gc->cycles_by_time = MT_NEW_N(s->arena, const struct mt_gc_cycle *, log->n_cycles);
        for (size_t i = 0; i < log->n_cycles; i++) {
            gc->forced += log->cycles[i].forced;
            if (log->cycles[i].time_ns != MT_NO_TIME)
                gc->cycles_by_time[gc->n_cycles_by_time++] = &log->cycles[i];
        }
        if (gc->n_cycles_by_time)
            qsort(gc->cycles_by_time, gc->n_cycles_by_time, sizeof *gc->cycles_by_time,
                  by_cycle_time);
    } else if (count && count->n) {
        gc->source = count->source;
        gc->cycles = (uint64_t)fmax(0.0, count->value[count->n - 1] - count->value[0]);
        if (forced && forced->n)
            gc->forced = (uint64_t)fmax(0.0, forced->value[forced->n - 1] - forced->value[0]);
    }
    gc->present = log || count;
}

void mt_signal_gc(struct mt_signals *s)
{
    struct mt_gc_summary *gc = &s->assessment->gc;
    struct pauses p = {.arena = s->arena};
    const struct mt_gc_log *log = best_log(s->bundle);
    if (log)
        pauses_of_log(&p, log);
    pauses_of_traces(s, &p, log && log->clock.clock != MT_CLOCK_NONE);
    if (!log)
        pauses_of_polls(s, &p);
    if (p.n)
        qsort(p.items, p.n, sizeof *p.items, by_time);
    count_cycles(s, log);
    gc->present = gc->present || p.n;
    causes(s, &p);
    shares(s, log);
    gc->pauses = p.items;
    gc->n_pauses = p.n;
}
