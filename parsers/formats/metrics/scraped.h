/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all forms in which Prometheus hands out samples share: names, labels that name a target, and
 * samples with times of their own, which become a row for each time of each target in whatever
 * order they stand (a range that was exported has one metric after the other).
 */
#ifndef MT_FORMATS_METRICS_SCRAPED_H
#define MT_FORMATS_METRICS_SCRAPED_H

#include "parsers/formats/metrics/name_memo.h"
#include "parsers/formats/metrics/recorder.h"

enum { MT_SCRAPED_TARGETS = 1024 };

/* What the name of a sample means to us; NULL: another program's. "anon" or "threads" alone are
 * not names of Prometheus's. Valid until the memo is asked again. */
const struct mt_name_slot *mt_scraped_metric(struct mt_name_memo *memo, struct mt_span name);

/* Labels that tell one process from another, the best first, NULL at the end. */
extern const char *const mt_scraped_target_labels[];

/* ms as Prometheus writes them, seconds with a fraction as OpenMetrics does. */
bool mt_scraped_time(struct mt_span text, int64_t *time_ns);

/* Whether the series of a metric are added up (requests, over methods and codes). */
bool mt_scraped_adds_up(enum mt_metric metric);

struct mt_scraped_sample {
    int64_t time_ns;
    uint32_t target, metric;
    double value;
    size_t order;
};

struct mt_scraped { /* zeroed at first, but for the arena */
    struct mt_arena *arena;
    struct mt_scraped_sample *samples;
    size_t n, cap;
};

void mt_scraped_add(struct mt_scraped *s, uint32_t target, int64_t time_ns, enum mt_metric metric,
                    double value);

/* Commits the rows, in order of target and time. recorder_of gives the recorder of a target with
 * its origin set; it is asked before each row. */
void mt_scraped_rows(struct mt_scraped *s,
                     struct mt_recorder *(*recorder_of)(void *whose, uint32_t target), void *whose);

#endif
