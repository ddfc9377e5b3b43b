/* SPDX-License-Identifier: Apache-2.0 */
/* Growth spread over many call sites that one function owns. */
#include "report/analysis/numbers.h"
#include "report/analysis/paths.h"
#include "report/analysis/suspect.h"

#include <math.h>

#define OWNER_SHARE   0.5 /* of all growth goes through the owner */
#define MOST_SETTLED  0.5 /* of the owner's growth: sites that level off, came in one step ... */
#define SITES_EXPLAIN 0.5 /* of the growth is explained by single sites: no owner is looked for */

static const struct mt_threshold thresholds[] = {
    {"owner-share", "share", OWNER_SHARE, "of the growth that goes through one own function"},
    {"most-settled", "share", MOST_SETTLED,
     "of the owner's growth in sites that level off or follow the load: no owner is blamed"},
    {"sites-explain", "share", SITES_EXPLAIN,
     "of the growth that single sites explain; above it no owner is looked for"},
};

static void tell_owner(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out,
                       struct mt_path_owner *owner, const struct mt_suspicion *v)
{
    struct mt_finding *f = mt_suspect_add(out, self, c, owner->sums, v);
    f->family = "retention";
    f->kind = "many call paths, one owner";
    for (size_t i = 0; i < owner->n_under; i++) {
        mt_finding_also(f, mt_bundle_text(c->now, owner->under[i]->function));
        owner->under[i]->finding = f;
    }
    const struct mt_point *last = &f->site->points[f->site->n_points - 1];
    f->sentence = mt_arena_printf(
        out->arena, "%zu call paths through %s hold %s (%s of live heap), up %s.", owner->n_paths,
        mt_short_name(f->culprit.function), mt_fmt_bytes(out->arena, last->bytes),
        mt_fmt_share(out->arena, last->share), mt_fmt_bytes(out->arena, f->site->growth));
    mt_finding_against(out, f,
                       "No single call site passes on its own: the growth is spread over "
                       "%zu of them.",
                       owner->n_paths);
    f->next = "Read what the owner keeps per item and who asks for new items: labels, keys, "
              "sessions that never repeat.";
}

static struct mt_course course_of(const struct mt_signals *s)
{
    const struct mt_snapshots *shots = &s->heap.snapshots;
    int64_t *at = MT_NEW_N(s->arena, int64_t, shots->n);
    double *value = MT_NEW_N(s->arena, double, shots->n);
    for (size_t i = 0; i < shots->n; i++) {
        at[i] = shots->items[i].time_ns;
        value[i] = shots->items[i].total;
    }
    return (struct mt_course){
        "Live heap in the snapshots", true, shots->n, at, value, s->heap.total};
}

/* The snapshots grow as a whole, the floor rises too, and no owner stands out. */
static void tell_total(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out,
                       double total)
{
    const struct mt_signals *s = c->signals;
    const struct mt_trend *t = &s->heap.total;
    struct mt_finding *f = mt_finding_add(out, self, 0.2);
    f->family = "heap-growth";
    f->kind = "the heap grows, spread over many call sites";
    f->status = MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "the snapshots grow as a whole, no call site passes";
    f->culprit.function = "(heap)";
    f->metric = MT_M_HEAP_ALLOC;
    f->course = course_of(s);
    f->dimension_agrees[MT_DIM_SITES] = true;
    f->growth.bytes = total;
    f->growth.per_second = t->slope;
    f->growth.low = t->low;
    f->growth.high = t->high;
    f->shape_p = t->p;
    mt_finding_evidence(out, f, MT_DIM_SITES, "heap", NULL, total, "bytes",
                        "live heap %s over %zu snapshots", mt_fmt_bytes_delta(out->arena, total),
                        t->n);
    mt_finding_against(out, f, "No call site and no function above them carries the growth.");
    f->next = "Take more heap snapshots over a longer window, with MemProfileRate 65536 if the "
              "heap is small.";
    f->sentence = mt_arena_printf(out->arena, "The live heap grows by %s over the snapshots.",
                                  mt_fmt_bytes(out->arena, total));
}

/* Most of what grew below the owner has settled on its own. */
static bool has_settled(const struct mt_signals *s, const struct mt_path_owner *owner)
{
    double settled = 0.0;
    for (size_t i = 0; i < owner->n_under; i++) {
        const struct mt_site_sums *sums =
            mt_site_find(&s->heap, s->symbols, owner->under[i]->function);
        if (sums && mt_suspect_heap(s, sums).settled)
            settled += owner->under[i]->growth;
    }
    return settled >= MOST_SETTLED * owner->sums->site->growth;
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    const struct mt_snapshots *shots = &s->heap.snapshots;
    if (shots->n < MT_LEAST_SNAPSHOTS || !mt_trend_grows(&s->heap.total))
        return;
    double total = shots->items[shots->n - 1].total - shots->items[0].total, single = 0.0;
    for (size_t i = 0; i < s->heap.n; i++)
        if (mt_suspect_heap(s, s->heap.sums[i]).passes)
            single += s->heap.items[i]->growth;
    if (total <= 0.0 || single >= SITES_EXPLAIN * total)
        return;
    struct mt_path_owner owner = mt_path_owner_of(s, OWNER_SHARE);
    struct mt_suspicion v = {0};
    if (owner.sums)
        v = mt_suspect_heap(s, owner.sums);
    if (v.passes && !has_settled(s, &owner))
        tell_owner(self, c, out, &owner, &v);
    else if (single == 0.0 && total >= MT_PROOF_BYTES && c->assessment->floor.present &&
             c->assessment->floor.trend.significant)
        tell_total(self, c, out, total);
}

const struct mt_rule mt_rule_heap_path_growth = {
    .id = "heap-path-growth",
    .title = "Growth spread over many call sites of one owner",
    .needs = MT_NEED_HEAP,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
