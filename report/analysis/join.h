/* SPDX-License-Identifier: Apache-2.0 */
/* From what the rules found to a ranked list: joining, scores, ids, suppressions. */
#ifndef MT_ANALYSIS_JOIN_H
#define MT_ANALYSIS_JOIN_H

#include "report/analysis/suspect.h"

/* Findings with one cause become one: the strongest stays, takes the others' evidence and names,
 * and the heaviest heap site as its second effect. */
void mt_findings_join(const struct mt_signals *s, struct mt_findings *all);
/* Score by share of growth, significance and corroboration; then the id. */
void mt_findings_score(const struct mt_signals *s, struct mt_findings *all);
/* leak, watch, note; then score; then function. */
void mt_findings_rank(struct mt_findings *all);
/* Takes suppressed findings and known-good goroutines out; fills assessment->suppressions. */
void mt_findings_suppress(struct mt_signals *s, struct mt_findings *all, struct mt_span text);
/* Verdict, set-aside sites, split of the growth, stages. */
void mt_verdict(struct mt_signals *s, const struct mt_assess_options *options);

#endif
