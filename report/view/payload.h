/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the page's script explores: call trees over all snapshots (or over both sides of a diff),
 * the series of the lanes, cycles and stops. Chosen here, encoded by the output.
 */
#ifndef MT_VIEW_PAYLOAD_H
#define MT_VIEW_PAYLOAD_H

#include "report/view/page.h"

enum {
    MT_PAYLOAD_TREES = 17,
    MT_PAYLOAD_LABELS = 2, /* of a kind of profile: a further tree for each */
    MT_PAYLOAD_SHOTS = 60,
    MT_PAYLOAD_SERIES = 24,
    MT_PAYLOAD_NODES = 30000
};

struct mt_payload_tree {
    const char *name;       /* "heap" */
    bool by_label;          /* the root's children are values of a label */
    const char *metrics[2]; /* "live bytes", "live objects" */
    size_t n_metrics;
    bool bytes; /* metrics[0] is in bytes */
    const struct mt_tree *tree;
    size_t n_shots;
    const int64_t *time_ns; /* MT_NO_TIME: order only */
    struct mt_tree_values *values;
    double period;      /* bytes a sample stands for; 0 unknown or exact */
    const bool *folded; /* by node: drawn as part of its parent's "(other)" */
    const bool *noise;  /* by node: its change is inside noise; NULL: the period decides */
    size_t n_folded;
};

struct mt_payload_series {
    const char *name, *unit; /* "bytes", "count", "ns", "%" */
    struct mt_points points;
    double scale; /* values are multiplied by it and rounded */
};

struct mt_payload {
    int64_t start_ns, end_ns; /* MT_NO_TIME: no axis */
    struct mt_payload_tree trees[MT_PAYLOAD_TREES];
    size_t n_trees;
    struct mt_payload_series series[MT_PAYLOAD_SERIES];
    size_t n_series;
    const char
        *sides[2]; /* of a diff, whose trees have two shots each: "base 4f2c9e1"; else NULL */
    size_t first;  /* the tree that is shown first */
};

/* How much of it is left out to stay within a size. */
struct mt_payload_limits {
    double least_share;    /* nodes below it, of their tree, are folded */
    size_t series_columns; /* at most MT_SERIES_COLUMNS */
};

struct mt_payload *mt_payload_of(struct mt_arena *arena, const struct mt_view *view,
                                 struct mt_payload_limits limits);

#endif
