/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/thin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MANY = 10000 };

static void keeps_all_points_of_a_short_series(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    int64_t t[3] = {0, 5, 10};
    double v[3] = {1, 2, 3};
    struct mt_points p = mt_thin(&arena, 3, t, v, 0, 10, 100);
    assert_int_equal(p.n, 3);
    assert_ptr_equal(p.value, v);
    mt_arena_clear(&arena);
}

static void keeps_peaks_and_troughs_in_order_of_time(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    static int64_t t[MANY];
    static double v[MANY];
    for (int i = 0; i < MANY; i++) {
        t[i] = i;
        v[i] = 100;
    }
    v[1234] = 900;
    v[1240] = -5;
    v[9999] = 7;
    struct mt_points p = mt_thin(&arena, MANY, t, v, 0, MANY - 1, 50);
    assert_true(p.n <= 200);
    assert_int_equal(p.of, MANY);
    bool peak = false, trough = false;
    for (size_t i = 0; i < p.n; i++) {
        peak |= p.time_ns[i] == 1234 && p.value[i] > 899;
        trough |= p.time_ns[i] == 1240 && p.value[i] < 0;
        assert_true(i == 0 || p.time_ns[i] > p.time_ns[i - 1]);
    }
    assert_true(peak && trough);
    assert_int_equal(p.time_ns[p.n - 1], 9999);
    mt_arena_clear(&arena);
}

static void drops_what_lies_outside_the_window(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    int64_t t[5] = {0, 1, 2, 3, 4};
    double v[5] = {9, 1, 2, 3, 9};
    struct mt_points p = mt_thin(&arena, 5, t, v, 1, 3, 10);
    assert_int_equal(p.n, 3);
    assert_int_equal(p.time_ns[0], 1);
    mt_arena_clear(&arena);
}

static void survives_a_window_of_no_length(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    int64_t t[4] = {7, 7, 7, 7};
    double v[4] = {3, 1, 4, 2};
    struct mt_points p = mt_thin(&arena, 4, t, v, 7, 7, 2);
    assert_int_equal(p.n, 4);
    mt_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_all_points_of_a_short_series),
        cmocka_unit_test(keeps_peaks_and_troughs_in_order_of_time),
        cmocka_unit_test(drops_what_lies_outside_the_window),
        cmocka_unit_test(survives_a_window_of_no_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
