/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/consumer.h"

#include "parsers/formats/gotrace/relay.h"

#include <string.h>

const struct mt_event mt_event_blank = {.goroutine = MT_NO_ID,
                                        .proc = MT_NO_ID,
                                        .thread = MT_NO_ID,
                                        .subject = MT_NO_ID,
                                        .slot = MT_NO_SLOT,
                                        .goroutine_slot = MT_NO_SLOT,
                                        .proc_slot = MT_NO_SLOT};

static void begin(struct mt_trace_feed *feed)
{
    mt_stacks_init(&feed->stacks, &feed->scratch);
    feed->n_events = feed->n_syncs = 0;
    feed->last_ns = 0;
    feed->start_ns = MT_NO_TIME;
    feed->n_consumers = 0;
    feed->room = &feed->own;
    feed->room->n = 0;
    feed->relay = NULL;
    memset(feed->n_takers, 0, sizeof feed->n_takers);
    feed->taken = 0;
    feed->blocking_frame = NULL;
    feed->n_blocking = 0;
}

void mt_feed_init(struct mt_trace_feed *feed, struct mt_capture *capture, unsigned go_minor)
{
    feed->capture = capture;
    mt_arena_init(&feed->scratch);
    feed->go_minor = go_minor;
    feed->complete = feed->stop = feed->check_first = false;
    begin(feed);
    if (!capture->trace)
        capture->trace = MT_NEW(capture->arena, struct mt_trace);
}

void mt_feed_add(struct mt_trace_feed *feed, const struct mt_trace_consumer *consumer)
{
    if (feed->n_consumers == MT_FEED_CONSUMERS)
        return;
    void *state = mt_arena_take(&feed->scratch, 1, consumer->state_bytes);
    size_t index = feed->n_consumers++;
    feed->consumer[index].calls = consumer;
    feed->consumer[index].state = state;
    for (unsigned kind = 0; consumer->event && kind < MT_EV_KINDS; kind++)
        if (consumer->kinds & MT_KIND(kind))
            feed->takers[kind][feed->n_takers[kind]++] = (uint8_t)index;
    feed->taken |= consumer->event ? consumer->kinds : 0;
    if (consumer->begin)
        consumer->begin(state, feed);
}

void mt_feed_add_all(struct mt_trace_feed *feed)
{
    for (size_t i = 0; mt_trace_consumers[i]; i++)
        if (!mt_trace_consumers[i]->inspecting || feed->capture->inspecting)
            mt_feed_add(feed, mt_trace_consumers[i]);
}

void mt_feed_restart(struct mt_trace_feed *feed)
{
    if (!feed->n_events && !feed->room->n)
        return;
    mt_arena_clear(&feed->scratch);
    size_t n = feed->n_consumers;
    begin(feed);
    for (size_t i = 0; i < n; i++)
        mt_feed_add(feed, feed->consumer[i].calls);
}

static void see_sync(struct mt_trace_feed *feed, const struct mt_event *ev)
{
    const struct mt_event_sync *sync = ev->sync;
    feed->n_syncs++;
    if (feed->start_ns != MT_NO_TIME || !sync->has_clock)
        return;
    int64_t wall_ns;
    if (!__builtin_mul_overflow(sync->wall_s, MT_SECOND_NS, &wall_ns) &&
        !__builtin_add_overflow(wall_ns, sync->wall_ns, &wall_ns) &&
        !__builtin_sub_overflow(wall_ns, sync->clock_ns, &wall_ns))
        feed->start_ns = wall_ns;
}

static void take(struct mt_trace_feed *feed, const struct mt_event *ev)
{
    for (uint8_t i = 0; i < feed->n_takers[ev->kind]; i++) {
        uint8_t taker = feed->takers[ev->kind][i];
        feed->consumer[taker].calls->event(feed->consumer[taker].state, feed, ev);
    }
}

void mt_feed_block(struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    if (!n)
        return;
    uint32_t present = 0, looked_for = feed->taken | MT_KIND(MT_EV_SYNC);
    feed->n_events += n;
    feed->last_ns = ev[n - 1].time_ns;
    for (size_t i = 0; i < n; i++) {
        uint32_t kind = MT_KIND(ev[i].kind);
        present |= kind;
        if (!(kind & looked_for))
            continue;
        if (ev[i].kind == MT_EV_SYNC)
            see_sync(feed, &ev[i]);
        take(feed, &ev[i]);
    }
    feed->present = present;
    for (size_t i = 0; i < feed->n_consumers; i++)
        if (feed->consumer[i].calls->events && feed->consumer[i].calls->kinds & present)
            feed->consumer[i].calls->events(feed->consumer[i].state, feed, ev, n);
}

void mt_feed_flush(struct mt_trace_feed *feed)
{
    struct mt_feed_room *room = feed->room;
    if (!room->n)
        return;
    if (feed->relay) {
        mt_relay_give(feed);
        return;
    }
    size_t n = room->n;
    room->n = 0;
    mt_feed_block(feed, room->events, n);
}

void mt_feed_end(struct mt_trace_feed *feed, bool complete)
{
    mt_feed_flush(feed);
    feed->complete = complete;
    for (size_t i = 0; i < feed->n_consumers; i++)
        if (feed->consumer[i].calls->end)
            feed->consumer[i].calls->end(feed->consumer[i].state, feed);
}

void *mt_slots_grow(struct mt_arena *arena, void *items, size_t *n_items, uint32_t slot,
                    size_t size)
{
    size_t more = *n_items ? *n_items * 2 : 256;
    while (more <= slot)
        more *= 2;
    items = mt_arena_grow(arena, items, *n_items, more, size);
    *n_items = more;
    return items;
}

struct mt_clock_state mt_feed_clock(const struct mt_trace_feed *feed)
{
    return (struct mt_clock_state){.clock = feed->start_ns == MT_NO_TIME ? MT_CLOCK_NONE
                                                                         : MT_CLOCK_SAME};
}

/* "sync.(*Mutex).Lock" but not "syncthing.Run". */
static bool only_waits(struct mt_span function)
{
    static const char *const prefixes[] = {"runtime.",          "sync.",
                                           "internal/runtime/", "runtime/internal/",
                                           "internal/sync.",    "internal/race."};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (mt_span_starts(function, prefixes[i]))
            return true;
    return false;
}

static uint32_t find_blocking_frame(const struct mt_trace_feed *feed, uint32_t stack)
{
    size_t n;
    const uint32_t *frames = mt_stack_frames(&feed->stacks, stack, &n);
    for (size_t i = 0; i < n; i++) {
        uint32_t function = mt_frame_at(&feed->stacks, frames[i])->function;
        if (!only_waits(mt_string(feed->capture->strings, function)))
            return frames[i];
    }
    return n ? frames[0] : 0;
}

uint32_t mt_feed_blocking_frame(struct mt_trace_feed *feed, uint32_t stack)
{
    if (!stack)
        return 0;
    uint32_t *known = MT_SLOT(&feed->scratch, feed->blocking_frame, feed->n_blocking, stack);
    if (!*known)
        *known = find_blocking_frame(feed, stack) + 1;
    return *known - 1;
}

void mt_feed_clear(struct mt_trace_feed *feed)
{
    mt_arena_clear(&feed->scratch);
}

const char *mt_event_range_name(enum mt_event_range range)
{
    static const char *const names[MT_RANGES] = {
        [MT_RANGE_MARK] = "GC concurrent mark phase",
        [MT_RANGE_SWEEP] = "GC incremental sweep",
        [MT_RANGE_ASSIST] = "GC mark assist",
        [MT_RANGE_STOP] = "stop-the-world",
    };
    return names[range];
}

const char *mt_event_metric_name(enum mt_event_metric metric)
{
    static const char *const names[MT_METRICS_N] = {
        [MT_METRIC_PROCS] = "/sched/gomaxprocs:threads",
        [MT_METRIC_HEAP_LIVE] = "/memory/classes/heap/objects:bytes",
        [MT_METRIC_HEAP_GOAL] = "/gc/heap/goal:bytes",
    };
    return names[metric];
}

const char *mt_event_kind_name(enum mt_event_kind kind)
{
    static const char *const names[MT_EV_KINDS] = {
        [MT_EV_SYNC] = "Sync",
        [MT_EV_METRIC] = "Metric",
        [MT_EV_LABEL] = "Label",
        [MT_EV_STACK_SAMPLE] = "StackSample",
        [MT_EV_RANGE_BEGIN] = "RangeBegin",
        [MT_EV_RANGE_ACTIVE] = "RangeActive",
        [MT_EV_RANGE_END] = "RangeEnd",
        [MT_EV_TASK_BEGIN] = "TaskBegin",
        [MT_EV_TASK_END] = "TaskEnd",
        [MT_EV_REGION_BEGIN] = "RegionBegin",
        [MT_EV_REGION_END] = "RegionEnd",
        [MT_EV_LOG] = "Log",
        [MT_EV_TRANSITION] = "StateTransition",
        [MT_EV_EXPERIMENTAL] = "Experimental",
    };
    return names[kind];
}
