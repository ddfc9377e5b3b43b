/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/flame.h"

#include <stdlib.h>

static int downwards(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* The least weight of which at most `most` nodes have as much. */
static double least_weight(const struct mt_tree *tree, struct mt_flame_limits limits, double least)
{
    struct mt_arena scratch = {0};
    double *weights = MT_NEW_N(&scratch, double, tree->n);
    size_t n = 0;
    for (size_t i = 0; i < tree->n; i++)
        if (tree->nodes[i].depth < limits.rows && mt_node_weight(&tree->nodes[i]) >= least)
            weights[n++] = mt_node_weight(&tree->nodes[i]);
    if (n > limits.frames) {
        qsort(weights, n, sizeof *weights, downwards);
        double cut = weights[limits.frames]; /* the first that is too many, and its equals */
        size_t kept = limits.frames;
        while (kept && weights[kept - 1] <= cut)
            kept--;
        least = kept ? weights[kept - 1] : weights[0] * 2;
    }
    mt_arena_clear(&scratch);
    return least;
}

struct mt_flame mt_flame_lay_out(struct mt_arena *arena, const struct mt_tree *tree,
                                 struct mt_flame_limits limits)
{
    struct mt_flame out = {0};
    double whole = mt_node_weight(&tree->nodes[0]);
    if (!(whole > 0))
        return out;
    double scale = limits.width / whole;
    double least = least_weight(tree, limits, limits.least_width / scale);
    out.least_width = least * scale;
    out.frames =
        MT_NEW_N(arena, struct mt_frame, tree->n < limits.frames ? tree->n : limits.frames);
    struct mt_arena scratch = {0};
    double *next = MT_NEW_N(&scratch, double, tree->n); /* where the next child of a node begins */
    for (uint32_t i = 0; i < tree->n;) {
        const struct mt_node *n = &tree->nodes[i];
        double weight = mt_node_weight(n), x = i ? next[n->parent] : 0;
        if (n->depth >= limits.rows || weight < least) {
            out.folded += n->end - i;
            out.folded_weight += weight;
            if (n->depth >= limits.rows)
                out.deeper += n->end - i;
            i = n->end;
            continue;
        }
        if (i)
            next[n->parent] = x + weight * scale;
        next[i] = x;
        out.frames[out.n++] = (struct mt_frame){i, n->depth, x, weight * scale};
        if (n->depth + 1 > out.rows)
            out.rows = n->depth + 1;
        i++;
    }
    mt_arena_clear(&scratch);
    return out;
}
