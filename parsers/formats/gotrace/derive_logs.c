/* SPDX-License-Identifier: Apache-2.0 */
/* What the program logged into the trace: the first thousand messages, and how many there were. */
#include "parsers/formats/gotrace/consumer.h"

enum { LOGS_MOST = 1000, MESSAGE_MOST = 1024 };

struct state {
    uint64_t total;
    struct mt_trace_log logs[LOGS_MOST];
};

static void event(void *state, struct mt_trace_feed *feed, const struct mt_event *ev)
{
    struct state *s = state;
    if (s->total++ >= LOGS_MOST)
        return;
    struct mt_span message = mt_span_sub(*ev->message, 0, MESSAGE_MOST);
    s->logs[s->total - 1] =
        (struct mt_trace_log){ev->name, mt_intern(feed->capture->strings, message), ev->time_ns};
}

static void end(void *state, struct mt_trace_feed *feed)
{
    const struct state *s = state;
    struct mt_trace *t = feed->capture->trace;
    size_t n = s->total < LOGS_MOST ? (size_t)s->total : LOGS_MOST;
    t->logs = MT_NEW_N(feed->capture->arena, struct mt_trace_log, n);
    for (; t->n_logs < n; t->n_logs++)
        t->logs[t->n_logs] = s->logs[t->n_logs];
    t->logs_total = s->total;
}

const struct mt_trace_consumer mt_trace_consumer_logs = {
    .name = "logs",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_LOG),
    .event = event,
    .end = end,
};
