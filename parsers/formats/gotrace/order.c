/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/order.h"

enum {
    EVENTS_OF_ONE = 3,            /* at most so many come of one record */
    DROP_STEP = 16u << 20,        /* bytes of events after which a mapping is dropped */
    MOST_PLAIN_TICK_NS = 1 << 20, /* a clock of 1 kHz; the product of the two fits */
    MOST_PLAIN_TICKS = 1 << 30,
    LONGEST_EVENT = 1 + MT_VARINT_MOST * (1 + MT_REC_MOST_ARGUMENTS)
};

/* ---- lanes -------------------------------------------------------------------------------- */

static void open_batch(struct mt_order *o, struct mt_lane *l, uint32_t batch)
{
    l->batch = batch;
    l->time_ns = 0;
    if (batch != MT_NO_BATCH) {
        l->at = o->g->batches[batch].data;
        l->end = l->at + o->g->batches[batch].size;
    }
}

static void use_up(struct mt_order *o, uint32_t bytes)
{
    o->used_bytes += bytes;
    if (o->used_bytes < DROP_STEP)
        return;
    mt_cur_drop(o->in);
    o->used_bytes = 0;
}

enum lane_result { LANE_EVENT, LANE_END, LANE_BROKEN };

/* The numbers of an event that may not be whole. */
static const unsigned char *take_careful(struct mt_lane *l, const unsigned char *at,
                                         unsigned numbers, uint64_t *ticks)
{
    at = mt_varint(at, l->end, ticks);
    for (unsigned i = 0; at && i + 1 < numbers; i++)
        at = mt_varint(at, l->end, &l->argument[i]);
    return at;
}

/* The same where the batch goes on for longer than any event. */
static MT_ALWAYS_INLINE const unsigned char *take_fast(struct mt_lane *l, const unsigned char *at,
                                                       unsigned numbers, uint64_t *ticks)
{
    at = mt_varint_within(at, ticks);
    if (numbers > 1)
        at = mt_varint_within(at, &l->argument[0]);
    if (numbers > 2)
        at = mt_varint_within(at, &l->argument[1]);
    if (numbers > 3)
        at = mt_varint_within(at, &l->argument[2]);
    if (numbers > 4)
        at = mt_varint_within(at, &l->argument[3]);
    return at;
}

static enum lane_result bad_event(struct mt_order *o, struct mt_lane *l)
{
    if (!mt_record_numbers[l->type])
        mt_order_fail(o, l, "type %u is no event of a batch", l->type);
    else
        mt_order_fail(o, l, "a number does not end within the batch or within 64 bit");
    return LANE_BROKEN;
}

/* False: there are no batches left. */
static bool next_batch(struct mt_order *o, struct mt_lane *l)
{
    while (l->batch != MT_NO_BATCH && l->at == l->end) {
        use_up(o, o->g->batches[l->batch].size);
        open_batch(o, l, o->g->batches[l->batch].next);
    }
    return l->batch != MT_NO_BATCH;
}

/* Takes the lane's next event apart. */
static MT_ALWAYS_INLINE enum lane_result next_event(struct mt_order *o, struct mt_lane *l)
{
    if (l->at == l->end && !next_batch(o, l))
        return LANE_END;
    if (l->time_ns == 0) /* also when the time has become 0 on the way, as in Go's reader */
        l->time_ns = mt_ticks_ns(o->g->batches[l->batch].time, o->tick_ns);
    const unsigned char *at = l->at;
    unsigned numbers = mt_record_numbers[*at];
    uint64_t ticks = 0;
    l->event = at;
    l->type = *at++;
    if (!numbers)
        return bad_event(o, l);
    at = l->end - at >= LONGEST_EVENT ? take_fast(l, at, numbers, &ticks)
                                      : take_careful(l, at, numbers, &ticks);
    if (!at)
        return bad_event(o, l);
    l->at = at;
    int64_t passed_ns = ticks <= o->plain_ticks ? (int64_t)((double)(int64_t)ticks * o->tick_ns)
                                                : mt_ticks_ns(ticks, o->tick_ns);
    l->time_ns = (int64_t)((uint64_t)passed_ns + (uint64_t)l->time_ns);
    return LANE_EVENT;
}

/* ---- the heap of lanes -------------------------------------------------------------------- */

static void swap(struct mt_timed *heap, size_t i, size_t j)
{
    struct mt_timed kept = heap[i];
    heap[i] = heap[j];
    heap[j] = kept;
}

/* Only while the parent is strictly later. Returns where it ended. */
static size_t sift_up(struct mt_timed *heap, size_t i)
{
    for (; i > 0 && heap[(i - 1) / 2].time_ns > heap[i].time_ns; i = (i - 1) / 2)
        swap(heap, i, (i - 1) / 2);
    return i;
}

/* Among equals the parent stays, and the left child goes before the right. */
static void sift_down(struct mt_timed *heap, size_t n, size_t i)
{
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && heap[child + 1].time_ns < heap[child].time_ns)
            child++;
        if (heap[child].time_ns >= heap[i].time_ns)
            return;
        swap(heap, i, child);
    }
}

static void add_lane(struct mt_order *o, uint32_t lane)
{
    o->frontier[o->n_frontier] = (struct mt_timed){o->lanes[lane].time_ns, lane};
    sift_up(o->frontier, o->n_frontier++);
}

/* Up along its path to the root whatever the times, then out like any root. */
static void remove_lane(struct mt_order *o, size_t i)
{
    for (; i > 0; i = (i - 1) / 2)
        swap(o->frontier, i, (i - 1) / 2);
    o->frontier[0] = o->frontier[--o->n_frontier];
    sift_down(o->frontier, o->n_frontier, 0);
}

static void update_lane(struct mt_order *o, size_t i, int64_t time_ns)
{
    o->frontier[i].time_ns = time_ns;
    if (sift_up(o->frontier, i) == i)
        sift_down(o->frontier, o->n_frontier, i);
}

/* ---- a generation ------------------------------------------------------------------------- */

static void add_sync(struct mt_order *o, struct mt_block *block, int64_t time_ns)
{
    struct mt_context nobody = MT_CONTEXT_OF(MT_NO_ID);
    o->block = block;
    if (!o->started) {
        o->started = true;
        o->first_ns = time_ns > 0 ? time_ns : 1; /* Go's reader delivers nothing at or below 0 */
    }
    struct mt_event *ev = mt_order_emit(o, &nobody, time_ns, MT_EV_SYNC);
    ev->sync = &block->sync;
    block->sync = (struct mt_event_sync){.number = ++o->n_syncs};
}

void mt_order_sync(struct mt_order *o, struct mt_block *block)
{
    add_sync(o, block, o->last_ns);
}

static void describe_sync(const struct mt_order *o, const struct mt_generation *g,
                          struct mt_event_sync *sync)
{
    sync->exp_batches = g->exp_batches;
    sync->exp_bytes = g->exp_bytes;
    sync->has_clock = g->has_clock;
    if (!g->has_clock)
        return;
    int64_t clock_ns = mt_ticks_ns(g->clock_ticks, g->tick_ns);
    sync->clock_ns = (int64_t)((uint64_t)clock_ns - (uint64_t)o->first_ns);
    sync->monotonic_ns = g->monotonic_ns;
    sync->wall_s = (int64_t)(g->wall_s + g->wall_ns / 1000000000u);
    sync->wall_ns = (int64_t)(g->wall_ns % 1000000000u);
}

bool mt_order_begin(struct mt_order *o, struct mt_generation *g, struct mt_block *block)
{
    o->g = g;
    o->next_sample = o->n_frontier = 0;
    if (!o->first_generation)
        o->first_generation = g->number;
    o->in_first = g->number == o->first_generation;
    o->tick_ns = g->tick_ns;
    o->plain_ticks = o->tick_ns < MOST_PLAIN_TICK_NS ? MOST_PLAIN_TICKS : 0;
    o->lanes = MT_NEW_N(&g->arena, struct mt_lane, g->n_threads);
    o->frontier = MT_NEW_N(&g->arena, struct mt_timed, g->n_threads);
    for (size_t i = 0; i < g->n_threads; i++) {
        struct mt_lane *l = &o->lanes[i];
        uint64_t thread = g->threads[i].thread;
        l->context = thread == UINT64_MAX ? &o->nobody : mt_order_thread(o, thread);
        open_batch(o, l, g->threads[i].first);
        enum lane_result result = next_event(o, l);
        if (result == LANE_BROKEN)
            return false;
        if (result == LANE_EVENT)
            add_lane(o, (uint32_t)i);
    }
    add_sync(o, block, mt_ticks_ns(g->least_time, g->tick_ns));
    describe_sync(o, g, &block->sync);
    return true;
}

/* ---- one after the other ------------------------------------------------------------------ */

static void add_sample(struct mt_order *o, const struct mt_gen_sample *s)
{
    struct mt_context c = {
        .goroutine = s->goroutine ? (int64_t)s->goroutine : MT_NO_ID,
        .proc = (int64_t)s->proc,
        .thread = (int64_t)s->thread,
        .goroutine_slot = MT_NO_SLOT,
    };
    c.proc_slot = mt_order_proc_slot(o, c.proc);
    struct mt_event *ev = mt_order_emit(o, &c, s->time_ns, MT_EV_STACK_SAMPLE);
    /* The only reference nobody checks: where it leads nowhere, the sample has no stack. */
    uint32_t stack = mt_ids_find(&o->g->stack_ids, s->stack);
    ev->stack = stack == MT_NO_INDEX32 ? 0 : stack;
}

/* Tries the lane's event; if it comes, the lane moves on to the next. */
static MT_ALWAYS_INLINE enum mt_advance try(struct mt_order *o, struct mt_lane *l,
                                            enum lane_result *next)
{
    if (l->context == &o->nobody) /* what it got from the event before does not stay */
        o->nobody = MT_CONTEXT_OF(MT_NO_ID);
    enum mt_advance result = mt_order_advance[l->type](o, l);
    if (result == MT_ADVANCE_DONE && !o->broken)
        *next = next_event(o, l);
    return o->broken ? MT_ADVANCE_BROKEN : result;
}

/* The earliest has to wait: the next in time that may come. */
static enum mt_advance try_others(struct mt_order *o)
{
    mt_sort_timed(o->frontier, o->n_frontier);
    for (size_t i = 1; i < o->n_frontier; i++) {
        struct mt_lane *l = &o->lanes[o->frontier[i].item];
        enum lane_result next;
        l->context->seen = true;
        enum mt_advance result = try(o, l, &next);
        if (result == MT_ADVANCE_WAITS)
            continue;
        if (result == MT_ADVANCE_DONE && next == LANE_EVENT)
            update_lane(o, i, l->time_ns);
        else if (result == MT_ADVANCE_DONE)
            remove_lane(o, i);
        return result;
    }
    return mt_order_fail(o, &o->lanes[o->frontier[0].item],
                         "no event of any of %zu threads can come next", o->n_frontier);
}

/* Up to this time the lane at the head stays there, and no sample comes in between. */
static int64_t head_stays_until(const struct mt_order *o)
{
    int64_t until = INT64_MAX;
    if (o->next_sample < o->g->n_samples)
        until = o->g->samples[o->next_sample].time_ns;
    for (size_t child = 1; child <= 2 && child < o->n_frontier; child++)
        if (o->frontier[child].time_ns < until)
            until = o->frontier[child].time_ns;
    return until;
}

/* Events of the lane at the head as long as it stays there and the block has room; or, when it has
 * to wait, one of another. */
static enum mt_advance run_head(struct mt_order *o, struct mt_block *block)
{
    struct mt_lane *l = &o->lanes[o->frontier[0].item];
    int64_t until_ns = head_stays_until(o);
    enum lane_result next = LANE_EVENT;
    l->context->seen = true;
    do {
        size_t n_before = block->n;
        int64_t last_before = o->last_ns;
        enum mt_advance result = try(o, l, &next);
        if (result == MT_ADVANCE_WAITS) {
            o->frontier[0].time_ns = l->time_ns;
            result = try_others(o);
            if (result == MT_ADVANCE_DONE)
                return result;
        }
        if (result == MT_ADVANCE_BROKEN) { /* what was just added does not come either */
            o->broken = true;
            block->n = n_before;
            o->last_ns = last_before;
            return result;
        }
    } while (next == LANE_EVENT && l->time_ns <= until_ns &&
             block->n + EVENTS_OF_ONE <= MT_BLOCK_EVENTS);
    if (next == LANE_EVENT) {
        o->frontier[0].time_ns = l->time_ns;
        sift_down(o->frontier, o->n_frontier, 0);
    } else {
        remove_lane(o, 0);
    }
    return MT_ADVANCE_DONE;
}

bool mt_order_fill(struct mt_order *o, struct mt_block *block)
{
    const struct mt_generation *g = o->g;
    o->block = block;
    while (block->n + EVENTS_OF_ONE <= MT_BLOCK_EVENTS) {
        if (o->next_sample < g->n_samples &&
            (!o->n_frontier || g->samples[o->next_sample].time_ns < o->frontier[0].time_ns))
            add_sample(o, &g->samples[o->next_sample++]);
        else if (!o->n_frontier || run_head(o, block) == MT_ADVANCE_BROKEN)
            return false;
    }
    return true;
}
