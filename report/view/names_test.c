/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct mt_arena arena;

static void check(const char *function, const char *element, const char *type, const char *method)
{
    struct mt_name n = mt_name_of(&arena, function);
    assert_string_equal(n.full, function);
    assert_string_equal(n.element, element);
    assert_string_equal(n.type, type);
    assert_string_equal(n.method, method);
}

static void shortens_a_method_in_four_steps(void **state)
{
    (void)state;
    check("example.com/shop/cart.(*Registry).Attach", "cart.(*Registry).Attach",
          "(*Registry).Attach", "Attach");
    check("net/http.serverHandler.ServeHTTP", "http.serverHandler.ServeHTTP",
          "serverHandler.ServeHTTP", "ServeHTTP");
    check("main.main", "main.main", "main", "main");
}

static void keeps_closures_with_the_function_they_are_in(void **state)
{
    (void)state;
    check("shop/cart.init.0.func1.1", "cart.init.0.func1.1", "init.0.func1.1", "init.0.func1.1");
    check("shop/api.(*Server).Run.gowrap2", "api.(*Server).Run.gowrap2", "(*Server).Run.gowrap2",
          "Run.gowrap2");
}

static void does_not_mistake_type_arguments_for_a_path(void **state)
{
    (void)state;
    check("example.com/x/set.Map[example.com/y/z.Key].Add", "set.Map[example.com/y/z.Key].Add",
          "Map[example.com/y/z.Key].Add", "Add");
}

static void takes_names_that_are_not_of_go(void **state)
{
    (void)state;
    check("malloc", "malloc", "malloc", "malloc");
    check("", "", "", "");
    check(".", ".", ".", ".");
    check("a/", "", "", "");
}

static void fits_the_longest_form_and_marks_a_cut(void **state)
{
    (void)state;
    struct mt_name n = mt_name_of(&arena, "example.com/shop/cart.(*Registry).Attach");
    assert_string_equal(mt_name_fit(&arena, &n, 40), "example.com/shop/cart.(*Registry).Attach");
    assert_string_equal(mt_name_fit(&arena, &n, 39), "cart.(*Registry).Attach");
    assert_string_equal(mt_name_fit(&arena, &n, 6), "Attach");
    assert_string_equal(mt_name_fit(&arena, &n, 5), "Att..");
    assert_null(mt_name_fit(&arena, &n, 3));
}

static void names_files_by_package_not_by_build_folder(void **state)
{
    (void)state;
    assert_string_equal(mt_file_name(&arena, "example.com/shop/cart.(*Registry).Attach",
                                     "/home/ci/w/shop/cart/registry.go"),
                        "example.com/shop/cart/registry.go");
    assert_string_equal(mt_file_name(&arena, "main.main", "/home/ci/w/cmd/shop/main.go"),
                        "shop/main.go");
    assert_string_equal(mt_file_name(&arena, "x", "main.go"), "main.go");
    assert_string_equal(mt_file_line_short(&arena, "/w/shop/cart/registry.go", 40),
                        "cart/registry.go:40");
}

static int clear(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shortens_a_method_in_four_steps),
        cmocka_unit_test(keeps_closures_with_the_function_they_are_in),
        cmocka_unit_test(does_not_mistake_type_arguments_for_a_path),
        cmocka_unit_test(takes_names_that_are_not_of_go),
        cmocka_unit_test(fits_the_longest_form_and_marks_a_cut),
        cmocka_unit_test(names_files_by_package_not_by_build_folder),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
