/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures of the page model. Each is drawn at the size it is shown at, so text stays 12 px; where
 * a page has room for two sizes, both are drawn.
 */
#ifndef MT_RENDER_CHARTS_H
#define MT_RENDER_CHARTS_H

#include "report/render/svg.h"
#include "report/view/page.h"
#include "report/view/scale.h"

enum mt_size { MT_WIDE, MT_NARROW, MT_PHONE };

/* Widths of charts that span the page. */
double mt_chart_width(enum mt_size size);

enum mt_token mt_tone_token(enum mt_tone tone);

void mt_chart_spark(struct mt_svg *s, const struct mt_spark *spark, enum mt_tone tone, double width,
                    double height);
/* A bar in a table cell: -1..1 of half the width, or 0..1 of all of it. */
void mt_chart_bar(struct mt_svg *s, double value, bool signed_bar);
/* A value with its interval about zero, all within -1..1; what ends there goes on. */
void mt_chart_range(struct mt_svg *s, double value, double low, double high, bool quiet);
void mt_chart_swatch(struct mt_svg *s, enum mt_token fill);

void mt_chart_evidence(struct mt_svg *s, const char *id, const struct mt_evidence_chart *c,
                       enum mt_size size);
void mt_chart_forecast(struct mt_svg *s, const char *id, const struct mt_forecast_chart *c,
                       enum mt_size size);
struct mt_parts_chart {
    const char *title, *caption;
    const struct mt_growth_part *parts;
    size_t n;
};
void mt_chart_parts(struct mt_svg *s, const char *id, const struct mt_parts_chart *c,
                    enum mt_size size);
void mt_chart_stops(struct mt_svg *s, const char *id, const struct mt_page *page,
                    enum mt_size size);
void mt_chart_blocking(struct mt_svg *s, const char *id, const struct mt_page *page,
                       enum mt_size size);
/* width 0: that of the size */
void mt_chart_lanes(struct mt_svg *s, const char *id, const struct mt_lanes *l, enum mt_size size);

/* Each run of a diff as a dot on the row of its side. */
void mt_chart_sides(struct mt_svg *s, const char *id, const struct mt_sides_chart *c,
                    enum mt_size size);
/* Every run of a diff over the time since it began, base and head apart by hue and dash. */
void mt_chart_runs(struct mt_svg *s, const char *id, const struct mt_runs_chart *c,
                   enum mt_size size);

/* Returns what was drawn, for the line under it. Frames narrower than least_width are folded.
 * legend: legend and totals inside the picture. */
struct mt_flame mt_chart_flame(struct mt_svg *s, const char *id, struct mt_arena *arena,
                               const struct mt_view *view, double width, double least_width,
                               bool legend);
struct mt_flame mt_chart_change(struct mt_svg *s, const char *id, struct mt_arena *arena,
                                const struct mt_view *view, double width, double least_width,
                                bool legend);

/* --- parts that several charts share --- */

#define MT_GRID      ((struct mt_stroke){MT_T_LINE, 1, NULL})
#define MT_RULE      ((struct mt_stroke){MT_T_EDGE, 1, NULL})
#define MT_NO_STROKE ((struct mt_stroke){MT_T_NONE, 0, NULL})

struct mt_plot {
    struct mt_scale x, y; /* y grows downwards in pixels */
    double left, right, top, bottom;
};
/* Grid lines and labels of a value axis; the unit stands at `unit_y`, or in front of the topmost
 * label when it is 0. */
void mt_plot_value_axis(struct mt_svg *s, const struct mt_plot *p, const struct mt_ticks *ticks,
                        double unit_y);
/* Ticks and labels of a time axis along the bottom; start_ns is where the scale's 0 stands. */
void mt_plot_time_axis(struct mt_svg *s, const struct mt_plot *p, const struct mt_ticks *ticks);
/* Time on the scale of a plot whose x counts ns after start. */
double mt_plot_x(const struct mt_plot *p, int64_t time_ns, int64_t start_ns);
/* A step (or straight) line through points; adds to d. */
void mt_plot_trace(struct mt_text *d, const struct mt_plot *p, size_t n, const int64_t *time_ns,
                   const double *value, int64_t start_ns, bool straight, int64_t gap_ns);

#endif
