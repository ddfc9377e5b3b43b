/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/renderer.h"
#include "report/view/diff_fixture.h"
#include "report/view/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static struct mt_diff_fixture f;
static struct mt_text written;

static bool keep(struct mt_outputs *self, const char *name, struct mt_span bytes)
{
    (void)self;
    assert_string_equal(name, "pr-comment.md");
    mt_text_clear(&written);
    mt_text_span(&written, bytes);
    mt_text_byte(&written, 0);
    return true;
}

static const char *comment(const struct mt_view_options *options)
{
    struct mt_outputs out = {.file = keep};
    struct mt_err err = {0};
    const struct mt_view *view = mt_view_of_diff(&f.arena, &f.diff, options);
    assert_true(mt_renderer_named("pr")->render(view, &out, &err));
    return written.data;
}

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
    mt_text_clear(&written);
    return 0;
}

static size_t lines_with(const char *text, const char *start)
{
    size_t n = 0;
    for (const char *at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        n += strncmp(at, start, strlen(start)) == 0;
    return n;
}

static void marker_then_verdict_then_the_function_that_grew(void **state)
{
    (void)state;
    const char *text = comment(NULL);
    assert_int_equal(strncmp(text,
                             "<!-- memtriage:v1 key=shop-api -->\n"
                             "### Memory: threshold exceeded - live heap +36.0",
                             80),
                     0);
    assert_non_null(strstr(text, "`cache.(*Store).Put` grew by 8.0"));
    assert_non_null(strstr(text, "explains 22.2% of the change"));
    assert_non_null(strstr(text, "Limit: 5% and 1 MiB."));
    assert_non_null(strstr(text, "Base `4f2c9e1`, head `b70d33a`, n=1."));
    assert_non_null(strstr(text, "**Next:** see `example.com/shop/cache/store.go:101`"));
}

static void one_run_a_side_is_never_called_significant(void **state)
{
    (void)state;
    assert_null(strstr(comment(NULL), "significant"));
}

static void five_rows_and_the_others(void **state)
{
    (void)state;
    const char *text = comment(NULL);
    assert_int_equal(lines_with(text, "| `cache."), 5);
    assert_int_equal(lines_with(text, "| 3"), 1);
}

static void nothing_to_report_is_two_lines(void **state)
{
    (void)state;
    mt_diff_fixture_calm(&f);
    const char *text = comment(NULL);
    assert_int_equal(lines_with(text, "#"), 1);
    assert_null(strchr(text, '|'));
    const char *second = strchr(text, '\n') + 1;
    assert_non_null(strstr(second, "no significant change"));
    assert_string_equal(strchr(second, '\n'), "\n");
}

static void what_cannot_be_compared_says_why_and_no_number(void **state)
{
    (void)state;
    f.diff.not_comparable = "the sides have no metric in common";
    const char *text = comment(NULL);
    assert_non_null(strstr(text, "not comparable: the sides have no metric in common"));
    assert_null(strstr(text, "MiB"));
}

static void the_page_is_linked_only_where_an_address_is_given(void **state)
{
    (void)state;
    assert_null(strstr(comment(NULL), "report.html"));
    const char *text =
        comment(&(struct mt_view_options){.report_url = "https://ci.example/7/report.html"});
    assert_non_null(strstr(text, "[report.html](https://ci.example/7/report.html)"));
}

static void a_title_cannot_end_the_marker(void **state)
{
    (void)state;
    const char *text = comment(&(struct mt_view_options){.title = "a --> <img> `b`\n# c -"});
    assert_int_equal(strncmp(text, "<!-- memtriage:v1 key=a-img-b-c -->\n###", 39), 0);
}

static void hostile_names_stay_in_their_code_spans(void **state)
{
    (void)state;
    mt_diff_fixture_clear(&f);
    mt_diff_fixture_init(&f, MT_FIXTURE_HOSTILE, 2);
    const char *text = comment(NULL);
    assert_null(strstr(text, "\xe2\x80\xae"));
    assert_null(strstr(text, "\n\xff"));                /* a line end and a broken byte are shown */
    assert_int_equal(lines_with(text, "| `` pkg."), 2); /* longer than the name's own fence */
    for (const char *at = strstr(text, "| `` pkg."); at; at = strstr(at + 1, "| `` pkg.")) {
        size_t bars = 0;
        for (const char *c = at; *c != '\n'; c++)
            bars += *c == '|' && c[-1] != '\\';
        assert_int_equal(bars, 6);
    }
    assert_int_equal(lines_with(text, "[x]"), 0);
}

static void long_names_cost_rows_never_half_of_one(void **state)
{
    (void)state;
    char name[1000] = "example.com/shop/cache.";
    memset(name + 23, 'x', sizeof name - 24);
    mt_diff_fixture_clear(&f);
    mt_diff_fixture_init(&f, name, 40);
    const char *text = comment(NULL);
    assert_in_range(written.size, 1, 4001);
    size_t rows = lines_with(text, "| `cache.x");
    assert_in_range(rows, 1, 4);
    for (const char *at = strstr(text, "| `cache.x"); at; at = strstr(at + 1, "| `cache.x"))
        assert_int_equal(strchr(at, '\n')[-1], '|');
    assert_null(strstr(text, "<details>"));
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(marker_then_verdict_then_the_function_that_grew),
        ROW(one_run_a_side_is_never_called_significant),
        ROW(five_rows_and_the_others),
        ROW(nothing_to_report_is_two_lines),
        ROW(what_cannot_be_compared_says_why_and_no_number),
        ROW(the_page_is_linked_only_where_an_address_is_given),
        ROW(a_title_cannot_end_the_marker),
        ROW(hostile_names_stay_in_their_code_spans),
        ROW(long_names_cost_rows_never_half_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
