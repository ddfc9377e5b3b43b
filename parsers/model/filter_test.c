/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/profile/for_tests.h"
#include "parsers/model/filter.h"
#include "parsers/model/for_tests.h"
#include "parsers/model/top.h"

extern const struct mt_reader mt_reader_pprof;

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

static struct mt_profile apply(struct mt_strings *s, const struct mt_profile *p,
                               struct mt_filter_words words)
{
    struct mt_err err = {0};
    struct mt_filter *f = mt_filter_new(&m.arena, &words, &err);
    if (!f)
        fail_msg("%s", err.what);
    struct mt_profile out = mt_profile_filtered(&m.arena, s, p, f);
    mt_filter_release(f);
    return out;
}

/* go tool pprof -top with the same words: number of rows, then the first one */
#define HEAP         "testdata/pprof/heap.pb.gz"
#define GOROUTINES   "testdata/pprof/goroutine-labels.pb.gz"
#define MAKE_PRODUCT "git.example.com/platform/gateway/internal/api.makeProduct"
#define ENTER        "git.example.com/platform/gateway/internal/session.(*Scopes).Enter"
static const struct {
    const char *path;
    struct mt_filter_words words;
    size_t n_functions;
    const char *name;
    int64_t flat, cum;
} tops_of_go[] = {
    {HEAP, {.focus = "api"}, 4, MAKE_PRODUCT, 1573176, 1573176},
    {HEAP, {.ignore = "ServeHTTP"}, 8, MAKE_PRODUCT, 1573176, 1573176},
    {HEAP, {.hide = "net/http"}, 11, MAKE_PRODUCT, 1573176, 1573176},
    {HEAP, {.show = "gateway"}, 6, MAKE_PRODUCT, 1573176, 1573176},
    {HEAP, {.show_from = "ServeHTTP"}, 6, ENTER, 1058849, 1058849},
    {HEAP, {.prune_from = "ServeHTTP"}, 13, MAKE_PRODUCT, 1573176, 1573176},
    {HEAP, {.tagfocus = "1kb:64kb"}, 7, ENTER, 1058849, 1058849},
    {HEAP, {.tagignore = "bytes=:512b"}, 10, ENTER, 1058849, 1058849},
    {HEAP, {.focus = "server\\.go"}, 7, ENTER, 1058849, 1058849},
    {GOROUTINES, {.tagfocus = "request"}, 4, "runtime.gopark", 3, 3},
    {GOROUTINES, {.tagignore = "tenant=acme"}, 7, "runtime.goroutineProfileWithLabels", 1, 1},
    {GOROUTINES, {.tagfocus = "request:r-1,tenant:none"}, 0, "", 0, 0},
    {GOROUTINES, {.tagfocus = "request=r-1,none"}, 4, "runtime.gopark", 3, 3},
    {"testdata/pprof/block.pb.gz",
     {.focus = "worker", .hide = "runtime"},
     1,
     "shop/internal/api.(*Server).worker",
     234008785054,
     234008785054},
    {"testdata/pprof/cpu.pb",
     {.show = "json", .prune_from = "Marshal"},
     5,
     "encoding/json.stateEndValue",
     10000000,
     10000000},
};

static void tables_are_those_of_go(void **state)
{
    (void)state;
    struct fixture f = {0};
    for (size_t i = 0; i < sizeof tops_of_go / sizeof *tops_of_go; i++) {
        fixture_load(&f, &mt_reader_pprof, tops_of_go[i].path);
        struct mt_profile p = apply(&f.strings, &f.capture.profiles[0], tops_of_go[i].words);
        struct mt_top *t = &mt_profile_top(&m.arena, &f.strings, &p, 1)[p.default_index];
        assert_int_equal(t->n_functions, tops_of_go[i].n_functions);
        if (!t->n_rows)
            continue;
        assert_true(mt_span_is(t->by_flat[0].name, tops_of_go[i].name));
        assert_int_equal(t->by_flat[0].flat, tops_of_go[i].flat);
        assert_int_equal(t->by_flat[0].cum, tops_of_go[i].cum);
    }
    fixture_clear(&f);
}

static void no_word_changes_nothing(void **state)
{
    (void)state;
    maker_sample(&m, 1, "f main");
    struct mt_profile p = apply(m.strings, &m.p, (struct mt_filter_words){.focus = ""});
    assert_ptr_equal(p.samples, m.p.samples);
}

static void the_profile_itself_stays_as_it_was(void **state)
{
    (void)state;
    maker_sample(&m, 1, "a,b,c d main");
    maker_sample(&m, 2, "e main");
    struct mt_profile p =
        apply(m.strings, &m.p, (struct mt_filter_words){.hide = "b|d", .ignore = "e"});
    assert_int_equal(p.n_samples, 1);
    assert_int_equal(p.samples[0].n_frames, 2);
    assert_int_equal(m.p.n_samples, 2);
    assert_int_equal(m.p.samples[0].n_frames, 3);
    assert_int_equal(m.p.locations[0].n_lines, 3);
    assert_int_equal(m.p.lines[1].function, 1);
}

static void a_sample_without_frames_is_not_in_focus(void **state)
{
    (void)state;
    maker_sample(&m, 1, "");
    maker_sample(&m, 2, "f");
    struct mt_profile p = apply(m.strings, &m.p, (struct mt_filter_words){.ignore = "nothing"});
    assert_int_equal(p.n_samples, 1);
    assert_int_equal(p.values[0], 2);
}

static void the_sample_type_is_chosen_by_name_or_number(void **state)
{
    (void)state;
    assert_int_equal(m.p.default_index, 1);
    struct mt_filter_words words = {.sample_index = "inuse_objects"};
    assert_int_equal(apply(m.strings, &m.p, words).default_index, 0);
    words.sample_index = "0";
    assert_int_equal(apply(m.strings, &m.p, words).default_index, 0);
    words.sample_index = "2";
    assert_int_equal(apply(m.strings, &m.p, words).default_index, 1);
    words.sample_index = "goroutine";
    assert_int_equal(apply(m.strings, &m.p, words).default_index, 1);
    m.p.types[0].type = mt_intern_text(m.strings, "objects");
    words.sample_index = "inuse_objects";
    assert_int_equal(apply(m.strings, &m.p, words).default_index, 0);
}

static void path_prefixes_are_cut(void **state)
{
    (void)state;
    static const char *const files[][2] = {{"/build/app/main.go", "app/main.go"},
                                           {"/src/x.go", "x.go"},
                                           {"/buildings/y.go", "/buildings/y.go"},
                                           {"z.go", "z.go"}};
    for (size_t i = 0; i < 4; i++) {
        char name[] = {(char)('a' + i), 0};
        m.p.functions[maker_function(&m, name)].file = mt_intern_text(m.strings, files[i][0]);
    }
    struct mt_profile p =
        apply(m.strings, &m.p, (struct mt_filter_words){.trim_path = "/build:/src/"});
    for (size_t i = 0; i < 4; i++)
        assert_true(mt_span_is(mt_string(m.strings, p.functions[i].file), files[i][1]));
}

static void a_bad_expression_names_its_word(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_filter_words words = {.focus = "good", .show_from = "(", .tagfocus = "("};
    assert_null(mt_filter_new(&m.arena, &words, &err));
    assert_int_equal(err.code, MT_ERR_USAGE);
    assert_non_null(strstr(err.what, "--show-from: not a regular expression"));
    err = (struct mt_err){0};
    words.show_from = NULL;
    assert_null(mt_filter_new(&m.arena, &words, &err));
    assert_non_null(strstr(err.what, "--tagfocus: "));
}

static void numbers_are_compared_in_any_unit(void **state)
{
    (void)state;
    maker_sample(&m, 1, "f"), maker_label(&m, "bytes", "", 4096);
    maker_sample(&m, 2, "f"), maker_label(&m, "wait", "", 1500);
    m.p.labels[1].unit = mt_intern_text(m.strings, "milliseconds");
    /* a unit nobody knows fits any, as in pprof */
    maker_sample(&m, 4, "f"), maker_label(&m, "level", "", 7);
    static const struct {
        const char *text;
        int64_t total;
    } known[] = {{"4kb", 1},    {"4096b", 1},   {"4kb:", 5},         {":3kb", 0},
                 {"1s:2s", 2},  {"wait=1.", 0}, {"wait=:1500ms", 2}, {"level=7level", 4},
                 {"7level", 4}, {"7", 4},       {"1kb:2s", 0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct mt_profile p =
            apply(m.strings, &m.p, (struct mt_filter_words){.tagfocus = known[i].text});
        int64_t total = 0;
        for (size_t k = 0; k < p.n_samples; k++)
            total += p.values[k * 2];
        if (total != known[i].total)
            fail_msg("%s: %lld, expected %lld", known[i].text, (long long)total,
                     (long long)known[i].total);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(tables_are_those_of_go),
        T(no_word_changes_nothing),
        T(the_profile_itself_stays_as_it_was),
        T(a_sample_without_frames_is_not_in_focus),
        T(the_sample_type_is_chosen_by_name_or_number),
        T(path_prefixes_are_cut),
        T(a_bad_expression_names_its_word),
        T(numbers_are_compared_in_any_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
