/* SPDX-License-Identifier: Apache-2.0 */
/* What the order and the checks of version 1 know of each goroutine that lives. */
#ifndef MT_GOTRACE_V1_GOROUTINES_H
#define MT_GOTRACE_V1_GOROUTINES_H

#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/event.h"

struct mt_v1_goroutine {
    uint64_t id;
    uint64_t seq;            /* order: events that moved it so far */
    int64_t sys_block_ticks; /* order: of its last syscall block, 0: none */
    uint32_t blocked;        /* order: first of the streams that wait for its status */
    uint32_t regions;        /* check: innermost open region */
    uint32_t start_stack;    /* of the feed, given at creation */
    uint8_t order, status;   /* as merged, as checked (where syscall exits come earlier) */
    bool in_use;
    bool announced; /* consumers know it, so its index is its slot */
    bool held;      /* its creation was read before the first GOMAXPROCS and is not told yet */
    bool network;   /* what it waits for last was the network */
    bool assisting;
};

/* Index 0 is goroutine 0, which stands for "none" and always runs. */
struct mt_v1_goroutines {
    struct mt_arena *arena;
    struct mt_v1_goroutine *items;
    size_t count, capacity;
    struct mt_idmap by_id;
    struct mt_idset dead;
    uint32_t *free_list;
    size_t n_free, cap_free;
};

void mt_v1_goroutines_init(struct mt_v1_goroutines *g, struct mt_arena *arena);
/* Index of the goroutine of that id; a new one unless it has ended (MT_NO_SLOT then). */
uint32_t mt_v1_goroutine_new(struct mt_v1_goroutines *g, uint64_t id);
static inline uint32_t mt_v1_goroutine_of(struct mt_v1_goroutines *g, uint64_t id)
{
    uint32_t index = mt_idmap_get(&g->by_id, id);
    return index != MT_IDMAP_NONE ? index : mt_v1_goroutine_new(g, id);
}
void mt_v1_goroutine_end(struct mt_v1_goroutines *g, uint32_t index);

#endif
