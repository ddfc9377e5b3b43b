/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the values of a record to a row of the right table. A reader sets what it finds and commits
 * when the record is complete; the recorder keeps one table a process, refuses values that cannot
 * be, and at the end notes what is odd about the whole: restarts, mixed processes, units in doubt.
 *
 *     struct mt_recorder r;
 *     mt_recorder_begin(&r, out, "ps");
 *     ... mt_recorder_time(&r, t, true); mt_recorder_set(&r, MT_M_RSS, v); mt_recorder_commit(&r);
 *     mt_recorder_finish(&r);
 */
#ifndef MT_FORMATS_METRICS_RECORDER_H
#define MT_FORMATS_METRICS_RECORDER_H

#include "parsers/formats/metrics/name.h"
#include "parsers/formats/metrics/quantity.h"
#include "parsers/model/capture.h"

struct mt_recorder_process;

struct mt_recorder {
    struct mt_capture *out;
    const char *source;
    struct mt_recorder_process *processes;
    size_t n_processes, cap_processes;
    size_t last_process;

    /* the record at hand */
    int64_t time_ns;
    bool zone_known;
    uint32_t pid;
    struct mt_span origin; /* borrowed until the commit */
    unsigned strength;     /* sum of what the names of its measurements say */
    size_t n_set;
    uint8_t order[MT_METRIC_COUNT]; /* which are set */
    bool is_set[MT_METRIC_COUNT];
    double values[MT_METRIC_COUNT];

    /* the whole */
    bool unit_named[MT_METRIC_COUNT];
    bool loose_unit;
    uint64_t refused; /* values */
};

/* What makes a record of a line: one strong name, or two everyday words. */
enum { MT_RECORD_STRENGTH = MT_NAME_STRONG };

/* source: what the tables are called, a literal. With out of NULL values are only taken (to sniff):
 * nothing can be committed. */
void mt_recorder_begin(struct mt_recorder *r, struct mt_capture *out, const char *source);

/* Not finite, negative or beyond what the metric can be: dropped and counted. A limit that means
 * "none" and a moment of 0 are dropped silently. The last value of a metric in a record counts. */
void mt_recorder_set(struct mt_recorder *r, enum mt_metric metric, double value);
/* A whole number below 10^18 under a name that is `plain`: this is where a log of hundreds of MB
 * spends its time. */
static inline void mt_recorder_put(struct mt_recorder *r, const struct mt_metric_name *name,
                                   double number)
{
    if (!r->is_set[name->metric]) {
        r->is_set[name->metric] = true;
        r->order[r->n_set++] = (uint8_t)name->metric;
    }
    r->values[name->metric] = number * name->scale;
    r->unit_named[name->metric] |= name->unit_named;
    r->strength += name->strength;
}

/* A value as text under a name of ours. False: it is no quantity; nothing is set. */
bool mt_recorder_take(struct mt_recorder *r, const struct mt_metric_name *name,
                      struct mt_span *text);
/* The whole text is the value. */
bool mt_recorder_text(struct mt_recorder *r, const struct mt_metric_name *name,
                      struct mt_span text);
/* A bare number. */
void mt_recorder_number(struct mt_recorder *r, const struct mt_metric_name *name, double value);
void mt_recorder_time(struct mt_recorder *r, int64_t time_ns, bool zone_known);
bool mt_recorder_has(const struct mt_recorder *r, enum mt_metric metric);

/* Writes the record as a row; false when nothing was set. Either way a new record begins. */
bool mt_recorder_commit(struct mt_recorder *r);
/* Forgets the record at hand. */
void mt_recorder_drop(struct mt_recorder *r);

/* Once, at the end of the file. */
void mt_recorder_finish(struct mt_recorder *r);

#endif
