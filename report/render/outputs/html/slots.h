/* SPDX-License-Identifier: Apache-2.0 */
/* The slots of the page's template: the build checks it against this list. */
#ifndef MT_RENDER_HTML_SLOTS_H
#define MT_RENDER_HTML_SLOTS_H

/* The slots of templates/report.html: name, function of html/part.h that fills it. */
#define MT_HTML_SLOTS(X)                                                                           \
    X("title", mt_html_title)                                                                      \
    X("head", mt_html_head)                                                                        \
    X("verdict", mt_html_verdict)                                                                  \
    X("numbers", mt_html_numbers)                                                                  \
    X("sections", mt_html_sections)                                                                \
    X("inputs", mt_html_inputs)                                                                    \
    X("notes", mt_html_notes)                                                                      \
    X("method", mt_html_method)                                                                    \
    X("glossary", mt_html_glossary)                                                                \
    X("footer", mt_html_footer)                                                                    \
    X("payload", mt_html_payload)

/* Slots that hold another template, or its hash, as it is. */
#define MT_HTML_CONSTANTS(X)                                                                       \
    X("report.css")                                                                                \
    X("report.js")                                                                                 \
    X("report.css.sha256")                                                                         \
    X("report.js.sha256")

#endif
