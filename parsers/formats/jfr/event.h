/* SPDX-License-Identifier: Apache-2.0 */
/* The events we read, out of the hundreds a recording may hold, as plain values. */
#ifndef MT_FORMATS_JFR_EVENT_H
#define MT_FORMATS_JFR_EVENT_H

#include "parsers/formats/jfr/chunk.h"

enum mt_jfr_kind {
    MT_JFR_OTHER,
    MT_JFR_COLLECTION,    /* GarbageCollection */
    MT_JFR_PAUSE,         /* GCPhasePause */
    MT_JFR_HEAP,          /* GCHeapSummary */
    MT_JFR_G1_HEAP,       /* G1HeapSummary */
    MT_JFR_PS_HEAP,       /* PSHeapSummary */
    MT_JFR_G1_COLLECTION, /* G1GarbageCollection */
    MT_JFR_NEW_TLAB,      /* ObjectAllocationInNewTLAB */
    MT_JFR_OUTSIDE_TLAB,  /* ObjectAllocationOutsideTLAB */
    MT_JFR_SAMPLE,        /* ObjectAllocationSample */
    MT_JFR_OLD_OBJECT,    /* OldObjectSample */
    MT_JFR_LIVE_OBJECT    /* LiveObject, of async-profiler */
};

/* Zero where an event has no such field. */
struct mt_jfr_event {
    enum mt_jfr_kind kind;
    int64_t start_ticks, duration_ticks;
    uint64_t gc_id;
    struct mt_span name, cause, when, type;
    uint64_t sum_of_pauses_ticks;
    uint64_t heap_used, committed, eden_used, survivor_used, old_used;
    uint64_t stack;            /* key of the constant; 0 none */
    struct mt_span class_name; /* of the object, as the JVM spells it: "[B", "java/lang/String" */
    uint64_t allocation_size, tlab_size, weight, object_size;
};

enum mt_jfr_kind mt_jfr_kind_of(const struct mt_jfr_class *type);
/* Reads the fields behind size and type. False: damaged. */
bool mt_jfr_read_event(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                       const struct mt_jfr_class *type, enum mt_jfr_kind kind, struct mt_jfr_in in,
                       struct mt_jfr_event *event);

#endif
