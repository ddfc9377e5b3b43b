/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/v1_index.h"

#include <stdlib.h>

enum { FRAME_MOST = 1000, DROP_STEP = 4 << 20 };

bool mt_v1_index_fail(const struct mt_v1_index *x, struct mt_cursor *in, const unsigned char *at,
                      enum mt_v1_fault fault)
{
    size_t offset = (size_t)(at - x->file.data);
    return mt_fail(in->err, MT_ERR_INPUT, x->file_offset + offset, "%s record: %s",
                   mt_v1_type_words(*at & 63u), mt_v1_fault_words(fault));
}

void mt_v1_index_drop(const struct mt_v1_index *x, const struct mt_cursor *in, size_t *dropped,
                      size_t to)
{
    if (to < *dropped + DROP_STEP)
        return;
    struct mt_cursor there = *in;
    there.rest = mt_span_from(x->file, to);
    mt_cur_drop(&there);
    *dropped = to;
}

static bool refuse(const struct mt_v1_index *x, struct mt_cursor *in, const unsigned char *at,
                   const char *what)
{
    size_t offset = (size_t)(at - x->file.data);
    return mt_fail(in->err, MT_ERR_INPUT, x->file_offset + offset, "%s", what);
}

uint32_t mt_v1_string(const struct mt_v1_index *x, uint64_t id)
{
    uint32_t index = mt_idmap_get(&x->strings, id);
    return index == MT_IDMAP_NONE ? 0 : x->string_ids[index];
}

uint32_t mt_v1_stack_far(const struct mt_v1_index *x, uint64_t id)
{
    uint32_t index = mt_idmap_get(&x->stacks, (uint32_t)id);
    return index == MT_IDMAP_NONE ? 0 : x->stack_ids[index];
}

/* Where the walk stands: the batch and what its records count from. */
struct walk {
    struct mt_v1_index *x;
    struct mt_cursor *in;
    struct mt_trace_feed *feed;
    const unsigned char *at; /* of the record */
    bool in_batch;
    int64_t ticks;
    bool plain[64];
    size_t dropped;
};

static struct mt_v1_proc *proc_of(struct mt_v1_index *x, uint64_t id)
{
    uint32_t slot = mt_idmap_get(&x->proc_of, id);
    if (slot == MT_IDMAP_NONE) {
        MT_RESERVE(x->arena, x->procs, x->n_procs, x->cap_procs);
        slot = x->n_procs++;
        x->procs[slot] = (struct mt_v1_proc){(int64_t)id, MT_NO_SLOT, MT_NO_SLOT};
        mt_idmap_set(&x->proc_of, id, slot);
    }
    return &x->procs[slot];
}

static bool begin_batch(struct walk *w, const struct mt_v1_record *r, const unsigned char *next)
{
    struct mt_v1_index *x = w->x;
    if (r->args[0] != UINT64_MAX && r->args[0] > INT32_MAX)
        return refuse(x, w->in, w->at, "number of a P does not fit in 31 bit");
    MT_RESERVE(x->arena, x->batches, x->n_batches, x->cap_batches);
    uint32_t index = (uint32_t)x->n_batches++;
    struct mt_v1_batch *b = &x->batches[index];
    *b = (struct mt_v1_batch){.at = (size_t)(next - x->file.data), .next = MT_NO_SLOT};
    b->number = x->format.lead == 2 ? r->args[1] : 0;
    b->ticks = (int64_t)r->args[r->n_args - 1];
    struct mt_v1_proc *p = proc_of(x, r->args[0]);
    if (p->first == MT_NO_SLOT)
        p->first = index;
    else
        x->batches[p->last].next = index;
    p->last = index;
    w->in_batch = true;
    w->ticks = b->ticks;
    return true;
}

static bool add_string(struct walk *w, const struct mt_v1_record *r)
{
    struct mt_v1_index *x = w->x;
    if (!w->in_batch) /* belongs to no batch, so nobody ever reads it */
        return true;
    if (mt_idmap_get(&x->strings, r->args[0]) != MT_IDMAP_NONE)
        return refuse(x, w->in, w->at, "two strings with the same number");
    MT_RESERVE(x->arena, x->string_ids, x->n_strings, x->cap_strings);
    mt_idmap_set(&x->strings, r->args[0], (uint32_t)x->n_strings);
    x->string_ids[x->n_strings++] = mt_intern(w->feed->capture->strings, r->body);
    return true;
}

static void add_stack(struct mt_v1_index *x, const struct mt_v1_record *r)
{
    uint32_t id = (uint32_t)r->args[0];
    if (!id || !r->args[1])
        return;
    if (x->n_stacks == x->cap_stacks) {
        size_t more = x->cap_stacks ? x->cap_stacks * 2 : 256;
        x->stack_at = mt_arena_grow(x->arena, x->stack_at, x->n_stacks, more, sizeof(size_t));
        x->stack_sizes =
            mt_arena_grow(x->arena, x->stack_sizes, x->n_stacks, more, sizeof(uint32_t));
        x->cap_stacks = more;
    }
    mt_idmap_set(&x->stacks, id, (uint32_t)x->n_stacks); /* the last one counts */
    x->stack_at[x->n_stacks] = (size_t)(r->body.data - x->file.data);
    x->stack_sizes[x->n_stacks++] = (uint32_t)r->args[1];
}

static void add_sample(struct mt_v1_index *x, const struct mt_v1_record *r)
{
    MT_RESERVE(x->arena, x->samples, x->n_samples, x->cap_samples);
    x->samples[x->n_samples] = (struct mt_v1_sample){.ticks = (int64_t)r->args[1],
                                                     .proc = (int32_t)(uint32_t)r->args[2],
                                                     .goroutine = r->args[3],
                                                     .stack = (uint32_t)r->args[4],
                                                     .order = (uint32_t)x->n_samples};
    x->n_samples++;
}

static void add_exit(struct walk *w, const struct mt_v1_record *r)
{
    struct mt_v1_index *x = w->x;
    const uint64_t *own = r->args + x->format.lead;
    struct mt_v1_exit exit = {.goroutine = own[0], .ticks = w->ticks};
    int64_t truly = (int64_t)own[r->type == MT_V1_GO_SYS_EXIT ? 2 : 1];
    if (x->format.version < 7) {
        exit.key = (int64_t)own[1];
        if (truly)
            exit.ticks = truly;
    } else if (truly && truly != w->ticks) {
        exit.key = truly;
    } else {
        return;
    }
    MT_RESERVE(x->arena, x->exits, x->n_exits, x->cap_exits);
    x->exits[x->n_exits++] = exit;
}

static bool note(struct walk *w, const struct mt_v1_record *r, const unsigned char *next)
{
    struct mt_v1_index *x = w->x;
    if (r->type == MT_V1_BATCH)
        return begin_batch(w, r, next);
    if (r->type == MT_V1_STRING)
        return add_string(w, r);
    if (!w->in_batch)
        return refuse(x, w->in, w->at, "a record before the first batch");
    switch (r->type) {
    case MT_V1_FREQUENCY:
        if ((int64_t)r->args[0] <= 0)
            return refuse(x, w->in, w->at,
                          "frequency is not above 0: the clocks of the CPUs differ");
        x->ticks_per_second = r->args[0];
        return true;
    case MT_V1_TIMER_GOROUTINE:
        mt_idmap_set(&x->timers, r->args[0], 0);
        return true;
    case MT_V1_STACK:
        add_stack(x, r);
        return true;
    case MT_V1_CPU_SAMPLE:
        add_sample(x, r);
        return true;
    default:
        w->ticks = (int64_t)((uint64_t)w->ticks + r->args[x->format.lead - 1]);
        if (r->type == MT_V1_GO_SYS_EXIT || r->type == MT_V1_GO_SYS_EXIT_LOCAL)
            add_exit(w, r);
        return true;
    }
}

/* Whether the index has to look at records of a type, rather than at their time. */
static bool is_plain(unsigned type)
{
    switch (type) {
    case MT_V1_BATCH:
    case MT_V1_FREQUENCY:
    case MT_V1_STACK:
    case MT_V1_GO_SYS_EXIT:
    case MT_V1_TIMER_GOROUTINE:
    case MT_V1_STRING:
    case MT_V1_GO_SYS_EXIT_LOCAL:
    case MT_V1_LOG:
    case MT_V1_CPU_SAMPLE:
        return false;
    default:
        return true;
    }
}

/* Behind n numbers; MT_VARINT_MOST bytes are there for each. */
static const unsigned char *skip_numbers(const unsigned char *at, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const unsigned char *last = at + MT_VARINT_MOST - 1;
        while (*at >= 0x80 && at < last)
            at++;
        if (*at++ >= 0x80)
            return NULL;
    }
    return at;
}

/* Passes over a record of which only the time matters; the second pass looks at the rest. NULL: it
 * is none of these, or at fault. */
static const unsigned char *pass_over(struct walk *w, const unsigned char *at,
                                      const unsigned char *end)
{
    const struct mt_v1_format *f = &w->x->format;
    unsigned type = *at & 63, n = (*at >> 6) + f->inline_more;
    bool measured = *at >> 6 == 3;
    if (!w->plain[type] || (!measured && n != f->shape[type].n_inline))
        return NULL;
    const unsigned char *next = NULL;
    at++;
    if (measured) {
        uint64_t size;
        at = mt_varint_within(at, &size);
        if (!at || size > f->record_bytes_most || size > (uint64_t)(end - at))
            return NULL;
        next = at + size;
    }
    uint64_t number = 0;
    for (unsigned i = 0; i < f->lead && at; i++)
        at = next ? mt_varint(at, next, &number) : mt_varint_within(at, &number);
    if (at && !next)
        next = skip_numbers(at, n - f->lead);
    if (at && next)
        w->ticks = (int64_t)((uint64_t)w->ticks + number);
    return at ? next : NULL;
}

static bool walk_records(struct walk *w)
{
    struct mt_v1_index *x = w->x;
    const unsigned char *end = x->file.data + x->file.size;
    while (w->at < end) {
        const unsigned char *next = NULL;
        if (w->in_batch && end - w->at > MT_V1_INLINE_MOST)
            next = pass_over(w, w->at, end);
        if (next) {
            w->at = next;
            continue;
        }
        struct mt_v1_record r;
        enum mt_v1_fault fault;
        next = mt_v1_record_take(w->at, end, &x->format, &r, &fault);
        if (!next)
            return mt_v1_index_fail(x, w->in, w->at, fault);
        if (r.type == MT_V1_BATCH && x->n_batches)
            x->batches[x->n_batches - 1].end = (size_t)(w->at - x->file.data);
        if (!note(w, &r, next))
            return false;
        if (r.type == MT_V1_BATCH)
            mt_v1_index_drop(x, w->in, &w->dropped, (size_t)(w->at - x->file.data));
        w->at = next;
    }
    return true;
}

/* Name of a frame of which the file has only the address (before 1.7). */
static uint32_t address_name(struct mt_trace_feed *feed, uint64_t pc)
{
    char text[19] = "0x";
    size_t n = 2;
    for (int shift = 60; shift >= 0; shift -= 4) {
        unsigned digit = pc >> shift & 15;
        if (digit || n > 2 || !shift)
            text[n++] = "0123456789abcdef"[digit];
    }
    return mt_intern(feed->capture->strings, (struct mt_span){(unsigned char *)text, n});
}

uint32_t mt_v1_address_stack(struct mt_trace_feed *feed, uint64_t pc)
{
    uint32_t frame =
        mt_frame(&feed->stacks, (struct mt_frame){.pc = pc, .function = address_name(feed, pc)});
    return mt_stack(&feed->stacks, &frame, 1);
}

/* The frame described at `at`. From 1.11 on the first description of an address holds for all. */
static uint32_t take_frame(struct mt_v1_index *x, struct mt_trace_feed *feed,
                           struct mt_idmap *known, const unsigned char **at)
{
    const unsigned char *end = x->file.data + x->file.size;
    uint64_t number[4] = {0};
    for (unsigned i = 0; i < (x->format.version < 7 ? 1 : 4); i++)
        *at = mt_varint(*at, end, &number[i]);
    struct mt_frame frame = {.pc = number[0]};
    if (x->format.version < 7) {
        frame.function = address_name(feed, frame.pc);
        return mt_frame(&feed->stacks, frame);
    }
    uint32_t first = x->format.version < 11 ? MT_IDMAP_NONE : mt_idmap_get(known, frame.pc);
    if (first != MT_IDMAP_NONE)
        return first;
    frame.function = mt_v1_string(x, number[1]);
    frame.file = mt_v1_string(x, number[2]);
    frame.line = number[3];
    uint32_t id = mt_frame(&feed->stacks, frame);
    if (x->format.version >= 11)
        mt_idmap_set(known, frame.pc, id);
    return id;
}

static void resolve_stacks(struct mt_v1_index *x, struct mt_trace_feed *feed)
{
    struct mt_arena scratch = {0};
    struct mt_idmap known = {.arena = &scratch};
    uint32_t *frames = MT_NEW_N(&scratch, uint32_t, FRAME_MOST);
    x->stack_ids = MT_NEW_N(x->arena, uint32_t, x->n_stacks);
    for (size_t i = 0; i < x->n_stacks; i++) {
        const unsigned char *at = x->file.data + x->stack_at[i];
        for (uint32_t n = 0; n < x->stack_sizes[i]; n++)
            frames[n] = take_frame(x, feed, &known, &at);
        x->stack_ids[i] = mt_stack(&feed->stacks, frames, x->stack_sizes[i]);
    }
    mt_arena_clear(&scratch);
    x->near_stacks = MT_NEW_N(x->arena, uint32_t, x->n_stacks * 2 + 1);
    for (x->n_near = 0; x->n_near <= x->n_stacks * 2; x->n_near++)
        x->near_stacks[x->n_near] = mt_v1_stack_far(x, x->n_near);
}

static int by_ticks(const void *left, const void *right)
{
    const struct mt_v1_sample *a = left, *b = right;
    if (a->ticks != b->ticks)
        return a->ticks < b->ticks ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static int by_key(const void *left, const void *right)
{
    const struct mt_v1_exit *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->ticks != b->ticks)
        return a->ticks < b->ticks ? -1 : 1;
    return a->goroutine < b->goroutine ? -1 : a->goroutine > b->goroutine;
}

bool mt_v1_index_build(struct mt_v1_index *x, struct mt_cursor *in, unsigned version,
                       struct mt_arena *arena, struct mt_trace_feed *feed)
{
    *x = (struct mt_v1_index){.arena = arena, .file_offset = in->offset};
    x->proc_of.arena = x->strings.arena = x->stacks.arena = x->timers.arena = arena;
    mt_v1_format_init(&x->format, version);
    x->file = mt_cur_all(in);
    if (!mt_cur_ok(in))
        return false;
    struct walk w = {.x = x, .in = in, .feed = feed, .at = x->file.data};
    for (unsigned type = 0; type < 64; type++)
        w.plain[type] = is_plain(type) && x->format.shape[type].n_args != MT_V1_UNKNOWN;
    bool sound = walk_records(&w);
    x->whole = (size_t)(w.at - x->file.data);
    if (x->n_batches)
        x->batches[x->n_batches - 1].end = x->whole;
    if (sound && !x->ticks_per_second)
        sound =
            refuse(x, in, x->file.data + x->file.size,
                   "no frequency record, so times have no unit; it is written when tracing ends");
    resolve_stacks(x, feed);
    if (x->n_samples)
        qsort(x->samples, x->n_samples, sizeof *x->samples, by_ticks);
    if (x->n_exits)
        qsort(x->exits, x->n_exits, sizeof *x->exits, by_key);
    return sound;
}
