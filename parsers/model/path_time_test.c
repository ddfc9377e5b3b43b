/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/path_time.h"

static const int64_t T_193517 =
    1795376117ll * MT_SECOND_NS; /* date -u -d '2026-11-22 19:35:17' +%s */

static void reads_a_compact_date_with_zone(void **state)
{
    (void)state;
    struct mt_path_time t = mt_time_of_path("profiles/heap/20261122T193517Z.pb.gz");
    assert_true(t.has_absolute && t.zone_known);
    assert_int_equal(t.absolute_ns, T_193517);
    assert_false(t.has_sequence);
}

static void reads_separated_and_run_together_dates(void **state)
{
    (void)state;
    static const char *const names[] = {"heap-2026-11-22T19-35-17.pb", "2026-11-22_19.35.17/heap",
                                        "heap.20261122193517", "heap-20261122-193517.pb.gz"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct mt_path_time t = mt_time_of_path(names[i]);
        assert_true(t.has_absolute);
        assert_false(t.zone_known);
        assert_int_equal(t.absolute_ns, T_193517);
    }
}

static void reads_unix_times_of_each_unit(void **state)
{
    (void)state;
    assert_int_equal(mt_time_of_path("heap.1795376117.pb").absolute_ns, T_193517);
    assert_int_equal(mt_time_of_path("heap_1795376117000").absolute_ns, T_193517);
    assert_false(mt_time_of_path("heap.0000000012").has_absolute);
}

static void reads_the_time_of_an_unnamed_day(void **state)
{
    (void)state;
    struct mt_path_time t = mt_time_of_path("accounts-7f9c4d-x2x7p.goroutine.192107.debug2.txt");
    assert_true(t.has_day_time);
    assert_int_equal(t.day_time_ns, ((19 * 60 + 21) * 60 + 7) * MT_SECOND_NS);
    assert_false(t.has_sequence);
    assert_false(mt_time_of_path("heap.000012").has_day_time);
    assert_false(mt_time_of_path("heap.256199").has_day_time);
}

static void reads_a_time_since_the_capture_began(void **state)
{
    (void)state;
    assert_int_equal(mt_time_of_path("t+037s/heap.pprof").relative_ns, 37 * MT_SECOND_NS);
    assert_int_equal(mt_time_of_path("t+1m30s/heap.pprof").relative_ns, 90 * MT_SECOND_NS);
    assert_false(mt_time_of_path("c++/heap.pprof").has_relative);
}

static void reads_sequence_numbers_but_not_parts_of_words(void **state)
{
    (void)state;
    assert_int_equal(mt_time_of_path("heap.3").sequence, 3);
    assert_int_equal(mt_time_of_path("pprof.shop.inuse_space.003.pb.gz").sequence, 3);
    assert_int_equal(mt_time_of_path("goroutine_debug2.txt.2").sequence, 2);
    assert_int_equal(mt_time_of_path("heap_001_debug1.txt").sequence, 1);
    assert_false(mt_time_of_path("goroutineleak_debug2.txt").has_sequence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_compact_date_with_zone),
        cmocka_unit_test(reads_separated_and_run_together_dates),
        cmocka_unit_test(reads_unix_times_of_each_unit),
        cmocka_unit_test(reads_the_time_of_an_unnamed_day),
        cmocka_unit_test(reads_a_time_since_the_capture_began),
        cmocka_unit_test(reads_sequence_numbers_but_not_parts_of_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
