/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/diff/paths.h"

#include "parsers/base/text.h"

void mt_paths_open(struct mt_path_table *t, struct mt_arena *arena, size_t n_columns, size_t n_runs)
{
    *t = (struct mt_path_table){
        .arena = arena, .n_columns = n_columns, .n_runs = n_runs, .n_slots = 1024};
    t->slots = MT_NEW_N(arena, uint32_t, t->n_slots);
}

/* The hashes are well mixed: their low bits will do. */
static size_t slot_of(const struct mt_path_table *t, uint64_t hash)
{
    for (size_t at = (size_t)hash & (t->n_slots - 1);; at = (at + 1) & (t->n_slots - 1))
        if (!t->slots[at] || t->hash[t->slots[at] - 1] == hash)
            return at;
}

static void widen(struct mt_path_table *t)
{
    t->n_slots *= 4;
    t->slots = MT_NEW_N(t->arena, uint32_t, t->n_slots);
    for (size_t i = 0; i < t->n; i++)
        t->slots[slot_of(t, t->hash[i])] = (uint32_t)i + 1;
}

static void reserve(struct mt_path_table *t)
{
    if (t->n < t->capacity)
        return;
    size_t old = t->capacity, more = old ? old * 4 : 256, width = 2 * t->n_columns * t->n_runs;
    t->hash = mt_arena_grow(t->arena, t->hash, old, more, sizeof *t->hash);
    t->origin = mt_arena_grow(t->arena, t->origin, old, more, sizeof *t->origin);
    t->cells = mt_arena_grow(t->arena, t->cells, old * width, more * width, sizeof *t->cells);
    t->capacity = more;
}

size_t mt_paths_find(struct mt_path_table *t, uint64_t hash, struct mt_path_origin origin)
{
    size_t slot = slot_of(t, hash);
    if (t->slots[slot])
        return t->slots[slot] - 1;
    reserve(t);
    t->hash[t->n] = hash;
    t->origin[t->n] = origin;
    t->slots[slot] = (uint32_t)++t->n;
    size_t path = t->n - 1;
    if (t->n * 2 > t->n_slots)
        widen(t);
    return path;
}

const char *mt_path_name(struct mt_arena *arena, struct mt_path_origin origin)
{
    struct mt_text path = {0};
    const struct mt_profile *p = origin.profile;
    for (uint32_t i = origin.sample->n_frames; i-- > 0;) {
        const struct mt_location *l = &p->locations[p->frames[origin.sample->first_frame + i]];
        for (uint32_t k = l->n_lines; k-- > 0;) {
            uint32_t function = p->lines[l->first_line + k].function;
            if (path.size)
                mt_text_byte(&path, ';');
            if (function != MT_NO_INDEX)
                mt_text_span(&path, mt_string(origin.bundle->strings, p->functions[function].name));
        }
    }
    const char *text = mt_arena_copy(arena, path.data ? path.data : "", path.size);
    mt_text_clear(&path);
    return text;
}
