/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file's own numbers for its records, to indices. Most writers number from 1, so ids up to the
 * number of records are looked up directly; others are hashed.
 */
#ifndef MT_FORMATS_PPROF_IDS_H
#define MT_FORMATS_PPROF_IDS_H

#include "parsers/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct mt_pprof_id {
    uint64_t id;
    uint32_t entry; /* index + 1; 0: free */
};

struct mt_pprof_ids {
    uint32_t *direct; /* id -> index + 1 */
    size_t n_direct;
    struct mt_pprof_id *slots;
    size_t n_slots; /* a power of two */
    uint64_t seed;
};

/* Room for `count` records. */
void mt_pprof_ids_init(struct mt_pprof_ids *ids, struct mt_arena *a, size_t count);
/* False when the id is 0 or taken. */
bool mt_pprof_ids_add(struct mt_pprof_ids *ids, uint64_t id, uint32_t index);
uint32_t mt_pprof_ids_find_hashed(const struct mt_pprof_ids *ids, uint64_t id);

/* MT_NO_INDEX when there is no such id. */
static inline uint32_t mt_pprof_ids_find(const struct mt_pprof_ids *ids, uint64_t id)
{
    return id < ids->n_direct ? ids->direct[id] - 1 : mt_pprof_ids_find_hashed(ids, id);
}

#endif
