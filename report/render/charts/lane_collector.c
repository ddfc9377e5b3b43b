/* SPDX-License-Identifier: Apache-2.0 */
/* Lane B: a bar a cycle, traces as shaded spans, short traces magnified below them. */
#include "report/render/charts/lane_draw.h"

#include <math.h>

static void bars(struct mt_lane_draw *d, const struct mt_plot *p)
{
    const struct mt_lanes *l = d->l;
    struct mt_text path = {0};
    double step = (p->right - p->left) / (double)l->n_cycles;
    double width = fmin(fmax(step * 0.5, 1), 3);
    double column = -1, tallest = p->bottom;
    for (size_t i = 0; i <= l->n_cycles; i++) { /* one bar a column: the longest of its cycles */
        double x =
            i < l->n_cycles ? floor(mt_lane_x(d, l->cycles[i].time_ns) / width) * width : 1e9;
        if (x > column && column >= 0) {
            mt_path_move(&path, column + width / 2, p->bottom);
            mt_path_v(&path, fmin(tallest, p->bottom - 1));
            tallest = p->bottom;
        }
        if (i == l->n_cycles)
            break;
        column = x;
        tallest = fmin(tallest, mt_scale_at(&p->y, (double)l->cycles[i].duration_ns / 1e6));
    }
    mt_svg_path(d->s, path.data, MT_T_NONE, (struct mt_stroke){MT_T_GC, width, NULL});
    mt_text_clear(&path);
}

static void cycles(struct mt_lane_draw *d)
{
    const struct mt_lanes *l = d->l;
    double top_ms = (double)l->longest_cycle_ns / 1e6;
    struct mt_ticks ticks =
        top_ms < 1 ? mt_ticks_plain(d->scratch, 0, 1, 1) : mt_ticks_plain(d->scratch, 0, top_ms, 2);
    ticks.unit = "ms";
    struct mt_plot p = {
        .left = d->at.left,
        .right = d->at.right,
        .top = d->at.top_b,
        .bottom = d->at.bottom_b,
        .y = {0, fmax(top_ms * 1.08, ticks.items[ticks.n > 1].value), d->at.bottom_b, d->at.top_b}};
    mt_lane_grid(d, p.top, p.bottom);
    mt_plot_value_axis(d->s, &p, &ticks, 0);
    mt_svg_group(d->s, "zx");
    bars(d, &p);
    mt_xml_end(d->s->x);
    struct mt_label_style style = {MT_T_TEXT, MT_START, false, true};
    for (size_t i = 0; i < l->n_cycle_labels; i++) {
        mt_svg_text(d->s, d->at.right + 14, p.top + 10 + 15 * (double)i, style, l->cycle_labels[i]);
        style.token = MT_T_MUTED;
    }
    if (l->stops_label) {
        mt_svg_group(d->s, "zx");
        double x = mt_lane_x(d, l->stops[0].time_ns);
        bool flip = x > d->at.right - 140;
        mt_svg_text(d->s, flip ? x - 4 : x + 4, p.top - 4,
                    (struct mt_label_style){MT_T_GC, flip ? MT_END : MT_START, false, true},
                    mt_arena_printf(d->scratch, "stops of %s", l->stops_label));
        mt_xml_end(d->s->x);
    }
}

/* --- magnified panels --- */

struct panel {
    const struct mt_lane_trace *t;
    double x, width;
    bool first;
};

static double panel_x(const struct panel *p, int64_t time_ns)
{
    double length = (double)(p->t->end_ns - p->t->start_ns);
    return p->x + (double)(time_ns - p->t->start_ns) / length * p->width;
}

static void connect(struct mt_lane_draw *d, const struct panel *p)
{
    double a = mt_lane_x(d, p->t->start_ns), b = fmax(mt_lane_x(d, p->t->end_ns), a + 2);
    struct mt_text path = {0};
    mt_svg_group(d->s, "cx");
    mt_svg_rect(d->s, a, d->at.top_b, b - a, d->at.bottom_b - d->at.top_b, MT_T_BAND3, MT_T_NONE);
    mt_path_move(&path, a, d->at.bottom_b);
    mt_path_line(&path, p->x, d->at.panel_top - 4);
    mt_path_h(&path, p->x + p->width);
    mt_path_line(&path, b, d->at.bottom_b);
    mt_svg_path(d->s, path.data, MT_T_NONE, MT_RULE);
    mt_xml_end(d->s->x);
    mt_text_clear(&path);
    double middle = p->x + p->width / 2;
    mt_svg_text(d->s, middle, d->at.panel_top - 9,
                (struct mt_label_style){MT_T_TEXT, MT_MIDDLE, false, true}, p->t->label);
}

static void marks(struct mt_lane_draw *d, const struct panel *p)
{
    for (size_t i = 0; i < p->t->n_marks; i++) {
        const struct mt_lane_mark *m = &p->t->marks[i];
        double a = fmax(panel_x(p, m->time_ns), p->x);
        double b = fmin(panel_x(p, m->time_ns + m->duration_ns), p->x + p->width);
        struct mt_text path = {0};
        mt_path_move(&path, a, d->at.panel_top);
        mt_path_h(&path, b);
        mt_path_v(&path, d->at.stops_bottom);
        mt_path_h(&path, a);
        mt_text_byte(&path, 'Z');
        mt_svg_path_open(d->s, path.data, MT_T_GC, MT_NO_STROKE, NULL);
        mt_xml_attr(d->s->x, "opacity", "0.16");
        mt_xml_end(d->s->x);
        mt_text_clear(&path);
        mt_svg_line(d->s, a, d->at.panel_top, b, d->at.panel_top,
                    (struct mt_stroke){MT_T_GC, 3, NULL});
    }
}

static void extent_of(const struct mt_points *pts, double *low, double *high)
{
    for (size_t i = 0; i < pts->n; i++) {
        *low = fmin(*low, pts->value[i]);
        *high = fmax(*high, pts->value[i]);
    }
}

static void trace_line(struct mt_lane_draw *d, const struct mt_plot *plot, const struct panel *p,
                       const struct mt_points *pts, struct mt_stroke stroke, bool straight)
{
    struct mt_text path = {0};
    mt_plot_trace(&path, plot, pts->n, pts->time_ns, pts->value, p->t->start_ns, straight, 0);
    mt_svg_path(d->s, path.data, MT_T_NONE, stroke);
    mt_text_clear(&path);
}

static struct mt_plot panel_plot(const struct panel *p, double top, double bottom, double low,
                                 double high)
{
    double length = (double)(p->t->end_ns - p->t->start_ns);
    return (struct mt_plot){.x = {0, length, p->x, p->x + p->width},
                            .y = {low, high, bottom, top},
                            .left = p->x,
                            .right = p->x + p->width,
                            .top = top,
                            .bottom = bottom};
}

static void live_panel(struct mt_lane_draw *d, const struct panel *p)
{
    double low = INFINITY, high = 0;
    extent_of(&p->t->live, &low, &high);
    extent_of(&p->t->goal, &low, &high);
    if (!(high > 0))
        return;
    struct mt_ticks ticks = mt_ticks_bytes(d->scratch, low * 0.95, high * 1.02, 3);
    low = fmin(low * 0.95, ticks.items[0].value);
    high = ticks.items[ticks.n - 1].value;
    struct mt_plot plot = panel_plot(p, d->at.panel_top + 6, d->at.live_bottom, low, high);
    mt_plot_value_axis(d->s, &plot, &ticks, 0);
    trace_line(d, &plot, p, &p->t->goal, (struct mt_stroke){MT_T_SERIES2, 1.5, "6 3"}, false);
    trace_line(d, &plot, p, &p->t->live, (struct mt_stroke){MT_T_SERIES1, 1.5, NULL}, true);
    if (!p->first)
        return;
    struct mt_lane_label labels[2];
    size_t n = 0;
    if (p->t->goal.n)
        labels[n++] =
            (struct mt_lane_label){mt_scale_at(&plot.y, p->t->goal.value[p->t->goal.n - 1]),
                                   "heap goal", MT_T_SERIES2, false};
    if (p->t->live.n)
        labels[n++] =
            (struct mt_lane_label){mt_scale_at(&plot.y, p->t->live.value[p->t->live.n - 1]),
                                   "heap live", MT_T_SERIES1, false};
    mt_lane_labels(d, labels, n, plot.top, plot.bottom);
}

/* A tick below the line for every stop, its length above it. */
static void stops_panel(struct mt_lane_draw *d, const struct panel *p)
{
    double longest = 0, base = d->at.stops_bottom - 8;
    for (size_t i = 0; i < p->t->n_stops; i++)
        longest = fmax(longest, (double)p->t->stops[i].duration_ns);
    mt_svg_line(d->s, p->x, base, p->x + p->width, base, MT_GRID);
    if (!(longest > 0))
        return;
    struct mt_text gc = {0}, own = {0};
    for (size_t i = 0; i < p->t->n_stops; i++) {
        double x = panel_x(p, p->t->stops[i].time_ns);
        struct mt_text *path = p->t->by_capture[i] ? &own : &gc;
        mt_path_move(path, x, base + 5);
        mt_path_v(path, base - (double)p->t->stops[i].duration_ns / longest * 26);
    }
    mt_svg_path(d->s, own.data, MT_T_NONE, (struct mt_stroke){MT_T_EDGE, 1, NULL});
    mt_svg_path(d->s, gc.data, MT_T_NONE, (struct mt_stroke){MT_T_GC, 1, NULL});
    mt_text_clear(&own);
    mt_text_clear(&gc);
    double x = panel_x(p, p->t->longest_ns);
    bool flip = x > p->x + p->width / 2;
    const char *label =
        mt_text_cut(d->scratch, p->t->longest_label, flip ? x - p->x - 6 : p->x + p->width - x - 6);
    if (label)
        mt_svg_text(d->s, flip ? x - 5 : x + 5, base - 18,
                    (struct mt_label_style){MT_T_TEXT, flip ? MT_END : MT_START, false, true},
                    label);
}

static void goroutine_panel(struct mt_lane_draw *d, const struct panel *p)
{
    double low = INFINITY, high = 0;
    extent_of(&p->t->goroutines, &low, &high);
    if (!(high > 0))
        return;
    double room = fmax((high - low) * 0.2, high * 0.03 + 2);
    struct mt_plot plot = panel_plot(p, d->at.stops_bottom + 10, d->at.goroutines_bottom - 4,
                                     fmax(low - room, 0), high + room);
    struct mt_label_style style = {MT_T_MUTED, MT_END, false, true};
    mt_svg_text(d->s, p->x - 8, plot.top + 6, style, mt_fmt_count(d->scratch, high));
    if (high > low)
        mt_svg_text(d->s, p->x - 8, plot.bottom + 2, style, mt_fmt_count(d->scratch, low));
    trace_line(d, &plot, p, &p->t->goroutines, (struct mt_stroke){MT_T_SERIES5, 1.25, NULL}, false);
}

/* A count from zero to its greatest. */
static void row_panel(struct mt_lane_draw *d, const struct panel *p, double top,
                      const struct mt_points *points, enum mt_token token)
{
    double low = 0, high = 0;
    extent_of(points, &low, &high);
    if (top <= 0 || !(high > 0))
        return;
    double bottom = top + MT_LANE_ROW;
    struct mt_plot plot = panel_plot(p, top + 4, bottom, 0, high);
    mt_svg_line(d->s, p->x, bottom, p->x + p->width, bottom, MT_GRID);
    mt_svg_text(d->s, p->x - 8, plot.top + 6,
                (struct mt_label_style){MT_T_MUTED, MT_END, false, true},
                mt_fmt_count(d->scratch, high));
    trace_line(d, &plot, p, points, (struct mt_stroke){token, 1, NULL}, false);
}

static void row_label(struct mt_lane_draw *d, double top, enum mt_token token, const char *text)
{
    mt_svg_text(d->s, d->at.right + 14, top + MT_LANE_ROW - 6,
                (struct mt_label_style){token, MT_START, false, false}, text);
}

static void seconds_axis(struct mt_lane_draw *d, const struct panel *p)
{
    double seconds = (double)(p->t->end_ns - p->t->start_ns) / 1e9;
    struct mt_ticks ticks = mt_ticks_plain(d->scratch, 0, seconds, 4);
    double y = d->at.panel_bottom + 14;
    for (size_t i = 0; i < ticks.n && ticks.items[i].value <= seconds * 1.001; i++) {
        double x = p->x + ticks.items[i].value / seconds * p->width;
        mt_svg_line(d->s, x, d->at.panel_bottom, x, d->at.panel_bottom + 3, MT_RULE);
        mt_svg_text(d->s, x, y, (struct mt_label_style){MT_T_MUTED, MT_MIDDLE, false, true},
                    mt_arena_printf(d->scratch, i ? "%s" MT_NBSP "s" : "%s", ticks.items[i].label));
    }
}

static void panels(struct mt_lane_draw *d)
{
    const struct mt_lanes *l = d->l;
    double gap = d->at.size == MT_WIDE ? 64 : 56;
    double whole = d->at.right - d->at.left;
    double width = (whole - gap * (double)(l->n_traces - 1)) / (double)l->n_traces;
    for (size_t i = 0; i < l->n_traces; i++) {
        struct panel p = {&l->traces[i], d->at.left + (width + gap) * (double)i, width,
                          i + 1 == l->n_traces};
        connect(d, &p);
        mt_svg_group(d->s, "panel");
        mt_xml_attr_at(d->s->x, "data-x", p.x);
        mt_xml_attr_at(d->s->x, "data-w", p.width);
        mt_xml_attr_printf(d->s->x, "data-a", "%.3f", (double)(p.t->start_ns - l->start_ns) / 1e9);
        mt_xml_attr_printf(d->s->x, "data-b", "%.3f", (double)(p.t->end_ns - l->start_ns) / 1e9);
        mt_xml_attr_printf(d->s->x, "data-ys", "%.0f %.0f", d->at.panel_top, d->at.panel_bottom);
        marks(d, &p);
        live_panel(d, &p);
        if (d->at.stops_bottom > d->at.live_bottom)
            stops_panel(d, &p);
        goroutine_panel(d, &p);
        row_panel(d, &p, d->at.runnable_top, &p.t->runnable, MT_T_SERIES3);
        row_panel(d, &p, d->at.in_flight_top, &p.t->in_flight, MT_T_SERIES4);
        seconds_axis(d, &p);
        mt_xml_end(d->s->x);
    }
    struct mt_label_style style = {MT_T_GC, MT_START, false, false};
    if (d->at.stops_bottom > d->at.live_bottom) {
        mt_svg_text(d->s, d->at.right + 14, d->at.stops_bottom - 22, style, "stops by the GC");
        style.token = MT_T_MUTED;
        mt_svg_text(d->s, d->at.right + 14, d->at.stops_bottom - 7, style, "and by the capture");
    }
    style.token = MT_T_SERIES5;
    if (l->traces[0].goroutines.n)
        mt_svg_text(d->s, d->at.right + 14, d->at.goroutines_bottom - 10, style, "goroutines");
    if (d->at.runnable_top > 0)
        row_label(d, d->at.runnable_top, MT_T_SERIES3, "runnable");
    if (d->at.in_flight_top > 0)
        row_label(d, d->at.in_flight_top, MT_T_SERIES4, l->in_flight);
}

/* A trace that is long enough is drawn on the axis itself. */
static void on_the_axis(struct mt_lane_draw *d)
{
    const struct mt_lanes *l = d->l;
    mt_svg_group(d->s, "zx");
    for (size_t t = 0; t < l->n_traces; t++) {
        const struct mt_lane_trace *trace = &l->traces[t];
        double a = mt_lane_x(d, trace->start_ns), b = mt_lane_x(d, trace->end_ns);
        mt_svg_rect(d->s, a, d->at.bottom_b - 4, b - a, 4, MT_T_BAND3, MT_T_NONE);
        struct mt_text shade = {0};
        for (size_t i = 0; i < trace->n_marks; i++) {
            double x = mt_lane_x(d, trace->marks[i].time_ns);
            double end = mt_lane_x(d, trace->marks[i].time_ns + trace->marks[i].duration_ns);
            mt_path_move(&shade, x, d->at.bottom_b);
            mt_path_h(&shade, fmax(end, x + 1));
            mt_path_v(&shade, d->at.bottom_b - 10);
            mt_path_h(&shade, x);
            mt_text_byte(&shade, 'Z');
        }
        if (shade.size) {
            mt_svg_path_open(d->s, shade.data, MT_T_GC, MT_NO_STROKE, NULL);
            mt_xml_attr(d->s->x, "opacity", "0.5");
            mt_xml_end(d->s->x);
        }
        mt_text_clear(&shade);
    }
    mt_xml_end(d->s->x);
}

void mt_lane_draw_collector(struct mt_lane_draw *d)
{
    const struct mt_lanes *l = d->l;
    mt_lane_head(d, d->at.head_b, "B", "What the collector and the scheduler did", l->sub_b,
                 l->badge_b);
    if (l->n_cycles)
        cycles(d);
    else
        mt_lane_grid(d, d->at.top_b, d->at.bottom_b);
    if (!l->n_traces)
        return;
    if (l->magnified)
        panels(d);
    else
        on_the_axis(d);
}
