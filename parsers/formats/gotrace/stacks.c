/* SPDX-License-Identifier: Apache-2.0 */
/* Two hash tables with open addressing; entries are never removed. Slots hold ids, 0 is free. */
#include "parsers/base/hash.h"
#include "parsers/formats/gotrace/consumer.h"

#include <string.h>

enum { FIRST_SLOTS = 1024 };

static uint32_t hash_frame(const struct mt_stacks *s, const struct mt_frame *f)
{
    uint64_t h = mt_hash_word(s->seed, 0, f->pc ^ f->line << 40);
    return (uint32_t)mt_hash_word(s->seed, h, (uint64_t)f->function << 32 | f->file);
}

static uint32_t hash_stack(const struct mt_stacks *s, const uint32_t *ids, size_t n)
{
    uint64_t h = n;
    for (size_t i = 0; i < n; i++)
        h = mt_hash_word(s->seed, h, ids[i]);
    return (uint32_t)h;
}

void mt_stacks_init(struct mt_stacks *s, struct mt_arena *arena)
{
    *s = (struct mt_stacks){.arena = arena, .seed = mt_hash_seed()};
    s->n_frame_slots = s->n_stack_slots = FIRST_SLOTS;
    s->frame_slots = MT_NEW_N(arena, uint32_t, FIRST_SLOTS);
    s->stack_slots = MT_NEW_N(arena, uint32_t, FIRST_SLOTS);
    MT_RESERVE(arena, s->frames, s->n_frames, s->cap_frames);
    MT_RESERVE(arena, s->stacks, s->n_stacks, s->cap_stacks);
    s->n_frames = s->n_stacks = 1; /* id 0: none */
}

/* Twice the slots; `hash_of` finds an entry's hash again. */
static void widen(struct mt_stacks *s, uint32_t **slots, size_t *n_slots, size_t n_entries,
                  uint32_t (*hash_of)(const struct mt_stacks *s, size_t id))
{
    size_t wider = *n_slots * 2;
    *slots = MT_NEW_N(s->arena, uint32_t, wider);
    *n_slots = wider;
    for (size_t id = 1; id < n_entries; id++) {
        size_t i = hash_of(s, id) & (wider - 1);
        while ((*slots)[i])
            i = (i + 1) & (wider - 1);
        (*slots)[i] = (uint32_t)id;
    }
}

static uint32_t frame_hash_of(const struct mt_stacks *s, size_t id)
{
    return hash_frame(s, &s->frames[id]);
}

static uint32_t stack_hash_of(const struct mt_stacks *s, size_t id)
{
    return s->stacks[id].hash;
}

uint32_t mt_frame(struct mt_stacks *s, struct mt_frame frame)
{
    size_t mask = s->n_frame_slots - 1;
    size_t i = hash_frame(s, &frame) & mask;
    for (; s->frame_slots[i]; i = (i + 1) & mask) {
        const struct mt_frame *known = &s->frames[s->frame_slots[i]];
        if (known->pc == frame.pc && known->line == frame.line &&
            known->function == frame.function && known->file == frame.file)
            return s->frame_slots[i];
    }
    MT_RESERVE(s->arena, s->frames, s->n_frames, s->cap_frames);
    uint32_t id = (uint32_t)s->n_frames++;
    s->frames[id] = frame;
    s->frame_slots[i] = id;
    if (s->n_frames * 2 > s->n_frame_slots)
        widen(s, &s->frame_slots, &s->n_frame_slots, s->n_frames, frame_hash_of);
    return id;
}

uint32_t mt_stack(struct mt_stacks *s, const uint32_t *frame_ids, size_t n)
{
    if (!n)
        return 0;
    uint32_t hash = hash_stack(s, frame_ids, n);
    size_t mask = s->n_stack_slots - 1;
    size_t i = hash & mask;
    for (; s->stack_slots[i]; i = (i + 1) & mask) {
        const struct mt_stack_entry *known = &s->stacks[s->stack_slots[i]];
        if (known->hash == hash && known->n_frames == n &&
            memcmp(s->pool + known->first, frame_ids, n * sizeof *frame_ids) == 0)
            return s->stack_slots[i];
    }
    MT_RESERVE(s->arena, s->stacks, s->n_stacks, s->cap_stacks);
    while (s->cap_pool - s->n_pool < n) {
        size_t more = s->cap_pool ? s->cap_pool * 2 : 1024;
        s->pool = mt_arena_grow(s->arena, s->pool, s->cap_pool, more, sizeof *s->pool);
        s->cap_pool = more;
    }
    uint32_t id = (uint32_t)s->n_stacks++;
    s->stacks[id] = (struct mt_stack_entry){s->n_pool, (uint32_t)n, hash};
    memcpy(s->pool + s->n_pool, frame_ids, n * sizeof *frame_ids);
    s->n_pool += n;
    s->stack_slots[i] = id;
    if (s->n_stacks * 2 > s->n_stack_slots)
        widen(s, &s->stack_slots, &s->n_stack_slots, s->n_stacks, stack_hash_of);
    return id;
}

const uint32_t *mt_stack_frames(const struct mt_stacks *s, uint32_t stack, size_t *n)
{
    *n = s->stacks[stack].n_frames;
    return *n ? s->pool + s->stacks[stack].first : NULL;
}
