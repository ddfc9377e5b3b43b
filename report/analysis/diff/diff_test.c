/* SPDX-License-Identifier: Apache-2.0 */
/* Runs put together by hand, with functions of known size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/diff/runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t T0 = 1795376100ll * MT_SECOND_NS;
static const double MIB = 1048576;

enum { MOST_FUNCTIONS = 8, MOST_RUNS = 24 };
static struct mt_arena arena;

static int fresh(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    return 0;
}

struct leaf {
    const char *function;
    double mib;
    int64_t line;
};

/* A run with one heap profile: main.main > FUNCTION, objects of 64 KiB at the usual rate. */
static struct mt_diff_run run_of(const char *name, const struct leaf *leaves, size_t n)
{
    struct mt_strings *strings = MT_NEW(&arena, struct mt_strings);
    mt_strings_init(strings, &arena);
    struct mt_capture *c = MT_NEW(&arena, struct mt_capture);
    mt_capture_init(c, &arena, strings);
    struct mt_profile *p = mt_capture_add_profile(c, MT_PROFILE_HEAP);
    p->time_ns = p->raw_time_ns = T0;
    p->period = 524288;
    p->n_types = 2;
    p->types = MT_NEW_N(&arena, struct mt_value_type, 2);
    p->types[0].type = mt_intern_text(strings, "inuse_objects");
    p->types[1].type = mt_intern_text(strings, "inuse_space");
    p->n_functions = p->n_lines = p->n_locations = n + 1;
    p->functions = MT_NEW_N(&arena, struct mt_function, n + 1);
    p->lines = MT_NEW_N(&arena, struct mt_line, n + 1);
    p->locations = MT_NEW_N(&arena, struct mt_location, n + 1);
    p->samples = MT_NEW_N(&arena, struct mt_sample, n + 1);
    p->values = MT_NEW_N(&arena, int64_t, 2 * n + 2);
    p->frames = MT_NEW_N(&arena, uint32_t, 2 * n + 2);
    for (size_t i = 0; i <= n; i++) {
        p->functions[i].name = mt_intern_text(strings, i < n ? leaves[i].function : "main.main");
        p->functions[i].file = mt_intern_text(strings, "/src/shop/main.go");
        p->lines[i] =
            (struct mt_line){.function = (uint32_t)i, .line = i < n ? leaves[i].line : 10};
        p->locations[i] = (struct mt_location){
            .id = i + 1, .mapping = MT_NO_INDEX, .first_line = (uint32_t)i, .n_lines = 1};
    }
    for (size_t i = 0; i < n; i++) {
        p->samples[i] = (struct mt_sample){.first_frame = 2 * i, .n_frames = 2};
        p->frames[2 * i] = (uint32_t)i;
        p->frames[2 * i + 1] = (uint32_t)n;
        p->values[2 * i] = (int64_t)(leaves[i].mib * 16);
        p->values[2 * i + 1] = (int64_t)(leaves[i].mib * MIB);
    }
    p->n_samples = n;
    p->n_frames = 2 * n;
    struct mt_input *input = MT_NEW(&arena, struct mt_input);
    *input = (struct mt_input){.path = "heap.pb.gz",
                               .capture = c,
                               .format = "pprof",
                               .start_ns = MT_NO_TIME,
                               .end_ns = MT_NO_TIME};
    struct mt_strings *whole = MT_NEW(&arena, struct mt_strings);
    mt_strings_init(whole, &arena);
    return (struct mt_diff_run){.bundle = mt_bundle_join(&arena, whole, name, input, 1, 0),
                                .name = name};
}

static struct mt_diff_side side_of(struct mt_diff_run *runs, size_t n)
{
    return (struct mt_diff_side){.runs = runs, .n_runs = n};
}

static struct mt_diff *diff_of(struct mt_diff_run *base, size_t n_base, struct mt_diff_run *head,
                               size_t n_head)
{
    struct mt_diff_options options = {0};
    return mt_diff_make(&arena, side_of(base, n_base), side_of(head, n_head),
                        mt_policy_default(&arena), &options);
}

static const struct mt_comparison *find(const struct mt_diff *d, enum mt_scope scope,
                                        const char *function)
{
    for (size_t i = 0; i < d->n_comparisons; i++) {
        const struct mt_comparison *c = &d->comparisons[i];
        if (strcmp(c->metric->name, "inuse_space") == 0 && c->scope == scope &&
            (!function || (c->function && strcmp(c->function, function) == 0)))
            return c;
    }
    return NULL;
}

static void a_diff_with_itself_is_empty(void **state)
{
    (void)state;
    static const struct leaf leaves[] = {{"shop/cache.Set", 40, 7}, {"shop/api.Get", 3, 9}};
    struct mt_diff_run a = run_of("a", leaves, 2), b = run_of("b", leaves, 2);
    const struct mt_diff *d = diff_of(&a, 1, &b, 1);
    for (size_t i = 0; i < d->n_comparisons; i++) {
        assert_true(d->comparisons[i].delta == 0);
        assert_int_equal(d->comparisons[i].class, MT_CLASS_SAME);
    }
    assert_int_equal(d->gate, MT_GATE_PASS);
    assert_string_equal(d->verdict, "no change beyond sampling error");
}

static void one_run_a_side_never_fails_the_gate_by_itself(void **state)
{
    (void)state;
    static const struct leaf before[] = {{"shop/cache.Set", 40, 7}},
                             after[] = {{"shop/cache.Set", 400, 7}};
    struct mt_diff_run a = run_of("a", before, 1), b = run_of("b", after, 1);
    const struct mt_diff *d = diff_of(&a, 1, &b, 1);
    const struct mt_comparison *c = find(d, MT_SCOPE_FUNCTION, "shop/cache.Set");
    assert_int_equal(c->class, MT_CLASS_GROWN);
    assert_true(c->low > 200 * MIB && c->high < 600 * MIB);
    assert_true(isnan(c->p) && isnan(c->adjusted_p));
    assert_int_equal(d->gate, MT_GATE_UNDECIDED);
    assert_null(strstr(d->sentence, "significant"));
    assert_null(strstr(d->verdict, "significant"));
}

static void a_change_inside_the_sampling_error_is_the_same(void **state)
{
    (void)state;
    static const struct leaf before[] = {{"shop/cache.Set", 4, 7}},
                             after[] = {{"shop/cache.Set", 6, 7}};
    struct mt_diff_run a = run_of("a", before, 1), b = run_of("b", after, 1);
    const struct mt_diff *d = diff_of(&a, 1, &b, 1);
    assert_int_equal(find(d, MT_SCOPE_FUNCTION, "shop/cache.Set")->class, MT_CLASS_SAME);
    assert_int_equal(d->gate, MT_GATE_PASS); /* beyond 5% and 1 MiB, but not beyond the error */
}

/* Four runs a side with a tenth of spread. */
static void four_runs(struct mt_diff_run *runs, double cache_mib, double other_mib)
{
    static const double spread[] = {0.95, 1.02, 1.07, 0.98};
    for (size_t i = 0; i < 4; i++) {
        struct leaf leaves[] = {{"shop/cache.Set", cache_mib * spread[i], 7},
                                {"shop/api.Get", other_mib * spread[3 - i], 9}};
        runs[i] = run_of("run", leaves, 2);
    }
}

static void four_runs_against_four_decide(void **state)
{
    (void)state;
    struct mt_diff_run base[4], head[4];
    four_runs(base, 40, 30);
    four_runs(head, 60, 30.5);
    const struct mt_diff *d = diff_of(base, 4, head, 4);
    const struct mt_comparison *c = find(d, MT_SCOPE_FUNCTION, "shop/cache.Set");
    assert_true(fabs(c->p - 2.0 / 70) < 1e-9);
    assert_true(fabs(c->adjusted_p - 2.0 / 70) <
                1e-9); /* the least there is, for any number of functions */
    assert_int_equal(c->class, MT_CLASS_GROWN);
    assert_int_equal(find(d, MT_SCOPE_FUNCTION, "shop/api.Get")->class, MT_CLASS_SAME);
    assert_int_equal(d->gate, MT_GATE_FAIL);
    assert_string_equal(d->verdict, "threshold exceeded");
    const struct mt_diff *back = diff_of(head, 4, base, 4);
    assert_int_equal(back->gate, MT_GATE_PASS);
    for (size_t i = 0; i < d->n_comparisons; i++) { /* swapping the sides mirrors every sign */
        const struct mt_comparison *x = &d->comparisons[i];
        for (size_t k = 0; k < back->n_comparisons; k++) {
            const struct mt_comparison *y = &back->comparisons[k];
            if (strcmp(x->metric->name, y->metric->name) || x->scope != y->scope ||
                !mt_span_equal(x->key, y->key))
                continue;
            assert_true(x->delta == -y->delta);
            assert_true(fabs(x->low + y->high) < 1e-6 && fabs(x->high + y->low) < 1e-6);
        }
    }
}

static void two_runs_a_side_are_a_pool(void **state)
{
    (void)state;
    struct mt_diff_run base[4], head[4];
    four_runs(base, 40, 30);
    four_runs(head, 80, 30);
    const struct mt_diff *d = diff_of(base, 2, head, 3);
    assert_true(d->pooled && !d->replicates);
    assert_int_equal(d->gate, MT_GATE_UNDECIDED);
    assert_true(isnan(find(d, MT_SCOPE_FUNCTION, "shop/cache.Set")->p));
}

static void a_renamed_function_is_moved_not_new_and_gone(void **state)
{
    (void)state;
    static const struct leaf before[] = {{"shop/cache.Set", 40, 7}, {"shop/api.Get", 20, 9}};
    static const struct leaf after[] = {{"shop/cache.Put", 41, 8}, {"shop/api.Get", 20, 9}};
    struct mt_diff_run a = run_of("a", before, 2), b = run_of("b", after, 2);
    const struct mt_diff *d = diff_of(&a, 1, &b, 1);
    const struct mt_comparison *c = find(d, MT_SCOPE_FUNCTION, "shop/cache.Set");
    assert_int_equal(c->class, MT_CLASS_MOVED);
    assert_string_equal(c->moved_to, "shop/cache.Put");
    assert_null(find(d, MT_SCOPE_FUNCTION, "shop/cache.Put"));
    assert_int_equal(d->gate, MT_GATE_PASS);
}

static void what_changes_in_a_name_between_builds_does_not_count(void **state)
{
    (void)state;
    static const struct leaf before[] = {{"shop/cache.(*Map[go.shape.int]).Set.func1", 40, 70},
                                         {"github.com/x/lib@v1.2.3/pool.Get", 20, 9},
                                         {"example.com/shop/vendor/github.com/y/z.Do", 10, 3}};
    static const struct leaf after[] = {{"shop/cache.(*Map[...]).Set.func3", 40, 99},
                                        {"github.com/x/lib@v1.3.0/pool.Get", 20, 12},
                                        {"github.com/y/z.Do", 10, 5}};
    struct mt_diff_run a = run_of("a", before, 3), b = run_of("b", after, 3);
    const struct mt_diff *d = diff_of(&a, 1, &b, 1);
    for (size_t i = 0; i < d->n_comparisons; i++)
        assert_int_equal(d->comparisons[i].class, MT_CLASS_SAME);
}

static void functions_sum_to_the_total(void **state)
{
    (void)state;
    static const struct leaf before[] = {
        {"shop/a.F", 1, 1}, {"shop/b.F", 2, 1}, {"shop/c.F", 4, 1}};
    static const struct leaf after[] = {
        {"shop/a.F", 8, 1}, {"shop/b.F", 2, 1}, {"shop/d.F", 16, 1}};
    struct mt_diff_run a = run_of("a", before, 3), b = run_of("b", after, 3);
    const struct mt_diff *d = diff_of(&a, 1, &b, 1);
    double functions = 0, sites = 0;
    for (size_t i = 0; i < d->n_comparisons; i++) {
        if (strcmp(d->comparisons[i].metric->name, "inuse_space") != 0)
            continue;
        functions += d->comparisons[i].scope == MT_SCOPE_FUNCTION ? d->comparisons[i].delta : 0;
        sites += d->comparisons[i].scope == MT_SCOPE_SITE ? d->comparisons[i].delta : 0;
    }
    assert_true(functions == 19 * MIB && sites == 19 * MIB);
    assert_true(find(d, MT_SCOPE_TOTAL, NULL)->delta == 19 * MIB);
}

static void damage_on_either_side_fails_closed(void **state)
{
    (void)state;
    static const struct leaf leaves[] = {{"shop/cache.Set", 40, 7}};
    struct mt_diff_run a = run_of("a", leaves, 1), b = run_of("b", leaves, 1);
    b.damaged = true;
    b.damage = "heap.pb.gz could not be read whole: byte 12";
    const struct mt_diff *d = diff_of(&a, 1, &b, 1);
    assert_int_equal(d->gate, MT_GATE_UNDECIDED);
    assert_string_equal(d->verdict, "not comparable");
    assert_non_null(strstr(d->sentence, "byte 12"));
}

static void max_t_controls_the_family_not_each_test(void **state)
{
    (void)state;
    /* 200 functions of pure noise, 4 against 4: the least adjusted p over all of them must seldom
     * be small */
    uint64_t seed = 7;
    size_t alarms = 0;
    for (int trial = 0; trial < 60; trial++) {
        mt_arena_clear(&arena);
        struct mt_metric_values v = {
            .metric = {.name = "inuse_space", .unit = "bytes", .higher_is_worse = true}};
        struct mt_tested *tested = MT_NEW_N(&arena, struct mt_tested, 200);
        for (size_t i = 0; i < 200; i++) {
            struct mt_entity *e = MT_NEW(&arena, struct mt_entity);
            e->value = MT_NEW_N(&arena, double, 8);
            e->variance = MT_NEW_N(&arena, double, 8);
            for (size_t k = 0; k < 8; k++) {
                double sum = 0;
                for (int u = 0; u < 12; u++) { /* near enough to normal */
                    seed = seed * 6364136223846793005u + 1442695040888963407u;
                    sum += (double)(seed >> 40) / 16777216.0;
                }
                e->value[k] = 1000 + 100 * (sum - 6);
                e->variance[k] = 50 * 50;
            }
            tested[i] = (struct mt_tested){&v, e, 1};
        }
        mt_max_t(&arena, tested, 200, 200, 4, 8);
        double least = 1;
        for (size_t i = 0; i < 200; i++)
            least = tested[i].adjusted_p < least ? tested[i].adjusted_p : least;
        alarms += least < 0.05;
    }
    assert_true(alarms <= 7); /* 5% of 60 are 3; 8 or more would come once in 100 such tests */
}

/* Items of one metric whose sampling variance is given, by value and variance of each run. */
static struct mt_tested *tested_values(size_t n, size_t n_runs, const double *values,
                                       const double *variance)
{
    static const struct mt_metric_values metric = {
        .metric = {.name = "inuse_space", .unit = "bytes", .higher_is_worse = true}};
    struct mt_tested *tested = MT_NEW_N(&arena, struct mt_tested, n);
    for (size_t i = 0; i < n; i++) {
        struct mt_entity *e = MT_NEW(&arena, struct mt_entity);
        e->value = MT_NEW_N(&arena, double, n_runs);
        e->variance = MT_NEW_N(&arena, double, n_runs);
        for (size_t k = 0; k < n_runs; k++) {
            e->value[k] = values[i * n_runs + k];
            e->variance[k] = variance[i];
        }
        tested[i] = (struct mt_tested){.metric = &metric, .entity = e};
    }
    return tested;
}

/* One function alone: |T| orders the relabellings as the difference of means does, so that p is the
 * permutation test's. Data of S. Siegel, Nonparametric Statistics (1956), randomization test for
 * two samples; SciPy 1.10.1: permutation_test counts 5 of 126 by |difference|. */
static void max_t_of_one_function_is_the_permutation_test(void **state)
{
    (void)state;
    static const double values[] = {0, 11, 12, 20, 16, 19, 22, 24, 29};
    struct mt_tested *one = tested_values(1, 9, values, (double[]){1});
    mt_max_t(&arena, one, 1, 1, 4, 9);
    assert_true(fabs(one[0].adjusted_p - 5.0 / 126) < 1e-12);
}

/* All 70 relabellings of four functions, the moderated T as leak-engine.md section 7 has it,
 * counted in NumPy 1.24: once over all four, once with the last outside the family. */
static void max_t_counts_relabellings_whose_largest_reaches_the_observed(void **state)
{
    (void)state;
    static const double values[] = {
        41,  38,  44,  40,  52,  47,  43,  55,  /* |T| 3.477 */
        10,  14,  9,   13,  12,  15,  11,  10,  /* 0.358 */
        200, 210, 190, 205, 230, 215, 222, 195, /* 2.024 */
        7,   5,   6,   9,   8,   14,  10,  12,  /* 2.977 */
    };
    static const double variance[] = {4, 2, 25, 3};
    static const double all[] = {10, 70, 30, 12}, three[] = {8, 70, 26, 12};
    struct mt_tested *t = tested_values(4, 8, values, variance);
    mt_max_t(&arena, t, 4, 4, 4, 8);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(t[i].adjusted_p - all[i] / 70) < 1e-12);
    t = tested_values(4, 8, values, variance);
    mt_max_t(&arena, t, 4, 3, 4, 8);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(t[i].adjusted_p - three[i] / 70) < 1e-12);
}

/* M. Hollander and D. A. Wolfe, permeability of chorioamnion; R 4.2.2: wilcox.test(term, early,
 * conf.int = TRUE) gives -0.15 to 0.76. */
static void the_interval_of_a_shift_is_that_of_the_textbook(void **state)
{
    (void)state;
    static const double term[] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    static const double early[] = {1.15, 0.88, 0.90, 0.74, 1.21};
    double room[50];
    struct mt_interval shift = mt_diff_shift(early, 5, term, 10, mt_diff_shift_cut(5, 10), room);
    assert_true(fabs(shift.low + 0.15) < 1e-12 && fabs(shift.high - 0.76) < 1e-12);
    shift = mt_diff_shift(early, 3, term, 3, mt_diff_shift_cut(3, 3), room);
    assert_true(fabs(shift.low + 0.35) < 1e-12 && fabs(shift.high - 1.01) < 1e-12); /* the widest */
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, fresh)
    const struct CMUnitTest tests[] = {
        TEST(a_diff_with_itself_is_empty),
        TEST(one_run_a_side_never_fails_the_gate_by_itself),
        TEST(a_change_inside_the_sampling_error_is_the_same),
        TEST(four_runs_against_four_decide),
        TEST(two_runs_a_side_are_a_pool),
        TEST(a_renamed_function_is_moved_not_new_and_gone),
        TEST(what_changes_in_a_name_between_builds_does_not_count),
        TEST(functions_sum_to_the_total),
        TEST(damage_on_either_side_fails_closed),
        TEST(max_t_controls_the_family_not_each_test),
        TEST(max_t_of_one_function_is_the_permutation_test),
        TEST(max_t_counts_relabellings_whose_largest_reaches_the_observed),
        TEST(the_interval_of_a_shift_is_that_of_the_textbook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
