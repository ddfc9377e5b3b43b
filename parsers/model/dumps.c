/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/dumps.h"

#include <stdlib.h>

static const double ALIKE = 0.8; /* least share of goroutines that both views show alike */
static const int64_t WAIT_SLACK_NS = 60 * MT_SECOND_NS;   /* waits are whole minutes */
static const int64_t TWINS_APART_NS = 5 * MT_SECOND_NS;   /* one is fetched after the other */
static const size_t MOST_COMPARISONS = (size_t)100 << 20; /* of goroutines */

/* A dump by the ids of its goroutines, and the other view that is most like it. */
struct view {
    struct mt_goroutine_dump *dump;
    const struct mt_goroutine **by_id;
    struct view *best;
    double alike;
};

struct views {
    struct view *items;
    size_t n, cap;
};

static int by_id(const void *left, const void *right)
{
    const struct mt_goroutine *a = *(const struct mt_goroutine *const *)left;
    const struct mt_goroutine *b = *(const struct mt_goroutine *const *)right;
    return (a->id > b->id) - (a->id < b->id);
}

static const struct mt_goroutine **sorted(struct mt_arena *arena, const struct mt_goroutine_dump *d)
{
    const struct mt_goroutine **all = MT_NEW_N(arena, const struct mt_goroutine *, d->n_goroutines);
    for (size_t i = 0; i < d->n_goroutines; i++)
        all[i] = &d->goroutines[i];
    qsort(all, d->n_goroutines, sizeof *all, by_id);
    return all;
}

static void collect(struct mt_arena *arena, struct mt_input *inputs, size_t n_inputs,
                    bool from_profile, struct views *out)
{
    for (size_t i = 0; i < n_inputs; i++) {
        struct mt_capture *c = inputs[i].capture;
        for (size_t k = 0; c && k < c->n_dumps; k++) {
            struct mt_goroutine_dump *d = &c->dumps[k];
            if (d->from_profile != from_profile || d->from_panic || d->leak_form ||
                !d->n_goroutines)
                continue;
            MT_RESERVE(arena, out->items, out->n, out->cap);
            out->items[out->n++] = (struct view){.dump = d};
        }
    }
}

static bool same_goroutine(const struct mt_goroutine *a, const struct mt_goroutine *b)
{
    return a->state == b->state && llabs(a->wait_ns - b->wait_ns) <= WAIT_SLACK_NS;
}

/* The share of all goroutines of the two that they show alike. */
static double likeness(const struct view *a, const struct view *b)
{
    size_t i = 0, k = 0, alike = 0, all = 0;
    while (i < a->dump->n_goroutines && k < b->dump->n_goroutines) {
        const struct mt_goroutine *x = a->by_id[i], *y = b->by_id[k];
        alike += x->id == y->id && same_goroutine(x, y);
        all++;
        i += x->id <= y->id;
        k += y->id <= x->id;
    }
    all += a->dump->n_goroutines - i + b->dump->n_goroutines - k;
    return (double)alike / (double)all;
}

static void remember(struct view *of, struct view *other, double alike)
{
    if (alike > of->alike) {
        of->alike = alike;
        of->best = other;
    }
}

static void compare(struct views *texts, struct views *profiles)
{
    size_t compared = 0;
    for (size_t i = 0; i < texts->n; i++)
        for (size_t k = 0; k < profiles->n; k++) {
            struct view *t = &texts->items[i], *p = &profiles->items[k];
            compared += t->dump->n_goroutines + p->dump->n_goroutines;
            if (compared > MOST_COMPARISONS)
                return;
            double alike = likeness(t, p);
            remember(t, p, alike);
            remember(p, t, alike);
        }
}

void mt_dumps_pair(struct mt_input *inputs, size_t n_inputs)
{
    struct mt_arena scratch = {0};
    struct views texts = {0}, profiles = {0};
    collect(&scratch, inputs, n_inputs, true, &profiles);
    if (profiles.n)
        collect(&scratch, inputs, n_inputs, false, &texts);
    for (size_t i = 0; texts.n && i < profiles.n; i++)
        profiles.items[i].by_id = sorted(&scratch, profiles.items[i].dump);
    for (size_t i = 0; i < texts.n; i++)
        texts.items[i].by_id = sorted(&scratch, texts.items[i].dump);
    compare(&texts, &profiles);
    for (size_t i = 0; i < texts.n; i++) {
        struct view *t = &texts.items[i], *p = t->best;
        if (!p || p->best != t || t->alike < ALIKE)
            continue;
        t->dump->twin = p->dump;
        p->dump->twin = t->dump;
    }
    mt_arena_clear(&scratch);
}

struct mt_goroutine_dump *mt_dump_twin(const struct mt_goroutine_dump *d)
{
    if (!d->twin || (d->time_ns == MT_NO_TIME) != (d->twin->time_ns == MT_NO_TIME))
        return NULL;
    return d->time_ns == MT_NO_TIME || (d->time_ns <= d->twin->time_ns + TWINS_APART_NS &&
                                        d->twin->time_ns <= d->time_ns + TWINS_APART_NS)
               ? d->twin
               : NULL;
}

void mt_dump_take_labels(struct mt_arena *arena, struct mt_goroutine_dump *d)
{
    const struct mt_goroutine_dump *twin = mt_dump_twin(d);
    if (!twin || !twin->n_labels || d->n_labels)
        return;
    struct mt_arena scratch = {0};
    const struct mt_goroutine **known = sorted(&scratch, twin);
    for (size_t i = 0; i < d->n_goroutines; i++) {
        struct mt_goroutine *g = &d->goroutines[i];
        const struct mt_goroutine *key = g;
        const struct mt_goroutine *const *at =
            bsearch(&key, known, twin->n_goroutines, sizeof *known, by_id);
        g->first_label = d->n_labels;
        for (uint32_t k = 0; at && k < (*at)->n_labels; k++) {
            MT_RESERVE(arena, d->labels, d->n_labels, d->cap_labels);
            d->labels[d->n_labels++] = twin->labels[(*at)->first_label + k];
            g->n_labels++;
        }
    }
    mt_arena_clear(&scratch);
}
