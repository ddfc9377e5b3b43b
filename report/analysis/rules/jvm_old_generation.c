/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JVM whose old generation is fuller after each collection. After full or mixed collections the
 * old generation holds what is live, so five of them may prove a leak by themselves.
 */
#include "report/analysis/jvm.h"
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

static void promotion(struct mt_findings *out, struct mt_finding *f, const struct mt_gc_log *log,
                      const char *input)
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
        mt_finding_evidence(out, f, MT_DIM_METRICS, log->source, input,
                            promoted / (last - first) * 1e9, "bytes per second",
                            "%s promoted into the old generation (%s)",
                            mt_fmt_bytes(out->arena, promoted),
                            mt_fmt_byte_rate(out->arena, promoted / (last - first) * 1e9));
    if (slow)
        mt_finding_evidence(out, f, MT_DIM_METRICS, log->source, input, (double)slow, "count",
                            "%zu pauses above 200 ms", slow);
}

static void judge(const struct mt_rule *self, struct mt_findings *out, const struct mt_gc_log *log)
{
    const struct mt_input *from = mt_input_of_log(out->bundle, log);
    const char *input = from ? from->path : NULL;
    struct mt_jvm_old o = mt_jvm_old_of(out->arena, log);
    struct mt_trend t;
    if (!mt_jvm_old_rises(&o, &t))
        return;
    bool settled = o.after != MT_JVM_AFTER_ANY;
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
    f->course =
        (struct mt_course){"Old generation after collections", true, o.n, o.time_ns, o.bytes, t};
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->growth.bytes = mt_trend_rise(&t);
    f->growth.per_second = t.slope;
    f->growth.low = t.low;
    f->growth.high = t.high;
    f->shape_p = t.p;
    mt_finding_evidence(out, f, MT_DIM_METRICS, log->source, input, f->growth.bytes, "bytes",
                        "old generation after %zu %scollections: %s, from %s to %s", o.n,
                        o.after == MT_JVM_AFTER_FULL ? "full "
                        : settled                    ? "full or mixed "
                                                     : "",
                        mt_fmt_bytes_delta(out->arena, f->growth.bytes),
                        mt_fmt_bytes(out->arena, t.first), mt_fmt_bytes(out->arena, t.last));
    promotion(out, f, log, input);
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
        if (mt_jvm_is_log(log))
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
