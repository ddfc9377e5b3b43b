/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of a series. A step is one interval (or two, when a point falls into the step) that
 * carries a large part of the whole rise, much faster than the mean, while the rest of the series
 * stands still. Rates, not differences: points may lie at uneven distances.
 */
#include "report/analysis/statistics/statistics.h"
#include "report/analysis/statistics/trend.h"

#include <math.h>
#include <string.h>

enum { MOST_LEVELS = 24 };
static const double STEP_SHARE = 0.15;  /* of the rise, in one interval */
static const double STEP_RATE = 1.4;    /* times the mean rate, in each interval of a step */
static const double STEPS_CARRY = 0.80; /* of the rise, all steps together */
static const double REST_RATE = 0.35;   /* times the mean rate, between the steps */
static const double NOISE_FACTOR = 3.0; /* a fall stands out of the noise by that */
static const double STEP_EVENTS = 9.0;  /* samples or objects in a step: three times its error */

struct levels {
    size_t n;
    double at[MOST_LEVELS], value[MOST_LEVELS];
};

/* Block medians, so that neighbouring polls do not hide a step in their noise. */
static void levels_of(const double *at, const double *v, size_t n, struct levels *out)
{
    out->n = n < MOST_LEVELS ? n : MOST_LEVELS;
    for (size_t b = 0; b < out->n; b++) {
        double block[MT_TREND_BLOCKS];
        size_t from = b * n / out->n, count = (b + 1) * n / out->n - from;
        count = count > MT_TREND_BLOCKS ? MT_TREND_BLOCKS : count;
        memcpy(block, v + from, count * sizeof *v);
        out->value[b] = mt_median(block, count);
        memcpy(block, at + from, count * sizeof *at);
        out->at[b] = mt_median(block, count);
    }
}

/* Number of steps up when steps make nearly all of the rise, else 0. Several that all lie in the
 * first half are no bursts that go on. */
static size_t count_steps(const struct levels *l, double least, const struct mt_effect *effect)
{
    double noise = effect->noise;
    double rise = l->value[l->n - 1] - l->value[0], span = l->at[l->n - 1] - l->at[0];
    if (rise < least || !(span > 0.0))
        return 0;
    double high = fmax(fmax(STEP_SHARE * rise, 0.5 * least), STEP_EVENTS * effect->sample);
    double mean = rise / span, carried = 0.0, rest = 0.0, rest_span = 0.0;
    size_t intervals = 0, steps = 0;
    double last_step = l->at[0];
    bool in_step = false;
    for (size_t i = 1; i < l->n; i++) {
        double d = l->value[i] - l->value[i - 1], t = l->at[i] - l->at[i - 1];
        if (d < -fmax(STEP_SHARE * rise, NOISE_FACTOR * noise))
            return 0; /* comes down again */
        bool step = d >= high && d >= STEP_RATE * mean * t;
        steps += step && !in_step;
        intervals += step;
        in_step = step;
        last_step = step ? l->at[i] : last_step;
        carried += step ? d : 0.0;
        rest += step ? 0.0 : fabs(d);
        rest_span += step ? 0.0 : t;
    }
    if (intervals * 2 > l->n - 1 || intervals > 2 * steps)
        return 0;
    if (steps > 1 && last_step - l->at[0] <= 0.5 * span)
        return 0;
    return carried >= STEPS_CARRY * rise && rest <= REST_RATE * mean * rest_span ? steps : 0;
}

/* Rises once and gives back most of it within the series. */
static bool is_burst(const double *v, size_t n, double least)
{
    double peak = v[0];
    for (size_t i = 1; i < n; i++)
        peak = v[i] > peak ? v[i] : peak;
    double up = peak - v[0], left = v[n - 1] - v[0];
    size_t crossings = 0;
    for (size_t i = 1; i < n; i++)
        crossings += (v[i] > v[0] + 0.5 * up) != (v[i - 1] > v[0] + 0.5 * up);
    return crossings == 2 && up >= least && left < 0.5 * up && peak - v[n - 1] >= least;
}

enum mt_shape mt_shape_of(const double *at, const double *value, size_t n, double p_rising,
                          bool plateau, const struct mt_effect *effect)
{
    if (n < MT_TREND_LEAST)
        return MT_SHAPE_UNKNOWN;
    struct levels l;
    levels_of(at, value, n, &l);
    const double *v = l.value;
    n = l.n;
    double least = fmax(effect->absolute, effect->relative * fabs(v[0]));
    double low = v[0], high = v[0];
    for (size_t i = 1; i < n; i++) {
        low = v[i] < low ? v[i] : low;
        high = v[i] > high ? v[i] : high;
    }
    if (high - low < least)
        return MT_SHAPE_STEADY;
    size_t steps = count_steps(&l, least, effect);
    if (steps)
        return steps == 1 ? MT_SHAPE_ONE_STEP : MT_SHAPE_STEPS;
    if (p_rising < 0.05)
        return plateau ? MT_SHAPE_LEVELS_OFF : MT_SHAPE_RISING;
    if (is_burst(v, n, least))
        return MT_SHAPE_BURST;
    return p_rising > 0.95 ? MT_SHAPE_FALLING : MT_SHAPE_NOISE;
}
