/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/numbers.h"

#include "parsers/model/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static struct mt_arena arena;
#define MIB 1048576.0
#define _   MT_NBSP

static void gives_bytes_in_iec_units_with_one_decimal(void **state)
{
    (void)state;
    assert_string_equal(mt_fmt_bytes(&arena, 0), "0" _ "B");
    assert_string_equal(mt_fmt_bytes(&arena, 1023), "1,023" _ "B");
    assert_string_equal(mt_fmt_bytes(&arena, 412.6 * MIB), "412.6" _ "MiB");
    assert_string_equal(mt_fmt_bytes(&arena, 1024 * MIB), "1.0" _ "GiB");
    assert_string_equal(mt_fmt_bytes(&arena, NAN), "unknown");
    assert_string_equal(mt_fmt_exact_bytes(&arena, 116425851), "116,425,851" _ "bytes");
}

static void signs_every_change_and_no_zero(void **state)
{
    (void)state;
    assert_string_equal(mt_fmt_bytes_delta(&arena, 231 * MIB), "+231.0" _ "MiB");
    assert_string_equal(mt_fmt_bytes_delta(&arena, -1.5 * MIB), "-1.5" _ "MiB");
    assert_string_equal(mt_fmt_bytes_delta(&arena, 0), "0" _ "B");
    assert_string_equal(mt_fmt_count_delta(&arena, 812000), "+812,000");
    assert_string_equal(mt_fmt_count_delta(&arena, -0.2), "0");
    assert_string_equal(mt_fmt_share_delta(&arena, 1.272), "+127.2%");
}

static void chooses_a_rate_that_can_be_read(void **state)
{
    (void)state;
    assert_string_equal(mt_fmt_byte_rate(&arena, 51 * MIB / 60), "+51.0" _ "MiB/min");
    assert_string_equal(mt_fmt_byte_rate(&arena, 3 * MIB / 3600), "+3.0" _ "MiB/h");
    assert_string_equal(
        mt_fmt_byte_rate_range(&arena, 51 * MIB / 60, 39.9 * MIB / 60, 64.3 * MIB / 60),
        "39.9 to 64.3");
    assert_string_equal(mt_fmt_byte_rate_range(&arena, 0, -1.9 * MIB / 60, 3.4 * MIB / 60),
                        "-1.9 to 3.4" MT_NBSP "MiB/min");
    assert_string_equal(mt_fmt_byte_rate_range(&arena, 0, 0, 0), "0 to 0");
}

static void gives_shares_with_one_decimal(void **state)
{
    (void)state;
    assert_string_equal(mt_fmt_share(&arena, 0.611), "61.1%");
    assert_string_equal(mt_fmt_share(&arena, 0.0004), "<0.1%");
    assert_string_equal(mt_fmt_share(&arena, 0), "0.0%");
}

static void gives_durations_in_two_units_at_most(void **state)
{
    (void)state;
    assert_string_equal(mt_fmt_duration(&arena, 0.42e6), "0.42" _ "ms");
    assert_string_equal(mt_fmt_duration(&arena, 4.2e6), "4.2" _ "ms");
    assert_string_equal(mt_fmt_duration(&arena, 237e6), "237" _ "ms");
    assert_string_equal(mt_fmt_duration(&arena, 0.9999e9), "1" _ "s");
    assert_string_equal(mt_fmt_duration(&arena, 166e9), "2" _ "min 46" _ "s");
    assert_string_equal(mt_fmt_duration(&arena, 8700e9), "2" _ "h 25" _ "min");
    assert_string_equal(mt_fmt_duration(&arena, 3599.6e9), "1" _ "h");
    assert_string_equal(mt_fmt_duration(&arena, 180e9), "3" _ "min");
}

static void gives_the_date_of_a_window_once(void **state)
{
    (void)state;
    int64_t start, end;
    assert_true(mt_time_from_civil(2025, 3, 14, 9, 10, 0, 0, &start));
    assert_true(mt_time_from_civil(2025, 3, 14, 10, 10, 0, 0, &end));
    assert_string_equal(mt_fmt_window(&arena, start, end), "2025-03-14 09:10:00 to 10:10:00 UTC");
    assert_string_equal(mt_fmt_window(&arena, start, end + 86400 * MT_SECOND_NS),
                        "2025-03-14 09:10:00 to 2025-03-15 10:10:00 UTC");
}

static void ties_numbers_to_their_units(void **state)
{
    (void)state;
    assert_string_equal(mt_fmt_tied(&arena, "up 107.0 MiB in 2 min 46 s, 3 sites"),
                        "up 107.0" _ "MiB in 2" _ "min 46" _ "s, 3 sites");
    assert_string_equal(mt_fmt_tied(&arena, "51.0 MiB/min"), "51.0" _ "MiB/min");
}

static int clear(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_bytes_in_iec_units_with_one_decimal),
        cmocka_unit_test(signs_every_change_and_no_zero),
        cmocka_unit_test(chooses_a_rate_that_can_be_read),
        cmocka_unit_test(gives_shares_with_one_decimal),
        cmocka_unit_test(gives_durations_in_two_units_at_most),
        cmocka_unit_test(gives_the_date_of_a_window_once),
        cmocka_unit_test(ties_numbers_to_their_units),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
