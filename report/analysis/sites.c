/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sites: made on first sight, ordered and completed when all snapshots are in. */
#include "report/analysis/sites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct mt_site_sums *mt_site_find(const struct mt_site_table *t, const struct mt_symbols *symbols,
                                  uint32_t function)
{
    if (function >= symbols->n || !t->by_key)
        return NULL;
    uint32_t key = symbols->key[function];
    return key < t->n_keys && t->by_key[key] ? t->sums[t->by_key[key] - 1] : NULL;
}

static struct mt_site_sums *make(struct mt_signals *s, struct mt_site_table *t, uint32_t function)
{
    size_t n = t->snapshots.n;
    struct mt_site_sums *sums = MT_NEW(s->arena, struct mt_site_sums);
    sums->site = MT_NEW(s->arena, struct mt_site);
    sums->site->function = function;
    sums->site->points = MT_NEW_N(s->arena, struct mt_point, n);
    sums->site->n_points = n;
    sums->sampled = MT_NEW_N(s->arena, double, n);
    sums->variance = MT_NEW_N(s->arena, double, n);
    sums->allocated = MT_NEW_N(s->arena, double, n);
    sums->alloc_bytes = MT_NEW_N(s->arena, double, n);
    MT_RESERVE(s->arena, t->sums, t->n, t->cap);
    t->sums[t->n++] = sums;
    return sums;
}

struct mt_site_sums *mt_site_get(struct mt_signals *s, struct mt_site_table *t, uint32_t function,
                                 const struct mt_blame *blame)
{
    if (!t->by_key) {
        t->n_keys = s->symbols->keys.count;
        t->by_key = MT_NEW_N(s->arena, uint32_t, t->n_keys);
    }
    uint32_t key = function < s->symbols->n ? s->symbols->key[function] : 0;
    if (!t->by_key[key]) {
        make(s, t, function);
        t->by_key[key] = (uint32_t)t->n;
    }
    struct mt_site_sums *sums = t->sums[t->by_key[key] - 1];
    sums->own = sums->own || blame->own;
    sums->capture = sums->capture || blame->capture;
    return sums;
}

void mt_site_add_line(struct mt_site *site, uint32_t file, int64_t line, double bytes)
{
    const size_t most = sizeof site->lines / sizeof *site->lines;
    size_t i = 0;
    while (i < site->n_lines && (site->lines[i].file != file || site->lines[i].line != line))
        i++;
    if (i < site->n_lines) {
        site->lines[i].bytes += bytes;
    } else if (site->n_lines < most) {
        i = site->n_lines++;
        site->lines[i].file = file;
        site->lines[i].line = line;
        site->lines[i].bytes = bytes;
    } else if (site->lines[most - 1].bytes < bytes) {
        i = most - 1;
        site->lines[i].file = file;
        site->lines[i].line = line;
        site->lines[i].bytes = bytes;
    }
    for (; i > 0 && i < most && site->lines[i - 1].bytes < site->lines[i].bytes; i--) {
        uint32_t f = site->lines[i].file;
        int64_t l = site->lines[i].line;
        double b = site->lines[i].bytes;
        site->lines[i] = site->lines[i - 1];
        site->lines[i - 1].file = f;
        site->lines[i - 1].line = l;
        site->lines[i - 1].bytes = b;
    }
}

void mt_site_add_patterns(struct mt_site_sums *sums, unsigned bits, double value)
{
    for (size_t k = 0; bits; bits >>= 1, k++)
        sums->by_pattern[k] += bits & 1u ? value : 0.0;
}

static uint32_t function_at(const struct mt_profile *p, uint32_t line)
{
    return line == MT_NO_INDEX || p->lines[line].function == MT_NO_INDEX
               ? 0
               : p->functions[p->lines[line].function].name;
}

static void path_of_sample(struct mt_signals *s, struct mt_site_sums *sums)
{
    const struct mt_profile *p = sums->best_profile;
    const struct mt_sample *sample = sums->best_sample;
    size_t n = 0;
    for (uint32_t i = 0; i < sample->n_frames; i++)
        n += p->locations[p->frames[sample->first_frame + i]].n_lines;
    struct mt_site *site = sums->site;
    site->path = MT_NEW_N(s->arena, uint32_t, n);
    for (size_t i = sample->n_frames; i > 0; i--) {
        const struct mt_location *l = &p->locations[p->frames[sample->first_frame + i - 1]];
        for (uint32_t k = l->n_lines; k > 0; k--) {
            uint32_t function = function_at(p, l->first_line + k - 1);
            if (function)
                site->path[site->n_path++] = function;
        }
    }
    const struct mt_line *line = &p->lines[sums->best_blame.line];
    site->file = line->function == MT_NO_INDEX ? 0 : p->functions[line->function].file;
    site->line = line->line;
    sums->root = function_at(p, sums->best_blame.root);
    sums->blocks = function_at(p, sums->best_blame.blocks);
}

static void path_of_goroutine(struct mt_signals *s, struct mt_site_sums *sums)
{
    const struct mt_goroutine_dump *d = sums->best_dump;
    const struct mt_goroutine *g = sums->best_goroutine;
    struct mt_site *site = sums->site;
    site->path = MT_NEW_N(s->arena, uint32_t, g->n_frames);
    for (size_t i = g->n_frames; i > 0; i--)
        site->path[site->n_path++] = d->frames[g->first_frame + i - 1].function;
    const struct mt_blame *b = &sums->best_blame;
    site->file = d->frames[b->line].file;
    site->line = (int64_t)d->frames[b->line].line;
    sums->root = b->root == MT_NO_INDEX ? 0 : d->frames[b->root].function;
    sums->blocks = b->blocks == MT_NO_INDEX ? 0 : d->frames[b->blocks].function;
}

static double last_value(const struct mt_site *site)
{
    if (!site->n_points)
        return 0.0;
    const struct mt_point *p = &site->points[site->n_points - 1];
    return site->goroutines ? p->goroutines : p->bytes;
}

struct ordered {
    struct mt_site_sums *sums;
    struct mt_span name;
    double last;
};

static int by_last(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->last != y->last)
        return x->last > y->last ? -1 : 1;
    return mt_span_compare(x->name, y->name);
}

static void order(struct mt_signals *s, struct mt_site_table *t)
{
    struct mt_arena scratch = {0};
    struct ordered *all = MT_NEW_N(&scratch, struct ordered, t->n);
    for (size_t i = 0; i < t->n; i++) {
        const struct mt_site *site = t->sums[i]->site;
        all[i] = (struct ordered){t->sums[i], mt_string(s->bundle->strings, site->function),
                                  last_value(site)};
    }
    if (t->n)
        qsort(all, t->n, sizeof *all, by_last);
    t->items = MT_NEW_N(s->arena, struct mt_site *, t->n);
    for (size_t i = 0; i < t->n; i++) {
        t->sums[i] = all[i].sums;
        t->items[i] = all[i].sums->site;
        t->by_key[s->symbols->key[t->items[i]->function]] = (uint32_t)i + 1;
    }
    mt_arena_clear(&scratch);
}

void mt_sites_close(struct mt_signals *s, struct mt_site_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct mt_site_sums *sums = t->sums[i];
        struct mt_site *site = sums->site;
        site->goroutines = t->goroutines;
        site->package = mt_symbol_package(s->symbols, site->function);
        site->origin = mt_symbol_origin(s->symbols, site->function);
        if (sums->best_sample)
            path_of_sample(s, sums);
        else if (sums->best_goroutine)
            path_of_goroutine(s, sums);
        if (sums->best_at && !t->goroutines) {
            double held = site->points[sums->best_at - 1].bytes;
            sums->foreign = held > 0.0 ? sums->foreign / held : 0.0;
        }
        for (size_t k = 0; k < site->n_points; k++) {
            struct mt_point *p = &site->points[k];
            double total = t->snapshots.items[k].total;
            p->time_ns = t->snapshots.items[k].time_ns;
            p->share = total > 0.0 ? (t->goroutines ? p->goroutines : p->bytes) / total : 0.0;
            if (t->goroutines)
                p->bytes = p->objects = NAN;
            else
                p->goroutines = NAN;
        }
    }
    order(s, t);
}
