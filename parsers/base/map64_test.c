/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/map64.h"

static void keeps_every_key(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    struct mt_map64 m = {.arena = &arena};
    assert_int_equal(mt_map64_get(&m, 7), 0);
    for (uint32_t i = 1; i <= 5000; i++) {
        uint32_t *value = mt_map64_at(&m, (uint64_t)i << 44 | (i & 3));
        assert_int_equal(*value, 0);
        *value = i;
    }
    assert_int_equal(m.count, 5000);
    for (uint32_t i = 1; i <= 5000; i++)
        assert_int_equal(mt_map64_get(&m, (uint64_t)i << 44 | (i & 3)), i);
    assert_int_equal(mt_map64_get(&m, 5001ull << 44), 0);
    mt_arena_clear(&arena);
}

static void key_zero_is_a_key(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    struct mt_map64 m = {.arena = &arena};
    *mt_map64_at(&m, 0) = 3;
    assert_int_equal(mt_map64_get(&m, 0), 3);
    assert_int_equal(*mt_map64_at(&m, 0), 3);
    mt_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_every_key),
        cmocka_unit_test(key_zero_is_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
