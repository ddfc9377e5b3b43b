/* SPDX-License-Identifier: Apache-2.0 */
/* The list of locations behind the samples of a Java agent's profile:
 *
 *     0x00000003 com.example.Cache.put (Cache.java:41)
 */
#ifndef MT_FORMATS_PROFILE_JAVA_H
#define MT_FORMATS_PROFILE_JAVA_H

#include "parsers/formats/profile/stacks.h"

/* Reads the rest of the text and completes the profile. False with an error when an address does
 * not fit in 64 bit. */
bool mt_java_locations(struct mt_stacks *b, struct mt_profile_text *t) MT_WARN_UNUSED;

#endif
