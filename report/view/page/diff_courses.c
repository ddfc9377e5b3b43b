/* SPDX-License-Identifier: Apache-2.0 */
/* What runs of both sides did over time: floors and slopes, the collector, latency. */
#include "report/view/page/part.h"

#include <math.h>
#include <string.h>

enum { MOST_CHARTS = 2, MOST_LINES = 40, MOST_POINTS = 160 };

/* --- memory --- */

static const char *rate_words(struct mt_part *p, const struct mt_diff_trend *t,
                              const struct mt_diff_rate *r)
{
    return mt_part_rate(p, r->middle, t->bytes);
}

static const char *range_words(struct mt_part *p, const struct mt_diff_trend *t,
                               const struct mt_diff_rate *r)
{
    return mt_part_rate_range(p, r, t->bytes);
}

static const char *state_words(const char *state)
{
    return strcmp(state, "steeper") == 0   ? "\xe2\x96\xb2 steeper"
           : strcmp(state, "flatter") == 0 ? "\xe2\x96\xbc flatter"
                                           : "= same";
}

static const struct mt_sheet *trends_sheet(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "Series", .left = true},
                                               {.head = "Base, at the end"},
                                               {.head = "Head, at the end"},
                                               {.head = "Slope, base"},
                                               {.head = "Interval"},
                                               {.head = "Slope, head"},
                                               {.head = "Interval"},
                                               {.head = "Slopes", .left = true}};
    const struct mt_diff *d = p->view->diff;
    struct mt_sheet *s = mt_sheet_new(p->arena, "Levels and slopes before and after", columns, 8);
    for (size_t i = 0; i < d->n_trends; i++) {
        const struct mt_diff_trend *t = &d->trends[i];
        bool same = strcmp(t->state, "same") == 0;
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        const char *unit = t->bytes ? "bytes" : "count";
        row[0] = MT_TEXT_CELL(t->name);
        row[1] = MT_TEXT_CELL(mt_fmt_amount(p->arena, unit, t->base_level));
        row[2] = MT_TEXT_CELL(mt_fmt_amount(p->arena, unit, t->head_level));
        row[3] = MT_TEXT_CELL(rate_words(p, t, &t->base));
        row[4] = MT_TEXT_CELL(range_words(p, t, &t->base));
        row[5] = MT_TEXT_CELL(rate_words(p, t, &t->head));
        row[6] = MT_TEXT_CELL(range_words(p, t, &t->head));
        row[7] = MT_TEXT_CELL(state_words(t->state));
        for (size_t k = 3; k < 8; k++)
            row[k].quiet = same;
        row[5].strong = row[7].strong = !same;
    }
    return s;
}

/* The points of one run; the floor where the metric is MT_METRIC_COUNT. */
static struct mt_run_line line_of(struct mt_part *p, const struct mt_diff_run *run,
                                  enum mt_metric metric, bool head)
{
    struct mt_run_line line = {.head = head, .name = run->name};
    const struct mt_assessment *a = run->assessment;
    const struct mt_series *s = a ? mt_bundle_series(a->bundle, metric) : NULL;
    size_t n = metric == MT_METRIC_COUNT ? (a && a->floor.present ? a->floor.n : 0) : s ? s->n : 0;
    if (n < 2)
        return line;
    const int64_t *time_ns = metric == MT_METRIC_COUNT ? a->floor.time_ns : s->time_ns;
    const double *value = metric == MT_METRIC_COUNT ? a->floor.bytes : s->value;
    struct mt_points points =
        mt_thin(p->arena, n, time_ns, value, time_ns[0], time_ns[n - 1], MOST_POINTS);
    double *seconds = MT_NEW_N(p->arena, double, points.n + 1);
    for (size_t i = 0; i < points.n; i++)
        seconds[i] = (double)(points.time_ns[i] - time_ns[0]) / 1e9;
    line.n = points.n;
    line.seconds = seconds;
    line.value = points.value;
    return line;
}

static void add_chart(struct mt_part *p, const struct mt_diff_trend *t)
{
    const struct mt_diff *d = p->view->diff;
    struct mt_runs_chart *c = &p->page->runs[p->page->n_runs++];
    const char *name = t->metric == MT_METRIC_COUNT ? "Heap floor" : t->name;
    *c = (struct mt_runs_chart){
        .id = p->page->n_runs == 1 ? "slopes" : "slopes-2",
        .title = mt_arena_printf(p->arena, "%s of every run, base and head", name),
        .bytes = t->bytes,
        .lines = MT_NEW_N(p->arena, struct mt_run_line, MOST_LINES),
        .base_label = mt_arena_printf(p->arena, "base %s", rate_words(p, t, &t->base)),
        .head_label = mt_arena_printf(p->arena, "head %s", rate_words(p, t, &t->head))};
    const struct mt_diff_side *sides[2] = {&d->base, &d->head};
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < sides[side]->n_runs && c->n < MOST_LINES; i++) {
            c->lines[c->n] = line_of(p, &sides[side]->runs[i], t->metric, side == 1);
            c->n += c->lines[c->n].n > 0;
        }
    c->caption =
        mt_arena_printf(p->arena,
                        "%s over the time since each run began: base dashed and grey, head solid. "
                        "Slopes: base %s (%s), "
                        "head %s (%s), %s.",
                        name, rate_words(p, t, &t->base), range_words(p, t, &t->base),
                        rate_words(p, t, &t->head), range_words(p, t, &t->head), t->state);
    c->description = c->caption;
    if (!c->n)
        p->page->n_runs--;
}

/* Series that rise where something is kept, not where the collector or the load breathes. */
static bool keeps_memory(enum mt_metric metric)
{
    static const enum mt_metric list[] = {MT_M_HEAP_INUSE,  MT_M_HEAP_OBJECTS, MT_M_GOROUTINES,
                                          MT_M_STACK_INUSE, MT_M_MSPAN_INUSE,  MT_M_SYS,
                                          MT_M_RSS,         MT_M_RSS_ANON,     MT_M_THREADS,
                                          MT_M_OPEN_FDS,    MT_M_CGROUP_ANON,  MT_M_HEAP_LIVE};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i] == metric)
            return true;
    return false;
}

/* The floor, then the series whose slopes are furthest apart in steps of its own level. */
static void add_charts(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    p->page->runs = MT_NEW_N(p->arena, struct mt_runs_chart, MOST_CHARTS);
    const struct mt_diff_trend *other = NULL;
    double most = 0;
    for (size_t i = 0; i < d->n_trends; i++) {
        const struct mt_diff_trend *t = &d->trends[i];
        if (t->metric == MT_METRIC_COUNT) {
            add_chart(p, t);
            continue;
        }
        double level = fmax(fabs(t->base_level), fabs(t->head_level));
        double apart = level > 0 ? fabs(t->head.middle - t->base.middle) / level : 0;
        if (keeps_memory(t->metric) && strcmp(t->state, "same") != 0 && apart > most) {
            most = apart;
            other = t;
        }
    }
    for (size_t i = 0; !p->page->n_runs && !other && i < d->n_trends; i++)
        if (d->trends[i].metric == MT_M_HEAP_ALLOC || d->trends[i].metric == MT_M_RSS)
            other = &d->trends[i];
    if (other)
        add_chart(p, other);
}

static bool is_memory(const char *metric)
{
    return strcmp(metric, "rss") == 0 || strncmp(metric, "heap_floor", 10) == 0;
}

static void memory(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    struct mt_page_section *s = mt_part_section(
        p, "memory", "Memory over time", "Memory",
        d->n_trends ? "Floors and slopes of both sides. Slopes count as different where their "
                      "intervals are apart."
                    : "No MemStats, GC log or process memory that both sides have. MemStats every "
                      "few seconds, or a GC log, would show floors and slopes before and after.");
    add_charts(p);
    for (size_t i = 0; i < p->page->n_runs; i++)
        mt_part_block(s, (struct mt_block){.kind = MT_BLOCK_RUNS, .runs = &p->page->runs[i]});
    mt_part_sheet(s, mt_part_totals(p, "Floor and process memory", is_memory));
    if (d->n_trends)
        mt_part_folded(s, "Levels and slopes of every series", trends_sheet(p));
}

/* --- collector, latency --- */

static bool is_collector(const char *metric)
{
    return strcmp(metric, "gc_cpu") == 0 || strncmp(metric, "pause_", 6) == 0;
}

static bool is_latency(const char *metric)
{
    return strncmp(metric, "request_", 8) == 0;
}

static bool any_total(const struct mt_diff *d, bool (*wanted)(const char *))
{
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (d->comparisons[i].scope == MT_SCOPE_TOTAL && wanted(d->comparisons[i].metric->name))
            return true;
    return false;
}

void mt_part_diff_courses(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    memory(p);
    bool gc = any_total(d, is_collector);
    struct mt_page_section *s =
        mt_part_section(p, "gc", "Garbage collection", "GC",
                        gc ? "What the collector cost: its share of CPU and the pauses of each run."
                           : "No GC log, trace or MemStats that both sides have. GODEBUG=gctrace=1 "
                             "would tell what the collector cost.");
    mt_part_sheet(s, gc ? mt_part_totals(p, "Collector", is_collector) : NULL);
    bool latency = any_total(d, is_latency);
    s = mt_part_section(p, "latency", "Latency", "Latency",
                        latency ? "Requests of both sides, from their spans."
                                : "No request spans that both sides have. OTLP spans would tell "
                                  "whether latency moved along with memory.");
    mt_part_sheet(s, latency ? mt_part_totals(p, "Requests", is_latency) : NULL);
}
