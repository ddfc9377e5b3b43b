/* SPDX-License-Identifier: Apache-2.0 */
/*
 * String table: each distinct byte string once, named by a 32-bit id in order of first appearance.
 * Id 0 is the empty string. Strings may hold any byte; each is followed by a NUL that is not
 * counted.
 */
#ifndef MT_BASE_INTERN_H
#define MT_BASE_INTERN_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

struct mt_strings {
    struct mt_arena *arena; /* holds everything; outlives the table */
    struct mt_span *items;
    size_t count, capacity;
    uint32_t *slots; /* open addressing, power of two; id + 1 */
    uint32_t *hashes;
    size_t n_slots;
    uint64_t seed;
};

void mt_strings_init(struct mt_strings *s, struct mt_arena *arena);
/* Copies the bytes on first sight. */
uint32_t mt_intern(struct mt_strings *s, struct mt_span text);
uint32_t mt_intern_text(struct mt_strings *s, const char *text);
/* As mt_intern, but the bytes are kept where they are: they must live as long as the table. */
uint32_t mt_intern_borrowed(struct mt_strings *s, struct mt_span text);
/* The id of a string that is already there, or UINT32_MAX. */
uint32_t mt_intern_find(const struct mt_strings *s, struct mt_span text);
struct mt_span mt_string(const struct mt_strings *s, uint32_t id);
/* NUL-terminated view; a borrowed string must have been NUL-terminated where it stood. */
const char *mt_string_text(const struct mt_strings *s, uint32_t id);

/* Gives an id another text, kept where it is (as mt_intern_borrowed does). Two ids may now have
 * equal texts: they stay two, and both mt_intern and mt_intern_find give the first of them. Until
 * mt_strings_index has run, only mt_string works. */
void mt_strings_replace(struct mt_strings *s, uint32_t id, struct mt_span text);
void mt_strings_index(struct mt_strings *s);

#endif
