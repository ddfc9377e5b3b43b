/* SPDX-License-Identifier: Apache-2.0 */
/* Timers and tickers that are armed and never end. */
#include "report/analysis/suspect.h"

#define LEAST_SHARE   0.2 /* of the site's bytes under a constructor of package time */
#define COLLECTS_FROM 23  /* Go 1.23 and later collect timers that nobody references */

static const struct mt_threshold thresholds[] = {
    {"timer-share", "share", LEAST_SHARE, "of the site's bytes that timer constructors allocate"},
    {"collects-from", "minor version", COLLECTS_FROM,
     "from this Go 1.x on unreferenced timers and tickers are collected"},
};

static void explain_version(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                            struct mt_site_sums *sums)
{
    (void)sums;
    int minor = c->signals->go_minor;
    if (minor >= COLLECTS_FROM) {
        f->kind = "timers that something still holds";
        f->next = "Unreferenced timers are collected since Go 1.23, so these are held or pending: "
                  "look for AfterFunc with a long delay, or a map that keeps them; keep the timer "
                  "and Stop it.";
    } else if (minor > 0) {
        mt_finding_against(out, f,
                           "Built with Go 1.%d, where a ticker that is not stopped is never "
                           "collected; from Go 1.23 on the same code may not leak.",
                           minor);
    } else {
        mt_finding_against(out, f,
                           "The Go version is not known; from Go 1.23 on unreferenced "
                           "timers are collected.");
    }
}

static const struct mt_pattern_rule pattern = {
    .patterns = {MT_PATTERN_TIMER},
    .n_patterns = 1,
    .least_share = LEAST_SHARE,
    .family = "timer",
    .kind = "timers that are never stopped",
    .next = "Call Stop on every path that drops the timer: defer t.Stop() right after NewTicker or "
            "NewTimer; no time.After in a loop."};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    mt_suspect_by_pattern(self, c, out, false, &pattern, explain_version);
}

const struct mt_rule mt_rule_timers = {
    .id = "timers",
    .title = "Timers and tickers that are never stopped",
    .needs = MT_NEED_HEAP,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
