/* SPDX-License-Identifier: Apache-2.0 */
/* HTML, SVG and Markdown of a small assessment, and of one whose names are hostile. */
#include "report/render/renderer.h"
#include "report/view/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <libxml/parser.h>
#include <string.h>

struct catcher {
    struct mt_outputs base;
    struct mt_text text[8];
    char name[8][64];
    size_t n;
};

static bool take(struct mt_outputs *self, const char *name, struct mt_span bytes)
{
    struct catcher *c = (struct catcher *)self;
    assert_true(c->n < 8);
    snprintf(c->name[c->n], sizeof c->name[0], "%s", name);
    mt_text_span(&c->text[c->n], bytes);
    mt_text_byte(&c->text[c->n++], 0);
    return true;
}

static void render(struct catcher *c, struct mt_fixture *f, const char *output)
{
    struct mt_err err = {0};
    *c = (struct catcher){.base = {.file = take}};
    struct mt_view *view = mt_view_of_report(&f->arena, &f->assessment, NULL);
    if (!mt_renderer_named(output)->render(view, &c->base, &err))
        fail_msg("%s", err.what);
    assert_true(c->n > 0);
}

static void clear(struct catcher *c, struct mt_fixture *f)
{
    for (size_t i = 0; i < c->n; i++)
        mt_text_clear(&c->text[i]);
    mt_fixture_clear(f);
}

static void check_form(const char *text)
{
    void *library = dlopen("libxml2.so.2", RTLD_NOW);
    assert_non_null(library);
    __typeof__(xmlReadMemory) *read;
    __typeof__(xmlFreeDoc) *drop;
    void *address = dlsym(library, "xmlReadMemory");
    memcpy(&read, &address, sizeof address);
    address = dlsym(library, "xmlFreeDoc");
    memcpy(&drop, &address, sizeof address);
    xmlDocPtr doc = read(text, (int)strlen(text), "output", NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    drop(doc);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (; (text = strstr(text, what)); text += strlen(what))
        n++;
    return n;
}

static void writes_a_page_that_is_well_formed_and_needs_nothing_else(void **state)
{
    (void)state;
    struct mt_fixture f;
    struct catcher c;
    mt_fixture_init(&f);
    render(&c, &f, "html");
    const char *page = c.text[0].data;
    check_form(page);
    assert_non_null(strstr(page, "default-src 'none'"));
    assert_null(strstr(page, " style=\""));
    assert_null(strstr(page, "src=\"http"));
    assert_null(strstr(page, "{{"));
    static const char *const ids[] = {"verdict",    "numbers", "suspects",  "time",
                                      "flame",      "diff",    "functions", "gc",
                                      "goroutines", "inputs",  "method",    "glossary"};
    const char *at = page;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char want[64];
        snprintf(want, sizeof want, "id=\"%s\"", ids[i]);
        at = strstr(at, want);
        if (!at)
            fail_msg("%s is missing or out of order", ids[i]);
    }
    assert_non_null(strstr(page, "id=\"suspect-1\""));
    clear(&c, &f);
}

static void lets_no_name_add_an_element(void **state)
{
    (void)state;
    struct mt_fixture tame, hostile;
    struct catcher a, b;
    mt_fixture_init(&tame);
    render(&a, &tame, "html");
    mt_fixture_named(&hostile, MT_FIXTURE_HOSTILE);
    render(&b, &hostile, "html");
    check_form(b.text[0].data);
    static const char *const tags[] = {"<img", "<script", "<a ", "<section", "<svg", "<table"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        assert_int_equal(count(a.text[0].data, tags[i]), count(b.text[0].data, tags[i]));
    assert_null(strstr(b.text[0].data, "\xe2\x80\xae"));
    assert_non_null(strstr(b.text[0].data, "\\u202e"));
    clear(&a, &tame);
    clear(&b, &hostile);
}

static void writes_pictures_whose_names_begin_with_a_hash(void **state)
{
    (void)state;
    struct mt_fixture f;
    struct catcher c;
    mt_fixture_named(&f, MT_FIXTURE_HOSTILE);
    render(&c, &f, "svg");
    for (size_t i = 0; i < c.n; i++) {
        const char *svg = c.text[i].data;
        check_form(svg);
        assert_null(strstr(svg, "<script"));
        assert_null(strstr(svg, "href"));
        assert_int_equal(count(svg, "class=\""), count(svg, "class=\"mt"));
        assert_int_equal(count(svg, " id=\""), count(svg, " id=\"mt"));
        assert_null(strstr(svg, "mt00000000"));
    }
    clear(&c, &f);
}

static void keeps_mentions_links_and_markup_out_of_markdown(void **state)
{
    (void)state;
    struct mt_fixture f;
    struct catcher c;
    mt_fixture_named(&f, MT_FIXTURE_HOSTILE);
    render(&c, &f, "md");
    const char *md = c.text[0].data;
    /* each stands inside a code span, whose fence is longer than the backtick of the name */
    for (const char *at = md; (at = strstr(at, "@octocat")); at++) {
        const char *line = at;
        while (line > md && line[-1] != '\n')
            line--;
        size_t fences = 0;
        for (const char *p = line; p < at; p++)
            fences += p[0] == '`' && p[1] == '`';
        assert_int_equal(fences % 2, 1);
    }
    assert_int_equal(count(md, "<details>"), count(md, "</details>"));
    clear(&c, &f);
}

static void gives_the_same_bytes_twice(void **state)
{
    (void)state;
    static const char *const outputs[] = {"html", "md", "svg", "json"};
    for (size_t i = 0; i < 4; i++) {
        struct mt_fixture f, g;
        struct catcher a, b;
        mt_fixture_init(&f);
        mt_fixture_init(&g);
        render(&a, &f, outputs[i]);
        render(&b, &g, outputs[i]);
        assert_string_equal(a.text[0].data, b.text[0].data);
        clear(&a, &f);
        clear(&b, &g);
    }
}

static void stays_whole_when_nothing_is_known(void **state)
{
    (void)state;
    static const char *const outputs[] = {"html", "md", "json"};
    for (size_t i = 0; i < 3; i++) {
        struct mt_fixture f;
        struct catcher c;
        mt_fixture_init(&f);
        f.bundle.n_inputs = f.bundle.n_series = 0;
        f.bundle.start_ns = f.bundle.end_ns = MT_NO_TIME;
        f.assessment = (struct mt_assessment){
            .bundle = &f.bundle, .goroutines_first = NAN, .goroutines_last = NAN};
        f.assessment.verdict.detectable_bytes_per_second = NAN;
        render(&c, &f, outputs[i]);
        if (i == 0)
            check_form(c.text[0].data);
        clear(&c, &f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_page_that_is_well_formed_and_needs_nothing_else),
        cmocka_unit_test(lets_no_name_add_an_element),
        cmocka_unit_test(writes_pictures_whose_names_begin_with_a_hash),
        cmocka_unit_test(keeps_mentions_links_and_markup_out_of_markdown),
        cmocka_unit_test(gives_the_same_bytes_twice),
        cmocka_unit_test(stays_whole_when_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
