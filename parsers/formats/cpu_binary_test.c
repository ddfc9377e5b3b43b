/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/profile/one_reader_for_tests.h"

extern const struct mt_reader mt_reader_cpu_binary;
static const struct mt_reader *const reader = &mt_reader_cpu_binary;

static void same_profile(const char *path)
{
    fixture_load(&f, reader, path);
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_CPU);
    assert_int_equal(p->period, 10000000);
    assert_int_equal(p->n_samples, 3);
    static const int64_t go[] = {3, 30000000, 1, 10000000, 2, 20000000}; /* pprof -raw */
    assert_memory_equal(p->values, go, sizeof go);
    assert_int_equal(p->n_locations, 6);
    /* the signal handler, second frame of all, is gone; so is the doubled leaf of the third */
    assert_int_equal(p->samples[0].n_frames, 3);
    assert_int_equal(p->samples[1].n_frames, 2);
    assert_int_equal(p->samples[2].n_frames, 2);
    assert_int_equal(p->locations[1].address, 0x401100);
}

static void all_word_forms_read_alike(void **state)
{
    (void)state;
    same_profile("testdata/cpu-binary/cpu64le.prof");
    struct mt_span little = load("testdata/cpu-binary/cpu64le.prof");
    assert_int_equal(reader->sniff(little), MT_CERTAIN);
    assert_int_equal(reader->sniff(mt_span_sub(little, 0, 39)), MT_NO);
    unload(little);
    same_profile("testdata/cpu-binary/cpu32be.prof");
    assert_string_is(&f, f.capture.profiles[0].mappings[0].file, "/srv/bin/shopd");
}

/* The same number as Go's reader: go tool pprof -raw gperftools.prof */
static void reads_the_map_behind_the_samples(void **state)
{
    (void)state;
    fixture_load(&f, reader, "testdata/cpu-binary/gperftools.prof");
    assert_int_equal(f.capture.n_profiles, 1);
    const struct mt_profile *p = &f.capture.profiles[0];
    assert_int_equal(p->n_mappings, 12);
    assert_string_equal(mt_string_text(&f.strings, p->mappings[0].file), "/srv/shelf/shelf");
}

static void refuses_more_addresses_than_there_is_room(void **state)
{
    (void)state;
    static const unsigned char words[] = {0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1,   0,   0,   0,
                                          0, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 100, 200, 255, 127};
    assert_false(fixture_read(&f, reader, (struct mt_span){words, sizeof words}));
    assert_non_null(strstr(f.err.what, "more addresses"));
    assert_int_equal(f.err.offset, 28);
}

static void survives_cuts_and_flips(void **state)
{
    (void)state;
    survives_damage(&f, reader, "testdata/cpu-binary/cpu64le.prof", 1);
    survives_damage(&f, reader, "testdata/cpu-binary/cpu32be.prof", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_word_forms_read_alike),
        cmocka_unit_test(reads_the_map_behind_the_samples),
        cmocka_unit_test(refuses_more_addresses_than_there_is_room),
        cmocka_unit_test(survives_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
