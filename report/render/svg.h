/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shapes of our charts. Paint is a token: the shape carries the light value as a presentation
 * attribute and a class that style sheets map to the theme's value, so a chart keeps its looks
 * where styles are stripped. Text is 12 px and never scaled.
 */
#ifndef MT_RENDER_SVG_H
#define MT_RENDER_SVG_H

#include "report/render/xml.h"

/* enum, class, light, dark */
#define MT_TOKENS(X)                                                                               \
    X(BG, "bg", "#ffffff", "#14171b")                                                              \
    X(SURFACE, "surface", "#f5f7fa", "#1c2026")                                                    \
    X(TEXT, "text", "#16191d", "#e9ecf0")                                                          \
    X(MUTED, "muted", "#525a65", "#a5aeb9")                                                        \
    X(LINE, "line", "#d3d9e0", "#39414c")                                                          \
    X(EDGE, "edge", "#737d8a", "#7d8896")                                                          \
    X(LINK, "link", "#0a58a6", "#7db7f5")                                                          \
    X(BAD, "bad", "#a8320a", "#ff9a75")                                                            \
    X(BAD_BG, "badbg", "#fdeee7", "#3a1d12")                                                       \
    X(WARN, "warn", "#7a5200", "#f2c14e")                                                          \
    X(OK, "ok", "#0b6b57", "#6fd3b8")                                                              \
    X(GC, "gc", "#7b3fa0", "#d3a6f0")                                                              \
    X(FRAME_TEXT, "ftext", "#16191d", "#f4f6f8")                                                   \
    X(APP, "oapp", "#efc27a", "#6f5424")                                                           \
    X(DEP, "odep", "#8ec7ed", "#0d476f")                                                           \
    X(STD, "ostd", "#cdf0b6", "#49785b")                                                           \
    X(RUNTIME, "orun", "#d6d1d0", "#4d4f50")                                                       \
    X(CGO, "ocgo", "#938baf", "#816287")                                                           \
    X(SHRANK3, "d-3", "#7cbdf0", "#2272b1")                                                        \
    X(SHRANK2, "d-2", "#a8d3f5", "#2a5f88")                                                        \
    X(SHRANK1, "d-1", "#d2e8fa", "#31506a")                                                        \
    X(SAME, "d0", "#e6e9ed", "#3a4048")                                                            \
    X(GREW1, "d1", "#f8cdae", "#5f3f2b")                                                           \
    X(GREW2, "d2", "#f09d66", "#84491f")                                                           \
    X(GREW3, "d3", "#dd6b25", "#a8501a")                                                           \
    X(SERIES1, "s1", "#1f7cb7", "#58a0db")                                                         \
    X(SERIES2, "s2", "#6f7478", "#afb2b6")                                                         \
    X(SERIES3, "s3", "#693676", "#e2c6f3")                                                         \
    X(SERIES4, "s4", "#1d6d50", "#a1ecc4")                                                         \
    X(SERIES5, "s5", "#944e19", "#e9a56d")                                                         \
    X(SUSPECT, "sus", "#dd6b25", "#d9742f")                                                        \
    X(BAND1, "b1", "#e3e7ec", "#2a3038")                                                           \
    X(BAND2, "b2", "#d0d6de", "#363e48")                                                           \
    X(BAND3, "b3", "#bcc5cf", "#444e5a")                                                           \
    X(BAND4, "b4", "#a9b4c0", "#535f6d")                                                           \
    X(BAND5, "b5", "#97a3b1", "#64717f")

enum mt_token {
    MT_T_NONE,
#define MT_TOKEN_ENUM(id, name, light, dark) MT_T_##id,
    MT_TOKENS(MT_TOKEN_ENUM)
#undef MT_TOKEN_ENUM
        MT_TOKEN_COUNT
};
struct mt_token_info {
    const char *name, *light, *dark;
};
const struct mt_token_info *mt_token_info(enum mt_token token);

/* A picture under construction. prefix is put before every class and id ("" in the page). One that
 * stands alone brings its style sheet and its background. */
struct mt_svg {
    struct mt_xml *x;
    const char *prefix;
    bool alone;
};

#define MT_SANS                                                                                    \
    "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"
#define MT_MONO "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

/* <svg> with title and desc, whose ids are made of `id`; class may be NULL. */
struct mt_svg_head {
    const char *id, *class_name, *title, *description;
    double width, height;
    bool mono; /* monospace: advance 7.2 px */
};
void mt_svg_begin(struct mt_svg *s, const struct mt_svg_head *head);
/* A word-sized decoration without title, hidden from assistive technology. */
void mt_svg_begin_decoration(struct mt_svg *s, const char *class_name, double width, double height);
void mt_svg_end(struct mt_svg *s);

void mt_svg_group(struct mt_svg *s, const char *class_name); /* ended with mt_xml_end */
/* A tooltip of the shape or group that is open. */
void mt_svg_title(struct mt_svg *s, const char *text);

struct mt_stroke {
    enum mt_token token;
    double width;
    const char *dash; /* "6 3"; NULL: solid */
};
void mt_svg_line(struct mt_svg *s, double x1, double y1, double x2, double y2,
                 struct mt_stroke stroke);
/* token NONE: no fill, no stroke. extra classes may be NULL. */
void mt_svg_rect(struct mt_svg *s, double x, double y, double width, double height,
                 enum mt_token fill, enum mt_token stroke);
void mt_svg_circle(struct mt_svg *s, double x, double y, double radius, enum mt_token fill,
                   enum mt_token stroke);
/* Left open for attributes or a title; close with mt_xml_end. */
void mt_svg_circle_open(struct mt_svg *s, double x, double y, double radius, enum mt_token fill,
                        enum mt_token stroke, const char *extra_class);
void mt_svg_path(struct mt_svg *s, const char *data, enum mt_token fill, struct mt_stroke stroke);
/* Begins a path that is left open for further attributes or a title; close with mt_xml_end. */
void mt_svg_path_open(struct mt_svg *s, const char *data, enum mt_token fill,
                      struct mt_stroke stroke, const char *extra_class);

enum mt_anchor { MT_START, MT_MIDDLE, MT_END };
struct mt_label_style {
    enum mt_token token; /* NONE: that of the group around it */
    enum mt_anchor anchor;
    bool bold, digits;
};
void mt_svg_text(struct mt_svg *s, double x, double y, struct mt_label_style style,
                 const char *text);

/* Path data: commands with coordinates of one decimal, the shortest form. */
void mt_path_move(struct mt_text *d, double x, double y);
void mt_path_line(struct mt_text *d, double x, double y);
void mt_path_h(struct mt_text *d, double x);
void mt_path_v(struct mt_text *d, double y);

/* Roughly how wide a text of 12 px is in the sans face; errs to the wide side. */
double mt_text_width(const char *text);
/* The text, cut with ".." to the width; NULL when less than four characters would be left. */
struct mt_arena;
const char *mt_text_cut(struct mt_arena *arena, const char *text, double width);

/* The style sheet of a picture that stands alone: every token, light and dark. */
void mt_svg_style(struct mt_svg *s);

#endif
