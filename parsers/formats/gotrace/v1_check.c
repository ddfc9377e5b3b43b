/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_check.h"

void mt_v1_check_init(struct mt_v1_check *c, struct mt_v1_merge *merge, struct mt_arena *arena)
{
    *c = (struct mt_v1_check){.merge = merge,
                              .arena = arena,
                              .free_region = MT_NO_SLOT,
                              .free_task = MT_NO_SLOT,
                              .tasks.arena = arena};
    c->procs = mt_arena_take(arena, merge->n_streams, sizeof *c->procs);
}

static bool refuse(struct mt_v1_check *c, const struct mt_v1_event *ev, const char *what)
{
    return mt_v1_refuse(c->merge, ev, what);
}

/* The goroutine does something on its P, and both are of one mind about it. */
static struct mt_v1_goroutine *acting(struct mt_v1_check *c, const struct mt_v1_event *ev,
                                      bool may_be_0)
{
    struct mt_v1_goroutine *g = mt_v1_context(c, ev);
    const char *wrong = !g || g->status != MT_V1_RUNNING ? "the goroutine is not running"
                        : c->procs[ev->stream].goroutine != ev->goroutine
                            ? "the P does not run the goroutine"
                        : !may_be_0 && !ev->goroutine ? "there is no goroutine"
                                                      : NULL;
    if (!wrong)
        return g;
    refuse(c, ev, wrong);
    return NULL;
}

static bool toggle(struct mt_v1_check *c, const struct mt_v1_event *ev, bool *open, bool begins)
{
    if (*open == begins)
        return refuse(c, ev, begins ? "one is under way already" : "none is under way");
    *open = begins;
    return true;
}

static bool check_proc(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    bool starts = ev->type == MT_V1_PROC_START;
    bool *running = &c->procs[ev->stream].running;
    if (*running == starts)
        return refuse(c, ev, starts ? "the P runs already" : "the P does not run");
    if (!starts && c->procs[ev->stream].goroutine)
        return refuse(c, ev, "the P runs a goroutine");
    *running = starts;
    return true;
}

static bool check_existing(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = mt_v1_context(c, ev);
    if (!g || g->status != MT_V1_RUNNABLE)
        return refuse(c, ev, "the goroutine was not announced");
    g->status = MT_V1_WAITING;
    g->network = false;
    return true;
}

static bool check_create(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    if (!acting(c, ev, true))
        return false;
    struct mt_v1_goroutine *made = mt_v1_goroutine_at(c, ev->subject, ev->args[0]);
    if (!made || made->status != MT_V1_UNSEEN)
        return refuse(c, ev, "the new goroutine exists already");
    made->status = MT_V1_RUNNABLE;
    made->network = false;
    return true;
}

static bool check_start(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = mt_v1_context(c, ev);
    if (!g || g->status != MT_V1_RUNNABLE)
        return refuse(c, ev, "the goroutine is not runnable");
    if (c->procs[ev->stream].goroutine)
        return refuse(c, ev, "the P runs another goroutine");
    g->status = MT_V1_RUNNING;
    g->network = false;
    c->procs[ev->stream].goroutine = ev->goroutine;
    return true;
}

static void close_regions(struct mt_v1_check *c, struct mt_v1_goroutine *g)
{
    while (g->regions != MT_NO_SLOT) {
        uint32_t closed = g->regions;
        g->regions = c->regions[closed].outer;
        c->regions[closed].outer = c->free_region;
        c->free_region = closed;
    }
}

static bool check_stop(struct mt_v1_check *c, const struct mt_v1_event *ev, enum mt_v1_status to)
{
    struct mt_v1_goroutine *g = acting(c, ev, false);
    if (!g)
        return false;
    g->status = (uint8_t)to;
    if (ev->type != MT_V1_GO_SYS_BLOCK)
        g->network = ev->type == MT_V1_GO_BLOCK_NET;
    c->procs[ev->stream].goroutine = 0;
    if (ev->type == MT_V1_GO_END)
        close_regions(c, g);
    return true;
}

static bool check_unblock(struct mt_v1_check *c, struct mt_v1_event *ev)
{
    if (mt_idmap_get(&c->merge->index->timers, ev->goroutine) != MT_IDMAP_NONE)
        ev->proc = MT_V1_TIMER_P;
    const struct mt_v1_goroutine *g = mt_v1_context(c, ev);
    if (!g || g->status != MT_V1_RUNNING)
        return refuse(c, ev, "the goroutine is not running");
    if (ev->proc != MT_V1_TIMER_P && c->procs[ev->stream].goroutine != ev->goroutine)
        return refuse(c, ev, "the P does not run the goroutine");
    struct mt_v1_goroutine *woken = mt_v1_goroutine_at(c, ev->subject, ev->args[0]);
    if (!woken || woken->status != MT_V1_WAITING)
        return refuse(c, ev, "the one to be woken does not wait");
    if (woken->network)
        ev->proc = MT_V1_NETWORK_P;
    woken->status = MT_V1_RUNNABLE;
    woken->network = false;
    return true;
}

static bool check_exit(struct mt_v1_check *c, struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = mt_v1_context(c, ev);
    ev->proc = MT_V1_SYSCALL_P;
    if (!g || g->status != MT_V1_WAITING)
        return refuse(c, ev, "the goroutine is in no syscall");
    g->status = MT_V1_RUNNABLE;
    g->network = false;
    return true;
}

static bool check_task(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    if (mt_idmap_get(&c->tasks, ev->args[0]) != MT_IDMAP_NONE)
        return refuse(c, ev, "the task is under way already");
    uint32_t index = c->free_task;
    if (index != MT_NO_SLOT) {
        c->free_task = c->task_items[index].next_free;
    } else {
        MT_RESERVE(c->arena, c->task_items, c->n_tasks, c->cap_tasks);
        index = (uint32_t)c->n_tasks++;
    }
    c->task_items[index] = (struct mt_v1_task){.parent = ev->args[1],
                                               .name = mt_v1_string(c->merge->index, ev->args[2])};
    mt_idmap_set(&c->tasks, ev->args[0], index);
    return true;
}

static bool check_region(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = mt_v1_context(c, ev);
    if (ev->args[1] > 1)
        return refuse(c, ev, "neither a region's begin nor its end");
    if (!g)
        return true;
    if (ev->args[1] == 0) {
        uint32_t index = c->free_region;
        if (index != MT_NO_SLOT) {
            c->free_region = c->regions[index].outer;
        } else {
            MT_RESERVE(c->arena, c->regions, c->n_regions, c->cap_regions);
            index = (uint32_t)c->n_regions++;
        }
        c->regions[index] = (struct mt_v1_region){ev->args[0], ev->args[2], g->regions};
        g->regions = index;
        return true;
    }
    if (g->regions == MT_NO_SLOT)
        return true; /* it began before the trace */
    uint32_t index = g->regions;
    struct mt_v1_region *region = &c->regions[index];
    if (region->task != ev->args[0] || region->name != ev->args[2])
        return refuse(c, ev, "not the end of the innermost region");
    g->regions = region->outer;
    region->outer = c->free_region;
    c->free_region = index;
    return true;
}

static bool check_assist(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = mt_v1_context(c, ev);
    if (!g)
        return true;
    if (ev->type == MT_V1_ASSIST_START && g->assisting)
        return refuse(c, ev, "the goroutine assists already");
    g->assisting = ev->type == MT_V1_ASSIST_START;
    return true;
}

static bool check_syscall(struct mt_v1_check *c, struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = acting(c, ev, false);
    if (g)
        g->network = false;
    return g != NULL;
}

bool mt_v1_check_event(struct mt_v1_check *c, struct mt_v1_event *ev)
{
    bool by_proc = c->merge->index->format.version < 10;
    switch (ev->type) {
    case MT_V1_PROC_START:
    case MT_V1_PROC_STOP:
        return check_proc(c, ev);
    case MT_V1_GC_START:
        ev->proc = MT_V1_GC_P;
        return toggle(c, ev, &c->collecting, true);
    case MT_V1_GC_DONE:
        return toggle(c, ev, &c->collecting, false);
    case MT_V1_STW_START:
    case MT_V1_STW_DONE:
        return toggle(c, ev, by_proc ? &c->procs[ev->stream].stopping : &c->stopping,
                      ev->type == MT_V1_STW_START);
    case MT_V1_SWEEP_START:
    case MT_V1_SWEEP_DONE:
        return toggle(c, ev, &c->procs[ev->stream].sweeping, ev->type == MT_V1_SWEEP_START);
    case MT_V1_ASSIST_START:
    case MT_V1_ASSIST_DONE:
        return check_assist(c, ev);
    case MT_V1_GO_WAITING:
    case MT_V1_GO_IN_SYSCALL:
        return check_existing(c, ev);
    case MT_V1_GO_CREATE:
        return check_create(c, ev);
    case MT_V1_GO_START:
    case MT_V1_GO_START_LABEL:
        return check_start(c, ev);
    case MT_V1_GO_END:
    case MT_V1_GO_STOP:
        return check_stop(c, ev, MT_V1_DEAD);
    case MT_V1_GO_SCHED:
    case MT_V1_GO_PREEMPT:
        return check_stop(c, ev, MT_V1_RUNNABLE);
    case MT_V1_GO_SLEEP:
    case MT_V1_GO_BLOCK:
    case MT_V1_GO_BLOCK_SEND:
    case MT_V1_GO_BLOCK_RECV:
    case MT_V1_GO_BLOCK_SELECT:
    case MT_V1_GO_BLOCK_SYNC:
    case MT_V1_GO_BLOCK_COND:
    case MT_V1_GO_BLOCK_NET:
    case MT_V1_GO_BLOCK_GC:
    case MT_V1_GO_SYS_BLOCK:
        return check_stop(c, ev, MT_V1_WAITING);
    case MT_V1_GO_UNBLOCK:
        return check_unblock(c, ev);
    case MT_V1_GO_SYSCALL:
        return check_syscall(c, ev);
    case MT_V1_GO_SYS_EXIT:
        return check_exit(c, ev);
    case MT_V1_TASK_CREATE:
        return check_task(c, ev);
    case MT_V1_REGION:
        return check_region(c, ev);
    default:
        return true;
    }
}

void mt_v1_check_adopt(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = mt_v1_context(c, ev);
    if ((ev->type != MT_V1_GO_START && ev->type != MT_V1_GO_START_LABEL) || !g || !ev->goroutine)
        return;
    g->status = MT_V1_RUNNABLE;
    c->procs[ev->stream].goroutine = 0;
}

void mt_v1_check_settle(struct mt_v1_check *c, const struct mt_v1_event *ev)
{
    if (ev->type == MT_V1_GO_END) {
        mt_v1_goroutine_end(&c->merge->goroutines, ev->context);
    } else if (ev->type == MT_V1_TASK_END) {
        uint32_t index = mt_idmap_get(&c->tasks, ev->args[0]);
        if (index == MT_IDMAP_NONE)
            return;
        mt_idmap_remove(&c->tasks, ev->args[0]);
        c->task_items[index].next_free = c->free_task;
        c->free_task = index;
    }
}
