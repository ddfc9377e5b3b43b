/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/library.h"

#include <math.h>
#include <string.h>

struct calls {
    MT_LIBRARY_FIELD(floor)
    MT_LIBRARY_FIELD(hypot)
};
static const struct mt_library_call calls[] = {MT_LIBRARY_CALL(floor) MT_LIBRARY_CALL(hypot)};

static void finds_the_calls_by_name(void **state)
{
    (void)state;
    struct calls lib;
    struct mt_err err = {0};
    assert_true(mt_library_load("libm.so.6", "count", calls, 2, &lib, MT_ERR_INPUT, &err));
    assert_true(lib.floor(3.5) == 3.0 && lib.hypot(3.0, 4.0) == 5.0);
}

static void says_what_is_not_there_and_what_for(void **state)
{
    (void)state;
    static const struct mt_library_call unknown[] = {{"memtriage_has_no_such", 0}};
    struct calls lib;
    struct mt_err err = {0};
    assert_false(mt_library_load("libabsent.so.9", "count", calls, 2, &lib, MT_ERR_OUTPUT, &err));
    assert_int_equal(err.code, MT_ERR_OUTPUT);
    assert_non_null(strstr(err.what, "libabsent.so.9 is needed to count: "));
    err = (struct mt_err){0};
    assert_false(mt_library_load("libm.so.6", "count", unknown, 1, &lib, MT_ERR_INPUT, &err));
    assert_non_null(strstr(err.what, "has no memtriage_has_no_such"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_calls_by_name),
        cmocka_unit_test(says_what_is_not_there_and_what_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
