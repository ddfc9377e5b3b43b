/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trend of a series: Theil-Sen slope with its rank interval, one-sided Mann-Kendall, plateau
 * and shape. Fills struct mt_trend of assessment.h.
 */
#ifndef MT_ANALYSIS_TREND_H
#define MT_ANALYSIS_TREND_H

#include "report/analysis/assessment.h"

/* With 4 to MT_KENDALL_EXACT points the distribution of the score is exact; with fewer than
 * MT_TREND_LEAST there is no test. */
enum { MT_TREND_LEAST = 4, MT_KENDALL_EXACT = 9, MT_TREND_BLOCKS = 100 };

/* One-sided p of a rising trend by Mann-Kendall. Exact over all arrangements of the values, equal
 * ones included, for n <= MT_KENDALL_EXACT; else normal with tie and continuity correction, where
 * `effective` (at most n) shrinks the sample for autocorrelation. NaN for n < MT_TREND_LEAST. */
double mt_kendall_p(const double *value, size_t n, double effective);
/* Which of the sorted slopes bounds the interval of Theil and Sen: the rank-th smallest and the
 * rank-th largest (from 1), with the coverage that reaches: 0.95, or less where n allows no more.
 * variance_ratio: n over the effective size, 1 where values are independent. */
size_t mt_kendall_rank(size_t n, double variance_ratio, double *coverage);

/* What a rise must reach over the window to count. */
struct mt_effect {
    double absolute; /* in the series' unit */
    double relative; /* of the level at the start of the line */
    bool polled;     /* levels at the ends are medians of 3 neighbours */
    double noise;    /* standard error of one value where known (sampling); 0: not known */
    double sample;   /* what one sample or event stands for; 0: values are exact */
};

/* Times must not decrease. More than MT_TREND_BLOCKS points are first reduced to block medians. */
struct mt_trend mt_trend_of(const int64_t *time_ns, const double *value, size_t n,
                            const struct mt_effect *effect);

/* The shape alone; `at` in seconds, p_rising as from mt_kendall_p. */
enum mt_shape mt_shape_of(const double *at, const double *value, size_t n, double p_rising,
                          bool plateau, const struct mt_effect *effect);

/* The line's value at a time. */
double mt_trend_at(const struct mt_trend *t, int64_t time_ns);

#endif
