/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where both families of HotSpot logs, unified (JDK 9 and later) and classic, put their cycles: one
 * GC log a process, with what one line does not say derived from the others.
 */
#ifndef MT_FORMATS_JVM_GC_LOG_H
#define MT_FORMATS_JVM_GC_LOG_H

#include "parsers/formats/jvm_gc/sizes.h"
#include "parsers/model/capture.h"

enum { MT_JVM_LOGS = 4096 };

/* When a line was written, as far as it says. */
struct mt_jvm_times {
    int64_t time_ns;  /* Unix; MT_NO_TIME */
    int64_t since_ns; /* of the start of the process; MT_NO_TIME */
    bool zone_unknown;
};

struct mt_jvm_log {
    struct mt_capture *out;
    size_t index;          /* of the process's GC log, + 1; 0: no cycle yet */
    const char *collector; /* "G1"; NULL not known yet */
    uint64_t order;        /* cycles so far */
    struct mt_jvm_times last;
};

/* Another process begins (its banner, or a clock or number that goes back). */
void mt_jvm_log_restart(struct mt_jvm_log *log);
/* True, and a restart, when the line's uptime lies before the last one's. */
bool mt_jvm_log_note_time(struct mt_jvm_log *log, const struct mt_jvm_times *t);
/* A name seen in the log tells the collector; the first word counts, except that CMS may share the
 * young generation of Serial. */
void mt_jvm_log_collector(struct mt_jvm_log *log, const char *name);

/* The sum, or the largest value there is. Both not negative. */
static inline int64_t mt_jvm_add_ns(int64_t a, int64_t b)
{
    return a <= INT64_MAX - b ? a + b : INT64_MAX;
}

/* A draft: every figure absent. */
void mt_jvm_cycle_init(struct mt_gc_cycle *cycle);
/* Sets the start of the cycle from the time of a line that was written `later_ns` afterwards. */
void mt_jvm_cycle_start(struct mt_gc_cycle *cycle, const struct mt_jvm_times *t, int64_t later_ns);
/* heap before, after and committed; the first `before` and the last `after` count. */
void mt_jvm_cycle_heap(struct mt_gc_cycle *cycle, const struct mt_jvm_change *change);
/* Adds it to the process's log; returns where it stands (valid until the next), or NULL when there
 * are too many processes. */
struct mt_gc_cycle *mt_jvm_log_add(struct mt_jvm_log *log, const struct mt_gc_cycle *cycle,
                                   bool zone_unknown);

#endif
