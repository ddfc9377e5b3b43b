/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/name_memo.h"

#include <string.h>

static uint32_t hash_of(struct mt_span name)
{
    uint64_t hash = name.size, word;
    for (; name.size >= 8; name = mt_span_from(name, 8)) {
        memcpy(&word, name.data, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    word = 0;
    if (name.size)
        memcpy(&word, name.data, name.size);
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    return (uint32_t)(hash >> 40);
}

static void learn(struct mt_name_memo *memo, struct mt_name_slot *slot, struct mt_span name)
{
    slot->size = (uint8_t)name.size;
    memcpy(slot->name, name.data, name.size);
    slot->kind = mt_name_is_time(name)     ? MT_NAME_TIME
                 : mt_name_is_pid(name)    ? MT_NAME_PID
                 : mt_name_is_origin(name) ? MT_NAME_ORIGIN
                                           : MT_NAME_OTHER;
    if (memo->n_metrics < MT_NAME_METRICS && mt_metric_of_name(name, &slot->metric)) {
        slot->kind = MT_NAME_METRIC;
        slot->id = (uint16_t)memo->n_metrics;
        memo->metrics[memo->n_metrics++] = *slot;
    }
}

/* The slot of the name, or a free one. */
static struct mt_name_slot *slot_of(struct mt_name_memo *memo, struct mt_span name)
{
    for (size_t i = hash_of(name) % MT_NAME_SLOTS;; i = (i + 1) % MT_NAME_SLOTS) {
        struct mt_name_slot *slot = &memo->slots[i];
        if (slot->kind == MT_NAME_UNSEEN ||
            (slot->size == name.size && memcmp(slot->name, name.data, name.size) == 0))
            return slot;
    }
}

static void forget_others(struct mt_name_memo *memo)
{
    memset(memo->slots, 0, sizeof memo->slots);
    memo->first = 0;
    for (size_t i = 0; i < memo->n_metrics; i++) {
        struct mt_span name = {memo->metrics[i].name, memo->metrics[i].size};
        *slot_of(memo, name) = memo->metrics[i];
    }
    memo->n = memo->n_metrics;
}

const struct mt_name_slot *mt_name_memo_find(struct mt_name_memo *memo, struct mt_span name)
{
    if (!name.size || name.size > MT_NAME_SIZE) {
        memo->unknown.kind = MT_NAME_OTHER;
        return &memo->unknown;
    }
    struct mt_name_slot *slot = slot_of(memo, name);
    if (slot->kind != MT_NAME_UNSEEN)
        return slot;
    if (memo->n >= MT_NAME_SLOTS / 4 * 3) {
        forget_others(memo);
        slot = slot_of(memo, name);
    }
    memo->n++;
    learn(memo, slot, name);
    return slot;
}

const struct mt_name_slot *mt_name_memo_guess(const struct mt_name_memo *memo,
                                              const struct mt_name_slot *previous)
{
    return &memo->slots[previous ? previous->next : memo->first];
}

void mt_name_memo_follows(struct mt_name_memo *memo, const struct mt_name_slot *previous,
                          const struct mt_name_slot *slot)
{
    if (slot == &memo->unknown)
        return;
    uint16_t index = (uint16_t)(slot - memo->slots);
    if (previous && previous != &memo->unknown)
        memo->slots[previous - memo->slots].next = index;
    else if (!previous)
        memo->first = index;
}
