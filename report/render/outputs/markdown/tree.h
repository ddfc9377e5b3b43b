/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Markdown built as a cmark tree and rendered by it, so that text of inputs cannot become markup.
 * What CommonMark lacks, tables and folded sections, stands in raw blocks of ours.
 */
#ifndef MT_RENDER_MARKDOWN_TREE_H
#define MT_RENDER_MARKDOWN_TREE_H

#include "parsers/base/text.h"
#include "report/view/sheet.h"

struct mt_md;

struct mt_md *mt_md_open(struct mt_arena *arena);
/* Renders what was built into out and frees it. */
void mt_md_close(struct mt_md *m, struct mt_text *out);

/* Blocks; each takes the inline calls that follow, until the next block. */
void mt_md_heading(struct mt_md *m, int level);
void mt_md_paragraph(struct mt_md *m);
void mt_md_item(struct mt_md *m); /* of a list; items in a row are one list */

/* Inlines. Text may come from anywhere: what could address somebody is set in code. */
void mt_md_text(struct mt_md *m, const char *text);
/* A mark of ours that must not be escaped: "1.", ">". */
void mt_md_mark(struct mt_md *m, const char *mark);
void mt_md_strong(struct mt_md *m, const char *text);
void mt_md_code(struct mt_md *m, const char *text);
void mt_md_link(struct mt_md *m, const char *text, const char *url);
void mt_md_image(struct mt_md *m, const char *description, const char *url);
/* A sentence of the engine: functions and files are set in code as well. */
void mt_md_words(struct mt_md *m, const char *text, unsigned suspects);

/* A table of the first `rows` rows; bars are left out. */
void mt_md_table(struct mt_md *m, const struct mt_sheet *sheet, size_t rows);
void mt_md_fold(struct mt_md *m, const char *summary);
void mt_md_fold_end(struct mt_md *m);

#endif
