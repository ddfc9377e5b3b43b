/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/profile/one_reader_for_tests.h"

extern const struct mt_reader mt_reader_count_text;
static const struct mt_reader *const reader = &mt_reader_count_text;

static void counts_are_those_of_the_file(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/count-text/goroutine.txt");
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_GOROUTINE);
    assert_int_equal(p->n_samples, 9); /* grep -c ' @ ' */
    int64_t sum = 0;
    for (size_t i = 0; i < p->n_samples; i++)
        sum += p->values[i];
    assert_int_equal(sum, 20); /* "total 20" */
    assert_true(p->from_text);
    fixture_load(&f, reader, "testdata/count-text/threadcreate.txt");
    assert_int_equal(f.capture.profiles[0].kind, MT_PROFILE_THREADCREATE);
    assert_int_equal(f.capture.profiles[0].values[0], 4);
}

static void reads_labels_as_go_quotes_them(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/count-text/labels.txt");
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->samples[0].n_labels, 2);
    assert_string_is(&f, p->labels[0].key, "request");
    assert_string_is(&f, p->labels[0].text, "r-1");
    assert_string_is(&f, p->labels[1].key, "tenant");
    assert_string_is(&f, p->labels[1].text, "acme \"x\"\n");
    assert_string_equal(frame_of(&f, p, 0, 0), "main.wait");
    assert_true(fixture_text(&f, reader,
                             "goroutine profile: total 1\n1 @ 0x10\n"
                             "# labels: {\"k\\u00e9\":\"\\x00\\U0001f600\", \"empty\":\"\"}\n"));
    p = &f.capture.profiles[0];
    assert_string_is(&f, p->labels[0].key, "k\xc3\xa9");
    assert_memory_equal(string_of(&f, p->labels[0].text).data, "\0\xf0\x9f\x98\x80", 5);
    assert_true(mt_label_is_text(&p->labels[1]));
}

static void a_broken_label_line_gives_what_stood_before(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "goroutine profile: total 1\n1 @ 0x10\n"
                             "# labels: {\"a\":\"1\", \"b\":\"\\uD\n"));
    assert_int_equal(f.capture.profiles[0].n_labels, 1);
}

static void several_dumps_are_several_profiles(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "2026-11-22T19:35:06Z\ngoroutine profile: total 1\n1 @ 0x10\n\n"
                             "# 2026-11-22T19:35:16Z\ngoroutine profile: total 3\n3 @ 0x10 0x20\n"
                             "curl: (7) Failed to connect\n"
                             "goroutine profile: total 5\n5 @ 0x10\n"));
    assert_int_equal(f.capture.n_profiles, 3);
    const struct mt_profile *p = f.capture.profiles;
    assert_int_equal(p[0].time_ns, 1795376106ll * MT_SECOND_NS);
    assert_int_equal(p[1].time_ns, 1795376116ll * MT_SECOND_NS);
    assert_int_equal(p[2].time_ns, MT_NO_TIME);
    assert_int_equal(p[2].values[0], 5);
    assert_int_equal(f.capture.skipped, 1);
}

static void the_head_of_an_answer_dates_the_dump_behind_it(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                               "Date: Sun, 22 Nov 2026 19:04:21 GMT\r\n\r\n"
                               "goroutine profile: total 2\n2 @ 0x11 0x21\n";
    assert_int_equal(reader->sniff(mt_span_of(text)), MT_CERTAIN);
    assert_true(fixture_text(&f, reader, text));
    assert_int_equal(f.capture.profiles[0].time_ns, 1795374261 * MT_SECOND_NS);
    assert_int_equal(f.capture.profiles[0].n_samples, 1);
}

static void any_name_is_a_count_profile(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "# a comment\n\napp_handles profile: total 2\r\n2 @ 0x1f\r\n"
                             "--- Memory map: ---\n0-40 /bin/app\n"));
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_OTHER);
    assert_string_is(&f, p->types[0].type, "app_handles");
    assert_string_is(&f, p->mappings[p->locations[0].mapping].file, "/bin/app");
    assert_true(fixture_text(&f, reader, "goroutineleak profile: total 0\n"));
    assert_int_equal(f.capture.profiles[0].kind, MT_PROFILE_GOROUTINELEAK);
    assert_int_equal(f.capture.profiles[0].n_samples, 0);
}

static void a_damaged_line_ends_a_single_dump(void **state)
{
    (void)state;
    refuses(&f, reader, "goroutine profile: total 2\n2 @ zzz\n", 27, "expected a sample");
    refuses(&f, reader, "goroutine profile: total 2\n2 @ 0x10  0x20\n", 27, "expected a sample");
    refuses(&f, reader, "goroutine profile: total 2\n2 @ 0x10 0x\n", 27, "expected a sample");
    refuses(&f, reader, "goroutine profile: total 2\n2 @\n", 27, "expected a sample");
    refuses(&f, reader, "goroutine profile: total 2\n99999999999999999999 @ 0x1\n", 27,
            "expected a sample");
    refuses(&f, reader, "goroutine profile: total 2\n1 @ 0x10 0x1ffffffffffffffff\n", 27,
            "expected a sample");
    assert_int_equal(f.capture.profiles[0].n_frames, 0);
    refuses(&f, reader, "goroutine profile: total x\n", 0, "expected \"goroutine profile");
    assert_true(fixture_text(&f, reader, "threadcreate profile: total 2\n2 @\n"));
}

static void survives_cuts_and_flips(void **state)
{
    (void)state;
    survives_damage(&f, reader, "testdata/count-text/goroutine.txt", 7);
    survives_damage(&f, reader, "testdata/count-text/labels.txt", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_the_file),
        cmocka_unit_test(reads_labels_as_go_quotes_them),
        cmocka_unit_test(a_broken_label_line_gives_what_stood_before),
        cmocka_unit_test(several_dumps_are_several_profiles),
        cmocka_unit_test(the_head_of_an_answer_dates_the_dump_behind_it),
        cmocka_unit_test(any_name_is_a_count_profile),
        cmocka_unit_test(a_damaged_line_ends_a_single_dump),
        cmocka_unit_test(survives_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
