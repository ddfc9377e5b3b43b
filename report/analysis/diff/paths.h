/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Call paths of one kind of profile over all runs. A large profile has 100,000 of them, of which
 * few are shown: a path is a hash of its functions' keys and a run of numbers, side by side in
 * memory, and gets a name when it was chosen. Only report/analysis/diff.
 */
#ifndef MT_ANALYSIS_DIFF_PATHS_H
#define MT_ANALYSIS_DIFF_PATHS_H

#include "parsers/model/bundle.h"

/* Where a path was first seen. */
struct mt_path_origin {
    const struct mt_bundle *bundle;
    const struct mt_profile *profile;
    const struct mt_sample *sample;
};

struct mt_path_table {
    struct mt_arena *arena;
    size_t n_columns, n_runs;
    uint64_t *hash; /* by path, as are the next two */
    struct mt_path_origin *origin;
    double *cells; /* by column, then run: the value, then its variance */
    size_t n, capacity;
    uint32_t *slots; /* hash -> path + 1; open addressing, a power of two */
    size_t n_slots;
};

void mt_paths_open(struct mt_path_table *t, struct mt_arena *arena, size_t n_columns,
                   size_t n_runs);
/* Finds or makes. */
size_t mt_paths_find(struct mt_path_table *t, uint64_t hash, struct mt_path_origin origin);
/* value at [0], variance at [1] */
static inline double *mt_path_cell(const struct mt_path_table *t, size_t path, size_t column,
                                   size_t run)
{
    return t->cells + ((path * t->n_columns + column) * t->n_runs + run) * 2;
}
/* The frames, root first, joined by ';'. */
const char *mt_path_name(struct mt_arena *arena, struct mt_path_origin origin);

#endif
