/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/for_tests.h"
#include "parsers/model/prune.h"
#include "parsers/model/top.h"

static struct maker m;

static int setup(void **state)
{
    (void)state;
    maker_begin(&m, NULL, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mt_arena_clear(&m.arena);
    return 0;
}

static void row_is(const struct mt_top_row *row, const char *name, int64_t flat, int64_t cum)
{
    assert_true(mt_span_is(row->name, name));
    assert_int_equal(row->flat, flat);
    assert_int_equal(row->cum, cum);
}

static void a_recurring_function_counts_once(void **state)
{
    (void)state;
    maker_sample(&m, 5, "f g f main");
    maker_sample(&m, 2, "g main");
    struct mt_top *t = mt_profile_top(&m.arena, m.strings, &m.p, 0);
    assert_int_equal(t->n_functions, 3);
    row_is(&t->by_flat[0], "f", 5, 5);
    row_is(&t->by_flat[1], "g", 2, 7);
    row_is(&t->by_cum[0], "g", 2, 7);
    row_is(&t->by_cum[1], "main", 0, 7);
    row_is(&t->by_cum[2], "f", 5, 5);
}

static void order_is_by_size_then_name_then_the_other_size(void **state)
{
    (void)state;
    maker_sample(&m, 1, "b main");
    maker_sample(&m, -1, "a main");
    maker_sample(&m, INT64_MIN, "least");
    maker_sample(&m, 3, "c");
    struct mt_top *t = mt_profile_top(&m.arena, m.strings, &m.p, 0);
    row_is(&t->by_flat[0], "c", 3, 3);
    row_is(&t->by_flat[1], "a", -1, -1);
    row_is(&t->by_flat[2], "b", 1, 1);
    row_is(&t->by_flat[3], "least", INT64_MIN, INT64_MIN); /* its absolute value wraps */
    assert_int_equal(t->n_functions, 4);                   /* main came to nothing */
}

static void the_limit_keeps_the_first_rows(void **state)
{
    (void)state;
    for (int i = 0; i < 40; i++) {
        char name[] = {'f', (char)('a' + i % 26), (char)('a' + i / 26), 0};
        maker_sample(&m, i % 7, name);
    }
    struct mt_top *all = mt_profile_top(&m.arena, m.strings, &m.p, 0);
    struct mt_top *few = mt_profile_top(&m.arena, m.strings, &m.p, 9);
    assert_int_equal(few->n_functions, all->n_functions);
    assert_int_equal(few->n_rows, 9);
    for (size_t i = 0; i < 9; i++) {
        assert_true(mt_span_equal(few->by_flat[i].name, all->by_flat[i].name));
        assert_true(mt_span_equal(few->by_cum[i].name, all->by_cum[i].name));
    }
}

static void frames_without_a_function_show_their_mapping(void **state)
{
    (void)state;
    m.p.mappings[0].file = mt_intern_text(m.strings, "/usr/lib/libc.so.6");
    m.p.mappings[1].file = mt_intern_text(m.strings, "/");
    m.p.n_mappings = 2;
    m.p.frames[0] = maker_location(&m, "");
    m.p.frames[1] = maker_location(&m, "");
    m.p.frames[2] = maker_location(&m, "");
    m.p.locations[0].mapping = 0;
    m.p.locations[1].mapping = 1;
    m.p.samples[0] = (struct mt_sample){.n_frames = 3};
    m.p.values[0] = 4;
    m.p.n_samples = 1;
    m.p.n_frames = 3;
    struct mt_top *t = mt_profile_top(&m.arena, m.strings, &m.p, 0);
    assert_int_equal(t->n_functions, 3);
    row_is(&t->by_cum[0], "<unknown>", 0, 4);
    row_is(&t->by_cum[1], "[/]", 0, 4);
    row_is(&t->by_cum[2], "[libc.so.6]", 4, 4);
}

static void a_function_without_a_name_has_a_row_per_start_line(void **state)
{
    (void)state;
    maker_sample(&m, 1, "x");
    maker_sample(&m, 2, "y");
    maker_sample(&m, 4, "z");
    for (size_t i = 0; i < 3; i++) {
        m.p.functions[i].name = 0;
        m.p.functions[i].start_line = i < 2 ? 10 : 20;
    }
    struct mt_top *t = mt_profile_top(&m.arena, m.strings, &m.p, 0);
    assert_int_equal(t->n_functions, 2);
    row_is(&t->by_flat[0], "<unknown>", 4, 4);
    row_is(&t->by_flat[1], "<unknown>", 3, 3);
}

static void many_types_are_summed_in_turns(void **state)
{
    (void)state;
    mt_arena_clear(&m.arena);
    maker_begin(&m, NULL, 3);
    struct mt_value_type types[11] = {{0}};
    int64_t values[11];
    for (int i = 0; i < 11; i++)
        values[i] = i * 10;
    maker_sample(&m, 1, "f main");
    m.p.types = types;
    m.p.values = values;
    m.p.n_types = 11;
    struct mt_top *t = mt_profile_top(&m.arena, m.strings, &m.p, 0);
    for (int i = 1; i < 11; i++) {
        assert_int_equal(t[i].total, i * 10);
        row_is(&t[i].by_flat[0], "f", i * 10, i * 10);
    }
    assert_int_equal(t[0].n_functions, 0);
}

static void simplifies_names_for_expressions(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"operator new(unsigned long)", "operator new"},
        {".foo(int)", "foo"},
        {"(anonymous namespace)::f(int)", "(anonymous namespace)::f"},
        {"a::operator()(int)", "a::operator()"},
        {"main.(*Cache).put", "main."},
        {"plain", "plain"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(mt_span_is(mt_function_simple_name(mt_span_of(names[i][0])), names[i][1]));
}

static void prune(const char *drop, const char *keep, struct mt_profile *out)
{
    m.p.drop_frames = mt_intern_text(m.strings, drop);
    m.p.keep_frames = mt_intern_text(m.strings, keep);
    *out = mt_profile_pruned(&m.arena, m.strings, &m.p);
}

static void prunes_from_the_first_match_behind_a_user_frame(void **state)
{
    (void)state;
    struct mt_profile p;
    maker_sample(&m, 1, "write alloc user alloc main alloc");
    prune("alloc", "", &p);
    /* seen from the root: the outermost alloc has no user frame before it, the next one goes */
    assert_int_equal(p.samples[0].n_frames, 2);
    struct mt_top *t = mt_profile_top(&m.arena, m.strings, &p, 0);
    row_is(&t->by_flat[0], "main", 1, 1);
    prune("alloc", "al.*", &p);
    assert_int_equal(p.samples[0].n_frames, 6);
    prune("al", "", &p); /* the whole name has to match */
    assert_int_equal(p.samples[0].n_frames, 6);
    prune("(", "", &p); /* no expression: nothing goes */
    assert_int_equal(p.samples[0].n_frames, 6);
    assert_ptr_equal(p.samples, m.p.samples);
    prune("alloc", "(", &p);
    assert_int_equal(p.samples[0].n_frames, 6);
}

static void prunes_within_inlined_lines(void **state)
{
    (void)state;
    struct mt_profile p;
    maker_sample(&m, 1, "x,alloc,user main");
    prune("alloc", "", &p);
    assert_int_equal(p.samples[0].n_frames, 2);
    assert_int_equal(p.locations[p.frames[p.samples[0].first_frame]].n_lines, 1);
    struct mt_top *t = mt_profile_top(&m.arena, m.strings, &p, 0);
    row_is(&t->by_flat[0], "user", 1, 1);
    assert_int_equal(m.p.locations[0].n_lines, 3); /* the profile itself stays as it was */
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_recurring_function_counts_once),
        T(order_is_by_size_then_name_then_the_other_size),
        T(the_limit_keeps_the_first_rows),
        T(frames_without_a_function_show_their_mapping),
        T(a_function_without_a_name_has_a_row_per_start_line),
        T(many_types_are_summed_in_turns),
        T(simplifies_names_for_expressions),
        T(prunes_from_the_first_match_behind_a_user_frame),
        T(prunes_within_inlined_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
