/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streaming JSON writer: commas, nesting and escapes by construction. Characters that are not seen
 * or turn others around are escaped. Text that is not UTF-8 is written with U+FFFD for each bad
 * byte unless `raw_bytes` is set, in which case bytes above 0x7f pass as they are. Numbers of 64
 * bit are exact; doubles use the shortest form that reads back equal.
 */
#ifndef MT_BASE_JSONOUT_H
#define MT_BASE_JSONOUT_H

#include "parsers/base/text.h"

enum { MT_JSON_DEPTH = 32 };

struct mt_json_out {
    struct mt_text *out;
    int depth;
    bool used[MT_JSON_DEPTH + 1]; /* something stands at this level already */
    bool after_key;
    bool raw_bytes;
    /* Every text and key goes through it where set; the result lives until the next call. */
    struct mt_span (*filter)(void *self, struct mt_span text);
    void *filter_self;
};

void mt_json_begin(struct mt_json_out *j, struct mt_text *out);
void mt_json_object(struct mt_json_out *j);
void mt_json_object_end(struct mt_json_out *j);
void mt_json_array(struct mt_json_out *j);
void mt_json_array_end(struct mt_json_out *j);
void mt_json_key(struct mt_json_out *j, const char *key);
void mt_json_key_span(struct mt_json_out *j, struct mt_span key);
void mt_json_text(struct mt_json_out *j, const char *text);
void mt_json_span(struct mt_json_out *j, struct mt_span text);
void mt_json_i64(struct mt_json_out *j, int64_t value);
void mt_json_u64(struct mt_json_out *j, uint64_t value);
void mt_json_f64(struct mt_json_out *j, double value); /* not finite: null */
void mt_json_bool(struct mt_json_out *j, bool value);

/* key and value in one */
void mt_json_kv_text(struct mt_json_out *j, const char *key, const char *value);
void mt_json_kv_span(struct mt_json_out *j, const char *key, struct mt_span value);
void mt_json_kv_i64(struct mt_json_out *j, const char *key, int64_t value);
void mt_json_kv_u64(struct mt_json_out *j, const char *key, uint64_t value);
void mt_json_kv_f64(struct mt_json_out *j, const char *key, double value);
void mt_json_kv_bool(struct mt_json_out *j, const char *key, bool value);

/* Left out where nothing is known: NULL or empty, not finite. */
void mt_json_text_if(struct mt_json_out *j, const char *key, const char *value);
void mt_json_f64_if(struct mt_json_out *j, const char *key, double value);

#endif
