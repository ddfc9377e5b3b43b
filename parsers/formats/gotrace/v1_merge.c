/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_merge.h"

/* A sample of a syscall's goroutine is not looked for further ahead. */
enum { SAMPLES_AHEAD = 4096 };

static bool refuse(struct mt_v1_merge *m, const struct mt_v1_event *ev, const char *what)
{
    size_t offset = m->index->file.size;
    if (ev->stream < m->index->n_procs)
        offset = (size_t)(m->streams[ev->stream].at - m->index->file.data);
    return mt_fail(m->in->err, MT_ERR_INPUT, m->index->file_offset + offset,
                   "%s of goroutine %llu: %s", mt_v1_type_words(ev->type),
                   (unsigned long long)ev->goroutine, what);
}

/* ---- what an event asks of its goroutine ---- */

enum { FREE, OWN, OTHER, COLLECTOR }; /* whose status: none, the event's, args[0] */
enum { NO_NUMBER, NUMBER_0, NUMBER_1, NUMBER } /* NUMBER: args[1], UINT64_MAX fits all */;

struct rule {
    uint8_t whose, number; /* a number fits and goes up by one */
    uint8_t from, to;
    bool stops; /* the P runs nothing afterwards */
};

#define STOP(to)                                                                                   \
    {                                                                                              \
        OWN, NO_NUMBER, MT_V1_RUNNING, to, true                                                    \
    }
static const struct rule rules[64] = {
    [MT_V1_GC_START] = {COLLECTOR, NUMBER, 0, 0, false},
    [MT_V1_GO_CREATE] = {OTHER, NUMBER_0, MT_V1_UNSEEN, MT_V1_RUNNABLE, false},
    [MT_V1_GO_WAITING] = {OWN, NUMBER_1, MT_V1_RUNNABLE, MT_V1_WAITING, false},
    [MT_V1_GO_IN_SYSCALL] = {OWN, NUMBER_1, MT_V1_RUNNABLE, MT_V1_WAITING, false},
    [MT_V1_GO_START] = {OWN, NUMBER, MT_V1_RUNNABLE, MT_V1_RUNNING, false},
    [MT_V1_GO_START_LABEL] = {OWN, NUMBER, MT_V1_RUNNABLE, MT_V1_RUNNING, false},
    [MT_V1_GO_UNBLOCK] = {OTHER, NUMBER, MT_V1_WAITING, MT_V1_RUNNABLE, false},
    [MT_V1_GO_SYS_EXIT] = {OWN, NUMBER, MT_V1_WAITING, MT_V1_RUNNABLE, false},
    [MT_V1_GO_END] = {FREE, 0, 0, 0, true},
    [MT_V1_GO_STOP] = {FREE, 0, 0, 0, true},
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

/* Whether the event fits now. */
static bool fits(const struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    const struct rule *rule = &rules[ev->type];
    if (rule->whose == FREE || m->index->format.version < 7)
        return true;
    if (rule->whose == COLLECTOR)
        return ev->args[0] == m->gc_seq;
    if (ev->subject == MT_NO_SLOT)
        return false;
    const struct mt_v1_goroutine *g = &m->goroutines.items[ev->subject];
    if (g->id != (rule->whose == OWN ? ev->goroutine : ev->args[0]))
        return false; /* it ended since */
    if (g->order != rule->from)
        return false;
    switch (rule->number) {
    case NUMBER_0:
    case NUMBER_1:
        return g->seq == (rule->number == NUMBER_1);
    case NUMBER:
        return ev->args[1] == UINT64_MAX || ev->args[1] == g->seq;
    default:
        return true;
    }
}

/* ---- one record of a P ---- */

/* Fills what the record says; the goroutine is the one that the P ran before it. */
static void set_event(const struct mt_v1_format *f, struct mt_v1_stream *s,
                      const struct mt_v1_record *r)
{
    struct mt_v1_event *ev = &s->head;
    const uint64_t *own = r->args + f->lead;
    unsigned n_own = r->n_args - f->lead - f->has_stack[r->type];
    s->ticks = (int64_t)((uint64_t)s->ticks + r->args[f->lead - 1]);
    s->key = s->ticks;
    if (f->lead == 2) {
        s->number += r->args[0];
        s->key = (int64_t)s->number;
    }
    ev->type = (uint8_t)r->type;
    ev->ticks = s->ticks;
    for (unsigned i = 0; i < 3; i++)
        ev->args[i] = i < n_own ? own[i] : 0;
    ev->stack = f->has_stack[r->type] ? (uint32_t)r->args[r->n_args - 1] : 0;
    ev->message = r->body;
    ev->moved = false;
    ev->goroutine = s->goroutine;
    ev->proc = s->proc;
}

/* The "local" forms leave out the number: what they follow stands in front of them in the same P.
 */
static void make_global(struct mt_v1_event *ev)
{
    switch (ev->type) {
    case MT_V1_GO_START_LOCAL:
        ev->type = MT_V1_GO_START;
        break;
    case MT_V1_GO_UNBLOCK_LOCAL:
        ev->type = MT_V1_GO_UNBLOCK;
        break;
    case MT_V1_GO_SYS_EXIT_LOCAL:
        ev->type = MT_V1_GO_SYS_EXIT;
        ev->args[2] = ev->args[1];
        break;
    default:
        return;
    }
    ev->args[1] = UINT64_MAX;
}

/* Which goroutine the event is of, and which the P runs after it. */
static void set_goroutine(struct mt_v1_stream *s)
{
    struct mt_v1_event *ev = &s->head;
    switch (ev->type) {
    case MT_V1_GO_START:
    case MT_V1_GO_START_LABEL:
        s->goroutine = ev->goroutine = ev->args[0];
        break;
    case MT_V1_GO_SYS_EXIT:
        ev->moved = ev->args[2] && (int64_t)ev->args[2] != ev->ticks;
        ev->goroutine = ev->args[0];
        break;
    case MT_V1_GO_WAITING:
    case MT_V1_GO_IN_SYSCALL:
        ev->goroutine = ev->args[0];
        break;
    default:
        if (rules[ev->type].stops)
            s->goroutine = 0;
    }
}

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

static bool is_event(unsigned type)
{
    return type != MT_V1_STRING && type != MT_V1_STACK && type != MT_V1_FREQUENCY &&
           type != MT_V1_TIMER_GOROUTINE && type != MT_V1_CPU_SAMPLE;
}

/* Decodes the P's next event into head. False at its end, or with *fault set (the first pass found
 * none, so the file has changed since). */
static bool decode(const struct mt_v1_index *x, struct mt_v1_stream *s, enum mt_v1_fault *fault)
{
    struct mt_v1_record r;
    for (;;) {
        while (s->at == s->end)
            if (!next_batch(x, s))
                return false;
        const unsigned char *next = mt_v1_record_take(s->at, s->end, &x->format, &r, fault);
        if (!next)
            return false;
        s->at = next;
        if (!is_event(r.type))
            continue;
        set_event(&x->format, s, &r);
        if (x->format.version < 7 && r.type == MT_V1_GO_SYS_EXIT)
            continue; /* comes from the index, at its true number */
        make_global(&s->head);
        set_goroutine(s);
        return true;
    }
}

/* The index of the goroutine the P runs is kept with it, so most events need no look-up. */
static void find_goroutines(struct mt_v1_merge *m, struct mt_v1_stream *s, uint64_t ran)
{
    struct mt_v1_event *ev = &s->head;
    const struct rule *rule = &rules[ev->type];
    ev->context = s->goroutine_index;
    if (ev->goroutine != ran)
        ev->context = mt_v1_goroutine_of(&m->goroutines, ev->goroutine);
    if (s->goroutine != ran)
        s->goroutine_index = s->goroutine ? ev->context : 0;
    ev->subject = MT_NO_SLOT;
    if (rule->whose == OWN)
        ev->subject = ev->context;
    else if (rule->whose == OTHER)
        ev->subject = mt_v1_goroutine_of(&m->goroutines, ev->args[0]);
}

static bool next_event(struct mt_v1_merge *m, struct mt_v1_stream *s)
{
    enum mt_v1_fault fault = MT_V1_FINE;
    uint64_t ran = s->goroutine;
    if (decode(m->index, s, &fault)) {
        find_goroutines(m, s, ran);
        return true;
    }
    return fault == MT_V1_FINE ? false : mt_v1_index_fail(m->index, m->in, s->at, fault);
}

static bool next_sample(struct mt_v1_merge *m, struct mt_v1_stream *s)
{
    if (m->next_sample == m->index->n_samples)
        return false;
    const struct mt_v1_sample *sample = &m->index->samples[m->next_sample++];
    s->key = sample->ticks;
    s->head = (struct mt_v1_event){.ticks = sample->ticks,
                                   .goroutine = sample->goroutine,
                                   .proc = (uint64_t)sample->proc,
                                   .stack = sample->stack,
                                   .stream = m->index->n_procs,
                                   .context = MT_NO_SLOT,
                                   .subject = MT_NO_SLOT,
                                   .type = MT_V1_CPU_SAMPLE};
    return true;
}

static void set_exit(struct mt_v1_merge *m, struct mt_v1_event *ev, int64_t ticks)
{
    const struct mt_v1_exit *exit = &m->index->exits[m->next_exit++];
    uint32_t index = mt_v1_goroutine_of(&m->goroutines, exit->goroutine);
    *ev = (struct mt_v1_event){.ticks = ticks,
                               .goroutine = exit->goroutine,
                               .args = {exit->goroutine},
                               .proc = UINT64_MAX,
                               .number = UINT64_MAX,
                               .stream = m->index->n_procs,
                               .context = index,
                               .subject = index,
                               .type = MT_V1_GO_SYS_EXIT};
}

static bool next_in_stream(struct mt_v1_merge *m, uint32_t stream)
{
    struct mt_v1_stream *s = &m->streams[stream];
    if (stream < m->index->n_procs)
        return next_event(m, s);
    if (stream == m->index->n_procs)
        return next_sample(m, s);
    if (m->next_exit == m->index->n_exits)
        return false;
    s->key = m->index->exits[m->next_exit].key;
    set_exit(m, &s->head, m->index->exits[m->next_exit].ticks);
    return true;
}

/* ---- the queue of streams ---- */

static bool before(const struct mt_v1_merge *m, uint32_t a, uint32_t b)
{
    return m->streams[a].key < m->streams[b].key;
}

/* Which of equal times comes first is a matter of the shape of this heap: what has waited longer
 * stays in front, mostly. It is the shape that Go's tools have, so that lists of events agree. */
static void push(struct mt_v1_merge *m, uint32_t stream)
{
    uint32_t at = m->n_heap++;
    while (at && before(m, stream, m->heap[(at - 1) / 2])) {
        m->heap[at] = m->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    m->heap[at] = stream;
}

static uint32_t pop(struct mt_v1_merge *m)
{
    uint32_t top = m->heap[0], moving = m->heap[--m->n_heap], at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= m->n_heap)
            break;
        if (child + 1 < m->n_heap && before(m, m->heap[child + 1], m->heap[child]))
            child++;
        if (!before(m, m->heap[child], moving))
            break;
        m->heap[at] = m->heap[child];
        at = child;
    }
    m->heap[at] = moving;
    return top;
}

/* The list of streams that wait for what the event waits for; NULL when that never comes. */
static uint32_t *queue_of(struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    if (rules[ev->type].whose == COLLECTOR)
        return &m->gc_blocked;
    return ev->subject == MT_NO_SLOT ? NULL : &m->goroutines.items[ev->subject].blocked;
}

static void block(struct mt_v1_merge *m, uint32_t stream)
{
    uint32_t *queue = queue_of(m, &m->streams[stream].head);
    m->n_waiting++;
    if (!queue)
        return;
    m->streams[stream].next_blocked = *queue;
    *queue = stream;
}

/* Those that fit now leave the queue; they become candidates when the next event is asked for. */
static void release(struct mt_v1_merge *m, uint32_t *queue)
{
    uint32_t *link = queue;
    while (*link != MT_NO_SLOT) {
        uint32_t stream = *link;
        struct mt_v1_stream *s = &m->streams[stream];
        if (fits(m, &s->head)) {
            *link = s->next_blocked;
            s->next_blocked = m->released;
            m->released = stream;
        } else {
            link = &s->next_blocked;
        }
    }
}

static void push_released(struct mt_v1_merge *m)
{
    uint32_t stream = m->released;
    m->released = m->streams[stream].next_blocked;
    m->n_waiting--;
    push(m, stream);
}

/* The next event of the stream that gave the last one, and those that waited for that. */
static void refill(struct mt_v1_merge *m)
{
    uint32_t stream = m->given;
    m->given = MT_NO_SLOT;
    if (m->released != MT_NO_SLOT)
        push_released(m);
    if (next_in_stream(m, stream)) {
        if (fits(m, &m->streams[stream].head))
            push(m, stream);
        else
            block(m, stream);
    }
    while (m->released != MT_NO_SLOT)
        push_released(m);
}

/* ---- what the order machine makes of an event ---- */

static bool check_syscall(struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = &m->goroutines.items[ev->subject];
    if (ev->type != MT_V1_GO_SYS_EXIT) {
        g->sys_block_ticks = ev->ticks;
        return true;
    }
    if (!ev->args[2] || m->index->format.version < 11)
        return true;
    if (!g->sys_block_ticks)
        return refuse(m, ev, "it was in no syscall");
    if ((int64_t)ev->args[2] < g->sys_block_ticks)
        return refuse(m, ev, "it ends before the syscall blocks; the clocks of the CPUs differ");
    return true;
}

static bool apply(struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    const struct rule *rule = &rules[ev->type];
    if (rule->whose == FREE || m->index->format.version < 7)
        return true;
    if (!fits(m, ev))
        return refuse(m, ev, "two Ps move it at once");
    if (rule->whose == COLLECTOR) {
        m->gc_seq++;
        release(m, &m->gc_blocked);
        return true;
    }
    struct mt_v1_goroutine *g = &m->goroutines.items[ev->subject];
    g->order = rule->to;
    if (rule->number != NO_NUMBER)
        g->seq++;
    if (g->blocked != MT_NO_SLOT)
        release(m, &g->blocked);
    bool syscall = ev->type == MT_V1_GO_SYS_EXIT || ev->type == MT_V1_GO_SYS_BLOCK ||
                   ev->type == MT_V1_GO_IN_SYSCALL;
    return !syscall || check_syscall(m, ev);
}

/* Times may not go back. Before 1.11 they are mended: that version's traces are of machines whose
 * clocks did. */
static bool check_time(struct mt_v1_merge *m, struct mt_v1_event *ev)
{
    if (m->started && ev->ticks < m->last_ticks) {
        if (m->index->format.version >= 11)
            return refuse(m, ev, "times are out of order; the clocks of the CPUs differ");
        ev->ticks = m->last_ticks;
        m->n_repaired++;
    }
    m->started = true;
    m->last_ticks = ev->ticks;
    return true;
}

static struct mt_v1_event *merge(struct mt_v1_merge *m)
{
    if (m->given != MT_NO_SLOT)
        refill(m);
    if (!mt_cur_ok(m->in))
        return NULL;
    if (!m->n_heap) {
        if (m->n_waiting)
            mt_fail(m->in->err, MT_ERR_INPUT, m->index->file_offset + m->index->file.size,
                    "events of %u Ps fit no order: a goroutine's sequence has a gap",
                    (unsigned)m->n_waiting);
        return NULL;
    }
    m->given = pop(m);
    struct mt_v1_event *ev = &m->streams[m->given].head;
    ev->number = m->n_merged++;
    return check_time(m, ev) && apply(m, ev) ? ev : NULL;
}

void mt_v1_merge_init(struct mt_v1_merge *m, struct mt_v1_index *index, struct mt_cursor *in,
                      struct mt_arena *arena)
{
    *m = (struct mt_v1_merge){.index = index,
                              .in = in,
                              .gc_blocked = MT_NO_SLOT,
                              .released = MT_NO_SLOT,
                              .given = MT_NO_SLOT};
    struct mt_v1_goroutines *g = &m->goroutines;
    g->arena = g->by_id.arena = g->dead.pages.arena = arena;
    uint32_t none = mt_v1_goroutine_of(g, 0);
    g->items[none].status = MT_V1_RUNNING;
    m->n_streams = index->n_procs + (index->format.version < 7 ? 2 : 1);
    m->streams = MT_NEW_N(arena, struct mt_v1_stream, m->n_streams);
    m->heap = MT_NEW_N(arena, uint32_t, m->n_streams);
    for (uint32_t i = 0; i < m->n_streams; i++) {
        struct mt_v1_stream *s = &m->streams[i];
        s->batch = i < index->n_procs ? index->procs[i].first : MT_NO_SLOT;
        s->head.stream = i;
        s->proc = i < index->n_procs ? (uint64_t)index->procs[i].id : UINT64_MAX;
        s->next_blocked = MT_NO_SLOT;
        if (!next_in_stream(m, i))
            continue;
        if (fits(m, &s->head))
            push(m, i);
        else
            block(m, i);
    }
}

/* ---- syscall exits at their true time ---- */

/* Behind all that has its time, as if it had been put there by a stable sort. */
static bool exit_comes(const struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    if (m->index->format.version < 7 || m->next_exit == m->index->n_exits)
        return false;
    const struct mt_v1_exit *exit = &m->index->exits[m->next_exit];
    if (!ev || exit->key < ev->ticks)
        return true;
    return exit->key == ev->ticks && exit->ticks < exit->key;
}

/* An exit that stands where it was written: its true place has had it, unless clocks that were
 * mended did not let it. */
static bool stays(const struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    if (!ev->moved)
        return true;
    return m->index->format.version < 11 &&
           m->goroutines.items[ev->subject].status == MT_V1_WAITING;
}

struct mt_v1_event *mt_v1_merge_next(struct mt_v1_merge *m)
{
    for (;;) {
        if (!m->pending) {
            m->pending = merge(m);
            if (!mt_cur_ok(m->in))
                return NULL;
        }
        if (exit_comes(m, m->pending)) {
            set_exit(m, &m->exit, m->index->exits[m->next_exit].key);
            return &m->exit;
        }
        struct mt_v1_event *ev = m->pending;
        m->pending = NULL;
        if (!ev)
            return NULL;
        if (stays(m, ev)) {
            return ev;
        }
    }
}

bool mt_v1_merge_blocks(const struct mt_v1_merge *m, const struct mt_v1_event *syscall)
{
    struct mt_v1_stream ahead = m->streams[syscall->stream];
    uint64_t goroutine = syscall->goroutine;
    do {
        enum mt_v1_fault fault;
        if (ahead.goroutine != goroutine || !decode(m->index, &ahead, &fault))
            return false;
    } while (ahead.head.goroutine != goroutine);
    size_t from = m->next_sample ? m->next_sample - 1 : 0;
    for (size_t i = from; i < m->index->n_samples && i < from + SAMPLES_AHEAD; i++) {
        if (m->index->samples[i].ticks >= ahead.head.ticks)
            break;
        if (m->index->samples[i].goroutine == goroutine)
            return false;
    }
    return ahead.head.type == MT_V1_GO_SYS_BLOCK;
}
