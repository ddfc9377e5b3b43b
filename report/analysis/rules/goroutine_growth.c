/* SPDX-License-Identifier: Apache-2.0 */
/* Goroutines that accumulate at one place. Counts are exact, so few snapshots tell a lot. */
#include "report/analysis/suspect.h"

#include "parsers/base/span.h"

static const struct mt_threshold thresholds[] = {
    {"least-growth", "goroutines", MT_LEAST_GOROUTINES, "growth over the window that counts"},
    {"least-share", "share", MT_LEAST_RELATIVE, "growth over the window, of the group's own level"},
    {"significance", "p", MT_SIGNIFICANT, "one-sided rank test over the snapshots"},
    {"snapshots", "snapshots", MT_LEAST_SNAPSHOTS,
     "rising exact counts in so many prove it when the total rises as well"},
};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    const struct mt_signals *s = c->signals;
    for (size_t i = 0; i < s->goroutines.n; i++) {
        struct mt_suspicion v = mt_suspect_goroutines(s, s->goroutines.sums[i]);
        struct mt_finding *f = mt_suspect_add(out, self, c, s->goroutines.sums[i], &v);
        if (!f)
            continue;
        f->family = "goroutine-block";
        f->kind = "goroutines that pile up";
        f->next = "Read where these goroutines are made and what would let them go on: a receiver, "
                  "a close, a cancel, a deadline.";
    }
}

const struct mt_rule mt_rule_goroutine_growth = {
    .id = "goroutine-growth",
    .title = "Goroutines that pile up at one place",
    .needs = MT_NEED_GOROUTINES,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
