/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/digest.h"

#include <sys/types.h>

#include <sha2.h>
#include <string.h>

static unsigned char bytes[1 << 12];

static void fill(void)
{
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * i >> 3 ^ i * 41);
}

static void agrees_with_the_published_examples(void **state)
{
    (void)state;
    char hex[65];
    mt_sha256_hex(MT_SPAN("abc"), hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    mt_sha256_hex(MT_SPAN(""), hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* Whole blocks may go by another way than the rest: the library alone is the measure. */
static void agrees_with_the_library_at_every_length(void **state)
{
    (void)state;
    fill();
    for (size_t size = 0; size < 400; size++) {
        char expected[SHA256_DIGEST_STRING_LENGTH], hex[65];
        SHA2_CTX context;
        SHA256Init(&context);
        for (size_t i = 0; i < size; i++)
            SHA256Update(&context, bytes + i, 1);
        SHA256End(&context, expected);
        mt_sha256_hex((struct mt_span){bytes, size}, hex);
        assert_string_equal(hex, expected);
    }
}

static void pieces_of_any_size_make_the_same_digest(void **state)
{
    (void)state;
    fill();
    char whole[65], hex[65];
    mt_sha256_hex((struct mt_span){bytes, sizeof bytes}, whole);
    for (size_t step = 1; step < 200; step += 7) {
        struct mt_sha256 s;
        mt_sha256_begin(&s);
        for (size_t at = 0; at < sizeof bytes; at += step)
            mt_sha256_add(&s, mt_span_sub((struct mt_span){bytes, sizeof bytes}, at, step));
        mt_sha256_end(&s, hex);
        assert_string_equal(hex, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_published_examples),
        cmocka_unit_test(agrees_with_the_library_at_every_length),
        cmocka_unit_test(pieces_of_any_size_make_the_same_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
