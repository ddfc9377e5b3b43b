/* SPDX-License-Identifier: Apache-2.0 */
/* Pooled buffers that grew once and stay large: every Put of a huge one keeps its memory. */
#include "report/analysis/suspect.h"

#include <math.h>

#define BUFFER_SHARE 0.5             /* of the site's bytes under the growth of a buffer */
#define LARGE_OBJECT (64.0 * MT_KIB) /* mean size of what is held */

static const struct mt_threshold thresholds[] = {
    {"buffer-share", "share", BUFFER_SHARE, "of the site's bytes under bytes.Buffer or sync.Pool"},
    {"large-object", "bytes", LARGE_OBJECT, "mean size of a held buffer"},
};

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    for (size_t i = 0; i < s->heap.n; i++) {
        struct mt_site_sums *sums = s->heap.sums[i];
        const struct mt_site *site = sums->site;
        const struct mt_point *last = &site->points[site->n_points - 1];
        double buffers = fmax(mt_suspect_pattern(sums, MT_PATTERN_BUFFER),
                              mt_suspect_pattern(sums, MT_PATTERN_POOL));
        bool large = last->objects > 0.0 && last->bytes / last->objects >= LARGE_OBJECT;
        if (site->growth <= 0.0 || buffers < BUFFER_SHARE || !large)
            continue;
        struct mt_suspicion v = mt_suspect_heap(s, sums);
        struct mt_finding *f = mt_suspect_add(out, self, c, sums, &v);
        if (!f)
            continue;
        f->family = "pool";
        f->kind = "pooled buffers that stay large";
        mt_finding_against(out, f,
                           "A pool is emptied over two collections without use: under "
                           "steady traffic it is not.");
        f->next = "Drop buffers above a limit instead of Put: if buf.Cap() > 64<<10 { return }; "
                  "Reset keeps the capacity.";
    }
}

const struct mt_rule mt_rule_pool_bloat = {
    .id = "pool-bloat",
    .title = "Pooled buffers that stay large",
    .needs = MT_NEED_HEAP,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
