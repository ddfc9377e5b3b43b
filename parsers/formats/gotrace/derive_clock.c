/* SPDX-License-Identifier: Apache-2.0 */
/* What the trace says of itself: its version, how long it is, and when it was. From 1.25 on each
 * generation begins with a snapshot of the clocks; older traces are placed by the bundle. */
#include "parsers/formats/gotrace/consumer.h"

#include <stdio.h>

static void end(void *state, struct mt_trace_feed *feed)
{
    (void)state;
    struct mt_trace *t = feed->capture->trace;
    char version[16];
    int n = snprintf(version, sizeof version, "1.%u", feed->go_minor);
    t->go_version = mt_intern(feed->capture->strings,
                              (struct mt_span){(const unsigned char *)version, (size_t)n});
    t->start_ns = feed->start_ns;
    t->duration_ns = feed->last_ns;
    t->clock = mt_feed_clock(feed);
    t->events = feed->n_events;
    t->generations = feed->n_syncs - (feed->n_syncs && feed->complete);
}

const struct mt_trace_consumer mt_trace_consumer_clock = {
    .name = "clock",
    .end = end,
};
