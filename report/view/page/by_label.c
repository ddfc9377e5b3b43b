/* SPDX-License-Identifier: Apache-2.0 */
/* The table of --by: a row a value of the label. */
#include "report/view/by_label.h"
#include "report/view/page/part.h"

#include <math.h>

enum { MOST_VALUES = 50 };

static void bytes_cells(struct mt_part *p, struct mt_cell *row, const struct mt_by_value *v,
                        double total)
{
    row[0] = MT_TEXT_CELL(mt_fmt_bytes(p->arena, v->first_bytes));
    row[1] = MT_TEXT_CELL(mt_fmt_bytes(p->arena, v->last_bytes));
    row[2] = MT_TEXT_CELL(mt_fmt_bytes_delta(p->arena, v->last_bytes - v->first_bytes));
    row[3] = MT_TEXT_CELL(mt_fmt_share(p->arena, total > 0 ? v->last_bytes / total : 0));
}

static void count_cells(struct mt_part *p, struct mt_cell *row, const struct mt_by_value *v)
{
    row[0] = MT_TEXT_CELL(mt_fmt_count(p->arena, v->first_goroutines));
    row[1] = MT_TEXT_CELL(mt_fmt_count(p->arena, v->last_goroutines));
    row[2] = MT_TEXT_CELL(mt_fmt_count_delta(p->arena, v->last_goroutines - v->first_goroutines));
}

static void add_table(struct mt_part *p, const struct mt_by_table *t)
{
    static const struct mt_column all[] = {{.head = "Value", .left = true, .wraps = true},
                                           {.head = "Live, first"},
                                           {.head = "Live, last"},
                                           {.head = "Change"},
                                           {.head = "Share of last"},
                                           {.head = "Goroutines, first"},
                                           {.head = "Goroutines, last"},
                                           {.head = "Change"}};
    struct mt_column *columns = MT_NEW_N(p->arena, struct mt_column, 8);
    size_t n = 0;
    for (size_t i = 0; i < 8; i++)
        if (i == 0 || (i < 5 ? t->heap : t->goroutines))
            columns[n++] = all[i];
    struct mt_sheet *s =
        mt_sheet_new(p->arena, mt_arena_printf(p->arena, "By %s", p->view->options.by), columns, n);
    double total = 0;
    for (size_t i = 0; i < t->n; i++)
        total += t->heap ? t->values[i].last_bytes : 0;
    for (size_t i = 0; i < t->n && i < MOST_VALUES; i++) {
        const struct mt_by_value *v = &t->values[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = v->value ? MT_CODE_CELL(mt_bundle_text(p->bundle, v->value))
                          : MT_TEXT_CELL("without the label");
        if (t->heap)
            bytes_cells(p, row + 1, v, total);
        if (t->goroutines)
            count_cells(p, row + (t->heap ? 5 : 1), v);
    }
    s->of_rows = t->n;
    p->page->by_label = s;
}

void mt_part_by_label(struct mt_part *p)
{
    const char *key = p->view->options.by;
    if (!key)
        return;
    struct mt_by_table t = mt_view_by_label(p->arena, p->view, p->page);
    if (t.n)
        add_table(p, &t);
    p->page->by_lede =
        t.n ? mt_arena_printf(p->arena,
                              "What each value of %s holds. --tagfocus %s=VALUE draws one alone.",
                              key, key)
            : mt_arena_printf(p->arena, "No sample carries the label %s.", key);
}
