/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/lines/stamp.h"

#include <string.h>

enum { LINE_FRONT = 96, OLDEST_YEAR = 1971, NEWEST_YEAR = 2200 };

static const int64_t OLDEST_S = 978307200, NEWEST_S = 4102444800; /* 2001, 2100 */

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One to most digits. */
static bool take_number(struct mt_span *s, size_t most, int64_t *value)
{
    size_t n = 0;
    int64_t v = 0;
    for (; n < s->size && n < most && is_digit(s->data[n]); n++)
        v = v * 10 + (s->data[n] - '0');
    if (!n)
        return false;
    *value = v;
    *s = mt_span_from(*s, n);
    return true;
}

static void take_blanks(struct mt_span *s)
{
    while (mt_span_take(s, " "))
        ;
}

/* "Nov" or "November"; at least three letters count, the rest of the word is passed over. */
static bool take_name(struct mt_span *s, const char *names, int64_t *index)
{
    for (int64_t i = 0; names[3 * i]; i++) {
        if (s->size < 3 || memcmp(s->data, names + 3 * i, 3) != 0)
            continue;
        size_t n = 3;
        while (n < s->size && is_letter(s->data[n]))
            n++;
        *s = mt_span_from(*s, n);
        *index = i;
        return true;
    }
    return false;
}

static bool take_month(struct mt_span *s, int64_t *month)
{
    if (!take_name(s, "JanFebMarAprMayJunJulAugSepOctNovDec", month))
        return false;
    ++*month;
    return true;
}

struct clock_time {
    int64_t hour, minute, second, ns;
};

/* "19:04:21", "07:04:21.5 PM" */
static bool take_clock(struct mt_span *s, struct clock_time *t)
{
    if (!take_number(s, 2, &t->hour) || !mt_span_take(s, ":") || !take_number(s, 2, &t->minute) ||
        !mt_span_take(s, ":") || !take_number(s, 2, &t->second))
        return false;
    t->ns = 0;
    if (mt_span_take(s, ".")) {
        int64_t unit = MT_SECOND_NS;
        while (s->size && is_digit(s->data[0])) {
            unit /= 10;
            t->ns += unit * (s->data[0] - '0');
            *s = mt_span_from(*s, 1);
        }
    }
    bool pm = mt_span_take(s, " PM") || mt_span_take(s, " pm");
    if (pm || mt_span_take(s, " AM") || mt_span_take(s, " am")) {
        if (t->hour < 1 || t->hour > 12)
            return false;
        t->hour = t->hour % 12 + (pm ? 12 : 0);
    }
    return true;
}

struct zone {
    bool known;
    int64_t east_s;
};

/* " UTC", " +0100", "Z"; a name of other letters is taken but not known. */
static void take_zone(struct mt_span *s, struct zone *zone)
{
    *zone = (struct zone){0};
    struct mt_span rest = *s;
    take_blanks(&rest);
    if (mt_span_starts(rest, "+") || mt_span_starts(rest, "-")) {
        bool west = rest.data[0] == '-';
        rest = mt_span_from(rest, 1);
        int64_t hhmm;
        size_t before = rest.size;
        if (!take_number(&rest, 4, &hhmm) || before - rest.size != 4 || hhmm % 100 > 59 ||
            hhmm / 100 > 23)
            return;
        zone->known = true;
        zone->east_s = (west ? -1 : 1) * (hhmm / 100 * 3600 + hhmm % 100 * 60);
        *s = rest;
        return;
    }
    size_t n = 0;
    while (n < rest.size && n < 6 && rest.data[n] >= 'A' && rest.data[n] <= 'Z')
        n++;
    struct mt_span name = mt_span_sub(rest, 0, n);
    if (!n)
        return;
    zone->known = mt_span_is(name, "UTC") || mt_span_is(name, "GMT") || mt_span_is(name, "Z");
    *s = mt_span_from(rest, n);
}

struct calendar {
    int64_t year, month, day;
    struct clock_time clock;
    struct zone zone;
};

static bool take_year(struct mt_span *s, int64_t *year)
{
    size_t before = s->size;
    return take_number(s, 4, year) && before - s->size == 4;
}

/* Behind the month: " 22 19:04:21 UTC 2026", " 22, 2026 7:04:21 PM" */
static bool take_month_first(struct mt_span *s, struct calendar *c)
{
    take_blanks(s);
    if (!take_number(s, 2, &c->day))
        return false;
    if (mt_span_take(s, ",")) {
        take_blanks(s);
        if (!take_year(s, &c->year))
            return false;
        take_blanks(s);
        return take_clock(s, &c->clock);
    }
    take_blanks(s);
    if (!take_clock(s, &c->clock))
        return false;
    take_zone(s, &c->zone);
    take_blanks(s);
    return take_year(s, &c->year);
}

/* Behind the first number of "11/22/2026 7:04:21 PM" and "22/11/2026 19:04:21": which of the two is
 * the month shows only where the other is above 12. */
static bool take_slashes(struct mt_span *s, struct calendar *c)
{
    int64_t first = c->day, second;
    if (!take_number(s, 2, &second) || !mt_span_take(s, "/") || !take_year(s, &c->year) ||
        (first > 12) == (second > 12))
        return false;
    c->day = first > 12 ? first : second;
    c->month = first > 12 ? second : first;
    mt_span_take(s, ",");
    take_blanks(s);
    if (!take_clock(s, &c->clock))
        return false;
    take_zone(s, &c->zone);
    return true;
}

/* "22 Nov 2026 19:04:21 UTC", "22/Nov/2026:19:04:21 +0000", "22.11.2026 19:04:21" */
static bool take_day_first(struct mt_span *s, struct calendar *c)
{
    if (!take_number(s, 2, &c->day))
        return false;
    if (mt_span_take(s, ".")) {
        if (!take_number(s, 2, &c->month) || !mt_span_take(s, ".") || !take_year(s, &c->year))
            return false;
        mt_span_take(s, ",");
        take_blanks(s);
        if (!take_clock(s, &c->clock))
            return false;
        take_zone(s, &c->zone);
        return true;
    }
    bool slashes = mt_span_take(s, "/");
    if (slashes && s->size && is_digit(s->data[0]))
        return take_slashes(s, c);
    take_blanks(s);
    if (!take_month(s, &c->month) || (slashes && !mt_span_take(s, "/")))
        return false;
    take_blanks(s);
    if (!take_year(s, &c->year) || (slashes && !mt_span_take(s, ":")))
        return false;
    take_blanks(s);
    if (!take_clock(s, &c->clock))
        return false;
    take_zone(s, &c->zone);
    return true;
}

/* What `date`, ctime, RFC 1123 and PowerShell print. */
static bool take_named_month(struct mt_span *s, int64_t *time_ns, bool *zone_known)
{
    struct mt_span rest = *s;
    int64_t weekday;
    if (take_name(&rest, "SunMonTueWedThuFriSat", &weekday)) {
        mt_span_take(&rest, ",");
        take_blanks(&rest);
    }
    struct calendar c = {0};
    if (!(take_month(&rest, &c.month) ? take_month_first(&rest, &c) : take_day_first(&rest, &c)))
        return false;
    const struct clock_time *t = &c.clock;
    if (c.year < OLDEST_YEAR || c.year > NEWEST_YEAR ||
        !mt_time_from_civil(c.year, c.month, c.day, t->hour, t->minute, t->second, t->ns, time_ns))
        return false;
    *time_ns -= c.zone.east_s * MT_SECOND_NS;
    *zone_known = c.zone.known;
    *s = rest;
    return true;
}

bool mt_stamp_take(struct mt_span *s, int64_t *time_ns, bool *zone_known)
{
    struct mt_span rest = *s;
    bool bare = rest.size > 4 && rest.data[4] != '-' && rest.data[4] != '/';
    if (mt_time_take(&rest, time_ns, zone_known)) {
        int64_t seconds = *time_ns / MT_SECOND_NS;
        if (!bare || (seconds >= OLDEST_S && seconds <= NEWEST_S)) {
            *s = rest;
            return true;
        }
    }
    return take_named_month(s, time_ns, zone_known);
}

static void strip(struct mt_span *s, const char *bytes)
{
    while (s->size && s->data[0] && strchr(bytes, s->data[0]))
        *s = mt_span_from(*s, 1);
}

/* "scrape ", "time: "; false when no such word is next. */
static bool take_word(struct mt_span *s)
{
    static const char *const words[] = {"scrape", "timestamp", "time",   "date",
                                        "at",     "captured",  "sample", "ts"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct mt_span rest = *s, word = mt_span_of(words[i]);
        if (!mt_span_is_nocase(mt_span_sub(rest, 0, word.size), words[i]))
            continue;
        rest = mt_span_from(rest, word.size);
        if (!rest.size || is_letter(rest.data[0]))
            continue;
        strip(&rest, " \t:=");
        *s = rest;
        return true;
    }
    return false;
}

bool mt_stamp_alone(struct mt_span line, int64_t *time_ns, bool *zone_known)
{
    static const char dress[] = " \t#=*->[]\"'";
    line = mt_span_trim(line);
    if (line.size > 2 * LINE_FRONT)
        return false;
    strip(&line, dress);
    while (take_word(&line))
        ;
    strip(&line, dress);
    if (!mt_stamp_take(&line, time_ns, zone_known))
        return false;
    strip(&line, dress);
    return !line.size;
}

bool mt_stamp_of_line(struct mt_span line, int64_t *time_ns, bool *zone_known)
{
    struct mt_span front = mt_span_sub(line, 0, LINE_FRONT);
    strip(&front, " \t[(\"'");
    struct mt_span rest = front;
    if (mt_stamp_take(&rest, time_ns, zone_known) &&
        (!rest.size || (!is_letter(rest.data[0]) && !is_digit(rest.data[0]))))
        return true;
    for (size_t i = 0; i + 10 < front.size; i++) {
        unsigned char separator = front.data[i + 4];
        if (!is_digit(front.data[i]) || (i && is_digit(front.data[i - 1])) ||
            (separator != '-' && separator != '/') || front.data[i + 7] != separator)
            continue;
        rest = mt_span_from(front, i);
        if (mt_time_take(&rest, time_ns, zone_known))
            return true;
    }
    return false;
}

bool mt_stamp_from_number(double number, int64_t *time_ns)
{
    static const double units[] = {1e9, 1e6, 1e3, 1};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double ns = number * units[i];
        if (ns >= (double)OLDEST_S * 1e9 && ns <= (double)NEWEST_S * 1e9) {
            *time_ns = (int64_t)ns;
            return true;
        }
    }
    return false;
}
