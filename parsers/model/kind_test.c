/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/for_tests.h"

static struct maker m;

static int setup(void **state)
{
    (void)state;
    maker_begin(&m, NULL, 2);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mt_arena_clear(&m.arena);
    return 0;
}

static void of_types(const char *first, const char *second, const char *preferred,
                     enum mt_profile_kind kind)
{
    m.p.types[0].type = mt_intern_text(m.strings, first);
    m.p.types[1].type = mt_intern_text(m.strings, second);
    m.p.n_types = *second ? 2 : 1;
    m.p.default_type = mt_intern_text(m.strings, preferred);
    assert_int_equal(mt_profile_recognise(&m.p, m.strings), kind);
}

static void sample_types_tell_the_kind(void **state)
{
    (void)state;
    of_types("goroutine", "", "", MT_PROFILE_GOROUTINE);
    of_types("goroutineleak", "", "", MT_PROFILE_GOROUTINELEAK);
    of_types("threadcreate", "", "", MT_PROFILE_THREADCREATE);
    of_types("samples", "cpu", "", MT_PROFILE_CPU);
    of_types("alloc_space", "inuse_space", "", MT_PROFILE_HEAP);
    of_types("alloc_space", "inuse_space", "inuse_space", MT_PROFILE_HEAP);
    of_types("alloc_space", "inuse_space", "alloc_space", MT_PROFILE_ALLOCS);
    of_types("alloc_objects", "alloc_space", "", MT_PROFILE_ALLOCS);
    of_types("objects", "space", "", MT_PROFILE_HEAP);
    of_types("samples", "time", "", MT_PROFILE_OTHER); /* fgprof: neither CPU nor blocked alone */
    of_types("events", "", "", MT_PROFILE_OTHER);
}

static void unlocking_leaves_make_a_mutex_profile(void **state)
{
    (void)state;
    maker_sample(&m, 1, "sync.(*Mutex).Unlock main.f");
    maker_sample(&m, 1, "runtime.unlock2 main.g");
    maker_sample(&m, 1, "runtime.chanrecv1 main.h");
    of_types("contentions", "delay", "", MT_PROFILE_MUTEX);
    maker_sample(&m, 1, "sync.(*Mutex).Lock main.f");
    of_types("contentions", "delay", "", MT_PROFILE_BLOCK);
}

static void a_contention_profile_of_nothing_is_a_block_profile(void **state)
{
    (void)state;
    of_types("contentions", "delay", "", MT_PROFILE_BLOCK);
}

static void paths_of_references_are_told_from_call_stacks(void **state)
{
    (void)state;
    maker_sample(&m, 1, "main.cache.entries.(map) main.cache.(*main.Cache)");
    assert_int_equal(mt_profile_recognise(&m.p, m.strings), MT_PROFILE_REFERENCES);
    m.p.lines[0].line = 12;
    assert_int_equal(mt_profile_recognise(&m.p, m.strings), MT_PROFILE_HEAP);
    m.p.lines[0].line = 0;
    m.p.locations[0].address = 0x400000;
    assert_int_equal(mt_profile_recognise(&m.p, m.strings), MT_PROFILE_HEAP);
    m.p.locations[0].address = 0;
    m.p.period = 524288;
    assert_int_equal(mt_profile_recognise(&m.p, m.strings), MT_PROFILE_HEAP);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(sample_types_tell_the_kind),
        T(unlocking_leaves_make_a_mutex_profile),
        T(a_contention_profile_of_nothing_is_a_block_profile),
        T(paths_of_references_are_told_from_call_stacks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
