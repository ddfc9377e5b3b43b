/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reference figures: SciPy 1.10.1 (special.gammaincinv, special.betainc, stats.binom, stats.norm,
 * stats.mannwhitneyu) and R 4.2.2, whose function a test names, as it names any other source.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/statistics/statistics.h"

#include <math.h>

static void close_to(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("got %.15g, wanted %.15g", got, want);
}

static void normal_tails_and_quantiles_match(void **state)
{
    (void)state;
    close_to(mt_normal_upper(3.1), 0.0009676032132183563, 1e-12);
    close_to(mt_normal_quantile(0.975), 1.959963984540054, 1e-12);
    close_to(mt_normal_quantile(1e-9), -5.9978070150076865, 1e-10);
    assert_true(isinf(mt_normal_quantile(1.0)));
    close_to(mt_normal_upper(6.5), 4.0160005838591178e-11, 1e-11); /* pnorm, qnorm */
    close_to(mt_normal_quantile(1e-12), -7.0344838253011321, 1e-10);
}

static void beta_and_gamma_match(void **state)
{
    (void)state;
    close_to(mt_beta_lower(2.5, 3.5, 0.4), 0.4869041915261175, 1e-11);
    close_to(mt_beta_lower(50, 30, 0.7), 0.9207207761763277, 1e-11);
    close_to(mt_gamma_lower(3, 2.5), 0.45618688411667035, 1e-12);
    close_to(mt_gamma_lower(0.5, 4), 0.9953222650189527, 1e-12);
    close_to(mt_gamma_quantile(0.3, 1e-3), 6.972699096783344e-11, 1e-9);
    close_to(mt_gamma_quantile(1000, 0.9), 1040.73430801369, 1e-11);
    close_to(mt_beta_lower(0.5, 200, 0.001), 0.47275589297476439, 1e-11); /* pbeta, pgamma */
    close_to(mt_gamma_lower(60, 40), 0.0018796285686450828, 1e-11);
}

/* F. Garwood, Biometrika 28 (1936): 5 events, 1.62 to 11.67. R's poisson.test for 10 and for the
 * 137 of its own example. */
static void poisson_intervals_are_garwoods(void **state)
{
    (void)state;
    static const double table[][3] = {
        {0, 0, 3.6888794541139354},
        {1, 0.025317807984289876, 5.571643390938898},
        {2.5, 0.41560580674333125, 8.006382137314663},
        {5, 1.6234863901184207, 11.66833207932267},
        {10, 4.7953886961324343, 18.390356042017778},
        {137, 115.02053443379852, 161.95640468807335},
        {20, 12.216519585403944, 30.8883779026746},
        {300, 267.00927523296633, 335.94112555257067},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct mt_interval in = mt_poisson_interval(table[i][0], 0.95);
        close_to(in.low, table[i][1], 1e-10);
        close_to(in.high, table[i][2], 1e-10);
    }
}

/* R: poisson.test(10, conf.level = 0.9) */
static void a_narrower_confidence_gives_a_narrower_interval(void **state)
{
    (void)state;
    struct mt_interval in = mt_poisson_interval(10, 0.9);
    close_to(in.low, 5.4254056970912918, 1e-10);
    close_to(in.high, 16.962219235721896, 1e-10);
}

/* SciPy's binom.sf; R: binom.test(682, 925, 0.75, "greater"), an example of its manual, and
 * poisson.test(c(14, 3), alternative = "greater") */
static void binomial_tails_match(void **state)
{
    (void)state;
    close_to(mt_binomial_upper(15, 20, 0.5), 0.020694732666015625, 1e-11);
    close_to(mt_binomial_upper(10, 12, 0.3), 0.00020637625499999988, 1e-11);
    close_to(mt_binomial_upper(682, 925, 0.75), 0.82408912235242271, 1e-10);
    close_to(mt_counts_grow_p(3, 14), 0.0063629150390625, 1e-11);
    assert_true(mt_counts_grow_p(0, 0) == 1.0);
    close_to(mt_counts_grow_p(0, 4), 0.0625, 1e-12);
    assert_true(mt_counts_grow_p(9, 2) > 0.9);
}

static void false_discovery_rates_are_monotone_and_skip_gaps(void **state)
{
    (void)state;
    double p[] = {0.01, 0.04, NAN, 0.03, 0.20, 0.005};
    mt_benjamini_hochberg(p, 6);
    close_to(p[0], 0.025, 1e-12);
    close_to(p[1], 0.05, 1e-12);
    assert_true(isnan(p[2]));
    close_to(p[3], 0.05, 1e-12);
    close_to(p[4], 0.20, 1e-12);
    close_to(p[5], 0.025, 1e-12);
}

/* The 15 p-values of section 4.1 of Y. Benjamini and Y. Hochberg, JRSS B 57 (1995): four of them
 * are rejected at 0.05. Adjusted by R: p.adjust(p, "BH"). */
static void false_discovery_rates_are_those_of_the_paper(void **state)
{
    (void)state;
    double p[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                  0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
    static const double want[] = {0.0015,
                                  0.0030,
                                  0.0095,
                                  0.035625,
                                  0.0603,
                                  0.063857142857142862,
                                  0.063857142857142862,
                                  0.0645,
                                  0.0765,
                                  0.4860,
                                  0.58118181818181813,
                                  0.714875,
                                  0.75323076923076926,
                                  0.81321428571428567,
                                  1.0};
    size_t rejected = 0;
    mt_benjamini_hochberg(p, 15);
    for (size_t i = 0; i < 15; i++) {
        close_to(p[i], want[i], 1e-12);
        rejected += p[i] <= 0.05;
    }
    assert_int_equal(rejected, 4);
}

static void four_against_four_reaches_two_in_seventy(void **state)
{
    (void)state;
    double low[] = {1.1, 2.2, 3.3, 4.4}, high[] = {5.5, 6.6, 7.7, 8.8};
    close_to(mt_mann_whitney_p(low, 4, high, 4), 2.0 / 70.0, 1e-12);
    close_to(mt_mann_whitney_p(high, 4, low, 4), 2.0 / 70.0, 1e-12);
}

/* Hollander and Wolfe, Nonparametric Statistical Methods (1973), permeability of chorioamnion:
 * one-sided p 0.127. */
static void two_samples_match_the_textbook(void **state)
{
    (void)state;
    double term[] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    double early[] = {1.15, 0.88, 0.90, 0.74, 1.21};
    close_to(mt_mann_whitney_p(term, 10, early, 5), 0.2544122544122544, 1e-12);
}

/* All 126 choices of 4 of 9 mid-ranks, counted by hand in Python. */
static void ties_between_samples_are_enumerated(void **state)
{
    (void)state;
    double a[] = {1, 2, 2, 3}, b[] = {2, 3, 4, 4, 5};
    close_to(mt_mann_whitney_p(a, 4, b, 5), 0.0873015873015873, 1e-12);
    double same[] = {7, 7, 7};
    assert_true(mt_mann_whitney_p(same, 3, same, 3) == 1.0);
    assert_true(isnan(mt_mann_whitney_p(a, 4, b, 0)));
}

static void large_samples_use_the_corrected_normal(void **state)
{
    (void)state;
    double a[] = {10.0, 10.6, 9.5,  8.2, 9.1, 8.0, 10.1, 12.7, 9.0, 8.8, 11.0, 10.7, 10.2,
                  8.1,  9.9,  11.4, 7.3, 9.1, 6.2, 7.4,  6.3,  9.5, 7.5, 10.5, 10.3};
    double b[] = {10.6, 6.0,  9.9,  10.9, 11.2, 7.9,  10.0, 9.0, 9.4,  13.1,
                  9.4,  10.9, 12.8, 9.8,  10.8, 11.2, 11.1, 8.5, 11.2, 13.7};
    close_to(mt_mann_whitney_p(a, 25, b, 20), 0.03263581929192359, 1e-10);
}

/* Critical values of U, two-sided 0.05, as every table of the test has them (H. B. Mann and D. R.
 * Whitney, Ann. Math. Stat. 18, 1947); R: qwilcox(0.025, m, n) - 1. */
static void cuts_are_the_critical_values_of_u(void **state)
{
    (void)state;
    static const size_t table[][3] = {{4, 4, 0},   {4, 7, 3},    {5, 5, 2},   {7, 8, 10},
                                      {8, 8, 13},  {10, 10, 23}, {7, 12, 18}, {12, 12, 37},
                                      {4, 30, 23}, {20, 20, 127}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(mt_mann_whitney_cut(table[i][0], table[i][1], 0.025), table[i][2]);
        assert_int_equal(mt_mann_whitney_cut(table[i][1], table[i][0], 0.025), table[i][2]);
    }
    assert_int_equal(mt_mann_whitney_cut(3, 3, 0.025), 0); /* there is none */
}

/* R's are exact, 211 and 200: the normal one leaves out at most as much. */
static void cuts_of_large_samples_are_next_to_the_exact_ones(void **state)
{
    (void)state;
    size_t even = mt_mann_whitney_cut(25, 25, 0.025), uneven = mt_mann_whitney_cut(30, 20, 0.025);
    assert_true(even == 210 || even == 211);
    assert_true(uneven == 199 || uneven == 200);
}

static void medians_and_quantiles_take_order_statistics(void **state)
{
    (void)state;
    double v[] = {5, 1, 4, 2};
    assert_true(mt_median(v, 4) == 3.0);
    assert_true(mt_quantile(v, 4, 0.5) == 2.0);
    assert_true(mt_quantile(v, 4, 0.99) == 5.0);
    assert_true(isnan(mt_median(v, 0)));
}

/* R: quantile(x, q, type = 1), the inverse of the empirical distribution; x is its data set women,
 * unsorted. */
static void quantiles_are_the_inverse_of_the_empirical_distribution(void **state)
{
    (void)state;
    double v[] = {164, 115, 159, 117, 154, 120, 150, 123, 146, 126, 142, 129, 139, 132, 135};
    assert_true(mt_median(v, 15) == 135);
    assert_true(mt_quantile(v, 15, 0.5) == 135);
    assert_true(mt_quantile(v, 15, 0.2) == 120);
    assert_true(mt_quantile(v, 15, 0.95) == 164);
    assert_true(mt_quantile(v, 15, 0.9) == 159);
    assert_true(mt_quantile(v, 15, 0.05) == 115);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_tails_and_quantiles_match),
        cmocka_unit_test(beta_and_gamma_match),
        cmocka_unit_test(poisson_intervals_are_garwoods),
        cmocka_unit_test(a_narrower_confidence_gives_a_narrower_interval),
        cmocka_unit_test(binomial_tails_match),
        cmocka_unit_test(false_discovery_rates_are_monotone_and_skip_gaps),
        cmocka_unit_test(false_discovery_rates_are_those_of_the_paper),
        cmocka_unit_test(four_against_four_reaches_two_in_seventy),
        cmocka_unit_test(two_samples_match_the_textbook),
        cmocka_unit_test(ties_between_samples_are_enumerated),
        cmocka_unit_test(large_samples_use_the_corrected_normal),
        cmocka_unit_test(cuts_are_the_critical_values_of_u),
        cmocka_unit_test(cuts_of_large_samples_are_next_to_the_exact_ones),
        cmocka_unit_test(medians_and_quantiles_take_order_statistics),
        cmocka_unit_test(quantiles_are_the_inverse_of_the_empirical_distribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
