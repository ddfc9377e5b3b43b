/* SPDX-License-Identifier: Apache-2.0 */
/* The lanes on one axis: layout, axis, lane A, and what runs through all lanes. */
#include "report/render/charts/lane_draw.h"

#include <math.h>
#include <stdlib.h>

double mt_lane_x(const struct mt_lane_draw *d, int64_t time_ns)
{
    return mt_scale_at(&d->x, (double)(time_ns - d->l->start_ns));
}

double mt_lane_room(const struct mt_lane_draw *d)
{
    return d->at.width - d->at.right - 16;
}

static double chart_height(const struct mt_lane_chart *c, enum mt_size size)
{
    if (c->n_lines > 2)
        return size == MT_WIDE ? 100 : 90;
    return c->bytes ? 62 : 38;
}

static bool has_stops(const struct mt_lanes *l)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_traces; i++)
        n += l->traces[i].n_stops;
    return n;
}

/* Room for a row of all panels below what is there. */
static double add_row(struct mt_lane_layout *at, const struct mt_lanes *l, bool in_flight)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_traces; i++)
        n += in_flight ? l->traces[i].in_flight.n : l->traces[i].runnable.n;
    if (!n)
        return 0;
    double top = at->panel_bottom + 6;
    at->panel_bottom = top + MT_LANE_ROW;
    return top;
}

static void lay_out(struct mt_lane_layout *at, const struct mt_lanes *l, enum mt_size size)
{
    bool wide = size == MT_WIDE;
    at->size = size;
    at->width = mt_chart_width(size);
    at->left = wide ? 96 : 72;
    at->right = at->width - (wide ? 184 : 150);
    double y = 20;
    if (l->n_bands) {
        at->head_a = y + 22;
        at->top_a = at->head_a + 18;
        at->bottom_a = at->top_a + (wide ? 196 : 150);
        y = at->bottom_a + 18;
    }
    if (l->n_cycles || l->n_traces) {
        at->head_b = y + 22;
        at->top_b = at->head_b + 18;
        at->bottom_b = at->top_b + (l->n_cycles ? 54 : 14);
        y = at->bottom_b + 8;
    }
    if (l->n_traces && l->magnified) {
        at->panel_top = at->bottom_b + 30;
        at->live_bottom = at->panel_top + 84;
        at->stops_bottom = at->live_bottom + (has_stops(l) ? 46 : 0);
        at->goroutines_bottom = at->panel_bottom = at->stops_bottom + 38;
        at->runnable_top = add_row(at, l, false);
        at->in_flight_top = add_row(at, l, true);
        y = at->panel_bottom + 22;
    }
    if (l->n_charts) {
        at->head_c = y + 26;
        y = at->head_c + 6;
    }
    for (size_t i = 0; i < l->n_charts; i++) {
        at->top_c[i] = y + 14;
        at->bottom_c[i] = at->top_c[i] + chart_height(&l->charts[i], size);
        y = at->bottom_c[i];
    }
    at->axis = y + 17;
    at->height = at->axis + 7;
}

void mt_lane_grid(struct mt_lane_draw *d, double top, double bottom)
{
    struct mt_text path = {0};
    mt_svg_group(d->s, "gx");
    for (size_t i = 0; i < d->times.n; i++) {
        mt_path_move(&path, mt_scale_at(&d->x, d->times.items[i].value), top);
        mt_path_v(&path, bottom);
    }
    mt_svg_path(d->s, path.data, MT_T_NONE, MT_GRID);
    mt_xml_end(d->s->x);
    mt_text_clear(&path);
}

void mt_lane_head(struct mt_lane_draw *d, double y, const char *letter, const char *title,
                  const char *sub, const char *badge)
{
    struct mt_label_style muted = {MT_T_MUTED, MT_START, false, false};
    struct mt_label_style bold = {MT_T_TEXT, MT_START, true, false};
    mt_svg_text(d->s, 0, y, muted, letter);
    mt_svg_text(d->s, 16, y, bold, title);
    double x = 30 + mt_text_width(title), end = d->at.width;
    if (badge) {
        muted.anchor = MT_END;
        mt_svg_text(d->s, end, y, muted, badge);
        end -= mt_text_width(badge) + 16;
        muted.anchor = MT_START;
    }
    const char *text = mt_text_cut(d->scratch, sub, end - x);
    if (text)
        mt_svg_text(d->s, x, y, muted, text);
}

static int by_y(const void *a, const void *b)
{
    const struct mt_lane_label *x = a, *y = b;
    return x->y < y->y ? -1 : x->y > y->y;
}

void mt_lane_labels(struct mt_lane_draw *d, struct mt_lane_label *labels, size_t n, double low,
                    double high)
{
    double at[MT_LANE_LABELS];
    if (n > MT_LANE_LABELS)
        n = MT_LANE_LABELS;
    qsort(labels, n, sizeof *labels, by_y);
    for (size_t i = 0; i < n; i++)
        at[i] = labels[i].y;
    mt_push_apart(at, n, 15, low, high);
    struct mt_text path = {0};
    for (size_t i = 0; i < n; i++) {
        if (fabs(at[i] - labels[i].y) <= 2)
            continue;
        mt_path_move(&path, d->at.right + 2, labels[i].y);
        mt_path_line(&path, d->at.right + 10, at[i]);
    }
    mt_svg_path(d->s, path.data, MT_T_NONE, MT_RULE);
    mt_text_clear(&path);
    for (size_t i = 0; i < n; i++) {
        const char *text = mt_text_cut(d->scratch, labels[i].text, mt_lane_room(d) + 6);
        if (text)
            mt_svg_text(d->s, d->at.right + 14, at[i] + 4,
                        (struct mt_label_style){labels[i].token, MT_START, labels[i].bold, true},
                        text);
    }
}

static void time_labels(struct mt_lane_draw *d, double y)
{
    struct mt_label_style style = {MT_T_MUTED, MT_MIDDLE, false, true};
    mt_svg_group(d->s, "tl");
    mt_xml_attr_at(d->s->x, "data-y", y);
    for (size_t i = 0; i < d->times.n; i++)
        mt_svg_text(d->s, mt_scale_at(&d->x, d->times.items[i].value), y, style,
                    d->times.items[i].label);
    mt_xml_end(d->s->x);
    double first = d->times.n ? mt_scale_at(&d->x, d->times.items[0].value) : d->at.right;
    double room = d->times.n ? mt_text_width(d->times.items[0].label) / 2 : 0;
    mt_svg_text(d->s, fmin(d->at.left, first - room) - 8, y,
                (struct mt_label_style){MT_T_MUTED, MT_END, false, false}, "UTC");
}

/* --- lane A --- */

static enum mt_token band_token(const struct mt_lane_band *b)
{
    return b->suspect ? MT_T_SUSPECT : (enum mt_token)(MT_T_BAND1 + (int)b->shade - 1);
}

/* The last snapshot stands for as long as one interval before it. */
static double end_of_bands(const struct mt_lane_draw *d)
{
    const struct mt_lanes *l = d->l;
    size_t n = l->n_snapshots;
    int64_t last = l->snapshot_ns[n - 1];
    int64_t step = n > 1 ? (last - l->snapshot_ns[0]) / (int64_t)(n - 1) : l->end_ns - last;
    int64_t end = l->end_ns - last < step ? l->end_ns : last + step;
    return mt_lane_x(d, end);
}

static void step_path(struct mt_lane_draw *d, const struct mt_scale *y, const double *value,
                      struct mt_text *out, double end)
{
    for (size_t i = 0; i < d->l->n_snapshots; i++) {
        double x = mt_lane_x(d, d->l->snapshot_ns[i]);
        if (!i)
            mt_path_move(out, x, mt_scale_at(y, value[i]));
        else {
            mt_path_h(out, x);
            mt_path_v(out, mt_scale_at(y, value[i]));
        }
    }
    mt_path_h(out, end);
}

static void draw_band(struct mt_lane_draw *d, const struct mt_scale *y,
                      const struct mt_lane_band *b, double end)
{
    struct mt_text area = {0}, line = {0};
    step_path(d, y, b->top, &area, end);
    step_path(d, y, b->top, &line, end);
    for (size_t i = d->l->n_snapshots; i--;) {
        mt_path_v(&area, mt_scale_at(y, b->bottom[i]));
        mt_path_h(&area, mt_lane_x(d, d->l->snapshot_ns[i]));
    }
    mt_text_byte(&area, 'Z');
    mt_svg_path_open(d->s, area.data, band_token(b), MT_NO_STROKE, "band");
    if (b->function)
        mt_xml_attr_u64(d->s->x, "data-f", b->function);
    mt_svg_title(d->s, mt_arena_printf(d->scratch, "%s: %s at the end", b->name.full, b->exact));
    mt_xml_end(d->s->x);
    mt_svg_path(d->s, line.data, MT_T_NONE,
                (struct mt_stroke){b->suspect ? MT_T_BAD : MT_T_EDGE, 1, NULL});
    mt_text_clear(&area);
    mt_text_clear(&line);
}

static const char *band_label(struct mt_lane_draw *d, const struct mt_lane_band *b)
{
    const char *const forms[] = {b->name.element, b->name.type, b->name.method};
    const char *mark = b->suspect ? mt_arena_printf(d->scratch, "\xe2\x96\xb2%u ", b->suspect) : "";
    const char *text = NULL;
    for (size_t i = 0; i < 3; i++) {
        text = mt_arena_printf(d->scratch, "%s%s %s", mark, forms[i], b->amount);
        if (mt_text_width(text) <= mt_lane_room(d))
            return text;
    }
    double rest = mt_lane_room(d) - mt_text_width(b->amount) - mt_text_width(mark) - 4;
    const char *cut = mt_text_cut(d->scratch, b->name.method, rest);
    return cut ? mt_arena_printf(d->scratch, "%s%s %s", mark, cut, b->amount) : text;
}

static void bands_and_labels(struct mt_lane_draw *d, const struct mt_plot *p)
{
    const struct mt_lanes *l = d->l;
    struct mt_lane_label labels[MT_LANE_LABELS];
    size_t n = 0, last = l->n_snapshots - 1;
    double end = end_of_bands(d);
    mt_svg_group(d->s, "zx");
    for (size_t i = 0; i < l->n_bands; i++)
        draw_band(d, &p->y, &l->bands[i], end);
    mt_xml_end(d->s->x);
    for (size_t i = 0; i < l->n_bands; i++) {
        const struct mt_lane_band *b = &l->bands[i];
        if (b->top[last] - b->bottom[last] <= 0)
            continue;
        labels[n++] = (struct mt_lane_label){
            (mt_scale_at(&p->y, b->top[last]) + mt_scale_at(&p->y, b->bottom[last])) / 2,
            band_label(d, b), b->suspect ? MT_T_BAD : MT_T_TEXT, b->suspect != 0};
    }
    double y = mt_scale_at(&p->y, l->bands[l->n_bands - 1].top[last]) - 12;
    labels[n++] = (struct mt_lane_label){fmax(y, p->top - 8), l->total_label, MT_T_MUTED, false};
    mt_lane_labels(d, labels, n, p->top - 8, p->bottom + 8);
}

static void snapshots(struct mt_lane_draw *d)
{
    double y = d->at.bottom_a + 10;
    for (size_t i = 0; i < d->l->n_snapshots; i++) {
        mt_svg_circle_open(d->s, mt_lane_x(d, d->l->snapshot_ns[i]), y, 3, MT_T_TEXT, MT_T_NONE,
                           "snap");
        mt_xml_attr_printf(d->s->x, "data-t", "%.3f",
                           (double)(d->l->snapshot_ns[i] - d->l->start_ns) / 1e9);
        mt_svg_title(d->s, mt_arena_printf(d->scratch, "snapshot %zu of %zu, %s UTC", i + 1,
                                           d->l->n_snapshots,
                                           mt_fmt_clock(d->scratch, d->l->snapshot_ns[i])));
        mt_xml_end(d->s->x);
    }
}

static void notes(struct mt_lane_draw *d)
{
    for (size_t i = 0; i < d->l->n_notes; i++) {
        double x = mt_lane_x(d, d->l->notes[i].time_ns);
        double width = mt_text_width(d->l->notes[i].text);
        bool flip = x + width + 8 > d->at.right;
        double y = d->at.top_a + 11 + 14 * (double)i;
        mt_svg_line(d->s, x, y - 9, x, y + 30, MT_RULE);
        mt_svg_text(d->s, flip ? x - 4 : x + 4, y,
                    (struct mt_label_style){MT_T_MUTED, flip ? MT_END : MT_START, false, false},
                    d->l->notes[i].text);
    }
}

static void lane_a(struct mt_lane_draw *d)
{
    const struct mt_lanes *l = d->l;
    struct mt_ticks ticks =
        mt_ticks_bytes(d->scratch, 0, l->total_top, d->at.size == MT_WIDE ? 6 : 5);
    struct mt_plot p = {.left = d->at.left,
                        .right = d->at.right,
                        .top = d->at.top_a,
                        .bottom = d->at.bottom_a,
                        .y = {0, fmax(l->total_top * 1.04, 1), d->at.bottom_a, d->at.top_a + 14}};
    mt_lane_head(d, d->at.head_a, "A", "Who holds the heap", l->sub_a, l->badge_a);
    double first = mt_lane_x(d, l->snapshot_ns[0]), end = end_of_bands(d);
    mt_svg_group(d->s, "zx");
    if (first - p.left > 1)
        mt_svg_rect(d->s, p.left, p.top, first - p.left, p.bottom - p.top, MT_T_SURFACE, MT_T_NONE);
    if (p.right - end > 1)
        mt_svg_rect(d->s, end, p.top, p.right - end, p.bottom - p.top, MT_T_SURFACE, MT_T_NONE);
    mt_xml_end(d->s->x);
    mt_lane_grid(d, p.top, p.bottom);
    mt_plot_value_axis(d->s, &p, &ticks, 0);
    if (first - p.left > 64)
        mt_svg_text(d->s, p.left + 4, p.bottom - 6,
                    (struct mt_label_style){MT_T_MUTED, MT_START, false, false}, "no profile");
    bands_and_labels(d, &p);
    mt_svg_text(d->s, p.left - 8, p.bottom + 14,
                (struct mt_label_style){MT_T_MUTED, MT_END, false, false},
                d->at.size == MT_WIDE ? "snapshots" : "shots");
    mt_svg_group(d->s, "zx");
    notes(d);
    snapshots(d);
    mt_xml_end(d->s->x);
}

/* --- all lanes --- */

/* Top and bottom of what each lane draws over the whole window; heads and magnified panels lie
 * between. */
enum { LANES = 3 };
static size_t extents(const struct mt_lane_draw *d, double extent[LANES][2])
{
    size_t n = 0;
    const double all[LANES][2] = {
        {d->at.top_a, d->l->n_bands ? d->at.bottom_a : 0},
        {d->at.top_b, d->at.head_b > 0 ? d->at.bottom_b : 0},
        {d->at.top_c[0], d->l->n_charts ? d->at.bottom_c[d->l->n_charts - 1] : 0}};
    for (size_t i = 0; i < LANES; i++)
        if (all[i][1] > 0) {
            extent[n][0] = all[i][0];
            extent[n++][1] = all[i][1];
        }
    return n;
}

static void stops_through(struct mt_lane_draw *d)
{
    struct mt_text path = {0};
    double extent[LANES][2];
    size_t n = extents(d, extent);
    for (size_t i = 0; i < d->l->n_stops; i++)
        for (size_t k = 0; k < n; k++) {
            mt_path_move(&path, mt_lane_x(d, d->l->stops[i].time_ns), extent[k][0]);
            mt_path_v(&path, extent[k][1]);
        }
    mt_svg_group(d->s, "zx");
    mt_svg_path(d->s, path.data, MT_T_NONE, (struct mt_stroke){MT_T_GC, 1, "2 2"});
    mt_xml_end(d->s->x);
    mt_text_clear(&path);
}

/* Where the crosshair may stand: "top bottom" of each lane. */
static void say_extents(struct mt_lane_draw *d)
{
    struct mt_text ys = {0};
    double extent[LANES][2];
    size_t n = extents(d, extent);
    for (size_t i = 0; i < n; i++)
        mt_text_printf(&ys, "%s%.0f %.0f", i ? " " : "", extent[i][0], extent[i][1]);
    mt_xml_attr_at(d->s->x, "data-x0", d->at.left);
    mt_xml_attr_at(d->s->x, "data-x1", d->at.right);
    mt_xml_attr(d->s->x, "data-ys", n ? ys.data : "");
    mt_text_clear(&ys);
}

void mt_chart_lanes(struct mt_svg *s, const char *id, const struct mt_lanes *l, enum mt_size size)
{
    struct mt_arena scratch = {0};
    struct mt_lane_draw d = {.s = s, .scratch = &scratch, .l = l};
    lay_out(&d.at, l, size);
    d.x = (struct mt_scale){0, (double)(l->end_ns - l->start_ns), d.at.left, d.at.right};
    d.times = mt_ticks_time(&scratch, l->start_ns, l->end_ns, size == MT_WIDE ? 7 : 5);
    mt_svg_begin(s, &(struct mt_svg_head){.id = id,
                                          .class_name = "lanes",
                                          .title = l->title,
                                          .description = l->description,
                                          .width = d.at.width,
                                          .height = d.at.height});
    mt_svg_group(s, "plots");
    say_extents(&d);
    time_labels(&d, 14);
    if (l->n_bands)
        lane_a(&d);
    if (d.at.head_b > 0)
        mt_lane_draw_collector(&d);
    if (d.at.head_c > 0)
        mt_lane_draw_counters(&d);
    stops_through(&d);
    time_labels(&d, d.at.axis);
    mt_xml_end(s->x);
    mt_svg_end(s);
    mt_arena_clear(&scratch);
}
