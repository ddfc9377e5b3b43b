/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heap snapshots summed by blame frame. A heap profile is a sample: an object of size s is seen
 * with probability p = 1 - exp(-s / rate), so beside the bytes each site keeps how many samples
 * stand behind them and the variance that sampling leaves.
 */
#include "report/analysis/engine.h"
#include "report/analysis/sites.h"

#include <math.h>
#include <string.h>

enum { DEFAULT_RATE = 512 * 1024 };

struct pass {
    struct mt_signals *signals;
    struct mt_site_table *table;
    size_t at; /* snapshot */
    const struct mt_profile *profile;
    uint32_t space, objects, alloc_space, alloc_objects;
    double rate;
    double *line_bytes; /* of the last snapshot, by line */
    struct mt_site_sums **line_site;
};

static double value_of(const struct pass *p, size_t sample, uint32_t type)
{
    return type == MT_NO_INDEX ? 0.0
                               : (double)p->profile->values[sample * p->profile->n_types + type];
}

static void add_sample(struct pass *p, const struct mt_blame_table *blame, size_t i)
{
    const struct mt_sample *sample = &p->profile->samples[i];
    double bytes = value_of(p, i, p->space), objects = value_of(p, i, p->objects);
    double allocated = value_of(p, i, p->alloc_objects);
    if (bytes == 0.0 && allocated == 0.0)
        return;
    struct mt_blame b = mt_blame_sample(blame, sample);
    if (b.line == MT_NO_INDEX || p->profile->lines[b.line].function == MT_NO_INDEX)
        return;
    const struct mt_line *line = &p->profile->lines[b.line];
    uint32_t function = p->profile->functions[line->function].name;
    struct mt_site_sums *s = mt_site_get(p->signals, p->table, function, &b);
    struct mt_point *point = &s->site->points[p->at];
    point->bytes += bytes;
    point->objects += objects;
    s->allocated[p->at] += allocated;
    s->alloc_bytes[p->at] += value_of(p, i, p->alloc_space);
    if (bytes > 0.0 && objects > 0.0) {
        double size = bytes / objects, chance = -expm1(-size / p->rate);
        double sampled = objects * chance, weight = size / chance;
        s->sampled[p->at] += sampled;
        s->variance[p->at] += sampled * weight * weight * (1.0 - chance);
    }
    if (s->best_at != p->at + 1 && bytes > 0.0) { /* only the latest snapshot counts */
        s->best_at = p->at + 1;
        s->best = 0.0;
        memset(s->by_pattern, 0, sizeof s->by_pattern);
        s->foreign = 0.0;
    }
    if (b.below)
        s->foreign += bytes; /* a share once the snapshot is complete */
    if (bytes > s->best || !s->best_sample) {
        s->best = bytes;
        s->best_profile = p->profile;
        s->best_sample = sample;
        s->best_blame = b;
    }
    mt_site_add_patterns(s, b.patterns, bytes);
    s->touches |= b.patterns;
    if (p->line_bytes) {
        p->line_bytes[b.line] += bytes;
        p->line_site[b.line] = s;
    }
}

/* The four heaviest lines of each site in the last snapshot. */
static void take_lines(const struct pass *p)
{
    for (size_t l = 0; l < p->profile->n_lines; l++) {
        if (!p->line_site[l])
            continue;
        const struct mt_line *line = &p->profile->lines[l];
        mt_site_add_line(p->line_site[l]->site, p->profile->functions[line->function].file,
                         line->line, p->line_bytes[l]);
    }
}

static void add_snapshot(struct mt_signals *s, size_t at)
{
    struct mt_arena scratch = {0};
    const struct mt_snapshot *snapshot = &s->heap.snapshots.items[at];
    const struct mt_profile *profile = snapshot->profile;
    const struct mt_strings *strings = s->bundle->strings;
    struct pass p = {
        .signals = s,
        .table = &s->heap,
        .at = at,
        .profile = profile,
        .space = mt_profile_type(profile, strings, "inuse_space"),
        .objects = mt_profile_type(profile, strings, "inuse_objects"),
        .alloc_space = mt_profile_type(profile, strings, "alloc_space"),
        .alloc_objects = mt_profile_type(profile, strings, "alloc_objects"),
        .rate = profile->period > 0 ? (double)profile->period : DEFAULT_RATE,
    };
    if (at + 1 == s->heap.snapshots.n) {
        p.line_bytes = MT_NEW_N(&scratch, double, profile->n_lines);
        p.line_site = MT_NEW_N(&scratch, struct mt_site_sums *, profile->n_lines);
    }
    struct mt_blame_table blame;
    mt_blame_open(&blame, &scratch, s->symbols, profile, s->patterns);
    for (size_t i = 0; i < profile->n_samples; i++)
        add_sample(&p, &blame, i);
    if (p.line_bytes)
        take_lines(&p);
    mt_arena_clear(&scratch);
}

void mt_sites_heap(struct mt_signals *s)
{
    mt_snapshots_heap(s, &s->heap.snapshots);
    for (size_t i = 0; i < s->heap.snapshots.n; i++)
        add_snapshot(s, i);
    mt_sites_close(s, &s->heap);
    mt_sites_judge(&s->heap);
}
