/* SPDX-License-Identifier: Apache-2.0 */
/* Which runs a side of a diff consists of. */
#ifndef MT_CMD_REPLICATES_H
#define MT_CMD_REPLICATES_H

#include "parsers/base/arena.h"

#include <stdbool.h>

struct mt_run_paths {
    const char **items; /* to open */
    const char **names; /* to show: the last part */
    size_t n;
};

/* A folder that holds nothing but folders, each with a bundle.json or all named alike but for a
 * number (run1, run2; not times like t+012s), is a set of replicates; `choice` yes or no overrides,
 * NULL: by that rule. Anything else is one run. */
void mt_find_runs(struct mt_arena *arena, const char *path, const char *choice,
                  struct mt_run_paths *out);
bool mt_is_single_file(const char *path);
/* "run12" and "run3" are alike but for a number; "t+012s" is no such name. */
bool mt_alike_but_for_number(const char *a, const char *b);

#endif
