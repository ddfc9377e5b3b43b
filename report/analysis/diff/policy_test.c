/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/diff.h"

#include <math.h>

static void patterns_match_anywhere_or_by_stars(void **state)
{
    (void)state;
    assert_true(mt_pattern_matches_name("cache", "shop/internal/cache.(*LRU).Set"));
    assert_true(mt_pattern_matches_name("shop/*Set", "shop/internal/cache.(*LRU).Set"));
    assert_true(mt_pattern_matches_name("*", ""));
    assert_true(mt_pattern_matches_name("a*b*c", "axxbyybc"));
    assert_false(mt_pattern_matches_name("a*b*c", "axxbyyb"));
    assert_false(mt_pattern_matches_name("Set*", "shop/cache.Set"));
}

static void a_policy_is_read_and_a_wrong_one_refused_with_its_rule(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    struct mt_policy p = {0};
    struct mt_err err = {0};
    assert_true(mt_policy_parse(
        &arena,
        MT_SPAN(
            "{\"rules\": [{\"metric\": \"inuse_space\", \"scope\": \"any-function\", "
            "\"max-increase\": [\"5%\", \"2 MiB\"]},"
            "{\"metric\": \"goroutines\", \"max-increase\": \"20\", \"severity\": \"warn\"}],"
            "\"on-undecided\": \"pass\", \"single-run\": \"fail\", \"suppress\": [\"vendor/*\"]}"),
        &p, &err));
    assert_int_equal(p.n_rules, 2);
    assert_true(fabs(p.rules[0].max_share - 0.05) < 1e-12 &&
                p.rules[0].max_absolute == 2 * 1048576);
    assert_string_equal(p.rules[0].text, "5% and 2 MiB");
    assert_true(p.rules[1].warn_only && p.rules[1].scope == MT_SCOPE_TOTAL &&
                isnan(p.rules[1].max_share));
    assert_true(p.has_on_undecided && !p.undecided_fails && p.single_run_fails);
    static const char *const wrong[] = {
        "{}",
        "[]",
        "{\"rules\": [{\"metric\": \"heap\", \"max-increase\": \"5%\"}]}",
        "{\"rules\": [{\"metric\": \"rss\", \"max-increase\": \"5 apples\"}]}",
        "{\"rules\": [], \"on-undecide\": \"pass\"}",
        "{\"rules\": [], \"on-undecided\": \"maybe\"}",
        "{\"rules\": [{\"metric\": \"rss\", \"scope\": \"function:\", \"max-increase\": \"5%\"}]}",
        "{\"rules\": ["};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct mt_policy bad = {0};
        err = (struct mt_err){0};
        assert_false(mt_policy_parse(&arena, mt_span_of(wrong[i]), &bad, &err));
        assert_true(err.what[0] != '\0');
    }
    mt_arena_clear(&arena);
}

static void the_shorthand_takes_scope_and_both_limits(void **state)
{
    (void)state;
    struct mt_arena arena = {0};
    struct mt_policy p = {0};
    struct mt_err err = {0};
    assert_true(mt_policy_shorthand(&arena, MT_SPAN("inuse_space>5%"), &p, &err));
    assert_true(
        mt_policy_shorthand(&arena, MT_SPAN("inuse_space:function:cache.*>2MiB+10%"), &p, &err));
    assert_true(p.rules[1].scope == MT_SCOPE_FUNCTION && p.rules[1].max_absolute == 2097152 &&
                fabs(p.rules[1].max_share - 0.1) < 1e-12);
    assert_string_equal(p.rules[1].pattern, "cache.*");
    assert_false(mt_policy_shorthand(&arena, MT_SPAN("inuse_space"), &p, &err));
    err = (struct mt_err){0};
    assert_false(mt_policy_shorthand(&arena, MT_SPAN("nothing>5%"), &p, &err));
    mt_arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_anywhere_or_by_stars),
        cmocka_unit_test(a_policy_is_read_and_a_wrong_one_refused_with_its_rule),
        cmocka_unit_test(the_shorthand_takes_scope_and_both_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
