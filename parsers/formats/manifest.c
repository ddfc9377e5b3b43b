/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle.json, what the person who captured the bundle knows:
 *     {"service": "checkout", "go_version": "go1.26", "memory_limit_bytes": 536870912,
 *      "captured_at": "2026-11-22T19:35:06Z", "labels": {"cluster_id": "eu-west-1b"}}
 * Written by hand and by many scripts: names are compared without case, '_' and '-', and a field
 * that cannot be used becomes a remark; the others count all the same.
 */
#include "parsers/base/json.h"
#include "parsers/base/jsonscan.h"
#include "parsers/base/limits.h"
#include "parsers/formats/reader.h"

#include <math.h>
#include <string.h>

struct fields {
    struct mt_capture *c;
    struct mt_manifest *m;
};

struct field {
    const char *name; /* lower case, without '_' and '-' */
    bool telling;     /* hardly any other JSON has it */
    bool (*set)(const struct fields *f, const struct mt_json_value *value);
    const char *expected;
};

/* "gomemlimit" is "GOMEMLIMIT", "go_mem_limit" and "goMemLimit". */
static bool same_name(struct mt_span name, const char *plain)
{
    for (size_t i = 0; i < name.size; i++) {
        unsigned char c = name.data[i];
        if (c == '_' || c == '-')
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 32);
        if (c != (unsigned char)*plain)
            return false;
        plain++;
    }
    return !*plain;
}

static bool set_text(const struct fields *f, const struct mt_json_value *v, uint32_t *id)
{
    struct mt_span text;
    int64_t number;
    if (mt_json_as_text(v, &text)) {
        *id = mt_intern(f->c->strings, mt_span_trim(text));
        return true;
    }
    if (!mt_json_as_i64(v, &number))
        return false;
    *id = mt_intern_text(f->c->strings, mt_arena_printf(f->c->arena, "%lld", (long long)number));
    return true;
}

static bool set_service(const struct fields *f, const struct mt_json_value *v)
{
    return set_text(f, v, &f->m->service);
}

static bool set_build(const struct fields *f, const struct mt_json_value *v)
{
    return set_text(f, v, &f->m->build);
}

static bool set_go_version(const struct fields *f, const struct mt_json_value *v)
{
    return set_text(f, v, &f->m->go_version);
}

static bool set_module(const struct fields *f, const struct mt_json_value *v)
{
    return set_text(f, v, &f->m->module);
}

static bool set_captured_at(const struct fields *f, const struct mt_json_value *v)
{
    struct mt_span text;
    int64_t unit_by_digits;
    double seconds;
    bool zone_known;
    if (!mt_json_as_text(v, &text)) {
        if (mt_json_as_i64(v, &unit_by_digits))
            text = mt_span_of(mt_arena_printf(f->c->arena, "%lld", (long long)unit_by_digits));
        else if (mt_json_as_f64(v, &seconds))
            text = mt_span_of(mt_arena_printf(f->c->arena, "%.9f", seconds));
        else
            return false;
    }
    return mt_time_parse(mt_span_trim(text), &f->m->captured_at_ns, &zone_known);
}

/* 536870912, "512MiB", "512 MB", "0.5Gi", "1g": the Go runtime's and Kubernetes' suffixes. */
static bool take_bytes(struct mt_span text, uint64_t *bytes)
{
    static const struct {
        const char *suffix;
        double factor;
    } units[] = {{"", 1},         {"B", 1},        {"K", 0x1p10},   {"KiB", 0x1p10}, {"Ki", 0x1p10},
                 {"kB", 1e3},     {"M", 0x1p20},   {"MiB", 0x1p20}, {"Mi", 0x1p20},  {"MB", 1e6},
                 {"G", 0x1p30},   {"GiB", 0x1p30}, {"Gi", 0x1p30},  {"GB", 1e9},     {"T", 0x1p40},
                 {"TiB", 0x1p40}, {"Ti", 0x1p40},  {"TB", 1e12}};
    struct mt_span rest = mt_span_trim(text);
    double number;
    if (!mt_span_take_f64(&rest, &number))
        return false;
    rest = mt_span_trim(rest);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double value = number * units[i].factor;
        if (mt_span_is_nocase(rest, units[i].suffix) && value >= 0 && value < 0x1p63) {
            *bytes = (uint64_t)value;
            return true;
        }
    }
    return false;
}

static bool set_bytes(const struct mt_json_value *v, uint64_t *bytes)
{
    struct mt_span text;
    return mt_json_as_text(v, &text) ? take_bytes(text, bytes) : mt_json_as_u64(v, bytes);
}

static bool set_memory_limit(const struct fields *f, const struct mt_json_value *v)
{
    return set_bytes(v, &f->m->memory_limit_bytes);
}

static bool set_gomemlimit(const struct fields *f, const struct mt_json_value *v)
{
    struct mt_span text;
    if (mt_json_as_text(v, &text) && mt_span_is_nocase(mt_span_trim(text), "off"))
        return true;
    uint64_t bytes;
    if (!set_bytes(v, &bytes))
        return false;
    if (bytes < INT64_MAX) /* the runtime's own value for "no limit" */
        f->m->gomemlimit_bytes = bytes;
    return true;
}

static bool set_gogc(const struct fields *f, const struct mt_json_value *v)
{
    struct mt_span text;
    int64_t percent;
    if (mt_json_as_text(v, &text) && mt_span_is_nocase(mt_span_trim(text), "off")) {
        f->m->gogc = -1;
        return true;
    }
    if (!mt_json_as_i64(v, &percent) || percent > INT32_MAX || percent < INT32_MIN)
        return false;
    f->m->gogc = percent < 0 ? -1 : (int32_t)percent;
    return true;
}

static bool set_interval_ms(const struct fields *f, const struct mt_json_value *v)
{
    uint64_t ms;
    if (!mt_json_as_u64(v, &ms) || !ms || ms > INT64_MAX / 1000000)
        return false;
    f->m->interval_ms = ms;
    return true;
}

/* Seconds, or a duration of one unit as Go prints it: 5, "5s", "500ms", "1.5m". */
static bool set_interval(const struct fields *f, const struct mt_json_value *v)
{
    static const struct {
        const char *suffix;
        double ms;
    } units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"h", 3600000}};
    struct mt_span unit = {0};
    double number;
    if (mt_json_as_text(v, &unit)) {
        unit = mt_span_trim(unit);
        if (!mt_span_take_f64(&unit, &number))
            return false;
    } else if (!mt_json_as_f64(v, &number)) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double ms = number * units[i].ms;
        if (mt_span_is(unit, units[i].suffix) && ms >= 1 && ms < 1e12) {
            f->m->interval_ms = (uint64_t)ms;
            return true;
        }
    }
    return false;
}

static void add_label(const struct fields *f, struct mt_span key, struct mt_span value)
{
    struct mt_manifest *m = f->m;
    MT_RESERVE(f->c->arena, m->labels, m->n_labels, m->cap_labels);
    m->labels[m->n_labels++] =
        (struct mt_label_pair){mt_intern(f->c->strings, key), mt_intern(f->c->strings, value)};
}

static bool set_label(const struct fields *f, struct mt_span key, const struct mt_json_value *v)
{
    struct mt_span text;
    double number;
    bool yes;
    if (mt_json_as_text(v, &text))
        add_label(f, key, text);
    else if (mt_json_as_bool(v, &yes))
        add_label(f, key, yes ? MT_SPAN("true") : MT_SPAN("false"));
    else if (mt_json_as_f64(v, &number))
        add_label(f, key, mt_span_of(mt_arena_printf(f->c->arena, "%.15g", number)));
    else
        return false;
    return true;
}

/* {"cluster_id": "eu"}; also [{"name": "cluster_id", "value": "eu"}]. */
static bool set_labels(const struct fields *f, const struct mt_json_value *v)
{
    enum mt_json_type type = mt_json_type_of(v);
    bool all = type == MT_JSON_OBJECT || type == MT_JSON_ARRAY;
    for (struct mt_json_walk w = {.object = v}; type == MT_JSON_OBJECT && mt_json_walk(&w);)
        all &= set_label(f, w.key, w.value);
    for (size_t i = 0; type == MT_JSON_ARRAY && i < mt_json_size(v); i++) {
        const struct mt_json_value *pair = mt_json_item(v, i);
        struct mt_span key;
        all &= (mt_json_as_text(mt_json_member(pair, "name"), &key) ||
                mt_json_as_text(mt_json_member(pair, "key"), &key)) &&
               set_label(f, key, mt_json_member(pair, "value"));
    }
    return all;
}

static bool set_offset(const struct fields *f, struct mt_span path, const struct mt_json_value *v)
{
    struct mt_manifest *m = f->m;
    int64_t ms;
    if (!mt_json_as_i64(v, &ms) || ms > INT64_MAX / 1000000 || ms < INT64_MIN / 1000000)
        return false;
    MT_RESERVE(f->c->arena, m->offsets, m->n_offsets, m->cap_offsets);
    m->offsets[m->n_offsets].path = mt_intern(f->c->strings, path);
    m->offsets[m->n_offsets++].offset_ms = ms;
    return true;
}

/* One number for all files, or {"logs/gctrace.log": -1200}. */
static bool set_offsets(const struct fields *f, const struct mt_json_value *v)
{
    if (mt_json_type_of(v) != MT_JSON_OBJECT)
        return set_offset(f, MT_SPAN("*"), v);
    bool all = true;
    for (struct mt_json_walk w = {.object = v}; mt_json_walk(&w);)
        all &= set_offset(f, w.key, w.value);
    return all;
}

static const struct field known[] = {
    {"service", false, set_service, "text"},
    {"servicename", false, set_service, "text"},
    {"build", false, set_build, "text"},
    {"buildid", false, set_build, "text"},
    {"version", false, set_build, "text"},
    {"commit", false, set_build, "text"},
    {"revision", false, set_build, "text"},
    {"module", false, set_module, "text"},
    {"goversion", true, set_go_version, "text such as \"go1.26\""},
    {"capturedat", true, set_captured_at, "a time such as \"2026-11-22T19:35:06Z\""},
    {"memorylimitbytes", true, set_memory_limit, "bytes, or text such as \"512MiB\""},
    {"memorylimit", true, set_memory_limit, "bytes, or text such as \"512MiB\""},
    {"gomemlimit", true, set_gomemlimit, "bytes, or text such as \"450MiB\""},
    {"gomemlimitbytes", true, set_gomemlimit, "bytes, or text such as \"450MiB\""},
    {"gogc", true, set_gogc, "a percentage or \"off\""},
    {"intervalms", true, set_interval_ms, "a number of milliseconds above 0"},
    {"interval", false, set_interval, "seconds, or text such as \"5s\""},
    {"clockoffsetms", true, set_offsets, "milliseconds, or an object of file and milliseconds"},
    {"labels", false, set_labels, "an object of names and texts"},
};

static const struct field *field_of(struct mt_span name)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (same_name(name, known[i].name))
            return &known[i];
    return NULL;
}

/* Counts the names of the first object; a manifest is the only value of its file. */
static enum mt_match sniff(struct mt_span head)
{
    struct mt_err err = {0};
    mt_span_take(&head, "\xef\xbb\xbf");
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_json_scan scan = mt_json_scan_over(&in);
    if (mt_json_scan_next(&scan) != MT_TOKEN_OBJECT)
        return MT_NO;
    unsigned names = 0, read = 0, telling = 0;
    while (mt_json_scan_next(&scan) == MT_TOKEN_KEY) {
        const struct field *field = field_of(scan.text);
        names++;
        read += field != NULL;
        telling += field && field->telling;
        if (!mt_json_scan_skip_value(&scan))
            break;
    }
    if (!scan.depth && mt_json_scan_next(&scan) != MT_TOKEN_END)
        return MT_NO;
    if (telling && read > 1 && read * 2 >= names)
        return MT_CERTAIN;
    if ((telling && read * 2 >= names) || (read > 1 && read == names))
        return MT_LIKELY;
    return read && read * 2 >= names ? MT_MAYBE : MT_NO;
}

/* A list of names in one remark, cut at a screenful. */
static void remark_unknown(struct mt_capture *c, const struct mt_json_value *root)
{
    struct mt_text names = {0};
    for (struct mt_json_walk w = {.object = root}; mt_json_walk(&w) && names.size < 200;) {
        if (field_of(w.key))
            continue;
        if (names.size)
            mt_text_add(&names, ", ");
        mt_text_span(&names, mt_span_sub(w.key, 0, 60));
    }
    if (names.size)
        mt_capture_remark(c, false, "manifest-unknown-field",
                          "the manifest has fields that are not read: %s", names.data);
    mt_text_clear(&names);
}

static bool read_manifest(struct mt_cursor *in, struct mt_capture *out)
{
    uint64_t start = in->offset;
    struct mt_span text = mt_cur_all(in);
    if (!mt_cur_ok(in))
        return false;
    struct mt_json_doc doc;
    if (!mt_json_parse(&doc, text, in->err)) {
        in->err->offset += start;
        return false;
    }
    if (mt_json_type_of(doc.root) != MT_JSON_OBJECT) {
        mt_fail(in->err, MT_ERR_INPUT, start, "%s where a manifest's object was expected",
                mt_json_type_name(mt_json_type_of(doc.root)));
        mt_json_doc_clear(&doc);
        return false;
    }
    struct mt_manifest *m = out->manifest = MT_NEW(out->arena, struct mt_manifest);
    m->captured_at_ns = MT_NO_TIME;
    m->gogc = INT32_MIN;
    struct fields fields = {out, m};
    for (struct mt_json_walk w = {.object = doc.root}; mt_json_walk(&w);) {
        const struct field *field = field_of(w.key);
        out->records++;
        if (!field || mt_json_type_of(w.value) == MT_JSON_NULL || field->set(&fields, w.value))
            continue;
        out->skipped++;
        mt_capture_remark(out, false, "manifest-field",
                          "the manifest's %.60s holds %s that cannot be used, %s was expected",
                          (const char *)w.key.data, mt_json_type_name(mt_json_type_of(w.value)),
                          field->expected);
    }
    remark_unknown(out, doc.root);
    mt_json_doc_clear(&doc);
    return true;
}

static void inspect_text(struct mt_json_out *j, const struct mt_capture *c, const char *key,
                         uint32_t id)
{
    if (id)
        mt_json_kv_span(j, key, mt_string(c->strings, id));
}

static void inspect(const struct mt_capture *c, struct mt_json_out *j)
{
    const struct mt_manifest *m = c->manifest;
    if (!m)
        return;
    inspect_text(j, c, "service", m->service);
    inspect_text(j, c, "build", m->build);
    inspect_text(j, c, "module", m->module);
    inspect_text(j, c, "go_version", m->go_version);
    if (m->captured_at_ns != MT_NO_TIME)
        mt_json_kv_i64(j, "captured_at_ns", m->captured_at_ns);
    if (m->memory_limit_bytes)
        mt_json_kv_u64(j, "memory_limit_bytes", m->memory_limit_bytes);
    if (m->gomemlimit_bytes)
        mt_json_kv_u64(j, "gomemlimit_bytes", m->gomemlimit_bytes);
    if (m->gogc != INT32_MIN)
        mt_json_kv_i64(j, "gogc", m->gogc);
    if (m->interval_ms)
        mt_json_kv_u64(j, "interval_ms", m->interval_ms);
    mt_json_key(j, "labels");
    mt_json_object(j);
    for (size_t i = 0; i < m->n_labels; i++) {
        mt_json_key_span(j, mt_string(c->strings, m->labels[i].key));
        mt_json_span(j, mt_string(c->strings, m->labels[i].value));
    }
    mt_json_object_end(j);
    mt_json_key(j, "clock_offset_ms");
    mt_json_object(j);
    for (size_t i = 0; i < m->n_offsets; i++) {
        mt_json_key_span(j, mt_string(c->strings, m->offsets[i].path));
        mt_json_i64(j, m->offsets[i].offset_ms);
    }
    mt_json_object_end(j);
    mt_json_kv_u64(j, "fields", c->records);
    mt_json_kv_u64(j, "unusable", c->skipped);
}

const struct mt_reader mt_reader_manifest = {
    .name = "manifest",
    .kind = "manifest",
    .summary = "bundle.json: service, build, Go version, limits, labels, clock offsets",
    .example = "{\"service\": \"checkout\", \"go_version\": \"go1.26\", "
               "\"captured_at\": \"2026-11-22T19:35:06Z\", \"memory_limit_bytes\": 536870912}",
    .how = "write it beside the captures; every field may be left out",
    .sniff = sniff,
    .read = read_manifest,
    .inspect = inspect,
};
