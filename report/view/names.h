/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of functions in four lengths, of which a place takes the longest that fits, and names of
 * source files without the folders of the machine that built them. All are printable.
 */
#ifndef MT_VIEW_NAMES_H
#define MT_VIEW_NAMES_H

#include "parsers/base/arena.h"
#include "parsers/base/span.h"

#include <stdint.h>

struct mt_name {
    const char *full;    /* "example.com/shop/cart.(*Registry).Attach" */
    const char *element; /* "cart.(*Registry).Attach" */
    const char *type;    /* "(*Registry).Attach" */
    const char *method;  /* "Attach" */
};

struct mt_name mt_name_of(struct mt_arena *a, const char *function);
/* The longest form of at most `characters`; cut with ".." when even the shortest is longer, and
 * NULL when fewer than 4 characters would be left. */
const char *mt_name_fit(struct mt_arena *a, const struct mt_name *name, size_t characters);

/* The import path of a function: "example.com/shop/cart". */
struct mt_span mt_view_package(const char *function);

/* "example.com/shop/cart/registry.go": the function's package and the last part of the file, or the
 * last two parts of the file where the package says nothing (main) or does not match. */
const char *mt_file_name(struct mt_arena *a, const char *function, const char *file);
/* "cart/registry.go:40" */
const char *mt_file_line_short(struct mt_arena *a, const char *file, int64_t line);

#endif
