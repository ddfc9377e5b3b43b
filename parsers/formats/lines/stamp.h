/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times as they stand in text logs, beyond the forms of mt_time_take: what `date` prints, and where
 * in a line a time is looked for. zone_known is false when no zone stood there, or only a name like
 * "CET" that stands for different offsets in different places; the time is then taken as UTC and
 * the clock stage of the bundle finds the offset.
 */
#ifndef MT_FORMATS_LINES_STAMP_H
#define MT_FORMATS_LINES_STAMP_H

#include "parsers/model/time.h"

/* Takes a time off the front: all that mt_time_take knows, and "Sun Nov 22 19:04:21 UTC 2026", "Sun
 * 22 Nov 2026 07:04:21 PM CET", "Sun, 22 Nov 2026 19:04:21 +0000", "22/Nov/2026:19:04:21 +0000",
 * "Sunday, November 22, 2026 7:04:21 PM", "22.11.2026 19:04:21", and where one of day and month is
 * above 12, "11/22/2026 7:04:21 PM" or "22/11/2026 19:04:21". A bare number counts as Unix time
 * only between 2001 and 2100. False leaves *s alone. */
bool mt_stamp_take(struct mt_span *s, int64_t *time_ns, bool *zone_known);

/* The line is a time and nothing else, as a loop prints between its records: any form of
 * mt_stamp_take, also behind "#", "---", "scrape", "time:" and the like. */
bool mt_stamp_alone(struct mt_span line, int64_t *time_ns, bool *zone_known);

/* The time of a log line: at its front (blanks, quotes and brackets may precede), or the first
 * calendar date within its first 96 bytes ("[123] 2026/11/22 ...", "INFO 2026-...", "ts=2026-...").
 */
bool mt_stamp_of_line(struct mt_span line, int64_t *time_ns, bool *zone_known);

/* A number as Unix time by magnitude: seconds, ms, us or ns, from 2001 to 2100. */
bool mt_stamp_from_number(double number, int64_t *time_ns);

#endif
