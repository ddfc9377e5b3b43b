/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cumulative bytes of every own function in the first and in the last snapshot; of those that carry
 * enough of the growth the one that carries least is the most specific. Its series is then taken
 * from all snapshots.
 */
#include "report/analysis/paths.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <string.h>

static const double HANDS_ON = 1.05;

struct walk {
    const struct mt_signals *signals;
    const struct mt_profile *profile;
    struct mt_blame_table blame;
    uint32_t space, objects;
    double rate;
};

static struct walk open_walk(const struct mt_signals *s, struct mt_arena *scratch, size_t at)
{
    const struct mt_profile *p = s->heap.snapshots.items[at].profile;
    struct walk w = {.signals = s,
                     .profile = p,
                     .space = mt_profile_type(p, s->bundle->strings, "inuse_space"),
                     .objects = mt_profile_type(p, s->bundle->strings, "inuse_objects"),
                     .rate = p->period > 0 ? (double)p->period : 512.0 * MT_KIB};
    mt_blame_open(&w.blame, scratch, s->symbols, p, NULL);
    return w;
}

static double bytes_at(const struct walk *w, size_t i)
{
    return (double)w->profile->values[i * w->profile->n_types + w->space];
}

static double objects_at(const struct walk *w, size_t i)
{
    return w->objects == MT_NO_INDEX
               ? 0.0
               : (double)w->profile->values[i * w->profile->n_types + w->objects];
}

/* Calls `each` once per distinct own function of the sample's stack. */
static void own_functions(const struct walk *w, size_t i, uint32_t *stamp, uint32_t mark,
                          void (*each)(void *sink, uint32_t function), void *sink)
{
    const struct mt_profile *p = w->profile;
    const struct mt_sample *sample = &p->samples[i];
    for (uint32_t f = 0; f < sample->n_frames; f++) {
        const struct mt_location *l = &p->locations[p->frames[sample->first_frame + f]];
        for (uint32_t k = 0; k < l->n_lines; k++) {
            uint32_t index = p->lines[l->first_line + k].function;
            uint32_t function = index == MT_NO_INDEX ? 0 : p->functions[index].name;
            if (!function || function >= w->signals->symbols->n || stamp[function] == mark ||
                mt_symbol_origin(w->signals->symbols, function) != MT_ORIGIN_APP)
                continue;
            stamp[function] = mark;
            each(sink, function);
        }
    }
}

struct sum {
    double *by_function;
    double *above; /* bytes x own frames between the function and the leaf */
    double bytes, depth;
};

static void add_bytes(void *sink, uint32_t function)
{
    struct sum *s = sink;
    s->by_function[function] += s->bytes;
    s->above[function] += s->bytes * s->depth;
    s->depth += 1.0;
}

/* Cumulative bytes of all own functions in one snapshot; returns the total of stacks that are not
 * the capture's. */
static double cumulate(const struct mt_signals *s, size_t at, double *by_function, double *above)
{
    struct mt_arena scratch = {0};
    struct walk w = open_walk(s, &scratch, at);
    uint32_t *stamp = MT_NEW_N(&scratch, uint32_t, s->symbols->n);
    double total = 0.0;
    for (size_t i = 0; i < w.profile->n_samples; i++) {
        struct sum sum = {by_function, above, bytes_at(&w, i), 0.0};
        if (sum.bytes <= 0.0 || mt_blame_sample(&w.blame, &w.profile->samples[i]).capture)
            continue;
        total += sum.bytes;
        own_functions(&w, i, stamp, (uint32_t)i + 1, add_bytes, &sum);
    }
    mt_arena_clear(&scratch);
    return total;
}

struct match {
    uint32_t wanted;
    bool found;
};

static void look(void *sink, uint32_t function)
{
    struct match *m = sink;
    m->found = m->found || function == m->wanted;
}

static void note_under(struct mt_path_owner *owner, struct mt_site *site)
{
    size_t i = owner->n_under;
    for (size_t k = 0; k < owner->n_under; k++)
        if (owner->under[k] == site)
            return;
    if (i == 3) {
        if (owner->under[2]->growth >= site->growth)
            return;
        i = 2;
    } else {
        owner->n_under++;
    }
    for (; i > 0 && owner->under[i - 1]->growth < site->growth; i--)
        owner->under[i] = owner->under[i - 1];
    owner->under[i] = site;
}

static void add_snapshot(struct mt_signals *s, struct mt_path_owner *owner, size_t at)
{
    struct mt_arena scratch = {0};
    struct walk w = open_walk(s, &scratch, at);
    uint32_t *stamp = MT_NEW_N(&scratch, uint32_t, s->symbols->n);
    unsigned char *seen = MT_NEW_N(&scratch, unsigned char, s->symbols->n);
    struct mt_site_sums *sums = owner->sums;
    bool last = at + 1 == s->heap.snapshots.n;
    double best = 0.0;
    for (size_t i = 0; i < w.profile->n_samples; i++) {
        double bytes = bytes_at(&w, i), objects = objects_at(&w, i);
        struct match m = {.wanted = sums->site->function};
        struct mt_blame b = mt_blame_sample(&w.blame, &w.profile->samples[i]);
        if (bytes <= 0.0 || b.capture)
            continue;
        own_functions(&w, i, stamp, (uint32_t)i + 1, look, &m);
        if (!m.found)
            continue;
        sums->site->points[at].bytes += bytes;
        sums->site->points[at].objects += objects;
        double chance = objects > 0.0 ? -expm1(-bytes / objects / w.rate) : 1.0;
        double sampled = objects * chance, weight = bytes / fmax(sampled, 1e-9);
        sums->sampled[at] += sampled;
        sums->variance[at] += sampled * weight * weight * (1.0 - chance);
        uint32_t f = w.profile->lines[b.line].function;
        uint32_t function = f == MT_NO_INDEX ? 0 : w.profile->functions[f].name;
        struct mt_site_sums *under = mt_site_find(&s->heap, s->symbols, function);
        if (last && under && function < s->symbols->n && !seen[function]) {
            seen[function] = 1;
            owner->n_paths++;
            if (under->site->growth > 0.0)
                note_under(owner, under->site);
        }
        if (last && bytes > best) {
            best = bytes;
            sums->best_at = at + 1;
            sums->best_profile = w.profile;
            sums->best_sample = &w.profile->samples[i];
            sums->best_blame = b;
        }
    }
    mt_arena_clear(&scratch);
}

struct carried {
    const double *first, *last, *above;
};

static double growth_of(const struct carried *c, uint32_t f)
{
    return c->last[f] - c->first[f];
}

/* Mean number of own frames between the function and the allocation. */
static double height_of(const struct carried *c, uint32_t f)
{
    return c->last[f] > 0.0 ? c->above[f] / c->last[f] : 0.0;
}

/* The most specific function that carries enough; 0 when none does. Those that carry the same but
 * for a few percent hand on to each other: the innermost does the work. */
static uint32_t choose(const struct mt_signals *s, const struct carried *c, double least)
{
    double smallest = INFINITY;
    for (uint32_t f = 1; f < s->symbols->n; f++)
        if (growth_of(c, f) >= least && growth_of(c, f) > 0.0)
            smallest = fmin(smallest, growth_of(c, f));
    uint32_t best = 0;
    for (uint32_t f = 1; f < s->symbols->n; f++) {
        double growth = growth_of(c, f);
        if (growth < least || growth <= 0.0 || growth > smallest * HANDS_ON)
            continue;
        double height = height_of(c, f), other = best ? height_of(c, best) : INFINITY;
        if (height < other ||
            (height == other && mt_span_compare(mt_string(s->bundle->strings, f),
                                                mt_string(s->bundle->strings, best)) < 0))
            best = f;
    }
    return best;
}

/* The line of the owner itself on the heaviest stack. */
static void find_line(struct mt_site_sums *sums)
{
    const struct mt_profile *p = sums->best_profile;
    for (uint32_t f = 0; p && f < sums->best_sample->n_frames; f++) {
        const struct mt_location *l = &p->locations[p->frames[sums->best_sample->first_frame + f]];
        for (uint32_t k = 0; k < l->n_lines; k++) {
            uint32_t index = p->lines[l->first_line + k].function;
            if (index != MT_NO_INDEX && p->functions[index].name == sums->site->function) {
                sums->best_blame.line = l->first_line + k;
                return;
            }
        }
    }
}

struct mt_path_owner mt_path_owner_of(struct mt_signals *s, double least_share)
{
    struct mt_path_owner owner = {0};
    const struct mt_snapshots *shots = &s->heap.snapshots;
    if (shots->n < MT_LEAST_SNAPSHOTS)
        return owner;
    struct mt_arena scratch = {0};
    double *first = MT_NEW_N(&scratch, double, s->symbols->n);
    double *last = MT_NEW_N(&scratch, double, s->symbols->n);
    double *above = MT_NEW_N(&scratch, double, s->symbols->n);
    double before = cumulate(s, 0, first, above);
    memset(above, 0, s->symbols->n * sizeof *above);
    double growth = cumulate(s, shots->n - 1, last, above) - before;
    struct carried carried = {first, last, above};
    uint32_t function = growth > 0.0 ? choose(s, &carried, least_share * growth) : 0;
    if (function) {
        owner.share = (last[function] - first[function]) / growth;
        struct mt_site_table *one = MT_NEW(s->arena, struct mt_site_table);
        one->snapshots = *shots;
        struct mt_blame own = {.own = true};
        owner.sums = mt_site_get(s, one, function, &own);
        for (size_t i = 0; i < shots->n; i++)
            add_snapshot(s, &owner, i);
        find_line(owner.sums);
        mt_sites_close(s, one);
        mt_sites_judge(one);
    }
    mt_arena_clear(&scratch);
    return owner;
}
