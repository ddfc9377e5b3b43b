/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/profile/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

struct mt_profile_text mt_profile_text_over(struct mt_span text, uint64_t offset,
                                            struct mt_err *err)
{
    return (struct mt_profile_text){.rest = text,
                                    .line_offset = offset,
                                    .rest_offset = offset,
                                    .line_end = mt_profile_text_line_end(text),
                                    .err = err};
}

bool mt_profile_text_open(struct mt_profile_text *t, struct mt_cursor *in)
{
    uint64_t offset = in->offset;
    *t = mt_profile_text_over(mt_cur_all(in), offset, in->err);
    return mt_cur_ok(in);
}

unsigned char mt_profile_text_line_end(struct mt_span text)
{
    bool lone_cr = mt_span_find_byte(text, '\n') == MT_NPOS;
    return lone_cr && mt_span_find_byte(text, '\r') != MT_NPOS ? '\r' : '\n';
}

bool mt_profile_text_next(struct mt_profile_text *t)
{
    t->line_offset = t->rest_offset;
    size_t before = t->rest.size;
    bool more = mt_span_split(&t->rest, t->line_end, &t->line);
    t->rest_offset += before - t->rest.size;
    if (!more)
        t->line = (struct mt_span){0};
    else if (mt_span_ends(t->line, "\r"))
        t->line.size--;
    return more;
}

bool mt_profile_text_fail(const struct mt_profile_text *t, const char *fmt, ...)
{
    char what[sizeof t->err->what];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    return mt_fail(t->err, MT_ERR_INPUT, t->line_offset, "%s", what);
}

bool mt_profile_text_is_comment(struct mt_span line)
{
    line = mt_span_trim(line);
    return !line.size || line.data[0] == '#';
}

bool mt_profile_text_is_memory_map(struct mt_span line)
{
    return mt_span_find(line, "--- Memory map: ---") != MT_NPOS ||
           mt_span_find(line, "MAPPED_LIBRARIES:") != MT_NPOS;
}

bool mt_profile_text_is_http_head(struct mt_span line)
{
    struct mt_span value = line, name;
    if (mt_span_starts(line, "HTTP/"))
        return true;
    if (!mt_span_split(&value, ':', &name) || !name.size || !mt_span_starts(value, " "))
        return false;
    for (size_t i = 0; i < name.size; i++) {
        unsigned char c = name.data[i];
        if (c != '-' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
            return false;
    }
    return true;
}

static unsigned digit_of(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10u;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10u;
    return 99;
}

bool mt_go_integer(struct mt_span s, int64_t *value)
{
    bool negative = mt_span_starts(s, "-");
    if (negative || mt_span_starts(s, "+"))
        s = mt_span_from(s, 1);
    unsigned base = 10;
    if (mt_span_take(&s, "0x") || mt_span_take(&s, "0X"))
        base = 16;
    else if (mt_span_take(&s, "0b") || mt_span_take(&s, "0B"))
        base = 2;
    else if (mt_span_take(&s, "0o") || mt_span_take(&s, "0O"))
        base = 8;
    else if (s.size > 1 && mt_span_take(&s, "0"))
        base = 8;
    uint64_t most = negative ? (uint64_t)1 << 63 : INT64_MAX, sum = 0;
    for (size_t i = 0; i < s.size; i++) {
        unsigned digit = digit_of(s.data[i]);
        if (digit >= base || sum > (most - digit) / base)
            return false;
        sum = sum * base + digit;
    }
    *value = (int64_t)(negative ? 0 - sum : sum);
    return s.size > 0;
}

bool mt_take_address(struct mt_span *s, uint64_t *address, bool *too_large)
{
    for (size_t at; (at = mt_span_find(*s, "0x")) != MT_NPOS;) {
        *s = mt_span_from(*s, at + 2);
        size_t size = 0;
        uint64_t sum = 0;
        *too_large = false;
        for (; size < s->size; size++) {
            unsigned char c = s->data[size];
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
                break;
            *too_large |= sum >> 60 != 0;
            sum = sum << 4 | digit_of(c);
        }
        if (!size)
            continue;
        *s = mt_span_from(*s, size);
        *address = sum;
        return !*too_large;
    }
    return false;
}

size_t mt_digits_end(struct mt_span s, size_t at)
{
    while (at < s.size && s.data[at] >= '0' && s.data[at] <= '9')
        at++;
    return at;
}

struct mt_span mt_addresses_in_front(struct mt_span s)
{
    size_t size = 0;
    while (size < s.size && (s.data[size] == ' ' || s.data[size] == 'x' ||
                             (s.data[size] >= '0' && s.data[size] <= '9') ||
                             (s.data[size] >= 'a' && s.data[size] <= 'f')))
        size++;
    return mt_span_sub(s, 0, size);
}

bool mt_take_digits(struct mt_span *s, int64_t *value, bool *fits)
{
    size_t size = mt_digits_end(*s, 0);
    if (!size)
        return false;
    if (!mt_span_i64(mt_span_sub(*s, 0, size), value))
        *fits = false;
    *s = mt_span_from(*s, size);
    return true;
}

int64_t mt_go_int64(double v)
{
    return v > -9223372036854775808.0 && v < 9223372036854775808.0 ? (int64_t)v : INT64_MIN;
}

void mt_scale_heap_sample(int64_t *count, int64_t *size, int64_t rate)
{
    if (*count == 0 || *size == 0) {
        *count = *size = 0;
        return;
    }
    if (rate <= 1) /* 1: all was sampled; less: not known */
        return;
    double average = (double)*size / (double)*count;
    double scale = 1 / (1 - exp(-average / (double)rate));
    *count = mt_go_int64((double)*count * scale);
    *size = mt_go_int64((double)*size * scale);
}
