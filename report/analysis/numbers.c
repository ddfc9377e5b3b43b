/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/numbers.h"

#include "parsers/base/text.h"
#include "parsers/model/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const unknown = "unknown";

/* Puts thousands separators into digits such as "-1234567.8". */
static const char *grouped(struct mt_arena *a, const char *digits)
{
    char out[96];
    size_t n = 0;
    if (*digits == '-' || *digits == '+')
        out[n++] = *digits++;
    size_t whole = strspn(digits, "0123456789");
    for (size_t i = 0; i < whole && n + 2 < sizeof out; i++) {
        if (i && (whole - i) % 3 == 0)
            out[n++] = ',';
        out[n++] = digits[i];
    }
    size_t rest = strlen(digits + whole);
    if (n + rest >= sizeof out)
        rest = 0;
    memcpy(out + n, digits + whole, rest);
    return mt_arena_copy(a, out, n + rest);
}

static const char *fixed(struct mt_arena *a, double value, int decimals, bool sign)
{
    if (!isfinite(value) || fabs(value) >= 1e18)
        return unknown;
    char digits[48];
    snprintf(digits, sizeof digits, sign ? "%+.*f" : "%.*f", decimals, value);
    if (strspn(digits, "+-0.") == strlen(digits)) /* zero has no sign */
        snprintf(digits, sizeof digits, "%.*f", decimals, 0.0);
    return grouped(a, digits);
}

const char *mt_fmt_fixed(struct mt_arena *a, double value, int decimals)
{
    return fixed(a, value, decimals, false);
}

const char *mt_fmt_count(struct mt_arena *a, double count)
{
    return fixed(a, count, 0, false);
}

const char *mt_fmt_count_delta(struct mt_arena *a, double count)
{
    return fixed(a, count, 0, true);
}

struct mt_byte_unit mt_byte_unit_for(double largest)
{
    static const struct mt_byte_unit units[] = {
        {"B", 1}, {"KiB", 1024}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1099511627776.0}};
    size_t i = 0;
    /* 999.95 of a unit would print as 1,000.0: still shorter than the next unit's fraction. */
    while (i + 1 < sizeof units / sizeof *units && fabs(largest) >= units[i + 1].bytes)
        i++;
    return units[i];
}

const char *mt_fmt_in(struct mt_arena *a, struct mt_byte_unit unit, double bytes)
{
    return fixed(a, bytes / unit.bytes, unit.bytes > 1, false);
}

const char *mt_fmt_in_delta(struct mt_arena *a, struct mt_byte_unit unit, double bytes)
{
    return fixed(a, bytes / unit.bytes, unit.bytes > 1, true);
}

static const char *with_unit(struct mt_arena *a, const char *number, const char *unit)
{
    return mt_arena_printf(a, "%s" MT_NBSP "%s", number, unit);
}

const char *mt_fmt_bytes(struct mt_arena *a, double bytes)
{
    if (!isfinite(bytes))
        return unknown;
    struct mt_byte_unit unit = mt_byte_unit_for(bytes);
    return with_unit(a, mt_fmt_in(a, unit, bytes), unit.name);
}

const char *mt_fmt_bytes_delta(struct mt_arena *a, double bytes)
{
    if (!isfinite(bytes))
        return unknown;
    struct mt_byte_unit unit = mt_byte_unit_for(bytes);
    return with_unit(a, mt_fmt_in_delta(a, unit, bytes), unit.name);
}

const char *mt_fmt_exact_bytes(struct mt_arena *a, double bytes)
{
    return with_unit(a, mt_fmt_count(a, bytes), "bytes");
}

/* An interval beyond this many times the rate is not told in the rate's unit. */
static const double MOST_TIMES = 5;

/* Seconds of the unit of time a rate is given in. */
static double rate_seconds(double bytes_per_second)
{
    return fabs(bytes_per_second) * 60 < 0.1 * (1 << 20) ? 3600 : 60;
}

const char *mt_fmt_byte_rate(struct mt_arena *a, double per_second)
{
    if (!isfinite(per_second))
        return unknown;
    double seconds = rate_seconds(per_second);
    return mt_arena_printf(a, "%s/%s", mt_fmt_bytes_delta(a, per_second * seconds),
                           seconds > 60 ? "h" : "min");
}

const char *mt_fmt_byte_rate_range(struct mt_arena *a, double per_second, double low, double high)
{
    if (!isfinite(low) || !isfinite(high))
        return "";
    double widest = fmax(fabs(low), fabs(high));
    bool own = widest > MOST_TIMES * fabs(per_second);
    double seconds = rate_seconds(own ? widest : per_second);
    struct mt_byte_unit unit = mt_byte_unit_for((own ? widest : per_second) * seconds);
    const char *range = mt_arena_printf(a, "%s to %s", mt_fmt_in(a, unit, low * seconds),
                                        mt_fmt_in(a, unit, high * seconds));
    return own ? mt_arena_printf(a, "%s" MT_NBSP "%s/%s", range, unit.name,
                                 seconds > 60 ? "h" : "min")
               : range;
}

const char *mt_fmt_count_rate(struct mt_arena *a, double per_second)
{
    if (!isfinite(per_second))
        return unknown;
    bool hour = fabs(per_second) * 60 < 0.1;
    return mt_arena_printf(a, "%s/%s", fixed(a, per_second * (hour ? 3600 : 60), 1, true),
                           hour ? "h" : "min");
}

const char *mt_fmt_share(struct mt_arena *a, double share)
{
    if (!isfinite(share))
        return unknown;
    if (share > 0 && share < 0.0005)
        return "<0.1%";
    return mt_arena_printf(a, "%s%%", fixed(a, share * 100, 1, false));
}

const char *mt_fmt_share_delta(struct mt_arena *a, double share)
{
    if (!isfinite(share))
        return unknown;
    return mt_arena_printf(a, "%s%%", fixed(a, share * 100, 1, true));
}

const char *mt_fmt_duration(struct mt_arena *a, double ns)
{
    if (!isfinite(ns) || fabs(ns) > 1e18)
        return unknown;
    double seconds = fabs(ns) / 1e9;
    const char *sign = ns < 0 ? "-" : "";
    if (seconds < 0.9995) {
        double ms = seconds * 1e3;
        int decimals = ms >= 99.95 ? 0 : ms >= 0.995 ? 1 : ms >= 0.0095 ? 2 : 3;
        if (ms >= 9.95 && fabs(ms - round(ms)) < 0.05)
            decimals = 0; /* "90 ms" */
        return mt_arena_printf(a, "%s%.*f" MT_NBSP "ms", sign, decimals, ms);
    }
    if (seconds < 9.95 && fabs(seconds - round(seconds)) >= 0.05)
        return mt_arena_printf(a, "%s%.1f" MT_NBSP "s", sign, seconds);
    uint64_t whole = (uint64_t)(seconds + 0.5);
    if (whole < 60)
        return mt_arena_printf(a, "%s%llu" MT_NBSP "s", sign, (unsigned long long)whole);
    static const struct {
        uint64_t seconds;
        const char *big, *small;
        uint64_t small_seconds;
    } steps[] = {{86400, "d", "h", 3600}, {3600, "h", "min", 60}, {60, "min", "s", 1}};
    size_t i = 0;
    while (whole < steps[i].seconds)
        i++;
    uint64_t step = steps[i].small_seconds;
    whole = (whole + step / 2) / step * step;
    uint64_t small = whole % steps[i].seconds / step;
    if (!small)
        return mt_arena_printf(a, "%s%llu" MT_NBSP "%s", sign,
                               (unsigned long long)(whole / steps[i].seconds), steps[i].big);
    return mt_arena_printf(a, "%s%llu" MT_NBSP "%s %llu" MT_NBSP "%s", sign,
                           (unsigned long long)(whole / steps[i].seconds), steps[i].big,
                           (unsigned long long)small, steps[i].small);
}

const char *mt_fmt_ms(struct mt_arena *a, double ns)
{
    return fixed(a, ns / 1e6, 3, false);
}

const char *mt_fmt_date_time(struct mt_arena *a, int64_t time_ns)
{
    if (time_ns == MT_NO_TIME)
        return unknown;
    struct mt_civil c = mt_time_civil(time_ns);
    return mt_arena_printf(a, "%04lld-%02d-%02d %02d:%02d:%02d", (long long)c.year, c.month, c.day,
                           c.hour, c.minute, c.second);
}

const char *mt_fmt_clock(struct mt_arena *a, int64_t time_ns)
{
    if (time_ns == MT_NO_TIME)
        return unknown;
    struct mt_civil c = mt_time_civil(time_ns);
    return mt_arena_printf(a, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}

const char *mt_fmt_clock_ms(struct mt_arena *a, int64_t time_ns)
{
    if (time_ns == MT_NO_TIME)
        return unknown;
    struct mt_civil c = mt_time_civil(time_ns);
    return mt_arena_printf(a, "%02d:%02d:%02d.%03d", c.hour, c.minute, c.second,
                           (int)(c.ns / 1000000));
}

const char *mt_fmt_window(struct mt_arena *a, int64_t start_ns, int64_t end_ns)
{
    if (start_ns == MT_NO_TIME || end_ns == MT_NO_TIME)
        return "no time known";
    struct mt_civil s = mt_time_civil(start_ns), e = mt_time_civil(end_ns);
    bool same_day = s.year == e.year && s.month == e.month && s.day == e.day;
    return mt_arena_printf(a, "%s to %s UTC", mt_fmt_date_time(a, start_ns),
                           same_day ? mt_fmt_clock(a, end_ns) : mt_fmt_date_time(a, end_ns));
}

const char *mt_fmt_plural(struct mt_arena *a, double n, const char *one, const char *many)
{
    return mt_arena_printf(a, "%s %s", mt_fmt_count(a, n), n == 1 ? one : many);
}

static bool is_unit(struct mt_span rest)
{
    static const char *const units[] = {"B",  "KiB", "MiB", "GiB", "TiB", "bytes", "ns",
                                        "us", "ms",  "s",   "min", "h",   "d",     "%"};
    size_t word = 0;
    while (word < rest.size && rest.data[word] > 0x20 && !strchr(",;.:)/", rest.data[word]))
        word++;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (mt_span_is(mt_span_sub(rest, 0, word), units[i]))
            return true;
    return false;
}

const char *mt_fmt_tied(struct mt_arena *a, const char *text)
{
    if (!text)
        return "";
    struct mt_text out = {0};
    struct mt_span s = mt_span_of(text);
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] == ' ' && i && s.data[i - 1] >= '0' && s.data[i - 1] <= '9' &&
            is_unit(mt_span_from(s, i + 1)))
            mt_text_add(&out, MT_NBSP);
        else
            mt_text_byte(&out, (char)s.data[i]);
    const char *tied = mt_arena_copy(a, out.data ? out.data : "", out.size);
    mt_text_clear(&out);
    return tied;
}

const char *mt_fmt_amount(struct mt_arena *a, const char *unit, double value)
{
    if (strcmp(unit, "bytes") == 0)
        return mt_fmt_bytes(a, value);
    if (strcmp(unit, "bytes/s") == 0)
        return mt_arena_printf(a, "%s/s", mt_fmt_bytes(a, value));
    if (strcmp(unit, "ns") == 0 || strcmp(unit, "nanoseconds") == 0)
        return mt_fmt_duration(a, value);
    if (strcmp(unit, "ratio") == 0)
        return fabs(value) < 0.01 ? mt_arena_printf(a, "%s%%", mt_fmt_fixed(a, value * 100, 2))
                                  : mt_fmt_share(a, value);
    const char *rate = strcmp(unit, "objects/s") == 0 ? "/s" : "";
    bool whole = !(fabs(value) < 1000) || value == floor(value); /* medians of counts may be 46.5 */
    return mt_arena_printf(a, "%s%s", whole ? mt_fmt_count(a, value) : mt_fmt_fixed(a, value, 1),
                           rate);
}

const char *mt_fmt_amount_delta(struct mt_arena *a, const char *unit, double delta, double base)
{
    const char *size = mt_fmt_amount(a, unit, fabs(delta));
    const char *sign = delta > 0 ? "+" : delta < 0 ? "-" : "";
    if (!(fabs(base) > 0))
        return mt_arena_printf(a, "%s%s", sign, size);
    return mt_arena_printf(a, "%s%s (%s)", sign, size, mt_fmt_share_delta(a, delta / fabs(base)));
}
