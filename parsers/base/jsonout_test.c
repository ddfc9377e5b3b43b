/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/jsonout.h"

#include <math.h>

static void writes_nesting_escapes_and_numbers(void **state)
{
    (void)state;
    struct mt_text text = {0};
    struct mt_json_out j;
    mt_json_begin(&j, &text);
    mt_json_object(&j);
    mt_json_kv_text(&j, "a", "q\"\\\n\001</x>");
    mt_json_key(&j, "list");
    mt_json_array(&j);
    mt_json_i64(&j, INT64_MIN);
    mt_json_u64(&j, UINT64_MAX);
    mt_json_f64(&j, 0.1);
    mt_json_f64(&j, 1e300);
    mt_json_f64(&j, NAN);
    mt_json_bool(&j, true);
    mt_json_object(&j);
    mt_json_object_end(&j);
    mt_json_array_end(&j);
    mt_json_object_end(&j);
    assert_string_equal(text.data,
                        "{\"a\":\"q\\\"\\\\\\n\\u0001<\\/x>\",\"list\":[-9223372036854775808,"
                        "18446744073709551615,0.1,1e+300,null,true,{}]}");
    mt_text_clear(&text);
}

static void replaces_bytes_that_are_no_utf8(void **state)
{
    (void)state;
    struct mt_text text = {0};
    struct mt_json_out j;
    mt_json_begin(&j, &text);
    mt_json_span(&j, MT_SPAN("a\377\303\251\0z"));
    assert_string_equal(text.data, "\"a\xef\xbf\xbd\303\251\\u0000z\"");
    mt_text_clear(&text);
    mt_json_begin(&j, &text);
    j.raw_bytes = true;
    mt_json_span(&j, MT_SPAN("a\377"));
    assert_string_equal(text.data, "\"a\377\"");
    mt_text_clear(&text);
}

static void shows_what_is_not_seen_and_ends_no_element(void **state)
{
    (void)state;
    struct mt_text text = {0};
    struct mt_json_out j;
    mt_json_begin(&j, &text);
    mt_json_text(&j, "a/b\xe2\x80\xae\xc2\x85\xf3\xa0\x80\x81</script>");
    assert_string_equal(text.data, "\"a/b\\u202e\\u0085\\udb40\\udc01<\\/script>\"");
    mt_text_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_nesting_escapes_and_numbers),
        cmocka_unit_test(replaces_bytes_that_are_no_utf8),
        cmocka_unit_test(shows_what_is_not_seen_and_ends_no_element),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
