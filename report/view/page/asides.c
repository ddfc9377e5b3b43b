/* SPDX-License-Identifier: Apache-2.0 */
/* What was looked at and set aside, and how the growth of live heap divides. */
#include "report/view/page/part.h"

#include <math.h>

static const char *claim_of(struct mt_part *p, const struct mt_site *s)
{
    if (s->goroutines) {
        double last = s->n_points ? s->points[s->n_points - 1].goroutines : NAN;
        return mt_arena_printf(
            p->arena, "%s, %s", mt_fmt_plural(p->arena, last, "goroutine", "goroutines"),
            s->growth == 0 ? "unchanged" : mt_fmt_count_delta(p->arena, s->growth));
    }
    double last = s->n_points ? s->points[s->n_points - 1].bytes : NAN;
    double share = s->n_points ? s->points[s->n_points - 1].share : NAN;
    const char *held =
        isfinite(share) ? mt_arena_printf(p->arena, "holds %s (%s)", mt_fmt_bytes(p->arena, last),
                                          mt_fmt_share(p->arena, share))
                        : mt_arena_printf(p->arena, "holds %s", mt_fmt_bytes(p->arena, last));
    if (s->growth == 0)
        return mt_arena_printf(p->arena, "%s, unchanged", held);
    return mt_arena_printf(p->arena, "%s, %s", held, mt_fmt_bytes_delta(p->arena, s->growth));
}

struct mt_spark mt_part_site_spark(struct mt_part *p, const struct mt_site *s)
{
    int64_t *time_ns = MT_NEW_N(p->arena, int64_t, s->n_points + 1);
    double *value = MT_NEW_N(p->arena, double, s->n_points + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n_points; i++) {
        double v = s->goroutines ? s->points[i].goroutines : s->points[i].bytes;
        if (!isfinite(v) || s->points[i].time_ns == MT_NO_TIME)
            continue;
        time_ns[n] = s->points[i].time_ns;
        value[n++] = v;
    }
    return mt_spark_of(p->arena, n, time_ns, value, true);
}

void mt_part_asides(struct mt_part *p)
{
    p->page->asides = MT_NEW_N(p->arena, struct mt_aside, p->a->n_set_aside + 1);
    for (size_t i = 0; i < p->a->n_set_aside; i++) {
        const struct mt_site *s = p->a->set_aside[i];
        struct mt_state_words w = mt_words_of_shape(s);
        p->page->asides[p->page->n_asides++] = (struct mt_aside){
            .anchor = mt_arena_printf(p->arena, "aside-%zu", i + 1),
            .function = s->function,
            .name = mt_part_name(p, s->function),
            .claim = claim_of(p, s),
            .glyph = w.glyph,
            .word = w.word,
            .reason = s->set_aside,
            .spark = mt_part_site_spark(p, s),
            .chart = mt_part_site_chart(p, s, MT_TONE_PLAIN),
        };
    }
}

static void add_part(struct mt_part *p, const struct mt_growth_share *g, double sum)
{
    struct mt_growth_part *part = &p->page->growth[p->page->n_growth++];
    double total = p->a->growth_total;
    part->name = g->site ? mt_part_name(p, g->site->function).element : "everything else";
    part->function = g->site ? g->site->function : 0;
    part->suspect = mt_page_suspect(p->page, part->function);
    part->amount = mt_fmt_bytes_delta(p->arena, g->bytes);
    part->share = total > 0 && g->bytes <= total ? mt_fmt_share(p->arena, g->bytes / total) : NULL;
    part->note = g->note;
    part->quiet = !g->site;
    part->fraction = g->bytes / sum;
}

/* The largest, at most `most` of them; suspects always. What is left out joins the rest. */
static void add_parts(struct mt_part *p, double grown, size_t most)
{
    const struct mt_growth_share *all = p->a->growth;
    struct mt_growth_share rest = {.note = "noise"};
    size_t left = 0;
    for (size_t i = 0; i < p->a->n_growth; i++) {
        if (!(all[i].bytes > 0))
            continue;
        bool suspect = all[i].site && mt_page_suspect(p->page, all[i].site->function);
        if (all[i].site && (suspect || p->page->n_growth < most)) {
            add_part(p, &all[i], grown);
            continue;
        }
        rest.bytes += all[i].bytes;
        rest.note = all[i].site ? NULL : all[i].note;
        left += all[i].site != NULL;
    }
    if (!(rest.bytes > 0))
        return;
    if (left)
        rest.note = mt_arena_printf(p->arena, "%zu more sites", left);
    add_part(p, &rest, grown);
}

/* A bar can only show parts that grew; parts that shrank are told in the caption. */
void mt_part_growth(struct mt_part *p)
{
    enum { MOST_PARTS = 8 };
    double grown = 0, shrunk = 0;
    for (size_t i = 0; i < p->a->n_growth; i++)
        *(p->a->growth[i].bytes > 0 ? &grown : &shrunk) += p->a->growth[i].bytes;
    if (!(grown > 0))
        return;
    p->page->growth = MT_NEW_N(p->arena, struct mt_growth_part, p->a->n_growth);
    add_parts(p, grown, MOST_PARTS);
    p->page->growth_caption = mt_arena_printf(
        p->arena,
        "Growth of live heap between the first and the last snapshot, %s, by the first "
        "frame in your code.%s",
        mt_fmt_bytes_delta(p->arena, p->a->growth_total),
        shrunk < 0 ? mt_arena_printf(p->arena, " Parts that shrank by %s are not drawn.",
                                     mt_fmt_bytes(p->arena, -shrunk))
                   : "");
}
