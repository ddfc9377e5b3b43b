/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for whom: a box for each group, an arrow to the one that holds what it waits for. */
#include "report/render/charts/charts.h"

#include <math.h>

enum { BOX_HEIGHT = 58, GAP = 34 };

static double column_x(size_t depth, double box)
{
    return 1 + (double)depth * (box + GAP + 30);
}

/* Steps from the box to the end of its chain; a circle counts as its length. */
static size_t depth_of(const struct mt_page *page, size_t i)
{
    size_t steps = 0;
    for (size_t at = i; page->blocking[at].holder && steps < page->n_blocking; steps++)
        at = page->blocking[at].holder - 1;
    return steps;
}

static void box(struct mt_svg *s, struct mt_arena *a, const struct mt_blocking_box *b, double x,
                double y, double width)
{
    mt_svg_rect(s, x, y, width, BOX_HEIGHT, MT_T_SURFACE, MT_T_EDGE);
    struct mt_label_style style = {MT_T_TEXT, MT_START, true, false};
    const char *lines[] = {b->function, b->count, b->wait};
    for (size_t i = 0; i < 3; i++) {
        const char *text = mt_text_cut(a, lines[i], width - 16);
        if (text)
            mt_svg_text(s, x + 8, y + 17 + 16 * (double)i, style, text);
        style.bold = false;
        style.token = MT_T_MUTED;
    }
}

static void arrow(struct mt_svg *s, double x1, double y1, double x2, double y2)
{
    struct mt_text d = {0};
    double middle = (x1 + x2) / 2;
    mt_path_move(&d, x1, y1);
    mt_path_h(&d, middle);
    mt_path_v(&d, y2);
    mt_path_h(&d, x2);
    mt_path_move(&d, x2 - 6, y2 - 4);
    mt_path_line(&d, x2, y2);
    mt_path_line(&d, x2 - 6, y2 + 4);
    mt_svg_path(s, d.data, MT_T_NONE, (struct mt_stroke){MT_T_EDGE, 1.5, NULL});
    mt_text_clear(&d);
}

void mt_chart_blocking(struct mt_svg *s, const char *id, const struct mt_page *page,
                       enum mt_size size)
{
    struct mt_arena scratch = {0};
    size_t n = page->n_blocking, deepest = 0;
    for (size_t i = 0; i < n; i++)
        deepest = depth_of(page, i) > deepest ? depth_of(page, i) : deepest;
    size_t *used = MT_NEW_N(&scratch, size_t, deepest + 1);
    double *x = MT_NEW_N(&scratch, double, n), *y = MT_NEW_N(&scratch, double, n);
    double width = mt_chart_width(size);
    double box_width =
        fmin(300, (width - 2 - (double)deepest * (GAP + 30)) / (double)(deepest + 1));
    size_t most = 0;
    for (size_t i = 0; i < n; i++) { /* who waits stands left, who holds right */
        size_t column = deepest - depth_of(page, i);
        x[i] = column_x(column, box_width);
        y[i] = 1 + (double)used[column]++ * (BOX_HEIGHT + 12);
        most = used[column] > most ? used[column] : most;
    }
    mt_svg_begin(s, &(struct mt_svg_head){.id = id,
                                          .class_name = "blk",
                                          .title = "Who waits for whom",
                                          .description = "An arrow leads from those that wait to "
                                                         "what holds the thing they wait for.",
                                          .width = width,
                                          .height = (double)most * (BOX_HEIGHT + 12) - 8});
    for (size_t i = 0; i < n; i++) {
        box(s, &scratch, &page->blocking[i], x[i], y[i], box_width);
        uint32_t to = page->blocking[i].holder;
        if (to && to - 1 < n && x[to - 1] > x[i])
            arrow(s, x[i] + box_width, y[i] + BOX_HEIGHT / 2.0, x[to - 1],
                  y[to - 1] + BOX_HEIGHT / 2.0);
    }
    mt_svg_end(s);
    mt_arena_clear(&scratch);
}
