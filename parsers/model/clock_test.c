/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles put together by hand: each part's place on the clock is known beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/bundle.h"
#include "parsers/model/rotation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t T0 = 1795376100ll * MT_SECOND_NS; /* 2026-11-22 19:35:00 UTC */
#define SECONDS(x) ((int64_t)((x)*1e9))

enum { MOST = 12 };
static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_input inputs[MOST];
static size_t n_inputs;

static int fresh(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    mt_strings_init(&strings, &arena);
    memset(inputs, 0, sizeof inputs);
    n_inputs = 0;
    return 0;
}

static int drop_all(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    return 0;
}

static struct mt_capture *add(const char *path, const char *format)
{
    struct mt_input *input = &inputs[n_inputs++];
    struct mt_strings *own = MT_NEW(&arena, struct mt_strings);
    mt_strings_init(own, &arena);
    struct mt_capture *c = MT_NEW(&arena, struct mt_capture);
    mt_capture_init(c, &arena, own);
    *input = (struct mt_input){
        .path = path, .format = format, .capture = c, .start_ns = MT_NO_TIME, .end_ns = MT_NO_TIME};
    return c;
}

/* A heap proto as the pprof reader leaves it; the total tells its content. */
static struct mt_profile *heap(const char *path, int64_t time_ns, int64_t total)
{
    struct mt_capture *c = add(path, "pprof");
    struct mt_profile *p = mt_capture_add_profile(c, MT_PROFILE_HEAP);
    p->time_ns = p->raw_time_ns = time_ns;
    p->types = MT_NEW_N(&arena, struct mt_value_type, 1);
    p->n_types = 1;
    p->types[0].type = mt_intern_text(c->strings, "inuse_space");
    p->samples = MT_NEW_N(&arena, struct mt_sample, 1);
    p->values = MT_NEW_N(&arena, int64_t, 1);
    p->n_samples = 1;
    p->values[0] = total;
    return p;
}

static const struct mt_bundle *join(int64_t interval_ns)
{
    return mt_bundle_join(&arena, &strings, "test", inputs, n_inputs, interval_ns);
}

static void profiles_come_in_time_order_whatever_their_names(void **state)
{
    (void)state;
    heap("a.pb.gz", T0 + SECONDS(20), 3);
    heap("b.pb.gz", T0, 1);
    heap("c.pb.gz", T0 + SECONDS(10), 2);
    const struct mt_bundle *b = join(0);
    assert_int_equal(b->n_profiles[MT_PROFILE_HEAP], 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(b->profiles[MT_PROFILE_HEAP][i].profile->values[0], i + 1);
    assert_int_equal(b->start_ns, T0);
    assert_int_equal(b->end_ns, T0 + SECONDS(20));
    assert_int_equal(b->inputs[0].clock.clock, MT_CLOCK_SAME);
}

static void a_gc_log_from_process_start_is_placed_by_last_gc(void **state)
{
    (void)state;
    struct mt_capture *c = add("memstats.jsonl", "memstats");
    struct mt_table *t = mt_capture_add_table(c, "memstats");
    for (int i = 1; i <= 5; i++) {
        mt_table_row(&arena, t, T0 + SECONDS(10) * i);
        mt_table_set(&arena, t, MT_M_NUM_GC, i);
        mt_table_set(&arena, t, MT_M_LAST_GC, (double)(T0 + SECONDS(10) * i - SECONDS(1)));
    }
    struct mt_capture *g = add("gctrace.log", "gctrace");
    struct mt_gc_log *log = mt_capture_add_gc_log(g, "gctrace");
    for (uint64_t i = 1; i <= 5; i++) {
        MT_RESERVE(&arena, log->cycles, log->n_cycles, log->cap_cycles);
        struct mt_gc_cycle *cycle = &log->cycles[log->n_cycles++];
        mt_gc_cycle_init(cycle);
        cycle->number = i;
        cycle->since_start_ns = SECONDS(10) * (int64_t)i - SECONDS(3);
        cycle->mark_ns = SECONDS(1);
    }
    const struct mt_bundle *b = join(0);
    /* the end of cycle n is LastGC: start of the process = T0 + 10n - 1 - (10n - 3 + 1) = T0 + 1 s
     */
    assert_true(llabs(b->gc_logs[0]->cycles[2].time_ns - (T0 + SECONDS(28))) < 1000);
    assert_int_equal(b->gc_logs[0]->clock.clock, MT_CLOCK_ALIGNED);
    assert_true(b->gc_logs[0]->clock.error_ns < SECONDS(0.001));
}

/* Dated lines placed the log within half a second; LastGC knows it to the ms. The scheduler's rows
 * count from the same start. */
static void cycle_numbers_refine_what_dated_lines_said(void **state)
{
    (void)state;
    for (int of_another = 0; of_another < 2; of_another++) {
        fresh(NULL);
        struct mt_capture *c = add("memstats.jsonl", "memstats");
        struct mt_table *t = mt_capture_add_table(c, "memstats");
        for (int i = 1; i <= 5; i++) {
            mt_table_row(&arena, t, T0 + SECONDS(10) * i);
            mt_table_set(&arena, t, MT_M_NUM_GC, i);
            mt_table_set(&arena, t, MT_M_LAST_GC, (double)(T0 + SECONDS(10) * i));
        }
        struct mt_capture *g = add("stderr.log", "gctrace");
        struct mt_gc_log *log = mt_capture_add_gc_log(g, "gctrace");
        int64_t said = of_another ? T0 - SECONDS(100) : T0 + SECONDS(0.3);
        log->clock = (struct mt_clock_state){MT_CLOCK_ALIGNED, false, SECONDS(0.5), "dated lines"};
        for (uint64_t i = 1; i <= 5; i++) {
            MT_RESERVE(&arena, log->cycles, log->n_cycles, log->cap_cycles);
            struct mt_gc_cycle *cycle = &log->cycles[log->n_cycles++];
            mt_gc_cycle_init(cycle);
            cycle->number = i;
            cycle->since_start_ns = SECONDS(10) * (int64_t)i;
            cycle->time_ns = said + cycle->since_start_ns;
        }
        struct mt_table *sched = mt_capture_add_table(g, "schedtrace");
        mt_table_row(&arena, sched, MT_NO_TIME);
        mt_table_since_start(&arena, sched, SECONDS(7));
        mt_table_set(&arena, sched, MT_M_THREADS, 4);
        sched->gc_log = 1;
        const struct mt_bundle *b = join(0);
        int64_t start = of_another ? said : T0;
        assert_true(llabs(b->gc_logs[0]->cycles[2].time_ns - (start + SECONDS(30))) < 1000);
        assert_int_equal(b->gc_logs[0]->clock.error_ns < SECONDS(0.001), !of_another);
        assert_true(llabs(sched->time_ns[0] - (start + SECONDS(7))) < 1000);
        assert_int_equal(sched->clock.clock, MT_CLOCK_ALIGNED);
    }
}

static void records_without_times_lie_between_their_last_gc_and_the_next(void **state)
{
    (void)state;
    struct mt_capture *c = add("memstats.txt", "memstats-text");
    struct mt_table *t = mt_capture_add_table(c, "memstats");
    for (int i = 0; i < 20; i++) { /* a record a second, a collection every fourth */
        mt_table_row(&arena, t, MT_NO_TIME);
        mt_table_set(&arena, t, MT_M_HEAP_ALLOC, 1000 + i);
        mt_table_set(&arena, t, MT_M_LAST_GC, (double)(T0 + SECONDS(i / 4 * 4)));
    }
    const struct mt_bundle *b = join(0);
    const struct mt_series *s = mt_bundle_series(b, MT_M_HEAP_ALLOC);
    assert_int_equal(s->n, 20);
    for (size_t i = 0; i < 20; i++) {
        int64_t low = T0 + SECONDS((double)(i / 4 * 4)), high = low + SECONDS(4);
        assert_true(s->time_ns[i] >= low && s->time_ns[i] <= high);
        assert_true(!i || s->time_ns[i] >= s->time_ns[i - 1]);
    }
    assert_int_equal(s->clock->clock, MT_CLOCK_ALIGNED);
}

static void without_anything_records_are_not_aligned(void **state)
{
    (void)state;
    heap("heap.pb.gz", T0, 1);
    struct mt_table *t = mt_capture_add_table(add("memstats.txt", "memstats-text"), "memstats");
    for (int i = 0; i < 3; i++) {
        mt_table_row(&arena, t, MT_NO_TIME);
        mt_table_set(&arena, t, MT_M_HEAP_ALLOC, i);
    }
    const struct mt_bundle *b = join(0);
    const struct mt_series *s = mt_bundle_series(b, MT_M_HEAP_ALLOC);
    assert_int_equal(s->clock->clock, MT_CLOCK_NONE);
    assert_int_equal(s->time_ns[1] - s->time_ns[0], SECONDS(5));
    assert_int_equal(b->end_ns, T0); /* what is not aligned does not widen the window */
}

static void a_given_interval_places_them_in_the_window(void **state)
{
    (void)state;
    heap("a.pb.gz", T0, 1);
    heap("b.pb.gz", T0 + SECONDS(4), 1);
    struct mt_table *t = mt_capture_add_table(add("memstats.txt", "memstats-text"), "memstats");
    for (int i = 0; i < 3; i++) {
        mt_table_row(&arena, t, MT_NO_TIME);
        mt_table_set(&arena, t, MT_M_HEAP_ALLOC, i);
    }
    const struct mt_series *s = mt_bundle_series(join(SECONDS(2)), MT_M_HEAP_ALLOC);
    assert_int_equal(s->time_ns[0], T0);
    assert_int_equal(s->time_ns[2], T0 + SECONDS(4));
    assert_int_equal(s->clock->clock, MT_CLOCK_ALIGNED);
    assert_int_equal(s->clock->error_ns, 0);
}

static void log_times_without_a_zone_move_by_whole_quarter_hours(void **state)
{
    (void)state;
    heap("a.pb.gz", T0, 1);
    heap("b.pb.gz", T0 + SECONDS(60), 2);
    struct mt_capture *c = add("app.log", "app-log");
    struct mt_table *t = mt_capture_add_table(c, "app-log");
    t->clock.zone_unknown = true;
    for (int i = 0; i < 6; i++) { /* written in UTC+05:45 */
        mt_table_row(&arena, t, T0 + SECONDS(5.75 * 3600) + SECONDS(10.0 * i));
        mt_table_set(&arena, t, MT_M_HEAP_ALLOC, i);
    }
    const struct mt_bundle *b = join(0);
    assert_int_equal(mt_bundle_series(b, MT_M_HEAP_ALLOC)->time_ns[0], T0);
    assert_int_equal(b->n_quality, 1);
    assert_non_null(strstr(b->quality[0].statement, "UTC+05:45"));
}

static void whole_seconds_are_spread_within_the_second(void **state)
{
    (void)state;
    struct mt_table *t = mt_capture_add_table(add("rss.log", "rss"), "rss");
    for (int i = 0; i < 8; i++) {
        mt_table_row(&arena, t, T0 + SECONDS(i / 4));
        mt_table_set(&arena, t, MT_M_RSS, i);
    }
    const struct mt_series *s = mt_bundle_series(join(0), MT_M_RSS);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(s->time_ns[i], T0 + SECONDS(0.25) * (int64_t)i);
}

static void a_text_profile_is_placed_by_equal_content(void **state)
{
    (void)state;
    heap("heap.1.pb.gz", T0, 100);
    heap("heap.2.pb.gz", T0 + SECONDS(30), 200);
    struct mt_profile *text = heap("heap-debug1.txt", MT_NO_TIME, 200);
    text->from_text = true;
    text->raw_time_ns = 0;
    const struct mt_bundle *b = join(0);
    assert_int_equal(b->inputs[2].start_ns, T0 + SECONDS(30));
    assert_int_equal(b->inputs[2].clock.clock, MT_CLOCK_ALIGNED);
}

static void dumps_are_placed_by_names_like_those_of_dated_files(void **state)
{
    (void)state;
    heap("t+002s/heap.pprof", T0 + SECONDS(2.2), 1);
    heap("t+019s/heap.pprof", T0 + SECONDS(19.2), 2);
    mt_capture_add_dump(add("t+010s/goroutine-full.txt", "goroutine-dump"));
    const struct mt_bundle *b = join(0);
    assert_true(llabs(b->dumps[0]->time_ns - (T0 + SECONDS(10.2))) < SECONDS(0.001));
}

static void numbered_texts_are_spread_over_the_window_of_their_kind(void **state)
{
    (void)state;
    struct mt_profile *p = heap("goroutine.1", T0, 1);
    p->kind = MT_PROFILE_GOROUTINE;
    p = heap("goroutine.2", T0 + SECONDS(40), 1);
    p->kind = MT_PROFILE_GOROUTINE;
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {"dump.txt.10", "dump.txt.9", "dump.txt.8"};
        mt_capture_add_dump(add(names[i], "goroutine-dump"));
    }
    const struct mt_bundle *b = join(0);
    assert_string_equal(b->dump_inputs[0]->path, "dump.txt.8");
    assert_int_equal(b->dumps[0]->time_ns, T0);
    assert_int_equal(b->dumps[1]->time_ns, T0 + SECONDS(20));
    assert_int_equal(b->dumps[2]->time_ns, T0 + SECONDS(40));
}

static void a_trace_without_wall_clock_is_laid_over_the_collections(void **state)
{
    (void)state;
    static const double starts[] = {1.0, 3.7, 5.1, 9.4, 11.0, 17.3};
    struct mt_capture *g = add("gclog.json", "gclog");
    struct mt_gc_log *log = mt_capture_add_gc_log(g, "gclog");
    for (uint64_t i = 0; i < 6; i++) {
        MT_RESERVE(&arena, log->cycles, log->n_cycles, log->cap_cycles);
        struct mt_gc_cycle *cycle = &log->cycles[log->n_cycles++];
        mt_gc_cycle_init(cycle);
        cycle->number = i + 1;
        cycle->time_ns = T0 + SECONDS(starts[i]);
    }
    struct mt_capture *c = add("trace.out", "gotrace");
    c->trace = MT_NEW(&arena, struct mt_trace);
    c->trace->start_ns = MT_NO_TIME;
    c->trace->duration_ns = SECONDS(8);
    c->trace->marks = MT_NEW_N(&arena, struct mt_trace_mark, 3);
    c->trace->n_marks = 3;
    for (size_t i = 0; i < 3; i++) /* began at T0 + 3.2 s */
        c->trace->marks[i] = (struct mt_trace_mark){.at_ns = SECONDS(starts[i + 1] - 3.2 - 0.01),
                                                    .duration_ns = SECONDS(0.01)};
    struct mt_table *t = mt_capture_add_table(c, "gotrace");
    mt_table_row(&arena, t, SECONDS(1));
    mt_table_set(&arena, t, MT_M_HEAP_LIVE, 1);
    const struct mt_bundle *b = join(0);
    assert_true(llabs(b->traces[0]->start_ns - (T0 + SECONDS(3.2))) < SECONDS(0.03));
    assert_int_equal(b->traces[0]->clock.clock, MT_CLOCK_ALIGNED);
    assert_true(llabs(mt_bundle_series(b, MT_M_HEAP_LIVE)->time_ns[0] - (T0 + SECONDS(4.2))) <
                SECONDS(0.03));
}

static void times_that_no_clock_shows_are_dropped(void **state)
{
    (void)state;
    heap("a.pb.gz", INT64_MAX, 1);
    heap("b.pb.gz", INT64_MIN + 1, 1);
    heap("c.pb.gz", T0, 1);
    const struct mt_bundle *b = join(0);
    assert_int_equal(b->start_ns, T0);
    assert_int_equal(b->end_ns, T0);
    assert_int_equal(b->n_quality, 2);
}

/* A count of the scheduler's lines may say anything. */
static void rows_that_count_from_a_start_before_all_clocks_are_dropped(void **state)
{
    (void)state;
    heap("a.pb.gz", T0, 1);
    struct mt_table *t = mt_capture_add_table(add("sched.log", "gctrace"), "gctrace");
    mt_table_row(&arena, t, MT_NO_TIME);
    mt_table_since_start(&arena, t, INT64_MAX - 5);
    mt_table_set(&arena, t, MT_M_GOMAXPROCS, 1);
    mt_table_row(&arena, t, MT_NO_TIME);
    mt_table_since_start(&arena, t, SECONDS(2));
    mt_table_set(&arena, t, MT_M_GOMAXPROCS, 2);
    join(0);
    assert_int_equal(t->since_start_ns[0], MT_NO_TIME);
    assert_int_equal(t->time_ns[1], T0 + SECONDS(2));
}

static void an_offset_of_the_manifest_comes_before_what_is_plausible(void **state)
{
    (void)state;
    struct mt_profile *late = heap("late.pb.gz", SECONDS(100), 1); /* a clock that began at 1970 */
    struct mt_profile *good = heap("good.pb.gz", T0, 2);
    struct mt_capture *c = add("bundle.json", "manifest");
    c->manifest = MT_NEW(&arena, struct mt_manifest);
    *c->manifest = (struct mt_manifest){.captured_at_ns = MT_NO_TIME, .gogc = INT32_MIN};
    c->manifest->offsets = mt_arena_take(&arena, 300, sizeof *c->manifest->offsets);
    c->manifest->n_offsets = 300;
    for (size_t i = 0; i < 300; i++) {
        c->manifest->offsets[i].path = mt_intern_text(c->strings, i ? "good.pb.gz" : "late.pb.gz");
        c->manifest->offsets[i].offset_ms = 900000000000; /* 28.5 years */
    }
    join(0);
    assert_int_equal(late->time_ns, SECONDS(900000100));
    assert_int_equal(good->time_ns, MT_NO_TIME); /* 300 of them lead beyond all years */
}

static void pieces_of_a_rotated_log_are_one_series(void **state)
{
    (void)state;
    static const char *const names[] = {"memstats.log", "memstats.log.1", "memstats.log.2.gz"};
    for (int i = 0; i < 3; i++) {
        struct mt_table *t = mt_capture_add_table(add(names[i], "memstats"), "memstats");
        for (int row = 0; row < 2; row++) {
            mt_table_row(&arena, t, T0 + SECONDS(10.0 * (2 - i) + row));
            mt_table_set(&arena, t, MT_M_HEAP_ALLOC, 10 * (2 - i) + row);
        }
    }
    const struct mt_bundle *b = join(0);
    assert_int_equal(b->n_series, 1);
    assert_int_equal(b->series[0].n, 6);
    assert_true(b->series[0].value[0] == 0 && b->series[0].value[5] == 21);
}

static void rotation_marks_are_told_from_other_endings(void **state)
{
    (void)state;
    struct mt_span stem;
    uint64_t turn;
    assert_true(mt_rotation_of(MT_SPAN("a.log.12.gz"), &stem, &turn));
    assert_true(turn == 12 && mt_span_is(stem, "a.log"));
    assert_true(mt_rotation_of(MT_SPAN("a.log.old"), &stem, &turn));
    assert_true(turn == 1 && mt_span_is(stem, "a.log"));
    assert_false(mt_rotation_of(MT_SPAN("a.log"), &stem, &turn));
    assert_true(mt_span_is(stem, "a.log"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, drop_all)
    const struct CMUnitTest tests[] = {
        TEST(profiles_come_in_time_order_whatever_their_names),
        TEST(a_gc_log_from_process_start_is_placed_by_last_gc),
        TEST(cycle_numbers_refine_what_dated_lines_said),
        TEST(records_without_times_lie_between_their_last_gc_and_the_next),
        TEST(without_anything_records_are_not_aligned),
        TEST(a_given_interval_places_them_in_the_window),
        TEST(log_times_without_a_zone_move_by_whole_quarter_hours),
        TEST(whole_seconds_are_spread_within_the_second),
        TEST(a_text_profile_is_placed_by_equal_content),
        TEST(dumps_are_placed_by_names_like_those_of_dated_files),
        TEST(numbered_texts_are_spread_over_the_window_of_their_kind),
        TEST(a_trace_without_wall_clock_is_laid_over_the_collections),
        TEST(times_that_no_clock_shows_are_dropped),
        TEST(rows_that_count_from_a_start_before_all_clocks_are_dropped),
        TEST(an_offset_of_the_manifest_comes_before_what_is_plausible),
        TEST(pieces_of_a_rotated_log_are_one_series),
        TEST(rotation_marks_are_told_from_other_endings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
