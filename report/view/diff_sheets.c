/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/diff_sheets.h"

#include "report/view/names.h"
#include "report/view/numbers.h"
#include "report/view/printable.h"
#include "report/view/words.h"

#include <math.h>
#include <string.h>

enum { HASH_SHOWN = 16 };

const char *mt_diff_signal(struct mt_arena *a, const struct mt_diff *d,
                           const struct mt_comparison *c)
{
    if (!d->replicates)
        return "n=1";
    return isfinite(c->adjusted_p) ? mt_arena_printf(a, "p=%.3f", c->adjusted_p) : "";
}

static const char *change_of(struct mt_arena *a, const struct mt_comparison *c)
{
    return c->class == MT_CLASS_SAME ? "~"
                                     : mt_fmt_amount_delta(a, c->metric->unit, c->delta, c->base);
}

static const char *name_of(struct mt_arena *a, const struct mt_comparison *c)
{
    const char *now = mt_name_of(a, c->moved_to ? c->moved_to : c->function).element;
    return c->moved_to ? mt_arena_printf(a, "%s (moved)", now) : now;
}

static bool is_function_of(const struct mt_comparison *c, const char *metric, int only)
{
    return c->scope == MT_SCOPE_FUNCTION && strcmp(c->metric->name, metric) == 0 &&
           (only == 0 || (only > 0 ? c->delta > 0 : c->delta < 0));
}

struct mt_sheet *mt_diff_functions_sheet(struct mt_arena *a, const struct mt_diff *d,
                                         const char *metric, size_t most, int only)
{
    static const struct mt_column columns[] = {{.head = "Call site", .left = true},
                                               {.head = "Base"},
                                               {.head = "Head"},
                                               {.head = "Change"},
                                               {.head = "Signal", .left = true}};
    struct mt_sheet *s = mt_sheet_new(a, "Changes by function", columns, 5);
    double base = 0, head = 0;
    size_t others = 0;
    const char *unit = "";
    for (size_t i = 0; i < d->n_comparisons; i++) {
        const struct mt_comparison *c = &d->comparisons[i];
        if (!is_function_of(c, metric, only))
            continue;
        unit = c->metric->unit;
        s->of_rows++;
        if (s->n_rows == most) {
            others++;
            base += c->base;
            head += c->head;
            continue;
        }
        struct mt_cell *row = mt_sheet_row(a, s);
        row[0] =
            (struct mt_cell){.kind = MT_CELL_CODE, .text = name_of(a, c), .title = c->function};
        row[1] = MT_TEXT_CELL(mt_fmt_amount(a, unit, c->base));
        row[2] = MT_TEXT_CELL(mt_fmt_amount(a, unit, c->head));
        row[3] = (struct mt_cell){.text = change_of(a, c),
                                  .strong = s->n_rows == 1 && c->class != MT_CLASS_SAME};
        row[4] = MT_TEXT_CELL(mt_diff_signal(a, d, c));
    }
    if (others && !only) {
        struct mt_cell *row = mt_sheet_row(a, s);
        row[0] = MT_TEXT_CELL(
            mt_arena_printf(a, "%s", mt_fmt_plural(a, (double)others, "other", "others")));
        row[1] = MT_TEXT_CELL(mt_fmt_amount(a, unit, base));
        row[2] = MT_TEXT_CELL(mt_fmt_amount(a, unit, head));
        row[3] = MT_TEXT_CELL(mt_fmt_amount_delta(a, unit, head - base, base));
        s->of_rows = s->n_rows; /* nothing is left out: the others have a row */
    }
    return s;
}

struct mt_sheet *mt_diff_totals_sheet(struct mt_arena *a, const struct mt_diff *d)
{
    static const struct mt_column columns[] = {{.head = "Total", .left = true},
                                               {.head = "Base"},
                                               {.head = "Head"},
                                               {.head = "Change"},
                                               {.head = "Signal", .left = true}};
    struct mt_sheet *s = mt_sheet_new(a, "Totals of both sides", columns, 5);
    for (size_t i = 0; i < d->n_comparisons; i++) {
        const struct mt_comparison *c = &d->comparisons[i];
        if (c->scope != MT_SCOPE_TOTAL)
            continue;
        struct mt_cell *row = mt_sheet_row(a, s);
        row[0] = MT_CODE_CELL(c->metric->name);
        row[1] = MT_TEXT_CELL(mt_fmt_amount(a, c->metric->unit, c->base));
        row[2] = MT_TEXT_CELL(mt_fmt_amount(a, c->metric->unit, c->head));
        row[3] = MT_TEXT_CELL(change_of(a, c));
        row[4] = MT_TEXT_CELL(mt_diff_signal(a, d, c));
    }
    s->of_rows = s->n_rows;
    return s;
}

struct mt_sheet *mt_diff_gate_sheet(struct mt_arena *a, const struct mt_diff *d)
{
    static const struct mt_column columns[] = {
        {.head = "Metric", .left = true}, {.head = "Scope", .left = true},
        {.head = "Limit", .left = true},  {.head = "Largest increase"},
        {.head = "Result", .left = true}, {.head = "Reason", .left = true, .wraps = true}};
    struct mt_sheet *s = mt_sheet_new(a, "Rules of the policy", columns, 6);
    for (size_t i = 0; i < d->n_results; i++) {
        const struct mt_policy_result *r = &d->results[i];
        const struct mt_comparison *c = r->comparison;
        struct mt_cell *row = mt_sheet_row(a, s);
        row[0] = MT_CODE_CELL(r->rule->metric);
        if (r->rule->pattern)
            row[1] = MT_CODE_CELL(r->rule->pattern);
        else
            row[1] = MT_TEXT_CELL(r->rule->scope == MT_SCOPE_TOTAL ? "total" : "any function");
        row[2] = MT_TEXT_CELL(r->rule->text);
        row[3] = MT_TEXT_CELL(c && c->delta > 0
                                  ? mt_fmt_amount_delta(a, c->metric->unit, c->delta, c->base)
                                  : "none");
        row[4] = MT_TEXT_CELL(mt_gate_name(r->result));
        row[5] = MT_TEXT_CELL(r->reason);
    }
    s->of_rows = s->n_rows;
    return s;
}

static void input_rows(struct mt_arena *a, struct mt_sheet *s, const struct mt_diff_side *side,
                       const char *word)
{
    for (size_t r = 0; r < side->n_runs; r++)
        for (size_t i = 0; i < side->runs[r].bundle->n_inputs; i++) {
            const struct mt_input *input = &side->runs[r].bundle->inputs[i];
            struct mt_cell *row = mt_sheet_row(a, s);
            row[0] = MT_CODE_CELL(side->n_runs > 1
                                      ? mt_arena_printf(a, "%s/%s", side->runs[r].name, input->path)
                                      : input->path);
            row[1] = MT_TEXT_CELL(word);
            row[2] = MT_TEXT_CELL(input->kind ? input->kind : "");
            row[3] = MT_TEXT_CELL(mt_fmt_bytes(a, (double)input->bytes));
            if (input->sha256[0]) {
                row[4] = MT_CODE_CELL(mt_arena_printf(a, "%.*s", HASH_SHOWN, input->sha256));
                row[4].title = input->sha256;
            }
            row[5] = MT_TEXT_CELL(
                input->reason
                    ? mt_arena_printf(a, "%s: %s", mt_word_input(input->status), input->reason)
                    : mt_word_input(input->status));
        }
}

struct mt_sheet *mt_diff_inputs_sheet(struct mt_arena *a, const struct mt_diff *d)
{
    static const struct mt_column columns[] = {
        {.head = "File", .left = true},    {.head = "Side", .left = true},
        {.head = "Kind", .left = true},    {.head = "Size"},
        {.head = "SHA-256", .left = true}, {.head = "State", .left = true, .wraps = true}};
    struct mt_sheet *s = mt_sheet_new(a, "Inputs of both sides", columns, 6);
    input_rows(a, s, &d->base, "base");
    input_rows(a, s, &d->head, "head");
    s->of_rows = s->n_rows;
    return s;
}

const struct mt_comparison *mt_diff_leading(const struct mt_diff *d)
{
    const struct mt_comparison *h = d->headline;
    for (size_t i = 0; i < d->n_results; i++) /* what broke the gate leads */
        if (d->results[i].result == d->gate && d->gate != MT_GATE_PASS &&
            d->results[i].comparison && d->results[i].comparison->function)
            return d->results[i].comparison;
    for (size_t i = 0; h && i < d->n_comparisons; i++) {
        const struct mt_comparison *c = &d->comparisons[i];
        if (c->metric == h->metric && c->scope == MT_SCOPE_FUNCTION && c->class != MT_CLASS_SAME &&
            (c->delta > 0) == (h->delta > 0))
            return c;
    }
    return NULL;
}

double mt_diff_explained(const struct mt_diff *d, const struct mt_comparison *c)
{
    const struct mt_comparison *h = d->headline;
    double share = h && h->metric == c->metric && h->delta != 0 ? c->delta / h->delta : 0;
    return share > 0 && share <= 1 ? share : 0;
}

const char *mt_diff_service(const struct mt_diff *d)
{
    const struct mt_diff_side *sides[2] = {&d->head, &d->base};
    for (int i = 0; i < 2; i++) {
        if (!sides[i]->n_runs)
            continue;
        const struct mt_bundle *b = sides[i]->runs[0].bundle;
        const char *service = mt_string_text(b->strings, b->manifest.service);
        if (*service)
            return service;
    }
    return "diff";
}

const char *mt_diff_runs_words(struct mt_arena *a, const struct mt_diff *d)
{
    if (d->base.n_runs == d->head.n_runs)
        return mt_arena_printf(a, d->base.n_runs == 1 ? "n=%zu" : "n=%zu each", d->base.n_runs);
    return mt_arena_printf(a, "n=%zu against %zu", d->base.n_runs, d->head.n_runs);
}
