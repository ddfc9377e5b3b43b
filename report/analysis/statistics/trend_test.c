/* SPDX-License-Identifier: Apache-2.0 */
/* Mann-Kendall figures: all n! arrangements counted in Python; slopes: SciPy 1.10.1 theilslopes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/statistics/trend.h"

#include <math.h>

static void close_to(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("got %.15g, wanted %.15g", got, want);
}

static struct mt_trend trend(const double *v, size_t n, struct mt_effect effect)
{
    static int64_t at[2000];
    for (size_t i = 0; i < n; i++)
        at[i] = (int64_t)i * MT_SECOND_NS;
    return mt_trend_of(at, v, n, &effect);
}

static void kendall_is_exact_for_few_points(void **state)
{
    (void)state;
    close_to(mt_kendall_p((double[]){1, 2, 3, 4}, 4, 4), 1.0 / 24, 1e-12);
    close_to(mt_kendall_p((double[]){1, 2, 3, 4, 5}, 5, 5), 1.0 / 120, 1e-12);
    close_to(mt_kendall_p((double[]){1, 2, 3, 5, 4}, 5, 5), 5.0 / 120, 1e-12);
    close_to(mt_kendall_p((double[]){3, 1, 4, 2, 5, 6, 8, 7}, 8, 8), 285.0 / 40320, 1e-12);
    close_to(mt_kendall_p((double[]){2, 1, 4, 3, 6, 5, 8, 7, 9}, 9, 9), 440.0 / 362880, 1e-12);
    assert_true(isnan(mt_kendall_p((double[]){1, 2, 3}, 3, 3)));
}

static void kendall_enumerates_ties(void **state)
{
    (void)state;
    close_to(mt_kendall_p((double[]){1, 2, 2, 3, 3, 4}, 6, 6), 4.0 / 720, 1e-12);
    close_to(mt_kendall_p((double[]){5, 5, 1, 1, 9, 9, 9}, 7, 7), 696.0 / 5040, 1e-12);
    assert_true(mt_kendall_p((double[]){3, 3, 3, 3}, 4, 4) == 1.0);
}

static void kendall_corrects_ties_in_longer_series(void **state)
{
    (void)state;
    double v[] = {1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5}; /* S 57, variance 202.33 */
    close_to(mt_kendall_p(v, 12, 12), 4.1270607725499755e-05, 1e-9);
    assert_true(mt_kendall_p(v, 12, 4) > mt_kendall_p(v, 12, 12));
}

/* P. K. Sen, JASA 63 (1968), the example of section 6: slope 4, interval 26/7 to 35/8. That is the
 * fourth slope from either end, which covers 97% by the exact distribution. */
static void slope_is_sens(void **state)
{
    (void)state;
    int64_t at[] = {1, 2, 3, 4, 10, 12, 18};
    double v[] = {9, 15, 19, 20, 45, 55, 78};
    for (size_t i = 0; i < 7; i++)
        at[i] *= MT_SECOND_NS;
    struct mt_trend t = mt_trend_of(at, v, 7, &(struct mt_effect){0});
    close_to(t.slope, 4.0, 1e-12);
    close_to(t.low, 26.0 / 7, 1e-12);
    close_to(t.high, 35.0 / 8, 1e-12);
    close_to(t.coverage, 1.0 - 2.0 * 76 / 5040, 1e-12);
}

static void few_points_state_their_coverage(void **state)
{
    (void)state;
    struct mt_trend t = trend((double[]){1, 2, 4, 5}, 4, (struct mt_effect){0});
    close_to(t.coverage, 1.0 - 2.0 / 24, 1e-12);
    close_to(t.low, 1.0, 1e-12);
    close_to(t.high, 2.0, 1e-12);
    t = trend((double[]){1, 2, 3}, 3, (struct mt_effect){0});
    assert_true(isnan(t.p) && t.coverage == 0.0 && !t.significant);
    assert_int_equal(t.shape, MT_SHAPE_UNKNOWN);
    close_to(t.slope, 1.0, 1e-12);
}

static void longer_series_match_scipy(void **state)
{
    (void)state;
    double v[] = {5.0, 4.2, 6.1, 5.5, 7.0, 6.2, 8.8, 7.1, 8.0, 9.9, 9.1, 10.2, 8.7, 11.0};
    struct mt_trend t = trend(v, 14, (struct mt_effect){0});
    close_to(t.slope, 0.46153846153846156, 1e-12);
    close_to(t.p, 6.351610854942832e-05, 1e-9); /* residuals swing, so no correction */
    close_to(t.low, 0.3166666666666667, 0.02);
    close_to(t.high, 0.6, 0.02);
}

static void autocorrelated_noise_is_no_trend(void **state)
{
    (void)state;
    double v[40];
    for (size_t i = 0; i < 40; i++) /* one slow wave: 25 rising, 15 falling */
        v[i] = sin((double)i / 40 * 6.0 - 1.2);
    struct mt_trend t = trend(v, 40, (struct mt_effect){0});
    assert_true(t.p > 0.05);
}

static void linear_growth_is_no_plateau_and_a_warm_up_is(void **state)
{
    (void)state;
    double line[30], root[30], warm[30];
    for (size_t i = 0; i < 30; i++) {
        line[i] = 10.0 + (double)i;
        root[i] = sqrt((double)i);
        warm[i] = 50.0 * (1.0 - exp(-(double)i / 6.0));
    }
    struct mt_effect polled = {.relative = 0.05, .polled = true};
    assert_false(trend(line, 30, polled).plateau);
    assert_int_equal(trend(line, 30, polled).shape, MT_SHAPE_RISING);
    assert_false(trend(root, 30, polled).plateau);
    assert_true(trend(warm, 30, polled).plateau);
    assert_int_equal(trend(warm, 30, polled).shape, MT_SHAPE_LEVELS_OFF);
}

/* Collections of a heap that grows by 1 a second under GOGC=100: each interval is longer. */
static void linear_growth_seen_at_ever_longer_intervals_is_no_plateau(void **state)
{
    (void)state;
    int64_t at[11];
    double v[11], seconds = 1.0;
    for (size_t i = 0; i < 11; i++, seconds *= 1.5) {
        at[i] = (int64_t)(seconds * 1e9);
        v[i] = seconds;
    }
    struct mt_effect effect = {.polled = true};
    assert_false(mt_trend_of(at, v, 11, &effect).plateau);
}

static void one_outlier_at_the_end_does_not_hide_a_plateau(void **state)
{
    (void)state;
    double v[30];
    for (size_t i = 0; i < 30; i++)
        v[i] = i < 10 ? (double)i * 5.0 : 50.0;
    v[29] = 90.0;
    assert_true(trend(v, 30, (struct mt_effect){.polled = true}).plateau);
    assert_false(trend(v, 30, (struct mt_effect){.polled = false}).plateau);
}

static void growth_below_the_minimum_effect_does_not_count(void **state)
{
    (void)state;
    double v[] = {1000, 1001, 1002, 1003, 1004, 1005};
    struct mt_trend t = trend(v, 6, (struct mt_effect){.relative = 0.05});
    assert_true(t.p < 0.05 && !t.significant);
    assert_int_equal(t.shape, MT_SHAPE_STEADY);
}

static void shapes_are_told_apart(void **state)
{
    (void)state;
    struct mt_effect e = {.absolute = 2.0};
    double step[] = {1, 1.1, 1, 9, 9.1, 9, 9, 9.1};
    double steps[] = {1, 1, 1, 6, 6, 6, 11, 11, 11, 16, 16};
    double burst[] = {1, 1, 9, 14, 8, 1.5, 1, 1};
    double down[] = {20, 18, 15, 12, 9, 7, 3, 1};
    double noise[] = {4, 9, 3, 8, 5, 9, 2, 6};
    assert_int_equal(trend(step, 8, e).shape, MT_SHAPE_ONE_STEP);
    assert_int_equal(trend(steps, 11, e).shape, MT_SHAPE_STEPS);
    assert_int_equal(trend(burst, 8, e).shape, MT_SHAPE_BURST);
    assert_int_equal(trend(down, 8, e).shape, MT_SHAPE_FALLING);
    assert_int_equal(trend(noise, 8, e).shape, MT_SHAPE_NOISE);
}

static void a_step_that_a_snapshot_cuts_in_two_is_one(void **state)
{
    (void)state;
    double v[] = {1, 1, 4, 9, 9, 9, 9.1, 9};
    assert_int_equal(trend(v, 8, (struct mt_effect){.absolute = 2.0}).shape, MT_SHAPE_ONE_STEP);
    double ramp[] = {1, 3, 5, 7, 9};
    assert_int_equal(trend(ramp, 5, (struct mt_effect){.absolute = 2.0}).shape, MT_SHAPE_RISING);
}

/* Snapshots of a linear leak, most of them at the ends: the long intervals are no steps. */
static void uneven_snapshots_of_linear_growth_are_no_step(void **state)
{
    (void)state;
    int64_t at[] = {0, 18, 70, 148, 166};
    double v[] = {4, 12.5, 52.5, 102, 111};
    for (size_t i = 0; i < 5; i++)
        at[i] *= MT_SECOND_NS;
    struct mt_effect effect = {.absolute = 1.0};
    assert_int_equal(mt_trend_of(at, v, 5, &effect).shape, MT_SHAPE_RISING);
}

static void long_series_keep_slope_and_window(void **state)
{
    (void)state;
    static double v[2000];
    for (size_t i = 0; i < 2000; i++)
        v[i] = 5.0 + 0.25 * (double)i + (double)(i * 7919 % 13);
    struct mt_trend t = trend(v, 2000, (struct mt_effect){.relative = 0.05, .polled = true});
    assert_int_equal(t.n, 2000);
    close_to(t.slope, 0.25, 0.01);
    assert_int_equal(t.end_ns, 1999 * MT_SECOND_NS);
    close_to(mt_trend_at(&t, t.end_ns), 511.0, 0.01);
    assert_true(t.significant && t.low <= 0.25 && t.high >= 0.2499);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kendall_is_exact_for_few_points),
        cmocka_unit_test(kendall_enumerates_ties),
        cmocka_unit_test(kendall_corrects_ties_in_longer_series),
        cmocka_unit_test(slope_is_sens),
        cmocka_unit_test(few_points_state_their_coverage),
        cmocka_unit_test(longer_series_match_scipy),
        cmocka_unit_test(autocorrelated_noise_is_no_trend),
        cmocka_unit_test(linear_growth_is_no_plateau_and_a_warm_up_is),
        cmocka_unit_test(linear_growth_seen_at_ever_longer_intervals_is_no_plateau),
        cmocka_unit_test(one_outlier_at_the_end_does_not_hide_a_plateau),
        cmocka_unit_test(growth_below_the_minimum_effect_does_not_count),
        cmocka_unit_test(shapes_are_told_apart),
        cmocka_unit_test(a_step_that_a_snapshot_cuts_in_two_is_one),
        cmocka_unit_test(uneven_snapshots_of_linear_growth_are_no_step),
        cmocka_unit_test(long_series_keep_slope_and_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
