/* SPDX-License-Identifier: Apache-2.0 */
/* What the sections of report.html share; nothing outside this output includes it. */
#ifndef MT_RENDER_HTML_PART_H
#define MT_RENDER_HTML_PART_H

#include "report/render/charts/charts.h"
#include "report/render/outputs/html/slots.h"
#include "report/view/payload.h"

struct mt_html {
    struct mt_xml *x;
    struct mt_svg svg;
    struct mt_arena *arena;
    const struct mt_view *view;
    const struct mt_page *page;
    struct mt_payload_limits limits;
    double least_width; /* narrower frames are folded in the pictures, pixels */
    size_t payload;     /* bytes of it, once written */
    unsigned linked;    /* bit by term of the glossary: its first use is behind us */
};

/* Each fills a slot of the template. */
#define MT_HTML_SLOT_FUNCTION(name, function) void function(struct mt_html *h);
MT_HTML_SLOTS(MT_HTML_SLOT_FUNCTION)
#undef MT_HTML_SLOT_FUNCTION

/* The sections of a report, in order. */
void mt_html_suspects(struct mt_html *h);
void mt_html_time(struct mt_html *h);
void mt_html_flame(struct mt_html *h);
void mt_html_change(struct mt_html *h);
void mt_html_functions(struct mt_html *h);
void mt_html_gc(struct mt_html *h);
void mt_html_goroutines(struct mt_html *h);
void mt_html_requests(struct mt_html *h);

/* --- pieces --- */

/* <section id aria-labelledby><h2>heading</h2><p class="lede">; ended with mt_xml_end. */
void mt_html_section(struct mt_html *h, const char *id, const char *heading, const char *lede);
/* Text of ours or of the engine: units tied to their numbers, code recognised, "suspect 1" linked.
 */
void mt_html_words(struct mt_html *h, const char *text);
void mt_html_paragraph(struct mt_html *h, const char *class_name, const char *text);
/* <code>; full may be NULL, function 0. */
void mt_html_code(struct mt_html *h, const char *text, const char *full, uint32_t function);
void mt_html_path(struct mt_html *h, const struct mt_path_part *path, size_t n, size_t more);
/* A table in a region that scrolls sideways by itself. */
void mt_html_sheet(struct mt_html *h, const struct mt_sheet *sheet);
/* The same folded away; "Evidence by snapshot (20 rows)". */
void mt_html_folded_sheet(struct mt_html *h, const struct mt_sheet *sheet, const char *summary,
                          bool open);
void mt_html_dots(struct mt_html *h, unsigned dots);
/* <div class="scroll"> around charts that are wider than a phone. */
void mt_html_scroll(struct mt_html *h, const char *label);
/* The second drawing of a chart: hidden without CSS, shown by width with it. */
void mt_html_alternative(struct mt_html *h, const char *class_name);
const char *mt_html_tone(enum mt_tone tone); /* class */
void mt_html_evidence(struct mt_html *h, const char *id, const struct mt_evidence_chart *chart);
/* A whole as one bar of parts, in three sizes; nothing without parts. */
void mt_html_parts(struct mt_html *h, const char *id, const char *label,
                   const struct mt_parts_chart *chart);
/* The diff flame graph of page.change with its legend; id names figure and drawings. */
void mt_html_change_figure(struct mt_html *h, const char *id);
/* Markdown of ours or of notes.md as HTML; headings begin at the given level. */
void mt_html_markdown(struct mt_html *h, struct mt_span text, int level);

#endif
