/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (libmd) as 64 hex digits and a NUL. */
#ifndef MT_BASE_DIGEST_H
#define MT_BASE_DIGEST_H

#include "parsers/base/span.h"

void mt_sha256_hex(struct mt_span bytes, char hex[65]);

/* The same piece by piece. */
struct mt_sha256 {
    uint64_t context[32]; /* the library's own */
};
void mt_sha256_begin(struct mt_sha256 *s);
void mt_sha256_add(struct mt_sha256 *s, struct mt_span bytes);
void mt_sha256_end(struct mt_sha256 *s, char hex[65]);

#endif
