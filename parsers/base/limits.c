/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/limits.h"

static uint64_t limits[] = {
#define MT_LIMIT_VALUE(name, option, value, words) value,
    MT_LIMITS(MT_LIMIT_VALUE)
#undef MT_LIMIT_VALUE
};

void mt_limit_set(enum mt_limit limit, uint64_t value)
{
    limits[limit] = value;
}

uint64_t mt_limit(enum mt_limit limit)
{
    return limits[limit];
}
