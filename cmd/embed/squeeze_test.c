/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/embed/squeeze.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void becomes(size_t (*squeeze)(char *), const char *text, const char *want)
{
    char copy[512];
    snprintf(copy, sizeof copy, "%s", text);
    assert_int_equal(squeeze(copy), strlen(want));
    assert_string_equal(copy, want);
}

static void indentation_and_blanks_beside_punctuation_go(void **state)
{
    (void)state;
    becomes(mt_squeeze_script, "if (a) {\n    b = c + 1;\n}\n", "if(a){\nb=c+1;\n}\n");
    becomes(mt_squeeze_script, "const x = y in z;\n", "const x=y in z;\n");
}

static void signs_are_never_joined(void **state)
{
    (void)state;
    becomes(mt_squeeze_script, "a = b - -c + +d - e++ + f;\n", "a=b- -c+ +d-e++ +f;\n");
}

static void strings_stay(void **state)
{
    (void)state;
    becomes(mt_squeeze_script, "f('a , b', \"c = d\", 'it\\'s ; so');\n",
            "f('a , b',\"c = d\",'it\\'s ; so');\n");
}

static void a_line_that_may_hold_an_expression_or_a_template_stays(void **state)
{
    (void)state;
    becomes(mt_squeeze_script, "  x = / = [,] /.exec(y);\n", "x = / = [,] /.exec(y);\n");
    becomes(mt_squeeze_script, "  x = `a , b`;\n", "x = `a , b`;\n");
}

static void comments_that_fill_lines_go_but_for_the_licence_and_the_section(void **state)
{
    (void)state;
    becomes(mt_squeeze_script, "/* SPDX-License-Identifier: A */\n/* One,\n   two. */\nf();\n",
            "/* SPDX-License-Identifier: A */\nf();\n");
    becomes(mt_squeeze_script, "/*<![CDATA[*/\nf(); /* why */\n/*]]>*/\n",
            "/*<![CDATA[*/\nf(); /* why */\n/*]]>*/\n");
    becomes(mt_squeeze_style, "/* Why\n so. */\na b,\nf\ng{c:d e;\nh:i}\n", "a b,f\ng{c:d e;h:i}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indentation_and_blanks_beside_punctuation_go),
        cmocka_unit_test(signs_are_never_joined),
        cmocka_unit_test(strings_stay),
        cmocka_unit_test(a_line_that_may_hold_an_expression_or_a_template_stays),
        cmocka_unit_test(comments_that_fill_lines_go_but_for_the_licence_and_the_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
