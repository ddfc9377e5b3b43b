/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one writer under HTML and SVG: elements are closed and text is escaped by construction. Names
 * of elements and attributes are literals of ours; values and text may come from anywhere and are
 * made printable (report/view/printable.h). Failure is sticky and reported by mt_xml_close.
 *
 * HTML output is also well-formed XML: void elements end in "/>", all others have an end tag.
 */
#ifndef MT_RENDER_XML_H
#define MT_RENDER_XML_H

#include "parsers/base/text.h"

enum mt_xml_form { MT_XML_HTML, MT_XML_SVG };

struct mt_xml;

/* Appends to out, which outlives the writer. NULL with err set when libxml2 is not there. */
struct mt_xml *mt_xml_open(struct mt_text *out, enum mt_xml_form form, struct mt_err *err);
/* Ends what is open and frees the writer. False when anything failed on the way. */
bool mt_xml_close(struct mt_xml *x, struct mt_err *err) MT_WARN_UNUSED;

void mt_xml_doctype(struct mt_xml *x); /* of HTML */

/* Names must be literals: they are kept until the element ends. */
void mt_xml_begin(struct mt_xml *x, const char *name);
void mt_xml_end(struct mt_xml *x);

/* Attributes follow mt_xml_begin directly. */
void mt_xml_attr(struct mt_xml *x, const char *name, const char *value);
void mt_xml_attr_u64(struct mt_xml *x, const char *name, uint64_t value);
/* A coordinate: one decimal, none where it is zero. */
void mt_xml_attr_at(struct mt_xml *x, const char *name, double value);
void mt_xml_attr_printf(struct mt_xml *x, const char *name, const char *fmt, ...) MT_PRINTF(3, 4);

void mt_xml_text(struct mt_xml *x, const char *text);
void mt_xml_span(struct mt_xml *x, struct mt_span text);
/* As mt_xml_span, but newline and tab stay what they are: for pre. */
void mt_xml_lines(struct mt_xml *x, struct mt_span text);
void mt_xml_printf(struct mt_xml *x, const char *fmt, ...) MT_PRINTF(2, 3);

/* Content of script and style, which HTML does not unescape: a constant of ours or a payload. Fails
 * when the text could end its element or open a comment. */
void mt_xml_raw_text(struct mt_xml *x, struct mt_span text);
/* Markup of a template, which the build has checked; never anything else. */
void mt_xml_constant(struct mt_xml *x, struct mt_span markup);
/* A newline between elements, for people who read the source. */
void mt_xml_newline(struct mt_xml *x);

/* <name class="class">text</name>; class may be NULL. */
void mt_xml_leaf(struct mt_xml *x, const char *name, const char *class_name, const char *text);
/* <name class="class">; class may be NULL. */
void mt_xml_open_tag(struct mt_xml *x, const char *name, const char *class_name);

/* Formats a coordinate as mt_xml_attr_at does; for path data. */
void mt_xml_coordinate(struct mt_text *out, double value);

#endif
