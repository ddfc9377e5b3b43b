/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/goroutine_dump/ids.h"

#include "parsers/base/hash.h"

enum { FIRST_SLOTS = 256 };

void mt_dump_ids_clear(struct mt_dump_ids *ids)
{
    mt_arena_clear(&ids->arena);
    *ids = (struct mt_dump_ids){0};
}

/* The slot of the id, or the free one where it belongs. */
static uint64_t *slot(const struct mt_dump_ids *ids, uint64_t id)
{
    for (size_t i = (size_t)mt_hash_word(ids->seed, 0, id);; i++) {
        uint64_t *s = &ids->slots[i & (ids->n_slots - 1)];
        if (!*s || *s == id)
            return s;
    }
}

bool mt_dump_ids_has(const struct mt_dump_ids *ids, uint64_t id)
{
    return id ? ids->count && *slot(ids, id) : ids->has_zero;
}

static void widen(struct mt_dump_ids *ids)
{
    struct mt_dump_ids wider = {.count = ids->count, .seed = mt_hash_seed()};
    wider.has_zero = ids->has_zero;
    wider.n_slots = ids->n_slots ? ids->n_slots * 2 : FIRST_SLOTS;
    wider.slots = MT_NEW_N(&wider.arena, uint64_t, wider.n_slots);
    for (size_t i = 0; i < ids->n_slots; i++)
        if (ids->slots[i])
            *slot(&wider, ids->slots[i]) = ids->slots[i];
    mt_arena_clear(&ids->arena);
    *ids = wider;
}

void mt_dump_ids_add(struct mt_dump_ids *ids, uint64_t id)
{
    if (!id) {
        ids->has_zero = true;
        return;
    }
    if (ids->count >= ids->n_slots / 4 * 3)
        widen(ids);
    uint64_t *s = slot(ids, id);
    ids->count += !*s;
    *s = id;
}
