/* SPDX-License-Identifier: Apache-2.0 */
/* Collector, goroutines, requests, inputs, notes, method, glossary, footer. */
#include "report/render/outputs/html/part.h"

#include <limits.h>

static void definitions(struct mt_html *h, const char *class_name,
                        const struct mt_definition *items, size_t n)
{
    mt_xml_open_tag(h->x, "dl", class_name);
    for (size_t i = 0; i < n; i++) {
        mt_xml_newline(h->x);
        mt_xml_begin(h->x, "div");
        mt_xml_begin(h->x, "dt");
        if (items[i].anchor)
            mt_xml_attr(h->x, "id", items[i].anchor);
        mt_xml_text(h->x, items[i].term);
        mt_xml_end(h->x);
        mt_xml_begin(h->x, "dd");
        mt_html_words(h, items[i].text);
        mt_xml_end(h->x);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
}

static void stop_strip(struct mt_html *h)
{
    if (!h->page->n_stops)
        return;
    mt_xml_open_tag(h->x, "figure", "wide");
    mt_html_scroll(h, "Every stop of the world, by cause");
    mt_xml_open_tag(h->x, "div", "wid");
    mt_chart_stops(&h->svg, "stops", h->page, MT_WIDE);
    mt_xml_end(h->x);
    mt_html_alternative(h, "nar");
    mt_chart_stops(&h->svg, "stops-n", h->page, MT_NARROW);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_leaf(h->x, "figcaption", NULL,
                "One dot per stop on a logarithmic scale, spread vertically only to keep dots "
                "apart. Thick mark: median. Grey: stops of the capture itself.");
    mt_xml_end(h->x);
}

void mt_html_gc(struct mt_html *h)
{
    mt_html_section(h, "gc", "Garbage collection", h->page->gc_lede);
    stop_strip(h);
    if (h->page->n_gc_facts) {
        mt_xml_open_tag(h->x, "div", "two");
        mt_xml_begin(h->x, "div");
        mt_html_sheet(h, h->page->pauses);
        mt_xml_end(h->x);
        definitions(h, "facts", h->page->gc_facts, h->page->n_gc_facts);
        mt_xml_end(h->x);
    }
    mt_html_folded_sheet(h, h->page->longest, "The longest stops", false);
    mt_html_folded_sheet(h, h->page->chains, "Spike, pause, request", true);
    mt_xml_end(h->x);
}

void mt_html_goroutines(struct mt_html *h)
{
    mt_html_section(h, "goroutines", "Goroutines", h->page->goroutines_lede);
    if (h->page->n_blocking) {
        mt_xml_open_tag(h->x, "figure", "wide");
        mt_html_scroll(h, "Who waits for whom");
        mt_xml_open_tag(h->x, "div", "wid");
        mt_chart_blocking(&h->svg, "blocking", h->page, MT_WIDE);
        mt_xml_end(h->x);
        mt_html_alternative(h, "nar");
        mt_chart_blocking(&h->svg, "blocking-n", h->page, MT_NARROW);
        mt_xml_end(h->x);
        mt_xml_end(h->x);
        mt_xml_leaf(h->x, "figcaption", NULL,
                    "Who waits for whom: an arrow leads to what holds the lock or channel.");
        mt_xml_end(h->x);
    }
    mt_html_sheet(h, h->page->groups);
    if (h->page->never_ended) {
        mt_html_sheet(h, h->page->never_ended);
        mt_html_paragraph(h, "note", h->page->never_ended_note);
    }
    if (h->page->goroutines_note)
        mt_html_paragraph(h, "note", h->page->goroutines_note);
    mt_xml_end(h->x);
}

void mt_html_requests(struct mt_html *h)
{
    if (!h->page->requests_lede)
        return;
    mt_html_section(h, "requests", "Requests", h->page->requests_lede);
    mt_html_folded_sheet(h, h->page->requests, "The slowest and the failed", false);
    mt_xml_end(h->x);
}

void mt_html_inputs(struct mt_html *h)
{
    mt_html_section(h, "inputs", "Inputs", h->page->inputs_lede);
    mt_html_sheet(h, h->page->inputs_by_kind);
    if (h->page->quality)
        mt_html_sheet(h, h->page->quality);
    mt_html_folded_sheet(h, h->page->inputs, "Every file with its hash", false);
    mt_xml_end(h->x);
}

void mt_html_notes(struct mt_html *h)
{
    struct mt_span notes = h->view->diff ? MT_SPAN("") : h->view->assessment->bundle->notes;
    if (!notes.size)
        return;
    mt_html_section(h, "notes", "Notes",
                    "What the person who captured this wrote down. Markup was removed.");
    mt_xml_open_tag(h->x, "div", "prose");
    mt_html_markdown(h, notes, 3);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

void mt_html_method(struct mt_html *h)
{
    mt_html_section(h, "method", "Method",
                    "How the figures came about, and what they cannot tell.");
    definitions(h, "facts m", h->page->method, h->page->n_method);
    mt_html_folded_sheet(h, h->page->crosschecks, "Cross-checks between sources", true);
    mt_html_folded_sheet(h, h->page->rules, "Rules and whether they ran", false);
    mt_html_folded_sheet(h, h->page->thresholds, "Thresholds", false);
    mt_xml_end(h->x);
}

void mt_html_glossary(struct mt_html *h)
{
    mt_html_section(h, "glossary", "Glossary", "The words of this page.");
    h->linked = UINT_MAX; /* a definition does not lead to another one */
    definitions(h, "gl12", h->page->glossary, h->page->n_glossary);
    mt_xml_end(h->x);
}

void mt_html_footer(struct mt_html *h)
{
    mt_xml_begin(h->x, "footer");
    mt_xml_text(h->x, "memtriage " MT_VERSION
                      ", Apache License 2.0, as are the style sheet and script in this file. "
                      "Nothing here is loaded from a network.");
    mt_xml_end(h->x);
}
