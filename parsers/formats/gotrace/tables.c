/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/generation.h"

#include "parsers/formats/gotrace/record.h"
#include "parsers/formats/gotrace/sort.h"

#include <inttypes.h>

struct tables {
    struct mt_generation *g;
    struct mt_err *err;
    uint64_t offset;
    struct mt_idmap frame_of; /* by PC */
};

static bool bad(const struct tables *t, const char *what, uint64_t number)
{
    return mt_fail(t->err, MT_ERR_INPUT, t->offset, "generation %" PRIu64 ": %s %" PRIu64,
                   t->g->number, what, number);
}

/* Registers an id; false: it is taken, as id 0 always is. */
static bool add_id(struct mt_generation *g, struct mt_ids *ids, uint64_t id, uint32_t index)
{
    if (mt_ids_find(ids, id) != MT_NO_INDEX32)
        return false;
    if (id >= ids->most_dense) {
        mt_idmap_set(&ids->sparse, id, index);
        return true;
    }
    if (id >= ids->n_dense) {
        size_t more = ids->n_dense ? ids->n_dense * 2 : 64;
        while (more <= id)
            more *= 2;
        ids->dense = mt_arena_grow(&g->arena, ids->dense, ids->n_dense, more, sizeof *ids->dense);
        ids->n_dense = more;
    }
    ids->dense[id] = index + 1;
    return true;
}

static void init_ids(struct mt_generation *g, struct mt_ids *ids)
{
    /* The shortest record has 3 bytes, so ids below that bound are dense in any real table. */
    ids->most_dense = (size_t)(g->table_bytes / 3) + 1;
    ids->sparse.arena = &g->arena;
    add_id(g, ids, 0, 0);
}

static bool take(struct mt_span *s, size_t n, uint64_t *numbers)
{
    for (size_t i = 0; i < n; i++)
        if (!mt_span_take_varint(s, &numbers[i]))
            return false;
    return true;
}

static bool add_string(struct tables *t, struct mt_span *s)
{
    struct mt_generation *g = t->g;
    uint64_t n[2];
    if (!take(s, 2, n))
        return bad(t, "a string is cut short in table of strings of bytes", g->table_bytes);
    if (n[1] > MT_REC_MOST_STRING)
        return bad(t, "string is longer than 1024 bytes:", n[1]);
    if (n[1] > s->size)
        return bad(t, "string is cut short, id", n[0]);
    MT_RESERVE(&g->arena, g->strings, g->n_strings, g->cap_strings);
    uint32_t index = (uint32_t)g->n_strings++;
    g->strings[index] =
        (struct mt_gen_string){mt_span_sub(*s, 0, (size_t)n[1]), UINT32_MAX, UINT32_MAX};
    *s = mt_span_from(*s, (size_t)n[1]);
    return add_id(g, &g->string_ids, n[0], index) || bad(t, "two strings have id", n[0]);
}

/* The first description of a PC stands for all. Function and file are ids until all is read. */
static uint32_t frame_at(struct tables *t, const uint64_t n[4])
{
    struct mt_generation *g = t->g;
    uint32_t at = mt_idmap_get(&t->frame_of, n[0]);
    if (at != MT_IDMAP_NONE)
        return at;
    MT_RESERVE(&g->arena, g->frames, g->n_frames, g->cap_frames);
    at = (uint32_t)g->n_frames++;
    g->frames[at] =
        (struct mt_gen_frame){.pc = n[0], .line = n[3], .function_id = n[1], .file_id = n[2]};
    mt_idmap_set(&t->frame_of, n[0], at);
    return at;
}

static bool add_stack(struct tables *t, struct mt_span *s)
{
    struct mt_generation *g = t->g;
    uint64_t n[4];
    if (!take(s, 2, n))
        return bad(t, "a stack is cut short in tables of bytes", g->table_bytes);
    uint64_t id = n[0], n_frames = n[1];
    if (n_frames > MT_REC_MOST_FRAMES)
        return bad(t, "stack is deeper than 128 frames:", n_frames);
    MT_RESERVE(&g->arena, g->stacks, g->n_stacks, g->cap_stacks);
    uint32_t index = (uint32_t)g->n_stacks++;
    g->stacks[index] =
        (struct mt_gen_stack){(uint32_t)g->n_stack_frames, (uint32_t)n_frames, UINT32_MAX};
    for (uint64_t i = 0; i < n_frames; i++) {
        if (!take(s, 4, n))
            return bad(t, "stack is cut short, id", id);
        MT_RESERVE(&g->arena, g->stack_frames, g->n_stack_frames, g->cap_stack_frames);
        g->stack_frames[g->n_stack_frames++] = frame_at(t, n);
    }
    return add_id(g, &g->stack_ids, id, index) || bad(t, "two stacks have id", id);
}

static bool add_sample(struct tables *t, struct mt_span *s)
{
    struct mt_generation *g = t->g;
    uint64_t n[5];
    if (!take(s, 5, n))
        return bad(t, "a CPU sample is cut short behind sample", g->n_samples);
    MT_RESERVE(&g->arena, g->samples, g->n_samples, g->cap_samples);
    g->samples[g->n_samples++] = (struct mt_gen_sample){
        .time_ns = mt_ticks_ns(n[0], g->tick_ns),
        .thread = n[1],
        .proc = n[2],
        .goroutine = n[3],
        .stack = n[4],
    };
    return true;
}

static bool add_table(struct tables *t, struct mt_span s)
{
    static const struct {
        uint8_t batch, record;
        bool (*add)(struct tables *t, struct mt_span *s);
    } kinds[] = {
        {MT_REC_STRINGS, MT_REC_STRING, add_string},
        {MT_REC_STACKS, MT_REC_STACK, add_stack},
        {MT_REC_CPU_SAMPLES, MT_REC_CPU_SAMPLE, add_sample},
    };
    size_t kind = 0;
    while (kinds[kind].batch != s.data[0])
        kind++;
    s = mt_span_from(s, 1);
    while (s.size) {
        uint8_t type = s.data[0];
        s = mt_span_from(s, 1);
        if (type != kinds[kind].record)
            return bad(t, "record of another kind in a table: type", type);
        if (!kinds[kind].add(t, &s))
            return false;
    }
    return true;
}

/* From ids to indexes. */
static bool resolve_frames(struct tables *t)
{
    struct mt_generation *g = t->g;
    for (size_t i = 0; i < g->n_frames; i++) {
        struct mt_gen_frame *f = &g->frames[i];
        f->function = mt_ids_find(&g->string_ids, f->function_id);
        f->file = mt_ids_find(&g->string_ids, f->file_id);
        if (f->function == MT_NO_INDEX32)
            return bad(t, "a frame's function is a string that is not there, id", f->function_id);
        if (f->file == MT_NO_INDEX32)
            return bad(t, "a frame's file is a string that is not there, id", f->file_id);
    }
    return true;
}

static void sort_samples(struct mt_generation *g)
{
    if (g->n_samples < 2)
        return;
    struct mt_timed *order = MT_NEW_N(&g->arena, struct mt_timed, g->n_samples);
    for (size_t i = 0; i < g->n_samples; i++)
        order[i] = (struct mt_timed){g->samples[i].time_ns, (uint32_t)i};
    mt_sort_timed(order, g->n_samples);
    struct mt_gen_sample *sorted = MT_NEW_N(&g->arena, struct mt_gen_sample, g->n_samples);
    for (size_t i = 0; i < g->n_samples; i++)
        sorted[i] = g->samples[order[i].item];
    g->samples = sorted;
}

bool mt_generation_tables(struct mt_generation *g, uint64_t offset, struct mt_err *err)
{
    struct tables t = {.g = g, .err = err, .offset = offset, .frame_of.arena = &g->arena};
    init_ids(g, &g->string_ids);
    init_ids(g, &g->stack_ids);
    MT_RESERVE(&g->arena, g->strings, g->n_strings, g->cap_strings);
    g->strings[g->n_strings++] = (struct mt_gen_string){MT_SPAN(""), 0, UINT32_MAX};
    MT_RESERVE(&g->arena, g->stacks, g->n_stacks, g->cap_stacks);
    g->stacks[g->n_stacks++] = (struct mt_gen_stack){0};
    for (size_t i = 0; i < g->n_tables; i++)
        if (!add_table(&t, g->tables[i]))
            return false;
    if (!resolve_frames(&t))
        return false;
    sort_samples(g);
    return true;
}
