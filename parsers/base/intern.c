/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/intern.h"

#include "parsers/base/hash.h"

enum { FIRST_SLOTS = 256 };

static uint32_t hash_of(const struct mt_strings *s, struct mt_span text)
{
    return (uint32_t)mt_hash_bytes(s->seed, text.data, text.size);
}

void mt_strings_init(struct mt_strings *s, struct mt_arena *arena)
{
    *s = (struct mt_strings){.arena = arena, .n_slots = FIRST_SLOTS, .seed = mt_hash_seed()};
    s->slots = MT_NEW_N(arena, uint32_t, FIRST_SLOTS);
    mt_intern_borrowed(s, MT_SPAN(""));
}

static size_t find_slot(const struct mt_strings *s, struct mt_span text, uint32_t hash)
{
    size_t mask = s->n_slots - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        uint32_t entry = s->slots[i];
        if (!entry)
            return i;
        if (s->hashes[entry - 1] == hash && mt_span_equal(s->items[entry - 1], text))
            return i;
    }
}

static void fill_slots(struct mt_strings *s)
{
    size_t mask = s->n_slots - 1;
    for (size_t id = 0; id < s->count; id++) {
        size_t i = s->hashes[id] & mask;
        while (s->slots[i])
            i = (i + 1) & mask;
        s->slots[i] = (uint32_t)id + 1;
    }
}

static void widen(struct mt_strings *s)
{
    s->n_slots *= 2;
    s->slots = MT_NEW_N(s->arena, uint32_t, s->n_slots);
    fill_slots(s);
}

static uint32_t add(struct mt_strings *s, struct mt_span text, bool copy)
{
    uint32_t hash = hash_of(s, text);
    size_t slot = find_slot(s, text, hash);
    if (s->slots[slot])
        return s->slots[slot] - 1;
    if (s->count == s->capacity) {
        size_t more = s->capacity ? s->capacity * 2 : 64;
        s->items = mt_arena_grow(s->arena, s->items, s->capacity, more, sizeof *s->items);
        s->hashes = mt_arena_grow(s->arena, s->hashes, s->capacity, more, sizeof *s->hashes);
        s->capacity = more;
    }
    if (copy)
        text.data = (unsigned char *)mt_arena_copy(s->arena, text.data, text.size);
    uint32_t id = (uint32_t)s->count++;
    s->items[id] = text;
    s->hashes[id] = hash;
    s->slots[slot] = id + 1;
    if (s->count * 2 > s->n_slots)
        widen(s);
    return id;
}

uint32_t mt_intern(struct mt_strings *s, struct mt_span text)
{
    return add(s, text, true);
}

uint32_t mt_intern_text(struct mt_strings *s, const char *text)
{
    return add(s, mt_span_of(text), true);
}

uint32_t mt_intern_borrowed(struct mt_strings *s, struct mt_span text)
{
    return add(s, text, false);
}

uint32_t mt_intern_find(const struct mt_strings *s, struct mt_span text)
{
    uint32_t entry = s->slots[find_slot(s, text, hash_of(s, text))];
    return entry ? entry - 1 : UINT32_MAX;
}

struct mt_span mt_string(const struct mt_strings *s, uint32_t id)
{
    return id < s->count ? s->items[id] : (struct mt_span){(const unsigned char *)"", 0};
}

const char *mt_string_text(const struct mt_strings *s, uint32_t id)
{
    return (const char *)mt_string(s, id).data;
}

void mt_strings_replace(struct mt_strings *s, uint32_t id, struct mt_span text)
{
    s->items[id] = text;
    s->hashes[id] = hash_of(s, text);
}

void mt_strings_index(struct mt_strings *s)
{
    memset(s->slots, 0, s->n_slots * sizeof *s->slots);
    fill_slots(s);
}
