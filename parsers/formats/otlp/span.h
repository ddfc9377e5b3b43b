/* SPDX-License-Identifier: Apache-2.0 */
/* A span on its way into the model: what the forms of OTLP, Zipkin and Jaeger have in common. */
#ifndef MT_OTLP_SPAN_H
#define MT_OTLP_SPAN_H

#include "parsers/base/jsonout.h"
#include "parsers/model/capture.h"

/* opentelemetry.proto.trace.v1.Span.SpanKind */
enum mt_span_kind {
    MT_SPAN_KIND_NONE,
    MT_SPAN_KIND_INTERNAL,
    MT_SPAN_KIND_SERVER,
    MT_SPAN_KIND_CLIENT,
    MT_SPAN_KIND_PRODUCER,
    MT_SPAN_KIND_CONSUMER,
    MT_SPAN_KINDS
};

struct mt_otlp_span {
    uint32_t name;
    enum mt_span_kind kind;
    uint8_t trace_id[16], span_id[8], parent_id[8];
    uint64_t start_ns, end_ns; /* since the epoch */
    int32_t http_status;
    bool error; /* status code "error" */
};

/* What a reader of spans keeps beside the model; the capture's `detail`. */
struct mt_otlp_detail {
    uint32_t kinds[MT_SPAN_KINDS];
    uint64_t documents;           /* requests, lines or messages that held spans */
    uint64_t no_time, other_kind; /* spans passed over; documents of logs or metrics */
};

/* Makes the capture's detail. */
struct mt_otlp_detail *mt_otlp_begin(struct mt_capture *c);

/* Adds a request. A span without a start, or that ends before it, is counted as skipped. */
void mt_otlp_add(struct mt_capture *c, const struct mt_otlp_span *span, uint32_t service);

/* The resource's name came behind its spans: those from `first` on get it. */
void mt_otlp_name_service(struct mt_capture *c, size_t first, uint32_t service);

/* Marks the roots: server spans and those whose parent is not in the file. */
void mt_otlp_end(struct mt_capture *c);

/* Hex of both cases, or base64; exactly `size` bytes. */
bool mt_otlp_id(struct mt_span text, uint8_t *id, size_t size);
/* "SPAN_KIND_SERVER", "SERVER", "server", "2" */
enum mt_span_kind mt_otlp_kind(struct mt_span text);
/* Attribute names that carry the status of a response. */
bool mt_otlp_is_status_key(struct mt_span key);
/* 100 to 999, else 0. */
int32_t mt_otlp_status(int64_t value);

void mt_otlp_inspect(const struct mt_capture *c, struct mt_json_out *out);

#endif
