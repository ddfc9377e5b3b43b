/* SPDX-License-Identifier: Apache-2.0 */
/* Trends of every series of the bundle, series derived from two, and the classes of memory. */
#include "report/analysis/engine.h"

#include <math.h>

static struct mt_effect effect_of(enum mt_metric metric)
{
    struct mt_effect e = {.relative = MT_LEAST_RELATIVE, .polled = true};
    switch (mt_metric_info(metric)->unit) {
    case MT_BYTES:
        e.absolute = MT_LEAST_BYTES;
        break;
    case MT_COUNT:
        e.absolute = metric == MT_M_HEAP_OBJECTS ? MT_LEAST_OBJECTS : MT_LEAST_GOROUTINES;
        break;
    default:
        break;
    }
    /* runtime structures are small beside the heap: spans and caches count from 64 KiB on */
    if (metric == MT_M_MSPAN_INUSE || metric == MT_M_MCACHE_INUSE || metric == MT_M_BUCK_HASH_SYS)
        e.absolute = 64 * MT_KIB;
    return e;
}

double mt_series_at(const struct mt_series *series, int64_t time_ns)
{
    size_t low = 0, high = series->n;
    while (low < high) { /* first point not before the time */
        size_t mid = low + (high - low) / 2;
        if (series->time_ns[mid] < time_ns)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < series->n && series->time_ns[low] == time_ns)
        return series->value[low];
    int64_t step = series->n > 1 ? (series->time_ns[series->n - 1] - series->time_ns[0]) /
                                       (int64_t)(series->n - 1)
                                 : 0;
    if (low == 0)
        return series->n && series->time_ns[0] - time_ns <= step ? series->value[0] : NAN;
    if (low == series->n)
        return time_ns - series->time_ns[low - 1] <= step ? series->value[low - 1] : NAN;
    double span = (double)(series->time_ns[low] - series->time_ns[low - 1]);
    double part = (double)(time_ns - series->time_ns[low - 1]) / span;
    return series->value[low - 1] + part * (series->value[low] - series->value[low - 1]);
}

struct mt_derived mt_derive(struct mt_arena *a, const struct mt_series *first,
                            const struct mt_series *minus, const struct mt_series *plus)
{
    struct mt_derived d = {0};
    if (!first)
        return d;
    d.time_ns = MT_NEW_N(a, int64_t, first->n);
    d.value = MT_NEW_N(a, double, first->n);
    d.input = first->input;
    d.source = first->source;
    for (size_t i = 0; i < first->n; i++) {
        double v = first->value[i];
        if (minus)
            v -= mt_series_at(minus, first->time_ns[i]);
        if (plus)
            v += mt_series_at(plus, first->time_ns[i]);
        if (isnan(v))
            continue;
        d.time_ns[d.n] = first->time_ns[i];
        d.value[d.n++] = v;
    }
    return d;
}

const struct mt_series *mt_signal_series(const struct mt_signals *s, enum mt_metric metric)
{
    return s->by_metric[metric] ? s->by_metric[metric]->series : NULL;
}

const struct mt_trend *mt_signal_trend(const struct mt_signals *s, enum mt_metric metric)
{
    return s->by_metric[metric] ? &s->by_metric[metric]->trend : NULL;
}

const struct mt_series *mt_series_beside(const struct mt_bundle *b, const struct mt_series *series,
                                         enum mt_metric metric)
{
    for (size_t i = 0; series && i < b->n_series; i++)
        if (b->series[i].metric == metric && b->series[i].clock == series->clock)
            return &b->series[i];
    return NULL;
}

double mt_trend_rise(const struct mt_trend *t)
{
    return t ? t->last - t->first : 0.0;
}

bool mt_trend_grows(const struct mt_trend *t)
{
    return t && t->significant && !t->plateau && t->shape != MT_SHAPE_ONE_STEP &&
           t->shape != MT_SHAPE_BURST;
}

struct class_row {
    enum mt_metric metric;
    const char *name, *meaning;
};

static const struct class_row class_rows[] = {
    {MT_M_SYS, "Sys",
     "all memory the runtime took from the system; past the limit the kernel kills"},
    {MT_M_HEAP_INUSE, "HeapInuse",
     "spans with objects; rises with live data and with fragmentation"},
    {MT_M_HEAP_IDLE, "HeapIdle", "spans without objects, kept for reuse after a peak"},
    {MT_M_HEAP_RELEASED, "HeapReleased", "idle spans given back to the system"},
    {MT_M_STACK_INUSE, "StackInuse", "goroutine stacks: many parked goroutines, or deep ones"},
    {MT_M_MSPAN_INUSE, "MSpanInuse",
     "span records: many spans of mixed sizes, as idle connections leave them"},
    {MT_M_MCACHE_INUSE, "MCacheInuse", "per-processor caches: follows GOMAXPROCS, never a leak"},
    {MT_M_BUCK_HASH_SYS, "BuckHashSys",
     "call stacks of profiling: rises with every new stack that allocates"},
    {MT_M_GC_SYS, "GCSys", "the collector's own tables: follow the heap's size"},
    {MT_M_OTHER_SYS, "OtherSys", "the rest of the runtime: timers, finalizers, thread records"},
};

static void add_class(struct mt_assessment *a, const char *name, const char *meaning,
                      enum mt_metric metric, double first, double last, struct mt_trend trend)
{
    a->memory[a->n_memory++] = (struct mt_memory_class){name, meaning, metric, first, last, trend};
}

static void add_derived(struct mt_signals *s, const char *name, const char *meaning,
                        struct mt_derived d)
{
    if (!d.n)
        return;
    struct mt_effect effect = {MT_LEAST_BYTES, MT_LEAST_RELATIVE, true, 0.0, 0.0};
    add_class(s->assessment, name, meaning, MT_METRIC_COUNT, d.value[0], d.value[d.n - 1],
              mt_trend_of(d.time_ns, d.value, d.n, &effect));
}

static void memory_classes(struct mt_signals *s)
{
    const size_t n = sizeof class_rows / sizeof *class_rows;
    s->assessment->memory = MT_NEW_N(s->arena, struct mt_memory_class, n + 2);
    for (size_t i = 0; i < n; i++) {
        const struct mt_series *series = mt_signal_series(s, class_rows[i].metric);
        if (series)
            add_class(s->assessment, class_rows[i].name, class_rows[i].meaning,
                      class_rows[i].metric, series->value[0], series->value[series->n - 1],
                      *mt_signal_trend(s, class_rows[i].metric));
    }
    const struct mt_series *idle = mt_signal_series(s, MT_M_HEAP_IDLE);
    add_derived(
        s, "HeapIdle - HeapReleased",
        "reserve that costs resident memory: fragmentation, or a peak not yet returned",
        mt_derive(s->arena, idle, mt_series_beside(s->bundle, idle, MT_M_HEAP_RELEASED), NULL));
    const struct mt_series *sys = mt_signal_series(s, MT_M_SYS);
    if (sys)
        add_derived(s, "RSS - (Sys - HeapReleased)",
                    "resident memory the runtime does not know: cgo, mmap, other libraries",
                    mt_derive(s->arena, mt_signal_series(s, MT_M_RSS), sys,
                              mt_series_beside(s->bundle, sys, MT_M_HEAP_RELEASED)));
}

/* A trace knows some seconds of a window at thousands of points: of two series of one metric, the
 * one that covers clearly more of the window says more. */
static bool covers_more(const struct mt_signals *s, const struct mt_series *a,
                        const struct mt_series *b)
{
    double window = (double)(s->end_ns - s->start_ns);
    if (a->clock->clock != b->clock->clock || a->n < MT_LEAST_SNAPSHOTS || window <= 0.0)
        return false;
    double cover_a = fmin((double)(a->time_ns[a->n - 1] - a->time_ns[0]) / window, MT_COVERS);
    double cover_b = fmin((double)(b->time_ns[b->n - 1] - b->time_ns[0]) / window, MT_COVERS);
    return cover_a > cover_b + 0.05;
}

void mt_signal_trends(struct mt_signals *s)
{
    struct mt_assessment *a = s->assessment;
    a->trends = MT_NEW_N(s->arena, struct mt_series_trend, s->bundle->n_series);
    for (size_t i = 0; i < s->bundle->n_series; i++) {
        const struct mt_series *series = &s->bundle->series[i];
        struct mt_series_trend *t = &a->trends[a->n_trends++];
        struct mt_effect effect = effect_of(series->metric);
        t->series = series;
        t->trend = mt_trend_of(series->time_ns, series->value, series->n, &effect);
        if (mt_metric_info(series->metric)->counter) {
            t->trend.significant = false; /* a counter always rises */
            t->trend.shape = MT_SHAPE_UNKNOWN;
        }
        const struct mt_series_trend *best = s->by_metric[series->metric];
        if (!best || covers_more(s, series, best->series))
            s->by_metric[series->metric] = t;
    }
    memory_classes(s);
}
