/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First pass over a version 1 trace. Batches carry no length, and strings, stacks, frequency and
 * the true times of syscall exits stand behind the events that need them, so everything is walked
 * once. What is kept is small beside the file: where each P's batches are, the tables, CPU samples,
 * and the syscall exits that belong to another place than where they stand.
 */
#ifndef MT_GOTRACE_V1_INDEX_H
#define MT_GOTRACE_V1_INDEX_H

#include "parsers/base/cursor.h"
#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/consumer.h"
#include "parsers/formats/gotrace/v1_record.h"

struct mt_v1_batch {
    size_t at, end;  /* of its records, behind its own */
    int64_t ticks;   /* the time its first record counts from */
    uint64_t number; /* 1.5: sequence number, likewise */
    uint32_t next;   /* of the same P, MT_NO_SLOT: last */
};

struct mt_v1_proc {
    int64_t id;           /* -1: without a P */
    uint32_t first, last; /* batches */
};

struct mt_v1_sample {
    int64_t ticks;
    uint64_t goroutine;
    int64_t proc;
    uint32_t stack; /* of the file */
    uint32_t order; /* as they stand in the file */
};

/* A syscall exit is written when the thread has a P again, with the time at which it happened. */
struct mt_v1_exit {
    int64_t key;   /* what orders it: true time; 1.5: true sequence number */
    int64_t ticks; /* 1.5: its time; later: when it was written, which orders equal keys */
    uint64_t goroutine;
};

struct mt_v1_index {
    struct mt_arena *arena;
    struct mt_v1_format format;
    struct mt_span file;
    size_t whole;         /* bytes of it that were read; less than all before damage */
    uint64_t file_offset; /* of file.data in the input, for messages */

    struct mt_v1_proc *procs;
    uint32_t n_procs;
    size_t cap_procs;
    struct mt_idmap proc_of; /* by id, -1 as UINT64_MAX */
    struct mt_v1_batch *batches;
    size_t n_batches, cap_batches;

    uint64_t ticks_per_second; /* 0: not given */
    struct mt_idmap strings;   /* of the file to those of the capture */
    uint32_t *string_ids;
    size_t n_strings, cap_strings;
    struct mt_idmap stacks; /* of the file (32 bit) to index */
    uint32_t *stack_ids;    /* of the feed */
    size_t *stack_at;       /* where their frames are in the file */
    uint32_t *stack_sizes;
    size_t n_stacks, cap_stacks;
    uint32_t *near_stacks; /* ids of the feed by small ids of the file, which are the rule */
    size_t n_near;
    struct mt_idmap timers; /* goroutines that run timers */

    struct mt_v1_sample *samples; /* by time */
    size_t n_samples, cap_samples;
    struct mt_v1_exit *exits; /* by key */
    size_t n_exits, cap_exits;
};

/* Walks what remains of `in`. Strings go into the feed's capture, stacks into the feed. False: what
 * stands before the damage is indexed, as far as it says itself; strings, stacks and the frequency
 * stand at the end of a trace and may not be there. */
bool mt_v1_index_build(struct mt_v1_index *x, struct mt_cursor *in, unsigned version,
                       struct mt_arena *arena, struct mt_trace_feed *feed);

/* Ids of the capture and of the feed; 0 for what the file does not define. */
uint32_t mt_v1_string(const struct mt_v1_index *x, uint64_t id);
uint32_t mt_v1_stack_far(const struct mt_v1_index *x, uint64_t id);
static inline uint32_t mt_v1_stack(const struct mt_v1_index *x, uint32_t id)
{
    return id < x->n_near ? x->near_stacks[id] : mt_v1_stack_far(x, id);
}

/* Before 1.7 a goroutine's start is an address. */
uint32_t mt_v1_address_stack(struct mt_trace_feed *feed, uint64_t pc);

/* Lets the memory go that holds the file up to there, a few MiB at a time; it may still be read. */
void mt_v1_index_drop(const struct mt_v1_index *x, const struct mt_cursor *in, size_t *dropped,
                      size_t to);

/* Fails the cursor: words of the fault, the record's type, its byte. Always false. */
bool mt_v1_index_fail(const struct mt_v1_index *x, struct mt_cursor *in, const unsigned char *at,
                      enum mt_v1_fault fault);

#endif
