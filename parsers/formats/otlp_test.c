/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/otlp/span.h"
#include "parsers/formats/testing.h"

#include "gen/otlp.pb-c.h"

extern const struct mt_reader mt_reader_otlp, mt_reader_otlp_json;
#define READER (&mt_reader_otlp)
#define DATA   "testdata/otlp/"

static struct mt_testing t;

static int clear(void **state)
{
    (void)state;
    mt_testing_clear(&t);
    return 0;
}

static void check(void)
{
    struct mt_err err = {0};
    if (!mt_capture_check(&t.capture, &err))
        fail_msg("%s", err.what);
}

static void read_bytes(const void *bytes, size_t size)
{
    mt_testing_read(&t, READER, (struct mt_span){bytes, size});
    check();
}

static const char *text_of(uint32_t id)
{
    return mt_string_text(&t.strings, id);
}

static void same_request(const struct mt_request *a, const struct mt_strings *a_strings,
                         const struct mt_request *b, const struct mt_strings *b_strings)
{
    assert_string_equal(mt_string_text(a_strings, a->name), mt_string_text(b_strings, b->name));
    assert_string_equal(mt_string_text(a_strings, a->kind), mt_string_text(b_strings, b->kind));
    assert_string_equal(mt_string_text(a_strings, a->service),
                        mt_string_text(b_strings, b->service));
    assert_memory_equal(a->trace_id, b->trace_id, 16);
    assert_memory_equal(a->span_id, b->span_id, 8);
    assert_memory_equal(a->parent_id, b->parent_id, 8);
    assert_int_equal(a->start_ns, b->start_ns);
    assert_int_equal(a->duration_ns, b->duration_ns);
    assert_int_equal(a->http_status, b->http_status);
    assert_int_equal(a->failed, b->failed);
    assert_int_equal(a->root, b->root);
}

/* The SDK wrote the same spans both ways. */
static void reads_what_the_json_form_says(void **state)
{
    (void)state;
    static const char *const paths[] = {DATA "single.binpb", DATA "collector.binpb",
                                        DATA "delimited.binpb"};
    struct mt_testing json = {0};
    mt_testing_read_file(&json, &mt_reader_otlp_json, "testdata/otlp-json/cart.jsonl");
    assert_int_equal(json.capture.n_requests, 8); /* grep -o '"spanId"' | wc -l */
    for (size_t i = 0; i < 3; i++) {
        struct mt_span bytes = mt_testing_file(paths[i]);
        assert_int_equal(READER->sniff(bytes), MT_CERTAIN);
        assert_int_equal(READER->sniff(mt_span_sub(bytes, 0, 300)), MT_CERTAIN);
        free((void *)(uintptr_t)bytes.data);
        mt_testing_read_file(&t, READER, paths[i]);
        assert_true(t.ok);
        check();
        assert_int_equal(t.capture.n_requests, 8);
        for (size_t k = 0; k < 8; k++)
            same_request(&t.capture.requests[k], &t.strings, &json.capture.requests[k],
                         &json.strings);
    }
    assert_string_equal(text_of(t.capture.requests[0].name), "SELECT carts");
    assert_string_equal(text_of(t.capture.requests[0].kind), "client");
    assert_false(t.capture.requests[0].root);
    assert_true(t.capture.requests[1].root);
    mt_testing_clear(&json);
}

static void reads_messages_of_grpc_until_a_compressed_one(void **state)
{
    (void)state;
    struct mt_span one = mt_testing_file(DATA "single.binpb");
    const size_t size = one.size + 5;
    unsigned char *bytes = calloc(3, size);
    for (size_t i = 0; i < 3; i++) {
        unsigned char *to = bytes + i * size;
        to[0] = i == 2;
        to[3] = (unsigned char)(one.size >> 8);
        to[4] = (unsigned char)one.size;
        memcpy(to + 5, one.data, one.size);
    }
    assert_int_equal(READER->sniff((struct mt_span){bytes, 2 * size}), MT_CERTAIN);
    read_bytes(bytes, 2 * size);
    assert_true(t.ok);
    assert_int_equal(t.capture.n_requests, 16);
    read_bytes(bytes, 3 * size);
    assert_false(t.ok);
    assert_int_equal(t.err.offset, 2 * size + 1);
    assert_int_equal(t.capture.n_requests, 16);
    free(bytes);
    free((void *)(uintptr_t)one.data);
}

/* The body that @opentelemetry/exporter-trace-otlp-proto posts, and the one that -http does of the
 * same spans. */
static void reads_what_the_javascript_sdk_sends(void **state)
{
    (void)state;
    struct mt_testing json = {0};
    mt_testing_read_file(&json, &mt_reader_otlp_json, "testdata/otlp-json/node-sdk.jsonl");
    mt_testing_read_file(&t, READER, DATA "node-sdk.binpb");
    assert_true(t.ok);
    check();
    assert_int_equal(t.capture.n_requests, 6);
    assert_int_equal(json.capture.n_requests, 9); /* the first line has three more */
    for (size_t k = 0; k < 6; k++)
        same_request(&t.capture.requests[k], &t.strings, &json.capture.requests[3 + k],
                     &json.strings);
    mt_testing_clear(&json);
}

/* A request with one span, changed by `mend` before it is packed. */
static size_t pack(uint8_t *bytes, void (*mend)(Mt__Otlp__Span *))
{
    static uint8_t id[16] = "0123456789abcdef";
    Mt__Otlp__Span span;
    mt__otlp__span__init(&span);
    span.trace_id = (ProtobufCBinaryData){16, id};
    span.span_id = (ProtobufCBinaryData){8, id};
    span.start_time_unix_nano = 1000;
    span.end_time_unix_nano = 5000;
    if (mend)
        mend(&span);
    Mt__Otlp__Span *spans[] = {&span};
    Mt__Otlp__ScopeSpans scope = MT__OTLP__SCOPE_SPANS__INIT;
    scope.n_spans = 1;
    scope.spans = spans;
    Mt__Otlp__ScopeSpans *scopes[] = {&scope};
    Mt__Otlp__ResourceSpans resource = MT__OTLP__RESOURCE_SPANS__INIT;
    resource.n_scope_spans = 1;
    resource.scope_spans = scopes;
    Mt__Otlp__ResourceSpans *resources[] = {&resource};
    Mt__Otlp__TracesData data = MT__OTLP__TRACES_DATA__INIT;
    data.n_resource_spans = 1;
    data.resource_spans = resources;
    return mt__otlp__traces_data__pack(&data, bytes);
}

static char key[] = "http.status_code", code[] = "404", odd[] = "4o4";
static Mt__Otlp__AnyValue value;
static Mt__Otlp__KeyValue pair;
static Mt__Otlp__KeyValue *pairs[] = {&pair};

static void give_status(Mt__Otlp__Span *span, char *text)
{
    mt__otlp__any_value__init(&value);
    mt__otlp__key_value__init(&pair);
    value.value_case = MT__OTLP__ANY_VALUE__VALUE_STRING_VALUE;
    value.string_value = text;
    pair.key = key;
    pair.value = &value;
    span->attributes = pairs;
    span->n_attributes = 1;
}

static void with_text_status(Mt__Otlp__Span *span)
{
    give_status(span, code);
}

static void with_odd_fields(Mt__Otlp__Span *span)
{
    give_status(span, odd);
    span->kind = 77;
    span->trace_id.len = 3;
}

static void backwards(Mt__Otlp__Span *span)
{
    span->end_time_unix_nano = 1;
}

static void takes_odd_values_for_what_they_are(void **state)
{
    (void)state;
    uint8_t bytes[256];
    read_bytes(bytes, pack(bytes, with_text_status));
    assert_true(t.ok);
    assert_int_equal(t.capture.requests[0].http_status, 404);
    assert_false(t.capture.requests[0].failed);
    read_bytes(bytes, pack(bytes, with_odd_fields));
    assert_int_equal(t.capture.n_requests, 1);
    assert_int_equal(t.capture.requests[0].http_status, 0);
    assert_int_equal(t.capture.requests[0].kind, 0);
    assert_int_equal(t.capture.requests[0].trace_id[0], 0);
    read_bytes(bytes, pack(bytes, backwards));
    assert_int_equal(t.capture.n_requests, 0);
    assert_int_equal(t.capture.skipped, 1);
}

static void keeps_spans_before_the_damage_and_says_where_it_is(void **state)
{
    (void)state;
    struct mt_span bytes = mt_testing_file(DATA "collector.binpb");
    mt_testing_read(&t, READER, mt_span_sub(bytes, 0, bytes.size - 10));
    assert_false(t.ok);
    assert_int_equal(t.err.code, MT_ERR_INPUT);
    assert_true(t.err.offset > 1000 && t.err.offset <= bytes.size - 10);
    assert_int_equal(t.capture.n_requests, 7);
    check();
    free((void *)(uintptr_t)bytes.data);

    uint8_t text[256];
    size_t size = pack(text, NULL);
    text[1]++; /* the outer length goes on past the file */
    read_bytes(text, size);
    assert_false(t.ok);
    assert_int_equal(t.capture.n_requests, 1);
    text[1]--;
    text[3]++; /* a message longer than the one around it */
    read_bytes(text, size);
    assert_false(t.ok);
    assert_int_equal(t.capture.n_requests, 0);
    assert_non_null(strstr(t.err.what, "are left of the one around it"));
}

static void passes_over_unknown_fields_of_every_wire_type(void **state)
{
    (void)state;
    uint8_t bytes[512] = {0x78, 0xff, 0x01,                        /* 15: varint */
                          0x79, 1,    2,    3,   4,   5,  6, 7, 8, /* 15: 64 bit */
                          0x7d, 1,    2,    3,   4,                /* 15: 32 bit */
                          0x7a, 4,    'j',  'u', 'n', 'k'};        /* 15: bytes */
    size_t size = 23 + pack(bytes + 23, NULL);
    read_bytes(bytes, size);
    assert_true(t.ok);
    assert_int_equal(t.capture.n_requests, 1);
    static const uint8_t group[] = {0x7b, 0x7c};
    read_bytes(group, sizeof group);
    assert_false(t.ok);
    assert_string_equal(t.err.what, "wire type 3, which no OTLP message has");
}

static void leaves_other_binaries_alone(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } others[] = {{"", 0},
                  {"\n\x04\x08\x01\x10\x02\n\x04\x08\x03\x10\x04\x12\x03\x0a\x01\x01", 17},
                  {"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", 18},
                  {"\0\0\0\0\0\0\0\0", 8},
                  {"\0\0\0\1\xff\xff\xff\xff", 8},
                  {"go 1.22 trace\0\0\0", 16},
                  {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x12\x02", 13}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct mt_span bytes = {(const unsigned char *)others[i].bytes, others[i].size};
        assert_int_equal(READER->sniff(bytes), MT_NO);
    }
}

static void reads_ids_of_both_spellings(void **state)
{
    (void)state;
    uint8_t id[8], same[8];
    assert_true(mt_otlp_id(MT_SPAN("EEE5ad9142aa6470"), id, 8));
    assert_true(mt_otlp_id(MT_SPAN("7uWtkUKqZHA="), same, 8));
    assert_memory_equal(id, same, 8);
    assert_true(mt_otlp_id(MT_SPAN("7uWtkUKqZHA"), same, 8));
    assert_false(mt_otlp_id(MT_SPAN("7uWtkUKqZH"), same, 8));
    assert_false(mt_otlp_id(MT_SPAN("7uWtkUKqZH!="), same, 8));
    assert_false(mt_otlp_id(MT_SPAN("eee5ad9142aa647g"), id, 8));
    assert_false(mt_otlp_id(MT_SPAN(""), id, 8));
    assert_int_equal(mt_otlp_kind(MT_SPAN("SPAN_KIND_CONSUMER")), MT_SPAN_KIND_CONSUMER);
    assert_int_equal(mt_otlp_kind(MT_SPAN("server")), MT_SPAN_KIND_SERVER);
    assert_int_equal(mt_otlp_kind(MT_SPAN("9")), MT_SPAN_KIND_NONE);
    assert_int_equal(mt_otlp_kind(MT_SPAN("")), MT_SPAN_KIND_NONE);
}

static void survives_every_cut(void **state)
{
    (void)state;
    mt_testing_cut_everywhere(READER, DATA "single.binpb", 1);
    mt_testing_cut_everywhere(READER, DATA "collector.binpb", 1);
}

/* Each byte of a sample changed in turn, in three ways. */
static void survives_every_changed_byte(void **state)
{
    (void)state;
    struct mt_span file = mt_testing_file(DATA "delimited.binpb");
    unsigned char *bytes = malloc(file.size);
    memcpy(bytes, file.data, file.size);
    for (size_t i = 0; i < file.size; i++) {
        static const unsigned char flips[] = {0x01, 0x80, 0xff};
        for (size_t k = 0; k < sizeof flips; k++) {
            bytes[i] ^= flips[k];
            READER->sniff((struct mt_span){bytes, file.size});
            read_bytes(bytes, file.size);
            bytes[i] ^= flips[k];
        }
    }
    free(bytes);
    free((void *)(uintptr_t)file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(reads_what_the_json_form_says, clear),
        cmocka_unit_test_teardown(reads_messages_of_grpc_until_a_compressed_one, clear),
        cmocka_unit_test_teardown(reads_what_the_javascript_sdk_sends, clear),
        cmocka_unit_test_teardown(takes_odd_values_for_what_they_are, clear),
        cmocka_unit_test_teardown(keeps_spans_before_the_damage_and_says_where_it_is, clear),
        cmocka_unit_test_teardown(passes_over_unknown_fields_of_every_wire_type, clear),
        cmocka_unit_test_teardown(leaves_other_binaries_alone, clear),
        cmocka_unit_test_teardown(reads_ids_of_both_spellings, clear),
        cmocka_unit_test_teardown(survives_every_cut, clear),
        cmocka_unit_test_teardown(survives_every_changed_byte, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
