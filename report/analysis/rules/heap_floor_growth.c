/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A heap floor that rises without a call site that passes. Metrics say that there is growth, not
 * where, so it is `watch`; only a long log with many collections is a leak by itself.
 */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

#define LONG_SECONDS 1800.0
#define LONG_CYCLES  100
#define LONG_RISE    0.5 /* of the first level */

static const struct mt_threshold thresholds[] = {
    {"least-growth", "bytes", MT_LEAST_BYTES,
     "rise of the floor over the window; 2 MiB where only gctrace shows it"},
    {"least-share", "share", MT_LEAST_RELATIVE, "the same, of the floor's own level"},
    {"long-window", "seconds", LONG_SECONDS, "from here on, with the two below, a leak by itself"},
    {"long-cycles", "collections", LONG_CYCLES, "see long-window"},
    {"long-rise", "share", LONG_RISE, "see long-window; of the first level, no plateau"},
};

static bool some_site_passes(const struct mt_signals *s)
{
    for (size_t i = 0; i < s->heap.n; i++)
        if (mt_suspect_heap(s, s->heap.sums[i]).candidate)
            return true;
    return false;
}

static bool long_enough(const struct mt_floor *f)
{
    double seconds = (double)(f->time_ns[f->n - 1] - f->time_ns[0]) / 1e9;
    return seconds >= LONG_SECONDS && f->n >= LONG_CYCLES &&
           mt_trend_rise(&f->trend) >= LONG_RISE * fmax(f->trend.first, MT_MIB);
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    const struct mt_floor *floor = &c->assessment->floor;
    if (!s->floor_agrees || s->floor_jvm || some_site_passes(s))
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.3);
    bool leak = s->floor_rises && !s->floor_weak && long_enough(floor);
    f->family = "heap-growth";
    f->kind = "the heap floor rises";
    f->status = leak ? MT_STATUS_LEAK : MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = leak ? "a long log alone; nothing says where the memory goes"
                                : "metrics alone; no call site was seen to grow";
    f->culprit.function = "(heap)";
    f->metric = MT_M_HEAP_ALLOC;
    f->course = (struct mt_course){"Heap floor",   true,         floor->n,
                                   floor->time_ns, floor->bytes, floor->trend};
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->growth.bytes = s->floor_growth;
    f->growth.per_second = floor->trend.slope;
    f->growth.low = floor->trend.low;
    f->growth.high = floor->trend.high;
    f->shape_p = floor->trend.p;
    mt_finding_evidence(out, f, MT_DIM_METRICS, floor->source, floor->input, s->floor_growth,
                        "bytes", "heap floor %s over %zu collections (r2 %.2f)",
                        mt_fmt_bytes_delta(out->arena, s->floor_growth), floor->n, floor->trend.r2);
    if (s->floor_weak)
        mt_finding_against(out, f,
                           "The floor is HeapAlloc at a random phase of the collector: "
                           "too few polls for an envelope.");
    if (s->heap.snapshots.n >= MT_LEAST_SNAPSHOTS)
        mt_finding_against(out, f, "%zu heap snapshots show no call site that grows steadily.",
                           s->heap.snapshots.n);
    mt_finding_against(out, f, "A cache that warms up longer than the window looks the same.");
    if (!leak)
        mt_suspect_name_unsure(c, out, f, &s->heap);
    f->next = s->heap.snapshots.n >= MT_LEAST_SNAPSHOTS
                  ? "Take heap snapshots over a longer window, with MemProfileRate 65536 if the "
                    "heap is small."
                  : "Take heap profiles: four or more, evenly over the time in which the floor "
                    "rises.";
    f->sentence = mt_arena_printf(out->arena, "The heap floor rises by %s over the window.",
                                  mt_fmt_bytes(out->arena, s->floor_growth));
}

const struct mt_rule mt_rule_heap_floor_growth = {
    .id = "heap-floor-growth",
    .title = "Live heap after collections rises",
    .needs = MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
