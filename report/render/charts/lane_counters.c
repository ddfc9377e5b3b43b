/* SPDX-License-Identifier: Apache-2.0 */
/* Lane C: small line charts, each with its own zero-based axis, directly labelled. */
#include "report/render/charts/lane_draw.h"

#include <math.h>

static struct mt_stroke stroke_of(enum mt_role role)
{
    static const struct mt_stroke strokes[] = {
        [MT_ROLE_LIVE] = {MT_T_SERIES1, 1.25, NULL},
        [MT_ROLE_GOAL] = {MT_T_SERIES2, 1.25, "6 3"},
        [MT_ROLE_RSS] = {MT_T_SERIES3, 1.5, NULL},
        [MT_ROLE_STACKS] = {MT_T_SERIES4, 1.5, "8 2 2 2"},
        [MT_ROLE_GOROUTINES] = {MT_T_SERIES5, 1.5, NULL},
        [MT_ROLE_FLOOR] = {MT_T_BAD, 1.75, NULL},
        [MT_ROLE_LIMIT] = {MT_T_BAD, 1.25, "8 2 2 2"},
        [MT_ROLE_GC] = {MT_T_GC, 1.25, NULL},
        [MT_ROLE_LATENCY] = {MT_T_SERIES4, 1.25, NULL},
    };
    return strokes[role];
}

static void bars(struct mt_lane_draw *d, const struct mt_plot *p, const struct mt_lane_chart *c)
{
    struct mt_text path = {0};
    const struct mt_points *pts = &c->lines[0].points;
    for (size_t i = 0; i < pts->n; i++) {
        double a = mt_lane_x(d, pts->time_ns[i]);
        double b = fmin(mt_lane_x(d, pts->time_ns[i] + c->bar_ns), p->right);
        if (!(pts->value[i] > 0) || b - a < 0.5)
            continue;
        mt_path_move(&path, a, p->bottom);
        mt_path_v(&path, mt_scale_at(&p->y, pts->value[i]));
        mt_path_h(&path, fmax(b - 1, a + 0.5));
        mt_path_v(&path, p->bottom);
        mt_text_byte(&path, 'Z');
    }
    mt_svg_path(d->s, path.data, MT_T_GC, MT_NO_STROKE);
    mt_text_clear(&path);
}

static void trend(struct mt_lane_draw *d, const struct mt_plot *p, const struct mt_lane_trend *t)
{
    double before = (double)(t->start_ns - t->pivot_ns) / 1e9;
    double after = (double)(t->end_ns - t->pivot_ns) / 1e9;
    double x1 = mt_lane_x(d, t->start_ns), x2 = mt_lane_x(d, t->end_ns);
    double xm = mt_lane_x(d, t->pivot_ns), ym = mt_scale_at(&p->y, t->pivot_value);
    const double corners[][2] = {{x1, t->pivot_value + t->low * before},
                                 {x2, t->pivot_value + t->high * after},
                                 {x2, t->pivot_value + t->low * after},
                                 {x1, t->pivot_value + t->high * before}};
    struct mt_text path = {0};
    for (size_t i = 0; i < 4; i++) {
        double y = fmin(fmax(mt_scale_at(&p->y, corners[i][1]), p->top), p->bottom);
        if (!i)
            mt_path_move(&path, corners[i][0], y);
        else
            mt_path_line(&path, corners[i][0], y);
        if (i % 2 == 0)
            mt_path_line(&path, xm, ym);
    }
    mt_text_byte(&path, 'Z');
    mt_svg_path_open(d->s, path.data, MT_T_SUSPECT, MT_NO_STROKE, NULL);
    mt_xml_attr(d->s->x, "opacity", "0.16");
    mt_svg_title(d->s, "trend of the floor with its 95% interval");
    mt_xml_end(d->s->x);
    mt_text_clear(&path);
}

static void outliers(struct mt_lane_draw *d, const struct mt_plot *p, const struct mt_lane_chart *c)
{
    for (size_t i = 0; i < c->n_outliers; i++) {
        const struct mt_lane_outlier *o = &c->outliers[i];
        double y = fmax(mt_scale_at(&p->y, o->value), p->top);
        mt_svg_circle_open(d->s, mt_lane_x(d, o->time_ns), y, 4, MT_T_BG, MT_T_WARN, NULL);
        mt_svg_title(d->s, o->text);
        mt_xml_end(d->s->x);
    }
}

static void draw_chart(struct mt_lane_draw *d, const struct mt_lane_chart *c, double top,
                       double bottom)
{
    size_t most = bottom - top > 80 ? 3 : 2;
    struct mt_ticks ticks = c->bytes ? mt_ticks_bytes(d->scratch, 0, c->top, most)
                                     : mt_ticks_plain(d->scratch, 0, c->top, most);
    if (!c->bytes)
        ticks.unit = c->axis_unit;
    struct mt_plot p = {.x = d->x,
                        .y = {0, ticks.items[ticks.n - 1].value, bottom, top},
                        .left = d->at.left,
                        .right = d->at.right,
                        .top = top,
                        .bottom = bottom};
    mt_lane_grid(d, top, bottom);
    mt_plot_value_axis(d->s, &p, &ticks, 0);
    struct mt_lane_label labels[MT_LANE_LABELS];
    size_t n = 0;
    mt_svg_group(d->s, "zx");
    if (c->trend.present)
        trend(d, &p, &c->trend);
    for (size_t i = 0; i < c->n_lines; i++) {
        const struct mt_lane_line *line = &c->lines[i];
        double last = line->points.value[line->points.n - 1];
        if (c->bars) {
            bars(d, &p, c);
            last = c->top / 2;
        } else {
            struct mt_text path = {0};
            mt_plot_trace(&path, &p, line->points.n, line->points.time_ns, line->points.value,
                          d->l->start_ns, false, line->gap_ns);
            mt_svg_path(d->s, path.data, MT_T_NONE, stroke_of(line->role));
            mt_text_clear(&path);
        }
        if (n < MT_LANE_LABELS)
            labels[n++] =
                (struct mt_lane_label){mt_scale_at(&p.y, last), line->label,
                                       stroke_of(line->role).token, line->role == MT_ROLE_FLOOR};
    }
    outliers(d, &p, c);
    mt_xml_end(d->s->x);
    mt_lane_labels(d, labels, n, top, bottom);
}

void mt_lane_draw_counters(struct mt_lane_draw *d)
{
    const struct mt_lanes *l = d->l;
    mt_lane_head(d, d->at.head_c, "C", "What the runtime counted", l->sub_c, l->badge_c);
    for (size_t i = 0; i < l->n_charts; i++)
        draw_chart(d, &l->charts[i], d->at.top_c[i], d->at.bottom_c[i]);
}
