/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/outputs/markdown/tree.h"

#include "report/view/pieces.h"
#include "report/view/printable.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

struct mt_md {
    struct mt_arena *arena;
    cmark_node *root, *list, *block; /* block takes inlines */
};

struct mt_md *mt_md_open(struct mt_arena *arena)
{
    struct mt_md *m = MT_NEW(arena, struct mt_md);
    m->arena = arena;
    m->root = cmark_node_new(CMARK_NODE_DOCUMENT);
    return m;
}

void mt_md_close(struct mt_md *m, struct mt_text *out)
{
    char *text = cmark_render_commonmark(m->root, CMARK_OPT_DEFAULT, 0);
    mt_text_add(out, text);
    free(text);
    cmark_node_free(m->root);
}

/* Printable, with ordinary spaces: people grep these files. */
static const char *plain(struct mt_md *m, const char *text)
{
    const char *in = mt_printable(m->arena, text);
    char *out = mt_arena_printf(m->arena, "%s", in);
    size_t n = 0;
    for (size_t i = 0; in[i]; i++) {
        bool nbsp = (unsigned char)in[i] == 0xc2 && (unsigned char)in[i + 1] == 0xa0;
        out[n++] = nbsp ? ' ' : in[i];
        i += nbsp;
    }
    out[n] = 0;
    return out;
}

static cmark_node *append(cmark_node *parent, cmark_node_type type)
{
    cmark_node *node = cmark_node_new(type);
    cmark_node_append_child(parent, node);
    return node;
}

void mt_md_heading(struct mt_md *m, int level)
{
    m->list = NULL;
    m->block = append(m->root, CMARK_NODE_HEADING);
    cmark_node_set_heading_level(m->block, level);
}

void mt_md_paragraph(struct mt_md *m)
{
    m->list = NULL;
    m->block = append(m->root, CMARK_NODE_PARAGRAPH);
}

void mt_md_item(struct mt_md *m)
{
    if (!m->list) {
        m->list = append(m->root, CMARK_NODE_LIST);
        cmark_node_set_list_type(m->list, CMARK_BULLET_LIST);
        cmark_node_set_list_tight(m->list, 1);
    }
    m->block = append(append(m->list, CMARK_NODE_ITEM), CMARK_NODE_PARAGRAPH);
}

static void text_in(struct mt_md *m, cmark_node *parent, const char *text)
{
    cmark_node_set_literal(append(parent, CMARK_NODE_TEXT), plain(m, text));
}

/* Hosts turn these into mentions, issue references and links even inside plain text. */
static bool addresses_somebody(struct mt_span word)
{
    for (size_t i = 0; i < word.size; i++)
        if (word.data[i] == '@' || word.data[i] == '#')
            return true;
    return mt_span_find(word, "://") != MT_NPOS || mt_span_starts(word, "www.");
}

static void append_text(struct mt_md *m, struct mt_span text)
{
    if (text.size)
        text_in(m, m->block, mt_arena_copy(m->arena, text.data, text.size));
}

static void careful_text(struct mt_md *m, struct mt_span text)
{
    size_t from = 0;
    for (size_t at = 0; at < text.size;) {
        size_t end = at;
        while (end < text.size && text.data[end] != ' ')
            end++;
        struct mt_span word = mt_span_sub(text, at, end - at);
        if (addresses_somebody(word)) {
            append_text(m, mt_span_sub(text, from, at - from));
            mt_md_code(m, mt_arena_copy(m->arena, word.data, word.size));
            from = end;
        }
        at = end + (end < text.size);
    }
    append_text(m, mt_span_from(text, from));
}

void mt_md_text(struct mt_md *m, const char *text)
{
    careful_text(m, mt_span_of(text));
}

void mt_md_mark(struct mt_md *m, const char *mark)
{
    cmark_node_set_on_enter(append(m->block, CMARK_NODE_CUSTOM_INLINE), mark);
}

void mt_md_strong(struct mt_md *m, const char *text)
{
    text_in(m, append(m->block, CMARK_NODE_STRONG), text);
}

void mt_md_code(struct mt_md *m, const char *text)
{
    cmark_node_set_literal(append(m->block, CMARK_NODE_CODE), plain(m, text));
}

void mt_md_link(struct mt_md *m, const char *text, const char *url)
{
    cmark_node *link = append(m->block, CMARK_NODE_LINK);
    cmark_node_set_url(link, url);
    text_in(m, link, text);
}

void mt_md_image(struct mt_md *m, const char *description, const char *url)
{
    cmark_node *image = append(m->block, CMARK_NODE_IMAGE);
    cmark_node_set_url(image, url);
    text_in(m, image, description);
}

void mt_md_words(struct mt_md *m, const char *text, unsigned suspects)
{
    struct mt_span rest = mt_span_of(text);
    for (struct mt_piece p; mt_piece_next(&rest, suspects, &p);)
        if (p.kind == MT_PIECE_CODE)
            mt_md_code(m, mt_arena_copy(m->arena, p.text.data, p.text.size));
        else
            careful_text(m, p.text);
}

/* --- raw blocks --- */

static void raw_block(struct mt_md *m, const char *text)
{
    m->list = NULL;
    cmark_node_set_on_enter(append(m->root, CMARK_NODE_CUSTOM_BLOCK), text);
}

void mt_md_fold(struct mt_md *m, const char *summary)
{
    raw_block(m, mt_arena_printf(m->arena, "<details>\n<summary>%s</summary>", summary));
}

void mt_md_fold_end(struct mt_md *m)
{
    raw_block(m, "</details>");
}

/* A code span with a fence longer than any run of backticks inside. */
static void code_span(struct mt_text *out, const char *text)
{
    size_t longest = 0, run = 0;
    for (const char *c = text; *c; c++) {
        run = *c == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    bool padded = longest || *text == ' ';
    for (size_t i = 0; i <= longest; i++)
        mt_text_byte(out, '`');
    mt_text_add(out, padded ? " " : "");
    for (const char *c = text; *c; c++)
        mt_text_add(out, *c == '|' ? "\\|" : (char[]){*c, 0});
    mt_text_add(out, padded ? " " : "");
    for (size_t i = 0; i <= longest; i++)
        mt_text_byte(out, '`');
}

static bool is_tame(const char *text)
{
    for (const char *c = text; *c; c++)
        if (strchr("@#<>[]|`\\*_&!:", *c) && !(*c == ':' && c[1] != '/'))
            return false;
    return true;
}

static void cell_text(struct mt_md *m, struct mt_text *out, const struct mt_cell *cell)
{
    if (cell->kind == MT_CELL_PATH) {
        if (cell->more)
            mt_text_printf(out, "%zu above > ", cell->more);
        for (size_t i = 0; i < cell->n_path; i++) {
            mt_text_add(out, i ? " > " : "");
            code_span(out, plain(m, cell->path[i].text));
        }
    } else if (cell->text && *cell->text) {
        const char *text = plain(m, cell->text);
        if (cell->kind == MT_CELL_CODE || !is_tame(text))
            code_span(out, text);
        else if (cell->strong)
            mt_text_printf(out, "**%s**", text);
        else
            mt_text_add(out, text);
    }
    if (cell->suspect)
        mt_text_printf(out, " \xe2\x96\xb2 %u", cell->suspect);
}

void mt_md_table(struct mt_md *m, const struct mt_sheet *s, size_t rows)
{
    struct mt_text out = {0};
    for (size_t i = 0; i < s->n_columns; i++)
        if (!s->columns[i].bar)
            mt_text_printf(&out, "| %s ", plain(m, s->columns[i].head));
    mt_text_add(&out, "|\n");
    for (size_t i = 0; i < s->n_columns; i++)
        if (!s->columns[i].bar)
            mt_text_add(&out, s->columns[i].left ? "|:--" : "|--:");
    mt_text_add(&out, "|");
    for (size_t r = 0; r < s->n_rows && r < rows; r++) {
        mt_text_byte(&out, '\n');
        for (size_t i = 0; i < s->n_columns; i++) {
            if (s->columns[i].bar)
                continue;
            mt_text_add(&out, "| ");
            cell_text(m, &out, &s->cells[r * s->n_columns + i]);
            mt_text_byte(&out, ' ');
        }
        mt_text_byte(&out, '|');
    }
    mt_text_byte(&out, 0);
    raw_block(m, out.data);
    mt_text_clear(&out);
    if (s->of_rows > rows || s->of_rows > s->n_rows) {
        mt_md_paragraph(m);
        mt_md_text(m, mt_arena_printf(m->arena, "%zu of %zu rows.",
                                      s->n_rows < rows ? s->n_rows : rows, s->of_rows));
    }
}
