/* SPDX-License-Identifier: Apache-2.0 */
/* A rise of the heap, a long pause and a slow request at one moment. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

static const struct mt_threshold thresholds[] = {
    {"long-pause", "ms", 100.0, "a pause that takes part in a chain"},
    {"near", "ms", 5.0, "between the pause and the rise of the heap"},
    {"sigmas", "sigma", 3.0, "the rise, above the 30 before it"},
};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    const struct mt_gc_summary *gc = &c->assessment->gc;
    if (!gc->n_chains)
        return;
    const struct mt_chain *longest = &gc->chains[0];
    for (size_t i = 1; i < gc->n_chains; i++)
        if (gc->chains[i].pause_duration_ns > longest->pause_duration_ns)
            longest = &gc->chains[i];
    struct mt_finding *f = mt_finding_add(out, self, 0.1);
    f->family = "gc-pressure";
    f->kind = "pauses that requests feel";
    f->status = MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_MEDIUM;
    f->confidence_reason = "heap, pause and request meet at one moment";
    f->culprit.function = "(collector)";
    f->metric = MT_M_HEAP_ALLOC;
    f->dimension_agrees[MT_DIM_TIMELINE] = f->dimension_agrees[MT_DIM_METRICS] = true;
    mt_finding_evidence(out, f, MT_DIM_TIMELINE, gc->source ? gc->source : "gotrace", NULL,
                        (double)longest->pause_duration_ns, "ns",
                        "%zu chains of heap rise, pause and slow request; the longest pause is %s",
                        gc->n_chains,
                        mt_fmt_duration(out->arena, (double)longest->pause_duration_ns));
    mt_finding_against(out, f,
                       "A starved machine delays all three without any of them being the "
                       "cause.");
    f->next = "Look at what allocated in that moment, and at assist time in the trace.";
    f->sentence = mt_arena_printf(out->arena, "%s stopped requests %zu times.",
                                  "A long pause after a rise of the heap", gc->n_chains);
}

const struct mt_rule mt_rule_gc_pause_chain = {
    .id = "gc-pause-chain",
    .title = "Heap rise, long pause, slow request",
    .needs = MT_NEED_REQUESTS | MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
