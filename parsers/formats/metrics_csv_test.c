/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_metrics_csv;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_metrics_csv, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_metrics_csv, path);
}

static void reads_snake_case_columns_of_a_real_service(void **state)
{
    (void)state;
    read_file("testdata/metrics-csv/memstats.csv");
    /* tail -n +2 memstats.csv | wc -l; awk -F, 'NR > 1 {print $2, $10, $13}' memstats.csv */
    mt_testing_rows(&t, 1, 5, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 2823568);
    mt_testing_is(&t, 0, MT_M_NEXT_GC, 0, 4194304);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 2, 17);
    /* date -u -d 2026-11-22T19:20:25.513Z +%s%N */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795375225513000000);
    assert_false(t.capture.tables[0].clock.zone_unknown);
}

static void reads_semicolons_and_unix_times_in_ms(void **state)
{
    (void)state;
    read_file("testdata/metrics-csv/semicolon.csv");
    /* awk -F';' 'NR == 2 {print $1, $2, $8}' semicolon.csv */
    mt_testing_rows(&t, 1, 4, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 3166800);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 17);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795375135087000000);
}

static void reads_process_memory(void **state)
{
    (void)state;
    read_file("testdata/metrics-csv/rss.csv");
    mt_testing_rows(&t, 1, 5, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 393334784);
    mt_testing_is(&t, 0, MT_M_RSS_ANON, 0, 386076672);
    mt_testing_is(&t, 0, MT_M_OPEN_FDS, 0, 19);
}

static void reads_tabs_units_dates_in_two_columns_and_two_processes(void **state)
{
    (void)state;
    read_file("testdata/metrics-csv/tabs.tsv");
    mt_testing_rows(&t, 1, 5, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 4, 6023616);
    read_text("Date\tTime\tPID\tRSS (KiB)\tThreads\tnote\n"
              "2026-11-22\t19:04:21\t71\t37656\t9\t\"a, b\"\n"
              "2026-11-22\t19:04:22\t71\t38948\t9\t\n"
              "2026-11-22\t19:04:22\t72\t12004\t7\tsecond\n");
    mt_testing_rows(&t, 2, 3, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 38948 * 1024);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795374261000000000);
    assert_true(t.capture.tables[0].clock.zone_unknown);
    assert_int_equal(t.capture.tables[1].pid, 72);
}

static void pods_in_a_column_have_a_table_each(void **state)
{
    (void)state;
    read_text("timestamp,host,pod,heap_alloc\n2026-11-22T19:04:21Z,,shop-a,4000000\n"
              "2026-11-22T19:04:21Z,,shop-b,9000000\n2026-11-22T19:04:22Z,,shop-a,4100000\n");
    mt_testing_rows(&t, 2, 3, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 4100000);
    mt_testing_is(&t, 1, MT_M_HEAP_ALLOC, 0, 9000000);
    assert_string_equal(mt_string_text(&t.strings, t.capture.tables[1].origin), "shop-b");
}

static void columns_of_several_processes_are_told_by_their_labels(void **state)
{
    (void)state;
    read_file("testdata/metrics-csv/grafana.csv"); /* as Grafana saves a panel for Excel */
    mt_testing_rows(&t, 2, 14, 0);                 /* two instances */
    assert_string_equal(mt_string_text(&t.strings, t.capture.tables[1].origin), "127.0.0.1:19090");
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 91552616);
    mt_testing_is(&t, 1, MT_M_HEAP_ALLOC, 0, 12845992);
    mt_testing_is(&t, 1, MT_M_GOROUTINES, 6, 34);
    mt_testing_is(&t, 0, MT_M_RSS, 6, 77045760);
    mt_testing_is(&t, 1, MT_M_RSS, 6, -1); /* no line end behind it */
    assert_int_equal(t.capture.tables[1].time_ns[6], 1795638566000000000);
    assert_true(t.capture.tables[0].clock.zone_unknown); /* the browser's */
    read_file("testdata/metrics-csv/grafana-units.csv");
    mt_testing_rows(&t, 2, 14, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 2, 110 * 0x1p20);
    read_text("go_goroutines{instance=\"b\",pod=\"p\"};time;go_threads{pod=\"p\"};go_threads{};"
              "go_threads{pod=\"\n1;1795374261;2;3;4\n");
    mt_testing_rows(&t, 2, 2, 0);
    mt_testing_is(&t, 1, MT_M_GOROUTINES, 0, 1);
    mt_testing_is(&t, 1, MT_M_THREADS, 0, 2);
    read_text("time,go_goroutines{pod=\"a\"},go_goroutines{pod=\"b\"}\n1795374261,1,2\n"
              "1795374262,3\n1795374263,x,4\n1795374264,5,x\n1795374265,6,7\n1795374266,8,9");
    mt_testing_rows(&t, 2, 6, 3); /* what stands before a bad cell is taken */
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 2, 6);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 3, 8);
    mt_testing_is(&t, 1, MT_M_GOROUTINES, 1, 7);
}

static void a_header_of_as_many_processes_as_columns_is_survived(void **state)
{
    (void)state;
    struct mt_text text = {0};
    for (int row = 0; row < 3; row++) {
        mt_text_printf(&text, row ? "%d" : "time", row);
        for (int i = 0; i < 300; i++)
            mt_text_printf(&text, row ? ",%d" : ",go_goroutines{pod=\"p%d\"}", i);
        mt_text_add(&text, "\n");
    }
    mt_testing_read(&t, &mt_reader_metrics_csv, mt_text_view(&text));
    mt_text_clear(&text);
    mt_testing_rows(&t, 255, 510, 0); /* the columns behind the first 256 are not looked at */
}

static void reads_cells_as_spreadsheets_write_them(void **state)
{
    (void)state;
    read_text("\xef\xbb\xbf\"Time\",\"HeapAlloc\",\"Sys\"\r\n"
              "\"2026-11-22 19:04:21\",\"13,635,584\",\"3 MiB\"\r\n\r\n"
              "\"2026-11-22 19:04:22\",,\"NaN\"\r\n"
              "\"2026-11-22 19:04:23\",\"5\",\"\"\r\n");
    mt_testing_rows(&t, 1, 2, 0); /* a row of gaps is none */
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 13635584);
    mt_testing_is(&t, 0, MT_M_SYS, 0, 3 << 20);
    mt_testing_is(&t, 0, MT_M_SYS, 1, -1);
    read_text("t;HeapAlloc MB;GCCPUFraction\n1795374261;3,5;0,0033\n1795374262;1.234,5;0,01\n");
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 3.5 * 0x1p20);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 1234.5 * 0x1p20);
    mt_testing_is(&t, 0, MT_M_GC_CPU_FRACTION, 0, 0.0033);
}

static void reads_columns_between_blanks(void **state)
{
    (void)state;
    read_text(
        "# time rss_kb threads\n2026-11-22T19:04:21Z 37656   9\n2026-11-22 19:04:22 38948 9\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 37656 * 1024);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 38948 * 1024);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795374262000000000);
}

static void takes_a_header_that_comes_again(void **state)
{
    (void)state;
    read_text("time,HeapAlloc,NumGC\n1795374261,1,5\ntime,NumGC,HeapAlloc\n1795374262,0,2\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 2);
    assert_true(mt_testing_remarks(&t, "restart"));
}

static void counts_damaged_rows_and_goes_on(void **state)
{
    (void)state;
    read_text(
        "time,HeapAlloc,NumGC\n1795374261,1,5\n1795374262,2\nx\n1795374263,apples,5\n"
        "1795374264,3,6,7\n# end\n1795374265,-4,8\n1795374266,5,99999999999999999999999999999");
    mt_testing_rows(&t, 1, 3, 4);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, -1);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 1, 8);
    assert_true(mt_testing_remarks(&t, "bad-values"));
    read_text("time,HeapAlloc,NumGC\n1795374261,1,5\n1795374262,2,6");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 1, -1); /* may be cut */
    read_text("time,HeapAlloc\r1795374261,1\r1795374262,2\r");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_read(&t, &mt_reader_metrics_csv, MT_SPAN("time,HeapAlloc\n1\0,2\n\0\n1,\"2\n"));
    mt_testing_rows(&t, 1, 2, 1);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_metrics_csv, "time,HeapAlloc\n1795374261,1\n",
                               "1795374262,2\n", MT_M_HEAP_ALLOC, 2);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_metrics_csv;
    assert_int_equal(mt_testing_sniff(r, "time,heap_alloc\n1795374261,5\n"), MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "heap_alloc;num_gc\n"), MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "time,heap_alloc\nhello\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "time,order,items\n1,2,3\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "{\"HeapAlloc\":1,\"NumGC\":2}\n1,2\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "the time rss was high\n1 2 3 4 5\n"), MT_NO);
    assert_int_equal(
        mt_testing_sniff(r, "  PID   RSS    VSZ NLWP ELAPSED COMMAND\n 7 8 9 10 1 x\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_snake_case_columns_of_a_real_service),
        cmocka_unit_test(reads_semicolons_and_unix_times_in_ms),
        cmocka_unit_test(reads_process_memory),
        cmocka_unit_test(reads_tabs_units_dates_in_two_columns_and_two_processes),
        cmocka_unit_test(pods_in_a_column_have_a_table_each),
        cmocka_unit_test(columns_of_several_processes_are_told_by_their_labels),
        cmocka_unit_test(a_header_of_as_many_processes_as_columns_is_survived),
        cmocka_unit_test(reads_cells_as_spreadsheets_write_them),
        cmocka_unit_test(reads_columns_between_blanks),
        cmocka_unit_test(takes_a_header_that_comes_again),
        cmocka_unit_test(counts_damaged_rows_and_goes_on),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
