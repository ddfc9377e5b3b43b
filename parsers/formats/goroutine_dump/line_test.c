/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/goroutine_dump/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mt_dump_header header_of(const char *text)
{
    struct mt_span s = mt_span_of(text);
    struct mt_dump_header h;
    if (!mt_dump_take_header(&s, &h))
        fail_msg("no header: %s", text);
    return h;
}

static void reads_headers_of_every_version(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t id;
        const char *state;
        uint64_t minutes;
        bool locked, leaked;
        const char *labels;
    } cases[] = {
        {"goroutine 1 [running]:", 1, "running", 0, false, false, ""},
        {"goroutine 7 [chan receive, 5 minutes, locked to thread]:", 7, "chan receive", 5, true,
         false, ""},
        {"goroutine 8 [select (no cases), 1 minutes]:", 8, "select (no cases)", 1, false, false,
         ""},
        {"goroutine 9 [chan receive (nil chan) (leaked)]:", 9, "chan receive (nil chan)", 0, false,
         true, ""},
        {"goroutine 9 [chan send (leaked) (scan), 2 minutes]:", 9, "chan send", 2, false, true, ""},
        {"goroutine 3 [runnable (scan)]:", 3, "runnable", 0, false, false, ""},
        {"goroutine 4 [select (durable), synctest bubble 3]:", 4, "select", 0, false, false, ""},
        {"goroutine 2 gp=0xc000006c40 m=nil [force gc (idle)]:", 2, "force gc (idle)", 0, false,
         false, ""},
        {"goroutine 0 gp=0xabf0a0 m=0 mp=0xac0040 [idle]:", 0, "idle", 0, false, false, ""},
        {"goroutine 5 [select, 3 minutes] {job: poll, tenant: c}:", 5, "select", 3, false, false,
         "job: poll, tenant: c"},
        {"goroutine 6 [select] {\"a}b\": \"c\\\"}\"}:", 6, "select", 0, false, false,
         "\"a}b\": \"c\\\"}\""},
        {"goroutine 18446744073709551615 [???]:", UINT64_MAX, "???", 0, false, false, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mt_dump_header h = header_of(cases[i].text);
        if (h.id != cases[i].id || !mt_span_is(h.state, cases[i].state) ||
            h.wait_minutes != cases[i].minutes || h.locked_to_thread != cases[i].locked ||
            h.leaked != cases[i].leaked || !mt_span_is(h.labels, cases[i].labels))
            fail_msg("%s", cases[i].text);
    }
}

static void refuses_what_only_begins_like_a_header(void **state)
{
    (void)state;
    static const char *const cases[] = {"goroutine profile: total 12",
                                        "goroutine 1 started",
                                        "goroutine 1 [running]",
                                        "goroutine 1 [runn",
                                        "goroutine 1 []:",
                                        "goroutine x [running]:",
                                        "goroutine 18446744073709551616 [running]:",
                                        "goroutine ",
                                        "goroutine 1 [running] {a: b:",
                                        "goroutine 1 gp=",
                                        "goroutines 1 [running]:"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mt_span s = mt_span_of(cases[i]);
        struct mt_dump_header h;
        if (mt_dump_take_header(&s, &h))
            fail_msg("%s", cases[i]);
        assert_true(mt_span_is(s, cases[i]));
    }
}

static void finds_a_header_behind_a_prefix(void **state)
{
    (void)state;
    assert_int_equal(mt_dump_find_header(MT_SPAN("goroutine 1 [running]:")), 0);
    assert_int_equal(mt_dump_find_header(MT_SPAN("a goroutine b goroutine 1 [running]:")), 14);
    assert_int_equal(mt_dump_find_header(MT_SPAN("goroutine 1 of 2")), MT_NPOS);
}

static void reads_labels_quoted_or_not(void **state)
{
    (void)state;
    struct mt_span labels = MT_SPAN("job: sync, \"tenant name\": \"b: {x}\\\"\\n\",n:7, empty: ");
    static const char *const expected[][2] = {
        {"job", "sync"}, {"tenant name", "b: {x}\\\"\\n"}, {"n", "7"}, {"empty", ""}};
    struct mt_dump_label l;
    for (size_t i = 0; i < 4; i++) {
        assert_true(mt_dump_take_label(&labels, &l));
        assert_true(mt_span_is(l.key, expected[i][0]));
        assert_true(mt_span_is(l.value, expected[i][1]));
        assert_int_equal(l.key_quoted, i == 1);
    }
    assert_false(mt_dump_take_label(&labels, &l));
    static const char *const broken[] = {"\"a", "a", "\"a\"", "\"a\": \"b", "\"a\\", ", , "};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        labels = mt_span_of(broken[i]);
        assert_false(mt_dump_take_label(&labels, &l));
    }
}

static void resolves_escapes_of_the_runtime(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain;
    } cases[] = {{"a\\n\\r\\t\\\\\\\"", "a\n\r\t\\\""},
                 {"\\x41\\u00e9\\U0001f600", "A\xc3\xa9\xf0\x9f\x98\x80"},
                 {"\\ud800\\Uffffffff", "\xef\xbf\xbd\xef\xbf\xbd"},
                 {"\\u00\\x4\\q\\", "\\u00\\x4\\q\\"},
                 {"\\u0x12", "\\u0x12"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = strlen(cases[i].text);
        unsigned char *to = malloc(size);
        size_t n = mt_dump_unquote(mt_span_of(cases[i].text), to);
        assert_true(mt_span_is((struct mt_span){to, n}, cases[i].plain));
        free(to);
    }
}

static void splits_functions_at_their_arguments(void **state)
{
    (void)state;
    static const struct {
        const char *line, *name, *arguments;
        uint64_t first;
    } cases[] = {
        {"main.main()", "main.main", "", 0},
        {"main.(*Queue).Pop(...)", "main.(*Queue).Pop", "...", 0},
        {"sync.(*Mutex).lockSlow(0xc000095260)", "sync.(*Mutex).lockSlow", "0xc000095260",
         0xc000095260},
        {"sync.(*WaitGroup).Wait(0xc0003f0251?)", "sync.(*WaitGroup).Wait", "0xc0003f0251?", 0},
        {"panic({0x6d6a80, 0x7a6590})", "panic", "{0x6d6a80, 0x7a6590}", 0x6d6a80},
        {"main.(*Box[...]).Hold(0x1, _, ...)", "main.(*Box[...]).Hold", "0x1, _, ...", 1},
        {"net/http.(*conn).serve.func1()", "net/http.(*conn).serve.func1", "", 0},
        {"f(0x11112222333344445)", "f", "0x11112222333344445", 0},
    };
    struct mt_span name, arguments;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(mt_dump_function(mt_span_of(cases[i].line), &name, &arguments));
        assert_true(mt_span_is(name, cases[i].name));
        assert_true(mt_span_is(arguments, cases[i].arguments));
        assert_true(mt_dump_first_argument(arguments) == cases[i].first);
    }
    static const char *const others[] = {"", ")", "()", "f)", "f(", " f()", "exit status 2"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(mt_dump_function(mt_span_of(others[i]), &name, &arguments));
}

static void reads_places(void **state)
{
    (void)state;
    static const struct {
        const char *line, *file;
        uint32_t number;
    } cases[] = {
        {"\t/src/main.go:66 +0x4c5", "/src/main.go", 66},
        {"\t/src/main.go:66", "/src/main.go", 66},
        {"\t/s/a.go:7 +0x1 fp=0xc0000c3ea8 sp=0xc0000c3de8 pc=0x4381fa", "/s/a.go", 7},
        {"    C:/my work/a.go:12 +0x25", "C:/my work/a.go", 12},
        {"#011/src/main.go:1 +0x1", "/src/main.go", 1},
        {"\t/src/x.c:55 pc=0x4381fa", "/src/x.c", 55},
        {"\tpc=0x4381fa", "", 0},
        {"\t/src/main.go:71 +106", "/src/main.go", 71}, /* gccgo */
        {"\t/src/a +1.go:7", "/src/a +1.go", 7},
        {"\t:0", "", 0},
        {"\t/a.go:99999999999", "/a.go", UINT32_MAX},
    };
    struct mt_span file;
    uint32_t number;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(mt_dump_place(mt_span_of(cases[i].line), &file, &number));
        assert_true(mt_span_is(file, cases[i].file));
        assert_int_equal(number, cases[i].number);
    }
    static const char *const others[] = {
        "", "\t", "/src/a.go:1", "\ta.go", "\t:12", "\ta.go:x", "\ta.go:99999999999999999999999"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(mt_dump_place(mt_span_of(others[i]), &file, &number));
}

static void reads_the_other_lines_of_a_stack(void **state)
{
    (void)state;
    struct mt_span name;
    uint64_t id;
    assert_true(mt_dump_created(MT_SPAN("created by main.f in goroutine 12"), &name, &id));
    assert_true(mt_span_is(name, "main.f"));
    assert_int_equal(id, 12);
    assert_true(mt_dump_created(MT_SPAN("created by main.(*T).f.func1"), &name, &id));
    assert_true(mt_span_is(name, "main.(*T).f.func1"));
    assert_int_equal(id, 0);
    assert_false(mt_dump_created(MT_SPAN("created by "), &name, &id));
    assert_true(mt_dump_origin(MT_SPAN("[originating from goroutine 5]:"), &id));
    assert_int_equal(id, 5);
    assert_false(mt_dump_origin(MT_SPAN("[originating from"), &id));
    assert_true(mt_dump_elided(MT_SPAN("...additional frames elided...")));
    assert_true(mt_dump_elided(MT_SPAN("...52 frames elided...")));
    assert_false(mt_dump_elided(MT_SPAN("...")));
    assert_true(
        mt_dump_unavailable(MT_SPAN("\tgoroutine running on other thread; stack unavailable")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_headers_of_every_version),
        cmocka_unit_test(refuses_what_only_begins_like_a_header),
        cmocka_unit_test(finds_a_header_behind_a_prefix),
        cmocka_unit_test(reads_labels_quoted_or_not),
        cmocka_unit_test(resolves_escapes_of_the_runtime),
        cmocka_unit_test(splits_functions_at_their_arguments),
        cmocka_unit_test(reads_places),
        cmocka_unit_test(reads_the_other_lines_of_a_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
