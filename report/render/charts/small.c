/* SPDX-License-Identifier: Apache-2.0 */
/* Word-sized drawings: sparks in facts and cards, bars in table cells, swatches of legends. */
#include "report/render/charts/charts.h"

#include <math.h>

void mt_chart_spark(struct mt_svg *s, const struct mt_spark *spark, enum mt_tone tone, double width,
                    double height)
{
    if (spark->n < 2)
        return;
    enum mt_token token = mt_tone_token(tone);
    struct mt_text d = {0};
    double x = 0, y = 0;
    for (size_t i = 0; i < spark->n; i++) {
        x = 2 + spark->x[i] * (width - 6);
        y = height - 3 - spark->y[i] * (height - 6);
        if (!i) {
            mt_path_move(&d, x, y);
        } else if (spark->steps) {
            mt_path_h(&d, x);
            mt_path_v(&d, y);
        } else {
            mt_path_line(&d, x, y);
        }
    }
    mt_svg_begin_decoration(s, "spark", width, height);
    mt_svg_path(s, d.data, MT_T_NONE, (struct mt_stroke){token, 1.25, NULL});
    mt_svg_circle(s, x, y, 2, token, MT_T_NONE);
    mt_svg_end(s);
    mt_text_clear(&d);
}

void mt_chart_bar(struct mt_svg *s, double value, bool signed_bar)
{
    double width = 96, height = 12, zero = signed_bar ? width / 2 : 0.5;
    double length = fabs(value) * (signed_bar ? width / 2 - 1 : width - 1);
    mt_svg_begin_decoration(s, "bar", width, height);
    mt_svg_line(s, zero, 0, zero, height, MT_RULE);
    if (length >= 0.5)
        mt_svg_rect(s, value < 0 ? zero - length : zero, 2, length, height - 4,
                    !signed_bar ? MT_T_BAND5
                    : value < 0 ? MT_T_LINK
                                : MT_T_SUSPECT,
                    MT_T_NONE);
    mt_svg_end(s);
}

void mt_chart_range(struct mt_svg *s, double value, double low, double high, bool quiet)
{
    double width = 128, height = 14, zero = width / 2, reach = width / 2 - 4;
    enum mt_token token = quiet ? MT_T_EDGE : value < 0 ? MT_T_LINK : MT_T_BAD;
    mt_svg_begin_decoration(s, "bar", width, height);
    mt_svg_line(s, zero, 0, zero, height, MT_RULE);
    if (isfinite(low) && isfinite(high))
        mt_svg_line(s, zero + fmax(low, -1) * reach, height / 2, zero + fmin(high, 1) * reach,
                    height / 2, (struct mt_stroke){token, 2, NULL});
    mt_svg_circle(s, zero + fmin(fmax(value, -1), 1) * reach, height / 2, 3, token, MT_T_NONE);
    mt_svg_end(s);
}

void mt_chart_swatch(struct mt_svg *s, enum mt_token fill)
{
    mt_svg_begin_decoration(s, "sw", 14, 14);
    mt_svg_rect(s, 1, 1, 12, 12, fill, MT_T_EDGE);
    mt_svg_end(s);
}
