/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/time.h"

/* Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant, "chrono-Compatible Low-Level
 * Date Algorithms", days_from_civil). */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

bool mt_time_from_civil(int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute,
                        int64_t second, int64_t ns, int64_t *time_ns)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 || ns < 0 ||
        ns >= MT_SECOND_NS)
        return false;
    int64_t seconds = ((days_from_civil(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    if (seconds > INT64_MAX / MT_SECOND_NS - 1 || seconds < INT64_MIN / MT_SECOND_NS + 1)
        return false;
    *time_ns = seconds * MT_SECOND_NS + ns;
    return true;
}

struct mt_civil mt_time_civil(int64_t time_ns)
{
    int64_t seconds = time_ns / MT_SECOND_NS, ns = time_ns % MT_SECOND_NS;
    if (ns < 0) {
        ns += MT_SECOND_NS;
        seconds--;
    }
    int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    struct mt_civil c = {.ns = ns};
    c.day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    c.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    c.year = year_of_era + era * 400 + (c.month <= 2);
    c.hour = (int)(rest / 3600);
    c.minute = (int)(rest / 60 % 60);
    c.second = (int)(rest % 60);
    return c;
}

/* Exactly n digits. */
static bool take_digits(struct mt_span *s, size_t n, int64_t *value)
{
    if (s->size < n)
        return false;
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s->data[i] < '0' || s->data[i] > '9')
            return false;
        v = v * 10 + (s->data[i] - '0');
    }
    *value = v;
    *s = mt_span_from(*s, n);
    return true;
}

/* Fraction of a second to ns; digits beyond the ninth are dropped. */
static int64_t take_fraction(struct mt_span *s)
{
    if (s->size < 2 || (s->data[0] != '.' && s->data[0] != ',') || s->data[1] < '0' ||
        s->data[1] > '9')
        return 0;
    int64_t ns = 0, unit = MT_SECOND_NS;
    size_t i = 1;
    for (; i < s->size && s->data[i] >= '0' && s->data[i] <= '9'; i++) {
        unit /= 10;
        ns += unit * (s->data[i] - '0');
    }
    *s = mt_span_from(*s, i);
    return ns;
}

/* "Z", "+01:00", "+0100", " UTC"; seconds east of UTC. */
static bool take_zone(struct mt_span *s, int64_t *east_s)
{
    *east_s = 0;
    if (mt_span_take(s, "Z") || mt_span_take(s, "z") || mt_span_take(s, " UTC") ||
        mt_span_take(s, " GMT"))
        return true;
    struct mt_span rest = *s;
    mt_span_take(&rest, " ");
    bool west = mt_span_take(&rest, "-");
    if (!west && !mt_span_take(&rest, "+"))
        return false;
    int64_t hours, minutes;
    if (!take_digits(&rest, 2, &hours))
        return false;
    mt_span_take(&rest, ":");
    if (!take_digits(&rest, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *east_s = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
    *s = rest;
    return true;
}

static bool take_calendar(struct mt_span *s, int64_t *time_ns, bool *zone_known)
{
    struct mt_span rest = *s;
    int64_t year, month, day, hour, minute, second = 0;
    if (!take_digits(&rest, 4, &year) || rest.size < 1 ||
        (rest.data[0] != '-' && rest.data[0] != '/'))
        return false;
    const char separator[2] = {(char)rest.data[0], '\0'};
    if (!mt_span_take(&rest, separator) || !take_digits(&rest, 2, &month) ||
        !mt_span_take(&rest, separator) || !take_digits(&rest, 2, &day))
        return false;
    if (!mt_span_take(&rest, "T") && !mt_span_take(&rest, "t") && !mt_span_take(&rest, " "))
        return false;
    if (!take_digits(&rest, 2, &hour) || !mt_span_take(&rest, ":") ||
        !take_digits(&rest, 2, &minute))
        return false;
    if (mt_span_take(&rest, ":") && !take_digits(&rest, 2, &second))
        return false;
    int64_t ns = take_fraction(&rest), east_s;
    *zone_known = take_zone(&rest, &east_s);
    if (!mt_time_from_civil(year, month, day, hour, minute, second, ns, time_ns))
        return false;
    if (*time_ns > INT64_MAX - 86400 * MT_SECOND_NS || *time_ns < INT64_MIN + 86400 * MT_SECOND_NS)
        return false;
    *time_ns -= east_s * MT_SECOND_NS;
    *s = rest;
    return true;
}

static bool take_unix(struct mt_span *s, int64_t *time_ns)
{
    struct mt_span rest = *s;
    uint64_t number;
    size_t before = rest.size;
    if (!mt_span_take_u64(&rest, &number))
        return false;
    static const struct {
        size_t digits;
        int64_t unit_ns;
    } forms[] = {{10, MT_SECOND_NS}, {13, 1000000}, {16, 1000}, {19, 1}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (before - rest.size != forms[i].digits ||
            number > (uint64_t)(INT64_MAX / forms[i].unit_ns - 1))
            continue;
        *time_ns = (int64_t)number * forms[i].unit_ns;
        if (forms[i].digits == 10)
            *time_ns += take_fraction(&rest);
        *s = rest;
        return true;
    }
    return false;
}

bool mt_time_take(struct mt_span *s, int64_t *time_ns, bool *zone_known)
{
    if (take_calendar(s, time_ns, zone_known))
        return true;
    *zone_known = true;
    return take_unix(s, time_ns);
}

bool mt_time_parse(struct mt_span s, int64_t *time_ns, bool *zone_known)
{
    return mt_time_take(&s, time_ns, zone_known) && !s.size;
}
