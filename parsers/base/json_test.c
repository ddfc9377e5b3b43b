/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/json.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"

#include <string.h>

static struct mt_json_doc doc;
static struct mt_err err;

static bool parse(struct mt_span text)
{
    err = (struct mt_err){0};
    return mt_json_parse(&doc, text, &err);
}

static int clear(void **state)
{
    (void)state;
    mt_json_doc_clear(&doc);
    return 0;
}

static void reads_members_by_type(void **state)
{
    (void)state;
    assert_true(
        parse(MT_SPAN("\xef\xbb\xbf{\"n\": 42, \"t\": \"a\\u0000b\", \"b\": true, \"r\": 2.5}")));
    int64_t n;
    assert_true(mt_json_as_i64(mt_json_member(doc.root, "n"), &n));
    assert_int_equal(n, 42);
    struct mt_span text;
    assert_true(mt_json_as_text(mt_json_member(doc.root, "t"), &text));
    assert_int_equal(text.size, 3);
    assert_memory_equal(text.data, "a\0b", 3);
    bool b;
    assert_true(mt_json_as_bool(mt_json_member(doc.root, "b"), &b));
    assert_true(b);
    double r;
    assert_true(mt_json_as_f64(mt_json_member(doc.root, "r"), &r));
    assert_true(r == 2.5);
    assert_false(mt_json_as_i64(mt_json_member(doc.root, "r"), &n));
    assert_false(mt_json_as_text(mt_json_member(doc.root, "n"), &text));
    assert_null(mt_json_member(mt_json_member(doc.root, "absent"), "deeper"));
}

static void walks_members_in_the_order_of_the_text(void **state)
{
    (void)state;
    assert_true(parse(MT_SPAN("{\"z\":1,\"a\":[2,3],\"m\":{}}")));
    char seen[8] = "";
    for (struct mt_json_walk w = {.object = doc.root}; mt_json_walk(&w);)
        strncat(seen, (const char *)w.key.data, 1);
    assert_string_equal(seen, "zam");
    const struct mt_json_value *array = mt_json_member(doc.root, "a");
    assert_int_equal(mt_json_size(array), 2);
    int64_t n;
    assert_true(mt_json_as_i64(mt_json_item(array, 1), &n));
    assert_int_equal(n, 3);
    assert_null(mt_json_item(array, 2));
}

static void takes_integers_from_text_and_whole_reals_within_range(void **state)
{
    (void)state;
    assert_true(parse(MT_SPAN("[\"18446744073709551615\", 5e3, -1, 1e30, 18446744073709551616]")));
    uint64_t u;
    assert_true(mt_json_as_u64(mt_json_item(doc.root, 0), &u));
    assert_true(u == UINT64_MAX);
    assert_true(mt_json_as_u64(mt_json_item(doc.root, 1), &u));
    assert_int_equal(u, 5000);
    assert_false(mt_json_as_u64(mt_json_item(doc.root, 2), &u));
    int64_t n;
    assert_true(mt_json_as_i64(mt_json_item(doc.root, 2), &n));
    assert_int_equal(n, -1);
    assert_false(mt_json_as_i64(mt_json_item(doc.root, 3), &n));
    assert_false(mt_json_as_u64(mt_json_item(doc.root, 4), &u));
}

static void names_the_byte_where_a_document_breaks(void **state)
{
    (void)state;
    assert_false(parse(MT_SPAN("{\"a\": 1, \"b\" 2}")));
    assert_int_equal(err.code, MT_ERR_INPUT);
    assert_true(err.offset >= 13 && err.offset <= 14);
    assert_null(doc.root);
    assert_false(parse(MT_SPAN("  \n")));
    assert_non_null(strstr(err.what, "empty"));
    assert_false(parse(MT_SPAN("{\"a\": \"\xff\"}")));
    assert_false(parse(MT_SPAN("{\"a\": 1\0}")));
    assert_false(parse(MT_SPAN("{} x")));
}

static void refuses_nesting_past_the_limit_and_counts_no_brackets_in_texts(void **state)
{
    (void)state;
    char deep[3000];
    memset(deep, '[', sizeof deep);
    assert_false(parse((struct mt_span){(unsigned char *)deep, sizeof deep}));
    assert_int_equal(err.code, MT_ERR_LIMIT);
    assert_int_equal(err.offset, 64);
    memset(deep, '[', 1000);
    deep[0] = deep[999] = '"';
    assert_true(parse((struct mt_span){(unsigned char *)deep, 1000}));
}

static void refuses_documents_that_would_fill_the_memory(void **state)
{
    (void)state;
    struct mt_text text = {0};
    mt_text_byte(&text, '[');
    while (text.size < MT_JSON_MOST)
        mt_text_add(&text, "[],");
    mt_text_add(&text, "[]]");
    assert_false(parse(mt_text_view(&text)));
    assert_int_equal(err.code, MT_ERR_LIMIT);
    mt_json_doc_clear(&doc);
    mt_text_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_documents_that_would_fill_the_memory),
        cmocka_unit_test_teardown(reads_members_by_type, clear),
        cmocka_unit_test_teardown(walks_members_in_the_order_of_the_text, clear),
        cmocka_unit_test_teardown(takes_integers_from_text_and_whole_reals_within_range, clear),
        cmocka_unit_test_teardown(names_the_byte_where_a_document_breaks, clear),
        cmocka_unit_test_teardown(refuses_nesting_past_the_limit_and_counts_no_brackets_in_texts,
                                  clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
