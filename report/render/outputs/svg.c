/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page's pictures as files that stand alone: flame-METRIC.svg, diff-METRIC.svg, timeline.svg,
 * suspect-N.svg; of a diff flame-diff.svg and slopes.svg. Ids and classes begin with a hash of the
 * picture, so that several can be put into one page. A picture is drawn twice: once to know its
 * hash, once with it.
 */
#include "report/render/charts/charts.h"
#include "report/render/renderer.h"

#include <stdio.h>

enum { WIDTH = 1176, MOST_BYTES = 2 << 20 };

struct picture {
    const struct mt_view *view;
    const struct mt_page *page;
    const struct mt_suspect *suspect;
    double least_width;
    void (*draw)(struct mt_svg *s, struct mt_arena *arena, const struct picture *p);
};

static void draw_flame(struct mt_svg *s, struct mt_arena *arena, const struct picture *p)
{
    mt_chart_flame(s, "flame", arena, p->view, WIDTH, p->least_width, true);
}

static void draw_change(struct mt_svg *s, struct mt_arena *arena, const struct picture *p)
{
    mt_chart_change(s, "diff", arena, p->view, WIDTH, p->least_width, true);
}

static void draw_lanes(struct mt_svg *s, struct mt_arena *arena, const struct picture *p)
{
    (void)arena;
    mt_chart_lanes(s, "timeline", p->page->lanes, MT_WIDE);
}

static void draw_suspect(struct mt_svg *s, struct mt_arena *arena, const struct picture *p)
{
    (void)arena;
    mt_chart_evidence(s, "suspect", p->suspect->chart, MT_WIDE);
}

static void draw_nothing(struct mt_svg *s, struct mt_arena *arena, const struct picture *p)
{
    (void)arena;
    const char *why = p->view->diff ? p->page->change.lede : p->page->flame_lede;
    mt_svg_begin(s, &(struct mt_svg_head){.id = "none",
                                          .title = "Nothing to draw",
                                          .description = why,
                                          .width = WIDTH,
                                          .height = 40});
    mt_svg_text(s, 12, 25, (struct mt_label_style){MT_T_MUTED, MT_START, false, false}, why);
    mt_svg_end(s);
}

static bool draw_once(struct mt_text *text, const struct picture *p, const char *prefix,
                      struct mt_err *err)
{
    struct mt_arena arena = {0};
    text->size = 0;
    struct mt_xml *x = mt_xml_open(text, MT_XML_SVG, err);
    if (!x)
        return false;
    struct mt_svg s = {x, prefix, true};
    p->draw(&s, &arena, p);
    mt_arena_clear(&arena);
    bool ok = mt_xml_close(x, err);
    mt_text_byte(text, '\n');
    return ok;
}

/* FNV-1a: it has to differ between pictures, not to resist anybody. */
static uint32_t hash_of(struct mt_span bytes)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < bytes.size; i++)
        h = (h ^ bytes.data[i]) * 16777619u;
    return h;
}

static bool picture(struct mt_outputs *out, const char *name, struct picture p, struct mt_err *err)
{
    struct mt_text text = {0};
    bool ok = draw_once(&text, &p, "mt00000000-", err);
    for (p.least_width = 0.3; ok && text.size > MOST_BYTES && p.least_width < 64;) {
        p.least_width *= 2; /* over the limit: fewer frames */
        ok = draw_once(&text, &p, "mt00000000-", err);
    }
    char prefix[16];
    snprintf(prefix, sizeof prefix, "mt%08x-", (unsigned)hash_of(mt_text_view(&text)));
    ok = ok && draw_once(&text, &p, prefix, err);
    if (ok && !out->file(out, name, mt_text_view(&text)))
        ok = mt_fail(err, MT_ERR_OUTPUT, 0, "%s could not be written", name);
    mt_text_clear(&text);
    return ok;
}

static void draw_runs(struct mt_svg *s, struct mt_arena *arena, const struct picture *p)
{
    (void)arena;
    mt_chart_runs(s, "slopes", &p->page->runs[0], MT_WIDE);
}

static bool nothing(const struct picture *like, struct mt_outputs *out, struct mt_err *err)
{
    struct picture p = *like;
    p.draw = draw_nothing;
    return picture(out, "svg/none.svg", p, err) &&
           mt_fail(err, MT_ERR_INPUT, 0, "nothing in these inputs can be drawn");
}

static bool render_diff(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    const struct mt_page *page = mt_page_of(view);
    struct picture p = {view, page, NULL, 0.3, draw_change};
    bool ok = true;
    if (page->change.present)
        ok = picture(out, "svg/flame-diff.svg", p, err);
    if (ok && page->n_runs) {
        p.draw = draw_runs;
        ok = picture(out, "svg/slopes.svg", p, err);
    }
    if (!ok || page->change.present || page->n_runs || !out->single)
        return ok;
    return nothing(&p, out, err);
}

static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    if (view->diff)
        return render_diff(view, out, err);
    const struct mt_page *page = mt_page_of(view);
    struct picture p = {view, page, NULL, 0.3, draw_flame};
    char name[96];
    size_t made = 0;
    bool ok = true;
    if (page->tree) {
        snprintf(name, sizeof name, "svg/flame-%s.svg", page->flame_type);
        ok = picture(out, name, p, err);
        made++;
    }
    if (ok && page->lanes && (page->lanes->n_bands || page->lanes->n_charts)) {
        p.draw = draw_lanes;
        ok = picture(out, "svg/timeline.svg", p, err);
        made++;
    }
    if (ok && page->change.present) {
        snprintf(name, sizeof name, "svg/diff-%s.svg", page->flame_type);
        p.draw = draw_change;
        ok = picture(out, name, p, err);
        made++;
    }
    p.draw = draw_suspect;
    for (size_t i = 0; ok && i < page->n_suspects; i++) {
        p.suspect = &page->suspects[i];
        if (!p.suspect->chart)
            continue;
        snprintf(name, sizeof name, "svg/suspect-%u.svg", p.suspect->number);
        ok = picture(out, name, p, err);
        made++;
    }
    if (!ok || made || !out->single)
        return ok;
    return nothing(&p, out, err);
}

const struct mt_renderer mt_renderer_svg = {
    .name = "svg",
    .suffix = ".svg",
    .file = "svg/",
    .summary = "flame graphs, timeline and suspects as pictures",
    .in_report = true,
    .in_diff = true,
    .for_report = true,
    .for_diff = true,
    .render = render,
};
