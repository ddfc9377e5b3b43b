/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory with one lifetime: everything taken is given back at once by mt_arena_clear. Not
 * thread-safe; each worker fills arenas of its own. With -DMT_ARENA_PASSTHROUGH every take is an
 * allocation of exactly its size, so sanitizers see each overrun.
 */
#ifndef MT_BASE_ARENA_H
#define MT_BASE_ARENA_H

#include <stddef.h>

struct mt_arena_block;

struct mt_arena {
    struct mt_arena_block *blocks; /* newest first */
    char *next, *end;              /* free part of the newest block */
    size_t taken_bytes;            /* sum of all requests */
};

/* A zeroed struct is an empty arena; init is for memory that is not zeroed. */
void mt_arena_init(struct mt_arena *a);
void mt_arena_clear(struct mt_arena *a);

/* count * size zeroed bytes aligned for any type; never NULL (exits 70 when memory runs out).
 * A count that comes from an input is checked against the input's size first. */
void *mt_arena_take(struct mt_arena *a, size_t count, size_t size);

/* A larger copy of an array of old_count items; extends in place when `old` was the last taken.
 * New items are zero. old may be NULL. */
void *mt_arena_grow(struct mt_arena *a, void *old, size_t old_count, size_t new_count, size_t size);

/* Copies size bytes and adds a NUL. */
char *mt_arena_copy(struct mt_arena *a, const void *bytes, size_t size);

/* printf into the arena. */
char *mt_arena_printf(struct mt_arena *a, const char *fmt, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#define MT_NEW(a, type)      ((type *)mt_arena_take((a), 1, sizeof(type)))
#define MT_NEW_N(a, type, n) ((type *)mt_arena_take((a), (n), sizeof(type)))

/* Room for one more at the end of a growing array: items, count and capacity are lvalues. */
#define MT_RESERVE(a, items, count, capacity)                                                      \
    do {                                                                                           \
        if ((count) == (capacity)) {                                                               \
            size_t mt_more_ = (capacity) ? (size_t)(capacity)*2 : 8;                               \
            (items) = mt_arena_grow((a), (items), (capacity), mt_more_, sizeof *(items));          \
            (capacity) = mt_more_;                                                                 \
        }                                                                                          \
    } while (0)

#endif
