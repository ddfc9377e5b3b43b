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

/* The last word is the last bytes, those of the word before among them: copies of a fixed size are
 * one instruction, others a call. */
static inline uint64_t mt_hash_bytes(uint64_t seed, const unsigned char *bytes, size_t size)
{
    uint64_t h = mt_hash_word(seed, 0, size), word = 0;
    for (size_t at = 0; at + sizeof word < size; at += sizeof word) {
        memcpy(&word, bytes + at, sizeof word);
        h = mt_hash_word(seed, h, word);
    }
    if (size >= sizeof word) {
        memcpy(&word, bytes + size - sizeof word, sizeof word);
    } else if (size >= sizeof(uint32_t)) {
        uint32_t first, last;
        memcpy(&first, bytes, sizeof first);
        memcpy(&last, bytes + size - sizeof last, sizeof last);
        word = (uint64_t)first << 32 | last;
    } else if (size) {
        word = (uint64_t)bytes[0] << 16 | (uint64_t)bytes[size / 2] << 8 | bytes[size - 1];
    }
    return mt_hash_word(seed, h, word);
}

#endif
