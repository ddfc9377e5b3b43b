/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/idmap.h"
#include "parsers/base/varint.h"

static void agrees_with_an_array_over_many_sets_and_removals(void **state)
{
    (void)state;
    enum { KEYS = 700 };
    uint32_t expected[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        expected[i] = MT_IDMAP_NONE;
    struct mt_arena arena = {0};
    struct mt_idmap map = {.arena = &arena};
    uint64_t random = 1;
    size_t count = 0;
    for (uint32_t step = 0; step < 200000; step++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        size_t key = (size_t)(random >> 33) % KEYS;
        if (random >> 62) {
            count += expected[key] == MT_IDMAP_NONE;
            mt_idmap_set(&map, key << 40, expected[key] = step);
        } else {
            assert_int_equal(mt_idmap_remove(&map, key << 40), expected[key] != MT_IDMAP_NONE);
            count -= expected[key] != MT_IDMAP_NONE;
            expected[key] = MT_IDMAP_NONE;
        }
        assert_int_equal(map.count, count);
    }
    for (size_t key = 0; key < KEYS; key++)
        assert_int_equal(mt_idmap_get(&map, key << 40), expected[key]);
    mt_arena_clear(&arena);
}

static void a_varint_ends_with_the_span_or_with_the_64th_bit(void **state)
{
    (void)state;
    static const unsigned char most[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1};
    static const unsigned char over[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2};
    static const unsigned char eleven[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                           0x80, 0x80, 0x80, 0x80, 0};
    uint64_t value = 0;
    struct mt_span s = {most, sizeof most};
    assert_true(mt_span_take_varint(&s, &value));
    assert_true(value == UINT64_MAX && s.size == 0);
    for (size_t cut = 0; cut < sizeof most; cut++) {
        s = (struct mt_span){most, cut};
        assert_false(mt_span_take_varint(&s, &value));
        assert_int_equal(s.size, cut);
    }
    s = (struct mt_span){over, sizeof over};
    assert_false(mt_span_take_varint(&s, &value));
    s = (struct mt_span){eleven, sizeof eleven};
    assert_false(mt_span_take_varint(&s, &value));
    s = MT_SPAN("\x81\x00\x05");
    assert_true(mt_span_take_varint(&s, &value));
    assert_true(value == 1 && s.size == 1);
}

static void a_set_has_what_was_added_and_nothing_else(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    struct mt_idset set = {.pages.arena = &arena};
    assert_false(mt_idset_has(&set, 0));
    for (uint64_t n = 0; n < 5000; n += 3)
        mt_idset_add(&set, n);
    mt_idset_add(&set, UINT64_MAX);
    for (uint64_t n = 0; n < 5000; n++)
        assert_int_equal(mt_idset_has(&set, n), n % 3 == 0);
    assert_true(mt_idset_has(&set, UINT64_MAX));
    assert_false(mt_idset_has(&set, UINT64_MAX - 1));
    assert_true(set.n_pages == 6);
    mt_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_an_array_over_many_sets_and_removals),
        cmocka_unit_test(a_set_has_what_was_added_and_nothing_else),
        cmocka_unit_test(a_varint_ends_with_the_span_or_with_the_64th_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
