/* SPDX-License-Identifier: Apache-2.0 */
/* The goroutine ids of one dump: the same id twice means that another dump has begun. */
#ifndef MT_GOROUTINE_DUMP_IDS_H
#define MT_GOROUTINE_DUMP_IDS_H

#include "parsers/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Open addressing; zeroed at first. Its memory is its own: a log may hold many dumps, and the set
 * of one is of no use to the next. */
struct mt_dump_ids {
    struct mt_arena arena;
    uint64_t *slots;       /* 0: free */
    size_t n_slots, count; /* power of two, or 0; those in slots */
    uint64_t seed;
    bool has_zero; /* a thread's scheduler stack */
};

/* Empties the set and gives its memory back. */
void mt_dump_ids_clear(struct mt_dump_ids *ids);
bool mt_dump_ids_has(const struct mt_dump_ids *ids, uint64_t id);
void mt_dump_ids_add(struct mt_dump_ids *ids, uint64_t id);

#endif
