/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of the runtime count from the start of the process. Other lines of the same log carry
 * dates: a dated line before a cycle's line and one behind it bracket the start of the process, and
 * all brackets together narrow it down. Logs whose every line is stamped (containers) say it best.
 */
#ifndef MT_FORMATS_GCTRACE_ANCHOR_H
#define MT_FORMATS_GCTRACE_ANCHOR_H

#include "parsers/formats/gctrace/process.h"

struct mt_gctrace_stamp {
    int64_t time_ns; /* MT_NO_TIME: none */
    int64_t resolution_ns;
    bool zone_unknown;
};

/* The time a log line begins with or, in JSON, carries under one of the usual names. */
struct mt_gctrace_stamp mt_gctrace_stamp_of(struct mt_span line);

/* The same of a container log's time for the line; zeros at its end are taken for lack of digits.
 */
struct mt_gctrace_stamp mt_gctrace_stamp_of_wrapper(int64_t time_ns, bool zone_known);

/* A dated line that is not of the runtime stands behind what the processes wrote so far. */
void mt_gctrace_dated(struct mt_gctrace_processes *all, const struct mt_gctrace_stamp *stamp);
/* The process wrote at printed_ns of its own clock, behind the log's last dated line (or none). */
void mt_gctrace_written(struct mt_gctrace_process *p, int64_t printed_ns,
                        const struct mt_gctrace_stamp *last);
/* The cycle's own line is stamped. */
void mt_gctrace_stamped(struct mt_gctrace_process *p, struct mt_gc_cycle *cycle,
                        const struct mt_gctrace_stamp *stamp);

/* Gives cycles and rows their time, or none where nothing dated stands near. */
void mt_gctrace_align(struct mt_capture *out, struct mt_gctrace_process *p);

#endif
