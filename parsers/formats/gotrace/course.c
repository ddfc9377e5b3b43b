/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/course.h"

#include <string.h>

enum { FIRST_WIDTH_BITS = 10 }; /* about 1 us */

static int64_t bin_at(int64_t time_ns, unsigned doublings)
{
    return time_ns > 0 ? time_ns >> (FIRST_WIDTH_BITS + doublings) : 0;
}

static unsigned doublings_for(int64_t time_ns)
{
    unsigned doublings = 0;
    while (bin_at(time_ns, doublings) >= MT_TRACE_BINS)
        doublings++;
    return doublings;
}

static void widen(struct mt_course *c, unsigned doublings)
{
    for (; c->doublings < doublings; c->doublings++)
        for (size_t what = 0; what < MT_COURSE_WHATS; what++) {
            uint32_t *bins = c->bins[what];
            for (size_t i = 0; i < MT_TRACE_BINS / 2; i++)
                bins[i] = bins[2 * i] + bins[2 * i + 1];
            memset(bins + MT_TRACE_BINS / 2, 0, MT_TRACE_BINS / 2 * sizeof *bins);
        }
}

void mt_course_add(struct mt_course *c, enum mt_course_what what, int64_t time_ns)
{
    if (bin_at(time_ns, c->doublings) >= MT_TRACE_BINS)
        widen(c, doublings_for(time_ns));
    c->bins[what][bin_at(time_ns, c->doublings)]++;
}

int64_t mt_course_width(int64_t length_ns, size_t *n_bins)
{
    unsigned doublings = doublings_for(length_ns);
    *n_bins = (size_t)bin_at(length_ns, doublings) + 1;
    return INT64_C(1) << (FIRST_WIDTH_BITS + doublings);
}

struct mt_trace_course mt_course_keep(struct mt_course *c, int64_t width_ns, size_t n_bins,
                                      struct mt_arena *arena)
{
    while (INT64_C(1) << (FIRST_WIDTH_BITS + c->doublings) < width_ns)
        widen(c, c->doublings + 1);
    uint32_t *kept = MT_NEW_N(arena, uint32_t, MT_COURSE_WHATS * n_bins);
    for (size_t what = 0; what < MT_COURSE_WHATS; what++)
        memcpy(kept + what * n_bins, c->bins[what], n_bins * sizeof *kept);
    return (struct mt_trace_course){kept + MT_COURSE_CREATED * n_bins,
                                    kept + MT_COURSE_ENDED * n_bins,
                                    kept + MT_COURSE_LEFT * n_bins};
}
