/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One generation of a version 2 trace: its batches of events by thread, and the tables that follow
 * them in the file: strings, stacks, CPU samples, the clock. Ids of strings and stacks mean nothing
 * outside of it.
 *
 * Where the input keeps its bytes in place (a mapped file) batches stay there and only their
 * place is noted; else they are copied, and the largest generation is what memory holds.
 */
#ifndef MT_GOTRACE_GENERATION_H
#define MT_GOTRACE_GENERATION_H

#include "parsers/base/arena.h"
#include "parsers/base/cursor.h"
#include "parsers/base/idmap.h"

#define MT_NO_BATCH UINT32_MAX

struct mt_batch {
    const unsigned char *data;
    uint64_t time;   /* base, in ticks */
    uint64_t offset; /* of data in the input */
    uint32_t size;
    uint32_t next; /* of the same thread; MT_NO_BATCH */
};

/* The batches of one thread, in the order of the file. */
struct mt_thread_batches {
    uint64_t thread;
    uint32_t first, last; /* MT_NO_BATCH: all were empty */
};

/* Indexes of records by id; small ids, which is all that Go writes, go by array. */
struct mt_ids {
    uint32_t *dense; /* index + 1, 0: free */
    size_t n_dense;
    size_t most_dense; /* ids from here on are sparse */
    struct mt_idmap sparse;
};

struct mt_gen_string {
    struct mt_span text;
    uint32_t stable; /* capture's string id, once it was asked for; UINT32_MAX before */
    uint32_t name;   /* index among the names of regions and tasks (order.c), likewise */
};

struct mt_gen_frame {
    uint64_t pc, line, function_id, file_id;
    uint32_t function, file; /* indexes of strings */
    uint32_t stable;         /* frame id of the feed; 0: not asked for yet */
};

struct mt_gen_stack {
    uint32_t first, n_frames; /* in stack_frames */
    uint32_t stable;          /* stack id of the feed; UINT32_MAX: not asked for yet */
};

struct mt_gen_sample {
    int64_t time_ns; /* on the trace's clock; ticks while the generation is read */
    uint64_t thread, proc, goroutine, stack;
};

struct mt_generation {
    struct mt_arena arena; /* everything but what is said to be kept elsewhere */
    uint64_t number;
    uint64_t first_offset;          /* of its first batch */
    uint64_t least_time, most_time; /* base times of batches, in ticks */
    uint64_t event_bytes;

    double tick_ns; /* ns per tick */
    bool has_frequency, has_clock;
    uint64_t clock_ticks, monotonic_ns, wall_s, wall_ns;
    uint64_t exp_batches, exp_bytes;

    struct mt_batch *batches;
    size_t n_batches, cap_batches;
    struct mt_thread_batches *threads; /* by first appearance */
    size_t n_threads, cap_threads;
    struct mt_idmap thread_of;

    struct mt_ids string_ids, stack_ids;
    struct mt_gen_string *strings; /* [0] is the empty string, id 0 */
    size_t n_strings, cap_strings;
    struct mt_gen_stack *stacks; /* [0] is the empty stack, id 0 */
    size_t n_stacks, cap_stacks;
    struct mt_gen_frame *frames;
    size_t n_frames, cap_frames;
    uint32_t *stack_frames; /* indexes of frames */
    size_t n_stack_frames, cap_stack_frames;
    struct mt_gen_sample *samples; /* by time */
    size_t n_samples, cap_samples;

    struct mt_span *tables; /* batches of strings, stacks and samples, in the order of the file */
    size_t n_tables, cap_tables;
    uint64_t table_bytes;
};

#define MT_NO_INDEX32 UINT32_MAX

/* The index of the record of that id, or MT_NO_INDEX32. */
static inline uint32_t mt_ids_find(const struct mt_ids *ids, uint64_t id)
{
    if (id < ids->n_dense)
        return ids->dense[id] - 1;
    return id < ids->most_dense ? MT_NO_INDEX32 : mt_idmap_get(&ids->sparse, id);
}

/* ns of a tick count as Go computes them: in doubles, cut, and what does not fit is the least
 * number there is. */
static inline int64_t mt_ticks_ns(uint64_t ticks, double tick_ns)
{
    double ns = (double)ticks * tick_ns;
    return ns > -9.3e18 && ns < 9223372036854775808.0 ? (int64_t)ns : INT64_MIN;
}

/* Memory for batches that had to be copied, used again for each generation. */
struct mt_batch_pool {
    struct mt_arena arena;
    struct mt_pool_chunk *chunks; /* first to last */
    struct mt_pool_chunk *now;
    uint64_t held_bytes;
};

struct mt_generation_reader {
    struct mt_cursor *in;
    unsigned go_minor;
    struct mt_batch_pool pool;
    /* Before 1.26 the first batch of the next generation ends one: it waits here. */
    bool has_spill;
    struct mt_spill {
        uint64_t generation, thread, time, offset;
        uint8_t experiment;
        struct mt_span data; /* on the pool or in place */
    } spill;
    unsigned char *spill_bytes;
    bool started; /* a generation was read */
    uint64_t at;  /* offset behind the last whole generation */
};

enum mt_generation_result {
    MT_GENERATION_READ,
    MT_GENERATION_READ_LAST, /* whole, but what follows cannot be read; in->err says why */
    MT_GENERATION_END,       /* there is none left */
    MT_GENERATION_BROKEN     /* in->err says why */
};

void mt_generation_reader_init(struct mt_generation_reader *r, struct mt_cursor *in,
                               unsigned go_minor);
void mt_generation_reader_clear(struct mt_generation_reader *r);
/* Into *g, whatever it held before is not cleared. The events of the generation before are gone
 * afterwards; its tables stay until mt_generation_clear. */
enum mt_generation_result mt_generation_read(struct mt_generation_reader *r,
                                             struct mt_generation *g);
void mt_generation_clear(struct mt_generation *g);

/* tables.c: takes the tables apart once all batches are there; `offset` is for its error. */
bool mt_generation_tables(struct mt_generation *g, uint64_t offset,
                          struct mt_err *err) MT_WARN_UNUSED;

#endif
