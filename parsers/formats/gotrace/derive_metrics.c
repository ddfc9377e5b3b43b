/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heap live, heap goal and GOMAXPROCS over time. No record has the memory limit (GOMEMLIMIT); it
 * shows only in the goal, which is the lower of what GOGC and the limit allow, and which is 0 when
 * there is none (in Go 1.27 with GOGC=off, whatever the limit). So nothing is derived of the limit,
 * and a goal of 0 is none.
 */
#include "parsers/formats/gotrace/consumer.h"
#include "parsers/formats/gotrace/thin.h"

struct state {
    struct mt_thin series[MT_METRICS_N];
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    for (unsigned i = 0; i < MT_METRICS_N; i++)
        mt_thin_init(&s->series[i], &feed->scratch);
}

static void event(void *state, struct mt_trace_feed *feed, const struct mt_event *ev)
{
    (void)feed;
    struct state *s = state;
    if (ev->what == MT_METRIC_HEAP_GOAL && !ev->value)
        return;
    mt_thin_add(&s->series[ev->what], ev->time_ns, (double)ev->value);
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    const struct mt_thin_metric metrics[] = {
        {MT_M_HEAP_LIVE, &s->series[MT_METRIC_HEAP_LIVE], 0},
        {MT_M_HEAP_GOAL, &s->series[MT_METRIC_HEAP_GOAL], 0},
        {MT_M_GOMAXPROCS, &s->series[MT_METRIC_PROCS], 0},
    };
    mt_thin_table(feed, metrics, sizeof metrics / sizeof *metrics);
}

const struct mt_trace_consumer mt_trace_consumer_metrics = {
    .name = "metrics",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_METRIC),
    .begin = begin,
    .event = event,
    .end = end,
};
