/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/profile/one_reader_for_tests.h"

extern const struct mt_reader mt_reader_thread_text;
static const struct mt_reader *const reader = &mt_reader_thread_text;

static void counts_threads_with_equal_stacks_together(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/thread-text/server.txt");
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_THREADCREATE);
    assert_int_equal(p->n_samples, 2);
    assert_int_equal(p->values[0], 1);
    assert_int_equal(p->values[1], 2);
    assert_int_equal(p->samples[0].n_frames, 3);
    assert_int_equal(p->locations[0].address, 0x401f1c); /* the innermost is no return address */
    assert_int_equal(p->locations[1].address, 0x401e30);
}

static void names_in_the_memory_map_are_replaced(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/thread-text/server.txt");
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->n_mappings, 3); /* two, and one made up for an address in none */
    assert_string_is(&f, p->mappings[0].file, "/srv/bin/shopd");
    assert_string_is(&f, p->mappings[p->locations[2].mapping].file, "/lib/libc-2.31.so");
    assert_string_is(&f, p->mappings[p->locations[3].mapping].file, "");
}

static void refuses_what_is_no_thread(void **state)
{
    (void)state;
    refuses(&f, reader, "--- threadz 1 ---\n", 18, "expected \"--- Thread");
    refuses(&f, reader, "--- Thread 7f (name: a/b) stack: ---\n 0x1\n", 0, "expected \"--- Thread");
    assert_true(fixture_text(&f, reader,
                             "--- Thread 7f (name: a/1) stack: ---\n 0x1\n"
                             "---- no stack trace for thread 8 ----\n"));
}

static void damage_keeps_the_threads_before_it(void **state)
{
    (void)state;
    refuses(&f, reader,
            "--- Thread 7f (name: a/1) stack: ---\n 0x1 0x2\n"
            "--- Thread 7f (name: a/1) stack: ---\n 0x1 0x1ffffffffffffffff\n",
            83, "an address does not fit");
    assert_int_equal(f.capture.profiles[0].n_samples, 1);
    assert_int_equal(f.capture.profiles[0].n_frames, 2);
    refuses(&f, reader,
            "--- threadz 1 ---\n\n--- Thread 7f (name: a/1) stack: ---\n 0x1\n"
            "--- threadz 1 ---\n\n--- Thread 7f (name: a/1) stack: ---\n 0x1\n",
            61, "expected \"--- Thread");
    assert_int_equal(f.capture.profiles[0].values[0], 1);
    /* the same as no thread at all */
    refuses(&f, reader, "--- Thread 7f (name: a/1) stack: ---\n  [same as previous thread]\n", 65,
            "expected \"--- Thread");
    assert_int_equal(f.capture.profiles[0].n_samples, 0);
}

static void survives_cuts_and_flips(void **state)
{
    (void)state;
    survives_damage(&f, reader, "testdata/thread-text/server.txt", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_threads_with_equal_stacks_together),
        cmocka_unit_test(names_in_the_memory_map_are_replaced),
        cmocka_unit_test(refuses_what_is_no_thread),
        cmocka_unit_test(damage_keeps_the_threads_before_it),
        cmocka_unit_test(survives_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
