/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/printable.h"

#include "parsers/base/unseen.h"

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
        if (!size || mt_is_unseen(mt_code_point(mt_span_from(s, at), size)))
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
            mt_text_printf(out, "\\u%04x", (unsigned)mt_code_point(text, size));
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
