/* SPDX-License-Identifier: Apache-2.0 */
/* Collections: facts, every stop by cause, the longest ones, chains from spike to request. */
#include "report/view/page/part.h"

#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LONGEST = 20, MOST_CAUSES = 6, MOST_CHAINS = 20 };

static void fact(struct mt_part *p, const char *term, const char *text)
{
    p->page->gc_facts[p->page->n_gc_facts++] = (struct mt_definition){term, text, NULL};
}

static double median_of_marks(struct mt_part *p, double *longest)
{
    const struct mt_gc_summary *g = &p->a->gc;
    double *marks = MT_NEW_N(p->arena, double, g->n_cycles_by_time + 1);
    size_t n = 0;
    *longest = 0;
    for (size_t i = 0; i < g->n_cycles_by_time; i++)
        if (g->cycles_by_time[i]->mark_ns > 0) {
            marks[n++] = (double)g->cycles_by_time[i]->mark_ns;
            *longest = fmax(*longest, marks[n - 1]);
        }
    return n ? mt_median(marks, n) : NAN;
}

static void add_facts(struct mt_part *p)
{
    const struct mt_gc_summary *g = &p->a->gc;
    p->page->gc_facts = MT_NEW_N(p->arena, struct mt_definition, 8);
    fact(p, "Cycles",
         g->forced ? mt_arena_printf(p->arena, "%s, of them %s forced",
                                     mt_fmt_count(p->arena, (double)g->cycles),
                                     mt_fmt_count(p->arena, (double)g->forced))
                   : mt_fmt_count(p->arena, (double)g->cycles));
    double longest, median = median_of_marks(p, &longest);
    if (isfinite(median))
        fact(p, "Concurrent mark",
             mt_arena_printf(p->arena, "median %s, max %s", mt_fmt_duration(p->arena, median),
                             mt_fmt_duration(p->arena, longest)));
    if (isfinite(g->cpu_share))
        fact(p, "CPU",
             mt_arena_printf(p->arena, "%s of the CPUs", mt_fmt_share(p->arena, g->cpu_share)));
    if (isfinite(g->assist_share))
        fact(p, "Mark assist",
             mt_arena_printf(p->arena, "%s of the marking",
                             mt_fmt_share(p->arena, g->assist_share)));
    if (g->n_pauses_counted)
        fact(p, "Stopped in all",
             mt_arena_printf(
                 p->arena, "%s in %s", mt_fmt_duration(p->arena, (double)g->pause_total_ns),
                 mt_fmt_plural(p->arena, (double)g->n_pauses_counted, "stop", "stops")));
    const struct mt_series *goal = mt_bundle_series(p->bundle, MT_M_NEXT_GC);
    if (goal && goal->n)
        fact(p, "Heap goal",
             mt_arena_printf(p->arena, "%s to %s",
                             mt_fmt_bytes(p->arena, mt_view_series_first(goal)),
                             mt_fmt_bytes(p->arena, mt_view_series_last(goal))));
}

static void add_pauses(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "Cause", .left = true, .wraps = true},
                                               {.head = "Count"},
                                               {.head = "p50 ms"},
                                               {.head = "p99 ms"},
                                               {.head = "Max ms"},
                                               {.head = "Sum ms"}};
    const struct mt_gc_summary *g = &p->a->gc;
    if (!g->n_causes)
        return;
    struct mt_sheet *s = mt_sheet_new(p->arena, "Stops by cause", columns, 6);
    for (size_t i = 0; i < g->n_causes; i++) {
        const struct mt_pause_cause *c = &g->causes[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(c->cause);
        row[1] = MT_TEXT_CELL(mt_fmt_count(p->arena, (double)c->count));
        row[2] = MT_TEXT_CELL(mt_fmt_ms(p->arena, (double)c->p50_ns));
        row[3] = MT_TEXT_CELL(mt_fmt_ms(p->arena, (double)c->p99_ns));
        row[4] = MT_TEXT_CELL(mt_fmt_ms(p->arena, (double)c->max_ns));
        row[5] = MT_TEXT_CELL(mt_fmt_fixed(p->arena, (double)c->total_ns / 1e6, 1));
    }
    p->page->pauses = s;
}

static int longest_first(const void *a, const void *b)
{
    const struct mt_pause *x = *(const struct mt_pause *const *)a,
                          *y = *(const struct mt_pause *const *)b;
    if (x->duration_ns != y->duration_ns)
        return x->duration_ns < y->duration_ns ? 1 : -1;
    return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

static void add_longest(struct mt_part *p)
{
    static const struct mt_column columns[] = {
        {.head = "Cause", .left = true, .wraps = true}, {.head = "Time UTC"}, {.head = "ms"}};
    const struct mt_gc_summary *g = &p->a->gc;
    if (!g->n_pauses)
        return;
    const struct mt_pause **list = MT_NEW_N(p->arena, const struct mt_pause *, g->n_pauses);
    for (size_t i = 0; i < g->n_pauses; i++)
        list[i] = &g->pauses[i];
    qsort(list, g->n_pauses, sizeof(*list), longest_first);
    struct mt_sheet *s = mt_sheet_new(p->arena, "The longest stops", columns, 3);
    for (size_t i = 0; i < g->n_pauses && i < MOST_LONGEST; i++) {
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(list[i]->cause ? list[i]->cause : "not named");
        row[1] = MT_TEXT_CELL(mt_fmt_clock_ms(p->arena, list[i]->time_ns));
        row[2] = MT_TEXT_CELL(mt_fmt_ms(p->arena, (double)list[i]->duration_ns));
    }
    s->of_rows = g->n_pauses;
    p->page->longest = s;
}

static struct mt_stop_row *row_for(struct mt_part *p, const char *cause)
{
    for (size_t i = 0; i < p->page->n_stops; i++)
        if (strcmp(p->page->stops[i].cause, cause) == 0)
            return &p->page->stops[i];
    if (p->page->n_stops == MOST_CAUSES)
        return NULL;
    struct mt_stop_row *row = &p->page->stops[p->page->n_stops++];
    row->cause = cause;
    return row;
}

static void add_strip(struct mt_part *p)
{
    const struct mt_gc_summary *g = &p->a->gc;
    p->page->stops = MT_NEW_N(p->arena, struct mt_stop_row, MOST_CAUSES);
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < p->page->n_stops; i++) {
            p->page->stops[i].duration_ns = MT_NEW_N(p->arena, double, p->page->stops[i].n + 1);
            p->page->stops[i].n = 0;
        }
        for (size_t i = 0; i < g->n_pauses; i++) {
            const struct mt_pause *at = &g->pauses[i];
            struct mt_stop_row *row = row_for(p, at->cause ? at->cause : "not named");
            if (!row || at->duration_ns <= 0)
                continue;
            row->tone = at->by_capture ? MT_TONE_PLAIN : MT_TONE_GC;
            if (pass)
                row->duration_ns[row->n] = (double)at->duration_ns;
            row->n++;
        }
    }
    for (size_t i = 0; i < p->page->n_stops; i++) {
        struct mt_stop_row *row = &p->page->stops[i];
        double *copy = MT_NEW_N(p->arena, double, row->n + 1);
        for (size_t k = 0; k < row->n; k++)
            copy[k] = row->duration_ns[k];
        row->median_ns = mt_median(copy, row->n);
    }
}

/* In hex; "" where the span has none. */
static const char *trace_id(struct mt_part *p, const struct mt_request *r)
{
    char *hex = MT_NEW_N(p->arena, char, 2 * sizeof r->trace_id + 1);
    unsigned any = 0;
    for (size_t i = 0; i < sizeof r->trace_id; i++) {
        hex[2 * i] = "0123456789abcdef"[r->trace_id[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[r->trace_id[i] & 15];
        any |= r->trace_id[i];
    }
    return any ? hex : "";
}

static void add_chains(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "Growth spike"}, {.head = "Pause"},
                                               {.head = "Length"},       {.head = "Request"},
                                               {.head = "Took"},         {.head = "Trace id"}};
    const struct mt_gc_summary *g = &p->a->gc;
    if (!g->n_chains)
        return;
    struct mt_sheet *s =
        mt_sheet_new(p->arena, "From a growth spike to a slow request", columns, 6);
    for (size_t i = 0; i < g->n_chains && i < MOST_CHAINS; i++) {
        const struct mt_chain *c = &g->chains[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(mt_fmt_clock_ms(p->arena, c->spike_ns));
        row[1] = MT_TEXT_CELL(mt_fmt_clock_ms(p->arena, c->pause_ns));
        row[2] = MT_TEXT_CELL(mt_fmt_duration(p->arena, (double)c->pause_duration_ns));
        if (!c->request)
            continue;
        row[3] = MT_TEXT_CELL(mt_fmt_clock_ms(p->arena, c->request_ns));
        row[4] = MT_TEXT_CELL(mt_fmt_duration(p->arena, (double)c->request_duration_ns));
        row[5] = MT_TEXT_CELL(trace_id(p, c->request));
    }
    s->of_rows = g->n_chains;
    p->page->chains = s;
}

void mt_part_gc(struct mt_part *p)
{
    const struct mt_gc_summary *g = &p->a->gc;
    if (!g->present) {
        p->page->gc_lede = "No GC log, MemStats or trace in this bundle, so nothing is known of "
                           "the collector.";
        return;
    }
    double window = (double)(p->bundle->end_ns - p->bundle->start_ns);
    p->page->gc_lede =
        mt_arena_printf(p->arena, "%s in the window%s%s.",
                        mt_fmt_plural(p->arena, (double)g->cycles, "cycle", "cycles"),
                        g->cycles > 1 && p->bundle->start_ns != MT_NO_TIME
                            ? mt_arena_printf(p->arena, ", one every %s",
                                              mt_fmt_duration(p->arena, window / (double)g->cycles))
                            : "",
                        g->source ? mt_arena_printf(p->arena, ", from %s", g->source) : "");
    add_facts(p);
    add_pauses(p);
    add_longest(p);
    add_strip(p);
    add_chains(p);
}
