/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of `pprof -top`: what each function holds by itself (flat) and with its callees (cum).
 * Functions of one name are one row, whatever their file; frames without a function go to the row
 * of their mapping, "[base name]", or "<unknown>".
 */
#ifndef MT_MODEL_TOP_H
#define MT_MODEL_TOP_H

#include "parsers/base/arena.h"
#include "parsers/base/intern.h"
#include "parsers/model/profile.h"

struct mt_top_row {
    struct mt_span name;
    int64_t flat, cum;
};

/* Sums wrap around like two's complement, as they do in pprof. */
struct mt_top {
    int64_t total, total_abs;   /* sum of the values, and of their absolutes: 100 per cent */
    size_t n_functions;         /* rows with flat or cum not 0 */
    size_t n_rows;              /* length of both lists: the smaller of n_functions and the limit */
    struct mt_top_row *by_flat; /* by |flat| downwards, name, |cum| downwards */
    struct mt_top_row *by_cum;  /* by |cum| downwards, name, |flat| downwards */
};

/* One table per sample type, in the profile's order, in `a`. Nothing is pruned here: pass the
 * profile through mt_profile_pruned first. limit 0: all rows. */
struct mt_top *mt_profile_top(struct mt_arena *a, const struct mt_strings *s,
                              const struct mt_profile *p, size_t limit);

#endif
