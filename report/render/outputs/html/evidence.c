/* SPDX-License-Identifier: Apache-2.0 */
/* Time, flame graph, change, functions. */
#include "report/render/outputs/html/part.h"

static void lanes(struct mt_html *h)
{
    const struct mt_lanes *l = h->page->lanes;
    if (!l || (!l->n_bands && !l->n_cycles && !l->n_traces && !l->n_charts))
        return;
    mt_xml_open_tag(h->x, "p", "readout");
    mt_xml_attr(h->x, "id", "readout");
    mt_xml_attr(h->x, "hidden", "hidden");
    mt_xml_text(h->x, "Point at the lanes to read them.");
    mt_xml_end(h->x);
    mt_xml_open_tag(h->x, "figure", "wide");
    mt_xml_attr(h->x, "id", "lanes");
    mt_html_scroll(h, "Lanes on one time axis");
    mt_xml_open_tag(h->x, "div", "wid");
    mt_chart_lanes(&h->svg, "lanes-w", l, MT_WIDE);
    mt_xml_end(h->x);
    mt_html_alternative(h, "nar");
    mt_chart_lanes(&h->svg, "lanes-n", l, MT_NARROW);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_leaf(h->x, "figcaption", NULL, l->caption);
    mt_xml_end(h->x);
}

void mt_html_time(struct mt_html *h)
{
    mt_html_section(h, "time", "Time", h->page->time_lede);
    lanes(h);
    mt_html_folded_sheet(h, h->page->by_snapshot, "Values by snapshot", false);
    mt_html_parts(h, "memory", "What Sys is made of",
                  &(struct mt_parts_chart){"What Sys is made of at the end",
                                           h->page->memory_caption, h->page->memory_parts,
                                           h->page->n_memory_parts});
    mt_html_folded_sheet(h, h->page->memory, "Memory by class, and what its growth means", false);
    mt_html_folded_sheet(h, h->page->anomalies, "What stood out", false);
    mt_xml_end(h->x);
}

struct legend_item {
    enum mt_token token;
    const char *words;
};

static const struct legend_item origins[] = {{MT_T_APP, "your code"},
                                             {MT_T_DEP, "dependency"},
                                             {MT_T_STD, "standard library"},
                                             {MT_T_RUNTIME, "runtime"},
                                             {MT_T_CGO, "C"}};

/* hidden_id: the script shows it when it shows what it explains; NULL: always there. */
static void legend(struct mt_html *h, const struct legend_item *items, size_t n,
                   const char *hidden_id)
{
    mt_xml_open_tag(h->x, "ul", "lg");
    if (hidden_id) {
        mt_xml_attr(h->x, "id", hidden_id);
        mt_xml_attr(h->x, "hidden", "hidden");
    }
    for (size_t i = 0; i < n; i++) {
        mt_xml_begin(h->x, "li");
        mt_chart_swatch(&h->svg, items[i].token);
        mt_xml_text(h->x, " ");
        mt_xml_text(h->x, items[i].words);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
}

static void drawn_note(struct mt_html *h, const struct mt_flame *f)
{
    if (!f->folded) {
        mt_xml_open_tag(h->x, "p", "note");
        mt_xml_printf(h->x, "%s of %s frames drawn; none was too narrow.",
                      mt_fmt_count(h->arena, (double)f->n), mt_fmt_count(h->arena, (double)f->n));
        mt_xml_end(h->x);
        return;
    }
    mt_xml_open_tag(h->x, "p", "note");
    mt_xml_printf(h->x, "%s of %s frames drawn. Folded: frames narrower than %.1f px%s.",
                  mt_fmt_count(h->arena, (double)f->n),
                  mt_fmt_count(h->arena, (double)(f->n + f->folded)), f->least_width,
                  f->deeper ? mt_arena_printf(h->arena, ", and %s below the last row",
                                              mt_fmt_count(h->arena, (double)f->deeper))
                            : "");
    mt_xml_end(h->x);
}

typedef struct mt_flame draw_flame(struct mt_svg *s, const char *id, struct mt_arena *arena,
                                   const struct mt_view *view, double width, double least_width,
                                   bool legend);

static void both_sizes(struct mt_html *h, const char *id, const char *label, draw_flame *draw)
{
    mt_xml_open_tag(h->x, "figure", "wide");
    mt_xml_attr_printf(h->x, "id", "%s-figure", id);
    mt_html_scroll(h, label);
    mt_xml_open_tag(h->x, "div", "wid");
    struct mt_flame f = draw(&h->svg, mt_arena_printf(h->arena, "%s-w", id), h->arena, h->view,
                             mt_chart_width(MT_WIDE), h->least_width, false);
    mt_xml_end(h->x);
    mt_html_alternative(h, "nar");
    draw(&h->svg, mt_arena_printf(h->arena, "%s-n", id), h->arena, h->view,
         mt_chart_width(MT_NARROW), h->least_width, false);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    drawn_note(h, &f);
}

void mt_html_flame(struct mt_html *h)
{
    mt_html_section(h, "flame", "Flame graph", h->page->flame_lede);
    if (h->page->tree) {
        mt_xml_open_tag(h->x, "div", "fb");
        legend(h, origins, 5, NULL);
        mt_xml_end(h->x);
        both_sizes(h, "flame", "Flame graph of the last snapshot", mt_chart_flame);
        mt_html_folded_sheet(h, h->page->holders, "Who holds it: paths of references", true);
        mt_html_folded_sheet(h, h->page->paths, "Heaviest paths", true);
    }
    mt_xml_end(h->x);
}

void mt_html_change_figure(struct mt_html *h, const char *id)
{
    static const struct legend_item steps[] = {{MT_T_SHRANK3, "shrank by half, or gone"},
                                               {MT_T_SHRANK1, "shrank"},
                                               {MT_T_SAME, "same, or inside noise (~)"},
                                               {MT_T_GREW1, "grew under 15%"},
                                               {MT_T_GREW2, "under 50%"},
                                               {MT_T_GREW3, "more, or new"}};
    mt_xml_open_tag(h->x, "div", "fb");
    legend(h, steps, 6, NULL);
    if (h->view->diff)
        legend(h, origins, 5, "legend-origin");
    mt_xml_end(h->x);
    both_sizes(h, id, mt_arena_printf(h->arena, "Change of %s by call path", h->page->change.what),
               mt_chart_change);
    mt_html_paragraph(h, "note",
                      "The width of a frame is what was before plus what is after, so levels add "
                      "up. The bar at its foot splits it: grey before, dark after. Equal halves "
                      "mean no change.");
}

void mt_html_change(struct mt_html *h)
{
    const struct mt_change *c = &h->page->change;
    mt_html_section(h, "diff", "Change", c->lede);
    if (c->present) {
        mt_html_sheet(h, c->totals);
        mt_html_change_figure(h, "change");
        mt_html_sheet(h, c->growers);
        mt_html_sheet(h, c->shrinkers);
    }
    mt_xml_end(h->x);
}

void mt_html_functions(struct mt_html *h)
{
    mt_html_section(h, "functions", "Functions", h->page->functions_lede);
    mt_html_sheet(h, h->page->functions);
    if (h->page->by_lede)
        mt_html_paragraph(h, "note", h->page->by_lede);
    if (h->page->by_label)
        mt_html_sheet(h, h->page->by_label);
    mt_xml_end(h->x);
}
