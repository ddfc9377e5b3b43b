/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include <math.h>

extern const struct mt_reader mt_reader_gctrace;

static struct mt_testing t;
static const struct mt_capture *const cap = &t.capture;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_gctrace, text);
    assert_true(t.ok);
}

static void read_sample(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "testdata/gctrace/%s", name);
    mt_testing_read_file(&t, &mt_reader_gctrace, path);
    assert_true(t.ok);
}

static int teardown(void **state)
{
    (void)state;
    mt_testing_clear(&t);
    return 0;
}

#define NEWEST                                                                                     \
    "gc 7 @1.250s 3%: 0.088+2.4+0.044 ms clock, 0.17+0.009/0.51/2.6+0.088 ms cpu, 30->41->22 MB, " \
    "44 MB goal, 6 MB stacks, 1 MB globals, 2 P"

static void keeps_every_figure_of_a_line(void **state)
{
    (void)state;
    read_text(NEWEST "\n");
    assert_int_equal(cap->n_gc_logs, 1);
    assert_true(cap->gc_logs[0].live_is_whole_mib);
    const struct mt_gc_cycle *c = cap->gc_logs[0].cycles;
    assert_int_equal(c->number, 7);
    assert_int_equal(c->since_start_ns, 1250000000);
    assert_int_equal(c->sweep_term_ns, 88000);
    assert_int_equal(c->mark_ns, 2400000);
    assert_int_equal(c->mark_term_ns, 44000);
    assert_int_equal(c->pause_ns, 132000);
    assert_int_equal(c->duration_ns, 2532000);
    assert_int_equal(c->cpu_sweep_term_ns, 170000);
    assert_int_equal(c->cpu_assist_ns, 9000);
    assert_int_equal(c->cpu_background_ns, 510000);
    assert_int_equal(c->cpu_idle_ns, 2600000);
    assert_int_equal(c->cpu_mark_term_ns, 88000);
    assert_int_equal(c->heap_start_bytes, 30u << 20);
    assert_int_equal(c->heap_end_bytes, 41u << 20);
    assert_int_equal(c->heap_live_bytes, 22u << 20);
    assert_int_equal(c->goal_bytes, 44u << 20);
    assert_int_equal(c->stacks_bytes, 6u << 20);
    assert_int_equal(c->globals_bytes, 1u << 20);
    assert_int_equal(c->procs, 2);
    assert_true(c->cpu_percent > 2.99 && c->cpu_percent < 3.01);
    assert_false(c->forced);
    assert_int_equal(c->time_ns, MT_NO_TIME);
    assert_int_equal(cap->gc_logs[0].clock.clock, MT_CLOCK_NONE);
}

static void reads_the_lines_of_every_version(void **state)
{
    (void)state;
    read_sample("every-version.log");
    assert_int_equal(cap->skipped, 0);
    assert_int_equal(cap->n_gc_logs, 2); /* those without a time are another process's */
    const struct mt_gc_log *old = &cap->gc_logs[0], *new = &cap->gc_logs[1];
    assert_int_equal(old->n_cycles, 3);
    assert_int_equal(old->cycles[1].pause_ns, 13000000);
    assert_int_equal(old->cycles[1].heap_start_bytes, 50u << 20);
    assert_int_equal(old->cycles[1].heap_live_bytes, 25u << 20);
    assert_int_equal(old->cycles[2].pause_ns, 1125000);
    assert_int_equal(old->cycles[2].procs, 4);
    assert_int_equal(old->cycles[2].since_start_ns, MT_NO_TIME);
    assert_int_equal(new->n_cycles, 5);
    assert_int_equal(new->cycles[0].mark_ns, 820000); /* Go 1.5: scan + barrier + mark */
    assert_int_equal(new->cycles[0].cpu_background_ns, 810000);
    assert_int_equal(new->cycles[1].stacks_bytes, MT_NO_BYTES);
    assert_int_equal(new->cycles[3].stacks_bytes, 3u << 20);
    assert_true(new->cycles[2].forced &&new->cycles[4].forced);
    assert_int_equal(new->missing_numbers, 1);
    assert_int_equal(cap->n_remarks, 2);
}

/* grep -c '^gc '                                                       17
 * awk '/^gc /{split($0,a,"->"); split(a[3],b," "); s+=b[1]} END{print s}'  52 MB live in all
 * grep -c '(forced)' 2, grep -c ^SCHED 19, grep -c ^scav 17, grep -c ^pacer 51
 * the last scav line says 36864 KiB, the last SCHED line threads=8 */
static void counts_what_grep_counts_in_a_log_of_all_traces(void **state)
{
    (void)state;
    read_sample("all-traces-go1.27.log");
    assert_int_equal(cap->skipped, 0);
    assert_int_equal(cap->n_gc_logs, 1);
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(log->n_cycles, 17);
    uint64_t live = 0, forced = 0;
    for (size_t i = 0; i < log->n_cycles; i++) {
        live += log->cycles[i].heap_live_bytes >> 20;
        forced += log->cycles[i].forced;
    }
    assert_int_equal(live, 52);
    assert_int_equal(forced, 2);
    assert_int_equal(cap->n_tables, 2);
    assert_string_equal(cap->tables[0].source, "schedtrace");
    assert_int_equal(cap->tables[0].n_rows, 19);
    assert_true(mt_table_last(&cap->tables[0], MT_M_THREADS) == 8);
    assert_string_equal(cap->tables[1].source, "scavtrace");
    assert_int_equal(cap->tables[1].n_rows, 17);
    assert_true(mt_table_last(&cap->tables[1], MT_M_HEAP_RELEASED) == 36864.0 * 1024);
    char *text = mt_testing_inspect(&t, &mt_reader_gctrace);
    assert_non_null(strstr(text, "\"sched_lines\":19,\"scav_lines\":17,\"pacer_lines\":51"));
    free(text);
}

/* grep -c: gc 17, SCHED 1, scav 17, pacer 36 */
static void reads_the_scavenger_line_of_older_versions(void **state)
{
    (void)state;
    read_sample("all-traces-go1.19.log");
    assert_int_equal(cap->gc_logs[0].n_cycles, 17);
    assert_int_equal(cap->tables[1].n_rows, 17);
    assert_true(mt_table_last(&cap->tables[1], MT_M_HEAP_RELEASED) > 0);
}

/* gccgo 9 has the runtime of Go 1.12, 10 that of 1.14, 15 that of 1.18; grep ^scvg, ^scav, ^SCHED:
 *   scvg-1: inuse: 0, idle: 63, sys: 63, released: 63, consumed: 0 (MB)   of debug.FreeOSMemory
 *   scav 7 16 KiB work, 60408 KiB total, 39% util                         the last of Go 1.15
 *   SCHED 327ms: gomaxprocs=2 ... threads=4 ... runqueue=0 gcwaiting=0    with scheddetail=1 */
static void reads_what_older_runtimes_wrote(void **state)
{
    (void)state;
    read_sample("all-traces-gccgo9.log");
    assert_int_equal(cap->skipped, 0);
    assert_int_equal(cap->gc_logs[0].n_cycles, 4);
    const struct mt_table *scav = &cap->tables[1];
    assert_string_equal(scav->source, "scavtrace");
    assert_int_equal(scav->n_rows, 1);
    assert_true(mt_table_last(scav, MT_M_HEAP_RELEASED) == 63u << 20);
    assert_true(mt_table_last(scav, MT_M_HEAP_INUSE) == 0);
    read_sample("all-traces-go1.15.log");
    assert_int_equal(cap->gc_logs[0].n_cycles, 8);
    assert_true(mt_table_last(&cap->tables[1], MT_M_HEAP_RELEASED) == 60408u << 10);
    read_sample("all-traces-gccgo10.log");
    assert_int_equal(cap->skipped, 0);
    assert_int_equal(cap->tables[0].n_rows, 7);
    assert_true(mt_table_last(&cap->tables[0], MT_M_THREADS) == 4);
    read_text(NEWEST "\nforced scvg: 1 MB released\n" /* Go 1.12 */
                     "forced scvg: inuse: 3, idle: 60, sys: 63, released: 57, consumed: 6 (MB)\n");
    assert_true(mt_table_last(&cap->tables[0], MT_M_HEAP_RELEASED) == 57u << 20);
}

static void a_pacer_line_makes_the_sizes_exact(void **state)
{
    (void)state;
    read_sample("all-traces-go1.27.log");
    /* "in 18515456 B -> 18646464 B (goal -637330" before gc 2, which says 17->17->3 MB, 18 MB */
    const struct mt_gc_cycle *c = &cap->gc_logs[0].cycles[1];
    assert_int_equal(c->heap_start_bytes, 18515456);
    assert_int_equal(c->heap_end_bytes, 18646464);
    assert_int_equal(c->goal_bytes, 18646464 + 637330);
    assert_int_equal(c->heap_live_bytes, 3u << 20);
    read_text("pacer: H_m_prev=30488736 h_t=+2.3e-001 H_T=37605024 h_a=+1.4e+000 H_a=73473040 "
              "h_g=+1.0e+000 H_g=60977472 u_a=+2.5e-001\n"
              "gc 5 @0.071s 0%: 0.018+0.46+0.071 ms clock, 0.14+0/0.38/0.14+0.56 ms cpu, "
              "35->70->29 MB, 59 MB goal, 8 P\n");
    c = cap->gc_logs[0].cycles;
    assert_int_equal(c->heap_start_bytes, 37605024);
    assert_int_equal(c->heap_end_bytes, 73473040);
    assert_int_equal(c->goal_bytes, 59u << 20); /* 58 in the pacer's line: not of this cycle */
}

static void two_processes_in_one_log_are_told_apart(void **state)
{
    (void)state;
    read_sample("two-processes.log");
    assert_int_equal(cap->n_gc_logs, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(cap->gc_logs[i].n_cycles, 5);
        assert_int_equal(cap->gc_logs[i].missing_numbers, 0);
        for (size_t k = 0; k < 5; k++)
            assert_int_equal(cap->gc_logs[i].cycles[k].procs, i ? 8 : 2);
    }
    assert_int_equal(cap->n_tables, 2);
    assert_int_equal(cap->tables[0].n_rows, 2);
    assert_true(cap->tables[0].columns[MT_M_RUNNABLE][0] == 7);
    assert_int_equal(cap->tables[0].since_start_ns[1], 5 * MT_SECOND_NS);
    assert_int_equal(cap->tables[0].gc_log, 1);
    assert_int_equal(cap->tables[1].gc_log, 2);
}

#define LINE(n, at)                                                                                \
    "gc " #n " @" at "s 1%: 0.1+1.0+0.1 ms clock, 0.1+0.1/0.2/0+0.1 ms cpu, 4->4->1 MB, 5 MB "     \
    "goal, 2 P\n"

static void processes_that_ran_before_the_log_began_are_told_apart(void **state)
{
    (void)state;
    read_text(LINE(1, "0.5") LINE(51, "100.6") LINE(101, "200.7") LINE(2, "1.0") LINE(52, "101.1")
                  LINE(102, "201.2") LINE(3, "1.5") LINE(53, "101.6") LINE(103, "201.7"));
    assert_int_equal(cap->n_gc_logs, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(cap->gc_logs[i].n_cycles, 3);
        assert_int_equal(cap->gc_logs[i].missing_numbers, 0);
        for (size_t k = 0; k < 3; k++)
            assert_int_equal(cap->gc_logs[i].cycles[k].number, 50 * i + k + 1);
    }
}

static void a_leap_after_which_nothing_else_comes_is_a_gap(void **state)
{
    (void)state;
    read_text(
        LINE(1, "1.0") LINE(
            2, "2.0") "SCHED 2100ms: gomaxprocs=2 threads=4 runqueue=7 [0 0]\n" LINE(60, "60.0")
            LINE(61, "61.0")
                LINE(300, "400.0") "SCHED 400100ms: gomaxprocs=2 threads=5 runqueue=1 [0 0]\n" LINE(
                    301, "401.0"));
    assert_int_equal(cap->n_gc_logs, 1);
    assert_int_equal(cap->gc_logs[0].n_cycles, 6);
    assert_int_equal(cap->gc_logs[0].missing_numbers, 57 + 238);
    assert_int_equal(cap->n_tables, 1);
    assert_int_equal(cap->tables[0].n_rows, 2);
    assert_int_equal(cap->tables[0].gc_log, 1);
    assert_int_equal(cap->tables[0].since_start_ns[1], 400100 * (MT_SECOND_NS / 1000));
}

static void a_restart_begins_a_new_process(void **state)
{
    (void)state;
    read_text(LINE(1, "1.0") LINE(2, "100.0") LINE(1, "1.1") LINE(2, "90.0") LINE(3, "101.0"));
    assert_int_equal(cap->n_gc_logs, 2);
    assert_int_equal(cap->gc_logs[0].n_cycles, 2);
    /* 3 at 101 s could follow either by its number; but the first has been silent for 90 s */
    assert_int_equal(cap->gc_logs[1].n_cycles, 3);
}

static void missing_numbers_are_counted_not_split(void **state)
{
    (void)state;
    read_text(LINE(5, "1.0") LINE(6, "2.0") LINE(9, "3.0") LINE(10, "4.0"));
    assert_int_equal(cap->n_gc_logs, 1);
    assert_int_equal(cap->gc_logs[0].missing_numbers, 2);
}

static void finds_lines_among_and_inside_other_writers(void **state)
{
    (void)state;
    read_sample("noise.log");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    static const uint64_t numbers[] = {1, 2, 3, 4, 5, 8};
    assert_int_equal(cap->n_gc_logs, 1);
    assert_int_equal(log->n_cycles, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(log->cycles[i].number, numbers[i]);
    assert_int_equal(log->cycles[1].mark_term_ns, 10000); /* "0.01", then a year */
    assert_int_equal(log->cycles[2].mark_ns, 1000000);
    assert_int_equal(cap->skipped, 1);
    assert_int_equal(log->missing_numbers, 2);
}

static void dated_lines_bracket_the_start(void **state)
{
    (void)state;
    read_text("2026/11/22 19:00:00.000000 start\n" LINE(
        1, "0.499") "2026/11/22 19:00:00.600000 working\n" LINE(2, "0.6") "2026/11/22 "
                                                                          "19:00:01.000000 done\n");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    int64_t day_ns;
    assert_true(mt_time_from_civil(2026, 11, 22, 19, 0, 0, 0, &day_ns));
    /* written at 0.5002 and 0.6012: the start lies between 18:59:59.9988 and 19:00:00.0 */
    assert_int_equal(log->clock.clock, MT_CLOCK_ALIGNED);
    assert_true(log->clock.zone_unknown);
    assert_int_equal(log->clock.error_ns, 1000000);
    int64_t start_ns = log->cycles[0].time_ns - 499000000;
    assert_in_range(start_ns - day_ns + 1200000, 0, 1200000 + 1000);
    assert_int_equal(log->cycles[1].time_ns - log->cycles[0].time_ns, 101000000);
}

static void whole_seconds_widen_the_bracket(void **state)
{
    (void)state;
    read_text("[12] 2026/11/22 19:00:00 [INF] start\n" LINE(1, "0.5") "2026/11/22 19:00:00 x\n");
    assert_in_range(cap->gc_logs[0].clock.error_ns, 400000000, 600000000);
}

static void a_log_without_dates_is_not_aligned(void **state)
{
    (void)state;
    read_text(LINE(1, "0.5") "listening on 127.0.0.1:8080\n" LINE(2, "0.6"));
    assert_int_equal(cap->gc_logs[0].clock.clock, MT_CLOCK_NONE);
    assert_int_equal(cap->gc_logs[0].cycles[1].time_ns, MT_NO_TIME);
    assert_int_equal(cap->gc_logs[0].cycles[1].since_start_ns, 600000000);
}

static void stamps_of_the_lines_themselves_align_best(void **state)
{
    (void)state;
    read_sample("stamped.log");
    int64_t start_ns;
    assert_true(mt_time_from_civil(2026, 11, 22, 19, 0, 0, 100000000, &start_ns));
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(log->n_cycles, 3);
    assert_int_equal(log->clock.clock, MT_CLOCK_ALIGNED);
    assert_false(log->clock.zone_unknown);
    assert_int_equal(log->cycles[2].time_ns, start_ns + 3 * MT_SECOND_NS + 0);
    assert_in_range(log->clock.error_ns, 1000000, 2100000);
    assert_int_equal(cap->tables[0].time_ns[0], start_ns + 114000000);
}

static void json_stamps_and_escapes_are_understood(void **state)
{
    (void)state;
    read_text("{\"log\":\"gc 3 @2.000s 1%: 1.0+8.0+1.0 ms clock, 0.1+0.1/0.2/0+0.1 ms cpu, "
              "4-\\u003e4-\\u003e1 MB, 5 MB goal, 2 P\\n\",\"stream\":\"stderr\","
              "\"time\":\"2026-11-22T19:00:02.010000000Z\"}\r\n");
    int64_t start_ns;
    assert_true(mt_time_from_civil(2026, 11, 22, 19, 0, 0, 0, &start_ns));
    assert_int_equal(cap->gc_logs[0].cycles[0].heap_end_bytes, 4u << 20);
    assert_int_equal(cap->gc_logs[0].cycles[0].time_ns, start_ns + 2 * MT_SECOND_NS);
}

static void container_logs_are_unwrapped(void **state)
{
    (void)state;
    read_sample("cri.log"); /* of conmon, which cuts lines wherever a read ended */
    int64_t start_ns;
    assert_true(mt_time_from_civil(2026, 11, 25, 20, 49, 3, 990000000, &start_ns));
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_int_equal(cap->n_gc_logs, 1);
    assert_int_equal(log->n_cycles, 5);
    assert_int_equal(cap->skipped, 0);
    assert_int_equal(log->clock.clock, MT_CLOCK_ALIGNED);
    assert_in_range(log->cycles[4].time_ns, start_ns + 1248000000 - 20000000,
                    start_ns + 1248000000 + 20000000);
    assert_int_equal(cap->n_tables, 2);
    assert_true(cap->tables[0].columns[MT_M_RUNNABLE][0] == 2); /* runqueue=0 [ 2 0 ] */
    read_sample("two-pods.json"); /* told apart by the pod's name alone */
    assert_int_equal(cap->n_gc_logs, 2);
    assert_int_equal(cap->gc_logs[0].n_cycles, 2);
    assert_int_equal(cap->gc_logs[1].n_cycles, 3);
}

static void damaged_lines_are_skipped_and_counted(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "gc 1 @",
        "gc 1 @x",
        "gc 0 @0.1s 1%: 0.1+1.0+0.1 ms clock, 0.1+0.1/0.2/0+0.1 ms cpu, 4->4->1 MB, 5 MB goal, 2 P",
        "gc 1 @99999999999999999999s 1%: 0.1+1.0+0.1 ms clock",
        "gc 18446744073709551616 @0.1s 1%: 0.1+1.0+0.1 ms clock",
        "gc 1 @0.1s 1%: 0.1+1.0 ms clock, 0.1+0.1/0.2/0+0.1 ms cpu, 4->4->1 MB, 5 MB goal, 2 P",
        "gc 1 @0.1s 1%: 0.1+1.0+0.1 ms clock, 0.1+0.1+0.1 ms cpu, 4->4->1 MB, 5 MB goal, 2 P",
        "gc 1 @0.1s 1%: 0.1+1+0.1 ms clock, 0+0/0/0+0 ms cpu, 99999999999999->4->1 MB, 5 MB goal",
        "gc 1 @0.1s 1%: 0.1+-1+0.1 ms clock, 0.1+0/0/0+0.1 ms cpu, 4->4->1 MB, 5 MB goal, 2 P",
        "gc1(1): 0+0+99999999999999999 ms, 1 -> 1 MB",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        read_text(lines[i]);
        assert_int_equal(cap->n_gc_logs, 0);
        assert_int_equal(cap->skipped, i > 1 ? 1 : 0); /* the first two do not look like a record */
    }
}

static void zero_bytes_and_long_lines_do_no_harm(void **state)
{
    (void)state;
    enum { LONG = 300000 };
    char *text = malloc(LONG + sizeof NEWEST);
    assert_non_null(text);
    memset(text, 0, LONG);
    memcpy(text + LONG, NEWEST, sizeof NEWEST);
    mt_testing_read(&t, &mt_reader_gctrace,
                    (struct mt_span){(unsigned char *)text, LONG + sizeof NEWEST - 1});
    free(text);
    assert_int_equal(cap->records, 1);
}

static void thousands_of_processes_are_refused_not_stored(void **state)
{
    (void)state;
    struct mt_text text = {0};
    for (int i = 0; i < 5000; i++)
        mt_text_add(&text, LINE(1, "0.1"));
    mt_testing_read(&t, &mt_reader_gctrace, mt_text_view(&text));
    mt_text_clear(&text);
    assert_int_equal(cap->n_gc_logs, 4096);
    assert_int_equal(cap->skipped, 5000 - 4096);
    assert_string_equal(cap->remarks[cap->n_remarks - 1].id, "too-many-processes");
}

static void recognises_its_logs_and_no_others(void **state)
{
    (void)state;
    assert_int_equal(mt_reader_gctrace.sniff(MT_SPAN(NEWEST "\n")), MT_CERTAIN);
    assert_int_equal(mt_reader_gctrace.sniff(MT_SPAN("a\nb\n" NEWEST "\n")), MT_LIKELY);
    assert_int_equal(mt_reader_gctrace.sniff(MT_SPAN("SCHED 0ms: gomaxprocs=2 idleprocs=1 "
                                                     "threads=4 runqueue=0 [0 0]\n")),
                     MT_CERTAIN);
    assert_int_equal(mt_reader_gctrace.sniff(MT_SPAN("gc 7 is a nice number\n")), MT_NO);
    assert_int_equal(mt_reader_gctrace.sniff(MT_SPAN("")), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_figure_of_a_line),
        cmocka_unit_test(reads_the_lines_of_every_version),
        cmocka_unit_test(counts_what_grep_counts_in_a_log_of_all_traces),
        cmocka_unit_test(reads_the_scavenger_line_of_older_versions),
        cmocka_unit_test(reads_what_older_runtimes_wrote),
        cmocka_unit_test(a_pacer_line_makes_the_sizes_exact),
        cmocka_unit_test(processes_that_ran_before_the_log_began_are_told_apart),
        cmocka_unit_test(a_leap_after_which_nothing_else_comes_is_a_gap),
        cmocka_unit_test(two_processes_in_one_log_are_told_apart),
        cmocka_unit_test(a_restart_begins_a_new_process),
        cmocka_unit_test(missing_numbers_are_counted_not_split),
        cmocka_unit_test(finds_lines_among_and_inside_other_writers),
        cmocka_unit_test(dated_lines_bracket_the_start),
        cmocka_unit_test(whole_seconds_widen_the_bracket),
        cmocka_unit_test(a_log_without_dates_is_not_aligned),
        cmocka_unit_test(stamps_of_the_lines_themselves_align_best),
        cmocka_unit_test(json_stamps_and_escapes_are_understood),
        cmocka_unit_test(container_logs_are_unwrapped),
        cmocka_unit_test(damaged_lines_are_skipped_and_counted),
        cmocka_unit_test(zero_bytes_and_long_lines_do_no_harm),
        cmocka_unit_test(thousands_of_processes_are_refused_not_stored),
        cmocka_unit_test(recognises_its_logs_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
