/* SPDX-License-Identifier: Apache-2.0 */
/* The three lanes on one axis: who holds the heap, what the collector did, what was counted. */
#ifndef MT_VIEW_LANES_H
#define MT_VIEW_LANES_H

#include "parsers/model/series.h"
#include "report/view/names.h"
#include "report/view/numbers.h"
#include "report/view/thin.h"

#include <stddef.h>

/* What a line is; decides its colour and dash. */
enum mt_role {
    MT_ROLE_LIVE,
    MT_ROLE_GOAL,
    MT_ROLE_RSS,
    MT_ROLE_STACKS,
    MT_ROLE_GOROUTINES,
    MT_ROLE_FLOOR,
    MT_ROLE_LIMIT,
    MT_ROLE_GC,
    MT_ROLE_LATENCY
};

struct mt_lane_line {
    enum mt_role role;
    enum mt_metric metric; /* MT_METRIC_COUNT where it is no series of the bundle */
    const char *name;      /* "heap goal" */
    const char *label;     /* at the right end: "heap goal 675 MiB" */
    struct mt_points points;
    int64_t gap_ns; /* neighbours further apart than this are not joined */
};

/* A trend with its interval: a line through the pivot, and the slopes between which it lies. */
struct mt_lane_trend {
    bool present;
    int64_t start_ns, end_ns, pivot_ns;
    double pivot_value, low, high; /* per second */
};

/* A value out of line with those before it. */
struct mt_lane_outlier {
    int64_t time_ns;
    double value;
    const char *text;
};

struct mt_lane_chart {
    const char *title;
    bool bytes; /* axis in bytes, else in `axis_unit` */
    const char *axis_unit;
    double top; /* greatest value drawn; the axis begins at zero */
    struct mt_lane_line *lines;
    size_t n_lines;
    struct mt_lane_trend trend;
    struct mt_lane_outlier *outliers;
    size_t n_outliers;
    bool bars; /* lines[0] as bars of `bar_ns` each */
    int64_t bar_ns;
};

struct mt_lane_band {
    struct mt_name name;
    const char *amount; /* in the unit of the axis, for the label */
    const char *exact;  /* for the tooltip */
    uint32_t function;
    unsigned suspect;
    unsigned shade;             /* 1..5 where it is no suspect */
    const double *top, *bottom; /* bytes by snapshot */
};

struct mt_lane_mark {
    int64_t time_ns, duration_ns;
};

/* A trace: drawn on the axis when it is long, magnified below it when it is short. */
struct mt_lane_trace {
    const char *label; /* "trace 1: 19:36:00 + 3.0 s" */
    int64_t start_ns, end_ns;
    struct mt_lane_mark *marks; /* concurrent mark phases */
    size_t n_marks;
    struct mt_lane_mark *stops;
    bool *by_capture;
    size_t n_stops;
    const char *longest_label;
    int64_t longest_ns; /* when */
    struct mt_points live, goal, goroutines, runnable;
    struct mt_points in_flight; /* tasks, or requests where the trace has none */
};

struct mt_lane_note {
    int64_t time_ns;
    const char *text;
};

struct mt_lanes {
    int64_t start_ns, end_ns;
    const char *title, *description, *caption;

    const char *badge_a, *badge_b, *badge_c; /* "same clock", "aligned ±0.4 s" */
    const char *sub_a, *sub_b, *sub_c;

    size_t n_snapshots;
    const int64_t *snapshot_ns;
    struct mt_lane_band *bands; /* from the bottom */
    size_t n_bands;
    double total_top;
    const char *total_label;
    struct mt_lane_note *notes;
    size_t n_notes;

    struct mt_lane_mark *cycles;
    size_t n_cycles;
    int64_t longest_cycle_ns;
    const char *const *cycle_labels;
    size_t n_cycle_labels;
    struct mt_lane_mark *stops; /* those that run through all lanes */
    size_t n_stops;
    int64_t least_stop_ns;
    const char *stops_label;
    struct mt_lane_trace *traces;
    size_t n_traces;
    bool magnified;
    const char *in_flight; /* what that line of all traces counts: "tasks" */

    struct mt_lane_chart *charts;
    size_t n_charts;
};

#endif
