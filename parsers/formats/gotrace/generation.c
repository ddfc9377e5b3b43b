/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/generation.h"

#include "parsers/base/limits.h"
#include "parsers/formats/gotrace/record.h"

#include <inttypes.h>
#include <string.h>

enum { POOL_CHUNK = 1 << 20 };

struct mt_pool_chunk {
    struct mt_pool_chunk *next;
    size_t used;
    unsigned char bytes[POOL_CHUNK];
};

static struct mt_span pool_copy(struct mt_batch_pool *pool, struct mt_span bytes)
{
    struct mt_pool_chunk *c = pool->now;
    if (!c || POOL_CHUNK - c->used < bytes.size) {
        struct mt_pool_chunk *next = c ? c->next : pool->chunks;
        if (!next) {
            next = MT_NEW(&pool->arena, struct mt_pool_chunk);
            if (c)
                c->next = next;
            else
                pool->chunks = next;
        }
        next->used = 0;
        pool->now = c = next;
    }
    unsigned char *copy = c->bytes + c->used;
    memcpy(copy, bytes.data, bytes.size);
    c->used += bytes.size;
    pool->held_bytes += bytes.size;
    return (struct mt_span){copy, bytes.size};
}

static void pool_reset(struct mt_batch_pool *pool)
{
    pool->now = NULL;
    pool->held_bytes = 0;
}

void mt_generation_reader_init(struct mt_generation_reader *r, struct mt_cursor *in,
                               unsigned go_minor)
{
    *r = (struct mt_generation_reader){.in = in, .go_minor = go_minor, .at = in->offset};
}

void mt_generation_reader_clear(struct mt_generation_reader *r)
{
    mt_arena_clear(&r->pool.arena);
}

void mt_generation_clear(struct mt_generation *g)
{
    mt_arena_clear(&g->arena);
}

enum batch_result { BATCH, BATCH_END_OF_GENERATION, BATCH_END_OF_INPUT, BATCH_BAD };

/* The header of a batch and its bytes, which stay where they are until the cursor moves on. */
static enum batch_result read_batch(struct mt_cursor *in, struct mt_spill *b)
{
    if (mt_cur_at_end(in))
        return mt_cur_ok(in) ? BATCH_END_OF_INPUT : BATCH_BAD;
    b->experiment = 0;
    b->generation = 0;
    b->offset = in->offset;
    uint8_t type = mt_cur_u8(in);
    if (type == MT_REC_END_OF_GENERATION)
        return BATCH_END_OF_GENERATION;
    if (type != MT_REC_EVENT_BATCH && type != MT_REC_EXPERIMENTAL_BATCH) {
        mt_fail(in->err, MT_ERR_INPUT, b->offset,
                "record of type %u, a batch of events was expected", type);
        return BATCH_BAD;
    }
    if (type == MT_REC_EXPERIMENTAL_BATCH) {
        if (mt_cur_at_end(in)) /* Go's reader takes this for a clean end */
            return mt_cur_ok(in) ? BATCH_END_OF_INPUT : BATCH_BAD;
        b->experiment = mt_cur_u8(in);
    }
    b->generation = mt_cur_varint(in);
    b->thread = mt_cur_varint(in);
    b->time = mt_cur_varint(in);
    uint64_t size = mt_cur_varint(in);
    if (size > MT_REC_MOST_BATCH_BYTES)
        mt_cur_fail(in, "batch of %" PRIu64 " bytes, at most %d were expected", size,
                    (int)MT_REC_MOST_BATCH_BYTES);
    b->data = mt_cur_bytes(in, size);
    return mt_cur_ok(in) ? BATCH : BATCH_BAD;
}

/* The bytes as long as the generation lives (tables) or until the next one is read (events). */
static struct mt_span keep(struct mt_generation_reader *r, struct mt_generation *g,
                           struct mt_span data, bool table)
{
    if (mt_cur_keeps(r->in))
        return data;
    if (r->pool.held_bytes + g->table_bytes + data.size > mt_limit(MT_LIMIT_INFLATED)) {
        mt_fail(r->in->err, MT_ERR_LIMIT, r->in->offset,
                "a generation goes on past %llu bytes (--limit inflated-bytes)",
                (unsigned long long)mt_limit(MT_LIMIT_INFLATED));
        return (struct mt_span){0};
    }
    if (!table)
        return pool_copy(&r->pool, data);
    return (struct mt_span){(unsigned char *)mt_arena_copy(&g->arena, data.data, data.size),
                            data.size};
}

static struct mt_thread_batches *thread_of(struct mt_generation *g, uint64_t thread)
{
    uint32_t at = mt_idmap_get(&g->thread_of, thread);
    if (at == MT_IDMAP_NONE) {
        MT_RESERVE(&g->arena, g->threads, g->n_threads, g->cap_threads);
        at = (uint32_t)g->n_threads++;
        g->threads[at] = (struct mt_thread_batches){thread, MT_NO_BATCH, MT_NO_BATCH};
        mt_idmap_set(&g->thread_of, thread, at);
    }
    return &g->threads[at];
}

static void add_events(struct mt_generation_reader *r, struct mt_generation *g,
                       const struct mt_spill *b)
{
    struct mt_thread_batches *t = thread_of(g, b->thread);
    if (!b->data.size)
        return;
    uint64_t offset = r->in->offset - b->data.size;
    struct mt_span data = keep(r, g, b->data, false);
    MT_RESERVE(&g->arena, g->batches, g->n_batches, g->cap_batches);
    uint32_t at = (uint32_t)g->n_batches++;
    g->batches[at] =
        (struct mt_batch){data.data, b->time, offset, (uint32_t)data.size, MT_NO_BATCH};
    if (t->first == MT_NO_BATCH)
        t->first = at;
    else
        g->batches[t->last].next = at;
    t->last = at;
    g->event_bytes += data.size;
}

/* The records of a batch that tells the frequency and, from 1.25 on, the clocks. */
static bool read_sync(struct mt_generation_reader *r, struct mt_generation *g,
                      const struct mt_spill *b, bool clocks)
{
    struct mt_span s = clocks ? mt_span_from(b->data, 1) : b->data;
    uint64_t ticks = b->time;
    while (s.size) {
        uint8_t type = s.data[0];
        s = mt_span_from(s, 1);
        uint64_t n[4];
        if (type == MT_REC_FREQUENCY && !g->has_frequency) {
            if (!mt_span_take_varint(&s, &n[0]))
                return mt_cur_fail(r->in, "frequency is cut short");
            g->tick_ns = 1.0 / ((double)n[0] / 1e9);
            g->has_frequency = true;
        } else if (type == MT_REC_CLOCK_SNAPSHOT && clocks && !g->has_clock) {
            for (size_t i = 0; i < 4; i++)
                if (!mt_span_take_varint(&s, &n[i]))
                    return mt_cur_fail(r->in, "clock snapshot is cut short");
            ticks += n[0];
            g->clock_ticks = ticks;
            g->monotonic_ns = n[1];
            g->wall_s = n[2];
            g->wall_ns = n[3];
            g->has_clock = true;
        } else {
            return mt_cur_fail(r->in, "record of type %u in a sync batch, one frequency%s expected",
                               type, clocks ? " and one clock snapshot were" : " was");
        }
    }
    return true;
}

static bool add_batch(struct mt_generation_reader *r, struct mt_generation *g,
                      const struct mt_spill *b)
{
    uint8_t first = b->data.size ? b->data.data[0] : 0;
    bool clocks = r->go_minor >= 25;
    if (b->experiment) {
        g->exp_batches += b->experiment == 1;
        g->exp_bytes += b->experiment == 1 ? b->data.size : 0;
        return true;
    }
    if (first == MT_REC_STRINGS || first == MT_REC_STACKS || first == MT_REC_CPU_SAMPLES) {
        MT_RESERVE(&g->arena, g->tables, g->n_tables, g->cap_tables);
        g->tables[g->n_tables++] = keep(r, g, b->data, true);
        g->table_bytes += b->data.size;
    } else if (first == (clocks ? MT_REC_SYNC : MT_REC_FREQUENCY)) {
        return read_sync(r, g, b, clocks);
    } else {
        add_events(r, g, b);
    }
    return mt_cur_ok(r->in);
}

/* Adds a batch that is known to belong here. */
static bool take_batch(struct mt_generation_reader *r, struct mt_generation *g,
                       const struct mt_spill *b)
{
    if (!g->least_time || b->time < g->least_time)
        g->least_time = b->time;
    if (b->time > g->most_time)
        g->most_time = b->time;
    if (!add_batch(r, g, b))
        return false;
    mt_cur_release(r->in);
    return true;
}

/* What must be there besides batches. A damage behind the generation may have been reported
 * already, so this keeps an error of its own. */
static enum mt_generation_result finish(struct mt_generation_reader *r, struct mt_generation *g)
{
    uint64_t end = r->has_spill ? r->spill.offset : r->in->offset;
    struct mt_err err = {0};
    if (!g->has_frequency)
        mt_fail(&err, MT_ERR_INPUT, end, "generation %" PRIu64 " ends here without its frequency",
                g->number);
    if (r->go_minor >= 25 && !g->has_clock)
        mt_fail(&err, MT_ERR_INPUT, end,
                "generation %" PRIu64 " ends here without a clock snapshot", g->number);
    if (err.code != MT_ERR_OK || !mt_generation_tables(g, end, &err)) {
        mt_fail(r->in->err, err.code, err.offset, "%s", err.what);
        return MT_GENERATION_BROKEN;
    }
    r->started = true;
    r->at = end;
    return mt_cur_ok(r->in) ? MT_GENERATION_READ : MT_GENERATION_READ_LAST;
}

static enum mt_generation_result broken(struct mt_generation_reader *r, uint64_t offset,
                                        const char *what, const struct mt_generation *g,
                                        uint64_t found)
{
    mt_fail(r->in->err, MT_ERR_INPUT, offset, "%s: batch of generation %" PRIu64 " in %" PRIu64,
            what, found, g->number);
    return MT_GENERATION_BROKEN;
}

/* Copies what the spilled batch holds, as the cursor goes on before it is used. */
static void spill(struct mt_generation_reader *r, const struct mt_spill *b)
{
    r->spill = *b;
    r->has_spill = true;
    if (mt_cur_keeps(r->in) || !b->data.size)
        return;
    if (!r->spill_bytes)
        r->spill_bytes = MT_NEW_N(&r->pool.arena, unsigned char, MT_REC_MOST_BATCH_BYTES);
    memcpy(r->spill_bytes, b->data.data, b->data.size);
    r->spill.data.data = r->spill_bytes;
}

static void start(struct mt_generation *g, const struct mt_spill *b)
{
    g->number = b->generation;
    g->first_offset = b->offset;
}

/* Before 1.26 a generation ends where the next one begins. */
static enum mt_generation_result read_to_next(struct mt_generation_reader *r,
                                              struct mt_generation *g)
{
    if (r->has_spill) {
        r->has_spill = false;
        start(g, &r->spill);
        if (!take_batch(r, g, &r->spill))
            return MT_GENERATION_BROKEN;
    } else if (r->started) {
        return MT_GENERATION_END;
    }
    for (;;) {
        struct mt_spill b;
        enum batch_result result = read_batch(r->in, &b);
        if (result == BATCH_END_OF_INPUT || (result == BATCH_BAD && g->number))
            return finish(r, g);
        if (result == BATCH_BAD)
            return MT_GENERATION_BROKEN;
        if (!b.generation)
            return broken(r, b.offset, "number 0 was not expected", g, 0);
        if (!g->number)
            start(g, &b);
        if (b.generation == g->number + 1) {
            spill(r, &b);
            return finish(r, g);
        }
        if (b.generation != g->number)
            return broken(r, b.offset, "generations out of order", g, b.generation);
        if (!take_batch(r, g, &b))
            return MT_GENERATION_BROKEN;
    }
}

/* From 1.26 on a record of its own ends it. */
static enum mt_generation_result read_to_mark(struct mt_generation_reader *r,
                                              struct mt_generation *g)
{
    for (;;) {
        struct mt_spill b;
        enum batch_result result = read_batch(r->in, &b);
        if (result == BATCH_END_OF_INPUT && !g->n_threads)
            return MT_GENERATION_END;
        if (result == BATCH_END_OF_INPUT)
            mt_cur_fail(r->in, "input ends here, the end of generation %" PRIu64 " was expected",
                        g->number);
        if (result == BATCH_END_OF_INPUT || result == BATCH_BAD)
            return MT_GENERATION_BROKEN;
        if (result == BATCH_END_OF_GENERATION)
            return finish(r, g);
        if (!b.generation)
            return broken(r, b.offset, "number 0 was not expected", g, 0);
        if (!g->number)
            start(g, &b);
        if (b.generation != g->number)
            return broken(r, b.offset, "generations are mixed", g, b.generation);
        if (!take_batch(r, g, &b))
            return MT_GENERATION_BROKEN;
    }
}

enum mt_generation_result mt_generation_read(struct mt_generation_reader *r,
                                             struct mt_generation *g)
{
    *g = (struct mt_generation){0};
    g->thread_of.arena = &g->arena;
    pool_reset(&r->pool);
    return r->go_minor < 26 ? read_to_next(r, g) : read_to_mark(r, g);
}
