/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_rss_log;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_rss_log, text);
}

static void reads_a_loop_of_a_real_capture(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_rss_log, "testdata/rss-log/rss.log");
    /* wc -l rss.log; head -1 rss.log */
    mt_testing_rows(&t, 1, 6, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 30256 * 1024);
    assert_int_equal(t.capture.tables[0].pid, 19213);
    /* date -u -d 2026-11-22T19:26:06Z +%s */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795375566000000000);
}

static void reads_fields_under_dates(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_rss_log, "testdata/rss-log/dates.log");
    mt_testing_rows(&t, 1, 4, 0);                   /* grep -c rss_kb dates.log */
    mt_testing_is(&t, 0, MT_M_RSS, 0, 9884 * 1024); /* ps -o rss= puts blanks before it */
    mt_testing_is(&t, 0, MT_M_THREADS, 3, 5);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795640265000000000);
    read_text("Sun Nov 22 19:04:21 UTC 2026\nrss_kb=37656\nfds=19\nthreads=9\n"
              "Sun Nov 22 19:04:22 UTC 2026\nrss_kb=38948\nfds=20\nthreads=9\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 38948 * 1024);
    mt_testing_is(&t, 0, MT_M_OPEN_FDS, 0, 19);
    mt_testing_is(&t, 0, MT_M_THREADS, 0, 9);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795374262000000000);
}

static void tells_bytes_from_kib(void **state)
{
    (void)state;
    read_text("t=1795374261 rss=37656\nt=1795374262 rss=38948\nt=1795374263 "
              "rss=38348\nt=1795374264 rss=38520\n");
    mt_testing_is(&t, 0, MT_M_RSS, 0, 37656 * 1024);
    assert_true(mt_testing_remarks(&t, "unit-assumed"));
    read_text("rss_mib=36.5 fds=3\nrss_bytes=12288 fds=3\n");
    mt_testing_is(&t, 0, MT_M_RSS, 0, 36.5 * 0x1p20);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 12288);
}

static void values_that_cannot_be_are_left_out(void **state)
{
    (void)state;
    read_text("t=1795374261 pid=71 rss_kb=-4 fds=3 cpu_seconds=50\n"
              "t=1795374262 pid=-1 rss_kb=8 fds=1e300\nt=1795374263 pid=99999999999 rss_kb=8\n"
              "t=1795374264 pid=71 rss_kb=12MB fds=x cpu_seconds=3\nt=1795374265 pid=71 rss_kb=16");
    assert_true(t.ok);
    mt_testing_is(&t, 0, MT_M_RSS, 0, -1);
    mt_testing_is(&t, 0, MT_M_OPEN_FDS, 0, 3);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 12 << 20); /* the value's own unit counts */
    mt_testing_is(&t, 0, MT_M_OPEN_FDS, 1, -1);
    assert_int_equal(t.capture.tables[0].n_rows, 2); /* the last number may lack digits */
    assert_true(mt_testing_remarks(&t, "bad-values"));
    assert_true(mt_testing_remarks(&t, "restart")); /* CPU time never goes back */
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_rss_log, "t=1795374261 rss_kb=4\n",
                               "t=1795374262 rss_kb=8\n", MT_M_RSS, 8192);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_rss_log;
    assert_int_equal(
        mt_testing_sniff(
            r, "2026-11-22T20:38:15Z pid=1 rss_kb=37656\n2026-11-22T20:38:16Z pid=1 rss_kb=2\n"),
        MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "x\nrss_kb=1\nrss_kb=2\n"), MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "rss_kb=1 heap_alloc=5\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "rss=1\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "VmRSS:\t   12928 kB\nVmRSS:\t   12928 kB\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_loop_of_a_real_capture),
        cmocka_unit_test(reads_fields_under_dates),
        cmocka_unit_test(tells_bytes_from_kib),
        cmocka_unit_test(values_that_cannot_be_are_left_out),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
