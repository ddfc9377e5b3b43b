/* SPDX-License-Identifier: Apache-2.0 */
/* Tail areas of the normal, beta and gamma distributions and their inverses. */
#include "report/analysis/statistics/statistics.h"

#include <float.h>
#include <math.h>

enum { MAX_TERMS = 500, MAX_STEPS = 40 };
static const double tiny = 1e-300;

double mt_normal_upper(double z)
{
    return 0.5 * erfc(z / sqrt(2.0));
}

double mt_normal_quantile(double p)
{
    if (!(p > 0.0 && p < 1.0))
        return p <= 0.0 ? -INFINITY : INFINITY;
    /* Bisection narrows to where Newton on the tail area cannot leave. */
    double low = -40.0, high = 40.0;
    for (int i = 0; i < 200 && high - low > 1e-14; i++) {
        double mid = 0.5 * (low + high);
        /* the smaller tail keeps its digits */
        bool below = p < 0.5 ? mt_normal_upper(-mid) < p : mt_normal_upper(mid) > 1.0 - p;
        *(below ? &low : &high) = mid;
    }
    return 0.5 * (low + high);
}

/* Continued fraction of the incomplete beta by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
    double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0);
    d = 1.0 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m <= MAX_TERMS; m++) {
        double m2 = 2.0 * m;
        double even = m * (b - m) * x / ((a + m2 - 1.0) * (a + m2));
        d = 1.0 + even * d;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = 1.0 + even / c;
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + m2) * (a + m2 + 1.0));
        d = 1.0 + odd * d;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = 1.0 + odd / c;
        c = fabs(c) < tiny ? tiny : c;
        double factor = d * c;
        h *= factor;
        if (fabs(factor - 1.0) < DBL_EPSILON)
            break;
    }
    return h;
}

double mt_beta_lower(double a, double b, double x)
{
    if (!(x > 0.0))
        return 0.0;
    if (x >= 1.0)
        return 1.0;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1.0) / (a + b + 2.0))
        return front * beta_fraction(a, b, x) / a;
    return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

static double gamma_front(double a, double x)
{
    return exp(a * log(x) - x - lgamma(a));
}

double mt_gamma_lower(double a, double x)
{
    if (!(x > 0.0))
        return 0.0;
    if (x < a + 1.0) { /* series */
        double term = 1.0 / a, sum = term;
        for (int n = 1; n < 20 * MAX_TERMS; n++) {
            term *= x / (a + n);
            sum += term;
            if (term < sum * DBL_EPSILON)
                break;
        }
        return sum * gamma_front(a, x);
    }
    double b = x + 1.0 - a, c = 1.0 / tiny, d = 1.0 / b, h = d;
    for (int n = 1; n < 20 * MAX_TERMS; n++) {
        double k = -n * (n - a);
        b += 2.0;
        d = k * d + b;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = b + k / c;
        c = fabs(c) < tiny ? tiny : c;
        h *= d * c;
        if (fabs(d * c - 1.0) < DBL_EPSILON)
            break;
    }
    return 1.0 - gamma_front(a, x) * h;
}

/* Newton from the Wilson-Hilferty value, kept inside a bracket that every step narrows. */
double mt_gamma_quantile(double a, double p)
{
    if (!(a > 0.0) || !(p > 0.0))
        return 0.0;
    if (p >= 1.0)
        return INFINITY;
    double z = mt_normal_quantile(p), root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * sqrt(a));
    double x = root > 0.1 ? a * root * root * root
                          : exp((log(p) + lgamma(a + 1.0)) / a); /* P(a, x) ~ x^a / gamma(a+1) */
    double low = 0.0, high = INFINITY;
    for (int i = 0; i < MAX_STEPS; i++) {
        double error = mt_gamma_lower(a, x) - p;
        if (error > 0.0)
            high = x;
        else
            low = x;
        double slope = gamma_front(a, x) / x;
        double next = slope > 0.0 ? x - error / slope : x;
        if (!(next > low && next < high))
            next = isinf(high) ? 2.0 * x : 0.5 * (low + high);
        if (fabs(next - x) <= 1e-12 * next)
            return next;
        x = next;
    }
    return x;
}
