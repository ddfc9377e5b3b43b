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

static void a_missing_end_is_said(void **state)
{
    (void)state;
    struct mt_span whole = load("testdata/cpu-binary/gperftools.prof");
    assert_true(fixture_read(&f, reader, whole));
    assert_int_equal(f.capture.n_remarks, 0);
    size_t n_samples = f.capture.profiles[0].n_samples;
    assert_true(fixture_read(&f, reader, mt_span_sub(whole, 0, 400)));
    assert_true(f.capture.profiles[0].n_samples > 0);
    assert_true(f.capture.profiles[0].n_samples < n_samples);
    assert_int_equal(f.capture.n_remarks, 1);
    assert_string_equal(f.capture.remarks[0].id, "no-end");
    unload(whole);
}

/* The same figures as Go's reader: go tool pprof -raw */
static void real_profiles_of_every_word_form(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        size_t n_samples, n_locations, n_mappings;
        int64_t largest; /* values of the heaviest sample */
        uint64_t leaf;   /* its innermost address */
        const char *file;
    } known[] = {
        {"testdata/cpu-binary/gperftools-i386.prof", 8, 13, 2, 110, 0x4000125b, ""},
        {"testdata/cpu-binary/gperftools-s390x.prof", 11, 21, 8, 72, 0x4000000d5c,
         "/opt/sample/cpu-s390x"},
        {"testdata/cpu-binary/gperftools-powerpc.prof", 30, 45, 8, 179, 0x40000a34,
         "/opt/sample/cpu-powerpc"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        fixture_load(&f, reader, known[i].path);
        const struct mt_profile *p = &f.capture.profiles[0];
        assert_int_equal(p->period, 4000000);
        assert_int_equal(p->n_samples, known[i].n_samples);
        assert_int_equal(p->n_locations, known[i].n_locations);
        assert_int_equal(p->n_mappings, known[i].n_mappings);
        size_t heaviest = 0;
        for (size_t k = 0; k < p->n_samples; k++)
            if (p->values[2 * k] > p->values[2 * heaviest])
                heaviest = k;
        assert_int_equal(p->values[2 * heaviest], known[i].largest);
        const struct mt_location *leaf = &p->locations[p->frames[p->samples[heaviest].first_frame]];
        assert_int_equal(leaf->address, known[i].leaf);
        assert_string_is(&f, p->mappings[leaf->mapping].file, known[i].file);
    }
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

static bool read_words(const uint64_t *words, size_t n)
{
    struct mt_text t = {0};
    for (size_t i = 0; i < n; i++)
        for (unsigned shift = 0; shift < 64; shift += 8)
            mt_text_byte(&t, (char)(unsigned char)(words[i] >> shift));
    bool good = fixture_read(&f, reader, (struct mt_span){(unsigned char *)t.data, t.size});
    mt_text_clear(&t);
    return good;
}
#define WORDS(...)                                                                                 \
    read_words((const uint64_t[]){__VA_ARGS__}, sizeof((uint64_t[]){__VA_ARGS__}) / 8)

static void absurd_words_do_no_harm(void **state)
{
    (void)state;
    assert_true(WORDS(0, 3, 0, 10000, 0)); /* nothing but a header */
    assert_int_equal(f.capture.profiles[0].n_samples, 0);
    assert_true(WORDS(0, 3, 0, 1ull << 63, 0, UINT64_MAX, 1, 0, 0, 1, 0));
    assert_int_equal(f.capture.profiles[0].values[0], -1); /* as Go's reader wraps it */
    assert_true(WORDS(0, 3, 0, UINT64_MAX, 0, 1ull << 62, 1, UINT64_MAX, 0, 1, 0));
    assert_int_equal(f.capture.profiles[0].locations[0].address, UINT64_MAX);
    assert_false(WORDS(0, 3, 0, 10000, 0, 1, UINT64_MAX, 7));
    assert_int_equal(f.err.offset, 56);
    /* a second header is a sample of three addresses, then one that claims too many */
    assert_false(WORDS(0, 3, 0, 10000, 0, 2, 1, 64, 0, 3, 0, 10000, 0, 2, 100, 64));
    assert_int_equal(f.capture.profiles[0].values[0], 2);
    assert_int_equal(f.capture.profiles[0].n_samples, 2);
}

static void survives_cuts_and_flips(void **state)
{
    (void)state;
    survives_damage(&f, reader, "testdata/cpu-binary/cpu64le.prof", 1);
    survives_damage(&f, reader, "testdata/cpu-binary/cpu32be.prof", 1);
    survives_damage(&f, reader, "testdata/cpu-binary/gperftools-powerpc.prof", 37);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_word_forms_read_alike),
        cmocka_unit_test(reads_the_map_behind_the_samples),
        cmocka_unit_test(real_profiles_of_every_word_form),
        cmocka_unit_test(refuses_more_addresses_than_there_is_room),
        cmocka_unit_test(absurd_words_do_no_harm),
        cmocka_unit_test(a_missing_end_is_said),
        cmocka_unit_test(survives_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
