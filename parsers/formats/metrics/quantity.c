/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/quantity.h"

#include "parsers/formats/lines/stamp.h"

#include <math.h>

enum { EXACT_DIGITS = 18 };

struct suffix {
    const char *text;
    double scale;
    bool loose;
};

/* A longer suffix before its own beginning. */
static const struct suffix byte_suffixes[] = {
    {"bytes", 1, false},    {"Bytes", 1, false},    {"byte", 1, false},    {"B", 1, false},
    {"KiB", 0x1p10, false}, {"kiB", 0x1p10, false}, {"KB", 0x1p10, true},  {"kB", 0x1p10, true},
    {"kb", 0x1p10, true},   {"Kb", 0x1p10, true},   {"Ki", 0x1p10, false}, {"K", 0x1p10, true},
    {"k", 0x1p10, true},    {"MiB", 0x1p20, false}, {"MB", 0x1p20, true},  {"mb", 0x1p20, true},
    {"Mb", 0x1p20, true},   {"Mi", 0x1p20, false},  {"M", 0x1p20, true},   {"m", 0x1p20, true},
    {"GiB", 0x1p30, false}, {"GB", 0x1p30, true},   {"gb", 0x1p30, true},  {"Gb", 0x1p30, true},
    {"Gi", 0x1p30, false},  {"G", 0x1p30, true},    {"g", 0x1p30, true},   {"TiB", 0x1p40, false},
    {"TB", 0x1p40, true},   {"Ti", 0x1p40, false},  {"T", 0x1p40, true},   {NULL, 0, false}};
static const struct suffix time_suffixes[] = {
    {"ns", 1, false},   {"\xc2\xb5s", 1e3, false}, {"\xce\xbcs", 1e3, false}, {"us", 1e3, false},
    {"ms", 1e6, false}, {"seconds", 1e9, false},   {"sec", 1e9, false},       {"s", 1e9, false},
    {"m", 6e10, false}, {"h", 3.6e12, false},      {NULL, 0, false}};
static const struct suffix ratio_suffixes[] = {{"%", 0.01, false}, {NULL, 0, false}};
static const struct suffix count_suffixes[] = {
    {"k", 1e3, false}, {"K", 1e3, false}, {"M", 1e6, false}, {NULL, 0, false}};

static const struct suffix *suffixes_of(enum mt_unit unit)
{
    switch (unit) {
    case MT_BYTES:
        return byte_suffixes;
    case MT_NS:
        return time_suffixes;
    case MT_RATIO:
        return ratio_suffixes;
    default:
        return count_suffixes;
    }
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(unsigned char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool ends_word(struct mt_span s)
{
    return !s.size || !is_word(s.data[0]);
}

/* "13,635,584": the groups behind the first comma; false when the commas separate something else.
 */
static bool take_groups(struct mt_span *s, double *value)
{
    struct mt_span rest = *s;
    size_t lead = 0;
    double v = 0;
    while (lead < rest.size && is_digit(rest.data[lead]))
        v = v * 10 + (rest.data[lead++] - '0');
    if (!lead || lead > 3)
        return false;
    rest = mt_span_from(rest, lead);
    size_t groups = 0;
    while (rest.size >= 4 && rest.data[0] == ',' && is_digit(rest.data[1]) &&
           is_digit(rest.data[2]) && is_digit(rest.data[3]) &&
           (rest.size == 4 || !is_digit(rest.data[4]))) {
        v = v * 1000 + (rest.data[1] - '0') * 100 + (rest.data[2] - '0') * 10 + rest.data[3] - '0';
        rest = mt_span_from(rest, 4);
        groups++;
    }
    if (!groups || (rest.size && rest.data[0] == '.'))
        return false;
    *value = v;
    *s = rest;
    return true;
}

static bool take_number(struct mt_span *s, double *value)
{
    size_t sign = s->size && (s->data[0] == '-' || s->data[0] == '+');
    if (sign >= s->size || !(is_digit(s->data[sign]) || s->data[sign] == '.'))
        return false;
    return take_groups(s, value) || mt_span_take_f64(s, value);
}

static bool may_begin_suffix(unsigned char c)
{
    return c == ' ' || c == '%' || is_word(c);
}

/* The suffix at the front, a blank before it allowed. */
static bool take_suffix(struct mt_span *s, enum mt_unit unit, bool may_go_on, double *scale,
                        bool *loose)
{
    for (const struct suffix *u = suffixes_of(unit); u->text; u++) {
        struct mt_span rest = *s;
        bool apart = mt_span_take(&rest, " ");
        if (!mt_span_take(&rest, u->text))
            continue;
        /* "12 m=5" goes on with another name */
        if (apart && (!u->text[1] || mt_span_starts(rest, "=") || mt_span_starts(rest, ":")))
            continue;
        if (!ends_word(rest) && !(may_go_on && is_digit(rest.data[0])))
            continue;
        *scale = u->scale;
        *loose = u->loose;
        *s = rest;
        return true;
    }
    return false;
}

static bool take_moment(struct mt_span *s, struct mt_quantity *q)
{
    int64_t time_ns;
    bool zone_known;
    if (!mt_stamp_take(s, &time_ns, &zone_known))
        return false;
    *q = (struct mt_quantity){.value = (double)time_ns, .unit_named = true};
    return true;
}

/* "1m2.5s" behind its first part. */
static bool take_more_parts(struct mt_span *rest, double *value)
{
    while (rest->size && is_digit(rest->data[0])) {
        double part, scale;
        bool loose;
        if (!take_number(rest, &part) || !take_suffix(rest, MT_NS, true, &scale, &loose))
            return false;
        *value += part * scale;
    }
    return true;
}

/* Digits and nothing else, as most values are. */
static bool take_plain(struct mt_span *s, struct mt_quantity *q)
{
    uint64_t whole = 0;
    size_t at = 0;
    for (unsigned digit;
         at < s->size && at < EXACT_DIGITS && (digit = s->data[at] - (unsigned)'0') < 10; at++)
        whole = whole * 10 + digit;
    if (!at || at < s->size)
        return false;
    *q = (struct mt_quantity){.value = (double)whole};
    *s = mt_span_from(*s, at);
    return true;
}

bool mt_quantity_take(struct mt_span *s, enum mt_unit unit, struct mt_quantity *q)
{
    if (unit != MT_UNIX_NS && take_plain(s, q))
        return true;
    struct mt_span rest = *s;
    if (unit == MT_UNIX_NS && take_moment(&rest, q)) {
        *s = rest;
        return true;
    }
    *q = (struct mt_quantity){0};
    double scale;
    if (!take_number(&rest, &q->value))
        return false;
    if (rest.size && may_begin_suffix(rest.data[0]) &&
        take_suffix(&rest, unit, unit == MT_NS, &scale, &q->loose_unit)) {
        q->value *= scale;
        q->unit_named = true;
        if (unit == MT_NS && !take_more_parts(&rest, &q->value))
            return false;
    }
    if (!ends_word(rest) || !isfinite(q->value))
        return false;
    *s = rest;
    return true;
}

bool mt_quantity_parse(struct mt_span s, enum mt_unit unit, struct mt_quantity *q)
{
    s = mt_span_trim(s);
    return mt_quantity_take(&s, unit, q) && !s.size;
}
