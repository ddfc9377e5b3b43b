/* SPDX-License-Identifier: Apache-2.0 */
/* Values by snapshot with their intervals, and the trend with its band. */
#include "report/render/charts/charts.h"

#include <math.h>

struct geometry {
    double width, height, left, right, top, bottom;
    size_t value_ticks, time_ticks;
};

static const struct geometry sizes[] = {
    [MT_WIDE] = {520, 244, 52, 424, 18, 214, 6, 5},
    [MT_NARROW] = {296, 210, 42, 222, 16, 180, 5, 3},
    [MT_PHONE] = {296, 210, 42, 222, 16, 180, 5, 3},
};

static double greatest(const struct mt_evidence_chart *c)
{
    double top = 0;
    for (size_t i = 0; i < c->n; i++)
        top = fmax(top, c->high ? fmin(c->high[i], c->value[i] * 2) : c->value[i]);
    return top;
}

/* The slope's interval turns about the line's middle. */
static void band(struct mt_svg *s, const struct mt_plot *p, const struct mt_evidence_chart *c)
{
    double from = (double)(c->time_ns[0] - c->pivot_ns) / 1e9;
    double to = (double)(c->time_ns[c->n - 1] - c->pivot_ns) / 1e9;
    double x1 = mt_plot_x(p, c->time_ns[0], c->start_ns);
    double x2 = mt_plot_x(p, c->time_ns[c->n - 1], c->start_ns);
    double xm = mt_plot_x(p, c->pivot_ns, c->start_ns);
    double low = c->slope_low, high = c->slope_high, mid = c->pivot_value;
    if (!isfinite(low) || !isfinite(high))
        return;
    struct mt_text d = {0};
    mt_path_move(&d, x1, mt_scale_at(&p->y, fmax(mid + low * from, 0)));
    mt_path_line(&d, xm, mt_scale_at(&p->y, mid));
    mt_path_line(&d, x2, mt_scale_at(&p->y, fmax(mid + high * to, 0)));
    mt_path_line(&d, x2, mt_scale_at(&p->y, fmax(mid + low * to, 0)));
    mt_path_line(&d, xm, mt_scale_at(&p->y, mid));
    mt_path_line(&d, x1, mt_scale_at(&p->y, fmax(mid + high * from, 0)));
    mt_text_byte(&d, 'Z');
    mt_svg_path_open(s, d.data, MT_T_SUSPECT, MT_NO_STROKE, NULL);
    mt_xml_attr(s->x, "opacity", "0.2");
    mt_xml_end(s->x);
    mt_text_clear(&d);
}

static void whiskers(struct mt_svg *s, const struct mt_plot *p, const struct mt_evidence_chart *c)
{
    struct mt_text d = {0};
    for (size_t i = 0; c->low && i < c->n; i++) {
        double x = mt_plot_x(p, c->time_ns[i], c->start_ns);
        mt_path_move(&d, x, fmin(mt_scale_at(&p->y, c->low[i]), p->bottom));
        mt_path_v(&d, fmax(mt_scale_at(&p->y, c->high[i]), p->top - 6));
    }
    mt_svg_path(s, d.data, MT_T_NONE, MT_RULE);
    mt_text_clear(&d);
}

static void points(struct mt_svg *s, const struct mt_plot *p, const struct mt_evidence_chart *c)
{
    enum mt_token token = mt_tone_token(c->tone);
    if (c->dots) {
        for (size_t i = 0; i < c->n; i++)
            mt_svg_circle(s, mt_plot_x(p, c->time_ns[i], c->start_ns),
                          mt_scale_at(&p->y, c->value[i]), 2.6, token, MT_T_NONE);
        return;
    }
    struct mt_text d = {0};
    mt_plot_trace(&d, p, c->n, c->time_ns, c->value, c->start_ns, false, 0);
    mt_svg_path(s, d.data, MT_T_NONE, (struct mt_stroke){token, 1.25, NULL});
    mt_text_clear(&d);
}

void mt_chart_evidence(struct mt_svg *s, const char *id, const struct mt_evidence_chart *c,
                       enum mt_size size)
{
    const struct geometry *g = &sizes[size];
    struct mt_arena scratch = {0};
    double top = greatest(c);
    struct mt_ticks ticks = c->unit.name ? mt_ticks_bytes(&scratch, 0, top, g->value_ticks)
                                         : mt_ticks_plain(&scratch, 0, top, g->value_ticks);
    double length = (double)(c->end_ns - c->start_ns);
    struct mt_plot p = {.x = {0, length, g->left + 12, g->right - 8},
                        .y = {0, ticks.items[ticks.n - 1].value, g->bottom, g->top},
                        .left = g->left,
                        .right = g->right,
                        .top = g->top,
                        .bottom = g->bottom};
    struct mt_ticks times = mt_ticks_time(&scratch, c->start_ns, c->end_ns, g->time_ticks);
    mt_svg_begin(s, &(struct mt_svg_head){.id = id,
                                          .class_name = "ev",
                                          .title = c->title,
                                          .description = c->description,
                                          .width = g->width,
                                          .height = g->height});
    mt_plot_value_axis(s, &p, &ticks, g->bottom + 17);
    mt_plot_time_axis(s, &p, &times);
    if (c->has_line)
        band(s, &p, c);
    whiskers(s, &p, c);
    if (c->has_line)
        mt_svg_line(
            s, mt_plot_x(&p, c->time_ns[0], c->start_ns), mt_scale_at(&p.y, fmax(c->line_first, 0)),
            mt_plot_x(&p, c->time_ns[c->n - 1], c->start_ns),
            mt_scale_at(&p.y, fmax(c->line_last, 0)), (struct mt_stroke){MT_T_SUSPECT, 1.5, NULL});
    points(s, &p, c);
    double y = fmin(mt_scale_at(&p.y, c->value[c->n - 1]) + 4, g->bottom - 14);
    mt_svg_text(s, g->right + 8, y,
                (struct mt_label_style){mt_tone_token(c->tone), MT_START, true, true},
                c->end_label);
    if (c->end_error)
        mt_svg_text(s, g->right + 8, y + 15,
                    (struct mt_label_style){MT_T_MUTED, MT_START, false, true}, c->end_error);
    mt_svg_end(s);
    mt_arena_clear(&scratch);
}
