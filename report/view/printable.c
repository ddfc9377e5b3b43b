/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/printable.h"

struct range {
    uint32_t first, last;
};

/* Nothing here is seen, or it changes how its neighbours are seen. */
static const struct range hidden[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x34f, 0x34f},     {0x61c, 0x61c},
    {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f}, {0x3164, 0x3164}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
    {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static uint32_t code_point(struct mt_span s, size_t size)
{
    static const unsigned char lead_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t c = s.data[0] & lead_mask[size];
    for (size_t i = 1; i < size; i++)
        c = c << 6 | (s.data[i] & 0x3fu);
    return c;
}

static bool is_hidden(uint32_t c)
{
    if ((c & 0xfffe) == 0xfffe)
        return true;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (c >= hidden[i].first && c <= hidden[i].last)
            return true;
    return false;
}

/* Bytes at the front that pass as they are. */
static size_t plain_size(struct mt_span s, bool lines)
{
    size_t at = 0;
    while (at < s.size) {
        unsigned char c = s.data[at];
        if ((c >= 0x20 && c < 0x7f) || (lines && (c == '\n' || c == '\t'))) {
            at++;
            continue;
        }
        size_t size = c < 0x80 ? 0 : mt_span_utf8_size(mt_span_from(s, at));
        if (!size || is_hidden(code_point(mt_span_from(s, at), size)))
            break;
        at += size;
    }
    return at;
}

bool mt_is_printable(struct mt_span text, bool lines)
{
    return plain_size(text, lines) == text.size;
}

void mt_printable_add(struct mt_text *out, struct mt_span text, bool lines)
{
    for (;;) {
        size_t plain = plain_size(text, lines);
        mt_text_bytes(out, text.data, plain);
        text = mt_span_from(text, plain);
        if (!text.size)
            return;
        size_t size = mt_span_utf8_size(text);
        if (size)
            mt_text_printf(out, "\\u%04x", (unsigned)code_point(text, size));
        else
            mt_text_printf(out, "\\x%02x", (unsigned)text.data[0]);
        text = mt_span_from(text, size ? size : 1);
    }
}

const char *mt_printable(struct mt_arena *arena, const char *text)
{
    struct mt_span s = mt_span_of(text);
    if (mt_is_printable(s, false))
        return text ? text : "";
    struct mt_text out = {0};
    mt_printable_add(&out, s, false);
    const char *copy = mt_arena_copy(arena, out.data, out.size);
    mt_text_clear(&out);
    return copy;
}

size_t mt_characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}
