/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events of one P in the order of its batches, one at a time, decoded where they lie. A stream
 * can be copied to look ahead.
 */
#ifndef MT_GOTRACE_V1_STREAM_H
#define MT_GOTRACE_V1_STREAM_H

#include "parsers/formats/gotrace/v1_index.h"

struct mt_v1_event {
    int64_t ticks;
    uint64_t goroutine; /* 0: none */
    uint64_t args[3];   /* the type's own; the local forms as their full ones, with any number */
    uint64_t proc;      /* id; UINT64_MAX: none */
    uint64_t number;    /* counts merged events; UINT64_MAX: an exit at its true time */
    uint32_t stack;     /* of the file */
    uint32_t stream;    /* index of the P in mt_v1_index.procs; n_procs: no P */
    uint32_t context;   /* index of `goroutine` among the goroutines; MT_NO_SLOT: not known */
    uint32_t subject;   /* the same for the one whose status the event depends on or changes */
    uint8_t type;
    bool moved;             /* syscall exit that comes at its true time, before this one */
    struct mt_span message; /* log */
};

/* What an event does to the goroutine of its P. */
enum mt_v1_effect {
    MT_V1_KEEPS,
    MT_V1_STARTS, /* it runs args[0] from here on, whose event this is */
    MT_V1_STOPS,  /* it runs nothing afterwards */
    MT_V1_NAMES   /* the event is of args[0], whatever the P runs */
};

/* Whose status an event depends on. */
enum mt_v1_whose { MT_V1_FREE, MT_V1_OWN, MT_V1_OTHER, MT_V1_COLLECTOR };

/* The number that an event wants of the goroutine's sequence, which goes up by one then. NUMBERED:
 * args[1], of which UINT64_MAX fits all. */
enum mt_v1_number { MT_V1_NO_NUMBER, MT_V1_NUMBER_0, MT_V1_NUMBER_1, MT_V1_NUMBERED };

/* Status of a goroutine, for the order as well as for the checks behind it. */
enum mt_v1_status { MT_V1_UNSEEN, MT_V1_DEAD, MT_V1_RUNNABLE, MT_V1_RUNNING, MT_V1_WAITING };

struct mt_v1_rule {
    uint8_t whose, number;
    uint8_t from, to; /* status */
    uint8_t effect;
    uint8_t full; /* type of which this is the local form, or 0 */
};
extern const struct mt_v1_rule mt_v1_rules[64];

struct mt_v1_stream {
    const unsigned char *at, *end;
    int64_t ticks;
    uint64_t number; /* 1.5 */
    uint64_t proc;
    uint64_t goroutine; /* that runs on the P as far as read */
    uint32_t goroutine_index;
    uint32_t batch; /* next one */
    uint32_t next_blocked;
    int64_t key; /* of head: ticks; 1.5: sequence number */
    bool waits;  /* its head may not come yet */
    struct mt_v1_event head;
};

/* Decodes the next event into head, but for `context`, `subject` and `number`. False at the end, or
 * with *fault set; the first pass has seen every byte, though not every argument. */
bool mt_v1_stream_next(const struct mt_v1_index *x, struct mt_v1_stream *s,
                       enum mt_v1_fault *fault);

#endif
