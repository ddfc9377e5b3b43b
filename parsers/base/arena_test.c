/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/arena.h"

#include <string.h>

static void what_is_taken_is_zero_and_aligned(void **state)
{
    (void)state;
    struct mt_arena a = {0};
    static const size_t sizes[] = {1, 3, 16, 5000, 4u << 20, 9u << 20, 7};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *p = mt_arena_take(&a, sizes[i], 1);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t k = 0; k < sizes[i]; k += sizes[i] > 64 ? 4093 : 1)
            assert_int_equal(p[k], 0);
        memset(p, 0xff, sizes[i]);
    }
    mt_arena_clear(&a);
    assert_null(a.blocks);
}

/* Two arrays that grow in turns to 40 MB keep what they hold, and the rest is zero. */
static void growing_arrays_keep_their_items(void **state)
{
    (void)state;
    struct mt_arena a = {0};
    enum { LAST = 5000000 };
    uint64_t *one = NULL, *two = NULL;
    size_t n_one = 0, n_two = 0;
    for (size_t n = 64; n <= LAST; n *= 3) {
        one = mt_arena_grow(&a, one, n_one, n, sizeof *one);
        two = mt_arena_grow(&a, two, n_two, n, sizeof *two);
        for (size_t i = n_one; i < n; i++) {
            assert_true(one[i] == 0 && two[i] == 0);
            one[i] = i;
            two[i] = ~i;
        }
        n_one = n_two = n;
        mt_arena_take(&a, 100, 1);
    }
    for (size_t i = 0; i < n_one; i++)
        assert_true(one[i] == i && two[i] == ~i);
    mt_arena_clear(&a);
}

static void the_first_block_may_be_a_large_one(void **state)
{
    (void)state;
    struct mt_arena a = {0};
    char *p = mt_arena_take(&a, 20u << 20, 1);
    p[0] = 'x';
    p = mt_arena_grow(&a, p, 20u << 20, 50u << 20, 1);
    p[(50u << 20) - 1] = 'y';
    assert_int_equal(p[0], 'x');
    char *q = mt_arena_take(&a, 10, 1);
    memset(q, 'z', 10);
    assert_int_equal(p[(50u << 20) - 1], 'y');
    mt_arena_clear(&a);
}

static void an_adopted_arena_keeps_growing(void **state)
{
    (void)state;
    struct mt_arena a = {0}, b = {0};
    mt_arena_take(&a, 10, 1);
    char *p = mt_arena_take(&b, 9u << 20, 1);
    p[100] = 'x';
    mt_arena_adopt(&a, &b);
    assert_null(b.blocks);
    p = mt_arena_grow(&a, p, 9u << 20, 30u << 20, 1);
    assert_int_equal(p[100], 'x');
    assert_int_equal(p[(30u << 20) - 1], 0);
    mt_arena_clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_is_zero_and_aligned),
        cmocka_unit_test(growing_arrays_keep_their_items),
        cmocka_unit_test(the_first_block_may_be_a_large_one),
        cmocka_unit_test(an_adopted_arena_keeps_growing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
