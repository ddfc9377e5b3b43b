/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mann-Kendall figures: all n! arrangements counted in Python, and R 4.2.2, where the test is
 * cor.test(time, value, method = "kendall", alternative = "greater"). Slopes: median and order
 * statistics of all pairwise slopes in R, whose ranks are those of section 8.3 of M. Hollander and
 * D. A. Wolfe, Nonparametric Statistical Methods. Data sets by name are R's.
 */
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

/* Tail probabilities of S as R. O. Gilbert, Statistical Methods for Environmental Pollution
 * Monitoring (1987), table A18, has them to three digits. */
static void kendall_matches_the_printed_table(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double value[8];
        double p;
    } table[] = {
        {4, {1, 2, 4, 3}, 0.167},             /* S = 4 */
        {4, {1, 2, 3, 4}, 0.042},             /* 6 */
        {5, {2, 1, 3, 5, 4}, 0.117},          /* 6 */
        {5, {1, 2, 3, 5, 4}, 0.042},          /* 8 */
        {8, {1, 2, 3, 8, 7, 6, 5, 4}, 0.199}, /* 8 */
        {8, {2, 1, 3, 4, 8, 7, 6, 5}, 0.054}, /* 14 */
        {8, {2, 1, 4, 3, 6, 5, 8, 7}, 0.007}, /* 20 */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        double p = mt_kendall_p(table[i].value, table[i].n, (double)table[i].n);
        assert_true(fabs(p - table[i].p) < 0.0006);
    }
}

static void kendall_matches_r(void **state)
{
    (void)state;
    double up[] = {1, 3, 2, 5, 4, 7, 6, 8}, loose[] = {10, 20, 15, 40, 30, 25, 50},
           down[] = {9, 8, 7, 6, 5, 1, 2}, nine[] = {1, 2, 4, 3, 5, 7, 6, 9, 8};
    close_to(mt_kendall_p(up, 8, 8), 0.0027529761904762085, 1e-10);
    close_to(mt_kendall_p(loose, 7, 7), 0.034523809523809512, 1e-10);
    close_to(mt_kendall_p(down, 7, 7), 0.9998015873015873, 1e-10);
    close_to(mt_kendall_p(nine, 9, 9), 0.00042713844797181988, 1e-10);
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
    /* R: exact = FALSE, continuity = TRUE */
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

/* R: cor.test(..., exact = FALSE, continuity = TRUE); the slopes at rank 27 from either end. */
static void longer_series_match_r(void **state)
{
    (void)state;
    double v[] = {5.0, 4.2, 6.1, 5.5, 7.0, 6.2, 8.8, 7.1, 8.0, 9.9, 9.1, 10.2, 8.7, 11.0};
    struct mt_trend t = trend(v, 14, (struct mt_effect){0});
    close_to(t.slope, 0.46153846153846156, 1e-12);
    close_to(t.p, 6.351610854942832e-05, 1e-9); /* residuals swing, so no correction */
    close_to(t.low, 0.3166666666666667, 1e-12);
    close_to(t.high, 0.6, 1e-12);
}

/* longley: people employed, 1947 to 1962. Residuals swing (lag-1 -0.03), so no correction. */
static void employment_rises_as_in_r(void **state)
{
    (void)state;
    double v[] = {60.323, 61.122, 60.171, 61.187, 63.221, 63.639, 64.989, 63.761,
                  66.019, 67.857, 68.169, 66.513, 68.655, 69.564, 69.331, 70.551};
    struct mt_trend t = trend(v, 16, (struct mt_effect){0});
    close_to(t.slope, 0.70472222222222236, 1e-12);
    close_to(t.intercept, 60.260666666666665, 1e-12);
    close_to(t.low, 0.63146153846153874, 1e-12);
    close_to(t.high, 0.83711111111111103, 1e-12);
    close_to(t.p, 7.2717079331672429e-07, 1e-9);
    assert_true(t.coverage == 0.95);
}

/* LakeHuron: how far the lake stood below 582 feet, 1875 to 1914. Residuals of one year stay in the
 * next, acf(residuals) 0.65 at lag 1, so that 40 years say as much as 8.5 independent ones: p is
 * 0.025 and not 0.00001, and the interval reaches down to 0. */
static void autocorrelation_shrinks_the_sample_as_in_r(void **state)
{
    (void)state;
    static const double feet[] = {580.38, 581.86, 580.97, 580.80, 579.79, 580.39, 580.42, 580.82,
                                  581.40, 581.32, 581.44, 581.68, 581.17, 580.53, 580.01, 579.91,
                                  579.14, 579.16, 579.55, 579.67, 578.44, 578.24, 579.10, 579.09,
                                  579.35, 578.82, 579.32, 579.01, 579.00, 579.80, 579.83, 579.72,
                                  579.89, 580.01, 579.37, 578.69, 578.19, 578.67, 579.55, 578.92};
    double below[40];
    for (size_t i = 0; i < 40; i++)
        below[i] = 582 - feet[i];
    struct mt_trend t = trend(below, 40, (struct mt_effect){0});
    close_to(t.slope, 0.057386363636360967, 1e-9);
    close_to(t.p, 0.02456855533399316, 1e-6);
    close_to(t.high, 0.11083333333333674, 1e-9);
    assert_true(fabs(t.low) < 1e-9);
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

/* Of x^a the last third adds 1 - (2/3)^a: half of the mean rate, 1/6, where a = log(5/6)/log(2/3),
 * which is 0.4497. A square root gives 0.55 of the mean rate. */
static void a_plateau_begins_where_the_last_third_adds_a_sixth(void **state)
{
    (void)state;
    double above[31], below[31];
    for (size_t i = 0; i < 31; i++) {
        above[i] = pow((double)i / 30, 0.46);
        below[i] = pow((double)i / 30, 0.44);
    }
    assert_false(trend(above, 31, (struct mt_effect){0}).plateau);
    assert_true(trend(below, 31, (struct mt_effect){0}).plateau);
}

/* A line of 18 samples adds 6 in its last third. R: ppois(1, 6) 0.017, so 1 is too little for it;
 * ppois(2, 6) 0.062, so 2 may be chance, and half of it may, too: ppois(1, 3, lower = FALSE) 0.80.
 * Of 36, 5 are below a line, ppois(5, 12) 0.020, and below its half; 9 and 10 are neither, since
 * ppois(c(8, 9), 6, lower = FALSE) are 0.153 and 0.084. 11 are above half: 0.043. */
static void a_plateau_in_samples_is_beyond_their_chance(void **state)
{
    (void)state;
    static const struct {
        double rise, last_third;
        bool plateau, open;
    } table[] = {{18, 1, true, false}, {18, 2, false, true},  {36, 5, true, false},
                 {36, 9, false, true}, {36, 10, false, true}, {36, 11, false, false}};
    struct mt_effect samples = {.sample = 1};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        double knee = table[i].rise - table[i].last_third;
        double v[] = {0, knee / 2, knee, table[i].rise};
        struct mt_trend t = trend(v, 4, samples);
        assert_int_equal(t.plateau, table[i].plateau);
        assert_int_equal(t.open_end, table[i].open);
    }
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
        cmocka_unit_test(kendall_matches_the_printed_table),
        cmocka_unit_test(kendall_matches_r),
        cmocka_unit_test(kendall_enumerates_ties),
        cmocka_unit_test(kendall_corrects_ties_in_longer_series),
        cmocka_unit_test(slope_is_sens),
        cmocka_unit_test(few_points_state_their_coverage),
        cmocka_unit_test(longer_series_match_r),
        cmocka_unit_test(employment_rises_as_in_r),
        cmocka_unit_test(autocorrelation_shrinks_the_sample_as_in_r),
        cmocka_unit_test(autocorrelated_noise_is_no_trend),
        cmocka_unit_test(linear_growth_is_no_plateau_and_a_warm_up_is),
        cmocka_unit_test(a_plateau_begins_where_the_last_third_adds_a_sixth),
        cmocka_unit_test(a_plateau_in_samples_is_beyond_their_chance),
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
