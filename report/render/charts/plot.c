/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/charts/charts.h"

#include <math.h>
#include <stdio.h>

double mt_chart_width(enum mt_size size)
{
    static const double widths[] = {1168, 704, 296};
    return widths[size];
}

enum mt_token mt_tone_token(enum mt_tone tone)
{
    static const enum mt_token tokens[] = {MT_T_TEXT, MT_T_BAD, MT_T_WARN, MT_T_OK, MT_T_GC};
    return tokens[tone];
}

void mt_plot_value_axis(struct mt_svg *s, const struct mt_plot *p, const struct mt_ticks *ticks,
                        double unit_y)
{
    struct mt_label_style style = {MT_T_MUTED, MT_END, false, true};
    char label[64];
    for (size_t i = 0; i < ticks->n; i++) {
        double y = mt_scale_at(&p->y, ticks->items[i].value);
        if (y < p->top - 0.5 || y > p->bottom + 0.5)
            continue;
        mt_svg_line(s, p->left, y, p->right, y, MT_GRID);
        bool topmost = i + 1 == ticks->n || mt_scale_at(&p->y, ticks->items[i + 1].value) < p->top;
        if (topmost && ticks->unit && unit_y <= 0) {
            snprintf(label, sizeof label, "%s" MT_NBSP "%s", ticks->items[i].label, ticks->unit);
            mt_svg_text(s, p->left - 8, y + 4, style, label);
        } else {
            mt_svg_text(s, p->left - 8, y + 4, style, ticks->items[i].label);
        }
    }
    if (ticks->unit && unit_y > 0)
        mt_svg_text(s, p->left - 8, unit_y,
                    (struct mt_label_style){MT_T_MUTED, MT_END, false, false}, ticks->unit);
}

void mt_plot_time_axis(struct mt_svg *s, const struct mt_plot *p, const struct mt_ticks *ticks)
{
    for (size_t i = 0; i < ticks->n; i++) {
        double x = mt_scale_at(&p->x, ticks->items[i].value);
        mt_svg_line(s, x, p->bottom, x, p->bottom + 4, MT_RULE);
        mt_svg_text(s, x, p->bottom + 17,
                    (struct mt_label_style){MT_T_MUTED, MT_MIDDLE, false, true},
                    ticks->items[i].label);
    }
}

double mt_plot_x(const struct mt_plot *p, int64_t time_ns, int64_t start_ns)
{
    return mt_scale_at(&p->x, (double)(time_ns - start_ns));
}

static double at_y(const struct mt_plot *p, double value)
{
    double y = mt_scale_at(&p->y, value);
    return y < p->top ? p->top : y > p->bottom ? p->bottom : y;
}

void mt_plot_trace(struct mt_text *d, const struct mt_plot *p, size_t n, const int64_t *time_ns,
                   const double *value, int64_t start_ns, bool straight, int64_t gap_ns)
{
    bool pen_down = false;
    double last_x = 0, last_y = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(value[i])) {
            pen_down = false;
            continue;
        }
        double x = mt_plot_x(p, time_ns[i], start_ns), y = at_y(p, value[i]);
        if (pen_down && gap_ns > 0 && time_ns[i] - time_ns[i - 1] > gap_ns)
            pen_down = false; /* a gap stays a gap */
        if (!pen_down) {
            mt_path_move(d, x, y);
        } else if (straight) {
            mt_path_line(d, x, y);
        } else {
            if (fabs(x - last_x) >= 0.05)
                mt_path_h(d, x);
            if (fabs(y - last_y) >= 0.05)
                mt_path_v(d, y);
        }
        pen_down = true;
        last_x = x;
        last_y = y;
    }
}
