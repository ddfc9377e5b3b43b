/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sizes and durations as HotSpot prints them: "65536K", "24.0M", "12,5M" (it uses the locale of the
 * user), "6M->5M(66M)", "24.0M(24.0M)->0.0B(13.0M)", "54M(56%)->30M(31%)", "0.0123456 secs".
 * Everything is taken off the front of a span; false leaves it alone.
 */
#ifndef MT_FORMATS_JVM_GC_SIZES_H
#define MT_FORMATS_JVM_GC_SIZES_H

#include "parsers/base/span.h"

#include <stdint.h>

/* A decimal number times 10^places; digits beyond are dropped. Comma or point. */
bool mt_jvm_take_decimal(struct mt_span *s, unsigned places, int64_t *value);
/* Digits with a unit: B, K, M, G or T. */
bool mt_jvm_take_size(struct mt_span *s, uint64_t *bytes);

struct mt_jvm_change {
    uint64_t before, after;
    uint64_t total; /* in brackets behind `after`; MT_NO_BYTES: none, or a percentage */
};
bool mt_jvm_take_change(struct mt_span *s, struct mt_jvm_change *change);
/* The first one that stands in the text; at (may be NULL) is where it begins. */
bool mt_jvm_find_change(struct mt_span text, struct mt_jvm_change *change, size_t *at);

/* A text that ends in "12.345ms" or "0.070s": that time, and the text before it, trimmed. */
bool mt_jvm_ends_in_duration(struct mt_span text, struct mt_span *before, int64_t *duration_ns);

/* What stands between the brackets that end the text, brackets inside counted: "G1 Evacuation
 * Pause" of "Pause Young (Normal) (G1 Evacuation Pause)". Empty when it does not end in one. */
struct mt_span mt_jvm_last_brackets(struct mt_span text);

#endif
