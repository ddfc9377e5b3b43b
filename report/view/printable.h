/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from inputs made harmless to look at: C0, C1, bidirectional and zero-width characters become
 * visible escapes (\u202e), bytes that are not UTF-8 become \xNN. All else passes as it is, so the
 * result is valid UTF-8 and valid XML text once its markup characters are escaped.
 */
#ifndef MT_VIEW_PRINTABLE_H
#define MT_VIEW_PRINTABLE_H

#include "parsers/base/arena.h"
#include "parsers/base/text.h"

/* True when the text passes unchanged. With lines, newline and tab pass too. */
bool mt_is_printable(struct mt_span text, bool lines);
void mt_printable_add(struct mt_text *out, struct mt_span text, bool lines);
/* The text itself when nothing needs an escape, else a copy. NUL-terminated. */
const char *mt_printable(struct mt_arena *arena, const char *text);
/* Code points of valid UTF-8. */
size_t mt_characters(const char *text);

#endif
