/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Request spans as OTLP JSON: one document, an array of them, or one request a line as the
 * collector's file exporter writes.
 *
 *     {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},
 *       "scopeSpans":[{"spans":[{"traceId":"5b8e...","spanId":"eee1...","name":"GET
 * /cart","kind":2,
 *         "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000",
 *         "attributes":[{"key":"http.status_code","value":{"intValue":"200"}}],"status":{}}]}]}]}
 *
 * Read token by token, so memory is that of the spans whatever the size of a document. Each
 * function below reads one object and passes over what it does not know; after damage all of them
 * run out at once, since the scanner then gives nothing but MT_TOKEN_BAD.
 */
#include "parsers/base/jsonscan.h"
#include "parsers/formats/otlp/span.h"
#include "parsers/formats/reader.h"

#include <string.h>

struct otlp {
    struct mt_json_scan scan;
    struct mt_capture *out;
    struct mt_otlp_detail *detail;
    uint32_t service;
    bool service_known;
};

/* Opens the next value when it is of that kind; any other is passed over. */
static bool open_value(struct otlp *o, enum mt_token wanted)
{
    enum mt_token token = mt_json_scan_next(&o->scan);
    if (token == wanted)
        return true;
    mt_json_scan_skip(&o->scan, token);
    return false;
}

/* False at the end of the object. */
static bool next_key(struct otlp *o)
{
    return mt_json_scan_next(&o->scan) == MT_TOKEN_KEY;
}

/* The next object of an array, others passed over. False at the end of the array. */
static bool next_object(struct otlp *o)
{
    for (;;) {
        enum mt_token token = mt_json_scan_next(&o->scan);
        if (token == MT_TOKEN_OBJECT)
            return true;
        if (token == MT_TOKEN_ARRAY_END || !mt_json_scan_skip(&o->scan, token))
            return false;
    }
}

static void skip_value(struct otlp *o)
{
    mt_json_scan_skip_value(&o->scan);
}

/* A text or a number, as it stands; empty for anything else. */
static struct mt_span take_scalar(struct otlp *o)
{
    enum mt_token token = mt_json_scan_next(&o->scan);
    if (token == MT_TOKEN_TEXT || token == MT_TOKEN_NUMBER)
        return o->scan.text;
    mt_json_scan_skip(&o->scan, token);
    return (struct mt_span){0};
}

static uint32_t take_string(struct otlp *o)
{
    struct mt_span text = take_scalar(o);
    if (text.size && o->scan.escaped) {
        struct mt_arena scratch = {0};
        uint32_t id = mt_intern(o->out->strings, mt_json_scan_text(&o->scan, &scratch));
        mt_arena_clear(&scratch);
        return id;
    }
    return mt_intern(o->out->strings, text);
}

/* A time or a code; some writers print integers as 1.54e18. */
static uint64_t take_number(struct otlp *o)
{
    struct mt_span text = take_scalar(o);
    uint64_t value;
    double real;
    if (mt_span_u64(text, &value))
        return value;
    return mt_span_f64(text, &real) && real >= 0 && real < 0x1p63 ? (uint64_t)real : 0;
}

/* ---- attributes ---- */

struct wanted {
    uint32_t service;
    bool has_service;
    int32_t http_status;
};

enum attribute { OTHER_ATTRIBUTE, SERVICE_NAME, STATUS_CODE };

/* {"stringValue":"a"}, {"intValue":"200"}, {"int_value":200} */
static void read_attribute_value(struct otlp *o, enum attribute which, struct wanted *w)
{
    if (!open_value(o, MT_TOKEN_OBJECT))
        return;
    while (next_key(o)) {
        if (which == SERVICE_NAME) {
            w->service = take_string(o);
            w->has_service = true;
        } else if (which == STATUS_CODE) {
            w->http_status = mt_otlp_status((int64_t)take_number(o));
        } else {
            skip_value(o);
        }
    }
}

/* The key comes first in all that is written in practice; a value before it is lost. */
static void read_attributes(struct otlp *o, struct wanted *w)
{
    if (!open_value(o, MT_TOKEN_ARRAY))
        return;
    while (next_object(o)) {
        enum attribute which = OTHER_ATTRIBUTE;
        while (next_key(o)) {
            if (mt_span_is(o->scan.text, "key")) {
                struct mt_span name = take_scalar(o);
                which = mt_span_is(name, "service.name") ? SERVICE_NAME
                        : mt_otlp_is_status_key(name)    ? STATUS_CODE
                                                         : OTHER_ATTRIBUTE;
            } else if (which != OTHER_ATTRIBUTE && mt_span_is(o->scan.text, "value")) {
                read_attribute_value(o, which, w);
            } else {
                skip_value(o);
            }
        }
    }
}

/* ---- spans ---- */

/* {"code":2}, {"code":"STATUS_CODE_ERROR"} */
static bool read_status(struct otlp *o)
{
    bool error = false;
    if (!open_value(o, MT_TOKEN_OBJECT))
        return false;
    while (next_key(o)) {
        if (!mt_span_is(o->scan.text, "code")) {
            skip_value(o);
            continue;
        }
        struct mt_span code = take_scalar(o);
        error = mt_span_is(code, "2") || mt_span_is(code, "STATUS_CODE_ERROR");
    }
    return error;
}

enum field { UNKNOWN, NAME, KIND, TRACE_ID, SPAN_ID, PARENT_ID, START, END, ATTRIBUTES, STATUS };

static enum field span_field(struct mt_span key)
{
#define FIELD(text, field)                                                                         \
    {                                                                                              \
        text, sizeof(text) - 1, field                                                              \
    }
    static const struct {
        const char *text;
        size_t size;
        enum field field;
    } fields[] = {FIELD("traceId", TRACE_ID),
                  FIELD("spanId", SPAN_ID),
                  FIELD("name", NAME),
                  FIELD("kind", KIND),
                  FIELD("startTimeUnixNano", START),
                  FIELD("endTimeUnixNano", END),
                  FIELD("attributes", ATTRIBUTES),
                  FIELD("status", STATUS),
                  FIELD("parentSpanId", PARENT_ID),
                  FIELD("trace_id", TRACE_ID),
                  FIELD("span_id", SPAN_ID),
                  FIELD("parent_span_id", PARENT_ID),
                  FIELD("start_time_unix_nano", START),
                  FIELD("end_time_unix_nano", END)};
#undef FIELD
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (key.size == fields[i].size && memcmp(key.data, fields[i].text, key.size) == 0)
            return fields[i].field;
    return UNKNOWN;
}

static void read_span(struct otlp *o)
{
    struct mt_otlp_span span = {0};
    struct wanted attributes = {0};
    while (next_key(o)) {
        switch (span_field(o->scan.text)) {
        case TRACE_ID:
            mt_otlp_id(take_scalar(o), span.trace_id, sizeof span.trace_id);
            break;
        case SPAN_ID:
            mt_otlp_id(take_scalar(o), span.span_id, sizeof span.span_id);
            break;
        case PARENT_ID:
            mt_otlp_id(take_scalar(o), span.parent_id, sizeof span.parent_id);
            break;
        case NAME:
            span.name = take_string(o);
            break;
        case KIND:
            span.kind = mt_otlp_kind(take_scalar(o));
            break;
        case START:
            span.start_ns = take_number(o);
            break;
        case END:
            span.end_ns = take_number(o);
            break;
        case ATTRIBUTES:
            read_attributes(o, &attributes);
            break;
        case STATUS:
            span.error = read_status(o);
            break;
        case UNKNOWN:
            skip_value(o);
        }
    }
    if (o->scan.bad)
        return;
    span.http_status = attributes.http_status;
    mt_otlp_add(o->out, &span, o->service);
}

static void read_scopes(struct otlp *o)
{
    if (!open_value(o, MT_TOKEN_ARRAY))
        return;
    while (next_object(o)) {
        while (next_key(o)) {
            if (!mt_span_is(o->scan.text, "spans")) {
                skip_value(o);
            } else if (open_value(o, MT_TOKEN_ARRAY)) {
                while (next_object(o))
                    read_span(o);
            }
        }
    }
}

static void read_resource(struct otlp *o)
{
    if (!open_value(o, MT_TOKEN_OBJECT))
        return;
    while (next_key(o)) {
        struct wanted attributes = {0};
        if (!mt_span_is(o->scan.text, "attributes")) {
            skip_value(o);
            continue;
        }
        read_attributes(o, &attributes);
        if (attributes.has_service)
            o->service = attributes.service;
    }
}

static void read_resource_spans(struct otlp *o)
{
    if (!open_value(o, MT_TOKEN_ARRAY))
        return;
    while (next_object(o)) {
        size_t first = o->out->n_requests;
        o->service = 0;
        while (next_key(o)) {
            struct mt_span key = o->scan.text;
            if (mt_span_is(key, "resource")) {
                read_resource(o);
                mt_otlp_name_service(o->out, first, o->service);
            } else if (mt_span_is(key, "scopeSpans") || mt_span_is(key, "scope_spans") ||
                       mt_span_is(key, "instrumentationLibrarySpans") ||
                       mt_span_is(key, "instrumentation_library_spans")) {
                read_scopes(o);
            } else {
                skip_value(o);
            }
        }
    }
}

/* "batches" is what Grafana Tempo calls them. */
static bool names_spans(struct mt_span key)
{
    return mt_span_is(key, "resourceSpans") || mt_span_is(key, "resource_spans") ||
           mt_span_is(key, "batches");
}

/* Members of an object up to its end; true when spans were among them. Tempo puts them into a
 * "trace" of its own, which is opened and left by *inner. */
static bool read_members(struct otlp *o, bool *inner)
{
    bool any = false;
    while (next_key(o)) {
        struct mt_span key = o->scan.text;
        if (names_spans(key)) {
            any = true;
            read_resource_spans(o);
        } else if (!*inner && mt_span_is(key, "trace")) {
            *inner = open_value(o, MT_TOKEN_OBJECT);
        } else {
            skip_value(o);
        }
    }
    return any;
}

/* The object of one request; false when it held no spans. */
static bool read_request(struct otlp *o)
{
    bool inner = false;
    bool any = read_members(o, &inner);
    if (inner && !o->scan.bad)
        any |= read_members(o, &inner);
    return any;
}

/* A broken line is passed over and counted once, however many lines it takes until the next
 * request; where there is no sound request at all, the file is damaged where it first broke. */
static bool read_otlp(struct mt_cursor *in, struct mt_capture *out)
{
    mt_cur_has(in, 3);
    if (mt_span_starts(in->rest, "\xef\xbb\xbf"))
        mt_cur_skip(in, 3);
    struct otlp o = {.scan = mt_json_scan_over(in), .out = out, .detail = mt_otlp_begin(out)};
    struct mt_json_scan damage = {0};
    bool in_damage = false, any_sound = false;
    for (enum mt_token token; (token = mt_json_scan_next(&o.scan)) != MT_TOKEN_END;) {
        if (token == MT_TOKEN_OBJECT && read_request(&o)) {
            o.detail->documents++;
            in_damage = false;
            any_sound |= !o.scan.bad;
        }
        if (o.scan.bad) {
            if (!damage.bad)
                damage = o.scan;
            out->skipped += !in_damage;
            in_damage = true;
            mt_json_scan_resync(&o.scan);
        }
        mt_cur_release(in);
    }
    mt_otlp_end(out);
    if (damage.bad && !any_sound)
        mt_fail(in->err, MT_ERR_INPUT, damage.bad_offset, "%s was expected", damage.bad);
    return mt_cur_ok(in);
}

/* What the collector writes into the same file when its pipelines share an exporter. */
static bool names_other_signal(struct mt_span key)
{
    static const char *const names[] = {"resourceMetrics", "resource_metrics", "resourceLogs",
                                        "resource_logs",   "resourceProfiles", "resource_profiles"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mt_span_is(key, names[i]))
            return true;
    return false;
}

/* Looks for spans among the members of an object up to its end; *other: another signal was there.
 */
static bool finds_spans(struct mt_json_scan *scan, bool *other)
{
    bool inner = false;
    enum mt_token token;
    while ((token = mt_json_scan_next(scan)) == MT_TOKEN_KEY) {
        if (names_spans(scan->text))
            return mt_json_scan_next(scan) == MT_TOKEN_ARRAY;
        *other |= names_other_signal(scan->text);
        bool opens = !inner && mt_span_is(scan->text, "trace");
        token = mt_json_scan_next(scan);
        inner |= opens && token == MT_TOKEN_OBJECT;
        if (!(opens && inner) && !mt_json_scan_skip(scan, token))
            break;
    }
    *other &= !inner && token == MT_TOKEN_OBJECT_END;
    return false;
}

/* The first object of the file, or of an array, has spans among its first members; objects of other
 * signals may come before it. */
static enum mt_match sniff(struct mt_span head)
{
    struct mt_err err = {0};
    mt_span_take(&head, "\xef\xbb\xbf");
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_json_scan scan = mt_json_scan_over(&in);
    enum mt_token token = mt_json_scan_next(&scan);
    if (token == MT_TOKEN_ARRAY)
        token = mt_json_scan_next(&scan);
    for (bool other = true, first = true; other && token == MT_TOKEN_OBJECT; first = false) {
        other = false;
        if (finds_spans(&scan, &other))
            return first ? MT_CERTAIN : MT_LIKELY;
        token = mt_json_scan_next(&scan);
    }
    return MT_NO;
}

const struct mt_reader mt_reader_otlp_json = {
    .name = "otlp-json",
    .kind = "request spans",
    .summary = "OTLP traces as JSON: a document, or one request a line",
    .example = "{\"resourceSpans\":[{\"resource\":{...},\"scopeSpans\":[{\"spans\":[...]}]}]}",
    .how = "the collector's file exporter (exporters: file: path: spans.jsonl)",
    .sniff = sniff,
    .read = read_otlp,
    .inspect = mt_otlp_inspect,
};
