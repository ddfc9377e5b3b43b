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
/* What the bundle lacks for the word "steady", and the capture that would give it. */
struct mt_gap {
    const char *sentence, *next;
};
/* The most telling gap; NULL: enough was measured. */
const struct mt_gap *mt_gap_of(const struct mt_signals *s);
/* Seconds between the first and the last of timed snapshots, and of the floor. */
double mt_window_s(const struct mt_snapshots *shots);
double mt_floor_window_s(const struct mt_signals *s);
/* Verdict, set-aside sites, split of the growth, stages. */
void mt_verdict(struct mt_signals *s);

#endif
