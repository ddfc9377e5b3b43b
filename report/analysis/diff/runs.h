/* SPDX-License-Identifier: Apache-2.0 */
/* Values of all runs, by metric and entity, before they are compared. Only report/analysis/diff. */
#ifndef MT_ANALYSIS_DIFF_RUNS_H
#define MT_ANALYSIS_DIFF_RUNS_H

#include "report/analysis/diff.h"
#include "report/analysis/diff/paths.h"
#include "report/analysis/symbols.h"

/* A total, function, package or label of one metric, over all runs (base's first); a call path when
 * it was chosen to be shown. */
struct mt_entity {
    enum mt_scope scope;
    uint32_t key;     /* in the matrix's keys */
    const char *name; /* as the head calls it, else the base */
    const char *base_name;
    const char *file;
    int64_t line;
    double heaviest;   /* behind file and line */
    double *value;     /* by run */
    double *variance;  /* by run: of the value, from sampling */
    double adjusted_p; /* of those that were tested; 0: not */
    uint64_t shape;    /* of its heaviest stack, its own frame left out: finds renamed functions */
    double shape_weight;
    double objects; /* in the run behind `shape`: mean size tells alike stacks apart */
    double bytes;
};

struct mt_metric_values {
    struct mt_diff_metric metric;
    bool *present;               /* by run */
    struct mt_entity **entities; /* the first is the total */
    size_t n_entities, cap_entities;
    uint32_t *slots; /* hash of (scope, key) -> index + 1 */
    size_t n_slots;
    const struct mt_path_table *paths; /* NULL: none are kept for this metric */
    size_t path_column;
    double period; /* mean sampling rate in bytes or 0 */
    bool sampled;  /* its variance is known: 0 where all was counted */
};

struct mt_matrix {
    struct mt_arena *arena;
    struct mt_strings keys;
    size_t n_base, n_runs;
    struct mt_metric_values *
        *metrics; /* each stays where it is: columns and comparisons point in */
    size_t n_metrics, cap_metrics;
    struct mt_path_table heap_paths, goroutine_paths;
    bool alloc_rates;
};

void mt_matrix_open(struct mt_matrix *m, struct mt_arena *arena, size_t n_base, size_t n_runs);
/* Finds or makes. */
struct mt_metric_values *mt_matrix_metric(struct mt_matrix *m, const char *name, const char *unit,
                                          bool exact);
struct mt_entity *mt_matrix_entity(struct mt_matrix *m, struct mt_metric_values *v,
                                   enum mt_scope scope, struct mt_span key);
/* Adds what run number `run` holds. */
void mt_matrix_add_run(struct mt_matrix *m, size_t run, const struct mt_diff_run *from);
/* Whether the run has two heap snapshots on the clock, so that allocation rates can be had. */
bool mt_run_has_rates(const struct mt_diff_run *run);

/* Westfall-Young: adjusted_p of every entity in `items` (any metric) against the largest |T| over
 * the first n_gated of them. */
struct mt_tested {
    const struct mt_metric_values *metric;
    struct mt_entity *entity;
    double adjusted_p;
};
void mt_max_t(struct mt_arena *arena, struct mt_tested *items, size_t n, size_t n_gated,
              size_t n_base, size_t n_runs);

#endif
