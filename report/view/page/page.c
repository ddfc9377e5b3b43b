/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/page/part.h"

#include <math.h>

const struct mt_page *mt_page_of(const struct mt_view *view)
{
    if (*view->page)
        return *view->page;
    struct mt_page *page = MT_NEW(view->arena, struct mt_page);
    *view->page = page;
    if (view->diff) {
        struct mt_part diff = {.arena = view->arena, .view = view, .page = page};
        mt_part_diff(&diff);
        return page;
    }
    struct mt_part p = {view->arena, view, view->assessment->bundle, view->assessment, page};
    mt_part_snapshots(&p);
    mt_part_suspects(&p);
    mt_part_asides(&p);
    mt_part_growth(&p);
    mt_part_head(&p);
    mt_part_forecast(&p);
    mt_part_numbers(&p);
    mt_part_lanes(&p);
    mt_part_time(&p);
    mt_part_flame(&p);
    mt_part_change(&p);
    mt_part_functions(&p);
    mt_part_by_label(&p);
    mt_part_gc(&p);
    mt_part_memory(&p);
    mt_part_goroutines(&p);
    mt_part_requests(&p);
    mt_part_inputs(&p);
    mt_part_method(&p);
    return page;
}

unsigned mt_page_suspect(const struct mt_page *page, uint32_t function)
{
    for (size_t i = 0; function && i < page->n_suspects; i++)
        if (page->suspects[i].function == function)
            return page->suspects[i].number;
    return 0;
}

struct mt_name mt_part_name(struct mt_part *p, uint32_t function)
{
    const char *text = mt_view_text(p->view, function);
    return mt_name_of(p->arena, *text ? text : "(unknown)");
}

double mt_view_series_at(const struct mt_series *s, int64_t time_ns)
{
    if (!s || !s->n)
        return NAN;
    size_t low = 0, high = s->n; /* the first after the time */
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->time_ns[mid] <= time_ns)
            low = mid + 1;
        else
            high = mid;
    }
    return s->value[low ? low - 1 : 0];
}

double mt_view_series_last(const struct mt_series *s)
{
    return s && s->n ? s->value[s->n - 1] : NAN;
}

double mt_view_series_first(const struct mt_series *s)
{
    return s && s->n ? s->value[0] : NAN;
}

struct mt_spark mt_spark_of(struct mt_arena *a, size_t n, const int64_t *time_ns,
                            const double *value, bool steps)
{
    struct mt_spark out = {.steps = steps};
    if (n < 2 || time_ns[n - 1] <= time_ns[0])
        return out;
    struct mt_points p = mt_thin(a, n, time_ns, value, time_ns[0], time_ns[n - 1], 40);
    double top = 0, length = (double)(time_ns[n - 1] - time_ns[0]);
    for (size_t i = 0; i < p.n; i++)
        top = fmax(top, p.value[i]);
    double *x = MT_NEW_N(a, double, p.n), *y = MT_NEW_N(a, double, p.n);
    for (size_t i = 0; i < p.n; i++) {
        x[i] = (double)(p.time_ns[i] - time_ns[0]) / length;
        y[i] = top > 0 ? fmax(p.value[i], 0) / top : 0;
    }
    out.n = p.n;
    out.x = x;
    out.y = y;
    return out;
}
