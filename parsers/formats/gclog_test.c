/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

extern const struct mt_reader mt_reader_gclog, mt_reader_gctrace, mt_reader_jvm_gc;

static struct mt_testing t;
static const struct mt_capture *const cap = &t.capture;

static void read_sample(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_gclog, path);
    assert_true(t.ok);
}

static int teardown(void **state)
{
    (void)state;
    mt_testing_clear(&t);
    return 0;
}

static void keeps_every_field_of_a_line(void **state)
{
    (void)state;
    mt_testing_read_text(&t, &mt_reader_gclog,
                         "{\"gc\":7,\"gcPauseStart\":\"2026-11-22T19:03:50.552849408Z\","
                         "\"HeapAlloc\":2867776,\"NextGC\":5343514,\"PauseNs\":159698,"
                         "\"HeapObjects\":42038}\n");
    int64_t start_ns;
    assert_true(mt_time_from_civil(2026, 11, 22, 19, 3, 50, 552849408, &start_ns));
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(log->clock.clock, MT_CLOCK_SAME);
    assert_false(log->live_is_whole_mib);
    const struct mt_gc_cycle *c = log->cycles;
    assert_int_equal(c->number, 7);
    assert_int_equal(c->time_ns, start_ns);
    assert_int_equal(c->since_start_ns, MT_NO_TIME);
    assert_int_equal(c->pause_ns, 159698);
    assert_int_equal(c->heap_end_bytes, 2867776);
    assert_int_equal(c->heap_live_bytes, MT_NO_BYTES);
    assert_int_equal(c->goal_bytes, 5343514);
    const struct mt_table *table = &cap->tables[0];
    assert_int_equal(table->n_rows, 1);
    assert_int_equal(table->time_ns[0], start_ns + 159698);
    assert_true(mt_table_last(table, MT_M_NUM_GC) == 7);
    assert_true(mt_table_last(table, MT_M_HEAP_OBJECTS) == 42038);
    assert_true(mt_table_last(table, MT_M_NEXT_GC) == 5343514);
}

/* wc -l: 9; jq -s 'map(.PauseNs) | add': 507228; the last HeapAlloc: 4880176 */
static void sums_what_jq_sums(void **state)
{
    (void)state;
    read_sample("testdata/gclog/checkout.json");
    assert_int_equal(cap->n_gc_logs, 1);
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(log->n_cycles, 9);
    int64_t pause_ns = 0;
    for (size_t i = 0; i < log->n_cycles; i++)
        pause_ns += log->cycles[i].pause_ns;
    assert_int_equal(pause_ns, 507228);
    assert_true(mt_table_last(&cap->tables[0], MT_M_HEAP_ALLOC) == 4880176);
    assert_int_equal(cap->tables[0].n_rows, 9);
}

/* sed 's/.*"HeapAlloc"/"HeapAlloc"/; s/"PauseNs":[0-9]*,//' | uniq | wc -l: 27 of 40 lines */
static void sizes_a_poll_repeats_are_rows_once(void **state)
{
    (void)state;
    read_sample("testdata/gclog/polled.json");
    assert_int_equal(cap->gc_logs[0].n_cycles, 40);
    assert_int_equal(cap->tables[0].n_rows, 27);
    assert_true(cap->tables[0].columns[MT_M_NUM_GC][0] == 14); /* the last of those it found */
    assert_string_equal(cap->remarks[0].id, "polled-gclog");
}

static void damage_is_passed_over_and_restarts_split(void **state)
{
    (void)state;
    read_sample("testdata/gclog/hostile.json");
    assert_int_equal(cap->skipped, 2); /* gc 2, cut, and gc 3 */
    assert_int_equal(cap->n_gc_logs, 2);
    const struct mt_gc_log *log = &cap->gc_logs[0];
    static const uint64_t numbers[] = {1, 4, 5};
    assert_int_equal(log->n_cycles, 3); /* gc 3 has no time */
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(log->cycles[i].number, numbers[i]);
    assert_int_equal(log->missing_numbers, 2);
    assert_int_equal(log->cycles[1].time_ns, 1795374003500000000);
    assert_int_equal(log->cycles[1].heap_end_bytes, MT_NO_BYTES);
    assert_int_equal(log->cycles[1].pause_ns, 0);
    assert_int_equal(log->cycles[2].heap_end_bytes, 2 << 20);
    assert_int_equal(cap->gc_logs[1].n_cycles, 1);
    assert_true(mt_table_last(&cap->tables[1], MT_M_HEAP_SYS) == 8388608);
}

/* A line of 300 KB, zero bytes, figures out of reach, a line that is cut, and the lines of another
 * process among them. */
static void hostile_lines_leave_the_others_alone(void **state)
{
    (void)state;
    struct mt_text text = {0};
    static const char zeros[] = "\0\0{\"gc\":9,\0\n";
    mt_text_add(&text,
                "{\"gc\":1,\"gcPauseStart\":\"2026-11-22T19:00:00.5Z\",\"PauseNs\":7,\"x\":\"");
    for (int i = 0; i < 300000; i++)
        mt_text_byte(&text, 'x');
    mt_text_add(&text, "\"}\n");
    mt_text_bytes(&text, zeros, sizeof zeros - 1);
    mt_text_add(&text, "{\"gc\":-2,\"gcPauseStart\":\"2026-11-22T19:00:01Z\",\"PauseNs\":5}\n"
                       "{\"gc\":18446744073709551616,\"gcPauseStart\":0,\"PauseNs\":5}\n"
                       "{\"gc\":1,\"gcPauseStart\":\"2026-11-22T19:00:01.2Z\",\"PauseNs\":100}\n"
                       "{\"gc\":2,\"gcPauseStart\":\"2026-11-22T19:00:01.5Z\",\"PauseNs\":8}\n"
                       "{\"gc\":3,\"gcPauseStart\":\"2026-11-22T19:00:02.5Z\",\"Pau");
    mt_testing_read(&t, &mt_reader_gclog, mt_text_view(&text));
    mt_text_clear(&text);
    assert_true(t.ok);
    struct mt_err err = {0};
    assert_true(mt_capture_check(cap, &err));
    assert_int_equal(cap->n_gc_logs, 2); /* a number that comes again is another process's */
    assert_int_equal(cap->gc_logs[0].n_cycles, 2); /* -2 is no number, but there was a pause */
    assert_int_equal(cap->gc_logs[0].cycles[0].pause_ns, 7);
    assert_int_equal(cap->gc_logs[0].missing_numbers, 0);
    assert_int_equal(cap->gc_logs[1].n_cycles, 2);
    assert_int_equal(cap->gc_logs[1].cycles[1].pause_ns, 8);
}

#define POD(name, number, pause)                                                                   \
    "{\"time\":\"2026-11-22T19:00:0" number "Z\",\"log\":\"{\\\"gc\\\":" number                    \
    ",\\\"PauseNs\\\":" pause "}\",\"kubernetes\":{\"pod_name\":\"" name "\"}}\n"

static void pods_that_write_at_the_same_time_are_told_apart(void **state)
{
    (void)state;
    mt_testing_read_text(&t, &mt_reader_gclog,
                         POD("a", "1", "10") POD("b", "1", "20") POD("a", "2", "10")
                             POD("b", "3", "20") POD("a", "3", "10"));
    assert_int_equal(cap->n_gc_logs, 2);
    assert_int_equal(cap->gc_logs[0].n_cycles, 3);
    assert_int_equal(cap->gc_logs[0].missing_numbers, 0);
    assert_int_equal(cap->gc_logs[1].n_cycles, 2);
    assert_int_equal(cap->gc_logs[1].missing_numbers, 1);
}

static void thousands_of_processes_are_refused_not_stored(void **state)
{
    (void)state;
    struct mt_text text = {0};
    for (int i = 0; i < 5000; i++)
        mt_text_printf(&text, "{\"gc\":1,\"gcPauseStart\":%d,\"PauseNs\":5}\n", 1795374000 + i);
    mt_testing_read(&t, &mt_reader_gclog, mt_text_view(&text));
    mt_text_clear(&text);
    assert_int_equal(cap->n_gc_logs, 4096);
    assert_int_equal(cap->skipped, 5000 - 4096);
}

/* One log with the lines of three readers, which are asked one after the other. */
static void each_reader_of_a_log_speaks_of_its_own_processes(void **state)
{
    (void)state;
    static const char text[] =
        "gc 1 @0.1s 1%: 0.1+2+0.1 ms clock, 0.2+0.1/0.5/2+0.1 ms cpu, 3->4->2 MB, 4 MB goal, 2 P\n"
        "{\"gc\":1,\"gcPauseStart\":\"2026-11-22T19:03:50Z\",\"PauseNs\":5}\n"
        "[2026-11-22T19:03:50.677+0000][info][gc] GC(0) Pause Full (a) 46M->12M(61M) 7.9ms\n";
    const struct mt_reader *const others[] = {&mt_reader_gclog, &mt_reader_jvm_gc};
    mt_testing_read_text(&t, &mt_reader_gctrace, text);
    for (size_t i = 0; i < 2; i++) {
        struct mt_cursor in = mt_cur_over(mt_span_of(text), &t.err);
        assert_true(others[i]->read(&in, &t.capture));
    }
    assert_int_equal(cap->n_gc_logs, 3);
    assert_int_equal(cap->n_remarks, 0); /* not several processes, nor a JVM without dates */
}

static void recognises_its_logs_and_not_memstats(void **state)
{
    (void)state;
    struct mt_span sample = mt_testing_file("testdata/gclog/checkout.json");
    assert_int_equal(mt_reader_gclog.sniff(sample), MT_CERTAIN);
    free((void *)(uintptr_t)sample.data);
    assert_int_equal(mt_reader_gclog.sniff(MT_SPAN("{\"gc\":1,\"PauseNs\":5}\n")), MT_CERTAIN);
    assert_int_equal(mt_reader_gclog.sniff(MT_SPAN("{\"NumGC\":1,\"PauseNs\":[5,6],"
                                                   "\"HeapAlloc\":7}\n")),
                     MT_NO);
    assert_int_equal(mt_reader_gclog.sniff(MT_SPAN("{\"NumGC\":1,\"PauseNs\":5}\n")), MT_NO);
    assert_int_equal(mt_reader_gclog.sniff(MT_SPAN("{")), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_field_of_a_line),
        cmocka_unit_test(sums_what_jq_sums),
        cmocka_unit_test(sizes_a_poll_repeats_are_rows_once),
        cmocka_unit_test(damage_is_passed_over_and_restarts_split),
        cmocka_unit_test(hostile_lines_leave_the_others_alone),
        cmocka_unit_test(pods_that_write_at_the_same_time_are_told_apart),
        cmocka_unit_test(thousands_of_processes_are_refused_not_stored),
        cmocka_unit_test(each_reader_of_a_log_speaks_of_its_own_processes),
        cmocka_unit_test(recognises_its_logs_and_not_memstats),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
