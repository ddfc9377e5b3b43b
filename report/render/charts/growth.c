/* SPDX-License-Identifier: Apache-2.0 */
/* One bar that splits a whole into parts; on a phone one bar a row. */
#include "report/render/charts/charts.h"

#include <math.h>

static enum mt_token fill_of(const struct mt_growth_part *part, size_t i)
{
    static const enum mt_token bands[] = {MT_T_BAND3, MT_T_BAND2, MT_T_BAND4, MT_T_BAND1};
    return part->suspect ? MT_T_SUSPECT : bands[i % 4];
}

static const char *name_of(struct mt_arena *a, const struct mt_growth_part *part)
{
    return part->suspect ? mt_arena_printf(a, "suspect %u: %s", part->suspect, part->name)
                         : part->name;
}

static void begin(struct mt_svg *s, const char *id, const struct mt_parts_chart *c, double width,
                  double height)
{
    mt_svg_begin(s, &(struct mt_svg_head){.id = id,
                                          .class_name = "ex",
                                          .title = c->title,
                                          .description = c->caption,
                                          .width = width,
                                          .height = height});
}

static void tooltip(struct mt_svg *s, struct mt_arena *a, const struct mt_growth_part *part)
{
    mt_svg_title(s, mt_arena_printf(a, "%s: %s%s%s", part->name, part->amount,
                                    part->share ? ", " : "", part->share ? part->share : ""));
}

/* Labels keep to the width of their part; the last one may use what is left of the row. */
static void one_bar(struct mt_svg *s, const char *id, const struct mt_parts_chart *c, double width)
{
    struct mt_arena a = {0};
    double x = 0;
    begin(s, id, c, width, 82);
    for (size_t i = 0; i < c->n; i++) {
        const struct mt_growth_part *part = &c->parts[i];
        double w = part->fraction * width;
        struct mt_label_style head = {part->suspect ? MT_T_BAD : MT_T_TEXT, MT_START,
                                      part->suspect != 0, false};
        mt_svg_group(s, "part");
        if (part->function)
            mt_xml_attr_u64(s->x, "data-f", part->function);
        tooltip(s, &a, part);
        mt_svg_rect(s, x, 20, fmax(w - 1, 0.5), 18, fill_of(part, i), MT_T_NONE);
        double room = w - 6;
        const char *text = name_of(&a, part);
        if (mt_text_width(text) > room)
            text =
                mt_text_width(part->name) > room ? mt_name_of(&a, part->name).method : part->name;
        if (mt_text_width(text) > room)
            text = mt_text_cut(&a, part->name, room);
        if (text)
            mt_svg_text(s, x, 13, head, text);
        head.digits = true;
        const char *amount =
            part->share ? mt_arena_printf(&a, "%s, %s", part->amount, part->share) : part->amount;
        if (mt_text_width(amount) > room)
            amount = part->amount;
        if (mt_text_width(amount) <= room)
            mt_svg_text(s, x, 54, head, amount);
        text = mt_text_cut(&a, part->note, room);
        if (text)
            mt_svg_text(s, x, 70, (struct mt_label_style){MT_T_MUTED, MT_START, false, false},
                        text);
        mt_xml_end(s->x);
        x += w;
    }
    mt_svg_end(s);
    mt_arena_clear(&a);
}

static void rows(struct mt_svg *s, const char *id, const struct mt_parts_chart *c, double width)
{
    struct mt_arena a = {0};
    double widest = 0, y = 0;
    for (size_t i = 0; i < c->n; i++)
        widest = fmax(widest, c->parts[i].fraction);
    begin(s, id, c, width, 38 * (double)c->n);
    for (size_t i = 0; i < c->n; i++, y += 38) {
        const struct mt_growth_part *part = &c->parts[i];
        struct mt_label_style style = {part->suspect ? MT_T_BAD : MT_T_TEXT, MT_START,
                                       part->suspect != 0, false};
        double room = width - mt_text_width(part->amount) - 8;
        const char *text = mt_text_cut(
            &a, part->note ? mt_arena_printf(&a, "%s, %s", part->name, part->note) : part->name,
            room);
        mt_svg_text(s, 0, y + 12, style, text ? text : part->name);
        style.anchor = MT_END;
        style.digits = true;
        mt_svg_text(s, width, y + 12, style, part->amount);
        mt_svg_rect(s, 0, y + 18, fmax(part->fraction / widest * width, 1), 10, fill_of(part, i),
                    MT_T_NONE);
    }
    mt_svg_end(s);
    mt_arena_clear(&a);
}

void mt_chart_parts(struct mt_svg *s, const char *id, const struct mt_parts_chart *c,
                    enum mt_size size)
{
    if (size == MT_PHONE)
        rows(s, id, c, mt_chart_width(size));
    else
        one_bar(s, id, c, mt_chart_width(size));
}
