/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/metrics/block.h"

static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_capture capture;
static struct mt_block block;

static void begin(void)
{
    mt_arena_clear(&arena);
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    mt_block_begin(&block, &capture, "test");
}

static void set(unsigned figure, double value)
{
    mt_block_figure(&block, figure);
    mt_recorder_set(&block.r, figure ? MT_M_THREADS : MT_M_RSS, value);
}

static int64_t time_of(size_t row)
{
    return capture.tables[0].time_ns[row];
}

static void ends_at_a_time_and_where_a_figure_comes_again(void **state)
{
    (void)state;
    begin();
    set(0, 1);
    set(1, 2);
    set(0, 3);
    assert_true(mt_block_time(&block, MT_SPAN("2026-11-22T19:04:21Z")));
    assert_false(mt_block_time(&block, MT_SPAN("text")));
    set(1, 4);
    mt_block_end(&block, true);
    set(1, 5);
    mt_block_end(&block, false);
    set(1, 6);
    mt_block_end(&block, false);
    assert_int_equal(capture.tables[0].n_rows, 5);
    assert_int_equal(time_of(0), MT_NO_TIME);
    assert_int_equal(time_of(2), 1795374261 * MT_SECOND_NS);
    assert_int_equal(time_of(3), time_of(2));
    assert_int_equal(time_of(4), MT_NO_TIME);
}

static void tells_unix_time_from_a_size(void **state)
{
    (void)state;
    begin();
    assert_false(mt_block_number_is_time(&block, 4096));
    assert_false(mt_block_number_is_time(&block, 1795375104)); /* whole pages */
    assert_true(mt_block_time(&block, MT_SPAN("1795375103")));
    assert_true(mt_block_number_is_time(&block, 1795375104)); /* a second later */
    assert_false(mt_block_number_is_time(&block, 1895375103));
    assert_true(mt_block_time(&block, MT_SPAN("Sun Nov 22 19:04:21 UTC 2026")));
    assert_false(mt_block_number_is_time(&block, 1795375103)); /* times are in words here */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_at_a_time_and_where_a_figure_comes_again),
        cmocka_unit_test(tells_unix_time_from_a_size),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_arena_clear(&arena);
    return failed;
}
