/* SPDX-License-Identifier: Apache-2.0 */
/* Events that leave goroutines and procs as they are: ranges, metrics, tasks, regions, logs. */
#include "parsers/formats/gotrace/advance.h"

static struct mt_event *emit_range(struct mt_order *o, const struct mt_lane *l,
                                   enum mt_event_kind kind, enum mt_event_range what)
{
    struct mt_event *ev = mt_order_emit(o, l->context, l->time_ns, kind);
    ev->what = (uint8_t)what;
    return ev;
}

static void about_goroutine(struct mt_event *ev, int64_t id, uint32_t slot)
{
    ev->scope = MT_ABOUT_GOROUTINE;
    ev->subject = id;
    ev->slot = slot;
}

static void about_proc(struct mt_event *ev, int64_t id, uint32_t slot)
{
    ev->scope = MT_ABOUT_PROC;
    ev->subject = id;
    ev->slot = slot;
}

/* The thread's goroutine and proc must be there; NULL: failed. */
static struct mt_order_goroutine *current_user(struct mt_order *o, struct mt_lane *l)
{
    if (!mt_order_need(o, l, MT_NEED_USER))
        return NULL;
    struct mt_order_goroutine *g = mt_order_current(o, l->context);
    if (!g)
        mt_order_fail(o, l, "goroutine %" PRId64 " is not known", l->context->goroutine);
    return g;
}

enum mt_advance mt_advance_user_range_begin(struct mt_order *o, struct mt_lane *l)
{
    bool stop = l->type == MT_REC_STW_BEGIN;
    struct mt_order_goroutine *g = current_user(o, l);
    if (!g)
        return MT_ADVANCE_BROKEN;
    struct mt_range range = {.type = l->type};
    uint32_t string = 0;
    if (stop) {
        range.string = l->argument[0];
        string = use_string(o, l, l->argument[0]);
        range.name = mt_order_name(o, string);
    }
    if (!mt_ranges_begin(o, &o->held[g - o->goroutines].ranges, range))
        return mt_order_fail(o, l, "goroutine %" PRId64 " is in one already", g->id);
    struct mt_event *ev =
        emit_range(o, l, MT_EV_RANGE_BEGIN, stop ? MT_RANGE_STOP : MT_RANGE_ASSIST);
    about_goroutine(ev, g->id, (uint32_t)(g - o->goroutines));
    ev->name = string;
    ev->stack = use_stack(o, l, l->argument[stop ? 1 : 0]);
    return MT_ADVANCE_DONE;
}

enum mt_advance mt_advance_user_range_end(struct mt_order *o, struct mt_lane *l)
{
    bool stop = l->type == MT_REC_STW_END;
    struct mt_order_goroutine *g = current_user(o, l);
    if (!g)
        return MT_ADVANCE_BROKEN;
    struct mt_range range;
    if (!mt_ranges_end(&o->held[g - o->goroutines].ranges,
                       stop ? MT_REC_STW_BEGIN : MT_REC_GC_ASSIST_BEGIN, &range))
        return mt_order_fail(o, l, "goroutine %" PRId64 " is not in one", g->id);
    struct mt_event *ev = emit_range(o, l, MT_EV_RANGE_END, stop ? MT_RANGE_STOP : MT_RANGE_ASSIST);
    about_goroutine(ev, g->id, (uint32_t)(g - o->goroutines));
    if (stop) {
        /* Go's reader looks the begin's string up in the tables of the end. */
        uint32_t string = mt_ids_find(&o->g->string_ids, range.string);
        ev->name = string == MT_NO_INDEX32 ? MT_NAME_FOREIGN : string;
        o->block->foreign[o->block->n - 1] = o->names[range.name];
    }
    return MT_ADVANCE_DONE;
}

/* In the first generation a range that was there before; later one that must be known. */
static bool activate(struct mt_order *o, struct mt_lane *l, struct mt_ranges *r, uint8_t type)
{
    struct mt_range range = {.type = type};
    if (o->in_first ? mt_ranges_begin(o, r, range) : mt_ranges_have(r, range))
        return true;
    mt_order_fail(o, l, "%" PRIu64 " %s in one", l->argument[0],
                  o->in_first ? "is already" : "is not");
    return false;
}

enum mt_advance mt_advance_assist_active(struct mt_order *o, struct mt_lane *l)
{
    int64_t id = (int64_t)l->argument[0];
    uint32_t slot = mt_order_goroutine_slot(o, id);
    if (slot == MT_NO_SLOT)
        return mt_order_fail(o, l, "goroutine %" PRId64 " is not known", id);
    if (!activate(o, l, &o->held[slot].ranges, MT_REC_GC_ASSIST_BEGIN))
        return MT_ADVANCE_BROKEN;
    about_goroutine(emit_range(o, l, MT_EV_RANGE_ACTIVE, MT_RANGE_ASSIST), id, slot);
    return MT_ADVANCE_DONE;
}

enum mt_advance mt_advance_sweep_active(struct mt_order *o, struct mt_lane *l)
{
    int64_t id = (int64_t)l->argument[0];
    uint32_t slot = mt_order_proc_slot(o, id);
    if (slot == MT_NO_SLOT)
        return mt_order_fail(o, l, "proc %" PRId64 " is not known", id);
    if (!activate(o, l, &o->procs[slot].ranges, MT_REC_GC_SWEEP_BEGIN))
        return MT_ADVANCE_BROKEN;
    about_proc(emit_range(o, l, MT_EV_RANGE_ACTIVE, MT_RANGE_SWEEP), id, slot);
    return MT_ADVANCE_DONE;
}

enum mt_advance mt_advance_sweep(struct mt_order *o, struct mt_lane *l)
{
    const struct mt_context *c = l->context;
    bool begins = l->type == MT_REC_GC_SWEEP_BEGIN;
    if (!mt_order_need(o, l, MT_NEED_THREAD | MT_NEED_PROC))
        return MT_ADVANCE_BROKEN;
    struct mt_range range = {.type = MT_REC_GC_SWEEP_BEGIN};
    struct mt_ranges *ranges = &o->procs[c->proc_slot].ranges;
    if (!(begins ? mt_ranges_begin(o, ranges, range)
                 : mt_ranges_end(ranges, MT_REC_GC_SWEEP_BEGIN, &range)))
        return mt_order_fail(o, l, "proc %" PRId64 " %s", c->proc,
                             begins ? "sweeps already" : "does not sweep");
    struct mt_event *ev =
        emit_range(o, l, begins ? MT_EV_RANGE_BEGIN : MT_EV_RANGE_END, MT_RANGE_SWEEP);
    about_proc(ev, c->proc, c->proc_slot);
    if (begins) {
        ev->stack = use_stack(o, l, l->argument[0]);
    } else {
        ev->value = l->argument[0];
        ev->reclaimed_bytes = l->argument[1];
    }
    return MT_ADVANCE_DONE;
}

/* Begin, end and "active" of the mark phase share one count, as they can be on any thread. */
enum mt_advance mt_advance_mark(struct mt_order *o, struct mt_lane *l)
{
    static const struct {
        enum mt_event_kind kind;
        enum mt_gc_state before, after;
    } steps[] = {
        [0] = {MT_EV_RANGE_ACTIVE, MT_GC_ON, MT_GC_ON},
        [1] = {MT_EV_RANGE_BEGIN, MT_GC_OFF, MT_GC_ON},
        [2] = {MT_EV_RANGE_END, MT_GC_ON, MT_GC_OFF},
    };
    unsigned step = l->type - (unsigned)MT_REC_GC_ACTIVE;
    bool settles = (step == 0 && o->in_first) || (step == 1 && o->gc == MT_GC_UNKNOWN);
    if (step == 0 && o->in_first && o->gc != MT_GC_UNKNOWN)
        return mt_order_fail(o, l, "not the first word on the collector");
    if (!settles) {
        if (l->argument[0] != o->gc_sequence + 1)
            return MT_ADVANCE_WAITS;
        if (o->gc != steps[step].before)
            return mt_order_fail(o, l, "the mark phase is%s under way",
                                 steps[step].before == MT_GC_ON ? " not" : "");
        if (!mt_order_need(o, l, MT_NEED_USER))
            return MT_ADVANCE_BROKEN;
    }
    o->gc_sequence = l->argument[0];
    o->gc = steps[step].after;
    struct mt_event *ev = emit_range(o, l, steps[step].kind, MT_RANGE_MARK);
    if (step == 1)
        ev->stack = use_stack(o, l, l->argument[1]);
    return MT_ADVANCE_DONE;
}

enum mt_advance mt_advance_metric(struct mt_order *o, struct mt_lane *l)
{
    bool procs = l->type == MT_REC_PROCS_CHANGE;
    if (!mt_order_need(o, l, procs ? MT_NEED_USER : MT_NEED_THREAD | MT_NEED_PROC))
        return MT_ADVANCE_BROKEN;
    struct mt_event *ev = mt_order_emit(o, l->context, l->time_ns, MT_EV_METRIC);
    ev->what = procs                          ? MT_METRIC_PROCS
               : l->type == MT_REC_HEAP_ALLOC ? MT_METRIC_HEAP_LIVE
                                              : MT_METRIC_HEAP_GOAL;
    ev->value = l->argument[0];
    if (procs)
        ev->stack = use_stack(o, l, l->argument[1]);
    return MT_ADVANCE_DONE;
}

enum mt_advance mt_advance_label(struct mt_order *o, struct mt_lane *l)
{
    if (!mt_order_need(o, l, MT_NEED_USER))
        return MT_ADVANCE_BROKEN;
    struct mt_event *ev = mt_order_emit(o, l->context, l->time_ns, MT_EV_LABEL);
    about_goroutine(ev, ev->goroutine, ev->goroutine_slot);
    ev->name = use_string(o, l, l->argument[0]);
    return MT_ADVANCE_DONE;
}

enum mt_advance mt_advance_log(struct mt_order *o, struct mt_lane *l)
{
    if (!mt_order_need(o, l, MT_NEED_USER))
        return MT_ADVANCE_BROKEN;
    struct mt_event *ev = mt_order_emit(o, l->context, l->time_ns, MT_EV_LOG);
    ev->task = l->argument[0];
    ev->name = use_string(o, l, l->argument[1]);
    struct mt_span *message = &o->block->message[o->block->n - 1];
    *message = o->g->strings[use_string(o, l, l->argument[2])].text;
    ev->message = message;
    ev->stack = use_stack(o, l, l->argument[3]);
    return MT_ADVANCE_DONE;
}

/* ---- tasks and regions -------------------------------------------------------------------- */

static void add_task(struct mt_order *o, uint64_t id, uint64_t parent, uint32_t name)
{
    uint32_t at = o->free_task;
    if (at != UINT32_MAX) {
        o->free_task = o->tasks[at].next_free;
    } else {
        MT_RESERVE(&o->arena, o->tasks, o->n_tasks, o->cap_tasks);
        at = (uint32_t)o->n_tasks++;
    }
    o->tasks[at] = (struct mt_order_task){parent, name, UINT32_MAX};
    mt_idmap_set(&o->task_of, id, at);
}

enum mt_advance mt_advance_task_begin(struct mt_order *o, struct mt_lane *l)
{
    uint64_t id = l->argument[0];
    if (mt_idmap_get(&o->task_of, id) != MT_IDMAP_NONE)
        return mt_order_fail(o, l, "task %" PRIu64 " has begun already", id);
    if (!mt_order_need(o, l, MT_NEED_USER))
        return MT_ADVANCE_BROKEN;
    uint32_t string = use_string(o, l, l->argument[2]);
    uint64_t parent = l->argument[1] ? l->argument[1] : MT_NO_TASK;
    add_task(o, id, parent, mt_order_name(o, string));
    struct mt_event *ev = mt_order_emit(o, l->context, l->time_ns, MT_EV_TASK_BEGIN);
    ev->task = id;
    ev->value = parent;
    ev->name = string;
    ev->stack = use_stack(o, l, l->argument[3]);
    return MT_ADVANCE_DONE;
}

/* Of one that never began nothing is known but the end. */
enum mt_advance mt_advance_task_end(struct mt_order *o, struct mt_lane *l)
{
    if (!mt_order_need(o, l, MT_NEED_USER))
        return MT_ADVANCE_BROKEN;
    struct mt_event *ev = mt_order_emit(o, l->context, l->time_ns, MT_EV_TASK_END);
    ev->task = l->argument[0];
    ev->value = MT_NO_TASK;
    ev->stack = use_stack(o, l, l->argument[1]);
    uint32_t at = mt_idmap_get(&o->task_of, ev->task);
    if (at == MT_IDMAP_NONE)
        return MT_ADVANCE_DONE;
    mt_idmap_remove(&o->task_of, ev->task);
    ev->value = o->tasks[at].parent;
    ev->name = MT_NAME_FOREIGN;
    o->block->foreign[o->block->n - 1] = o->names[o->tasks[at].name];
    o->tasks[at].next_free = o->free_task;
    o->free_task = at;
    return MT_ADVANCE_DONE;
}

enum mt_advance mt_advance_region(struct mt_order *o, struct mt_lane *l)
{
    bool begins = l->type == MT_REC_REGION_BEGIN;
    struct mt_order_goroutine *g = current_user(o, l);
    if (!g)
        return MT_ADVANCE_BROKEN;
    uint32_t string = use_string(o, l, l->argument[1]);
    struct mt_user_region r = {l->argument[0], mt_order_name(o, string)};
    struct mt_order_held *h = &o->held[g - o->goroutines];
    if (begins) {
        MT_RESERVE(&o->arena, h->regions, h->n_regions, h->cap_regions);
        h->regions[h->n_regions++] = r;
    } else if (h->n_regions) { /* else it began before the trace */
        const struct mt_user_region *inner = &h->regions[h->n_regions - 1];
        if (inner->task != r.task || inner->name != r.name)
            return mt_order_fail(o, l, "not the innermost region of goroutine %" PRId64, g->id);
        h->n_regions--;
    }
    struct mt_event *ev =
        mt_order_emit(o, l->context, l->time_ns, begins ? MT_EV_REGION_BEGIN : MT_EV_REGION_END);
    ev->task = r.task;
    ev->name = string;
    ev->stack = use_stack(o, l, l->argument[2]);
    return MT_ADVANCE_DONE;
}

/* ---- experiments -------------------------------------------------------------------------- */

enum mt_advance mt_advance_experimental(struct mt_order *o, struct mt_lane *l)
{
    static const struct mt_experiment kinds[] = {
        {"AllocFree", "Span", 3, {"id", "npages_value", "kindclass"}},
        {"AllocFree", "SpanAlloc", 3, {"id", "npages_value", "kindclass"}},
        {"AllocFree", "SpanFree", 1, {"id"}},
        {"AllocFree", "HeapObject", 2, {"id", "type"}},
        {"AllocFree", "HeapObjectAlloc", 2, {"id", "type"}},
        {"AllocFree", "HeapObjectFree", 1, {"id"}},
        {"AllocFree", "GoroutineStack", 2, {"id", "order"}},
        {"AllocFree", "GoroutineStackAlloc", 2, {"id", "order"}},
        {"AllocFree", "GoroutineStackFree", 1, {"id"}},
    };
    if (!mt_order_need(o, l, MT_NEED_THREAD))
        return MT_ADVANCE_BROKEN;
    struct mt_event *ev = mt_order_emit(o, l->context, l->time_ns, MT_EV_EXPERIMENTAL);
    struct mt_event_experimental *e = &o->block->experimental[o->block->n - 1];
    e->kind = &kinds[l->type - MT_REC_SPAN];
    for (size_t i = 0; i < e->kind->n_numbers; i++)
        e->number[i] = l->argument[i];
    ev->experimental = e;
    return MT_ADVANCE_DONE;
}
