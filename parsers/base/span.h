/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run of bytes somebody else owns. Text is taken apart with these helpers: they see embedded zero
 * bytes, never read past the end and ignore the locale.
 */
#ifndef MT_BASE_SPAN_H
#define MT_BASE_SPAN_H

#include "parsers/base/err.h"

#include <stddef.h>
#include <string.h>

struct mt_span {
    const unsigned char *data;
    size_t size;
};

#define MT_NPOS ((size_t)-1)
#define MT_SPAN(literal)                                                                           \
    ((struct mt_span){(const unsigned char *)("" literal ""), sizeof(literal) - 1})

/* These three are defined here because with a literal they shrink to a compare or two, and readers
 * of text spend their time in them. */
static inline bool mt_span_starts(struct mt_span s, const char *prefix)
{
    size_t size = strlen(prefix);
    return s.size >= size && memcmp(s.data, prefix, size) == 0;
}
static inline struct mt_span mt_span_from(struct mt_span s, size_t at) /* clamped */
{
    if (at > s.size)
        at = s.size;
    return at ? (struct mt_span){s.data + at, s.size - at} : s; /* an empty span may be NULL */
}
/* Drops the literal if it is next. */
static inline bool mt_span_take(struct mt_span *s, const char *literal)
{
    if (!mt_span_starts(*s, literal))
        return false;
    *s = mt_span_from(*s, strlen(literal));
    return true;
}

struct mt_span mt_span_of(const char *text); /* NULL gives an empty span */
bool mt_span_equal(struct mt_span a, struct mt_span b);
int mt_span_compare(struct mt_span a, struct mt_span b); /* bytewise, like memcmp; shorter first */
bool mt_span_is(struct mt_span s, const char *text);
bool mt_span_is_nocase(struct mt_span s, const char *text); /* ASCII */
bool mt_span_ends(struct mt_span s, const char *suffix);
size_t mt_span_find(struct mt_span s, const char *needle); /* MT_NPOS when absent */
size_t mt_span_find_byte(struct mt_span s, unsigned char byte);
size_t mt_span_find_last_byte(struct mt_span s, unsigned char byte);
/* Where the first LF or CR is. Looks hardly further than that, however long the span. */
size_t mt_span_find_line_end(struct mt_span s);
struct mt_span mt_span_sub(struct mt_span s, size_t at, size_t size);
struct mt_span mt_span_trim(struct mt_span s); /* ASCII space, tab, CR, LF, FF, VT */

/* Takes the text up to the separator (which is dropped) off the front of *rest; all of it when the
 * separator does not occur. False when *rest was empty before. */
bool mt_span_split(struct mt_span *rest, unsigned char separator, struct mt_span *part);
/* The next run of non-blank bytes (space and tab separate). False at the end. */
bool mt_span_word(struct mt_span *rest, struct mt_span *word);
/* The next line without its end; LF, CRLF and a lone CR end a line. False at the end. */
bool mt_span_line(struct mt_span *rest, struct mt_span *line);

/* Take a number off the front of *s. False leaves *s alone: no digit there, or it overflows. */
bool mt_span_take_u64(struct mt_span *s, uint64_t *value);
bool mt_span_take_i64(struct mt_span *s, int64_t *value);  /* optional sign */
bool mt_span_take_hex(struct mt_span *s, uint64_t *value); /* optional 0x */
bool mt_span_take_f64(struct mt_span *s, double *value);   /* 12, -3.5e+07, NaN, +Inf; '.' only */
/* The whole span is one number. */
bool mt_span_u64(struct mt_span s, uint64_t *value);
bool mt_span_i64(struct mt_span s, int64_t *value);
bool mt_span_f64(struct mt_span s, double *value);

/* Bytes of the well-formed UTF-8 sequence at the front of a non-empty span, 0 when there is none.
 */
size_t mt_span_utf8_size(struct mt_span s);
bool mt_span_is_utf8(struct mt_span s);
/* Writes a character, U+FFFD for what is none (half a surrogate pair, beyond U+10FFFF); returns its
 * 1 to 4 bytes. */
size_t mt_utf8_put(unsigned char *to, uint64_t rune);

#endif
