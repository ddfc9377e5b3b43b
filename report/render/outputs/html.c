/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.html, of a bundle or of a diff: the template's text with each {{slot}} filled. The
 * template, the style sheet and the script are constants of the release, so the content security
 * policy names their hashes.
 */
#include "report/render/outputs/html/part.h"
#include "report/render/renderer.h"

#include "report/view/templates.h"

/* Of the page; of what stands in it without its payload. */
enum { MOST_BYTES = 10 << 20, MOST_STATIC_BYTES = 1 << 20, LEAST_COLUMNS = 64 };

struct slot {
    const char *name;
    void (*fill)(struct mt_html *h);
};
#define MT_HTML_SLOT_ROW(name, function) {name, function},
static const struct slot slots[] = {MT_HTML_SLOTS(MT_HTML_SLOT_ROW)};
#undef MT_HTML_SLOT_ROW

/* Slots whose text is another file of the templates, as it is. */
static bool put_constant(struct mt_html *h, struct mt_span name)
{
    static const char *const files[] = {
#define FILE_NAME(name) name,
        MT_HTML_CONSTANTS(FILE_NAME)
#undef FILE_NAME
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (mt_span_is(name, files[i])) {
            mt_xml_constant(h->x, mt_template_named(files[i]));
            return true;
        }
    return false;
}

static bool fill(struct mt_html *h, struct mt_span name)
{
    if (put_constant(h, name))
        return true;
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (mt_span_is(name, slots[i].name)) {
            slots[i].fill(h);
            return true;
        }
    return false;
}

static bool fill_template(struct mt_html *h, struct mt_span text, struct mt_err *err)
{
    for (;;) {
        size_t open = mt_span_find(text, "{{");
        if (open == MT_NPOS) {
            mt_xml_constant(h->x, text);
            return true;
        }
        mt_xml_constant(h->x, mt_span_sub(text, 0, open));
        text = mt_span_from(text, open + 2);
        size_t close = mt_span_find(text, "}}");
        struct mt_span name = mt_span_sub(text, 0, close);
        if (close == MT_NPOS || !fill(h, name))
            return mt_fail(err, MT_ERR_OUTPUT, 0, "the template has a slot nobody fills: %.*s",
                           (int)(name.size < 40 ? name.size : 40), (const char *)name.data);
        text = mt_span_from(text, close + 2);
    }
}

struct detail {
    struct mt_payload_limits payload;
    double least_width; /* of a frame in the pictures, pixels */
};

static bool render_once(const struct mt_view *view, struct detail detail, struct mt_text *text,
                        size_t *payload, struct mt_err *err)
{
    struct mt_arena arena = {0};
    text->size = 0;
    struct mt_xml *x = mt_xml_open(text, MT_XML_HTML, err);
    if (!x)
        return false;
    struct mt_html h = {.x = x,
                        .svg = {x, "", false},
                        .arena = &arena,
                        .view = view,
                        .page = mt_page_of(view),
                        .limits = detail.payload,
                        .least_width = detail.least_width};
    mt_xml_doctype(x);
    bool ok = fill_template(&h, mt_template_named("report.html"), err);
    ok = mt_xml_close(x, err) && ok;
    *payload = h.payload;
    mt_arena_clear(&arena);
    return ok;
}

/* What stands in the page without script has a limit of its own: over it, the narrowest frames of
 * the pictures are folded. Over the limit of the page, ever larger parts of the call trees behind
 * it are folded, then the series are thinned. The page says how many frames. A limit below that
 * cannot be kept. */
static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    struct mt_text text = {0};
    uint64_t most = view->options.max_html_bytes ? view->options.max_html_bytes : MOST_BYTES;
    struct detail detail = {{0, MT_SERIES_COLUMNS}, 0.3};
    struct mt_payload_limits *limits = &detail.payload;
    size_t payload = 0;
    bool ok = render_once(view, detail, &text, &payload, err);
    while (ok && text.size > MOST_STATIC_BYTES + payload && detail.least_width < 40) {
        detail.least_width *= 2;
        ok = render_once(view, detail, &text, &payload, err);
    }
    while (ok && text.size > most && limits->least_share < 0.05) {
        limits->least_share = limits->least_share > 0 ? limits->least_share * 4 : 1e-5;
        ok = render_once(view, detail, &text, &payload, err);
    }
    while (ok && text.size > most && limits->series_columns > LEAST_COLUMNS) {
        limits->series_columns /= 4;
        ok = render_once(view, detail, &text, &payload, err);
    }
    if (ok && text.size > most)
        ok = mt_fail(err, MT_ERR_OUTPUT, 0,
                     "report.html needs %zu bytes when all is folded that can be, --max-size "
                     "allows %llu",
                     text.size, (unsigned long long)most);
    if (ok && !out->file(out, "report.html", mt_text_view(&text)))
        ok = mt_fail(err, MT_ERR_OUTPUT, 0, "report.html could not be written");
    mt_text_clear(&text);
    return ok;
}

const struct mt_renderer mt_renderer_html = {
    .name = "html",
    .suffix = ".html",
    .file = "report.html",
    .summary = "the report as one page that needs nothing else",
    .in_report = true,
    .in_diff = true,
    .for_report = true,
    .for_diff = true,
    .render = render,
};
