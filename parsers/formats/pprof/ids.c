/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/pprof/ids.h"

#include "parsers/base/hash.h"

void mt_pprof_ids_init(struct mt_pprof_ids *ids, struct mt_arena *a, size_t count)
{
    ids->seed = mt_hash_seed();
    ids->n_direct = count + 1;
    ids->direct = MT_NEW_N(a, uint32_t, ids->n_direct);
    for (ids->n_slots = 2; ids->n_slots < 2 * count;)
        ids->n_slots *= 2;
    ids->slots = MT_NEW_N(a, struct mt_pprof_id, ids->n_slots);
}

static size_t slot_of(const struct mt_pprof_ids *ids, uint64_t id)
{
    size_t i = (size_t)mt_hash_word(ids->seed, 0, id) & (ids->n_slots - 1);
    while (ids->slots[i].entry && ids->slots[i].id != id)
        i = (i + 1) & (ids->n_slots - 1);
    return i;
}

uint32_t mt_pprof_ids_find_hashed(const struct mt_pprof_ids *ids, uint64_t id)
{
    return ids->slots[slot_of(ids, id)].entry - 1;
}

bool mt_pprof_ids_add(struct mt_pprof_ids *ids, uint64_t id, uint32_t index)
{
    if (id == 0 || mt_pprof_ids_find(ids, id) != UINT32_MAX)
        return false;
    if (id < ids->n_direct)
        ids->direct[id] = index + 1;
    else
        ids->slots[slot_of(ids, id)] = (struct mt_pprof_id){id, index + 1};
    return true;
}
