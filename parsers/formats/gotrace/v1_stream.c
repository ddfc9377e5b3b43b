/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_stream.h"

#define STOP(to)                                                                                   \
    {                                                                                              \
        MT_V1_OWN, MT_V1_NO_NUMBER, MT_V1_RUNNING, to, MT_V1_STOPS, 0                              \
    }
#define START(full)                                                                                \
    {                                                                                              \
        MT_V1_OWN, MT_V1_NUMBERED, MT_V1_RUNNABLE, MT_V1_RUNNING, MT_V1_STARTS, full               \
    }
#define UNBLOCK(full)                                                                              \
    {                                                                                              \
        MT_V1_OTHER, MT_V1_NUMBERED, MT_V1_WAITING, MT_V1_RUNNABLE, MT_V1_KEEPS, full              \
    }
#define EXIT(full)                                                                                 \
    {                                                                                              \
        MT_V1_OWN, MT_V1_NUMBERED, MT_V1_WAITING, MT_V1_RUNNABLE, MT_V1_NAMES, full                \
    }
#define STATUS                                                                                     \
    {                                                                                              \
        MT_V1_OWN, MT_V1_NUMBER_1, MT_V1_RUNNABLE, MT_V1_WAITING, MT_V1_NAMES, 0                   \
    }

const struct mt_v1_rule mt_v1_rules[64] = {
    [MT_V1_GC_START] = {MT_V1_COLLECTOR, MT_V1_NUMBERED, 0, 0, MT_V1_KEEPS, 0},
    [MT_V1_GO_CREATE] = {MT_V1_OTHER, MT_V1_NUMBER_0, MT_V1_UNSEEN, MT_V1_RUNNABLE, MT_V1_KEEPS, 0},
    [MT_V1_GO_WAITING] = STATUS,
    [MT_V1_GO_IN_SYSCALL] = STATUS,
    [MT_V1_GO_START] = START(0),
    [MT_V1_GO_START_LABEL] = START(0),
    [MT_V1_GO_START_LOCAL] = START(MT_V1_GO_START),
    [MT_V1_GO_UNBLOCK] = UNBLOCK(0),
    [MT_V1_GO_UNBLOCK_LOCAL] = UNBLOCK(MT_V1_GO_UNBLOCK),
    [MT_V1_GO_SYS_EXIT] = EXIT(0),
    [MT_V1_GO_SYS_EXIT_LOCAL] = EXIT(MT_V1_GO_SYS_EXIT),
    [MT_V1_GO_END] = {MT_V1_FREE, 0, 0, 0, MT_V1_STOPS, 0},
    [MT_V1_GO_STOP] = {MT_V1_FREE, 0, 0, 0, MT_V1_STOPS, 0},
    [MT_V1_GO_SCHED] = STOP(MT_V1_RUNNABLE),
    [MT_V1_GO_PREEMPT] = STOP(MT_V1_RUNNABLE),
    [MT_V1_GO_SLEEP] = STOP(MT_V1_WAITING),
    [MT_V1_GO_BLOCK] = STOP(MT_V1_WAITING),
    [MT_V1_GO_BLOCK_SEND] = STOP(MT_V1_WAITING),
    [MT_V1_GO_BLOCK_RECV] = STOP(MT_V1_WAITING),
    [MT_V1_GO_BLOCK_SELECT] = STOP(MT_V1_WAITING),
    [MT_V1_GO_BLOCK_SYNC] = STOP(MT_V1_WAITING),
    [MT_V1_GO_BLOCK_COND] = STOP(MT_V1_WAITING),
    [MT_V1_GO_BLOCK_NET] = STOP(MT_V1_WAITING),
    [MT_V1_GO_BLOCK_GC] = STOP(MT_V1_WAITING),
    [MT_V1_GO_SYS_BLOCK] = STOP(MT_V1_WAITING),
};

static bool next_batch(const struct mt_v1_index *x, struct mt_v1_stream *s)
{
    if (s->batch == MT_NO_SLOT)
        return false;
    const struct mt_v1_batch *b = &x->batches[s->batch];
    s->at = x->file.data + b->at;
    s->end = x->file.data + b->end;
    s->ticks = b->ticks;
    s->number = b->number;
    s->batch = b->next;
    return true;
}

static void set_time(struct mt_v1_stream *s, uint64_t ticks)
{
    s->ticks = (int64_t)((uint64_t)s->ticks + ticks);
    s->key = s->head.ticks = s->ticks;
}

static void set_number(struct mt_v1_stream *s, uint64_t number)
{
    s->number += number;
    s->key = (int64_t)s->number;
}

/* An event that does not state its length, of the versions that have no sequence numbers; most are
 * of this kind. NULL: it is none, or at fault. */
static const unsigned char *take_near(const struct mt_v1_format *f, struct mt_v1_stream *s)
{
    struct mt_v1_event *ev = &s->head;
    const unsigned char *at = s->at;
    unsigned type = *at & 63u;
    const struct mt_v1_shape *shape = &f->shape[type];
    if ((*at >> 6) + 1 != shape->n_inline)
        return NULL;
    uint64_t ticks, stack = 0;
    at = mt_varint_within(at + 1, &ticks);
    ev->args[0] = ev->args[1] = ev->args[2] = 0;
    for (unsigned i = 0; at && i < shape->own; i++)
        at = mt_varint_within(at, &ev->args[i]);
    if (at && shape->has_stack)
        at = mt_varint_within(at, &stack);
    if (!at)
        return NULL;
    ev->type = (uint8_t)type;
    ev->stack = (uint32_t)stack;
    set_time(s, ticks);
    return at;
}

/* Any record; *is_event tells whether it is one. */
static const unsigned char *take_far(const struct mt_v1_format *f, struct mt_v1_stream *s,
                                     bool *is_event, enum mt_v1_fault *fault)
{
    struct mt_v1_record r;
    const unsigned char *next = mt_v1_record_take(s->at, s->end, f, &r, fault);
    const struct mt_v1_shape *shape = &f->shape[next ? r.type : 0];
    *is_event = next && shape->is_event;
    if (!*is_event)
        return next;
    struct mt_v1_event *ev = &s->head;
    set_time(s, r.args[f->lead - 1]);
    if (f->lead == 2)
        set_number(s, r.args[0]);
    for (unsigned i = 0; i < 3; i++)
        ev->args[i] = i < shape->own ? r.args[f->lead + i] : 0;
    ev->type = (uint8_t)r.type;
    ev->stack = shape->has_stack ? (uint32_t)r.args[r.n_args - 1] : 0;
    ev->message = r.body;
    return next;
}

/* The local forms leave out the number: what they follow stands in front of them in the same P. */
static void make_full(struct mt_v1_event *ev, unsigned full)
{
    if (full == MT_V1_GO_SYS_EXIT)
        ev->args[2] = ev->args[1];
    ev->args[1] = UINT64_MAX;
    ev->type = (uint8_t)full;
}

static void set_goroutine(struct mt_v1_stream *s, const struct mt_v1_rule *rule)
{
    struct mt_v1_event *ev = &s->head;
    ev->moved = false;
    ev->proc = s->proc;
    ev->goroutine = s->goroutine;
    switch (rule->effect) {
    case MT_V1_STARTS:
        s->goroutine = ev->goroutine = ev->args[0];
        break;
    case MT_V1_STOPS:
        s->goroutine = 0;
        break;
    case MT_V1_NAMES:
        ev->goroutine = ev->args[0];
        ev->moved = ev->args[2] && (int64_t)ev->args[2] != ev->ticks;
        break;
    default:
        break;
    }
}

bool mt_v1_stream_next(const struct mt_v1_index *x, struct mt_v1_stream *s, enum mt_v1_fault *fault)
{
    const struct mt_v1_format *f = &x->format;
    for (;;) {
        while (s->at == s->end)
            if (!next_batch(x, s))
                return false;
        bool is_event = true;
        const unsigned char *next = NULL;
        if (s->end - s->at > MT_V1_INLINE_MOST && f->lead == 1)
            next = take_near(f, s);
        if (!next)
            next = take_far(f, s, &is_event, fault);
        if (!next)
            return false;
        s->at = next;
        /* exits of 1.5 come from the index, at their true number */
        if (!is_event || (f->lead == 2 && s->head.type == MT_V1_GO_SYS_EXIT))
            continue;
        const struct mt_v1_rule *rule = &mt_v1_rules[s->head.type];
        if (rule->full)
            make_full(&s->head, rule->full);
        set_goroutine(s, rule);
        return true;
    }
}
