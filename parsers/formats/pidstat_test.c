/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_pidstat;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_pidstat, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_pidstat, path);
}

static const char *origin(size_t table)
{
    return mt_string_text(&t.strings, t.capture.tables[table].origin);
}

static void reads_tables_of_a_real_process(void **state)
{
    (void)state;
    read_file("testdata/pidstat/memory.txt");
    mt_testing_rows(&t, 1, 4, 0); /* grep -c svc memory.txt, less the average */
    assert_int_equal(t.capture.tables[0].pid, 5419);
    assert_string_equal(origin(0), "svc");
    mt_testing_is(&t, 0, MT_M_RSS, 0, 13104 * 1024);
    mt_testing_is(&t, 0, MT_M_VIRTUAL, 3, 1270144.0 * 1024);
    /* date -u -d '2026-11-25 20:26:19' +%s */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795638379000000000);
    assert_true(t.capture.tables[0].clock.zone_unknown);
    read_file("testdata/pidstat/iso.txt"); /* S_TIME_FORMAT=ISO */
    mt_testing_rows(&t, 1, 4, 0);
    assert_true(t.capture.tables[0].time_ns[0] / MT_SECOND_NS / 86400 == 1795638379 / 86400);
}

static void reads_the_forms_with_other_figures(void **state)
{
    (void)state;
    read_file("testdata/pidstat/all-figures.txt"); /* -r -u -d -h */
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 20416 * 1024);
    read_file("testdata/pidstat/handles.txt"); /* -r -v: two tables a time */
    mt_testing_rows(&t, 1, 6, 0);
    mt_testing_is(&t, 0, MT_M_OPEN_FDS, 1, 9);
    mt_testing_is(&t, 0, MT_M_THREADS, 1, 5);
    read_file("testdata/pidstat/unix-times.txt"); /* -H -h */
    mt_testing_rows(&t, 1, 3, 0);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795641256000000000);
    assert_false(t.capture.tables[0].clock.zone_unknown);
}

#define HEADER "  UID PID minflt/s majflt/s VSZ RSS %MEM Command\n"

static void times_go_on_behind_midnight_and_noon(void **state)
{
    (void)state;
    read_text(
        "Linux 6.1 (h) 11/25/2026 _x86_64_ (2 CPU)\n\n11:59:58 PM" HEADER
        "11:59:59 PM 0 71 0 0 8 4 0 /srv/shop --size 5\n12:00:01 AM 0 71 0 0 8 8 0 /srv/shop\n"
        "Average: 0 71 0 0 8 6 0 shop\n"
        "Linux 6.1 (h) 25/12/26 _x86_64_ (2 CPU)\n12:30:00" HEADER
        "12:30:01 0 71 0 0 8 12 0 shop\n");
    mt_testing_rows(&t, 1, 3, 0);
    assert_string_equal(origin(0), "shop");
    const int64_t *times = t.capture.tables[0].time_ns;
    int64_t midnight, christmas;
    assert_true(mt_time_from_civil(2026, 11, 26, 0, 0, 0, 0, &midnight));
    assert_true(mt_time_from_civil(2026, 12, 25, 12, 30, 1, 0, &christmas));
    assert_int_equal(times[0], midnight - MT_SECOND_NS);
    assert_int_equal(times[1], midnight + MT_SECOND_NS);
    assert_int_equal(times[2], christmas);
    read_text("20:26:17" HEADER "20:26:19 0 71 0 0 8 4.5M 0 shop\n"); /* no date; --human */
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 4.5 * 0x1p20);
    assert_int_equal(t.capture.tables[0].time_ns[0], MT_NO_TIME);
}

static void counts_damaged_rows_and_goes_on(void **state)
{
    (void)state;
    read_text("Linux 6.1 (h) 13/45/26 x\nLinux 6.1 (h) 99/99/9999999999\n20:26:17" HEADER
              "20:26:18 0 71 0 0\n20:26:18 0 x 0 0 8 4 0 shop\n20:26:18 0 71 0 0 8 many 0 shop\n"
              "20:26:18 0 99999999999 0 0 8 4 0 shop\n25:26:18 0 71 0 0 8 4 0 shop\n"
              "20:26:18 0 71 0 0 8 -4 0 shop\n20:26:19 0 71 0 0 8 16 0 shop\n"
              "20:26:20 UID PID %usr CPU Command\n20:26:21 0 71 5.0 1 shop\n"
              "20:26:22 0 71 0 0 8 20 0");
    mt_testing_rows(&t, 1, 2, 4);
    mt_testing_is(&t, 0, MT_M_RSS, 0, -1); /* negative: only its virtual memory is taken */
    mt_testing_is(&t, 0, MT_M_RSS, 1, 16 * 1024);
    mt_testing_read(
        &t, &mt_reader_pidstat,
        MT_SPAN("20:26:17" HEADER "20:26:18 0 7\0 1 0 8 4 0 a\n20:26:18 0 71 0 0 8 4 0 \0\n"));
    mt_testing_rows(&t, 1, 1, 1);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_pidstat,
                               "20:26:17" HEADER "20:26:18 0 71 0 0 8 4 0 a\n",
                               "20:26:19 0 71 0 0 8 8 0 a\n", MT_M_RSS, 8192);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_pidstat;
    assert_int_equal(mt_testing_sniff(r, "Linux 6.1 (h) 11/25/26 x\n\n20:26:17" HEADER
                                         "20:26:18 0 71 0 0 8 4 0 shop\n"),
                     MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "a log\n20:26:17" HEADER "20:26:18 0 71 0 0 8 4 0 shop\n"),
                     MT_LIKELY);
    assert_int_equal(
        mt_testing_sniff(r, "20:26:17 UID PID %usr CPU Command\n20:26:18 0 71 5 1 shop\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "PID RSS COMMAND\n71 12 shop\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_tables_of_a_real_process),
        cmocka_unit_test(reads_the_forms_with_other_figures),
        cmocka_unit_test(times_go_on_behind_midnight_and_noon),
        cmocka_unit_test(counts_damaged_rows_and_goes_on),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
