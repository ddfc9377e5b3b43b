/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured, the fan of its trend, and the interval where it meets the limit. */
#include "report/render/charts/charts.h"

#include <math.h>

struct geometry {
    double width, height, left, right, top, bottom;
    size_t value_ticks, time_ticks;
};

static const struct geometry sizes[] = {
    [MT_WIDE] = {380, 196, 48, 366, 46, 172, 3, 6},
    [MT_NARROW] = {290, 190, 48, 276, 45, 166, 3, 4},
    [MT_PHONE] = {290, 190, 48, 276, 45, 166, 3, 4},
};

static const struct mt_label_style bad_digits = {MT_T_BAD, MT_END, false, true};

/* Ticks under the limit that leave its own label room. */
static void value_axis(struct mt_svg *s, const struct mt_plot *p, const struct mt_ticks *ticks,
                       double limit_y)
{
    struct mt_ticks few = *ticks;
    while (few.n > 1 && mt_scale_at(&p->y, few.items[few.n - 1].value) < limit_y + 16)
        few.n--;
    mt_plot_value_axis(s, p, &few, p->bottom + 17);
}

static void fan(struct mt_svg *s, const struct mt_plot *p, const struct mt_forecast_chart *c,
                double limit_y)
{
    double x = mt_plot_x(p, c->end_ns, c->start_ns), y = mt_scale_at(&p->y, c->now_value);
    double early = mt_plot_x(p, c->at_low_ns, c->start_ns);
    double late = mt_plot_x(p, c->at_high_ns, c->start_ns);
    struct mt_text d = {0};
    mt_path_move(&d, x, y);
    mt_path_line(&d, fmin(early, p->right), limit_y);
    if (c->open_end || late > p->right) {
        double seconds = (double)(c->until_ns - c->end_ns) / 1e9;
        mt_path_line(&d, p->right, limit_y);
        mt_path_line(
            &d, p->right,
            fmax(mt_scale_at(&p->y, c->now_value + fmax(c->slope_low, 0) * seconds), limit_y));
    } else {
        mt_path_line(&d, late, limit_y);
    }
    mt_text_byte(&d, 'Z');
    mt_svg_path_open(s, d.data, MT_T_SUSPECT, MT_NO_STROKE, NULL);
    mt_xml_attr(s->x, "opacity", "0.22");
    mt_xml_end(s->x);
    mt_text_clear(&d);
    mt_svg_line(s, x, y, mt_plot_x(p, c->at_ns, c->start_ns), limit_y,
                (struct mt_stroke){MT_T_BAD, 1.25, "4 3"});
}

static void marks_on_the_limit(struct mt_svg *s, const struct mt_plot *p,
                               const struct mt_forecast_chart *c, double limit_y)
{
    double early = mt_plot_x(p, c->at_low_ns, c->start_ns), late = p->right;
    if (!c->open_end)
        late = fmin(mt_plot_x(p, c->at_high_ns, c->start_ns), p->right);
    mt_svg_line(s, early, limit_y, late, limit_y, (struct mt_stroke){MT_T_BAD, 5, NULL});
    double at = mt_plot_x(p, c->at_ns, c->start_ns);
    mt_svg_circle(s, at, limit_y, 4, MT_T_BAD, MT_T_NONE);
    double whole = mt_plot_x(p, c->whole_at_ns, c->start_ns);
    if (c->whole_at_ns > c->end_ns && c->whole_at_ns < c->until_ns && fabs(whole - at) > 2)
        mt_svg_circle(s, whole, limit_y, 4, MT_T_BAD_BG, MT_T_BAD);
    mt_svg_text(s, fmin(late + 14, p->right), limit_y - 10,
                (struct mt_label_style){MT_T_BAD, MT_END, true, true}, c->at_label);
}

void mt_chart_forecast(struct mt_svg *s, const char *id, const struct mt_forecast_chart *c,
                       enum mt_size size)
{
    const struct geometry *g = &sizes[size];
    struct mt_arena scratch = {0};
    struct mt_plot p = {.x = {0, (double)(c->until_ns - c->start_ns), g->left, g->right},
                        .y = {0, c->limit, g->bottom, g->top},
                        .left = g->left,
                        .right = g->right,
                        .top = g->top,
                        .bottom = g->bottom};
    struct mt_ticks ticks = mt_ticks_bytes(&scratch, 0, c->limit * 0.999, g->value_ticks);
    struct mt_ticks times = mt_ticks_time(&scratch, c->start_ns, c->until_ns, g->time_ticks);
    mt_svg_begin(s, &(struct mt_svg_head){.id = id,
                                          .class_name = "ev",
                                          .title = c->title,
                                          .description = c->description,
                                          .width = g->width,
                                          .height = g->height});
    value_axis(s, &p, &ticks, g->top);
    mt_plot_time_axis(s, &p, &times);
    mt_svg_line(s, g->left, g->top, g->right, g->top,
                (struct mt_stroke){MT_T_BAD, 1.25, "8 2 2 2"});
    struct mt_byte_unit unit = {ticks.unit, mt_byte_unit_for(c->limit * 0.999).bytes};
    mt_svg_text(s, g->left - 8, g->top + 4, bad_digits, mt_fmt_in(&scratch, unit, c->limit));
    mt_svg_text(s, g->left + 4, g->top - 7,
                (struct mt_label_style){MT_T_BAD, MT_START, false, false}, c->limit_name);
    fan(s, &p, c, g->top);
    struct mt_text d = {0};
    mt_plot_trace(&d, &p, c->points.n, c->points.time_ns, c->points.value, c->start_ns, false, 0);
    mt_svg_path(s, d.data, MT_T_NONE, (struct mt_stroke){MT_T_TEXT, 1.5, NULL});
    mt_text_clear(&d);
    double end = mt_plot_x(&p, c->end_ns, c->start_ns);
    mt_svg_line(s, end, g->top, end, g->bottom, MT_RULE);
    bool room = end + 120 < g->right;
    mt_svg_text(s, room ? end + 5 : end - 5, g->bottom - 7,
                (struct mt_label_style){MT_T_MUTED, room ? MT_START : MT_END, false, false},
                mt_arena_printf(&scratch, "data ends %s", mt_fmt_clock(&scratch, c->end_ns)));
    double y = mt_scale_at(&p.y, c->points.value[c->points.n - 1]);
    mt_svg_text(s, fmax(g->left + 6, end - 8 - mt_text_width(c->quantity)),
                fmax(y - 10, g->top + 16),
                (struct mt_label_style){MT_T_TEXT, MT_START, false, false}, c->quantity);
    marks_on_the_limit(s, &p, c, g->top);
    mt_svg_end(s);
    mt_arena_clear(&scratch);
}
