/* SPDX-License-Identifier: Apache-2.0 */
/* The number of live objects rises while their bytes do not stand out: many small ones are kept. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

#define LEAST_SHARE 0.2 /* of the first level: HeapObjects swings with the collector */

static const struct mt_threshold thresholds[] = {
    {"least-growth", "objects", MT_LEAST_OBJECTS, "growth over the window that counts"},
    {"least-share", "share", LEAST_SHARE, "the same, of the first level"},
};

static bool heap_found(const struct mt_signals *s)
{
    if (s->floor_rises)
        return true;
    for (size_t i = 0; i < s->heap.n; i++)
        if (mt_suspect_heap(s, s->heap.sums[i]).candidate)
            return true;
    return false;
}

/* Of the polls' lower envelope: the phase of the collector goes. */
static struct mt_trend floor_of(const struct mt_series *series)
{
    struct mt_arena scratch = {0};
    int64_t *at = MT_NEW_N(&scratch, int64_t, series->n);
    double *value = MT_NEW_N(&scratch, double, series->n);
    size_t n = mt_signal_envelope(series, NULL, at, value);
    struct mt_effect effect = {MT_LEAST_OBJECTS, LEAST_SHARE, true, 0.0, 0.0};
    struct mt_trend t = mt_trend_of(at, value, n, &effect);
    mt_arena_clear(&scratch);
    return t;
}

/* Heap profiles count what is live after a collection; HeapObjects also what waits for the next.
 * Enough of them settle the question: false when their objects stand. */
static bool snapshots_allow(const struct mt_signals *s)
{
    const struct mt_snapshots *heap = &s->heap.snapshots;
    if (!heap->timed || heap->n < MT_LEAST_SNAPSHOTS)
        return true;
    int64_t *at = MT_NEW_N(s->arena, int64_t, heap->n);
    double *objects = MT_NEW_N(s->arena, double, heap->n);
    for (size_t i = 0; i < heap->n; i++) {
        at[i] = heap->items[i].time_ns;
        objects[i] = heap->items[i].objects;
        if (!isfinite(objects[i]))
            return true;
    }
    struct mt_effect effect = {MT_LEAST_OBJECTS, LEAST_SHARE, false, 0.0, 0.0};
    struct mt_trend t = mt_trend_of(at, objects, heap->n, &effect);
    return mt_trend_grows(&t);
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    const struct mt_series *series = mt_signal_series(s, MT_M_HEAP_OBJECTS);
    if (!series || heap_found(s))
        return;
    struct mt_trend t = floor_of(series);
    double correlation;
    struct mt_effect effect = {MT_LEAST_OBJECTS, LEAST_SHARE, true, 0.0, 0.0};
    if (t.n < MT_LEAST_SNAPSHOTS || !mt_trend_grows(&t) || !snapshots_allow(s) ||
        c->assessment->floor.explained_by_load ||
        mt_load_explains(s, series->time_ns, series->value, series->n, &effect, &correlation))
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.15);
    f->family = "heap-growth";
    f->kind = "the number of objects rises";
    f->status = MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "metrics alone, and the bytes do not rise with them";
    f->culprit.function = "(heap)";
    f->metric = MT_M_HEAP_OBJECTS;
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->growth.objects = mt_trend_rise(&t);
    f->shape_p = t.p;
    mt_finding_evidence(out, f, MT_DIM_METRICS, series->source, series->input->path,
                        mt_trend_rise(&t), "objects", "HeapObjects %s over the window",
                        mt_fmt_count_delta(out->arena, mt_trend_rise(&t)));
    mt_finding_against(out, f,
                       "The heap floor does not go on rising: the objects are small, or replace "
                       "larger ones.");
    f->next = c->now->n_profiles[MT_PROFILE_HEAP] >= 2
                  ? "Compare inuse_objects in the first and the last heap profile."
                  : "Take heap profiles and look at inuse_objects.";
    f->sentence = mt_arena_printf(out->arena, "Live objects rise by %s over the window.",
                                  mt_fmt_count(out->arena, mt_trend_rise(&t)));
}

const struct mt_rule mt_rule_heap_objects_growth = {
    .id = "heap-objects-growth",
    .title = "The number of live objects rises",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
