/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Intervals and tests of counts. What a heap profile shows of a site is a handful of samples, so
 * nothing here leans on the normal approximation.
 */
#include "parsers/base/arena.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

struct mt_interval mt_poisson_interval(double count, double confidence)
{
    double tail = 0.5 * (1.0 - confidence);
    struct mt_interval in = {
        .low = count > 0.0 ? mt_gamma_quantile(count, tail) : 0.0,
        .high = mt_gamma_quantile((count > 0.0 ? count : 0.0) + 1.0, 1.0 - tail),
    };
    return in;
}

double mt_binomial_upper(double successes, double trials, double chance)
{
    if (!(successes > 0.0))
        return 1.0;
    if (successes > trials)
        return 0.0;
    return mt_beta_lower(successes, trials - successes + 1.0, chance);
}

double mt_counts_grow_p(double first, double second)
{
    return mt_binomial_upper(second, first + second, 0.5);
}

struct ranked {
    double p;
    size_t at;
};

static int by_p(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

void mt_benjamini_hochberg(double *p, size_t n)
{
    struct mt_arena scratch = {0};
    struct ranked *order = MT_NEW_N(&scratch, struct ranked, n);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(p[i]))
            order[m++] = (struct ranked){p[i], i};
    qsort(order, m, sizeof *order, by_p);
    double least = 1.0;
    for (size_t rank = m; rank > 0; rank--) {
        double q = order[rank - 1].p * (double)m / (double)rank;
        least = q < least ? q : least;
        p[order[rank - 1].at] = least;
    }
    mt_arena_clear(&scratch);
}
