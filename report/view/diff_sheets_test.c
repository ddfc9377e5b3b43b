/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/diff_fixture.h"
#include "report/view/diff_sheets.h"
#include "report/view/numbers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static struct mt_diff_fixture f;

static int set_up(void **state)
{
    (void)state;
    mt_diff_fixture_init(&f, "example.com/shop/cache.(*Store).Put", 8);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mt_diff_fixture_clear(&f);
    return 0;
}

static const char *cell(const struct mt_sheet *s, size_t row, size_t column)
{
    return s->cells[row * s->n_columns + column].text;
}

static void functions_and_others_add_up_to_the_total(void **state)
{
    (void)state;
    const struct mt_sheet *s = mt_diff_functions_sheet(&f.arena, &f.diff, "inuse_space", 5, 0);
    assert_int_equal(s->n_rows, 6);
    assert_string_equal(cell(s, 0, 0), "cache.(*Store).Put");
    assert_string_equal(cell(s, 5, 0), "3 others");
    /* 6 + 7 + 8 before; 3 + 2 + 1 more after */
    assert_string_equal(cell(s, 5, 1), "21.0" MT_NBSP "MiB");
    assert_string_equal(cell(s, 5, 2), "27.0" MT_NBSP "MiB");
    assert_int_equal(s->of_rows, s->n_rows);
}

static void shrinkers_alone_have_no_others(void **state)
{
    (void)state;
    f.comparisons[8].delta = -1;
    const struct mt_sheet *s = mt_diff_functions_sheet(&f.arena, &f.diff, "inuse_space", 5, -1);
    assert_int_equal(s->n_rows, 1);
    assert_string_equal(cell(s, 0, 0), "cache.(*Store).Put8");
    s = mt_diff_functions_sheet(&f.arena, &f.diff, "inuse_space", 5, 1);
    assert_int_equal(s->n_rows, 5);
    assert_int_equal(s->of_rows, 7);
}

static void another_metric_has_no_rows(void **state)
{
    (void)state;
    assert_int_equal(mt_diff_functions_sheet(&f.arena, &f.diff, "goroutines", 5, 0)->n_rows, 0);
}

static void what_is_inside_the_noise_has_a_tilde_for_its_change(void **state)
{
    (void)state;
    f.comparisons[2].class = MT_CLASS_SAME;
    const struct mt_sheet *s = mt_diff_functions_sheet(&f.arena, &f.diff, "inuse_space", 5, 0);
    assert_string_equal(cell(s, 1, 3), "~");
    assert_int_equal(cell(s, 0, 3)[0], '+');
}

static void one_run_a_side_never_has_a_p(void **state)
{
    (void)state;
    f.comparisons[1].adjusted_p = 0.001;
    assert_string_equal(mt_diff_signal(&f.arena, &f.diff, &f.comparisons[1]), "n=1");
    f.diff.replicates = true;
    assert_string_equal(mt_diff_signal(&f.arena, &f.diff, &f.comparisons[1]), "p=0.001");
    assert_string_equal(mt_diff_signal(&f.arena, &f.diff, &f.comparisons[2]), "");
}

static void what_broke_the_gate_leads(void **state)
{
    (void)state;
    f.result.comparison = &f.comparisons[4];
    assert_ptr_equal(mt_diff_leading(&f.diff), &f.comparisons[4]);
    f.diff.gate = MT_GATE_PASS;
    assert_ptr_equal(mt_diff_leading(&f.diff), &f.comparisons[1]);
    f.comparisons[0].delta = -1; /* nothing that grew explains a total that fell */
    assert_null(mt_diff_leading(&f.diff));
}

static void a_share_is_said_only_where_it_explains_the_change(void **state)
{
    (void)state;
    assert_true(fabs(mt_diff_explained(&f.diff, &f.comparisons[1]) - 8.0 / 36) < 1e-9);
    f.comparisons[1].delta = 100 * f.comparisons[0].delta;
    assert_true(mt_diff_explained(&f.diff, &f.comparisons[1]) == 0);
    f.comparisons[0].delta = 0;
    assert_true(mt_diff_explained(&f.diff, &f.comparisons[2]) == 0);
}

static void rules_say_their_scope_and_their_largest_increase(void **state)
{
    (void)state;
    const struct mt_sheet *s = mt_diff_gate_sheet(&f.arena, &f.diff);
    assert_int_equal(s->n_rows, 1);
    assert_string_equal(cell(s, 0, 1), "any function");
    assert_non_null(strstr(cell(s, 0, 3), "+8.0"));
    assert_string_equal(cell(s, 0, 4), "fail");
    f.rule.pattern = "cache.*";
    f.result.comparison = NULL;
    s = mt_diff_gate_sheet(&f.arena, &f.diff);
    assert_string_equal(cell(s, 0, 1), "cache.*");
    assert_string_equal(cell(s, 0, 3), "none");
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(functions_and_others_add_up_to_the_total),
        ROW(shrinkers_alone_have_no_others),
        ROW(another_metric_has_no_rows),
        ROW(what_is_inside_the_noise_has_a_tilde_for_its_change),
        ROW(one_run_a_side_never_has_a_p),
        ROW(what_broke_the_gate_leads),
        ROW(a_share_is_said_only_where_it_explains_the_change),
        ROW(rules_say_their_scope_and_their_largest_increase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
