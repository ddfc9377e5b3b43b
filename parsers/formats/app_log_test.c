/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_app_log;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_app_log, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_app_log, path);
}

static int64_t time_of(size_t row)
{
    return t.capture.tables[0].time_ns[row];
}

static void reads_the_log_of_a_real_service(void **state)
{
    (void)state;
    read_file("testdata/app-log/app.log");
    /* grep -c HeapAlloc app.log; grep HeapAlloc app.log | sed -n '1p;$p' */
    mt_testing_rows(&t, 1, 10, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 3396528);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 17);
    mt_testing_is(&t, 0, MT_M_STACK_INUSE, 1, 917504);
    /* date -u -d '2026-11-22 19:27:36' +%s */
    assert_int_equal(time_of(0), 1795375656000000000);
    assert_true(t.capture.tables[0].clock.zone_unknown);
    assert_int_equal(t.capture.n_remarks, 0);
}

static void takes_the_finer_time_of_a_container_log(void **state)
{
    (void)state;
    read_file("testdata/app-log/docker.log");
    /* grep -c HeapAlloc docker.log; the same with fluent-bit.json, cri.log */
    mt_testing_rows(&t, 1, 6, 0);
    assert_int_equal(time_of(0), 1795374697764210166);
    assert_false(t.capture.tables[0].clock.zone_unknown);
    read_file("testdata/app-log/fluent-bit.json");
    mt_testing_rows(&t, 1, 6, 0);
    assert_int_equal(time_of(0), 1795374380896255000);
    assert_true(
        mt_span_is(mt_string(&t.strings, t.capture.tables[0].origin), "svc-6c9f7d5b8-x2x7p"));
    read_file("testdata/app-log/cri.log"); /* grep -c HeapAlloc cri.log */
    mt_testing_rows(&t, 1, 7, 0);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 1, 2);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 3, 3002688); /* behind 9,000 bytes, in the second part */
    assert_int_equal(time_of(1), 1795639739382554128);
}

static void keeps_the_programs_own_time_when_it_is_fine(void **state)
{
    (void)state;
    read_text("2026-11-22T19:04:22.9Z stdout F 2026-11-22T19:04:21.5Z HeapAlloc=1\n");
    assert_int_equal(time_of(0), 1795374261500000000);
}

static void reads_values_with_units(void **state)
{
    (void)state;
    read_file("testdata/app-log/print-mem-usage.log");
    /* grep -c NumGC print-mem-usage.log; awk '{print $3, $7, $11, $15}' print-mem-usage.log */
    mt_testing_rows(&t, 1, 6, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 5 << 20);
    mt_testing_is(&t, 0, MT_M_TOTAL_ALLOC, 2, 27 << 20);
    mt_testing_is(&t, 0, MT_M_SYS, 1, 19 << 20);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 5, 8);
    read_file("testdata/app-log/print-mem-docker-t.log"); /* docker logs -t */
    mt_testing_rows(&t, 1, 6, 0);
    assert_int_equal(time_of(0), 1795639759402379712);
    read_text("mem: HeapAlloc=12 MB, HeapSys=13,635,584; NumGC=3 pause_total=1.5ms (GCCPUFraction: "
              "0.25%)\n");
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 12 << 20);
    mt_testing_is(&t, 0, MT_M_HEAP_SYS, 0, 13635584);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 3);
    mt_testing_is(&t, 0, MT_M_PAUSE_TOTAL, 0, 1500000);
    mt_testing_is(&t, 0, MT_M_GC_CPU_FRACTION, 0, 0.0025);
    assert_true(mt_testing_remarks(&t, "unit-assumed"));
}

static void reads_pairs_in_many_shapes(void **state)
{
    (void)state;
    read_text("2026-11-22 19:04:21 INFO [main] \"heap_alloc\": 5, \"num_gc\": 6} HeapSys:7 "
              "'goroutines'='8'\n"
              "&{Alloc:1 TotalAlloc:2 Sys:3 Mallocs:4 Frees:5 PauseNs:[9 9] NumGC:6 "
              "BySize:[{Size:0 Mallocs:9 Frees:9}]}\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 5);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 6);
    mt_testing_is(&t, 0, MT_M_HEAP_SYS, 0, 7);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 8);
    mt_testing_is(&t, 0, MT_M_MALLOCS, 1, 4); /* the first of a name counts */
    mt_testing_is(&t, 0, MT_M_LAST_PAUSE, 1, -1);
}

static void reads_the_message_of_a_json_record(void **state)
{
    (void)state;
    read_text("{\"level\":\"info\",\"ts\":1795374261.5,\"msg\":\"mem HeapAlloc=5 NumGC=6\"}\n"
              "{\"level\":\"info\",\"ts\":1795374262.5,\"msg\":\"mem\",\"HeapAlloc\":7}\n"
              "{\"msg\":\"HeapAlloc=8\"\n");
    mt_testing_rows(&t, 1, 1, 0); /* the second is memstats-json's, the third is damaged */
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 6);
    assert_int_equal(time_of(0), 1795374261500000000);
}

static void joins_records_that_stand_upright(void **state)
{
    (void)state;
    read_text("Sun Nov 22 19:04:21 UTC 2026\nHeapAlloc: 5\nSys = 12 MiB\nNumGC=3\n\n"
              "HeapAlloc: 6\nSys = 13 MiB\nHeapAlloc: 7\nNumGC=4\n");
    mt_testing_rows(&t, 1, 3, 0);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 3);
    assert_int_equal(time_of(0), 1795374261000000000);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 1, -1);
    mt_testing_is(&t, 0, MT_M_SYS, 1, 13 << 20);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 2, 4);
    assert_int_equal(time_of(1), MT_NO_TIME);
}

static void leaves_lines_of_others(void **state)
{
    (void)state;
    read_text("SCHED 0ms: gomaxprocs=2 idleprocs=1 threads=4 spinningthreads=0 runqueue=0 [0 0]\n"
              "gc 1 @0.5s 1%: 0+0+0 ms clock, 0+0/0/0+0 ms cpu, 4->5->2 MB, 5 MB goal, 8 P\n"
              "scvg0: inuse: 3, idle: 60, sys: 63, released: 57, consumed: 6 (MB)\n"
              "# HeapAlloc = 4276392\nheap.txt:# HeapAlloc = 4276392\n"
              "VmRSS:\t   12928 kB\nThreads:\t7\nmemory.current:4096\nRss:            12928 kB\n"
              "stats {\"HeapAlloc\":5,\"NumGC\":6}\n"
              "goroutine 18 [chan receive, 5 minutes]:\n"
              "order=1 items=3 total=3.70 sys=down threads=many rss=feed\n"
              "go_goroutines{instance=\"a:1\"} 5\n"
              "{\n\"goroutines\": 17,\n  \"memstats\": {\"HeapAlloc\":5,\"NumGC\":6}\n}\n");
    mt_testing_rows(&t, 0, 0, 0);
}

static void takes_no_number_that_may_be_cut(void **state)
{
    (void)state;
    read_text("HeapAlloc=123 Sys=456\nHeapAlloc=789 Sys=4");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_SYS, 0, 456);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 789);
    mt_testing_is(&t, 0, MT_M_SYS, 1, -1);
}

static void survives_hostile_lines(void **state)
{
    (void)state;
    struct mt_text text = {0};
    for (int i = 0; i < 20000; i++)
        mt_text_printf(&text, "k%d=%d ", i, i);
    mt_text_add(&text, "HeapAlloc=5\n====::::\n=\n:\n HeapAlloc\n HeapAlloc =\n");
    mt_text_add(
        &text, "HeapAlloc=-5 NumGC=1e999 Sys=18446744073709551616 NextGC=18446744073709551615\r\n");
    mt_testing_read(&t, &mt_reader_app_log, mt_text_view(&text));
    mt_text_clear(&text);
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_read(&t, &mt_reader_app_log, MT_SPAN("Heap\0Alloc=1 \0NumGC=2\rHeapAlloc=3\r"));
    mt_testing_rows(&t, 1, 2, 0);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_app_log, "1795374261 HeapAlloc=1 NumGC=1\n",
                               "1795374262 HeapAlloc=2 NumGC=2\n", MT_M_NUM_GC, 2);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_app_log;
    assert_int_equal(mt_testing_sniff(r, "start\n2026/11/22 x HeapAlloc=1 NumGC=2\n"), MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "order=1 threads=5\nsys=6\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "2026/11/22 x goroutines=5\n"), MT_NO); /* one is none */
    assert_int_equal(mt_testing_sniff(r, "# What we saw\nHeapAlloc=1 NumGC=2\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "heap_alloc=1 num_gc=2\n"), MT_NO);  /* logfmt */
    assert_int_equal(mt_testing_sniff(r, "x rss_kb=1\nx rss_kb=2\n"), MT_NO); /* rss-log */
    assert_int_equal(mt_testing_sniff(r, "{\"HeapAlloc\":1,\"NumGC\":2}\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_log_of_a_real_service),
        cmocka_unit_test(takes_the_finer_time_of_a_container_log),
        cmocka_unit_test(keeps_the_programs_own_time_when_it_is_fine),
        cmocka_unit_test(reads_values_with_units),
        cmocka_unit_test(reads_pairs_in_many_shapes),
        cmocka_unit_test(reads_the_message_of_a_json_record),
        cmocka_unit_test(joins_records_that_stand_upright),
        cmocka_unit_test(leaves_lines_of_others),
        cmocka_unit_test(takes_no_number_that_may_be_cut),
        cmocka_unit_test(survives_hostile_lines),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
