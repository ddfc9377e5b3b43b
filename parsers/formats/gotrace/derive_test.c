/* SPDX-License-Identifier: Apache-2.0 */
/* Streams of events made by hand, against what the consumers derive from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/consumer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a stream in the making --------------------------------------------------------------- */

static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_capture capture;
static struct mt_trace_feed *feed;
static const struct mt_trace *trace;

static int set_up(void **state)
{
    (void)state;
    arena = (struct mt_arena){0};
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    feed = malloc(sizeof *feed);
    assert_non_null(feed);
    mt_feed_init(feed, &capture, 25);
    mt_feed_add_all(feed);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mt_feed_clear(feed);
    free(feed);
    mt_arena_clear(&arena);
    return 0;
}

static void finish(void)
{
    mt_feed_end(feed, true);
    trace = capture.trace;
    struct mt_err err = {0};
    if (!mt_capture_check(&capture, &err))
        fail_msg("inconsistent: %s", err.what);
}

static uint32_t name(const char *text)
{
    return mt_intern_text(&strings, text);
}

static bool is(uint32_t id, const char *text)
{
    return mt_span_is(mt_string(&strings, id), text);
}

/* Functions from the innermost out, separated by blanks; the line is that of each letter's place.
 */
static uint32_t stack(const char *functions)
{
    uint32_t frames[8];
    size_t n = 0;
    struct mt_span rest = mt_span_of(functions), function;
    while (mt_span_word(&rest, &function)) {
        uint32_t id = mt_intern(&strings, function);
        frames[n] = mt_frame(&feed->stacks,
                             (struct mt_frame){.pc = 1000 + id, .line = 10 + n, .function = id});
        n++;
    }
    return mt_stack(&feed->stacks, frames, n);
}

static struct mt_event *at(int64_t time_ns, unsigned kind)
{
    struct mt_event *ev = mt_feed_next(feed);
    ev->time_ns = time_ns;
    ev->kind = (uint8_t)kind;
    return ev;
}

static void sync_at(int64_t time_ns)
{
    struct mt_event *ev = at(time_ns, MT_EV_SYNC);
    struct mt_event_sync *sync = &feed->room->sync[mt_feed_index(feed)];
    *sync = (struct mt_event_sync){.number = 1};
    ev->sync = sync;
}

/* Goroutine n has slot n; goroutines run on proc 0. */
static struct mt_event *go(int64_t time_ns, uint32_t n, unsigned from, unsigned to)
{
    struct mt_event *ev = at(time_ns, MT_EV_TRANSITION);
    ev->scope = MT_ABOUT_GOROUTINE;
    ev->subject = n;
    ev->slot = n;
    ev->proc = ev->proc_slot = 0;
    ev->from = (uint8_t)from;
    ev->to = (uint8_t)to;
    return ev;
}

static void create(int64_t time_ns, uint32_t n, const char *creator, const char *start)
{
    struct mt_event *ev = go(time_ns, n, MT_GO_NOT_EXIST, MT_GO_RUNNABLE);
    ev->stack = stack(creator);
    ev->target_stack = stack(start);
}

static void run(int64_t time_ns, uint32_t n)
{
    go(time_ns, n, MT_GO_RUNNABLE, MT_GO_RUNNING);
}

static void block(int64_t time_ns, uint32_t n, const char *reason, const char *where)
{
    struct mt_event *ev = go(time_ns, n, MT_GO_RUNNING, MT_GO_WAITING);
    ev->name = name(reason);
    ev->stack = ev->target_stack = stack(where);
}

static void finish_go(int64_t time_ns, uint32_t n)
{
    go(time_ns, n, MT_GO_RUNNING, MT_GO_NOT_EXIST);
}

static struct mt_event *range(int64_t time_ns, unsigned kind, unsigned what)
{
    struct mt_event *ev = at(time_ns, kind);
    ev->what = (uint8_t)what;
    return ev;
}

static void stop(int64_t begin_ns, int64_t end_ns, const char *reason)
{
    range(begin_ns, MT_EV_RANGE_BEGIN, MT_RANGE_STOP)->name = name(reason);
    range(end_ns, MT_EV_RANGE_END, MT_RANGE_STOP)->name = name(reason);
}

static void metric(int64_t time_ns, unsigned what, uint64_t value)
{
    struct mt_event *ev = at(time_ns, MT_EV_METRIC);
    ev->what = (uint8_t)what;
    ev->value = value;
}

/* The values of a metric, in order, with gaps left out. */
static size_t series(enum mt_metric metric_id, const struct mt_table **table, double *values,
                     size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < capture.n_tables; i++) {
        const double *column = capture.tables[i].columns[metric_id];
        for (size_t row = 0; column && row < capture.tables[i].n_rows; row++) {
            *table = &capture.tables[i];
            if (!isnan(column[row]) && n < most)
                values[n++] = column[row];
        }
    }
    return n;
}

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
    const struct mt_table *table;
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

/* ---- what the program said ---------------------------------------------------------------- */

static void task(int64_t begin_ns, int64_t end_ns, uint64_t id, uint64_t parent)
{
    struct mt_event *ev = at(begin_ns, MT_EV_TASK_BEGIN);
    ev->task = id;
    ev->value = parent;
    ev->name = name("search");
    ev = at(end_ns, MT_EV_TASK_END);
    ev->task = id;
}

static void tasks_are_requests(void **state)
{
    (void)state;
    sync_at(0);
    task(100, 350, 0x1234, MT_NO_TASK);
    task(400, 500, 5, 0x1234);
    at(600, MT_EV_TASK_BEGIN)->task = 9;
    at(700, MT_EV_TASK_END)->task = 77; /* began before the trace */
    sync_at(1000);
    finish();
    assert_int_equal(trace->tasks_created, 3);
    assert_int_equal(trace->tasks_ended, 3);
    assert_int_equal(capture.n_requests, 2);
    const struct mt_request *r = capture.requests;
    assert_true(is(r->name, "search") && is(r->kind, "task") && r->root);
    assert_int_equal(r->start_ns, 100);
    assert_int_equal(r->duration_ns, 250);
    assert_int_equal(r->span_id[6], 0x12);
    assert_true(!r[1].root && memcmp(r[1].parent_id, r->span_id, 8) == 0);
}

static void of_many_tasks_an_even_sample_and_the_slowest(void **state)
{
    (void)state;
    sync_at(0);
    int64_t now = 0;
    for (uint64_t i = 1; i <= 100000; i++, now += 1000)
        task(now + 1, now + 1 + (i == 55555 ? 900 : 10 + (int64_t)(i % 10)), i, MT_NO_TASK);
    sync_at(now);
    finish();
    assert_int_equal(trace->tasks_ended, 100000);
    assert_true(capture.n_requests > 10000 && capture.n_requests <= 20064);
    bool slowest = false;
    for (size_t i = 0; i < capture.n_requests; i++)
        slowest |= capture.requests[i].duration_ns == 900;
    assert_true(slowest);
    assert_int_equal(capture.n_remarks, 1);
}

static void region(int64_t time_ns, unsigned kind, uint32_t n, const char *text)
{
    struct mt_event *ev = at(time_ns, kind);
    ev->goroutine = n;
    ev->goroutine_slot = n;
    ev->name = name(text);
}

static void regions_nest_and_end_with_their_goroutine(void **state)
{
    (void)state;
    sync_at(0);
    region(100, MT_EV_REGION_BEGIN, 1, "outer");
    region(200, MT_EV_REGION_BEGIN, 1, "inner");
    region(250, MT_EV_REGION_END, 1, "inner");
    region(400, MT_EV_REGION_END, 1, "outer");
    region(500, MT_EV_REGION_BEGIN, 2, "outer");
    sync_at(1000);
    finish();
    assert_int_equal(trace->n_regions, 2);
    assert_true(is(trace->regions[0].name, "outer"));
    assert_int_equal(trace->regions[0].count, 2);
    assert_int_equal(trace->regions[0].total_ns, 300 + 500);
    assert_int_equal(trace->regions[0].open_at_end, 1);
    assert_int_equal(trace->regions[1].longest_ns, 50);
}

static void a_region_may_have_begun_before_the_trace(void **state)
{
    (void)state;
    sync_at(0);
    region(400, MT_EV_REGION_END, 1, "outer");
    sync_at(1000);
    finish();
    assert_int_equal(trace->n_regions, 1);
    assert_int_equal(trace->regions[0].count, 1);
    assert_int_equal(trace->regions[0].total_ns, 0);
}

static void the_first_thousand_logs_are_kept(void **state)
{
    (void)state;
    sync_at(0);
    for (int i = 0; i < 1500; i++) {
        struct mt_event *ev = at(i + 1, MT_EV_LOG);
        struct mt_span *message = &feed->room->message[mt_feed_index(feed)];
        *message = mt_span_of("hello");
        ev->message = message;
        ev->name = name("category");
    }
    sync_at(2000);
    finish();
    assert_int_equal(trace->logs_total, 1500);
    assert_int_equal(trace->n_logs, 1000);
    assert_int_equal(trace->logs[999].at_ns, 1000);
    assert_true(is(trace->logs[0].category, "category") && is(trace->logs[0].message, "hello"));
}

static void samples_become_a_profile(void **state)
{
    (void)state;
    sync_at(0);
    for (int i = 0; i < 5; i++)
        at(i + 1, MT_EV_STACK_SAMPLE)->stack =
            stack(i % 2 ? "main.a main.main" : "main.b main.main");
    at(9, MT_EV_STACK_SAMPLE); /* without a stack */
    sync_at(1000);
    finish();
    assert_int_equal(trace->cpu_samples, 6);
    assert_int_equal(capture.n_profiles, 1);
    const struct mt_profile *p = capture.profiles;
    assert_int_equal(p->kind, MT_PROFILE_CPU);
    assert_int_equal(p->n_samples, 3);
    int64_t samples = 0, cpu_ns = 0;
    for (size_t i = 0; i < p->n_samples; i++) {
        samples += p->values[2 * i];
        cpu_ns += p->values[2 * i + 1];
    }
    assert_int_equal(samples, 6);
    assert_int_equal(cpu_ns, 60000000);
    assert_int_equal(p->n_locations, 3);
}

/* ---- time --------------------------------------------------------------------------------- */

static void a_snapshot_of_the_clocks_puts_all_on_the_wall(void **state)
{
    (void)state;
    struct mt_event *ev = at(0, MT_EV_SYNC);
    struct mt_event_sync *sync = &feed->room->sync[mt_feed_index(feed)];
    *sync = (struct mt_event_sync){
        .number = 1, .has_clock = true, .clock_ns = 40, .wall_s = 1700000000, .wall_ns = 140};
    ev->sync = sync;
    metric(10, MT_METRIC_HEAP_LIVE, 5);
    task(100, 350, 1, MT_NO_TASK);
    sync_at(1000);
    finish();
    int64_t start_ns = 1700000000 * MT_SECOND_NS + 100;
    assert_true(trace->start_ns == start_ns);
    assert_int_equal(trace->clock.clock, MT_CLOCK_SAME);
    assert_true(capture.requests[0].start_ns == start_ns + 100);
    const struct mt_table *table = NULL;
    double value;
    assert_int_equal(series(MT_M_HEAP_LIVE, &table, &value, 1), 1);
    assert_true(table->time_ns[0] == start_ns + 10);
    assert_true(is(trace->go_version, "1.25"));
}

static void without_one_times_count_from_the_first_event(void **state)
{
    (void)state;
    sync_at(0);
    metric(10, MT_METRIC_HEAP_LIVE, 5);
    sync_at(1000);
    finish();
    assert_true(trace->start_ns == MT_NO_TIME);
    assert_int_equal(trace->duration_ns, 1000);
    assert_int_equal(trace->generations, 1);
    assert_int_equal(capture.tables[0].time_ns[0], 10);
}

/* ---- long traces -------------------------------------------------------------------------- */

static void a_long_series_keeps_its_extremes(void **state)
{
    (void)state;
    sync_at(0);
    for (int i = 1; i <= 1000000; i++)
        metric(i * INT64_C(1000), MT_METRIC_HEAP_LIVE,
               i == 1         ? 11
               : i == 333333  ? 900000
               : i == 666666  ? 1
               : i == 1000000 ? 77
                              : 5000 + (uint64_t)i % 100);
    sync_at(INT64_C(1000000001));
    finish();
    const struct mt_table *table;
    static double values[8000];
    size_t n = series(MT_M_HEAP_LIVE, &table, values, 8000);
    assert_true(n >= 1000 && n <= 4000);
    double least = values[0], most = values[0];
    for (size_t i = 1; i < n; i++) {
        least = fmin(least, values[i]);
        most = fmax(most, values[i]);
    }
    assert_true(values[0] == 11 && values[n - 1] == 77 && least == 1 && most == 900000);
    for (size_t i = 1; i < table->n_rows; i++)
        assert_true(table->time_ns[i] > table->time_ns[i - 1]);
}

static void nothing_at_all_derives_nothing(void **state)
{
    (void)state;
    finish();
    assert_int_equal(capture.n_tables + capture.n_gc_logs + capture.n_profiles, 0);
    assert_int_equal(trace->n_sites, 0);
}

int main(void)
{
#define STREAM_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STREAM_TEST(counts_by_creator_and_start_function),
        STREAM_TEST(those_that_were_there_count_from_the_beginning),
        STREAM_TEST(a_status_of_a_later_generation_changes_nothing_but_may_tell_where_it_waits),
        STREAM_TEST(a_slot_is_used_again),
        STREAM_TEST(counts_goroutines_and_the_queue_with_those_that_were_there),
        STREAM_TEST(scheduling_latency_has_quantiles),
        STREAM_TEST(blocked_time_by_reason_and_frame),
        STREAM_TEST(a_collection_from_its_first_stop_to_its_last),
        STREAM_TEST(a_mark_phase_under_way_begins_with_the_trace_and_is_no_cycle),
        STREAM_TEST(of_many_stops_the_longest_stay),
        STREAM_TEST(processors_are_busy_for_a_share_of_the_time),
        STREAM_TEST(the_least_mutator_utilisation_over_windows),
        STREAM_TEST(tasks_are_requests),
        STREAM_TEST(of_many_tasks_an_even_sample_and_the_slowest),
        STREAM_TEST(regions_nest_and_end_with_their_goroutine),
        STREAM_TEST(a_region_may_have_begun_before_the_trace),
        STREAM_TEST(the_first_thousand_logs_are_kept),
        STREAM_TEST(samples_become_a_profile),
        STREAM_TEST(a_snapshot_of_the_clocks_puts_all_on_the_wall),
        STREAM_TEST(without_one_times_count_from_the_first_event),
        STREAM_TEST(a_long_series_keeps_its_extremes),
        STREAM_TEST(nothing_at_all_derives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
