/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Procs and goroutines: which event may come, and what it changes. A function first looks, then
 * emits with the context as it was, then changes it.
 */
#include "parsers/formats/gotrace/advance.h"

#include <inttypes.h>

static const uint8_t go_state_of[] = {
    [0] = MT_GO_UNDETERMINED,          [WIRE_GO_RUNNABLE] = MT_GO_RUNNABLE,
    [WIRE_GO_RUNNING] = MT_GO_RUNNING, [WIRE_GO_SYSCALL] = MT_GO_SYSCALL,
    [WIRE_GO_WAITING] = MT_GO_WAITING,
};

/* To a reader of events a proc whose goroutine is in a syscall runs. */
static const uint8_t proc_state_of[] = {
    [0] = MT_PROC_UNDETERMINED,           [WIRE_PROC_RUNNING] = MT_PROC_RUNNING,
    [WIRE_PROC_IDLE] = MT_PROC_IDLE,      [WIRE_PROC_SYSCALL] = MT_PROC_RUNNING,
    [WIRE_PROC_ABANDONED] = MT_PROC_IDLE,
};

/* A sequence number is the next one if it is one more within the same generation. */
static bool succeeds(const struct mt_order *o, uint64_t number, uint64_t generation, uint64_t last)
{
    return generation == o->g->number && number == last + 1;
}

static inline struct mt_event *emit_proc(struct mt_order *o, const struct mt_lane *l,
                                         const struct mt_context *c, uint32_t slot, uint8_t from,
                                         uint8_t to)
{
    struct mt_event *ev = mt_order_emit(o, c, l->time_ns, MT_EV_TRANSITION);
    ev->scope = MT_ABOUT_PROC;
    ev->subject = o->procs[slot].id;
    ev->slot = slot;
    ev->from = from;
    ev->to = to;
    return ev;
}

/* A goroutine's transition, in the context of the goroutine in slot `by`. */
static MT_ALWAYS_INLINE struct mt_event *emit_go_by(struct mt_order *o, const struct mt_lane *l,
                                                    const struct mt_context *c, uint32_t by,
                                                    uint32_t slot, uint8_t from, uint8_t to)
{
    struct mt_event *ev = mt_order_emit_known(o, c, by, l->time_ns, MT_EV_TRANSITION);
    ev->scope = MT_ABOUT_GOROUTINE;
    ev->subject = o->goroutines[slot].id;
    ev->slot = slot;
    ev->from = from;
    ev->to = to;
    return ev;
}

static inline struct mt_event *emit_go(struct mt_order *o, const struct mt_lane *l,
                                       const struct mt_context *c, uint32_t slot, uint8_t from,
                                       uint8_t to)
{
    return emit_go_by(o, l, c, mt_order_current_slot(o, c), slot, from, to);
}

static void set_goroutine(struct mt_context *c, int64_t id, uint32_t slot)
{
    c->goroutine = id;
    c->goroutine_slot = slot;
}

static void set_proc(struct mt_context *c, int64_t id, uint32_t slot)
{
    c->proc = id;
    c->proc_slot = slot;
}

/* ---- procs -------------------------------------------------------------------------------- */

/* The thread that has the proc: its status comes from another when it is about to be stolen. */
static struct mt_context *owner_of(const struct mt_order *o, int64_t proc)
{
    struct mt_context *owner = NULL;
    for (size_t i = 0; i < o->n_threads; i++)
        if (o->threads[i]->seen && o->threads[i]->proc == proc)
            owner = o->threads[i];
    return owner;
}

static enum mt_advance proc_status(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    const struct mt_context *shown = c;
    int64_t id = (int64_t)l->argument[0];
    uint64_t status = l->argument[1];
    if (status > WIRE_PROC_ABANDONED)
        return mt_order_fail(o, l, "proc %" PRId64 " has no state %" PRIu64, id, status);
    uint8_t from = proc_state_of[status], to = from;
    uint32_t slot = mt_order_proc_slot(o, id);
    if (slot == MT_NO_SLOT) {
        mt_order_add_proc(o, id, (uint8_t)status);
        slot = (uint32_t)o->n_procs - 1;
        from = o->in_first ? MT_PROC_UNDETERMINED : MT_PROC_NOT_EXIST;
    } else if (status == WIRE_PROC_ABANDONED && o->procs[slot].status == WIRE_PROC_SYSCALL) {
        /* Nothing is lost: it is known to be in a syscall, and on which thread. */
        from = to = MT_PROC_RUNNING;
        shown = owner_of(o, id);
        if (!shown)
            return mt_order_fail(o, l, "no thread has proc %" PRId64 ", which is to be stolen", id);
    } else if (o->procs[slot].status != status) {
        return mt_order_fail(o, l, "proc %" PRId64 " is in state %u, not %" PRIu64, id,
                             o->procs[slot].status, status);
    }
    o->procs[slot].generation = o->g->number;
    o->procs[slot].sequence = 0;
    emit_proc(o, l, shown, slot, from, to);
    if (status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL)
        set_proc(c, id, slot);
    return MT_ADVANCE_DONE;
}

static enum mt_advance proc_start(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    uint32_t slot = mt_order_proc_slot(o, (int64_t)l->argument[0]);
    if (slot == MT_NO_SLOT || c->proc != MT_NO_ID)
        return MT_ADVANCE_WAITS;
    struct mt_order_proc *p = &o->procs[slot];
    if (p->status != WIRE_PROC_IDLE || !succeeds(o, l->argument[1], p->generation, p->sequence))
        return MT_ADVANCE_WAITS;
    if (!mt_order_need(o, l, MT_NEED_THREAD | MT_NEED_NO_PROC))
        return MT_ADVANCE_BROKEN;
    p->status = WIRE_PROC_RUNNING;
    p->sequence = l->argument[1];
    emit_proc(o, l, c, slot, MT_PROC_IDLE, MT_PROC_RUNNING);
    set_proc(c, p->id, slot);
    return MT_ADVANCE_DONE;
}

static enum mt_advance proc_stop(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    if (!mt_order_need(o, l, MT_NEED_THREAD | MT_NEED_PROC))
        return MT_ADVANCE_BROKEN;
    struct mt_order_proc *p = &o->procs[c->proc_slot];
    if (p->status != WIRE_PROC_RUNNING && p->status != WIRE_PROC_SYSCALL)
        return mt_order_fail(o, l, "proc %" PRId64 " does not run", c->proc);
    p->status = WIRE_PROC_IDLE;
    emit_proc(o, l, c, c->proc_slot, MT_PROC_RUNNING, MT_PROC_IDLE);
    set_proc(c, MT_NO_ID, MT_NO_SLOT);
    return MT_ADVANCE_DONE;
}

static enum mt_advance proc_steal(struct mt_order *o, struct mt_lane *l)
{
    uint32_t slot = mt_order_proc_slot(o, (int64_t)l->argument[0]);
    if (slot == MT_NO_SLOT)
        return MT_ADVANCE_WAITS;
    struct mt_order_proc *p = &o->procs[slot];
    if ((p->status != WIRE_PROC_SYSCALL && p->status != WIRE_PROC_ABANDONED) ||
        !succeeds(o, l->argument[1], p->generation, p->sequence))
        return MT_ADVANCE_WAITS;
    if (!mt_order_need(o, l, MT_NEED_THREAD))
        return MT_ADVANCE_BROKEN;
    bool abandoned = p->status == WIRE_PROC_ABANDONED;
    p->status = WIRE_PROC_IDLE;
    p->sequence = l->argument[1];
    struct mt_context *victim = l->context;
    if (!abandoned) { /* who had an abandoned one may have moved on */
        if ((int64_t)l->argument[2] != victim->thread)
            victim = mt_order_find_thread(o, l->argument[2]);
        if (!victim || !victim->seen || victim->proc != p->id)
            return mt_order_fail(
                o, l, "proc %" PRId64 " is stolen from thread %" PRIu64 ", which does not have it",
                p->id, l->argument[2]);
    }
    emit_proc(o, l, l->context, slot, abandoned ? MT_PROC_IDLE : MT_PROC_RUNNING, MT_PROC_IDLE);
    if (!abandoned)
        set_proc(victim, MT_NO_ID, MT_NO_SLOT);
    return MT_ADVANCE_DONE;
}

/* ---- goroutines --------------------------------------------------------------------------- */

/* Binds a goroutine in a syscall to the thread it names; *shown is the context of the event. */
static bool bind_syscall(struct mt_order *o, struct mt_lane *l, uint32_t slot,
                         struct mt_context *shown)
{
    struct mt_context *c = l->context;
    int64_t id = o->goroutines[slot].id, thread = (int64_t)l->argument[1];
    if (thread == MT_NO_ID) {
        mt_order_fail(o, l, "goroutine %" PRId64 " is in a syscall without a thread", id);
        return false;
    }
    struct mt_context *named = thread == c->thread ? c : mt_order_thread(o, l->argument[1]);
    bool first = named == c ? o->in_first : !named->seen;
    if (!first && named->goroutine != id) {
        mt_order_fail(o, l,
                      "goroutine %" PRId64 " is in a syscall on thread %" PRId64
                      ", which has goroutine %" PRId64,
                      id, thread, named->goroutine);
        return false;
    }
    shown->thread = thread;
    if (named != c && named->seen)
        set_goroutine(shown, id, slot);
    named->seen = true;
    set_goroutine(named, id, slot);
    return true;
}

static enum mt_advance go_status(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    int64_t id = (int64_t)l->argument[0];
    uint8_t status = (uint8_t)l->argument[2];
    if (status > WIRE_GO_WAITING)
        return mt_order_fail(o, l, "goroutine %" PRId64 " has no state %u", id, status);
    uint8_t from = go_state_of[status];
    uint32_t slot = mt_order_goroutine_slot(o, id);
    if (slot == MT_NO_SLOT) {
        if (!o->in_first)
            return mt_order_fail(o, l, "goroutine %" PRId64 " turns up after the first generation",
                                 id);
        slot = (uint32_t)(mt_order_add_goroutine(o, id, status) - o->goroutines);
        from = MT_GO_UNDETERMINED;
    } else if (o->goroutines[slot].status != status) {
        return mt_order_fail(o, l, "goroutine %" PRId64 " is in state %u, not %u", id,
                             o->goroutines[slot].status, status);
    }
    o->goroutines[slot].generation = o->g->number;
    o->goroutines[slot].sequence = 0;
    struct mt_context shown = *c;
    if (status == WIRE_GO_SYSCALL && !bind_syscall(o, l, slot, &shown))
        return MT_ADVANCE_BROKEN;
    struct mt_event *ev = emit_go(o, l, &shown, slot, from, go_state_of[status]);
    if (l->type == MT_REC_GO_STATUS_STACK)
        ev->stack = ev->target_stack = use_stack(o, l, l->argument[3]);
    if (status == WIRE_GO_RUNNING)
        set_goroutine(c, id, slot);
    return MT_ADVANCE_DONE;
}

static enum mt_advance go_create(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    if (!mt_order_need(o, l, MT_NEED_THREAD | MT_NEED_PROC))
        return MT_ADVANCE_BROKEN;
    const struct mt_order_goroutine *creator = mt_order_current(o, c);
    if (creator && creator->status != WIRE_GO_RUNNING)
        return mt_order_fail(o, l, "goroutine %" PRId64 " creates one and does not run",
                             creator->id);
    int64_t id = (int64_t)l->argument[0];
    if (mt_order_goroutine_slot(o, id) != MT_NO_SLOT)
        return mt_order_fail(o, l, "goroutine %" PRId64 " is there already", id);
    bool blocked = l->type == MT_REC_GO_CREATE_BLOCKED;
    struct mt_order_goroutine *g =
        mt_order_add_goroutine(o, id, blocked ? WIRE_GO_WAITING : WIRE_GO_RUNNABLE);
    struct mt_event *ev = emit_go(o, l, c, (uint32_t)(g - o->goroutines), MT_GO_NOT_EXIST,
                                  blocked ? MT_GO_WAITING : MT_GO_RUNNABLE);
    ev->target_stack = use_stack(o, l, l->argument[1]);
    ev->stack = use_stack(o, l, l->argument[2]);
    return MT_ADVANCE_DONE;
}

static enum mt_advance go_start(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    uint32_t slot = mt_order_goroutine_slot(o, (int64_t)l->argument[0]);
    if (slot == MT_NO_SLOT)
        return MT_ADVANCE_WAITS;
    struct mt_order_goroutine *g = &o->goroutines[slot];
    if (g->status != WIRE_GO_RUNNABLE || !succeeds(o, l->argument[1], g->generation, g->sequence))
        return MT_ADVANCE_WAITS;
    if (!mt_order_need(o, l, MT_NEED_THREAD | MT_NEED_PROC | MT_NEED_NO_GOROUTINE))
        return MT_ADVANCE_BROKEN;
    g->status = WIRE_GO_RUNNING;
    g->sequence = l->argument[1];
    emit_go_by(o, l, c, MT_NO_SLOT, slot, MT_GO_RUNNABLE, MT_GO_RUNNING);
    set_goroutine(c, g->id, slot);
    return MT_ADVANCE_DONE;
}

/* The thread's goroutine, which must be in that state and have a proc; NULL: failed. */
static MT_ALWAYS_INLINE struct mt_order_goroutine *current_in(struct mt_order *o, struct mt_lane *l,
                                                              uint8_t status)
{
    if (!mt_order_need(o, l, MT_NEED_USER))
        return NULL;
    struct mt_order_goroutine *g = mt_order_current(o, l->context);
    if (g && g->status == status)
        return g;
    mt_order_fail(o, l, "goroutine %" PRId64 " is not %s", l->context->goroutine,
                  status == WIRE_GO_RUNNING ? "running" : "in a syscall");
    return NULL;
}

/* Ends, yields or blocks. */
static enum mt_advance go_leave(struct mt_order *o, struct mt_lane *l)
{
    struct mt_order_goroutine *g = current_in(o, l, WIRE_GO_RUNNING);
    if (!g)
        return MT_ADVANCE_BROKEN;
    uint32_t slot = (uint32_t)(g - o->goroutines);
    struct mt_event *ev = emit_go_by(o, l, l->context, slot, slot, MT_GO_RUNNING, MT_GO_NOT_EXIST);
    if (l->type == MT_REC_GO_DESTROY) {
        mt_order_end_goroutine(o, slot);
    } else {
        bool blocks = l->type == MT_REC_GO_BLOCK;
        g->status = blocks ? WIRE_GO_WAITING : WIRE_GO_RUNNABLE;
        ev->to = blocks ? MT_GO_WAITING : MT_GO_RUNNABLE;
        ev->name = use_string(o, l, l->argument[0]);
        ev->stack = ev->target_stack = use_stack(o, l, l->argument[1]);
    }
    set_goroutine(l->context, MT_NO_ID, MT_NO_SLOT);
    return MT_ADVANCE_DONE;
}

static enum mt_advance go_unblock(struct mt_order *o, struct mt_lane *l)
{
    uint32_t slot = mt_order_goroutine_slot(o, (int64_t)l->argument[0]);
    if (slot == MT_NO_SLOT)
        return MT_ADVANCE_WAITS;
    struct mt_order_goroutine *g = &o->goroutines[slot];
    if (g->status != WIRE_GO_WAITING || !succeeds(o, l->argument[1], g->generation, g->sequence))
        return MT_ADVANCE_WAITS;
    g->status = WIRE_GO_RUNNABLE;
    g->sequence = l->argument[1];
    struct mt_event *ev = emit_go(o, l, l->context, slot, MT_GO_WAITING, MT_GO_RUNNABLE);
    ev->stack = use_stack(o, l, l->argument[2]);
    return MT_ADVANCE_DONE;
}

/* Coroutines: one record is three events, the other is unblocked, this one blocks or ends, the
 * other starts. */
static enum mt_advance go_switch(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    struct mt_order_goroutine *g = current_in(o, l, WIRE_GO_RUNNING);
    if (!g)
        return MT_ADVANCE_BROKEN;
    uint32_t slot = (uint32_t)(g - o->goroutines);
    uint32_t next_slot = mt_order_goroutine_slot(o, (int64_t)l->argument[0]);
    if (next_slot == MT_NO_SLOT)
        return MT_ADVANCE_WAITS;
    struct mt_order_goroutine *next = &o->goroutines[next_slot];
    if (next->status != WIRE_GO_WAITING ||
        !succeeds(o, l->argument[1], next->generation, next->sequence))
        return MT_ADVANCE_WAITS;
    emit_go(o, l, c, next_slot, MT_GO_WAITING, MT_GO_RUNNABLE);
    if (l->type == MT_REC_GO_SWITCH) {
        emit_go(o, l, c, slot, MT_GO_RUNNING, MT_GO_WAITING);
        g->status = WIRE_GO_WAITING;
    } else {
        emit_go(o, l, c, slot, MT_GO_RUNNING, MT_GO_NOT_EXIST);
        mt_order_end_goroutine(o, slot);
    }
    next->status = WIRE_GO_RUNNING;
    next->sequence = l->argument[1];
    set_goroutine(c, MT_NO_ID, MT_NO_SLOT);
    emit_go(o, l, c, next_slot, MT_GO_RUNNABLE, MT_GO_RUNNING);
    set_goroutine(c, next->id, next_slot);
    return MT_ADVANCE_DONE;
}

/* ---- syscalls ----------------------------------------------------------------------------- */

static enum mt_advance syscall_begin(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    struct mt_order_goroutine *g = current_in(o, l, WIRE_GO_RUNNING);
    if (!g)
        return MT_ADVANCE_BROKEN;
    struct mt_order_proc *p = &o->procs[c->proc_slot];
    if (!succeeds(o, l->argument[0], p->generation, p->sequence))
        return mt_order_fail(o, l, "number %" PRIu64 " of proc %" PRId64 " comes after %" PRIu64,
                             l->argument[0], p->id, p->sequence);
    g->status = WIRE_GO_SYSCALL;
    p->status = WIRE_PROC_SYSCALL;
    p->sequence = l->argument[0];
    struct mt_event *ev =
        emit_go(o, l, c, (uint32_t)(g - o->goroutines), MT_GO_RUNNING, MT_GO_SYSCALL);
    ev->stack = ev->target_stack = use_stack(o, l, l->argument[1]);
    return MT_ADVANCE_DONE;
}

static enum mt_advance syscall_end(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    struct mt_order_goroutine *g = current_in(o, l, WIRE_GO_SYSCALL);
    if (!g)
        return MT_ADVANCE_BROKEN;
    struct mt_order_proc *p = &o->procs[c->proc_slot];
    if (p->status != WIRE_PROC_SYSCALL)
        return mt_order_fail(o, l, "proc %" PRId64 " is not in a syscall", p->id);
    g->status = WIRE_GO_RUNNING;
    p->status = WIRE_PROC_RUNNING;
    emit_go(o, l, c, (uint32_t)(g - o->goroutines), MT_GO_SYSCALL, MT_GO_RUNNING);
    return MT_ADVANCE_DONE;
}

/* The thread's goroutine in a syscall, whether or not there is a proc; NULL: failed. */
static struct mt_order_goroutine *in_syscall(struct mt_order *o, struct mt_lane *l)
{
    if (!mt_order_need(o, l, MT_NEED_THREAD | MT_NEED_GOROUTINE))
        return NULL;
    struct mt_order_goroutine *g = mt_order_current(o, l->context);
    if (g && g->status == WIRE_GO_SYSCALL)
        return g;
    mt_order_fail(o, l, "goroutine %" PRId64 " is not in a syscall", l->context->goroutine);
    return NULL;
}

/* The thread has to lose the proc that it took into the syscall first. */
static enum mt_advance syscall_end_blocked(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    if (c->proc != MT_NO_ID && o->procs[c->proc_slot].status == WIRE_PROC_SYSCALL)
        return MT_ADVANCE_WAITS;
    struct mt_order_goroutine *g = in_syscall(o, l);
    if (!g)
        return MT_ADVANCE_BROKEN;
    g->status = WIRE_GO_RUNNABLE;
    emit_go(o, l, c, (uint32_t)(g - o->goroutines), MT_GO_SYSCALL, MT_GO_RUNNABLE);
    set_goroutine(c, MT_NO_ID, MT_NO_SLOT);
    return MT_ADVANCE_DONE;
}

/* A thread of C calls into Go. */
static enum mt_advance create_syscall(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    if (!mt_order_need(o, l, MT_NEED_THREAD | MT_NEED_NO_GOROUTINE))
        return MT_ADVANCE_BROKEN;
    int64_t id = (int64_t)l->argument[0];
    if (mt_order_goroutine_slot(o, id) != MT_NO_SLOT)
        return mt_order_fail(o, l, "goroutine %" PRId64 " is there already", id);
    uint32_t slot = (uint32_t)(mt_order_add_goroutine(o, id, WIRE_GO_SYSCALL) - o->goroutines);
    emit_go(o, l, c, slot, MT_GO_NOT_EXIST, MT_GO_SYSCALL);
    set_goroutine(c, id, slot);
    return MT_ADVANCE_DONE;
}

/* It returns to C. A proc it still has is given up, as the thread's id may come again. */
static enum mt_advance destroy_syscall(struct mt_order *o, struct mt_lane *l)
{
    struct mt_context *c = l->context;
    struct mt_order_goroutine *g = in_syscall(o, l);
    if (!g)
        return MT_ADVANCE_BROKEN;
    if (c->proc != MT_NO_ID) {
        struct mt_order_proc *p = &o->procs[c->proc_slot];
        if (p->status != WIRE_PROC_SYSCALL)
            return mt_order_fail(o, l, "proc %" PRId64 " is not in a syscall", p->id);
        p->status = WIRE_PROC_ABANDONED;
        emit_proc(o, l, c, c->proc_slot, MT_PROC_RUNNING, MT_PROC_IDLE);
    }
    uint32_t slot = (uint32_t)(g - o->goroutines);
    emit_go(o, l, c, slot, MT_GO_SYSCALL, MT_GO_NOT_EXIST);
    mt_order_end_goroutine(o, slot);
    set_goroutine(c, MT_NO_ID, MT_NO_SLOT);
    set_proc(c, MT_NO_ID, MT_NO_SLOT);
    return MT_ADVANCE_DONE;
}

static enum mt_advance no_event(struct mt_order *o, struct mt_lane *l)
{
    return mt_order_fail(o, l, "does not belong among events");
}

const mt_advance_call mt_order_advance[256] = {
    [MT_REC_PROCS_CHANGE] = mt_advance_metric,
    [MT_REC_PROC_START] = proc_start,
    [MT_REC_PROC_STOP] = proc_stop,
    [MT_REC_PROC_STEAL] = proc_steal,
    [MT_REC_PROC_STATUS] = proc_status,
    [MT_REC_GO_CREATE] = go_create,
    [MT_REC_GO_CREATE_SYSCALL] = create_syscall,
    [MT_REC_GO_START] = go_start,
    [MT_REC_GO_DESTROY] = go_leave,
    [MT_REC_GO_DESTROY_SYSCALL] = destroy_syscall,
    [MT_REC_GO_STOP] = go_leave,
    [MT_REC_GO_BLOCK] = go_leave,
    [MT_REC_GO_UNBLOCK] = go_unblock,
    [MT_REC_GO_SYSCALL_BEGIN] = syscall_begin,
    [MT_REC_GO_SYSCALL_END] = syscall_end,
    [MT_REC_GO_SYSCALL_END_BLOCKED] = syscall_end_blocked,
    [MT_REC_GO_STATUS] = go_status,
    [MT_REC_STW_BEGIN] = mt_advance_user_range_begin,
    [MT_REC_STW_END] = mt_advance_user_range_end,
    [MT_REC_GC_ACTIVE] = mt_advance_mark,
    [MT_REC_GC_BEGIN] = mt_advance_mark,
    [MT_REC_GC_END] = mt_advance_mark,
    [MT_REC_GC_SWEEP_ACTIVE] = mt_advance_sweep_active,
    [MT_REC_GC_SWEEP_BEGIN] = mt_advance_sweep,
    [MT_REC_GC_SWEEP_END] = mt_advance_sweep,
    [MT_REC_GC_ASSIST_ACTIVE] = mt_advance_assist_active,
    [MT_REC_GC_ASSIST_BEGIN] = mt_advance_user_range_begin,
    [MT_REC_GC_ASSIST_END] = mt_advance_user_range_end,
    [MT_REC_HEAP_ALLOC] = mt_advance_metric,
    [MT_REC_HEAP_GOAL] = mt_advance_metric,
    [MT_REC_GO_LABEL] = mt_advance_label,
    [MT_REC_TASK_BEGIN] = mt_advance_task_begin,
    [MT_REC_TASK_END] = mt_advance_task_end,
    [MT_REC_REGION_BEGIN] = mt_advance_region,
    [MT_REC_REGION_END] = mt_advance_region,
    [MT_REC_LOG] = mt_advance_log,
    [MT_REC_GO_SWITCH] = go_switch,
    [MT_REC_GO_SWITCH_DESTROY] = go_switch,
    [MT_REC_GO_CREATE_BLOCKED] = go_create,
    [MT_REC_GO_STATUS_STACK] = go_status,
    [MT_REC_CLOCK_SNAPSHOT] = no_event,
    [MT_REC_SPAN] = mt_advance_experimental,
    [MT_REC_SPAN_ALLOC] = mt_advance_experimental,
    [MT_REC_SPAN_FREE] = mt_advance_experimental,
    [MT_REC_HEAP_OBJECT] = mt_advance_experimental,
    [MT_REC_HEAP_OBJECT_ALLOC] = mt_advance_experimental,
    [MT_REC_HEAP_OBJECT_FREE] = mt_advance_experimental,
    [MT_REC_GOROUTINE_STACK] = mt_advance_experimental,
    [MT_REC_GOROUTINE_STACK_ALLOC] = mt_advance_experimental,
    [MT_REC_GOROUTINE_STACK_FREE] = mt_advance_experimental,
};
