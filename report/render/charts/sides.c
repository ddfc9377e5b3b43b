/* SPDX-License-Identifier: Apache-2.0 */
/* Two rows of dots, a run each, on one axis from zero: base above, head below, with the interval of
 * the change as a band behind the head and the policy's limit across. */
#include "report/render/charts/charts.h"

#include <math.h>
#include <string.h>

enum { BASE_Y = 52, HEAD_Y = 104, AXIS_Y = 138, HEIGHT = 166 };

struct draw {
    struct mt_svg *s;
    const struct mt_sides_chart *c;
    struct mt_plot plot;
};

static double at(const struct draw *d, double value)
{
    return mt_scale_at(&d->plot.x, fmax(value, 0));
}

static void axis(const struct draw *d, const struct mt_ticks *ticks)
{
    const struct mt_label_style style = {MT_T_MUTED, MT_MIDDLE, false, true};
    for (size_t i = 0; i < ticks->n; i++) {
        double x = at(d, ticks->items[i].value);
        mt_svg_line(d->s, x, 26, x, AXIS_Y, MT_GRID);
        mt_svg_text(d->s, x, AXIS_Y + 16, style, ticks->items[i].label);
    }
    if (*d->c->column_name)
        mt_svg_text(d->s, 0, AXIS_Y + 16,
                    (struct mt_label_style){MT_T_MUTED, MT_START, false, false}, d->c->column_name);
}

static void band(const struct draw *d)
{
    if (!isfinite(d->c->low) || !isfinite(d->c->high))
        return;
    double from = fmin(at(d, d->c->low), d->plot.right),
           to = fmin(at(d, d->c->high), d->plot.right);
    mt_svg_rect(d->s, from, HEAD_Y - 13, fmax(to - from, 1), 26, MT_T_BAND2, MT_T_NONE);
}

static void limit(const struct draw *d)
{
    if (!isfinite(d->c->limit) || at(d, d->c->limit) > d->plot.right)
        return;
    double x = at(d, d->c->limit);
    mt_svg_line(d->s, x, 22, x, AXIS_Y, (struct mt_stroke){MT_T_BAD, 1.25, "4 3"});
    enum mt_anchor anchor = x > d->plot.right - 40 ? MT_END : MT_START;
    mt_svg_text(d->s, x, 14, (struct mt_label_style){MT_T_BAD, anchor, false, false},
                d->c->limit_label);
}

static void row(const struct draw *d, bool head)
{
    const struct mt_sides_chart *c = d->c;
    double y = head ? HEAD_Y : BASE_Y, middle = at(d, head ? c->head : c->base);
    enum mt_token token =
        head ? mt_tone_token(c->tone == MT_TONE_PLAIN ? MT_TONE_OK : c->tone) : MT_T_SERIES2;
    mt_svg_text(d->s, 0, y + 4, (struct mt_label_style){MT_T_TEXT, MT_START, head, false},
                head ? "head" : "base");
    mt_svg_line(d->s, middle, y - 13, middle, y + 13, (struct mt_stroke){token, 2.5, NULL});
    for (size_t i = head ? c->n_base : 0; i < (head ? c->n : c->n_base); i++)
        mt_svg_circle(d->s, at(d, c->values[i]), y, 4, token, MT_T_BG);
    /* away from the line of the limit where there is room */
    bool beyond = isfinite(c->limit) && (head ? c->head : c->base) > c->limit;
    const char *label = head ? c->head_label : c->base_label;
    double width = 1.1 * mt_text_width(label), x = middle;
    bool to_right = middle < d->plot.left + width || (beyond && x + width < d->plot.right + 12);
    if (beyond && !to_right && middle - width < at(d, c->limit) + 4) {
        x = at(d, c->limit) + 4;
        to_right = true;
    }
    mt_svg_text(d->s, x, y - 18,
                (struct mt_label_style){token, to_right ? MT_START : MT_END, true, true}, label);
}

void mt_chart_sides(struct mt_svg *s, const char *id, const struct mt_sides_chart *c,
                    enum mt_size size)
{
    struct mt_arena scratch = {0};
    double width = size == MT_WIDE ? 380 : 290, top = fmax(c->base, c->head);
    for (size_t i = 0; i < c->n; i++)
        top = fmax(top, c->values[i]);
    if (isfinite(c->limit) && c->limit < 2 * top)
        top = fmax(top, c->limit);
    if (isfinite(c->high) && c->high < 1.5 * top)
        top = fmax(top, c->high);
    top = top > 0 ? top : 1;
    size_t most = size == MT_WIDE ? 5 : 4;
    struct mt_ticks ticks = strncmp(c->unit, "bytes", 5) == 0
                                ? mt_ticks_bytes(&scratch, 0, top, most)
                                : mt_ticks_plain(&scratch, 0, top / c->column.bytes, most);
    double scale = strncmp(c->unit, "bytes", 5) == 0 ? 1 : c->column.bytes;
    for (size_t i = 0; i < ticks.n; i++)
        ticks.items[i].value *= scale;
    struct draw d = {s, c, {.left = 48, .right = width - 12, .top = 26, .bottom = AXIS_Y}};
    d.plot.x = (struct mt_scale){0, ticks.items[ticks.n - 1].value, d.plot.left, d.plot.right};
    mt_svg_begin(s, &(struct mt_svg_head){.id = id,
                                          .class_name = "sides",
                                          .title = c->title,
                                          .description = c->description,
                                          .width = width,
                                          .height = HEIGHT});
    axis(&d, &ticks);
    band(&d);
    limit(&d);
    row(&d, false);
    row(&d, true);
    mt_svg_end(s);
    mt_arena_clear(&scratch);
}
