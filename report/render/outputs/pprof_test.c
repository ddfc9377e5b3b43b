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
#include "report/render/renderer.h"

#include <stdio.h>

extern const struct mt_reader mt_reader_pprof;
extern const struct mt_renderer mt_renderer_pprof, mt_renderer_folded;

static struct mt_arena arena;
static struct mt_text written;
static char written_name[64];

static bool keep(struct mt_outputs *self, const char *name, struct mt_span bytes)
{
    (void)self;
    written.size = 0;
    mt_text_span(&written, bytes);
    snprintf(written_name, sizeof written_name, "%s", name);
    return true;
}

/* A bundle of heap profiles, in their order. */
static struct mt_bundle *bundle_of(struct mt_strings *strings, struct mt_profile *profiles,
                                   size_t n)
{
    struct mt_bundle *b = MT_NEW(&arena, struct mt_bundle);
    b->strings = strings;
    b->profiles[MT_PROFILE_HEAP] = MT_NEW_N(&arena, struct mt_profile_ref, n);
    for (size_t i = 0; i < n; i++)
        b->profiles[MT_PROFILE_HEAP][i].profile = &profiles[i];
    b->n_profiles[MT_PROFILE_HEAP] = n;
    return b;
}

static void render_diff(const struct mt_renderer *renderer, struct mt_bundle *const *base,
                        size_t n_base, struct mt_bundle *const *head, size_t n_head)
{
    struct mt_diff diff = {0};
    struct mt_diff_run runs[8] = {{0}};
    for (size_t i = 0; i < n_base; i++)
        runs[i].bundle = base[i];
    for (size_t i = 0; i < n_head; i++)
        runs[4 + i].bundle = head[i];
    diff.base.runs = runs;
    diff.base.n_runs = n_base;
    diff.head.runs = runs + 4;
    diff.head.n_runs = n_head;
    struct mt_view view = {.arena = &arena, .diff = &diff};
    struct mt_outputs out = {.file = keep};
    struct mt_err err = {0};
    written.size = 0;
    assert_true(renderer->render(&view, &out, &err));
}

static void render_report(const struct mt_renderer *renderer, struct mt_bundle *bundle)
{
    struct mt_assessment assessment = {.bundle = bundle};
    struct mt_view view = {.arena = &arena, .assessment = &assessment};
    struct mt_outputs out = {.file = keep};
    struct mt_err err = {0};
    written.size = 0;
    assert_true(renderer->render(&view, &out, &err));
}

static void read_back(struct fixture *f)
{
    struct mt_err err = {0};
    struct mt_stream *stream = mt_stream_over(mt_text_view(&written));
    struct mt_cursor in = mt_stream_cursor(stream, &err);
    struct mt_span bytes = mt_cur_all(&in);
    assert_int_equal(err.code, MT_ERR_OK);
    assert_true(fixture_read(f, &mt_reader_pprof, bytes));
    mt_stream_close(stream);
}

static void a_diff_has_the_totals_of_diff_base(void **state)
{
    (void)state;
    struct fixture base = {0}, head = {0}, got = {0};
    fixture_load(&base, &mt_reader_pprof, "testdata/pprof/heap.pb.gz");
    fixture_load(&head, &mt_reader_pprof, "testdata/pprof/heap-later.pb.gz");
    struct mt_bundle *b = bundle_of(&base.strings, base.capture.profiles, 1);
    struct mt_bundle *h = bundle_of(&head.strings, head.capture.profiles, 1);
    render_diff(&mt_renderer_pprof, &b, 1, &h, 1);
    assert_string_equal(written_name, "diff.pb.gz");
    read_back(&got);
    const struct mt_profile *p = &got.capture.profiles[0];
    struct mt_top *t = mt_profile_top(&arena, &got.strings, p, 1);
    assert_int_equal(t[3].total, 19059288); /* go tool pprof -top -base, inuse_space */
    assert_int_equal(t[3].by_flat[0].flat, 19059288);
    assert_int_equal(t[1].by_flat[0].flat, 259362871); /* alloc_space */
    assert_int_equal(p->kind, MT_PROFILE_HEAP);
    assert_int_equal(p->period, 524288);
    assert_string_is(&got, p->comments[0], "memtriage: heap: head minus base");
    fixture_clear(&base);
    fixture_clear(&head);
    fixture_clear(&got);
}

static void what_is_written_reads_as_it_was(void **state)
{
    (void)state;
    static const char *const paths[] = {"testdata/pprof/goroutine-labels.pb.gz",
                                        "testdata/pprof/cpu.pb", "testdata/pprof/heap.pb.gz"};
    for (size_t i = 0; i < 3; i++) {
        struct fixture before = {0}, after = {0};
        fixture_load(&before, &mt_reader_pprof, paths[i]);
        struct mt_profile *p = &before.capture.profiles[0];
        render_report(&mt_renderer_pprof, bundle_of(&before.strings, p, 1));
        assert_string_equal(written_name, "growth.pb.gz");
        read_back(&after);
        struct mt_profile back = mt_profile_translate(&arena, &after.capture.profiles[0],
                                                      &after.strings, &before.strings);
        struct mt_profile difference;
        struct mt_err err = {0};
        assert_true(
            mt_profile_subtract(&arena, &before.strings, p, &back, &difference, NULL, &err));
        assert_int_equal(difference.n_samples, 0);
        assert_int_equal(back.raw_time_ns, p->raw_time_ns);
        assert_int_equal(back.default_type, p->default_type);
        fixture_clear(&before);
        fixture_clear(&after);
    }
}

static void a_side_without_profiles_gives_no_file(void **state)
{
    (void)state;
    struct mt_strings strings;
    mt_strings_init(&strings, &arena);
    struct mt_bundle *none = bundle_of(&strings, NULL, 0);
    render_diff(&mt_renderer_pprof, &none, 1, &none, 1);
    assert_int_equal(written.size, 0);
}

static void folded_has_a_column_a_side(void **state)
{
    (void)state;
    struct mt_strings strings;
    struct maker a, b, c;
    mt_strings_init(&strings, &arena);
    maker_begin(&a, &strings, 1);
    maker_begin(&b, &strings, 1);
    maker_begin(&c, &strings, 1);
    maker_sample(&a, 5, "f;1 main");
    maker_sample(&a, 1, "gone main");
    maker_sample(&b, 7, "x,f;1 main");
    maker_sample(&b, 8, "f;1 main");
    maker_sample(&c, 10, "f;1 main");
    struct mt_bundle *base = bundle_of(&strings, &a.p, 1);
    struct mt_bundle *head[] = {bundle_of(&strings, &b.p, 1), bundle_of(&strings, &c.p, 1)};
    render_diff(&mt_renderer_folded, &base, 1, head, 2);
    assert_string_equal(written.data, "main;f:1 5 9\n"   /* the mean of 8 and 10 */
                                      "main;f:1;x 0 4\n" /* of 7 and nothing, rounded */
                                      "main;gone 1 0\n");
    struct mt_profile both[] = {a.p, b.p};
    render_report(&mt_renderer_folded, bundle_of(&strings, both, 2));
    mt_text_byte(&written, '\0');
    assert_string_equal(written.data, "main;f:1 8\nmain;f:1;x 7\n");
    mt_arena_clear(&a.arena);
    mt_arena_clear(&b.arena);
    mt_arena_clear(&c.arena);
}

static int clear(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    mt_text_clear(&written);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_diff_has_the_totals_of_diff_base),
        cmocka_unit_test(what_is_written_reads_as_it_was),
        cmocka_unit_test(a_side_without_profiles_gives_no_file),
        cmocka_unit_test(folded_has_a_column_a_side),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
