/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of a diff, the same in the comment, the Markdown report and the page. */
#ifndef MT_VIEW_DIFF_SHEETS_H
#define MT_VIEW_DIFF_SHEETS_H

#include "report/view/sheet.h"
#include "report/view/view.h"

/* Rows of one metric's functions, largest change first, then "N others", so that rows add up to the
 * total. only: 0 all, 1 growers, -1 shrinkers (without the others row). */
struct mt_sheet *mt_diff_functions_sheet(struct mt_arena *a, const struct mt_diff *d,
                                         const char *metric, size_t most, int only);
/* One row a total that both sides have. */
struct mt_sheet *mt_diff_totals_sheet(struct mt_arena *a, const struct mt_diff *d);
/* One row a rule of the policy. */
struct mt_sheet *mt_diff_gate_sheet(struct mt_arena *a, const struct mt_diff *d);
struct mt_sheet *mt_diff_inputs_sheet(struct mt_arena *a, const struct mt_diff *d);

/* The function that explains most of the headline's change in its direction, or NULL. */
const struct mt_comparison *mt_diff_leading(const struct mt_diff *d);
/* The share of the headline's change that is this one's; 0 where it explains none of it. */
double mt_diff_explained(const struct mt_diff *d, const struct mt_comparison *c);
/* "p=0.029", "n=1"; empty without a p. */
const char *mt_diff_signal(struct mt_arena *a, const struct mt_diff *d,
                           const struct mt_comparison *c);
const char *mt_diff_service(const struct mt_diff *d);
const char *mt_diff_runs_words(struct mt_arena *a, const struct mt_diff *d); /* "n=4 each" */

#endif
