/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/input/utf16.h"

enum { HEAD_UNITS = 2048, REPLACEMENT = 0xfffd };

static unsigned unit_at(enum mt_utf16 order, struct mt_span in, size_t at)
{
    unsigned first = in.data[at], second = in.data[at + 1];
    return order == MT_UTF16_LITTLE ? first | second << 8 : first << 8 | second;
}

static bool is_high(unsigned unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(unsigned unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/* The code point at the front and the bytes it takes; 0 bytes: the rest of it is not here yet. */
static unsigned take(enum mt_utf16 order, struct mt_span in, bool more, size_t *size)
{
    unsigned unit = unit_at(order, in, 0);
    *size = 2;
    if (!is_high(unit))
        return is_low(unit) ? REPLACEMENT : unit;
    if (in.size < 4) {
        *size = more ? 0 : 2;
        return REPLACEMENT;
    }
    unsigned low = unit_at(order, in, 2);
    if (!is_low(low))
        return REPLACEMENT;
    *size = 4;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

enum mt_utf16 mt_utf16_of(struct mt_span head)
{
    if (head.size < 4)
        return MT_UTF16_NONE;
    enum mt_utf16 order = head.data[0] == 0xff && head.data[1] == 0xfe   ? MT_UTF16_LITTLE
                          : head.data[0] == 0xfe && head.data[1] == 0xff ? MT_UTF16_BIG
                                                                         : MT_UTF16_NONE;
    struct mt_span rest = mt_span_from(head, 2);
    for (size_t n = 0; order && n < HEAD_UNITS && rest.size >= 2; n++) {
        size_t size;
        unsigned c = take(order, rest, true, &size);
        bool text = c >= ' ' ? c != REPLACEMENT || !size : (c >= '\t' && c <= '\r') || c == 0x1b;
        if (!text)
            return MT_UTF16_NONE;
        rest = mt_span_from(rest, size ? size : rest.size);
    }
    return order;
}

size_t mt_utf16_step(enum mt_utf16 order, struct mt_span *in, bool more, unsigned char *out,
                     size_t room)
{
    size_t written = 0;
    while (in->size >= 2 && room - written >= 4) {
        size_t size;
        unsigned c = take(order, *in, more, &size);
        if (!size)
            return written;
        written += mt_utf8_put(out + written, c);
        *in = mt_span_from(*in, size);
    }
    if (in->size < 2 && !more)
        *in = mt_span_from(*in, in->size);
    return written;
}
