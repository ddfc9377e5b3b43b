/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_convert.h"

/* Why a goroutine leaves its P, in today's words. Types that are not here have none. */
static const char *const reasons[64] = {
    [MT_V1_GO_STOP] = "forever",
    [MT_V1_GO_PREEMPT] = "preempted",
    [MT_V1_GO_SCHED] = "runtime.Gosched",
    [MT_V1_GO_SLEEP] = "sleep",
    [MT_V1_GO_BLOCK_SEND] = "chan send",
    [MT_V1_GO_BLOCK_RECV] = "chan receive",
    [MT_V1_GO_BLOCK_NET] = "network",
    [MT_V1_GO_BLOCK_SYNC] = "sync",
    [MT_V1_GO_BLOCK_COND] = "sync.(*Cond).Wait",
    [MT_V1_GO_BLOCK_SELECT] = "select",
    [MT_V1_GO_BLOCK_GC] = "GC mark assist wait for work",
};

/* Reasons to stop the world by their number in 1.21. */
static const char *const stw_reasons[MT_V1_STW_REASONS] = {
    "",
    "GC mark termination",
    "GC sweep termination",
    "write heap dump",
    "goroutine profile",
    "goroutine profile cleanup",
    "all goroutine stack trace",
    "read mem stats",
    "AllThreadsSyscall",
    "GOMAXPROCS",
    "start trace",
    "stop trace",
    "CountPagesInUse (test)",
    "ReadMetricsSlow (test)",
    "ReadMemStatsSlow (test)",
    "PageCachePagesLeaked (test)",
    "ResetDebugLog (test)",
};

void mt_v1_convert_init(struct mt_v1_convert *c, struct mt_v1_check *check,
                        struct mt_trace_feed *feed, struct mt_arena *arena)
{
    struct mt_v1_index *x = check->merge->index;
    *c =
        (struct mt_v1_convert){.check = check, .feed = feed, .index = x, .before_gomaxprocs = true};
    c->ns_per_tick =
        x->ticks_per_second ? 1e9 / (double)(int64_t)x->ticks_per_second : MT_V1_ASSUMED_TICK_NS;
    c->places = MT_NEW_N(arena, struct mt_v1_place, check->merge->n_streams);
    for (uint32_t i = 0; i < check->merge->n_streams; i++)
        c->places[i] = (struct mt_v1_place){
            i < x->n_procs ? (uint64_t)x->procs[i].id : UINT64_MAX - 1, MT_NO_ID, MT_NO_SLOT};
    for (unsigned i = 0; i < 64; i++)
        c->reason[i] = reasons[i] ? mt_intern_text(feed->capture->strings, reasons[i]) : 0;
    for (unsigned i = 0; i < MT_V1_STW_REASONS; i++)
        c->stw_reason[i] = mt_intern_text(feed->capture->strings, stw_reasons[i]);
}

static int64_t ns_of(const struct mt_v1_convert *c, int64_t ticks)
{
    double ns = (double)(int64_t)((uint64_t)ticks - (uint64_t)c->first_ticks) * c->ns_per_tick;
    return ns > -9.2e18 && ns < 9.2e18 ? (int64_t)ns + 1 : INT64_MIN;
}

/* No two events share a time. */
static int64_t next_time(struct mt_v1_convert *c, int64_t ns)
{
    c->last_ns = ns > c->last_ns ? ns : c->last_ns + 1;
    return c->last_ns;
}

static void tell_sync(struct mt_v1_convert *c, uint64_t number)
{
    struct mt_event *out = mt_feed_next(c->feed);
    struct mt_event_sync *sync = &c->feed->room->sync[mt_feed_index(c->feed)];
    *sync = (struct mt_event_sync){.number = number};
    out->kind = MT_EV_SYNC;
    out->time_ns = c->last_ns;
    out->sync = sync;
}

/* An event in the context of the record. */
static struct mt_event *tell(struct mt_v1_convert *c, const struct mt_v1_event *ev, unsigned kind)
{
    struct mt_event *out = mt_feed_next(c->feed);
    const struct mt_v1_place *place = &c->places[ev->stream];
    out->kind = (uint8_t)kind;
    out->time_ns = next_time(c, ns_of(c, ev->ticks));
    out->proc = (int64_t)ev->proc;
    if (ev->proc == place->proc) {
        out->thread = place->thread;
        out->proc_slot = place->slot;
    }
    if (ev->goroutine) {
        out->goroutine = (int64_t)ev->goroutine;
        const struct mt_v1_goroutine *g = mt_v1_context(c->check, ev);
        if (g && g->announced)
            out->goroutine_slot = ev->context;
    }
    return out;
}

static struct mt_event *tell_metric(struct mt_v1_convert *c, const struct mt_v1_event *ev,
                                    unsigned what)
{
    struct mt_event *out = tell(c, ev, MT_EV_METRIC);
    out->what = (uint8_t)what;
    out->value = ev->args[0];
    out->stack = mt_v1_stack(c->index, ev->stack);
    return out;
}

static struct mt_event *tell_range(struct mt_v1_convert *c, const struct mt_v1_event *ev,
                                   unsigned kind, unsigned what)
{
    struct mt_event *out = tell(c, ev, kind);
    out->what = (uint8_t)what;
    out->stack = kind == MT_EV_RANGE_BEGIN ? mt_v1_stack(c->index, ev->stack) : 0;
    switch (what) {
    case MT_RANGE_SWEEP:
        out->scope = MT_ABOUT_PROC;
        out->subject = out->proc;
        out->slot = out->proc_slot;
        break;
    case MT_RANGE_ASSIST:
    case MT_RANGE_STOP:
        out->scope = MT_ABOUT_GOROUTINE;
        out->subject = out->goroutine;
        out->slot = out->goroutine_slot;
        break;
    default:
        break;
    }
    return out;
}

/* A goroutine goes from one state to another. Its slot begins here if need be. */
static struct mt_event *tell_step(struct mt_v1_convert *c, const struct mt_v1_event *ev,
                                  uint32_t index, unsigned from, unsigned to)
{
    struct mt_event *out = tell(c, ev, MT_EV_TRANSITION);
    struct mt_v1_goroutine *g = &c->check->merge->goroutines.items[index];
    g->announced = true;
    out->scope = MT_ABOUT_GOROUTINE;
    out->subject = (int64_t)g->id;
    out->slot = index;
    out->from = (uint8_t)from;
    out->to = (uint8_t)to;
    return out;
}

static void tell_stop(struct mt_v1_convert *c, const struct mt_v1_event *ev, unsigned to)
{
    struct mt_event *out = tell_step(c, ev, ev->context, MT_GO_RUNNING, to);
    out->name = c->reason[ev->type];
    out->stack = out->target_stack = mt_v1_stack(c->index, ev->stack);
}

static void tell_status(struct mt_v1_convert *c, const struct mt_v1_event *ev, unsigned state)
{
    struct mt_v1_goroutine *g = &c->check->merge->goroutines.items[ev->context];
    g->held = false;
    struct mt_event *out = tell_step(c, ev, ev->context, MT_GO_UNDETERMINED, state);
    out->start_stack = g->start_stack;
}

static void tell_proc(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    struct mt_v1_place *place = &c->places[ev->stream];
    bool starts = ev->type == MT_V1_PROC_START;
    if (starts)
        place->thread = (int64_t)ev->args[0];
    struct mt_event *out = tell(c, ev, MT_EV_TRANSITION);
    out->scope = MT_ABOUT_PROC;
    out->subject = out->proc;
    out->slot = ev->stream;
    out->to = starts ? MT_PROC_RUNNING : MT_PROC_IDLE;
    out->from = place->slot == MT_NO_SLOT ? MT_PROC_UNDETERMINED
                : starts                  ? MT_PROC_IDLE
                                          : MT_PROC_RUNNING;
    place->slot = ev->stream;
    if (!starts)
        place->thread = MT_NO_ID;
}

static void tell_create(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *made = &c->check->merge->goroutines.items[ev->subject];
    uint32_t start = c->index->format.version < 7 ? mt_v1_address_stack(c->feed, ev->args[1])
                                                  : mt_v1_stack(c->index, (uint32_t)ev->args[1]);
    if (c->before_gomaxprocs) {
        made->held = true;
        made->start_stack = start;
        return;
    }
    struct mt_event *out = tell_step(c, ev, ev->subject, MT_GO_NOT_EXIST, MT_GO_RUNNABLE);
    out->target_stack = start;
    out->stack = mt_v1_stack(c->index, ev->stack);
}

/* The end of the description of what was there. */
static void tell_held(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutines *goroutines = &c->check->merge->goroutines;
    struct mt_v1_event bare = {
        .ticks = ev->ticks, .proc = UINT64_MAX, .stream = c->index->n_procs, .context = MT_NO_SLOT};
    for (uint32_t i = 0; i < goroutines->count; i++) {
        struct mt_v1_goroutine *g = &goroutines->items[i];
        if (!g->in_use || !g->held)
            continue;
        g->held = false;
        struct mt_event *out = tell_step(c, &bare, i, MT_GO_UNDETERMINED, MT_GO_RUNNABLE);
        out->start_stack = g->start_stack;
    }
    c->before_gomaxprocs = false;
}

/* A P that was never seen to start has thread 0 in some places, as in the reader of Go's tools. */
static int64_t thread_or_0(const struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    int64_t thread = c->places[ev->stream].thread;
    return thread == MT_NO_ID ? 0 : thread;
}

static void tell_label(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    if (!mt_v1_context(c->check, ev)->announced)
        tell_status(c, ev, MT_GO_RUNNABLE);
    tell_step(c, ev, ev->context, MT_GO_RUNNABLE, MT_GO_RUNNING)->thread = thread_or_0(c, ev);
    struct mt_event *out = tell(c, ev, MT_EV_LABEL);
    out->thread = thread_or_0(c, ev);
    out->scope = MT_ABOUT_GOROUTINE;
    out->subject = out->goroutine;
    out->slot = out->goroutine_slot;
    out->name = mt_v1_string(c->index, ev->args[2]);
}

static void tell_syscall(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    bool blocks = mt_v1_merge_blocks(c->check->merge, ev);
    struct mt_event *out = tell_step(c, ev, ev->context, MT_GO_RUNNING, MT_GO_SYSCALL);
    out->stack = out->target_stack = mt_v1_stack(c->index, ev->stack);
    if (blocks)
        return;
    out->thread = thread_or_0(c, ev);
    tell_step(c, ev, ev->context, MT_GO_SYSCALL, MT_GO_RUNNING)->thread = thread_or_0(c, ev);
}

static void tell_sample(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    struct mt_v1_event known = *ev;
    if (ev->goroutine)
        known.context = mt_idmap_get(&c->check->merge->goroutines.by_id, ev->goroutine);
    struct mt_event *out = tell(c, &known, MT_EV_STACK_SAMPLE);
    out->stack = mt_v1_stack(c->index, ev->stack);
    uint32_t proc = mt_idmap_get(&c->index->proc_of, ev->proc);
    if (proc != MT_IDMAP_NONE)
        out->proc_slot = c->places[proc].slot;
}

static void tell_task(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    const struct mt_v1_check *check = c->check;
    bool begins = ev->type == MT_V1_TASK_CREATE;
    struct mt_event *out = tell(c, ev, begins ? MT_EV_TASK_BEGIN : MT_EV_TASK_END);
    uint32_t index = mt_idmap_get(&check->tasks, ev->args[0]);
    out->task = ev->args[0];
    out->value = MT_NO_TASK;
    out->stack = mt_v1_stack(c->index, ev->stack);
    if (index == MT_IDMAP_NONE)
        return; /* it began before the trace */
    const struct mt_v1_task *task = &check->task_items[index];
    out->name = task->name;
    out->value = begins && !task->parent ? MT_NO_TASK : task->parent;
}

static void tell_region(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    struct mt_event *out = tell(c, ev, ev->args[1] ? MT_EV_REGION_END : MT_EV_REGION_BEGIN);
    out->task = ev->args[0];
    out->name = mt_v1_string(c->index, ev->args[2]);
    out->stack = mt_v1_stack(c->index, ev->stack);
}

static void tell_log(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    struct mt_event *out = tell(c, ev, MT_EV_LOG);
    struct mt_span *message = &c->feed->room->message[mt_feed_index(c->feed)];
    *message = ev->message;
    out->task = ev->args[0];
    out->name = mt_v1_string(c->index, ev->args[1]);
    out->message = message;
    out->stack = mt_v1_stack(c->index, ev->stack);
}

static uint32_t stop_reason(const struct mt_v1_convert *c, uint64_t kind)
{
    if (c->index->format.version < 21)
        kind = kind < 2 ? kind + 1 : 0;
    return c->stw_reason[kind < MT_V1_STW_REASONS ? kind : 0];
}

static void tell_other(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    struct mt_event *out;
    switch (ev->type) {
    case MT_V1_HEAP_ALLOC:
        tell_metric(c, ev, MT_METRIC_HEAP_LIVE);
        break;
    case MT_V1_HEAP_GOAL:
        tell_metric(c, ev, MT_METRIC_HEAP_GOAL);
        break;
    case MT_V1_GC_START:
    case MT_V1_GC_DONE:
        tell_range(c, ev, ev->type == MT_V1_GC_START ? MT_EV_RANGE_BEGIN : MT_EV_RANGE_END,
                   MT_RANGE_MARK);
        break;
    case MT_V1_STW_START:
        c->stop_reason = stop_reason(c, ev->args[0]);
        /* fall through */
    case MT_V1_STW_DONE:
        out = tell_range(c, ev, ev->type == MT_V1_STW_START ? MT_EV_RANGE_BEGIN : MT_EV_RANGE_END,
                         MT_RANGE_STOP);
        out->name = c->stop_reason;
        break;
    case MT_V1_SWEEP_START:
        tell_range(c, ev, MT_EV_RANGE_BEGIN, MT_RANGE_SWEEP);
        break;
    case MT_V1_SWEEP_DONE:
        out = tell_range(c, ev, MT_EV_RANGE_END, MT_RANGE_SWEEP);
        out->value = ev->args[0];
        out->reclaimed_bytes = ev->args[1];
        break;
    case MT_V1_ASSIST_START:
    case MT_V1_ASSIST_DONE:
        tell_range(c, ev, ev->type == MT_V1_ASSIST_START ? MT_EV_RANGE_BEGIN : MT_EV_RANGE_END,
                   MT_RANGE_ASSIST);
        break;
    case MT_V1_TASK_CREATE:
    case MT_V1_TASK_END:
        tell_task(c, ev);
        break;
    case MT_V1_REGION:
        tell_region(c, ev);
        break;
    case MT_V1_LOG:
        tell_log(c, ev);
        break;
    default:
        break;
    }
}

static void begin(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    c->begun = true;
    c->first_ticks = ev->ticks;
    tell_sync(c, 1);
}

/* What a goroutine does; false: the event is of something else. */
static bool tell_goroutine(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    switch (ev->type) {
    case MT_V1_GO_CREATE:
        tell_create(c, ev);
        break;
    case MT_V1_GO_START:
        if (c->before_gomaxprocs || !mt_v1_context(c->check, ev)->announced) /* or lost */
            tell_status(c, ev, MT_GO_RUNNING);
        else
            tell_step(c, ev, ev->context, MT_GO_RUNNABLE, MT_GO_RUNNING);
        break;
    case MT_V1_GO_START_LABEL:
        tell_label(c, ev);
        break;
    case MT_V1_GO_END:
        tell_step(c, ev, ev->context, MT_GO_RUNNING, MT_GO_NOT_EXIST);
        break;
    case MT_V1_GO_SCHED:
    case MT_V1_GO_PREEMPT:
        tell_stop(c, ev, MT_GO_RUNNABLE);
        break;
    case MT_V1_GO_STOP:
    case MT_V1_GO_SLEEP:
    case MT_V1_GO_BLOCK:
    case MT_V1_GO_BLOCK_SEND:
    case MT_V1_GO_BLOCK_RECV:
    case MT_V1_GO_BLOCK_SELECT:
    case MT_V1_GO_BLOCK_SYNC:
    case MT_V1_GO_BLOCK_COND:
    case MT_V1_GO_BLOCK_NET:
    case MT_V1_GO_BLOCK_GC:
        tell_stop(c, ev, MT_GO_WAITING);
        break;
    case MT_V1_GO_UNBLOCK:
        tell_step(c, ev, ev->subject, MT_GO_WAITING, MT_GO_RUNNABLE)->stack =
            mt_v1_stack(c->index, ev->stack);
        break;
    case MT_V1_GO_SYSCALL:
        tell_syscall(c, ev);
        break;
    case MT_V1_GO_SYS_BLOCK:
        break; /* the begin has told */
    case MT_V1_GO_SYS_EXIT:
        tell_step(c, ev, ev->context, MT_GO_SYSCALL, MT_GO_RUNNABLE);
        break;
    case MT_V1_GO_WAITING:
        tell_status(c, ev, MT_GO_WAITING);
        break;
    case MT_V1_GO_IN_SYSCALL:
        tell_status(c, ev, MT_GO_SYSCALL);
        break;
    default:
        return false;
    }
    return true;
}

bool mt_v1_convert_event(struct mt_v1_convert *c, const struct mt_v1_event *ev)
{
    if (!c->begun)
        begin(c, ev);
    if (tell_goroutine(c, ev))
        return true;
    switch (ev->type) {
    case MT_V1_GOMAXPROCS:
        if (c->before_gomaxprocs)
            tell_held(c, ev);
        else
            tell_metric(c, ev, MT_METRIC_PROCS);
        break;
    case MT_V1_PROC_START:
    case MT_V1_PROC_STOP:
        tell_proc(c, ev);
        break;
    case MT_V1_CPU_SAMPLE:
        tell_sample(c, ev);
        break;
    case MT_V1_FUTILE_WAKEUP:
        return false;
    default:
        tell_other(c, ev);
    }
    return true;
}

void mt_v1_convert_end(struct mt_v1_convert *c)
{
    if (c->begun)
        c->last_ns++;
    tell_sync(c, c->begun ? 2 : 1);
}
