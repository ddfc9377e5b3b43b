/* SPDX-License-Identifier: Apache-2.0 */
/* The goroutine ids of one dump: the same id twice means that another dump has begun. */
#ifndef MT_GOROUTINE_DUMP_IDS_H
#define MT_GOROUTINE_DUMP_IDS_H

#include "parsers/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Open addressing. A slot counts only when its round is the present one, so clearing is free. */
struct mt_dump_ids {
    struct mt_arena *arena;
    struct mt_dump_id {
        uint64_t id;
        uint32_t round;
    } * slots;
    size_t n_slots, count; /* power of two, or 0 */
    uint32_t round;
    uint64_t seed;
};

void mt_dump_ids_clear(struct mt_dump_ids *ids);
bool mt_dump_ids_has(const struct mt_dump_ids *ids, uint64_t id);
void mt_dump_ids_add(struct mt_dump_ids *ids, uint64_t id);

#endif
