/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LEB128 numbers in memory, for loops too hot for the cursor. Same rules as mt_cur_varint: at most
 * ten bytes, at most 64 bits; longer forms of small numbers are fine.
 */
#ifndef MT_BASE_VARINT_H
#define MT_BASE_VARINT_H

#include "parsers/base/span.h"

#include <stdint.h>

enum { MT_VARINT_MOST = 10 };

/* Reads on from the second byte; NULL when it does not end in time or before `end`. */
static inline const unsigned char *mt_varint_long(const unsigned char *at, const unsigned char *end,
                                                  uint64_t *value)
{
    uint64_t sum = 0;
    for (unsigned shift = 0; at < end; shift += 7) {
        uint64_t byte = *at++;
        if (shift == 63 && byte > 1)
            return NULL;
        sum |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            *value = sum;
            return at;
        }
    }
    return NULL;
}

/* The number at `at`; returns where the next thing begins, or NULL. */
static inline const unsigned char *mt_varint(const unsigned char *at, const unsigned char *end,
                                             uint64_t *value)
{
    if (at < end && *at < 0x80) {
        *value = *at;
        return at + 1;
    }
    return mt_varint_long(at, end, value);
}

/* The same where MT_VARINT_MOST bytes are known to be there; NULL gives NULL, so that a run of them
 * is tested once. */
static MT_ALWAYS_INLINE const unsigned char *mt_varint_within(const unsigned char *at,
                                                              uint64_t *value)
{
    if (!at)
        return NULL;
    uint64_t first = at[0];
    if (first < 0x80) {
        *value = first;
        return at + 1;
    }
    uint64_t second = at[1];
    if (second < 0x80) {
        *value = first + (second << 7) - 0x80;
        return at + 2;
    }
    uint64_t third = at[2];
    if (third < 0x80) {
        *value = first + (second << 7) + (third << 14) - 0x4080;
        return at + 3;
    }
    return mt_varint_long(at, at + MT_VARINT_MOST, value);
}

/* Takes a number off the front of *s. False leaves *s alone. */
static inline bool mt_span_take_varint(struct mt_span *s, uint64_t *value)
{
    const unsigned char *end = s->data + s->size;
    const unsigned char *next = mt_varint(s->data, end, value);
    if (!next)
        return false;
    s->size = (size_t)(end - next);
    s->data = next;
    return true;
}

#endif
