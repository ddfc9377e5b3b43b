/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct mt_text out;

static struct mt_xml *opened(enum mt_xml_form form)
{
    struct mt_err err = {0};
    out.size = 0;
    struct mt_xml *x = mt_xml_open(&out, form, &err);
    if (!x)
        fail_msg("%s", err.what);
    return x;
}

static void closed_as(struct mt_xml *x, const char *want)
{
    struct mt_err err = {0};
    assert_true(mt_xml_close(x, &err));
    mt_text_byte(&out, 0);
    assert_string_equal(out.data, want);
    mt_text_clear(&out);
}

static void gives_every_element_that_is_not_void_an_end_tag(void **state)
{
    (void)state;
    struct mt_xml *x = opened(MT_XML_HTML);
    mt_xml_doctype(x);
    mt_xml_begin(x, "p");
    mt_xml_begin(x, "code");
    mt_xml_end(x);
    mt_xml_begin(x, "br");
    mt_xml_end(x);
    closed_as(x, "<!DOCTYPE html>\n<p><code></code><br/></p>");
}

static void closes_shapes_inside_an_inline_picture_short(void **state)
{
    (void)state;
    struct mt_xml *x = opened(MT_XML_HTML);
    mt_xml_begin(x, "svg");
    mt_xml_begin(x, "rect");
    mt_xml_attr_at(x, "x", 1.25);
    mt_xml_attr_at(x, "y", -0.01);
    mt_xml_end(x);
    mt_xml_end(x);
    mt_xml_begin(x, "b");
    closed_as(x, "<svg><rect x=\"1.3\" y=\"0\"/></svg><b></b>");
}

static void escapes_markup_and_shows_hidden_characters(void **state)
{
    (void)state;
    struct mt_xml *x = opened(MT_XML_HTML);
    mt_xml_begin(x, "a");
    mt_xml_attr(x, "title", "\"><script>\n");
    mt_xml_text(x, "</a><img src=x>\xe2\x80\xae&");
    closed_as(x, "<a title=\"&quot;&gt;&lt;script&gt;\\u000a\">"
                 "&lt;/a&gt;&lt;img src=x&gt;\\u202e&amp;</a>");
}

static void shows_text_behind_an_embedded_zero(void **state)
{
    (void)state;
    struct mt_xml *x = opened(MT_XML_SVG);
    mt_xml_begin(x, "text");
    mt_xml_span(x, (struct mt_span){(const unsigned char *)"a\0b", 3});
    closed_as(x, "<text>a\\u0000b</text>");
}

static void refuses_raw_text_that_ends_its_element(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_xml *x = opened(MT_XML_HTML);
    mt_xml_begin(x, "script");
    mt_xml_raw_text(x, MT_SPAN("a = 1 < 2;</script>"));
    assert_false(mt_xml_close(x, &err));
    assert_int_equal(err.code, MT_ERR_OUTPUT);
    mt_text_clear(&out);
}

static void refuses_text_outside_of_any_element(void **state)
{
    (void)state;
    struct mt_err err = {0};
    struct mt_xml *x = opened(MT_XML_HTML);
    mt_xml_text(x, "<b>");
    assert_false(mt_xml_close(x, &err));
    mt_text_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_every_element_that_is_not_void_an_end_tag),
        cmocka_unit_test(closes_shapes_inside_an_inline_picture_short),
        cmocka_unit_test(escapes_markup_and_shows_hidden_characters),
        cmocka_unit_test(shows_text_behind_an_embedded_zero),
        cmocka_unit_test(refuses_raw_text_that_ends_its_element),
        cmocka_unit_test(refuses_text_outside_of_any_element),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
