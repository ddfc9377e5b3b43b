/* SPDX-License-Identifier: Apache-2.0 */
/* Goroutines that accumulate at one place. Counts are exact, so few snapshots tell a lot. */
#include "report/analysis/suspect.h"

#include "parsers/base/span.h"

#define PROVES_FROM     27 /* Go 1.27 and later serve /debug/pprof/goroutineleak ... */
#define EXPERIMENT_FROM 26 /* ... and 1.26 where it is built with the experiment */

static const struct mt_threshold thresholds[] = {
    {"least-growth", "goroutines", MT_LEAST_GOROUTINES, "growth over the window that counts"},
    {"least-share", "share", MT_LEAST_RELATIVE, "growth over the window, of the group's own level"},
    {"significance", "p", MT_SIGNIFICANT, "one-sided rank test over the snapshots"},
    {"snapshots", "snapshots", MT_LEAST_SNAPSHOTS,
     "rising exact counts in so many prove it when the total rises as well"},
    {"proves-from", "minor version", PROVES_FROM,
     "from this Go 1.x on the advice names the goroutineleak profile"},
};

/* Where the service's Go can say which goroutines nobody can wake, and nobody asked it. */
static const char *proof_at_hand(const struct mt_signals *s)
{
    if (s->go_minor < EXPERIMENT_FROM || !mt_missing_needs(s, MT_NEED_LEAKPROFILE))
        return "";
    return s->go_minor < PROVES_FROM
               ? " A build with GOEXPERIMENT=goroutineleakprofile answers at "
                 "/debug/pprof/goroutineleak which of them nobody can wake."
               : " /debug/pprof/goroutineleak says which of them nobody can wake: capture it, too.";
}

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
        f->next = mt_arena_printf(s->arena,
                                  "Read where these goroutines are made and what would let them go "
                                  "on: a receiver, a close, a cancel, a deadline.%s",
                                  proof_at_hand(s));
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
