/* SPDX-License-Identifier: Apache-2.0 */
/* The digests are of the orders that slices.SortFunc of Go 1.27 leaves for the same arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/gotrace/sort.h"

#include <stdlib.h>

enum { SIZES = 700, PIPES = 5000 };

static uint64_t few_values(uint64_t i, uint64_t n)
{
    (void)n;
    return i * 7919 % 5;
}

static uint64_t chance(uint64_t i, uint64_t n)
{
    uint64_t x = i * 0x9e3779b97f4a7c15u + n;
    x ^= x >> 29;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 32;
    return x % n;
}

static uint64_t downwards(uint64_t i, uint64_t n)
{
    return (n - i) / 3;
}

/* Below 40 it gets negative times, which sort in front. */
static uint64_t nearly_sorted(uint64_t i, uint64_t n)
{
    (void)n;
    return i % 37 == 5 ? i / 2 - 40 : i / 2;
}

static uint64_t saw(uint64_t i, uint64_t n)
{
    (void)n;
    return i % 16;
}

static uint64_t pipes(uint64_t i, uint64_t n)
{
    return (i > n / 2 ? n - i : i) * 3 % 1001;
}

static uint64_t sorted_order(uint64_t hash, uint64_t (*time_at)(uint64_t i, uint64_t n), size_t n)
{
    struct mt_timed items[PIPES];
    assert_true(n <= PIPES);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct mt_timed){(int64_t)time_at(i, n), (uint32_t)i};
    mt_sort_timed(items, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || items[i - 1].time_ns <= items[i].time_ns);
        hash = (hash ^ items[i].item) * 1099511628211u;
    }
    return hash;
}

static void leaves_equal_times_in_the_order_of_go(void **state)
{
    (void)state;
    static const struct {
        uint64_t (*time_at)(uint64_t i, uint64_t n);
        uint64_t expected;
    } patterns[] = {
        {few_values, 0xd310620a8198506d}, {chance, 0xd08f87f104238c4b},
        {downwards, 0x91cec3520dcc1107},  {nearly_sorted, 0xb2275c89a58994a1},
        {saw, 0x484e10c245b69c15},
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        uint64_t hash = 14695981039346656037u;
        for (size_t n = 0; n <= SIZES; n++)
            hash = sorted_order(hash, patterns[i].time_at, n);
        assert_true(hash == patterns[i].expected);
    }
}

static void does_so_when_pivots_are_bad(void **state)
{
    (void)state;
    assert_true(sorted_order(14695981039346656037u, pipes, PIPES) == 0x74a72d78f80fa60b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_equal_times_in_the_order_of_go),
        cmocka_unit_test(does_so_when_pivots_are_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
