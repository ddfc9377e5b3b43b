/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log of several pods or containers holds several streams, whose lines stand between each other:
 * what a reader keeps from line to line, it keeps for each of them.
 *
 *     struct mt_origins origins;
 *     mt_origins_init(&origins, sizeof(struct state));
 *     while (mt_wrapped_next(&wrapped, &line)) {
 *         struct state *s = mt_origins_take(&origins, line.origin);
 *         if (s) ...
 */
#ifndef MT_FORMATS_LINES_ORIGINS_H
#define MT_FORMATS_LINES_ORIGINS_H

#include "parsers/base/intern.h"

enum { MT_ORIGINS_MOST = 1024 };

struct mt_origins {
    struct mt_arena arena;
    struct mt_strings names;
    size_t size;
    void *states[MT_ORIGINS_MOST]; /* by id of the name; NULL: no line yet */
};

void mt_origins_init(struct mt_origins *o, size_t size);
void mt_origins_clear(struct mt_origins *o);
/* The origin's state, zeroed at its first line; all lines without an origin have one. NULL: there
 * are too many. */
void *mt_origins_take(struct mt_origins *o, struct mt_span origin);

#endif
