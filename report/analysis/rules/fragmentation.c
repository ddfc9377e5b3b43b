/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that the heap neither uses nor gives back. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

#define IDLE_SHARE  0.4 /* of Sys, through most of the last third */
#define LEAST_BYTES (32.0 * MT_MIB)

static const struct mt_threshold thresholds[] = {
    {"idle-share", "share", IDLE_SHARE, "HeapIdle - HeapReleased of Sys, median of the last third"},
    {"least-bytes", "bytes", LEAST_BYTES, "the same, in bytes"},
};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    const struct mt_series *idle = mt_signal_series(s, MT_M_HEAP_IDLE);
    const struct mt_series *released = mt_series_beside(s->bundle, idle, MT_M_HEAP_RELEASED);
    const struct mt_series *sys = mt_series_beside(s->bundle, idle, MT_M_SYS);
    if (!idle || !released || !sys || idle->n < 6)
        return;
    struct mt_derived d = mt_derive(s->arena, idle, released, NULL);
    size_t from = d.n - d.n / 3;
    double least = INFINITY;
    for (size_t i = from; i < d.n; i++)
        least = fmin(least, d.value[i]);
    double whole = sys->value[sys->n - 1];
    struct mt_effect effect = {LEAST_BYTES, MT_LEAST_RELATIVE, true, 0.0, 0.0};
    struct mt_trend t = mt_trend_of(d.time_ns, d.value, d.n, &effect);
    bool grows = mt_trend_grows(&t);
    bool large = from < d.n && least >= LEAST_BYTES && least >= IDLE_SHARE * whole;
    if (!grows && !large)
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.05);
    f->family = "gc-pressure";
    f->kind = "memory that is not given back";
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "reserve is normal after a peak";
    f->culprit.function = "(heap reserve)";
    f->metric = MT_M_HEAP_IDLE;
    f->growth.bytes = mt_trend_rise(&t);
    mt_finding_evidence(
        out, f, MT_DIM_METRICS, idle->source, idle->input->path, d.value[d.n - 1], "bytes",
        "HeapIdle - HeapReleased is %s at the end, %s over the window; Sys is %s",
        mt_fmt_bytes(out->arena, d.value[d.n - 1]),
        mt_fmt_bytes_delta(out->arena, mt_trend_rise(&t)), mt_fmt_bytes(out->arena, whole));
    mt_finding_against(out, f,
                       "The scavenger gives memory back slowly: after a peak this is "
                       "normal for minutes.");
    f->next = "Compare after ten quiet minutes; then look for spans held by few objects.";
    f->sentence = mt_arena_printf(out->arena, "%s of heap are idle and not given back.",
                                  mt_fmt_bytes(out->arena, d.value[d.n - 1]));
}

const struct mt_rule mt_rule_fragmentation = {
    .id = "fragmentation",
    .title = "Idle heap that is not given back",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
