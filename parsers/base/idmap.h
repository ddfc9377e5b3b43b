/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A map from 64-bit numbers to 32-bit indexes: open addressing, entries can be removed. A zeroed
 * struct with its arena set is an empty map.
 */
#ifndef MT_BASE_IDMAP_H
#define MT_BASE_IDMAP_H

#include "parsers/base/arena.h"
#include "parsers/base/hash.h"

#include <stdbool.h>
#include <stdint.h>

struct mt_idmap_entry {
    uint64_t key;
    uint32_t value;
    uint32_t used;
};

struct mt_idmap {
    struct mt_arena *arena;
    struct mt_idmap_entry *entries;
    size_t size; /* power of two, or 0 */
    size_t count;
    uint64_t seed;
};

#define MT_IDMAP_NONE UINT32_MAX

static inline size_t mt_idmap_home(const struct mt_idmap *m, uint64_t key)
{
    return (size_t)mt_hash_word(m->seed, 0, key) & (m->size - 1);
}

/* The value, or MT_IDMAP_NONE. */
static inline uint32_t mt_idmap_get(const struct mt_idmap *m, uint64_t key)
{
    if (!m->size)
        return MT_IDMAP_NONE;
    size_t mask = m->size - 1;
    for (size_t i = mt_idmap_home(m, key); m->entries[i].used; i = (i + 1) & mask)
        if (m->entries[i].key == key)
            return m->entries[i].value;
    return MT_IDMAP_NONE;
}

/* Adds or replaces. */
void mt_idmap_set(struct mt_idmap *m, uint64_t key, uint32_t value);
/* False: it was not there. */
bool mt_idmap_remove(struct mt_idmap *m, uint64_t key);

enum { MT_IDSET_PAGE = 1024 };

/* A set of numbers that mostly follow each other: pages of one bit a number. A zeroed struct with
 * the arena of `pages` set is an empty set. */
struct mt_idset {
    struct mt_idmap pages; /* number / MT_IDSET_PAGE to index into bits */
    uint64_t (*bits)[MT_IDSET_PAGE / 64];
    size_t n_pages, cap_pages;
};

void mt_idset_add(struct mt_idset *s, uint64_t number);
bool mt_idset_has(const struct mt_idset *s, uint64_t number);

#endif
