/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/gc.h"

#include <math.h>

void mt_gc_cycle_init(struct mt_gc_cycle *cycle)
{
    *cycle = (struct mt_gc_cycle){
        .time_ns = MT_NO_TIME,
        .since_start_ns = MT_NO_TIME,
        .cpu_percent = NAN,
        .heap_start_bytes = MT_NO_BYTES,
        .heap_end_bytes = MT_NO_BYTES,
        .heap_live_bytes = MT_NO_BYTES,
        .goal_bytes = MT_NO_BYTES,
        .heap_total_bytes = MT_NO_BYTES,
        .young_before_bytes = MT_NO_BYTES,
        .young_after_bytes = MT_NO_BYTES,
        .old_before_bytes = MT_NO_BYTES,
        .old_after_bytes = MT_NO_BYTES,
        .promoted_bytes = MT_NO_BYTES,
        .stacks_bytes = MT_NO_BYTES,
        .globals_bytes = MT_NO_BYTES,
    };
}
