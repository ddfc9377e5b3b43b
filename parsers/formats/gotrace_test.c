/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include <math.h>

extern const struct mt_reader mt_reader_gotrace;

static const char small[] = "testdata/gotrace/small-go1.27.trace";

static void counts_the_events_that_go_counts(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        uint64_t events;
    } counted[] = {
        {small, 274},
        {"testdata/gotrace/shop-go1.15.trace.gz", 1455},
        {"testdata/gotrace/shop-go1.22.trace.gz", 923},
        {"testdata/gotrace/shop-gccgo15.trace.gz", 1217},
    };
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        struct mt_testing t = {0};
        mt_testing_read_file(&t, &mt_reader_gotrace, counted[i].path);
        assert_true(t.ok);
        assert_int_equal(t.capture.records, counted[i].events);
        mt_testing_clear(&t);
    }
}

static void reads_its_sample_cut_at_every_length(void **state)
{
    (void)state;
    mt_testing_cut_everywhere(&mt_reader_gotrace, small, 1);
}

static const struct mt_table *table_with(const struct mt_capture *c, enum mt_metric metric)
{
    for (size_t i = 0; i < c->n_tables; i++)
        if (c->tables[i].columns[metric])
            return &c->tables[i];
    fail_msg("no table has the metric");
    return NULL;
}

static double extreme(const struct mt_capture *c, enum mt_metric metric, int sign)
{
    const struct mt_table *t = table_with(c, metric);
    double found = NAN;
    for (size_t i = 0; i < t->n_rows; i++) {
        double value = t->columns[metric][i];
        if (!isnan(value) && (isnan(found) || (value - found) * sign > 0))
            found = value;
    }
    return found;
}

static bool is(const struct mt_testing *t, uint32_t id, const char *text)
{
    return mt_span_is(mt_string(&t->strings, id), text);
}

/* A service whose searches leave a goroutine behind; figures of Go's own reader. */
static void finds_where_goroutines_leak_in_a_trace_of_go_1_21(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    mt_testing_read_file(&t, &mt_reader_gotrace, "testdata/gotrace/leak-go1.21.trace.gz");
    assert_true(t.ok);
    const struct mt_trace *trace = t.capture.trace;
    assert_int_equal(trace->events, 19936);
    assert_int_equal(trace->duration_ns, 4001342879);
    assert_int_equal(trace->created, 554);
    assert_int_equal(trace->existing_at_start, 262);
    assert_int_equal(trace->ended, 462);
    assert_int_equal(trace->alive_at_end, 354);
    assert_int_equal(trace->state_ns[MT_GO_RUNNABLE], 84874126);
    assert_int_equal(trace->state_ns[MT_GO_RUNNING], 148060868);
    assert_int_equal(trace->state_ns[MT_GO_WAITING], 1235222541938);
    assert_int_equal(trace->state_ns[MT_GO_SYSCALL], 4004004432);
    assert_int_equal(trace->n_marks, 8);
    assert_int_equal(trace->n_stops, 59);
    const struct mt_trace_site *site = &trace->sites[0];
    assert_true(is(&t, site->start_function, "shop/internal/search.(*Fanout).Query.func1"));
    assert_true(is(&t, site->creator, "shop/internal/search.(*Fanout).Query"));
    assert_int_equal(site->creator_line, 37);
    assert_int_equal(site->created, 135);
    assert_int_equal(site->never_ended, 90);
    assert_int_equal(site->wait_count, 90);
    assert_true(is(&t, site->wait_reason, "chan send"));
    assert_true(is(&t, site->wait_function, "shop/internal/search.(*Fanout).Query.func1"));
    assert_true(trace->sites[1].never_ended == 1);
    assert_true(trace->start_ns == MT_NO_TIME);
    assert_true(extreme(&t.capture, MT_M_HEAP_LIVE, -1) == 5760344);
    assert_true(extreme(&t.capture, MT_M_HEAP_LIVE, 1) == 13546912);
    assert_true(extreme(&t.capture, MT_M_HEAP_GOAL, 1) == 16207536);
    const struct mt_table *counts = table_with(&t.capture, MT_M_GOROUTINES);
    assert_true(counts->columns[MT_M_GOROUTINES][0] == 262);
    assert_true(mt_table_last(counts, MT_M_GOROUTINES) == 354);
    assert_int_equal(t.capture.gc_logs[0].n_cycles, 8);
    mt_testing_clear(&t);
}

/* From the lines of `inspect --events`, which are those of Go's reader: of each label of a worker
 * and of each assist what lies between it and the goroutine's next stop or the end of the mark
 * phase, less the collector's stops. */
static void tells_who_marked_in_each_collection(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        size_t n;
        int64_t assist_ns, background_ns, idle_ns, sweep_ns; /* of the last */
    } expected[] = {
        {"testdata/gotrace/leak-go1.21.trace.gz", 8, 2112248, 856019, 1493970, 0},
        {"testdata/gotrace/service-go1.23.trace.gz", 1, 832896, 1017856, 9664, 0},
        {"testdata/gotrace/small-go1.27.trace", 2, 177216, 144064, 282304, 356096},
        {"testdata/gotrace/made-go1.26.trace", 1, 400, 5000, 0, 300},
    };
    struct mt_testing t = {0};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        mt_testing_read_file(&t, &mt_reader_gotrace, expected[i].path);
        assert_int_equal(t.capture.n_gc_logs, 1);
        const struct mt_gc_log *log = &t.capture.gc_logs[0];
        assert_int_equal(log->n_cycles, expected[i].n);
        const struct mt_gc_cycle *last = &log->cycles[log->n_cycles - 1];
        assert_int_equal(last->cpu_assist_ns, expected[i].assist_ns);
        assert_int_equal(last->cpu_background_ns, expected[i].background_ns);
        assert_int_equal(last->cpu_idle_ns, expected[i].idle_ns);
        assert_int_equal(last->cpu_sweep_ns, expected[i].sweep_ns);
    }
    mt_testing_clear(&t);
}

/* Counted in the lines of `inspect --events`, by the quotient of the time and the width. */
static void tells_when_the_goroutines_of_a_site_were_made(void **state)
{
    (void)state;
    static const uint32_t created[] = {6, 6, 3, 6, 3, 6, 6, 3, 6, 3, 6, 3, 6, 3, 6,
                                       3, 6, 3, 6, 3, 6, 3, 3, 6, 3, 6, 3, 3, 6, 3};
    struct mt_testing t = {0};
    mt_testing_read_file(&t, &mt_reader_gotrace, "testdata/gotrace/leak-go1.21.trace.gz");
    const struct mt_trace *trace = t.capture.trace;
    assert_int_equal(trace->bin_ns, 134217728);
    assert_int_equal(trace->n_bins, sizeof created / sizeof *created);
    const struct mt_trace_course *course = &trace->sites[0].course;
    for (size_t i = 0; i < trace->n_bins; i++) {
        assert_int_equal(course->created[i], created[i]);
        assert_int_equal(course->ended[i], created[i] / 3); /* the first answer is taken */
        assert_int_equal(course->left[i], created[i] / 3 * 2);
    }
    mt_testing_clear(&t);
}

/* A service that drains its connections; nobody piles up. */
static void finds_none_in_a_healthy_trace_of_go_1_26(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    mt_testing_read_file(&t, &mt_reader_gotrace, "testdata/gotrace/healthy-go1.26.trace.gz");
    assert_true(t.ok);
    const struct mt_trace *trace = t.capture.trace;
    assert_int_equal(trace->events, 2038);
    assert_int_equal(trace->generations, 4);
    assert_int_equal(trace->created, 13);
    assert_int_equal(trace->existing_at_start, 110);
    assert_int_equal(trace->ended, 10);
    assert_int_equal(trace->alive_at_end, 113);
    assert_int_equal(trace->state_ns[MT_GO_WAITING], 448034884463);
    assert_int_equal(trace->n_stops, 11);
    for (size_t i = 0; i < trace->n_sites; i++)
        if (trace->sites[i].never_ended)
            assert_true(trace->sites[i].never_ended == 1 &&
                        mt_span_starts(mt_string(&t.strings, trace->sites[i].creator), "runtime"));
    assert_true(trace->start_ns == 1795375595696229146);
    assert_int_equal(trace->clock.clock, MT_CLOCK_SAME);
    assert_true(extreme(&t.capture, MT_M_HEAP_LIVE, 1) == 14924448);
    assert_true(extreme(&t.capture, MT_M_GOROUTINES, 1) >= 113);
    mt_testing_clear(&t);
}

/* The made samples tell the same run with what each version has; see v1_made_test and v2_made_test.
 */
static void tells_the_same_run_of_every_header(void **state)
{
    (void)state;
    static const struct {
        unsigned minor;
        uint64_t events; /* from 1.11 on those that Go's reader counts */
    } headers[] = {{5, 49},  {7, 49},  {8, 50},  {9, 52},  {10, 52}, {11, 57},
                   {21, 58}, {22, 67}, {23, 80}, {25, 80}, {26, 80}};
    struct mt_testing t = {0};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char path[64], version[8];
        snprintf(path, sizeof path, "testdata/gotrace/made-go1.%u.trace", headers[i].minor);
        snprintf(version, sizeof version, "1.%u", headers[i].minor);
        mt_testing_read_file(&t, &mt_reader_gotrace, path);
        assert_true(t.ok);
        const struct mt_trace *trace = t.capture.trace;
        assert_true(is(&t, trace->go_version, version));
        assert_int_equal(trace->events, headers[i].events);
        assert_int_equal(trace->existing_at_start, 2);
        assert_int_equal(trace->created - trace->ended, 3);
        const struct mt_trace_site *site = &trace->sites[0];
        assert_true(
            is(&t, site->start_function, headers[i].minor < 7 ? "0x400300" : "main.leak.func1"));
        assert_true(is(&t, site->creator, headers[i].minor < 7 ? "0x400600" : "main.leak"));
        assert_int_equal(site->never_ended, 2);
        assert_int_equal(trace->n_marks, 1);
        assert_int_equal(trace->n_stops, 2);
        assert_int_equal(trace->n_syscalls, 1);
        assert_int_equal(trace->syscalls[0].count, 2);
        assert_true((trace->assist_ns == 400) == (headers[i].minor >= 9));
        assert_int_equal(trace->n_logs, headers[i].minor >= 11);
        assert_true((trace->cpu_samples > 0) == (headers[i].minor >= 19));
        assert_true((trace->start_ns != MT_NO_TIME) == (headers[i].minor >= 25));
    }
    mt_testing_clear(&t);
}

/* Figures of MutatorUtilizationV2 of Go 1.27 with stops, workers, assists and sweeps. */
static void the_utilisation_curve_is_that_of_go(void **state)
{
    (void)state;
    static const double expected[] = {0.9703, 0.98515, 0.99406, 0.99703};
    struct mt_testing t = {0};
    mt_testing_read_file(&t, &mt_reader_gotrace, "testdata/gotrace/made-go1.26.trace");
    const struct mt_trace *trace = t.capture.trace;
    assert_int_equal(trace->n_mmu, 4);
    assert_int_equal(trace->mmu[0].window_ns, 100000);
    assert_int_equal(trace->mmu[3].window_ns, 1000000);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(trace->mmu[i].utilisation - expected[i]) < 1e-6);
    mt_testing_clear(&t);
}

/* Three goroutines that wait for a channel nobody has; figures of Go's own reader. */
static void reads_a_capture_of_go_1_19(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    mt_testing_read_file(&t, &mt_reader_gotrace, "testdata/gotrace/small-go1.19.trace");
    assert_true(t.ok);
    assert_int_equal(t.capture.records, 44);
    assert_true(is(&t, t.capture.trace->sites[0].start_function, "main.wait"));
    assert_int_equal(t.capture.trace->sites[0].never_ended, 3);
    mt_testing_clear(&t);
}

static void reads_a_capture_of_go_1_23(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    mt_testing_read_file(&t, &mt_reader_gotrace, "testdata/gotrace/service-go1.23.trace.gz");
    assert_true(t.ok);
    const struct mt_trace *trace = t.capture.trace;
    assert_int_equal(trace->events, 3989);
    assert_int_equal(trace->generations, 4);
    assert_int_equal(trace->created, 24);
    assert_int_equal(trace->ended, 21);
    assert_int_equal(trace->state_ns[MT_GO_WAITING], 114004790492);
    mt_testing_clear(&t);
}

static void says_which_versions_it_knows(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    mt_testing_read(&t, &mt_reader_gotrace, MT_SPAN("go 1.24 trace\0\0\0"));
    assert_false(t.ok);
    assert_non_null(strstr(t.err.what, "1.24; known are 1.5"));
    mt_testing_clear(&t);
}

static void names_the_shell_that_made_it_utf16(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    struct mt_span text = MT_SPAN("\xff\xfeg\0o\0 \0001\0.\0002\0002\0 \0t\0r\0");
    assert_int_equal(mt_reader_gotrace.sniff(text), MT_CERTAIN);
    mt_testing_read(&t, &mt_reader_gotrace, text);
    assert_non_null(strstr(t.err.what, "PowerShell"));
    mt_testing_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_events_that_go_counts),
        cmocka_unit_test(reads_its_sample_cut_at_every_length),
        cmocka_unit_test(finds_where_goroutines_leak_in_a_trace_of_go_1_21),
        cmocka_unit_test(tells_who_marked_in_each_collection),
        cmocka_unit_test(tells_when_the_goroutines_of_a_site_were_made),
        cmocka_unit_test(finds_none_in_a_healthy_trace_of_go_1_26),
        cmocka_unit_test(tells_the_same_run_of_every_header),
        cmocka_unit_test(the_utilisation_curve_is_that_of_go),
        cmocka_unit_test(reads_a_capture_of_go_1_19),
        cmocka_unit_test(reads_a_capture_of_go_1_23),
        cmocka_unit_test(says_which_versions_it_knows),
        cmocka_unit_test(names_the_shell_that_made_it_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
