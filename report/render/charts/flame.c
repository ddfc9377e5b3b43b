/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flame graphs as icicles: root on top. Live: width is bytes, colour whose code. Change: width is
 * before plus after, colour how it changed, a bar at the foot splits the width into both.
 */
#include "report/render/charts/charts.h"

#include "report/view/printable.h"

#include <math.h>
#include <string.h>

enum { ROW = 21, CHANGE_ROW = 27, LEGEND = 26 };
static const double advance = 7.2, least_label = 4;

struct flame_draw {
    struct mt_svg *s;
    struct mt_arena *scratch;
    const struct mt_view *view;
    const struct mt_page *page;
    const struct mt_tree *tree;
    bool change;
    double top, row;
};

static enum mt_token origin_token(enum mt_origin origin)
{
    static const enum mt_token tokens[] = {MT_T_APP, MT_T_DEP, MT_T_STD, MT_T_RUNTIME, MT_T_CGO};
    return tokens[origin];
}

static const char *amount(struct flame_draw *d, double v)
{
    if (d->change)
        return mt_fmt_amount(d->scratch, d->page->change.amounts, v);
    return d->page->flame_bytes ? mt_fmt_bytes(d->scratch, v) : mt_fmt_count(d->scratch, v);
}

/* --- how much a frame changed --- */

static int change_step(const struct flame_draw *d, const struct mt_node *n)
{
    double before = n->total[MT_BEFORE], after = n->total[MT_AFTER], delta = after - before;
    double larger = fmax(before, after), period = d->page->change.period;
    const bool *noise = d->page->change.noise;
    if (delta == 0 || larger <= 0 || (noise && noise[n - d->tree->nodes]))
        return 0;
    if (!noise && period > 0 && fabs(delta) < 2 * sqrt((before + after) / period) * period)
        return 0; /* inside the noise of sampling */
    double share = fabs(delta) / larger;
    int step = share < 0.02 ? 0 : share < 0.15 ? 1 : share < 0.5 ? 2 : 3;
    return delta > 0 ? step : -step;
}

static const char *change_words(struct flame_draw *d, const struct mt_node *n)
{
    double delta = n->total[MT_AFTER] - n->total[MT_BEFORE];
    if (delta == 0)
        return "";
    if (!change_step(d, n))
        return "~";
    return mt_fmt_in_delta(d->scratch, d->page->change.unit, delta);
}

static const char *tooltip(struct flame_draw *d, const struct mt_node *n, const char *name)
{
    double whole = d->tree->nodes[0].total[MT_AFTER];
    if (!d->change)
        return mt_arena_printf(
            d->scratch, "%s: %s (%s), self %s", name, amount(d, n->total[MT_AFTER]),
            mt_fmt_share(d->scratch, n->total[MT_AFTER] / whole), amount(d, n->self[MT_AFTER]));
    const char *words = n->total[MT_BEFORE] == 0  ? "new"
                        : n->total[MT_AFTER] == 0 ? "gone"
                        : change_step(d, n)       ? NULL
                                                  : "same or inside noise";
    return mt_arena_printf(d->scratch, "%s: %s to %s, %s%s%s", name, amount(d, n->total[MT_BEFORE]),
                           amount(d, n->total[MT_AFTER]),
                           mt_fmt_amount_delta(d->scratch, d->page->change.amounts,
                                               n->total[MT_AFTER] - n->total[MT_BEFORE], 0),
                           words ? ", " : "", words ? words : "");
}

/* --- labels --- */

static void root_label(struct flame_draw *d, double width, double y)
{
    const char *text = d->change ? d->page->change.root : d->page->flame_root;
    if ((double)mt_characters(text) * advance + 8 <= width)
        mt_svg_text(d->s, 5, y, (struct mt_label_style){MT_T_NONE, MT_START, false, false}, text);
}

static void label(struct flame_draw *d, const struct mt_frame *f, const struct mt_node *n, double y)
{
    double room = floor((f->width - 8) / advance);
    if (room < least_label)
        return;
    unsigned suspect = mt_page_suspect(d->page, n->function);
    const char *mark = suspect ? mt_arena_printf(d->scratch, "\xe2\x96\xb2%u ", suspect) : "";
    double used = (double)mt_characters(mark);
    struct mt_name name = mt_name_of(d->scratch, mt_view_text(d->view, n->function));
    const char *text = mt_name_fit(d->scratch, &name, (size_t)fmax(room - used, 0));
    if (d->change) { /* the sign comes first: it must be in every label */
        const char *words = change_words(d, n);
        double rest = room - used - (*words ? (double)mt_characters(words) + 1 : 0);
        text = rest >= least_label ? mt_name_fit(d->scratch, &name, (size_t)rest) : NULL;
        if (text && *words)
            text = mt_arena_printf(d->scratch, "%s %s", text, words);
        else if (!text && *words && (double)mt_characters(words) <= room)
            text = words;
    } else if (text) {
        const char *value =
            mt_arena_printf(d->scratch, "%s \xc2\xb7 %s", text, amount(d, n->total[MT_AFTER]));
        if ((double)mt_characters(value) + used <= room)
            text = value;
    }
    if (text)
        mt_svg_text(d->s, f->x + 5, y,
                    (struct mt_label_style){MT_T_NONE, MT_START, suspect != 0, false},
                    mt_arena_printf(d->scratch, "%s%s", mark, text));
}

/* --- frames --- */

static enum mt_token frame_fill(struct flame_draw *d, const struct mt_node *n, bool root)
{
    if (d->change)
        return (enum mt_token)((int)MT_T_SAME + change_step(d, n));
    return root ? MT_T_SURFACE : origin_token(n->origin);
}

static void foot(struct flame_draw *d, const struct mt_frame *f, const struct mt_node *n, double y)
{
    double split = f->width * n->total[MT_BEFORE] / mt_node_weight(n);
    int step = change_step(d, n);
    enum mt_token after = step > 0 ? MT_T_BAD : step < 0 ? MT_T_LINK : MT_T_MUTED;
    if (split >= 0.1)
        mt_svg_rect(d->s, f->x, y, split, 5, MT_T_BAND5, MT_T_NONE);
    if (f->width - split >= 0.1)
        mt_svg_rect(d->s, f->x + split, y, f->width - split, 5, after, MT_T_NONE);
}

static void frame(struct flame_draw *d, const struct mt_frame *f)
{
    const struct mt_node *n = &d->tree->nodes[f->node];
    double y = d->top + (double)f->row * d->row;
    double height = d->row - 1;
    const char *name = f->node ? mt_view_text(d->view, n->function) : "root";
    if (!*name)
        name = "(unknown)";
    mt_svg_group(d->s, "fr");
    if (n->function)
        mt_xml_attr_u64(d->s->x, "data-f", n->function);
    mt_svg_title(d->s, tooltip(d, n, name));
    bool edge = f->width >= 4;
    mt_svg_rect(d->s, f->x + (edge ? 0.25 : 0), y, fmax(f->width - (edge ? 0.5 : 0), 0.3), height,
                frame_fill(d, n, f->node == 0), edge ? MT_T_EDGE : MT_T_NONE);
    if (d->change)
        foot(d, f, n, y + height - 5);
    if (f->node)
        label(d, f, n, y + 14);
    else
        root_label(d, f->width, y + 14);
    mt_xml_end(d->s->x);
}

/* --- legend inside a picture that stands alone --- */

struct legend_item {
    enum mt_token token;
    const char *words;
};

static void legend(struct flame_draw *d)
{
    static const struct legend_item live[] = {{MT_T_APP, "your code"},
                                              {MT_T_DEP, "dependency"},
                                              {MT_T_STD, "standard library"},
                                              {MT_T_RUNTIME, "runtime"},
                                              {MT_T_CGO, "C"}};
    static const struct legend_item change[] = {{MT_T_SHRANK3, "shrank"},
                                                {MT_T_SAME, "same or inside noise (~)"},
                                                {MT_T_GREW1, "grew under 15%"},
                                                {MT_T_GREW2, "under 50%"},
                                                {MT_T_GREW3, "more, or new"}};
    const struct legend_item *items = d->change ? change : live;
    double x = 0;
    struct mt_label_style style = {MT_T_MUTED, MT_START, false, false};
    for (size_t i = 0; i < 5; i++) {
        mt_svg_rect(d->s, x + 0.5, 0.5, 12, 12, items[i].token, MT_T_EDGE);
        mt_svg_text(d->s, x + 18, 11, style, items[i].words);
        x += 18 + advance * (double)strlen(items[i].words) + 20;
    }
}

static void drawn(struct flame_draw *d, const char *id, const char *title, const char *description,
                  struct mt_flame *flame, double width)
{
    double height = d->top + fmax((double)flame->rows, 1) * d->row;
    mt_svg_begin(d->s, &(struct mt_svg_head){.id = id,
                                             .class_name = d->change ? "flame diff" : "flame",
                                             .title = title,
                                             .description = description,
                                             .width = width,
                                             .height = height,
                                             .mono = true});
    if (d->top > 0)
        legend(d);
    if (!flame->n)
        mt_svg_text(d->s, 0, d->top + 14,
                    (struct mt_label_style){MT_T_MUTED, MT_START, false, false},
                    "no samples in this profile");
    mt_svg_group(d->s, "f-ftext"); /* said once for all labels */
    mt_xml_attr(d->s->x, "fill", mt_token_info(MT_T_FRAME_TEXT)->light);
    for (size_t i = 0; i < flame->n; i++)
        frame(d, &flame->frames[i]);
    mt_xml_end(d->s->x);
    mt_svg_end(d->s);
}

/* A narrower picture has room for fewer. */
static size_t frames_in(double width, size_t most)
{
    double part = width / mt_chart_width(MT_WIDE);
    return (size_t)((double)most * fmin(part, 1));
}

struct mt_flame mt_chart_flame(struct mt_svg *s, const char *id, struct mt_arena *arena,
                               const struct mt_view *view, double width, double least_width,
                               bool with_legend)
{
    struct mt_arena scratch = {0};
    const struct mt_page *page = mt_page_of(view);
    struct flame_draw d = {.s = s,
                           .scratch = &scratch,
                           .view = view,
                           .page = page,
                           .tree = page->tree,
                           .row = ROW,
                           .top = with_legend ? LEGEND : 0};
    struct mt_flame flame =
        mt_flame_lay_out(arena, page->tree,
                         (struct mt_flame_limits){
                             width, least_width, frames_in(width, MT_FLAME_FRAMES), MT_FLAME_ROWS});
    const char *total = amount(&d, page->tree->nodes[0].total[MT_AFTER]);
    const char *metric = page->n_snapshots ? "Live heap" : page->flame_metric;
    drawn(&d, id,
          mt_arena_printf(&scratch, "%s by call path, %s, %s", metric, page->head.subject, total),
          mt_arena_printf(&scratch, "%s: %s Width is %s, colour whose code a frame is.",
                          page->verdict.word, page->verdict.sentence, page->flame_metric),
          &flame, width);
    mt_arena_clear(&scratch);
    return flame;
}

struct mt_flame mt_chart_change(struct mt_svg *s, const char *id, struct mt_arena *arena,
                                const struct mt_view *view, double width, double least_width,
                                bool with_legend)
{
    struct mt_arena scratch = {0};
    const struct mt_page *page = mt_page_of(view);
    struct flame_draw d = {.s = s,
                           .scratch = &scratch,
                           .view = view,
                           .page = page,
                           .tree = page->change.tree,
                           .change = true,
                           .row = CHANGE_ROW,
                           .top = with_legend ? LEGEND : 0};
    struct mt_flame flame = mt_flame_lay_out(
        arena, page->change.tree,
        (struct mt_flame_limits){width, least_width, frames_in(width, MT_CHANGE_FRAMES),
                                 MT_FLAME_ROWS});
    drawn(&d, id,
          mt_arena_printf(&scratch, "Change of %s by call path, %s, %s to %s", page->change.what,
                          page->head.subject, page->change.before_label, page->change.after_label),
          mt_arena_printf(&scratch,
                          "%s Width is what was before plus what is after; colour and "
                          "sign tell what grew and what shrank.",
                          page->change.lede),
          &flame, width);
    mt_arena_clear(&scratch);
    return flame;
}
