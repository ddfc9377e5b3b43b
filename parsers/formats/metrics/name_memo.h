/* SPDX-License-Identifier: Apache-2.0 */
/* What names mean, remembered: a log says the same few names in every record. */
#ifndef MT_FORMATS_METRICS_NAME_MEMO_H
#define MT_FORMATS_METRICS_NAME_MEMO_H

#include "parsers/formats/metrics/name.h"

enum mt_name_kind {
    MT_NAME_UNSEEN,
    MT_NAME_OTHER,
    MT_NAME_METRIC,
    MT_NAME_TIME,
    MT_NAME_PID,
    MT_NAME_ORIGIN
};

enum { MT_NAME_SLOTS = 1024, MT_NAME_SIZE = 64, MT_NAME_METRICS = 256 };

struct mt_name_slot {
    uint8_t kind; /* enum mt_name_kind */
    uint8_t size;
    uint16_t id;   /* METRIC: number of the name, below MT_NAME_METRICS */
    uint16_t next; /* slot of the name that followed it the last time */
    struct mt_metric_name metric;
    unsigned char name[MT_NAME_SIZE];
};

struct mt_name_memo { /* zeroed at first */
    struct mt_name_slot slots[MT_NAME_SLOTS];
    size_t n;
    struct mt_name_slot metrics[MT_NAME_METRICS]; /* by id */
    size_t n_metrics;
    struct mt_name_slot unknown; /* for what is too long to be ours */
    uint16_t first;              /* slot of the name that last began a line */
};

/* Never NULL; valid until the next call. When too many names were seen, all but the metrics are
 * forgotten. */
const struct mt_name_slot *mt_name_memo_find(struct mt_name_memo *memo, struct mt_span name);

/* The name that followed `previous` (NULL: that began a line) the last time; its kind is UNSEEN
 * when there was none. A guess, to be compared. */
const struct mt_name_slot *mt_name_memo_guess(const struct mt_name_memo *memo,
                                              const struct mt_name_slot *previous);
void mt_name_memo_follows(struct mt_name_memo *memo, const struct mt_name_slot *previous,
                          const struct mt_name_slot *slot);

#endif
