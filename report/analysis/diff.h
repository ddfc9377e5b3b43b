/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparison of two sides, each of one or more runs (leak-engine.md sections 6 and 7): the contract
 * between the diff and the view. Everything is decided here; texts live in the arena.
 */
#ifndef MT_ANALYSIS_DIFF_H
#define MT_ANALYSIS_DIFF_H

#include "report/analysis/assessment.h"
#include "report/analysis/statistics/statistics.h"

enum mt_scope {
    MT_SCOPE_TOTAL,
    MT_SCOPE_FUNCTION,
    MT_SCOPE_PACKAGE,
    MT_SCOPE_LABEL,
    MT_SCOPE_SITE
};
const char *mt_scope_name(enum mt_scope scope);

enum mt_class {
    MT_CLASS_SAME, /* inside the noise */
    MT_CLASS_NEW,
    MT_CLASS_GROWN,
    MT_CLASS_SHRUNK,
    MT_CLASS_GONE,
    MT_CLASS_MOVED
};
const char *mt_class_name(enum mt_class class);

/* What is compared: "inuse_space", "goroutines", "heap_floor" ... The names are those of
 * report-json. */
struct mt_diff_metric {
    const char *name, *unit;
    bool exact; /* counts that nobody sampled: goroutines */
    bool higher_is_worse;
    size_t order; /* among the metrics of the diff */
};

struct mt_entity;

struct mt_comparison {
    const struct mt_diff_metric *metric;
    enum mt_scope scope;
    const char *
        function; /* what it is called; NULL for totals. Sites: frames, root first, joined by ';' */
    const char *moved_to; /* the head's name, class moved only */
    const char *file;     /* of the heaviest line, or NULL */
    int64_t line;
    double base, head, delta; /* medians of the runs' values */
    double relative;          /* delta / base; NaN when base is 0 */
    double low, high;         /* of delta, 95%; NaN: one run a side of something nobody sampled */
    double p, adjusted_p;     /* with replicates only; else NaN */
    enum mt_class class;
    struct mt_span key; /* identity across builds */
    const double
        *values; /* by run, the base's first; of a moved function those of the base's name */
    const struct mt_entity *entity;
};

enum mt_gate { MT_GATE_PASS, MT_GATE_FAIL, MT_GATE_UNDECIDED };
const char *mt_gate_name(enum mt_gate gate);

/* One rule of the policy. */
struct mt_policy_rule {
    const char *metric;
    enum mt_scope scope; /* total or function */
    const char *pattern; /* function:PATTERN; NULL: any function */
    double max_share;    /* 0.05 for 5%; NaN: none given */
    double max_absolute; /* in the metric's unit; NaN: none given */
    bool warn_only;
    const char *text; /* the limit in words: "5% and 1 MiB" */
};

struct mt_policy {
    struct mt_policy_rule *rules;
    size_t n_rules;
    bool has_on_undecided, undecided_fails;
    bool single_run_fails;
    const char **suppress; /* patterns of functions */
    size_t n_suppress;
    bool by_default; /* no file and no --fail-on was given */
};

struct mt_policy_result {
    const struct mt_policy_rule *rule;
    enum mt_gate result;
    double value;                           /* the largest increase it met */
    const struct mt_comparison *comparison; /* the worst one, or NULL */
    const char *reason;
    size_t n_exceeded;
};

/* A slope over the runs of a side, per second: the median; of one run its own interval, of several
 * the span of their slopes. */
struct mt_diff_rate {
    double middle, low, high;
    size_t n; /* runs that have it; 0: none, all else is 0 */
};

struct mt_fix {
    const char *id, *function;
    const char *state; /* "gone", "weaker", "unchanged", "worse" */
    struct mt_diff_rate base, head;
    const char *unit; /* "bytes/s" or "goroutines/s" */
    const char *sentence;
};

/* One metric's course on both sides. */
struct mt_diff_trend {
    enum mt_metric metric; /* MT_METRIC_COUNT: the heap floor */
    const char *name;
    bool bytes;                    /* else counts */
    double base_level, head_level; /* median over the runs of the line's end */
    struct mt_diff_rate base, head;
    const char *state; /* "steeper" and "flatter" where the intervals are apart, else "same" */
};

/* Goroutines that block in one place and were started by one function, at the end of the runs. */
struct mt_diff_group {
    const char *function, *creator, *wait; /* empty where not known */
    double base, head, delta;              /* medians over the runs */
    int64_t longest_wait_ns;               /* in any run of the head */
};

struct mt_diff_run {
    const struct mt_bundle *bundle;
    struct mt_assessment *assessment; /* NULL for single captures */
    const char *name;
    bool damaged;       /* an input could not be read whole */
    const char *damage; /* which, and where */
};

struct mt_diff_side {
    const char *label;
    struct mt_diff_run *runs;
    size_t n_runs;
};

struct mt_diff {
    struct mt_diff_side base, head;
    bool replicates; /* four or more a side: tests between runs */
    bool pooled;     /* two or three: taken as one run */
    bool normalized;
    bool alloc_rates;           /* allocation metrics are growth per second */
    const char *not_comparable; /* reason, or NULL */

    struct mt_comparison *comparisons; /* by metric, scope, |delta| downwards, name */
    size_t n_comparisons;
    size_t n_sites_left_out; /* beyond MT_DIFF_MOST_SITES a metric */
    const char **lost;       /* metrics that the base has and a run lacks: not compared */
    size_t n_lost;

    const struct mt_policy *policy;
    struct mt_policy_result *results;
    size_t n_results;
    enum mt_gate gate;
    const char *verdict; /* "threshold exceeded", "increase inside noise", "no significant change",
                            "decrease", "not comparable" */
    const char *sentence;
    const struct mt_comparison *headline; /* the total the verdict speaks of, or NULL */

    struct mt_fix *fixes;
    size_t n_fixes;
    const char *fix_sentence; /* closes the loop, or NULL */

    struct mt_diff_trend *trends; /* the floor first, then by metric */
    size_t n_trends;
    struct mt_diff_group *groups; /* by |delta| downwards, then name; at most MT_DIFF_MOST_GROUPS */
    size_t n_groups, n_groups_of;
};

enum {
    MT_DIFF_MOST_SITES = 200,
    MT_DIFF_MOST_GROUPS = 50,
    MT_DIFF_MOST_RELABELLINGS = 10000,
    MT_DIFF_REPLICATES = 4
};

/* Order-statistic interval of the shift from base to head: pairwise differences, cut where the
 * exact Mann-Whitney distribution leaves at most 2.5% on each side (Hodges and Lehmann; the widest
 * where few runs allow no more). `cut` is mt_diff_shift_cut of both numbers; `room` holds
 * n_base * n_head values. */
size_t mt_diff_shift_cut(size_t n_base, size_t n_head);
struct mt_interval mt_diff_shift(const double *base, size_t n_base, const double *head,
                                 size_t n_head, size_t cut, double *room);

struct mt_diff_options {
    const char *base_label, *head_label;
    bool normalize;
};

/* The runs' bundles outlive the diff. */
struct mt_diff *mt_diff_make(struct mt_arena *arena, struct mt_diff_side base,
                             struct mt_diff_side head, const struct mt_policy *policy,
                             const struct mt_diff_options *options);

/* The profiles that stand for a run: heap (or allocs, which holds the same) at its start and its
 * end, and the last of any other kind. NULL: none. */
const struct mt_profile *mt_diff_heap_of(const struct mt_bundle *bundle, bool last);
const struct mt_profile *mt_diff_profile_of(const struct mt_bundle *bundle,
                                            enum mt_profile_kind kind);

/* The built-in policy: in-use and allocated bytes and goroutines, total and any function, 5% and 1
 * MiB (20 goroutines). */
const struct mt_policy *mt_policy_default(struct mt_arena *arena);
/* memtriage.policy; False: err says what was expected at which byte or in which rule. */
bool mt_policy_parse(struct mt_arena *arena, struct mt_span text, struct mt_policy *policy,
                     struct mt_err *err) MT_WARN_UNUSED;
/* --fail-on 'inuse_space>5%', 'inuse_space:function:cache.*>2MiB', 'goroutines>20'. */
bool mt_policy_shorthand(struct mt_arena *arena, struct mt_span text, struct mt_policy *policy,
                         struct mt_err *err) MT_WARN_UNUSED;

/* Function patterns of policies and suppressions: '*' stands for any run of characters; without one
 * the pattern may stand anywhere in the name. */
bool mt_pattern_matches_name(const char *pattern, const char *name);

#endif
