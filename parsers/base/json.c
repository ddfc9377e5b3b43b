/* SPDX-License-Identifier: Apache-2.0 */
/* The one home of jansson. A json_t travels as an incomplete struct mt_json_value. */
#include "parsers/base/json.h"

#include "parsers/base/limits.h"

#include <jansson.h>
#include <math.h>

/* jansson recurses over the depth of the input up to a limit of its own that no caller can set, and
 * passes over a zero byte behind a number. */
static bool sound(struct mt_span text, struct mt_err *err)
{
    uint64_t depth = 0, most = mt_limit(MT_LIMIT_DEPTH);
    bool quoted = false;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = text.data[i];
        if (!c)
            return mt_fail(err, MT_ERR_INPUT, i, "a zero byte stands in the JSON text");
        if (quoted) {
            if (c == '\\')
                i++;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > most)
                return mt_fail(err, MT_ERR_LIMIT, i,
                               "JSON is nested deeper than %llu levels (--limit depth)",
                               (unsigned long long)most);
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return true;
}

bool mt_json_parse(struct mt_json_doc *doc, struct mt_span text, struct mt_err *err)
{
    doc->root = NULL;
    struct mt_span body = text;
    mt_span_take(&body, "\xef\xbb\xbf");
    size_t before = text.size - body.size;
    if (!mt_span_trim(body).size)
        return mt_fail(err, MT_ERR_INPUT, 0, "empty, a JSON value was expected");
    if (body.size > MT_JSON_MOST)
        return mt_fail(err, MT_ERR_LIMIT, MT_JSON_MOST,
                       "JSON of %zu bytes, at most %d are read as one document", body.size,
                       MT_JSON_MOST);
    if (!sound(body, err)) {
        err->offset += before;
        return false;
    }
    json_error_t problem;
    size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
    json_t *root = json_loadb((const char *)body.data, body.size, flags, &problem);
    if (!root && json_error_code(&problem) == json_error_numeric_overflow)
        root = json_loadb((const char *)body.data, body.size, flags | JSON_DECODE_INT_AS_REAL,
                          &problem);
    if (!root)
        return mt_fail(err, MT_ERR_INPUT,
                       before + (problem.position > 0 ? (uint64_t)problem.position : 0),
                       "JSON is broken: %s", problem.text);
    doc->root = (struct mt_json_value *)root;
    return true;
}

void mt_json_doc_clear(struct mt_json_doc *doc)
{
    json_decref((json_t *)doc->root);
    doc->root = NULL;
}

static const json_t *in(const struct mt_json_value *v)
{
    return (const json_t *)v;
}

static const struct mt_json_value *out(const json_t *v)
{
    return (const struct mt_json_value *)v;
}

enum mt_json_type mt_json_type_of(const struct mt_json_value *v)
{
    if (!v)
        return MT_JSON_ABSENT;
    switch (json_typeof(in(v))) {
    case JSON_OBJECT:
        return MT_JSON_OBJECT;
    case JSON_ARRAY:
        return MT_JSON_ARRAY;
    case JSON_STRING:
        return MT_JSON_TEXT;
    case JSON_INTEGER:
    case JSON_REAL:
        return MT_JSON_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return MT_JSON_BOOL;
    case JSON_NULL:
        break;
    }
    return MT_JSON_NULL;
}

const char *mt_json_type_name(enum mt_json_type type)
{
    static const char *const names[] = {
        [MT_JSON_ABSENT] = "nothing",  [MT_JSON_NULL] = "null", [MT_JSON_BOOL] = "true or false",
        [MT_JSON_NUMBER] = "a number", [MT_JSON_TEXT] = "text", [MT_JSON_ARRAY] = "an array",
        [MT_JSON_OBJECT] = "an object"};
    return names[type];
}

const struct mt_json_value *mt_json_member(const struct mt_json_value *v, const char *key)
{
    return v ? out(json_object_get(in(v), key)) : NULL;
}

size_t mt_json_size(const struct mt_json_value *v)
{
    return !v ? 0 : json_is_array(in(v)) ? json_array_size(in(v)) : json_object_size(in(v));
}

const struct mt_json_value *mt_json_item(const struct mt_json_value *array, size_t i)
{
    return array ? out(json_array_get(in(array), i)) : NULL;
}

bool mt_json_walk(struct mt_json_walk *w)
{
    json_t *object = (json_t *)(uintptr_t)w->object; /* iterators want it writable */
    if (!object)
        return false;
    w->at = w->at ? json_object_iter_next(object, w->at) : json_object_iter(object);
    if (!w->at)
        return false;
    w->key = mt_span_of(json_object_iter_key(w->at));
    w->value = out(json_object_iter_value(w->at));
    return true;
}

bool mt_json_as_text(const struct mt_json_value *v, struct mt_span *text)
{
    if (mt_json_type_of(v) != MT_JSON_TEXT)
        return false;
    size_t size = json_string_length(in(v));
    if (size > mt_limit(MT_LIMIT_STRING))
        return false;
    *text = (struct mt_span){(const unsigned char *)json_string_value(in(v)), size};
    return true;
}

bool mt_json_as_f64(const struct mt_json_value *v, double *value)
{
    if (mt_json_type_of(v) != MT_JSON_NUMBER)
        return false;
    *value = json_number_value(in(v));
    return true;
}

bool mt_json_as_i64(const struct mt_json_value *v, int64_t *value)
{
    struct mt_span text;
    double real;
    if (mt_json_as_text(v, &text))
        return mt_span_i64(text, value);
    if (!mt_json_as_f64(v, &real))
        return false;
    if (json_is_integer(in(v))) {
        *value = json_integer_value(in(v));
        return true;
    }
    if (!(real >= -9223372036854775808.0 && real < 9223372036854775808.0) || floor(real) != real)
        return false;
    *value = (int64_t)real;
    return true;
}

bool mt_json_as_u64(const struct mt_json_value *v, uint64_t *value)
{
    struct mt_span text;
    double real;
    if (mt_json_as_text(v, &text))
        return mt_span_u64(text, value);
    if (!mt_json_as_f64(v, &real))
        return false;
    if (json_is_integer(in(v))) {
        if (json_integer_value(in(v)) < 0)
            return false;
        *value = (uint64_t)json_integer_value(in(v));
        return true;
    }
    if (!(real >= 0 && real < 0x1p64) || floor(real) != real)
        return false;
    *value = (uint64_t)real;
    return true;
}

bool mt_json_as_bool(const struct mt_json_value *v, bool *value)
{
    if (mt_json_type_of(v) != MT_JSON_BOOL)
        return false;
    *value = json_is_true(in(v));
    return true;
}
