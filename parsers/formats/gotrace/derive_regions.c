/* SPDX-License-Identifier: Apache-2.0 */
/* Regions by name: how often, how long. Each goroutine has a stack of those it is in. */
#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/consumer.h"

#include <stdlib.h>

struct open_region {
    int64_t since_ns;
    uint32_t row;
    uint32_t outer; /* of the same goroutine, or the next free one; plus one */
};

struct goroutine {
    int64_t id;
    uint32_t innermost; /* plus one */
};

struct state {
    struct mt_arena *arena; /* scratch */
    struct mt_trace_region *rows;
    size_t n_rows, cap_rows;
    struct mt_idmap of_names;
    struct goroutine *goroutines; /* by slot */
    size_t n_goroutines;
    struct open_region *open;
    size_t n_open, cap_open;
    uint32_t free; /* plus one */
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = s->of_names.arena = &feed->scratch;
}

static uint32_t row_of(struct state *s, uint32_t name)
{
    uint32_t row = mt_idmap_get(&s->of_names, name);
    if (row == MT_IDMAP_NONE) {
        MT_RESERVE(s->arena, s->rows, s->n_rows, s->cap_rows);
        row = (uint32_t)s->n_rows++;
        s->rows[row] = (struct mt_trace_region){.name = name};
        mt_idmap_set(&s->of_names, name, row);
    }
    return row;
}

/* Takes the innermost region off the goroutine and gives its row. */
static struct mt_trace_region *leave(struct state *s, struct goroutine *g, int64_t now_ns)
{
    uint32_t index = g->innermost - 1;
    struct open_region *open = &s->open[index];
    struct mt_trace_region *row = &s->rows[open->row];
    int64_t ns = mt_ns_since(now_ns, open->since_ns);
    row->total_ns = mt_ns_sum(row->total_ns, ns);
    if (ns > row->longest_ns)
        row->longest_ns = ns;
    g->innermost = open->outer;
    open->outer = s->free;
    s->free = index + 1;
    return row;
}

static void enter(struct state *s, struct goroutine *g, const struct mt_event *ev)
{
    uint32_t row = row_of(s, ev->name);
    s->rows[row].count++;
    uint32_t index = s->free;
    if (index) {
        s->free = s->open[index - 1].outer;
    } else {
        MT_RESERVE(s->arena, s->open, s->n_open, s->cap_open);
        index = (uint32_t)++s->n_open;
    }
    s->open[index - 1] = (struct open_region){ev->time_ns, row, g->innermost};
    g->innermost = index;
}

static void event(void *state, struct mt_trace_feed *feed, const struct mt_event *ev)
{
    (void)feed;
    struct state *s = state;
    if (ev->goroutine_slot == MT_NO_SLOT)
        return;
    struct goroutine *g = MT_SLOT(s->arena, s->goroutines, s->n_goroutines, ev->goroutine_slot);
    if (g->id != ev->goroutine) { /* the one before it ended, and its regions with it */
        while (g->innermost)
            leave(s, g, s->open[g->innermost - 1].since_ns);
        g->id = ev->goroutine;
    }
    if (ev->kind == MT_EV_REGION_BEGIN) {
        enter(s, g, ev);
    } else if (g->innermost) {
        leave(s, g, ev->time_ns);
    } else {                                /* it began before the trace */
        uint32_t row = row_of(s, ev->name); /* may move the rows */
        s->rows[row].count++;
    }
}

struct ranked {
    struct mt_trace_region row;
    struct mt_span name;
};

static int by_total(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->row.total_ns != b->row.total_ns)
        return a->row.total_ns < b->row.total_ns ? 1 : -1;
    return mt_span_compare(a->name, b->name);
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    struct mt_trace *t = feed->capture->trace;
    for (size_t i = 0; i < s->n_goroutines; i++)
        while (s->goroutines[i].innermost)
            leave(s, &s->goroutines[i], feed->last_ns)->open_at_end++;
    struct ranked *ranked = MT_NEW_N(s->arena, struct ranked, s->n_rows);
    for (size_t i = 0; i < s->n_rows; i++)
        ranked[i] = (struct ranked){s->rows[i], mt_string(feed->capture->strings, s->rows[i].name)};
    if (s->n_rows)
        qsort(ranked, s->n_rows, sizeof *ranked, by_total);
    t->regions = MT_NEW_N(feed->capture->arena, struct mt_trace_region, s->n_rows);
    for (; t->n_regions < s->n_rows; t->n_regions++)
        t->regions[t->n_regions] = ranked[t->n_regions].row;
}

const struct mt_trace_consumer mt_trace_consumer_regions = {
    .name = "regions",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_REGION_BEGIN) | MT_KIND(MT_EV_REGION_END),
    .begin = begin,
    .event = event,
    .end = end,
};
