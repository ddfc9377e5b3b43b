/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that build the lanes share. */
#ifndef MT_VIEW_PAGE_LANE_PART_H
#define MT_VIEW_PAGE_LANE_PART_H

#include "report/view/page/part.h"

/* Cycles with their wall time: those of the summary, or of another log where it has none. */
struct mt_lane_cycles {
    const struct mt_gc_cycle **items;
    size_t n;
    bool walls; /* durations are of whole cycles, not of their stops */
    const char *source;
    const struct mt_clock_state *clock; /* NULL: that of the bundle's first log */
};
struct mt_lane_cycles mt_lane_cycles_of(struct mt_part *p);
const char *mt_lane_badge(struct mt_part *p, const struct mt_clock_state *clock);
void mt_lane_collector(struct mt_part *p, struct mt_lanes *l);
void mt_lane_counters(struct mt_part *p, struct mt_lanes *l);

#endif
