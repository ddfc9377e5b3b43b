/* SPDX-License-Identifier: Apache-2.0 */
/* What the runtime's memory is made of, class by class, and values that stood out. */
#include "report/view/page/part.h"

#include <math.h>

enum { MOST_ANOMALIES = 50 };

static double last_of(struct mt_part *p, enum mt_metric metric)
{
    double v = mt_view_series_last(mt_bundle_series(p->bundle, metric));
    return isfinite(v) ? fmax(v, 0.0) : 0.0;
}

static void add_part(struct mt_part *p, const char *name, double bytes, double sys)
{
    if (!(bytes > 0.0))
        return;
    p->page->memory_parts[p->page->n_memory_parts++] = (struct mt_growth_part){
        .name = name,
        .amount = mt_fmt_bytes(p->arena, bytes),
        .share = mt_fmt_share(p->arena, bytes / sys),
        .fraction = bytes / sys,
    };
}

/* The parts of Sys at the end; what they leave of it is the rest. */
static void add_parts(struct mt_part *p)
{
    static const struct {
        enum mt_metric metric;
        const char *name;
    } parts[] = {
        {MT_M_STACK_INUSE, "goroutine stacks"},
        {MT_M_MSPAN_INUSE, "span records"},
        {MT_M_MCACHE_INUSE, "caches"},
        {MT_M_BUCK_HASH_SYS, "stacks of profiling"},
        {MT_M_GC_SYS, "collector"},
        {MT_M_OTHER_SYS, "other runtime"},
    };
    const size_t n = sizeof parts / sizeof *parts;
    double sys = last_of(p, MT_M_SYS), inuse = last_of(p, MT_M_HEAP_INUSE);
    double idle = last_of(p, MT_M_HEAP_IDLE);
    double released = fmin(last_of(p, MT_M_HEAP_RELEASED), idle);
    double sum = inuse + idle;
    for (size_t i = 0; i < n; i++)
        sum += last_of(p, parts[i].metric);
    /* classes out of different records need not add up */
    if (!(sys > 0.0) || !(inuse > 0.0) || sum > sys)
        return;
    p->page->memory_parts = MT_NEW_N(p->arena, struct mt_growth_part, n + 4);
    add_part(p, "heap in use", inuse, sys);
    add_part(p, "heap idle, kept", idle - released, sys);
    add_part(p, "heap given back", released, sys);
    for (size_t i = 0; i < n; i++)
        add_part(p, parts[i].name, last_of(p, parts[i].metric), sys);
    add_part(p, "the rest", sys - sum, sys);
    p->page->memory_caption = mt_arena_printf(
        p->arena,
        "Sys at the end, %s of address space taken from the system: %s of heap in use, %s idle "
        "and kept, %s given back, %s of goroutine stacks, %s of all else.",
        mt_fmt_bytes(p->arena, sys), mt_fmt_bytes(p->arena, inuse),
        mt_fmt_bytes(p->arena, idle - released), mt_fmt_bytes(p->arena, released),
        mt_fmt_bytes(p->arena, last_of(p, MT_M_STACK_INUSE)),
        mt_fmt_bytes(p->arena, sys - inuse - idle - last_of(p, MT_M_STACK_INUSE)));
}

static void add_classes(struct mt_part *p)
{
    static const struct mt_column columns[] = {
        {.head = "Class", .left = true},
        {.head = "First"},
        {.head = "Last"},
        {.head = "Change"},
        {.head = "Course", .left = true},
        {.head = "What it is, and what its growth means", .left = true, .wraps = true}};
    if (!p->a->n_memory)
        return;
    struct mt_sheet *s = mt_sheet_new(p->arena, "Memory by class", columns, 6);
    for (size_t i = 0; i < p->a->n_memory; i++) {
        const struct mt_memory_class *c = &p->a->memory[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(c->name);
        row[0].kind = MT_CELL_CODE;
        row[1] = MT_TEXT_CELL(mt_fmt_bytes(p->arena, c->first));
        row[2] = MT_TEXT_CELL(mt_fmt_bytes(p->arena, c->last));
        row[3] = MT_TEXT_CELL(mt_fmt_bytes_delta(p->arena, c->last - c->first));
        row[4] = MT_TEXT_CELL(mt_words_of_course(c->trend.shape));
        row[4].strong = c->trend.significant && !c->trend.plateau;
        row[5] = MT_TEXT_CELL(c->meaning);
    }
    p->page->memory = s;
}

static const char *amount(struct mt_part *p, const struct mt_anomaly *an, double value)
{
    if (!isfinite(value))
        return NULL;
    if (an->metric == MT_M_NUM_GC) /* the interval between two collections */
        return mt_fmt_duration(p->arena, value * 1e9);
    return mt_metric_info(an->metric)->unit == MT_BYTES ? mt_fmt_bytes(p->arena, value)
                                                        : mt_fmt_count(p->arena, value);
}

static void add_anomalies(struct mt_part *p)
{
    static const struct mt_column columns[] = {
        {.head = "Time UTC"},
        {.head = "Series", .left = true},
        {.head = "Value"},
        {.head = "Before"},
        {.head = "Sigma"},
        {.head = "What", .left = true, .wraps = true},
        {.head = "Nearest capture", .left = true, .wraps = true}};
    if (!p->a->n_anomalies)
        return;
    struct mt_sheet *s = mt_sheet_new(p->arena, "What stood out", columns, 7);
    for (size_t i = 0; i < p->a->n_anomalies && i < MOST_ANOMALIES; i++) {
        const struct mt_anomaly *an = &p->a->anomalies[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(mt_fmt_clock_ms(p->arena, an->time_ns));
        row[1] = MT_TEXT_CELL(mt_metric_info(an->metric)->name);
        row[2] = MT_TEXT_CELL(amount(p, an, an->value));
        row[3] = MT_TEXT_CELL(amount(p, an, an->mean));
        row[4] = MT_TEXT_CELL(amount(p, an, an->sigma));
        row[5] = MT_TEXT_CELL(an->rule);
        if (!an->nearest_input)
            continue;
        row[6] =
            MT_TEXT_CELL(mt_arena_printf(p->arena, "%s, %s %s", an->nearest_input,
                                         mt_fmt_duration(p->arena, fabs((double)an->nearest_ns)),
                                         an->nearest_ns < 0 ? "before" : "after"));
    }
    s->of_rows = p->a->n_anomalies;
    p->page->anomalies = s;
}

void mt_part_memory(struct mt_part *p)
{
    add_parts(p);
    add_classes(p);
    add_anomalies(p);
}
