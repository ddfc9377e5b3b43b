/* SPDX-License-Identifier: Apache-2.0 */
/* Blame frames whose live heap grows from snapshot to snapshot. */
#include "report/analysis/suspect.h"

#include <math.h>

static const double CONTAINER_SHARE = 0.3; /* of the bytes stand under the growth of a container */
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

static void name_family(struct mt_finding *f, const struct mt_site_sums *sums, double swing)
{
    if (sums->site->trend.shape == MT_SHAPE_STEPS) {
        f->family = "burst-growth";
        f->kind = "grows in steps that never come down";
    } else if (sums->site->growth > 0.0 && swing >= SWING * sums->site->growth) {
        f->family = "slow-growth";
        f->kind = "slow growth under a heap that swings";
    } else if (mt_suspect_pattern(sums, MT_PATTERN_CONTAINER) >= CONTAINER_SHARE) {
        f->family = "container-growth";
        f->kind = "a container that only grows";
    } else {
        f->family = "retention";
        f->kind = "objects that stay reachable";
    }
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    const struct mt_signals *s = c->signals;
    double swing = swing_of(&s->heap.snapshots);
    for (size_t i = 0; i < s->heap.n; i++) {
        struct mt_suspicion v = mt_suspect_heap(s, s->heap.sums[i]);
        struct mt_finding *f = mt_suspect_add(out, self, c, s->heap.sums[i], &v);
        if (f)
            name_family(f, s->heap.sums[i], swing);
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
