/* SPDX-License-Identifier: Apache-2.0 */
/* Axes: where a value stands, which ticks are drawn, and labels that do not overlap. */
#ifndef MT_VIEW_SCALE_H
#define MT_VIEW_SCALE_H

#include "report/view/numbers.h"

#include <stddef.h>

struct mt_scale {
    double from, to;       /* values */
    double at_from, at_to; /* pixels */
};
double mt_scale_at(const struct mt_scale *s, double value);

struct mt_tick {
    double value;
    const char *label;
};
struct mt_ticks {
    size_t n;
    struct mt_tick *items;
    const char *unit; /* "MiB", "ms"; NULL for plain counts */
};

/* Ticks at 1, 2, 2.5 or 5 times a power of ten from 0 (or the first one above `from`) to the first
 * one at or above `to`; at most `most` steps. */
struct mt_ticks mt_ticks_bytes(struct mt_arena *a, double from, double to, size_t most);
struct mt_ticks mt_ticks_plain(struct mt_arena *a, double from, double to, size_t most);
/* UTC ticks at round seconds, minutes, hours or days inside start..end; values are ns after start.
 */
struct mt_ticks mt_ticks_time(struct mt_arena *a, int64_t start_ns, int64_t end_ns, size_t most);
/* Powers of ten of a millisecond that cover low..high (ns); values are ns. */
struct mt_ticks mt_ticks_log_ms(struct mt_arena *a, double low_ns, double high_ns);

/* Moves positions, given in ascending order, as little as needed so that neighbours are `gap` apart
 * and all stay within low..high where that is possible. */
void mt_push_apart(double *at, size_t n, double gap, double low, double high);

#endif
