/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/gctrace/process.h"

/* A scheduler line's clock starts some ms after the collector's, and both are cut to a ms. */
static const int64_t SLACK_NS = 100000000;
/* What two processes may differ in seeing time pass: the lines are not written at once. */
static const int64_t DRIFT_NS = MT_SECOND_NS;
/* Thousands of processes that ran for years each: the log's clock stops there. */
static const int64_t CLOCK_END_NS = INT64_MAX / 4;

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static bool near(uint64_t a, uint64_t b)
{
    enum { QUARTER = 4 };
    uint64_t low = a < b ? a : b, high = a < b ? b : a;
    return high - low <= high / QUARTER;
}

/* How well the line goes on with the process; -1: it cannot be its own. A process hardly ever
 * changes its number of Ps; lost lines are more common than that. */
static int fit(const struct mt_gctrace_processes *all, const struct mt_gctrace_process *p,
               const struct mt_gctrace_sign *sign)
{
    if (sign->origin != p->origin || (sign->number && p->has_cycles && sign->number <= p->number))
        return -1;
    if ((sign->printed_ns == MT_NO_TIME) != (p->printed_ns == MT_NO_TIME))
        return -1;
    if (sign->printed_ns != MT_NO_TIME) {
        int64_t before = sign->number ? p->cycle_ns : p->sched_ns;
        if (before != MT_NO_TIME &&
            (sign->at_ns < before || (!sign->number && sign->at_ns == before)))
            return -1; /* two cycles may begin within a ms, scheduler lines do not repeat */
        if (sign->printed_ns < p->printed_ns - SLACK_NS)
            return -1;
        if (all->now_ns - p->next_seen_ns > sign->printed_ns - p->printed_ns + DRIFT_NS)
            return -1;
    }
    enum { SAME_PROCS = 4, NEXT_NUMBER = 2, NEAR_GOAL = 1 };
    int score = sign->procs == p->procs ? SAME_PROCS : 0;
    if (!sign->number)
        return score;
    score += sign->number == p->number + 1 ? NEXT_NUMBER : 0;
    bool goals = sign->goal_bytes != MT_NO_BYTES && p->goal_bytes != MT_NO_BYTES;
    return score + (goals && near(sign->goal_bytes, p->goal_bytes) ? NEAR_GOAL : 0);
}

static bool leaps(const struct mt_gctrace_processes *all, const struct mt_gctrace_process *p,
                  const struct mt_gctrace_sign *sign)
{
    return sign->number && p->has_cycles && sign->number - p->number > MT_GCTRACE_LEAP &&
           all->leaps < MT_GCTRACE_LEAPS && all->count < MT_GCTRACE_PROCESSES;
}

static void note_line(struct mt_gctrace_processes *all, size_t place,
                      const struct mt_gctrace_sign *sign)
{
    uint32_t index = all->recent[place];
    for (size_t i = place; i > 0; i--)
        all->recent[i] = all->recent[i - 1];
    all->recent[0] = index;
    struct mt_gctrace_process *p = &all->items[index];
    p->last_line = ++all->lines;
    if (!p->first_line)
        p->first_line = p->last_line;
    if (sign->number) {
        p->has_cycles = true;
        p->number = sign->number;
        p->goal_bytes = sign->goal_bytes;
    }
    p->procs = sign->procs;
    if (sign->printed_ns != MT_NO_TIME) {
        *(sign->number ? &p->cycle_ns : &p->sched_ns) = sign->at_ns;
        if (p->printed_ns == MT_NO_TIME || sign->printed_ns > p->printed_ns)
            p->printed_ns = sign->printed_ns;
        int64_t now_ns = p->base_ns + p->printed_ns;
        if (now_ns > CLOCK_END_NS)
            now_ns = CLOCK_END_NS;
        if (now_ns > all->now_ns)
            all->now_ns = now_ns;
        else
            p->base_ns += all->now_ns - now_ns;
    }
    p->next_seen_ns = all->now_ns;
    if (all->n_recent > 1 && place > 0)
        all->items[all->recent[1]].next_seen_ns = all->now_ns;
}

static size_t begin_process(struct mt_arena *arena, struct mt_gctrace_processes *all,
                            const struct mt_gctrace_sign *sign)
{
    MT_RESERVE(arena, all->items, all->count, all->capacity);
    all->items[all->count] = (struct mt_gctrace_process){
        .origin = sign->origin,
        .goal_bytes = MT_NO_BYTES,
        .printed_ns = MT_NO_TIME,
        .cycle_ns = MT_NO_TIME,
        .sched_ns = MT_NO_TIME,
        .base_ns = sign->printed_ns == MT_NO_TIME ? 0 : all->now_ns - sign->printed_ns,
        .start_least_ns = MT_NO_TIME,
        .start_most_ns = MT_NO_TIME,
        .start_hint_ns = MT_NO_TIME,
    };
    size_t place = all->n_recent < MT_GCTRACE_RECENT ? all->n_recent++ : MT_GCTRACE_RECENT - 1;
    all->recent[place] = (uint32_t)all->count++;
    return place;
}

struct mt_gctrace_process *mt_gctrace_process_of(struct mt_arena *arena,
                                                 struct mt_gctrace_processes *all,
                                                 const struct mt_gctrace_sign *sign)
{
    size_t best = MT_NPOS;
    int best_fit = -1;
    int64_t best_off_ns = 0;
    for (size_t i = 0; i < all->n_recent; i++) {
        const struct mt_gctrace_process *p = &all->items[all->recent[i]];
        int f = fit(all, p, sign);
        if (f < 0 || f < best_fit)
            continue;
        int64_t off_ns = sign->printed_ns == MT_NO_TIME
                             ? 0
                             : distance(p->base_ns + sign->printed_ns, all->now_ns);
        if (best == MT_NPOS || f > best_fit || off_ns < best_off_ns) {
            best = i;
            best_fit = f;
            best_off_ns = off_ns;
        }
    }
    if (best == MT_NPOS) {
        if (all->count == MT_GCTRACE_PROCESSES)
            return NULL;
        best = begin_process(arena, all, sign);
    } else if (leaps(all, &all->items[all->recent[best]], sign)) {
        size_t follows = all->recent[best] + 1;
        best = begin_process(arena, all, sign);
        all->items[all->count - 1].follows = follows;
        all->leaps++;
    }
    note_line(all, best, sign);
    return &all->items[all->recent[0]];
}

struct mt_gctrace_process *mt_gctrace_process_latest(struct mt_gctrace_processes *all)
{
    return all->n_recent ? &all->items[all->recent[0]] : NULL;
}
