/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_goroutines.h"

#include "parsers/formats/gotrace/v1_stream.h"

void mt_v1_goroutines_init(struct mt_v1_goroutines *g, struct mt_arena *arena)
{
    *g = (struct mt_v1_goroutines){.arena = arena};
    g->by_id.arena = g->dead.pages.arena = arena;
    uint32_t none = mt_v1_goroutine_new(g, 0);
    g->items[none].status = MT_V1_RUNNING;
}

uint32_t mt_v1_goroutine_new(struct mt_v1_goroutines *g, uint64_t id)
{
    if (mt_idset_has(&g->dead, id))
        return MT_NO_SLOT;
    uint32_t index;
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
