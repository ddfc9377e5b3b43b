/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/path_time.h"

static bool digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool alphanumeric(unsigned char c)
{
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t digits_at(struct mt_span s, size_t at)
{
    size_t n = 0;
    while (at + n < s.size && digit(s.data[at + n]))
        n++;
    return n;
}

static int64_t number(struct mt_span s, size_t at, size_t n)
{
    int64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (s.data[at + i] - '0');
    return value;
}

/* Two digits behind one of the separators; 0 digits taken when there are none. */
static bool pair_at(struct mt_span s, size_t *at, const char *separators, int64_t *value)
{
    size_t i = *at;
    if (*separators) {
        if (i >= s.size || mt_span_find_byte(mt_span_of(separators), s.data[i]) == MT_NPOS)
            return false;
        i++;
    }
    if (i + 2 > s.size || !digit(s.data[i]) || !digit(s.data[i + 1]))
        return false;
    *value = number(s, i, 2);
    *at = i + 2;
    return true;
}

/* 20261122T193517Z, 20261122-193517, 20261122193517, 2026-11-22T19-35-17, 2026-11-22_19.35.17 */
static bool calendar_at(struct mt_span s, size_t at, struct mt_path_time *out)
{
    size_t n = digits_at(s, at);
    int64_t month, day, hour, minute, second, time_ns;
    if (n != 4 && n != 8 && n != 14)
        return false;
    int64_t year = number(s, at, 4);
    size_t i = at + 4;
    const char *dash = n == 4 ? "-_." : "";
    if (!pair_at(s, &i, dash, &month) || !pair_at(s, &i, dash, &day))
        return false;
    if (!pair_at(s, &i, n == 14 ? "" : "Tt_- .", &hour))
        return false;
    bool compact = digits_at(s, i) >= 4;
    const char *colon = compact ? "" : "-_.:h";
    if (!pair_at(s, &i, colon, &minute) || !pair_at(s, &i, compact ? "" : "-_.:m", &second))
        return false;
    if (digits_at(s, i) || !mt_time_from_civil(year, month, day, hour, minute, second, 0, &time_ns))
        return false;
    out->has_absolute = true;
    out->absolute_ns = time_ns;
    out->zone_known = i < s.size && (s.data[i] == 'Z' || s.data[i] == 'z');
    return true;
}

/* Unix time in s, ms, us or ns, if it lies between 2001 and 2100. */
static bool unix_at(struct mt_span s, size_t at, size_t n, struct mt_path_time *out)
{
    int64_t unit_ns = n == 10 ? MT_SECOND_NS : n == 13 ? 1000000 : n == 16 ? 1000 : n == 19 ? 1 : 0;
    if (!unit_ns || s.data[at] == '0')
        return false;
    uint64_t value;
    struct mt_span text = mt_span_sub(s, at, n);
    if (!mt_span_u64(text, &value) || value > (uint64_t)(4102444800ll * (MT_SECOND_NS / unit_ns)) ||
        value < (uint64_t)(978307200ll * (MT_SECOND_NS / unit_ns)))
        return false;
    out->has_absolute = out->zone_known = true;
    out->absolute_ns = (int64_t)value * unit_ns;
    return true;
}

/* t+037s, t+1m30s, +90s: behind the plus numbers with h, m, s or ms. */
static bool relative_at(struct mt_span s, size_t plus, struct mt_path_time *out)
{
    struct mt_span rest = mt_span_from(s, plus + 1);
    int64_t total_ns = 0;
    bool any = false;
    for (uint64_t value; mt_span_take_u64(&rest, &value) && value < 1000000;) {
        int64_t unit_ns = mt_span_take(&rest, "ms")  ? 1000000
                          : mt_span_take(&rest, "h") ? 3600 * MT_SECOND_NS
                          : mt_span_take(&rest, "m") ? 60 * MT_SECOND_NS
                          : mt_span_take(&rest, "s") ? MT_SECOND_NS
                                                     : 0;
        if (!unit_ns)
            return false;
        total_ns += (int64_t)value * unit_ns;
        any = true;
    }
    out->has_relative = any;
    out->relative_ns = total_ns;
    return any;
}

static bool day_time_at(struct mt_span s, size_t at, size_t n, struct mt_path_time *out)
{
    if (n != 6)
        return false;
    int64_t hour = number(s, at, 2), minute = number(s, at + 2, 2), second = number(s, at + 4, 2);
    if (hour > 23 || minute > 59 || second > 59 || number(s, at, 4) == 0) /* 000012 is a count */
        return false;
    out->has_day_time = true;
    out->day_time_ns = ((hour * 60 + minute) * 60 + second) * MT_SECOND_NS;
    return true;
}

static struct mt_path_time of_part(struct mt_span part)
{
    struct mt_path_time out = {0};
    for (size_t at = 0; at < part.size; at++) {
        if (part.data[at] == '+' && !out.has_relative) {
            relative_at(part, at, &out);
            continue;
        }
        if (!digit(part.data[at]) || (at && digit(part.data[at - 1])))
            continue;
        size_t n = digits_at(part, at);
        bool bounded = !at || !alphanumeric(part.data[at - 1]);
        if (!out.has_absolute && bounded)
            (void)(calendar_at(part, at, &out) || unix_at(part, at, n, &out));
        bool closed = at + n == part.size || !alphanumeric(part.data[at + n]);
        if (!bounded || !closed || out.has_absolute)
            continue;
        if (!day_time_at(part, at, n, &out) && n <= 9) {
            out.has_sequence = true;
            out.sequence = (uint64_t)number(part, at, n);
        }
    }
    return out;
}

struct mt_path_time mt_time_of_path(const char *path)
{
    struct mt_path_time out = {0};
    struct mt_span rest = mt_span_of(path);
    for (;;) {
        size_t slash = mt_span_find_last_byte(rest, '/');
        struct mt_path_time part = of_part(slash == MT_NPOS ? rest : mt_span_from(rest, slash + 1));
        if (part.has_absolute && !out.has_absolute) {
            out.has_absolute = true;
            out.zone_known = part.zone_known;
            out.absolute_ns = part.absolute_ns;
        }
        if (part.has_day_time && !out.has_day_time) {
            out.has_day_time = true;
            out.day_time_ns = part.day_time_ns;
        }
        if (part.has_relative && !out.has_relative) {
            out.has_relative = true;
            out.relative_ns = part.relative_ns;
        }
        if (part.has_sequence && !out.has_sequence) {
            out.has_sequence = true;
            out.sequence = part.sequence;
        }
        if (slash == MT_NPOS)
            return out;
        rest = mt_span_sub(rest, 0, slash);
    }
}
