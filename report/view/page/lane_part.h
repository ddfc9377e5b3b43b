/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that build the lanes share. */
#ifndef MT_VIEW_PAGE_LANE_PART_H
#define MT_VIEW_PAGE_LANE_PART_H

#include "report/view/page/part.h"

const char *mt_lane_badge(struct mt_part *p, const struct mt_clock_state *clock);
void mt_lane_collector(struct mt_part *p, struct mt_lanes *l);
void mt_lane_counters(struct mt_part *p, struct mt_lanes *l);

#endif
