/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the stream of events to the model. A consumer is one small file, gotrace/derive_NAME.c, that
 * defines `const struct mt_trace_consumer mt_trace_consumer_NAME`; the name of the file registers
 * it. It is given the events in order, some hundreds at a time, and fills its part of the capture
 * at the end.
 *
 * Memory must not grow with the length of a trace: a consumer keeps sums, its arrays by slot (see
 * event.h), and what is distinct (strings, stacks), and thins series as they grow.
 *
 * A reader feeds it like this (both versions do):
 *
 *     struct mt_trace_feed feed;
 *     mt_feed_init(&feed, capture, 22);                   Go 1.22
 *     mt_feed_add_all(&feed);                             every consumer that is registered
 *     for each event:
 *         struct mt_event *ev = mt_feed_next(&feed);      zeroed
 *         ev->kind = ...; ev->stack = mt_stack(&feed.stacks, frames, n); ...
 *     mt_feed_end(&feed, complete);                       `end` of all consumers
 *     mt_feed_clear(&feed);
 *
 * Strings go through mt_intern on feed.capture->strings, frames through mt_frame, stacks through
 * mt_stack: equal ones get equal ids, whichever generation or table of the file they come from.
 */
#ifndef MT_GOTRACE_CONSUMER_H
#define MT_GOTRACE_CONSUMER_H

#include "parsers/formats/gotrace/event.h"
#include "parsers/model/capture.h"

struct mt_frame {
    uint64_t pc, line;
    uint32_t function, file; /* string ids of the capture */
};

/* Distinct frames and distinct stacks of frames, innermost first. Id 0 of either is none. */
struct mt_stacks {
    struct mt_arena *arena;
    struct mt_frame *frames;
    size_t n_frames, cap_frames;
    uint32_t *frame_slots;
    size_t n_frame_slots;
    struct mt_stack_entry *stacks;
    size_t n_stacks, cap_stacks;
    uint32_t *stack_slots;
    size_t n_stack_slots;
    uint64_t seed;  /* of the hashes */
    uint32_t *pool; /* frame ids of all stacks */
    size_t n_pool, cap_pool;
};

struct mt_stack_entry {
    size_t first; /* into pool */
    uint32_t n_frames;
    uint32_t hash;
};

void mt_stacks_init(struct mt_stacks *s, struct mt_arena *arena);
uint32_t mt_frame(struct mt_stacks *s, struct mt_frame frame);
/* No frames: id 0. */
uint32_t mt_stack(struct mt_stacks *s, const uint32_t *frame_ids, size_t n);
/* The ids of its frames, innermost first; *n is 0 for stack 0. Holds until the next mt_stack. */
const uint32_t *mt_stack_frames(const struct mt_stacks *s, uint32_t stack, size_t *n);
static inline const struct mt_frame *mt_frame_at(const struct mt_stacks *s, uint32_t frame)
{
    return &s->frames[frame];
}

struct mt_trace_feed;

#define MT_KIND(kind) (1u << (kind))
#define MT_KINDS_ALL  ((1u << MT_EV_KINDS) - 1)

struct mt_trace_consumer {
    const char *name;
    size_t state_bytes; /* of its own struct; begins zeroed, on the feed's scratch arena */
    uint32_t kinds;     /* MT_KIND(...) | ...: blocks without any of these are not shown to it */
    bool inspecting;    /* only runs when the capture is to be inspected */

    void (*begin)(void *state, struct mt_trace_feed *feed); /* may be NULL */
    /* A block, in order; also holds events of other kinds. Details that events point to and the
     * events themselves are gone after the call; string and stack ids hold to the end. */
    void (*events)(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n);
    /* Instead of `events`: each event of these kinds. For kinds that are rare, so that a block is
     * looked through once for all who wait for one. */
    void (*event)(void *state, struct mt_trace_feed *feed, const struct mt_event *ev);
    /* feed->complete and feed->last_ns tell how it ended. */
    void (*end)(void *state, struct mt_trace_feed *feed);
};

enum { MT_FEED_BLOCK = 256, MT_FEED_CONSUMERS = 32 };

/* A block of events and room for what they point to, one for each. */
struct mt_feed_room {
    size_t n;
    struct mt_event events[MT_FEED_BLOCK];
    struct mt_event_sync sync[MT_FEED_BLOCK];
    struct mt_event_experimental experimental[MT_FEED_BLOCK];
    struct mt_span message[MT_FEED_BLOCK];
};

struct mt_relay;

struct mt_trace_feed {
    struct mt_capture *capture; /* capture->trace is there from the beginning */
    struct mt_arena scratch;    /* until mt_feed_clear */
    struct mt_stacks stacks;    /* on the scratch arena */
    unsigned go_minor;          /* 22: the format of Go 1.22 */

    uint64_t n_events; /* that were given to the consumers */
    uint64_t n_syncs;
    uint32_t present; /* kinds of the block that is being shown */
    int64_t last_ns;  /* time of the last of them */
    int64_t start_ns; /* wall time of the first; MT_NO_TIME as long as no sync has told */
    bool complete;    /* in `end`: the trace was read to its end */
    bool stop;        /* set by a consumer: nothing that follows is of use to anyone */
    bool check_first; /* set by the caller: nothing may be shown of a trace that is refused as a
                       * whole (version 1 finds that out late) */

    size_t n_consumers;
    struct {
        const struct mt_trace_consumer *calls;
        void *state;
    } consumer[MT_FEED_CONSUMERS];
    uint8_t takers[MT_EV_KINDS][MT_FEED_CONSUMERS]; /* those with `event`, by kind */
    uint8_t n_takers[MT_EV_KINDS];
    uint32_t taken;           /* kinds that have takers */
    uint32_t *blocking_frame; /* by stack, plus one; see mt_feed_blocking_frame */
    size_t n_blocking;

    struct mt_feed_room *room; /* that is being filled */
    struct mt_feed_room own;
    struct mt_relay *relay; /* NULL: no second thread, see relay.h */
};

/* All that are registered, NULL at the end. */
extern const struct mt_trace_consumer *const mt_trace_consumers[];

/* Allocates capture->trace unless it is there. */
void mt_feed_init(struct mt_trace_feed *feed, struct mt_capture *capture, unsigned go_minor);
void mt_feed_add(struct mt_trace_feed *feed, const struct mt_trace_consumer *consumer);
void mt_feed_add_all(struct mt_trace_feed *feed);
/* What was fed is void: the consumers begin anew. With check_first this only happens before the
 * first event; otherwise consumers lose their state without an `end`, so it must be on scratch. */
void mt_feed_restart(struct mt_trace_feed *feed);
/* Shows the events that wait. Also to be called before memory that events point to goes. */
void mt_feed_flush(struct mt_trace_feed *feed);
/* Shows a block that is kept elsewhere; none may wait in the feed's own. */
void mt_feed_block(struct mt_trace_feed *feed, const struct mt_event *ev, size_t n);
/* The frame that is to blame for a wait: the innermost that belongs neither to the runtime nor to
 * sync; failing that the innermost. 0: the stack has no frames. */
uint32_t mt_feed_blocking_frame(struct mt_trace_feed *feed, uint32_t stack);
/* The time on the wall, or as it is where the trace does not know. */
static inline int64_t mt_feed_wall(const struct mt_trace_feed *feed, int64_t time_ns)
{
    return feed->start_ns == MT_NO_TIME ? time_ns : feed->start_ns + time_ns;
}
/* What a part that was derived from the trace knows of its clock. */
struct mt_clock_state mt_feed_clock(const struct mt_trace_feed *feed);
/* Shows the rest and ends the consumers. complete: nothing was damaged. */
void mt_feed_end(struct mt_trace_feed *feed, bool complete);
void mt_feed_clear(struct mt_trace_feed *feed);

/* A larger array by slot so that it has `slot`; new items are zero. */
void *mt_slots_grow(struct mt_arena *arena, void *items, size_t *n_items, uint32_t slot,
                    size_t size);
#define MT_SLOT(arena, items, n_items, slot)                                                       \
    (((slot) < (n_items) ? (void)0                                                                 \
                         : (void)((items) = mt_slots_grow((arena), (items), &(n_items), (slot),    \
                                                          sizeof *(items)))),                      \
     &(items)[slot])

/* An event in which nothing is set. Not here, where the compiler would see through it and clear the
 * event byte by byte before it sets the ids. */
extern const struct mt_event mt_event_blank;

/* A new event at the end of the block, to be filled before the next call: all zero, but for ids and
 * slots, which are MT_NO_ID and MT_NO_SLOT. */
static inline struct mt_event *mt_feed_next(struct mt_trace_feed *feed)
{
    if (feed->room->n == MT_FEED_BLOCK)
        mt_feed_flush(feed);
    struct mt_event *ev = &feed->room->events[feed->room->n++];
    *ev = mt_event_blank;
    return ev;
}

/* Index into feed->room of the event that mt_feed_next gave last, to point its `sync`,
 * `experimental` or `message` there. */
static inline size_t mt_feed_index(const struct mt_trace_feed *feed)
{
    return feed->room->n - 1;
}

#endif
