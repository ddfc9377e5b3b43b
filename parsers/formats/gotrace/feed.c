/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/consumer.h"

void mt_feed_init(struct mt_trace_feed *feed, struct mt_capture *capture, unsigned go_minor)
{
    feed->capture = capture;
    mt_arena_init(&feed->scratch);
    feed->go_minor = go_minor;
    feed->n_events = feed->n_syncs = 0;
    feed->last_ns = 0;
    feed->complete = feed->stop = feed->check_first = false;
    feed->n_consumers = feed->n_block = 0;
    mt_stacks_init(&feed->stacks, &feed->scratch);
    if (!capture->trace)
        capture->trace = MT_NEW(capture->arena, struct mt_trace);
}

void mt_feed_add(struct mt_trace_feed *feed, const struct mt_trace_consumer *consumer)
{
    if (feed->n_consumers == MT_FEED_CONSUMERS)
        return;
    void *state = mt_arena_take(&feed->scratch, 1, consumer->state_bytes);
    feed->consumer[feed->n_consumers].calls = consumer;
    feed->consumer[feed->n_consumers++].state = state;
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
    if (!feed->n_events && !feed->n_block)
        return;
    mt_arena_clear(&feed->scratch);
    mt_stacks_init(&feed->stacks, &feed->scratch);
    feed->n_events = feed->n_syncs = 0;
    feed->last_ns = 0;
    size_t n = feed->n_consumers;
    feed->n_consumers = feed->n_block = 0;
    for (size_t i = 0; i < n; i++)
        mt_feed_add(feed, feed->consumer[i].calls);
}

void mt_feed_block(struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    if (!n)
        return;
    uint32_t present = 0;
    for (size_t i = 0; i < n; i++)
        present |= MT_KIND(ev[i].kind);
    if (present & MT_KIND(MT_EV_SYNC))
        for (size_t i = 0; i < n; i++)
            feed->n_syncs += ev[i].kind == MT_EV_SYNC;
    feed->n_events += n;
    feed->last_ns = ev[n - 1].time_ns;
    for (size_t i = 0; i < feed->n_consumers; i++)
        if (feed->consumer[i].calls->kinds & present)
            feed->consumer[i].calls->events(feed->consumer[i].state, feed, ev, n);
}

void mt_feed_flush(struct mt_trace_feed *feed)
{
    size_t n = feed->n_block;
    feed->n_block = 0;
    mt_feed_block(feed, feed->block, n);
}

void mt_feed_end(struct mt_trace_feed *feed, bool complete)
{
    mt_feed_flush(feed);
    feed->complete = complete;
    for (size_t i = 0; i < feed->n_consumers; i++)
        if (feed->consumer[i].calls->end)
            feed->consumer[i].calls->end(feed->consumer[i].state, feed);
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
