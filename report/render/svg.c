/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/svg.h"

#include "parsers/base/arena.h"

#include <stdio.h>
#include <string.h>

const struct mt_token_info *mt_token_info(enum mt_token token)
{
    static const struct mt_token_info tokens[] = {{"none", "none", "none"},
#define MT_TOKEN_ROW(id, name, light, dark) {name, light, dark},
                                                  MT_TOKENS(MT_TOKEN_ROW)
#undef MT_TOKEN_ROW
    };
    return &tokens[token];
}

static void class_of(struct mt_svg *s, enum mt_token fill, enum mt_token stroke, const char *extra)
{
    char text[160];
    size_t n = 0;
    text[0] = 0;
#define MT_PART(...) n += (size_t)snprintf(text + n, sizeof text - n, __VA_ARGS__)
    if (extra)
        MT_PART("%s%s", s->prefix, extra);
    if (fill)
        MT_PART("%s%sf-%s", n ? " " : "", s->prefix, mt_token_info(fill)->name);
    if (stroke)
        MT_PART("%s%ss-%s", n ? " " : "", s->prefix, mt_token_info(stroke)->name);
#undef MT_PART
    if (n)
        mt_xml_attr(s->x, "class", text);
}

static void prefixed(struct mt_svg *s, const char *attribute, const char *value, const char *tail)
{
    mt_xml_attr_printf(s->x, attribute, "%s%s%s", s->prefix, value, tail);
}

void mt_svg_begin(struct mt_svg *s, const struct mt_svg_head *head)
{
    mt_xml_begin(s->x, "svg");
    mt_xml_attr(s->x, "xmlns", "http://www.w3.org/2000/svg");
    prefixed(s, "id", head->id, "");
    if (head->class_name)
        prefixed(s, "class", head->class_name, "");
    double left = s->alone ? 12 : 0, top = s->alone ? 34 : 0, bottom = s->alone ? 10 : 0;
    double width = head->width + 2 * left, height = head->height + top + bottom;
    mt_xml_attr_printf(s->x, "viewBox", "%.0f %.0f %.0f %.0f", 0 - left, 0 - top, width, height);
    mt_xml_attr_at(s->x, "width", width);
    mt_xml_attr_at(s->x, "height", height);
    mt_xml_attr(s->x, "role", "img");
    mt_xml_attr_printf(s->x, "aria-labelledby", "%s%s-t %s%s-d", s->prefix, head->id, s->prefix,
                       head->id);
    mt_xml_attr(s->x, "font-family", head->mono ? MT_MONO : MT_SANS);
    mt_xml_attr(s->x, "font-size", "12");
    mt_xml_begin(s->x, "title");
    prefixed(s, "id", head->id, "-t");
    mt_xml_text(s->x, head->title);
    mt_xml_end(s->x);
    mt_xml_begin(s->x, "desc");
    prefixed(s, "id", head->id, "-d");
    mt_xml_text(s->x, head->description);
    mt_xml_end(s->x);
    if (s->alone) {
        mt_svg_style(s);
        mt_svg_rect(s, -left, -top, width, height, MT_T_BG, MT_T_NONE);
        mt_svg_text(s, 0, -14, (struct mt_label_style){MT_T_TEXT, MT_START, true, false},
                    head->title);
    }
}

void mt_svg_begin_decoration(struct mt_svg *s, const char *class_name, double width, double height)
{
    mt_xml_begin(s->x, "svg");
    mt_xml_attr(s->x, "xmlns", "http://www.w3.org/2000/svg");
    prefixed(s, "class", class_name, "");
    mt_xml_attr_printf(s->x, "viewBox", "0 0 %.0f %.0f", width, height);
    mt_xml_attr_at(s->x, "width", width);
    mt_xml_attr_at(s->x, "height", height);
    mt_xml_attr(s->x, "aria-hidden", "true");
    mt_xml_attr(s->x, "focusable", "false");
}

void mt_svg_end(struct mt_svg *s)
{
    mt_xml_end(s->x);
}

void mt_svg_group(struct mt_svg *s, const char *class_name)
{
    mt_xml_begin(s->x, "g");
    if (class_name)
        prefixed(s, "class", class_name, "");
}

void mt_svg_title(struct mt_svg *s, const char *text)
{
    mt_xml_leaf(s->x, "title", NULL, text);
}

static void paint(struct mt_svg *s, enum mt_token fill, struct mt_stroke stroke, const char *extra)
{
    class_of(s, fill, stroke.token, extra);
    if (fill)
        mt_xml_attr(s->x, "fill", mt_token_info(fill)->light);
    if (!stroke.token)
        return;
    mt_xml_attr(s->x, "stroke", mt_token_info(stroke.token)->light);
    if (stroke.width > 0 && (stroke.width < 1 || stroke.width > 1))
        mt_xml_attr_printf(s->x, "stroke-width", "%g", stroke.width);
    if (stroke.dash)
        mt_xml_attr(s->x, "stroke-dasharray", stroke.dash);
}

void mt_svg_line(struct mt_svg *s, double x1, double y1, double x2, double y2,
                 struct mt_stroke stroke)
{
    mt_xml_begin(s->x, "line");
    mt_xml_attr_at(s->x, "x1", x1);
    mt_xml_attr_at(s->x, "y1", y1);
    mt_xml_attr_at(s->x, "x2", x2);
    mt_xml_attr_at(s->x, "y2", y2);
    paint(s, MT_T_NONE, stroke, NULL);
    mt_xml_end(s->x);
}

void mt_svg_rect(struct mt_svg *s, double x, double y, double width, double height,
                 enum mt_token fill, enum mt_token stroke)
{
    mt_xml_begin(s->x, "rect");
    mt_xml_attr_at(s->x, "x", x);
    mt_xml_attr_at(s->x, "y", y);
    mt_xml_attr_at(s->x, "width", width);
    mt_xml_attr_at(s->x, "height", height);
    paint(s, fill, (struct mt_stroke){stroke, 1, NULL}, NULL);
    mt_xml_end(s->x);
}

void mt_svg_circle_open(struct mt_svg *s, double x, double y, double radius, enum mt_token fill,
                        enum mt_token stroke, const char *extra_class)
{
    mt_xml_begin(s->x, "circle");
    mt_xml_attr_at(s->x, "cx", x);
    mt_xml_attr_at(s->x, "cy", y);
    mt_xml_attr_at(s->x, "r", radius);
    paint(s, fill, (struct mt_stroke){stroke, 1.5, NULL}, extra_class);
}

void mt_svg_circle(struct mt_svg *s, double x, double y, double radius, enum mt_token fill,
                   enum mt_token stroke)
{
    mt_svg_circle_open(s, x, y, radius, fill, stroke, NULL);
    mt_xml_end(s->x);
}

void mt_svg_path_open(struct mt_svg *s, const char *data, enum mt_token fill,
                      struct mt_stroke stroke, const char *extra_class)
{
    mt_xml_begin(s->x, "path");
    mt_xml_attr(s->x, "d", data ? data : "");
    paint(s, fill, stroke, extra_class);
    if (!fill)
        mt_xml_attr(s->x, "fill", "none");
}

void mt_svg_path(struct mt_svg *s, const char *data, enum mt_token fill, struct mt_stroke stroke)
{
    if (!data || !*data)
        return;
    mt_svg_path_open(s, data, fill, stroke, NULL);
    mt_xml_end(s->x);
}

void mt_svg_text(struct mt_svg *s, double x, double y, struct mt_label_style style,
                 const char *text)
{
    static const char *const anchors[] = {NULL, "middle", "end"};
    mt_xml_begin(s->x, "text");
    mt_xml_attr_at(s->x, "x", x);
    mt_xml_attr_at(s->x, "y", y);
    if (style.token != MT_T_NONE) {
        class_of(s, style.token, MT_T_NONE, style.digits ? "num" : NULL);
        mt_xml_attr(s->x, "fill", mt_token_info(style.token)->light);
    }
    if (anchors[style.anchor])
        mt_xml_attr(s->x, "text-anchor", anchors[style.anchor]);
    if (style.bold)
        mt_xml_attr(s->x, "font-weight", "600");
    mt_xml_text(s->x, text);
    mt_xml_end(s->x);
}

void mt_path_move(struct mt_text *d, double x, double y)
{
    mt_text_byte(d, 'M');
    mt_xml_coordinate(d, x);
    mt_text_byte(d, ' ');
    mt_xml_coordinate(d, y);
}

void mt_path_line(struct mt_text *d, double x, double y)
{
    mt_text_byte(d, 'L');
    mt_xml_coordinate(d, x);
    mt_text_byte(d, ' ');
    mt_xml_coordinate(d, y);
}

void mt_path_h(struct mt_text *d, double x)
{
    mt_text_byte(d, 'H');
    mt_xml_coordinate(d, x);
}

void mt_path_v(struct mt_text *d, double y)
{
    mt_text_byte(d, 'V');
    mt_xml_coordinate(d, y);
}

double mt_text_width(const char *text)
{
    double width = 0;
    for (; *text; text++) {
        if (((unsigned char)*text & 0xc0) == 0x80)
            continue;
        if (strchr("fijltI.,:;'|!()[] ", *text))
            width += 3.6;
        else if (strchr("mwMW%", *text) || (*text >= 'A' && *text <= 'Z'))
            width += 8.8;
        else
            width += 6.7;
    }
    return width;
}

const char *mt_text_cut(struct mt_arena *arena, const char *text, double width)
{
    if (!text || mt_text_width(text) <= width)
        return text;
    size_t size = strlen(text), keep = size;
    char *copy = MT_NEW_N(arena, char, size + 3);
    memcpy(copy, text, size);
    while (keep > 4) {
        do
            keep--;
        while (keep && ((unsigned char)text[keep] & 0xc0) == 0x80);
        memcpy(copy + keep, "..", 3);
        if (mt_text_width(copy) <= width)
            return copy;
    }
    return NULL;
}

static void token_rules(struct mt_text *css, const char *prefix, bool dark)
{
    for (int t = 1; t < MT_TOKEN_COUNT; t++) {
        const struct mt_token_info *info = mt_token_info((enum mt_token)t);
        const char *value = dark ? info->dark : info->light;
        mt_text_printf(css, ".%sf-%s{fill:%s}.%ss-%s{stroke:%s}\n", prefix, info->name, value,
                       prefix, info->name, value);
    }
}

void mt_svg_style(struct mt_svg *s)
{
    struct mt_text css = {0};
    mt_text_printf(&css, "\n.%snum{font-variant-numeric:tabular-nums}\n", s->prefix);
    token_rules(&css, s->prefix, false);
    mt_text_add(&css, "@media (prefers-color-scheme:dark){\n");
    token_rules(&css, s->prefix, true);
    mt_text_add(&css, "}\n");
    mt_xml_begin(s->x, "style");
    mt_xml_raw_text(s->x, mt_text_view(&css));
    mt_xml_end(s->x);
    mt_text_clear(&css);
}
