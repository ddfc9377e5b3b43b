/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A long trace is read by two threads: one takes generations apart and puts their events in order,
 * block by block; the other, the caller's, resolves strings and stacks and runs the consumers. Only
 * blocks pass between them. Short traces are read by the same steps in turn.
 */
#include "parsers/formats/gotrace/v2.h"

#include "parsers/formats/gotrace/order.h"

#include <pthread.h>

enum {
    RING = 32,
    THREAD_LEAST = 1 << 20 /* bytes of events in a generation that make a second thread worth it */
};

enum step { STEP_READ, STEP_LAST_SYNC, STEP_STOP };

struct v2 {
    struct mt_generation_reader reader;
    struct mt_order order;
    struct mt_generation *g; /* under way */
    enum step step;
    bool complete;
    uint64_t n_generations;
    /* Every block in flight may end one, and one more is under way. */
    struct mt_generation generations[RING + 2];

    struct mt_block *blocks; /* RING of them; the first alone without a thread */
    pthread_mutex_t lock;
    pthread_cond_t filled, freed;
    size_t n_filled;
    bool finished;
    bool stop; /* nobody wants more */
};

/* ---- producing blocks --------------------------------------------------------------------- */

static void end_generation(struct v2 *v, struct mt_block *b)
{
    b->generation_ends = true;
    v->g = NULL;
    if (v->order.broken)
        v->step = STEP_STOP;
}

/* Reads the next generation; the block gets at least a sync unless its events are damaged. */
static void next_generation(struct v2 *v, struct mt_block *b)
{
    struct mt_generation *g = &v->generations[v->n_generations++ % (RING + 2)];
    enum mt_generation_result result = mt_generation_read(&v->reader, g);
    b->generation = g;
    if (result == MT_GENERATION_END || result == MT_GENERATION_BROKEN) {
        mt_order_sync(&v->order, b);
        v->complete = result == MT_GENERATION_END;
        v->step = STEP_STOP;
        b->generation_ends = true;
        return;
    }
    if (result == MT_GENERATION_READ_LAST)
        v->step = STEP_LAST_SYNC;
    v->g = g;
    if (!mt_order_begin(&v->order, g, b))
        end_generation(v, b);
}

/* Fills a block; false: there is nothing left. */
static bool produce(struct v2 *v, struct mt_block *b)
{
    b->n = 0;
    b->generation = v->g;
    b->generation_ends = false;
    if (!v->g) {
        switch (v->step) {
        case STEP_READ:
            next_generation(v, b);
            break;
        case STEP_LAST_SYNC: /* what follows the last generation cannot be read */
            mt_order_sync(&v->order, b);
            v->step = STEP_STOP;
            break;
        case STEP_STOP:
            return false;
        }
    }
    if (v->g && !mt_order_fill(&v->order, b))
        end_generation(v, b);
    return true;
}

/* ---- showing them ------------------------------------------------------------------------- */

static inline uint32_t stable_string(struct mt_trace_feed *feed, struct mt_generation *g,
                                     uint32_t index)
{
    struct mt_gen_string *s = &g->strings[index];
    if (s->stable == UINT32_MAX)
        s->stable = mt_intern(feed->capture->strings, s->text);
    return s->stable;
}

static uint32_t intern_stack(struct mt_trace_feed *feed, struct mt_generation *g,
                             struct mt_gen_stack *s)
{
    uint32_t frames[MT_REC_MOST_FRAMES];
    for (uint32_t i = 0; i < s->n_frames; i++) {
        struct mt_gen_frame *f = &g->frames[g->stack_frames[s->first + i]];
        if (!f->stable)
            f->stable = mt_frame(&feed->stacks, (struct mt_frame){
                                                    .pc = f->pc,
                                                    .line = f->line,
                                                    .function = stable_string(feed, g, f->function),
                                                    .file = stable_string(feed, g, f->file),
                                                });
        frames[i] = f->stable;
    }
    return s->stable = mt_stack(&feed->stacks, frames, s->n_frames);
}

static inline uint32_t stable_stack(struct mt_trace_feed *feed, struct mt_generation *g,
                                    uint32_t index)
{
    struct mt_gen_stack *s = &g->stacks[index];
    return s->stable != UINT32_MAX ? s->stable : intern_stack(feed, g, s);
}

static uint32_t foreign_string(struct mt_trace_feed *feed, struct mt_trace_name *name)
{
    if (name->stable == UINT32_MAX)
        name->stable = mt_intern(feed->capture->strings, name->text);
    return name->stable;
}

/* From indexes of the generation's tables to ids that hold. */
static void resolve(struct mt_trace_feed *feed, struct mt_block *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct mt_event *ev = &b->events[i];
        if (ev->name && !(ev->kind == MT_EV_RANGE_END && ev->what == MT_RANGE_SWEEP))
            ev->name = ev->name == MT_NAME_FOREIGN ? foreign_string(feed, b->foreign[i])
                                                   : stable_string(feed, b->generation, ev->name);
        uint32_t stack = ev->stack;
        if (stack)
            ev->stack = stable_stack(feed, b->generation, stack);
        if (ev->target_stack)
            ev->target_stack = ev->target_stack == stack
                                   ? ev->stack
                                   : stable_stack(feed, b->generation, ev->target_stack);
    }
}

static void show(struct mt_trace_feed *feed, struct mt_block *b)
{
    resolve(feed, b);
    mt_feed_block(feed, b->events, b->n);
    if (b->generation_ends && b->generation)
        mt_generation_clear(b->generation);
}

/* ---- the two threads ---------------------------------------------------------------------- */

/* Both sides go on once half the ring has changed hands, so that they seldom wait for each other.
 */
static void *produce_all(void *data)
{
    struct v2 *v = data;
    for (size_t at = 0;; at = (at + 1) % RING) {
        pthread_mutex_lock(&v->lock);
        if (v->n_filled == RING)
            while (v->n_filled > RING / 2)
                pthread_cond_wait(&v->freed, &v->lock);
        bool stop = v->stop;
        pthread_mutex_unlock(&v->lock);
        bool more = !stop && produce(v, &v->blocks[at]);
        pthread_mutex_lock(&v->lock);
        v->n_filled += more;
        v->finished = !more;
        if (v->n_filled == RING / 2 || v->finished)
            pthread_cond_signal(&v->filled);
        pthread_mutex_unlock(&v->lock);
        if (!more)
            return NULL;
    }
}

static void show_all(struct v2 *v, struct mt_trace_feed *feed)
{
    for (size_t at = 0;; at = (at + 1) % RING) {
        pthread_mutex_lock(&v->lock);
        if (!v->n_filled)
            while (v->n_filled < RING / 2 && !v->finished)
                pthread_cond_wait(&v->filled, &v->lock);
        bool more = v->n_filled > 0;
        pthread_mutex_unlock(&v->lock);
        if (!more)
            return;
        show(feed, &v->blocks[at]);
        pthread_mutex_lock(&v->lock);
        v->stop = feed->stop;
        if (--v->n_filled == RING / 2)
            pthread_cond_signal(&v->freed);
        pthread_mutex_unlock(&v->lock);
    }
}

/* False: there is no thread to be had. */
static bool read_by_two(struct v2 *v, struct mt_trace_feed *feed)
{
    v->blocks = MT_NEW_N(&feed->scratch, struct mt_block, RING);
    pthread_mutex_init(&v->lock, NULL);
    pthread_cond_init(&v->filled, NULL);
    pthread_cond_init(&v->freed, NULL);
    pthread_t producer;
    bool started = pthread_create(&producer, NULL, produce_all, v) == 0;
    if (started) {
        show_all(v, feed);
        pthread_join(producer, NULL);
    }
    pthread_cond_destroy(&v->freed);
    pthread_cond_destroy(&v->filled);
    pthread_mutex_destroy(&v->lock);
    return started;
}

static void read_in_turn(struct v2 *v, struct mt_trace_feed *feed)
{
    struct mt_block *b = MT_NEW(&feed->scratch, struct mt_block);
    bool alone = false;
    while (!feed->stop && produce(v, b)) {
        show(feed, b);
        if (!alone && v->g && v->g->event_bytes >= THREAD_LEAST) {
            if (read_by_two(v, feed))
                return;
            alone = true;
        }
    }
}

/* From where on nothing, or not everything, was shown. */
static struct mt_trace_lost lost_of(const struct v2 *v, const struct mt_cursor *in)
{
    uint64_t end = in->offset + in->rest.size;
    const struct mt_generation *last = &v->generations[(v->n_generations + RING + 1) % (RING + 2)];
    uint64_t from = v->order.broken ? last->first_offset : v->reader.at;
    struct mt_trace_lost lost = {.bytes = end > from ? end - from : 0};
    int64_t until_ns =
        last->has_frequency ? mt_ticks_ns(last->most_time, last->tick_ns) : INT64_MIN;
    if (v->order.started && until_ns > v->order.last_ns)
        lost.time_ns = until_ns - v->order.last_ns;
    return lost;
}

bool mt_gotrace_v2_read(struct mt_cursor *in, unsigned go_minor, struct mt_trace_feed *feed,
                        struct mt_trace_lost *lost)
{
    struct v2 *v = MT_NEW(&feed->scratch, struct v2);
    mt_generation_reader_init(&v->reader, in, go_minor);
    mt_order_init(&v->order, in);
    read_in_turn(v, feed);
    bool complete = (v->complete || feed->stop) && mt_cur_ok(in);
    *lost = complete ? (struct mt_trace_lost){0} : lost_of(v, in);
    mt_order_clear(&v->order);
    mt_generation_reader_clear(&v->reader);
    return complete;
}
