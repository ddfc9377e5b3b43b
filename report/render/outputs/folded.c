/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folded stacks for flame graph tools: `main;handler;alloc 4096`. A report has the last snapshot; a
 * diff has two columns, base and head, as differential flame graphs take them.
 */
#include "report/render/renderer.h"
#include "report/view/printable.h"
#include "report/view/stacks.h"

static bool render_folded(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    struct mt_view_profiles profiles;
    struct mt_text text = {0};
    size_t n = 0;
    const struct mt_folded *rows = NULL;
    (void)err;
    if (mt_view_profiles(view, &profiles))
        rows = mt_view_folded(view, &profiles, &n);
    for (size_t i = 0; i < n; i++) {
        if (!view->diff && !rows[i].after)
            continue;
        mt_printable_add(&text, rows[i].stack, false);
        if (view->diff) {
            mt_text_byte(&text, ' ');
            mt_text_i64(&text, rows[i].before);
        }
        mt_text_byte(&text, ' ');
        mt_text_i64(&text, rows[i].after);
        mt_text_byte(&text, '\n');
    }
    bool good = out->file(out, "stacks.folded", mt_text_view(&text));
    mt_text_clear(&text);
    return good;
}

const struct mt_renderer mt_renderer_folded = {
    .name = "folded",
    .suffix = ".folded",
    .file = "stacks.folded",
    .summary = "stacks of the last snapshot for other flame graph tools; two columns in a diff",
    .for_report = true,
    .for_diff = true,
    .render = render_folded,
};
