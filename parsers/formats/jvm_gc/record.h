/* SPDX-License-Identifier: Apache-2.0 */
/* One bracketed record of a classic GC log, "[GC ...]" or "[Full GC ...]", taken apart. */
#ifndef MT_FORMATS_JVM_GC_RECORD_H
#define MT_FORMATS_JVM_GC_RECORD_H

#include "parsers/formats/jvm_gc/sizes.h"

enum mt_jvm_record_kind {
    MT_JVM_YOUNG,
    MT_JVM_MIXED,
    MT_JVM_FULL,
    MT_JVM_CMS_INITIAL_MARK,
    MT_JVM_CMS_REMARK,
    MT_JVM_CMS_PHASE, /* a concurrent one; not made here */
    MT_JVM_G1_CONCURRENT,
    MT_JVM_G1_REMARK,
    MT_JVM_G1_CLEANUP
};

enum mt_jvm_record_state {
    MT_JVM_RECORD_WHOLE,
    MT_JVM_RECORD_OPEN /* its last bracket has not come */
};

struct mt_jvm_record {
    enum mt_jvm_record_kind kind;
    struct mt_span cause;
    const char *collector; /* NULL: no name in it tells */
    int64_t duration_ns;   /* -1: not said */
    bool has_heap, has_young, has_old, g1_pause;
    bool ends; /* a phase: it is the last; G1: the collection was given up */
    struct mt_jvm_change heap, young, old;
    uint64_t occupied_bytes; /* of the old generation, CMS initial mark; MT_NO_BYTES */
};

/* Takes the record off the front of *s when it is whole. */
enum mt_jvm_record_state mt_jvm_take_record(struct mt_span *s, struct mt_jvm_record *record);

#endif
