/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/metrics/recorder.h"

#include <math.h>
#include <string.h>

static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_capture capture;
static struct mt_recorder r;

static void begin(void)
{
    mt_arena_clear(&arena);
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    mt_recorder_begin(&r, &capture, "test");
}

static void add(uint32_t pid, enum mt_metric metric, double value)
{
    r.pid = pid;
    mt_recorder_set(&r, metric, value);
    mt_recorder_commit(&r);
}

static bool has_remark(const char *id)
{
    for (size_t i = 0; i < capture.n_remarks; i++)
        if (strcmp(capture.remarks[i].id, id) == 0)
            return true;
    return false;
}

static void writes_a_row_a_record_and_a_table_a_process(void **state)
{
    (void)state;
    begin();
    assert_false(mt_recorder_commit(&r));
    add(1, MT_M_RSS, 4096);
    add(2, MT_M_RSS, 8192);
    add(1, MT_M_THREADS, 7);
    mt_recorder_finish(&r);
    assert_int_equal(capture.n_tables, 2);
    assert_true(has_remark("several-processes"));
    assert_int_equal(capture.tables[0].n_rows, 2);
    assert_int_equal(capture.records, 3);
    assert_true(isnan(capture.tables[0].columns[MT_M_RSS][1]));
    assert_true(capture.tables[0].columns[MT_M_THREADS][1] == 7);
}

static void a_record_starts_empty_after_commit_and_drop(void **state)
{
    (void)state;
    begin();
    mt_recorder_time(&r, 5, true);
    mt_recorder_set(&r, MT_M_RSS, 1);
    mt_recorder_drop(&r);
    assert_false(mt_recorder_has(&r, MT_M_RSS));
    mt_recorder_set(&r, MT_M_THREADS, 1);
    mt_recorder_commit(&r);
    assert_null(capture.tables[0].columns[MT_M_RSS]);
    assert_int_equal(capture.tables[0].time_ns[0], MT_NO_TIME);
    assert_int_equal(capture.tables[0].clock.clock, MT_CLOCK_NONE);
}

static void refuses_what_cannot_be_and_leaves_out_what_means_none(void **state)
{
    (void)state;
    begin();
    static const struct {
        enum mt_metric metric;
        double value;
        bool counted;
    } cases[] = {
        {MT_M_HEAP_ALLOC, -1, true},      {MT_M_HEAP_ALLOC, NAN, true},
        {MT_M_HEAP_ALLOC, 1e30, true},    {MT_M_GOROUTINES, INFINITY, true},
        {MT_M_GC_CPU_FRACTION, 2, true},  {MT_M_LAST_GC, 1e300, true},
        {MT_M_GOMEMLIMIT, 0x1p63, false}, {MT_M_NEXT_GC, 0x1p64, false},
        {MT_M_LAST_GC, 0, false},         {MT_M_GOGC, -1, false},
    };
    uint64_t refused = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mt_recorder_set(&r, cases[i].metric, cases[i].value);
        refused += cases[i].counted;
        assert_false(mt_recorder_has(&r, cases[i].metric));
        assert_int_equal(r.refused, refused);
    }
    mt_recorder_finish(&r);
    assert_true(has_remark("bad-values"));
}

static void notes_a_counter_that_goes_back(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 10; i++)
        add(0, MT_M_NUM_GC, i % 7);
    mt_recorder_finish(&r);
    assert_true(has_remark("restart"));
    assert_int_equal(capture.tables[0].n_rows, 10);
    begin();
    for (int i = 0; i < 20; i++)
        add(0, MT_M_HEAP_ALLOC, i % 2); /* no counter */
    mt_recorder_finish(&r);
    assert_int_equal(capture.n_remarks, 0);
}

static void tells_mixed_processes_apart(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 30; i++) { /* three processes, 0 1 1 2 0 1 1 2 ... */
        static const int order[] = {0, 1, 1, 2};
        int process = order[i % 4];
        mt_recorder_set(&r, MT_M_NUM_GC, 1000 * process + i);
        mt_recorder_set(&r, MT_M_SYS, process);
        mt_recorder_commit(&r);
    }
    mt_recorder_finish(&r);
    assert_true(has_remark("mixed-processes"));
    assert_int_equal(capture.n_tables, 3);
    size_t rows = 0;
    for (size_t k = 0; k < 3; k++) {
        const struct mt_table *t = &capture.tables[k];
        rows += t->n_rows;
        for (size_t i = 0; i < t->n_rows; i++)
            assert_true(t->columns[MT_M_SYS][i] == t->columns[MT_M_SYS][0]);
    }
    assert_int_equal(rows, 30);
}

static void leaves_a_process_that_is_restarted_over_and_over(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 40; i++)
        add(0, MT_M_NUM_GC, i % 6);
    mt_recorder_finish(&r);
    assert_true(has_remark("mixed-processes"));
    assert_int_equal(capture.n_tables, 1);
    begin();
    for (int i = 0; i < 60; i++)
        add(0, MT_M_NUM_GC, i * 7919 % 13); /* no order at all */
    mt_recorder_finish(&r);
    assert_true(has_remark("mixed-processes"));
    assert_int_equal(capture.n_tables, 1);
    assert_int_equal(capture.tables[0].n_rows, 60);
}

static double first_rss(const double *values, size_t n, bool named)
{
    begin();
    struct mt_metric_name name = {MT_M_RSS, 1, named, true, MT_NAME_STRONG};
    for (size_t i = 0; i < n; i++) {
        mt_recorder_number(&r, &name, values[i]);
        mt_recorder_commit(&r);
    }
    mt_recorder_finish(&r);
    return capture.tables[0].columns[MT_M_RSS][0];
}

static void tells_the_unit_of_process_memory_by_pages(void **state)
{
    (void)state;
    static const double bytes[] = {12288000, 12292096, 12304384, 12308480};
    static const double kib[] = {37656, 38948, 38348, 38520};
    static const double mib[] = {36.7, 38.0, 37.4, 37.6};
    static const double odd[] = {37657, 38949, 38349, 38521};
    assert_true(first_rss(bytes, 4, false) == 12288000);
    assert_int_equal(capture.n_remarks, 0);
    assert_true(first_rss(kib, 4, false) == 37656.0 * 1024);
    assert_true(has_remark("unit-assumed"));
    assert_true(first_rss(mib, 4, false) == 36.7 * 0x1p20);
    assert_true(first_rss(odd, 4, false) == 37657);
    assert_true(has_remark("unit-assumed"));
    assert_true(first_rss(kib, 3, false) == 37656); /* too few to tell */
    assert_true(first_rss(kib, 4, true) == 37656);  /* said to be bytes */
}

static void a_unit_of_the_value_counts_more_than_the_names(void **state)
{
    (void)state;
    begin();
    struct mt_metric_name name = {MT_M_RSS, 1024, true, true, MT_NAME_STRONG};
    assert_true(mt_recorder_text(&r, &name, MT_SPAN("3")));
    assert_true(r.values[MT_M_RSS] == 3072);
    assert_true(mt_recorder_text(&r, &name, MT_SPAN("3 MiB")));
    assert_true(r.values[MT_M_RSS] == 3 * 0x1p20);
    assert_false(mt_recorder_text(&r, &name, MT_SPAN("3 apples")));
    struct mt_metric_name moment = {MT_M_LAST_GC, 1, false, false, MT_NAME_STRONG};
    mt_recorder_number(&r, &moment, 1795374261.5);
    assert_true(r.values[MT_M_LAST_GC] == 1795374261.5e9);
}

static void keeps_a_bounded_number_of_processes(void **state)
{
    (void)state;
    begin();
    for (uint32_t pid = 1; pid <= 1030; pid++)
        add(pid, MT_M_RSS, 4096);
    mt_recorder_finish(&r);
    assert_int_equal(capture.n_tables, 1024);
    assert_int_equal(capture.skipped, 6);
    assert_true(has_remark("too-many-processes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_row_a_record_and_a_table_a_process),
        cmocka_unit_test(a_record_starts_empty_after_commit_and_drop),
        cmocka_unit_test(refuses_what_cannot_be_and_leaves_out_what_means_none),
        cmocka_unit_test(notes_a_counter_that_goes_back),
        cmocka_unit_test(tells_mixed_processes_apart),
        cmocka_unit_test(leaves_a_process_that_is_restarted_over_and_over),
        cmocka_unit_test(tells_the_unit_of_process_memory_by_pages),
        cmocka_unit_test(a_unit_of_the_value_counts_more_than_the_names),
        cmocka_unit_test(keeps_a_bounded_number_of_processes),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_arena_clear(&arena);
    return failed;
}
