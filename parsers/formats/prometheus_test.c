/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_prometheus;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_prometheus, text);
}

static void reads_scrapes_of_a_real_service(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_prometheus, "testdata/prometheus/scrapes.prom");
    /* grep -c '^# scrape' scrapes.prom; grep '^go_memstats_heap_alloc_bytes\|^go_goroutines' */
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 4220248);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 4907176);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 19);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 3);
    mt_testing_is(&t, 0, MT_M_PAUSE_TOTAL, 0, 347008);
    mt_testing_is(&t, 0, MT_M_LAST_GC, 0, 1795374818492126200.0);
    assert_true(mt_span_is(mt_string(&t.strings, t.capture.go_version), "go1.23.5"));
    /* date -u -d 2026-11-22T19:13:38.609Z +%s%N */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795374818609000000);
    assert_false(t.capture.tables[0].clock.zone_unknown);
}

static void reads_exported_ranges_by_their_times(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_prometheus, "testdata/prometheus/tsdb-dump.txt");
    /* grep -o 'instance.* [0-9]*$' tsdb-dump.txt | awk '{print $1, $NF}' | sort -u | wc -l */
    mt_testing_rows(&t, 2, 12, 0);
    assert_true(mt_span_is(mt_string(&t.strings, t.capture.tables[1].origin), "127.0.0.1:18080"));
    /* grep 'svc.*1795638506570' tsdb-dump.txt */
    mt_testing_is(&t, 1, MT_M_GOROUTINES, 1, 138);
    read_text("go_memstats_alloc_bytes{instance=\"a\"} 10 1795374818609\n"
              "go_memstats_alloc_bytes{instance=\"a\"} NaN 1795374823609\n"
              "go_memstats_alloc_bytes{instance=\"b\"} 20 1795374823609\n"
              "go_goroutines{instance=\"a\"} 3 1795374823609\n");
    mt_testing_rows(&t, 2, 3, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, -1);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 1, 3);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795374823609000000);
}

static void reads_what_promtool_prints_of_a_query(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_prometheus, "testdata/prometheus/promtool-range.txt");
    mt_testing_rows(&t, 3, 15, 0); /* grep -c @ promtool-range.txt, of two metrics */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795638506000000000);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 4, 129215592);
    mt_testing_is(&t, 0, MT_M_RSS, 4, 77045760);
    mt_testing_read_file(&t, &mt_reader_prometheus, "testdata/prometheus/promtool-instant.txt");
    mt_testing_rows(&t, 3, 3, 0);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 970);
    mt_testing_is(&t, 2, MT_M_RSS, 0, 21647360);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795639346371000000);
    read_text("go_goroutines{job=\"a\"} =>\n5 @[1795638506]\n6 @[\n7 @[x]\n@[1795638507]\n"
              "8 @[1795638508]\ngo_threads =>\n9 @[1795638508] 1\nother{} =>\n10 @[1795638508]\n");
    mt_testing_rows(&t, 1, 1, 0); /* a broken line ends the series */
}

static void reads_a_federation_and_openmetrics_of_a_real_server(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_prometheus, "testdata/prometheus/federate.prom");
    mt_testing_rows(&t, 3, 3, 0); /* grep -c ^go_goroutines federate.prom */
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 16);
    mt_testing_is(&t, 2, MT_M_HEAP_ALLOC, 0, 2875656);
    mt_testing_read_file(&t, &mt_reader_prometheus, "testdata/prometheus/openmetrics.txt");
    mt_testing_rows(&t, 1, 2, 0); /* grep -c '# EOF' openmetrics.txt */
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 17363416);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795638393000000000);
}

static void a_name_that_comes_again_begins_the_next_scrape(void **state)
{
    (void)state;
    read_text("go_goroutines 1\ngo_memstats_alloc_bytes 10\ngo_memstats_heap_alloc_bytes 10\n"
              "go_goroutines 2\ngo_memstats_alloc_bytes 20\ngo_memstats_heap_alloc_bytes 20\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 10);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 1, 2);
    assert_int_equal(t.capture.tables[0].time_ns[0], MT_NO_TIME);
}

static void a_time_counts_for_one_scrape(void **state)
{
    (void)state;
    read_text("Sun Nov 22 19:04:21 UTC 2026\ngo_goroutines 1\ngo_goroutines 2\n"
              "1795374262\ngo_goroutines 3\n# 2026-11-22 19:04:23\ngo_goroutines 4\n");
    mt_testing_rows(&t, 1, 4, 0);
    const int64_t *times = t.capture.tables[0].time_ns;
    assert_int_equal(times[0], 1795374261000000000);
    assert_int_equal(times[1], MT_NO_TIME);
    assert_int_equal(times[2], 1795374262000000000);
    assert_int_equal(times[3], 1795374263000000000);
    assert_true(t.capture.tables[0].clock.zone_unknown);
}

static void keeps_the_targets_of_a_federation_apart(void **state)
{
    (void)state;
    read_text("go_goroutines{instance=\"a\"} 1\ngo_goroutines{instance=\"b\"} 2\n"
              "go_threads{instance=\"a\"} 3\ngo_threads{instance=\"b\"} 4\n"
              "go_goroutines{instance=\"a\"} 5\n");
    mt_testing_rows(&t, 2, 3, 0);
    mt_testing_is(&t, 0, MT_M_THREADS, 0, 3);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 1, 5);
    mt_testing_is(&t, 1, MT_M_THREADS, 0, 4);
}

static void adds_requests_up_over_their_labels(void **state)
{
    (void)state;
    read_text(
        "http_requests_total{code=\"200\",path=\"/a}\"} 10\nhttp_requests_total{code=\"500\"} 3\n"
        "promhttp_metric_handler_requests_total{code=\"200\"} 99\ngo_goroutines 1\n");
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_REQUESTS, 0, 13);
}

static void reads_openmetrics_times_and_exemplars(void **state)
{
    (void)state;
    read_text("go_goroutines 1 1795374261.5\n"
              "process_cpu_seconds_total 5.24 # {trace_id=\"x\"} 1 1795374261\n# EOF\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_CPU_SECONDS, 0, 5.24e9);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795374261500000000);
}

static void reads_names_of_runtime_metrics(void **state)
{
    (void)state;
    read_text("go_gc_gomemlimit_bytes 9.223372036854776e+18\ngo_gc_gogc_percent 100\n"
              "go_sched_gomaxprocs_threads 2\ngo_gc_heap_live_bytes 5e6\n"
              "go_gc_cycles_total_gc_cycles_total 7\ngo_memory_classes_heap_stacks_bytes 589824\n");
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_GOMEMLIMIT, 0, -1); /* none */
    mt_testing_is(&t, 0, MT_M_GOGC, 0, 100);
    mt_testing_is(&t, 0, MT_M_GOMAXPROCS, 0, 2);
    mt_testing_is(&t, 0, MT_M_HEAP_MARKED, 0, 5000000);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 0, 7);
    mt_testing_is(&t, 0, MT_M_STACK_INUSE, 0, 589824);
}

static void counts_damaged_samples_and_goes_on(void **state)
{
    (void)state;
    read_text("go_goroutines\ngo_threads{x=\"1 5\ngo_threads five\ngo_goroutines 0x10\n\n"
              "go_goroutines -1\r\nother text 5\n# anything\n{} 5\ngo_threads 6\rgo_threads 7");
    mt_testing_rows(&t, 1, 1, 4);
    mt_testing_is(&t, 0, MT_M_THREADS, 0, 6);
    assert_true(mt_testing_remarks(&t, "bad-values"));
    read_text(
        "go_memstats_alloc_bytes 1e308\ngo_goroutines +Inf\ngo_threads 5 99999999999999999999\n"
        "go_goroutines{__name__=\"\\\n{__name__=\"go_threads} 5\n{__name__=\"go_threads\"}\n");
    mt_testing_rows(&t, 1, 1, 3);
    mt_testing_is(&t, 0, MT_M_THREADS, 0, 5);
}

static void remembers_its_metrics_among_thousands_of_names(void **state)
{
    (void)state;
    struct mt_text text = {0};
    for (int scrape = 0; scrape < 2; scrape++) {
        mt_text_add(&text, "go_goroutines 1\ngo_threads 2\n");
        for (int i = 0; i < 3000; i++)
            mt_text_printf(&text, "shop_things_%d_total{a=\"b\"} %d\n", i, i);
        mt_text_add(&text, "process_open_fds 3\n");
    }
    mt_testing_read(&t, &mt_reader_prometheus, mt_text_view(&text));
    mt_text_clear(&text);
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_OPEN_FDS, 1, 3);
}

static void leaves_lines_of_others(void **state)
{
    (void)state;
    read_text("VmRSS:\t   12928 kB\nThreads:\t7\nanon 4096\nrss 12 MB\n  PID   RSS COMMAND\n"
              "gc 1 @0.5s 1%: 0+0+0 ms clock\n2026/11/22 19:04:21 rss 5\n");
    mt_testing_rows(&t, 0, 0, 0);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_prometheus, "1795374261\ngo_threads 5\n",
                               "1795374262\ngo_threads 6\n", MT_M_THREADS, 6);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_prometheus;
    assert_int_equal(
        mt_testing_sniff(
            r,
            "# HELP go_goroutines x\n# TYPE go_goroutines gauge\ngo_goroutines 1\ngo_threads 2\n"),
        MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "go_goroutines 1\ngo_threads 2\n"), MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "# TYPE node_load1 gauge\nnode_load1 1\n"), MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "go_goroutines started\ngo_on 2\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "# TYPE of thing\n"), MT_NO);
}

static void a_container_log_dates_scrapes_without_a_time(void **state)
{
    (void)state;
    static const char text[] = "2026-11-22T19:04:21Z stdout F # TYPE go_goroutines gauge\n"
                               "2026-11-22T19:04:21Z stdout F go_goroutines 7\n"
                               "2026-11-22T19:04:21Z stdout F go_memstats_heap_alloc_bytes 4096\n"
                               "2026-11-22T19:04:31Z stdout F go_goroutines 8\n"
                               "2026-11-22T19:04:32Z stdout F go_memstats_heap_alloc_bytes 8192\n";
    assert_int_not_equal(mt_reader_prometheus.sniff(mt_span_of(text)), MT_NO);
    mt_testing_read_text(&t, &mt_reader_prometheus, text);
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 8192);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795374261000000000);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795374271000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_scrapes_of_a_real_service),
        cmocka_unit_test(reads_exported_ranges_by_their_times),
        cmocka_unit_test(reads_what_promtool_prints_of_a_query),
        cmocka_unit_test(reads_a_federation_and_openmetrics_of_a_real_server),
        cmocka_unit_test(a_name_that_comes_again_begins_the_next_scrape),
        cmocka_unit_test(a_time_counts_for_one_scrape),
        cmocka_unit_test(keeps_the_targets_of_a_federation_apart),
        cmocka_unit_test(adds_requests_up_over_their_labels),
        cmocka_unit_test(reads_openmetrics_times_and_exemplars),
        cmocka_unit_test(reads_names_of_runtime_metrics),
        cmocka_unit_test(counts_damaged_samples_and_goes_on),
        cmocka_unit_test(remembers_its_metrics_among_thousands_of_names),
        cmocka_unit_test(leaves_lines_of_others),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
        cmocka_unit_test(a_container_log_dates_scrapes_without_a_time),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
