/* SPDX-License-Identifier: Apache-2.0 */
/* Goroutines by state and creator, who waits for whom, and the requests they serve. */
#include "report/view/facts.h"
#include "report/view/page/part.h"

#include <math.h>
#include <string.h>

enum { MOST_GROUPS = 40, MOST_BOXES = 8 };

static const char *wait_words(struct mt_part *p, int64_t ns)
{
    if (ns <= 0)
        return "under 1" MT_NBSP "min";
    return mt_fmt_duration(p->arena, (double)ns);
}

static void function_cell(struct mt_part *p, struct mt_cell *cell, uint32_t function)
{
    struct mt_name n = mt_part_name(p, function);
    *cell = MT_CODE_CELL(n.element);
    if (strcmp(n.full, n.element) != 0)
        cell->title = n.full;
    cell->function = function;
    cell->suspect = mt_page_suspect(p->page, function);
}

static void group_row(struct mt_part *p, struct mt_sheet *s, const struct mt_goroutine_group *g)
{
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    function_cell(p, &row[0], g->function);
    if (g->creator)
        function_cell(p, &row[1], g->creator);
    const char *wait = g->wait ? mt_bundle_text(p->bundle, g->wait) : NULL;
    if (g->label_key)
        wait = mt_arena_printf(p->arena, "%s%s%s=%s", wait ? wait : "", wait ? ", " : "",
                               mt_bundle_text(p->bundle, g->label_key),
                               mt_bundle_text(p->bundle, g->label_value));
    row[2] = MT_TEXT_CELL(wait);
    if (isfinite(g->first))
        row[3] = MT_TEXT_CELL(mt_fmt_count(p->arena, g->first));
    if (isfinite(g->last))
        row[4] = MT_TEXT_CELL(mt_fmt_count(p->arena, g->last));
    if (isfinite(g->first) && isfinite(g->last)) {
        row[5] = MT_TEXT_CELL(mt_fmt_count_delta(p->arena, g->last - g->first));
        row[5].strong = g->last - g->first >= 20;
        row[5].quiet = g->last == g->first;
    }
    row[6] = (struct mt_cell){.kind = MT_CELL_SPARK};
    if (g->site)
        row[6].spark = mt_part_site_spark(p, g->site);
    if (p->bundle->n_dumps)
        row[7] = MT_TEXT_CELL(wait_words(p, g->longest_wait_ns));
}

static void add_groups(struct mt_part *p)
{
    static const struct mt_column columns[] = {
        {.head = "Waits or runs in", .left = true, .wraps = true},
        {.head = "Created by", .left = true, .wraps = true},
        {.head = "State", .left = true},
        {.head = "First"},
        {.head = "Last"},
        {.head = "Change"},
        {.head = "", .bar = true},
        {.head = "Longest wait"}};
    struct mt_sheet *s = mt_sheet_new(p->arena, "Groups by place, creator and state", columns,
                                      p->bundle->n_dumps ? 8 : 7);
    for (size_t i = 0; i < p->a->n_groups && i < MOST_GROUPS; i++)
        group_row(p, s, &p->a->groups[i]);
    s->of_rows = p->a->n_groups;
    p->page->groups = s;
}

/* How many of those still there at the end had been made by then. */
static struct mt_spark left_spark(struct mt_part *p, const struct mt_never_ended *n)
{
    if (!n->course)
        return (struct mt_spark){0};
    size_t points = n->trace->n_bins + 1;
    int64_t *time_ns = MT_NEW_N(p->arena, int64_t, points);
    double *value = MT_NEW_N(p->arena, double, points);
    for (size_t i = 1; i < points; i++) {
        time_ns[i] = (int64_t)i; /* all steps are of the same length */
        value[i] = value[i - 1] + n->course->left[i - 1];
    }
    return mt_spark_of(p->arena, points, time_ns, value, false);
}

static void never_ended_row(struct mt_part *p, struct mt_sheet *s, const struct mt_never_ended *n)
{
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    function_cell(p, &row[0], n->function);
    if (n->creator)
        function_cell(p, &row[1], n->creator);
    row[2] = MT_TEXT_CELL(n->wait_reason ? mt_bundle_text(p->bundle, n->wait_reason) : NULL);
    if (n->wait_function && n->wait_function != n->function)
        function_cell(p, &row[3], n->wait_function);
    row[4] = MT_TEXT_CELL(mt_fmt_count(p->arena, (double)n->created));
    row[5] = MT_TEXT_CELL(mt_fmt_count(p->arena, (double)n->ended));
    row[6] = MT_TEXT_CELL(mt_fmt_count(p->arena, (double)n->count));
    row[6].strong = n->count >= 20;
    row[7] = (struct mt_cell){.kind = MT_CELL_SPARK, .spark = left_spark(p, n)};
}

/* What the runtime's own count did while the trace ran, where it is on the same clock. */
static const char *count_meanwhile(struct mt_part *p, const struct mt_trace_totals *t)
{
    const struct mt_series *s = mt_bundle_series(p->bundle, MT_M_GOROUTINES);
    if (!s || s->n < 2 || t->n != 1 || t->start_ns == MT_NO_TIME ||
        strcmp(s->source, "gotrace") == 0 || !s->clock || s->clock->clock == MT_CLOCK_NONE ||
        s->time_ns[0] > t->start_ns || s->time_ns[s->n - 1] < t->end_ns)
        return "";
    double change = mt_view_series_at(s, t->end_ns) - mt_view_series_at(s, t->start_ns);
    return mt_arena_printf(p->arena, " The runtime's own count changed by %s in that time (%s).",
                           mt_fmt_count_delta(p->arena, change), s->source);
}

static void add_never_ended(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "Starts in", .left = true, .wraps = true},
                                               {.head = "Made by", .left = true, .wraps = true},
                                               {.head = "Waits for", .left = true},
                                               {.head = "Waits in", .left = true, .wraps = true},
                                               {.head = "Made"},
                                               {.head = "Ended"},
                                               {.head = "Still there"},
                                               {.head = "", .bar = true}};
    struct mt_trace_totals t = mt_view_traces(p->arena, p->bundle);
    if (!t.n_never_ended)
        return;
    struct mt_sheet *s =
        mt_sheet_new(p->arena, "Made while a trace ran, and still there at its end", columns, 8);
    for (size_t i = 0; i < t.n_never_ended && i < MOST_GROUPS; i++)
        never_ended_row(p, s, &t.never_ended[i]);
    s->of_rows = t.n_never_ended;
    p->page->never_ended = s;
    const char *when =
        t.n == 1 && t.start_ns != MT_NO_TIME
            ? mt_arena_printf(p->arena, " (%s to %s UTC)", mt_fmt_clock(p->arena, t.start_ns),
                              mt_fmt_clock(p->arena, t.end_ns))
            : "";
    const char *traces = mt_fmt_plural(p->arena, (double)t.n, "trace", "traces");
    const char *made = mt_fmt_count(p->arena, (double)t.created);
    const char *ended = mt_fmt_count(p->arena, (double)t.ended);
    p->page->never_ended_note =
        t.duration_ns
            ? mt_arena_printf(
                  p->arena, "In %s of %s%s %s goroutines were made, %s a second, and %s ended.%s",
                  traces, mt_fmt_duration(p->arena, (double)t.duration_ns), when, made,
                  mt_fmt_fixed(p->arena, (double)t.created / ((double)t.duration_ns / 1e9 + 1e-9),
                               1),
                  ended, count_meanwhile(p, &t))
            : mt_arena_printf(
                  p->arena, "In %s whose length is not known %s goroutines were made and %s ended.",
                  traces, made, ended);
}

static const char *short_name(struct mt_part *p, uint32_t function)
{
    return mt_part_name(p, function).element;
}

/* Boxes of the blocking diagram: each link of the chain, then who holds the last one. */
static void add_blocking(struct mt_part *p)
{
    size_t n = p->a->n_blocking < MOST_BOXES ? p->a->n_blocking : MOST_BOXES;
    p->page->blocking = MT_NEW_N(p->arena, struct mt_blocking_box, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct mt_blocking *b = &p->a->blocking[i];
        p->page->blocking[i] = (struct mt_blocking_box){
            .function = b->waiter_function ? short_name(p, b->waiter_function) : "not named",
            .count =
                mt_fmt_plural(p->arena, (double)b->waiters, "goroutine waits", "goroutines wait"),
            .wait =
                b->longest_wait_ns > 0
                    ? mt_arena_printf(p->arena, "%s, up to %s", mt_bundle_text(p->bundle, b->wait),
                                      mt_fmt_duration(p->arena, (double)b->longest_wait_ns))
                    : mt_bundle_text(p->bundle, b->wait),
            .edge = mt_bundle_text(p->bundle, b->wait)};
        if (b->holder_waits && b->next < n)
            p->page->blocking[i].holder = (uint32_t)b->next + 1;
    }
    p->page->n_blocking = n;
    for (size_t i = 0; i < n; i++) {
        const struct mt_blocking *b = &p->a->blocking[i];
        if (p->page->blocking[i].holder || !b->holder_function)
            continue;
        p->page->blocking[p->page->n_blocking++] =
            (struct mt_blocking_box){.function = short_name(p, b->holder_function),
                                     .count = "holds it",
                                     .wait = b->holder_waits ? "and waits itself" : "not waiting"};
        p->page->blocking[i].holder = (uint32_t)p->page->n_blocking;
    }
}

void mt_part_goroutines(struct mt_part *p)
{
    const struct mt_assessment *a = p->a;
    add_never_ended(p);
    if (!a->n_groups) {
        p->page->goroutines_lede =
            isfinite(a->goroutines_last)
                ? "Only the number is known; a goroutine profile or dump would say where they are."
            : p->bundle->n_dumps ? "The dumps here are of single goroutines, as a panic leaves "
                                   "them; a dump of all, or "
                                   "a goroutine profile, would say where they are."
                                 : "No goroutine profile, dump or count in this bundle.";
        return;
    }
    const char *sources =
        p->bundle->n_dumps
            ? mt_fmt_plural(p->arena, (double)p->bundle->n_dumps, "full dump", "full dumps")
            : mt_fmt_plural(p->arena, (double)p->bundle->n_profiles[MT_PROFILE_GOROUTINE],
                            "goroutine profile", "goroutine profiles");
    p->page->goroutines_lede =
        isfinite(a->goroutines_first) && isfinite(a->goroutines_last)
            ? mt_arena_printf(p->arena, "From %s. %s at first, %s at last.", sources,
                              mt_fmt_count(p->arena, a->goroutines_first),
                              mt_fmt_count(p->arena, a->goroutines_last))
            : mt_arena_printf(p->arena, "From %s.", sources);
    add_groups(p);
    if (a->n_blocking)
        add_blocking(p);
}

static void request_row(struct mt_part *p, struct mt_sheet *s, const struct mt_request *r,
                        double gc_share)
{
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    row[0] = MT_TEXT_CELL(r->name ? mt_bundle_text(p->bundle, r->name) : "not named");
    row[1] = MT_TEXT_CELL(mt_fmt_clock_ms(p->arena, r->start_ns));
    row[2] = MT_TEXT_CELL(mt_fmt_duration(p->arena, (double)r->duration_ns));
    if (r->http_status)
        row[3] = MT_TEXT_CELL(mt_arena_printf(p->arena, "%d", r->http_status));
    else if (r->failed)
        row[3] = MT_TEXT_CELL("failed");
    if (isfinite(gc_share))
        row[4] = MT_TEXT_CELL(mt_fmt_share(p->arena, gc_share));
    if (p->a->requests.with_task && r->task)
        row[5] = MT_TEXT_CELL(
            mt_arena_printf(p->arena, "%s, %s",
                            r->task->name ? mt_bundle_text(p->bundle, r->task->name) : "not named",
                            mt_fmt_duration(p->arena, (double)r->task->duration_ns)));
}

void mt_part_requests(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "Request", .left = true, .wraps = true},
                                               {.head = "Start UTC"},
                                               {.head = "Took"},
                                               {.head = "Status"},
                                               {.head = "In a collection"},
                                               {.head = "Task in the trace", .left = true}};
    const struct mt_request_summary *r = &p->a->requests;
    if (!r->present)
        return;
    p->page->requests_lede = mt_arena_printf(
        p->arena, "%s requests, %s failed; p50 %s, p95 %s, p99 %s.%s%s%s",
        mt_fmt_count(p->arena, (double)r->count), mt_fmt_count(p->arena, (double)r->failed),
        mt_fmt_duration(p->arena, (double)r->p50_ns), mt_fmt_duration(p->arena, (double)r->p95_ns),
        mt_fmt_duration(p->arena, (double)r->p99_ns),
        isfinite(r->expected_goroutines)
            ? mt_arena_printf(p->arena, " Rate times latency expects %s goroutines at work.",
                              mt_fmt_fixed(p->arena, r->expected_goroutines, 1))
            : "",
        isfinite(r->gc_overlap_share)
            ? mt_arena_printf(p->arena,
                              " %s of the slow ones below and %s of all met a collection.",
                              mt_fmt_share(p->arena, r->gc_overlap_share),
                              mt_fmt_share(p->arena, r->gc_overlap_share_all))
            : "",
        r->with_task ? mt_arena_printf(p->arena, " %s of them %s in an execution trace as %s.",
                                       mt_fmt_count(p->arena, (double)r->with_task),
                                       r->with_task == 1 ? "is" : "are",
                                       r->with_task == 1 ? "a task" : "tasks")
                     : "");
    if (!r->n_slow)
        return;
    struct mt_sheet *s =
        mt_sheet_new(p->arena, "The slowest and the failed", columns, r->with_task ? 6 : 5);
    for (size_t i = 0; i < r->n_slow; i++)
        request_row(p, s, r->slow[i], r->slow_gc_share[i]);
    p->page->requests = s;
}
