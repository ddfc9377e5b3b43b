/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/goroutine_dump/ids.h"

#include "parsers/base/hash.h"

enum { FIRST_SLOTS = 256 };

void mt_dump_ids_clear(struct mt_dump_ids *ids)
{
    ids->round++;
    ids->count = 0;
}

/* The slot of the id, or the free one where it belongs. */
static struct mt_dump_id *slot(const struct mt_dump_ids *ids, uint64_t id)
{
    for (size_t i = (size_t)mt_hash_word(ids->seed, 0, id);; i++) {
        struct mt_dump_id *s = &ids->slots[i & (ids->n_slots - 1)];
        if (s->round != ids->round || s->id == id)
            return s;
    }
}

bool mt_dump_ids_has(const struct mt_dump_ids *ids, uint64_t id)
{
    return ids->count && slot(ids, id)->round == ids->round;
}

void mt_dump_ids_add(struct mt_dump_ids *ids, uint64_t id)
{
    if (!ids->round)
        ids->round = 1;
    if (ids->count * 2 >= ids->n_slots) {
        struct mt_dump_ids wider = *ids;
        wider.seed = mt_hash_seed();
        wider.n_slots = ids->n_slots ? ids->n_slots * 2 : FIRST_SLOTS;
        wider.slots = MT_NEW_N(ids->arena, struct mt_dump_id, wider.n_slots);
        for (size_t i = 0; i < ids->n_slots; i++)
            if (ids->slots[i].round == ids->round)
                *slot(&wider, ids->slots[i].id) = ids->slots[i];
        *ids = wider;
    }
    struct mt_dump_id *s = slot(ids, id);
    if (s->round != ids->round)
        ids->count++;
    *s = (struct mt_dump_id){id, ids->round};
}
