/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/symbols.h"
#include "report/view/view.h"

struct mt_view *mt_view_of_diff(struct mt_arena *arena, const struct mt_diff *diff,
                                const struct mt_view_options *options)
{
    struct mt_view *v = MT_NEW(arena, struct mt_view);
    v->arena = arena;
    v->diff = diff;
    if (options)
        v->options = *options;
    v->symbols = v->diff_symbols = MT_NEW(arena, struct mt_symbols);
    v->page = MT_NEW(arena, struct mt_page *);
    return v;
}
