/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts the events of a generation in order. Each thread's events are in order among themselves;
 * over threads the earliest comes first unless the state of its goroutine or proc says that
 * something else has to come before it (time stamps of different processors may disagree). So this
 * follows the scheduler: a state for each goroutine, proc and thread, and sequence numbers where an
 * event on one thread depends on one on another.
 *
 * The order of events at equal times is that of Go's own reader, to the letter.
 */
#ifndef MT_GOTRACE_ORDER_H
#define MT_GOTRACE_ORDER_H

#include "parsers/base/intern.h"
#include "parsers/formats/gotrace/event.h"
#include "parsers/formats/gotrace/generation.h"
#include "parsers/formats/gotrace/record.h"
#include "parsers/formats/gotrace/sort.h"

enum { MT_BLOCK_EVENTS = 512 };

/* `name` of an event in a block whose string is not of the generation: see `foreign`. */
#define MT_NAME_FOREIGN UINT32_MAX

/* A string that outlives its generation. */
struct mt_trace_name {
    struct mt_span text;
    uint32_t stable; /* capture's string id; UINT32_MAX: not asked for yet */
};

/* Events of one generation, in order. Their strings and stacks are indexes of the generation's
 * tables until mt_block_resolve gives them the ids that consumers know. */
struct mt_block {
    struct mt_generation *generation; /* NULL: events without strings and stacks */
    bool generation_ends;             /* the last block of it: the generation can go */
    size_t n;
    struct mt_event events[MT_BLOCK_EVENTS];
    struct mt_event_sync sync;
    struct mt_event_experimental experimental[MT_BLOCK_EVENTS];
    struct mt_span message[MT_BLOCK_EVENTS];
    struct mt_trace_name *foreign[MT_BLOCK_EVENTS];
};

/* What runs where: of a thread, what its next event starts from. */
struct mt_context {
    union {
        struct {
            int64_t goroutine, proc, thread;
            uint32_t goroutine_slot, proc_slot;
        };
        struct mt_event_context now;
    };
    bool seen; /* an event of this thread was looked at */
};

struct mt_range {
    uint8_t type;    /* of its begin */
    uint64_t string; /* kind of a stop: string id in its generation */
    uint32_t name;   /* and index among the names */
};

struct mt_ranges {
    struct mt_range *items;
    size_t n, capacity;
};

/* What every event looks at; ranges and regions are apart (struct mt_order_held). */
struct mt_order_goroutine {
    int64_t id;                    /* ~id once it is free */
    uint64_t sequence, generation; /* a sequence counts within a generation */
    uint8_t status;
};

struct mt_order_held {
    struct mt_ranges ranges;
    struct mt_user_region {
        uint64_t task;
        uint32_t name;
    } * regions;
    size_t n_regions, cap_regions;
};

struct mt_order_proc {
    int64_t id;
    uint64_t sequence, generation;
    uint8_t status;
    struct mt_ranges ranges;
};

/* One thread's events, and the next of them taken apart. */
struct mt_lane {
    const unsigned char *at, *end; /* of the batch */
    const unsigned char *event;    /* where the next one begins */
    int64_t time_ns;               /* of it; 0 in front of a batch */
    uint32_t batch;
    uint8_t type;
    uint64_t argument[MT_REC_MOST_ARGUMENTS];
    struct mt_context *context;
};

#define MT_CONTEXT_OF(thread_id)                                                                   \
    ((struct mt_context){.now = {MT_NO_ID, MT_NO_ID, (thread_id), MT_NO_SLOT, MT_NO_SLOT}})

enum mt_gc_state { MT_GC_UNKNOWN, MT_GC_OFF, MT_GC_ON };

struct mt_order {
    struct mt_arena arena;
    struct mt_cursor *in; /* for its error and to drop what was used */

    struct mt_order_goroutine *goroutines;
    size_t n_goroutines, cap_goroutines;
    struct mt_order_held *held; /* by the same slot */
    size_t cap_held;
    uint32_t *free_slots;
    size_t n_free, cap_free;
    struct mt_order_proc *procs;
    size_t n_procs, cap_procs;
    struct mt_context **threads;
    size_t n_threads, cap_threads;
    struct mt_context nobody; /* of events without a thread */
    struct mt_order_task {
        uint64_t parent;
        uint32_t name;
        uint32_t next_free;
    } * tasks;
    size_t n_tasks, cap_tasks;
    uint32_t free_task;
    struct mt_idmap goroutine_of, proc_of, thread_of, task_of;
    struct mt_strings name_ids;
    struct mt_trace_name **names;
    size_t cap_names;
    uint64_t gc_sequence;
    enum mt_gc_state gc;
    uint64_t first_generation; /* 0: none was seen */

    struct mt_generation *g; /* under way */
    bool in_first;           /* it has the number of the first */
    struct mt_lane *lanes;
    struct mt_timed *frontier; /* heap by time of the lanes' next events */
    size_t n_frontier;
    size_t next_sample;
    double tick_ns;
    uint64_t plain_ticks; /* up to here ticks in ns fit without a second look */
    uint64_t used_bytes;  /* of events since the mapping was last dropped */

    struct mt_block *block; /* where events go */
    bool started;
    int64_t first_ns; /* of the first event, on the trace's clock */
    int64_t last_ns;  /* of the last event */
    uint64_t n_syncs;
    bool broken; /* in->err says why */
};

void mt_order_init(struct mt_order *o, struct mt_cursor *in);
void mt_order_clear(struct mt_order *o);

/* Starts on a generation and gives its sync event. False: an event of it cannot be read. */
bool mt_order_begin(struct mt_order *o, struct mt_generation *g, struct mt_block *block);
/* A sync without a generation behind it: the end, or in front of an error. */
void mt_order_sync(struct mt_order *o, struct mt_block *block);
/* Adds events until the block is full (true), or the generation is done or broken (false). */
bool mt_order_fill(struct mt_order *o, struct mt_block *block);

/* Between order.c and the files that know the states. */
enum mt_advance { MT_ADVANCE_WAITS, MT_ADVANCE_DONE, MT_ADVANCE_BROKEN };

/* advance.c: whether the lane's next event may come now; if so it is added to the block. By type of
 * the event, for those that mt_record_numbers has. */
typedef enum mt_advance (*mt_advance_call)(struct mt_order *o, struct mt_lane *l);
extern const mt_advance_call mt_order_advance[256];

/* states.c */
struct mt_context *mt_order_thread(struct mt_order *o, uint64_t thread);
struct mt_context *mt_order_find_thread(struct mt_order *o, uint64_t thread);
struct mt_order_goroutine *mt_order_add_goroutine(struct mt_order *o, int64_t id, uint8_t status);
void mt_order_end_goroutine(struct mt_order *o, uint32_t slot);
struct mt_order_proc *mt_order_add_proc(struct mt_order *o, int64_t id, uint8_t status);
/* The name's index, of a string of this generation. */
uint32_t mt_order_name(struct mt_order *o, uint32_t string);
bool mt_ranges_begin(struct mt_order *o, struct mt_ranges *r, struct mt_range range);
bool mt_ranges_have(const struct mt_ranges *r, struct mt_range range);
bool mt_ranges_end(struct mt_ranges *r, uint8_t type, struct mt_range *ended);

/* Always MT_ADVANCE_BROKEN: the event of the lane does not fit. */
enum mt_advance mt_order_fail(struct mt_order *o, const struct mt_lane *l, const char *fmt, ...)
    MT_PRINTF(3, 4);

/* What the context must (or must not) have. */
enum {
    MT_NEED_THREAD = 1,
    MT_NEED_PROC = 2,
    MT_NEED_GOROUTINE = 4,
    MT_NEED_NO_PROC = 8,
    MT_NEED_NO_GOROUTINE = 16,
    MT_NEED_USER = MT_NEED_THREAD | MT_NEED_PROC | MT_NEED_GOROUTINE
};
/* Which of them is amiss. Always MT_ADVANCE_BROKEN. */
enum mt_advance mt_order_miss(struct mt_order *o, const struct mt_lane *l, unsigned needs);

static inline bool mt_order_need(struct mt_order *o, const struct mt_lane *l, unsigned needs)
{
    const struct mt_context *c = l->context;
    bool fits = (!(needs & MT_NEED_THREAD) || c->thread != MT_NO_ID) &&
                (!(needs & MT_NEED_PROC) || c->proc != MT_NO_ID) &&
                (!(needs & MT_NEED_NO_PROC) || c->proc == MT_NO_ID) &&
                (!(needs & MT_NEED_GOROUTINE) || c->goroutine != MT_NO_ID) &&
                (!(needs & MT_NEED_NO_GOROUTINE) || c->goroutine == MT_NO_ID);
    if (!fits)
        mt_order_miss(o, l, needs);
    return fits;
}

static inline uint32_t mt_order_goroutine_slot(const struct mt_order *o, int64_t id)
{
    return mt_idmap_get(&o->goroutine_of, (uint64_t)id);
}

static inline uint32_t mt_order_proc_slot(const struct mt_order *o, int64_t id)
{
    return mt_idmap_get(&o->proc_of, (uint64_t)id);
}

/* The slot of the goroutine a context names. It may have ended elsewhere in a damaged trace, so the
 * slot is compared with its owner. */
static inline uint32_t mt_order_current_slot(const struct mt_order *o, const struct mt_context *c)
{
    uint32_t slot = c->goroutine_slot;
    if (slot != MT_NO_SLOT && o->goroutines[slot].id == c->goroutine)
        return slot;
    return c->goroutine == MT_NO_ID ? MT_NO_SLOT : mt_order_goroutine_slot(o, c->goroutine);
}

/* The context's goroutine, or NULL. */
static inline struct mt_order_goroutine *mt_order_current(const struct mt_order *o,
                                                          const struct mt_context *c)
{
    uint32_t slot = mt_order_current_slot(o, c);
    return slot == MT_NO_SLOT ? NULL : &o->goroutines[slot];
}

/* Times only ever go up. */
static inline int64_t mt_order_next_time(struct mt_order *o, int64_t time_ns)
{
    if (time_ns <= o->last_ns)
        time_ns = (int64_t)((uint64_t)o->last_ns + 1);
    o->last_ns = time_ns;
    return (int64_t)((uint64_t)time_ns - (uint64_t)o->first_ns);
}

/* A new event in the context, of whose goroutine the slot is known; there is room for it. */
static MT_ALWAYS_INLINE struct mt_event *
mt_order_emit_known(struct mt_order *o, const struct mt_context *c, uint32_t goroutine_slot,
                    int64_t time_ns, enum mt_event_kind kind)
{
    struct mt_event *ev = &o->block->events[o->block->n++];
    ev->context = c->now;
    ev->goroutine_slot = goroutine_slot;
    ev->time_ns = mt_order_next_time(o, time_ns);
    ev->subject = MT_NO_ID;
    ev->value = 0;
    ev->name = ev->start_stack = 0;
    ev->stack = ev->target_stack = 0;
    ev->slot = MT_NO_SLOT;
    ev->kind = (uint8_t)kind;
    ev->scope = MT_ABOUT_NONE;
    ev->from = ev->to = 0;
    return ev;
}

static inline struct mt_event *mt_order_emit(struct mt_order *o, const struct mt_context *c,
                                             int64_t time_ns, enum mt_event_kind kind)
{
    return mt_order_emit_known(o, c, mt_order_current_slot(o, c), time_ns, kind);
}

#endif
