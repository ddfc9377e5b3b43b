/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/jvm.h"
#include "report/analysis/engine.h"

#include <math.h>

bool mt_jvm_is_log(const struct mt_gc_log *log)
{
    return log->n_cycles && log->cycles[0].kind != MT_GC_GO;
}

static double old_after(const struct mt_gc_cycle *c)
{
    if (c->old_after_bytes != MT_NO_BYTES)
        return (double)c->old_after_bytes;
    if (c->heap_live_bytes == MT_NO_BYTES)
        return NAN;
    double young = c->young_after_bytes == MT_NO_BYTES ? 0.0 : (double)c->young_after_bytes;
    if (c->kind == MT_GC_YOUNG && c->young_after_bytes == MT_NO_BYTES)
        return NAN;
    return (double)c->heap_live_bytes - young;
}

static bool usable(const struct mt_gc_cycle *c, enum mt_jvm_after after)
{
    switch (c->kind) {
    case MT_GC_FULL:
        return true;
    case MT_GC_MIXED:
        return after != MT_JVM_AFTER_FULL;
    case MT_GC_YOUNG:
        return after == MT_JVM_AFTER_ANY;
    case MT_GC_CONCURRENT: /* ZGC, Shenandoah and CMS say what they left, G1 does not */
        return after == MT_JVM_AFTER_ANY && c->old_after_bytes != MT_NO_BYTES;
    default:
        return false;
    }
}

static struct mt_jvm_old collect(struct mt_arena *arena, const struct mt_gc_log *log,
                                 enum mt_jvm_after after)
{
    struct mt_jvm_old o = {.after = after};
    o.time_ns = MT_NEW_N(arena, int64_t, log->n_cycles);
    o.bytes = MT_NEW_N(arena, double, log->n_cycles);
    o.heap = MT_NEW_N(arena, double, log->n_cycles);
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i];
        int64_t at = c->time_ns != MT_NO_TIME ? c->time_ns : c->since_start_ns;
        double bytes = old_after(c);
        if (!usable(c, after) || isnan(bytes) || at == MT_NO_TIME ||
            (o.n && at < o.time_ns[o.n - 1]))
            continue;
        o.time_ns[o.n] = at;
        o.heap[o.n] = c->heap_live_bytes == MT_NO_BYTES ? bytes : (double)c->heap_live_bytes;
        o.bytes[o.n++] = bytes;
    }
    return o;
}

struct mt_jvm_old mt_jvm_old_of(struct mt_arena *arena, const struct mt_gc_log *log)
{
    struct mt_jvm_old o = collect(arena, log, MT_JVM_AFTER_FULL);
    if (o.n < MT_LEAST_SNAPSHOTS)
        o = collect(arena, log, MT_JVM_AFTER_MIXED);
    if (o.n < MT_LEAST_SNAPSHOTS)
        o = collect(arena, log, MT_JVM_AFTER_ANY);
    return o;
}

bool mt_jvm_old_rises(const struct mt_jvm_old *o, struct mt_trend *t)
{
    struct mt_effect effect = {MT_LEAST_BYTES, MT_LEAST_RELATIVE, true, 0.0, 0.0};
    *t = mt_trend_of(o->time_ns, o->bytes, o->n, &effect);
    if (o->n < MT_LEAST_SNAPSHOTS || !mt_trend_grows(t))
        return false;
    struct mt_trend whole = mt_trend_of(o->time_ns, o->heap, o->n, &effect);
    return o->after != MT_JVM_AFTER_ANY || mt_trend_grows(&whole);
}
