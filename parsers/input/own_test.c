/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/input/own.h"

static void knows_the_first_bytes_of_its_outputs(void **state)
{
    (void)state;
    static const char *const own[] = {
        ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
         "<meta name=\"generator\" content=\"memtriage\"/>\n"),
        "{\"schema\":\"memtriage.report/1\",\"tool\":{\"name\":\"memtriage\",\"version\":\"1\"}",
        "# Memory report: shop\n\n**Steady.** So it is.\n\n| Fact | Value | Change |\n",
        "# Memory diff: shop\n\n**Gate: pass.** So it is.\n",
        "<!-- memtriage:v1 key=diff -->\n### Memory\n",
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        assert_true(mt_is_own_output(mt_span_of(own[i])));
}

static void leaves_what_others_wrote(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "<!DOCTYPE html>\n<html><body>memtriage is down</body></html>",
        "{\"schema\":\"other/1\",\"tool\":{\"name\":\"memtriage\"}}",
        "# Memory report: what we saw on Monday\n\nmemtriage says Growing.\n",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"logo\"></svg>",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(mt_is_own_output(mt_span_of(others[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_first_bytes_of_its_outputs),
        cmocka_unit_test(leaves_what_others_wrote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
