/* SPDX-License-Identifier: Apache-2.0 */
/* Time blocked by reason and by the frame that blocks, and time in syscalls by that frame. */
#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/consumer.h"

#include <stdlib.h>

/* A goroutine that is not running: since when, and in which row it counts. */
struct goroutine {
    int64_t since_ns;
    uint32_t row; /* plus one; 0: it is not blocked */
    uint8_t state;
};

struct row {
    struct mt_trace_block sums;
    bool syscall;
};

struct state {
    struct mt_arena *arena;       /* scratch */
    struct goroutine *goroutines; /* by slot */
    size_t n_goroutines;
    struct row *rows;
    size_t n_rows, cap_rows;
    struct mt_idmap of_stacks;    /* reason and stack to row */
    struct mt_idmap of_functions; /* reason and function to row */
    int64_t sync_ns;
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = s->of_stacks.arena = s->of_functions.arena = &feed->scratch;
}

/* Syscalls have no reason; their rows are kept apart by this one, which no string has. */
static const uint32_t SYSCALL = UINT32_MAX;

static uint32_t row_of(struct state *s, struct mt_trace_feed *feed, uint32_t reason, uint32_t stack)
{
    uint64_t key = (uint64_t)reason << 32 | stack;
    uint32_t row = mt_idmap_get(&s->of_stacks, key);
    if (row != MT_IDMAP_NONE)
        return row;
    uint32_t frame = mt_feed_blocking_frame(feed, stack);
    uint32_t function = frame ? mt_frame_at(&feed->stacks, frame)->function : 0;
    uint64_t content = (uint64_t)reason << 32 | function;
    row = mt_idmap_get(&s->of_functions, content);
    if (row == MT_IDMAP_NONE) {
        MT_RESERVE(s->arena, s->rows, s->n_rows, s->cap_rows);
        row = (uint32_t)s->n_rows++;
        s->rows[row] =
            (struct row){.sums = {.reason = reason == SYSCALL ? 0 : reason, .function = function},
                         .syscall = reason == SYSCALL};
        mt_idmap_set(&s->of_functions, content, row);
    }
    mt_idmap_set(&s->of_stacks, key, row);
    return row;
}

static void leave(struct state *s, struct goroutine *g, int64_t now_ns)
{
    struct mt_trace_block *sums = &s->rows[g->row - 1].sums;
    int64_t ns = mt_ns_since(now_ns, g->since_ns);
    sums->count++;
    sums->total_ns = mt_ns_sum(sums->total_ns, ns);
    if (ns > sums->longest_ns)
        sums->longest_ns = ns;
    g->row = 0;
}

static void move(struct state *s, struct mt_trace_feed *feed, const struct mt_event *ev)
{
    struct goroutine *g = MT_SLOT(s->arena, s->goroutines, s->n_goroutines, ev->slot);
    if (g->row) {
        if (ev->to == g->state)
            return;
        leave(s, g, ev->time_ns);
    }
    if (ev->to != MT_GO_WAITING && ev->to != MT_GO_SYSCALL)
        return;
    bool syscall = ev->to == MT_GO_SYSCALL;
    g->since_ns = ev->from == MT_GO_UNDETERMINED ? s->sync_ns : ev->time_ns;
    uint32_t stack =
        ev->from == MT_GO_NOT_EXIST ? 0 : ev->target_stack; /* 0: where it will start */
    g->row = row_of(s, feed, syscall ? SYSCALL : ev->name, stack) + 1;
    g->state = ev->to;
}

static void events(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    struct state *s = state;
    for (; n; n--, ev++) {
        if (ev->kind == MT_EV_SYNC)
            s->sync_ns = ev->time_ns;
        if (ev->kind == MT_EV_TRANSITION && ev->scope == MT_ABOUT_GOROUTINE &&
            ev->slot != MT_NO_SLOT)
            move(s, feed, ev);
    }
}

struct ranked {
    struct mt_trace_block sums;
    struct mt_span reason, function;
};

static int by_total(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->sums.total_ns != b->sums.total_ns)
        return a->sums.total_ns < b->sums.total_ns ? 1 : -1;
    int order = mt_span_compare(a->reason, b->reason);
    return order ? order : mt_span_compare(a->function, b->function);
}

static size_t rank(const struct state *s, struct mt_trace_feed *feed, bool syscalls,
                   struct mt_trace_block **out)
{
    const struct mt_strings *strings = feed->capture->strings;
    struct ranked *ranked = MT_NEW_N(s->arena, struct ranked, s->n_rows);
    size_t n = 0;
    for (size_t i = 0; i < s->n_rows; i++)
        if (s->rows[i].syscall == syscalls)
            ranked[n++] =
                (struct ranked){s->rows[i].sums, mt_string(strings, s->rows[i].sums.reason),
                                mt_string(strings, s->rows[i].sums.function)};
    if (n)
        qsort(ranked, n, sizeof *ranked, by_total);
    *out = MT_NEW_N(feed->capture->arena, struct mt_trace_block, n);
    for (size_t i = 0; i < n; i++)
        (*out)[i] = ranked[i].sums;
    return n;
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    struct mt_trace *t = feed->capture->trace;
    for (size_t i = 0; i < s->n_goroutines; i++) {
        struct goroutine *g = &s->goroutines[i];
        if (!g->row)
            continue;
        s->rows[g->row - 1].sums.open_at_end++;
        leave(s, g, feed->last_ns);
    }
    t->n_blocks = rank(s, feed, false, &t->blocks);
    t->n_syscalls = rank(s, feed, true, &t->syscalls);
}

const struct mt_trace_consumer mt_trace_consumer_blocks = {
    .name = "blocks",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_TRANSITION) | MT_KIND(MT_EV_SYNC),
    .begin = begin,
    .events = events,
    .end = end,
};
