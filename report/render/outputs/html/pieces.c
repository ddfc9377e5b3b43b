/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/outputs/html/part.h"

#include "report/render/prose.h"
#include "report/view/pieces.h"

#include <stdio.h>
#include <string.h>

void mt_html_parts(struct mt_html *h, const char *id, const char *label,
                   const struct mt_parts_chart *chart)
{
    static const struct {
        enum mt_size size;
        const char *class_name, *suffix;
    } drawings[] = {{MT_WIDE, "wid", ""}, {MT_NARROW, "nar", "-n"}, {MT_PHONE, "pho", "-p"}};
    if (!chart->n)
        return;
    mt_xml_open_tag(h->x, "figure", "wide");
    mt_html_scroll(h, label);
    for (size_t i = 0; i < sizeof drawings / sizeof *drawings; i++) {
        if (i)
            mt_html_alternative(h, drawings[i].class_name);
        else
            mt_xml_open_tag(h->x, "div", drawings[i].class_name);
        mt_chart_parts(&h->svg, mt_arena_printf(h->arena, "%s%s", id, drawings[i].suffix), chart,
                       drawings[i].size);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
    mt_xml_leaf(h->x, "figcaption", NULL, chart->caption);
    mt_xml_end(h->x);
}

const char *mt_html_tone(enum mt_tone tone)
{
    static const char *const classes[] = {"plain", "bad", "warn", "ok", "gc"};
    return classes[tone];
}

void mt_html_section(struct mt_html *h, const char *id, const char *heading, const char *lede)
{
    mt_xml_newline(h->x);
    mt_xml_begin(h->x, "section");
    mt_xml_attr(h->x, "id", id);
    mt_xml_attr_printf(h->x, "aria-labelledby", "%s-h", id);
    mt_xml_begin(h->x, "h2");
    mt_xml_attr_printf(h->x, "id", "%s-h", id);
    mt_xml_text(h->x, heading);
    mt_xml_end(h->x);
    if (lede)
        mt_html_paragraph(h, "lede", lede);
}

void mt_html_code(struct mt_html *h, const char *text, const char *full, uint32_t function)
{
    mt_xml_begin(h->x, "code");
    mt_xml_attr(h->x, "translate", "no");
    mt_xml_attr(h->x, "dir", "ltr");
    if (function) {
        mt_xml_attr(h->x, "class", "fn");
        mt_xml_attr_u64(h->x, "data-f", function);
    }
    if (full && strcmp(full, text) != 0)
        mt_xml_attr(h->x, "title", full);
    /* a path breaks behind its slashes before it breaks in a word */
    struct mt_span rest = mt_span_of(text);
    for (size_t slash; (slash = mt_span_find_byte(rest, '/')) != MT_NPOS;) {
        mt_xml_span(h->x, mt_span_sub(rest, 0, slash + 1));
        mt_xml_begin(h->x, "wbr");
        mt_xml_end(h->x);
        rest = mt_span_from(rest, slash + 1);
    }
    mt_xml_span(h->x, rest);
    mt_xml_end(h->x);
}

static bool is_word_byte(struct mt_span s, size_t at)
{
    unsigned char c = at < s.size ? s.data[at] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* The first term of the glossary in the text that was not linked yet: where, or MT_NPOS. */
static size_t find_term(const struct mt_html *h, struct mt_span text, size_t *term)
{
    size_t best = MT_NPOS;
    for (size_t i = 0; i < h->page->n_glossary && i < 32; i++) {
        size_t size = strlen(h->page->glossary[i].term);
        for (size_t at = 0; !(h->linked >> i & 1) && at + size <= text.size && at < best; at++)
            if ((!at || !is_word_byte(text, at - 1)) && !is_word_byte(text, at + size) &&
                mt_span_is_nocase(mt_span_sub(text, at, size), h->page->glossary[i].term)) {
                best = at;
                *term = i;
            }
    }
    return best;
}

static void put_text(struct mt_html *h, struct mt_span text)
{
    size_t term = 0;
    for (size_t at; (at = find_term(h, text, &term)) != MT_NPOS;) {
        size_t size = strlen(h->page->glossary[term].term);
        mt_xml_span(h->x, mt_span_sub(text, 0, at));
        mt_xml_open_tag(h->x, "a", "g");
        mt_xml_attr_printf(h->x, "href", "#%s", h->page->glossary[term].anchor);
        mt_xml_span(h->x, mt_span_sub(text, at, size));
        mt_xml_end(h->x);
        h->linked |= 1u << term;
        text = mt_span_from(text, at + size);
    }
    mt_xml_span(h->x, text);
}

void mt_html_words(struct mt_html *h, const char *text)
{
    struct mt_span rest = mt_span_of(mt_fmt_tied(h->arena, text));
    for (struct mt_piece p; mt_piece_next(&rest, (unsigned)h->page->n_suspects, &p);) {
        if (p.kind == MT_PIECE_TEXT) {
            put_text(h, p.text);
        } else if (p.kind == MT_PIECE_CODE) {
            mt_html_code(h, mt_arena_copy(h->arena, p.text.data, p.text.size), NULL, 0);
        } else {
            mt_xml_begin(h->x, "a");
            mt_xml_attr_printf(h->x, "href", "#suspect-%u", p.suspect);
            mt_xml_span(h->x, p.text);
            mt_xml_end(h->x);
        }
    }
}

void mt_html_paragraph(struct mt_html *h, const char *class_name, const char *text)
{
    mt_xml_open_tag(h->x, "p", class_name);
    mt_html_words(h, text);
    mt_xml_end(h->x);
}

void mt_html_path(struct mt_html *h, const struct mt_path_part *path, size_t n, size_t more)
{
    mt_xml_open_tag(h->x, "ol", "path");
    if (!n)
        mt_xml_leaf(h->x, "li", NULL, "(no frames)");
    if (more)
        mt_xml_leaf(h->x, "li", NULL, mt_arena_printf(h->arena, "%zu above", more));
    for (size_t i = 0; i < n; i++) {
        mt_xml_open_tag(h->x, "li", path[i].own ? "app" : NULL);
        mt_html_code(h, path[i].text, path[i].full, path[i].own ? path[i].function : 0);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
}

void mt_html_dots(struct mt_html *h, unsigned dots)
{
    mt_xml_open_tag(h->x, "span", "dots");
    mt_xml_attr(h->x, "role", "img");
    mt_xml_attr_printf(h->x, "aria-label", "%u of 3", dots);
    for (unsigned i = 0; i < 3; i++)
        mt_xml_text(h->x, i < dots ? "\xe2\x97\x8f" : "\xe2\x97\x8b");
    mt_xml_end(h->x);
}

void mt_html_scroll(struct mt_html *h, const char *label)
{
    mt_xml_open_tag(h->x, "div", "scroll");
    mt_xml_attr(h->x, "role", "region");
    mt_xml_attr(h->x, "tabindex", "0");
    mt_xml_attr(h->x, "aria-label", label);
}

void mt_html_alternative(struct mt_html *h, const char *class_name)
{
    mt_xml_open_tag(h->x, "div", class_name);
    mt_xml_attr(h->x, "hidden", "hidden");
}

/* --- tables --- */

static void cell_content(struct mt_html *h, const struct mt_cell *c)
{
    switch (c->kind) {
    case MT_CELL_CODE:
        mt_html_code(h, c->text ? c->text : "", c->title, c->function);
        break;
    case MT_CELL_PATH:
        mt_html_path(h, c->path, c->n_path, c->more);
        break;
    case MT_CELL_BAR:
    case MT_CELL_SPARK:
    case MT_CELL_RANGE:
        break;
    case MT_CELL_TEXT:
        if (c->text)
            mt_xml_text(h->x, c->text);
        break;
    }
    if (!c->suspect)
        return;
    mt_xml_text(h->x, " ");
    mt_xml_open_tag(h->x, "a", "mk");
    mt_xml_attr_printf(h->x, "href", "#suspect-%u", c->suspect);
    mt_xml_attr_printf(h->x, "aria-label", "suspect %u", c->suspect);
    mt_xml_printf(h->x, "\xe2\x96\xb2" MT_NBSP "%u", c->suspect);
    mt_xml_end(h->x);
}

static void cell(struct mt_html *h, const struct mt_column *column, const struct mt_cell *c,
                 bool header)
{
    char classes[32] = "";
    snprintf(classes, sizeof classes, "%s%s%s%s", column->left ? "l " : "",
             column->wraps ? "w " : "", c->strong ? "s " : "", c->quiet ? "z " : "");
    size_t size = strlen(classes);
    if (size)
        classes[size - 1] = 0;
    mt_xml_open_tag(h->x, header ? "th" : "td", size ? classes : NULL);
    if (header)
        mt_xml_attr(h->x, "scope", "row");
    if (c->title && c->kind == MT_CELL_TEXT)
        mt_xml_attr(h->x, "title", c->title);
    if (c->kind == MT_CELL_BAR)
        mt_chart_bar(&h->svg, c->bar, column->both_ways);
    else if (c->kind == MT_CELL_RANGE)
        mt_chart_range(&h->svg, c->bar, c->low, c->high, c->quiet);
    else if (c->kind == MT_CELL_SPARK)
        mt_chart_spark(&h->svg, &c->spark, MT_TONE_PLAIN, 96, 18);
    else
        cell_content(h, c);
    mt_xml_end(h->x);
}

static void head_row(struct mt_html *h, const struct mt_sheet *s)
{
    mt_xml_begin(h->x, "thead");
    mt_xml_begin(h->x, "tr");
    for (size_t i = 0; i < s->n_columns; i++) {
        if (s->columns[i].bar && !*s->columns[i].head) {
            mt_xml_leaf(h->x, "td", NULL, "");
            continue;
        }
        mt_xml_open_tag(h->x, "th", s->columns[i].left ? "l" : NULL);
        mt_xml_attr(h->x, "scope", "col");
        mt_xml_text(h->x, s->columns[i].head);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

void mt_html_sheet(struct mt_html *h, const struct mt_sheet *s)
{
    if (!s)
        return;
    const char *caption =
        s->of_rows > s->n_rows
            ? mt_arena_printf(h->arena, "%s (%zu of %zu rows)", s->caption, s->n_rows, s->of_rows)
            : s->caption;
    mt_html_scroll(h, s->caption);
    mt_xml_begin(h->x, "table");
    mt_xml_leaf(h->x, "caption", NULL, caption);
    head_row(h, s);
    mt_xml_begin(h->x, "tbody");
    for (size_t r = 0; r < s->n_rows; r++) {
        const struct mt_cell *row = s->cells + r * s->n_columns;
        mt_xml_newline(h->x);
        mt_xml_begin(h->x, "tr");
        if (row[0].function)
            mt_xml_attr_u64(h->x, "data-f", row[0].function);
        for (size_t i = 0; i < s->n_columns; i++)
            cell(h, &s->columns[i], &row[i], i == 0);
        mt_xml_end(h->x);
    }
    mt_xml_end(h->x);
    mt_xml_end(h->x);
    mt_xml_end(h->x);
}

void mt_html_folded_sheet(struct mt_html *h, const struct mt_sheet *s, const char *summary,
                          bool open)
{
    if (!s)
        return;
    mt_xml_open_tag(h->x, "details", "sub");
    if (open)
        mt_xml_attr(h->x, "open", "open");
    mt_xml_leaf(h->x, "summary", NULL,
                mt_arena_printf(h->arena, "%s (%zu %s)", summary, s->n_rows,
                                s->n_rows == 1 ? "row" : "rows"));
    mt_html_sheet(h, s);
    mt_xml_end(h->x);
}

void mt_html_evidence(struct mt_html *h, const char *id, const struct mt_evidence_chart *chart)
{
    if (!chart)
        return;
    mt_xml_begin(h->x, "figure");
    mt_xml_open_tag(h->x, "div", "big5");
    mt_chart_evidence(&h->svg, id, chart, MT_WIDE);
    mt_xml_end(h->x);
    mt_html_alternative(h, "sm5");
    mt_chart_evidence(&h->svg, mt_arena_printf(h->arena, "%s-s", id), chart, MT_NARROW);
    mt_xml_end(h->x);
    mt_xml_leaf(h->x, "figcaption", NULL, chart->caption);
    mt_xml_end(h->x);
}

void mt_html_markdown(struct mt_html *h, struct mt_span text, int level)
{
    mt_prose_html(h->x, text, level);
}
