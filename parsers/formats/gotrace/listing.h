/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical text of events, one a line (gotrace.md). */
#ifndef MT_GOTRACE_LISTING_H
#define MT_GOTRACE_LISTING_H

#include "parsers/base/text.h"
#include "parsers/formats/gotrace/consumer.h"

struct mt_listing {
    uint64_t n; /* lines so far */
    /* by stack id: hash of its frames, 0 where not asked for yet */
    struct mt_arena *arena;
    uint64_t *stack_hash;
    size_t n_stack_hash;
};

void mt_listing_init(struct mt_listing *l, struct mt_arena *arena);
/* Adds the line of the next event, newline included. */
void mt_listing_add(struct mt_listing *l, struct mt_text *out, const struct mt_trace_feed *feed,
                    const struct mt_event *ev);

/* A consumer that hands the lines on. */
struct mt_listing_sink {
    bool (*line)(void *sink, struct mt_span text);
    void *sink;
};
extern const struct mt_trace_consumer mt_trace_lister;
void mt_trace_lister_to(struct mt_trace_feed *feed, struct mt_listing_sink sink);

#endif
