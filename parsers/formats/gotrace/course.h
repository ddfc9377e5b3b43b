/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts over time in bounded memory: what was created, what ended, and what is left of the
 * created. Time is cut into at most MT_TRACE_BINS bins of equal width. Where it goes on past the
 * last one, neighbours are joined and the width doubles; each course does so when it is next added
 * to, so that a trace with many sites need not go through them all.
 */
#ifndef MT_GOTRACE_COURSE_H
#define MT_GOTRACE_COURSE_H

#include "parsers/base/arena.h"
#include "parsers/model/trace.h"

enum mt_course_what { MT_COURSE_CREATED, MT_COURSE_ENDED, MT_COURSE_LEFT, MT_COURSE_WHATS };

struct mt_course {
    unsigned doublings; /* of the first width */
    uint32_t bins[MT_COURSE_WHATS][MT_TRACE_BINS];
};

/* A time before the first event counts as at it. */
void mt_course_add(struct mt_course *c, enum mt_course_what what, int64_t time_ns);
/* The width in which a trace of that length fits, and how many bins it takes. */
int64_t mt_course_width(int64_t length_ns, size_t *n_bins);
/* In bins of that width, which is no less than that of anything added. */
struct mt_trace_course mt_course_keep(struct mt_course *c, int64_t width_ns, size_t n_bins,
                                      struct mt_arena *arena);

#endif
