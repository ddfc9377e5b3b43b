/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protobuf wire format, read in place: a message is a run of fields, each a number, a wire type
 * and a value or a nested message. Inline because it is the inner loop of large profiles. Varints
 * follow Go's decoder: at most ten bytes, bits beyond 64 are dropped, longer forms than needed
 * pass.
 *
 *     struct mt_wire_field f;
 *     while (mt_wire_next(&message, &f)) ...
 *     if (message.bad) the message is damaged at mt_wire_offset(&message)
 */
#ifndef MT_BASE_WIRE_H
#define MT_BASE_WIRE_H

#include "parsers/base/span.h"

enum { MT_WIRE_VARINT = 0, MT_WIRE_FIXED64 = 1, MT_WIRE_BYTES = 2, MT_WIRE_FIXED32 = 5 };

struct mt_wire {
    const unsigned char *at, *end;
    const unsigned char *start; /* byte 0 of the input, for offsets in messages */
    const char *bad;            /* what is wrong at `at`; NULL as long as nothing is */
};

struct mt_wire_field {
    uint64_t number;
    unsigned type;
    uint64_t value;      /* varint and fixed types */
    struct mt_wire body; /* MT_WIRE_BYTES */
};

static inline struct mt_wire mt_wire_over(struct mt_span bytes)
{
    return (struct mt_wire){bytes.data, bytes.data + bytes.size, bytes.data, NULL};
}

static inline struct mt_span mt_wire_span(const struct mt_wire *w)
{
    return (struct mt_span){w->at, (size_t)(w->end - w->at)};
}

static inline uint64_t mt_wire_offset(const struct mt_wire *w)
{
    return (uint64_t)(w->at - w->start);
}

static inline bool mt_wire_varint(struct mt_wire *w, uint64_t *value)
{
    if (w->at < w->end && *w->at < 0x80) {
        *value = *w->at++;
        return true;
    }
    uint64_t sum = 0;
    size_t size = (size_t)(w->end - w->at);
    for (size_t i = 0; i < size && i < 10; i++) {
        sum |= (uint64_t)(w->at[i] & 0x7f) << (7 * i);
        if (w->at[i] < 0x80) {
            *value = sum;
            w->at += i + 1;
            return true;
        }
    }
    w->bad = size < 10 ? "a number is cut off" : "a number is longer than ten bytes";
    return false;
}

static inline bool mt_wire_fixed_(struct mt_wire *w, size_t size, uint64_t *value)
{
    if ((size_t)(w->end - w->at) < size) {
        w->bad = "a fixed-size number is cut off";
        return false;
    }
    uint64_t sum = 0;
    for (size_t i = size; i-- > 0;)
        sum = sum << 8 | w->at[i];
    w->at += size;
    *value = sum;
    return true;
}

/* The next field. False at the end of the message and at damage, which sets `bad`. */
static inline bool mt_wire_next(struct mt_wire *w, struct mt_wire_field *f)
{
    uint64_t tag, size;
    if (w->at == w->end || w->bad || !mt_wire_varint(w, &tag))
        return false;
    f->number = tag >> 3;
    f->type = (unsigned)(tag & 7);
    switch (f->type) {
    case MT_WIRE_VARINT:
        return mt_wire_varint(w, &f->value);
    case MT_WIRE_FIXED64:
        return mt_wire_fixed_(w, 8, &f->value);
    case MT_WIRE_FIXED32:
        return mt_wire_fixed_(w, 4, &f->value);
    case MT_WIRE_BYTES:
        if (!mt_wire_varint(w, &size))
            return false;
        if (size > (size_t)(w->end - w->at)) {
            w->bad = "a field is longer than what remains";
            return false;
        }
        f->value = 0;
        f->body = (struct mt_wire){w->at, w->at + size, w->start, NULL};
        w->at += size;
        return true;
    default:
        w->bad = "a field has an unknown wire type";
        return false;
    }
}

/* How many varints a packed field holds, or would hold if its last one were not cut. */
static inline size_t mt_wire_count_packed(struct mt_wire body)
{
    size_t n = 0;
    for (const unsigned char *p = body.at; p < body.end; p++)
        n += *p < 0x80;
    return n;
}

#endif
