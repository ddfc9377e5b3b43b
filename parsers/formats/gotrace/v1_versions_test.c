/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between the headers of version 1, and traces that contradict themselves or are cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/v1_told_testing.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
