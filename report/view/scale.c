/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/scale.h"

#include "parsers/model/time.h"

#include <math.h>

double mt_scale_at(const struct mt_scale *s, double value)
{
    if (!(s->to > s->from))
        return s->at_from;
    return s->at_from + (value - s->from) / (s->to - s->from) * (s->at_to - s->at_from);
}

/* The least of 1, 2, 2.5, 5 times a power of ten that is not below `least`. */
static double round_step(double least)
{
    double power = pow(10, floor(log10(least)));
    static const double steps[] = {1, 2, 2.5, 5, 10};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power >= least * (1 - 1e-9))
            return steps[i] * power;
    return 10 * power;
}

/* Ticks in a unit of `size` each. */
static struct mt_ticks ticks(struct mt_arena *a, double from, double to, double size, size_t most)
{
    if (!(to > from))
        to = from + size;
    double step = round_step((to - from) / size / (double)most);
    if (size > 1 && step < 0.1)
        step = 0.1;
    if (size <= 1 && step < 1)
        step = 1;
    double first = ceil(from / size / step - 1e-9), last = ceil(to / size / step - 1e-9);
    struct mt_ticks t = {0};
    t.n = (size_t)(last - first) + 1;
    t.items = MT_NEW_N(a, struct mt_tick, t.n);
    int decimals = step == floor(step) ? 0 : 1;
    for (size_t i = 0; i < t.n; i++) {
        double value = (first + (double)i) * step;
        t.items[i] = (struct mt_tick){value * size, mt_fmt_fixed(a, value, decimals)};
    }
    return t;
}

struct mt_ticks mt_ticks_bytes(struct mt_arena *a, double from, double to, size_t most)
{
    struct mt_byte_unit unit = mt_byte_unit_for(to);
    struct mt_ticks t = ticks(a, from, to, unit.bytes, most);
    t.unit = unit.name;
    return t;
}

struct mt_ticks mt_ticks_plain(struct mt_arena *a, double from, double to, size_t most)
{
    return ticks(a, from, to, 1, most);
}

static const char *time_label(struct mt_arena *a, int64_t time_ns, int64_t step_s)
{
    struct mt_civil c = mt_time_civil(time_ns);
    if (step_s >= 86400)
        return mt_arena_printf(a, "%02d-%02d", c.month, c.day);
    if (step_s >= 60)
        return mt_arena_printf(a, "%02d:%02d", c.hour, c.minute);
    return mt_fmt_clock(a, time_ns);
}

struct mt_ticks mt_ticks_time(struct mt_arena *a, int64_t start_ns, int64_t end_ns, size_t most)
{
    static const int64_t steps[] = {1,      2,      5,       10,      15,      30,
                                    60,     120,    300,     600,     900,     1800,
                                    3600,   7200,   10800,   21600,   43200,   86400,
                                    172800, 604800, 1209600, 2592000, 7776000, 31536000};
    struct mt_ticks t = {0};
    if (end_ns <= start_ns)
        return t;
    size_t i = 0;
    double seconds = ((double)end_ns - (double)start_ns) / 1e9;
    while (i + 1 < sizeof steps / sizeof *steps && seconds / (double)steps[i] > (double)most)
        i++;
    int64_t step = steps[i] * MT_SECOND_NS;
    int64_t first = start_ns / step * step;
    if (first < start_ns)
        first += step;
    if (first > end_ns || seconds / (double)steps[i] > 1000)
        return t;
    t.n = (size_t)((end_ns - first) / step) + 1;
    t.items = MT_NEW_N(a, struct mt_tick, t.n);
    for (size_t k = 0; k < t.n; k++) {
        int64_t at = first + (int64_t)k * step;
        t.items[k] = (struct mt_tick){(double)(at - start_ns), time_label(a, at, steps[i])};
    }
    return t;
}

struct mt_ticks mt_ticks_log_ms(struct mt_arena *a, double low_ns, double high_ns)
{
    struct mt_ticks t = {.unit = "ms"};
    int first = (int)floor(log10(fmax(low_ns, 1) / 1e6));
    int last = (int)ceil(log10(fmax(high_ns, 10) / 1e6));
    if (last <= first)
        last = first + 1;
    t.n = (size_t)(last - first + 1);
    t.items = MT_NEW_N(a, struct mt_tick, t.n);
    for (size_t i = 0; i < t.n; i++) {
        int power = first + (int)i;
        double ms = pow(10, power);
        t.items[i] = (struct mt_tick){ms * 1e6, mt_fmt_fixed(a, ms, power < 0 ? -power : 0)};
    }
    return t;
}

void mt_push_apart(double *at, size_t n, double gap, double low, double high)
{
    if (!n)
        return;
    if (at[0] < low)
        at[0] = low;
    for (size_t i = 1; i < n; i++)
        if (at[i] < at[i - 1] + gap)
            at[i] = at[i - 1] + gap;
    if (at[n - 1] <= high)
        return;
    at[n - 1] = high;
    for (size_t i = n - 1; i--;)
        if (at[i] > at[i + 1] - gap)
            at[i] = at[i + 1] - gap;
    if (at[0] >= low)
        return;
    at[0] = low; /* too many for the room: the top stays readable, the rest runs over */
    for (size_t i = 1; i < n; i++)
        if (at[i] < at[i - 1] + gap)
            at[i] = at[i - 1] + gap;
}
