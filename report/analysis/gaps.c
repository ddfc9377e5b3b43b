/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether enough was measured to call a process steady: its heap over time, its goroutines, and the
 * memory outside of the heap. What was not measured may leak.
 */
#include "report/analysis/join.h"

#include <math.h>
#include <string.h>

static const double OUTSIDE_BYTES = 8.0 * MT_MIB; /* what the peak may rise beyond Sys */

double mt_window_s(const struct mt_snapshots *shots)
{
    return shots->n >= 2 && shots->timed ? (double)(shots->end_ns - shots->start_ns) / 1e9 : 0.0;
}

double mt_floor_window_s(const struct mt_signals *s)
{
    const struct mt_floor *f = &s->assessment->floor;
    return f->n >= 2 ? (double)(f->time_ns[f->n - 1] - f->time_ns[0]) / 1e9 : 0.0;
}

static bool floor_is_long(const struct mt_signals *s)
{
    return s->assessment->floor.n >= MT_LEAST_SNAPSHOTS &&
           mt_floor_window_s(s) >= MT_STEADY_SECONDS;
}

static bool nothing(const struct mt_signals *s)
{
    return !s->floor_jvm && !s->heap.snapshots.n && !s->assessment->floor.present;
}

static bool jvm_without_collections(const struct mt_signals *s)
{
    const struct mt_bundle *b = s->bundle;
    bool jvm = false;
    for (size_t i = 0; i < b->n_inputs && nothing(s); i++)
        jvm |= b->inputs[i].format && (strcmp(b->inputs[i].format, "jfr") == 0 ||
                                       strcmp(b->inputs[i].format, "jvm-gc") == 0);
    return jvm;
}

static bool rises(const struct mt_signals *s, enum mt_metric metric)
{
    const struct mt_trend *t = mt_signal_trend(s, metric);
    return t && mt_trend_rise(t) >= OUTSIDE_BYTES && mt_trend_grows(t);
}

static bool process_rises_unseen(const struct mt_signals *s)
{
    return nothing(s) &&
           (rises(s, MT_M_RSS) || rises(s, MT_M_CGROUP_ANON) || rises(s, MT_M_RSS_ANON));
}

static bool container_rises_unseen(const struct mt_signals *s)
{
    return nothing(s) && rises(s, MT_M_CGROUP_CURRENT);
}

static bool heap_is_short(const struct mt_signals *s)
{
    bool by_sites = s->heap.total.n >= MT_LEAST_SNAPSHOTS &&
                    mt_window_s(&s->heap.snapshots) >= MT_STEADY_SECONDS;
    bool by_metrics = s->assessment->floor.present && !s->floor_weak && floor_is_long(s);
    return !s->floor_jvm && !by_metrics && !by_sites;
}

/* The floor rises in step with the allocation rate. Requests are a cause from outside; allocation
 * may rise because ever more is held, so it excuses nothing. */
static bool load_is_doubtful(const struct mt_signals *s)
{
    const struct mt_floor *f = &s->assessment->floor;
    return f->present && mt_trend_grows(&f->trend) && f->explained_by_load &&
           s->load.counter != NULL && s->heap.total.n < MT_LEAST_SNAPSHOTS;
}

/* The floor rose and seems to level off, and no heap snapshots say whether its sites did. */
static bool warm_up_is_doubtful(const struct mt_signals *s)
{
    const struct mt_floor *f = &s->assessment->floor;
    return !s->floor_jvm && f->present && f->trend.significant && !f->explained_by_load &&
           s->heap.total.n < MT_LEAST_SNAPSHOTS;
}

static bool goroutines_uncounted(const struct mt_signals *s)
{
    const enum mt_metric by[] = {MT_M_GOROUTINES, MT_M_STACK_INUSE};
    for (size_t i = 0; i < 2; i++) {
        const struct mt_series *series = mt_signal_series(s, by[i]);
        if (series && series->n >= MT_LEAST_SNAPSHOTS)
            return false;
    }
    return !s->floor_jvm && s->goroutines.snapshots.n < 2;
}

static double rise_of(const struct mt_series *series)
{
    return series->value[series->n - 1] - series->value[0];
}

/* The peak of resident memory bounds it: where the peak stands, nothing grew beyond it. */
static bool peak_stands(const struct mt_signals *s)
{
    const struct mt_series *peak = mt_signal_series(s, MT_M_RSS_PEAK);
    const struct mt_series *sys = mt_series_beside(s->bundle, peak, MT_M_SYS);
    return peak && peak->n >= MT_LEAST_SNAPSHOTS &&
           rise_of(peak) <= OUTSIDE_BYTES + (sys ? fmax(0.0, rise_of(sys)) : 0.0);
}

static bool outside_unmeasured(const struct mt_signals *s)
{
    return !s->floor_jvm && !s->by_metric[MT_M_RSS] && !s->by_metric[MT_M_RSS_ANON] &&
           !s->by_metric[MT_M_CGROUP_ANON] && !s->by_metric[MT_M_CGROUP_CURRENT] && !peak_stands(s);
}

static bool jvm_is_short(const struct mt_signals *s)
{
    return s->floor_jvm && !floor_is_long(s);
}

static bool jvm_is_rough(const struct mt_signals *s)
{
    return s->floor_jvm && s->floor_weak && s->assessment->floor.trend.significant;
}

const struct mt_gap *mt_gap_of(const struct mt_signals *s)
{
    static const struct {
        bool (*open)(const struct mt_signals *s);
        struct mt_gap gap;
    } gaps[] = {
        {process_rises_unseen,
         {"the process takes ever more memory, but nothing here shows its heap.",
          "Take heap profiles: four or more, evenly over the time in which memory grows (memtriage "
          "capture-script writes the commands), and MemStats beside them."}},
        {container_rises_unseen,
         {"the container takes ever more memory, its file cache counted, but nothing here shows "
          "the heap.",
          "Log the anonymous memory (anon in memory.stat), and take heap profiles: four or more, "
          "evenly over the time in which memory grows."}},
        {jvm_without_collections,
         {"no collection was recorded, so nothing shows the heap over time.",
          "Record the collector, too: -Xlog:gc*:file=gc.log, or a Flight Recorder file of "
          "settings=profile, over the time in which memory grows."}},
        {nothing,
         {"nothing here shows the heap over time.",
          "Take heap profiles: four or more, evenly over the time in which memory grows (memtriage "
          "capture-script writes the commands)."}},
        {jvm_is_short,
         {"too few collections to tell growth from chance.",
          "Take a longer GC log (-Xlog:gc*): at least five full or mixed collections; jcmd PID "
          "GC.run forces one."}},
        {jvm_is_rough,
         {"the old generation rises between young collections; how much of it lives is not known.",
          "Take a longer GC log, with at least five full or mixed collections; jcmd PID GC.run "
          "forces one."}},
        {heap_is_short,
         {"too few points to tell growth from chance.",
          "Take heap profiles over a longer window: four or more, and at least ten collections in "
          "MemStats or gctrace."}},
        {load_is_doubtful,
         {"the heap floor rises with the allocation rate; which drives which is not known.",
          "Take heap profiles, four or more over the same window, and export request spans or a "
          "request counter."}},
        {warm_up_is_doubtful,
         {"the heap floor rose and seems to level off; no heap snapshots say what filled.",
          "Take heap profiles: four or more, evenly over the time in which memory grows."}},
        {goroutines_uncounted,
         {"the heap does not grow, but nobody counted the goroutines.",
          "Take goroutine profiles at both ends of the window."}},
        {outside_unmeasured,
         {"heap and goroutines do not grow, but memory outside of the Go heap was not measured.",
          "Log the resident memory of the process (ps -o rss, every few seconds), or take "
          "heap?debug=1, whose end has its peak."}},
    };
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
        if (gaps[i].open(s))
            return &gaps[i].gap;
    return NULL;
}
