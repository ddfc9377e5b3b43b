/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only home of libxml2. It is loaded when the first document is opened: linking it would cost
 * every command 5 ms of start-up for a dozen libraries behind it.
 */
#include "report/render/xml.h"

#include "parsers/base/library.h"
#include "report/view/printable.h"

#include <libxml/xmlwriter.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

#define CALLS(X)                                                                                   \
    X(xmlOutputBufferCreateIO)                                                                     \
    X(xmlNewTextWriter)                                                                            \
    X(xmlFreeTextWriter)                                                                           \
    X(xmlTextWriterStartElement)                                                                   \
    X(xmlTextWriterEndElement)                                                                     \
    X(xmlTextWriterFullEndElement)                                                                 \
    X(xmlTextWriterWriteAttribute)                                                                 \
    X(xmlTextWriterWriteString)                                                                    \
    X(xmlTextWriterWriteRawLen)

struct calls {
    CALLS(MT_LIBRARY_FIELD)
};
static const struct mt_library_call calls[] = {CALLS(MT_LIBRARY_CALL)};

struct mt_xml {
    struct calls lib;
    xmlTextWriterPtr writer;
    struct mt_text *out;
    struct mt_text scratch;
    enum mt_xml_form form;
    const char *open[MAX_DEPTH];
    size_t depth, svg_depth; /* svg_depth: level of the svg element we are in, 0 none */
    const char *failure;
};

static bool load(struct calls *lib, struct mt_err *err)
{
    return mt_library_load("libxml2.so.2", "write HTML and SVG", calls,
                           sizeof calls / sizeof *calls, lib, MT_ERR_OUTPUT, err);
}

static int append(void *context, const char *bytes, int size)
{
    mt_text_bytes(((struct mt_xml *)context)->out, bytes, (size_t)size);
    return size;
}

static int nothing_to_close(void *context)
{
    (void)context;
    return 0;
}

struct mt_xml *mt_xml_open(struct mt_text *out, enum mt_xml_form form, struct mt_err *err)
{
    struct mt_xml *x = calloc(1, sizeof *x);
    if (!x)
        mt_out_of_memory();
    x->out = out;
    x->form = form;
    if (!load(&x->lib, err)) {
        free(x);
        return NULL;
    }
    xmlOutputBufferPtr buffer = x->lib.xmlOutputBufferCreateIO(append, nothing_to_close, x, NULL);
    x->writer = buffer ? x->lib.xmlNewTextWriter(buffer) : NULL;
    if (!x->writer)
        mt_out_of_memory();
    return x;
}

static void check(struct mt_xml *x, int result, const char *what)
{
    if (result < 0 && !x->failure)
        x->failure = what;
}

bool mt_xml_close(struct mt_xml *x, struct mt_err *err)
{
    while (x->depth)
        mt_xml_end(x);
    x->lib.xmlFreeTextWriter(x->writer);
    mt_text_clear(&x->scratch);
    const char *failure = x->failure;
    free(x);
    return failure ? mt_fail(err, MT_ERR_OUTPUT, 0, "markup could not be written: %s", failure)
                   : true;
}

static void raw(struct mt_xml *x, const void *bytes, size_t size)
{
    check(x, x->lib.xmlTextWriterWriteRawLen(x->writer, bytes, (int)size), "text between elements");
}

void mt_xml_doctype(struct mt_xml *x)
{
    raw(x, "<!DOCTYPE html>\n", 16);
}

void mt_xml_newline(struct mt_xml *x)
{
    raw(x, "\n", 1);
}

void mt_xml_begin(struct mt_xml *x, const char *name)
{
    if (x->depth == MAX_DEPTH) {
        x->failure = "elements nest too deep";
        return;
    }
    x->open[x->depth++] = name;
    if (!x->svg_depth && strcmp(name, "svg") == 0)
        x->svg_depth = x->depth;
    check(x, x->lib.xmlTextWriterStartElement(x->writer, (const xmlChar *)name), name);
}

static bool is_void(const char *name)
{
    static const char *const names[] = {"meta", "link", "input", "br", "hr", "img", "wbr", "col"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

void mt_xml_end(struct mt_xml *x)
{
    if (!x->depth) {
        x->failure = "an end without a beginning";
        return;
    }
    const char *name = x->open[--x->depth];
    bool may_be_empty = x->form == MT_XML_SVG || x->svg_depth || is_void(name);
    check(x,
          may_be_empty ? x->lib.xmlTextWriterEndElement(x->writer)
                       : x->lib.xmlTextWriterFullEndElement(x->writer),
          name);
    if (x->depth < x->svg_depth)
        x->svg_depth = 0;
}

/* The text as libxml2 wants it: printable, NUL-terminated. */
static const xmlChar *prepared(struct mt_xml *x, struct mt_span text, bool lines)
{
    x->scratch.size = 0;
    mt_printable_add(&x->scratch, text, lines);
    mt_text_byte(&x->scratch, 0);
    return (const xmlChar *)x->scratch.data;
}

void mt_xml_attr(struct mt_xml *x, const char *name, const char *value)
{
    check(x,
          x->lib.xmlTextWriterWriteAttribute(x->writer, (const xmlChar *)name,
                                             prepared(x, mt_span_of(value), false)),
          name);
}

void mt_xml_attr_u64(struct mt_xml *x, const char *name, uint64_t value)
{
    mt_xml_attr_printf(x, name, "%llu", (unsigned long long)value);
}

void mt_xml_coordinate(struct mt_text *out, double value)
{
    double tenths = round(value * 10);
    if (tenths == 0)
        tenths = 0; /* no minus zero */
    mt_text_printf(out, fmod(tenths, 10) == 0 ? "%.0f" : "%.1f", tenths / 10);
}

void mt_xml_attr_at(struct mt_xml *x, const char *name, double value)
{
    struct mt_text text = {0};
    mt_xml_coordinate(&text, value);
    mt_xml_attr(x, name, text.data);
    mt_text_clear(&text);
}

void mt_xml_attr_printf(struct mt_xml *x, const char *name, const char *fmt, ...)
{
    char text[256];
    va_list args;
    va_start(args, fmt);
    int size = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (size < 0 || (size_t)size >= sizeof text)
        x->failure = name;
    mt_xml_attr(x, name, text);
}

void mt_xml_span(struct mt_xml *x, struct mt_span text)
{
    if (!x->depth) /* libxml2 escapes nothing there */
        x->failure = "text outside of any element";
    check(x, x->lib.xmlTextWriterWriteString(x->writer, prepared(x, text, false)), "text");
}

void mt_xml_lines(struct mt_xml *x, struct mt_span text)
{
    if (!x->depth)
        x->failure = "text outside of any element";
    check(x, x->lib.xmlTextWriterWriteString(x->writer, prepared(x, text, true)), "text");
}

void mt_xml_text(struct mt_xml *x, const char *text)
{
    mt_xml_span(x, mt_span_of(text));
}

void mt_xml_printf(struct mt_xml *x, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    int size = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (size < 0 || (size_t)size >= sizeof text)
        x->failure = "a text longer than its buffer";
    mt_xml_text(x, text);
}

void mt_xml_constant(struct mt_xml *x, struct mt_span markup)
{
    raw(x, markup.data, markup.size);
}

void mt_xml_raw_text(struct mt_xml *x, struct mt_span text)
{
    if (mt_span_find(text, "</") != MT_NPOS || mt_span_find(text, "<!--") != MT_NPOS)
        x->failure = "raw text that could end its element";
    else
        raw(x, text.data, text.size);
}

void mt_xml_open_tag(struct mt_xml *x, const char *name, const char *class_name)
{
    mt_xml_begin(x, name);
    if (class_name)
        mt_xml_attr(x, "class", class_name);
}

void mt_xml_leaf(struct mt_xml *x, const char *name, const char *class_name, const char *text)
{
    mt_xml_open_tag(x, name, class_name);
    mt_xml_text(x, text);
    mt_xml_end(x);
}
