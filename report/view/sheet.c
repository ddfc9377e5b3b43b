/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/sheet.h"

struct mt_sheet *mt_sheet_new(struct mt_arena *a, const char *caption,
                              const struct mt_column *columns, size_t n_columns)
{
    struct mt_sheet *s = MT_NEW(a, struct mt_sheet);
    s->caption = caption;
    s->columns = columns;
    s->n_columns = n_columns;
    return s;
}

struct mt_cell *mt_sheet_row(struct mt_arena *a, struct mt_sheet *s)
{
    if (s->n_rows == s->cap_rows) {
        size_t more = s->cap_rows ? s->cap_rows * 2 : 16;
        s->cells = mt_arena_grow(a, s->cells, s->cap_rows * s->n_columns, more * s->n_columns,
                                 sizeof *s->cells);
        s->cap_rows = more;
    }
    s->n_rows++;
    if (s->of_rows < s->n_rows)
        s->of_rows = s->n_rows;
    return s->cells + (s->n_rows - 1) * s->n_columns;
}
