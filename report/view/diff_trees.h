/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Call trees of a diff: one for each metric that profiles of both sides hold, with the mean of the
 * base's runs and that of the head's over one shape, so that what is gone stays visible. Functions
 * of all runs get common ids.
 */
#ifndef MT_VIEW_DIFF_TREES_H
#define MT_VIEW_DIFF_TREES_H

#include "report/view/tree.h"
#include "report/view/view.h"

enum { MT_MOST_DIFF_TREES = 6 };

struct mt_diff_tree {
    const char *metric;               /* as in comparisons: "inuse_space" */
    const char *words, *object_words; /* "live bytes", "live objects"; the second may be NULL */
    const char *unit;                 /* of the metric: "bytes", "bytes/s", "goroutines", "ns" */
    const struct mt_tree *tree;       /* sides hold means over the runs */
    const bool *noise; /* by node: the interval of its change holds 0; NULL: one run a side */
    double period;     /* bytes a sample stands for; 0 unknown or exact */
};

struct mt_diff_trees {
    struct mt_diff_tree items[MT_MOST_DIFF_TREES];
    size_t n;
};

/* Fills the view's symbols. */
struct mt_diff_trees *mt_view_diff_trees(const struct mt_view *view);

#endif
