/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Thinning of a series for a picture: per column of the time axis the first, the least, the
 * greatest and the last point. Peaks and troughs always survive; no value is averaged or invented.
 */
#ifndef MT_VIEW_THIN_H
#define MT_VIEW_THIN_H

#include "parsers/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Columns of the series that report.json and the page's readouts carry. */
enum { MT_SERIES_COLUMNS = 1200 };

struct mt_points {
    size_t n, of; /* kept, and how many there were */
    const int64_t *time_ns;
    const double *value;
};

/* Times do not decrease. Points outside start..end are dropped. Without a need to thin, the result
 * points at the input. */
struct mt_points mt_thin(struct mt_arena *arena, size_t n, const int64_t *time_ns,
                         const double *value, int64_t start_ns, int64_t end_ns, size_t columns);

#endif
