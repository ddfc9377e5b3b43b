/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/symbols.h"
#include "report/view/flame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MAX = 64 };

/* A profile of one value, a location a function, written as stacks of letters, root first. */
struct built {
    struct mt_arena arena;
    struct mt_strings strings;
    struct mt_bundle bundle;
    struct mt_profile profile[MT_SIDES];
    struct mt_function functions[26];
    struct mt_location locations[26];
    struct mt_line lines[26];
    struct mt_sample samples[MT_SIDES][MAX];
    int64_t values[MT_SIDES][MAX];
    uint32_t frames[MT_SIDES][MAX * 8];
};

static void set_up(struct built *b)
{
    *b = (struct built){0};
    mt_strings_init(&b->strings, &b->arena);
    b->bundle = (struct mt_bundle){.arena = &b->arena, .strings = &b->strings};
    for (uint32_t i = 0; i < 26; i++) {
        char name[] = {'m', '/', 'p', '.', (char)('a' + i), 0};
        b->functions[i].name = mt_intern_text(&b->strings, name);
        b->lines[i].function = i;
        b->locations[i] =
            (struct mt_location){.mapping = MT_NO_INDEX, .first_line = i, .n_lines = 1};
    }
    for (int side = 0; side < MT_SIDES; side++)
        b->profile[side] = (struct mt_profile){.n_types = 1,
                                               .values = b->values[side],
                                               .samples = b->samples[side],
                                               .frames = b->frames[side],
                                               .locations = b->locations,
                                               .n_locations = 26,
                                               .lines = b->lines,
                                               .n_lines = 26,
                                               .functions = b->functions,
                                               .n_functions = 26};
}

static void add(struct built *b, enum mt_side side, const char *stack, int64_t value)
{
    struct mt_profile *p = &b->profile[side];
    struct mt_sample *s = &b->samples[side][p->n_samples];
    b->values[side][p->n_samples++] = value;
    s->first_frame = p->n_frames;
    for (const char *f = stack; *f; f++)
        s->n_frames++;
    for (uint32_t i = s->n_frames; i--;)
        b->frames[side][p->n_frames++] = (uint32_t)(stack[i] - 'a');
}

static struct mt_tree *built_tree(struct built *b)
{
    return mt_tree_build(&b->arena, mt_symbols_of(&b->arena, &b->bundle),
                         (struct mt_tree_input){&b->profile[MT_BEFORE], 0, MT_NO_INDEX, 0},
                         (struct mt_tree_input){&b->profile[MT_AFTER], 0, MT_NO_INDEX, 0});
}

static char letter(const struct built *b, const struct mt_node *n)
{
    return n->function ? mt_bundle_text(&b->bundle, n->function)[4] : '-';
}

static void check_order(const struct built *b, const struct mt_tree *t, const char *want)
{
    for (size_t i = 0; i < t->n; i++)
        assert_int_equal(letter(b, &t->nodes[i]), want[i]);
    assert_int_equal(want[t->n], 0);
}

static void orders_children_by_weight_then_name_in_pre_order(void **state)
{
    (void)state;
    static struct built b;
    set_up(&b);
    add(&b, MT_AFTER, "ab", 1);
    add(&b, MT_AFTER, "ad", 5);
    add(&b, MT_AFTER, "ac", 5);
    add(&b, MT_AFTER, "e", 100);
    add(&b, MT_AFTER, "adf", 1);
    struct mt_tree *t = built_tree(&b);
    check_order(&b, t, "-eadfcb");
    assert_true(t->nodes[0].total[MT_AFTER] == 112);
    assert_int_equal(t->nodes[2].end, 7);
    assert_int_equal(t->deepest, 3);
    mt_arena_clear(&b.arena);
}

static void sums_of_children_and_self_make_the_total(void **state)
{
    (void)state;
    static struct built b;
    set_up(&b);
    add(&b, MT_BEFORE, "abc", 7);
    add(&b, MT_BEFORE, "ab", 2);
    add(&b, MT_AFTER, "abd", 9);
    add(&b, MT_AFTER, "a", -4);
    struct mt_tree *t = built_tree(&b);
    for (uint32_t i = 0; i < t->n; i++)
        for (int side = 0; side < MT_SIDES; side++) {
            double sum = t->nodes[i].self[side];
            for (uint32_t k = i + 1; k < t->nodes[i].end; k++)
                if (t->nodes[k].parent == i)
                    sum += t->nodes[k].total[side];
            assert_true(sum == t->nodes[i].total[side]);
        }
    assert_true(t->nodes[0].total[MT_BEFORE] == 9 && t->nodes[0].total[MT_AFTER] == 9);
    mt_arena_clear(&b.arena);
}

static void counts_a_recursive_function_once(void **state)
{
    (void)state;
    static struct built b;
    set_up(&b);
    add(&b, MT_AFTER, "abab", 3);
    add(&b, MT_AFTER, "b", 2);
    size_t n;
    struct mt_function_row *rows =
        mt_tree_functions(&b.arena, &b.bundle, built_tree(&b), MT_AFTER, &n);
    assert_int_equal(n, 2);
    assert_int_equal(rows[0].function, b.functions[1].name);
    assert_true(rows[0].self[MT_AFTER] == 5 && rows[0].total[MT_AFTER] == 5);
    assert_true(rows[1].total[MT_AFTER] == 3);
    mt_arena_clear(&b.arena);
}

static void values_of_a_label_stand_above_the_stacks(void **state)
{
    (void)state;
    static struct built b;
    set_up(&b);
    add(&b, MT_AFTER, "ab", 7);
    add(&b, MT_AFTER, "ab", 2);
    add(&b, MT_AFTER, "a", 4);
    uint32_t key = mt_intern_text(&b.strings, "tenant");
    struct mt_label labels[] = {
        {.key = mt_intern_text(&b.strings, "route"), .text = mt_intern_text(&b.strings, "/")},
        {.key = key, .text = mt_intern_text(&b.strings, "acme")},
        {.key = key, .number = 5}};
    struct mt_profile *p = &b.profile[MT_AFTER];
    p->labels = labels;
    p->n_labels = 3;
    p->samples[0].n_labels = 2;
    p->samples[1].first_label = 2; /* a number is no value */
    p->samples[1].n_labels = 1;
    struct mt_tree_values values = {0};
    struct mt_tree *t =
        mt_tree_build_series(&b.arena, mt_symbols_of(&b.arena, &b.bundle),
                             &(struct mt_tree_input){p, 0, MT_NO_INDEX, key}, 1, &values);
    assert_int_equal(t->n, 7);
    assert_string_equal(mt_bundle_text(&b.bundle, t->nodes[1].function), "tenant=acme");
    assert_true(t->nodes[1].total[MT_AFTER] == 7 && t->nodes[1].end == 4);
    assert_string_equal(mt_bundle_text(&b.bundle, t->nodes[4].function), "(no tenant)");
    assert_true(t->nodes[4].total[MT_AFTER] == 6 && t->nodes[5].self[MT_AFTER] == 4);
    mt_arena_clear(&b.arena);
}

static void stays_within_its_number_of_frames(void **state)
{
    (void)state;
    static struct built b;
    set_up(&b);
    for (int i = 0; i < 26; i++) {
        char stack[] = {(char)('a' + i), 'z', 0};
        add(&b, MT_AFTER, stack, 10 + i / 2);
    }
    struct mt_tree *t = built_tree(&b);
    struct mt_flame f = mt_flame_lay_out(&b.arena, t, (struct mt_flame_limits){1000, 0.3, 20, 64});
    assert_true(f.n <= 20 && f.n > 10);
    assert_int_equal(f.n + f.folded, t->n);
    for (size_t i = 1; i < f.n; i++) {
        assert_true(f.frames[i].x >= 0 && f.frames[i].x + f.frames[i].width <= 1000.001);
        assert_true(f.frames[i].width >= f.least_width - 1e-9);
    }
    mt_arena_clear(&b.arena);
}

static void folds_what_is_too_deep_or_too_narrow(void **state)
{
    (void)state;
    static struct built b;
    set_up(&b);
    add(&b, MT_AFTER, "abcdefgh", 10000);
    add(&b, MT_AFTER, "az", 1);
    struct mt_flame f =
        mt_flame_lay_out(&b.arena, built_tree(&b), (struct mt_flame_limits){1000, 0.3, 1500, 5});
    assert_int_equal(f.rows, 5);
    assert_int_equal(f.n, 5);
    assert_int_equal(f.deeper, 4);
    assert_int_equal(f.folded, 5);
    mt_arena_clear(&b.arena);
}

static void draws_nothing_of_an_empty_profile(void **state)
{
    (void)state;
    static struct built b;
    set_up(&b);
    struct mt_flame f =
        mt_flame_lay_out(&b.arena, built_tree(&b), (struct mt_flame_limits){1000, 0.3, 1500, 64});
    assert_int_equal(f.n, 0);
    mt_arena_clear(&b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_children_by_weight_then_name_in_pre_order),
        cmocka_unit_test(sums_of_children_and_self_make_the_total),
        cmocka_unit_test(counts_a_recursive_function_once),
        cmocka_unit_test(values_of_a_label_stand_above_the_stacks),
        cmocka_unit_test(stays_within_its_number_of_frames),
        cmocka_unit_test(folds_what_is_too_deep_or_too_narrow),
        cmocka_unit_test(draws_nothing_of_an_empty_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
