/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/hash.h"

#include <stdlib.h>

enum { KEYS = 1 << 14, SLOTS = 2 * KEYS };

static const uint64_t seed = 0xd6e8feb86659fd93u;

/* Steps that a table of half-full open addressing takes for all of them. */
static size_t steps_for(const uint64_t *keys)
{
    unsigned char *used = calloc(SLOTS, 1);
    size_t steps = 0;
    for (size_t k = 0; k < KEYS; k++) {
        size_t i = mt_hash_word(seed, 0, keys[k]) & (SLOTS - 1);
        for (; used[i]; i = (i + 1) & (SLOTS - 1))
            steps++;
        used[i] = 1;
    }
    free(used);
    return steps;
}

static void spreads_the_numbers_that_inputs_hold(void **state)
{
    (void)state;
    uint64_t *keys = malloc(KEYS * sizeof *keys);
    for (unsigned shift = 0; shift < 50; shift += 7) {
        for (uint64_t k = 0; k < KEYS; k++)
            keys[k] = k << shift;
        assert_true(steps_for(keys) < 2 * KEYS);
    }
    free(keys);
}

/* These all met in one slot when the hash was a product with this well-known constant. */
static void spreads_numbers_made_to_meet(void **state)
{
    (void)state;
    const uint64_t inverse = 0xf1de83e19937733du;
    assert_true(inverse * 0x9e3779b97f4a7c15u == 1);
    uint64_t *keys = malloc(KEYS * sizeof *keys);
    for (uint64_t k = 0; k < KEYS; k++)
        keys[k] = (k << 32 | k) * inverse;
    assert_true(steps_for(keys) < 2 * KEYS);
    free(keys);
}

static void hashes_every_byte_and_the_length(void **state)
{
    (void)state;
    unsigned char text[40] = {0};
    for (size_t size = 0; size < sizeof text; size++) {
        uint64_t plain = mt_hash_bytes(seed, text, size);
        assert_true(plain != mt_hash_bytes(seed, text, size + 1));
        for (size_t i = 0; i < size; i++) {
            text[i] = 1;
            assert_true(plain != mt_hash_bytes(seed, text, size));
            text[i] = 0;
        }
    }
}

static void depends_on_the_seed(void **state)
{
    (void)state;
    assert_true(mt_hash_word(seed, 0, 7) != mt_hash_word(seed + 2, 0, 7));
    assert_true(mt_hash_seed() & 1);
    assert_true(mt_hash_seed() == mt_hash_seed());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spreads_the_numbers_that_inputs_hold),
        cmocka_unit_test(spreads_numbers_made_to_meet),
        cmocka_unit_test(hashes_every_byte_and_the_length),
        cmocka_unit_test(depends_on_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
