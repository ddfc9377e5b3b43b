/* SPDX-License-Identifier: Apache-2.0 */
/* The strip of at most six facts. A fact that is not known says which input would tell it. */
#include "report/view/page/part.h"

#include <math.h>

static struct mt_fact *add(struct mt_part *p, const char *name)
{
    struct mt_fact *f = &p->page->facts[p->page->n_facts++];
    f->name = name;
    f->value = "unknown";
    f->comparison = "";
    return f;
}

static const char *bytes_change(struct mt_part *p, double first, double last)
{
    if (!isfinite(first))
        return "";
    if (first <= 0)
        return mt_fmt_bytes_delta(p->arena, last - first);
    return mt_arena_printf(p->arena, "%s (%s)", mt_fmt_bytes_delta(p->arena, last - first),
                           mt_fmt_share_delta(p->arena, (last - first) / first));
}

static void live_heap(struct mt_part *p)
{
    struct mt_fact *f = add(p, "Live heap");
    const struct mt_page *page = p->page;
    size_t n = page->n_snapshots;
    if (!n) {
        f->comparison = "no heap profile in this bundle";
        return;
    }
    double first = page->snapshots[0].bytes, last = page->snapshots[n - 1].bytes;
    f->value = mt_fmt_bytes(p->arena, last);
    f->exact = mt_fmt_exact_bytes(p->arena, last);
    f->comparison = n > 1 ? bytes_change(p, first, last) : "one snapshot only";
    int64_t *time_ns = MT_NEW_N(p->arena, int64_t, n);
    double *value = MT_NEW_N(p->arena, double, n);
    for (size_t i = 0; i < n; i++) {
        time_ns[i] = page->snapshots[i].time_ns;
        value[i] = page->snapshots[i].bytes;
    }
    if (time_ns[n - 1] != MT_NO_TIME)
        f->spark = mt_spark_of(p->arena, n, time_ns, value, true);
}

static void heap_floor(struct mt_part *p)
{
    struct mt_fact *f = add(p, "Heap floor");
    const struct mt_floor *fl = &p->a->floor;
    if (!fl->present || !fl->n) {
        f->comparison = "needs MemStats, a GC log or a trace";
        return;
    }
    f->spark = mt_spark_of(p->arena, fl->n, fl->time_ns, fl->bytes, true);
    f->exact =
        mt_arena_printf(p->arena, "last %s", mt_fmt_exact_bytes(p->arena, fl->bytes[fl->n - 1]));
    if (fl->trend.coverage <= 0) {
        f->value = mt_fmt_bytes(p->arena, fl->bytes[fl->n - 1]);
        f->comparison = "too few points for a trend";
        return;
    }
    f->value = mt_fmt_byte_rate(p->arena, fl->trend.slope);
    const char *range =
        mt_fmt_byte_rate_range(p->arena, fl->trend.slope, fl->trend.low, fl->trend.high);
    f->comparison =
        fl->trend.significant ? range : mt_arena_printf(p->arena, "%s, no trend", range);
    if (fl->trend.significant && fl->last_half.coverage > 0)
        f->comparison = mt_arena_printf(p->arena, "%s; last half %s", range,
                                        mt_fmt_byte_rate(p->arena, fl->last_half.slope));
    if (fl->trend.significant && !fl->trend.plateau)
        f->tone = MT_TONE_BAD;
}

/* What the whole process takes, as closely as the bundle tells. */
static const struct mt_series *whole_memory(const struct mt_bundle *b, const char **called)
{
    static const struct {
        enum mt_metric metric;
        const char *called;
    } kinds[] = {{MT_M_RSS, "RSS"},
                 {MT_M_CGROUP_ANON, "cgroup anon"},
                 {MT_M_RSS_ANON, "anonymous memory"},
                 {MT_M_CGROUP_CURRENT, "cgroup memory"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct mt_series *s = mt_bundle_series(b, kinds[i].metric);
        *called = kinds[i].called;
        if (s && s->n)
            return s;
    }
    return NULL;
}

static void outside_heap(struct mt_part *p)
{
    struct mt_fact *f = add(p, "Outside heap");
    const char *called;
    const struct mt_series *whole = whole_memory(p->bundle, &called);
    if (!whole) {
        f->comparison = "needs process memory (RSS)";
        return;
    }
    int64_t end = whole->time_ns[whole->n - 1];
    double last = mt_view_series_last(whole);
    double released = mt_view_series_at(mt_bundle_series(p->bundle, MT_M_HEAP_RELEASED), end);
    double sys = mt_view_series_at(mt_bundle_series(p->bundle, MT_M_SYS), end);
    bool of_group = mt_bundle_series(p->bundle, MT_M_CGROUP_CURRENT) == whole;
    f->spark = mt_spark_of(p->arena, whole->n, whole->time_ns, whole->value, true);
    f->exact = mt_fmt_exact_bytes(p->arena, last);
    if (!isfinite(sys) || of_group) { /* a group's usage holds the file cache, too */
        f->name = of_group ? "Container memory" : "Process memory";
        f->value = mt_fmt_bytes(p->arena, last);
        f->comparison = bytes_change(p, mt_view_series_first(whole), last);
        return;
    }
    double outside = last - (sys - (isfinite(released) ? released : 0));
    f->value = outside > 0 ? mt_fmt_bytes(p->arena, outside) : "none seen";
    f->comparison =
        mt_arena_printf(p->arena, "%s %s, %s %s Go's own", called, mt_fmt_bytes(p->arena, last),
                        mt_fmt_bytes(p->arena, fabs(outside)), outside > 0 ? "over" : "under");
}

static void gc_cpu(struct mt_part *p)
{
    struct mt_fact *f = add(p, "GC CPU");
    const struct mt_gc_summary *g = &p->a->gc;
    const struct mt_series *s = mt_bundle_series(p->bundle, MT_M_GC_CPU_FRACTION);
    f->tone = MT_TONE_GC;
    if (!isfinite(g->cpu_share) || !g->present) {
        f->comparison = g->present ? "not in these logs" : "needs a GC log or MemStats";
        return;
    }
    f->value = mt_fmt_share(p->arena, g->cpu_share);
    f->comparison = isfinite(g->assist_share)
                        ? mt_arena_printf(p->arena, "of all CPU; assists mark %s",
                                          mt_fmt_share(p->arena, g->assist_share))
                        : "of all CPU";
    if (s)
        f->spark = mt_spark_of(p->arena, s->n, s->time_ns, s->value, true);
}

static void gc_pause(struct mt_part *p)
{
    struct mt_fact *f = add(p, "GC pause p99");
    const struct mt_gc_summary *g = &p->a->gc;
    f->tone = MT_TONE_GC;
    if (!g->present || !g->n_pauses_counted) {
        f->comparison = "needs a GC log, MemStats or a trace";
        return;
    }
    f->value = mt_fmt_duration(p->arena, (double)g->pause_p99_ns);
    f->comparison =
        mt_arena_printf(p->arena, "max %s, %s", mt_fmt_duration(p->arena, (double)g->pause_max_ns),
                        mt_fmt_plural(p->arena, (double)g->n_pauses_counted, "stop", "stops"));
    size_t n = 0;
    int64_t *time_ns = MT_NEW_N(p->arena, int64_t, g->n_pauses + 1);
    double *value = MT_NEW_N(p->arena, double, g->n_pauses + 1);
    for (size_t i = 0; i < g->n_pauses; i++) {
        if (g->pauses[i].by_capture || g->pauses[i].time_ns == MT_NO_TIME)
            continue;
        time_ns[n] = g->pauses[i].time_ns;
        value[n++] = (double)g->pauses[i].duration_ns;
    }
    f->spark = mt_spark_of(p->arena, n, time_ns, value, false);
}

static void goroutines(struct mt_part *p)
{
    struct mt_fact *f = add(p, "Goroutines");
    const struct mt_series *s = mt_bundle_series(p->bundle, MT_M_GOROUTINES);
    double first = p->a->goroutines_first, last = p->a->goroutines_last;
    if (!isfinite(last)) {
        first = mt_view_series_first(s);
        last = mt_view_series_last(s);
    }
    if (!isfinite(last)) {
        f->comparison = "needs MemStats, a dump or a profile";
        return;
    }
    f->value = mt_fmt_count(p->arena, last);
    if (isfinite(first))
        f->comparison = mt_arena_printf(p->arena, "%s from %s",
                                        last == first ? "unchanged"
                                                      : mt_fmt_count_delta(p->arena, last - first),
                                        mt_fmt_count(p->arena, first));
    if (s)
        f->spark = mt_spark_of(p->arena, s->n, s->time_ns, s->value, true);
}

void mt_part_numbers(struct mt_part *p)
{
    live_heap(p);
    heap_floor(p);
    outside_heap(p);
    gc_cpu(p);
    gc_pause(p);
    goroutines(p);
}
