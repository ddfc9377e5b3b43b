/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/input/digest.h"

#include <sys/types.h>

#include <sha2.h>

void mt_sha256_hex(struct mt_span bytes, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    SHA2_CTX context;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Init(&context);
    SHA256Update(&context, bytes.data, bytes.size);
    SHA256Final(digest, &context);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[64] = '\0';
}
