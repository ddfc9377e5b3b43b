/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/diff/count_limits.h"

#include <math.h>

static void limits_are_within_a_ten_thousandth_of_the_exact_ones(void **state)
{
    (void)state;
    static struct mt_count_limits limits;
    for (double count = 0.0001; count < 400; count *= 1.013) {
        struct mt_interval exact = mt_poisson_interval(count, 0.95);
        struct mt_interval fast = mt_count_interval(&limits, count);
        assert_true(fabs(fast.high - exact.high) <= 1e-4 * exact.high);
        assert_true(fabs(fast.low - exact.low) <= 1e-4 * exact.low + 1e-6);
        assert_true(fast.low < count && count < fast.high);
    }
}

static void whole_counts_and_none_at_all(void **state)
{
    (void)state;
    static struct mt_count_limits limits;
    for (int count = 0; count < 100; count++) {
        struct mt_interval exact = mt_poisson_interval(count, 0.95);
        struct mt_interval fast = mt_count_interval(&limits, count);
        assert_true(fabs(fast.low - exact.low) <= 1e-6 * (exact.low + 1));
        assert_true(fabs(fast.high - exact.high) <= 1e-6 * exact.high);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_within_a_ten_thousandth_of_the_exact_ones),
        cmocka_unit_test(whole_counts_and_none_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
