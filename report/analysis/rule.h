/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of a rule. A file report/analysis/rules/foo_bar.c that defines
 * `const struct mt_rule mt_rule_foo_bar` is registered by its name; users see it as "foo-bar". Its
 * advice is templates/advice/foo-bar.md. A rule is pure: it reads the case and adds findings.
 */
#ifndef MT_ANALYSIS_RULE_H
#define MT_ANALYSIS_RULE_H

#include "report/analysis/assessment.h"

enum mt_need {
    MT_NEED_METRICS = 1u << 0,    /* MemStats, Prometheus, GC log */
    MT_NEED_HEAP = 1u << 1,       /* heap profiles */
    MT_NEED_GOROUTINES = 1u << 2, /* goroutine profiles or dumps */
    MT_NEED_DUMPS = 1u << 3,      /* debug=2 */
    MT_NEED_LEAKPROFILE = 1u << 4,
    MT_NEED_TRACE = 1u << 5,
    MT_NEED_RSS = 1u << 6,
    MT_NEED_REQUESTS = 1u << 7,
    MT_NEED_CONTENTION = 1u << 8, /* block or mutex profile */
    MT_NEED_JVM = 1u << 9,
    MT_NEED_LABELS = 1u << 10
};

/* A named constant of a rule, as `explain` and the method section show it. */
struct mt_threshold {
    const char *name, *unit;
    double value;
    const char *meaning;
};

struct mt_rule {
    const char *id;    /* "heap-site-growth" */
    const char *title; /* "Call sites whose live heap grows" */
    unsigned needs;    /* all of these; unmet: listed as not run */
    const struct mt_threshold *thresholds;
    size_t n_thresholds;
    void (*run)(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out);
};

/* Written by ci/registry.awk, in name order, NULL at the end. */
extern const struct mt_rule *const mt_rules[];
const struct mt_rule *mt_rule_named(const char *id);

#endif
