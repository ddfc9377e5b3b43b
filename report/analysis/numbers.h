/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one formatter of numbers. All results live in the arena. A no-break space stands between a
 * number and its unit; signs are ASCII; what is not finite reads "unknown".
 */
#ifndef MT_ANALYSIS_NUMBERS_H
#define MT_ANALYSIS_NUMBERS_H

#include "parsers/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define MT_NBSP "\xc2\xa0"

/* "412.6 MiB", "17 B"; IEC units, one decimal from KiB on. */
const char *mt_fmt_bytes(struct mt_arena *a, double bytes);
const char *mt_fmt_bytes_delta(struct mt_arena *a, double bytes); /* "+231.0 MiB", "0 B" */
const char *mt_fmt_exact_bytes(struct mt_arena *a, double bytes); /* "116,425,851 bytes" */
/* "+51.0 MiB/min"; per hour where a minute gives less than 0.1 MiB */
const char *mt_fmt_byte_rate(struct mt_arena *a, double per_second);
/* The interval of such a rate in the same unit, without it: "39.9 to 64.3"; one that reaches far
 * beyond it has a unit of its own: "-1.9 to 3.4 MiB/min" of "0 B/h" */
const char *mt_fmt_byte_rate_range(struct mt_arena *a, double per_second, double low, double high);
const char *mt_fmt_count_rate(struct mt_arena *a, double per_second); /* "+3.2/min" */

const char *mt_fmt_count(struct mt_arena *a, double count);       /* "1,204" */
const char *mt_fmt_count_delta(struct mt_arena *a, double count); /* "+812,000", "0" */
const char *mt_fmt_share(struct mt_arena *a, double share);       /* 0.611: "61.1%", "<0.1%" */
const char *mt_fmt_share_delta(struct mt_arena *a, double share); /* "+127.2%" */
const char *mt_fmt_fixed(struct mt_arena *a, double value, int decimals); /* "3,057.2" */

/* "2 h 25 min", "2 min 46 s", "9.3 s", "237 ms", "0.42 ms" */
const char *mt_fmt_duration(struct mt_arena *a, double ns);
const char *mt_fmt_ms(struct mt_arena *a, double ns); /* "0.097", for a column of ms */

const char *mt_fmt_date_time(struct mt_arena *a, int64_t time_ns); /* "2026-11-22 19:35:06" */
const char *mt_fmt_clock(struct mt_arena *a, int64_t time_ns);     /* "19:35:06" */
const char *mt_fmt_clock_ms(struct mt_arena *a, int64_t time_ns);  /* "19:35:06.125" */
/* Both ends with the date once: "2026-11-22 19:35:06 to 19:38:06 UTC" */
const char *mt_fmt_window(struct mt_arena *a, int64_t start_ns, int64_t end_ns);

/* One unit for a whole column or axis. */
struct mt_byte_unit {
    const char *name; /* "MiB" */
    double bytes;
};
struct mt_byte_unit mt_byte_unit_for(double largest);
const char *mt_fmt_in(struct mt_arena *a, struct mt_byte_unit unit, double bytes); /* "3,057.2" */
const char *mt_fmt_in_delta(struct mt_arena *a, struct mt_byte_unit unit, double bytes);

/* By the unit's name, as comparisons carry it: "bytes", "bytes/s", "ns", "ratio", anything else is
 * counted (small ones that are not whole, medians, with one decimal). The delta is signed and
 * followed by its share of the base: "+38.2 MiB (+10.4%)". */
const char *mt_fmt_amount(struct mt_arena *a, const char *unit, double value);
const char *mt_fmt_amount_delta(struct mt_arena *a, const char *unit, double delta, double base);

/* "1 file", "2 files" */
const char *mt_fmt_plural(struct mt_arena *a, double n, const char *one, const char *many);

/* Text of others with a no-break space between each number and the unit behind it. */
const char *mt_fmt_tied(struct mt_arena *a, const char *text);

#endif
