/* SPDX-License-Identifier: Apache-2.0 */
/* For the test of one reader of profiles: its fixture, and the teardown of the group. Include after
 * cmocka.h. */
#ifndef MT_FORMATS_PROFILE_ONE_READER_FOR_TESTS_H
#define MT_FORMATS_PROFILE_ONE_READER_FOR_TESTS_H

#include "parsers/formats/profile/for_tests.h"

static struct fixture f;

static inline int clear(void **state)
{
    (void)state;
    fixture_clear(&f);
    return 0;
}

#endif
