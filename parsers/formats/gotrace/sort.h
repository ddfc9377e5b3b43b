/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorting by time in exactly the order in which Go's slices.SortFunc leaves equal elements: it is
 * not stable, and the order of events at equal times depends on it.
 */
#ifndef MT_GOTRACE_SORT_H
#define MT_GOTRACE_SORT_H

#include <stddef.h>
#include <stdint.h>

struct mt_timed {
    int64_t time_ns;
    uint32_t item;
};

void mt_sort_timed(struct mt_timed *items, size_t n);

#endif
