/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/map64.h"

#include "parsers/base/hash.h"

enum { FIRST_SLOTS = 64 };

static size_t slot_of(const struct mt_map64 *m, uint64_t key)
{
    size_t i = (size_t)mt_hash_word(m->seed, 0, key) & (m->n_slots - 1);
    while (m->slots[i].value && m->slots[i].key != key)
        i = (i + 1) & (m->n_slots - 1);
    return i;
}

static void widen(struct mt_map64 *m)
{
    struct mt_map64 wider = *m;
    if (!m->n_slots)
        wider.seed = mt_hash_seed();
    wider.n_slots = m->n_slots ? m->n_slots * 2 : FIRST_SLOTS;
    wider.slots = MT_NEW_N(m->arena, struct mt_map64_slot, wider.n_slots);
    for (size_t i = 0; i < m->n_slots; i++)
        if (m->slots[i].value)
            wider.slots[slot_of(&wider, m->slots[i].key)] = m->slots[i];
    *m = wider;
}

uint32_t *mt_map64_at(struct mt_map64 *m, uint64_t key)
{
    if (m->count * 2 >= m->n_slots)
        widen(m);
    struct mt_map64_slot *slot = &m->slots[slot_of(m, key)];
    if (!slot->value) {
        slot->key = key;
        m->count++;
    }
    return &slot->value;
}

uint32_t mt_map64_get(const struct mt_map64 *m, uint64_t key)
{
    return m->n_slots ? m->slots[slot_of(m, key)].value : 0;
}
