/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unified logging (-Xlog:gc*, JDK 9 and later): lines of one collection share their GC(n), those of
 * a concurrent one stand between the lines of others. A collection is added when the line that sums
 * it up has come.
 */
#ifndef MT_FORMATS_JVM_GC_UNIFIED_H
#define MT_FORMATS_JVM_GC_UNIFIED_H

#include "parsers/formats/jvm_gc/log.h"

enum { MT_JVM_OPEN = 8 };

/* Regions of G1, in numbers; before and after. */
struct mt_jvm_regions {
    bool known;
    uint64_t young[2], old[2];
};

struct mt_jvm_open {
    struct mt_gc_cycle cycle;
    struct mt_jvm_regions regions;
    bool used, has_kind, has_start, zone_unknown;
    bool old_marking; /* Shenandoah: may be interrupted by young cycles */
    bool sums_up;     /* CMS, G1: a line of its own ends it */
    uint8_t section;  /* ZGC: the table of `gc,heap` whose rows come */
    uint64_t opened;  /* order among the open ones */
};

struct mt_jvm_unified {
    struct mt_jvm_log *log;
    struct mt_jvm_open open[MT_JVM_OPEN];
    uint64_t opened, highest;
    bool any;
    uint64_t region_bytes; /* of G1; 0 not said (yet) */
};

/* What stands behind the decorations ("[0.583s][info][gc,start    ] "); the set of them is free. */
struct mt_span mt_jvm_undecorate(struct mt_span line);
/* The text behind the decorations is one of a unified GC log. */
bool mt_jvm_is_unified(struct mt_span text);
/* Reads such a text, which ends the line. wrapper is the time a container log gives it. False: it
 * is none. */
bool mt_jvm_unified_line(struct mt_jvm_unified *u, struct mt_span line, struct mt_span text,
                         const struct mt_jvm_times *wrapper);
/* The end of the input: what is still open and has figures is added. */
void mt_jvm_unified_end(struct mt_jvm_unified *u);

#endif
