/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and numbers of the text profiles, cut as Go's readers cut them: a line ends at LF, a CR in
 * front of it is dropped. Only in a text without any LF a lone CR ends a line. */
#ifndef MT_FORMATS_PROFILE_TEXT_H
#define MT_FORMATS_PROFILE_TEXT_H

#include "parsers/base/cursor.h"

struct mt_profile_text {
    struct mt_span rest; /* behind the present line */
    struct mt_span line; /* the present one */
    uint64_t line_offset, rest_offset;
    unsigned char line_end;
    struct mt_err *err;
};

/* Over a text that begins at this offset of the input. */
struct mt_profile_text mt_profile_text_over(struct mt_span text, uint64_t offset,
                                            struct mt_err *err);
/* Takes the whole input. False when it cannot be read. */
bool mt_profile_text_open(struct mt_profile_text *t, struct mt_cursor *in);
bool mt_profile_text_next(struct mt_profile_text *t); /* false at the end; the line is empty then */
unsigned char mt_profile_text_line_end(struct mt_span text); /* LF, or CR */
/* Fails at the present line. Always false. */
bool mt_profile_text_fail(const struct mt_profile_text *t, const char *fmt, ...) MT_PRINTF(2, 3);

bool mt_profile_text_is_comment(struct mt_span line); /* or blank */
bool mt_profile_text_is_memory_map(struct mt_span line);
/* "HTTP/1.1 200 OK", "Content-Type: text/plain", as curl -i prints before the body. */
bool mt_profile_text_is_http_head(struct mt_span line);

/* The whole span is an integer in Go's base 0 form: 12, -5, 0x1f, 017, 0b1. */
bool mt_go_integer(struct mt_span s, int64_t *value);
/* The next "0x..." of lower-case digits; false at the end, and with *too_large set when it does not
 * fit in 64 bit. */
bool mt_take_address(struct mt_span *s, uint64_t *address, bool *too_large);
/* As Go on amd64 converts: what does not fit becomes the least number. */
int64_t mt_go_int64(double v);
/* Digits only, at the front; all of them are taken even when they do not fit (*fits false). */
bool mt_take_digits(struct mt_span *s, int64_t *value, bool *fits);

/* Where the run of digits ends that begins at `at`; `at` itself when no digit stands there. A
 * pattern that begins with such a run and does not match at its start matches nowhere within it. */
size_t mt_digits_end(struct mt_span s, size_t at);

/* The addresses that stand at the front: blanks, 'x' and lower-case hexadecimal digits. */
struct mt_span mt_addresses_in_front(struct mt_span s);

/* Un-biases a sampled count and size: an object of this size is sampled with 1 - exp(-size/rate).
 */
void mt_scale_heap_sample(int64_t *count, int64_t *size, int64_t rate);

#endif
