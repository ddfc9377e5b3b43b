/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown of ours (advice) or of a bundle (notes.md) as markup. */
#ifndef MT_RENDER_PROSE_H
#define MT_RENDER_PROSE_H

#include "report/render/xml.h"

/* Raw HTML is dropped, links keep their text and lose their target, images leave their description.
 * The first level of headings becomes h<level>. */
void mt_prose_html(struct mt_xml *x, struct mt_span markdown, int level);

#endif
