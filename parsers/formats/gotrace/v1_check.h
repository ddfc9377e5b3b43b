/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an ordered stream of version 1 events makes sense: no P runs two goroutines, nobody is
 * woken who does not wait, ranges do not overlap, regions end innermost first. A trace that breaks
 * one of these rules is refused as a whole.
 */
#ifndef MT_GOTRACE_V1_CHECK_H
#define MT_GOTRACE_V1_CHECK_H

#include "parsers/formats/gotrace/v1_merge.h"

/* Ps that stand for something else as the context of an event. */
enum { MT_V1_TIMER_P = 1000001, MT_V1_NETWORK_P, MT_V1_SYSCALL_P, MT_V1_GC_P };

struct mt_v1_region {
    uint64_t task, name;
    uint32_t outer; /* next of the free list, once closed */
};

struct mt_v1_task {
    uint64_t parent;
    uint32_t name; /* string id of the capture */
    uint32_t next_free;
};

struct mt_v1_check {
    struct mt_v1_merge *merge;
    struct {
        uint64_t goroutine;
        bool running, sweeping, stopping; /* stopping: before 1.10 each P for itself */
    } * procs;
    bool collecting, stopping;
    struct mt_v1_region *regions;
    size_t n_regions, cap_regions;
    uint32_t free_region;
    struct mt_idmap tasks; /* that are under way */
    struct mt_v1_task *task_items;
    size_t n_tasks, cap_tasks;
    uint32_t free_task;
    struct mt_arena *arena;
};

void mt_v1_check_init(struct mt_v1_check *c, struct mt_v1_merge *merge, struct mt_arena *arena);

/* Applies the event, whose proc becomes a made-up P where the rules say so. False with the cursor
 * failed. */
bool mt_v1_check_event(struct mt_v1_check *c, struct mt_v1_event *ev);
/* Where records are missing: what starts to run was runnable, and its P was free. */
void mt_v1_check_adopt(struct mt_v1_check *c, const struct mt_v1_event *ev);
/* Forgets what ended with the event, once it has been told: the goroutine or the task. */
void mt_v1_check_settle(struct mt_v1_check *c, const struct mt_v1_event *ev);

/* The goroutine of that index if it still has that id, else NULL. */
static inline struct mt_v1_goroutine *mt_v1_goroutine_at(const struct mt_v1_check *c,
                                                         uint32_t index, uint64_t id)
{
    if (index == MT_NO_SLOT)
        return NULL;
    struct mt_v1_goroutine *g = &c->merge->goroutines.items[index];
    return g->id == id && g->in_use ? g : NULL;
}

/* The goroutine that is the context. */
static inline struct mt_v1_goroutine *mt_v1_context(const struct mt_v1_check *c,
                                                    const struct mt_v1_event *ev)
{
    return mt_v1_goroutine_at(c, ev->context, ev->goroutine);
}

#endif
