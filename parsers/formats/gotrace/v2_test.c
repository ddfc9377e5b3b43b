/* SPDX-License-Identifier: Apache-2.0 */
/* Traces of version 2, written record by record, against the events they tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/v2_testing.h"
#include "parsers/formats/reader.h"

#include <stdio.h>

extern const struct mt_reader mt_reader_gotrace;

/* ---- what it tells ---- */

static struct {
    struct mt_text lines;
    struct mt_err err;
    bool ok;
} told;

static bool add_line(void *sink, struct mt_span line)
{
    mt_text_span(sink, line);
    return true;
}

static void list(struct mt_cursor in)
{
    mt_text_clear(&told.lines);
    told.ok = mt_reader_gotrace.list(&in, add_line, &told.lines);
    assert_int_equal(told.ok, told.err.code == MT_ERR_OK);
}

static void tell(void)
{
    told.err = (struct mt_err){0};
    list(mt_cur_over(mt_text_view(&made.file), &told.err));
}

/* The listing from that line on is exactly this. */
static void assert_lines(size_t from, const char *const *expected, size_t n)
{
    struct mt_span rest = mt_text_view(&told.lines), line;
    for (size_t i = 0; i < from; i++)
        assert_true(mt_span_line(&rest, &line));
    for (size_t i = 0; i < n; i++) {
        assert_true(mt_span_line(&rest, &line));
        if (!mt_span_is(line, expected[i]))
            fail_msg("line %zu is %.*s\nexpected   %s", from + i, (int)line.size,
                     (const char *)line.data, expected[i]);
    }
    if (mt_span_line(&rest, &line))
        fail_msg("one more line: %.*s", (int)line.size, (const char *)line.data);
}

#define LINES(from, ...)                                                                           \
    assert_lines(from, (const char *const[]){__VA_ARGS__},                                         \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static size_t n_lines(void)
{
    struct mt_span rest = mt_text_view(&told.lines), line;
    size_t n = 0;
    while (mt_span_line(&rest, &line))
        n++;
    return n;
}

/* ---- order ---- */

static void a_start_waits_for_the_creation_on_another_thread(void **state)
{
    (void)state;
    begin(23);
    runs();
    RECORD(MT_REC_GO_CREATE, 50, 2, 1, 1);
    batch(1, 5, 1000);
    RECORD(MT_REC_PROC_STATUS, 0, 1, 1);
    RECORD(MT_REC_GO_START, 5, 2, 1);
    batch(1, 6, 1010);
    tables(1);
    tell();
    assert_true(told.ok);
    LINES(4,
          "4 51 StateTransition g=1 p=0 m=5 res=Goroutine(2) NotExist->Runnable reason=\"\" "
          "tstk=1:649db0443edac5ef:\"main.work\" stk=1:649db0443edac5ef:\"main.work\"",
          "5 52 StateTransition g=-1 p=1 m=6 res=Goroutine(2) Runnable->Running reason=\"\"",
          "6 53 Sync g=-1 p=-1 m=-1 n=2");
}

static void at_equal_times_threads_come_as_the_heap_of_go_has_them(void **state)
{
    (void)state;
    begin(23);
    for (uint64_t thread = 9; thread > 5; thread--) {
        RECORD(MT_REC_PROC_STATUS, 0, thread, 1);
        batch(1, thread, 1000);
    }
    tables(1);
    tell();
    LINES(1, "1 1 StateTransition g=-1 p=-1 m=9 res=Proc(9) Undetermined->Running reason=\"\"",
          "2 2 StateTransition g=-1 p=-1 m=6 res=Proc(6) Undetermined->Running reason=\"\"",
          "3 3 StateTransition g=-1 p=-1 m=7 res=Proc(7) Undetermined->Running reason=\"\"",
          "4 4 StateTransition g=-1 p=-1 m=8 res=Proc(8) Undetermined->Running reason=\"\"",
          "5 5 Sync g=-1 p=-1 m=-1 n=2");
}

static void a_syscall_ends_blocked_once_its_proc_is_stolen(void **state)
{
    (void)state;
    begin(23);
    runs();
    RECORD(MT_REC_GO_SYSCALL_BEGIN, 5, 1, 0);
    RECORD(MT_REC_GO_SYSCALL_END_BLOCKED, 1);
    batch(1, 5, 1000);
    RECORD(MT_REC_PROC_STATUS, 0, 1, 1);
    RECORD(MT_REC_PROC_STEAL, 20, 0, 2, 5);
    batch(1, 6, 1000);
    tables(1);
    tell();
    assert_true(told.ok);
    LINES(4, "4 6 StateTransition g=1 p=0 m=5 res=Goroutine(1) Running->Syscall reason=\"\"",
          "5 20 StateTransition g=-1 p=1 m=6 res=Proc(0) Running->Idle reason=\"\"",
          "6 21 StateTransition g=1 p=-1 m=5 res=Goroutine(1) Syscall->Runnable reason=\"\"",
          "7 22 Sync g=-1 p=-1 m=-1 n=2");
}

static void a_thread_of_c_gives_up_its_proc_before_it_leaves(void **state)
{
    (void)state;
    begin(23);
    RECORD(MT_REC_PROC_STATUS, 0, 0, 2);
    RECORD(MT_REC_GO_CREATE_SYSCALL, 1, 7);
    RECORD(MT_REC_PROC_START, 1, 0, 1);
    RECORD(MT_REC_GO_SYSCALL_END_BLOCKED, 1);
    RECORD(MT_REC_GO_START, 1, 7, 1);
    RECORD(MT_REC_GO_SYSCALL_BEGIN, 1, 2, 0);
    RECORD(MT_REC_GO_DESTROY_SYSCALL, 1);
    batch(1, 5, 1000);
    tables(1);
    tell();
    assert_true(told.ok);
    LINES(7, "7 7 StateTransition g=7 p=0 m=5 res=Proc(0) Running->Idle reason=\"\"",
          "8 8 StateTransition g=7 p=0 m=5 res=Goroutine(7) Syscall->NotExist reason=\"\"",
          "9 9 Sync g=-1 p=-1 m=-1 n=2");
}

static void a_switch_of_coroutines_is_three_events(void **state)
{
    (void)state;
    begin(23);
    runs();
    RECORD(MT_REC_GO_CREATE_BLOCKED, 10, 2, 0, 0);
    RECORD(MT_REC_GO_SWITCH, 10, 2, 1);
    RECORD(MT_REC_GO_SWITCH_DESTROY, 10, 1, 1);
    batch(1, 5, 1000);
    tables(1);
    tell();
    assert_true(told.ok);
    LINES(4, "4 21 StateTransition g=1 p=0 m=5 res=Goroutine(2) Waiting->Runnable reason=\"\"",
          "5 22 StateTransition g=1 p=0 m=5 res=Goroutine(1) Running->Waiting reason=\"\"",
          "6 23 StateTransition g=-1 p=0 m=5 res=Goroutine(2) Runnable->Running reason=\"\"",
          "7 31 StateTransition g=2 p=0 m=5 res=Goroutine(1) Waiting->Runnable reason=\"\"",
          "8 32 StateTransition g=2 p=0 m=5 res=Goroutine(2) Running->NotExist reason=\"\"",
          "9 33 StateTransition g=-1 p=0 m=5 res=Goroutine(1) Runnable->Running reason=\"\"",
          "10 34 Sync g=-1 p=-1 m=-1 n=2");
}

static void samples_come_before_what_is_strictly_later(void **state)
{
    (void)state;
    begin(23);
    runs();
    RECORD(MT_REC_HEAP_ALLOC, 9, 4096);
    batch(1, 5, 1000);
    RECORD(MT_REC_CPU_SAMPLES, MT_REC_CPU_SAMPLE, 1010, 5, 0, 1, 1, MT_REC_CPU_SAMPLE, 1009, 5, 0,
           0, 99);
    batch(1, NO_THREAD, 1000);
    tables(1);
    tell();
    assert_true(told.ok);
    LINES(3, "3 9 StackSample g=-1 p=0 m=5",
          "4 10 Metric g=1 p=0 m=5 name=\"/memory/classes/heap/objects:bytes\" value=4096",
          "5 11 StackSample g=1 p=0 m=5 stk=1:649db0443edac5ef:\"main.work\"",
          "6 12 Sync g=-1 p=-1 m=-1 n=2");
}

static void each_time_difference_is_cut_by_itself(void **state)
{
    (void)state;
    begin(23);
    RECORD(MT_REC_PROC_STATUS, 0, 0, 1);
    RECORD(MT_REC_HEAP_GOAL, 3, 1);
    RECORD(MT_REC_HEAP_GOAL, 3, 1);
    batch(1, 5, 1000);
    RECORD(MT_REC_FREQUENCY, 2400000000);
    batch(1, NO_THREAD, 1000);
    tell();
    assert_true(told.ok); /* 3 ticks are 1.25 ns, 6 would be 2.5 */
    LINES(2, "2 2 Metric g=-1 p=0 m=5 name=\"/gc/heap/goal:bytes\" value=1",
          "3 3 Metric g=-1 p=0 m=5 name=\"/gc/heap/goal:bytes\" value=1",
          "4 4 Sync g=-1 p=-1 m=-1 n=2");
}

/* ---- across generations ---- */

static void a_task_keeps_its_type_into_the_next_generation(void **state)
{
    (void)state;
    begin(26);
    runs();
    RECORD(MT_REC_TASK_BEGIN, 10, 8, 0, 4, 1);
    batch(1, 5, 1000);
    tables(1);
    end_of_generation();
    runs();
    RECORD(MT_REC_TASK_END, 10, 8, 0);
    batch(2, 5, 2000);
    RECORD(MT_REC_SYNC, MT_REC_FREQUENCY, 1000000000, MT_REC_CLOCK_SNAPSHOT, 0, 56, 1700000000,
           2000000011);
    batch(2, NO_THREAD, 2000);
    end_of_generation();
    tell();
    assert_true(told.ok);
    LINES(3,
          "3 11 TaskBegin g=1 p=0 m=5 id=8 parent=none type=\"order\" "
          "stk=1:649db0443edac5ef:\"main.work\"",
          "4 1000 Sync g=-1 p=-1 m=-1 n=2 clock=1000,56,1700000002.000000011",
          "5 1001 StateTransition g=1 p=0 m=5 res=Proc(0) Running->Running reason=\"\"",
          "6 1002 StateTransition g=1 p=0 m=5 res=Goroutine(1) Running->Running reason=\"\"",
          "7 1011 TaskEnd g=1 p=0 m=5 id=8 parent=none type=\"order\"",
          "8 1012 Sync g=-1 p=-1 m=-1 n=3");
}

/* Four generations in which goroutine 1 creates one more each. */
static void four_generations(unsigned go_minor)
{
    begin(go_minor);
    for (uint64_t g = 1; g <= 4; g++) {
        runs();
        RECORD(MT_REC_GO_CREATE, 10, 10 + g, 1, 1);
        batch(g, 5, 1000 * g);
        tables(g);
        end_of_generation();
    }
}

static void a_cut_file_keeps_its_whole_generations(void **state)
{
    (void)state;
    static const unsigned minors[] = {22, 26};
    for (size_t i = 0; i < 2; i++) {
        four_generations(minors[i]);
        tell();
        assert_true(told.ok);
        assert_int_equal(n_lines(), 17);
        size_t before = 0, whole = made.file.size;
        for (size_t size = 16; size < whole; size++) {
            made.file.size = size;
            tell();
            assert_true(n_lines() >= before);
            before = n_lines();
        }
        assert_true(before >= 13);
    }
}

static void a_generation_that_is_missing_takes_the_one_before_along(void **state)
{
    (void)state;
    begin(23);
    runs();
    batch(1, 5, 1000);
    tables(1);
    runs();
    batch(3, 5, 2000);
    tables(3);
    tell();
    assert_false(told.ok);
    assert_non_null(strstr(told.err.what, "generations out of order"));
    LINES(0, "0 0 Sync g=-1 p=-1 m=-1 n=1");
}

static void two_traces_in_one_file_are_damaged_where_the_second_begins(void **state)
{
    (void)state;
    four_generations(26);
    size_t first = made.file.size;
    struct mt_text once = made.file;
    made.file = (struct mt_text){0};
    mt_text_span(&made.file, mt_text_view(&once));
    mt_text_span(&made.file, mt_text_view(&once));
    mt_text_clear(&once);
    tell();
    assert_false(told.ok);
    assert_int_equal(told.err.offset, first);
    assert_int_equal(n_lines(), 17);
}

/* ---- damage ---- */

static void an_unknown_stack_stops_in_front_of_its_event(void **state)
{
    (void)state;
    begin(23);
    runs();
    RECORD(MT_REC_GO_BLOCK, 10, 3, 77);
    batch(1, 5, 1000);
    tables(1);
    tell();
    assert_false(told.ok);
    assert_non_null(strstr(told.err.what, "GoBlock: stack 77"));
    assert_int_equal(told.err.offset, 16 + 6 + 4 + 5);
    assert_int_equal(n_lines(), 3);
}

static void a_record_that_cannot_be_read_takes_the_one_before_it_along(void **state)
{
    (void)state;
    begin(23);
    runs();
    RECORD(MT_REC_HEAP_ALLOC, 10, 1);
    mt_text_byte(&made.batch, 120);
    batch(1, 5, 1000);
    tables(1);
    tell();
    assert_non_null(strstr(told.err.what, "type 120 is no event"));
    assert_int_equal(n_lines(), 3);
}

static void ids_of_strings_come_once(void **state)
{
    (void)state;
    begin(23);
    runs();
    batch(1, 5, 1000);
    RECORD(MT_REC_STRINGS);
    string(4, "order");
    batch(1, NO_THREAD, 1000);
    tables(1);
    tell();
    assert_non_null(strstr(told.err.what, "two strings have id 4"));
    assert_int_equal(n_lines(), 1);
}

static void regions_end_innermost_first(void **state)
{
    (void)state;
    begin(23);
    runs();
    RECORD(MT_REC_REGION_END, 1, 0, 3, 0); /* began before the trace */
    RECORD(MT_REC_REGION_BEGIN, 1, 0, 3, 0);
    RECORD(MT_REC_REGION_BEGIN, 1, 0, 4, 0);
    RECORD(MT_REC_REGION_END, 1, 0, 3, 0);
    batch(1, 5, 1000);
    tables(1);
    tell();
    assert_non_null(strstr(told.err.what, "innermost"));
    assert_int_equal(n_lines(), 6);
}

/* ---- how it is given ---- */

struct trickle {
    struct mt_source source;
    struct mt_span file;
    size_t taken; /* of the file, into the window */
    unsigned char window[1 << 17];
    size_t size;
};

/* A source that moves its window at each refill and has nothing to spare. */
static bool refill(struct mt_source *self, struct mt_span *rest, size_t want, struct mt_err *err)
{
    (void)err;
    struct trickle *t = (struct trickle *)self;
    size_t left = rest->size;
    memmove(t->window, rest->data ? rest->data : t->window, left);
    while (left < want && t->taken < t->file.size)
        t->window[left++] = t->file.data[t->taken++];
    memset(t->window + left, 0xee, sizeof t->window - left);
    *rest = (struct mt_span){t->window, left};
    return true;
}

static void a_pipe_tells_the_same_as_a_file(void **state)
{
    (void)state;
    static const struct mt_source_calls calls = {.refill = refill};
    static struct trickle t;
    static const unsigned minors[] = {22, 26};
    for (size_t i = 0; i < 2; i++) {
        four_generations(minors[i]);
        tell();
        struct mt_text whole = told.lines;
        told.lines = (struct mt_text){0};
        t = (struct trickle){.source.calls = &calls, .file = mt_text_view(&made.file)};
        list((struct mt_cursor){.err = &told.err, .source = &t.source});
        assert_true(told.ok);
        assert_true(mt_span_equal(mt_text_view(&whole), mt_text_view(&told.lines)));
        mt_text_clear(&whole);
    }
}

static void long_generations_go_through_two_threads(void **state)
{
    (void)state;
    enum { BATCHES = 24, EVENTS = 9000 };
    begin(26);
    for (uint64_t g = 1; g <= 2; g++) {
        for (uint64_t b = 0; b < BATCHES; b++) {
            if (!b)
                runs();
            for (uint64_t i = 0; i < EVENTS; i++)
                RECORD(MT_REC_HEAP_ALLOC, 1, 1u << 21);
            batch(g, 5, 1000 + (g * BATCHES + b) * EVENTS);
        }
        tables(g);
        end_of_generation();
    }
    assert_true(made.file.size > 2u << 20);
    struct mt_arena arena = {0};
    struct mt_strings strings;
    struct mt_capture capture;
    struct mt_err err = {0};
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    capture.inspecting = true;
    struct mt_cursor in = mt_cur_over(mt_text_view(&made.file), &err);
    assert_true(mt_reader_gotrace.read(&in, &capture));
    assert_int_equal(capture.records, 2 * BATCHES * EVENTS + 2 * 2 + 3);
    mt_arena_clear(&arena);
}

static void what_a_damage_costs_is_stated(void **state)
{
    (void)state;
    four_generations(26);
    made.file.size -= 40;
    struct mt_arena arena = {0};
    struct mt_strings strings;
    struct mt_capture capture;
    struct mt_err err = {0};
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    struct mt_cursor in = mt_cur_over(mt_text_view(&made.file), &err);
    assert_false(mt_reader_gotrace.read(&in, &capture));
    size_t generation = (made.file.size + 40 - 16) / 4;
    assert_true(capture.lost_bytes + 40 >= generation - 4);
    assert_true(capture.lost_bytes <= generation);
    assert_in_range(capture.lost_ns, 900, 1100);
    mt_arena_clear(&arena);
}

static bool take_three(void *sink, struct mt_span line)
{
    (void)line;
    return ++*(int *)sink < 3;
}

static void a_listing_stops_when_nobody_listens(void **state)
{
    (void)state;
    four_generations(26);
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(mt_text_view(&made.file), &err);
    int lines = 0;
    assert_true(mt_reader_gotrace.list(&in, take_three, &lines));
    assert_int_equal(lines, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_waits_for_the_creation_on_another_thread),
        cmocka_unit_test(at_equal_times_threads_come_as_the_heap_of_go_has_them),
        cmocka_unit_test(a_syscall_ends_blocked_once_its_proc_is_stolen),
        cmocka_unit_test(a_thread_of_c_gives_up_its_proc_before_it_leaves),
        cmocka_unit_test(a_switch_of_coroutines_is_three_events),
        cmocka_unit_test(samples_come_before_what_is_strictly_later),
        cmocka_unit_test(each_time_difference_is_cut_by_itself),
        cmocka_unit_test(a_task_keeps_its_type_into_the_next_generation),
        cmocka_unit_test(a_cut_file_keeps_its_whole_generations),
        cmocka_unit_test(a_generation_that_is_missing_takes_the_one_before_along),
        cmocka_unit_test(two_traces_in_one_file_are_damaged_where_the_second_begins),
        cmocka_unit_test(an_unknown_stack_stops_in_front_of_its_event),
        cmocka_unit_test(a_record_that_cannot_be_read_takes_the_one_before_it_along),
        cmocka_unit_test(ids_of_strings_come_once),
        cmocka_unit_test(regions_end_innermost_first),
        cmocka_unit_test(a_pipe_tells_the_same_as_a_file),
        cmocka_unit_test(long_generations_go_through_two_threads),
        cmocka_unit_test(what_a_damage_costs_is_stated),
        cmocka_unit_test(a_listing_stops_when_nobody_listens),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_text_clear(&made.file);
    mt_text_clear(&made.batch);
    mt_text_clear(&told.lines);
    return failed;
}
