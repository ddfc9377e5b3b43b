/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mann-Whitney test of two samples. The exact distribution of the rank sum is counted by a table
 * over (values taken, sum of doubled mid-ranks), which handles ties without approximation.
 */
#include "parsers/base/arena.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

struct tagged {
    double value;
    bool first; /* belongs to sample a */
};

static int by_value(const void *a, const void *b)
{
    return mt_compare_double(&((const struct tagged *)a)->value,
                             &((const struct tagged *)b)->value);
}

/* Doubled mid-ranks of sorted values, and the sum of t^3 - t over ties. */
static double double_ranks(const struct tagged *v, size_t n, unsigned *rank2)
{
    double ties = 0.0;
    for (size_t i = 0; i < n;) {
        size_t j = i;
        while (j < n && v[j].value == v[i].value)
            j++;
        for (size_t k = i; k < j; k++)
            rank2[k] = (unsigned)(i + 1 + j);
        double t = (double)(j - i);
        ties += t * t * t - t;
        i = j;
    }
    return ties;
}

/* How many subsets of n_a doubled ranks have each sum, from 0 to *total. */
static const double *ways_of(struct mt_arena *scratch, const unsigned *rank2, size_t n, size_t n_a,
                             size_t *total)
{
    *total = 0;
    for (size_t i = 0; i < n; i++)
        *total += rank2[i];
    size_t width = *total + 1;
    double *ways = MT_NEW_N(scratch, double, (n_a + 1) * width);
    ways[0] = 1.0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = n_a; k > 0; k--)
            for (size_t s = *total; s >= rank2[i]; s--)
                ways[k * width + s] += ways[(k - 1) * width + s - rank2[i]];
    return ways + n_a * width;
}

/* Share of the subsets of n_a ranks whose sum is at least as far from the middle as `seen`. */
static double exact_p(struct mt_arena *scratch, const unsigned *rank2, size_t n, size_t n_a,
                      unsigned seen)
{
    size_t total;
    const double *ways = ways_of(scratch, rank2, n, n_a, &total);
    double mean = (double)total * (double)n_a / (double)n;
    double far = fabs(seen - mean) - 1e-9, all = 0.0, beyond = 0.0;
    for (size_t s = 0; s <= total; s++) {
        all += ways[s];
        if (fabs((double)s - mean) >= far)
            beyond += ways[s];
    }
    return beyond / all;
}

size_t mt_mann_whitney_cut(size_t n_a, size_t n_b, double tail)
{
    size_t n = n_a + n_b, total, cut = 0;
    if (n > MT_MANN_WHITNEY_EXACT) {
        double na = (double)n_a, nb = (double)n_b;
        double u =
            na * nb / 2.0 - 0.5 + mt_normal_quantile(tail) * sqrt(na * nb * (na + nb + 1.0) / 12.0);
        return u > 0.0 ? (size_t)u : 0;
    }
    struct mt_arena scratch = {0};
    unsigned *rank2 = MT_NEW_N(&scratch, unsigned, n);
    for (size_t i = 0; i < n; i++)
        rank2[i] = (unsigned)(2 * i + 2);
    const double *ways = ways_of(&scratch, rank2, n, n_a, &total);
    double all = 0.0, below = 0.0;
    for (size_t s = 0; s <= total; s++)
        all += ways[s];
    for (size_t u = 0; u <= n_a * n_b; u++) { /* U is the sum of the ranks less the least one */
        below += ways[n_a * (n_a + 1) + 2 * u];
        if (below > tail * all)
            break;
        cut = u;
    }
    mt_arena_clear(&scratch);
    return cut;
}

double mt_mann_whitney_p(const double *a, size_t n_a, const double *b, size_t n_b)
{
    if (n_a == 0 || n_b == 0)
        return NAN;
    size_t n = n_a + n_b;
    struct mt_arena scratch = {0};
    struct tagged *v = MT_NEW_N(&scratch, struct tagged, n);
    unsigned *rank2 = MT_NEW_N(&scratch, unsigned, n);
    for (size_t i = 0; i < n; i++)
        v[i] = (struct tagged){.value = i < n_a ? a[i] : b[i - n_a], .first = i < n_a};
    qsort(v, n, sizeof *v, by_value);
    double ties = double_ranks(v, n, rank2), p;
    unsigned sum2 = 0;
    for (size_t i = 0; i < n; i++)
        sum2 += v[i].first ? rank2[i] : 0;
    if (n <= MT_MANN_WHITNEY_EXACT) {
        p = exact_p(&scratch, rank2, n, n_a, sum2);
    } else {
        double na = (double)n_a, nb = (double)n_b, nn = (double)n;
        double u = 0.5 * sum2 - 0.5 * na * (na + 1.0);
        double var = na * nb / 12.0 * (nn + 1.0 - ties / (nn * (nn - 1.0)));
        double far = fabs(u - 0.5 * na * nb) - 0.5;
        p = var > 0.0 && far > 0.0 ? 2.0 * mt_normal_upper(far / sqrt(var)) : 1.0;
    }
    mt_arena_clear(&scratch);
    return p;
}
