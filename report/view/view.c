/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/view.h"

struct mt_view *mt_view_of_report(struct mt_arena *arena, const struct mt_assessment *assessment,
                                  const struct mt_view_options *options)
{
    struct mt_view *v = MT_NEW(arena, struct mt_view);
    v->arena = arena;
    v->assessment = assessment;
    if (options)
        v->options = *options;
    return v;
}
