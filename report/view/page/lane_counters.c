/* SPDX-License-Identifier: Apache-2.0 */
/* Lane C: small charts that share the time axis, each with a zero-based axis of its own. */
#include "report/view/page/lane_part.h"

#include <math.h>

enum { LANE_COLUMNS = 444, MOST_CHARTS = 6, MOST_LINES = 5, MOST_OUTLIERS = 24 };

static struct mt_lane_chart *chart(struct mt_part *p, struct mt_lanes *l, const char *title)
{
    struct mt_lane_chart *c = &l->charts[l->n_charts++];
    c->title = title;
    c->lines = MT_NEW_N(p->arena, struct mt_lane_line, MOST_LINES);
    return c;
}

/* True when the series lies on the common clock, so it may stand in a lane. */
static bool is_placed(const struct mt_series *s)
{
    return s && s->n > 1 && s->clock && s->clock->clock != MT_CLOCK_NONE;
}

static struct mt_lane_line *line(struct mt_part *p, const struct mt_lanes *l,
                                 struct mt_lane_chart *c, enum mt_role role, const char *name,
                                 size_t n, const int64_t *time_ns, const double *value)
{
    struct mt_points pts =
        mt_thin(p->arena, n, time_ns, value, l->start_ns, l->end_ns, LANE_COLUMNS);
    if (pts.n < 2 || c->n_lines == MOST_LINES)
        return NULL;
    struct mt_lane_line *out = &c->lines[c->n_lines++];
    out->role = role;
    out->metric = MT_METRIC_COUNT;
    out->name = name;
    out->points = pts;
    out->gap_ns = (l->end_ns - l->start_ns) / 20;
    int64_t usual = (pts.time_ns[pts.n - 1] - pts.time_ns[0]) / (int64_t)(pts.n - 1);
    if (out->gap_ns / 8 < usual)
        out->gap_ns = usual < INT64_MAX / 8 ? 8 * usual : INT64_MAX;
    for (size_t i = 0; i < pts.n; i++)
        c->top = fmax(c->top, pts.value[i]);
    double last = pts.value[pts.n - 1];
    out->label =
        mt_arena_printf(p->arena, "%s %s", name,
                        c->bytes ? mt_fmt_bytes(p->arena, last) : mt_fmt_count(p->arena, last));
    return out;
}

static struct mt_lane_line *series_line(struct mt_part *p, struct mt_lanes *l,
                                        struct mt_lane_chart *c, enum mt_role role,
                                        const char *name, enum mt_metric metric)
{
    const struct mt_series *s = mt_bundle_series(p->bundle, metric);
    struct mt_lane_line *out =
        is_placed(s) ? line(p, l, c, role, name, s->n, s->time_ns, s->value) : NULL;
    if (out)
        out->metric = metric;
    return out;
}

static void limit_line(struct mt_part *p, struct mt_lanes *l, struct mt_lane_chart *c,
                       double within)
{
    double limit = (double)p->bundle->manifest.memory_limit_bytes;
    const char *name = "limit";
    if (!(limit > 0)) {
        limit = (double)p->bundle->manifest.gomemlimit_bytes;
        name = "GOMEMLIMIT";
    }
    if (!(limit > 0) || limit > within * c->top || limit < c->top / 4)
        return;
    int64_t *t = MT_NEW_N(p->arena, int64_t, 2);
    double *v = MT_NEW_N(p->arena, double, 2);
    t[0] = l->start_ns;
    t[1] = l->end_ns;
    v[0] = v[1] = limit;
    line(p, l, c, MT_ROLE_LIMIT, name, 2, t, v);
}

static void drop_if_empty(struct mt_lanes *l)
{
    if (!l->charts[l->n_charts - 1].n_lines)
        l->n_charts--;
}

/* Only a trend that counts is drawn, and only where its interval is narrower than itself. */
static void floor_trend(struct mt_part *p, struct mt_lanes *l, struct mt_lane_chart *c)
{
    const struct mt_trend *t = &p->a->floor.trend;
    if (!t->significant || t->coverage <= 0 || !isfinite(t->low) || !isfinite(t->high))
        return;
    if (t->high - t->low > t->slope) /* a fan over the whole chart: the figure says it better */
        return;
    struct mt_lane_trend *out = &c->trend;
    out->start_ns = t->start_ns > l->start_ns ? t->start_ns : l->start_ns;
    out->end_ns = t->end_ns < l->end_ns ? t->end_ns : l->end_ns;
    out->pivot_ns = out->start_ns + (out->end_ns - out->start_ns) / 2;
    out->pivot_value =
        t->intercept + t->slope * ((double)out->pivot_ns - (double)t->start_ns) / 1e9;
    out->low = t->low;
    out->high = t->high;
    out->present = out->end_ns > out->start_ns;
}

static bool shows(const struct mt_lane_chart *c, enum mt_metric metric)
{
    for (size_t i = 0; i < c->n_lines; i++)
        if (c->lines[i].metric == metric)
            return true;
    return false;
}

static void outliers(struct mt_part *p, struct mt_lanes *l)
{
    for (size_t k = 0; k < l->n_charts; k++) {
        struct mt_lane_chart *c = &l->charts[k];
        c->outliers = MT_NEW_N(p->arena, struct mt_lane_outlier, MOST_OUTLIERS);
        for (size_t i = 0; i < p->a->n_anomalies && c->n_outliers < MOST_OUTLIERS; i++) {
            const struct mt_anomaly *an = &p->a->anomalies[i];
            if (!shows(c, an->metric) || an->time_ns < l->start_ns || an->time_ns > l->end_ns)
                continue;
            const char *name = mt_metric_info(an->metric)->name;
            c->outliers[c->n_outliers++] = (struct mt_lane_outlier){
                an->time_ns, an->value,
                mt_arena_printf(p->arena, "%s out of line at %s: %s, mean before %s", name,
                                mt_fmt_clock(p->arena, an->time_ns),
                                c->bytes ? mt_fmt_bytes(p->arena, an->value)
                                         : mt_fmt_count(p->arena, an->value),
                                c->bytes ? mt_fmt_bytes(p->arena, an->mean)
                                         : mt_fmt_count(p->arena, an->mean))};
        }
    }
}

static void heap(struct mt_part *p, struct mt_lanes *l)
{
    struct mt_lane_chart *c = chart(p, l, "heap");
    c->bytes = true;
    if (!series_line(p, l, c, MT_ROLE_LIVE, "HeapAlloc", MT_M_HEAP_ALLOC))
        series_line(p, l, c, MT_ROLE_LIVE, "heap live", MT_M_HEAP_LIVE);
    if (!series_line(p, l, c, MT_ROLE_GOAL, "heap goal", MT_M_NEXT_GC))
        series_line(p, l, c, MT_ROLE_GOAL, "heap goal", MT_M_HEAP_GOAL);
    const struct mt_floor *f = &p->a->floor;
    if (f->present && f->n > 1)
        line(p, l, c, MT_ROLE_FLOOR, "floor", f->n, f->time_ns, f->bytes);
    floor_trend(p, l, c);
    limit_line(p, l, c, 1.3);
    drop_if_empty(l);
}

static void process(struct mt_part *p, struct mt_lanes *l)
{
    struct mt_lane_chart *c = chart(p, l, "process");
    c->bytes = true;
    series_line(p, l, c, MT_ROLE_RSS, "RSS", MT_M_RSS);
    if (!c->n_lines)
        series_line(p, l, c, MT_ROLE_RSS, "cgroup", MT_M_CGROUP_CURRENT);
    if (!c->n_lines)
        series_line(p, l, c, MT_ROLE_RSS, "Sys", MT_M_SYS);
    else
        series_line(p, l, c, MT_ROLE_GOAL, "Sys", MT_M_SYS);
    if (c->n_lines)
        limit_line(p, l, c, 2.5);
    drop_if_empty(l);
}

static void stacks_and_goroutines(struct mt_part *p, struct mt_lanes *l)
{
    struct mt_lane_chart *c = chart(p, l, "goroutines");
    series_line(p, l, c, MT_ROLE_GOROUTINES, "goroutines", MT_M_GOROUTINES);
    drop_if_empty(l);
    const struct mt_series *s = mt_bundle_series(p->bundle, MT_M_STACK_INUSE);
    if (!is_placed(s) || !(mt_view_series_last(s) > 1.5 * mt_view_series_first(s)))
        return; /* worth a chart only when it moves */
    c = chart(p, l, "stacks");
    c->bytes = true;
    series_line(p, l, c, MT_ROLE_STACKS, "stacks", MT_M_STACK_INUSE);
    drop_if_empty(l);
}

static int64_t bin_of(int64_t window_ns)
{
    static const int64_t seconds[] = {1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 21600, 86400};
    size_t i = 0;
    while (i + 1 < sizeof seconds / sizeof *seconds && window_ns / (seconds[i] * MT_SECOND_NS) > 48)
        i++;
    return seconds[i] * MT_SECOND_NS;
}

/* Share of the CPUs that cycles of the log took, by bins of time. */
static void gc_cpu(struct mt_part *p, struct mt_lanes *l)
{
    struct mt_lane_cycles log = mt_lane_cycles_of(p);
    int64_t bin = bin_of(l->end_ns - l->start_ns);
    size_t n = (size_t)((l->end_ns - l->start_ns) / bin) + 1;
    double *share = MT_NEW_N(p->arena, double, n);
    int64_t *time_ns = MT_NEW_N(p->arena, int64_t, n);
    bool any = false;
    for (size_t i = 0; i < n; i++)
        time_ns[i] = l->start_ns + (int64_t)i * bin;
    for (size_t i = 0; i < log.n; i++) {
        const struct mt_gc_cycle *c = log.items[i];
        if (c->kind != MT_GC_GO)
            continue;
        double cpu = (double)c->cpu_sweep_term_ns + (double)c->cpu_assist_ns +
                     (double)c->cpu_background_ns +
                     (double)c->cpu_mark_term_ns; /* idle-time marking takes nobody's time */
        if (c->time_ns == MT_NO_TIME || c->time_ns < l->start_ns || c->time_ns > l->end_ns ||
            !c->procs || cpu <= 0)
            continue;
        size_t at = (size_t)((c->time_ns - l->start_ns) / bin);
        share[at] += 100.0 * cpu / ((double)bin * c->procs);
        any = true;
    }
    if (!any)
        return;
    struct mt_lane_chart *c = chart(p, l, "GC CPU");
    c->axis_unit = "%";
    c->bars = true;
    c->bar_ns = bin;
    struct mt_lane_line *bars = &c->lines[c->n_lines++];
    bars->metric = MT_METRIC_COUNT;
    bars->role = MT_ROLE_GC;
    bars->name = "GC CPU";
    bars->label = mt_arena_printf(p->arena, "GC CPU in %s", mt_fmt_duration(p->arena, (double)bin));
    bars->points = (struct mt_points){n, n, time_ns, share};
    for (size_t i = 0; i < n; i++)
        c->top = fmax(c->top, share[i]);
}

static void latency(struct mt_part *p, struct mt_lanes *l)
{
    const struct mt_request_summary *r = &p->a->requests;
    if (!r->present || r->n_buckets < 2)
        return;
    struct mt_lane_chart *c = chart(p, l, "requests");
    c->axis_unit = "ms";
    double *p50 = MT_NEW_N(p->arena, double, r->n_buckets);
    double *p95 = MT_NEW_N(p->arena, double, r->n_buckets);
    for (size_t i = 0; i < r->n_buckets; i++) {
        p50[i] = r->bucket_p50[i] / 1e6;
        p95[i] = r->bucket_p95[i] / 1e6;
    }
    struct mt_lane_line *a = line(p, l, c, MT_ROLE_LATENCY, "p95", r->n_buckets, r->bucket_ns, p95);
    struct mt_lane_line *b = line(p, l, c, MT_ROLE_GOAL, "p50", r->n_buckets, r->bucket_ns, p50);
    if (a)
        a->label = mt_arena_printf(p->arena, "request p95 %s",
                                   mt_fmt_duration(p->arena, (double)r->p95_ns));
    if (b)
        b->label =
            mt_arena_printf(p->arena, "p50 %s", mt_fmt_duration(p->arena, (double)r->p50_ns));
    drop_if_empty(l);
}

static void subtitle(struct mt_part *p, struct mt_lanes *l)
{
    size_t drawn = 0, of = 0;
    for (size_t i = 0; i < l->n_charts; i++)
        for (size_t k = 0; k < l->charts[i].n_lines; k++) {
            drawn += l->charts[i].lines[k].points.n;
            of += l->charts[i].lines[k].points.of;
        }
    const struct mt_series *s = mt_bundle_series(p->bundle, MT_M_HEAP_ALLOC);
    const char *every = "";
    if (is_placed(s) && s->n > 1)
        every = mt_arena_printf(
            p->arena, "MemStats every %s \xc2\xb7 ",
            mt_fmt_duration(p->arena,
                            (double)(s->time_ns[s->n - 1] - s->time_ns[0]) / (double)(s->n - 1)));
    l->sub_c =
        mt_arena_printf(p->arena, "%s%s of %s points drawn", every,
                        mt_fmt_count(p->arena, (double)drawn), mt_fmt_count(p->arena, (double)of));
    if (s && s->clock)
        l->badge_c = mt_lane_badge(p, s->clock);
}

void mt_lane_counters(struct mt_part *p, struct mt_lanes *l)
{
    l->charts = MT_NEW_N(p->arena, struct mt_lane_chart, MOST_CHARTS);
    heap(p, l);
    process(p, l);
    stacks_and_goroutines(p, l);
    gc_cpu(p, l);
    latency(p, l);
    outliers(p, l);
    if (l->n_charts)
        subtitle(p, l);
}
