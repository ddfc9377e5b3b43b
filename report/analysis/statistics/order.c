/* SPDX-License-Identifier: Apache-2.0 */
/* Order statistics. */
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>

int mt_compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y))
        return (isnan(x) ? 1 : 0) - (isnan(y) ? 1 : 0);
    return (x > y) - (x < y);
}

double mt_median(double *v, size_t n)
{
    if (n == 0)
        return NAN;
    qsort(v, n, sizeof *v, mt_compare_double);
    return n % 2 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

double mt_quantile(double *v, size_t n, double q)
{
    if (n == 0)
        return NAN;
    qsort(v, n, sizeof *v, mt_compare_double);
    double rank = ceil(q * (double)n);
    size_t at = rank < 1.0 ? 0 : (size_t)rank - 1;
    return v[at < n ? at : n - 1];
}
