/* SPDX-License-Identifier: Apache-2.0 */
/* Traces of every header of version 1, written record by record, against the events they tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/text.h"
#include "parsers/formats/gotrace/v1.h"
#include "parsers/formats/gotrace/v1_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a trace in the making ---- */

static struct {
    unsigned version;
    unsigned char bytes[1 << 14];
    size_t size;
    uint64_t seq; /* 1.5 */
} made;

static void begin(unsigned version)
{
    made.version = version;
    made.size = 0;
    made.seq = 100;
}

static void byte(unsigned value)
{
    assert_true(made.size < sizeof made.bytes);
    made.bytes[made.size++] = (unsigned char)value;
}

static void number(uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        byte((unsigned)(value & 0x7f) | 0x80);
    byte((unsigned)value);
}

static size_t width(uint64_t value)
{
    size_t n = 1;
    for (; value >= 0x80; value >>= 7)
        n++;
    return n;
}

/* The record as it stands, no argument added. */
static void record(unsigned type, size_t n, const uint64_t *args)
{
    size_t fewest = made.version < 7 ? 2 : 1;
    if (n >= fewest && n < fewest + 3) {
        byte(type | (unsigned)(n - fewest) << 6);
    } else {
        size_t bytes = 0;
        for (size_t i = 0; i < n; i++)
            bytes += width(args[i]);
        byte(type | 3u << 6);
        number(bytes);
    }
    for (size_t i = 0; i < n; i++)
        number(args[i]);
}

#define LIST(...)                                                                                  \
    (const uint64_t[])                                                                             \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define COUNT(...)        (sizeof LIST(__VA_ARGS__) / sizeof(uint64_t))
#define RECORD(type, ...) record(MT_V1_##type, COUNT(__VA_ARGS__), LIST(__VA_ARGS__))

/* An event: time since the one before, then its own arguments. In 1.5 the sequence number, which
 * counts over all, goes in front; `skip` numbers are left to events of other Ps. */
static void event(unsigned type, uint64_t skip, size_t n, const uint64_t *args)
{
    uint64_t all[8] = {1 + skip};
    size_t lead = made.version < 7 ? 1 : 0;
    memcpy(all + lead, args, n * sizeof *args);
    record(type, n + lead, all);
}
#define EVENT(type, ...) event(MT_V1_##type, 0, COUNT(__VA_ARGS__), LIST(__VA_ARGS__))

static void batch(uint64_t proc, uint64_t ticks)
{
    if (made.version < 7)
        RECORD(BATCH, proc, 100, ticks);
    else
        RECORD(BATCH, proc, ticks);
}

static void string(uint64_t id, const char *text)
{
    byte(MT_V1_STRING);
    number(id);
    number(strlen(text));
    for (; *text; text++)
        byte((unsigned char)*text);
}

/* A stack of one frame. */
static void stack(uint64_t id, uint64_t pc, uint64_t function)
{
    if (made.version < 7)
        RECORD(STACK, id, 1, pc);
    else
        RECORD(STACK, id, 1, pc, function, function, 7);
}

static void frequency(uint64_t ticks_per_second)
{
    if (made.version < 7)
        RECORD(FREQUENCY, ticks_per_second, 0);
    else
        RECORD(FREQUENCY, ticks_per_second);
}

/* Goroutine 1 runs on P 0, goroutine 2 waits; then GOMAXPROCS. A tick is a nanosecond. */
static void beginning(unsigned version)
{
    begin(version);
    batch(0, 1000);
    EVENT(GO_CREATE, 1, 1, 1, 0);
    EVENT(GO_CREATE, 1, 2, 2, 0);
    EVENT(GO_WAITING, 1, 2);
    EVENT(PROC_START, 1, 7);
    if (version < 7)
        EVENT(GO_START, 1, 1);
    else
        EVENT(GO_START, 1, 1, 1);
    EVENT(GOMAXPROCS, 1, 4, 0);
}

static void ending(void)
{
    if (made.version >= 7) {
        string(1, "main.main");
        string(2, "main.work");
    }
    stack(1, 0x1000, 1);
    stack(2, 0x2000, 2);
    frequency(1000000000);
}

/* ---- what it tells ---- */

static const char *const go_states[] = {"runnable", "running", "waiting", "syscall", "-", "?"};
static const char *const proc_states[] = {"running", "idle", "-", "?"};

static void list_stack(struct mt_trace_feed *feed, struct mt_text *out, const char *mark,
                       uint32_t id)
{
    size_t n;
    const uint32_t *frames = mt_stack_frames(&feed->stacks, id, &n);
    for (size_t i = 0; i < n; i++) {
        mt_text_add(out, i ? "<" : mark);
        mt_text_span(out, mt_string(feed->capture->strings,
                                    mt_frame_at(&feed->stacks, frames[i])->function));
    }
}

static void list_one(struct mt_trace_feed *feed, struct mt_text *out, const struct mt_event *ev)
{
    const char *name = mt_string_text(feed->capture->strings, ev->name);
    mt_text_printf(out, "%d ", (int)ev->time_ns);
    switch (ev->kind) {
    case MT_EV_TRANSITION: {
        const char *const *states = ev->scope == MT_ABOUT_PROC ? proc_states : go_states;
        mt_text_printf(out, "%c%d %s>%s %s", ev->scope == MT_ABOUT_PROC ? 'P' : 'G',
                       (int)ev->subject, states[ev->from], states[ev->to], name);
        break;
    }
    case MT_EV_METRIC:
        mt_text_printf(out, "metric%d=%d", ev->what, (int)ev->value);
        break;
    case MT_EV_SYNC:
        mt_text_printf(out, "sync%d", (int)ev->sync->number);
        break;
    case MT_EV_LOG:
        mt_text_printf(out, "log %s=", name);
        mt_text_span(out, *ev->message);
        break;
    case MT_EV_TASK_BEGIN:
    case MT_EV_TASK_END:
        mt_text_printf(out, "%s %d %s parent=%d", mt_event_kind_name(ev->kind), (int)ev->task, name,
                       ev->value == MT_NO_TASK ? -1 : (int)ev->value);
        break;
    default:
        mt_text_printf(out, "%s %d %s", mt_event_kind_name(ev->kind), ev->what, name);
    }
    mt_text_printf(out, " g%d p%d m%d", (int)ev->goroutine, (int)ev->proc, (int)ev->thread);
    list_stack(feed, out, " in:", ev->stack);
    list_stack(feed, out, " its:", ev->target_stack);
    mt_text_byte(out, '\n');
}

static struct mt_text listed;
static struct mt_err error;
static bool refused;
static size_t n_remarks;

static void list(void *state, struct mt_trace_feed *feed, const struct mt_event *ev, size_t n)
{
    (void)state;
    for (size_t i = 0; i < n; i++)
        list_one(feed, &listed, &ev[i]);
}

static const struct mt_trace_consumer lister = {
    .name = "lister", .kinds = MT_KINDS_ALL, .events = list};

static bool read_made(size_t size)
{
    struct mt_arena arena = {0};
    struct mt_strings strings;
    struct mt_capture capture;
    struct mt_trace_feed *feed = malloc(sizeof *feed);
    assert_non_null(feed);
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    mt_feed_init(feed, &capture, made.version);
    mt_feed_add(feed, &lister);
    mt_text_clear(&listed);
    mt_text_add(&listed, "");
    error = (struct mt_err){0};
    /* a copy of exactly that size, so that reading past it is seen */
    unsigned char *exact = malloc(size + 1);
    assert_non_null(exact);
    memcpy(exact, made.bytes, size);
    struct mt_cursor in = mt_cur_over((struct mt_span){exact, size}, &error);
    bool ok = mt_gotrace_v1_read(&in, made.version, feed);
    assert_true(ok == (error.code == MT_ERR_OK));
    refused = !ok && !feed->n_events;
    n_remarks = capture.n_remarks;
    mt_feed_end(feed, ok);
    mt_feed_clear(feed);
    mt_arena_clear(&arena);
    free(exact);
    free(feed);
    return ok;
}

static void tells(const char *expected)
{
    if (!read_made(made.size))
        fail_msg("refused: %s", error.what);
    assert_string_equal(listed.data, expected);
}

static void is_refused(const char *why)
{
    assert_false(read_made(made.size));
    assert_true(refused);
    if (!strstr(error.what, why))
        fail_msg("refused for another reason: %s", error.what);
}

/* ---- every version ---- */

#define TOLD_BEGINNING                                                                             \
    "0 sync1 g-1 p-1 m-1\n"                                                                        \
    "3 G2 ?>waiting  g2 p0 m-1\n"                                                                  \
    "4 P0 ?>running  g-1 p0 m7\n"                                                                  \
    "5 G1 ?>running  g1 p0 m7\n"

static void tells_what_was_there_before_it_began(void **state)
{
    (void)state;
    static const unsigned versions[] = {7, 8, 9, 10, 11, 19, 21};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        beginning(versions[i]);
        EVENT(GO_CREATE, 5, 3, 2, 1);
        EVENT(GO_BLOCK_RECV, 4, 1);
        EVENT(GO_START, 1, 3, 1);
        EVENT(GO_UNBLOCK, 1, 2, 2, 2);
        EVENT(GO_END, 1);
        ending();
        tells(TOLD_BEGINNING
              "11 G3 ->runnable  g1 p0 m7 in:main.main its:main.work\n"
              "15 G1 running>waiting chan receive g1 p0 m7 in:main.main its:main.main\n"
              "16 G3 runnable>running  g3 p0 m7\n"
              "17 G2 waiting>runnable  g3 p0 m7 in:main.work\n"
              "18 G3 running>-  g3 p0 m7\n"
              "19 sync2 g-1 p-1 m-1\n");
    }
}

static void a_goroutine_of_which_only_the_creation_came_is_runnable(void **state)
{
    (void)state;
    begin(11);
    batch(0, 50);
    EVENT(GO_CREATE, 0, 9, 2, 0);
    EVENT(GOMAXPROCS, 3, 1, 0);
    EVENT(GOMAXPROCS, 4, 2, 0);
    ending();
    tells("0 sync1 g-1 p-1 m-1\n4 G9 ?>runnable  g-1 p-1 m-1\n8 metric0=2 g-1 p0 m-1\n"
          "9 sync2 g-1 p-1 m-1\n");
}

static void in_1_5_the_sequence_number_is_the_order(void **state)
{
    (void)state;
    beginning(5);                            /* numbers 101 to 106 */
    EVENT(GO_BLOCK, 10, 1);                  /* 107 */
    event(MT_V1_GO_START, 2, 2, LIST(3, 2)); /* 110 */
    batch(1, 1000);
    event(MT_V1_PROC_START, 7, 2, LIST(17, 8));   /* 108 */
    event(MT_V1_GO_UNBLOCK, 0, 3, LIST(1, 2, 0)); /* 109 */
    ending();
    tells(TOLD_BEGINNING "16 G1 running>waiting  g1 p0 m7 in:0x1000 its:0x1000\n"
                         "17 P1 ?>running  g-1 p1 m8\n"
                         "18 G2 waiting>runnable  g-1 p1 m8\n"
                         "19 G2 runnable>running  g2 p0 m7\n"
                         "20 sync2 g-1 p-1 m-1\n");
}

/* ---- order ---- */

/* P 1 wakes goroutine 2 and P 0 runs it; their clocks agree or P 0 is behind. */
static void two_procs(unsigned version, uint64_t start_after)
{
    beginning(version); /* the last at 1006 */
    EVENT(GO_BLOCK, 10, 1);
    EVENT(GO_START, start_after, 2, 3);
    batch(1, 1020);
    EVENT(PROC_START, 0, 8);
    EVENT(GO_START, 1, 5, 1);
    EVENT(GO_UNBLOCK, 1, 2, 2, 0);
    batch(2, 1010);
    EVENT(GO_CREATE, 0, 5, 2, 0);
    ending();
}

static void states_of_goroutines_decide_the_order_between_procs(void **state)
{
    (void)state;
    two_procs(21, 8);
    tells(TOLD_BEGINNING "10 G5 ->runnable  g-1 p2 m-1 its:main.work\n"
                         "16 G1 running>waiting  g1 p0 m7 in:main.main its:main.main\n"
                         "20 P1 ?>running  g-1 p1 m8\n"
                         "21 G5 runnable>running  g5 p1 m8\n"
                         "22 G2 waiting>runnable  g5 p1 m8\n"
                         "24 G2 runnable>running  g2 p0 m7\n"
                         "25 sync2 g-1 p-1 m-1\n");
}

static void times_that_go_back_are_mended_before_1_11_and_refused_later(void **state)
{
    (void)state;
    two_procs(11, 2);
    is_refused("out of order");
    two_procs(10, 2);
    assert_true(read_made(made.size));
    assert_non_null(
        strstr(listed.data, "22 G2 waiting>runnable  g5 p1 m8\n23 G2 runnable>running"));
    assert_int_equal(n_remarks, 1);
}

static void a_gap_in_a_goroutines_sequence_is_refused(void **state)
{
    (void)state;
    beginning(21);
    EVENT(GO_UNBLOCK, 1, 2, 3, 0);
    ending();
    is_refused("fit no order");
}

/* ---- syscalls ---- */

static void a_syscall_that_does_not_block_takes_a_nanosecond(void **state)
{
    (void)state;
    beginning(21);
    EVENT(GO_SYSCALL, 4, 2);
    EVENT(HEAP_ALLOC, 1, 4096);
    ending();
    tells(TOLD_BEGINNING "10 G1 running>syscall  g1 p0 m7 in:main.work its:main.work\n"
                         "11 G1 syscall>running  g1 p0 m7\n"
                         "12 metric1=4096 g1 p0 m7\n"
                         "13 sync2 g-1 p-1 m-1\n");
}

static void a_blocking_syscall_ends_at_its_true_time(void **state)
{
    (void)state;
    beginning(21); /* to 1006 */
    EVENT(GO_SYSCALL, 4, 2);
    EVENT(GO_SYS_BLOCK, 10);            /* 1020 */
    EVENT(HEAP_GOAL, 20, 5);            /* 1040 */
    EVENT(GO_SYS_EXIT, 20, 1, 2, 1030); /* written at 1060 */
    EVENT(GO_START_LOCAL, 1, 1);
    ending();
    tells(TOLD_BEGINNING "10 G1 running>syscall  g1 p0 m7 in:main.work its:main.work\n"
                         "30 G1 syscall>runnable  g1 p1000003 m-1\n"
                         "40 metric2=5 g-1 p0 m7\n"
                         "61 G1 runnable>running  g1 p0 m7\n"
                         "62 sync2 g-1 p-1 m-1\n");
}

static void an_exit_before_its_block_is_refused(void **state)
{
    (void)state;
    beginning(19);
    EVENT(GO_SYSCALL, 4, 2);
    EVENT(GO_SYS_BLOCK, 10);
    EVENT(GO_SYS_EXIT_LOCAL, 20, 1, 1015);
    ending();
    is_refused("no syscall");
}

/* ---- futile wakeups ---- */

static void futile(unsigned version)
{
    beginning(version);
    EVENT(GO_UNBLOCK, 1, 2, 2, 0);
    EVENT(GO_BLOCK, 1, 1);
    EVENT(GO_START, 1, 2, 3);
    EVENT(GO_PREEMPT, 1, 0);
    EVENT(GO_START_LOCAL, 1, 2);
    EVENT(FUTILE_WAKEUP, 1);
    EVENT(GO_BLOCK_RECV, 1, 0);
    EVENT(HEAP_ALLOC, 1, 1);
    ending();
}

static void futile_wakeups_leave_no_trace_before_1_11(void **state)
{
    (void)state;
    futile(9);
    tells(TOLD_BEGINNING "8 G1 running>waiting  g1 p0 m7 in:main.main its:main.main\n"
                         "14 metric1=1 g-1 p0 m7\n"
                         "15 sync2 g-1 p-1 m-1\n");
}

static void from_1_11_on_what_came_before_a_futile_wakeup_counts(void **state)
{
    (void)state;
    futile(11);
    assert_false(read_made(made.size));
    assert_false(refused);
    assert_non_null(strstr(listed.data, "11 G2 runnable>running"));
    assert_null(strstr(listed.data, "metric"));
}

/* ---- what differs by version ---- */

static void argument_counts_follow_the_version(void **state)
{
    (void)state;
    beginning(8);
    EVENT(SWEEP_START, 1, 0);
    EVENT(SWEEP_DONE, 1);
    EVENT(STW_START, 1);
    EVENT(STW_DONE, 1);
    ending();
    assert_true(read_made(made.size));
    assert_non_null(strstr(listed.data, "RangeBegin 3 GC mark termination"));
    made.version = 9;
    is_refused("wrong number of arguments");
    beginning(10);
    EVENT(SWEEP_START, 1, 0);
    EVENT(SWEEP_DONE, 1, 100, 20);
    EVENT(STW_START, 1, 1);
    EVENT(STW_DONE, 1);
    ending();
    assert_true(read_made(made.size));
    assert_non_null(strstr(listed.data, "RangeEnd 3 GC sweep termination"));
}

static void reasons_to_stop_the_world_have_other_numbers_in_1_21(void **state)
{
    (void)state;
    static const struct {
        unsigned version;
        uint64_t kind;
        const char *reason;
    } cases[] = {
        {11, 0, "GC mark termination"},  {19, 1, "GC sweep termination"}, {19, 2, ""}, {21, 0, ""},
        {21, 2, "GC sweep termination"}, {21, 7, "read mem stats"},       {21, 17, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        beginning(cases[i].version);
        EVENT(STW_START, 1, cases[i].kind);
        ending();
        char expected[64];
        snprintf(expected, sizeof expected, "RangeBegin 3 %s g1", cases[i].reason);
        assert_true(read_made(made.size));
        assert_non_null(strstr(listed.data, expected));
    }
}

static void types_are_known_from_their_version_on(void **state)
{
    (void)state;
    beginning(11);
    RECORD(CPU_SAMPLE, 1, 1007, 0, 1, 1);
    ending();
    is_refused("no record type of this version");
    made.version = 19;
    assert_true(read_made(made.size));
    assert_non_null(strstr(listed.data, "7 StackSample 0  g1 p0 m-1 in:main.main"));
    beginning(10);
    EVENT(TASK_END, 1, 3, 0);
    ending();
    is_refused("no record type");
}

static void tasks_regions_and_logs(void **state)
{
    (void)state;
    beginning(11);
    EVENT(TASK_CREATE, 1, 5, 0, 1, 0);
    EVENT(REGION, 1, 5, 0, 2, 0);
    EVENT(LOG, 1, 5, 1, 0);
    number(5);
    for (const char *c = "hello"; *c; c++)
        byte((unsigned char)*c);
    EVENT(REGION, 1, 5, 1, 2, 0);
    EVENT(TASK_END, 1, 5, 0);
    EVENT(TASK_END, 1, 6, 0);
    ending();
    tells(TOLD_BEGINNING "7 TaskBegin 5 main.main parent=-1 g1 p0 m7\n"
                         "8 RegionBegin 0 main.work g1 p0 m7\n"
                         "9 log main.main=hello g1 p0 m7\n"
                         "10 RegionEnd 0 main.work g1 p0 m7\n"
                         "11 TaskEnd 5 main.main parent=0 g1 p0 m7\n"
                         "12 TaskEnd 6  parent=-1 g1 p0 m7\n"
                         "13 sync2 g-1 p-1 m-1\n");
}

/* ---- bad input ---- */

static void contradictions_are_refused(void **state)
{
    (void)state;
    beginning(21);
    EVENT(PROC_START, 1, 3);
    ending();
    is_refused("runs already");
    beginning(21);
    EVENT(GO_CREATE, 1, 2, 2, 0);
    ending();
    is_refused("fit no order");
    beginning(21);
    EVENT(GC_START, 1, 0, 0);
    EVENT(GC_START, 1, 1, 0);
    ending();
    is_refused("under way");
    beginning(21);
    EVENT(REGION, 1, 0, 2, 1, 0);
    ending();
    is_refused("neither");
    beginning(21);
    EVENT(REGION, 1, 0, 0, 1, 0);
    EVENT(REGION, 1, 0, 1, 2, 0);
    ending();
    is_refused("innermost");
}

static void bad_tables_are_refused(void **state)
{
    (void)state;
    beginning(21);
    string(1, "a");
    string(1, "a");
    is_refused("same number");
    beginning(21);
    string(0, "a");
    is_refused("number 0");
    beginning(21);
    string(4, "");
    is_refused("no bytes");
    beginning(21);
    is_refused("no frequency");
    beginning(21);
    frequency(0);
    is_refused("not above 0");
    begin(21);
    EVENT(GO_END, 1);
    is_refused("before the first batch");
    begin(21);
    batch(UINT64_MAX - 1, 0);
    is_refused("31 bit");
}

static void every_cut_is_an_error_and_nothing_is_told_of_it(void **state)
{
    (void)state;
    static const unsigned versions[] = {5, 9, 21};
    for (size_t v = 0; v < 3; v++) {
        beginning(versions[v]);
        if (versions[v] == 21) {
            EVENT(GO_SYSCALL, 1, 2);
            EVENT(GO_SYS_BLOCK, 1);
            EVENT(GO_SYS_EXIT, 9, 1, 2, 1010);
        }
        ending();
        for (size_t size = 0; size < made.size; size++) {
            assert_false(read_made(size));
            assert_true(refused);
        }
        assert_true(read_made(made.size));
    }
}

static void every_flipped_bit_is_survived(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 8; bit++) {
        futile(9);
        for (size_t at = 0; at < made.size; at++) {
            made.bytes[at] ^= (unsigned char)(1u << bit);
            read_made(made.size);
            made.bytes[at] ^= (unsigned char)(1u << bit);
        }
    }
}

static int clear_text(void **state)
{
    (void)state;
    mt_text_clear(&listed);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_was_there_before_it_began),
        cmocka_unit_test(a_goroutine_of_which_only_the_creation_came_is_runnable),
        cmocka_unit_test(in_1_5_the_sequence_number_is_the_order),
        cmocka_unit_test(states_of_goroutines_decide_the_order_between_procs),
        cmocka_unit_test(times_that_go_back_are_mended_before_1_11_and_refused_later),
        cmocka_unit_test(a_gap_in_a_goroutines_sequence_is_refused),
        cmocka_unit_test(a_syscall_that_does_not_block_takes_a_nanosecond),
        cmocka_unit_test(a_blocking_syscall_ends_at_its_true_time),
        cmocka_unit_test(an_exit_before_its_block_is_refused),
        cmocka_unit_test(futile_wakeups_leave_no_trace_before_1_11),
        cmocka_unit_test(from_1_11_on_what_came_before_a_futile_wakeup_counts),
        cmocka_unit_test(argument_counts_follow_the_version),
        cmocka_unit_test(reasons_to_stop_the_world_have_other_numbers_in_1_21),
        cmocka_unit_test(types_are_known_from_their_version_on),
        cmocka_unit_test(tasks_regions_and_logs),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(bad_tables_are_refused),
        cmocka_unit_test(every_cut_is_an_error_and_nothing_is_told_of_it),
        cmocka_unit_test(every_flipped_bit_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, clear_text);
}
