/* SPDX-License-Identifier: Apache-2.0 */
/* Collections that suddenly come much faster, or a heap that stands close to its goal all along. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

#define NEAR_GOAL  0.8
#define MOST_POLLS 0.5 /* of the window near the goal */
#define LEAST_GOAL (64.0 * MT_MIB)

static const struct mt_threshold thresholds[] = {
    {"near-goal", "share", NEAR_GOAL, "HeapInuse of NextGC"},
    {"most-polls", "share", MOST_POLLS, "of the polls near the goal"},
    {"least-goal", "bytes", LEAST_GOAL, "smaller heaps collect often for good reason"},
};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    const struct mt_series *goal = mt_signal_series(s, MT_M_NEXT_GC);
    const struct mt_series *inuse = mt_series_beside(s->bundle, goal, MT_M_HEAP_INUSE);
    size_t near_goal = 0, n = 0, fast = 0;
    for (size_t i = 0; goal && inuse && i < goal->n; i++) {
        double held = mt_series_at(inuse, goal->time_ns[i]);
        if (isnan(held) || goal->value[i] < LEAST_GOAL)
            continue;
        n++;
        near_goal += held > NEAR_GOAL * goal->value[i];
    }
    for (size_t i = 0; i < c->assessment->n_anomalies; i++)
        fast += c->assessment->anomalies[i].metric == MT_M_NUM_GC;
    bool close = n >= 10 && (double)near_goal > MOST_POLLS * (double)n;
    if (!close && !fast)
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.05);
    f->family = "gc-pressure";
    f->kind = "frequent collections";
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "a sign of pressure, not of a leak";
    f->culprit.function = "(collector)";
    f->metric = MT_M_NUM_GC;
    if (close)
        mt_finding_evidence(out, f, MT_DIM_METRICS, goal->source, goal->input->path,
                            (double)near_goal / (double)n, "share",
                            "HeapInuse is above 80%% of NextGC in %zu of %zu polls", near_goal, n);
    if (fast)
        mt_finding_evidence(out, f, MT_DIM_METRICS, c->assessment->gc.source, NULL, (double)fast,
                            "count",
                            "%zu times five collections in a row came in less than half of the "
                            "usual interval",
                            fast);
    mt_finding_against(out, f,
                       "HeapInuse counts whole spans: fragmentation alone brings it near "
                       "the goal.");
    f->next = "See which sites allocate most (allocs profile), then GOGC.";
    f->sentence = "Collections are frequent.";
}

const struct mt_rule mt_rule_gc_frequency = {
    .id = "gc-frequency",
    .title = "Frequent collections",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
