/* SPDX-License-Identifier: Apache-2.0 */
/* Every stop of the world as a dot, by cause, on a logarithmic axis. */
#include "report/render/charts/charts.h"

#include <math.h>

enum { ROW = 34, MOST_DOTS = 1200 };

/* A spread that keeps dots apart and is the same every time. */
static double spread(size_t i)
{
    return (double)(i * 7 % 11) / 10 * 18 - 9;
}

static void row(struct mt_svg *s, const struct mt_plot *p, const struct mt_stop_row *r, double y)
{
    enum mt_token token = r->tone == MT_TONE_GC ? MT_T_GC : MT_T_SERIES2;
    struct mt_text d = {0};
    size_t step = r->n / MOST_DOTS + 1;
    for (size_t i = 0; i < r->n; i += step) { /* a zero-length line with round caps is a dot */
        double x = mt_scale_at(&p->x, log10(r->duration_ns[i]));
        mt_path_move(&d, x, y + spread(i));
        mt_text_add(&d, "h0");
    }
    mt_svg_path_open(s, d.data, MT_T_NONE, (struct mt_stroke){token, 4, NULL}, NULL);
    mt_xml_attr(s->x, "stroke-linecap", "round");
    mt_xml_attr(s->x, "opacity", "0.55");
    mt_xml_end(s->x);
    mt_text_clear(&d);
    if (r->median_ns > 0) {
        double x = mt_scale_at(&p->x, log10(r->median_ns));
        mt_svg_line(s, x, y - 13, x, y + 13, (struct mt_stroke){MT_T_TEXT, 3, NULL});
    }
}

void mt_chart_stops(struct mt_svg *s, const char *id, const struct mt_page *page, enum mt_size size)
{
    struct mt_arena scratch = {0};
    double width = mt_chart_width(size), low = INFINITY, high = 0;
    for (size_t i = 0; i < page->n_stops; i++)
        for (size_t k = 0; k < page->stops[i].n; k++) {
            low = fmin(low, page->stops[i].duration_ns[k]);
            high = fmax(high, page->stops[i].duration_ns[k]);
        }
    double left = size == MT_WIDE ? 190 : 150, bottom = ROW * (double)page->n_stops + 4;
    struct mt_ticks ticks = mt_ticks_log_ms(&scratch, low, high);
    struct mt_plot p = {.x = {log10(ticks.items[0].value), log10(ticks.items[ticks.n - 1].value),
                              left, width - 16}};
    mt_svg_begin(s, &(struct mt_svg_head){
                        .id = id,
                        .class_name = "sto",
                        .title = "Every stop of the world, by cause",
                        .description = mt_arena_printf(
                            &scratch, "From %s to %s. The table beside it holds the figures.",
                            mt_fmt_duration(&scratch, low), mt_fmt_duration(&scratch, high)),
                        .width = width,
                        .height = bottom + 24});
    for (size_t i = 0; i < ticks.n; i++) {
        double x = mt_scale_at(&p.x, log10(ticks.items[i].value));
        mt_svg_line(s, x, 2, x, bottom, MT_GRID);
        const char *text = i + 1 == ticks.n
                               ? mt_arena_printf(&scratch, "%s" MT_NBSP "ms", ticks.items[i].label)
                               : ticks.items[i].label;
        mt_svg_text(
            s, i + 1 == ticks.n ? width : x, bottom + 16,
            (struct mt_label_style){MT_T_MUTED, i + 1 == ticks.n ? MT_END : MT_MIDDLE, false, true},
            text);
    }
    for (size_t i = 0; i < page->n_stops; i++) {
        double y = ROW * ((double)i + 0.5) + 2;
        const char *text = mt_text_cut(&scratch, page->stops[i].cause, left - 28);
        mt_svg_text(s, left - 20, y + 4, (struct mt_label_style){MT_T_TEXT, MT_END, false, false},
                    text ? text : "");
        row(s, &p, &page->stops[i], y);
    }
    mt_svg_end(s);
    mt_arena_clear(&scratch);
}
