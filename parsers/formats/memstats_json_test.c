/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_memstats_json;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_memstats_json, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_memstats_json, path);
}

static void reads_a_poll_of_a_real_service(void **state)
{
    (void)state;
    read_file("testdata/memstats-json/poll.jsonl");
    /* grep -c . poll.jsonl; jq -s '[.[].HeapAlloc] | first, last, min, max' poll.jsonl; jq .NumGC
     */
    mt_testing_rows(&t, 1, 6, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 3089720);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 5, 11159744);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 19);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 5, 6);
    mt_testing_is(&t, 0, MT_M_GC_CPU_FRACTION, 0, 0.0033013163659959873);
    mt_testing_is(&t, 0, MT_M_LAST_GC, 0, 1795375263595449007.0);
    const struct mt_table *table = &t.capture.tables[0];
    /* date -u -d 2026-11-22T19:21:03.604428617Z +%s%N */
    assert_int_equal(table->time_ns[0], 1795375263604428617);
    assert_int_equal(table->clock.clock, MT_CLOCK_SAME);
    assert_false(table->clock.zone_unknown);
    assert_string_equal(table->source, "memstats-json");
    assert_int_equal(t.capture.n_remarks, 0);
}

static void takes_the_last_pause_from_the_ring(void **state)
{
    (void)state;
    read_file("testdata/memstats-json/rings.jsonl");
    mt_testing_rows(&t, 1, 2, 0);
    /* head -1 rings.jsonl | jq '.NumGC, .PauseNs[(.NumGC + 255) % 256]' */
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 35);
    mt_testing_is(&t, 0, MT_M_LAST_PAUSE, 0, 159248);
    read_text(
        "{\"HeapAlloc\":1,\"NumGC\":257,\"PauseNs\":[7,8,9],\"PauseEnd\":[1795374767714141352]}");
    mt_testing_is(&t, 0, MT_M_LAST_PAUSE, 0, 7);
    mt_testing_is(&t, 0, MT_M_LAST_GC, 0, 1795374767714141352.0);
    read_text("{\"HeapAlloc\":1,\"NumGC\":4,\"PauseNs\":[7,8,9],\"PauseEnd\":[]}");
    mt_testing_is(&t, 0, MT_M_LAST_PAUSE, 0, -1);
    read_text("{\"HeapAlloc\":1,\"NumGC\":0,\"PauseNs\":[0,0,0],\"LastGC\":0}");
    mt_testing_is(&t, 0, MT_M_LAST_PAUSE, 0, -1);
    mt_testing_is(&t, 0, MT_M_LAST_GC, 0, -1);
}

static void reads_an_object_over_several_lines(void **state)
{
    (void)state;
    read_file("testdata/memstats-json/pretty.json");
    mt_testing_rows(&t, 1, 3, 0);
    /* jq '.memory.HeapAlloc, .memory.TotalAlloc, .time' pretty.json */
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 1333888);
    mt_testing_is(&t, 0, MT_M_TOTAL_ALLOC, 1, 2638672);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795642593040294353);
    assert_true(mt_span_is(mt_string(&t.strings, t.capture.tables[0].origin), "search-api-0"));
    read_text("{\"ts\": 1795375171.5,\n \"memory\": {\"HeapAlloc\": 9025360, \"Mallocs\": 283398,\n"
              " \"BySize\": [{\"Size\": 8, \"Mallocs\": 9}]}\n}\n");
    mt_testing_is(&t, 0, MT_M_MALLOCS, 0, 283398); /* and not those of BySize */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795375171500000000);
    /* the rest is another record's */
    read_text("{\"HeapAlloc\":1,\n\"NumGC\":2\n{\"HeapAlloc\":3,\n\"NumGC\":4}\n");
    mt_testing_rows(&t, 1, 1, 1);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 3);
}

static void reads_records_inside_an_application_log(void **state)
{
    (void)state;
    read_file("testdata/memstats-json/mixed.log");
    mt_testing_rows(&t, 1, 3, 0); /* grep -c HeapAlloc mixed.log */
    assert_true(t.capture.tables[0].clock.zone_unknown);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795642592069371000);
    mt_testing_is(&t, 0, MT_M_SYS, 2, 12613896);
}

static void reads_records_of_one_array(void **state)
{
    (void)state;
    read_text(
        "\n[ {\"HeapAlloc\":1,\"time\":1795375171},\n {\"HeapAlloc\":2,\"time\":1795375172} ]");
    mt_testing_rows(&t, 1, 2, 0);
    read_text("[{\"HeapAlloc\":1},{\"HeapAlloc\":2},{\"HeapA");
    mt_testing_rows(&t, 1, 2, 1);
}

static void takes_the_time_of_what_stands_around(void **state)
{
    (void)state;
    read_text("Sun Nov 22 19:04:21 UTC 2026\n{\"HeapAlloc\":1}\n{\"HeapAlloc\":2}\n"
              "{\"log\":\"{\\\"HeapAlloc\\\":3}\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-"
              "22T19:04:21Z\"}\n");
    mt_testing_rows(&t, 1, 3, 0);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795374261000000000);
    assert_int_equal(t.capture.tables[0].time_ns[1], MT_NO_TIME);
    assert_int_equal(t.capture.tables[0].time_ns[2], 1795374261000000000);
}

static void knows_other_names_and_units(void **state)
{
    (void)state;
    read_text(
        "{\"@timestamp\":\"2026-11-22T19:04:21Z\",\"heap\":{\"alloc\":1,\"inuse\":\"3 MiB\"},"
        "\"runtime\":{\"num_gc\":4,\"goroutines\":5,\"pause_total\":\"1.5ms\"},\"rss_kb\":12}");
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 1);
    mt_testing_is(&t, 0, MT_M_HEAP_INUSE, 0, 3 << 20);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 4);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 5);
    mt_testing_is(&t, 0, MT_M_PAUSE_TOTAL, 0, 1500000);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 12288);
    read_text("{\"/memory/classes/heap/objects:bytes\":7,\"/gc/cycles/total:gc-cycles\":8,"
              "\"/gc/heap/live:bytes\":6}");
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 7);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 8);
    mt_testing_is(&t, 0, MT_M_HEAP_MARKED, 0, 6);
}

static void members_may_change_from_record_to_record(void **state)
{
    (void)state;
    read_text("{\"HeapAlloc\":1,\"Sys\":2,\"NumGC\":3}\n{\"Sys\":5,\"HeapAlloc\":4}\n"
              "{\"a\":{\"Sys\":9},\"HeapAlloc\":6,\"b\":{\"heap_inuse\":7}}\n{\"HeapAlloc\":8,"
              "\"NumGC\":9}\n");
    mt_testing_rows(&t, 1, 4, 0);
    mt_testing_is(&t, 0, MT_M_SYS, 1, 5);
    mt_testing_is(&t, 0, MT_M_SYS, 2, -1);
    mt_testing_is(&t, 0, MT_M_HEAP_INUSE, 2, 7);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 1, -1);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 3, 9);
}

static void keeps_processes_apart_and_notes_a_restart(void **state)
{
    (void)state;
    read_text("{\"pid\":7,\"HeapAlloc\":1,\"NumGC\":5}\n{\"pid\":8,\"HeapAlloc\":2,\"NumGC\":1}\n"
              "{\"pid\":7,\"HeapAlloc\":3,\"NumGC\":6}\n");
    mt_testing_rows(&t, 2, 3, 0);
    assert_int_equal(t.capture.tables[1].pid, 8);
    assert_false(mt_testing_remarks(&t, "restart"));
    read_text("{\"HeapAlloc\":1,\"NumGC\":5}\n{\"HeapAlloc\":2,\"NumGC\":1}\n");
    mt_testing_rows(&t, 1, 2, 0);
    assert_true(mt_testing_remarks(&t, "restart"));
}

static void counts_damaged_records_and_goes_on(void **state)
{
    (void)state;
    read_text("\xef\xbb\xbf{\"HeapAlloc\":1}\r\n"
              "{\"HeapAlloc\":2,}\r\n"
              "{\"HeapAlloc\":3\r\n"
              "{\"HeapAlloc\":\"4\r\n"
              "c\":5,\"HeapAlloc\":6}\r\n"
              "other text\r\n"
              "{\"HeapAlloc\":-7,\"Sys\":1e300,\"NumGC\":99999999999999999999999,\"NextGC\":8}\r\n"
              "{\"HeapAlloc\":9");
    mt_testing_rows(&t, 1, 2, 5);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 1);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, -1);
    mt_testing_is(&t, 0, MT_M_NEXT_GC, 1, 8);
    assert_true(mt_testing_remarks(&t, "bad-values"));
    read_text("{\"HeapAlloc\":1}\r{\"HeapAlloc\":2}\r");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_read(&t, &mt_reader_memstats_json,
                    MT_SPAN("{\"HeapAlloc\":1\0}\n\0{\"HeapAlloc\":2}\n"));
    mt_testing_rows(&t, 1, 1, 1);
}

static void survives_a_very_long_line(void **state)
{
    (void)state;
    struct mt_text text = {0};
    mt_text_add(&text, "{\"HeapAlloc\":1,\"x\":\"");
    for (int i = 0; i < 20000; i++)
        mt_text_add(&text, "0123456789");
    mt_text_add(&text, "\"}\n{\"HeapAlloc\":2}\n");
    mt_testing_read(&t, &mt_reader_memstats_json, mt_text_view(&text));
    mt_text_clear(&text);
    mt_testing_rows(&t, 1, 2, 0);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_memstats_json, "{\"HeapAlloc\":1,\"NumGC\":1}\n",
                               "{\"HeapAlloc\":2,\"NumGC\":2}\n", MT_M_NUM_GC, 2);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_memstats_json;
    assert_int_equal(mt_testing_sniff(r, "{\"Time\":\"x\",\"HeapAlloc\":1,\"NumGC\":2}\n"),
                     MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "{\"HeapAlloc\":1,\"NumGC\":2,\"cut"), MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "start\nx {\"HeapAlloc\":1,\"NumGC\":2}\n"), MT_LIKELY);
    assert_int_equal(
        mt_testing_sniff(
            r, "{\"log\":\"{\\\"HeapAlloc\\\":3,\\\"NumGC\\\":1}\\n\",\"stream\":\"x\"}\n"),
        MT_LIKELY);
    assert_int_equal(
        mt_testing_sniff(r, "{\"gc\":1,\"gcPauseStart\":\"x\",\"HeapAlloc\":1,\"NextGC\":2}\n"),
        MT_NO);
    assert_int_equal(mt_testing_sniff(r, "{\"memstats\":{\"HeapAlloc\":1,\"NumGC\":2}}\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "{\"service\":\"x\",\"gomemlimit\":1,\"gogc\":100}"),
                     MT_NO);
    assert_int_equal(mt_testing_sniff(r, "{\"resourceSpans\":[{\"HeapAlloc\":1,\"NumGC\":2}]}"),
                     MT_NO);
    assert_int_equal(mt_testing_sniff(r, ""), MT_NO);
}

static void inspect_shows_rows_columns_and_times(void **state)
{
    (void)state;
    read_text("{\"time\":1795375171,\"HeapAlloc\":5}\n{\"time\":1795375172,\"HeapAlloc\":3}\n");
    char *text = mt_testing_inspect(&t, &mt_reader_memstats_json);
    assert_string_equal(
        text, "{\"rows\":2,\"start_ns\":1795375171000000000,\"end_ns\":1795375172000000000,"
              "\"tables\":[{\"rows\":2,\"timed\":2,\"start_ns\":1795375171000000000,"
              "\"end_ns\":1795375172000000000,\"columns\":{\"HeapAlloc\":{\"n\":2,\"first\":5,"
              "\"last\":3,\"min\":3,\"max\":5}}}],\"remarks\":[]}");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_poll_of_a_real_service),
        cmocka_unit_test(takes_the_last_pause_from_the_ring),
        cmocka_unit_test(reads_an_object_over_several_lines),
        cmocka_unit_test(reads_records_inside_an_application_log),
        cmocka_unit_test(reads_records_of_one_array),
        cmocka_unit_test(takes_the_time_of_what_stands_around),
        cmocka_unit_test(knows_other_names_and_units),
        cmocka_unit_test(members_may_change_from_record_to_record),
        cmocka_unit_test(keeps_processes_apart_and_notes_a_restart),
        cmocka_unit_test(counts_damaged_records_and_goes_on),
        cmocka_unit_test(survives_a_very_long_line),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
        cmocka_unit_test(inspect_shows_rows_columns_and_times),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
