/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_logfmt;

static struct mt_testing t;

static void reads_the_log_of_a_real_service(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_logfmt, "testdata/logfmt/memstats.log");
    /* wc -l memstats.log; head -1 memstats.log */
    mt_testing_rows(&t, 1, 5, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 3104344);
    mt_testing_is(&t, 0, MT_M_PAUSE_TOTAL, 0, 22113); /* 22.113µs */
    mt_testing_is(&t, 0, MT_M_NEXT_GC, 0, 5442984);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 18);
    /* date -u -d 2026-11-22T19:17:38.979060025Z +%s%N */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795375058979060025);
    assert_string_equal(t.capture.tables[0].source, "logfmt");
}

static void reads_times_and_processes_of_the_fields(void **state)
{
    (void)state;
    mt_testing_read_text(&t, &mt_reader_logfmt,
                         "time=\"2026-11-22 19:04:21\" pid=7 heap_alloc=1\n"
                         "t=1795374262.5 pid=8 heap_alloc=\"2\"\n"
                         "heap_alloc=3 pid=7 time=1.79537426e+09\n");
    mt_testing_rows(&t, 2, 3, 0);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795374261000000000);
    assert_int_equal(t.capture.tables[1].time_ns[0], 1795374262500000000);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795374260000000000);
    mt_testing_is(&t, 1, MT_M_HEAP_ALLOC, 0, 2);
}

static void pods_in_one_log_have_a_table_each(void **state)
{
    (void)state;
    mt_testing_read_text(&t, &mt_reader_logfmt,
                         "ts=2026-11-22T19:08:29Z pod=shop-a heap_alloc=4000000 num_gc=3\n"
                         "ts=2026-11-22T19:08:29Z pod=\"shop-b\" heap_alloc=9000000 num_gc=3\n"
                         "ts=2026-11-22T19:08:30Z heap_alloc=4100000 num_gc=3 pod=shop-a\n");
    mt_testing_rows(&t, 2, 3, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 4100000);
    assert_string_equal(mt_string_text(&t.strings, t.capture.tables[1].origin), "shop-b");
}

static void values_that_cannot_be_are_left_out(void **state)
{
    (void)state;
    mt_testing_read_text(
        &t, &mt_reader_logfmt,
        "ts=1795374261 heap_alloc=-5 num_gc=7 sys=1e400 next_gc=18446744073709551615\n"
        "ts=99999999999999999999 heap_alloc=\"3 num_gc=8 heap_inuse=5q\n"
        "ts=1795374263 heap_alloc=4MiB num_gc=2 heap_inuse=8192\n"
        "ts=1795374264 heap_alloc=5000000 num_gc=3 num_gc=9\nts=1795374265 heap_al");
    mt_testing_rows(&t, 1, 4, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, -1);
    mt_testing_is(&t, 0, MT_M_NEXT_GC, 0, -1);
    mt_testing_is(&t, 0, MT_M_HEAP_INUSE, 1, -1);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 2, 4 << 20); /* units beside bytes */
    mt_testing_is(&t, 0, MT_M_NUM_GC, 3, 3);           /* the first of a name counts */
    assert_int_equal(t.capture.tables[0].time_ns[1], MT_NO_TIME);
    assert_true(mt_testing_remarks(&t, "bad-values"));
    assert_true(mt_testing_remarks(&t, "restart")); /* 8 collections, then 2 */
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_logfmt, "ts=1795374261 heap_alloc=1 num_gc=1\n",
                               "ts=1795374262 heap_alloc=2 num_gc=2\n", MT_M_NUM_GC, 2);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_logfmt;
    assert_int_equal(mt_testing_sniff(r, "ts=1 heap_alloc=1 num_gc=2\n"), MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "start\nts=1 heap_alloc=1 num_gc=2\n"), MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "ts=1 order=1 items=2\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "ts=1 rss_kb=1\nts=2 rss_kb=2\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_log_of_a_real_service),
        cmocka_unit_test(reads_times_and_processes_of_the_fields),
        cmocka_unit_test(pods_in_one_log_have_a_table_each),
        cmocka_unit_test(values_that_cannot_be_are_left_out),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
