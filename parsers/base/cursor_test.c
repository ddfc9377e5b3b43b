/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/cursor.h"
#include "parsers/base/limits.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void stays_failed_and_keeps_the_first_report(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("\1\2"), &err);
    assert_int_equal(mt_cur_u8(&in), 1);
    assert_int_equal(mt_cur_u32le(&in), 0);
    assert_false(mt_cur_ok(&in));
    assert_int_equal(err.offset, 2);
    char first[sizeof err.what];
    memcpy(first, err.what, sizeof first);
    assert_int_equal(mt_cur_u8(&in), 0);
    mt_cur_fail(&in, "another");
    assert_string_equal(err.what, first);
}

static void reads_varints_to_the_last_bit(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_cursor in =
        mt_cur_over(MT_SPAN("\0\177\200\1\377\377\377\377\377\377\377\377\377\1\201\200\0"), &err);
    assert_true(mt_cur_varint(&in) == 0);
    assert_true(mt_cur_varint(&in) == 127);
    assert_true(mt_cur_varint(&in) == 128);
    assert_true(mt_cur_varint(&in) == UINT64_MAX);
    assert_true(mt_cur_varint(&in) == 1); /* longer than needed is allowed */
    assert_true(mt_cur_at_end(&in) && mt_cur_ok(&in));
}

static void refuses_varints_of_more_than_64_bit(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("x\377\377\377\377\377\377\377\377\377\2"), &err);
    mt_cur_u8(&in);
    assert_true(mt_cur_varint(&in) == 0);
    assert_int_equal(err.code, MT_ERR_INPUT);
    assert_int_equal(err.offset, 1);
}

static void refuses_counts_that_cannot_fit(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("12345678"), &err);
    assert_int_equal(mt_cur_count(&in, 4, 2), 4);
    assert_int_equal(mt_cur_count(&in, 5, 2), 0);
    assert_false(mt_cur_ok(&in));
}

static void gives_a_sub_cursor_its_own_end_and_place(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("abcdef"), &err);
    mt_cur_skip(&in, 1);
    struct mt_cursor sub = mt_cur_sub(&in, 2);
    assert_int_equal(sub.offset, 1);
    assert_int_equal(mt_cur_u8(&sub), 'b');
    assert_int_equal(mt_cur_u8(&in), 'd');
    mt_cur_u16be(&sub);
    assert_int_equal(err.offset, 3);
    assert_false(mt_cur_ok(&in)); /* the error is shared */
}

static void reads_both_byte_orders(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("\1\2\1\2\3\4\1\2\3\4\1\2\3\4\5\6\7\10"), &err);
    assert_int_equal(mt_cur_u16be(&in), 0x0102);
    assert_int_equal(mt_cur_u32le(&in), 0x04030201);
    assert_int_equal(mt_cur_u32be(&in), 0x01020304);
    assert_true(mt_cur_u64be(&in) == 0x0102030405060708u);
}

/* A source that hands out one byte at a time and moves the window at each refill. */
struct drip {
    struct mt_source source;
    struct mt_span all;
    size_t given;
    unsigned char window[64];
};

static bool drip_refill(struct mt_source *self, struct mt_span *rest, size_t want,
                        struct mt_err *err)
{
    (void)err;
    struct drip *d = (struct drip *)self;
    memmove(d->window, rest->data, rest->size);
    while (rest->size < want && rest->size < sizeof d->window && d->given < d->all.size)
        d->window[rest->size++] = d->all.data[d->given++];
    rest->data = d->window;
    return true;
}

static void joins_lines_over_refills(void **state)
{
    (void)state;
    static const struct mt_source_calls calls = {.refill = drip_refill};
    struct drip d = {.source = {.calls = &calls}, .all = MT_SPAN("first\r\nsecond\rthird\n\nlast")};
    struct mt_err err = {0};
    struct mt_cursor in = {.rest = {d.window, 0}, .err = &err, .source = &d.source};
    static const char *const want[] = {"first", "second", "third", "", "last"};
    struct mt_span line;
    for (size_t i = 0; i < 5; i++) {
        assert_true(mt_cur_line(&in, &line));
        assert_true(mt_span_is(line, want[i]));
    }
    assert_false(mt_cur_line(&in, &line));
    assert_int_equal(in.offset, d.all.size);
}

static void cuts_lines_at_the_limit_and_goes_on_behind_them(void **state)
{
    (void)state;
    uint64_t before = mt_limit(MT_LIMIT_LINE);
    mt_limit_set(MT_LIMIT_LINE, 4);
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("abcdefgh\nxy\nlonger than four"), &err);
    struct mt_span line;
    assert_true(mt_cur_line(&in, &line) && mt_span_is(line, "abcd"));
    assert_true(mt_cur_line(&in, &line) && mt_span_is(line, "xy"));
    assert_true(mt_cur_line(&in, &line) && mt_span_is(line, "long"));
    assert_false(mt_cur_line(&in, &line));
    assert_int_equal(in.cut_lines, 2);
    in = mt_cur_over(MT_SPAN("four\nabcd\r\nlast"), &err); /* as long as may be */
    while (mt_cur_line(&in, &line))
        ;
    assert_int_equal(in.cut_lines, 0);
    mt_limit_set(MT_LIMIT_LINE, before);
}

static void a_line_that_was_cut_stays_what_it_is_while_the_source_moves_on(void **state)
{
    (void)state;
    uint64_t before = mt_limit(MT_LIMIT_LINE);
    mt_limit_set(MT_LIMIT_LINE, 40);
    static const struct mt_source_calls calls = {.refill = drip_refill};
    struct drip d = {.source = {.calls = &calls},
                     .all =
                         MT_SPAN("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
                                 "ffffffffffgggggggggghhhhhhhhhhiiiiiiiiiijjjjjjjjjj\r\nnext\n")};
    struct mt_err err = {0};
    struct mt_cursor in = {.rest = {d.window, 0}, .err = &err, .source = &d.source};
    struct mt_span line;
    assert_true(mt_cur_line(&in, &line));
    assert_true(mt_span_is(line, "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"));
    assert_true(mt_cur_line(&in, &line) && mt_span_is(line, "next"));
    assert_false(mt_cur_line(&in, &line));
    assert_int_equal(in.offset, d.all.size);
    mt_limit_set(MT_LIMIT_LINE, before);
}

/* With a search for the other line end through all that follows, this would take minutes. */
static void takes_lines_of_one_kind_of_end_in_linear_time(void **state)
{
    (void)state;
    enum { LINES = 2000000 };
    for (const char *ends = "\r\n"; *ends; ends++) {
        unsigned char *text = malloc(LINES);
        memset(text, *ends, LINES);
        struct mt_err err = {0};
        struct mt_span rest = {text, LINES}, line;
        struct mt_cursor in = mt_cur_over(rest, &err);
        clock_t start = clock();
        size_t by_cursor = 0, by_span = 0;
        while (mt_cur_line(&in, &line))
            by_cursor++;
        while (mt_span_line(&rest, &line))
            by_span++;
        assert_int_equal(by_cursor, LINES);
        assert_int_equal(by_span, LINES);
        assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays_failed_and_keeps_the_first_report),
        cmocka_unit_test(reads_varints_to_the_last_bit),
        cmocka_unit_test(refuses_varints_of_more_than_64_bit),
        cmocka_unit_test(refuses_counts_that_cannot_fit),
        cmocka_unit_test(gives_a_sub_cursor_its_own_end_and_place),
        cmocka_unit_test(reads_both_byte_orders),
        cmocka_unit_test(joins_lines_over_refills),
        cmocka_unit_test(cuts_lines_at_the_limit_and_goes_on_behind_them),
        cmocka_unit_test(a_line_that_was_cut_stays_what_it_is_while_the_source_moves_on),
        cmocka_unit_test(takes_lines_of_one_kind_of_end_in_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
