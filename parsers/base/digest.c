/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/digest.h"

#include "parsers/base/digest_x86.h"

#include <string.h>
#include <sys/types.h>

#include <sha2.h>

_Static_assert(sizeof(SHA2_CTX) <= sizeof(struct mt_sha256), "the library's context fits");

void mt_sha256_begin(struct mt_sha256 *s)
{
    SHA2_CTX context;
    SHA256Init(&context);
    memcpy(s->context, &context, sizeof context);
}

void mt_sha256_add(struct mt_sha256 *s, struct mt_span bytes)
{
    SHA2_CTX context;
    memcpy(&context, s->context, sizeof context);
    /* whole blocks by themselves, once what waits in the library's buffer has become one */
    size_t waits = (size_t)(context.bitcount[0] / 8 % SHA256_BLOCK_LENGTH);
    if (waits) {
        struct mt_span filling = mt_span_sub(bytes, 0, SHA256_BLOCK_LENGTH - waits);
        SHA256Update(&context, filling.data, filling.size);
        bytes = mt_span_from(bytes, filling.size);
    }
    if (context.bitcount[0] % (SHA256_BLOCK_LENGTH * 8) == 0)
        context.bitcount[0] += 8 * mt_sha256_blocks(context.state.st32, &bytes);
    SHA256Update(&context, bytes.data, bytes.size);
    memcpy(s->context, &context, sizeof context);
}

void mt_sha256_end(struct mt_sha256 *s, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    SHA2_CTX context;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    memcpy(&context, s->context, sizeof context);
    SHA256Final(digest, &context);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[64] = '\0';
}

void mt_sha256_hex(struct mt_span bytes, char hex[65])
{
    struct mt_sha256 s;
    mt_sha256_begin(&s);
    mt_sha256_add(&s, bytes);
    mt_sha256_end(&s, hex);
}
