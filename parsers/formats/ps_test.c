/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_ps;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_ps, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_ps, path);
}

static void reads_tables_under_dates_of_a_real_capture(void **state)
{
    (void)state;
    read_file("testdata/ps/dates.txt");
    /* grep -c PID dates.txt; sed -n 3p dates.txt */
    mt_testing_rows(&t, 1, 3, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 132188 * 1024);
    mt_testing_is(&t, 0, MT_M_VIRTUAL, 0, 1600776.0 * 1024);
    mt_testing_is(&t, 0, MT_M_THREADS, 2, 5);
    assert_int_equal(t.capture.tables[0].pid, 5419);
    assert_true(mt_span_is(mt_string(&t.strings, t.capture.tables[0].origin), "svc"));
    /* date -u -d 2026-11-25T20:32:22Z +%s */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795638742000000000);
    assert_false(t.capture.tables[0].clock.zone_unknown);
}

static void reads_dates_of_five_words_and_commands_with_arguments(void **state)
{
    (void)state;
    read_file("testdata/ps/lstart.txt"); /* ps -o pid,lstart,rss,vsz,nlwp,time,args */
    mt_testing_rows(&t, 2, 6, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 2, 62504.0 * 1024);
    mt_testing_is(&t, 0, MT_M_CPU_SECONDS, 0, 5e9);
    mt_testing_is(&t, 0, MT_M_THREADS, 0, 8);
    assert_true(mt_span_is(mt_string(&t.strings, t.capture.tables[0].origin), "prometheus"));
    mt_testing_is(&t, 1, MT_M_RSS, 2, 15312 * 1024);
}

static void busybox_writes_larger_sizes_with_a_unit(void **state)
{
    (void)state;
    read_file("testdata/ps/busybox.txt");
    mt_testing_rows(&t, 2, 6, 0); /* grep -c /shop busybox.txt */
    mt_testing_is(&t, 0, MT_M_RSS, 0, 41 * 0x1p20);
    mt_testing_is(&t, 1, MT_M_RSS, 2, 29 * 0x1p20);
    mt_testing_is(&t, 0, MT_M_VIRTUAL, 0, 1.2 * 0x1p30);
    assert_true(mt_span_is(mt_string(&t.strings, t.capture.tables[0].origin), "shop"));
}

static void reads_a_listing_of_all_processes(void **state)
{
    (void)state;
    read_text("1795374261\nUSER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\n"
              "root 2 0.0 0.0 0 0 ? S 09:27 0:00 [kthreadd]\n"
              "shop 71 0.7 0.0 51640 19716 ? S<Ll 09:27 1:07 /srv/shop/shop --size 32768\n"
              "shop 72 0.0 0.0 12004 7300 ? Ss Nov22 0:00 nginx: master process\n");
    mt_testing_rows(&t, 2, 2, 0);                  /* threads of the kernel have no memory */
    assert_int_equal(t.capture.tables[0].pid, 71); /* the largest first */
    mt_testing_is(&t, 0, MT_M_RSS, 0, 19716 * 1024);
    mt_testing_is(&t, 0, MT_M_CPU_SECONDS, 0, 67e9);
    assert_true(mt_span_is(mt_string(&t.strings, t.capture.tables[0].origin), "shop"));
}

static void reads_top(void **state)
{
    (void)state;
    read_file("testdata/ps/top.txt"); /* top -b -e m, dates of twelve hours */
    mt_testing_rows(&t, 2, 4, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 123.9 * 0x1p20);
    mt_testing_is(&t, 0, MT_M_VIRTUAL, 0, 1498.9 * 0x1p20);
    mt_testing_is(&t, 0, MT_M_CPU_SECONDS, 0, 4.99e9);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795638729000000000);
    read_text("PID VIRT RES TIME+ COMMAND\n71 1.2g 812340 1:07.84 shop\n");
    mt_testing_is(&t, 0, MT_M_VIRTUAL, 0, 1.2 * 0x1p30);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 812340.0 * 1024);
}

static void columns_may_stand_in_any_order(void **state)
{
    (void)state;
    read_text("                 STARTED COMMAND                PID   RSS\n"
              "Wed Nov 25 09:44:04 2026 my shop --flag x        71   100\n"
              "STARTED   RSS PID\n 09:27:42 200 71\n Nov 22 300 71\n"
              "    TIME RSS\n1-02:03:04 400\n");
    mt_testing_rows(&t, 3, 4, 0); /* the command, the process alone, neither */
    mt_testing_is(&t, 0, MT_M_RSS, 0, 200 * 1024);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 300 * 1024);
}

static void reads_one_column(void **state)
{
    (void)state;
    read_file("testdata/ps/one-column.txt"); /* ps -o rss -p PID */
    mt_testing_rows(&t, 1, 4, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 3, 23108 * 1024.0);
    assert_int_equal(mt_testing_sniff(&mt_reader_ps, "RSS\nfeeds\n"), MT_NO);
    read_text("PID START RSS\n71 Nov 22 300\n71 Nov22 304\n71 14:08 308\n");
    mt_testing_rows(&t, 1, 3, 0);
}

static void a_time_counts_for_its_table(void **state)
{
    (void)state;
    read_text("1795374261\nPID RSS\n1 4\n2 8\nPID RSS\n1 4\n");
    mt_testing_rows(&t, 2, 3, 0);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795374261000000000);
    assert_int_equal(t.capture.tables[0].time_ns[1], MT_NO_TIME);
    assert_int_equal(t.capture.tables[1].time_ns[0], 1795374261000000000);
}

static void keeps_the_largest_of_many_processes(void **state)
{
    (void)state;
    struct mt_text text = {0};
    mt_text_add(&text, "PID RSS\n");
    for (int i = 1; i <= 40; i++)
        mt_text_printf(&text, "%d %d\n", i, i * 4);
    mt_testing_read(&t, &mt_reader_ps, mt_text_view(&text));
    mt_text_clear(&text);
    mt_testing_rows(&t, 16, 16, 0);
    assert_int_equal(t.capture.tables[0].pid, 40);
    assert_true(mt_testing_remarks(&t, "many-processes"));
}

static void counts_damaged_rows_and_goes_on(void **state)
{
    (void)state;
    read_text("PID RSS COMMAND\r\n71 12 shop\r\n71\r\n71 x shop\r\n99999999999 5 shop\r\nnext\r\n"
              "71 14 after-the-table\r\nPID RSS COMMAND\r\n71 16 shop\r\n71 1");
    mt_testing_rows(&t, 1, 2, 4);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 16 * 1024);
    read_text("PID RSS VSZ\n71 -5 8\n71 12 1e300\n71 99999999999999999999999 8\n71 0x12 8\n"
              "71 12e9q 8\n71 12q 8\n71 16 8\n");
    mt_testing_rows(&t, 1, 2, 3); /* values that cannot be are left out, not read as others */
    mt_testing_is(&t, 0, MT_M_RSS, 1, 16 * 1024);
    mt_testing_read(&t, &mt_reader_ps, MT_SPAN("PID RSS\n71 1\0 2\n\0\nPID RSS\n71 3\n"));
    mt_testing_rows(&t, 1, 1, 1);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_ps, "PID RSS\n71 4\n", "PID RSS\n71 8\n", MT_M_RSS,
                               8192);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_ps;
    assert_int_equal(
        mt_testing_sniff(r, "Sun Nov 22 19:04:21 UTC 2026\n  PID   RSS COMMAND\n 71 12 shop\n"),
        MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "hello\n  PID   RSS COMMAND\n 71 12 shop\n"), MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "  PID TTY TIME CMD\n 71 ? 00:00:01 shop\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "PID RSS COMMAND\nare columns of ps\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_tables_under_dates_of_a_real_capture),
        cmocka_unit_test(reads_dates_of_five_words_and_commands_with_arguments),
        cmocka_unit_test(busybox_writes_larger_sizes_with_a_unit),
        cmocka_unit_test(reads_a_listing_of_all_processes),
        cmocka_unit_test(reads_top),
        cmocka_unit_test(columns_may_stand_in_any_order),
        cmocka_unit_test(reads_one_column),
        cmocka_unit_test(a_time_counts_for_its_table),
        cmocka_unit_test(keeps_the_largest_of_many_processes),
        cmocka_unit_test(counts_damaged_rows_and_goes_on),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
