/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as a stream of tokens, straight from a cursor: no tree, no allocation, any number of values
 * one after the other (JSON lines), memory for one text or number at a time, of the length of a
 * line at most. The grammar is checked, but for numbers, which may be whatever mt_span_f64 takes;
 * texts are handed out as they stand, escapes unresolved.
 *
 * Damage does not fail the cursor, since a broken line of a log must not end the log: the token is
 * MT_TOKEN_BAD, `bad` says why, and mt_json_scan_resync goes on at the next line.
 */
#ifndef MT_BASE_JSONSCAN_H
#define MT_BASE_JSONSCAN_H

#include "parsers/base/arena.h"
#include "parsers/base/cursor.h"

enum mt_token {
    MT_TOKEN_END, /* of the input, between two values; or the cursor has failed */
    MT_TOKEN_BAD,
    MT_TOKEN_OBJECT,
    MT_TOKEN_OBJECT_END,
    MT_TOKEN_ARRAY,
    MT_TOKEN_ARRAY_END,
    MT_TOKEN_KEY,
    MT_TOKEN_TEXT,
    MT_TOKEN_NUMBER,
    MT_TOKEN_TRUE,
    MT_TOKEN_FALSE,
    MT_TOKEN_NULL
};

enum { MT_JSON_SCAN_DEPTH = 64 };

struct mt_json_scan {
    struct mt_cursor *in;
    struct mt_span
        text;        /* of a key, text (between the quotes) or number; valid until the next call */
    bool escaped;    /* text holds a backslash: see mt_json_unescape */
    unsigned depth;  /* open containers */
    const char *bad; /* what was expected; NULL: nothing is wrong */
    uint64_t bad_offset;
    /* private */
    uint64_t objects; /* bit d: the container at depth d is an object */
    int expect;
    bool new_line; /* the last blanks held a line end */
};

struct mt_json_scan mt_json_scan_over(struct mt_cursor *in);
enum mt_token mt_json_scan_next(struct mt_json_scan *s);
/* Passes over the value whose first token was `first` (nothing to do for a scalar). False: BAD or
 * the input ended inside. */
bool mt_json_scan_skip(struct mt_json_scan *s, enum mt_token first);
/* Reads the next token and passes over its value: what follows a key nobody asked for. */
bool mt_json_scan_skip_value(struct mt_json_scan *s);
/* After BAD: forgets what is open and goes on behind the next line end, or right here when the
 * surprise was itself the start of a line. */
void mt_json_scan_resync(struct mt_json_scan *s);

/* Resolves escapes into `to`, which has room for text.size bytes; returns the bytes written. Lone
 * surrogates become U+FFFD, an unknown escape stays as it stands. */
size_t mt_json_unescape(struct mt_span text, unsigned char *to);
/* The token's text with escapes resolved: as it stands, or a copy in the arena. */
struct mt_span mt_json_scan_text(const struct mt_json_scan *s, struct mt_arena *a);

#endif
