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
        .stacks_bytes = MT_NO_BYTES,
        .globals_bytes = MT_NO_BYTES,
    };
}

void mt_gc_cycle_init_jvm(struct mt_gc_cycle *cycle, enum mt_gc_kind kind)
{
    mt_gc_cycle_init(cycle);
    cycle->kind = kind;
    cycle->heap_total_bytes = MT_NO_BYTES;
    cycle->young_before_bytes = cycle->young_after_bytes = MT_NO_BYTES;
    cycle->old_before_bytes = cycle->old_after_bytes = MT_NO_BYTES;
    cycle->promoted_bytes = MT_NO_BYTES;
}

static void rest_of(uint64_t whole, uint64_t part, uint64_t *rest)
{
    if (*rest == MT_NO_BYTES && whole != MT_NO_BYTES && part != MT_NO_BYTES)
        *rest = whole > part ? whole - part : 0;
}

void mt_gc_cycle_derive(struct mt_gc_cycle *c, bool one_generation)
{
    if (one_generation && c->kind != MT_GC_YOUNG && c->young_after_bytes == MT_NO_BYTES) {
        if (c->old_before_bytes == MT_NO_BYTES)
            c->old_before_bytes = c->heap_start_bytes;
        if (c->old_after_bytes == MT_NO_BYTES)
            c->old_after_bytes = c->heap_live_bytes;
        return;
    }
    rest_of(c->heap_start_bytes, c->young_before_bytes, &c->old_before_bytes);
    rest_of(c->heap_live_bytes, c->young_after_bytes, &c->old_after_bytes);
    rest_of(c->heap_start_bytes, c->old_before_bytes, &c->young_before_bytes);
    rest_of(c->heap_live_bytes, c->old_after_bytes, &c->young_after_bytes);
    if (c->kind == MT_GC_FULL && c->old_after_bytes == MT_NO_BYTES)
        c->old_after_bytes = c->heap_live_bytes; /* a full collection empties the young one */
    if (c->kind == MT_GC_YOUNG && c->promoted_bytes == MT_NO_BYTES &&
        c->old_before_bytes != MT_NO_BYTES && c->old_after_bytes != MT_NO_BYTES)
        c->promoted_bytes =
            c->old_after_bytes > c->old_before_bytes ? c->old_after_bytes - c->old_before_bytes : 0;
}
