/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/clock_names.h"

#include <string.h>

struct day {
    int64_t year, month, day; /* year 0: none */
};

static bool is_digit(struct mt_span s, size_t at)
{
    return at < s.size && s.data[at] >= '0' && s.data[at] <= '9';
}

static bool is_letter(struct mt_span s, size_t at)
{
    return at < s.size && (s.data[at] | 0x20) >= 'a' && (s.data[at] | 0x20) <= 'z';
}

static bool is_one_of(struct mt_span s, size_t at, const char *set)
{
    return at < s.size && s.data[at] && strchr(set, s.data[at]);
}

static size_t digits_at(struct mt_span s, size_t at)
{
    size_t n = 0;
    while (is_digit(s, at + n))
        n++;
    return n;
}

/* Exactly the next n bytes are digits, whatever follows. */
static bool take_fixed(struct mt_span s, size_t *at, size_t n, int64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(s, *at + i))
            return false;
        *value = *value * 10 + (s.data[*at + i] - '0');
    }
    *at += n;
    return true;
}

/* 20261122, 2026-11-22, 2026_11_22 */
static bool take_day(struct mt_span s, size_t *at, struct day *d)
{
    size_t p = *at;
    if (!take_fixed(s, &p, 4, &d->year) || d->year < 1980 || d->year > 2199)
        return false;
    unsigned char separator = is_one_of(s, p, "-_.") ? s.data[p++] : 0;
    if (!take_fixed(s, &p, 2, &d->month) || d->month < 1 || d->month > 12)
        return false;
    if (separator && (p >= s.size || s.data[p++] != separator))
        return false;
    if (!take_fixed(s, &p, 2, &d->day) || d->day < 1 || d->day > 31)
        return false;
    *at = p;
    return true;
}

/* 193517, 19-35-17, 19:35:17; with `coarse` also 1935 and 19-35. */
static bool take_clock(struct mt_span s, size_t *at, bool coarse, struct mt_path_hint *h)
{
    size_t p = *at;
    int64_t hour, minute, second = 0;
    if (!take_fixed(s, &p, 2, &hour) || hour > 23)
        return false;
    const char *separators = coarse ? "-:_.h" : "-:_h"; /* 10.11.12 alone is a version */
    unsigned char separator = is_one_of(s, p, separators) ? s.data[p++] : 0;
    if (!take_fixed(s, &p, 2, &minute) || minute > 59)
        return false;
    size_t after_minute = p;
    if (separator == 'h')
        separator = 'm';
    bool seconds = !separator || (p < s.size && s.data[p++] == separator);
    seconds = seconds && take_fixed(s, &p, 2, &second) && second < 60 && !is_digit(s, p);
    if (!seconds) {
        second = 0;
        p = after_minute;
        if (!coarse || is_digit(s, p))
            return false;
    }
    h->time_ns = ((hour * 60 + minute) * 60 + second) * MT_SECOND_NS;
    h->step_ns = seconds ? MT_SECOND_NS : 60 * MT_SECOND_NS;
    *at = p;
    return true;
}

/* ".123" when a zone follows, else the dot belongs to the rest of the name. Then "Z", "+0100". */
static void take_zone(struct mt_span s, size_t *at, struct mt_path_hint *h)
{
    size_t p = *at;
    int64_t hours, minutes;
    if (is_one_of(s, p, ".,") && is_digit(s, p + 1)) {
        int64_t unit = MT_SECOND_NS, fraction = 0;
        for (p++; is_digit(s, p); p++) {
            unit /= 10;
            fraction += unit * (s.data[p] - '0');
        }
        if (!is_one_of(s, p, "Zz") || is_letter(s, p + 1))
            return;
        h->time_ns += fraction;
        h->step_ns = unit ? unit : 1;
    }
    if (is_one_of(s, p, "Zz") && !is_letter(s, p + 1)) {
        h->zone_known = true;
        *at = p + 1;
    } else if (is_one_of(s, p, "+") && digits_at(s, p + 1) == 4) {
        p++;
        take_fixed(s, &p, 2, &hours);
        take_fixed(s, &p, 2, &minutes);
        h->time_ns -= (hours * 60 + minutes) * 60 * MT_SECOND_NS;
        h->zone_known = true;
        *at = p;
    }
}

static bool with_day(const struct day *d, struct mt_path_hint *h)
{
    int64_t midnight;
    if (!mt_time_from_civil(d->year, d->month, d->day, 0, 0, 0, 0, &midnight))
        return false;
    h->time_ns += midnight;
    h->kind = MT_PATH_ABSOLUTE;
    return true;
}

/* A day with a time behind it. Also finds a day alone, for a time of day in another part. */
static bool take_absolute(struct mt_span s, size_t *at, struct mt_path_hint *h, struct day *alone)
{
    struct day d;
    size_t p = *at;
    if (!take_day(s, &p, &d))
        return false;
    size_t after_day = p;
    if (is_one_of(s, p, "Tt_- ."))
        p++;
    struct mt_path_hint clock = *h;
    if (take_clock(s, &p, true, &clock)) {
        take_zone(s, &p, &clock);
        if (!is_digit(s, p) && with_day(&d, &clock)) {
            *h = clock;
            *at = p;
            return true;
        }
    }
    if (is_digit(s, after_day) || is_letter(s, after_day))
        return false;
    *alone = d;
    *at = after_day;
    return true;
}

/* 10, 13, 16 or 19 digits that fall between 2001 and 2100. */
static bool take_unix(struct mt_span s, size_t *at, struct mt_path_hint *h)
{
    static const int64_t units[] = {MT_SECOND_NS, 1000000, 1000, 1};
    size_t n = digits_at(s, *at);
    if (n < 10 || n > 19 || (n - 10) % 3)
        return false;
    uint64_t number;
    int64_t unit = units[(n - 10) / 3];
    if (!mt_span_u64(mt_span_sub(s, *at, n), &number))
        return false;
    uint64_t per_second = (uint64_t)(MT_SECOND_NS / unit);
    if (number / per_second < 978307200 || number / per_second >= 4102444800)
        return false;
    h->kind = MT_PATH_ABSOLUTE;
    h->time_ns = (int64_t)number * unit;
    h->step_ns = unit;
    h->zone_known = true;
    *at += n;
    return true;
}

/* The unit at p, longest first. */
static bool take_unit(struct mt_span s, size_t *at, int64_t *unit_ns)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"ms", 1000000},     {"min", 60 * MT_SECOND_NS}, {"sec", MT_SECOND_NS},
                 {"s", MT_SECOND_NS}, {"m", 60 * MT_SECOND_NS},   {"h", 3600 * MT_SECOND_NS}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i].name);
        if (!mt_span_starts(mt_span_from(s, *at), units[i].name) || is_letter(s, *at + size))
            continue;
        *unit_ns = units[i].ns;
        *at += size;
        return true;
    }
    return false;
}

/* Behind "t+", "t" or "+": 037s, 1m30s. A name that is nothing else needs no such mark. */
static bool take_relative(struct mt_span s, size_t *at, struct mt_path_hint *h)
{
    size_t p = *at;
    bool mark = false;
    if (is_one_of(s, p, "tT") && !is_letter(s, p + 1)) {
        mark = true;
        p++;
    }
    if (is_one_of(s, p, "+")) {
        mark = true;
        p++;
    }
    int64_t total = 0, unit = 0;
    size_t parts = 0;
    for (; is_digit(s, p) && parts < 4; parts++) {
        size_t n = digits_at(s, p);
        int64_t number;
        if (n > 9 || !take_fixed(s, &p, n, &number) || !take_unit(s, &p, &unit) ||
            number > INT64_MAX / 8 / unit)
            return false;
        total += number * unit;
    }
    if (!parts || (!mark && (*at || p < s.size)))
        return false;
    h->kind = MT_PATH_RELATIVE;
    h->time_ns = total;
    h->step_ns = unit;
    *at = p;
    return true;
}

static bool take_time_of_day(struct mt_span s, size_t *at, struct mt_path_hint *h)
{
    size_t p = *at;
    struct mt_path_hint clock = *h;
    if (!take_clock(s, &p, false, &clock))
        return false;
    take_zone(s, &p, &clock);
    if (is_letter(s, p) || is_digit(s, p))
        return false;
    *h = clock;
    h->kind = MT_PATH_TIME_OF_DAY;
    *at = p;
    return true;
}

/* Letters that stand right before `at`. */
static struct mt_span word_before(struct mt_span s, size_t at)
{
    size_t from = at;
    while (from && is_letter(s, from - 1))
        from--;
    return mt_span_sub(s, from, at - from);
}

/* A whole number of its own, or at the end of a word of three letters or more. */
static void take_sequence(struct mt_span s, size_t at, struct mt_path_hint *h)
{
    size_t n = digits_at(s, at);
    struct mt_span word = word_before(s, at);
    if (is_letter(s, at + n) || (word.size && word.size < 3) || mt_span_is_nocase(word, "debug"))
        return;
    if (is_one_of(s, at - 1, "=") && mt_span_is_nocase(word_before(s, at - 1), "debug"))
        return;
    if (mt_span_u64(mt_span_sub(s, at, n), &h->sequence)) {
        h->has_sequence = true;
        bool last = at + n == s.size || mt_span_is(mt_span_from(s, at + n), ".gz");
        h->sequence_is_suffix = last && is_one_of(s, at - 1, ".") &&
                                mt_span_find_byte(mt_span_sub(s, 0, at - 1), '.') != MT_NPOS;
    }
}

/* One part of the path, from left to right: the first time, the last sequence. */
static void look_at(struct mt_span s, struct mt_path_hint *h, struct day *day)
{
    struct mt_path_hint found = {0};
    struct day d = {0};
    for (size_t at = 0; at < s.size;) {
        bool fresh = !is_letter(s, at - 1) && !is_digit(s, at - 1);
        bool timed = found.kind != MT_PATH_NO_TIME;
        if (!timed && fresh && take_relative(s, &at, &found))
            continue;
        if (!is_digit(s, at)) {
            at++;
            continue;
        }
        size_t n = digits_at(s, at);
        if (!timed && !d.year && take_absolute(s, &at, &found, &d))
            continue;
        if (!timed && take_unix(s, &at, &found))
            continue;
        if (fresh) {
            size_t p = at;
            if (!timed && take_time_of_day(s, &p, &found)) {
                take_sequence(s, at, &found);
                at = p;
                continue;
            }
        }
        take_sequence(s, at, &found);
        at += n;
    }
    if (h->kind == MT_PATH_NO_TIME && found.kind != MT_PATH_NO_TIME) {
        h->kind = found.kind;
        h->time_ns = found.time_ns;
        h->step_ns = found.step_ns;
        h->zone_known = found.zone_known;
    }
    if (!h->has_sequence && found.has_sequence) {
        h->has_sequence = true;
        h->sequence = found.sequence;
        h->sequence_is_suffix = found.sequence_is_suffix;
    }
    if (!day->year)
        *day = d;
}

bool mt_time_from_path(struct mt_span path, struct mt_path_hint *hint)
{
    *hint = (struct mt_path_hint){0};
    struct day day = {0};
    while (path.size) {
        size_t slash = mt_span_find_last_byte(path, '/');
        struct mt_span part = slash == MT_NPOS ? path : mt_span_from(path, slash + 1);
        look_at(part, hint, &day);
        path = mt_span_sub(path, 0, slash == MT_NPOS ? 0 : slash);
    }
    if (hint->kind == MT_PATH_TIME_OF_DAY && day.year)
        with_day(&day, hint);
    return hint->kind != MT_PATH_NO_TIME || hint->has_sequence;
}

int mt_natural_compare(struct mt_span a, struct mt_span b)
{
    size_t i = 0, k = 0;
    while (i < a.size && k < b.size) {
        if (!is_digit(a, i) || !is_digit(b, k)) {
            if (a.data[i] != b.data[k])
                return a.data[i] < b.data[k] ? -1 : 1;
            i++;
            k++;
            continue;
        }
        while (i + 1 < a.size && a.data[i] == '0' && is_digit(a, i + 1))
            i++;
        while (k + 1 < b.size && b.data[k] == '0' && is_digit(b, k + 1))
            k++;
        size_t n = digits_at(a, i), m = digits_at(b, k);
        if (n != m)
            return n < m ? -1 : 1;
        int order = memcmp(a.data + i, b.data + k, n);
        if (order)
            return order < 0 ? -1 : 1;
        i += n;
        k += n;
    }
    if (a.size - i != b.size - k)
        return a.size - i < b.size - k ? -1 : 1;
    return mt_span_compare(a, b);
}
