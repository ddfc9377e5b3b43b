/* SPDX-License-Identifier: Apache-2.0 */
/* A growing hash table from 64-bit keys to small numbers other than 0: ids, addresses, pairs of
 * string ids. A zeroed struct with `arena` set is empty. */
#ifndef MT_BASE_MAP64_H
#define MT_BASE_MAP64_H

#include "parsers/base/arena.h"

#include <stdint.h>

struct mt_map64_slot {
    uint64_t key;
    uint32_t value; /* 0: free */
};

struct mt_map64 {
    struct mt_arena *arena;
    struct mt_map64_slot *slots;
    size_t n_slots; /* a power of two */
    size_t count;
    uint64_t seed;
};

/* The place of the key's value, 0 for a new key: the caller must set it to something else at once.
 * Valid until the next call. */
uint32_t *mt_map64_at(struct mt_map64 *m, uint64_t key);
/* 0 when the key is not there. */
uint32_t mt_map64_get(const struct mt_map64 *m, uint64_t key);

#endif
