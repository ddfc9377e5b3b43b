/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/base/jsonout.h"

#include "parsers/base/unseen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mt_json_begin(struct mt_json_out *j, struct mt_text *out)
{
    *j = (struct mt_json_out){.out = out};
}

static void before_value(struct mt_json_out *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->used[j->depth])
        mt_text_byte(j->out, ',');
    j->used[j->depth] = true;
}

static void open_level(struct mt_json_out *j, char bracket)
{
    before_value(j);
    mt_text_byte(j->out, bracket);
    if (j->depth < MT_JSON_DEPTH)
        j->depth++;
    j->used[j->depth] = false;
}

static void close_level(struct mt_json_out *j, char bracket)
{
    if (j->depth)
        j->depth--;
    mt_text_byte(j->out, bracket);
}

void mt_json_object(struct mt_json_out *j)
{
    open_level(j, '{');
}

void mt_json_object_end(struct mt_json_out *j)
{
    close_level(j, '}');
}

void mt_json_array(struct mt_json_out *j)
{
    open_level(j, '[');
}

void mt_json_array_end(struct mt_json_out *j)
{
    close_level(j, ']');
}

static void escaped(struct mt_json_out *j, uint32_t c)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt//";
    for (size_t i = 0; i + 1 < sizeof short_forms; i += 2)
        if (c == (unsigned char)short_forms[i]) {
            char pair[2] = {'\\', short_forms[i + 1]};
            mt_text_bytes(j->out, pair, 2);
            return;
        }
    if (c > 0xffff)
        mt_text_printf(j->out, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (c >> 10)),
                       (unsigned)(0xdc00 | (c & 0x3ff)));
    else
        mt_text_printf(j->out, "\\u%04x", (unsigned)c);
}

/* The slash of "</", which could end an element the document is put into. */
static bool ends_element(struct mt_span text, size_t at)
{
    return text.data[at] == '/' && at && text.data[at - 1] == '<';
}

/* Bytes of the character at `at` when it passes as it is, else 0. */
static size_t passes(const struct mt_json_out *j, struct mt_span text, size_t at)
{
    unsigned char c = text.data[at];
    if (c < 0x80)
        return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && !ends_element(text, at);
    if (j->raw_bytes)
        return 1;
    struct mt_span rest = mt_span_from(text, at);
    size_t size = mt_span_utf8_size(rest);
    return size && !mt_is_unseen(mt_code_point(rest, size)) ? size : 0;
}

static void quoted(struct mt_json_out *j, struct mt_span text)
{
    if (j->filter)
        text = j->filter(j->filter_self, text);
    mt_text_byte(j->out, '"');
    size_t from = 0;
    for (size_t at = 0; at < text.size;) {
        size_t size = passes(j, text, at);
        if (size) {
            at += size;
            continue;
        }
        mt_text_bytes(j->out, text.data + from, at - from);
        struct mt_span rest = mt_span_from(text, at);
        size = rest.data[0] < 0x80 ? 1 : mt_span_utf8_size(rest);
        if (size)
            escaped(j, mt_code_point(rest, size));
        else
            mt_text_add(j->out, "\xef\xbf\xbd");
        at += size ? size : 1;
        from = at;
    }
    mt_text_bytes(j->out, text.data + from, text.size - from);
    mt_text_byte(j->out, '"');
}

void mt_json_key_span(struct mt_json_out *j, struct mt_span key)
{
    before_value(j);
    quoted(j, key);
    mt_text_byte(j->out, ':');
    j->after_key = true;
}

void mt_json_key(struct mt_json_out *j, const char *key)
{
    mt_json_key_span(j, mt_span_of(key));
}

void mt_json_span(struct mt_json_out *j, struct mt_span text)
{
    before_value(j);
    quoted(j, text);
}

void mt_json_text(struct mt_json_out *j, const char *text)
{
    mt_json_span(j, mt_span_of(text));
}

void mt_json_i64(struct mt_json_out *j, int64_t value)
{
    before_value(j);
    mt_text_i64(j->out, value);
}

void mt_json_u64(struct mt_json_out *j, uint64_t value)
{
    before_value(j);
    mt_text_u64(j->out, value);
}

void mt_json_f64(struct mt_json_out *j, double value)
{
    before_value(j);
    if (!isfinite(value)) {
        mt_text_add(j->out, "null");
        return;
    }
    if (value == floor(value) && fabs(value) < 1e15) {
        mt_text_i64(j->out, (int64_t)value);
        return;
    }
    char digits[32];
    for (int precision = 6; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    mt_text_add(j->out, digits);
}

void mt_json_bool(struct mt_json_out *j, bool value)
{
    before_value(j);
    mt_text_add(j->out, value ? "true" : "false");
}

void mt_json_kv_text(struct mt_json_out *j, const char *key, const char *value)
{
    mt_json_key(j, key);
    mt_json_text(j, value);
}

void mt_json_kv_span(struct mt_json_out *j, const char *key, struct mt_span value)
{
    mt_json_key(j, key);
    mt_json_span(j, value);
}

void mt_json_kv_i64(struct mt_json_out *j, const char *key, int64_t value)
{
    mt_json_key(j, key);
    mt_json_i64(j, value);
}

void mt_json_kv_u64(struct mt_json_out *j, const char *key, uint64_t value)
{
    mt_json_key(j, key);
    mt_json_u64(j, value);
}

void mt_json_kv_f64(struct mt_json_out *j, const char *key, double value)
{
    mt_json_key(j, key);
    mt_json_f64(j, value);
}

void mt_json_kv_bool(struct mt_json_out *j, const char *key, bool value)
{
    mt_json_key(j, key);
    mt_json_bool(j, value);
}

void mt_json_text_if(struct mt_json_out *j, const char *key, const char *value)
{
    if (value && *value)
        mt_json_kv_text(j, key, value);
}

void mt_json_f64_if(struct mt_json_out *j, const char *key, double value)
{
    if (isfinite(value))
        mt_json_kv_f64(j, key, value);
}
