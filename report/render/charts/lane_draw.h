/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that draw the lanes share: one x scale, and where each part stands. */
#ifndef MT_RENDER_CHARTS_LANE_DRAW_H
#define MT_RENDER_CHARTS_LANE_DRAW_H

#include "report/render/charts/charts.h"

enum { MT_LANE_PLOTS = 16, MT_LANE_LABELS = 12, MT_LANE_ROW = 24 };

struct mt_lane_layout {
    enum mt_size size;
    double width, height, left, right;
    double head_a, top_a, bottom_a;
    double head_b, top_b, bottom_b;
    double panel_top, live_bottom, stops_bottom, goroutines_bottom, panel_bottom;
    double runnable_top, in_flight_top; /* of rows of the panels; 0: no trace has it */
    double head_c, top_c[MT_LANE_PLOTS], bottom_c[MT_LANE_PLOTS];
    double axis; /* baseline of the labels at the bottom */
};

struct mt_lane_label {
    double y;
    const char *text;
    enum mt_token token;
    bool bold;
};

struct mt_lane_draw {
    struct mt_svg *s;
    struct mt_arena *scratch;
    const struct mt_lanes *l;
    struct mt_lane_layout at;
    struct mt_scale x; /* ns after the window's start */
    struct mt_ticks times;
};

double mt_lane_x(const struct mt_lane_draw *d, int64_t time_ns);
/* Labels right of the plot, pushed apart, each joined to where it belongs when it was moved. */
void mt_lane_labels(struct mt_lane_draw *d, struct mt_lane_label *labels, size_t n, double low,
                    double high);
/* Vertical grid lines at the ticks of time. */
void mt_lane_grid(struct mt_lane_draw *d, double top, double bottom);
void mt_lane_head(struct mt_lane_draw *d, double y, const char *letter, const char *title,
                  const char *sub, const char *badge);
/* Room for a text at the right of the plot. */
double mt_lane_room(const struct mt_lane_draw *d);

void mt_lane_draw_collector(struct mt_lane_draw *d);
void mt_lane_draw_counters(struct mt_lane_draw *d);

#endif
