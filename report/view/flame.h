/* SPDX-License-Identifier: Apache-2.0 */
/* Layout of a call tree as a static icicle: root on top, width by weight, the smallest folded. */
#ifndef MT_VIEW_FLAME_H
#define MT_VIEW_FLAME_H

#include "report/view/tree.h"

/* The pictures that stand in the page. */
enum { MT_FLAME_FRAMES = 1500, MT_CHANGE_FRAMES = 600, MT_FLAME_ROWS = 64 };

struct mt_frame {
    uint32_t node;
    uint32_t row;
    double x, width; /* pixels */
};

struct mt_flame {
    struct mt_frame *frames; /* depth first */
    size_t n, rows;
    size_t folded;        /* nodes that are not drawn */
    size_t deeper;        /* of these: below the last row that is drawn */
    double folded_weight; /* self weight of these */
    double least_width;   /* pixels: what is narrower is folded */
};

struct mt_flame_limits {
    double width, least_width;
    size_t frames, rows;
};
struct mt_flame mt_flame_lay_out(struct mt_arena *arena, const struct mt_tree *tree,
                                 struct mt_flame_limits limits);

#endif
