/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs of JDK 5 to 8 (-verbose:gc, -XX:+PrintGC, -XX:+PrintGCDetails, with date and time stamps or
 * without): a collection is one bracketed record, which tenuring lines or G1's details may spread
 * over many lines.
 *
 *   2.345: [GC (Allocation Failure) [PSYoungGen: 65536K->10748K(76288K)] 65536K->15000K(251392K),
 *   0.0123456 secs] [Times: user=0.05 sys=0.00, real=0.01 secs]
 */
#ifndef MT_FORMATS_JVM_GC_CLASSIC_H
#define MT_FORMATS_JVM_GC_CLASSIC_H

#include "parsers/formats/jvm_gc/log.h"

/* A collection that runs beside the program, from its first pause to its last phase. */
struct mt_jvm_background {
    bool open, zone_unknown;
    struct mt_gc_cycle cycle;
};

struct mt_jvm_classic {
    struct mt_jvm_log *log;
    /* a record that goes on in the next line */
    unsigned char *pending;
    size_t pending_size, pending_capacity, pending_lines;
    size_t pending_depth; /* brackets that are open */
    struct mt_jvm_times pending_times;
    struct mt_jvm_background cms, g1;
    bool details;     /* the last cycle's heap comes on an "[Eden: ..." line of its own */
    bool cms_swept;   /* the next young collection says what the last CMS cycle left */
    size_t cms_index; /* that cycle, in its log */
};

/* The line holds (the begin of) a record or a part of one. */
bool mt_jvm_is_classic(struct mt_span line);
/* Reads it; wrapper is the time of a container log. False: nothing of a GC log. */
bool mt_jvm_classic_line(struct mt_jvm_classic *k, struct mt_span line,
                         const struct mt_jvm_times *wrapper);
void mt_jvm_classic_end(struct mt_jvm_classic *k);

#endif
