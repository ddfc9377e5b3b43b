/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/formats/lines/wrapped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2026-11-22T19:11:37Z */
static const int64_t AT = 1795374697 * MT_SECOND_NS;

struct fixture {
    struct mt_err err;
    struct mt_arena arena;
    struct mt_cursor in;
    struct mt_wrapped w;
    struct mt_wrapped_line line;
};

static struct fixture fx;

static void open_text(const char *text, bool sniffing)
{
    mt_arena_clear(&fx.arena);
    memset(&fx, 0, sizeof fx);
    fx.in = mt_cur_over(mt_span_of(text), &fx.err);
    mt_wrapped_begin(&fx.w, &fx.in, sniffing ? NULL : &fx.arena);
}

static bool next_is(const char *text)
{
    if (!mt_wrapped_next(&fx.w, &fx.line))
        return false;
    if (!mt_span_is(fx.line.text, text))
        print_message("got '%.*s'\n", (int)fx.line.text.size, (const char *)fx.line.text.data);
    return mt_span_is(fx.line.text, text);
}

static void gives_plain_lines_as_they_are(void **state)
{
    (void)state;
    open_text("gc 1 @0.5s\r\n\n{\"HeapAlloc\":1,\"time\":\"x\",\"message\":\"y\"}\n[1, {}]\nlast",
              false);
    assert_true(next_is("gc 1 @0.5s"));
    assert_int_equal(fx.line.time_ns, MT_NO_TIME);
    assert_int_equal(fx.line.wrapper, MT_WRAP_NONE);
    assert_false(fx.line.unended);
    assert_true(next_is(""));
    assert_true(next_is("{\"HeapAlloc\":1,\"time\":\"x\",\"message\":\"y\"}"));
    assert_true(next_is("[1, {}]"));
    assert_true(next_is("last"));
    assert_true(fx.line.unended);
    assert_false(mt_wrapped_next(&fx.w, &fx.line));
}

static void unwraps_cri_lines_and_joins_their_parts(void **state)
{
    (void)state;
    open_text("2026-11-22T19:11:37.000000001Z stderr F gc 1 @0.5s\n"
              "2026-11-22T19:11:37.000000002Z stdout P one \n"
              "2026-11-22T19:11:37.000000003Z stderr F between\n"
              "2026-11-22T20:11:37.000000004+01:00 stdout F line\n"
              "2026-11-22T19:11:37.000000005Z stdout F \n"
              "2026-11-22T19:11:37.000000006Z stdout P unfinished",
              false);
    assert_true(next_is("gc 1 @0.5s"));
    assert_int_equal(fx.line.time_ns, AT + 1);
    assert_true(fx.line.zone_known);
    assert_int_equal(fx.line.wrapper, MT_WRAP_CRI);
    assert_true(mt_span_is(fx.line.stream, "stderr"));
    assert_true(next_is("between"));
    assert_true(next_is("one line"));
    assert_int_equal(fx.line.time_ns, AT + 4);
    assert_true(next_is(""));
    assert_true(next_is("unfinished"));
    assert_false(mt_wrapped_next(&fx.w, &fx.line));
}

static void drops_colours(void **state)
{
    (void)state;
    static const char text[] =
        "\x1b[36mINFO\x1b[0m[0001] \x1b[1;36mheap_alloc\x1b[0m=4 \x1b[K\n"
        "plain \x1b[12;1H stays\x1b[\n"
        "2026-11-22T19:11:37.000000001Z stderr F \x1b[33mtwo\x1b[0m\n"
        "{\"log\":\"\\u001b[31ma\\u001b[0m\\nb\\u001b[0m c\\n\",\"stream\":\"stderr\"}\n";
    for (int sniffing = 0; sniffing < 2; sniffing++) {
        open_text(text, sniffing);
        assert_true(next_is("INFO[0001] heap_alloc=4 "));
        assert_true(next_is("plain \x1b[12;1H stays\x1b["));
        assert_true(next_is("two"));
        assert_int_equal(fx.line.time_ns, AT + 1);
        assert_true(next_is("a"));
        assert_true(next_is("b c"));
        assert_false(mt_wrapped_next(&fx.w, &fx.line));
    }
    static char longer[3 * MT_WRAPPED_HEAD];
    memset(longer, 'x', sizeof longer - 1);
    memcpy(longer, "\x1b[m", 3);
    open_text(longer, false);
    assert_true(next_is(longer + 3));
    open_text(longer, true);
    assert_true(mt_wrapped_next(&fx.w, &fx.line));
    assert_int_equal(fx.line.text.size, MT_WRAPPED_HEAD);
}

/* They are looked for ahead of the lines: wherever one stands, and however long there was none. */
static void finds_a_colour_behind_any_number_of_plain_lines(void **state)
{
    (void)state;
    for (size_t plain = 0; plain < 3000; plain += 211) {
        struct mt_text text = {0};
        for (int round = 0; round < 3; round++) {
            for (size_t i = 0; i < plain; i++)
                mt_text_add(&text, "0123456789abcde\n");
            mt_text_add(&text, "a\x1b[31mb\n");
        }
        open_text(text.data, false);
        for (int round = 0; round < 3; round++) {
            for (size_t i = 0; i < plain; i++)
                assert_true(next_is("0123456789abcde"));
            assert_true(next_is("ab"));
        }
        assert_false(mt_wrapped_next(&fx.w, &fx.line));
        mt_text_clear(&text);
    }
}

static void unwraps_docker_json(void **state)
{
    (void)state;
    open_text("{\"log\":\"a \\\"b\\\" "
              "\\u00b5s\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T19:11:37.5Z\"}\n"
              "{\"log\":\"no end\",\"stream\":\"stdout\",\"time\":\"2026-11-22T19:11:37.6Z\"}\n"
              "{\"log\":\"ends in a backslash \\\\\\\\n\\n\",\"stream\":\"stdout\"}\n"
              "{\"log\":\"\\n\",\"stream\":\"stdout\"}\n",
              false);
    assert_true(next_is("a \"b\" \xc2\xb5s"));
    assert_int_equal(fx.line.time_ns, AT + MT_SECOND_NS / 2);
    assert_int_equal(fx.line.wrapper, MT_WRAP_JSON);
    assert_true(next_is("no end"));
    assert_true(next_is("ends in a backslash \\\\n"));
    assert_int_equal(fx.line.time_ns, MT_NO_TIME);
    assert_true(next_is(""));
    assert_false(mt_wrapped_next(&fx.w, &fx.line));
}

static void counts_a_line_whose_parts_are_too_many(void **state)
{
    (void)state;
    uint64_t before = mt_limit(MT_LIMIT_LINE);
    mt_limit_set(MT_LIMIT_LINE, 50);
    static const char front[] = "2026-11-22T19:11:37Z stderr P ";
    struct mt_text text = {0};
    for (int i = 0; i < 10; i++)
        mt_text_printf(&text, "%s0123456789\n", front);
    mt_text_printf(&text, "2026-11-22T19:11:37Z stderr F end\n2026-11-22T19:11:38Z stderr F x\n");
    open_text(text.data, false);
    assert_true(next_is("01234567890123456789012345678901234567890123456789"));
    assert_true(next_is("x"));
    assert_int_equal(fx.in.cut_lines, 1);
    mt_text_clear(&text);
    mt_limit_set(MT_LIMIT_LINE, before);
}

static void joins_what_docker_cut_at_16_kib(void **state)
{
    (void)state;
    static char text[40000], joined[20000];
    static char part[16 * 1024 + 1];
    memset(part, 'x', sizeof part - 1);
    snprintf(
        text, sizeof text,
        "{\"log\":\"%s\",\"stream\":\"stdout\"}\n{\"log\":\"other\\n\",\"stream\":\"stderr\"}\n"
        "{\"log\":\"end\\n\",\"stream\":\"stdout\"}\n",
        part);
    snprintf(joined, sizeof joined, "%send", part);
    open_text(text, false);
    assert_true(next_is("other"));
    assert_true(next_is(joined));
    assert_false(mt_wrapped_next(&fx.w, &fx.line));
}

static void unwraps_log_shippers(void **state)
{
    (void)state;
    open_text(
        "{\"date\":1795374697.25,\"kubernetes\":{\"labels\":{\"pod_name\":\"no\"},\"container_"
        "name\":\"app\","
        "\"pod_name\":\"svc-1\"},\"logtag\":\"F\",\"message\":\"x=1\",\"stream\":\"stderr\"}\n"
        "{\"MESSAGE\":\"y=2\",\"__REALTIME_TIMESTAMP\":\"1795374697250000\",\"_HOSTNAME\":\"h\"}\n"
        "{\"textPayload\":\"z=3\",\"timestamp\":\"2026-11-22T19:11:37.25Z\"}\n"
        "kube.0: [1795374697.250000000, {\"log\":\"w=4\",\"stream\":\"stdout\"}]\n"
        "[1795374697.25, {\"message\":\"v=5\",\"stream\":\"stdout\"}]\n",
        false);
    static const char *const texts[] = {"x=1", "y=2", "z=3", "w=4", "v=5"};
    static const char *const origins[] = {"svc-1", "h", "", "", ""};
    for (size_t i = 0; i < 5; i++) {
        assert_true(next_is(texts[i]));
        assert_int_equal(fx.line.time_ns, AT + MT_SECOND_NS / 4);
        assert_true(mt_span_is(fx.line.origin, origins[i]));
    }
    assert_false(mt_wrapped_next(&fx.w, &fx.line));
}

static void takes_a_text_of_several_lines_apart(void **state)
{
    (void)state;
    open_text("{\"date\":1795374697,\"log\":\"goroutine 1 "
              "[running]:\\nmain.main()\\n\\t/x.go:1\\n\",\"stream\":\"stderr\"}\n"
              "after\n",
              false);
    static const char *const texts[] = {"goroutine 1 [running]:", "main.main()", "\t/x.go:1"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(next_is(texts[i]));
        assert_int_equal(fx.line.time_ns, AT);
    }
    assert_true(next_is("after"));
    assert_int_equal(fx.line.time_ns, MT_NO_TIME);
}

static void unwraps_cri_inside_json(void **state)
{
    (void)state;
    open_text("{\"date\":1.0,\"log\":\"2026-11-22T19:11:37.000000001Z stdout F "
              "a=1\",\"stream\":\"stdout\"}\n",
              false);
    assert_true(next_is("a=1"));
    assert_int_equal(fx.line.time_ns, AT + 1);
}

static void takes_off_the_times_of_kubectl_but_not_a_programs_own(void **state)
{
    (void)state;
    open_text("2026-11-22T19:11:37.000000001Z gc 1 @0.5s\n"
              "2026-11-22T19:11:37.001Z INFO x\n"
              "2026-11-22T19:11:37.000000001Z\n",
              false);
    assert_true(next_is("gc 1 @0.5s"));
    assert_int_equal(fx.line.time_ns, AT + 1);
    assert_int_equal(fx.line.wrapper, MT_WRAP_TIMESTAMP);
    assert_true(next_is("2026-11-22T19:11:37.001Z INFO x"));
    assert_true(next_is("2026-11-22T19:11:37.000000001Z"));
}

static void sniffs_without_an_arena(void **state)
{
    (void)state;
    open_text("{\"log\":\"a\\tb\\n\",\"stream\":\"stderr\"}\n"
              "2026-11-22T19:11:37.000000002Z stdout P part\n",
              true);
    assert_true(next_is("a\tb"));
    assert_true(next_is("part"));
    assert_false(mt_wrapped_next(&fx.w, &fx.line));
}

static void looks_for_wrappers_in_the_first_lines_only(void **state)
{
    (void)state;
    static char text[8192];
    size_t n = 0;
    for (int i = 0; i < MT_WRAPPED_TRIES; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "plain\n\n");
    snprintf(text + n, sizeof text - n, "{\"log\":\"x\",\"stream\":\"stdout\"}\n");
    open_text(text, false);
    for (int i = 0; i < 2 * MT_WRAPPED_TRIES; i++)
        assert_true(mt_wrapped_next(&fx.w, &fx.line));
    assert_true(next_is("{\"log\":\"x\",\"stream\":\"stdout\"}"));
}

static void survives_every_cut(void **state)
{
    (void)state;
    static const char text[] =
        "2026-11-22T19:11:37.000000002Z stdout P one \n"
        "{\"log\":\"a\\u00b5\\\\b\\nc\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T19:11:37."
        "5Z\"}\n"
        "k: [1795374697.25, {\"kubernetes\":{\"pod_name\":\"p\"},\"message\":\"x\"}]\n";
    for (size_t size = 0; size < sizeof text; size++) {
        char *copy = malloc(size + 1);
        memcpy(copy, text, size);
        copy[size] = '\0';
        for (int sniffing = 0; sniffing < 2; sniffing++) {
            open_text(copy, sniffing);
            size_t lines = 0;
            while (mt_wrapped_next(&fx.w, &fx.line))
                lines++;
            assert_true(lines <= 5 && (lines > 0) == (size > 0));
        }
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_plain_lines_as_they_are),
        cmocka_unit_test(unwraps_cri_lines_and_joins_their_parts),
        cmocka_unit_test(drops_colours),
        cmocka_unit_test(finds_a_colour_behind_any_number_of_plain_lines),
        cmocka_unit_test(unwraps_docker_json),
        cmocka_unit_test(counts_a_line_whose_parts_are_too_many),
        cmocka_unit_test(joins_what_docker_cut_at_16_kib),
        cmocka_unit_test(unwraps_log_shippers),
        cmocka_unit_test(takes_a_text_of_several_lines_apart),
        cmocka_unit_test(unwraps_cri_inside_json),
        cmocka_unit_test(takes_off_the_times_of_kubectl_but_not_a_programs_own),
        cmocka_unit_test(sniffs_without_an_arena),
        cmocka_unit_test(looks_for_wrappers_in_the_first_lines_only),
        cmocka_unit_test(survives_every_cut),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_arena_clear(&fx.arena);
    return failed;
}
