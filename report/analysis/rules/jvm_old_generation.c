/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JVM whose old generation is fuller after each collection. After full or mixed collections the
 * old generation holds what is live, so five of them may prove a leak by themselves.
 */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

#define PROOF_COLLECTIONS 5
#define PAUSE_TARGET_MS   200.0

static const struct mt_threshold thresholds[] = {
    {"least-growth", "bytes", MT_LEAST_BYTES, "rise of the old generation over the window"},
    {"proof", "collections", PROOF_COLLECTIONS, "full or mixed ones that prove it alone"},
    {"pause-target", "ms", PAUSE_TARGET_MS, "G1's own default"},
};

/* From the best measure of what lives to the roughest. */
enum after {
    AFTER_FULL,       /* nothing else is left */
    AFTER_FULL_MIXED, /* mixed ones clean a part, and leave what the next will */
    AFTER_ANY         /* young ones do not clean it; concurrent ones are overtaken by the program */
};

struct old {
    size_t n;
    int64_t *time_ns;
    double *bytes;
    double *heap; /* the whole after the same collection */
    enum after after;
};

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

static bool usable(const struct mt_gc_cycle *c, enum after after)
{
    switch (c->kind) {
    case MT_GC_FULL:
        return true;
    case MT_GC_MIXED:
        return after != AFTER_FULL;
    case MT_GC_YOUNG:
        return after == AFTER_ANY;
    case MT_GC_CONCURRENT: /* ZGC, Shenandoah and CMS say what they left, G1 does not */
        return after == AFTER_ANY && c->old_after_bytes != MT_NO_BYTES;
    default:
        return false;
    }
}

static struct old collect(struct mt_arena *arena, const struct mt_gc_log *log, enum after after)
{
    struct old o = {.after = after};
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

/* A rough measure is believed when the heap as a whole rises with it. */
static bool rises(const struct old *o, struct mt_trend *t)
{
    struct mt_effect effect = {MT_LEAST_BYTES, MT_LEAST_RELATIVE, true, 0.0, 0.0};
    *t = mt_trend_of(o->time_ns, o->bytes, o->n, &effect);
    if (o->n < MT_LEAST_SNAPSHOTS || !mt_trend_grows(t))
        return false;
    struct mt_trend whole = mt_trend_of(o->time_ns, o->heap, o->n, &effect);
    return o->after != AFTER_ANY || mt_trend_grows(&whole);
}

static void promotion(struct mt_findings *out, struct mt_finding *f, const struct mt_gc_log *log)
{
    double promoted = 0.0, first = NAN, last = NAN;
    size_t slow = 0;
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i];
        int64_t at = c->time_ns != MT_NO_TIME ? c->time_ns : c->since_start_ns;
        slow += (double)c->pause_ns > PAUSE_TARGET_MS * 1e6;
        if (at == MT_NO_TIME)
            continue;
        first = isnan(first) ? (double)at : first;
        last = (double)at;
        if (c->promoted_bytes != MT_NO_BYTES)
            promoted += (double)c->promoted_bytes;
    }
    if (promoted > 0.0 && last > first)
        mt_finding_evidence(out, f, MT_DIM_METRICS, log->source, NULL,
                            promoted / (last - first) * 1e9, "bytes per second",
                            "%s promoted into the old generation (%s)",
                            mt_fmt_bytes(out->arena, promoted),
                            mt_fmt_byte_rate(out->arena, promoted / (last - first) * 1e9));
    if (slow)
        mt_finding_evidence(out, f, MT_DIM_METRICS, log->source, NULL, (double)slow, "count",
                            "%zu pauses above 200 ms", slow);
}

static void judge(const struct mt_rule *self, struct mt_findings *out, const struct mt_gc_log *log)
{
    struct old o = collect(out->arena, log, AFTER_FULL);
    if (o.n < MT_LEAST_SNAPSHOTS)
        o = collect(out->arena, log, AFTER_FULL_MIXED);
    if (o.n < MT_LEAST_SNAPSHOTS)
        o = collect(out->arena, log, AFTER_ANY);
    struct mt_trend t;
    if (!rises(&o, &t))
        return;
    bool settled = o.after != AFTER_ANY;
    bool proven = settled && o.n >= PROOF_COLLECTIONS;
    struct mt_finding *f = mt_finding_add(out, self, 0.6);
    f->family = "heap-growth";
    f->kind = "the old generation rises";
    f->status = proven ? MT_STATUS_LEAK : MT_STATUS_WATCH;
    f->confidence = proven ? MT_CONFIDENCE_MEDIUM : MT_CONFIDENCE_LOW;
    f->confidence_reason = proven    ? "measured after full or mixed collections"
                           : settled ? "measured after few full or mixed collections"
                                     : "measured after collections that do not clean it whole";
    f->culprit.function = "(JVM old generation)";
    f->metric = MT_M_HEAP_ALLOC;
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->growth.bytes = mt_trend_rise(&t);
    f->growth.per_second = t.slope;
    f->growth.low = t.low;
    f->growth.high = t.high;
    f->shape_p = t.p;
    mt_finding_evidence(out, f, MT_DIM_METRICS, log->source, NULL, f->growth.bytes, "bytes",
                        "old generation after %zu %scollections: %s, from %s to %s", o.n,
                        o.after == AFTER_FULL ? "full "
                        : settled             ? "full or mixed "
                                              : "",
                        mt_fmt_bytes_delta(out->arena, f->growth.bytes),
                        mt_fmt_bytes(out->arena, t.first), mt_fmt_bytes(out->arena, t.last));
    promotion(out, f, log);
    mt_finding_against(out, f,
                       "A cache that fills up to its bound looks the same until it is "
                       "full.");
    if (!settled)
        mt_finding_against(out, f,
                           "Promoted garbage stays in the old generation until a full or "
                           "mixed collection.");
    f->next = "Take two heap dumps (jmap -dump:live) and compare the dominators.";
    f->sentence = mt_arena_printf(out->arena, "The old generation rises by %s over the log.",
                                  mt_fmt_bytes(out->arena, f->growth.bytes));
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    for (size_t i = 0; i < c->now->n_gc_logs; i++) {
        const struct mt_gc_log *log = c->now->gc_logs[i];
        if (log->n_cycles && log->cycles[0].kind != MT_GC_GO)
            judge(self, out, log);
    }
}

const struct mt_rule mt_rule_jvm_old_generation = {
    .id = "jvm-old-generation",
    .title = "The old generation of a JVM rises",
    .needs = MT_NEED_JVM,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
