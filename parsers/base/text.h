/* SPDX-License-Identifier: Apache-2.0 */
/* A growing byte buffer for output text. Owns its memory; free with mt_text_clear. */
#ifndef MT_BASE_TEXT_H
#define MT_BASE_TEXT_H

#include "parsers/base/err.h"
#include "parsers/base/span.h"

#include <stddef.h>

struct mt_text {
    char *data; /* NUL-terminated once anything was added; may hold NULs inside */
    size_t size, capacity;
};

void mt_text_clear(struct mt_text *t);
void mt_text_bytes(struct mt_text *t, const void *bytes, size_t size);
void mt_text_add(struct mt_text *t, const char *text);
void mt_text_span(struct mt_text *t, struct mt_span s);
void mt_text_byte(struct mt_text *t, char c);
void mt_text_u64(struct mt_text *t, uint64_t value);
void mt_text_i64(struct mt_text *t, int64_t value);
void mt_text_printf(struct mt_text *t, const char *fmt, ...) MT_PRINTF(2, 3);
struct mt_span mt_text_view(const struct mt_text *t);

#endif
