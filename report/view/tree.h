/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Call trees of stack profiles: samples merged by function name, root first. One tree may hold two
 * profiles (before and after), so that a change is drawn over one shape. Children stand by weight
 * downwards, then by name; nodes are in pre-order, so a subtree is one run of the array.
 */
#ifndef MT_VIEW_TREE_H
#define MT_VIEW_TREE_H

#include "report/analysis/assessment.h"

enum mt_side { MT_BEFORE, MT_AFTER, MT_SIDES };

struct mt_node {
    uint32_t function; /* string id of the name; 0: the root, or a frame without a name */
    uint32_t file;
    uint32_t parent; /* index; the root is its own */
    uint32_t depth;
    uint32_t end; /* index behind the last node of the subtree */
    enum mt_origin origin;
    double self[MT_SIDES], total[MT_SIDES];
    double self_objects[MT_SIDES], total_objects[MT_SIDES];
};

struct mt_tree {
    struct mt_node *nodes;
    size_t n;
    uint32_t deepest;
};

/* Which values of a profile are summed: indices of its sample types, MT_NO_INDEX for none. */
struct mt_tree_input {
    const struct mt_profile *profile; /* NULL: nothing on this side */
    uint32_t value, objects;
    uint32_t label; /* key whose values, "tenant=acme" or "(no tenant)", stand above the stacks, as
                       names new to the bundle's strings; 0: none */
};

struct mt_symbols;
struct mt_tree *mt_tree_build(struct mt_arena *arena, const struct mt_symbols *symbols,
                              struct mt_tree_input before, struct mt_tree_input after);

/* The values of one of several profiles over one tree: nodes that have any, ascending. */
struct mt_tree_values {
    size_t n;
    uint32_t *node;
    double *value, *objects;
};
/* One tree over many profiles; `values` has a place for each. The nodes' side MT_AFTER holds the
 * sums over all of them. */
struct mt_tree *mt_tree_build_series(struct mt_arena *arena, const struct mt_symbols *symbols,
                                     const struct mt_tree_input *inputs, size_t n,
                                     struct mt_tree_values *values);

static inline double mt_node_weight(const struct mt_node *n)
{
    return n->total[MT_BEFORE] + n->total[MT_AFTER];
}

/* One function over the whole tree. `total` counts nested calls of the same function once. */
struct mt_function_row {
    uint32_t function;
    enum mt_origin origin;
    double self[MT_SIDES], total[MT_SIDES], self_objects[MT_SIDES];
    uint32_t node; /* the heaviest of its nodes by what is new or held */
};
/* Rows by self of the side `by` downwards, then total, then name. */
struct mt_function_row *mt_tree_functions(struct mt_arena *arena, const struct mt_bundle *bundle,
                                          const struct mt_tree *tree, enum mt_side by, size_t *n);

#endif
