/* SPDX-License-Identifier: Apache-2.0 */
/* Every run of a diff as a line over the time since it began: the base grey and dashed, the head
 * solid, with the median slope of each side at the right end. */
#include "report/render/charts/charts.h"

#include <math.h>

struct geometry {
    double height, left, right, top, bottom;
    size_t value_ticks, time_ticks;
};

static const struct geometry sizes[] = {
    [MT_WIDE] = {244, 64, 968, 18, 206, 6, 8},
    [MT_NARROW] = {230, 52, 522, 18, 192, 5, 5},
    [MT_PHONE] = {230, 52, 522, 18, 192, 5, 5},
};

static void extent(const struct mt_runs_chart *c, double *seconds, double *top)
{
    *seconds = 1;
    *top = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct mt_run_line *l = &c->lines[i];
        *seconds = fmax(*seconds, l->seconds[l->n - 1]);
        for (size_t k = 0; k < l->n; k++)
            *top = fmax(*top, l->value[k]);
    }
}

static void line(struct mt_svg *s, const struct mt_plot *p, const struct mt_run_line *l)
{
    struct mt_text d = {0};
    for (size_t i = 0; i < l->n; i++) {
        double x = mt_scale_at(&p->x, l->seconds[i]);
        double y = mt_scale_at(&p->y, fmax(l->value[i], 0));
        if (i)
            mt_path_line(&d, x, y);
        else
            mt_path_move(&d, x, y);
    }
    struct mt_stroke stroke = l->head ? (struct mt_stroke){MT_T_SUSPECT, 1.75, NULL}
                                      : (struct mt_stroke){MT_T_SERIES2, 1.5, "6 3"};
    mt_svg_path_open(s, d.data, MT_T_NONE, stroke, NULL);
    mt_svg_title(s, l->name);
    mt_xml_end(s->x);
    mt_text_clear(&d);
}

/* Ticks of elapsed time, in seconds or minutes. */
static void time_axis(struct mt_svg *s, struct mt_arena *scratch, const struct mt_plot *p,
                      double seconds, size_t most)
{
    double unit = seconds > 600 ? 60 : 1;
    struct mt_ticks ticks = mt_ticks_plain(scratch, 0, seconds / unit, most);
    struct mt_label_style style = {MT_T_MUTED, MT_MIDDLE, false, true};
    for (size_t i = 0; i < ticks.n; i++) {
        double x = mt_scale_at(&p->x, ticks.items[i].value * unit);
        if (x > p->right + 0.5)
            continue;
        mt_svg_line(s, x, p->bottom, x, p->bottom + 4, MT_RULE);
        mt_svg_text(s, x, p->bottom + 17, style, ticks.items[i].label);
    }
    mt_svg_text(s, p->right + 12, p->bottom + 17,
                (struct mt_label_style){MT_T_MUTED, MT_START, false, false},
                unit > 1 ? "min since the run began" : "s since the run began");
}

/* Where the lines of a side end, in the middle. */
static double end_of(const struct mt_runs_chart *c, const struct mt_plot *p, bool head)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->lines[i].head == head) {
            sum += c->lines[i].value[c->lines[i].n - 1];
            n++;
        }
    return mt_scale_at(&p->y, n ? fmax(sum / (double)n, 0) : 0);
}

static void end_labels(struct mt_svg *s, const struct mt_plot *p, const struct mt_runs_chart *c)
{
    double at[2] = {end_of(c, p, false), end_of(c, p, true)};
    int upper = at[0] <= at[1] ? 0 : 1;
    double ordered[2] = {at[upper], at[!upper]};
    mt_push_apart(ordered, 2, 16, p->top, p->bottom - 4);
    at[upper] = ordered[0];
    at[!upper] = ordered[1];
    mt_svg_text(s, p->right + 12, at[0] + 4,
                (struct mt_label_style){MT_T_MUTED, MT_START, false, true}, c->base_label);
    mt_svg_text(s, p->right + 12, at[1] + 4,
                (struct mt_label_style){MT_T_TEXT, MT_START, true, true}, c->head_label);
}

void mt_chart_runs(struct mt_svg *s, const char *id, const struct mt_runs_chart *c,
                   enum mt_size size)
{
    const struct geometry *g = &sizes[size];
    struct mt_arena scratch = {0};
    double seconds, top;
    extent(c, &seconds, &top);
    struct mt_ticks ticks = c->bytes ? mt_ticks_bytes(&scratch, 0, top, g->value_ticks)
                                     : mt_ticks_plain(&scratch, 0, top, g->value_ticks);
    struct mt_plot p = {.x = {0, seconds, g->left, g->right},
                        .y = {0, ticks.items[ticks.n - 1].value, g->bottom, g->top},
                        .left = g->left,
                        .right = g->right,
                        .top = g->top,
                        .bottom = g->bottom};
    mt_svg_begin(s, &(struct mt_svg_head){.id = id,
                                          .class_name = "runs",
                                          .title = c->title,
                                          .description = c->description,
                                          .width = mt_chart_width(size),
                                          .height = g->height});
    mt_plot_value_axis(s, &p, &ticks, g->bottom + 17);
    time_axis(s, &scratch, &p, seconds, g->time_ticks);
    for (size_t i = 0; i < c->n; i++)
        line(s, &p, &c->lines[i]);
    end_labels(s, &p, c);
    mt_svg_end(s);
    mt_arena_clear(&scratch);
}
