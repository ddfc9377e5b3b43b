/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/text.h"
#include "parsers/formats/lines/origins.h"

static void each_origin_has_a_state_of_its_own(void **state)
{
    (void)state;
    struct mt_origins o;
    mt_origins_init(&o, sizeof(int));
    int *none = mt_origins_take(&o, MT_SPAN("")), *a = mt_origins_take(&o, MT_SPAN("api-1"));
    int *b = mt_origins_take(&o, MT_SPAN("api-2"));
    assert_true(none && a && b && none != a && a != b);
    assert_int_equal(*a + *b + *none, 0);
    *a = 7;
    assert_ptr_equal(mt_origins_take(&o, MT_SPAN("api-1")), a);
    assert_ptr_equal(mt_origins_take(&o, MT_SPAN("")), none);
    assert_int_equal(*b, 0);
    mt_origins_clear(&o);
}

static void there_is_a_limit(void **state)
{
    (void)state;
    struct mt_origins o;
    mt_origins_init(&o, 1);
    struct mt_text name = {0};
    for (int i = 1; i < 2 * MT_ORIGINS_MOST; i++) {
        mt_text_clear(&name);
        mt_text_printf(&name, "pod-%d", i);
        assert_true(!mt_origins_take(&o, mt_text_view(&name)) == (i >= MT_ORIGINS_MOST));
    }
    mt_text_clear(&name);
    assert_non_null(mt_origins_take(&o, MT_SPAN("pod-1")));
    mt_origins_clear(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_origin_has_a_state_of_its_own),
        cmocka_unit_test(there_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
