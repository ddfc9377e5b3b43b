/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/lines/origins.h"

void mt_origins_init(struct mt_origins *o, size_t size)
{
    *o = (struct mt_origins){.size = size};
    mt_strings_init(&o->names, &o->arena);
}

void mt_origins_clear(struct mt_origins *o)
{
    mt_arena_clear(&o->arena);
}

void *mt_origins_take(struct mt_origins *o, struct mt_span origin)
{
    uint32_t id = origin.size ? mt_intern(&o->names, origin) : 0;
    if (id >= MT_ORIGINS_MOST)
        return NULL;
    if (!o->states[id])
        o->states[id] = mt_arena_take(&o->arena, 1, o->size);
    return o->states[id];
}
