/* SPDX-License-Identifier: Apache-2.0 */
/* The later stages of a diff: renamed functions, verified fixes, the gate. Only
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
void mt_diff_pair_moved(struct mt_arena *arena, struct mt_matrix *m, struct mt_diff *d);
void mt_diff_verify_fixes(struct mt_arena *arena, struct mt_diff *d);
void mt_diff_gate(struct mt_arena *arena, struct mt_diff *d);

#endif
