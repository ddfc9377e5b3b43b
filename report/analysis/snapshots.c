/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which profiles make up the series of snapshots. Forms of one moment (heap proto, allocs proto,
 * debug=1 text; goroutine proto, text, dump) are one snapshot, the most exact form wins.
 */
#include "report/analysis/engine.h"
#include "report/analysis/statistics/statistics.h"

#include <stdlib.h>

static const double OTHER_FORM = 0.25; /* of the usual step: nearer, two forms are one moment */
static const int64_t OTHER_FORM_NS = 5 * MT_SECOND_NS; /* where no step is usual */

struct candidate {
    struct mt_snapshot snapshot;
    const struct mt_clock_state *clock;
    int rank; /* higher is better */
    size_t order;
};

struct candidates {
    struct mt_arena *arena;
    struct candidate *items;
    size_t n, cap;
};

static void add(struct candidates *c, struct mt_snapshot snapshot,
                const struct mt_clock_state *clock, int rank)
{
    MT_RESERVE(c->arena, c->items, c->n, c->cap);
    c->items[c->n] = (struct candidate){snapshot, clock, rank, c->n};
    c->n++;
}

static bool is_timed(const struct candidate *c)
{
    return c->snapshot.time_ns != MT_NO_TIME && c->clock->clock != MT_CLOCK_NONE;
}

static int by_time(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->snapshot.time_ns != y->snapshot.time_ns)
        return x->snapshot.time_ns < y->snapshot.time_ns ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank > y->rank ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Where some forms have a time, those without add nothing that can be placed. */
static void keep_timed(struct candidates *c, struct mt_snapshots *out)
{
    size_t timed = 0;
    for (size_t i = 0; i < c->n; i++)
        timed += is_timed(&c->items[i]);
    out->timed = timed >= 2 || (timed && timed == c->n);
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (out->timed && !is_timed(&c->items[i]))
            continue;
        if (!out->timed && c->items[i].snapshot.time_ns == MT_NO_TIME)
            c->items[i].snapshot.time_ns = (int64_t)i * MT_UNTIMED_STEP_NS;
        c->items[n++] = c->items[i];
    }
    c->n = n;
}

/* The usual distance of two captures of one form; 0 with less than two of any. */
static int64_t usual_step(const struct candidates *c)
{
    struct mt_arena scratch = {0};
    double *step = MT_NEW_N(&scratch, double, c->n);
    size_t n = 0;
    for (size_t i = 1; i < c->n; i++)
        for (size_t j = i; j > 0; j--)
            if (c->items[j - 1].rank == c->items[i].rank) {
                step[n++] =
                    (double)(c->items[i].snapshot.time_ns - c->items[j - 1].snapshot.time_ns);
                break;
            }
    int64_t usual = n ? (int64_t)mt_median(step, n) : 0;
    mt_arena_clear(&scratch);
    return usual;
}

/* j shows the moment of i again: all but at the same time, or, in another form, much nearer than
 * captures of one form are to each other. */
static bool same_moment(const struct candidate *i, const struct candidate *j, int64_t apart,
                        int64_t usual)
{
    int64_t distance = j->snapshot.time_ns - i->snapshot.time_ns;
    int64_t near = usual ? (int64_t)(OTHER_FORM * (double)usual) : OTHER_FORM_NS;
    return distance <= apart || (i->rank != j->rank && distance < near);
}

static void join(struct candidates *c, struct mt_snapshots *out)
{
    keep_timed(c, out);
    if (!c->n)
        return;
    qsort(c->items, c->n, sizeof *c->items, by_time);
    int64_t span = c->items[c->n - 1].snapshot.time_ns - c->items[0].snapshot.time_ns;
    int64_t apart = (int64_t)(MT_SAME_SNAPSHOT * (double)span), usual = usual_step(c);
    out->items = MT_NEW_N(c->arena, struct mt_snapshot, c->n);
    for (size_t i = 0; i < c->n;) {
        size_t best = i, j = i;
        const struct mt_goroutine_dump *dump = NULL;
        const struct mt_input *dump_input = NULL;
        for (; j < c->n; j++) {
            const struct mt_snapshot *s = &c->items[j].snapshot;
            if (j > i && !same_moment(&c->items[i], &c->items[j], apart, usual))
                break;
            if (s->dump && !dump) {
                dump = s->dump;
                dump_input = s->input;
            }
            if (c->items[j].rank > c->items[best].rank)
                best = j;
        }
        struct mt_snapshot *to = &out->items[out->n++];
        *to = c->items[best].snapshot;
        to->dump = dump;
        to->input = to->profile ? to->input : dump_input;
        i = j;
    }
    out->start_ns = out->items[0].time_ns;
    out->end_ns = out->items[out->n - 1].time_ns;
}

static double sum_of(const struct mt_profile *p, uint32_t type)
{
    double sum = 0.0;
    for (size_t i = 0; type != MT_NO_INDEX && i < p->n_samples; i++)
        sum += (double)p->values[i * p->n_types + type];
    return sum;
}

void mt_snapshots_heap(const struct mt_signals *s, struct mt_snapshots *out)
{
    struct candidates c = {.arena = s->arena};
    static const enum mt_profile_kind kinds[] = {MT_PROFILE_HEAP, MT_PROFILE_ALLOCS};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < s->bundle->n_profiles[kinds[k]]; i++) {
            const struct mt_profile_ref *ref = &s->bundle->profiles[kinds[k]][i];
            const struct mt_profile *p = ref->profile;
            uint32_t space = mt_profile_type(p, s->bundle->strings, "inuse_space");
            if (space == MT_NO_INDEX)
                continue;
            uint32_t objects = mt_profile_type(p, s->bundle->strings, "inuse_objects");
            add(&c,
                (struct mt_snapshot){.time_ns = p->time_ns,
                                     .profile = p,
                                     .input = ref->input,
                                     .total = sum_of(p, space),
                                     .objects = sum_of(p, objects)},
                &p->clock, (p->from_text ? 0 : 2) + (kinds[k] == MT_PROFILE_HEAP));
        }
    join(&c, out);
    for (size_t i = 1; i < out->n; i++) {
        const struct mt_snapshot *now = &out->items[i], *before = now - 1;
        out->items[i].stale = now->total == before->total && now->objects == before->objects &&
                              now->profile->n_samples == before->profile->n_samples;
    }
}

void mt_snapshots_goroutines(const struct mt_signals *s, struct mt_snapshots *out)
{
    struct candidates c = {.arena = s->arena};
    const struct mt_bundle *b = s->bundle;
    for (size_t i = 0; i < b->n_profiles[MT_PROFILE_GOROUTINE]; i++) {
        const struct mt_profile_ref *ref = &b->profiles[MT_PROFILE_GOROUTINE][i];
        const struct mt_profile *p = ref->profile;
        if (!p->n_types)
            continue;
        add(&c,
            (struct mt_snapshot){
                .time_ns = p->time_ns, .profile = p, .input = ref->input, .total = sum_of(p, 0)},
            &p->clock, p->from_text ? 2 : 3);
    }
    for (size_t i = 0; i < b->n_dumps; i++)
        if (!b->dumps[i]->from_panic || b->n_dumps == 1)
            add(&c,
                (struct mt_snapshot){.time_ns = b->dumps[i]->time_ns,
                                     .dump = b->dumps[i],
                                     .input = b->dump_inputs[i],
                                     .total = (double)b->dumps[i]->n_goroutines},
                &b->dumps[i]->clock, 1);
    join(&c, out);
}
