/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/arena.h"
#include "parsers/base/intern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void gives_zeroed_and_aligned_memory(void **state)
{
    (void)state;
    struct mt_arena a = {0};
    for (size_t i = 0; i < 2000; i++) {
        size_t size = i * 7 % 300 + (i % 97 == 0 ? 100000 : 0);
        unsigned char *p = mt_arena_take(&a, size, 1);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xff, size);
    }
    mt_arena_clear(&a);
    assert_null(a.blocks);
}

static void grows_arrays_and_keeps_their_items(void **state)
{
    (void)state;
    struct mt_arena a = {0};
    uint32_t *items = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        MT_RESERVE(&a, items, n, cap);
        items[n++] = i;
        if (i % 10 == 0)
            mt_arena_take(&a, 3, 1); /* something in between */
    }
    for (uint32_t i = 0; i < 10000; i++)
        assert_int_equal(items[i], i);
    mt_arena_clear(&a);
}

/* The columns of a wide table: each is a mapping of its own, first, last or in between. */
static void grows_many_large_arrays_in_turn(void **state)
{
    (void)state;
    enum { ARRAYS = 20, ITEMS = 300000 };
    struct mt_arena a = {0};
    uint64_t *arrays[ARRAYS] = {0};
    size_t cap = 0;
    for (uint64_t i = 0; i < ITEMS; i++) {
        if (i == cap) {
            size_t more = cap ? cap * 2 : 8;
            for (size_t k = 0; k < ARRAYS; k++) {
                arrays[k] = mt_arena_grow(&a, arrays[k], cap, more, sizeof *arrays[k]);
                assert_int_equal(arrays[k][more - 1], 0);
            }
            cap = more;
        }
        for (size_t k = 0; k < ARRAYS; k++)
            arrays[k][i] = i * ARRAYS + k;
    }
    char *after = mt_arena_copy(&a, "small", 5);
    for (size_t k = 0; k < ARRAYS; k++)
        for (uint64_t i = 0; i < ITEMS; i++)
            if (arrays[k][i] != i * ARRAYS + k)
                fail_msg("array %zu lost item %llu", k, (unsigned long long)i);
    assert_string_equal(after, "small");
    mt_arena_clear(&a);
    assert_null(a.blocks);
}

/* Large blocks are mapped in steps of 2 MiB: what a block leaves of its step is lost. */
static void small_takes_fill_what_is_mapped(void **state)
{
    (void)state;
    enum { SMALL = 1024, BEFORE = 8 << 10, TAKES = 16 << 10, MOST_BLOCKS = 9 };
    struct mt_arena a = {0};
    size_t blocks = 0;
    for (int i = 0; i < BEFORE; i++)
        mt_arena_take(&a, SMALL, 1);
    const struct mt_arena_block *block = a.blocks;
    for (int i = 0; i < TAKES; i++) {
        mt_arena_take(&a, SMALL, 1);
        blocks += a.blocks != block;
        block = a.blocks;
    }
    assert_in_range(blocks, 0, MOST_BLOCKS);
    mt_arena_clear(&a);
}

static void names_each_string_once(void **state)
{
    (void)state;
    struct mt_arena a = {0};
    struct mt_strings s;
    mt_strings_init(&s, &a);
    assert_int_equal(mt_intern(&s, MT_SPAN("")), 0);
    char name[32];
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "shop/internal/pkg%d.F", i);
        assert_int_equal(mt_intern_text(&s, name), i + 1);
    }
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "shop/internal/pkg%d.F", i);
        assert_int_equal(mt_intern_find(&s, mt_span_of(name)), i + 1);
        assert_string_equal(mt_string_text(&s, (uint32_t)i + 1), name);
    }
    assert_int_equal(mt_intern_find(&s, MT_SPAN("absent")), UINT32_MAX);
    uint32_t with_zero = mt_intern(&s, MT_SPAN("a\0b")), without = mt_intern(&s, MT_SPAN("a"));
    assert_int_not_equal(with_zero, without);
    assert_int_equal(mt_string(&s, with_zero).size, 3);
    assert_int_equal(mt_string(&s, 99999999).size, 0);
    mt_arena_clear(&a);
}

static void gives_back_blocks_of_odd_sizes(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    for (size_t size = 1; size < 4096; size = size * 2 + 1)
        mt_arena_take(&arena, size, 1);
    mt_arena_clear(&arena);
    assert_null(arena.blocks);
    void *after = malloc(64); /* the allocator is still in one piece */
    assert_non_null(after);
    free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_blocks_of_odd_sizes),
        cmocka_unit_test(gives_zeroed_and_aligned_memory),
        cmocka_unit_test(grows_arrays_and_keeps_their_items),
        cmocka_unit_test(grows_many_large_arrays_in_turn),
        cmocka_unit_test(small_takes_fill_what_is_mapped),
        cmocka_unit_test(names_each_string_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
