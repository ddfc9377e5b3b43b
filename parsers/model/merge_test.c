/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/profile/for_tests.h"
#include "parsers/model/for_tests.h"
#include "parsers/model/merge.h"
#include "parsers/model/top.h"

#include <time.h>

extern const struct mt_reader mt_reader_pprof;

static struct mt_arena arena;
static struct mt_strings strings;
static struct maker a, b;
static struct mt_err err;

static int setup(void **state)
{
    (void)state;
    err = (struct mt_err){0};
    mt_strings_init(&strings, &arena);
    maker_begin(&a, &strings, 2);
    maker_begin(&b, &strings, 2);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mt_arena_clear(&a.arena);
    mt_arena_clear(&b.arena);
    mt_arena_clear(&arena);
    return 0;
}

static void equal_stacks_are_one_sample(void **state)
{
    (void)state;
    struct mt_profile out;
    maker_sample(&a, 5, "f main");
    maker_sample(&a, 2, "f main");
    maker_sample(&a, 1, "main");
    maker_sample(&b, 4, "f main");
    struct mt_merge_source sources[] = {{&a.p, false}, {&b.p, false}};
    assert_true(mt_profile_merge(&arena, &strings, sources, 2, &out, &err));
    assert_int_equal(out.n_samples, 2);
    assert_int_equal(out.values[0], 11);
    assert_int_equal(out.n_functions, 2);
    assert_int_equal(out.n_locations, 2);
}

static void labels_tell_samples_apart_in_any_order_of_keys(void **state)
{
    (void)state;
    struct mt_profile out;
    maker_sample(&a, 1, "f"), maker_label(&a, "k", "v", 0), maker_label(&a, "n", "", 7);
    maker_sample(&a, 2, "f"), maker_label(&a, "n", "", 7), maker_label(&a, "k", "v", 0);
    maker_sample(&a, 4, "f"), maker_label(&a, "k", "w", 0), maker_label(&a, "n", "", 7);
    maker_sample(&a, 8, "f");
    struct mt_merge_source source = {&a.p, false};
    assert_true(mt_profile_merge(&arena, &strings, &source, 1, &out, &err));
    assert_int_equal(out.n_samples, 3);
    assert_int_equal(out.values[0], 3);
}

/* Both of these took quadratic time; at this size they would run for minutes. */
static void a_sample_may_have_very_many_labels(void **state)
{
    (void)state;
    enum { LABELS = 200000 };
    struct mt_profile out;
    uint32_t first = (uint32_t)strings.count;
    for (uint32_t i = 0; i < LABELS; i++)
        mt_intern_text(&strings, mt_arena_printf(&arena, "key %u", i));
    struct maker *makers[] = {&a, &b};
    for (size_t m = 0; m < 2; m++) {
        maker_sample(makers[m], 1, "f")->n_labels = LABELS;
        makers[m]->p.labels = MT_NEW_N(&arena, struct mt_label, LABELS);
        makers[m]->p.n_labels = LABELS;
        for (uint32_t i = 0; i < LABELS; i++)
            makers[m]->p.labels[m ? i : LABELS - 1 - i] =
                (struct mt_label){.key = first + i, .number = i};
    }
    struct mt_merge_source sources[] = {{&a.p, false}, {&b.p, false}};
    clock_t start = clock();
    assert_true(mt_profile_merge(&arena, &strings, sources, 2, &out, &err));
    assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
    assert_int_equal(out.n_samples, 1);
    assert_int_equal(out.values[0], 2);
    assert_int_equal(out.labels[LABELS - 1].number, LABELS - 1);
}

static void comments_are_kept_once_however_many(void **state)
{
    (void)state;
    enum { COMMENTS = 300000 };
    struct mt_profile out;
    a.p.comments = MT_NEW_N(&arena, uint32_t, COMMENTS);
    a.p.n_comments = COMMENTS;
    for (uint32_t i = 0; i < COMMENTS; i++)
        a.p.comments[i] = mt_intern_text(&strings, mt_arena_printf(&arena, "comment %u", i));
    maker_sample(&a, 1, "f");
    struct mt_merge_source sources[] = {{&a.p, false}, {&a.p, false}};
    clock_t start = clock();
    assert_true(mt_profile_merge(&arena, &strings, sources, 2, &out, &err));
    assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
    assert_int_equal(out.n_comments, COMMENTS);
    assert_int_equal(out.comments[COMMENTS - 1], a.p.comments[COMMENTS - 1]);
}

static void labels_need_not_be_there(void **state)
{
    (void)state;
    struct mt_profile out;
    maker_sample(&a, 1, "f");
    maker_sample(&a, 2, "f");
    a.p.labels = NULL;
    struct mt_merge_source source = {&a.p, false};
    assert_true(mt_profile_merge(&arena, &strings, &source, 1, &out, &err));
    assert_int_equal(out.n_samples, 1);
}

static void a_profile_minus_itself_is_empty(void **state)
{
    (void)state;
    struct mt_profile out;
    int64_t *base_abs;
    maker_sample(&a, 5, "f main");
    maker_sample(&a, -3, "main");
    assert_true(mt_profile_subtract(&arena, &strings, &a.p, &a.p, &out, &base_abs, &err));
    assert_int_equal(out.n_samples, 0);
    assert_int_equal(base_abs[0], 8);
}

static void another_load_address_is_the_same_place(void **state)
{
    (void)state;
    struct mt_profile out;
    struct maker *both[] = {&a, &b};
    for (uint64_t i = 0; i < 2; i++) {
        struct mt_profile *p = &both[i]->p;
        maker_sample(both[i], 5, "");
        p->frames[0] = maker_location(both[i], "");
        p->samples[0].n_frames = 1;
        p->n_frames = 1;
        p->mappings[0] = (struct mt_mapping){.id = 1,
                                             .start = 0x1000 + i * 0x10000,
                                             .limit = 0x3000 + i * 0x10000 - i,
                                             .file = mt_intern_text(&strings, "/bin/app")};
        p->n_mappings = 1;
        p->locations[0].mapping = 0;
        p->locations[0].address = 0x1234 + i * 0x10000;
    }
    assert_true(mt_profile_subtract(&arena, &strings, &a.p, &b.p, &out, NULL, &err));
    assert_int_equal(out.n_samples, 0);
    b.p.locations[0].address++;
    assert_true(mt_profile_subtract(&arena, &strings, &a.p, &b.p, &out, NULL, &err));
    assert_int_equal(out.n_samples, 2);
    assert_int_equal(out.n_mappings, 1);
}

static void only_common_types_stay(void **state)
{
    (void)state;
    struct mt_profile out;
    maker_sample(&a, 5, "f");
    maker_sample(&b, 2, "f");
    b.p.types[0] = b.p.types[1]; /* b: inuse_space, then something else */
    b.p.types[1].type = mt_intern_text(&strings, "else");
    b.p.values[0] = 1;
    assert_true(mt_profile_subtract(&arena, &strings, &a.p, &b.p, &out, NULL, &err));
    assert_int_equal(out.n_types, 1);
    assert_int_equal(out.types[0].type, a.p.types[1].type);
    assert_int_equal(out.values[0], 4);
}

static void what_does_not_compare_is_refused(void **state)
{
    (void)state;
    struct mt_profile out;
    uint32_t word = mt_intern_text(&strings, "nanoseconds");
    b.p.types[1].unit = word;
    assert_false(mt_profile_subtract(&arena, &strings, &a.p, &b.p, &out, NULL, &err));
    assert_non_null(strstr(err.what, "inuse_space has the unit bytes here and nanoseconds there"));
    err = (struct mt_err){0};
    b.p.types[0].type = b.p.types[1].type = word;
    assert_false(mt_profile_subtract(&arena, &strings, &a.p, &b.p, &out, NULL, &err));
    assert_non_null(strstr(err.what, "no sample type in common"));
    err = (struct mt_err){0};
    b.p.period_type.type = word;
    assert_false(mt_profile_subtract(&arena, &strings, &a.p, &b.p, &out, NULL, &err));
    assert_non_null(strstr(err.what, "period"));
}

static void sums_wrap(void **state)
{
    (void)state;
    struct mt_profile out;
    maker_sample(&a, INT64_MAX, "f");
    maker_sample(&b, INT64_MIN, "f");
    assert_true(mt_profile_subtract(&arena, &strings, &a.p, &b.p, &out, NULL, &err));
    assert_int_equal(out.values[0], -1);
}

static void figures_are_those_of_go(void **state)
{
    (void)state;
    struct fixture first = {0}, later = {0};
    struct mt_profile out;
    int64_t *base_abs;
    fixture_load(&first, &mt_reader_pprof, "testdata/pprof/heap.pb.gz");
    fixture_load(&later, &mt_reader_pprof, "testdata/pprof/heap-later.pb.gz");
    struct mt_profile base =
        mt_profile_translate(&arena, &first.capture.profiles[0], &first.strings, &later.strings);
    assert_true(mt_profile_subtract(&arena, &later.strings, &later.capture.profiles[0], &base, &out,
                                    &base_abs, &err));
    struct mt_top *t = mt_profile_top(&arena, &later.strings, &out, 0);
    /* go tool pprof -top -base (and -diff_base) testdata/pprof/heap.pb.gz heap-later.pb.gz */
    assert_int_equal(t[3].total, 19059288);
    assert_int_equal(t[3].by_flat[0].flat, 19059288);
    assert_true(mt_span_is(t[3].by_flat[0].name, "git.example.com/platform/gateway/internal/"
                                                 "session.(*Scopes).Enter"));
    assert_int_equal(t[3].n_functions, 7);
    assert_int_equal(base_abs[3], 3818011);
    fixture_clear(&first);
    fixture_clear(&later);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(equal_stacks_are_one_sample),
        T(labels_tell_samples_apart_in_any_order_of_keys),
        T(a_sample_may_have_very_many_labels),
        T(comments_are_kept_once_however_many),
        T(labels_need_not_be_there),
        T(a_profile_minus_itself_is_empty),
        T(another_load_address_is_the_same_place),
        T(only_common_types_stay),
        T(what_does_not_compare_is_refused),
        T(sums_wrap),
        T(figures_are_those_of_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
