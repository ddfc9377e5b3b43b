/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmark parses, we walk its tree and write the elements ourselves: what we do not know never comes
 * out. A link of a note could lead anywhere or spend the reader's trust, so only its words and its
 * address as text remain.
 */
#include "report/render/prose.h"

#include <cmark.h>

static const char *const headings[] = {"h1", "h2", "h3", "h4", "h5", "h6"};

enum { MOST_NESTED = 24 }; /* deeper quotes and lists lose their marks, not their words */

struct walk {
    struct mt_xml *x;
    int level;
    size_t depth;
};

static const char *element_of(const struct walk *w, cmark_node *node)
{
    if (w->depth > MOST_NESTED)
        return NULL;
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        return "blockquote";
    case CMARK_NODE_LIST:
        return cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? "ol" : "ul";
    case CMARK_NODE_ITEM:
        return "li";
    case CMARK_NODE_PARAGRAPH:
        return "p";
    case CMARK_NODE_HEADING: {
        int level = w->level + cmark_node_get_heading_level(node) - 1;
        return headings[level > 6 ? 5 : level - 1];
    }
    case CMARK_NODE_EMPH:
        return "em";
    case CMARK_NODE_STRONG:
        return "strong";
    default:
        return NULL;
    }
}

/* In a tight list the paragraph's tags are left out, as everybody's renderer does. */
static bool is_tight(cmark_node *node)
{
    cmark_node *item = cmark_node_parent(node);
    cmark_node *list = item ? cmark_node_parent(item) : NULL;
    return cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH && list &&
           cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list);
}

static struct mt_span literal(cmark_node *node)
{
    return mt_span_of(cmark_node_get_literal(node));
}

static void leaf(const struct walk *w, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        mt_xml_span(w->x, literal(node));
        break;
    case CMARK_NODE_SOFTBREAK:
        mt_xml_text(w->x, " ");
        break;
    case CMARK_NODE_LINEBREAK:
        mt_xml_begin(w->x, "br");
        mt_xml_end(w->x);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        mt_xml_begin(w->x, "hr");
        mt_xml_end(w->x);
        break;
    case CMARK_NODE_CODE:
        mt_xml_begin(w->x, "code");
        mt_xml_span(w->x, literal(node));
        mt_xml_end(w->x);
        break;
    case CMARK_NODE_CODE_BLOCK:
        mt_xml_begin(w->x, "pre");
        mt_xml_attr(w->x, "tabindex", "0");
        mt_xml_begin(w->x, "code");
        mt_xml_lines(w->x, literal(node));
        mt_xml_end(w->x);
        mt_xml_end(w->x);
        break;
    default:
        break; /* raw HTML */
    }
}

/* Nodes that the iterator enters and never exits. */
static bool is_leaf(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_THEMATIC_BREAK:
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_TEXT:
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
    case CMARK_NODE_CODE:
    case CMARK_NODE_HTML_INLINE:
        return true;
    default:
        return false;
    }
}

static void link_end(const struct walk *w, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    cmark_node *text = cmark_node_first_child(node);
    bool same = text && cmark_node_get_type(text) == CMARK_NODE_TEXT &&
                mt_span_is(literal(text), url ? url : "");
    if (!url || !*url || same)
        return;
    mt_xml_text(w->x, " (");
    mt_xml_text(w->x, url);
    mt_xml_text(w->x, ")");
}

void mt_prose_html(struct mt_xml *x, struct mt_span markdown, int level)
{
    struct walk w = {x, level < 1 ? 1 : level, 0};
    cmark_node *root =
        cmark_parse_document((const char *)markdown.data, markdown.size, CMARK_OPT_VALIDATE_UTF8);
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event == CMARK_EVENT_ENTER && !is_leaf(node))
            w.depth++;
        const char *element = is_tight(node) ? NULL : element_of(&w, node);
        if (event == CMARK_EVENT_EXIT && cmark_node_get_type(node) == CMARK_NODE_LINK)
            link_end(&w, node);
        else if (element && event == CMARK_EVENT_ENTER)
            mt_xml_begin(x, element);
        else if (element)
            mt_xml_end(x);
        else if (event == CMARK_EVENT_ENTER)
            leaf(&w, node);
        if (event == CMARK_EVENT_EXIT)
            w.depth--;
    }
    cmark_iter_free(iter);
    cmark_node_free(root);
}
