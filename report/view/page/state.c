/* SPDX-License-Identifier: Apache-2.0 */
/* Words and glyphs of states: always both, never colour alone. */
#include "report/view/page/part.h"

#include <string.h>

static const char *glyph_of(const char *word)
{
    static const char *const glyphs[][2] = {
        {"Growing", "\xe2\x96\xb2"},
        {"Watch", "\xe2\x97\x86"},
        {"Churn", "\xe2\x86\xbb"},
        {"Outside heap", "\xe2\x96\xa0"},
        {"Goroutine growth", "\xe2\x96\xa0"},
        {"Not enough data", "?"},
        {"Too few points", "?"},
        {"Rises", "\xe2\x97\x86"},
        {"Falls", "\xe2\x96\xbc"},
        {"Inside noise", "~"},
    };
    for (size_t i = 0; i < sizeof glyphs / sizeof *glyphs; i++)
        if (strcmp(word, glyphs[i][0]) == 0)
            return glyphs[i][1];
    return "=";
}

static bool is_family(const struct mt_finding *f, const char *family)
{
    return f->family && strcmp(f->family, family) == 0;
}

struct mt_state_words mt_words_of_finding(const struct mt_finding *f)
{
    struct mt_state_words w = {.word = "Noted", .tone = MT_TONE_PLAIN};
    if (f->status == MT_STATUS_WATCH)
        w = (struct mt_state_words){.word = "Watch", .tone = MT_TONE_WARN};
    if (f->status == MT_STATUS_LEAK) {
        w.tone = MT_TONE_BAD;
        w.word = is_family(f, "non-heap") ? "Outside heap"
                 : is_family(f, "goroutine-block") || is_family(f, "goroutine-stack")
                     ? "Goroutine growth"
                     : "Growing";
    }
    w.glyph = glyph_of(w.word);
    return w;
}

struct mt_state_words mt_words_of_verdict(const struct mt_assessment *a)
{
    static const struct mt_state_words fallback[] = {
        {NULL, "Not enough data", MT_TONE_PLAIN},
        {NULL, "Steady", MT_TONE_OK},
        {NULL, "Watch", MT_TONE_WARN},
        {NULL, "Growing", MT_TONE_BAD},
    };
    struct mt_state_words w = fallback[a->verdict.status];
    if (a->verdict.word)
        w.word = a->verdict.word;
    w.glyph = glyph_of(w.word);
    return w;
}

const char *mt_words_of_course(enum mt_shape shape)
{
    static const char *const words[] = {
        [MT_SHAPE_UNKNOWN] = "Too few points", [MT_SHAPE_STEADY] = "Steady",
        [MT_SHAPE_RISING] = "Rises",           [MT_SHAPE_LEVELS_OFF] = "Levels off",
        [MT_SHAPE_ONE_STEP] = "One step",      [MT_SHAPE_STEPS] = "Steps",
        [MT_SHAPE_BURST] = "Comes back",       [MT_SHAPE_FALLING] = "Falls",
        [MT_SHAPE_NOISE] = "Inside noise",     [MT_SHAPE_CHURN] = "Churn",
    };
    return words[shape];
}

struct mt_state_words mt_words_of_shape(const struct mt_site *site)
{
    struct mt_state_words w = {.word = mt_words_of_course(site->trend.shape)};
    if (site->stage == MT_STAGE_CHURN)
        w.word = "Churn";
    w.glyph = glyph_of(w.word);
    return w;
}
