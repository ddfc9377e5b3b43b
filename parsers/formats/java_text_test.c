/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/profile/one_reader_for_tests.h"

extern const struct mt_reader mt_reader_java_text;
static const struct mt_reader *const reader = &mt_reader_java_text;

static void totals_are_those_of_go(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/java-text/heap.txt");
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_HEAP);
    static const int64_t go[] = {8941, 4720968, 3, 1658822, 10923, 524312}; /* pprof -raw */
    assert_int_equal(p->n_samples, 3);
    assert_memory_equal(p->values, go, sizeof go);
    assert_int_equal(p->labels[0].number, 528);
    assert_string_equal(frame_of(&f, p, 0, 0), "com.example.shop.Cache.put");
    assert_int_equal(p->lines[0].line, 41);
    assert_string_equal(frame_of(&f, p, 1, 0), "os::malloc");
    assert_string_equal(frame_of(&f, p, 2, 0), "GC");
}

static void contention_is_scaled_by_its_period(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/java-text/contention.txt");
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_BLOCK);
    assert_int_equal(p->values[0], 200);
    assert_int_equal(p->values[1], 700);
    assert_string_is(&f, p->types[1].unit, "microseconds");
    assert_int_equal(p->duration_ns, 60 * MT_SECOND_NS);
}

static void refuses_what_it_cannot_mean(void **state)
{
    (void)state;
    refuses(&f, reader, "--- heapz 1 ---\nformat = c\n", 16, "no such attribute");
    refuses(&f, reader, "--- heapz 1 ---\nformat = java\n 8 1 @ 0x1\n", 30, "no resolution");
    refuses(&f, reader, "--- heapz 1 ---\nresolution = bytes\n 8 0 @ 0x1\n", 35, "no objects");
    refuses(&f, reader, "--- heapz 2 ---\n", 0, "expected");
}

#define HEAPZ "--- heapz 1 ---\nformat = java\nresolution = bytes\n" /* 49 bytes */

static void refuses_absurd_numbers(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader, HEAPZ));
    assert_int_equal(f.capture.profiles[0].n_samples, 0);
    refuses(&f, reader, HEAPZ " 8 1 @ 0x1\n 8 1 @ 0x1 0x10000000000000000\n", 60, "does not fit");
    assert_int_equal(f.capture.profiles[0].n_samples, 1);
    refuses(&f, reader, HEAPZ " 5 99999999999999999999 @ 0x1\n", 49, "does not fit");
    assert_true(fixture_text(&f, reader, HEAPZ " 9223372036854775807 1 @ 0x1\n"));
    assert_int_equal(f.capture.profiles[0].values[0], 1); /* nearly every object of that size */
    refuses(&f, reader, HEAPZ " 8 1 @ 0x1\n 0x10000000000000000 f (F.java:1)\n", 60,
            "does not fit");
}

static void a_second_profile_is_not_lost_in_silence(void **state)
{
    (void)state;
    refuses(&f, reader, HEAPZ " 8 1 @ 0x1\n 0x1 f (F.java:1)\n" HEAPZ " 8 1 @ 0x1\n", 78,
            "a second profile begins");
    assert_int_equal(f.capture.n_profiles, 1);
    assert_string_equal(frame_of(&f, &f.capture.profiles[0], 0, 0), "f");
}

static void takes_locations_apart(void **state)
{
    (void)state;
    assert_true(fixture_text(&f, reader,
                             "--- heapz 1 ---\nformat = java\nresolution = bytes\n"
                             " 8 1 @ 0x1 0x2 0x3 0x4 0x5 0x6\n"
                             "0x1 f (a) (B.java:12)\n"
                             "0x2 g(x) (/lib/)\n"
                             "0x3 h (:12)\n"
                             "0x4 generated stub/JIT code\n"
                             "0x5 i (C.java:-7)\n"
                             "0x6 ()\n"));
    static const char *const names[] = {"f (a)", "g(x)", "h", "STUB", "i", "()"};
    static const char *const files[] = {"B.java", "lib", ":12", "", "C.java", ""};
    const struct mt_profile *p = &f.capture.profiles[0];
    for (uint32_t i = 0; i < 6; i++) {
        assert_string_equal(frame_of(&f, p, 0, i), names[i]);
        assert_string_is(&f, p->functions[p->lines[i].function].file, files[i]);
    }
    assert_int_equal(p->lines[0].line, 12);
    assert_int_equal(p->lines[4].line, 0);
}

static void long_runs_take_no_longer(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20 };
    char *text = malloc(SIZE + 1);
    assert_non_null(text);
    memset(text, '1', SIZE);
    memcpy(text, "--- heapz 1 ---\n", 16);
    text[SIZE] = '\n';
    fixture_read(&f, reader, (struct mt_span){(const unsigned char *)text, SIZE + 1});
    free(text);
}

static void survives_cuts_and_flips(void **state)
{
    (void)state;
    survives_damage(&f, reader, "testdata/java-text/heap.txt", 1);
    survives_damage(&f, reader, "testdata/java-text/contention.txt", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_are_those_of_go),
        cmocka_unit_test(contention_is_scaled_by_its_period),
        cmocka_unit_test(refuses_what_it_cannot_mean),
        cmocka_unit_test(refuses_absurd_numbers),
        cmocka_unit_test(a_second_profile_is_not_lost_in_silence),
        cmocka_unit_test(takes_locations_apart),
        cmocka_unit_test(long_runs_take_no_longer),
        cmocka_unit_test(survives_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
