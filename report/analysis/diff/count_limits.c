/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/diff/count_limits.h"

#include <math.h>

static const double CONFIDENCE = 0.95;
static const double STEPS = 32; /* nodes in one of the root */
/* Below this the lower limit bends too much between nodes, but is so small that the first term of
 * the incomplete gamma's series gives it: x^count / gamma(count + 1) is the chance. */
static const double LEAST_SMOOTH = 0.5;

static struct mt_interval node(struct mt_count_limits *limits, size_t i)
{
    if (!(limits->at[i].high > 0))
        limits->at[i] = mt_poisson_interval((double)(i * i) / (STEPS * STEPS), CONFIDENCE);
    return limits->at[i];
}

/* The cubic through four neighbouring nodes; t is 0 at the second and 1 at the third. */
static double cubic(double a, double b, double c, double d, double t)
{
    return b + t * ((c - a / 3 - b / 2 - d / 6) +
                    t * ((a + c) / 2 - b + t * ((d - a) / 6 + (b - c) / 2)));
}

static struct mt_interval approximate(double count)
{
    const double z = 1.959963984540054;
    double low = 1 - 1 / (9 * count) - z / (3 * sqrt(count)), more = count + 1;
    double high = 1 - 1 / (9 * more) + z / (3 * sqrt(more));
    return (struct mt_interval){count * low * low * low, more * high * high * high};
}

struct mt_interval mt_count_interval(struct mt_count_limits *limits, double count)
{
    double at = sqrt(count) * STEPS;
    if (at >= MT_COUNT_NODES)
        return approximate(count);
    if (count <= 0)
        return node(limits, 0);
    size_t i = (size_t)at; /* the limits are even in the root: node -1 is node 1 */
    struct mt_interval a = node(limits, i ? i - 1 : 1), b = node(limits, i),
                       c = node(limits, i + 1), d = node(limits, i + 2);
    double t = at - (double)i;
    double low = count < LEAST_SMOOTH ? pow((1 - CONFIDENCE) / 2 * tgamma(count + 1), 1 / count)
                                      : cubic(a.low, b.low, c.low, d.low, t);
    return (struct mt_interval){low, cubic(a.high, b.high, c.high, d.high, t)};
}
