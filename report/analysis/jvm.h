/* SPDX-License-Identifier: Apache-2.0 */
/* The old generation of a JVM after its collections: what a GC log says of live memory. */
#ifndef MT_ANALYSIS_JVM_H
#define MT_ANALYSIS_JVM_H

#include "report/analysis/assessment.h"

/* From the best measure of what lives to the roughest. */
enum mt_jvm_after {
    MT_JVM_AFTER_FULL,  /* nothing else is left */
    MT_JVM_AFTER_MIXED, /* full or mixed: mixed ones clean a part, and leave what the next will */
    MT_JVM_AFTER_ANY /* young ones do not clean it; concurrent ones are overtaken by the program */
};

struct mt_jvm_old {
    size_t n;
    int64_t *time_ns;
    double *bytes;
    double *heap; /* the whole after the same collection */
    enum mt_jvm_after after;
};

bool mt_jvm_is_log(const struct mt_gc_log *log);
/* By the best measure that four collections give. */
struct mt_jvm_old mt_jvm_old_of(struct mt_arena *arena, const struct mt_gc_log *log);
/* It rises to the end; a rough measure is believed when the heap as a whole rises with it. */
bool mt_jvm_old_rises(const struct mt_jvm_old *old, struct mt_trend *trend);

#endif
