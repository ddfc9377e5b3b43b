/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/profile/one_reader_for_tests.h"

extern const struct mt_reader mt_reader_contention_text;
static const struct mt_reader *const reader = &mt_reader_contention_text;

static void totals_are_those_of_go(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/contention-text/mutex.txt");
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_MUTEX);
    assert_int_equal(p->values[0], 79);
    assert_int_equal(p->values[1], 266561541); /* go tool pprof -raw */
    assert_string_equal(frame_of(&f, p, 0, 0), "sync.(*Mutex).Unlock");
    assert_string_equal(frame_of(&f, p, 0, 1), "main.hold");
    fixture_load(&f, reader, "testdata/contention-text/block.txt");
    assert_int_equal(f.capture.profiles[0].kind, MT_PROFILE_BLOCK);
    assert_int_equal(f.capture.profiles[0].n_samples, 2);
}

static void scales_by_period_and_clock(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "--- contentionz 1 ---\ncycles/second = 2000000000\n"
                             "sampling period = 100\nms since reset = 5\n"
                             "discarded samples = 0\n  300   7 @ 0x11 0x22\n"));
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->values[0], 700);
    assert_int_equal(p->values[1], 15000);
    assert_int_equal(p->period, 100);
    assert_int_equal(p->duration_ns, 5000000);
    assert_int_equal(p->locations[1].address, 0x21);
    assert_true(fixture_text(&f, reader, "--- mutex:\nsampling period=0\n300 7 @ 0x11\n"));
    assert_int_equal(f.capture.profiles[0].values[1], 300);
}

static void several_dumps_are_several_profiles(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "--- mutex:\ncycles/second=2000000000\nsampling period=5\n"
                             "40 1 @ 0x11\n\n--- contention:\ncycles/second=1000000000\n"
                             "40 1 @ 0x11\n--- mutex:\n--- mutex:\n40 3 @ 0x11\n"));
    assert_int_equal(f.capture.n_profiles, 4);
    const struct mt_profile *p = f.capture.profiles;
    static const enum mt_profile_kind kinds[] = {MT_PROFILE_MUTEX, MT_PROFILE_BLOCK,
                                                 MT_PROFILE_MUTEX, MT_PROFILE_MUTEX};
    static const size_t samples_of[] = {1, 1, 0, 1};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(p[i].kind, kinds[i]);
        assert_int_equal(p[i].n_samples, samples_of[i]);
    }
    assert_int_equal(p[0].values[1], 100);
    assert_int_equal(p[1].values[1], 40);
    assert_int_equal(p[3].values[1], 40); /* no clock rate: that of the others is not its own */
    refuses(&f, reader, "--- mutex:\n40 1 @ 0x11\n--- mutex:\n40 1 0x11\n", 34,
            "expected a sample");
    assert_int_equal(f.capture.n_profiles, 2);
}

static void a_damaged_line_ends_it_there(void **state)
{
    (void)state;
    refuses(&f, reader, "--- mutex:\n1 2 @ 0x10\n1 x @ 0x10\n", 22, "expected a sample");
    assert_int_equal(f.capture.profiles[0].n_samples, 1);
    refuses(&f, reader, "--- mutex:\ncolour=blue\n", 11, "no such attribute");
    refuses(&f, reader, "--- mutex:\ncycles/second=fast\n", 11, "no such attribute");
    refuses(&f, reader, "--- mutex:\n1 99999999999999999999 @ 0x10\n", 11, "does not fit");
    refuses(&f, reader, "--- mutex:\n1 2 @ 0x10\n1 2 @ 0x10 0x10000000000000000\n", 22,
            "an address does not fit");
    assert_int_equal(f.capture.profiles[0].n_frames, 1);
    refuses(&f, reader, "--- mutter:\n", 0, "expected \"--- contention:\"");
    assert_true(fixture_text(&f, reader, "--- mutex:\n"));
}

static void survives_cuts_and_flips(void **state)
{
    (void)state;
    survives_damage(&f, reader, "testdata/contention-text/mutex.txt", 1);
    assert_true(fixture_text(&f, reader,
                             "--- mutex:\nsampling period=9223372036854775807\n"
                             "9223372036854775807 9223372036854775807 @ 0x0\n"));
}

static void leaves_java_to_its_reader(void **state)
{
    (void)state;
    assert_int_equal(reader->sniff(MT_SPAN("--- contentionz 1 ---\nformat = java\n")), MT_NO);
    assert_int_equal(reader->sniff(MT_SPAN("--- contentionz 1 ---\ncycles/second = 1\n")),
                     MT_CERTAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_those_of_go),
        cmocka_unit_test(scales_by_period_and_clock),
        cmocka_unit_test(several_dumps_are_several_profiles),
        cmocka_unit_test(a_damaged_line_ends_it_there),
        cmocka_unit_test(survives_cuts_and_flips),
        cmocka_unit_test(leaves_java_to_its_reader),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
