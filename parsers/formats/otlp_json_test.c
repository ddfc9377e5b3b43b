/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

extern const struct mt_reader mt_reader_otlp_json;
#define READER (&mt_reader_otlp_json)
#define DATA   "testdata/otlp-json/"

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

static void read_text(const char *text)
{
    mt_testing_read_text(&t, READER, text);
    check();
}

static void read_file(const char *path)
{
    struct mt_span bytes = mt_testing_file(path);
    assert_int_equal(READER->sniff(bytes), MT_CERTAIN);
    mt_testing_read(&t, READER, bytes);
    free((void *)(uintptr_t)bytes.data);
    assert_true(t.ok);
    check();
}

static const char *text_of(uint32_t id)
{
    return mt_string_text(&t.strings, id);
}

static void reads_one_request_a_line(void **state)
{
    (void)state;
    read_file(DATA "accounts.jsonl");
    assert_int_equal(t.capture.n_requests, 9); /* grep -o '"spanId"' | wc -l */
    const struct mt_request *r = &t.capture.requests[0];
    assert_string_equal(text_of(r->name), "GET /api/search");
    assert_string_equal(text_of(r->kind), "server");
    assert_string_equal(text_of(r->service), "accounts");
    static const uint8_t trace[16] = {0xea, 0x69, 0xf0, 0x2b, 0x78, 0x8e, 0x75, 0xff,
                                      0xb1, 0x41, 0xc5, 0xb1, 0x98, 0xf1, 0x8d, 0x13};
    assert_memory_equal(r->trace_id, trace, 16);
    assert_int_equal(r->start_ns, 1795375263443084630);
    assert_int_equal(r->duration_ns, 1795375263443686398 - 1795375263443084630);
    assert_int_equal(r->http_status, 200);
    assert_false(r->failed);
    assert_true(r->root);
}

static void reads_what_the_javascript_sdk_sends(void **state)
{
    (void)state;
    read_file(DATA "node-sdk.jsonl");
    assert_int_equal(t.capture.n_requests, 9); /* grep -o '"spanId"' | wc -l */
    unsigned failed = 0, servers = 0;
    for (size_t i = 0; i < 9; i++) {
        failed += t.capture.requests[i].failed;
        servers += strcmp(text_of(t.capture.requests[i].kind), "server") == 0;
        assert_string_equal(text_of(t.capture.requests[i].service), "library");
    }
    assert_int_equal(failed, 3); /* one request, by its client, its server and inside */
    assert_int_equal(servers, 3);
}

static void reads_one_document_over_many_lines(void **state)
{
    (void)state;
    read_file(DATA "gateway.json");
    assert_int_equal(t.capture.n_requests, 4);
    unsigned refused = 0; /* grep -c '"402"' */
    for (size_t i = 0; i < 4; i++) {
        refused += t.capture.requests[i].http_status == 402;
        assert_false(t.capture.requests[i].failed); /* the caller's fault */
        assert_string_equal(text_of(t.capture.requests[i].service), "gateway");
    }
    assert_int_equal(refused, 2);
}

static void reads_snake_case_base64_numbers_and_late_resources(void **state)
{
    (void)state;
    read_file(DATA "by-hand.json");
    assert_int_equal(t.capture.n_requests, 3);
    const struct mt_request *r = t.capture.requests;
    assert_string_equal(text_of(r[0].name), "POST /caf\xc3\xa9 \"x\"");
    assert_string_equal(text_of(r[0].service), "checkout");
    static const uint8_t trace[16] = {0x5b, 0x8e, 0xff, 0xf7, 0x98, 0x03, 0x81, 0x03,
                                      0xd2, 0x69, 0x89, 0x48, 0x22, 0x91, 0x29, 0xee};
    static const uint8_t span[8] = {0xee, 0xe5, 0xad, 0x91, 0x42, 0xaa, 0x64, 0x70};
    assert_memory_equal(r[0].trace_id, trace, 16);
    assert_memory_equal(r[0].span_id, span, 8);
    assert_int_equal(r[0].start_ns, 1795376106000000000);
    assert_int_equal(r[0].duration_ns, 500000000);
    assert_int_equal(r[0].http_status, 503); /* not the event's 200 */
    assert_true(r[0].failed);

    assert_string_equal(text_of(r[1].kind), "client");
    assert_true(r[1].failed);
    assert_memory_equal(r[1].parent_id, span, 8);
    static const uint8_t none[16] = {0};
    assert_memory_equal(r[1].trace_id, none, 16); /* a blank in it: no id */
    assert_false(r[1].root);
    assert_true(r[2].root); /* its parent is not in the file */
    assert_int_equal(r[2].kind, 0);
    assert_int_equal(t.capture.skipped, 2); /* without a start; ends before it starts */
}

#define SPAN(name, start, end)                                                                     \
    "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"" name                           \
    "\",\"startTimeUnixNano\":\"" start "\",\"endTimeUnixNano\":\"" end "\"}]}]}]}"

static void passes_over_broken_lines_and_counts_them_once(void **state)
{
    (void)state;
    read_text(SPAN("a", "1", "2") "\n{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"b"
                                  "\n" SPAN("c", "1", "2") "\n{\"resourceSpans\":[}\n]\n\n" SPAN(
                                      "d", "1", "2") "\n{\"resourceLogs\":[]}\n{\"resourceSpa");
    assert_true(t.ok);
    assert_int_equal(t.capture.n_requests, 3);
    assert_string_equal(text_of(t.capture.requests[1].name), "c");
    assert_int_equal(t.capture.skipped, 3);
}

static void keeps_what_a_cut_document_holds_and_says_where_it_ends(void **state)
{
    (void)state;
    struct mt_span bytes = mt_testing_file(DATA "gateway.json");
    mt_testing_read(&t, READER, mt_span_sub(bytes, 0, bytes.size - 20));
    assert_false(t.ok);
    assert_int_equal(t.err.code, MT_ERR_INPUT);
    assert_int_equal(t.err.offset, bytes.size - 20);
    assert_int_equal(t.capture.n_requests, 4);
    check();
    free((void *)(uintptr_t)bytes.data);
}

#define SPANS_OF_TEMPO                                                                             \
    "\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":1,"                    \
    "\"endTimeUnixNano\":5}]}]}]"

static void reads_arrays_of_requests_and_other_names_for_them(void **state)
{
    (void)state;
    read_text("\xef\xbb\xbf[" SPAN("a", "1", "2") "," SPAN("b", "1", "2") "]");
    assert_int_equal(t.capture.n_requests, 2);
    read_text("{\"batches\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":1,"
              "\"endTimeUnixNano\":5}]}]}]}");
    assert_int_equal(t.capture.n_requests, 1);
    assert_int_equal(t.capture.requests[0].duration_ns, 4);
    read_text("{\"trace\":{" SPANS_OF_TEMPO "},\"status\":\"COMPLETE\"}\n{\"trace\":["
              "5]}\n"
              "{\"trace\":{\"trace\":{" SPANS_OF_TEMPO "}}}");
    assert_int_equal(t.capture.n_requests, 1);
}

static void passes_over_other_signals_in_one_file(void **state)
{
    (void)state;
    read_text("{\"resourceMetrics\":[{\"spans\":[]}]}\n" SPAN(
        "a", "1", "2") "\n{\"resourceLogs\":[]}\n" SPAN("b", "1", "2") "\n");
    assert_int_equal(t.capture.n_requests, 2);
    assert_int_equal(t.capture.skipped, 0);
}

static void takes_odd_values_for_what_they_are(void **state)
{
    (void)state;
    read_text("{\"resourceSpans\":[7,null,{\"resource\":[],\"scopeSpans\":{}},{\"scopeSpans\":[{"
              "\"spans\":[3,[{}],{\"name\":{\"a\":[1]},\"kind\":99,\"traceId\":\"zz\",\"spanId\":5,"
              "\"startTimeUnixNano\":\"18446744073709551615\",\"endTimeUnixNano\":\"1\"},"
              "{\"startTimeUnixNano\":1,\"endTimeUnixNano\":18446744073709551615},"
              "{\"startTimeUnixNano\":-5,\"endTimeUnixNano\":3},"
              "{\"startTimeUnixNano\":2,\"endTimeUnixNano\":3,\"attributes\":[5,{\"key\":"
              "\"http.status_code\",\"value\":{\"intValue\":\"99999999999999999999\"}}],"
              "\"status\":[]}]}]}]}");
    assert_true(t.ok);
    assert_int_equal(t.capture.n_requests, 1);
    assert_int_equal(t.capture.requests[0].http_status, 0);
    assert_int_equal(t.capture.skipped, 3);
}

static void survives_depth_zero_bytes_and_long_texts(void **state)
{
    (void)state;
    char text[4096] = "{\"resourceSpans\":[";
    for (int i = 0; i < 1000; i++)
        strcat(text, "[");
    read_text(text);
    assert_false(t.ok);
    assert_string_equal(t.err.what, "no more than 64 levels of nesting was expected");

    struct mt_text big = {0};
    mt_text_add(&big, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"");
    for (int i = 0; i < 200000; i++)
        mt_text_byte(&big, (char)(i % 26 + 'a'));
    mt_text_add(&big, "\\u0000\xff\",\"startTimeUnixNano\":1,\"endTimeUnixNano\":2}]}]}]}");
    mt_testing_read(&t, READER, mt_text_view(&big));
    mt_text_clear(&big);
    assert_true(t.ok);
    assert_int_equal(mt_string(&t.strings, t.capture.requests[0].name).size, 200002);

    static const char zero[] = "{\"resourceSpans\":[\0]}";
    mt_testing_read(&t, READER, (struct mt_span){(const unsigned char *)zero, sizeof zero - 1});
    assert_int_equal(t.capture.n_requests, 0);
}

static void tells_spans_from_other_json(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum mt_match match;
    } cases[] = {
        {"{\"resourceSpans\":[]}", MT_CERTAIN},
        {" [ {\"a\":{\"b\":[]},\"resource_spans\": [", MT_CERTAIN},
        {"{\"resourceSpans\":5}", MT_NO},
        {"{\"resourceLogs\":[{\"resourceSpans\":[]}]}", MT_NO},
        {"{\"resourceMetrics\":[]}\n{\"resource_logs\":[5]}{\"resourceSpans\":[]}", MT_LIKELY},
        {"{\"resourceMetrics\":[]}\n{\"a\":1}\n{\"resourceSpans\":[]}", MT_NO},
        {"{\"resourceMetrics\":[]}\n{\"resourceMetrics\":[", MT_NO},
        {"{\"status\":1,\"trace\":{\"a\":{},\"resourceSpans\":[]}}", MT_CERTAIN},
        {"{\"trace\":{\"trace\":{\"resourceSpans\":[]}}}", MT_NO},
        {"{\"trace\":5,\"resourceSpans\":[]}", MT_CERTAIN},
        {"{\"service\":\"a\"}", MT_NO},
        {"resourceSpans", MT_NO},
        {"", MT_NO}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (READER->sniff(mt_span_of(cases[i].text)) != cases[i].match)
            fail_msg("%s", cases[i].text);
}

static void survives_every_cut(void **state)
{
    (void)state;
    mt_testing_cut_everywhere(READER, DATA "by-hand.json", 1);
    mt_testing_cut_everywhere(READER, DATA "accounts.jsonl", 3);
}

static void describes_itself_to_inspect(void **state)
{
    (void)state;
    read_file(DATA "by-hand.json");
    char *object = mt_testing_inspect(&t, READER);
    assert_string_equal(
        object, "{\"documents\":1,\"spans\":3,\"roots\":2,\"failed\":2,"
                "\"first_start_ns\":1795376106000000000,\"last_end_ns\":1795376106500000000,"
                "\"longest_ns\":500000000,\"services\":{\"checkout\":3},"
                "\"kinds\":{\"\":1,\"client\":1,\"server\":1},"
                "\"names\":{\"POST /caf\xc3\xa9 \\\"x\\\"\":1,\"orphan\":1,\"query\":1},"
                "\"http_status\":{\"503\":1},\"no_time\":2}");
    free(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(reads_one_request_a_line, clear),
        cmocka_unit_test_teardown(reads_one_document_over_many_lines, clear),
        cmocka_unit_test_teardown(reads_what_the_javascript_sdk_sends, clear),
        cmocka_unit_test_teardown(reads_snake_case_base64_numbers_and_late_resources, clear),
        cmocka_unit_test_teardown(passes_over_broken_lines_and_counts_them_once, clear),
        cmocka_unit_test_teardown(keeps_what_a_cut_document_holds_and_says_where_it_ends, clear),
        cmocka_unit_test_teardown(reads_arrays_of_requests_and_other_names_for_them, clear),
        cmocka_unit_test_teardown(passes_over_other_signals_in_one_file, clear),
        cmocka_unit_test_teardown(takes_odd_values_for_what_they_are, clear),
        cmocka_unit_test_teardown(survives_depth_zero_bytes_and_long_texts, clear),
        cmocka_unit_test_teardown(tells_spans_from_other_json, clear),
        cmocka_unit_test_teardown(survives_every_cut, clear),
        cmocka_unit_test_teardown(describes_itself_to_inspect, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
