/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/printable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check(const char *in, const char *want)
{
    struct mt_arena arena = {0};
    assert_string_equal(mt_printable(&arena, in), want);
    mt_arena_clear(&arena);
}

static void passes_ordinary_text_in_any_script(void **state)
{
    (void)state;
    check("cart.(*Registry).Attach", "cart.(*Registry).Attach");
    check("\xe2\x96\xb2 gr\xc3\xb6\xc3\x9f"
          "er \xf0\x9f\x90\xb9",
          "\xe2\x96\xb2 gr\xc3\xb6\xc3\x9f"
          "er \xf0\x9f\x90\xb9");
}

static void shows_directional_and_zero_width_characters(void **state)
{
    (void)state;
    check("a\xe2\x80\xae"
          "b",
          "a\\u202eb");
    check("\xe2\x80\x8bx\xef\xbb\xbf", "\\u200bx\\ufeff");
    check("\xf3\xa0\x81\x81", "\\ue0041");
}

static void shows_controls_and_bytes_that_are_no_text(void **state)
{
    (void)state;
    check("a\x1b[31m\n", "a\\u001b[31m\\u000a");
    check("\xc2\x9b"
          "1",
          "\\u009b1");
    check("\xff\xc3", "\\xff\\xc3");
    check("\xef\xbf\xbe", "\\ufffe");
}

static void keeps_lines_where_asked(void **state)
{
    (void)state;
    assert_true(mt_is_printable(MT_SPAN("a\n\tb"), true));
    assert_false(mt_is_printable(MT_SPAN("a\n\tb"), false));
    assert_false(mt_is_printable(MT_SPAN("a\r\n"), true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_ordinary_text_in_any_script),
        cmocka_unit_test(shows_directional_and_zero_width_characters),
        cmocka_unit_test(shows_controls_and_bytes_that_are_no_text),
        cmocka_unit_test(keeps_lines_where_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
