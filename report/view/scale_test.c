/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/scale.h"

#include "parsers/model/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct mt_arena arena;
#define MIB 1048576.0

static void puts_byte_ticks_at_round_numbers_of_one_unit(void **state)
{
    (void)state;
    struct mt_ticks t = mt_ticks_bytes(&arena, 0, 509 * MIB, 6);
    assert_string_equal(t.unit, "MiB");
    assert_int_equal(t.n, 7);
    assert_string_equal(t.items[0].label, "0");
    assert_string_equal(t.items[6].label, "600");
    t = mt_ticks_bytes(&arena, 0, 2.2 * 1024 * MIB, 5);
    assert_string_equal(t.unit, "GiB");
    assert_string_equal(t.items[1].label, "0.5");
}

static void counts_in_whole_numbers(void **state)
{
    (void)state;
    struct mt_ticks t = mt_ticks_plain(&arena, 0, 3, 6);
    assert_int_equal(t.n, 4);
    assert_string_equal(t.items[3].label, "3");
    t = mt_ticks_plain(&arena, 0, 0, 4);
    assert_int_equal(t.n, 2);
}

static void puts_time_ticks_at_round_times(void **state)
{
    (void)state;
    int64_t start;
    assert_true(mt_time_from_civil(2026, 11, 22, 19, 35, 6, 0, &start));
    struct mt_ticks t = mt_ticks_time(&arena, start, start + 180 * MT_SECOND_NS, 7);
    assert_int_equal(t.n, 6);
    assert_string_equal(t.items[0].label, "19:35:30");
    assert_true(t.items[0].value == 24e9);
    t = mt_ticks_time(&arena, start, start + 30ll * 86400 * MT_SECOND_NS, 7);
    assert_string_equal(t.items[0].label, "11-26");
    assert_int_equal(mt_ticks_time(&arena, start, start, 7).n, 0);
}

static void covers_the_stops_with_powers_of_ten(void **state)
{
    (void)state;
    struct mt_ticks t = mt_ticks_log_ms(&arena, 7e3, 4.2e6);
    assert_int_equal(t.n, 5);
    assert_string_equal(t.items[0].label, "0.001");
    assert_string_equal(t.items[4].label, "10");
}

static void pushes_labels_apart_within_their_room(void **state)
{
    (void)state;
    double at[4] = {10, 12, 13, 98};
    mt_push_apart(at, 4, 15, 5, 100);
    assert_true(at[0] == 10 && at[1] == 25 && at[2] == 40 && at[3] == 98);
    double low[3] = {90, 95, 99};
    mt_push_apart(low, 3, 15, 0, 100);
    assert_true(low[2] == 100 && low[1] == 85 && low[0] == 70);
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
        cmocka_unit_test(puts_byte_ticks_at_round_numbers_of_one_unit),
        cmocka_unit_test(counts_in_whole_numbers),
        cmocka_unit_test(puts_time_ticks_at_round_times),
        cmocka_unit_test(covers_the_stops_with_powers_of_ten),
        cmocka_unit_test(pushes_labels_apart_within_their_room),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
