/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The events of all Ps in one order. Each P's records are in order, but the clocks of two CPUs may
 * differ, so between Ps the states of goroutines decide: of the next records of all Ps those may
 * come that fit the state of their goroutine (sequence number and status), and of these the
 * earliest comes. Only one record of each P is decoded at a time; the file is the queue.
 *
 * Afterwards syscall exits are put to their true time. In 1.5 all records carry one sequence
 * number, and that is the order.
 */
#ifndef MT_GOTRACE_V1_MERGE_H
#define MT_GOTRACE_V1_MERGE_H

#include "parsers/formats/gotrace/v1_index.h"

/* Status of a goroutine, for the order as well as for the checks behind it. */
enum mt_v1_status { MT_V1_UNSEEN, MT_V1_DEAD, MT_V1_RUNNABLE, MT_V1_RUNNING, MT_V1_WAITING };

struct mt_v1_goroutine {
    uint64_t id;
    uint64_t seq;            /* order: events that moved it so far */
    int64_t sys_block_ticks; /* order: of its last syscall block, 0: none */
    uint32_t blocked;        /* order: first of the streams that wait for its state */
    uint32_t regions;        /* check: innermost open region */
    uint32_t start_stack;    /* of the feed, given at creation */
    uint8_t order, status; /* enum mt_v1_status: as merged, as checked (exits come earlier there) */
    bool in_use;
    bool announced; /* consumers know it, so its index is its slot */
    bool held;      /* its creation was read before the first GOMAXPROCS and not told yet */
    bool network;   /* what it waits for last was the network */
    bool assisting;
};

/* The living. Index 0 is goroutine 0, which stands for "none" and always runs. */
struct mt_v1_goroutines {
    struct mt_arena *arena;
    struct mt_v1_goroutine *items;
    size_t count, capacity;
    struct mt_idmap by_id;
    struct mt_idset dead;
    uint32_t *free_list;
    size_t n_free, cap_free;
};

/* Index of the goroutine of that id; a new one unless it has ended (MT_NO_SLOT then). */
uint32_t mt_v1_goroutine_of(struct mt_v1_goroutines *g, uint64_t id);
void mt_v1_goroutine_end(struct mt_v1_goroutines *g, uint32_t index);

struct mt_v1_event {
    int64_t ticks;
    uint64_t goroutine; /* 0: none */
    uint64_t args[3];
    uint64_t proc;    /* id; UINT64_MAX: none */
    uint64_t number;  /* counts merged events; UINT64_MAX: an exit at its true time */
    uint32_t stack;   /* of the file */
    uint32_t stream;  /* index of the P in mt_v1_index.procs; n_procs: CPU samples */
    uint32_t context; /* index of `goroutine` among the goroutines, MT_NO_SLOT: not looked for */
    uint32_t subject; /* index of the goroutine whose state the event depends on or changes */
    uint8_t type;
    bool moved;             /* syscall exit that comes at its true time, before this one */
    struct mt_span message; /* log */
};

struct mt_v1_stream {
    const unsigned char *at, *end;
    uint32_t batch; /* next one */
    int64_t ticks;
    uint64_t number; /* 1.5 */
    uint64_t proc;
    uint64_t goroutine; /* that runs on the P as far as read */
    uint32_t goroutine_index;
    uint32_t next_blocked;
    int64_t key; /* of head: ticks, or sequence number */
    struct mt_v1_event head;
};

struct mt_v1_merge {
    struct mt_v1_index *index;
    struct mt_cursor *in;
    struct mt_v1_goroutines goroutines;
    struct mt_v1_stream *streams; /* per P, then CPU samples, then (1.5) syscall exits */
    uint32_t n_streams;
    uint32_t *heap; /* streams whose head may come, earliest first */
    uint32_t n_heap;
    uint32_t n_waiting;  /* streams whose head may not come yet */
    uint32_t gc_blocked; /* first of those that wait for a GC to be the next */
    uint32_t released;   /* first of those that need wait no more */
    uint64_t gc_seq;
    size_t next_sample, next_exit;
    uint32_t given;              /* the stream that gave the last event */
    struct mt_v1_event *pending; /* merged, but a syscall exit comes before it */
    struct mt_v1_event exit;     /* the one given last */
    int64_t last_ticks;
    uint64_t n_merged;
    uint64_t n_repaired; /* times that went back, before 1.11 */
    bool started;
};

void mt_v1_merge_init(struct mt_v1_merge *m, struct mt_v1_index *index, struct mt_cursor *in,
                      struct mt_arena *arena);
/* The next event, good until the next call; NULL at the end, or with the cursor failed. */
struct mt_v1_event *mt_v1_merge_next(struct mt_v1_merge *m);
/* Whether the syscall just given blocks: what its goroutine does next tells. */
bool mt_v1_merge_blocks(const struct mt_v1_merge *m, const struct mt_v1_event *syscall);

#endif
