/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/view.h"

#include "report/analysis/symbols.h"

struct mt_view *mt_view_of_report(struct mt_arena *arena, const struct mt_assessment *assessment,
                                  const struct mt_view_options *options)
{
    struct mt_view *v = MT_NEW(arena, struct mt_view);
    v->arena = arena;
    v->assessment = assessment;
    if (options)
        v->options = *options;
    v->symbols =
        assessment->symbols ? assessment->symbols : mt_symbols_of(arena, assessment->bundle);
    v->page = MT_NEW(arena, struct mt_page *);
    return v;
}

enum mt_origin mt_view_origin(const struct mt_view *view, uint32_t function)
{
    return mt_symbol_origin(view->symbols, function);
}

const char *mt_view_text(const struct mt_view *view, uint32_t function)
{
    return mt_bundle_text(view->symbols->bundle, function);
}

const struct mt_strings *mt_view_strings(const struct mt_view *view)
{
    return view->symbols->bundle->strings;
}
