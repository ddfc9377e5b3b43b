/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct mt_reader mt_reader_manifest;

static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_capture cap;
static struct mt_err err;

static bool read_span(struct mt_span text)
{
    mt_arena_clear(&arena);
    mt_strings_init(&strings, &arena);
    mt_capture_init(&cap, &arena, &strings);
    err = (struct mt_err){0};
    struct mt_cursor in = mt_cur_over(text, &err);
    bool done = mt_reader_manifest.read(&in, &cap);
    struct mt_err broken = {0};
    if (!mt_capture_check(&cap, &broken))
        fail_msg("%s", broken.what);
    return done;
}

static bool read_text(const char *text)
{
    return read_span(mt_span_of(text));
}

static const char *text_of(uint32_t id)
{
    return mt_string_text(&strings, id);
}

static char *load(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("cannot open %s", path);
    static char bytes[4096];
    *size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    return bytes;
}

static bool read_file(const char *path)
{
    size_t size;
    char *bytes = load(path, &size);
    struct mt_span text = {(unsigned char *)bytes, size};
    assert_int_equal(mt_reader_manifest.sniff(text), MT_CERTAIN);
    return read_span(text);
}

static void reads_every_field_of_a_captured_bundle(void **state)
{
    (void)state;
    assert_true(read_file("testdata/manifest/incident.json"));
    const struct mt_manifest *m = cap.manifest;
    assert_string_equal(text_of(m->service), "incident");
    assert_string_equal(text_of(m->build), "1.14.13+g3e32df6");
    assert_string_equal(text_of(m->go_version), "go1.26");
    assert_int_equal(m->captured_at_ns, 1795376106ll * MT_SECOND_NS); /* date -u -d ... +%s */
    assert_int_equal(m->memory_limit_bytes, 1073741824);
    assert_int_equal(m->gogc, INT32_MIN);
    assert_int_equal(m->n_labels, 2);
    assert_string_equal(text_of(m->labels[1].key), "tenant_namespace");
    assert_string_equal(text_of(m->labels[1].value), "shop-prod");
    assert_int_equal(cap.n_remarks, 0);
}

static void takes_other_spellings_units_and_types(void **state)
{
    (void)state;
    assert_true(read_file("testdata/manifest/by-hand.json"));
    const struct mt_manifest *m = cap.manifest;
    assert_string_equal(text_of(m->service), "checkout");
    assert_string_equal(text_of(m->build), "20261122");
    assert_int_equal(m->captured_at_ns, 1795375506ll * MT_SECOND_NS);
    assert_int_equal(m->memory_limit_bytes, 512ull << 20);
    assert_int_equal(m->gomemlimit_bytes, 450ull << 20);
    assert_int_equal(m->gogc, -1);
    assert_int_equal(m->interval_ms, 500);
    assert_int_equal(m->n_offsets, 2);
    assert_string_equal(text_of(m->offsets[0].path), "logs/gctrace.log");
    assert_int_equal(m->offsets[0].offset_ms, -1200);
    assert_int_equal(m->offsets[1].offset_ms, 15);
    assert_int_equal(m->n_labels, 2);
    assert_string_equal(text_of(m->labels[1].value), "true");
}

static void remarks_on_bad_and_unknown_fields_and_keeps_the_others(void **state)
{
    (void)state;
    assert_true(read_file("testdata/manifest/by-hand.json"));
    assert_int_equal(cap.skipped, 1); /* interval_ms */
    assert_int_equal(cap.n_remarks, 2);
    assert_string_equal(cap.remarks[0].statement,
                        "the manifest's interval_ms holds a number that cannot be used, a number "
                        "of milliseconds above 0 was expected");
    assert_string_equal(cap.remarks[1].statement,
                        "the manifest has fields that are not read: ticket");

    assert_true(read_text("{\"service\":[1],\"build\":null,\"gogc\":99999999999,\"captured_at\":"
                          "\"yesterday\",\"memory_limit\":\"much\",\"labels\":{\"a\":{},\"b\":1.5},"
                          "\"clock_offset_ms\":\"x\",\"gomemlimit\":9223372036854775807}"));
    assert_int_equal(cap.skipped, 6);
    assert_int_equal(cap.manifest->service, 0);
    assert_true(cap.manifest->captured_at_ns == MT_NO_TIME);
    assert_int_equal(cap.manifest->n_labels, 1);
    assert_string_equal(text_of(cap.manifest->labels[0].value), "1.5");
    assert_int_equal(cap.manifest->gomemlimit_bytes, 0);
}

static void reads_units_as_the_runtime_and_kubernetes_do(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        uint64_t bytes;
    } cases[] = {
        {"{\"memory_limit\":\"1g\"}", 1ull << 30},   {"{\"memory_limit\":\"0.5 GiB\"}", 1ull << 29},
        {"{\"memory_limit\":\"300MB\"}", 300000000}, {"{\"memory_limit\":1e9}", 1000000000},
        {"{\"memory_limit\":\"4096\"}", 4096},       {"{\"memory_limit\":-1}", 0},
        {"{\"memory_limit\":\"1e300G\"}", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(read_text(cases[i].json));
        assert_true(cap.manifest->memory_limit_bytes == cases[i].bytes);
    }
    assert_true(read_text("{\"interval\":\"1.5m\",\"clock_offset_ms\":250}"));
    assert_int_equal(cap.manifest->interval_ms, 90000);
    assert_string_equal(text_of(cap.manifest->offsets[0].path), "*");
    assert_int_equal(cap.manifest->offsets[0].offset_ms, 250);
}

static void tells_a_manifest_from_other_json(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum mt_match match;
    } cases[] = {
        {"{\"service\":\"a\"}", MT_MAYBE},
        {"{\"service\":\"a\",\"labels\":{}}\n", MT_LIKELY},
        {"\n{\"gogc\":50}", MT_LIKELY},
        {"{\"service\":\"a\",\"go_version\":\"x\"}\n{\"service\":\"a\"}", MT_NO},
        {"{\"log\":\"x\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T19:35:06Z\"}", MT_NO},
        {"{\"service\":\"a\",\"level\":\"info\",\"msg\":\"started\"}", MT_NO},
        {"{\"resourceSpans\":[]}", MT_NO},
        {"[{\"service\":\"a\"}]", MT_NO},
        {"service: a", MT_NO},
        {"", MT_NO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (mt_reader_manifest.sniff(mt_span_of(cases[i].text)) != cases[i].match)
            fail_msg("%s", cases[i].text);
}

static void says_where_a_broken_manifest_breaks(void **state)
{
    (void)state;
    assert_false(read_text("{\"service\": \"a\" \"build\": 1}"));
    assert_int_equal(err.code, MT_ERR_INPUT);
    assert_true(err.offset > 14 && err.offset < 24);
    assert_null(cap.manifest);
    assert_false(read_text("[1]"));
    assert_string_equal(err.what, "an array where a manifest's object was expected");
    assert_false(read_text(""));
}

static void survives_every_cut(void **state)
{
    (void)state;
    size_t size;
    char *bytes = load("testdata/manifest/by-hand.json", &size);
    for (size_t cut = 0; cut < size - 2; cut++) {
        char *exact = malloc(cut + 1); /* a buffer of its own, for the sanitizer */
        memcpy(exact, bytes, cut);
        struct mt_span text = {(unsigned char *)exact, cut};
        mt_reader_manifest.sniff(text);
        assert_false(read_span(text));
        free(exact);
    }
    mt_arena_clear(&arena);
}

static void describes_itself_to_inspect(void **state)
{
    (void)state;
    assert_true(read_text("{\"service\":\"a\",\"labels\":{\"k\":\"v\"},\"clock_offset_ms\":7}"));
    struct mt_text text = {0};
    struct mt_json_out j;
    mt_json_begin(&j, &text);
    mt_json_object(&j);
    mt_reader_manifest.inspect(&cap, &j);
    mt_json_object_end(&j);
    assert_string_equal(text.data,
                        "{\"service\":\"a\",\"labels\":{\"k\":\"v\"},\"clock_offset_ms\":"
                        "{\"*\":7},\"fields\":3,\"unusable\":0}");
    mt_text_clear(&text);
    mt_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_field_of_a_captured_bundle),
        cmocka_unit_test(takes_other_spellings_units_and_types),
        cmocka_unit_test(remarks_on_bad_and_unknown_fields_and_keeps_the_others),
        cmocka_unit_test(reads_units_as_the_runtime_and_kubernetes_do),
        cmocka_unit_test(tells_a_manifest_from_other_json),
        cmocka_unit_test(says_where_a_broken_manifest_breaks),
        cmocka_unit_test(survives_every_cut),
        cmocka_unit_test(describes_itself_to_inspect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
