/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_merge.h"

/* A sample of a syscall's goroutine is not looked for further ahead. Where records are missing, a
 * file of nothing but Ps must not take for ever. */
enum { SAMPLES_AHEAD = 4096, DROP_EVENTS = 1 << 18, STEPS_MOST = 1 << 26 };

bool mt_v1_refuse(struct mt_v1_merge *m, const struct mt_v1_event *ev, const char *what)
{
    size_t at = m->index->file.size;
    if (ev->stream < m->index->n_procs)
        at = (size_t)(m->streams[ev->stream].at - m->index->file.data);
    return mt_fail(m->in->err, MT_ERR_INPUT, m->index->file_offset + at,
                   "%s, goroutine %llu, P %lld: %s", mt_v1_type_words(ev->type),
                   (unsigned long long)ev->goroutine, (long long)ev->proc, what);
}

/* ---- the next event of each stream -------------------------------------------------------- */

/* The index of the goroutine a P runs is kept with it, so most events need no look-up. */
static void find_goroutines(struct mt_v1_merge *m, struct mt_v1_stream *s)
{
    struct mt_v1_event *ev = &s->head;
    const struct mt_v1_rule *rule = &mt_v1_rules[ev->type];
    ev->context = s->goroutine_index;
    ev->subject = MT_NO_SLOT;
    switch (rule->effect) {
    case MT_V1_STARTS:
        s->goroutine_index = ev->context = mt_v1_goroutine_of(&m->goroutines, ev->goroutine);
        break;
    case MT_V1_STOPS:
        s->goroutine_index = 0;
        break;
    case MT_V1_NAMES:
        ev->context = mt_v1_goroutine_of(&m->goroutines, ev->goroutine);
        break;
    default:
        break;
    }
    if (rule->whose == MT_V1_OWN)
        ev->subject = ev->context;
    else if (rule->whose == MT_V1_OTHER)
        ev->subject = mt_v1_goroutine_of(&m->goroutines, ev->args[0]);
}

static bool next_of_proc(struct mt_v1_merge *m, struct mt_v1_stream *s)
{
    enum mt_v1_fault fault = MT_V1_FINE;
    if (mt_v1_stream_next(m->index, s, &fault)) {
        find_goroutines(m, s);
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

static bool next_exit(struct mt_v1_merge *m, struct mt_v1_stream *s)
{
    if (m->next_exit == m->index->n_exits)
        return false;
    s->key = m->index->exits[m->next_exit].key;
    set_exit(m, &s->head, m->index->exits[m->next_exit].ticks);
    return true;
}

static bool next_in_stream(struct mt_v1_merge *m, uint32_t stream)
{
    struct mt_v1_stream *s = &m->streams[stream];
    if (stream < m->index->n_procs)
        return next_of_proc(m, s);
    return stream == m->index->n_procs ? next_sample(m, s) : next_exit(m, s);
}

/* ---- which may come ----------------------------------------------------------------------- */

static bool fits(const struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    const struct mt_v1_rule *rule = &mt_v1_rules[ev->type];
    if (rule->whose == MT_V1_FREE || m->by_number)
        return true;
    if (rule->whose == MT_V1_COLLECTOR)
        return ev->args[0] == m->gc_seq;
    if (ev->subject == MT_NO_SLOT)
        return false;
    const struct mt_v1_goroutine *g = &m->goroutines.items[ev->subject];
    uint64_t id = rule->whose == MT_V1_OWN ? ev->goroutine : ev->args[0];
    if (g->order != rule->from || g->id != id) /* it may have ended since it was looked up */
        return false;
    switch (rule->number) {
    case MT_V1_NUMBER_0:
    case MT_V1_NUMBER_1:
        return g->seq == (rule->number == MT_V1_NUMBER_1);
    case MT_V1_NUMBERED:
        return ev->args[1] == UINT64_MAX || ev->args[1] == g->seq;
    default:
        return true;
    }
}

/* Which of equal times comes first is a matter of the shape of this heap: what has waited longer
 * stays in front, mostly. It is the shape that Go's tools have, so that lists of events agree. */
static void push(struct mt_v1_merge *m, uint32_t stream)
{
    int64_t key = m->streams[stream].key;
    uint32_t at = m->n_heap++;
    while (at && key < m->heap[(at - 1) / 2].key) {
        m->heap[at] = m->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    m->heap[at] = (struct mt_v1_candidate){key, stream};
}

static uint32_t pop(struct mt_v1_merge *m)
{
    uint32_t top = m->heap[0].stream, at = 0;
    struct mt_v1_candidate moving = m->heap[--m->n_heap];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= m->n_heap)
            break;
        if (child + 1 < m->n_heap && m->heap[child + 1].key < m->heap[child].key)
            child++;
        if (m->heap[child].key >= moving.key)
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
    if (mt_v1_rules[ev->type].whose == MT_V1_COLLECTOR)
        return &m->gc_blocked;
    return ev->subject == MT_NO_SLOT ? NULL : &m->goroutines.items[ev->subject].blocked;
}

static void block(struct mt_v1_merge *m, uint32_t stream)
{
    uint32_t *queue = queue_of(m, &m->streams[stream].head);
    m->n_waiting++;
    m->streams[stream].waits = true;
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
    m->streams[stream].waits = false;
    push(m, stream);
}

/* ---- where records are missing ------------------------------------------------------------ */

static uint32_t earliest_waiting(struct mt_v1_merge *m)
{
    uint32_t found = MT_NO_SLOT;
    m->n_steps += m->n_streams;
    for (uint32_t i = 0; i < m->n_streams; i++)
        if (m->streams[i].waits &&
            (found == MT_NO_SLOT || m->streams[i].key < m->streams[found].key))
            found = i;
    return found;
}

static void leave_queue(struct mt_v1_merge *m, uint32_t stream)
{
    uint32_t *link = queue_of(m, &m->streams[stream].head);
    for (; link && *link != MT_NO_SLOT && *link != stream; m->n_steps++)
        link = &m->streams[*link].next_blocked;
    if (link && *link == stream)
        *link = m->streams[stream].next_blocked;
}

/* As if what the event waits for had been written. */
static void make_fit(struct mt_v1_merge *m, struct mt_v1_stream *s)
{
    struct mt_v1_event *ev = &s->head;
    const struct mt_v1_rule *rule = &mt_v1_rules[ev->type];
    if (rule->whose == MT_V1_COLLECTOR) {
        m->gc_seq = ev->args[0];
        return;
    }
    uint64_t id = rule->whose == MT_V1_OWN ? ev->goroutine : ev->args[0];
    ev->subject = mt_v1_goroutine_of(&m->goroutines, id);
    if (rule->whose == MT_V1_OWN)
        ev->context = ev->subject;
    if (rule->effect == MT_V1_STARTS)
        s->goroutine_index = ev->subject;
    if (ev->subject == MT_NO_SLOT)
        return;
    struct mt_v1_goroutine *g = &m->goroutines.items[ev->subject];
    g->order = rule->from;
    if (rule->number == MT_V1_NUMBERED && ev->args[1] != UINT64_MAX)
        g->seq = ev->args[1];
    else if (rule->number != MT_V1_NUMBERED && rule->number != MT_V1_NO_NUMBER)
        g->seq = rule->number == MT_V1_NUMBER_1;
}

/* Nothing fits: the earliest that waits comes, or goes when its goroutine has ended long ago. */
static void force(struct mt_v1_merge *m)
{
    uint32_t stream = earliest_waiting(m);
    struct mt_v1_stream *s = &m->streams[stream];
    leave_queue(m, stream);
    m->n_waiting--;
    s->waits = false;
    make_fit(m, s);
    while (!fits(m, &s->head)) {
        if (!next_in_stream(m, stream))
            return;
        if (!fits(m, &s->head)) {
            block(m, stream);
            return;
        }
    }
    push(m, stream);
}

/* ---- the order ---------------------------------------------------------------------------- */

/* The next event of the stream that gave the last one, and those that waited for that. True when
 * the stream is the one to give again, without becoming a candidate first. */
static bool refill(struct mt_v1_merge *m)
{
    uint32_t stream = m->given;
    struct mt_v1_stream *s = &m->streams[stream];
    bool more = true;
    if (m->released != MT_NO_SLOT) {
        push_released(m);
        more = false;
    }
    if (!next_in_stream(m, stream)) {
        m->given = MT_NO_SLOT;
    } else if (!fits(m, &s->head)) {
        block(m, stream);
    } else if (more && m->n_heap <= 2 && (!m->n_heap || s->key < m->heap[0].key)) {
        return true; /* with more candidates, coming and going may turn equal ones round */
    } else {
        push(m, stream);
    }
    while (m->released != MT_NO_SLOT)
        push_released(m);
    return false;
}

/* ---- what an event does to the order ------------------------------------------------------ */

static bool check_syscall(struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    struct mt_v1_goroutine *g = &m->goroutines.items[ev->subject];
    if (ev->type != MT_V1_GO_SYS_EXIT) {
        g->sys_block_ticks = ev->ticks;
        return true;
    }
    if (!ev->args[2] || m->lenient || m->index->format.version < 11)
        return true;
    if (!g->sys_block_ticks)
        return mt_v1_refuse(m, ev, "it was in no syscall");
    if ((int64_t)ev->args[2] < g->sys_block_ticks)
        return mt_v1_refuse(m, ev, "ends before the syscall blocks; the CPUs' clocks differ");
    return true;
}

static bool apply(struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    const struct mt_v1_rule *rule = &mt_v1_rules[ev->type];
    if (rule->whose == MT_V1_FREE || m->by_number)
        return true;
    if (rule->whose == MT_V1_COLLECTOR) {
        m->gc_seq++;
        release(m, &m->gc_blocked);
        return true;
    }
    struct mt_v1_goroutine *g = &m->goroutines.items[ev->subject];
    g->order = rule->to;
    if (rule->number != MT_V1_NO_NUMBER)
        g->seq++;
    if (g->blocked != MT_NO_SLOT)
        release(m, &g->blocked);
    bool syscall = ev->type == MT_V1_GO_SYS_EXIT || ev->type == MT_V1_GO_SYS_BLOCK ||
                   ev->type == MT_V1_GO_IN_SYSCALL;
    return !syscall || check_syscall(m, ev);
}

/* Times may not go back. Before 1.11 they are mended: that version's traces are of machines whose
 * clocks did. So are they where records are missing: what waited for them in vain comes late. */
static bool mend_time(struct mt_v1_merge *m, struct mt_v1_event *ev)
{
    if (m->index->format.version >= 11 && !m->lenient)
        return mt_v1_refuse(m, ev, "times are out of order; the CPUs' clocks differ");
    ev->ticks = m->last_ticks;
    m->n_repaired++;
    return true;
}

/* What all streams have behind them is not needed any more. */
static void drop(struct mt_v1_merge *m)
{
    const struct mt_v1_index *x = m->index;
    size_t lowest = x->file.size;
    for (uint32_t i = 0; i < x->n_procs; i++) {
        const struct mt_v1_stream *s = &m->streams[i];
        size_t at = s->at != s->end          ? (size_t)(s->at - x->file.data)
                    : s->batch != MT_NO_SLOT ? x->batches[s->batch].at
                                             : lowest;
        lowest = at < lowest ? at : lowest;
    }
    mt_v1_index_drop(x, m->in, &m->dropped, lowest);
}

/* Chooses the stream that gives next; *again: it does so once more, which fits. */
static bool choose(struct mt_v1_merge *m, bool *again)
{
    *again = m->given != MT_NO_SLOT && refill(m);
    while (!*again) {
        if (!mt_cur_ok(m->in))
            return false;
        while (m->lenient && !m->n_heap && m->n_waiting && m->n_steps < STEPS_MOST)
            force(m);
        if (!m->n_heap) {
            m->given = MT_NO_SLOT;
            if (m->n_waiting)
                mt_fail(m->in->err, MT_ERR_INPUT, m->index->file_offset + m->index->file.size,
                        "events of %u Ps fit no order: a goroutine's sequence has a gap",
                        (unsigned)m->n_waiting);
            return false;
        }
        m->given = pop(m);
        if (!m->lenient || fits(m, &m->streams[m->given].head))
            return true;
        block(m, m->given); /* the one before moved its goroutine */
    }
    return true;
}

static struct mt_v1_event *merge(struct mt_v1_merge *m)
{
    bool again;
    if (!choose(m, &again))
        return NULL;
    struct mt_v1_event *ev = &m->streams[m->given].head;
    ev->number = m->n_merged++;
    if (m->n_merged % DROP_EVENTS == 0)
        drop(m);
    if (ev->ticks < m->last_ticks && !mend_time(m, ev))
        return NULL;
    m->last_ticks = ev->ticks;
    if (!again && !fits(m, ev)) {
        mt_v1_refuse(m, ev, "two Ps move the goroutine at once");
        return NULL;
    }
    return apply(m, ev) ? ev : NULL;
}

void mt_v1_merge_init(struct mt_v1_merge *m, struct mt_v1_index *index, struct mt_cursor *in,
                      struct mt_arena *arena)
{
    *m = (struct mt_v1_merge){.index = index,
                              .in = in,
                              .gc_blocked = MT_NO_SLOT,
                              .released = MT_NO_SLOT,
                              .given = MT_NO_SLOT,
                              .by_number = index->format.lead == 2,
                              .last_ticks = INT64_MIN};
    m->n_moved = m->by_number ? 0 : index->n_exits;
    mt_v1_goroutines_init(&m->goroutines, arena);
    m->n_streams = index->n_procs + (m->by_number ? 2 : 1);
    m->streams = MT_NEW_N(arena, struct mt_v1_stream, m->n_streams);
    m->heap = MT_NEW_N(arena, struct mt_v1_candidate, m->n_streams);
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

/* ---- syscall exits at their true time ----------------------------------------------------- */

/* Behind all that has its time, as if it had been put there by a stable sort. */
static bool exit_comes(const struct mt_v1_merge *m, const struct mt_v1_event *ev)
{
    if (m->next_exit >= m->n_moved)
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
    return m->index->format.version < 11 &&
           m->goroutines.items[ev->subject].status == MT_V1_WAITING;
}

struct mt_v1_event *mt_v1_merge_next(struct mt_v1_merge *m)
{
    for (;;) {
        struct mt_v1_event *ev = m->pending;
        if (!ev) {
            ev = merge(m);
            if (!ev && !mt_cur_ok(m->in))
                return NULL;
        }
        if (exit_comes(m, ev)) {
            m->pending = ev;
            set_exit(m, &m->exit, m->index->exits[m->next_exit].key);
            return &m->exit;
        }
        m->pending = NULL;
        if (!ev || !ev->moved || stays(m, ev))
            return ev;
    }
}

bool mt_v1_merge_blocks(const struct mt_v1_merge *m, const struct mt_v1_event *syscall)
{
    struct mt_v1_stream ahead = m->streams[syscall->stream];
    uint64_t goroutine = syscall->goroutine;
    do {
        enum mt_v1_fault fault;
        if (ahead.goroutine != goroutine || !mt_v1_stream_next(m->index, &ahead, &fault))
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

uint64_t mt_v1_merge_left_bytes(const struct mt_v1_merge *m)
{
    const struct mt_v1_index *x = m->index;
    uint64_t left = x->file.size - x->whole;
    for (uint32_t i = 0; i < x->n_procs; i++) {
        left += (uint64_t)(m->streams[i].end - m->streams[i].at);
        for (uint32_t b = m->streams[i].batch; b != MT_NO_SLOT; b = x->batches[b].next)
            left += x->batches[b].end - x->batches[b].at;
    }
    return left;
}
