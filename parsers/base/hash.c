/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/hash.h"

#include <sys/auxv.h>

/* The kernel gives each process 16 random bytes. */
uint64_t mt_hash_seed(void)
{
    uint64_t halves[2] = {0};
    const void *random = (const void *)getauxval(AT_RANDOM);
    if (random)
        memcpy(halves, random, sizeof halves);
    return mt_hash_word(halves[1] | 1, 0, halves[0]) | 1;
}
