/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a JSON document as a whole (manifest, policy): small files that people write by hand.
 * Streams and large documents go through jsonscan.h. Values belong to the document and die with it;
 * every getter takes NULL for "no such value" and answers false, so lookups can be chained.
 */
#ifndef MT_BASE_JSON_H
#define MT_BASE_JSON_H

#include "parsers/base/err.h"
#include "parsers/base/span.h"

struct mt_json_value;

struct mt_json_doc {
    struct mt_json_value *root; /* NULL: nothing was parsed */
};

/* Bytes of a document. A value takes fifty times the memory of its text, and text may come out of a
 * gzip layer that made hundreds of bytes of one. */
enum { MT_JSON_MOST = 1 << 20 };

enum mt_json_type {
    MT_JSON_ABSENT,
    MT_JSON_NULL,
    MT_JSON_BOOL,
    MT_JSON_NUMBER,
    MT_JSON_TEXT,
    MT_JSON_ARRAY,
    MT_JSON_OBJECT
};

/* Parses one value with blanks around it; a UTF-8 byte order mark in front is dropped. Nesting is
 * limited by --limit depth, size by MT_JSON_MOST. False leaves an empty document and says in *err
 * what was expected at which byte. Clear the document in both cases. */
bool mt_json_parse(struct mt_json_doc *doc, struct mt_span text, struct mt_err *err) MT_WARN_UNUSED;
void mt_json_doc_clear(struct mt_json_doc *doc);

enum mt_json_type mt_json_type_of(const struct mt_json_value *v);
const char *mt_json_type_name(enum mt_json_type type); /* "a number", "an object" */

/* NULL when v is no object or has no such member. The last of several equal keys counts. */
const struct mt_json_value *mt_json_member(const struct mt_json_value *v, const char *key);
size_t mt_json_size(const struct mt_json_value *v); /* items or members; 0 of anything else */
const struct mt_json_value *mt_json_item(const struct mt_json_value *array, size_t i);

/* Members of an object in the order of the text:
 *     for (struct mt_json_walk w = {.object = v}; mt_json_walk(&w);) use(w.key, w.value); */
struct mt_json_walk {
    const struct mt_json_value *object;
    struct mt_span key;
    const struct mt_json_value *value;
    void *at;
};
bool mt_json_walk(struct mt_json_walk *w);

/* False leaves the result alone: another type, or out of range. Text is refused past --limit
 * string-bytes. An integer may be written as a whole real (5e3) or as text ("5000"). */
bool mt_json_as_text(const struct mt_json_value *v, struct mt_span *text);
bool mt_json_as_i64(const struct mt_json_value *v, int64_t *value);
bool mt_json_as_u64(const struct mt_json_value *v, uint64_t *value);
bool mt_json_as_f64(const struct mt_json_value *v, double *value);
bool mt_json_as_bool(const struct mt_json_value *v, bool *value);

#endif
