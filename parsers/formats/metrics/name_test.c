/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/metrics/name.h"

static void knows_a_metric_under_its_many_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum mt_metric metric;
        double scale;
        bool unit_named;
        enum mt_name_strength strength;
    } cases[] = {
        {"HeapAlloc", MT_M_HEAP_ALLOC, 1, false, MT_NAME_STRONG},
        {"heap_alloc", MT_M_HEAP_ALLOC, 1, false, MT_NAME_STRONG},
        {"go_memstats_heap_alloc_bytes", MT_M_HEAP_ALLOC, 1, true, MT_NAME_STRONG},
        {"go_memstats_alloc_bytes", MT_M_HEAP_ALLOC, 1, true, MT_NAME_STRONG},
        {"Alloc", MT_M_HEAP_ALLOC, 1, false, MT_NAME_WEAK},
        {"mem.alloc", MT_M_HEAP_ALLOC, 1, false, MT_NAME_STRONG},
        {"go_memstats_alloc_bytes_total", MT_M_TOTAL_ALLOC, 1, false, MT_NAME_STRONG},
        {"HeapAlloc (MiB)", MT_M_HEAP_ALLOC, 0x1p20, true, MT_NAME_STRONG},
        {"heapAllocKB", MT_M_HEAP_ALLOC, 0x1p10, true, MT_NAME_STRONG},
        {"Sys", MT_M_SYS, 1, false, MT_NAME_WEAK},
        {"go_memstats_sys_bytes", MT_M_SYS, 1, true, MT_NAME_STRONG},
        {"PauseTotalNs", MT_M_PAUSE_TOTAL, 1, true, MT_NAME_STRONG},
        {"gc_pause_total_us", MT_M_PAUSE_TOTAL, 1e3, true, MT_NAME_STRONG},
        {"go_gc_duration_seconds_sum", MT_M_PAUSE_TOTAL, 1e9, true, MT_NAME_STRONG},
        {"go_gc_duration_seconds_count", MT_M_NUM_GC, 1, false, MT_NAME_STRONG},
        {"go_memstats_last_gc_time_seconds", MT_M_LAST_GC, 1e9, true, MT_NAME_STRONG},
        {"LastGC", MT_M_LAST_GC, 1, false, MT_NAME_STRONG},
        {"go_goroutines", MT_M_GOROUTINES, 1, false, MT_NAME_STRONG},
        {"NumGoroutine", MT_M_GOROUTINES, 1, false, MT_NAME_STRONG},
        {"go_threads", MT_M_THREADS, 1, false, MT_NAME_STRONG},
        {"threads", MT_M_THREADS, 1, false, MT_NAME_WEAK},
        {"rss_kb", MT_M_RSS, 0x1p10, true, MT_NAME_STRONG},
        {"anon_bytes", MT_M_RSS_ANON, 1, true, MT_NAME_STRONG},
        {"open_fds", MT_M_OPEN_FDS, 1, false, MT_NAME_STRONG},
        {"process_resident_memory_bytes", MT_M_RSS, 1, true, MT_NAME_STRONG},
        {"process_virtual_memory_bytes", MT_M_VIRTUAL, 1, true, MT_NAME_STRONG},
        {"process_cpu_seconds_total", MT_M_CPU_SECONDS, 1e9, true, MT_NAME_STRONG},
        {"process_start_time_seconds", MT_M_PROCESS_START, 1e9, true, MT_NAME_SETTING},
        {"http_requests_total{code=\"200\"}", MT_M_REQUESTS, 1, false, MT_NAME_SETTING},
        {"go_sched_gomaxprocs_threads", MT_M_GOMAXPROCS, 1, false, MT_NAME_SETTING},
        {"go_gc_gogc_percent", MT_M_GOGC, 1, false, MT_NAME_SETTING},
        {"/memory/classes/heap/objects:bytes", MT_M_HEAP_ALLOC, 1, true, MT_NAME_STRONG},
        {"/gc/heap/live:bytes", MT_M_HEAP_MARKED, 1, true, MT_NAME_STRONG},
        {"/gc/cycles/total:gc-cycles", MT_M_NUM_GC, 1, false, MT_NAME_STRONG},
        {"go_gc_cycles_total_gc_cycles_total", MT_M_NUM_GC, 1, false, MT_NAME_STRONG},
        {"/sched/goroutines:goroutines", MT_M_GOROUTINES, 1, false, MT_NAME_STRONG},
        {"GCCPUFraction", MT_M_GC_CPU_FRACTION, 1, false, MT_NAME_STRONG},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mt_metric_name got;
        if (!mt_metric_of_name(mt_span_of(cases[i].name), &got))
            fail_msg("%s is not known", cases[i].name);
        if (got.metric != cases[i].metric || got.scale != cases[i].scale ||
            got.unit_named != cases[i].unit_named || got.strength != cases[i].strength)
            fail_msg("%s: metric %s scale %g", cases[i].name, mt_metric_info(got.metric)->name,
                     got.scale);
    }
}

static void knows_every_field_of_memstats_that_is_a_number(void **state)
{
    (void)state;
    static const char *const fields[] = {
        "Alloc",       "TotalAlloc",  "Sys",          "Lookups",   "Mallocs",      "Frees",
        "HeapAlloc",   "HeapSys",     "HeapIdle",     "HeapInuse", "HeapReleased", "HeapObjects",
        "StackInuse",  "StackSys",    "MSpanInuse",   "MSpanSys",  "MCacheInuse",  "MCacheSys",
        "BuckHashSys", "GCSys",       "OtherSys",     "NextGC",    "LastGC",       "PauseTotalNs",
        "NumGC",       "NumForcedGC", "GCCPUFraction"};
    struct mt_metric_name got;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        assert_true(mt_metric_of_name(mt_span_of(fields[i]), &got));
        if (i)
            assert_string_equal(mt_metric_info(got.metric)->name, fields[i]);
    }
}

static void passes_over_names_that_only_look_alike(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "cpus",
        "goroutine",
        "fd",
        "heap",
        "gc",
        "memory",
        "system",
        "allocs",
        "VmHWM",
        "EnableGC",
        "DebugGC",
        "total",
        "order",
        "items",
        "rss_feed",
        "go",
        "process",
        "threadsx",
        "go_info",
        "go_memstats_",
        "process_virtual_memory_max_bytes",
        "go_gc_duration_seconds{quantile=\"1\"}",
        "promhttp_metric_handler_requests_total",
        "requests",
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")};
    struct mt_metric_name got;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mt_metric_of_name(mt_span_of(names[i]), &got))
            fail_msg("%s was taken for %s", names[i], mt_metric_info(got.metric)->name);
}

static void knows_names_of_times_and_processes(void **state)
{
    (void)state;
    assert_true(mt_name_is_time(MT_SPAN("@timestamp")) && mt_name_is_time(MT_SPAN("unix_ms")) &&
                mt_name_is_time(MT_SPAN("Time")) && mt_name_is_time(MT_SPAN("ts")));
    assert_false(mt_name_is_time(MT_SPAN("timer")) || mt_name_is_time(MT_SPAN("")));
    assert_true(mt_name_is_pid(MT_SPAN("PID")) && mt_name_is_pid(MT_SPAN("process_id")));
    assert_false(mt_name_is_pid(MT_SPAN("ppid")));
    assert_true(mt_name_is_origin(MT_SPAN("Pod_Name")) && mt_name_is_origin(MT_SPAN("instance")));
    assert_false(mt_name_is_origin(MT_SPAN("tripod")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_metric_under_its_many_names),
        cmocka_unit_test(knows_every_field_of_memstats_that_is_a_number),
        cmocka_unit_test(passes_over_names_that_only_look_alike),
        cmocka_unit_test(knows_names_of_times_and_processes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
