/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/limits.h"
#include "parsers/formats/testing.h"

extern const struct mt_reader mt_reader_goroutine_dump;
#define READER (&mt_reader_goroutine_dump)
#define DATA   "testdata/goroutine-dump/"

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
    assert_true(t.ok);
    if (!mt_capture_check(&t.capture, &err))
        fail_msg("%s", err.what);
}

static void read_text(const char *text)
{
    mt_testing_read_text(&t, READER, text);
    check();
}

static void read_file(const char *path, enum mt_match match)
{
    struct mt_span head = mt_testing_file(path);
    assert_int_equal(READER->sniff(head), match);
    mt_testing_read(&t, READER, head);
    free((void *)(uintptr_t)head.data);
    check();
}

static const char *text_of(uint32_t id)
{
    return mt_string_text(&t.strings, id);
}

static const struct mt_goroutine *by_id(size_t dump, uint64_t id)
{
    const struct mt_goroutine_dump *d = &t.capture.dumps[dump];
    for (size_t i = 0; i < d->n_goroutines; i++)
        if (d->goroutines[i].id == id)
            return &d->goroutines[i];
    fail_msg("goroutine %llu is not there", (unsigned long long)id);
    return NULL;
}

static const struct mt_dump_frame *frame_of(size_t dump, uint64_t id, size_t i)
{
    assert_true(i < by_id(dump, id)->n_frames);
    return &t.capture.dumps[dump].frames[by_id(dump, id)->first_frame + i];
}

static const char TWO[] = "goroutine 1 [running]:\n"
                          "main.main()\n"
                          "\t/src/main.go:66 +0x4c5\n"
                          "\n"
                          "goroutine 8 [chan receive, 5 minutes, locked to thread]:\n"
                          "main.(*Queue).pop(...)\n"
                          "\t/src/queue.go:71\n"
                          "main.work(0xc00006a0f0, {0x1, 0x2})\n"
                          "\t/src/queue.go:80 +0x5f\n"
                          "created by main.New in goroutine 1\n"
                          "\t/src/queue.go:51 +0x312\n";

static void reads_state_wait_frames_and_creator(void **state)
{
    (void)state;
    read_text(TWO);
    assert_int_equal(t.capture.n_dumps, 1);
    const struct mt_goroutine_dump *d = &t.capture.dumps[0];
    assert_int_equal(d->n_goroutines, 2);
    assert_int_equal(d->time_ns, MT_NO_TIME);
    assert_false(d->from_panic);
    const struct mt_goroutine *g = by_id(0, 8);
    assert_string_equal(text_of(g->state), "chan receive");
    assert_int_equal(g->wait_ns, 300 * MT_SECOND_NS);
    assert_true(g->locked_to_thread);
    assert_int_equal(g->n_frames, 2);
    assert_string_equal(text_of(frame_of(0, 8, 0)->function), "main.(*Queue).pop");
    assert_true(frame_of(0, 8, 0)->arguments_inlined);
    assert_string_equal(text_of(frame_of(0, 8, 1)->function), "main.work");
    assert_string_equal(text_of(frame_of(0, 8, 1)->file), "/src/queue.go");
    assert_int_equal(frame_of(0, 8, 1)->line, 80);
    assert_false(frame_of(0, 8, 1)->arguments_inlined);
    assert_string_equal(text_of(g->created_by.function), "main.New");
    assert_int_equal(g->created_by.line, 51);
    assert_int_equal(g->creator_id, 1);
    assert_int_equal(t.capture.records, 2);
}

/* Counts of the samples: awk '/^goroutine [0-9]/{g++} /^\t/{p++} /^created by/{c++}
 * /\(leaked\)/{l++} END{print g, p - c, l}'. */
static void reads_a_leak_profile_with_labels(void **state)
{
    (void)state;
    read_file(DATA "shop-leak.txt", MT_CERTAIN);
    const struct mt_goroutine_dump *d = &t.capture.dumps[0];
    assert_int_equal(t.capture.n_dumps, 1);
    assert_int_equal(d->n_goroutines, 9);
    assert_int_equal(d->n_frames, 47);
    assert_int_equal(d->n_labels, 8); /* four of {job: sync, tenant: b} */
    assert_true(d->leak_form);
    unsigned leaked = 0;
    for (size_t i = 0; i < d->n_goroutines; i++)
        leaked += d->goroutines[i].leaked;
    assert_int_equal(leaked, 4);
    assert_string_equal(text_of(d->labels[1].key), "tenant");
    assert_string_equal(text_of(d->labels[1].text), "b");

    read_file(DATA "leak-go1.27.txt", MT_CERTAIN);
    d = &t.capture.dumps[0];
    assert_int_equal(d->n_goroutines, 9);
    assert_int_equal(d->n_frames, 121);
    const struct mt_goroutine *g = by_id(0, 26);
    assert_true(g->leaked);
    assert_int_equal(g->n_labels, 3);
    assert_string_equal(text_of(d->labels[g->first_label + 2].key), "tenant name");
    assert_string_equal(text_of(d->labels[g->first_label + 2].text), "b: {x}\"\n");
    assert_true(by_id(0, 23)->elided);
    assert_true(by_id(0, 24)->locked_to_thread);
    assert_int_equal(by_id(0, 22)->lock_address, 0xd34458a720);
    assert_int_equal(by_id(0, 18)->wait_address, 0xd344594190); /* the list of a sync.Cond */
    assert_string_equal(text_of(frame_of(0, 25, 0)->function), "main.(*Box[...]).Hold");
}

static void keeps_the_stacks_of_ancestors_out(void **state)
{
    (void)state;
    read_file(DATA "ancestors-go1.19.txt", MT_CERTAIN);
    const struct mt_goroutine_dump *d = &t.capture.dumps[0];
    assert_int_equal(d->n_goroutines, 8);
    /* awk '/^goroutine/{on=1} /^\[orig/{on=0} /^created/{on && skip=1} on &&
     * /^\t/{n+=!skip;skip=0}' */
    assert_int_equal(d->n_frames, 20);
    assert_string_equal(text_of(by_id(0, 13)->created_by.function), "main.start.func1");
    assert_int_equal(by_id(0, 13)->creator_id, 7);
}

static void reads_a_crash_with_registers_and_addresses(void **state)
{
    (void)state;
    read_file(DATA "sigquit-go1.27.txt", MT_LIKELY);
    const struct mt_goroutine_dump *d = &t.capture.dumps[0];
    assert_int_equal(t.capture.n_dumps, 1);
    assert_int_equal(d->n_goroutines, 14); /* grep -c '^goroutine [0-9]' */
    assert_int_equal(d->n_frames, 81);
    assert_true(d->from_panic);
    assert_string_equal(text_of(by_id(0, 2)->state), "force gc (idle)");
    assert_string_equal(text_of(frame_of(0, 2, 0)->function), "runtime.gopark");
    assert_int_equal(t.capture.n_remarks, 1);
}

/* gccgo prints neither arguments nor, of C, places. grep -c '^goroutine [0-9]' 11, 11, 11, 12 */
static void reads_dumps_of_gccgo_and_of_go_1_15(void **state)
{
    (void)state;
    read_file(DATA "debug2-gccgo9.txt", MT_CERTAIN);
    const struct mt_goroutine_dump *d = &t.capture.dumps[0];
    assert_int_equal(d->n_goroutines, 11);
    assert_string_equal(text_of(d->goroutines[1].state), "chan receive");
    assert_int_equal(d->goroutines[1].n_frames, 1);
    assert_string_equal(text_of(frame_of(0, d->goroutines[1].id, 0)->function), "main.deliver");
    assert_int_equal(frame_of(0, d->goroutines[1].id, 0)->line, 43);
    assert_string_equal(text_of(d->goroutines[1].created_by.function), "main.leak");
    assert_int_equal(d->goroutines[1].created_by.line, 71);
    read_file(DATA "sigquit-gccgo15.txt", MT_LIKELY);
    d = &t.capture.dumps[0];
    assert_int_equal(d->n_goroutines, 11);
    assert_true(d->from_panic);
    assert_string_equal(text_of(frame_of(0, 1, 0)->function), "kill"); /* of C, at ":0" */
    assert_string_equal(text_of(frame_of(0, 1, 2)->function), "main.main");
    read_file(DATA "fatal-gccgo10.log", MT_LIKELY);
    assert_int_equal(t.capture.dumps[0].n_goroutines, 11);
    assert_true(t.capture.dumps[0].from_panic);
    read_file(DATA "sigquit-go1.15.txt", MT_LIKELY);
    assert_int_equal(t.capture.dumps[0].n_goroutines, 12);
    assert_int_equal(by_id(0, 0)->n_frames, 7);
}

static void takes_each_panic_of_a_server_log_as_a_dump_of_its_own(void **state)
{
    (void)state;
    read_file(DATA "http-panics-go1.19.log", MT_LIKELY);
    assert_int_equal(t.capture.n_dumps, 2); /* grep -c 'panic serving' */
    for (size_t i = 0; i < 2; i++) {
        const struct mt_goroutine_dump *d = &t.capture.dumps[i];
        assert_int_equal(d->n_goroutines, 1);
        assert_int_equal(d->n_frames, 7);
        assert_true(d->from_panic);
        assert_int_equal(d->clock.clock, MT_CLOCK_SAME);
        assert_true(d->clock.zone_unknown); /* "2026/11/25 10:26:32 http: panic serving ..." */
        assert_int_equal(d->time_ns, 1795602392 * MT_SECOND_NS);
    }
    assert_string_equal(t.capture.remarks[0].statement,
                        "the process said before it printed stacks: panic serving "
                        "127.0.0.1:53904: no such cart");
}

/* conmon ends a part of a line wherever its read ended. */
static void joins_lines_that_a_container_log_has_cut(void **state)
{
    (void)state;
    read_file(DATA "cri.log", MT_LIKELY);
    assert_int_equal(t.capture.n_dumps, 1);
    const struct mt_goroutine_dump *d = &t.capture.dumps[0];
    assert_int_equal(d->n_goroutines, 4); /* grep -c 'F goroutine' cri.log */
    assert_int_equal(d->n_frames, 5);
    assert_true(d->from_panic);
    assert_int_equal(d->time_ns, 1795639801819159036);
    for (size_t i = 1; i < 4; i++) {
        assert_string_equal(text_of(d->goroutines[i].created_by.function), "main.main");
        assert_int_equal(d->goroutines[i].created_by.line, 50);
    }
}

static void sees_through_prefixes_wrappers_and_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int64_t ms;
    } cases[] = {{DATA "compose.log", 1795376106000}, {DATA "zap.jsonl", 1795376106500}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_file(cases[i].path, MT_LIKELY);
        assert_int_equal(t.capture.n_dumps, 1);
        const struct mt_goroutine_dump *d = &t.capture.dumps[0];
        assert_int_equal(d->n_goroutines, 1);
        assert_int_equal(d->n_frames, 7);
        assert_true(d->from_panic);
        assert_int_equal(d->time_ns / 1000000, cases[i].ms);
        assert_string_equal(text_of(d->goroutines[0].created_by.function),
                            "net/http.(*Server).Serve");
        assert_int_equal(d->goroutines[0].created_by.line, 3604);
    }
}

/* TWO behind a prefix on each line, and once more, a minute later. */
static void read_prefixed(const char *first, const char *again)
{
    const char *const prefixes[] = {first, again};
    char text[4096];
    size_t n = 0;
    for (size_t i = 0; i < 2; i++) {
        struct mt_span rest = mt_span_of(TWO), line;
        while (mt_span_line(&rest, &line))
            n += (size_t)snprintf(text + n, sizeof text - n, "%.*s%.*s\n",
                                  (int)(strlen(prefixes[i]) - (line.size == 0)), prefixes[i],
                                  (int)line.size, (const char *)line.data);
    }
    read_text(text);
}

static void every_goroutine_behind_a_prefix_keeps_its_stack(void **state)
{
    (void)state;
    static const char *const prefixes[][2] = {
        {"2026-11-22T19:05:01+0000 web-1 shop[71]: ", "2026-11-22T19:06:01+0000 web-1 shop[71]: "},
        {"shop-1  | ", "shop-1  | "},
        {"> ", "> "},
    };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        read_prefixed(prefixes[i][0], prefixes[i][1]);
        assert_int_equal(t.capture.n_dumps, 2);
        for (size_t dump = 0; dump < 2; dump++) {
            assert_int_equal(by_id(dump, 1)->n_frames, 1);
            assert_int_equal(by_id(dump, 8)->n_frames, 2);
            assert_string_equal(text_of(by_id(dump, 8)->created_by.function), "main.New");
        }
        int64_t apart_ns = t.capture.dumps[1].time_ns - t.capture.dumps[0].time_ns;
        assert_int_equal(apart_ns, i ? 0 : 60 * MT_SECOND_NS);
        clear(NULL);
    }
}

static void begins_another_dump_where_an_id_comes_again(void **state)
{
    (void)state;
    static const char again[] = "goroutine 1 [select]:\nmain.main()\n\t/m.go:1 +0x1\n\n"
                                "goroutine 2 [select]:\nmain.f()\n\t/m.go:2 +0x1\n\n"
                                "goroutine 1 [select]:\nmain.main()\n\t/m.go:1 +0x1\n\n"
                                "goroutine 3 [select]:\nmain.f()\n\t/m.go:2 +0x1\n";
    read_text(again);
    assert_int_equal(t.capture.n_dumps, 2);
    assert_int_equal(t.capture.dumps[1].n_goroutines, 2);
}

static void begins_another_dump_at_the_goroutine_that_writes_it(void **state)
{
    (void)state;
    read_text(
        "goroutine 50 [running]:\nruntime/pprof.writeGoroutineStacks({0x1})\n\t/p.go:7\n\n"
        "goroutine 1 [select]:\nmain.main()\n\t/m.go:1 +0x1\n\n"
        "goroutine 60 [running] {a: b}:\nruntime/pprof.writeGoroutineStacks({0x1})\n\t/p.go:7\n"
        "main.h()\n\t/m.go:9\n\n"
        "goroutine 1 [select]:\nmain.main()\n\t/m.go:1 +0x1\n");
    assert_int_equal(t.capture.n_dumps, 2);
    assert_int_equal(t.capture.dumps[0].n_goroutines, 2);
    assert_int_equal(t.capture.dumps[0].n_labels, 0);
    assert_int_equal(t.capture.dumps[1].n_goroutines, 2);
    assert_int_equal(by_id(1, 60)->n_frames, 2);
    assert_string_equal(text_of(t.capture.dumps[1].labels[0].text), "b");
    assert_false(t.capture.dumps[0].from_panic);
}

static void dates_a_dump_by_the_line_before_it(void **state)
{
    (void)state;
    read_text("2026-11-22T19:35:06Z dumping\ngoroutine 1 [running]:\nmain.main()\n\t/m.go:1\n\n"
              "goroutine 2 [select]:\nmain.f()\n\t/m.go:2\n\n"
              "Sun Nov 22 19:35:36 UTC 2026\ngoroutine 1 [running]:\nmain.main()\n\t/m.go:1\n");
    assert_int_equal(t.capture.n_dumps, 2);
    assert_int_equal(t.capture.dumps[0].time_ns, 1795376106 * MT_SECOND_NS);
    assert_false(t.capture.dumps[0].clock.zone_unknown);
    assert_int_equal(t.capture.dumps[1].time_ns, 1795376136 * MT_SECOND_NS);
}

static void passes_over_lines_of_others_inside_a_stack(void **state)
{
    (void)state;
    read_text("goroutine 1 [select]:\nmain.main()\ngc 7 @1.2s 3%: ...\n\t/m.go:1 +0x1\n"
              "INFO request done\nmain.caller(0x1)\n\t/m.go:2 +0x1\nexit status 2\n");
    assert_int_equal(t.capture.dumps[0].n_frames, 2);
    assert_string_equal(text_of(frame_of(0, 1, 0)->function), "main.main");
    char *object = mt_testing_inspect(&t, READER);
    assert_non_null(strstr(object, "\"interleaved\":3"));
    free(object);
    /* the log goes on for long: what looks like frames there belongs to nobody */
    char text[4096] = "goroutine 1 [select]:\nmain.main()\n\t/m.go:1 +0x1\n";
    for (int i = 0; i < 20; i++)
        strcat(text, "INFO request done\n");
    strcat(text, "call(1)\n  at line x:12\n");
    read_text(text);
    assert_int_equal(t.capture.dumps[0].n_frames, 1);
}

static void trusts_only_arguments_that_are_sure(void **state)
{
    (void)state;
    read_text("goroutine 1 [sync.Mutex.Lock]:\n"
              "internal/sync.runtime_SemacquireMutex(0x817fed?, 0x3?, 0x7?)\n\t/sema.go:95 +0x25\n"
              "internal/sync.(*Mutex).lockSlow(0x2d5f406b6180)\n\t/mutex.go:149 +0x15d\n"
              "sync.(*Mutex).Lock(...)\n\t/mutex.go:46\n"
              "main.f(0xc000000001)\n\t/m.go:1 +0x1\n"
              "sync.(*Once).doSlow(0xc000000002)\n\t/once.go:1 +0x1\n\n"
              "goroutine 2 [chan receive]:\nruntime.gopark(0x1?)\n\t/proc.go:1 +0x1\n"
              "runtime.chanrecv(0xc000080240, 0x0, 0x1)\n\t/chan.go:583 +0x1\n"
              "main.f(0xc000000001)\n\t/m.go:1 +0x1\n");
    assert_int_equal(by_id(0, 1)->lock_address, 0x2d5f406b6180);
    assert_int_equal(by_id(0, 1)->wait_address, 0);
    assert_int_equal(by_id(0, 2)->wait_address, 0xc000080240);
    assert_int_equal(by_id(0, 2)->lock_address, 0);
}

static void reads_frames_of_c_and_stacks_that_are_not_there(void **state)
{
    (void)state;
    read_text(
        "goroutine 1 [syscall]:\nnon-Go function at pc=0x45\nx_cgo_wait\n\t/src/x.c:5 pc=0x1\n"
        "non-Go function\n\tpc=0x7\nmain._Cfunc_wait(0x1)\n\t_cgo_gotypes.go:49 +0x1\n\n"
        "goroutine 2 [running]:\n\tgoroutine running on other thread; stack unavailable\n"
        "created by main.f\n\t/m.go:3 +0x1\n");
    assert_int_equal(by_id(0, 1)->n_frames, 4);
    assert_string_equal(text_of(frame_of(0, 1, 1)->function), "x_cgo_wait");
    assert_string_equal(text_of(frame_of(0, 1, 1)->file), "/src/x.c");
    assert_int_equal(frame_of(0, 1, 2)->file, 0);
    assert_int_equal(by_id(0, 2)->n_frames, 0);
    assert_true(by_id(0, 2)->elided);
    assert_int_equal(by_id(0, 2)->created_by.line, 3);
}

static void counts_headers_that_are_broken(void **state)
{
    (void)state;
    read_text("goroutine 99999999999999999999 [running]:\nmain.f()\n\t/m.go:3\n\n"
              "goroutine 2 [sel\ngoroutine 3 [select, 99999999999999999999 minutes]:\n"
              "main.f(\n\t/m.go:3\nmain.g()\n\t/m.go:4\n\x00\xff\xfe(\x80)\n\t\xff:1\n");
    assert_int_equal(t.capture.skipped, 2);
    assert_int_equal(t.capture.records, 1);
    assert_int_equal(by_id(0, 3)->wait_ns, 0);
    assert_string_equal(text_of(frame_of(0, 3, by_id(0, 3)->n_frames - 1)->function), "main.g");
}

static void survives_long_lines_deep_stacks_and_zero_bytes(void **state)
{
    (void)state;
    struct mt_text text = {0};
    mt_text_add(&text, "goroutine 1 [select]:\n");
    for (int i = 0; i < 70000; i++)
        mt_text_printf(&text, "main.f%d(0x1)\n\t/m.go:%d\n", i % 7, i);
    mt_text_add(&text, "\ngoroutine 2 [select]:\n");
    for (int i = 0; i < 200000; i++)
        mt_text_byte(&text, 'x');
    mt_text_bytes(&text, "(0x1)\0)\n\t/m.go:1\nmain.z\0z(0x1)\n\t/m\0.go:1\n", 42);
    mt_testing_read(&t, READER, mt_text_view(&text));
    mt_text_clear(&text);
    check();
    assert_int_equal(by_id(0, 1)->n_frames, 65536); /* --limit stack-frames */
    assert_true(by_id(0, 1)->elided);
    assert_int_equal(by_id(0, 2)->n_frames, 2);
}

#define POD(name, text)                                                                            \
    "{\"log\":\"" text                                                                             \
    "\\n\",\"time\":\"2026-11-22T19:00:00Z\",\"kubernetes\":{\"pod_name\":\"" name "\"}}\n"

static void pods_that_panic_at_the_same_time_are_told_apart(void **state)
{
    (void)state;
    mt_testing_read_text(
        &t, READER,
        POD("a", "panic: no") POD("b", "goroutine 1 [chan receive]:") POD("a", "")
            POD("a", "goroutine 1 [running]:") POD("b", "main.wait()") POD("a", "main.main()")
                POD("b", "\\t/b.go:7") POD("a", "\\t/a.go:3") POD("b", "created by main.start")
                    POD("a", "main.other()") POD("b", "\\t/b.go:9") POD("a", "\\t/a.go:4"));
    check();
    assert_int_equal(t.capture.n_dumps, 2);
    assert_false(t.capture.dumps[0].from_panic);
    assert_string_equal(text_of(frame_of(0, 1, 0)->function), "main.wait");
    assert_string_equal(text_of(by_id(0, 1)->created_by.function), "main.start");
    assert_true(t.capture.dumps[1].from_panic);
    assert_int_equal(by_id(1, 1)->n_frames, 2);
    assert_int_equal(frame_of(1, 1, 1)->line, 4);
}

static void leaves_other_texts_alone(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "goroutine profile: total 12\n1 @ 0x1 0x2\n#\t0x1\tmain.f+0x1\t/m.go:1\n",
        "2026/11/22 19:05:51 started goroutine 12 [worker]\n",
        "INFO goroutine 1 [running]: all good\nmain.f\n",
        "gc 1 @0.5s 1%: 0+0+0 ms clock, 0+0+0 ms cpu, 4->5->2 MB, 5 MB goal, 8 P\n",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(READER->sniff(mt_span_of(others[i])), MT_NO);
        read_text(others[i]);
        assert_int_equal(t.capture.n_dumps, 0);
    }
    assert_int_equal(READER->sniff(MT_SPAN("goroutine 1 [running]:\nma")), MT_LIKELY);
}

static void survives_every_cut(void **state)
{
    (void)state;
    mt_testing_cut_everywhere(READER, DATA "shop-leak.txt", 7);
    mt_testing_cut_everywhere(READER, DATA "ancestors-go1.19.txt", 5);
    mt_testing_cut_everywhere(READER, DATA "zap.jsonl", 1);
    mt_testing_cut_everywhere(READER, DATA "cri.log", 3);
}

static void describes_itself_to_inspect(void **state)
{
    (void)state;
    read_text(TWO);
    char *object = mt_testing_inspect(&t, READER);
    assert_string_equal(
        object, "{\"dumps\":[{\"goroutines\":2,\"frames\":3,\"created_by\":1,\"labelled\":0,"
                "\"locked_to_thread\":1,\"leaked\":0,\"elided\":0,\"longest_wait_minutes\":5,"
                "\"from_panic\":false,\"leak_form\":false,\"states\":{\"chan receive\":1,"
                "\"running\":1}}],\"ancestors\":0,\"interleaved\":0,\"panics\":0}");
    free(object);
}

static void more_goroutines_than_the_limit_are_refused(void **state)
{
    (void)state;
    uint64_t before = mt_limit(MT_LIMIT_GOROUTINES);
    mt_limit_set(MT_LIMIT_GOROUTINES, 2);
    mt_testing_read_text(&t, &mt_reader_goroutine_dump,
                         "goroutine 0 [idle]:\n\ngoroutine 1 [select]:\nmain.f()\n\t/f.go:1\n");
    assert_true(t.ok);
    mt_testing_read_text(&t, &mt_reader_goroutine_dump,
                         "goroutine 0 [idle]:\n\ngoroutine 1 [select]:\n\n"
                         "goroutine 2 [select]:\n\ngoroutine 3 [select]:\n");
    assert_false(t.ok);
    assert_int_equal(t.err.code, MT_ERR_LIMIT);
    assert_int_equal(t.capture.records, 2);
    assert_int_equal(t.capture.dumps[0].n_goroutines, 2);
    mt_limit_set(MT_LIMIT_GOROUTINES, before);
}

static void an_id_that_comes_again_begins_a_dump_and_so_does_that_of_no_goroutine(void **state)
{
    (void)state;
    mt_testing_read_text(&t, &mt_reader_goroutine_dump,
                         "goroutine 0 [idle]:\n\ngoroutine 7 [select]:\n\n"
                         "goroutine 0 [idle]:\n\ngoroutine 7 [select]:\n\n"
                         "goroutine 7 [select]:\n\n");
    assert_int_equal(t.capture.n_dumps, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(reads_state_wait_frames_and_creator, clear),
        cmocka_unit_test_teardown(reads_a_leak_profile_with_labels, clear),
        cmocka_unit_test_teardown(keeps_the_stacks_of_ancestors_out, clear),
        cmocka_unit_test_teardown(reads_a_crash_with_registers_and_addresses, clear),
        cmocka_unit_test_teardown(reads_dumps_of_gccgo_and_of_go_1_15, clear),
        cmocka_unit_test_teardown(takes_each_panic_of_a_server_log_as_a_dump_of_its_own, clear),
        cmocka_unit_test_teardown(joins_lines_that_a_container_log_has_cut, clear),
        cmocka_unit_test_teardown(sees_through_prefixes_wrappers_and_escapes, clear),
        cmocka_unit_test_teardown(every_goroutine_behind_a_prefix_keeps_its_stack, clear),
        cmocka_unit_test_teardown(begins_another_dump_where_an_id_comes_again, clear),
        cmocka_unit_test_teardown(begins_another_dump_at_the_goroutine_that_writes_it, clear),
        cmocka_unit_test_teardown(dates_a_dump_by_the_line_before_it, clear),
        cmocka_unit_test_teardown(passes_over_lines_of_others_inside_a_stack, clear),
        cmocka_unit_test_teardown(trusts_only_arguments_that_are_sure, clear),
        cmocka_unit_test_teardown(reads_frames_of_c_and_stacks_that_are_not_there, clear),
        cmocka_unit_test_teardown(counts_headers_that_are_broken, clear),
        cmocka_unit_test_teardown(survives_long_lines_deep_stacks_and_zero_bytes, clear),
        cmocka_unit_test_teardown(pods_that_panic_at_the_same_time_are_told_apart, clear),
        cmocka_unit_test_teardown(leaves_other_texts_alone, clear),
        cmocka_unit_test_teardown(survives_every_cut, clear),
        cmocka_unit_test_teardown(describes_itself_to_inspect, clear),
        cmocka_unit_test(more_goroutines_than_the_limit_are_refused),
        cmocka_unit_test(an_id_that_comes_again_begins_a_dump_and_so_does_that_of_no_goroutine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
