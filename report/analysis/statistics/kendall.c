/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mann-Kendall. Of all arrangements of the values, those with k inversions are counted by the
 * q-multinomial coefficient prod [i]_q / prod over ties prod [i]_q, where [i]_q is the polynomial
 * 1 + q + ... + q^(i-1): exact with ties, and no arrangement is ever written out.
 */
#include "report/analysis/statistics/statistics.h"
#include "report/analysis/statistics/trend.h"

#include <math.h>
#include <string.h>

enum { MOST_PAIRS = MT_KENDALL_EXACT * (MT_KENDALL_EXACT - 1) / 2 };

static void times_bracket(double *poly, size_t i)
{
    double in[MOST_PAIRS + 1];
    memcpy(in, poly, sizeof in);
    for (size_t k = 0; k <= MOST_PAIRS; k++) {
        poly[k] = 0.0;
        for (size_t j = 0; j < i && j <= k; j++)
            poly[k] += in[k - j];
    }
}

static void over_bracket(double *poly, size_t i)
{
    for (size_t k = 0; k <= MOST_PAIRS; k++)
        for (size_t j = 1; j < i && j <= k; j++)
            poly[k] -= poly[k - j];
}

/* Share of arrangements with at most `most` inversions. ties: sizes of the groups of equals. */
static double inversions_at_most(size_t n, const size_t *ties, size_t n_ties, double most)
{
    double poly[MOST_PAIRS + 1] = {1.0};
    for (size_t i = 2; i <= n; i++)
        times_bracket(poly, i);
    for (size_t t = 0; t < n_ties; t++)
        for (size_t i = 2; i <= ties[t]; i++)
            over_bracket(poly, i);
    double below = 0.0, all = 0.0;
    for (size_t k = 0; k <= MOST_PAIRS; k++) {
        all += poly[k];
        below += (double)k <= most ? poly[k] : 0.0;
    }
    return below / all;
}

struct score {
    double s;     /* rising pairs less falling pairs */
    double pairs; /* that are not equal */
    double ties;  /* sum of t(t-1)(2t+5) */
};

/* ties: room for n sizes, only groups of two or more; may be NULL. */
static struct score score_of(const double *v, size_t n, size_t *ties, size_t *n_ties)
{
    struct score out = {0};
    size_t groups = 0;
    for (size_t i = 0; i < n; i++) {
        size_t before = 0, equal = 1;
        for (size_t j = 0; j < i; j++)
            before += v[j] == v[i];
        for (size_t j = i + 1; j < n; j++) {
            out.s += (v[j] > v[i]) - (v[j] < v[i]);
            out.pairs += v[j] != v[i];
            equal += v[j] == v[i];
        }
        if (before || equal < 2)
            continue;
        double t = (double)equal;
        out.ties += t * (t - 1.0) * (2.0 * t + 5.0);
        if (ties)
            ties[groups++] = equal;
    }
    if (n_ties)
        *n_ties = groups;
    return out;
}

double mt_kendall_p(const double *value, size_t n, double effective)
{
    if (n < MT_TREND_LEAST)
        return NAN;
    if (n <= MT_KENDALL_EXACT) {
        size_t ties[MT_KENDALL_EXACT], n_ties;
        struct score got = score_of(value, n, ties, &n_ties);
        return inversions_at_most(n, ties, n_ties, 0.5 * (got.pairs - got.s));
    }
    struct score got = score_of(value, n, NULL, NULL);
    double nn = (double)n;
    double variance = (nn * (nn - 1.0) * (2.0 * nn + 5.0) - got.ties) / 18.0;
    if (effective > 0.0 && effective < nn)
        variance *= nn / effective;
    if (!(variance > 0.0))
        return 1.0;
    double step = got.s > 0.0 ? -1.0 : got.s < 0.0 ? 1.0 : 0.0;
    return mt_normal_upper((got.s + step) / sqrt(variance));
}

size_t mt_kendall_rank(size_t n, double variance_ratio, double *coverage)
{
    double pairs = 0.5 * (double)n * (double)(n - 1);
    size_t rank = 1;
    if (n <= MT_KENDALL_EXACT) {
        while (1.0 - 2.0 * inversions_at_most(n, NULL, 0, (double)rank) >= 0.95)
            rank++;
        *coverage = 1.0 - 2.0 * inversions_at_most(n, NULL, 0, (double)rank - 1.0);
        return rank;
    }
    double nn = (double)n;
    double sigma = sqrt(nn * (nn - 1.0) * (2.0 * nn + 5.0) / 18.0 * variance_ratio);
    double half = mt_normal_quantile(0.975) * sigma;
    *coverage = 0.95;
    if (half < pairs) {
        rank = (size_t)floor(0.5 * (pairs - half));
        rank = rank < 1 ? 1 : rank;
    } else {
        *coverage = 1.0 - 2.0 * mt_normal_upper(pairs / sigma);
    }
    return rank;
}
