/* SPDX-License-Identifier: Apache-2.0 */
/* The goroutine count rises and no profile says which: metrics alone never make it a leak. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

static const struct mt_threshold thresholds[] = {
    {"least-growth", "goroutines", MT_LEAST_GOROUTINES, "growth over the window that counts"},
    {"least-share", "share", MT_LEAST_RELATIVE, "the same, of the first level"},
};

static bool group_found(const struct mt_signals *s)
{
    for (size_t i = 0; i < s->goroutines.n; i++)
        if (mt_suspect_goroutines(s, s->goroutines.sums[i]).candidate)
            return true;
    return false;
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    const struct mt_series *series = mt_signal_series(s, MT_M_GOROUTINES);
    const struct mt_trend *t = mt_signal_trend(s, MT_M_GOROUTINES);
    struct mt_effect effect = {MT_LEAST_GOROUTINES, MT_LEAST_RELATIVE, true, 0.0, 0.0};
    double correlation;
    if (!mt_trend_grows(t) || group_found(s) ||
        mt_load_explains(s, series->time_ns, series->value, series->n, &effect, &correlation))
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.25);
    f->family = "goroutine-block";
    f->kind = "the goroutine count rises";
    f->status = MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "only the count is known, not where they wait";
    f->culprit.function = "(goroutines)";
    f->metric = MT_M_GOROUTINES;
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->growth.goroutines = mt_trend_rise(t);
    f->growth.in_goroutines = true;
    f->growth.per_second = t->slope;
    f->growth.low = t->low;
    f->growth.high = t->high;
    f->shape_p = t->p;
    mt_finding_evidence(out, f, MT_DIM_METRICS, series->source, series->input->path,
                        mt_trend_rise(t), "goroutines", "goroutines %s over the window",
                        mt_fmt_count_delta(out->arena, mt_trend_rise(t)));
    if (s->goroutines.snapshots.n >= MT_LEAST_SNAPSHOTS)
        mt_finding_against(out, f, "No single group of goroutines grows steadily in %zu snapshots.",
                           s->goroutines.snapshots.n);
    mt_finding_against(out, f, "A worker pool that fills up looks the same so far.");
    mt_suspect_name_unsure(c, out, f, &s->goroutines);
    f->next = "Take goroutine profiles: four or more over the time in which the count rises, and a "
              "dump (debug=2) at both ends.";
    f->sentence = mt_arena_printf(out->arena, "The goroutine count rises by %s over the window.",
                                  mt_fmt_count(out->arena, mt_trend_rise(t)));
}

const struct mt_rule mt_rule_goroutine_count = {
    .id = "goroutine-count",
    .title = "The goroutine count rises",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
