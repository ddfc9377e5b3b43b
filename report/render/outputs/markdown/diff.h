/* SPDX-License-Identifier: Apache-2.0 */
/* The Markdown report of a diff; the face is ../markdown.c. */
#ifndef MT_RENDER_MARKDOWN_DIFF_H
#define MT_RENDER_MARKDOWN_DIFF_H

#include "parsers/base/text.h"
#include "report/view/view.h"

void mt_markdown_diff(const struct mt_view *view, struct mt_text *out);

#endif
