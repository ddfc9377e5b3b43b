/* SPDX-License-Identifier: Apache-2.0 */
/* Blame frames whose live heap grows from snapshot to snapshot. */
#include "report/analysis/suspect.h"

#include <math.h>

static const double CONTAINER_SHARE = 0.05; /* of the bytes stand under the growth of a container */
static const double FOREIGN_SHARE = 0.5;    /* of the bytes are made by code below the function */
static const double SWING = 2.0; /* the whole heap swings by this many times the site's growth */

static const struct mt_threshold thresholds[] = {
    {"least-growth", "bytes", MT_LEAST_BYTES, "growth over the window that counts"},
    {"least-share", "share", MT_LEAST_RELATIVE, "growth over the window, of the site's own level"},
    {"significance", "p", MT_SIGNIFICANT,
     "one-sided rank test of the shape; false discovery rate of the amounts over all candidates"},
    {"snapshots", "snapshots", MT_LEAST_SNAPSHOTS, "with fewer it is watch at most"},
    {"proof-snapshots", "snapshots", MT_PROOF_SNAPSHOTS, "from here on the sites alone may prove"},
    {"proof-shape", "p", MT_PROOF_SHAPE_P, "shape that proves alone"},
    {"proof-amount", "p", MT_PROOF_AMOUNT_P, "amount that proves alone"},
    {"proof-bytes", "bytes", MT_PROOF_BYTES, "growth that proves alone"},
};

/* Largest fall of the total between two snapshots. */
static double swing_of(const struct mt_snapshots *shots)
{
    double swing = 0.0, high = 0.0;
    for (size_t i = 0; i < shots->n; i++) {
        high = fmax(high, shots->items[i].total);
        swing = fmax(swing, high - shots->items[i].total);
    }
    return swing;
}

/* Most of the bytes were made by code below the blamed function that is not a container: it holds
 * on to what others made. */
static bool made_elsewhere(const struct mt_site_sums *sums)
{
    return sums->foreign >= FOREIGN_SHARE &&
           mt_suspect_pattern(sums, MT_PATTERN_CONTAINER) < CONTAINER_SHARE;
}

static void name_family(struct mt_finding *f, const struct mt_site_sums *sums, double swing)
{
    if (sums->site->trend.shape == MT_SHAPE_STEPS) {
        f->family = "burst-growth";
        f->kind = "grows in steps that never come down";
    } else if (sums->site->growth > 0.0 && swing >= SWING * sums->site->growth) {
        f->family = "slow-growth";
        f->kind = "slow growth under a heap that swings";
    } else if (made_elsewhere(sums)) {
        f->family = "retention";
        f->kind = "objects that stay reachable";
    } else {
        f->family = "container-growth";
        f->kind = "a container that only grows";
    }
}

/* What the function also does, as a hint where to look. */
static void hint(struct mt_arena *arena, struct mt_finding *f, const struct mt_site_sums *sums)
{
    static const struct {
        enum mt_pattern pattern;
        const char *words;
    } hints[] = {
        {MT_PATTERN_CONTEXT, "derives contexts (is every cancel called?)"},
        {MT_PATTERN_TIMER, "arms timers (are they stopped?)"},
        {MT_PATTERN_POOL, "uses a sync.Pool (what size goes back?)"},
        {MT_PATTERN_FILE, "opens files (are they closed?)"},
        {MT_PATTERN_FINALIZER, "sets finalizers (a cycle is never collected)"},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (sums->touches & 1u << hints[i].pattern) {
            f->next = mt_arena_printf(arena, "Read %s: who removes what it adds? It also %s.",
                                      mt_short_name(f->culprit.function), hints[i].words);
            return;
        }
    f->next = mt_arena_printf(arena, "Read %s: who removes what it adds, and what limits its size?",
                              mt_short_name(f->culprit.function));
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    const struct mt_signals *s = c->signals;
    double swing = swing_of(&s->heap.snapshots);
    for (size_t i = 0; i < s->heap.n; i++) {
        struct mt_suspicion v = mt_suspect_heap(s, s->heap.sums[i]);
        struct mt_finding *f = mt_suspect_add(out, self, c, s->heap.sums[i], &v);
        if (!f)
            continue;
        name_family(f, s->heap.sums[i], swing);
        if (s->heap.sums[i]->site->trend.n >= MT_LEAST_SNAPSHOTS)
            hint(out->arena, f, s->heap.sums[i]);
    }
}

const struct mt_rule mt_rule_heap_site_growth = {
    .id = "heap-site-growth",
    .title = "Call sites whose live heap grows",
    .needs = MT_NEED_HEAP,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
