/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events of all Ps in one order. Each P's records are in order, but the clocks of two CPUs may
 * differ, so between Ps the statuses of goroutines decide: of the next records of all Ps those may
 * come that fit the status of their goroutine (sequence number and status), and of these the
 * earliest comes. Only one record of each P is decoded at a time; the file is the queue.
 *
 * Afterwards syscall exits are put to their true time. In 1.5 all records carry one sequence
 * number, and that is the order.
 */
#ifndef MT_GOTRACE_V1_MERGE_H
#define MT_GOTRACE_V1_MERGE_H

#include "parsers/formats/gotrace/v1_goroutines.h"
#include "parsers/formats/gotrace/v1_stream.h"

struct mt_v1_candidate {
    int64_t key;
    uint32_t stream;
};

struct mt_v1_merge {
    struct mt_v1_index *index;
    struct mt_cursor *in;
    struct mt_v1_goroutines goroutines;
    struct mt_v1_stream *streams; /* per P, then CPU samples, then (1.5) syscall exits */
    uint32_t n_streams;
    struct mt_v1_candidate *heap; /* streams whose head may come, earliest first */
    uint32_t n_heap;
    uint32_t n_waiting;  /* streams whose head may not come yet */
    uint32_t gc_blocked; /* first of those that wait for a GC to be the next */
    uint32_t released;   /* first of those that need wait no more */
    uint32_t given;      /* the stream that gave the last event */
    bool by_number;      /* 1.5 */
    bool lenient;        /* set by the caller: records are missing, so what never fits comes */
    uint64_t gc_seq;
    size_t next_sample, next_exit, n_moved; /* n_moved: exits that come at their true time */
    struct mt_v1_event *pending;            /* merged, but a syscall exit comes before it */
    struct mt_v1_event exit;                /* the one given last */
    int64_t last_ticks;
    uint64_t n_merged;
    uint64_t n_repaired; /* times that went back, before 1.11 */
    uint64_t n_steps;    /* that making events fit has taken */
    size_t dropped;      /* bytes of the file that are behind all streams and given back */
};

void mt_v1_merge_init(struct mt_v1_merge *m, struct mt_v1_index *index, struct mt_cursor *in,
                      struct mt_arena *arena);
/* The next event, good until the next call; NULL at the end, or with the cursor failed. */
struct mt_v1_event *mt_v1_merge_next(struct mt_v1_merge *m);
/* Whether the syscall just given blocks: what its goroutine does next tells. */
bool mt_v1_merge_blocks(const struct mt_v1_merge *m, const struct mt_v1_event *syscall);

/* Bytes of the file that no event was taken from. */
uint64_t mt_v1_merge_left_bytes(const struct mt_v1_merge *m);

/* Fails the cursor at the event. Always false. */
bool mt_v1_refuse(struct mt_v1_merge *m, const struct mt_v1_event *ev, const char *what);

#endif
