/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Request spans as OTLP protobuf: one ExportTraceServiceRequest (or TracesData, which has the same
 * layout), or many of them, each behind its length: 4 bytes, high byte first, as the collector's
 * file exporter writes, or a varint, as writeDelimitedTo does.
 *
 * request { 1: ResourceSpans { 1: Resource, 2: ScopeSpans { 2: Span } } }
 *
 * The three outer levels are walked by tag and length, with the ends of what is open; a Span and a
 * Resource are unpacked by protobuf-c, one at a time.
 */
#include "parsers/formats/otlp/span.h"
#include "parsers/formats/reader.h"

#include "gen/otlp.pb-c.h"

#include <string.h>

enum framing { UNKNOWN_FRAMING, NO_LENGTH, FOUR_BYTES, GRPC, VARINT };
enum { REQUEST, RESOURCE_SPANS, SCOPE_SPANS, LEVELS };
enum {
    SCRATCH_BYTES = 1 << 20,
    OLD_SCOPE_SPANS = 1000,
    WIRE_VARINT = 0,
    WIRE_64 = 1,
    WIRE_BYTES = 2,
    WIRE_32 = 5
};

struct otlp {
    struct mt_cursor *in;
    struct mt_capture *out;
    struct mt_otlp_detail *detail;
    struct mt_arena scratch; /* of unpacked messages */
    ProtobufCAllocator allocator;
    uint64_t end[LEVELS]; /* offsets where what is open ends; UINT64_MAX: with the file */
    int level;
    uint32_t service;
    size_t first_of_resource;
    bool named; /* the open resource's name is known */
};

static void *take(void *arena, size_t size)
{
    return mt_arena_take(arena, 1, size);
}

static void give_back(void *arena, void *memory)
{
    (void)arena; /* all at once, see recycle */
    (void)memory;
}

static void recycle(struct otlp *o)
{
    if (o->scratch.taken_bytes > SCRATCH_BYTES)
        mt_arena_clear(&o->scratch);
}

/* ---- messages ---- */

static struct mt_span text_of(const char *text)
{
    return mt_span_of(text);
}

static void copy_id(uint8_t *id, size_t size, ProtobufCBinaryData bytes)
{
    if (bytes.len == size)
        memcpy(id, bytes.data, size);
}

static int32_t status_of(const Mt__Otlp__AnyValue *value)
{
    int64_t number;
    if (value->value_case == MT__OTLP__ANY_VALUE__VALUE_INT_VALUE)
        return mt_otlp_status(value->int_value);
    if (value->value_case == MT__OTLP__ANY_VALUE__VALUE_STRING_VALUE &&
        mt_span_i64(text_of(value->string_value), &number))
        return mt_otlp_status(number);
    return 0;
}

static void read_resource(struct otlp *o, struct mt_span bytes)
{
    Mt__Otlp__Resource *resource =
        mt__otlp__resource__unpack(&o->allocator, bytes.size, bytes.data);
    if (!resource) {
        mt_cur_fail(o->in, "the message before is no Resource");
        return;
    }
    for (size_t i = 0; i < resource->n_attributes; i++) {
        const Mt__Otlp__KeyValue *pair = resource->attributes[i];
        if (!mt_span_is(text_of(pair->key), "service.name") || !pair->value ||
            pair->value->value_case != MT__OTLP__ANY_VALUE__VALUE_STRING_VALUE)
            continue;
        o->service = mt_intern(o->out->strings, text_of(pair->value->string_value));
        mt_otlp_name_service(o->out, o->first_of_resource, o->service);
    }
    recycle(o);
}

static void read_span(struct otlp *o, struct mt_span bytes)
{
    Mt__Otlp__Span *message = mt__otlp__span__unpack(&o->allocator, bytes.size, bytes.data);
    if (!message) {
        mt_cur_fail(o->in, "the message before is no Span");
        return;
    }
    struct mt_otlp_span span = {
        .name = mt_intern(o->out->strings, text_of(message->name)),
        .start_ns = message->start_time_unix_nano,
        .end_ns = message->end_time_unix_nano,
        .error = message->status && message->status->code == 2,
    };
    if (message->kind > 0 && message->kind < MT_SPAN_KINDS)
        span.kind = (enum mt_span_kind)message->kind;
    copy_id(span.trace_id, sizeof span.trace_id, message->trace_id);
    copy_id(span.span_id, sizeof span.span_id, message->span_id);
    copy_id(span.parent_id, sizeof span.parent_id, message->parent_span_id);
    for (size_t i = 0; i < message->n_attributes; i++) {
        const Mt__Otlp__KeyValue *pair = message->attributes[i];
        if (pair->value && mt_otlp_is_status_key(text_of(pair->key)))
            span.http_status = status_of(pair->value);
    }
    mt_otlp_add(o->out, &span, o->service);
    recycle(o);
}

/* ---- levels ---- */

static void skip_field(struct mt_cursor *in, unsigned wire)
{
    if (wire == WIRE_VARINT)
        mt_cur_varint(in);
    else if (wire == WIRE_64)
        mt_cur_skip(in, 8);
    else if (wire == WIRE_BYTES)
        mt_cur_skip(in, mt_cur_varint(in));
    else if (wire == WIRE_32)
        mt_cur_skip(in, 4);
    else
        mt_cur_fail(in, "wire type %u, which no OTLP message has", wire);
}

/* Length of the message behind the tag; it ends within what is open. */
static uint64_t take_length(struct otlp *o)
{
    uint64_t length = mt_cur_varint(o->in);
    uint64_t end = o->end[o->level];
    if (mt_cur_ok(o->in) && end != UINT64_MAX && length > end - o->in->offset)
        mt_cur_fail(o->in, "a message of %llu bytes where %llu are left of the one around it",
                    (unsigned long long)length, (unsigned long long)(end - o->in->offset));
    return length;
}

static void open_level(struct otlp *o)
{
    uint64_t length = take_length(o);
    if (!mt_cur_ok(o->in))
        return;
    if (length > UINT64_MAX / 2) {
        mt_cur_fail(o->in, "a message of %llu bytes", (unsigned long long)length);
        return;
    }
    o->end[++o->level] = o->in->offset + length;
    if (o->level == RESOURCE_SPANS) {
        o->service = 0;
        o->first_of_resource = o->out->n_requests;
    }
}

/* One field of the innermost message that is open. */
static void read_field(struct otlp *o)
{
    uint64_t tag = mt_cur_varint(o->in), field = tag >> 3;
    unsigned wire = (unsigned)(tag & 7);
    bool scopes = field == 2 || field == OLD_SCOPE_SPANS;
    if (!mt_cur_ok(o->in))
        return;
    if (wire == WIRE_BYTES &&
        ((o->level == REQUEST && field == 1) || (o->level == RESOURCE_SPANS && scopes)))
        open_level(o);
    else if (wire == WIRE_BYTES && o->level == RESOURCE_SPANS && field == 1)
        read_resource(o, mt_cur_bytes(o->in, take_length(o)));
    else if (wire == WIRE_BYTES && o->level == SCOPE_SPANS && field == 2)
        read_span(o, mt_cur_bytes(o->in, take_length(o)));
    else
        skip_field(o->in, wire);
}

static void read_request(struct otlp *o, uint64_t end)
{
    o->level = REQUEST;
    o->end[REQUEST] = end;
    while (mt_cur_ok(o->in)) {
        while (o->level > REQUEST && o->in->offset >= o->end[o->level])
            o->level--;
        bool file_ends = end == UINT64_MAX && o->level == REQUEST && mt_cur_at_end(o->in);
        if (o->in->offset >= o->end[REQUEST] || file_ends)
            break;
        read_field(o);
        if (o->in->offset > o->end[o->level])
            mt_cur_fail(o->in, "a field goes on past the message around it");
        mt_cur_release(o->in);
    }
    o->detail->documents++;
}

/* ---- recognition ---- */

/* The first message of a field, others of bytes before it passed over; empty: none. */
static struct mt_span find_message(struct mt_span bytes, uint64_t wanted)
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(bytes, &err);
    for (;;) {
        uint64_t tag = mt_cur_varint(&in);
        uint64_t length = mt_cur_varint(&in);
        if (!mt_cur_ok(&in) || (tag & 7) != WIRE_BYTES || !length)
            return (struct mt_span){0};
        if (tag >> 3 == wanted) /* the head may end inside it */
            return mt_span_sub(in.rest, 0, length < in.rest.size ? (size_t)length : in.rest.size);
        if (tag >> 3 > 3 || length > in.rest.size)
            return (struct mt_span){0};
        mt_cur_skip(&in, length);
    }
}

/* A request down to a span that begins with its two ids. */
static bool holds_span(struct mt_span bytes)
{
    struct mt_span resource = find_message(bytes, 1);
    struct mt_span scope = resource.size ? find_message(resource, 2) : resource;
    struct mt_span span = scope.size ? find_message(scope, 2) : scope;
    struct mt_span trace = span.size ? find_message(span, 1) : span;
    struct mt_span id = trace.size == 16 ? find_message(span, 2) : (struct mt_span){0};
    return id.size == 8;
}

static enum framing framing_of(struct mt_span head)
{
    if (holds_span(head))
        return NO_LENGTH;
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    uint32_t length = mt_cur_u32be(&in);
    if (mt_cur_ok(&in) && length && holds_span(mt_span_sub(in.rest, 0, length)))
        return FOUR_BYTES;
    err = (struct mt_err){0};
    in = mt_cur_over(head, &err);
    bool plain = mt_cur_u8(&in) == 0; /* not compressed */
    length = mt_cur_u32be(&in);
    if (mt_cur_ok(&in) && plain && length && holds_span(mt_span_sub(in.rest, 0, length)))
        return GRPC;
    err = (struct mt_err){0};
    in = mt_cur_over(head, &err);
    uint64_t size = mt_cur_varint(&in);
    if (mt_cur_ok(&in) && size < SIZE_MAX && holds_span(mt_span_sub(in.rest, 0, (size_t)size)))
        return VARINT;
    return UNKNOWN_FRAMING;
}

/* What stands before a request; its length. */
static uint64_t take_framing(struct mt_cursor *in, enum framing framing)
{
    if (framing == GRPC && mt_cur_u8(in) != 0)
        mt_cur_fail(in, "a compressed request of gRPC");
    return framing == VARINT ? mt_cur_varint(in) : mt_cur_u32be(in);
}

static bool read_otlp(struct mt_cursor *in, struct mt_capture *out)
{
    enum { HEAD = 64 << 10 };
    struct otlp o = {.in = in, .out = out, .detail = mt_otlp_begin(out)};
    o.allocator = (ProtobufCAllocator){take, give_back, &o.scratch};
    mt_cur_has(in, HEAD);
    enum framing framing = framing_of(mt_span_sub(in->rest, 0, HEAD));
    if (framing == NO_LENGTH || framing == UNKNOWN_FRAMING)
        read_request(&o, UINT64_MAX);
    while (framing > NO_LENGTH && mt_cur_ok(in) && !mt_cur_at_end(in)) {
        uint64_t length = take_framing(in, framing);
        if (mt_cur_ok(in) && length <= UINT64_MAX / 2)
            read_request(&o, in->offset + length);
        else
            mt_cur_fail(in, "a request of %llu bytes", (unsigned long long)length);
    }
    mt_arena_clear(&o.scratch);
    mt_otlp_end(out);
    return mt_cur_ok(in);
}

static enum mt_match sniff(struct mt_span head)
{
    return framing_of(head) == UNKNOWN_FRAMING ? MT_NO : MT_CERTAIN;
}

const struct mt_reader mt_reader_otlp = {
    .name = "otlp",
    .kind = "request spans",
    .summary = "OTLP traces as protobuf: one request, or many behind their lengths",
    .example = "bytes: 0a .. 0a .. 0a .. 0a 0c 'service.name'",
    .how = "the collector's file exporter with format: proto",
    .sniff = sniff,
    .read = read_otlp,
    .inspect = mt_otlp_inspect,
};
