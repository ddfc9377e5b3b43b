/* SPDX-License-Identifier: Apache-2.0 */
/* Goroutines of both sides by the frame that blocks, what it waits in, and who started them. */
#include "report/analysis/diff/gate.h"

#include "parsers/base/text.h"
#include "report/analysis/statistics/statistics.h"
#include "report/analysis/symbols.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct pairing {
    struct mt_arena *arena;
    struct mt_strings keys; /* id - 1: index of the group */
    struct mt_diff_group *items;
    double **counts; /* by group, then run */
    size_t n, cap, cap_counts;
    size_t n_runs;
};

static const char *key_of(const struct mt_assessment *a, uint32_t function)
{
    const char *key = function ? mt_symbol_key(a->symbols, function) : "";
    return key && *key ? key : mt_bundle_text(a->bundle, function);
}

static size_t group_at(struct pairing *p, const struct mt_assessment *a,
                       const struct mt_goroutine_group *g)
{
    struct mt_text key = {0};
    mt_text_printf(&key, "%s\n%s\n%s", key_of(a, g->function), key_of(a, g->creator),
                   mt_bundle_text(a->bundle, g->wait));
    uint32_t id = mt_intern(&p->keys, mt_text_view(&key));
    mt_text_clear(&key);
    if (id > p->n) {
        MT_RESERVE(p->arena, p->items, p->n, p->cap);
        size_t n = p->n;
        MT_RESERVE(p->arena, p->counts, n, p->cap_counts);
        p->counts[n] = MT_NEW_N(p->arena, double, p->n_runs);
        p->items[p->n++] = (struct mt_diff_group){0};
    }
    return id - 1;
}

static void add_run(struct pairing *p, const struct mt_assessment *a, size_t run, bool head)
{
    for (size_t i = 0; i < a->n_groups; i++) {
        const struct mt_goroutine_group *g = &a->groups[i];
        if (!(g->last > 0))
            continue;
        size_t at = group_at(p, a, g);
        p->counts[at][run] += g->last;
        struct mt_diff_group *group = &p->items[at];
        if (!group->function || head) { /* as the head calls it */
            group->function = mt_bundle_text(a->bundle, g->function);
            group->creator = mt_bundle_text(a->bundle, g->creator);
            group->wait = mt_bundle_text(a->bundle, g->wait);
        }
        if (head && g->longest_wait_ns > group->longest_wait_ns)
            group->longest_wait_ns = g->longest_wait_ns;
    }
}

static int by_change(const void *left, const void *right)
{
    const struct mt_diff_group *a = left, *b = right;
    double x = fabs(a->delta), y = fabs(b->delta);
    if (x < y || x > y)
        return x < y ? 1 : -1;
    double sum = (b->base + b->head) - (a->base + a->head);
    if (sum < 0 || sum > 0)
        return sum > 0 ? 1 : -1;
    int order = strcmp(a->function, b->function);
    order = order ? order : strcmp(a->creator, b->creator);
    return order ? order : strcmp(a->wait, b->wait);
}

/* Runs without goroutines at all say nothing; they are left out of the medians. */
static size_t runs_with(const struct mt_diff_side *side, size_t *runs, size_t first)
{
    size_t n = 0;
    for (size_t i = 0; i < side->n_runs; i++)
        if (side->runs[i].assessment && side->runs[i].assessment->n_groups)
            runs[n++] = first + i;
    return n;
}

static double median_over(const double *counts, const size_t *runs, size_t n, double *room)
{
    for (size_t i = 0; i < n; i++)
        room[i] = counts[runs[i]];
    return mt_median(room, n);
}

void mt_diff_compare_groups(struct mt_arena *arena, struct mt_diff *d)
{
    struct pairing p = {.arena = arena, .n_runs = d->base.n_runs + d->head.n_runs};
    size_t *base = MT_NEW_N(arena, size_t, p.n_runs + 1), *head = base + d->base.n_runs;
    double *room = MT_NEW_N(arena, double, p.n_runs + 1);
    size_t n_base = runs_with(&d->base, base, 0),
           n_head = runs_with(&d->head, head, d->base.n_runs);
    if (!n_base || !n_head)
        return;
    mt_strings_init(&p.keys, arena);
    for (size_t i = 0; i < n_base; i++)
        add_run(&p, d->base.runs[base[i]].assessment, base[i], false);
    for (size_t i = 0; i < n_head; i++)
        add_run(&p, d->head.runs[head[i] - d->base.n_runs].assessment, head[i], true);
    for (size_t i = 0; i < p.n; i++) {
        p.items[i].base = median_over(p.counts[i], base, n_base, room);
        p.items[i].head = median_over(p.counts[i], head, n_head, room);
        p.items[i].delta = p.items[i].head - p.items[i].base;
    }
    if (p.n)
        qsort(p.items, p.n, sizeof *p.items, by_change);
    d->groups = p.items;
    d->n_groups_of = p.n;
    d->n_groups = p.n < MT_DIFF_MOST_GROUPS ? p.n : MT_DIFF_MOST_GROUPS;
}
