/* SPDX-License-Identifier: Apache-2.0 */
/* Sudden jumps of the memory the runtime takes from the system. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#define LEAST_JUMP (16.0 * MT_MIB)

static const struct mt_threshold thresholds[] = {
    {"sigmas", "sigma", 3.0, "above the mean of the 30 samples before; sigma at least 0.5% of it"},
    {"least-jump", "bytes", LEAST_JUMP, "above that mean"},
};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    const struct mt_anomaly *largest = NULL;
    size_t n = 0;
    for (size_t i = 0; i < c->assessment->n_anomalies; i++) {
        const struct mt_anomaly *a = &c->assessment->anomalies[i];
        if (a->metric != MT_M_SYS || a->value - a->mean < LEAST_JUMP)
            continue;
        n++;
        if (!largest || a->value - a->mean > largest->value - largest->mean)
            largest = a;
    }
    if (!largest)
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.05);
    const char *jump = mt_fmt_bytes_delta(out->arena, largest->value - largest->mean);
    f->family = "gc-pressure";
    f->kind = "Sys jumps";
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "a jump by itself is no leak";
    f->culprit.function = "(runtime)";
    f->metric = MT_M_SYS;
    mt_finding_evidence(out, f, MT_DIM_METRICS, "memstats", largest->nearest_input,
                        largest->value - largest->mean, "bytes",
                        "%zu jumps of Sys; the largest %s at %s UTC", n, jump,
                        mt_fmt_date_time(out->arena, largest->time_ns));
    mt_finding_against(out, f, "Sys is taken in large steps: one burst of allocation makes one.");
    f->next = largest->nearest_input
                  ? mt_arena_printf(out->arena, "Look at %s, the capture nearest to the jump.",
                                    largest->nearest_input)
                  : "Take a heap profile near the next jump.";
    f->sentence = mt_arena_printf(out->arena, "Sys jumps by up to %s.", jump);
}

const struct mt_rule mt_rule_sys_anomaly = {
    .id = "sys-anomaly",
    .title = "Sudden jumps of Sys",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
