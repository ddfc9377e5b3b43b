/* SPDX-License-Identifier: Apache-2.0 */
/* What the consumers derive of goroutines, the collector and the processors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/derive_testing.h"

/* ---- goroutines --------------------------------------------------------------------------- */

static void counts_by_creator_and_start_function(void **state)
{
    (void)state;
    sync_at(0);
    create(100, 1, "main.start main.main", "main.work");
    create(110, 2, "main.start main.main", "main.work");
    create(120, 3, "main.start main.main", "main.work");
    create(130, 4, "main.other main.main", "main.work");
    run(200, 1);
    block(300, 1, "chan receive", "runtime.gopark runtime.chanrecv1 main.take main.work");
    run(300, 2);
    block(350, 2, "chan receive", "runtime.gopark runtime.chanrecv1 main.take main.work");
    run(400, 3);
    finish_go(450, 3);
    sync_at(1000);
    finish();
    assert_int_equal(trace->n_sites, 2);
    const struct mt_trace_site *site = &trace->sites[0];
    assert_true(is(site->creator, "main.start") && is(site->start_function, "main.work"));
    assert_int_equal(site->creator_line, 10);
    assert_int_equal(site->created, 3);
    assert_int_equal(site->ended, 1);
    assert_int_equal(site->never_ended, 2);
    assert_int_equal(site->alive_at_end, 2);
    assert_int_equal(site->wait_count, 2);
    assert_true(is(site->wait_reason, "chan receive") && is(site->wait_function, "main.take"));
    assert_int_equal(site->longest_wait_ns, 700);
    assert_int_equal(site->state_ns[MT_GO_RUNNABLE], 100 + 190 + 280);
    assert_int_equal(site->state_ns[MT_GO_RUNNING], 100 + 50 + 50);
    assert_int_equal(site->state_ns[MT_GO_WAITING], 700 + 650);
    assert_true(is(trace->sites[1].creator, "main.other"));
    assert_int_equal(trace->sites[1].never_ended, 1);
    assert_int_equal(trace->created, 4);
    assert_int_equal(trace->ended, 1);
    assert_int_equal(trace->alive_at_end, 3);
}

static void those_that_were_there_count_from_the_beginning(void **state)
{
    (void)state;
    sync_at(0);
    struct mt_event *ev = go(500, 1, MT_GO_UNDETERMINED, MT_GO_WAITING);
    ev = go(600, 2, MT_GO_UNDETERMINED, MT_GO_RUNNING);
    ev->start_stack = stack("main.told");
    go(700, 1, MT_GO_WAITING, MT_GO_RUNNABLE);
    run(800, 1);
    block(900, 1, "select", "runtime.selectgo main.loop"); /* tells what it runs */
    sync_at(1000);
    finish();
    assert_int_equal(trace->existing_at_start, 2);
    assert_int_equal(trace->created, 0);
    assert_int_equal(trace->state_ns[MT_GO_WAITING], 700 + 100);
    assert_int_equal(trace->state_ns[MT_GO_RUNNING], 1000 + 100);
    assert_int_equal(trace->n_sites, 2);
    assert_true(is(trace->sites[0].start_function, "main.loop"));
    assert_true(is(trace->sites[1].start_function, "main.told"));
    assert_int_equal(trace->sites[0].creator, 0);
    assert_int_equal(trace->sites[0].never_ended, 0);
}

static void a_status_of_a_later_generation_changes_nothing_but_may_tell_where_it_waits(void **state)
{
    (void)state;
    sync_at(0);
    go(10, 1, MT_GO_UNDETERMINED, MT_GO_WAITING);
    sync_at(500);
    go(510, 1, MT_GO_WAITING, MT_GO_WAITING)->target_stack = stack("sync.runtime_Wait main.waits");
    sync_at(1000);
    finish();
    assert_int_equal(trace->existing_at_start, 1);
    assert_int_equal(trace->state_ns[MT_GO_WAITING], 1000);
    assert_true(is(trace->sites[0].start_function, "main.waits"));
    assert_true(is(trace->sites[0].wait_function, "main.waits"));
    assert_int_equal(trace->sites[0].longest_wait_ns, 1000);
}

static void the_parent_is_what_made_most_of_them(void **state)
{
    (void)state;
    sync_at(0);
    create(100, 1, "main.spawn main.accept", "main.conn");
    create(200, 2, "main.spawn main.retry", "main.conn");
    create(300, 3, "main.spawn main.accept", "main.conn");
    create(400, 4, "main.handle main.conn", "main.job");
    sync_at(600);
    finish();
    assert_int_equal(trace->n_sites, 2);
    assert_true(is(trace->sites[0].start_function, "main.conn"));
    assert_true(is(trace->sites[0].parent, "main.accept"));
    assert_true(is(trace->sites[1].start_function, "main.job"));
    assert_true(is(trace->sites[1].parent, "main.conn"));
}

/* A damaged status: neither its time nor its state may count as one of the four. */
static void a_status_that_knows_nothing_counts_for_no_state(void **state)
{
    (void)state;
    sync_at(0);
    go(10, 1, MT_GO_UNDETERMINED, MT_GO_UNDETERMINED)->target_stack = stack("main.lost");
    go(500, 1, MT_GO_UNDETERMINED, MT_GO_WAITING)->name = name("select");
    sync_at(600);
    finish();
    assert_int_equal(trace->n_sites, 1);
    assert_true(is(trace->sites[0].start_function, "main.lost"));
    assert_true(is(trace->sites[0].wait_reason, "select"));
    for (unsigned i = 0; i < MT_GO_STATES; i++)
        assert_int_equal(trace->state_ns[i], i == MT_GO_WAITING ? 100 : 0);
}

static void a_slot_is_used_again(void **state)
{
    (void)state;
    sync_at(0);
    for (int i = 0; i < 1000; i++) {
        create(i * 100 + 1, 7, "main.spawn", "main.brief");
        run(i * 100 + 2, 7);
        finish_go(i * 100 + 5, 7);
    }
    sync_at(100000);
    finish();
    assert_int_equal(trace->n_sites, 1);
    assert_int_equal(trace->sites[0].created, 1000);
    assert_int_equal(trace->sites[0].ended, 1000);
    assert_int_equal(trace->sites[0].never_ended, 0);
    assert_int_equal(trace->state_ns[MT_GO_RUNNING], 3000);
}

static void tells_when_those_that_never_ended_were_made(void **state)
{
    (void)state;
    enum { MS = 1000000 };
    sync_at(0);
    go(1, 999, MT_GO_UNDETERMINED, MT_GO_RUNNING)->target_stack = stack("main.old");
    for (uint32_t i = 0; i < 100; i++) { /* two a ms; of the second half every other one stays */
        create((i / 2) * MS + 2 * i, i + 1, "main.spawn main.main", "main.work");
        run((i / 2) * MS + 2 * i + 1, i + 1);
        if (i < 50 || i % 2)
            finish_go((i / 2) * MS + 1000 + i, i + 1);
    }
    finish_go(60 * MS, 999);
    sync_at(95 * MS);
    finish();
    const struct mt_trace_site *site = &trace->sites[0];
    assert_int_equal(site->never_ended, 25);
    assert_int_equal(trace->bin_ns, 2 * 1024 * 1024);
    assert_int_equal(trace->n_bins, 46);
    for (size_t i = 0; i < trace->n_bins; i++) {
        unsigned first = (unsigned)((int64_t)i * trace->bin_ns / MS) + (i > 0);
        unsigned last = (unsigned)(((int64_t)i + 1) * trace->bin_ns / MS);
        unsigned made = 0, left = 0;
        for (unsigned ms = first; ms <= last && ms < 50; ms++) {
            made += 2;
            left += ms >= 25;
        }
        assert_int_equal(site->course.created[i], made);
        assert_int_equal(site->course.left[i], left);
        assert_int_equal(site->course.ended[i], made - left);
    }
    assert_true(is(trace->sites[1].start_function, "main.old"));
    assert_int_equal(trace->sites[1].course.ended[60 * MS / trace->bin_ns], 1);
}

/* ---- queue -------------------------------------------------------------------------------- */

static void counts_goroutines_and_the_queue_with_those_that_were_there(void **state)
{
    (void)state;
    enum { US10 = 10000 };
    sync_at(0);
    create(100 * US10, 1, "main.main", "main.work");
    go(200 * US10, 2, MT_GO_UNDETERMINED, MT_GO_RUNNABLE); /* announced late */
    go(300 * US10, 3, MT_GO_UNDETERMINED, MT_GO_WAITING);
    run(400 * US10, 1);
    finish_go(500 * US10, 1);
    run(600 * US10, 2);
    finish_go(700 * US10, 2);
    sync_at(1000 * US10);
    finish();
    const struct mt_table *table = NULL;
    double values[16];
    assert_int_equal(series(MT_M_GOROUTINES, &table, values, 16), 5);
    assert_true(values[0] == 2 && values[1] == 3 && values[2] == 2 && values[3] == 1);
    assert_true(values[4] == 1);
    assert_int_equal(series(MT_M_RUNNABLE, &table, values, 16), 5);
    assert_true(values[0] == 1 && values[1] == 2 && values[2] == 1 && values[3] == 0);
    assert_string_equal(table->source, "gotrace");
    assert_int_equal(table->time_ns[table->n_rows - 1], 1000 * US10);
}

static void scheduling_latency_has_quantiles(void **state)
{
    (void)state;
    sync_at(0);
    int64_t now = 0;
    for (uint32_t i = 1; i <= 1000; i++) { /* 1 us to 1 ms */
        create(now += 10, i, "main.main", "main.work");
        run(now += i * 1000, i);
        finish_go(now += 5, i);
    }
    sync_at(now + 1);
    finish();
    assert_true(llabs(trace->sched_p50_ns - 500000) < 500000 * 3 / 100);
    assert_true(llabs(trace->sched_p99_ns - 990000) < 990000 * 3 / 100);
    assert_int_equal(trace->sched_max_ns, 1000000);
}

/* ---- blocking ----------------------------------------------------------------------------- */

static void blocked_time_by_reason_and_frame(void **state)
{
    (void)state;
    sync_at(0);
    create(1, 1, "main.main", "main.a");
    create(2, 2, "main.main", "main.b");
    run(10, 1);
    block(20, 1, "sync", "sync.runtime_Semacquire sync.(*Mutex).Lock main.locked main.a");
    go(120, 1, MT_GO_WAITING, MT_GO_RUNNABLE);
    run(130, 1);
    block(140, 1, "sync", "sync.(*Mutex).Lock main.locked main.c");
    run(150, 2);
    go(160, 2, MT_GO_RUNNING, MT_GO_SYSCALL)->target_stack = stack("syscall.read main.b");
    go(190, 2, MT_GO_SYSCALL, MT_GO_RUNNING);
    block(200, 2, "chan send", "runtime.chansend1");
    sync_at(1000);
    finish();
    assert_int_equal(trace->n_blocks, 2);
    assert_true(is(trace->blocks[0].reason, "sync") &&
                is(trace->blocks[0].function, "main.locked"));
    assert_int_equal(trace->blocks[0].count, 2);
    assert_int_equal(trace->blocks[0].total_ns, 100 + 860);
    assert_int_equal(trace->blocks[0].longest_ns, 860);
    assert_int_equal(trace->blocks[0].open_at_end, 1);
    assert_true(is(trace->blocks[1].function, "runtime.chansend1"));
    assert_int_equal(trace->n_syscalls, 1);
    assert_true(is(trace->syscalls[0].function, "syscall.read"));
    assert_int_equal(trace->syscalls[0].total_ns, 30);
    assert_int_equal(trace->syscalls[0].open_at_end, 0);
}

static void a_clock_that_jumps_by_centuries_does_not_overflow(void **state)
{
    (void)state;
    sync_at(0);
    for (uint32_t i = 1; i <= 3; i++) {
        create(i, i, "main.main", "main.work");
        run(10 + i, i);
        block(20 + i, i, "select", "main.work");
    }
    for (uint32_t i = 1; i <= 3; i++)
        go(INT64_MAX / 2 + i, i, MT_GO_WAITING, MT_GO_RUNNABLE);
    finish();
    assert_int_equal(trace->n_blocks, 1);
    assert_int_equal(trace->blocks[0].count, 3);
    assert_int_equal(trace->blocks[0].total_ns, INT64_MAX);
    assert_true(trace->blocks[0].longest_ns < INT64_MAX / 2);
}

/* ---- the collector ------------------------------------------------------------------------ */

static void a_collection_from_its_first_stop_to_its_last(void **state)
{
    (void)state;
    sync_at(0);
    metric(10, MT_METRIC_PROCS, 4);
    metric(20, MT_METRIC_HEAP_GOAL, 8000);
    metric(30, MT_METRIC_HEAP_LIVE, 7000);
    range(1000, MT_EV_RANGE_BEGIN, MT_RANGE_MARK);
    stop(1010, 1030, "GC sweep termination");
    struct mt_event *ev = range(1100, MT_EV_RANGE_BEGIN, MT_RANGE_ASSIST);
    ev->slot = 3;
    ev = range(1150, MT_EV_RANGE_END, MT_RANGE_ASSIST);
    ev->slot = 3;
    metric(1200, MT_METRIC_HEAP_LIVE, 7500);
    range(1500, MT_EV_RANGE_BEGIN, MT_RANGE_STOP)->name = name("GC mark termination");
    metric(1510, MT_METRIC_HEAP_LIVE, 3000);
    range(1520, MT_EV_RANGE_END, MT_RANGE_MARK);
    range(1540, MT_EV_RANGE_END, MT_RANGE_STOP)->name = name("GC mark termination");
    stop(1600, 1610, "read mem stats");
    range(1900, MT_EV_RANGE_BEGIN, MT_RANGE_MARK);
    sync_at(2000);
    finish();
    assert_int_equal(trace->n_marks, 2);
    assert_int_equal(trace->marks[0].at_ns, 1000);
    assert_int_equal(trace->marks[0].duration_ns, 520);
    assert_true(!trace->marks[0].open_at_end && trace->marks[1].open_at_end);
    assert_int_equal(trace->marks[1].duration_ns, 100);
    assert_int_equal(trace->n_stops, 3);
    assert_true(is(trace->stops[2].reason, "read mem stats"));
    assert_int_equal(trace->assist_ns, 50);
    assert_int_equal(capture.n_gc_logs, 1);
    assert_int_equal(capture.gc_logs[0].n_cycles, 1); /* the second goes on */
    const struct mt_gc_cycle *cycle = &capture.gc_logs[0].cycles[0];
    assert_int_equal(cycle->time_ns, 1000);
    assert_int_equal(cycle->duration_ns, 540);
    assert_int_equal(cycle->sweep_term_ns, 20);
    assert_int_equal(cycle->mark_ns, 1500 - 1030);
    assert_int_equal(cycle->mark_term_ns, 40);
    assert_int_equal(cycle->pause_ns, 60);
    assert_int_equal(cycle->heap_start_bytes, 7000);
    assert_int_equal(cycle->heap_end_bytes, 7500);
    assert_int_equal(cycle->heap_live_bytes, 3000);
    assert_int_equal(cycle->goal_bytes, 8000);
    assert_int_equal(cycle->procs, 4);
    assert_int_equal(cycle->cpu_assist_ns, 50);
}

static void worker(int64_t time_ns, uint32_t slot, const char *label)
{
    run(time_ns, slot);
    struct mt_event *ev = at(time_ns, MT_EV_LABEL);
    ev->slot = slot;
    ev->name = name(label);
}

static void assist(int64_t time_ns, unsigned kind)
{
    range(time_ns, kind, MT_RANGE_ASSIST)->slot = 5;
}

/* Only while they run, and not while the world stands. */
static void who_marked_by_cycle(void **state)
{
    (void)state;
    sync_at(0);
    metric(1, MT_METRIC_PROCS, 4);
    range(1000, MT_EV_RANGE_BEGIN, MT_RANGE_MARK);
    stop(1000, 1100, "GC sweep termination");
    worker(1200, 1, "GC (dedicated)");
    worker(1300, 2, "GC (idle)");
    go(1400, 2, MT_GO_RUNNING, MT_GO_RUNNABLE);
    worker(1500, 2, "GC (fractional)");
    block(1550, 2, "", "runtime.gcBgMarkWorker");
    run(1600, 5);
    assist(1600, MT_EV_RANGE_BEGIN);
    block(1630, 5, "GC mark assist wait for work", "main.work");
    go(1700, 5, MT_GO_WAITING, MT_GO_RUNNABLE);
    run(1710, 5);
    assist(1720, MT_EV_RANGE_END);
    go(1730, 5, MT_GO_RUNNING, MT_GO_RUNNABLE);
    range(2000, MT_EV_RANGE_BEGIN, MT_RANGE_STOP)->name = name("GC mark termination");
    range(2040, MT_EV_RANGE_END, MT_RANGE_MARK);
    range(2050, MT_EV_RANGE_END, MT_RANGE_STOP)->name = name("GC mark termination");
    block(2060, 1, "", "runtime.gcBgMarkWorker");
    range(2100, MT_EV_RANGE_BEGIN, MT_RANGE_SWEEP)->slot = 0;
    range(2170, MT_EV_RANGE_END, MT_RANGE_SWEEP)->slot = 0;
    range(3000, MT_EV_RANGE_BEGIN, MT_RANGE_MARK);
    range(3500, MT_EV_RANGE_END, MT_RANGE_MARK);
    range(3600, MT_EV_RANGE_BEGIN, MT_RANGE_SWEEP)->slot = 0;
    sync_at(3610);
    finish();
    assert_int_equal(capture.gc_logs[0].n_cycles, 2);
    const struct mt_gc_cycle *cycle = &capture.gc_logs[0].cycles[0];
    assert_int_equal(cycle->cpu_background_ns, 800 + 50);
    assert_int_equal(cycle->cpu_idle_ns, 100);
    assert_int_equal(cycle->cpu_assist_ns, 30 + 10);
    assert_int_equal(trace->assist_ns, 120);
    assert_int_equal(cycle->cpu_sweep_term_ns, 400);
    assert_int_equal(cycle->cpu_mark_term_ns, 200);
    assert_int_equal(cycle->cpu_sweep_ns, 70);
    assert_int_equal(cycle[1].cpu_background_ns + cycle[1].cpu_assist_ns, 0);
    assert_int_equal(cycle[1].cpu_sweep_ns, 10);
}

static void a_heap_goal_of_none_is_none(void **state)
{
    (void)state;
    sync_at(0);
    metric(10, MT_METRIC_HEAP_LIVE, 7000);
    metric(20, MT_METRIC_HEAP_GOAL, 0); /* GOGC=off, with or without a memory limit */
    range(1000, MT_EV_RANGE_BEGIN, MT_RANGE_MARK);
    range(1500, MT_EV_RANGE_END, MT_RANGE_MARK);
    sync_at(2000);
    finish();
    const struct mt_table *table = NULL;
    double values[4];
    assert_int_equal(series(MT_M_HEAP_GOAL, &table, values, 4), 0);
    assert_true(capture.gc_logs[0].cycles[0].goal_bytes == MT_NO_BYTES);
}

static void a_mark_phase_under_way_begins_with_the_trace_and_is_no_cycle(void **state)
{
    (void)state;
    sync_at(0);
    range(100, MT_EV_RANGE_ACTIVE, MT_RANGE_MARK);
    sync_at(150);
    range(160, MT_EV_RANGE_ACTIVE, MT_RANGE_MARK);
    range(200, MT_EV_RANGE_END, MT_RANGE_MARK);
    sync_at(300);
    finish();
    assert_int_equal(trace->n_marks, 1);
    assert_int_equal(trace->marks[0].at_ns, 0);
    assert_int_equal(trace->marks[0].duration_ns, 200);
    assert_int_equal(capture.n_gc_logs, 0);
}

static void of_many_stops_the_longest_stay(void **state)
{
    (void)state;
    sync_at(0);
    int64_t now = 0;
    for (int i = 0; i < 100000; i++, now += 100)
        stop(now + 1, now + 2 + (i == 77777 ? 50 : i % 7), "read mem stats");
    sync_at(now);
    finish();
    assert_true(trace->n_stops <= 20000 && trace->n_stops >= 10000);
    bool longest = false;
    for (size_t i = 0; i < trace->n_stops; i++) {
        longest |= trace->stops[i].duration_ns == 51;
        assert_true(!i || trace->stops[i].at_ns > trace->stops[i - 1].at_ns);
    }
    assert_true(longest);
    assert_int_equal(capture.n_remarks, 1);
}

/* ---- processors --------------------------------------------------------------------------- */

static void processors_are_busy_for_a_share_of_the_time(void **state)
{
    (void)state;
    sync_at(0);
    struct mt_event *ev = at(0, MT_EV_TRANSITION);
    ev->scope = MT_ABOUT_PROC;
    ev->subject = ev->slot = 1;
    ev->thread = 70;
    ev->from = MT_PROC_UNDETERMINED;
    ev->to = MT_PROC_RUNNING;
    create(100, 1, "main.main", "main.work");
    run(200, 1);
    block(450, 1, "", "main.work");
    sync_at(1000);
    finish();
    assert_int_equal(trace->n_procs, 2);
    assert_true(fabs(trace->proc_busy[0] - 0.25) < 1e-9);
    assert_true(trace->proc_busy[1] == 0);
    assert_int_equal(trace->threads, 1);
}

static double utilisation(int64_t window_ns)
{
    for (size_t i = 0; i < trace->n_mmu; i++)
        if (trace->mmu[i].window_ns == window_ns)
            return trace->mmu[i].utilisation;
    fail_msg("no window of %d ns", (int)window_ns);
    return 0;
}

static void the_least_mutator_utilisation_over_windows(void **state)
{
    (void)state;
    enum { MS = 1000000 };
    sync_at(0);
    metric(1, MT_METRIC_PROCS, 4);
    create(2, 1, "main.main", "runtime.gcBgMarkWorker");
    stop(30 * MS, 32 * MS, "GC sweep termination");
    stop(50 * MS, 55 * MS, "read mem stats"); /* not the collector's */
    run(80 * MS, 1);
    struct mt_event *ev = at(80 * MS, MT_EV_LABEL);
    ev->slot = 1;
    ev->name = name("GC (dedicated)");
    block(100 * MS, 1, "", "runtime.gcBgMarkWorker"); /* a quarter for 20 ms */
    sync_at(200 * MS);
    finish();
    assert_true(utilisation(1 * MS) < 0.01);
    assert_true(fabs(utilisation(5 * MS) - 0.6) < 0.01);
    assert_true(fabs(utilisation(10 * MS) - 0.75) < 0.01);
    assert_true(fabs(utilisation(100 * MS) - 0.93) < 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STREAM_TEST(counts_by_creator_and_start_function),
        STREAM_TEST(those_that_were_there_count_from_the_beginning),
        STREAM_TEST(a_status_of_a_later_generation_changes_nothing_but_may_tell_where_it_waits),
        STREAM_TEST(the_parent_is_what_made_most_of_them),
        STREAM_TEST(a_status_that_knows_nothing_counts_for_no_state),
        STREAM_TEST(a_slot_is_used_again),
        STREAM_TEST(tells_when_those_that_never_ended_were_made),
        STREAM_TEST(counts_goroutines_and_the_queue_with_those_that_were_there),
        STREAM_TEST(scheduling_latency_has_quantiles),
        STREAM_TEST(blocked_time_by_reason_and_frame),
        STREAM_TEST(a_clock_that_jumps_by_centuries_does_not_overflow),
        STREAM_TEST(a_collection_from_its_first_stop_to_its_last),
        STREAM_TEST(who_marked_by_cycle),
        STREAM_TEST(a_heap_goal_of_none_is_none),
        STREAM_TEST(a_mark_phase_under_way_begins_with_the_trace_and_is_no_cycle),
        STREAM_TEST(of_many_stops_the_longest_stay),
        STREAM_TEST(processors_are_busy_for_a_share_of_the_time),
        STREAM_TEST(the_least_mutator_utilisation_over_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
