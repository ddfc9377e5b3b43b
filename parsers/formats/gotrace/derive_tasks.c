/* SPDX-License-Identifier: Apache-2.0 */
/*
 * User tasks with their latency, as requests. Of many an even sample is kept (every second, fourth,
 * ... that ended), so that shares and quantiles hold, and besides the slowest few.
 *
 * A task is the work on a request whose trace id the program says: in a message it logs into the
 * task, `trace.Log(ctx, "trace_id", id)` or a whole traceparent, or in the task's type.
 */
#include "parsers/base/idmap.h"
#include "parsers/formats/gotrace/consumer.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE_MOST = 20000, SLOWEST = 64, TRACE_ID_BYTES = 16, SEARCHED_BYTES = 256 };

struct task {
    int64_t start_ns, end_ns;
    uint64_t id, parent;
    uint64_t order; /* by end */
    uint32_t name, next_free;
    uint8_t trace_id[TRACE_ID_BYTES];
    bool has_trace_id;
};

struct state {
    struct mt_arena *arena; /* scratch */
    struct mt_idmap under_way;
    struct task *tasks;
    size_t n_tasks, cap_tasks;
    uint32_t free; /* plus one */
    struct task *sample;
    size_t n_sample;
    uint64_t stride;
    struct task slowest[SLOWEST]; /* a heap, fastest first */
    size_t n_slowest;
    uint64_t created, ended, measured;
};

static void begin(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    s->arena = s->under_way.arena = &feed->scratch;
    s->stride = 1;
}

static int hex_digit(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 32 hex digits that stand by themselves and are not all 0. */
static bool find_trace_id(struct mt_span text, uint8_t id[TRACE_ID_BYTES])
{
    text = mt_span_sub(text, 0, SEARCHED_BYTES);
    for (size_t at = 0, n; at < text.size; at += n + 1) {
        n = 0;
        while (at + n < text.size && hex_digit(text.data[at + n]) >= 0)
            n++;
        if (n != 2 * TRACE_ID_BYTES)
            continue;
        int any = 0;
        for (size_t i = 0; i < TRACE_ID_BYTES; i++) {
            int byte = hex_digit(text.data[at + 2 * i]) << 4 | hex_digit(text.data[at + 2 * i + 1]);
            id[i] = (uint8_t)byte;
            any |= byte;
        }
        return any != 0;
    }
    return false;
}

static void note_log(struct state *s, const struct mt_event *ev)
{
    uint32_t index = mt_idmap_get(&s->under_way, ev->task);
    if (index == MT_IDMAP_NONE || s->tasks[index].has_trace_id)
        return;
    struct task *t = &s->tasks[index];
    uint8_t id[TRACE_ID_BYTES];
    t->has_trace_id = find_trace_id(*ev->message, id);
    if (t->has_trace_id)
        memcpy(t->trace_id, id, sizeof id);
}

static void start(struct state *s, struct mt_trace_feed *feed, const struct mt_event *ev)
{
    s->created++;
    if (mt_idmap_get(&s->under_way, ev->task) != MT_IDMAP_NONE)
        return;
    uint32_t index = s->free;
    if (index) {
        s->free = s->tasks[index - 1].next_free;
    } else {
        MT_RESERVE(s->arena, s->tasks, s->n_tasks, s->cap_tasks);
        index = (uint32_t)++s->n_tasks;
    }
    s->tasks[index - 1] = (struct task){
        .start_ns = ev->time_ns, .id = ev->task, .parent = ev->value, .name = ev->name};
    struct task *t = &s->tasks[index - 1];
    t->has_trace_id = find_trace_id(mt_string(feed->capture->strings, ev->name), t->trace_id);
    mt_idmap_set(&s->under_way, ev->task, index - 1);
}

static int64_t latency(const struct task *t)
{
    return t->end_ns - t->start_ns;
}

static void keep_if_slow(struct state *s, const struct task *t)
{
    if (s->n_slowest == SLOWEST && latency(t) <= latency(&s->slowest[0]))
        return;
    size_t at = 0;
    if (s->n_slowest < SLOWEST) {
        for (at = s->n_slowest++; at && latency(t) < latency(&s->slowest[(at - 1) / 2]);
             at = (at - 1) / 2)
            s->slowest[at] = s->slowest[(at - 1) / 2];
    } else {
        for (size_t child; (child = 2 * at + 1) < SLOWEST; at = child) {
            if (child + 1 < SLOWEST &&
                latency(&s->slowest[child + 1]) < latency(&s->slowest[child]))
                child++;
            if (latency(&s->slowest[child]) >= latency(t))
                break;
            s->slowest[at] = s->slowest[child];
        }
    }
    s->slowest[at] = *t;
}

static void keep_in_sample(struct state *s, const struct task *t)
{
    if (t->order % s->stride)
        return;
    if (!s->sample)
        s->sample = MT_NEW_N(s->arena, struct task, SAMPLE_MOST);
    if (s->n_sample == SAMPLE_MOST) {
        s->stride *= 2;
        size_t kept = 0;
        for (size_t i = 0; i < s->n_sample; i++)
            if (s->sample[i].order % s->stride == 0)
                s->sample[kept++] = s->sample[i];
        s->n_sample = kept;
        if (t->order % s->stride)
            return;
    }
    s->sample[s->n_sample++] = *t;
}

static void finish(struct state *s, const struct mt_event *ev)
{
    s->ended++;
    uint32_t index = mt_idmap_get(&s->under_way, ev->task);
    if (index == MT_IDMAP_NONE)
        return;
    mt_idmap_remove(&s->under_way, ev->task);
    struct task *t = &s->tasks[index];
    t->end_ns = ev->time_ns;
    t->order = s->measured++;
    keep_if_slow(s, t);
    keep_in_sample(s, t);
    t->next_free = s->free;
    s->free = index + 1;
}

static void event(void *state, struct mt_trace_feed *feed, const struct mt_event *ev)
{
    if (ev->kind == MT_EV_TASK_BEGIN)
        start(state, feed, ev);
    else if (ev->kind == MT_EV_LOG)
        note_log(state, ev);
    else
        finish(state, ev);
}

static int by_end(const void *left, const void *right)
{
    const struct task *a = left, *b = right;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void set_id(uint8_t id[8], uint64_t number)
{
    for (int i = 7; i >= 0; i--, number >>= 8)
        id[i] = (uint8_t)number;
}

static void add_request(struct mt_trace_feed *feed, const struct task *t, uint32_t kind)
{
    struct mt_request *r = mt_capture_add_request(feed->capture);
    r->name = t->name;
    r->kind = kind;
    set_id(r->span_id, t->id);
    if (t->has_trace_id)
        memcpy(r->trace_id, t->trace_id, sizeof r->trace_id);
    r->root = t->parent == MT_NO_TASK || !t->parent;
    if (!r->root)
        set_id(r->parent_id, t->parent);
    r->start_ns = mt_feed_wall(feed, t->start_ns);
    r->duration_ns = latency(t);
}

static void end(void *state, struct mt_trace_feed *feed)
{
    struct state *s = state;
    feed->capture->trace->tasks_created = s->created;
    feed->capture->trace->tasks_ended = s->ended;
    struct task *all = MT_NEW_N(s->arena, struct task, s->n_sample + s->n_slowest);
    size_t n = 0;
    for (size_t i = 0; i < s->n_sample; i++)
        all[n++] = s->sample[i];
    for (size_t i = 0; i < s->n_slowest; i++)
        if (s->slowest[i].order % s->stride)
            all[n++] = s->slowest[i];
    if (feed->capture->trace->unit_assumed) /* requests of a length that nobody knows */
        n = 0;
    if (n)
        qsort(all, n, sizeof *all, by_end);
    uint32_t kind = mt_intern_text(feed->capture->strings, "task");
    for (size_t i = 0; i < n; i++)
        add_request(feed, &all[i], kind);
    if (s->stride > 1)
        mt_capture_remark(feed->capture, false, "trace-tasks-sampled",
                          "of %llu tasks every %lluth is kept, and the slowest %u",
                          (unsigned long long)s->measured, (unsigned long long)s->stride,
                          (unsigned)SLOWEST);
}

const struct mt_trace_consumer mt_trace_consumer_tasks = {
    .name = "tasks",
    .state_bytes = sizeof(struct state),
    .kinds = MT_KIND(MT_EV_TASK_BEGIN) | MT_KIND(MT_EV_TASK_END) | MT_KIND(MT_EV_LOG),
    .begin = begin,
    .event = event,
    .end = end,
};
