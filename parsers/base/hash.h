/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hashes of what an input chose: ids, addresses, names. They depend on a seed that differs from
 * process to process, so nobody can prepare an input whose keys all meet in one place of a table. A
 * result must not depend on them: tables are asked for keys and never walked.
 */
#ifndef MT_BASE_HASH_H
#define MT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The process's seed, odd. For a table to keep: it is not made for inner loops. */
uint64_t mt_hash_seed(void);

/* Takes one more word into the hash `h` (0 to begin with). All bits of the result are good. */
static inline uint64_t mt_hash_word(uint64_t seed, uint64_t h, uint64_t word)
{
    uint64_t x = h ^ word ^ 0x9e3779b97f4a7c15u;
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)x * seed;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    x *= seed;
    x = (x ^ x >> 32) * 0xd6e8feb86659fd93u;
    return x ^ x >> 32;
#endif
}

static inline uint64_t mt_hash_bytes(uint64_t seed, const unsigned char *bytes, size_t size)
{
    uint64_t h = mt_hash_word(seed, 0, size), word;
    for (; size >= sizeof word; bytes += sizeof word, size -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        h = mt_hash_word(seed, h, word);
    }
    word = 0;
    if (size)
        memcpy(&word, bytes, size);
    return mt_hash_word(seed, h, word);
}

#endif
