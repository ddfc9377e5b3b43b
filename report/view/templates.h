/* SPDX-License-Identifier: Apache-2.0 */
/* The files of templates/, embedded by cmd/embed at build time. */
#ifndef MT_VIEW_TEMPLATES_H
#define MT_VIEW_TEMPLATES_H

#include "parsers/base/span.h"

struct mt_template {
    const char *name; /* "report.css", "advice/heap-site-growth.md" */
    const char *text;
    size_t size;
};

extern const struct mt_template mt_templates[]; /* by name, NULL at the end */

/* Empty when there is none of that name. */
struct mt_span mt_template_named(const char *name);

#endif
