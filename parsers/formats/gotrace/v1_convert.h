/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Version 1 events told in the terms of version 2. Up to the first GOMAXPROCS the trace describes
 * what was there: creations are held back, "waiting", "in syscall" and starts become statuses, and
 * goroutines of which only the creation came are runnable. A syscall becomes a begin and an end,
 * 1 ns apart unless it blocks. Times get strictly increasing.
 */
#ifndef MT_GOTRACE_V1_CONVERT_H
#define MT_GOTRACE_V1_CONVERT_H

#include "parsers/formats/gotrace/v1_check.h"

/* Strings of ours among the capture's. */
enum { MT_V1_STW_REASONS = 17 };

/* Where the frequency is lost: of an x86 at 2.5 GHz, whose counter is divided by 64. */
enum { MT_V1_ASSUMED_TICK_NS = 25 };

struct mt_v1_convert {
    struct mt_v1_check *check;
    struct mt_trace_feed *feed;
    struct mt_v1_index *index;
    double ns_per_tick;
    int64_t first_ticks;
    int64_t last_ns; /* of the event told last */
    bool begun;
    bool before_gomaxprocs;
    struct mt_v1_place {
        uint64_t proc;    /* id */
        int64_t thread;   /* MT_NO_ID: none */
        uint32_t slot;    /* of the proc; MT_NO_SLOT: consumers do not know it */
    } * places;           /* by stream */
    uint32_t stop_reason; /* string id */
    uint32_t reason[64];  /* by type */
    uint32_t stw_reason[MT_V1_STW_REASONS];
};

void mt_v1_convert_init(struct mt_v1_convert *c, struct mt_v1_check *check,
                        struct mt_trace_feed *feed, struct mt_arena *arena);
/* Tells an event that has passed the check. False: it has no place in the stream (a futile wakeup
 * where there should be none). */
bool mt_v1_convert_event(struct mt_v1_convert *c, const struct mt_v1_event *ev);
void mt_v1_convert_end(struct mt_v1_convert *c);

#endif
