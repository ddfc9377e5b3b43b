/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/digest_x86.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>
#include <immintrin.h>

enum { BLOCK = 64, QUADS = 16 };

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* The instructions want the words in two registers as a, b, e, f and c, d, g, h, highest first. */
struct words {
    __m128i abef, cdgh;
};

__attribute__((target("sha,sse4.1"))) static struct words load_words(const uint32_t state[8])
{
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xb1);
    __m128i efgh =
        _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1b);
    return (struct words){_mm_alignr_epi8(badc, efgh, 8), _mm_blend_epi16(efgh, badc, 0xf0)};
}

__attribute__((target("sha,sse4.1"))) static void store_words(uint32_t state[8], struct words w)
{
    __m128i feba = _mm_shuffle_epi32(w.abef, 0x1b);
    __m128i dchg = _mm_shuffle_epi32(w.cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

__attribute__((target("sha,sse4.1"))) static struct words hash_block(struct words w,
                                                                     const unsigned char *block)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i schedule[4];
#pragma GCC unroll 16
    for (size_t i = 0; i < QUADS; i++) {
        if (i < 4) {
            schedule[i] = _mm_shuffle_epi8(
                _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i)), big_endian);
        } else {
            __m128i last = schedule[(i + 3) & 3];
            __m128i sum = _mm_sha256msg1_epu32(schedule[i & 3], schedule[(i + 1) & 3]);
            sum = _mm_add_epi32(sum, _mm_alignr_epi8(last, schedule[(i + 2) & 3], 4));
            schedule[i & 3] = _mm_sha256msg2_epu32(sum, last);
        }
        __m128i message = _mm_add_epi32(
            schedule[i & 3], _mm_loadu_si128((const __m128i *)(const void *)(constants + 4 * i)));
        w.cdgh = _mm_sha256rnds2_epu32(w.cdgh, w.abef, message);
        w.abef = _mm_sha256rnds2_epu32(w.abef, w.cdgh, _mm_shuffle_epi32(message, 0x0e));
    }
    return w;
}

__attribute__((target("sha,sse4.1"))) static void hash_blocks(uint32_t state[8],
                                                              const unsigned char *at, size_t n)
{
    struct words w = load_words(state);
    for (; n; n--, at += BLOCK) {
        struct words before = w;
        w = hash_block(w, at);
        w.abef = _mm_add_epi32(w.abef, before.abef);
        w.cdgh = _mm_add_epi32(w.cdgh, before.cdgh);
    }
    store_words(state, w);
}

static bool has_instructions(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3))
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

size_t mt_sha256_blocks(uint32_t state[8], struct mt_span *bytes)
{
    size_t n = bytes->size / BLOCK;
    if (!n || !has_instructions())
        return 0;
    hash_blocks(state, bytes->data, n);
    *bytes = mt_span_from(*bytes, n * BLOCK);
    return n * BLOCK;
}

#else

size_t mt_sha256_blocks(uint32_t state[8], struct mt_span *bytes)
{
    (void)state;
    (void)bytes;
    return 0;
}

#endif
