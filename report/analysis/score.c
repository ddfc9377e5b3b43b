/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Score = share of the growth explained x significance x corroboration. Goroutines count in bytes
 * with their stacks; without any growth in bytes, in goroutines.
 */
#include "report/analysis/join.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double BY_DIMENSIONS[MT_DIMS + 1] = {0.4, 0.7, 0.9, 1.0};
static const double DISAGREEMENT = 0.8;
static const double NAMES_NO_CODE = 0.6;

static double bytes_explained(const struct mt_signals *s, const struct mt_finding *f)
{
    double bytes = isfinite(f->growth.bytes) ? fmax(f->growth.bytes, 0.0) : 0.0;
    if (isfinite(f->growth.goroutines))
        bytes += fmax(f->growth.goroutines, 0.0) * mt_goroutine_bytes(s);
    return bytes;
}

/* Growth of everything: the largest of what the snapshots' totals, the floor and the findings
 * themselves say, plus the stacks of the goroutines that came. */
static double total_growth(const struct mt_signals *s, const struct mt_findings *all)
{
    double found = 0.0, heap = 0.0;
    for (size_t i = 0; i < all->n; i++)
        found += bytes_explained(s, all->items[i]);
    const struct mt_snapshots *h = &s->heap.snapshots, *g = &s->goroutines.snapshots;
    if (h->n >= 2)
        heap = fmax(heap, h->items[h->n - 1].total - h->items[0].total);
    if (isfinite(s->floor_growth))
        heap = fmax(heap, s->floor_growth);
    if (g->n >= 2)
        heap += fmax(0.0, g->items[g->n - 1].total - g->items[0].total) * mt_goroutine_bytes(s);
    return fmax(found, heap);
}

/* 0.5 at p 0.05, 1 at p 0.0001 and below. */
static double significance(const struct mt_finding *f)
{
    double p = f->proven ? 0.0 : fmax(isnan(f->shape_p) ? 0.05 : f->shape_p, 1e-12);
    if (isfinite(f->amount_p) && !f->proven)
        p = sqrt(p * fmax(f->amount_p, 1e-12));
    double digits = -log10(fmax(p, 1e-12));
    return fmin(1.0, fmax(0.3, 0.5 + 0.5 * (digits - 1.3) / 2.7));
}

static void score(const struct mt_signals *s, struct mt_finding *f, double total)
{
    size_t agree = 0;
    for (size_t d = 0; d < MT_DIMS; d++)
        agree += f->dimension_agrees[d];
    double share = total > 0.0 ? bytes_explained(s, f) / total : 0.0;
    double value = fmin(1.0, share) * significance(f) * BY_DIMENSIONS[f->proven ? MT_DIMS : agree];
    if (f->site && !f->site->goroutines && s->floor_falls)
        value *= DISAGREEMENT;
    if (!f->site && f->culprit.function[0] == '(')
        value *= NAMES_NO_CODE;
    f->score = fmin(1.0, fmax(f->score, value));
}

/* FNV-1a: the same cause gets the same sixteen digits in every bundle and build. */
static const char *fingerprint(struct mt_arena *arena, const char *family, struct mt_span cause)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (const char *p = family; *p; p++)
        h = (h ^ (unsigned char)*p) * 0x100000001b3u;
    h = (h ^ '|') * 0x100000001b3u;
    for (size_t i = 0; i < cause.size; i++)
        h = (h ^ cause.data[i]) * 0x100000001b3u;
    return mt_arena_printf(arena, "%016llx", (unsigned long long)h);
}

void mt_findings_score(const struct mt_signals *s, struct mt_findings *all)
{
    double total = total_growth(s, all);
    for (size_t i = 0; i < all->n; i++) {
        struct mt_finding *f = all->items[i];
        score(s, f, total);
        struct mt_span cause =
            f->site ? mt_symbol_owner_of(mt_span_of(mt_symbol_key(s->symbols, f->site->function)))
                    : mt_span_of(f->rule->id);
        f->id = fingerprint(all->arena, f->family, cause);
    }
}

static int by_rank(const void *a, const void *b)
{
    const struct mt_finding *x = *(struct mt_finding *const *)a;
    const struct mt_finding *y = *(struct mt_finding *const *)b;
    if (x->status != y->status)
        return x->status > y->status ? -1 : 1;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    int order = strcmp(x->culprit.function, y->culprit.function);
    return order ? order : strcmp(x->rule->id, y->rule->id);
}

void mt_findings_rank(struct mt_findings *all)
{
    if (all->n)
        qsort(all->items, all->n, sizeof *all->items, by_rank);
}
