/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/profile/one_reader_for_tests.h"
#include "parsers/model/top.h"

#include <math.h>

extern const struct mt_reader mt_reader_heap_text;
static const struct mt_reader *const reader = &mt_reader_heap_text;

static void totals_are_those_of_go(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/heap-text/go.txt");
    assert_int_equal(f.capture.n_profiles, 1);
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_HEAP);
    assert_int_equal(p->period, 524288); /* the header says 1048576 */
    assert_int_equal(p->n_samples, 16);
    struct mt_top *tops = mt_profile_top(&f.arena, &f.strings, p, 1);
    static const int64_t go[] = {96701, 19422073, 76715,
                                 3671536}; /* go tool pprof -raw, added up */
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(tops[i].total, go[i]);
    assert_int_equal(p->default_index, 3);
}

static void unbiases_by_size_and_rate(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "heap profile: 1: 4096 [3: 12288] @ heap/1048576\n"
                             "1: 4096 [3: 12288] @ 0x11 0x21\n"));
    const struct mt_profile *p = &f.capture.profiles[0];
    double scale = 1 / (1 - exp(-4096.0 / 524288));
    assert_int_equal(p->values[0], (int64_t)(3 * scale));
    assert_int_equal(p->values[1], (int64_t)(12288 * scale));
    assert_int_equal(p->values[2], (int64_t)scale);
    assert_int_equal(p->values[3], (int64_t)(4096 * scale));
    assert_int_equal(p->labels[0].number, 4096);
    assert_int_equal(p->locations[0].address, 0x10); /* the call, not the return address */
}

static void keeps_what_is_not_sampled(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "heap profile: 2: 64 [2: 64] @ heap/2\n"
                             "2: 64 [2: 64] @ 0x11\n"));
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->n_types, 2); /* nothing was freed: one pair */
    assert_string_is(&f, p->types[1].type, "space");
    assert_int_equal(p->values[1], 64);
    assert_true(fixture_text(&f, reader,
                             "heap profile: 2: 64 [2: 64] @ growthz\n"
                             "    2:   64 [   2:   64] @ 0x11\n"));
    assert_int_equal(f.capture.profiles[0].values[1], 64);
    assert_int_equal(f.capture.profiles[0].period, 1);
    assert_true(fixture_text(&f, reader,
                             "heap profile: 1: 8 [1: 9] @ heap_v2/524288\n"
                             "1: 8 [1: 9] @ 0x11\n"));
    assert_int_equal(f.capture.profiles[0].period, 524288);
    assert_int_equal(f.capture.profiles[0].values[2], 65536);
}

static void lines_may_end_in_lone_carriage_returns(void **state)
{
    (void)state;
    struct mt_span text = MT_SPAN("heap profile: 1: 2 [1: 2] @ heapprofile\r1: 2 [1: 2] @ 0x7\r"
                                  "#\t0x6\tmain.f+0x1\tf.go:3\r\r# HeapAlloc = 4096\r");
    assert_int_equal(reader->sniff(text), MT_CERTAIN);
    assert_true(fixture_read(&f, reader, text));
    assert_int_equal(f.capture.profiles[0].n_samples, 1);
    assert_string_equal(frame_of(&f, &f.capture.profiles[0], 0, 0), "main.f");
    assert_int_equal(f.capture.n_tables, 1);
}

static void takes_functions_from_comments(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "heap profile: 1: 8 [1: 8] @ heap/2\n"
                             "1: 8 [1: 8] @ 0x101 0x202 0x303 0x404\n"
                             "#\t0x201\tmain.(*Cache).put+0x1b\t\t/src/cache.go:41\n"
                             "#\t0x302\tmain.main+0x2\t\tmain.go:7\n"
                             "\n"));
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->samples[0].n_frames, 2); /* the runtime's, without a name, went */
    assert_string_equal(frame_of(&f, p, 0, 0), "main.(*Cache).put");
    assert_string_equal(frame_of(&f, p, 0, 1), "main.main");
    assert_int_equal(p->lines[0].line, 41);
    assert_string_is(&f, p->functions[p->lines[0].function].file, "/src/cache.go");
}

static void the_trailer_is_a_row_of_memstats(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/heap-text/go.txt");
    assert_int_equal(f.capture.n_tables, 1);
    const struct mt_table *t = &f.capture.tables[0];
    assert_string_equal(t->source, "memstats");
    assert_int_equal(t->n_rows, 1);
    assert_int_equal(t->time_ns[0], MT_NO_TIME);
    static const struct {
        enum mt_metric metric;
        double value; /* by grep in the file */
    } known[] = {
        {MT_M_HEAP_ALLOC, 4003816},  {MT_M_SYS, 17668360},
        {MT_M_NUM_GC, 10},           {MT_M_LAST_GC, 1795374232002073137.0},
        {MT_M_STACK_INUSE, 622592},  {MT_M_STACK_SYS, 622592},
        {MT_M_MSPAN_INUSE, 87040},   {MT_M_LAST_PAUSE, 80279},
        {MT_M_PAUSE_TOTAL, 1708609}, {MT_M_GC_CPU_FRACTION, 0.00205344600454865},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(mt_table_last(t, known[i].metric) == known[i].value);
}

static void inspect_shows_the_trailer(void **state)
{
    (void)state;
    struct mt_text text = {0};
    struct mt_json_out out;
    fixture_text(&f, reader,
                 "heap profile: 1: 8 [1: 8] @ heap/2\n# HeapAlloc = 100\n"
                 "# MCache = 3 / 4\n# LastGC = 0\n# DebugGC = false\n");
    mt_json_begin(&out, &text);
    mt_json_object(&out);
    reader->inspect(&f.capture, &out);
    mt_json_object_end(&out);
    assert_non_null(strstr(text.data, "\"memstats\":{\"HeapAlloc\":100,\"MCacheInuse\":3,"
                                      "\"MCacheSys\":4}}"));
    mt_text_clear(&text);
}

static void several_dumps_are_several_profiles(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "heap profile: 1: 8 [2: 16] @ heap/2\n"
                             "1: 8 [2: 16] @ 0x11\n"
                             "# HeapAlloc = 100\n"
                             "heap profile: 3: 24 [4: 32] @ heap/2\n"
                             "3: 24 [4: 32] @ 0x11\n"
                             "# HeapAlloc = 200\n"));
    assert_int_equal(f.capture.n_profiles, 2);
    assert_int_equal(f.capture.profiles[1].values[3], 24);
    assert_int_equal(f.capture.tables[0].n_rows, 2);
    assert_true(f.capture.tables[0].columns[MT_M_HEAP_ALLOC][1] == 200);
}

static void a_time_before_a_dump_is_that_of_the_dump(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                               "Date: Sun, 22 Nov 2026 19:04:21 GMT\r\n\r\n"
                               "heap profile: 1: 8 [2: 16] @ heap/2\n1: 8 [2: 16] @ 0x11\n"
                               "# HeapAlloc = 100\nSun Nov 22 19:04:22 UTC 2026\n"
                               "heap profile: 3: 24 [4: 32] @ heap/2\n3: 24 [4: 32] @ 0x11\n"
                               "# HeapAlloc = 200\n";
    assert_int_equal(reader->sniff(mt_span_of(text)), MT_CERTAIN);
    assert_true(fixture_text(&f, reader, text));
    assert_int_equal(f.capture.n_profiles, 2);
    assert_int_equal(f.capture.tables[0].n_rows, 2);
    for (size_t i = 0; i < 2; i++) {
        int64_t time_ns = (1795374261 + (int64_t)i) * MT_SECOND_NS;
        assert_int_equal(f.capture.profiles[i].time_ns, time_ns);
        assert_int_equal(f.capture.profiles[i].n_samples, 1);
        assert_int_equal(f.capture.tables[0].time_ns[i], time_ns);
    }
    refuses(
        &f, reader,
        "heap profile: 1: 8 [1: 8] @ heap/2\n1: 8 [1: 8] @ 0x11\nSun Nov 22 19:04:22 UTC 2026\n",
        54, "expected a sample"); /* no dump follows: Go refuses it, too */
}

static void a_damaged_line_ends_it_there(void **state)
{
    (void)state;
    refuses(&f, reader,
            "heap profile: 1: 8 [1: 8] @ heap/2\n1: 8 [1: 8] @ 0x11\n1: 8 [1 8] @ 0x1\n", 54,
            "expected a sample");
    assert_int_equal(f.capture.n_profiles, 1); /* what stood before is kept */
    assert_int_equal(f.capture.profiles[0].n_samples, 1);
    refuses(&f, reader, "heap profile: 1: 8 [1: 8] @ heap/2\n0: 8 [1: 8] @ 0x11\n", 35,
            "8 bytes in no object");
    refuses(&f, reader,
            "heap profile: 1: 8 [1: 8] @ heap/2\n1: 99999999999999999999 [1: 8] @ 0x11\n", 35,
            "does not fit in 64 bit");
    refuses(&f, reader, "heap profile: 1: 8 [1: 8] @ heap/2\n1: 8 [1: 8] @ 0x1ffffffffffffffff\n",
            35, "an address does not fit");
    refuses(&f, reader, "heap profile: 1: 8 [1: 8] @ heap/2\n", 35, "the file was cut");
    refuses(&f, reader, "heap profile: 1: 8 [1: 8] @ heaven/2\n", 0, "expected \"heap profile");
}

static void survives_cuts_and_flips(void **state)
{
    (void)state;
    survives_damage(&f, reader, "testdata/heap-text/go.txt", 61);
    assert_true(fixture_text(&f, reader,
                             "heap profile: 1: 8 [1: 9] @ heap/2\n"
                             "-1: -9223372036854775808 [1: 8] @ 0x11\n"));
    fixture_text(&f, reader,
                 "heap profile: 1: 8 [1: 9] @ heap/4\n"
                 "9223372036854775807: 1 [1: 9223372036854775807] @ 0x0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_those_of_go),
        cmocka_unit_test(unbiases_by_size_and_rate),
        cmocka_unit_test(keeps_what_is_not_sampled),
        cmocka_unit_test(lines_may_end_in_lone_carriage_returns),
        cmocka_unit_test(takes_functions_from_comments),
        cmocka_unit_test(the_trailer_is_a_row_of_memstats),
        cmocka_unit_test(inspect_shows_the_trailer),
        cmocka_unit_test(several_dumps_are_several_profiles),
        cmocka_unit_test(a_time_before_a_dump_is_that_of_the_dump),
        cmocka_unit_test(a_damaged_line_ends_it_there),
        cmocka_unit_test(survives_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
