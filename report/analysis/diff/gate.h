/* SPDX-License-Identifier: Apache-2.0 */
/* The later stages of a diff: renamed functions, verified fixes, slopes, goroutines, the gate. Only
 * report/analysis/diff. */
#ifndef MT_ANALYSIS_DIFF_GATE_H
#define MT_ANALYSIS_DIFF_GATE_H

#include "report/analysis/diff/runs.h"

/* The policy has a rule for this metric and scope that is not a suppressed function. */
bool mt_policy_covers(const struct mt_policy *p, const char *metric, enum mt_scope scope,
                      const char *function);
bool mt_policy_suppresses(const struct mt_policy *p, const char *function);

/* Pairs functions that are on one side only and whose heaviest stacks agree but for their own
 * frame, with sizes that agree: one comparison of class moved takes the place of both. */
void mt_diff_pair_moved(struct mt_arena *arena, struct mt_diff *d);
void mt_diff_verify_fixes(struct mt_arena *arena, struct mt_diff *d);
/* What the assessments of both sides know beyond the matrix: slopes of every series, goroutines by
 * where they block and who started them. */
void mt_diff_compare_trends(struct mt_arena *arena, struct mt_diff *d);
void mt_diff_compare_groups(struct mt_arena *arena, struct mt_diff *d);
/* One trend a run; NULL where a run has none. */
struct mt_diff_rate mt_diff_rate_of(struct mt_arena *arena, const struct mt_trend *const *trends,
                                    size_t n_runs);
void mt_diff_gate(struct mt_arena *arena, struct mt_diff *d);

#endif
