/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/jsonscan.h"

#include "parsers/base/limits.h"

#include <string.h>

enum { EXPECT_VALUE, EXPECT_FIRST, EXPECT_COLON, EXPECT_NEXT };

struct mt_json_scan mt_json_scan_over(struct mt_cursor *in)
{
    return (struct mt_json_scan){.in = in};
}

static void advance(struct mt_json_scan *s, size_t n)
{
    s->in->rest.data += n;
    s->in->rest.size -= n;
    s->in->offset += n;
}

static enum mt_token bad(struct mt_json_scan *s, const char *why)
{
    s->bad = why;
    s->bad_offset = s->in->offset;
    return MT_TOKEN_BAD;
}

/* More bytes in the window; false at the end of the input. The source reads ahead by itself; to ask
 * for more than the next byte would lose what stands in front of a damage. */
static bool widen(struct mt_json_scan *s)
{
    return mt_cur_has(s->in, s->in->rest.size + 1);
}

static int peek_behind_blanks(struct mt_json_scan *s)
{
    do {
        const struct mt_span rest = s->in->rest;
        for (size_t i = 0; i < rest.size; i++) {
            unsigned char c = rest.data[i];
            if (c > ' ') {
                advance(s, i);
                return c;
            }
            if (c == '\n')
                s->new_line = true;
            else if (c != ' ' && c != '\t' && c != '\r') {
                advance(s, i);
                return c;
            }
        }
        advance(s, rest.size);
    } while (widen(s));
    return -1;
}

/* The next byte that is not blank, not taken; -1 at the end. */
static int peek(struct mt_json_scan *s)
{
    if (s->in->rest.size && s->in->rest.data[0] > ' ')
        return s->in->rest.data[0];
    return peek_behind_blanks(s);
}

/* High bit of each byte of `word` that is zero: exact up to and including the lowest such byte. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

/* First quote, backslash or control byte at or after `from`; the window's size when none. */
static size_t text_stop(struct mt_span rest, size_t from)
{
    const uint64_t ones = 0x0101010101010101u;
    for (; from + 8 <= rest.size; from += 8) {
        uint64_t word;
        memcpy(&word, rest.data + from, 8);
        uint64_t control = (word - ones * 0x20) & ~word & (ones << 7);
        uint64_t stops = zero_bytes(word ^ ones * '"') | zero_bytes(word ^ ones * '\\') | control;
        if (!stops)
            continue;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return from + (size_t)__builtin_ctzll(stops) / 8;
#else
        break;
#endif
    }
    while (from < rest.size && rest.data[from] != '"' && rest.data[from] != '\\' &&
           rest.data[from] >= 0x20)
        from++;
    return from;
}

/* The window starts at the opening quote. */
static enum mt_token take_text(struct mt_json_scan *s, enum mt_token token)
{
    s->escaped = false;
    for (size_t at = 1;;) {
        at = text_stop(s->in->rest, at);
        if (at < s->in->rest.size && s->in->rest.data[at] == '"') {
            s->text = mt_span_sub(s->in->rest, 1, at - 1);
            advance(s, at + 1);
            return token;
        }
        if (at < s->in->rest.size && s->in->rest.data[at] != '\\') {
            advance(s, at);
            s->new_line = false;
            return bad(s, "a text without control bytes");
        }
        if (at + 1 < s->in->rest.size) {
            s->escaped = true;
            at += 2;
        } else if (at > mt_limit(MT_LIMIT_LINE)) {
            return bad(s, "a text within the limit of a line");
        } else if (!widen(s)) {
            advance(s, s->in->rest.size);
            return bad(s, "the end of a text");
        }
    }
}

static bool of_number(unsigned char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static enum mt_token take_number(struct mt_json_scan *s)
{
    size_t size = 1;
    for (;; size++) {
        if (size > mt_limit(MT_LIMIT_LINE))
            return bad(s, "a number within the limit of a line");
        if (size == s->in->rest.size && !widen(s))
            break;
        if (!of_number(s->in->rest.data[size]))
            break;
    }
    s->text = mt_span_sub(s->in->rest, 0, size);
    double value;
    if (s->text.data[0] == '+' || !mt_span_f64(s->text, &value))
        return bad(s, "a number");
    advance(s, size);
    return MT_TOKEN_NUMBER;
}

static enum mt_token take_word(struct mt_json_scan *s, const char *word, enum mt_token token)
{
    mt_cur_has(s->in, strlen(word));
    if (!mt_span_starts(s->in->rest, word))
        return bad(s, "a JSON value");
    advance(s, strlen(word));
    return token;
}

static enum mt_token open_container(struct mt_json_scan *s, bool object)
{
    if (s->depth == MT_JSON_SCAN_DEPTH)
        return bad(s, "no more than 64 levels of nesting");
    s->objects = (s->objects & ~(1ull << s->depth)) | (uint64_t)object << s->depth;
    s->depth++;
    s->expect = EXPECT_FIRST;
    advance(s, 1);
    return object ? MT_TOKEN_OBJECT : MT_TOKEN_ARRAY;
}

static bool in_object(const struct mt_json_scan *s)
{
    return s->depth && s->objects >> (s->depth - 1) & 1;
}

static enum mt_token close_container(struct mt_json_scan *s, int c)
{
    if (!s->depth || in_object(s) != (c == '}'))
        return bad(s, "the bracket that was opened");
    s->depth--;
    s->expect = s->depth ? EXPECT_NEXT : EXPECT_VALUE;
    advance(s, 1);
    return c == '}' ? MT_TOKEN_OBJECT_END : MT_TOKEN_ARRAY_END;
}

static enum mt_token take_value(struct mt_json_scan *s, int c)
{
    if (c == '{' || c == '[')
        return open_container(s, c == '{');
    s->expect = s->depth ? EXPECT_NEXT : EXPECT_VALUE;
    switch (c) {
    case '"':
        return take_text(s, MT_TOKEN_TEXT);
    case 't':
        return take_word(s, "true", MT_TOKEN_TRUE);
    case 'f':
        return take_word(s, "false", MT_TOKEN_FALSE);
    case 'n':
        return take_word(s, "null", MT_TOKEN_NULL);
    default:
        return of_number((unsigned char)c) ? take_number(s) : bad(s, "a JSON value");
    }
}

static enum mt_token take_key(struct mt_json_scan *s, int c)
{
    if (c != '"')
        return bad(s, "a key in quotes");
    s->expect = EXPECT_COLON;
    return take_text(s, MT_TOKEN_KEY);
}

enum mt_token mt_json_scan_next(struct mt_json_scan *s)
{
    if (s->bad)
        return MT_TOKEN_BAD;
    s->new_line = false;
    int c = peek(s);
    if (c < 0)
        return s->depth && mt_cur_ok(s->in) ? bad(s, "the end of the value") : MT_TOKEN_END;
    if (s->expect == EXPECT_COLON) {
        if (c != ':')
            return bad(s, "a colon");
        advance(s, 1);
        s->expect = EXPECT_VALUE;
        c = peek(s);
        return c < 0 ? bad(s, "a value after the colon") : take_value(s, c);
    }
    if ((c == '}' || c == ']') && (s->expect == EXPECT_FIRST || s->expect == EXPECT_NEXT))
        return close_container(s, c);
    if (s->expect == EXPECT_NEXT) {
        if (c != ',')
            return bad(s, "a comma or the end of the object or array");
        advance(s, 1);
        c = peek(s);
        if (c < 0)
            return bad(s, "a value after the comma");
    }
    return in_object(s) ? take_key(s, c) : take_value(s, c);
}

bool mt_json_scan_skip(struct mt_json_scan *s, enum mt_token first)
{
    if (first == MT_TOKEN_BAD || first == MT_TOKEN_END)
        return false;
    if (first != MT_TOKEN_OBJECT && first != MT_TOKEN_ARRAY)
        return true;
    unsigned outside = s->depth - 1;
    while (s->depth > outside) {
        enum mt_token token = mt_json_scan_next(s);
        if (token == MT_TOKEN_BAD || token == MT_TOKEN_END)
            return false;
    }
    return true;
}

bool mt_json_scan_skip_value(struct mt_json_scan *s)
{
    return mt_json_scan_skip(s, mt_json_scan_next(s));
}

void mt_json_scan_resync(struct mt_json_scan *s)
{
    bool here = s->new_line && s->depth;
    s->bad = NULL;
    s->depth = 0;
    s->expect = EXPECT_VALUE;
    s->new_line = false;
    while (!here && (s->in->rest.size || widen(s))) {
        size_t end = mt_span_find_byte(s->in->rest, '\n');
        advance(s, end == MT_NPOS ? s->in->rest.size : end + 1);
        here = end != MT_NPOS;
    }
}

/* Four hex digits behind "\u"; false leaves *text alone. */
static bool take_unit(struct mt_span *text, uint32_t *unit)
{
    struct mt_span digits = mt_span_sub(*text, 2, 4);
    uint64_t value;
    if (!mt_span_starts(*text, "\\u") || digits.size < 4 || digits.data[1] == 'x' ||
        digits.data[1] == 'X' || !mt_span_take_hex(&digits, &value) || digits.size)
        return false;
    *unit = (uint32_t)value;
    *text = mt_span_from(*text, 6);
    return true;
}

static uint32_t take_escape(struct mt_span *text)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    enum { REPLACEMENT = 0xfffd };
    uint32_t high, low;
    if (take_unit(text, &high)) {
        if (high < 0xd800 || high > 0xdfff)
            return high;
        struct mt_span after = *text;
        if (high > 0xdbff || !take_unit(&after, &low) || low < 0xdc00 || low > 0xdfff)
            return REPLACEMENT;
        *text = after;
        return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }
    const char *hit = text->size > 1 && text->data[1] ? strchr(from, text->data[1]) : NULL;
    *text = mt_span_from(*text, hit ? 2 : 1);
    return hit ? (unsigned char)to[hit - from] : (uint32_t)'\\';
}

size_t mt_json_unescape(struct mt_span text, unsigned char *to)
{
    size_t written = 0;
    while (text.size) {
        size_t plain = mt_span_find_byte(text, '\\');
        if (plain == MT_NPOS)
            plain = text.size;
        if (plain)
            memcpy(to + written, text.data, plain);
        written += plain;
        text = mt_span_from(text, plain);
        if (text.size)
            written += mt_utf8_put(to + written, take_escape(&text));
    }
    return written;
}

struct mt_span mt_json_scan_text(const struct mt_json_scan *s, struct mt_arena *a)
{
    if (!s->escaped)
        return s->text;
    unsigned char *copy = mt_arena_take(a, s->text.size + 1, 1);
    return (struct mt_span){copy, mt_json_unescape(s->text, copy)};
}
