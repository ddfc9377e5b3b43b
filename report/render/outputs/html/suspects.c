/* SPDX-License-Identifier: Apache-2.0 */
/* Suspects as cards, what was set aside, and the bar that splits the growth. */
#include "report/render/outputs/html/part.h"

#include <limits.h>

static void growth(struct mt_html *h)
{
    mt_html_parts(h, "growth", "What makes up the growth",
                  &(struct mt_parts_chart){"What makes up the growth of live heap",
                                           h->page->growth_caption, h->page->growth,
                                           h->page->n_growth});
}

static void term(struct mt_html *h, const char *name)
{
    mt_xml_newline(h->x);
    mt_xml_leaf(h->x, "dt", NULL, name);
    mt_xml_begin(h->x, "dd");
}

static void why(struct mt_html *h, const struct mt_suspect *s)
{
    if (!s->n_why)
        return;
    term(h, "Why");
    mt_xml_open_tag(h->x, "ul", "dims");
    for (size_t i = 0; i < s->n_why; i++) {
        mt_xml_begin(h->x, "li");
        mt_xml_leaf(h->x, "b", NULL, s->why[i].label);
        mt_xml_text(h->x, " ");
        mt_html_words(h, s->why[i].text);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

static void where(struct mt_html *h, const struct mt_suspect *s)
{
    if (!s->n_places && !s->n_path)
        return;
    term(h, "Where");
    for (size_t i = 0; i < s->n_places; i++) {
        if (i)
            mt_xml_text(h->x, ", ");
        mt_html_code(h, s->places[i].file_line, NULL, 0);
        if (s->places[i].amount)
            mt_xml_printf(h->x, " %s", s->places[i].amount);
    }
    if (s->n_path)
        mt_html_path(h, s->path, s->n_path, s->more_frames);
    mt_xml_end(h->x);
}

static void parts(struct mt_html *h, const struct mt_suspect *s)
{
    mt_xml_open_tag(h->x, "dl", "parts");
    why(h, s);
    where(h, s);
    term(h, "Against");
    for (size_t i = 0; i < s->n_against; i++)
        mt_html_paragraph(h, NULL, s->against[i]);
    if (!s->n_against)
        mt_xml_text(h->x, "Nothing seen against it.");
    mt_xml_end(h->x);
    if (s->next) {
        term(h, "Next");
        mt_html_words(h, s->next);
        mt_xml_end(h->x);
    }
    term(h, "Confidence");
    mt_xml_leaf(h->x, "b", NULL, s->confidence);
    mt_xml_text(h->x, " ");
    mt_html_dots(h, s->dots);
    mt_xml_text(h->x, " ");
    if (s->reason)
        mt_html_words(h, s->reason);
    mt_xml_end(h->x);
    term(h, "Keywords");
    for (size_t i = 0; i < s->n_keywords; i++) {
        if (i)
            mt_xml_text(h->x, " ");
        mt_html_code(h, s->keywords[i], NULL, 0);
    }
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

static void heading(struct mt_html *h, const struct mt_suspect *s)
{
    mt_xml_begin(h->x, "summary");
    mt_xml_begin(h->x, "h3");
    mt_xml_open_tag(h->x, "span", "rk");
    mt_xml_printf(h->x, "%u", s->number);
    mt_xml_end(h->x);
    mt_xml_text(h->x, " ");
    if (s->code) {
        mt_html_code(h, s->code, s->name.full, s->function);
        mt_xml_text(h->x, " ");
    }
    unsigned linked = h->linked; /* a link in a summary would be a control inside a control */
    h->linked = UINT_MAX;
    mt_html_words(h, s->claim);
    mt_xml_open_tag(h->x, "span", "sub");
    mt_html_words(h, s->rest);
    mt_xml_end(h->x);
    h->linked = linked;
    mt_xml_end(h->x);
    mt_xml_open_tag(h->x, "span", mt_arena_printf(h->arena, "tag %s", mt_html_tone(s->tone)));
    mt_xml_printf(h->x, "%s %s", s->glyph, s->word);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

static void card(struct mt_html *h, const struct mt_suspect *s)
{
    mt_xml_newline(h->x);
    mt_xml_open_tag(h->x, "details", mt_arena_printf(h->arena, "card %s", mt_html_tone(s->tone)));
    mt_xml_attr_printf(h->x, "id", "suspect-%u", s->number);
    if (s->function)
        mt_xml_attr_u64(h->x, "data-f", s->function);
    if (s->number == 1)
        mt_xml_attr(h->x, "open", "open");
    heading(h, s);
    mt_xml_open_tag(h->x, "div", "cb");
    mt_xml_open_tag(h->x, "div", "ct");
    parts(h, s);
    if (s->advice.size) {
        mt_xml_open_tag(h->x, "details", "sub advice");
        mt_xml_leaf(h->x, "summary", NULL, "What this kind of leak is, and how it is mended");
        mt_html_markdown(h, s->advice, 4);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
    mt_xml_open_tag(h->x, "div", "cf");
    mt_html_evidence(h, mt_arena_printf(h->arena, "ev%u", s->number), s->chart);
    if (s->evidence)
        mt_html_folded_sheet(h, s->evidence, "Evidence by snapshot", false);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

static void aside(struct mt_html *h, const struct mt_aside *a)
{
    mt_xml_newline(h->x);
    mt_xml_open_tag(h->x, "details", "card aside");
    mt_xml_attr(h->x, "id", a->anchor);
    mt_xml_attr_u64(h->x, "data-f", a->function);
    mt_xml_begin(h->x, "summary");
    mt_xml_begin(h->x, "h4");
    mt_html_code(h, a->name.element, a->name.full, a->function);
    mt_xml_text(h->x, " ");
    mt_xml_leaf(h->x, "span", "sub", a->claim);
    mt_xml_end(h->x);
    mt_chart_spark(&h->svg, &a->spark, MT_TONE_PLAIN, 132, 24);
    mt_xml_open_tag(h->x, "span", "tag");
    mt_xml_printf(h->x, "%s %s", a->glyph, a->word);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_open_tag(h->x, "div", "cb");
    mt_xml_open_tag(h->x, "div", "ct");
    mt_xml_open_tag(h->x, "dl", "parts");
    term(h, "Why not");
    mt_html_words(h, a->reason ? a->reason : a->word);
    mt_xml_end(h->x);
    if (a->against) {
        term(h, "Against");
        mt_html_words(h, a->against);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_open_tag(h->x, "div", "cf");
    mt_html_evidence(h, mt_arena_printf(h->arena, "%s-ev", a->anchor), a->chart);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

static void remarks(struct mt_html *h)
{
    if (!h->page->n_remarks)
        return;
    mt_xml_leaf(h->x, "h3", "sech", "Also noted");
    mt_xml_open_tag(h->x, "ul", "remarks");
    for (size_t i = 0; i < h->page->n_remarks; i++) {
        const struct mt_remark_line *r = &h->page->remarks[i];
        mt_xml_newline(h->x);
        mt_xml_begin(h->x, "li");
        mt_xml_leaf(h->x, "b", NULL, r->word);
        mt_xml_text(h->x, " ");
        if (r->text)
            mt_html_words(h, r->text);
        if (r->next) {
            mt_xml_text(h->x, " ");
            mt_xml_open_tag(h->x, "span", "sub");
            mt_html_words(h, r->next);
            mt_xml_end(h->x);
        }
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
}

void mt_html_suspects(struct mt_html *h)
{
    mt_html_section(h, "suspects", "Suspects", h->page->suspects_lede);
    growth(h);
    for (size_t i = 0; i < h->page->n_suspects; i++)
        card(h, &h->page->suspects[i]);
    if (h->page->n_asides) {
        mt_xml_leaf(h->x, "h3", "sech", "Looked at and set aside");
        for (size_t i = 0; i < h->page->n_asides; i++)
            aside(h, &h->page->asides[i]);
    }
    remarks(h);
    mt_xml_end(h->x);
}
