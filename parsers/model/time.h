/* SPDX-License-Identifier: Apache-2.0 */
/* The one clock: signed ns since the Unix epoch, UTC. */
#ifndef MT_MODEL_TIME_H
#define MT_MODEL_TIME_H

#include "parsers/base/span.h"

#include <stdint.h>

#define MT_NO_TIME   INT64_MIN
#define MT_SECOND_NS 1000000000ll

enum mt_clock {
    MT_CLOCK_NONE,    /* not aligned: no rate from it counts as evidence */
    MT_CLOCK_ALIGNED, /* within the stated error */
    MT_CLOCK_SAME     /* absolute times of the host's clock */
};

/* Where the times of a part stand. A reader sets what the file itself says; the bundle's clock
 * stage finishes it (product.md, Clock). */
struct mt_clock_state {
    enum mt_clock clock;
    bool zone_unknown;  /* times were written without a zone and taken as UTC */
    int64_t error_ns;   /* MT_CLOCK_ALIGNED: half width of the doubt */
    const char *method; /* how it was aligned, in words; NULL where the file said so itself */
};

/* Days before 1970 and years 1..9999 work. False: not a calendar date. */
bool mt_time_from_civil(int64_t year, int64_t month, int64_t day, int64_t hour, int64_t minute,
                        int64_t second, int64_t ns, int64_t *time_ns);

struct mt_civil {
    int64_t year;
    int month, day, hour, minute, second;
    int64_t ns;
};
struct mt_civil mt_time_civil(int64_t time_ns);

/* Takes a time off the front of *s, in the forms logs use: RFC 3339 ("2026-11-22T19:35:06.5Z",
 * "+01:00", blank instead of T), "2026/11/22 19:35:06.000123", Unix seconds or ms or us or ns by
 * magnitude when 10, 13, 16 or 19 digits. *zone_known is false when no zone stood there (UTC
 * assumed). False leaves *s alone. */
bool mt_time_take(struct mt_span *s, int64_t *time_ns, bool *zone_known);
/* The whole span is a time. */
bool mt_time_parse(struct mt_span s, int64_t *time_ns, bool *zone_known);

#endif
