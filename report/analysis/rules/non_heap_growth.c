/* SPDX-License-Identifier: Apache-2.0 */
/* Resident memory that the Go runtime does not know: cgo, mmap, thread stacks of C. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

#define LEAST_BYTES (8.0 * MT_MIB)
#define LEAST_SHARE 0.10 /* of Sys */

static const struct mt_threshold thresholds[] = {
    {"least-growth", "bytes", LEAST_BYTES,
     "growth of RSS - (Sys - HeapReleased) above zero over the window"},
    {"least-share", "share", LEAST_SHARE, "the same, of Sys"},
};

struct outside {
    struct mt_derived series;
    const struct mt_series *resident, *sys;
    struct mt_trend trend;
    bool known_released;
};

/* Reserved pages that were never touched make the difference negative, and touching them lets it
 * creep up: only what lies above zero counts. */
static bool measure(struct mt_signals *s, struct outside *o)
{
    static const enum mt_metric resident[] = {MT_M_RSS, MT_M_CGROUP_ANON, MT_M_RSS_ANON};
    o->sys = mt_signal_series(s, MT_M_SYS);
    o->resident = NULL;
    for (size_t i = 0; i < 3 && !o->resident; i++)
        o->resident = mt_signal_series(s, resident[i]);
    if (!o->resident || !o->sys)
        return false;
    const struct mt_series *released = mt_series_beside(s->bundle, o->sys, MT_M_HEAP_RELEASED);
    o->known_released = released != NULL;
    o->series = mt_derive(s->arena, o->resident, o->sys, released);
    for (size_t i = 0; i < o->series.n; i++)
        o->series.value[i] = fmax(0.0, o->series.value[i]);
    double level = o->sys->value[o->sys->n - 1];
    struct mt_effect effect = {.absolute = fmax(LEAST_BYTES, LEAST_SHARE * level), .polled = true};
    o->trend = mt_trend_of(o->series.time_ns, o->series.value, o->series.n, &effect);
    return o->series.n >= MT_LEAST_SNAPSHOTS && mt_trend_grows(&o->trend);
}

/* Own functions that map memory or call C, the heaviest first: hints, since no profile counts what
 * they take. */
static void name_mappers(struct mt_signals *s, struct mt_findings *out, struct mt_finding *f)
{
    const struct mt_site *best = NULL;
    for (size_t i = 0; i < s->heap.n; i++) {
        const struct mt_site *site = s->heap.items[i];
        bool maps = s->heap.sums[i]->touches & 1u << MT_PATTERN_MMAP;
        if (!maps && site->origin != MT_ORIGIN_CGO)
            continue;
        if (!best || site->growth > best->growth) {
            if (best)
                mt_finding_also(f, mt_bundle_text(s->bundle, best->function));
            best = site;
        } else {
            mt_finding_also(f, mt_bundle_text(s->bundle, site->function));
        }
    }
    if (!best)
        return;
    f->culprit.function = mt_bundle_text(s->bundle, best->function);
    f->culprit.package = mt_bundle_text(s->bundle, best->package);
    f->culprit.file = best->file ? mt_bundle_text(s->bundle, best->file) : NULL;
    f->culprit.line = best->line;
    mt_finding_stack(out, f, best->path, best->n_path);
    mt_finding_also(f, "(non-heap)");
    mt_finding_evidence(out, f, MT_DIM_SITES, "heap", NULL, best->growth, "bytes",
                        "%s maps memory outside the heap; its own bookkeeping in the heap %s",
                        mt_short_name(f->culprit.function),
                        mt_fmt_bytes_delta(out->arena, best->growth));
    f->dimension_agrees[MT_DIM_SITES] = best->growth > 0.0;
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_signals *s = c->signals;
    struct outside o;
    if (!measure(s, &o))
        return;
    double rise = mt_trend_rise(&o.trend);
    struct mt_finding *f = mt_finding_add(out, self, 0.0);
    f->family = "non-heap";
    f->kind = "memory outside the Go heap";
    f->status = MT_STATUS_LEAK;
    f->confidence = MT_CONFIDENCE_MEDIUM;
    f->confidence_reason = "two independent sources, the kernel's and the runtime's, part company";
    f->metric = o.resident->metric;
    f->course = (struct mt_course){
        "Memory outside the Go heap", true, o.series.n, o.series.time_ns, o.series.value, o.trend};
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->growth.bytes = rise;
    f->growth.per_second = o.trend.slope;
    f->growth.low = o.trend.low;
    f->growth.high = o.trend.high;
    f->shape_p = o.trend.p;
    mt_finding_evidence(
        out, f, MT_DIM_METRICS, o.resident->source, o.resident->input->path, rise, "bytes",
        "%s less (Sys%s) %s over the window", mt_metric_info(o.resident->metric)->name,
        o.known_released ? " - HeapReleased" : "", mt_fmt_bytes_delta(out->arena, rise));
    const struct mt_trend *sys = mt_signal_trend(s, MT_M_SYS);
    mt_finding_evidence(out, f, MT_DIM_METRICS, o.sys->source, o.sys->input->path,
                        mt_trend_rise(sys), "bytes", "Sys %s over the same window",
                        mt_fmt_bytes_delta(out->arena, mt_trend_rise(sys)));
    name_mappers(s, out, f);
    if (!o.known_released)
        mt_finding_against(out, f,
                           "HeapReleased is not known: memory given back and taken again "
                           "would look the same.");
    mt_finding_against(out, f,
                       "File pages mapped for reading count as resident and go when memory "
                       "is short.");
    f->next = "Take /proc/PID/smaps at both ends of the window; look for Mmap without Munmap, and "
              "for C allocations without a free.";
    f->sentence = mt_arena_printf(out->arena, "Memory outside the Go heap grew by %s.",
                                  mt_fmt_bytes(out->arena, rise));
}

const struct mt_rule mt_rule_non_heap_growth = {
    .id = "non-heap-growth",
    .title = "Resident memory that the Go runtime does not know",
    .needs = MT_NEED_RSS | MT_NEED_METRICS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
