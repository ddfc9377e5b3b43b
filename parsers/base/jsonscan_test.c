/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/jsonscan.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"

#include <stdlib.h>
#include <string.h>

/* A source whose window ends anywhere and moves at every refill. */
struct drip {
    struct mt_source source;
    struct mt_span all;
    size_t at; /* first byte not yet handed out */
    unsigned char *window;
};

static bool drip_refill(struct mt_source *self, struct mt_span *rest, size_t want,
                        struct mt_err *err)
{
    (void)err;
    struct drip *d = (struct drip *)self;
    size_t add = want > rest->size ? want - rest->size : 0;
    if (add > d->all.size - d->at)
        add = d->all.size - d->at;
    unsigned char *window = malloc(rest->size + add + 1);
    if (rest->size)
        memcpy(window, rest->data, rest->size);
    if (add)
        memcpy(window + rest->size, d->all.data + d->at, add);
    d->at += add;
    free(d->window);
    d->window = window;
    *rest = (struct mt_span){window, rest->size + add};
    return true;
}

static const struct mt_source_calls drip_calls = {.refill = drip_refill};

/* One letter a token, texts in brackets: what the whole input reads as. */
static void spell(struct mt_cursor *in, struct mt_text *out)
{
    static const char letters[] = {'.', '!', '{', '}', '[', ']', 'k', 's', 'n', 't', 'f', '0'};
    struct mt_json_scan scan = mt_json_scan_over(in);
    for (;;) {
        enum mt_token token = mt_json_scan_next(&scan);
        mt_text_byte(out, letters[token]);
        if (token == MT_TOKEN_KEY || token == MT_TOKEN_TEXT || token == MT_TOKEN_NUMBER) {
            mt_text_byte(out, '<');
            mt_text_span(out, scan.text);
            mt_text_byte(out, '>');
        }
        if (token == MT_TOKEN_END)
            return;
        if (token == MT_TOKEN_BAD)
            mt_json_scan_resync(&scan);
    }
}

static void assert_spells(const char *text, const char *expected)
{
    struct mt_err err = {0};
    struct mt_text out = {0};
    struct mt_cursor in = mt_cur_over(mt_span_of(text), &err);
    spell(&in, &out);
    assert_string_equal(out.data, expected);
    mt_text_clear(&out);

    for (size_t first = 0; first <= strlen(text); first++) {
        struct drip drip = {.source = {.calls = &drip_calls}, .all = mt_span_of(text), .at = first};
        in = (struct mt_cursor){
            .rest = mt_span_sub(drip.all, 0, first), .err = &err, .source = &drip.source};
        spell(&in, &out);
        assert_string_equal(out.data, expected);
        assert_true(mt_cur_ok(&in));
        mt_text_clear(&out);
        free(drip.window);
    }
}

static void spells_tokens_in_order(void **state)
{
    (void)state;
    assert_spells(
        "{\"a\": [1, -2.5e+3, true,false , null], \"long enough for words\": {\"c\":\"\"}}",
        "{k<a>[n<1>n<-2.5e+3>tf0]k<long enough for words>{k<c>s<>}}.");
    assert_spells("", ".");
    assert_spells(" 1 \"x\"\n[]{}", "n<1>s<x>[]{}.");
    assert_spells("\"a\\\"b\\\\\"", "s<a\\\"b\\\\>.");
}

static void goes_on_at_the_next_line_after_damage(void **state)
{
    (void)state;
    assert_spells("{\"a\":1}\n{\"a\":oops}\n{\"a\":2}", "{k<a>n<1>}{k<a>!{k<a>n<2>}.");
    assert_spells("{\"a\":1\n{\"a\":2}\n", "{k<a>n<1>!{k<a>n<2>}.");
    assert_spells("{\"a\":\"cut\n{\"a\":2}\n", "{k<a>!{k<a>n<2>}.");
    assert_spells("{\"a\":1,}\n[1,]\n[2]", "{k<a>n<1>![n<1>![n<2>].");
    assert_spells("]\n}\n{1:2}\n{\"a\" 1}\n[1}\n3", "!!{!{k<a>![n<1>!n<3>.");
    assert_spells("[1", "[n<1>!.");
    assert_spells("{\"a\"", "{k<a>!.");
    assert_spells("{\"a\":", "{k<a>!.");
    assert_spells("\"abc", "!.");
    assert_spells("tru", "!.");
    assert_spells("+1\n1.2.3\n-\n7", "!!!n<7>.");
}

static void says_what_was_expected_and_where(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("{\"a\" 1}"), &err);
    struct mt_json_scan scan = mt_json_scan_over(&in);
    mt_json_scan_next(&scan);
    mt_json_scan_next(&scan);
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_BAD);
    assert_string_equal(scan.bad, "a colon");
    assert_int_equal(scan.bad_offset, 5);
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_BAD);
}

static void stops_at_64_levels(void **state)
{
    (void)state;
    char deep[200];
    memset(deep, '[', sizeof deep);
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over((struct mt_span){(unsigned char *)deep, sizeof deep}, &err);
    struct mt_json_scan scan = mt_json_scan_over(&in);
    for (int i = 0; i < 64; i++)
        assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_ARRAY);
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_BAD);
}

static void skips_whole_values(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("{\"a\":[[{\"x\":[]}],2],\"b\":7,\"c\":[1"), &err);
    struct mt_json_scan scan = mt_json_scan_over(&in);
    mt_json_scan_next(&scan);
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_KEY);
    assert_true(mt_json_scan_skip_value(&scan));
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_KEY);
    assert_true(mt_span_is(scan.text, "b"));
    assert_true(mt_json_scan_skip_value(&scan));
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_KEY);
    assert_false(mt_json_scan_skip_value(&scan));
}

static void takes_no_number_longer_than_a_line(void **state)
{
    (void)state;
    uint64_t before = mt_limit(MT_LIMIT_LINE);
    mt_limit_set(MT_LIMIT_LINE, 16);
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(MT_SPAN("1234567890\n12345678901234567890\n7"), &err);
    struct mt_json_scan scan = mt_json_scan_over(&in);
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_NUMBER);
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_BAD);
    mt_json_scan_resync(&scan);
    assert_int_equal(mt_json_scan_next(&scan), MT_TOKEN_NUMBER);
    assert_true(mt_span_is(scan.text, "7"));
    mt_limit_set(MT_LIMIT_LINE, before);
}

static void resolves_escapes_within_the_room_of_the_text(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *plain;
    } cases[] = {
        {"a\\n\\t\\\"\\/\\\\", "a\n\t\"/\\"},
        {"\\u00e9\\u20ac\\ud83d\\ude00", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\\ud83d!\\ude00\\ud83d\\u0041", "\xef\xbf\xbd!\xef\xbf\xbd\xef\xbf\xbd"
                                          "A"},
        {"\\q\\u12g4\\u0x12\\u1", "\\q\\u12g4\\u0x12\\u1"},
        {"\\", "\\"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = strlen(cases[i].raw);
        unsigned char *to = malloc(size);
        size_t n = mt_json_unescape(mt_span_of(cases[i].raw), to);
        assert_true(mt_span_is((struct mt_span){to, n}, cases[i].plain));
        free(to);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spells_tokens_in_order),
        cmocka_unit_test(goes_on_at_the_next_line_after_damage),
        cmocka_unit_test(says_what_was_expected_and_where),
        cmocka_unit_test(stops_at_64_levels),
        cmocka_unit_test(skips_whole_values),
        cmocka_unit_test(takes_no_number_longer_than_a_line),
        cmocka_unit_test(resolves_escapes_within_the_room_of_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
