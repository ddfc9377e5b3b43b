/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/span.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void finds_text_behind_a_zero_byte(void **state)
{
    (void)state;
    struct mt_span s = MT_SPAN("a\0needle");
    assert_int_equal(mt_span_find(s, "needle"), 2);
    assert_int_equal(mt_span_find(s, "needles"), MT_NPOS);
    assert_int_equal(mt_span_find_byte(s, '\0'), 1);
}

static void splits_lines_at_lf_crlf_and_lone_cr(void **state)
{
    (void)state;
    struct mt_span rest = MT_SPAN("one\ntwo\r\nthree\rfour"), line;
    static const char *const want[] = {"one", "two", "three", "four"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(mt_span_line(&rest, &line));
        assert_true(mt_span_is(line, want[i]));
    }
    assert_false(mt_span_line(&rest, &line));
}

static void keeps_empty_lines(void **state)
{
    (void)state;
    struct mt_span rest = MT_SPAN("\n\r\nx"), line;
    assert_true(mt_span_line(&rest, &line) && line.size == 0);
    assert_true(mt_span_line(&rest, &line) && line.size == 0);
    assert_true(mt_span_line(&rest, &line) && mt_span_is(line, "x"));
}

static void refuses_numbers_that_do_not_fit(void **state)
{
    (void)state;
    uint64_t u = 7;
    int64_t i = 7;
    assert_true(mt_span_u64(MT_SPAN("18446744073709551615"), &u));
    assert_true(u == UINT64_MAX);
    assert_false(mt_span_u64(MT_SPAN("18446744073709551616"), &u));
    assert_true(u == UINT64_MAX);
    assert_true(mt_span_i64(MT_SPAN("-9223372036854775808"), &i));
    assert_true(i == INT64_MIN);
    assert_false(mt_span_i64(MT_SPAN("9223372036854775808"), &i));
    assert_false(mt_span_i64(MT_SPAN("-9223372036854775809"), &i));
    assert_false(mt_span_u64(MT_SPAN(""), &u));
    assert_false(mt_span_u64(MT_SPAN("12x"), &u));
}

static void reads_hex_with_and_without_prefix(void **state)
{
    (void)state;
    uint64_t v;
    struct mt_span s = MT_SPAN("0x7fFe rest");
    assert_true(mt_span_take_hex(&s, &v));
    assert_true(v == 0x7ffe && mt_span_is(s, " rest"));
    s = MT_SPAN("0x10000000000000000");
    assert_false(mt_span_take_hex(&s, &v));
    assert_true(mt_span_starts(s, "0x1"));
}

static void reads_decimals_exactly_as_strtod(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "1",
                                        "0.1",
                                        "3.5e+07",
                                        "1.7976931348623157e308",
                                        "4.9e-324",
                                        "123456789012345678901234567890",
                                        ".5",
                                        "5.",
                                        "1e22",
                                        "1e23",
                                        "0.000000000000000000000000000001",
                                        "9007199254740993",
                                        "2.2250738585072011e-308"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double got;
        assert_true(mt_span_f64(mt_span_of(texts[i]), &got));
        double want = strtod(texts[i], NULL);
        assert_memory_equal(&got, &want, sizeof want);
    }
}

static void knows_what_prometheus_writes_for_no_number(void **state)
{
    (void)state;
    double v;
    assert_true(mt_span_f64(MT_SPAN("NaN"), &v) && isnan(v));
    assert_true(mt_span_f64(MT_SPAN("+Inf"), &v) && isinf(v));
    assert_false(mt_span_f64(MT_SPAN("nothing"), &v));
    assert_false(mt_span_f64(MT_SPAN("-"), &v));
}

static void reads_the_exponent_of_a_number_of_any_length(void **state)
{
    (void)state;
    char text[700];
    double v;
    snprintf(text, sizeof text, "1.%0600de5", 0);
    assert_true(mt_span_f64(mt_span_of(text), &v) && fabs(v - 1e5) < 1e-9);
    snprintf(text, sizeof text, "-25%0600de-600", 0);
    assert_true(mt_span_f64(mt_span_of(text), &v) && fabs(v + 25) < 1e-9);
    snprintf(text, sizeof text, "0.%0600d", 7);
    assert_true(mt_span_f64(mt_span_of(text), &v) && v >= 0 && v < 1e-300);
}

static void tells_well_formed_utf8(void **state)
{
    (void)state;
    assert_true(mt_span_is_utf8(MT_SPAN("caf\303\251 \360\237\230\200")));
    assert_false(mt_span_is_utf8(MT_SPAN("\300\200")));         /* overlong */
    assert_false(mt_span_is_utf8(MT_SPAN("\355\240\200")));     /* surrogate */
    assert_false(mt_span_is_utf8(MT_SPAN("\364\220\200\200"))); /* above U+10FFFF */
    assert_false(mt_span_is_utf8(MT_SPAN("\342\202")));         /* cut */
}

static void takes_words_and_parts(void **state)
{
    (void)state;
    struct mt_span rest = MT_SPAN("  a\t bc "), word;
    assert_true(mt_span_word(&rest, &word) && mt_span_is(word, "a"));
    assert_true(mt_span_word(&rest, &word) && mt_span_is(word, "bc"));
    assert_false(mt_span_word(&rest, &word));
    rest = MT_SPAN("k=v=w");
    assert_true(mt_span_split(&rest, '=', &word) && mt_span_is(word, "k") &&
                mt_span_is(rest, "v=w"));
    assert_true(mt_span_is(mt_span_trim(MT_SPAN(" \r\n x\t")), "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_text_behind_a_zero_byte),
        cmocka_unit_test(splits_lines_at_lf_crlf_and_lone_cr),
        cmocka_unit_test(keeps_empty_lines),
        cmocka_unit_test(refuses_numbers_that_do_not_fit),
        cmocka_unit_test(reads_hex_with_and_without_prefix),
        cmocka_unit_test(reads_decimals_exactly_as_strtod),
        cmocka_unit_test(knows_what_prometheus_writes_for_no_number),
        cmocka_unit_test(reads_the_exponent_of_a_number_of_any_length),
        cmocka_unit_test(tells_well_formed_utf8),
        cmocka_unit_test(takes_words_and_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
