/* SPDX-License-Identifier: Apache-2.0 */
/* What the consumers derive of tasks, regions, logs, samples, clocks; series that are thinned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/derive_testing.h"

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

static void log_message(uint64_t task_id, const char *text)
{
    struct mt_event *ev = at(200, MT_EV_LOG);
    struct mt_span *message = &feed->room->message[mt_feed_index(feed)];
    *message = mt_span_of(text);
    ev->message = message;
    ev->task = task_id;
}

static void a_task_has_the_trace_id_that_it_logs(void **state)
{
    (void)state;
    static const char *const logs[] = {"5b8EFFF798038103d269b633813fc60c",
                                       "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01",
                                       "order 12", "00000000000000000000000000000000",
                                       "5b8efff798038103d269b633813fc60c0"};
    sync_at(0);
    for (uint64_t id = 1; id <= 5; id++) {
        struct mt_event *ev = at(100, MT_EV_TASK_BEGIN);
        ev->task = id;
        ev->name = name("search");
    }
    for (uint64_t id = 1; id <= 5; id++)
        log_message(id, logs[id - 1]);
    log_message(1, "ffffffffffffffffffffffffffffffff"); /* the first counts */
    for (uint64_t id = 1; id <= 5; id++)
        at(300, MT_EV_TASK_END)->task = id;
    sync_at(1000);
    finish();
    assert_int_equal(capture.n_requests, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(capture.requests[i].trace_id[0], i < 2 ? 0x5b : 0);
        assert_int_equal(capture.requests[i].trace_id[15], i < 2 ? 0x0c : 0);
    }
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
    const struct mt_table *table = NULL;
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
    const struct CMUnitTest tests[] = {
        STREAM_TEST(tasks_are_requests),
        STREAM_TEST(a_task_has_the_trace_id_that_it_logs),
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
