/* SPDX-License-Identifier: Apache-2.0 */
/* What advance.c and advance_other.c share. */
#ifndef MT_GOTRACE_ADVANCE_H
#define MT_GOTRACE_ADVANCE_H

#include "parsers/formats/gotrace/order.h"

#include <inttypes.h>

/* States on the wire. */
enum { WIRE_GO_RUNNABLE = 1, WIRE_GO_RUNNING, WIRE_GO_SYSCALL, WIRE_GO_WAITING };
enum { WIRE_PROC_RUNNING = 1, WIRE_PROC_IDLE, WIRE_PROC_SYSCALL, WIRE_PROC_ABANDONED };

/* advance_other.c */
enum mt_advance mt_advance_user_range_begin(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_user_range_end(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_assist_active(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_sweep_active(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_sweep(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_mark(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_metric(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_label(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_log(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_task_begin(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_task_end(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_region(struct mt_order *o, struct mt_lane *l);
enum mt_advance mt_advance_experimental(struct mt_order *o, struct mt_lane *l);

/* The index of the generation's stack or string of that id; 0 after the failure when there is none.
 */
static inline uint32_t use_stack(struct mt_order *o, const struct mt_lane *l, uint64_t id)
{
    uint32_t index = mt_ids_find(&o->g->stack_ids, id);
    if (index != MT_NO_INDEX32)
        return index;
    mt_order_fail(o, l, "stack %" PRIu64 " is not in its generation", id);
    return 0;
}

static inline uint32_t use_string(struct mt_order *o, const struct mt_lane *l, uint64_t id)
{
    uint32_t index = mt_ids_find(&o->g->string_ids, id);
    if (index != MT_NO_INDEX32)
        return index;
    mt_order_fail(o, l, "string %" PRIu64 " is not in its generation", id);
    return 0;
}

#endif
