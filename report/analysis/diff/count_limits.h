/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Garwood's 95% interval of a Poisson mean for very many counts. The limits are smooth in the root
 * of the count, so up to 100 they are interpolated between exact values, each computed at most
 * once, and from there on taken from the cube-root approximation of the chi-squared quantile
 * (Wilson and Hilferty 1931): both are within 0.01% of the exact limits. Only report/analysis/diff.
 */
#ifndef MT_ANALYSIS_DIFF_COUNT_LIMITS_H
#define MT_ANALYSIS_DIFF_COUNT_LIMITS_H

#include "report/analysis/statistics/statistics.h"

enum { MT_COUNT_NODES = 320 };

struct mt_count_limits {                       /* zeroed: empty */
    struct mt_interval at[MT_COUNT_NODES + 4]; /* of root i / 32; high 0: not computed yet */
};

struct mt_interval mt_count_interval(struct mt_count_limits *limits, double count);

#endif
