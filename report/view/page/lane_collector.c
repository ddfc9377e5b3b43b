/* SPDX-License-Identifier: Apache-2.0 */
/* Lane B: cycles of the collector, stops of the world, and what the traces saw. */
#include "report/view/page/lane_part.h"

#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TRACES = 3, MOST_THROUGH = 12, TRACE_COLUMNS = 200 };

static size_t with_walls(const struct mt_gc_log *log)
{
    size_t n = 0;
    for (size_t i = 0; i < log->n_cycles; i++)
        n += log->cycles[i].duration_ns > 0 && log->cycles[i].time_ns != MT_NO_TIME;
    return n;
}

static int by_time(const void *a, const void *b)
{
    const struct mt_gc_cycle *x = *(const struct mt_gc_cycle *const *)a,
                             *y = *(const struct mt_gc_cycle *const *)b;
    return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

struct mt_lane_cycles mt_lane_cycles_of(struct mt_part *p)
{
    const struct mt_gc_summary *g = &p->a->gc;
    struct mt_lane_cycles out = {g->cycles_by_time, g->n_cycles_by_time, false, g->source, NULL};
    for (size_t i = 0; i < out.n; i++)
        out.walls |= out.items[i]->duration_ns > 0;
    const struct mt_gc_log *best = NULL;
    for (size_t i = 0; i < p->bundle->n_gc_logs && !out.walls; i++)
        if (with_walls(p->bundle->gc_logs[i]) > (best ? with_walls(best) : 0))
            best = p->bundle->gc_logs[i];
    if (!best)
        return out;
    out = (struct mt_lane_cycles){MT_NEW_N(p->arena, const struct mt_gc_cycle *, best->n_cycles), 0,
                                  true, best->source, &best->clock};
    for (size_t i = 0; i < best->n_cycles; i++)
        if (best->cycles[i].time_ns != MT_NO_TIME)
            out.items[out.n++] = &best->cycles[i];
    qsort(out.items, out.n, sizeof(*out.items), by_time);
    return out;
}

static void add_cycles(struct mt_part *p, struct mt_lanes *l)
{
    struct mt_lane_cycles log = mt_lane_cycles_of(p);
    l->cycles = MT_NEW_N(p->arena, struct mt_lane_mark, log.n + 1);
    size_t forced = 0;
    double *lengths = MT_NEW_N(p->arena, double, log.n + 1);
    for (size_t i = 0; i < log.n; i++) {
        const struct mt_gc_cycle *c = log.items[i];
        if (c->time_ns == MT_NO_TIME || c->time_ns < l->start_ns || c->time_ns > l->end_ns)
            continue;
        int64_t length = c->duration_ns > 0 ? c->duration_ns : c->pause_ns;
        lengths[l->n_cycles] = (double)length;
        l->cycles[l->n_cycles++] = (struct mt_lane_mark){c->time_ns, length};
        forced += c->forced;
        if (length > l->longest_cycle_ns)
            l->longest_cycle_ns = length;
    }
    if (!l->n_cycles)
        return;
    const char **labels = MT_NEW_N(p->arena, const char *, 3);
    labels[0] = mt_arena_printf(p->arena, "median %s",
                                mt_fmt_duration(p->arena, mt_median(lengths, l->n_cycles)));
    labels[1] = mt_arena_printf(p->arena, "longest %s",
                                mt_fmt_duration(p->arena, (double)l->longest_cycle_ns));
    l->n_cycle_labels = 2;
    if (forced)
        labels[l->n_cycle_labels++] = mt_arena_printf(p->arena, "%zu forced", forced);
    l->cycle_labels = labels;
    l->sub_b =
        mt_arena_printf(p->arena, "%s, %s; bar: %s of a cycle", log.source ? log.source : "GC log",
                        mt_fmt_plural(p->arena, (double)l->n_cycles, "cycle", "cycles"),
                        log.walls ? "wall time" : "stops");
}

static int longest_first(const void *a, const void *b)
{
    const struct mt_pause *x = *(const struct mt_pause *const *)a,
                          *y = *(const struct mt_pause *const *)b;
    if (x->duration_ns != y->duration_ns)
        return x->duration_ns < y->duration_ns ? 1 : -1;
    return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

/* The collector's stops of p99 and longer cross all lanes; of many, the longest. */
static void add_stops(struct mt_part *p, struct mt_lanes *l)
{
    const struct mt_gc_summary *g = &p->a->gc;
    const struct mt_pause **list = MT_NEW_N(p->arena, const struct mt_pause *, g->n_pauses + 1);
    size_t n = 0;
    for (size_t i = 0; i < g->n_pauses; i++)
        if (!g->pauses[i].by_capture && g->pauses[i].time_ns >= l->start_ns &&
            g->pauses[i].time_ns <= l->end_ns && g->pauses[i].duration_ns >= g->pause_p99_ns)
            list[n++] = &g->pauses[i];
    if (!n)
        return;
    qsort(list, n, sizeof(*list), longest_first);
    if (n > MOST_THROUGH)
        n = MOST_THROUGH;
    l->stops = MT_NEW_N(p->arena, struct mt_lane_mark, n);
    for (size_t i = 0; i < n; i++)
        l->stops[l->n_stops++] = (struct mt_lane_mark){list[i]->time_ns, list[i]->duration_ns};
    l->least_stop_ns = list[n - 1]->duration_ns;
    l->stops_label =
        mt_arena_printf(p->arena, n > 1 ? "%s to %s" : "%s",
                        mt_fmt_duration(p->arena, (double)list[n > 1 ? n - 1 : 0]->duration_ns),
                        mt_fmt_duration(p->arena, (double)list[0]->duration_ns));
}

static struct mt_points of_input(struct mt_part *p, const struct mt_input *input,
                                 enum mt_metric metric, int64_t start, int64_t end)
{
    for (size_t i = 0; i < p->bundle->n_series; i++) {
        const struct mt_series *s = &p->bundle->series[i];
        if (s->metric == metric && s->input == input && s->n > 1)
            return mt_thin(p->arena, s->n, s->time_ns, s->value, start, end, TRACE_COLUMNS);
    }
    return (struct mt_points){0};
}

static bool by_capture(const char *reason)
{
    return strstr(reason, "ReadMemStats") || strstr(reason, "read mem stats") ||
           strstr(reason, "profile") || strstr(reason, "trace") || strstr(reason, "goroutines");
}

struct edge {
    int64_t time_ns;
    int step;
};

static int by_edge(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return x->step - y->step;
}

/* How many tasks (or requests) are open from one moment of a trace to the next. */
static struct mt_points in_flight(struct mt_part *p, bool tasks, int64_t start, int64_t end)
{
    const struct mt_bundle *b = p->bundle;
    struct edge *edges = MT_NEW_N(p->arena, struct edge, 2 * b->n_requests + 1);
    size_t n = 0;
    for (size_t i = 0; i < b->n_requests; i++) {
        const struct mt_request *r = b->requests[i];
        bool task = strcmp(mt_bundle_text(b, r->kind), "task") == 0;
        int64_t until = r->start_ns + (r->duration_ns > 0 ? r->duration_ns : 0);
        if (task != tasks || (!tasks && !r->root) || r->start_ns >= end || until <= start)
            continue;
        edges[n++] = (struct edge){r->start_ns > start ? r->start_ns : start, 1};
        edges[n++] = (struct edge){until < end ? until : end, -1};
    }
    if (!n)
        return (struct mt_points){0};
    qsort(edges, n, sizeof *edges, by_edge);
    int64_t *time_ns = MT_NEW_N(p->arena, int64_t, n + 1);
    double *value = MT_NEW_N(p->arena, double, n + 1), open = 0;
    time_ns[0] = start;
    for (size_t i = 0; i < n; i++) {
        time_ns[i + 1] = edges[i].time_ns;
        value[i + 1] = open += edges[i].step;
    }
    return mt_thin(p->arena, n + 1, time_ns, value, start, end, TRACE_COLUMNS);
}

static void add_trace(struct mt_part *p, struct mt_lanes *l, const struct mt_trace *t,
                      const struct mt_input *input)
{
    struct mt_lane_trace *out = &l->traces[l->n_traces++];
    out->start_ns = t->start_ns;
    out->end_ns = t->start_ns + t->duration_ns;
    out->label = mt_arena_printf(p->arena, "trace %zu: %s + %s", l->n_traces,
                                 mt_fmt_clock(p->arena, t->start_ns),
                                 mt_fmt_duration(p->arena, (double)t->duration_ns));
    out->marks = MT_NEW_N(p->arena, struct mt_lane_mark, t->n_marks + 1);
    for (size_t i = 0; i < t->n_marks; i++)
        out->marks[out->n_marks++] =
            (struct mt_lane_mark){t->start_ns + t->marks[i].at_ns, t->marks[i].duration_ns};
    out->stops = MT_NEW_N(p->arena, struct mt_lane_mark, t->n_stops + 1);
    out->by_capture = MT_NEW_N(p->arena, bool, t->n_stops + 1);
    size_t longest = 0;
    for (size_t i = 0; i < t->n_stops; i++) {
        out->by_capture[out->n_stops] = by_capture(mt_bundle_text(p->bundle, t->stops[i].reason));
        out->stops[out->n_stops++] =
            (struct mt_lane_mark){t->start_ns + t->stops[i].at_ns, t->stops[i].duration_ns};
        if (t->stops[i].duration_ns > t->stops[longest].duration_ns)
            longest = i;
    }
    if (t->n_stops) {
        out->longest_ns = out->stops[longest].time_ns;
        out->longest_label = mt_arena_printf(
            p->arena, "%s, %s", mt_fmt_duration(p->arena, (double)t->stops[longest].duration_ns),
            mt_bundle_text(p->bundle, t->stops[longest].reason));
    }
    out->live = of_input(p, input, MT_M_HEAP_LIVE, out->start_ns, out->end_ns);
    out->goal = of_input(p, input, MT_M_HEAP_GOAL, out->start_ns, out->end_ns);
    out->goroutines = of_input(p, input, MT_M_GOROUTINES, out->start_ns, out->end_ns);
    out->runnable = of_input(p, input, MT_M_RUNNABLE, out->start_ns, out->end_ns);
}

static void add_traces(struct mt_part *p, struct mt_lanes *l)
{
    l->traces = MT_NEW_N(p->arena, struct mt_lane_trace, MOST_TRACES);
    bool all_short = true;
    for (size_t i = 0; i < p->bundle->n_traces && l->n_traces < MOST_TRACES; i++) {
        const struct mt_trace *t = p->bundle->traces[i];
        if (t->start_ns == MT_NO_TIME || t->duration_ns <= 0)
            continue;
        add_trace(p, l, t, p->bundle->trace_inputs[i]);
        all_short &= t->duration_ns < (l->end_ns - l->start_ns) / 10;
    }
    if (!l->n_traces)
        return;
    l->magnified = all_short;
    bool tasks = false;
    for (size_t i = 0; i < p->bundle->n_traces; i++)
        tasks |= p->bundle->traces[i]->tasks_created > 0;
    l->in_flight = tasks ? "tasks in flight" : "requests in flight";
    for (size_t i = 0; i < l->n_traces; i++)
        l->traces[i].in_flight = in_flight(p, tasks, l->traces[i].start_ns, l->traces[i].end_ns);
    const char *traces = mt_fmt_plural(p->arena, (double)l->n_traces, "trace", "traces");
    l->sub_b = l->sub_b ? mt_arena_printf(p->arena, "%s \xc2\xb7 %s", l->sub_b, traces) : traces;
    if (!l->badge_b)
        l->badge_b = mt_lane_badge(p, &p->bundle->traces[0]->clock);
}

void mt_lane_collector(struct mt_part *p, struct mt_lanes *l)
{
    if (p->a->gc.present) {
        add_cycles(p, l);
        add_stops(p, l);
    }
    if (p->bundle->n_gc_logs && !l->badge_b)
        l->badge_b = mt_lane_badge(p, &p->bundle->gc_logs[0]->clock);
    add_traces(p, l);
}
