/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 by the processor's own instructions, several times as fast as the library. For digest.c
 * only. */
#ifndef MT_BASE_DIGEST_X86_H
#define MT_BASE_DIGEST_X86_H

#include "parsers/base/span.h"

/* Hashes the whole blocks of 64 bytes at the front of *bytes into the eight words of the state and
 * takes them off. Returns how many bytes that were: 0 where the processor cannot. */
size_t mt_sha256_blocks(uint32_t state[8], struct mt_span *bytes);

#endif
