/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/outputs/markdown/diff.h"

#include "report/render/outputs/markdown/tree.h"
#include "report/view/diff_sheets.h"
#include "report/view/facts.h"

#include <string.h>

enum { MOST_CHANGES = 20, MOST_INPUTS = 100 };

static void table(struct mt_md *m, const char *heading, const struct mt_sheet *s, size_t rows)
{
    if (!s->n_rows)
        return;
    mt_md_heading(m, 2);
    mt_md_text(m, heading);
    mt_md_table(m, s, rows);
}

static void changes(struct mt_md *m, struct mt_arena *a, const struct mt_diff *d)
{
    const char *last = NULL;
    for (size_t i = 0; i < d->n_comparisons; i++) {
        const char *metric = d->comparisons[i].metric->name;
        if (d->comparisons[i].scope != MT_SCOPE_FUNCTION || (last && strcmp(last, metric) == 0))
            continue;
        last = metric;
        table(m, mt_arena_printf(a, "Growers: %s", metric),
              mt_diff_functions_sheet(a, d, metric, MOST_CHANGES, 1), MOST_CHANGES);
        table(m, mt_arena_printf(a, "Shrinkers: %s", metric),
              mt_diff_functions_sheet(a, d, metric, MOST_CHANGES, -1), MOST_CHANGES);
    }
}

static void fixes(struct mt_md *m, const struct mt_diff *d)
{
    if (!d->n_fixes)
        return;
    mt_md_heading(m, 2);
    mt_md_text(m, "Did the fix work");
    mt_md_paragraph(m);
    mt_md_text(m, d->fix_sentence);
    for (size_t i = 0; i < d->n_fixes; i++) {
        mt_md_item(m);
        mt_md_words(m, d->fixes[i].sentence, 0);
    }
}

void mt_markdown_diff(const struct mt_view *view, struct mt_text *out)
{
    struct mt_arena *a = view->arena;
    const struct mt_diff *d = view->diff;
    struct mt_md *m = mt_md_open(a);
    mt_md_heading(m, 1);
    mt_md_text(m, mt_arena_printf(a, "Memory diff: %s",
                                  view->options.title ? view->options.title : mt_diff_service(d)));
    mt_md_paragraph(m);
    mt_md_strong(m, mt_arena_printf(a, "Gate: %s.", mt_gate_name(d->gate)));
    mt_md_text(m, " ");
    mt_md_words(m, mt_arena_printf(a, "%s. %s", d->verdict, d->sentence), 0);
    mt_md_paragraph(m);
    mt_md_text(m, "Base ");
    mt_md_code(m, d->base.label);
    mt_md_text(m, ", head ");
    mt_md_code(m, d->head.label);
    mt_md_text(m, mt_arena_printf(a, ", %s.", mt_diff_runs_words(a, d)));
    table(m, "Totals", mt_diff_totals_sheet(a, d), SIZE_MAX);
    table(m, "Gate", mt_diff_gate_sheet(a, d), SIZE_MAX);
    changes(m, a, d);
    fixes(m, d);
    table(m, "Inputs", mt_diff_inputs_sheet(a, d), MOST_INPUTS);
    const char *redacted = mt_view_redacted(a, view);
    if (redacted) {
        mt_md_paragraph(m);
        mt_md_text(m, mt_arena_printf(a, "Redacted: %s", redacted));
    }
    mt_md_close(m, out);
}
