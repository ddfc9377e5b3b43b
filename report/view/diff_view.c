/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/view.h"

struct mt_view *mt_view_of_diff(struct mt_arena *arena, const struct mt_diff *diff,
                                const struct mt_view_options *options)
{
    struct mt_view *v = MT_NEW(arena, struct mt_view);
    v->arena = arena;
    v->diff = diff;
    if (options)
        v->options = *options;
    return v;
}
