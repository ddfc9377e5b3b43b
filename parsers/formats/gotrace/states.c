/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gotrace/order.h"

#include <stdarg.h>
#include <stdio.h>

void mt_order_init(struct mt_order *o, struct mt_cursor *in)
{
    *o = (struct mt_order){.in = in, .free_task = UINT32_MAX, .nobody = MT_CONTEXT_OF(MT_NO_ID)};
    o->goroutine_of.arena = o->proc_of.arena = &o->arena;
    o->thread_of.arena = o->task_of.arena = &o->arena;
    mt_strings_init(&o->name_ids, &o->arena);
}

void mt_order_clear(struct mt_order *o)
{
    mt_arena_clear(&o->arena);
}

enum mt_advance mt_order_fail(struct mt_order *o, const struct mt_lane *l, const char *fmt, ...)
{
    char what[sizeof o->in->err->what];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    const struct mt_batch *b = &o->g->batches[l->batch];
    mt_fail(o->in->err, MT_ERR_INPUT, b->offset + (uint64_t)(l->event - b->data), "%s: %s",
            mt_record_name(l->type), what);
    o->broken = true;
    return MT_ADVANCE_BROKEN;
}

enum mt_advance mt_order_miss(struct mt_order *o, const struct mt_lane *l, unsigned needs)
{
    const struct mt_context *c = l->context;
    const char *what = "the thread runs a goroutine, none was expected";
    if ((needs & MT_NEED_THREAD) && c->thread == MT_NO_ID)
        what = "a thread was expected";
    else if ((needs & MT_NEED_PROC) && c->proc == MT_NO_ID)
        what = "the thread has no proc, one was expected";
    else if ((needs & MT_NEED_NO_PROC) && c->proc != MT_NO_ID)
        what = "the thread has a proc, none was expected";
    else if ((needs & MT_NEED_GOROUTINE) && c->goroutine == MT_NO_ID)
        what = "the thread runs no goroutine, one was expected";
    return mt_order_fail(o, l, "%s", what);
}

struct mt_context *mt_order_find_thread(struct mt_order *o, uint64_t thread)
{
    uint32_t at = mt_idmap_get(&o->thread_of, thread);
    return at == MT_IDMAP_NONE ? NULL : o->threads[at];
}

struct mt_context *mt_order_thread(struct mt_order *o, uint64_t thread)
{
    struct mt_context *known = mt_order_find_thread(o, thread);
    if (known)
        return known;
    MT_RESERVE(&o->arena, o->threads, o->n_threads, o->cap_threads);
    struct mt_context *c = MT_NEW(&o->arena, struct mt_context);
    *c = MT_CONTEXT_OF((int64_t)thread);
    mt_idmap_set(&o->thread_of, thread, (uint32_t)o->n_threads);
    o->threads[o->n_threads++] = c;
    return c;
}

struct mt_order_goroutine *mt_order_add_goroutine(struct mt_order *o, int64_t id, uint8_t status)
{
    uint32_t slot;
    if (o->n_free) {
        slot = o->free_slots[--o->n_free];
    } else {
        MT_RESERVE(&o->arena, o->held, o->n_goroutines, o->cap_held);
        MT_RESERVE(&o->arena, o->goroutines, o->n_goroutines, o->cap_goroutines);
        slot = (uint32_t)o->n_goroutines++;
    }
    struct mt_order_goroutine *g = &o->goroutines[slot];
    g->id = id;
    g->status = status;
    g->generation = o->g->number;
    g->sequence = 0;
    o->held[slot].ranges.n = o->held[slot].n_regions = 0;
    mt_idmap_set(&o->goroutine_of, (uint64_t)id, slot);
    return g;
}

void mt_order_end_goroutine(struct mt_order *o, uint32_t slot)
{
    mt_idmap_remove(&o->goroutine_of, (uint64_t)o->goroutines[slot].id);
    o->goroutines[slot].id = ~o->goroutines[slot].id;
    MT_RESERVE(&o->arena, o->free_slots, o->n_free, o->cap_free);
    o->free_slots[o->n_free++] = slot;
}

struct mt_order_proc *mt_order_add_proc(struct mt_order *o, int64_t id, uint8_t status)
{
    MT_RESERVE(&o->arena, o->procs, o->n_procs, o->cap_procs);
    uint32_t slot = (uint32_t)o->n_procs++;
    struct mt_order_proc *p = &o->procs[slot];
    *p = (struct mt_order_proc){.id = id, .status = status, .generation = o->g->number};
    mt_idmap_set(&o->proc_of, (uint64_t)id, slot);
    return p;
}

uint32_t mt_order_name(struct mt_order *o, uint32_t string)
{
    struct mt_gen_string *s = &o->g->strings[string];
    if (s->name != UINT32_MAX)
        return s->name;
    uint32_t id = mt_intern(&o->name_ids, s->text);
    if (id >= o->cap_names) {
        size_t more = o->cap_names ? o->cap_names * 2 : 64;
        o->names = mt_arena_grow(&o->arena, o->names, o->cap_names, more, sizeof(void *));
        o->cap_names = more;
    }
    if (!o->names[id]) {
        o->names[id] = MT_NEW(&o->arena, struct mt_trace_name);
        *o->names[id] = (struct mt_trace_name){mt_string(&o->name_ids, id), UINT32_MAX};
    }
    return s->name = id;
}

static bool same_range(struct mt_range a, struct mt_range b)
{
    return a.type == b.type && a.string == b.string;
}

bool mt_ranges_have(const struct mt_ranges *r, struct mt_range range)
{
    for (size_t i = 0; i < r->n; i++)
        if (same_range(r->items[i], range))
            return true;
    return false;
}

/* False: it is under way already. */
bool mt_ranges_begin(struct mt_order *o, struct mt_ranges *r, struct mt_range range)
{
    if (mt_ranges_have(r, range))
        return false;
    MT_RESERVE(&o->arena, r->items, r->n, r->capacity);
    r->items[r->n++] = range;
    return true;
}

/* The first of that type; the last one takes its place. */
bool mt_ranges_end(struct mt_ranges *r, uint8_t type, struct mt_range *ended)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->items[i].type != type)
            continue;
        *ended = r->items[i];
        r->items[i] = r->items[--r->n];
        return true;
    }
    return false;
}
