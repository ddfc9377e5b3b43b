/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_merge.h"

uint32_t mt_v1_goroutine_of(struct mt_v1_goroutines *g, uint64_t id)
{
    uint32_t index = mt_idmap_get(&g->by_id, id);
    if (index != MT_IDMAP_NONE)
        return index;
    if (mt_idset_has(&g->dead, id))
        return MT_NO_SLOT;
    if (g->n_free) {
        index = g->free_list[--g->n_free];
    } else {
        MT_RESERVE(g->arena, g->items, g->count, g->capacity);
        index = (uint32_t)g->count++;
    }
    g->items[index] = (struct mt_v1_goroutine){
        .id = id, .in_use = true, .blocked = MT_NO_SLOT, .regions = MT_NO_SLOT};
    mt_idmap_set(&g->by_id, id, index);
    return index;
}

void mt_v1_goroutine_end(struct mt_v1_goroutines *g, uint32_t index)
{
    mt_idmap_remove(&g->by_id, g->items[index].id);
    mt_idset_add(&g->dead, g->items[index].id);
    g->items[index].in_use = false;
    MT_RESERVE(g->arena, g->free_list, g->n_free, g->cap_free);
    g->free_list[g->n_free++] = index;
}
