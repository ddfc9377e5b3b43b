/* SPDX-License-Identifier: Apache-2.0 */
/* Traces of version 1, written record by record, against the events they tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/v1_told_testing.h"

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

/* ---- cut ---- */

/* P 0 in full, P 1 with a gap: the creation of goroutine 7 was never written. */
static void cut_trace(void)
{
    beginning(21);
    batch(1, 1010);
    EVENT(PROC_START, 0, 8);
    EVENT(GO_CREATE, 2, 3, 2, 1);
    EVENT(GO_START, 10, 3, 1);
    EVENT(GO_BLOCK_RECV, 10, 1);
    EVENT(GO_START, 10, 7, 4);
    EVENT(GO_END, 10);
    batch(0, 1020);
    EVENT(HEAP_ALLOC, 0, 4096);
    EVENT(GO_END, 20);
}

#define TOLD_CUT                                                                                   \
    "0 sync1 g-1 p-1 m-1\n"                                                                        \
    "51 G2 ?>waiting  g2 p0 m-1\n"                                                                 \
    "76 P0 ?>running  g-1 p0 m7\n"                                                                 \
    "101 G1 ?>running  g1 p0 m7\n"                                                                 \
    "226 P1 ?>running  g-1 p1 m8\n"                                                                \
    "276 G3 ->runnable  g-1 p1 m8\n"                                                               \
    "476 metric1=4096 g1 p0 m7\n"                                                                  \
    "526 G3 runnable>running  g3 p1 m8\n"                                                          \
    "776 G3 running>waiting chan receive g3 p1 m8\n"

static void a_cut_trace_tells_what_its_processors_had_written(void **state)
{
    (void)state;
    keeps_parts = true;
    cut_trace();
    assert_false(read_made(made.size));
    assert_non_null(strstr(error.what, "no frequency"));
    assert_string_equal(listed.data, TOLD_CUT "976 G1 running>-  g1 p0 m7\n"
                                              "1026 G7 ?>running  g7 p1 m8\n"
                                              "1276 G7 running>-  g7 p1 m8\n");
    assert_int_equal(lost_bytes, 0);
    assert_int_equal(n_remarks, 2);
    assert_false(read_made(made.size - 1)); /* inside the last record */
    assert_non_null(strstr(error.what, "ends inside"));
    assert_int_equal(error.offset, made.size - 2);
    assert_string_equal(listed.data, TOLD_CUT "1026 G7 ?>running  g7 p1 m8\n"
                                              "1276 G7 running>-  g7 p1 m8\n");
    assert_int_equal(lost_bytes, 1);
    keeps_parts = false;
    is_refused("no frequency");
}

static void a_whole_trace_that_contradicts_itself_is_void_all_the_same(void **state)
{
    (void)state;
    keeps_parts = true;
    beginning(21);
    EVENT(GO_UNBLOCK, 1, 2, 3, 0);
    ending();
    is_refused("fit no order");
    keeps_parts = false;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_was_there_before_it_began),
        cmocka_unit_test(a_goroutine_of_which_only_the_creation_came_is_runnable),
        cmocka_unit_test(in_1_5_the_sequence_number_is_the_order),
        cmocka_unit_test(states_of_goroutines_decide_the_order_between_procs),
        cmocka_unit_test(times_that_go_back_are_mended_before_1_11_and_refused_later),
        cmocka_unit_test(a_gap_in_a_goroutines_sequence_is_refused),
        cmocka_unit_test(a_cut_trace_tells_what_its_processors_had_written),
        cmocka_unit_test(a_whole_trace_that_contradicts_itself_is_void_all_the_same),
        cmocka_unit_test(a_syscall_that_does_not_block_takes_a_nanosecond),
        cmocka_unit_test(a_blocking_syscall_ends_at_its_true_time),
        cmocka_unit_test(an_exit_before_its_block_is_refused),
        cmocka_unit_test(futile_wakeups_leave_no_trace_before_1_11),
        cmocka_unit_test(from_1_11_on_what_came_before_a_futile_wakeup_counts),
    };
    return cmocka_run_group_tests(tests, NULL, clear_text);
}
