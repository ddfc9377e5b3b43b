/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector cannot keep up: the goal lies at or below the heap, poll after poll, or under a
 * memory limit the collector takes a large share of the CPU.
 */
#include "report/analysis/suspect.h"

#include "report/analysis/numbers.h"

#include <math.h>

#define BELOW_SHARE 0.2 /* of the polls with NextGC at or below HeapAlloc */
#define CPU_SHARE   0.25
#define LEAST_POLLS 10

static const struct mt_threshold thresholds[] = {
    {"below-share", "share", BELOW_SHARE, "of the polls in which NextGC is at or below HeapAlloc"},
    {"cpu-share", "share", CPU_SHARE, "of the CPU that the collector takes"},
    {"least-polls", "polls", LEAST_POLLS, "with fewer nothing is said"},
};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    const struct mt_series *goal = mt_signal_series(s, MT_M_NEXT_GC);
    const struct mt_series *heap = mt_series_beside(s->bundle, goal, MT_M_HEAP_ALLOC);
    size_t below = 0, n = 0;
    for (size_t i = 0; goal && heap && i < goal->n; i++) {
        double live = mt_series_at(heap, goal->time_ns[i]);
        if (isnan(live) || goal->value[i] <= 0.0)
            continue;
        n++;
        below += goal->value[i] <= live;
    }
    double cpu = c->assessment->gc.cpu_share;
    bool goal_passed = n >= LEAST_POLLS && (double)below >= BELOW_SHARE * (double)n;
    bool busy = isfinite(cpu) && cpu >= CPU_SHARE && c->assessment->gc.cycles >= LEAST_POLLS;
    if (!goal_passed && !busy)
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.1);
    f->family = "gc-pressure";
    f->kind = "the collector cannot keep up";
    f->status = goal_passed && busy ? MT_STATUS_WATCH : MT_STATUS_NOTE;
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "a sign of pressure, not of a leak";
    f->culprit.function = "(collector)";
    f->metric = MT_M_NEXT_GC;
    if (goal_passed)
        mt_finding_evidence(out, f, MT_DIM_METRICS, goal->source, goal->input->path,
                            (double)below / (double)n, "share",
                            "NextGC is at or below HeapAlloc in %zu of %zu polls", below, n);
    if (busy)
        mt_finding_evidence(out, f, MT_DIM_METRICS, c->assessment->gc.source, NULL, cpu, "share",
                            "the collector takes %s of the CPU", mt_fmt_share(out->arena, cpu));
    mt_finding_against(out, f,
                       "During a collection HeapAlloc may pass the goal for a moment; fast "
                       "polling meets that often.");
    f->next = "Raise GOMEMLIMIT or the container's limit, or allocate less; see which site grows.";
    f->sentence = "The collector cannot keep up with allocation.";
}

const struct mt_rule mt_rule_gc_thrash = {
    .id = "gc-thrash",
    .title = "The collector cannot keep up",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
