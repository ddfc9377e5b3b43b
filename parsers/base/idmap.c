/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/idmap.h"

enum { FIRST_SIZE = 64 };

static void insert(struct mt_idmap *m, struct mt_idmap_entry entry)
{
    size_t i = mt_idmap_home(m, entry.key);
    while (m->entries[i].used)
        i = (i + 1) & (m->size - 1);
    m->entries[i] = entry;
}

static void widen(struct mt_idmap *m)
{
    struct mt_idmap wider = *m;
    if (!m->size)
        wider.seed = mt_hash_seed();
    wider.size = m->size ? m->size * 2 : FIRST_SIZE;
    wider.entries = MT_NEW_N(m->arena, struct mt_idmap_entry, wider.size);
    for (size_t i = 0; i < m->size; i++)
        if (m->entries[i].used)
            insert(&wider, m->entries[i]);
    *m = wider;
}

void mt_idmap_set(struct mt_idmap *m, uint64_t key, uint32_t value)
{
    if ((m->count + 1) * 2 > m->size)
        widen(m);
    size_t mask = m->size - 1;
    size_t i = mt_idmap_home(m, key);
    for (; m->entries[i].used; i = (i + 1) & mask)
        if (m->entries[i].key == key)
            break;
    m->count += !m->entries[i].used;
    m->entries[i] = (struct mt_idmap_entry){key, value, 1};
}

/* Entries behind the gap move up unless that would put them in front of their home. */
bool mt_idmap_remove(struct mt_idmap *m, uint64_t key)
{
    if (!m->size)
        return false;
    size_t mask = m->size - 1;
    size_t gap = mt_idmap_home(m, key);
    while (m->entries[gap].used && m->entries[gap].key != key)
        gap = (gap + 1) & mask;
    if (!m->entries[gap].used)
        return false;
    for (size_t i = (gap + 1) & mask; m->entries[i].used; i = (i + 1) & mask) {
        size_t home = mt_idmap_home(m, m->entries[i].key);
        if (((i - home) & mask) >= ((i - gap) & mask)) {
            m->entries[gap] = m->entries[i];
            gap = i;
        }
    }
    m->entries[gap].used = 0;
    m->count--;
    return true;
}

void mt_idset_add(struct mt_idset *s, uint64_t number)
{
    uint32_t page = mt_idmap_get(&s->pages, number / MT_IDSET_PAGE);
    if (page == MT_IDMAP_NONE) {
        MT_RESERVE(s->pages.arena, s->bits, s->n_pages, s->cap_pages);
        page = (uint32_t)s->n_pages++;
        mt_idmap_set(&s->pages, number / MT_IDSET_PAGE, page);
    }
    s->bits[page][number % MT_IDSET_PAGE / 64] |= UINT64_C(1) << number % 64;
}

bool mt_idset_has(const struct mt_idset *s, uint64_t number)
{
    uint32_t page = mt_idmap_get(&s->pages, number / MT_IDSET_PAGE);
    return page != MT_IDMAP_NONE && (s->bits[page][number % MT_IDSET_PAGE / 64] >> number % 64 & 1);
}
