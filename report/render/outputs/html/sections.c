/* SPDX-License-Identifier: Apache-2.0 */
/* The sections between the figures and the inputs: a report has a fixed list, a diff's view gives
 * them as lists of blocks. */
#include "report/render/outputs/html/part.h"

static void runs(struct mt_html *h, const struct mt_runs_chart *c)
{
    mt_xml_open_tag(h->x, "figure", "wide");
    mt_html_scroll(h, c->title);
    mt_xml_open_tag(h->x, "div", "wid");
    mt_chart_runs(&h->svg, c->id, c, MT_WIDE);
    mt_xml_end(h->x);
    mt_html_alternative(h, "nar");
    mt_chart_runs(&h->svg, mt_arena_printf(h->arena, "%s-n", c->id), c, MT_NARROW);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_leaf(h->x, "figcaption", NULL, c->caption);
    mt_xml_end(h->x);
}

static void block(struct mt_html *h, const struct mt_block *b, bool first)
{
    switch (b->kind) {
    case MT_BLOCK_SHEET:
        mt_html_sheet(h, b->sheet);
        break;
    case MT_BLOCK_FOLDED:
        mt_html_folded_sheet(h, b->sheet, b->text, first);
        break;
    case MT_BLOCK_NOTE:
        mt_html_paragraph(h, "note", b->text);
        break;
    case MT_BLOCK_WORDS:
        mt_html_paragraph(h, "lead", b->text);
        break;
    case MT_BLOCK_CHANGE:
        mt_html_change_figure(h, "flame");
        break;
    case MT_BLOCK_RUNS:
        runs(h, b->runs);
        break;
    }
}

static void of_report(struct mt_html *h)
{
    mt_html_suspects(h);
    mt_html_time(h);
    mt_html_flame(h);
    mt_html_change(h);
    mt_html_functions(h);
    mt_html_gc(h);
    mt_html_goroutines(h);
    mt_html_requests(h);
}

void mt_html_sections(struct mt_html *h)
{
    if (!h->view->diff)
        of_report(h);
    for (size_t i = 0; i < h->page->n_sections; i++) {
        const struct mt_page_section *s = &h->page->sections[i];
        mt_html_section(h, s->id, s->heading, s->lede);
        for (size_t k = 0; k < s->n_blocks; k++)
            block(h, &s->blocks[k], k == 0);
        mt_xml_end(h->x);
    }
}
