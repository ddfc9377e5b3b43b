/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem, memrchr */
#include "parsers/base/span.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mt_span mt_span_of(const char *text)
{
    return (struct mt_span){(const unsigned char *)(text ? text : ""), text ? strlen(text) : 0};
}

bool mt_span_equal(struct mt_span a, struct mt_span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int mt_span_compare(struct mt_span a, struct mt_span b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.data, b.data, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

bool mt_span_is(struct mt_span s, const char *text)
{
    return mt_span_equal(s, mt_span_of(text));
}

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

bool mt_span_is_nocase(struct mt_span s, const char *text)
{
    struct mt_span t = mt_span_of(text);
    if (s.size != t.size)
        return false;
    for (size_t i = 0; i < s.size; i++)
        if (lower(s.data[i]) != lower(t.data[i]))
            return false;
    return true;
}

bool mt_span_ends(struct mt_span s, const char *suffix)
{
    size_t size = strlen(suffix);
    return s.size >= size && memcmp(s.data + (s.size - size), suffix, size) == 0;
}

size_t mt_span_find(struct mt_span s, const char *needle)
{
    if (!s.size)
        return *needle ? MT_NPOS : 0;
    const unsigned char *hit = memmem(s.data, s.size, needle, strlen(needle));
    return hit ? (size_t)(hit - s.data) : MT_NPOS;
}

size_t mt_span_find_byte(struct mt_span s, unsigned char byte)
{
    const unsigned char *hit = s.size ? memchr(s.data, byte, s.size) : NULL;
    return hit ? (size_t)(hit - s.data) : MT_NPOS;
}

size_t mt_span_find_last_byte(struct mt_span s, unsigned char byte)
{
    const unsigned char *hit = s.size ? memrchr(s.data, byte, s.size) : NULL;
    return hit ? (size_t)(hit - s.data) : MT_NPOS;
}

/* In steps that double: of the two ends the one that never comes would be looked for in all that
 * follows, once for every line. */
size_t mt_span_find_line_end(struct mt_span s)
{
    enum { FIRST_STEP = 512 };
    for (size_t at = 0, step = FIRST_STEP; at < s.size; at += step, step *= 2) {
        struct mt_span part = mt_span_sub(s, at, step);
        size_t lf = mt_span_find_byte(part, '\n');
        size_t cr = mt_span_find_byte(mt_span_sub(part, 0, lf), '\r');
        if (cr != MT_NPOS || lf != MT_NPOS)
            return at + (cr != MT_NPOS ? cr : lf);
    }
    return MT_NPOS;
}

struct mt_span mt_span_sub(struct mt_span s, size_t at, size_t size)
{
    struct mt_span part = mt_span_from(s, at);
    if (part.size > size)
        part.size = size;
    return part;
}

static bool blank(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct mt_span mt_span_trim(struct mt_span s)
{
    while (s.size && blank(s.data[0])) {
        s.data++;
        s.size--;
    }
    while (s.size && blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

bool mt_span_split(struct mt_span *rest, unsigned char separator, struct mt_span *part)
{
    if (!rest->size)
        return false;
    size_t at = mt_span_find_byte(*rest, separator);
    *part = at == MT_NPOS ? *rest : mt_span_sub(*rest, 0, at);
    *rest = at == MT_NPOS ? mt_span_from(*rest, rest->size) : mt_span_from(*rest, at + 1);
    return true;
}

bool mt_span_word(struct mt_span *rest, struct mt_span *word)
{
    size_t from = 0;
    while (from < rest->size && (rest->data[from] == ' ' || rest->data[from] == '\t'))
        from++;
    size_t to = from;
    while (to < rest->size && rest->data[to] != ' ' && rest->data[to] != '\t')
        to++;
    *word = mt_span_sub(*rest, from, to - from);
    *rest = mt_span_from(*rest, to);
    return word->size > 0;
}

bool mt_span_line(struct mt_span *rest, struct mt_span *line)
{
    if (!rest->size)
        return false;
    size_t end = mt_span_find_line_end(*rest);
    *line = mt_span_sub(*rest, 0, end);
    *rest = mt_span_from(*rest, line->size);
    if (!mt_span_take(rest, "\r\n") && rest->size)
        *rest = mt_span_from(*rest, 1);
    return true;
}

bool mt_span_take_u64(struct mt_span *s, uint64_t *value)
{
    enum { SAFE_DIGITS = 19 }; /* as many cannot overflow */
    const unsigned char *at = s->data;
    uint64_t v = 0;
    size_t i = 0;
    for (unsigned digit; i < s->size && (digit = at[i] - (unsigned)'0') < 10; i++) {
        if (i >= SAFE_DIGITS && v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    if (!i)
        return false;
    *value = v;
    *s = mt_span_from(*s, i);
    return true;
}

bool mt_span_take_i64(struct mt_span *s, int64_t *value)
{
    struct mt_span rest = *s;
    bool negative = mt_span_take(&rest, "-");
    if (!negative)
        mt_span_take(&rest, "+");
    uint64_t v;
    if (!mt_span_take_u64(&rest, &v) || v > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *value = negative ? (int64_t)(0 - v) : (int64_t)v;
    *s = rest;
    return true;
}

bool mt_span_take_hex(struct mt_span *s, uint64_t *value)
{
    struct mt_span rest = *s;
    if (!mt_span_take(&rest, "0x"))
        mt_span_take(&rest, "0X");
    uint64_t v = 0;
    size_t i = 0;
    for (; i < rest.size; i++) {
        unsigned char c = lower(rest.data[i]);
        unsigned digit;
        if (c >= '0' && c <= '9')
            digit = c - (unsigned)'0';
        else if (c >= 'a' && c <= 'f')
            digit = c - (unsigned)'a' + 10;
        else
            break;
        if (v >> 60)
            return false;
        v = v << 4 | digit;
    }
    if (!i)
        return false;
    *value = v;
    *s = mt_span_from(rest, i);
    return true;
}

static bool take_special(struct mt_span *s, double *value)
{
    static const struct {
        const char *text;
        double value;
    } names[] = {{"+Inf", INFINITY}, {"-Inf", -INFINITY}, {"Inf", INFINITY}, {"NaN", NAN}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mt_span_take(s, names[i].text)) {
            *value = names[i].value;
            return true;
        }
    return false;
}

/* A decimal as it stands: (-)mantissa * 10^scale. */
struct decimal {
    uint64_t mantissa; /* its first digits, without leading zeros */
    int64_t scale;
    bool negative, exact; /* no digit is missing from the mantissa */
};

/* How many bytes of s are a decimal; 0: it begins with none. */
static size_t scan_decimal(struct mt_span s, struct decimal *d)
{
    enum { MOST_DIGITS = 18, MOST_EXPONENT = 999 };
    size_t i = 0;
    int digits = 0;
    bool any = false, after_point = false;
    *d = (struct decimal){.exact = true};
    if (i < s.size && (s.data[i] == '-' || s.data[i] == '+'))
        d->negative = s.data[i++] == '-';
    for (; i < s.size; i++) {
        unsigned char c = s.data[i];
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        any = true;
        bool fits = digits < MOST_DIGITS;
        if (fits) {
            d->mantissa = d->mantissa * 10 + (c - (unsigned)'0');
            digits += d->mantissa != 0;
        }
        d->exact &= fits;
        d->scale += (fits ? 0 : 1) - (after_point ? 1 : 0);
    }
    if (!any)
        return 0;
    if (i < s.size && (s.data[i] == 'e' || s.data[i] == 'E')) {
        struct mt_span exponent = mt_span_from(s, i + 1);
        int64_t e;
        if (mt_span_take_i64(&exponent, &e)) {
            i = s.size - exponent.size;
            d->scale += e > MOST_EXPONENT ? MOST_EXPONENT : e < -MOST_EXPONENT ? -MOST_EXPONENT : e;
        }
    }
    return i;
}

/* strtod on a bounded copy is locale-proof because only digits, sign, point and exponent reach it
 * and the program never calls setlocale. Of a longer text the mantissa has to do. */
static double convert(struct mt_span text, const struct decimal *d)
{
    char copy[512];
    if (text.size < sizeof copy) {
        memcpy(copy, text.data, text.size);
        copy[text.size] = '\0';
    } else {
        snprintf(copy, sizeof copy, "%s%llue%lld", d->negative ? "-" : "",
                 (unsigned long long)d->mantissa, (long long)d->scale);
    }
    return strtod(copy, NULL);
}

/* Without strtod where that is exact: 53-bit products and quotients are, up to 10^22. */
bool mt_span_take_f64(struct mt_span *s, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct decimal d;
    size_t size = scan_decimal(*s, &d);
    if (!size)
        return take_special(s, value);
    if (d.exact && d.mantissa < (1ull << 53) && d.scale >= -22 && d.scale <= 22) {
        double v = d.scale < 0 ? (double)d.mantissa / powers[-d.scale]
                               : (double)d.mantissa * powers[d.scale];
        *value = d.negative ? -v : v;
    } else {
        *value = convert(mt_span_sub(*s, 0, size), &d);
    }
    *s = mt_span_from(*s, size);
    return true;
}

bool mt_span_u64(struct mt_span s, uint64_t *value)
{
    return mt_span_take_u64(&s, value) && !s.size;
}

bool mt_span_i64(struct mt_span s, int64_t *value)
{
    return mt_span_take_i64(&s, value) && !s.size;
}

bool mt_span_f64(struct mt_span s, double *value)
{
    return mt_span_take_f64(&s, value) && !s.size;
}

/* RFC 3629: no surrogates, no overlong form. */
size_t mt_span_utf8_size(struct mt_span s)
{
    unsigned char c = s.data[0];
    if (c < 0x80)
        return 1;
    size_t size = c >= 0xc2 && c <= 0xdf   ? 2
                  : (c & 0xf0) == 0xe0     ? 3
                  : c >= 0xf0 && c <= 0xf4 ? 4
                                           : 0;
    if (!size || s.size < size)
        return 0;
    unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (s.data[1] < low || s.data[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((s.data[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

bool mt_span_is_utf8(struct mt_span s)
{
    while (s.size) {
        size_t size = mt_span_utf8_size(s);
        if (!size)
            return false;
        s = mt_span_from(s, size);
    }
    return true;
}

size_t mt_utf8_put(unsigned char *to, uint64_t rune)
{
    if (rune < 0x80) {
        to[0] = (unsigned char)rune;
        return 1;
    }
    if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
        rune = 0xfffd;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    size_t more = rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;
    to[0] = (unsigned char)(lead[more] | rune >> (6 * more));
    for (size_t i = 1; i <= more; i++)
        to[i] = (unsigned char)(0x80 | (rune >> (6 * (more - i)) & 0x3f));
    return more + 1;
}
