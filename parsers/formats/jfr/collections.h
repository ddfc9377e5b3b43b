/* SPDX-License-Identifier: Apache-2.0 */
/* Collections out of events that come in any order: everything with the same gcId is one. */
#ifndef MT_FORMATS_JFR_COLLECTIONS_H
#define MT_FORMATS_JFR_COLLECTIONS_H

#include "parsers/formats/jfr/event.h"
#include "parsers/model/capture.h"

struct mt_jfr_collection {
    struct mt_gc_cycle cycle;
    bool named; /* its GarbageCollection event has come */
    bool mixed;
    uint32_t collector; /* string id */
    int64_t phases_ns;  /* sum of its GCPhasePause events */
};

struct mt_jfr_collections {
    struct mt_capture *out;
    struct mt_strings by_gc_id; /* 8 bytes -> place + 1 in: */
    uint32_t *of_id;
    size_t n_ids, cap_ids;
    struct mt_jfr_collection *items;
    size_t count, capacity;
};

/* Times of an event on the clocks: ns since 1970, ns. */
struct mt_jfr_times {
    int64_t start_ns, duration_ns, sum_of_pauses_ns;
};

void mt_jfr_collections_add(struct mt_jfr_collections *all, const struct mt_jfr_event *event,
                            const struct mt_jfr_times *times);
/* Fills the capture's GC log, by start; returns how many had no GarbageCollection event and were
 * left out. */
size_t mt_jfr_collections_finish(struct mt_jfr_collections *all);

#endif
