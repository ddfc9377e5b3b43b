/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests and intervals of the engine, each a pure function of numbers. p-values are exact where
 * the sample is small enough to enumerate, and say so where they are not.
 */
#ifndef MT_ANALYSIS_STATISTICS_H
#define MT_ANALYSIS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

/* --- special functions (accurate to about 1e-12 relative) --- */
double mt_normal_upper(double z);                   /* P(Z > z) */
double mt_normal_quantile(double p);                /* z with P(Z <= z) = p, 0 < p < 1 */
double mt_beta_lower(double a, double b, double x); /* regularised incomplete beta I_x(a, b) */
double mt_gamma_lower(double a, double x);          /* regularised incomplete gamma P(a, x) */
double mt_gamma_quantile(double a, double p);       /* x with P(a, x) = p */

/* --- counts --- */
struct mt_interval {
    double low, high;
};
/* Garwood's exact interval of a Poisson mean after seeing `count`, which need not be whole. */
struct mt_interval mt_poisson_interval(double count, double confidence);
/* P(X >= successes) of a binomial; counts need not be whole. */
double mt_binomial_upper(double successes, double trials, double chance);
/* One-sided p that the second of two Poisson counts comes from a larger mean than the first:
 * conditional on their sum. */
double mt_counts_grow_p(double first, double second);

/* Benjamini-Hochberg: p[i] becomes the smallest false discovery rate at which i is rejected. NaN
 * entries are left alone and not counted. */
void mt_benjamini_hochberg(double *p, size_t n);

/* --- two samples --- */
/* Two-sided Mann-Whitney: exact (ties enumerated by mid-ranks) while both samples together have at
 * most MT_MANN_WHITNEY_EXACT values, else the normal approximation with tie correction. NaN when a
 * sample is empty. */
enum { MT_MANN_WHITNEY_EXACT = 40 };
double mt_mann_whitney_p(const double *a, size_t n_a, const double *b, size_t n_b);
/* The largest u with P(U <= u) <= tail, 0 where there is none: so many of the sorted differences
 * are left out at either end of the shift's interval. Exact and normal as above; no ties. */
size_t mt_mann_whitney_cut(size_t n_a, size_t n_b, double tail);

/* --- order --- */
int mt_compare_double(const void *a, const void *b); /* for qsort; NaN last */
/* Sorts v and returns the median; NaN when empty. */
double mt_median(double *v, size_t n);
/* Sorts v and returns the value at rank ceil(q n). */
double mt_quantile(double *v, size_t n, double q);

#endif
