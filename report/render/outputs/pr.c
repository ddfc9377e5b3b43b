/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pr-comment.md: a comment for the pull request. The first line is a marker, so that a bot finds
 * and edits its own comment; the second the verdict. Few rows, whole rows, and an "others" row, so
 * that the column adds up to the total. The program writes the file; it never posts anything.
 */
#include "report/render/outputs/markdown/tree.h"
#include "report/render/renderer.h"
#include "report/view/diff_sheets.h"
#include "report/view/names.h"
#include "report/view/numbers.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 5, SOFT_LIMIT = 4000, MOST_NAME = 64 };

/* A key is compared by programs: letters, digits and a few marks only. */
static const char *marker_key(struct mt_arena *a, const char *service)
{
    char key[MOST_NAME + 1];
    size_t n = 0;
    for (; *service && n < MOST_NAME; service++)
        if ((*service >= '0' && *service <= '9') || (*service >= 'a' && *service <= 'z') ||
            (*service >= 'A' && *service <= 'Z') || *service == '.' || *service == '_' ||
            *service == '/')
            key[n++] = *service;
        else if (n && key[n - 1] != '-') /* never two in a row: that would end the comment */
            key[n++] = '-';
    while (n && key[n - 1] == '-')
        n--;
    return mt_arena_copy(a, key, n);
}

static void headline(struct mt_md *m, struct mt_arena *a, const struct mt_diff *d)
{
    const struct mt_comparison *h = d->headline;
    mt_md_heading(m, 3);
    if (d->not_comparable || !h) {
        mt_md_text(m, mt_arena_printf(a, "Memory: not comparable: %s",
                                      d->not_comparable ? d->not_comparable : "no data in common"));
        return;
    }
    const char *what = strcmp(h->metric->name, "inuse_space") == 0 ? "live heap" : h->metric->name;
    mt_md_text(m, mt_arena_printf(a, "Memory: %s - %s %s", d->verdict, what,
                                  mt_fmt_amount_delta(a, h->metric->unit, h->delta, h->base)));
}

static const char *limit_of(const struct mt_diff *d)
{
    for (size_t i = 0; i < d->n_results; i++)
        if (d->results[i].n_exceeded && d->results[i].result == d->gate)
            return d->results[i].rule->text;
    return NULL;
}

static void summary(struct mt_md *m, struct mt_arena *a, const struct mt_diff *d,
                    const struct mt_comparison *leading)
{
    mt_md_paragraph(m);
    if (leading) {
        mt_md_code(m, mt_name_of(a, leading->function).element);
        mt_md_text(m,
                   mt_arena_printf(a, " %s by %s", leading->delta > 0 ? "grew" : "shrank",
                                   mt_fmt_amount(a, leading->metric->unit, fabs(leading->delta))));
        double share = mt_diff_explained(d, leading);
        if (share > 0)
            mt_md_text(
                m, mt_arena_printf(a, " and explains %s of the change", mt_fmt_share(a, share)));
        mt_md_text(m, ". ");
    }
    if (limit_of(d))
        mt_md_text(m, mt_arena_printf(a, "Limit: %s. ", limit_of(d)));
    mt_md_text(m, "Base ");
    mt_md_code(m, d->base.label);
    mt_md_text(m, ", head ");
    mt_md_code(m, d->head.label);
    mt_md_text(m, mt_arena_printf(a, ", %s.", mt_diff_runs_words(a, d)));
}

static void next_step(struct mt_md *m, struct mt_arena *a, const struct mt_view *view,
                      const struct mt_comparison *leading)
{
    if (!leading && !view->options.report_url)
        return;
    mt_md_paragraph(m);
    if (leading && leading->file && *leading->file) {
        mt_md_strong(m, "Next:");
        mt_md_text(m, " see ");
        mt_md_code(m,
                   mt_arena_printf(a, "%s:%lld", mt_file_name(a, leading->function, leading->file),
                                   (long long)leading->line));
        mt_md_text(m, ". ");
    }
    if (view->options.report_url) {
        mt_md_text(m, "Full report: ");
        mt_md_link(m, "report.html", view->options.report_url);
    }
}

/* Two lines when there is nothing to report: marker and verdict. */
static bool nothing_to_report(const struct mt_diff *d)
{
    if (d->gate != MT_GATE_PASS || d->not_comparable)
        return false;
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (d->comparisons[i].scope <= MT_SCOPE_FUNCTION &&
            d->comparisons[i].class != MT_CLASS_SAME)
            return false;
    return true;
}

static void write(const struct mt_view *view, size_t rows, bool details, struct mt_text *out)
{
    struct mt_arena *a = view->arena;
    const struct mt_diff *d = view->diff;
    const struct mt_comparison *leading = mt_diff_leading(d);
    struct mt_md *m = mt_md_open(a);
    headline(m, a, d);
    if (!nothing_to_report(d) && d->headline && !d->not_comparable) {
        const struct mt_comparison *shown = leading ? leading : d->headline;
        const struct mt_sheet *sheet = mt_diff_functions_sheet(a, d, shown->metric->name, rows, 0);
        summary(m, a, d, leading);
        if (sheet->n_rows)
            mt_md_table(m, sheet, SIZE_MAX);
        next_step(m, a, view, leading);
        if (details) {
            mt_md_fold(m, "Allocations, GC and inputs");
            mt_md_table(m, mt_diff_totals_sheet(a, d), SIZE_MAX);
            mt_md_table(m, mt_diff_gate_sheet(a, d), SIZE_MAX);
            mt_md_fold_end(m);
        }
    }
    mt_text_add(out, "<!-- memtriage:v1 key=");
    mt_text_add(out, marker_key(a, view->options.title ? view->options.title : mt_diff_service(d)));
    mt_text_add(out, " -->\n");
    mt_md_close(m, out);
}

static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    struct mt_text text = {0};
    write(view, MOST_ROWS, true, &text);
    for (size_t rows = MOST_ROWS; text.size > SOFT_LIMIT && rows > 0;
         rows--) { /* fewer rows, never a cut one */
        mt_text_clear(&text);
        write(view, rows, false, &text);
    }
    bool ok = out->file(out, "pr-comment.md", mt_text_view(&text)) ||
              mt_fail(err, MT_ERR_OUTPUT, 0, "pr-comment.md could not be written");
    mt_text_clear(&text);
    return ok;
}

const struct mt_renderer mt_renderer_pr = {
    .name = "pr",
    .suffix = "pr-comment.md",
    .file = "pr-comment.md",
    .summary = "a comment for the pull request",
    .in_diff = true,
    .for_diff = true,
    .render = render,
};
