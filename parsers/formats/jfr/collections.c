/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jfr/collections.h"

#include <stdlib.h>

static struct mt_jfr_collection *begin(struct mt_jfr_collections *all, uint64_t gc_id)
{
    struct mt_arena *arena = all->out->arena;
    MT_RESERVE(arena, all->items, all->count, all->capacity);
    struct mt_jfr_collection *c = &all->items[all->count++];
    *c = (struct mt_jfr_collection){0};
    mt_gc_cycle_init_jvm(&c->cycle, MT_GC_CONCURRENT);
    c->cycle.number = gc_id;
    return c;
}

static struct mt_jfr_collection *find(struct mt_jfr_collections *all, uint64_t gc_id)
{
    struct mt_span key = {(const unsigned char *)&gc_id, sizeof gc_id};
    uint32_t id = mt_intern_find(&all->by_gc_id, key);
    if (id != UINT32_MAX && id && id <= all->n_ids)
        return &all->items[all->of_id[id - 1]];
    mt_intern(&all->by_gc_id, key);
    MT_RESERVE(all->out->arena, all->of_id, all->n_ids, all->cap_ids);
    all->of_id[all->n_ids++] = (uint32_t)all->count;
    return begin(all, gc_id);
}

/* Another collection under an id that is taken: later events are its. */
static struct mt_jfr_collection *again(struct mt_jfr_collections *all, uint64_t gc_id)
{
    struct mt_span key = {(const unsigned char *)&gc_id, sizeof gc_id};
    all->of_id[mt_intern_find(&all->by_gc_id, key) - 1] = (uint32_t)all->count;
    return begin(all, gc_id);
}

/* The JVM's own names of the collectors' parts. */
static const struct part {
    const char *name, *collector;
    enum mt_gc_kind kind;
} parts[] = {
    {"G1New", "G1", MT_GC_YOUNG},
    {"G1Old", "G1", MT_GC_CONCURRENT},
    {"G1Full", "G1", MT_GC_FULL},
    {"ParallelScavenge", "Parallel", MT_GC_YOUNG},
    {"ParallelOld", "Parallel", MT_GC_FULL},
    {"PSMarkSweep", "Parallel", MT_GC_FULL},
    {"DefNew", "Serial", MT_GC_YOUNG},
    {"SerialOld", "Serial", MT_GC_FULL},
    {"ParNew", "CMS", MT_GC_YOUNG},
    {"ConcurrentMarkSweep", "CMS", MT_GC_CONCURRENT},
    {"Z", "ZGC", MT_GC_CONCURRENT},
    {"ZGC Minor", "ZGC", MT_GC_YOUNG},
    {"ZGC Major", "ZGC", MT_GC_CONCURRENT},
    {"Shenandoah", "Shenandoah", MT_GC_CONCURRENT},
};

static void collection(struct mt_jfr_collections *all, const struct mt_jfr_event *e,
                       const struct mt_jfr_times *times)
{
    struct mt_jfr_collection *c = find(all, e->gc_id);
    if (c->named && c->cycle.time_ns != times->start_ns)
        c = again(all, e->gc_id); /* recordings of two JVMs, joined */
    struct mt_gc_cycle *y = &c->cycle;
    struct mt_strings *strings = all->out->strings;
    c->named = true;
    y->kind = MT_GC_CONCURRENT;
    c->collector = mt_intern(strings, e->name);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (mt_span_is(e->name, parts[i].name)) {
            y->kind = parts[i].kind;
            c->collector = mt_intern_text(strings, parts[i].collector);
        }
    y->cause = mt_intern(strings, e->cause);
    y->time_ns = times->start_ns;
    y->duration_ns = times->duration_ns;
    y->pause_ns = times->sum_of_pauses_ns;
}

static bool is_before(struct mt_span when)
{
    return mt_span_starts(when, "Before");
}

static void heap(struct mt_gc_cycle *y, const struct mt_jfr_event *e)
{
    *(is_before(e->when) ? &y->heap_start_bytes : &y->heap_live_bytes) = e->heap_used;
    if (e->committed)
        y->heap_total_bytes = e->committed;
}

void mt_jfr_collections_add(struct mt_jfr_collections *all, const struct mt_jfr_event *e,
                            const struct mt_jfr_times *times)
{
    if (e->kind == MT_JFR_COLLECTION) {
        collection(all, e, times);
        return;
    }
    struct mt_jfr_collection *c = find(all, e->gc_id);
    struct mt_gc_cycle *y = &c->cycle;
    uint64_t young = e->eden_used + e->survivor_used;
    if (e->kind == MT_JFR_PAUSE && times->duration_ns < INT64_MAX - c->phases_ns)
        c->phases_ns += times->duration_ns;
    else if (e->kind == MT_JFR_HEAP)
        heap(y, e);
    else if (e->kind == MT_JFR_G1_HEAP && young >= e->eden_used && young != MT_NO_BYTES)
        *(is_before(e->when) ? &y->young_before_bytes : &y->young_after_bytes) = young;
    else if (e->kind == MT_JFR_PS_HEAP)
        *(is_before(e->when) ? &y->old_before_bytes : &y->old_after_bytes) = e->old_used;
    else if (e->kind == MT_JFR_G1_COLLECTION)
        c->mixed = mt_span_starts(e->type, "Mixed");
}

static int by_start(const void *a, const void *b)
{
    const struct mt_gc_cycle *x = a, *y = b;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

size_t mt_jfr_collections_finish(struct mt_jfr_collections *all)
{
    size_t named = 0;
    for (size_t i = 0; i < all->count; i++)
        named += all->items[i].named;
    if (!named)
        return all->count;
    struct mt_gc_log *log = mt_capture_add_gc_log(all->out, "jfr");
    log->clock.clock = MT_CLOCK_SAME;
    log->cycles = MT_NEW_N(all->out->arena, struct mt_gc_cycle, named);
    log->cap_cycles = named;
    bool only_full = true;
    for (size_t i = 0; i < all->count; i++) {
        struct mt_jfr_collection *c = &all->items[i];
        if (!c->named)
            continue;
        struct mt_gc_cycle *y = &log->cycles[log->n_cycles++];
        *y = c->cycle;
        if (!y->pause_ns)
            y->pause_ns = c->phases_ns;
        if (c->mixed && y->kind == MT_GC_YOUNG)
            y->kind = MT_GC_MIXED;
        /* JDK 8 calls the full collections of others SerialOld, too */
        if (!log->collector || (only_full && y->kind != MT_GC_FULL))
            log->collector = c->collector;
        only_full &= y->kind == MT_GC_FULL;
        struct mt_span name = mt_string(all->out->strings, c->collector);
        mt_gc_cycle_derive(y, mt_span_is(name, "ZGC") || mt_span_is(name, "Shenandoah"));
    }
    qsort(log->cycles, log->n_cycles, sizeof *log->cycles, by_start);
    return all->count - named;
}
