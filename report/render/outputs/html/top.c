/* SPDX-License-Identifier: Apache-2.0 */
/* Title, header, verdict and the strip of numbers: what is seen first. */
#include "report/render/outputs/html/part.h"

#include <limits.h>
#include <string.h>

void mt_html_title(struct mt_html *h)
{
    mt_xml_leaf(h->x, "title", NULL, h->page->head.title);
}

static void controls(struct mt_html *h)
{
    mt_xml_open_tag(h->x, "div", "ctl");
    mt_xml_attr(h->x, "hidden", "hidden");
    mt_xml_begin(h->x, "label");
    mt_xml_attr(h->x, "for", "q");
    mt_xml_text(h->x, "Find a function");
    mt_xml_end(h->x);
    mt_xml_begin(h->x, "input");
    mt_xml_attr(h->x, "id", "q");
    mt_xml_attr(h->x, "type", "search");
    mt_xml_attr(h->x, "aria-label", "Find a function");
    mt_xml_attr(h->x, "autocomplete", "off");
    mt_xml_attr(h->x, "spellcheck", "false");
    mt_xml_attr(h->x, "placeholder", "name or /regexp/");
    mt_xml_end(h->x);
    static const char *const buttons[][2] = {{"theme", "Theme: auto"}, {"keys", "Keys ?"}};
    for (size_t i = 0; i < 2; i++) {
        mt_xml_begin(h->x, "button");
        mt_xml_attr(h->x, "id", buttons[i][0]);
        mt_xml_attr(h->x, "type", "button");
        mt_xml_text(h->x, buttons[i][1]);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
}

/* Two sections stand only where their input does. */
static bool has_section(const struct mt_html *h, const char *id)
{
    if (strcmp(id, "requests") == 0)
        return h->page->requests_lede != NULL;
    if (strcmp(id, "notes") == 0)
        return !h->view->diff && h->view->assessment->bundle->notes.size;
    return true;
}

static void section_link(struct mt_html *h, const char *id, const char *words)
{
    mt_xml_begin(h->x, "a");
    mt_xml_attr_printf(h->x, "href", "#%s", id);
    mt_xml_text(h->x, words);
    mt_xml_end(h->x);
    mt_xml_text(h->x, " ");
}

static void section_links(struct mt_html *h)
{
    static const char *const links[][2] = {
        {"suspects", "Suspects"},     {"time", "Time"},           {"flame", "Flame graph"},
        {"diff", "Change"},           {"functions", "Functions"}, {"gc", "GC"},
        {"goroutines", "Goroutines"}, {"requests", "Requests"},   {"inputs", "Inputs"},
        {"notes", "Notes"},           {"method", "Method"},       {"glossary", "Glossary"}};
    enum { OF_REPORT = 8 }; /* the others stand in a diff's page as well */
    for (size_t i = 0; i < h->page->n_sections; i++)
        section_link(h, h->page->sections[i].id, h->page->sections[i].link);
    for (size_t i = h->view->diff ? OF_REPORT : 0; i < sizeof links / sizeof *links; i++)
        if (has_section(h, links[i][0]))
            section_link(h, links[i][0], links[i][1]);
}

void mt_html_head(struct mt_html *h)
{
    mt_xml_open_tag(h->x, "div", "hd");
    mt_xml_begin(h->x, "h1");
    mt_xml_text(h->x, h->page->head.subject);
    mt_xml_text(h->x, " ");
    mt_xml_leaf(h->x, "span", "h1k", h->page->head.what);
    mt_xml_end(h->x);
    controls(h);
    mt_xml_end(h->x);
    mt_xml_newline(h->x);
    mt_html_paragraph(h, "meta", h->page->head.meta);
    mt_xml_begin(h->x, "nav");
    mt_xml_attr(h->x, "aria-label", "Sections");
    section_links(h);
    mt_xml_end(h->x);
}

static void term(struct mt_html *h, const char *name)
{
    mt_xml_newline(h->x);
    mt_xml_leaf(h->x, "dt", NULL, name);
    mt_xml_begin(h->x, "dd");
}

static void worded_term(struct mt_html *h, const char *name, const char *words)
{
    if (!words)
        return;
    term(h, name);
    mt_html_words(h, words);
    mt_xml_end(h->x);
}

static void verdict_list(struct mt_html *h, const struct mt_page_verdict *v)
{
    mt_xml_open_tag(h->x, "dl", "kv");
    worded_term(h, "Gate", v->gate);
    worded_term(h, "Evidence", v->evidence);
    worded_term(h, "Doubt", v->doubt);
    term(h, v->confidence ? "Confidence" : "Evidence");
    if (v->confidence) {
        mt_xml_leaf(h->x, "b", NULL, v->confidence);
        mt_xml_text(h->x, " ");
        mt_html_dots(h, v->dots);
        mt_xml_text(h->x, " ");
    }
    if (v->reason)
        mt_html_words(h, v->reason);
    mt_xml_end(h->x);
    worded_term(h, "Next", v->next);
    if (v->n_minds) {
        term(h, "Mind");
        for (size_t i = 0; i < v->n_minds; i++)
            mt_html_paragraph(h, NULL, v->minds[i]);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
}

/* Beside the verdict: where a report's memory goes, or each run of a diff. */
static void picture(struct mt_html *h)
{
    const struct mt_forecast_chart *forecast = h->page->forecast;
    const struct mt_sides_chart *sides = h->page->sides;
    if (!forecast && !sides)
        return;
    mt_xml_open_tag(h->x, "figure", "vf");
    for (int small = 0; small < 2; small++) {
        enum mt_size size = small ? MT_NARROW : MT_WIDE;
        if (small)
            mt_html_alternative(h, "sm5");
        else
            mt_xml_open_tag(h->x, "div", "big5");
        if (forecast)
            mt_chart_forecast(&h->svg, small ? "forecast-s" : "forecast", forecast, size);
        else
            mt_chart_sides(&h->svg, small ? "sides-s" : "sides", sides, size);
        mt_xml_end(h->x);
    }
    mt_xml_leaf(h->x, "figcaption", NULL, forecast ? forecast->caption : sides->caption);
    mt_xml_end(h->x);
}

void mt_html_verdict(struct mt_html *h)
{
    const struct mt_page_verdict *v = &h->page->verdict;
    mt_xml_open_tag(h->x, "section", mt_html_tone(v->tone));
    mt_xml_attr(h->x, "id", "verdict");
    mt_xml_attr(h->x, "aria-labelledby", "verdict-h");
    mt_xml_open_tag(h->x, "div", "vt");
    mt_xml_begin(h->x, "h2");
    mt_xml_attr(h->x, "id", "verdict-h");
    mt_xml_open_tag(h->x, "span", "gl");
    mt_xml_attr(h->x, "aria-hidden", "true");
    mt_xml_text(h->x, v->glyph);
    mt_xml_end(h->x);
    mt_xml_printf(h->x, " %s: ", v->word);
    h->linked = UINT_MAX; /* no links to the glossary in the headline */
    mt_html_words(h, v->sentence);
    h->linked = 0;
    mt_xml_end(h->x);
    if (v->holds || v->consequence) {
        mt_xml_open_tag(h->x, "p", "lead");
        if (v->holds)
            mt_html_words(h, v->holds);
        if (v->holds && v->consequence)
            mt_xml_text(h->x, " ");
        if (v->consequence)
            mt_html_words(h, v->consequence);
        mt_xml_end(h->x);
    }
    verdict_list(h, v);
    mt_xml_end(h->x);
    picture(h);
    mt_xml_end(h->x);
}

static void fact(struct mt_html *h, const struct mt_fact *f)
{
    mt_xml_newline(h->x);
    mt_xml_begin(h->x, "div");
    mt_xml_begin(h->x, "dt");
    mt_html_words(h, f->name);
    mt_xml_end(h->x);
    mt_xml_open_tag(h->x, "dd", "v");
    if (f->exact)
        mt_xml_attr(h->x, "title", f->exact);
    mt_xml_text(h->x, f->value);
    mt_xml_end(h->x);
    mt_xml_leaf(h->x, "dd", "c", mt_fmt_tied(h->arena, f->comparison));
    mt_xml_open_tag(h->x, "dd", "sp");
    mt_chart_spark(&h->svg, &f->spark, f->tone, 132, 30);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

void mt_html_numbers(struct mt_html *h)
{
    mt_xml_newline(h->x);
    mt_xml_begin(h->x, "section");
    mt_xml_attr(h->x, "id", "numbers");
    mt_xml_attr(h->x, "aria-labelledby", "numbers-h");
    mt_xml_open_tag(h->x, "h2", "vh");
    mt_xml_attr(h->x, "id", "numbers-h");
    mt_xml_text(h->x, "Numbers");
    mt_xml_end(h->x);
    mt_xml_open_tag(h->x, "dl", "strip");
    for (size_t i = 0; i < h->page->n_facts; i++)
        fact(h, &h->page->facts[i]);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}
