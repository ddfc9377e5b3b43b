/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/pattern.h"

#include <stdlib.h>
#include <string.h>

static bool matches(const char *expression, struct mt_span text)
{
    struct mt_pattern *p = mt_pattern_compile(mt_span_of(expression), NULL);
    assert_non_null(p);
    bool yes = mt_pattern_matches(p, text);
    mt_pattern_free(p);
    return yes;
}

static void finds_a_match_anywhere(void **state)
{
    (void)state;
    assert_true(matches("cache", MT_SPAN("main.(*cache).put")));
    assert_false(matches("^cache", MT_SPAN("main.(*cache).put")));
    assert_true(matches("put$", MT_SPAN("main.(*cache).put")));
    assert_false(matches("put$", MT_SPAN("main.put\n"))); /* $ is the end, not a line's */
    assert_true(matches("", MT_SPAN("")));
    assert_true(matches("a.b", MT_SPAN("xa\0b")));
}

static void a_whole_pattern_matches_from_end_to_end(void **state)
{
    (void)state;
    struct mt_pattern *p = mt_pattern_compile_whole(MT_SPAN("malloc|free"), NULL);
    assert_non_null(p);
    assert_true(mt_pattern_matches(p, MT_SPAN("free")));
    assert_false(mt_pattern_matches(p, MT_SPAN("tc_free")));
    assert_false(mt_pattern_matches(p, MT_SPAN("malloc_usable_size")));
    mt_pattern_free(p);
}

static void a_bad_expression_says_where(void **state)
{
    (void)state;
    struct mt_err err = {0};
    assert_null(mt_pattern_compile(MT_SPAN("ab(c"), &err));
    assert_int_equal(err.code, MT_ERR_INPUT);
    assert_int_equal(err.offset, 4);
    assert_non_null(strstr(err.what, "not a regular expression"));
    assert_null(mt_pattern_compile(MT_SPAN("*"), NULL));
    assert_null(mt_pattern_compile(MT_SPAN("\xff"), NULL));
    assert_null(mt_pattern_compile(MT_SPAN("\\C"), NULL));
    mt_pattern_free(NULL);
}

static void what_takes_too_long_does_not_match(void **state)
{
    (void)state;
    enum { LENGTH = 20000 };
    unsigned char *text = malloc(LENGTH);
    assert_non_null(text);
    memset(text, 'a', LENGTH);
    assert_false(matches("(a+)+b|(a|aa)+$!", (struct mt_span){text, LENGTH}));
    free(text);
}

/* A name costs milliseconds then, and an input may hold a hundred thousand. */
static void what_takes_too_long_too_often_matches_nothing_any_more(void **state)
{
    (void)state;
    struct mt_pattern *p = mt_pattern_compile(MT_SPAN("^(a|aa)+(b|c)?x?$"), NULL);
    assert_true(mt_pattern_matches(p, MT_SPAN("aaab")));
    for (int i = 0; i < MT_PATTERN_GIVES_UP; i++) {
        assert_true(mt_pattern_matches(p, MT_SPAN("aaab")));
        assert_false(mt_pattern_matches(p, MT_SPAN("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab1")));
    }
    assert_false(mt_pattern_matches(p, MT_SPAN("aaab")));
    mt_pattern_free(p);
}

static void text_need_not_be_utf8(void **state)
{
    (void)state;
    assert_true(matches("f.o", MT_SPAN("\xff\xfe foo")));
    assert_true(matches("caf.$", MT_SPAN("caf\xc3\xa9"))); /* one character */
}

static void gives_the_groups(void **state)
{
    (void)state;
    struct mt_span g[5];
    struct mt_pattern *p = mt_pattern_compile(MT_SPAN("(\\d+)(?:-(x))?:(\\w*)"), NULL);
    assert_non_null(p);
    assert_true(mt_pattern_groups(p, MT_SPAN("at 12:abc."), g, 5));
    assert_true(mt_span_is(g[0], "12:abc"));
    assert_true(mt_span_is(g[1], "12"));
    assert_int_equal(g[2].size, 0);
    assert_true(mt_span_is(g[3], "abc"));
    assert_int_equal(g[4].size, 0);
    assert_false(mt_pattern_groups(p, MT_SPAN("none"), g, 5));
    assert_int_equal(g[0].size, 0);
    mt_pattern_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_match_anywhere),
        cmocka_unit_test(a_whole_pattern_matches_from_end_to_end),
        cmocka_unit_test(a_bad_expression_says_where),
        cmocka_unit_test(what_takes_too_long_does_not_match),
        cmocka_unit_test(what_takes_too_long_too_often_matches_nothing_any_more),
        cmocka_unit_test(text_need_not_be_utf8),
        cmocka_unit_test(gives_the_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
