/* SPDX-License-Identifier: Apache-2.0 */
/* Memory in goroutine stacks: deep stacks that stay parked. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#define DEEP_STACK  (32.0 * MT_KIB) /* bytes of one goroutine's stack that count as deep */
#define LEAST_BYTES (2.0 * MT_MIB)  /* growth of StackInuse over the window */

static const struct mt_threshold thresholds[] = {
    {"deep-stack", "bytes", DEEP_STACK, "growth of StackInuse per goroutine that came"},
    {"least-growth", "bytes", LEAST_BYTES, "growth of StackInuse over the window"},
};

static void tell(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f)
{
    const struct mt_trend *t = mt_signal_trend(c->signals, MT_M_STACK_INUSE);
    const struct mt_series *series = c->signals->by_metric[MT_M_STACK_INUSE]->series;
    mt_finding_evidence(out, f, MT_DIM_METRICS, series->source, series->input->path,
                        mt_trend_rise(t), "bytes", "StackInuse %s over the window",
                        mt_fmt_bytes_delta(out->arena, mt_trend_rise(t)));
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    const struct mt_trend *t = mt_signal_trend(s, MT_M_STACK_INUSE);
    if (!mt_trend_grows(t) || mt_trend_rise(t) < LEAST_BYTES)
        return;
    double each = mt_goroutine_bytes(s);
    size_t groups = 0;
    for (size_t i = 0; i < s->goroutines.n; i++) {
        struct mt_suspicion v = mt_suspect_goroutines(s, s->goroutines.sums[i]);
        if (!v.candidate)
            continue;
        groups++;
        if (each < DEEP_STACK)
            continue;
        struct mt_finding *f = mt_suspect_add(out, self, c, s->goroutines.sums[i], &v);
        f->family = "goroutine-stack";
        f->kind = "parked goroutines with deep stacks";
        tell(c, out, f);
        mt_finding_evidence(out, f, MT_DIM_METRICS, "memstats", NULL, each, "bytes",
                            "%s of stack per goroutine that came", mt_fmt_bytes(out->arena, each));
        f->next = "Read the recursion above the blocking call: wait outside of it, or hand over to "
                  "a goroutine with a shallow stack.";
    }
    if (groups)
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.2);
    f->family = "goroutine-stack";
    f->kind = "stack memory rises";
    f->status = MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "only the metric is known, not whose stacks";
    f->metric = MT_M_STACK_INUSE;
    f->culprit.function = "(goroutine stacks)";
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->growth.bytes = mt_trend_rise(t);
    f->growth.per_second = t->slope;
    f->growth.low = t->low;
    f->growth.high = t->high;
    f->shape_p = t->p;
    tell(c, out, f);
    mt_finding_against(out, f,
                       "Stacks grow to the depth of the deepest call and shrink at "
                       "collections: a burst of deep calls looks like this for a while.");
    f->next = "Take goroutine profiles at both ends of the window.";
    f->sentence = mt_arena_printf(out->arena, "Goroutine stacks grow by %s over the window.",
                                  mt_fmt_bytes(out->arena, mt_trend_rise(t)));
}

const struct mt_rule mt_rule_stack_growth = {
    .id = "stack-growth",
    .title = "Memory in goroutine stacks",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
