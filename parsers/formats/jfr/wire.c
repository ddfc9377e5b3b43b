/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jfr/chunk.h"

enum { TEXT_NULL, TEXT_EMPTY, TEXT_POOL, TEXT_UTF8, TEXT_CHARS, TEXT_LATIN1 };

static uint64_t damaged(struct mt_jfr_in *in)
{
    in->bad = true;
    in->rest.size = 0;
    return 0;
}

uint64_t mt_jfr_byte(struct mt_jfr_in *in)
{
    if (!in->rest.size)
        return damaged(in);
    uint64_t byte = in->rest.data[0];
    in->rest = mt_span_from(in->rest, 1);
    return byte;
}

static uint64_t compressed(struct mt_jfr_in *in)
{
    enum { WHOLE_BYTE = 8 };
    uint64_t value = 0;
    for (size_t i = 0; i < in->rest.size; i++) {
        uint64_t byte = in->rest.data[i];
        if (i == WHOLE_BYTE || byte < 0x80) {
            in->rest = mt_span_from(in->rest, i + 1);
            return value | byte << (7 * i);
        }
        value |= (byte & 0x7f) << (7 * i);
    }
    return damaged(in);
}

uint64_t mt_jfr_number(struct mt_jfr_in *in, unsigned width)
{
    if (in->compressed) {
        if (in->rest.size && in->rest.data[0] < 0x80)
            return mt_jfr_byte(in);
        return compressed(in);
    }
    if (in->rest.size < width)
        return damaged(in);
    uint64_t value = 0;
    for (unsigned i = 0; i < width; i++)
        value = value << 8 | in->rest.data[i];
    in->rest = mt_span_from(in->rest, width);
    return value;
}

struct mt_span mt_jfr_bytes(struct mt_jfr_in *in, uint64_t size)
{
    if (size > in->rest.size) {
        damaged(in);
        return (struct mt_span){0};
    }
    struct mt_span bytes = mt_span_sub(in->rest, 0, (size_t)size);
    in->rest = mt_span_from(in->rest, (size_t)size);
    return bytes;
}

static struct mt_span take_chars(struct mt_jfr_in *in, struct mt_arena *arena)
{
    uint64_t count = mt_jfr_number(in, 4);
    if (count > in->rest.size / (in->compressed ? 1 : 2)) {
        damaged(in);
        return (struct mt_span){0};
    }
    unsigned char *text = mt_arena_take(arena, (size_t)count, 3);
    size_t size = 0;
    for (uint64_t i = 0; i < count; i++)
        size += mt_utf8_put(text + size, (uint32_t)(mt_jfr_number(in, 2) & 0xffff));
    return (struct mt_span){text, in->bad ? 0 : size};
}

static struct mt_span from_latin1(struct mt_span bytes, struct mt_arena *arena)
{
    size_t high = 0, size = 0;
    for (size_t i = 0; i < bytes.size; i++)
        high += bytes.data[i] >= 0x80;
    if (!high)
        return bytes;
    unsigned char *text = mt_arena_take(arena, bytes.size + high, 1);
    for (size_t i = 0; i < bytes.size; i++)
        size += mt_utf8_put(text + size, bytes.data[i]);
    return (struct mt_span){text, size};
}

struct mt_jfr_text mt_jfr_take_text(struct mt_jfr_in *in, struct mt_arena *arena)
{
    struct mt_jfr_text text = {0};
    switch (mt_jfr_byte(in)) {
    case TEXT_NULL:
    case TEXT_EMPTY:
        break;
    case TEXT_POOL:
        text.is_key = true;
        text.key = mt_jfr_number(in, 8);
        break;
    case TEXT_UTF8:
        text.bytes = mt_jfr_bytes(in, mt_jfr_number(in, 4));
        break;
    case TEXT_CHARS:
        text.bytes = take_chars(in, arena);
        break;
    case TEXT_LATIN1:
        text.bytes = from_latin1(mt_jfr_bytes(in, mt_jfr_number(in, 4)), arena);
        break;
    default:
        damaged(in);
    }
    return text;
}
