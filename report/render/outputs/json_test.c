/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/renderer.h"
#include "report/view/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

struct catcher {
    struct mt_outputs base;
    struct mt_text text;
};

static bool take(struct mt_outputs *self, const char *name, struct mt_span bytes)
{
    struct catcher *c = (struct catcher *)self;
    assert_string_equal(name, "report.json");
    mt_text_span(&c->text, bytes);
    return true;
}

static json_t *rendered(struct mt_fixture *f)
{
    struct catcher c = {.base = {.file = take}};
    struct mt_err err = {0};
    struct mt_view *view = mt_view_of_report(&f->arena, &f->assessment, NULL);
    assert_true(mt_renderer_named("json")->render(view, &c.base, &err));
    json_error_t why;
    json_t *root = json_loadb(c.text.data, c.text.size, 0, &why);
    if (!root)
        fail_msg("%s at byte %d", why.text, why.position);
    mt_text_clear(&c.text);
    return root;
}

static void writes_one_document_with_the_keys_in_order(void **state)
{
    (void)state;
    static const char *const want[] = {"schema",  "tool",      "subject", "window",
                                       "verdict", "findings",  "stages",  "crosschecks",
                                       "series",  "anomalies", "inputs",  "data_quality"};
    struct mt_fixture f;
    mt_fixture_init(&f);
    json_t *root = rendered(&f);
    size_t i = 0;
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value) assert_string_equal(key, want[i++]);
    assert_int_equal(i, sizeof want / sizeof *want);
    json_decref(root);
    mt_fixture_clear(&f);
}

static void leaves_out_what_is_not_known(void **state)
{
    (void)state;
    struct mt_fixture f;
    mt_fixture_init(&f);
    json_t *root = rendered(&f);
    json_t *finding = json_array_get(json_object_get(root, "findings"), 0);
    json_t *growth = json_object_get(finding, "growth");
    assert_int_equal(json_integer_value(json_object_get(growth, "bytes")), 30 << 20);
    assert_null(json_object_get(growth, "goroutines"));
    json_t *skipped = json_array_get(json_object_get(root, "inputs"), 1);
    assert_string_equal(json_string_value(json_object_get(skipped, "path")), "notes<b>.txt");
    assert_null(json_object_get(skipped, "start_ns"));
    assert_null(json_object_get(skipped, "format"));
    json_decref(root);
    mt_fixture_clear(&f);
}

static void writes_exact_numbers_of_a_series(void **state)
{
    (void)state;
    struct mt_fixture f;
    mt_fixture_init(&f);
    json_t *root = rendered(&f);
    json_t *series = json_array_get(json_object_get(root, "series"), 0);
    json_t *value = json_array_get(json_object_get(series, "value"), 3);
    assert_true(json_is_integer(value));
    assert_int_equal(json_integer_value(value), 134ll << 20);
    json_decref(root);
    mt_fixture_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_one_document_with_the_keys_in_order),
        cmocka_unit_test(leaves_out_what_is_not_known),
        cmocka_unit_test(writes_exact_numbers_of_a_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
