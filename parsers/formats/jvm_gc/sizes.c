/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jvm_gc/sizes.h"

#include "parsers/model/gc.h"

static bool digit_at(struct mt_span s, size_t at)
{
    return at < s.size && s.data[at] >= '0' && s.data[at] <= '9';
}

static bool point_at(struct mt_span s, size_t at)
{
    return at < s.size && (s.data[at] == '.' || s.data[at] == ',');
}

bool mt_jvm_take_decimal(struct mt_span *s, unsigned places, int64_t *value)
{
    enum { SAFE_DIGITS = 18 };
    uint64_t v = 0;
    size_t i = 0;
    unsigned left = places;
    for (; digit_at(*s, i); i++)
        v = v * 10 + (s->data[i] - (unsigned)'0');
    if (!i || i + places > SAFE_DIGITS)
        return false;
    if (point_at(*s, i) && digit_at(*s, i + 1)) {
        for (i++; digit_at(*s, i); i++) {
            if (!left)
                continue;
            left--;
            v = v * 10 + (s->data[i] - (unsigned)'0');
        }
    }
    for (; left; left--)
        v *= 10;
    *value = (int64_t)v;
    *s = mt_span_from(*s, i);
    return true;
}

bool mt_jvm_take_size(struct mt_span *s, uint64_t *bytes)
{
    enum { PLACES = 3, THOUSAND = 1000 };
    static const char units[] = "BKMGT";
    struct mt_span rest = *s;
    int64_t thousandths;
    if (!mt_jvm_take_decimal(&rest, PLACES, &thousandths) || !rest.size)
        return false;
    unsigned shift = 0;
    for (; units[shift / 10] && units[shift / 10] != (char)rest.data[0]; shift += 10)
        continue;
    if (!units[shift / 10] || (uint64_t)thousandths > (uint64_t)INT64_MAX >> shift)
        return false;
    *bytes = ((uint64_t)thousandths << shift) / THOUSAND;
    *s = mt_span_from(rest, 1);
    return true;
}

/* "(66M)" or "(56%)". */
static void take_brackets(struct mt_span *s, uint64_t *bytes)
{
    if (!mt_span_starts(*s, "("))
        return;
    size_t close = mt_span_find_byte(*s, ')');
    if (close == MT_NPOS)
        return;
    struct mt_span inside = mt_span_sub(*s, 1, close - 1);
    uint64_t size;
    if (mt_jvm_take_size(&inside, &size) && !inside.size)
        *bytes = size;
    *s = mt_span_from(*s, close + 1);
}

bool mt_jvm_take_change(struct mt_span *s, struct mt_jvm_change *change)
{
    struct mt_span rest = *s;
    uint64_t ignored;
    change->total = MT_NO_BYTES;
    if (!mt_jvm_take_size(&rest, &change->before))
        return false;
    take_brackets(&rest, &ignored);
    if (!mt_span_take(&rest, "->") || !mt_jvm_take_size(&rest, &change->after))
        return false;
    take_brackets(&rest, &change->total);
    *s = rest;
    return true;
}

/* Where the size that ends at `end` begins: its unit, digits, perhaps brackets behind. */
static size_t size_begin(struct mt_span text, size_t end)
{
    size_t i = end;
    if (i && text.data[i - 1] == ')') {
        while (i && text.data[i - 1] != '(')
            i--;
        i -= i > 0;
    }
    if (!i)
        return 0;
    i--; /* the unit */
    while (i && (digit_at(text, i - 1) || point_at(text, i - 1)))
        i--;
    while (i < end && point_at(text, i))
        i++;
    return i;
}

bool mt_jvm_find_change(struct mt_span text, struct mt_jvm_change *change, size_t *at)
{
    for (size_t from = 0; from < text.size;) {
        size_t arrow = mt_span_find(mt_span_from(text, from), "->");
        if (arrow == MT_NPOS)
            return false;
        arrow += from;
        size_t begin = size_begin(text, arrow);
        struct mt_span s = mt_span_from(text, begin);
        if (begin >= from && mt_jvm_take_change(&s, change)) {
            if (at)
                *at = begin;
            return true;
        }
        from = arrow + 2;
    }
    return false;
}

bool mt_jvm_ends_in_duration(struct mt_span text, struct mt_span *before, int64_t *duration_ns)
{
    text = mt_span_trim(text);
    unsigned places = mt_span_ends(text, "ms") ? 6 : 9;
    if (!mt_span_ends(text, "s"))
        return false;
    size_t end = text.size - (places == 6 ? 2 : 1), begin = end;
    while (begin && (digit_at(text, begin - 1) || point_at(text, begin - 1)))
        begin--;
    if (begin && text.data[begin - 1] != ' ')
        return false;
    struct mt_span number = mt_span_sub(text, begin, end - begin);
    if (!mt_jvm_take_decimal(&number, places, duration_ns) || number.size)
        return false;
    *before = mt_span_trim(mt_span_sub(text, 0, begin));
    return true;
}

struct mt_span mt_jvm_last_brackets(struct mt_span text)
{
    if (!mt_span_ends(text, ")"))
        return (struct mt_span){0};
    size_t depth = 0;
    for (size_t i = text.size; i; i--) {
        depth += text.data[i - 1] == ')';
        depth -= text.data[i - 1] == '(';
        if (!depth)
            return mt_span_sub(text, i, text.size - 1 - i);
    }
    return (struct mt_span){0};
}
