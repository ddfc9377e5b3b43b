/* SPDX-License-Identifier: Apache-2.0 */
/* How near the process is to the limit that kills it. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

#define SYS_FACTOR 1.5
#define RSS_SHARE  0.9
#define SOON_HOURS 24.0

static const struct mt_threshold thresholds[] = {
    {"sys-factor", "factor", SYS_FACTOR, "Sys of the memory limit: the kernel may kill"},
    {"rss-share", "share", RSS_SHARE, "resident memory of the memory limit"},
    {"soon", "hours", SOON_HOURS, "until the limit at the present rate"},
};

static double last_of(const struct mt_signals *s, enum mt_metric metric)
{
    const struct mt_series *series = mt_signal_series(s, metric);
    return series && series->n ? series->value[series->n - 1] : NAN;
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    double limit = (double)c->now->manifest.memory_limit_bytes;
    if (limit <= 0.0)
        limit = last_of(s, MT_M_CGROUP_LIMIT);
    if (!(limit > 0.0 && limit < 1e15))
        return;
    double sys = last_of(s, MT_M_SYS), rss = last_of(s, MT_M_RSS);
    const struct mt_forecast *forecast = &c->assessment->forecast;
    double hours =
        forecast->present ? (double)(forecast->at_ns - forecast->trend.end_ns) / 3600e9 : INFINITY;
    bool above = sys > SYS_FACTOR * limit, near_limit = rss > RSS_SHARE * limit;
    bool soon = hours < SOON_HOURS;
    if (!above && !near_limit && !soon)
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.1);
    f->family = "gc-pressure";
    f->kind = "the memory limit is near";
    f->status = above || near_limit ? MT_STATUS_WATCH : MT_STATUS_NOTE;
    f->confidence = MT_CONFIDENCE_MEDIUM;
    f->confidence_reason = "read from the limit and the last values";
    f->culprit.function = "(process)";
    f->metric = near_limit ? MT_M_RSS : MT_M_SYS;
    if (above)
        mt_finding_evidence(out, f, MT_DIM_METRICS, "memstats", NULL, sys, "bytes",
                            "Sys is %s, above 1.5 times the limit of %s",
                            mt_fmt_bytes(out->arena, sys), mt_fmt_bytes(out->arena, limit));
    if (near_limit)
        mt_finding_evidence(out, f, MT_DIM_METRICS, "process-memory", NULL, rss, "bytes",
                            "resident memory is %s of a limit of %s", mt_fmt_bytes(out->arena, rss),
                            mt_fmt_bytes(out->arena, limit));
    if (soon)
        mt_finding_evidence(out, f, MT_DIM_METRICS, forecast->quantity, NULL, hours, "hours",
                            "%s meets the %s in about %s at the present rate", forecast->quantity,
                            forecast->limit_name, mt_fmt_duration(out->arena, hours * 3600e9));
    mt_finding_against(out, f,
                       "Sys counts address space: what was never touched or was given back "
                       "does not count against the limit.");
    f->next = "Set GOMEMLIMIT below the container's limit, and follow the first suspect.";
    f->sentence = mt_arena_printf(out->arena, "The memory limit of %s is near.",
                                  mt_fmt_bytes(out->arena, limit));
}

const struct mt_rule mt_rule_limit_risk = {
    .id = "limit-risk",
    .title = "The memory limit is near",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
