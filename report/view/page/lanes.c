/* SPDX-License-Identifier: Apache-2.0 */
/* The lanes: A bands of sites. B (collector) and C (counters) stand in files of their own. */
#include "report/view/page/lane_part.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_BANDS = 5 };

struct candidate {
    const struct mt_site *site;
    unsigned suspect;
    double rank;   /* what it holds or gained, by share */
    int place;     /* 0 steady, 1 suspect, 2 other, 3 the rest, 4 noisy */
    double *bytes; /* by snapshot */
};

static int by_rank(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if ((x->suspect != 0) != (y->suspect != 0))
        return x->suspect ? -1 : 1;
    if (x->suspect && x->suspect != y->suspect)
        return x->suspect < y->suspect ? -1 : 1;
    return x->rank < y->rank ? 1 : x->rank > y->rank ? -1 : 0;
}

static int by_place(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->suspect != y->suspect)
        return x->suspect > y->suspect ? -1 : 1; /* suspect 1 on top, where it is seen best */
    return x->rank < y->rank ? 1 : x->rank > y->rank ? -1 : 0;
}

static double *site_bytes(struct mt_part *p, const struct mt_site *site)
{
    double *bytes = MT_NEW_N(p->arena, double, p->page->n_snapshots);
    size_t k = 0;
    for (size_t i = 0; i < p->page->n_snapshots; i++) {
        while (k < site->n_points && site->points[k].time_ns < p->page->snapshots[i].time_ns)
            k++;
        if (k < site->n_points && site->points[k].time_ns == p->page->snapshots[i].time_ns &&
            isfinite(site->points[k].bytes))
            bytes[i] = fmax(site->points[k].bytes, 0);
    }
    return bytes;
}

static int place_of(const struct candidate *c)
{
    if (c->suspect)
        return 1;
    switch (c->site->trend.shape) {
    case MT_SHAPE_STEADY:
        return 0;
    case MT_SHAPE_NOISE:
    case MT_SHAPE_CHURN:
    case MT_SHAPE_BURST:
        return 4;
    default:
        return c->site->stage == MT_STAGE_CHURN ? 4 : 2;
    }
}

/* The suspects, then the largest by what they hold or gained. */
static size_t choose(struct mt_part *p, struct candidate *out)
{
    size_t n = p->a->n_heap_sites;
    if (!n)
        return 0;
    struct candidate *all = MT_NEW_N(p->arena, struct candidate, n);
    double total = p->page->snapshots[p->page->n_snapshots - 1].bytes;
    for (size_t i = 0; i < n; i++) {
        const struct mt_site *s = p->a->heap_sites[i];
        double last = s->n_points ? s->points[s->n_points - 1].bytes : 0;
        all[i] = (struct candidate){.site = s, .suspect = mt_page_suspect(p->page, s->function)};
        all[i].rank = total > 0 ? fmax(last / total, fabs(s->growth) / total) : 0;
        all[i].place = place_of(&all[i]);
    }
    qsort(all, n, sizeof *all, by_rank);
    if (n > MOST_BANDS)
        n = MOST_BANDS;
    for (size_t i = 0; i < n; i++) {
        out[i] = all[i];
        out[i].bytes = site_bytes(p, all[i].site);
    }
    return n;
}

static struct candidate the_rest(struct mt_part *p, const struct candidate *list, size_t n)
{
    struct candidate rest = {.place = 3};
    rest.bytes = MT_NEW_N(p->arena, double, p->page->n_snapshots);
    for (size_t i = 0; i < p->page->n_snapshots; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++)
            sum += list[k].bytes[i];
        rest.bytes[i] = fmax(p->page->snapshots[i].bytes - sum, 0);
    }
    return rest;
}

static void stack_up(struct mt_part *p, struct mt_lanes *l, const struct candidate *list, size_t n)
{
    size_t shots = p->page->n_snapshots;
    unsigned shade = 0;
    struct mt_byte_unit unit = mt_byte_unit_for(p->page->snapshots[shots - 1].bytes);
    double *bottom = MT_NEW_N(p->arena, double, shots);
    l->bands = MT_NEW_N(p->arena, struct mt_lane_band, n);
    for (size_t k = 0; k < n; k++) {
        double *top = MT_NEW_N(p->arena, double, shots);
        for (size_t i = 0; i < shots; i++) {
            top[i] = bottom[i] + list[k].bytes[i];
            l->total_top = fmax(l->total_top, top[i]);
        }
        struct mt_lane_band *band = &l->bands[l->n_bands++];
        uint32_t function = list[k].site ? list[k].site->function : 0;
        band->function = function;
        band->suspect = list[k].suspect;
        band->shade = list[k].suspect ? 0 : shade++ % 5 + 1;
        band->name = mt_name_of(p->arena,
                                function ? mt_bundle_text(p->bundle, function) : "everything else");
        band->amount = mt_fmt_in(p->arena, unit, list[k].bytes[shots - 1]);
        band->exact = mt_fmt_bytes(p->arena, list[k].bytes[shots - 1]);
        band->top = top;
        band->bottom = bottom;
        bottom = top;
    }
}

static void add_bands(struct mt_part *p, struct mt_lanes *l)
{
    const struct mt_page *page = p->page;
    size_t shots = page->n_snapshots;
    if (!shots || page->snapshots[shots - 1].time_ns == MT_NO_TIME)
        return;
    int64_t *times = MT_NEW_N(p->arena, int64_t, shots);
    for (size_t i = 0; i < shots; i++)
        times[i] = page->snapshots[i].time_ns;
    l->snapshot_ns = times;
    l->n_snapshots = shots;
    struct candidate list[MOST_BANDS + 1];
    size_t n = choose(p, list);
    list[n] = the_rest(p, list, n);
    n++;
    qsort(list, n, sizeof *list, by_place);
    stack_up(p, l, list, n);
    l->total_label = mt_arena_printf(p->arena, "total %s",
                                     mt_fmt_bytes(p->arena, page->snapshots[shots - 1].bytes));
    l->badge_a = mt_lane_badge(p, &page->snapshots[shots - 1].profile->clock);
    l->sub_a =
        mt_arena_printf(p->arena, "live bytes by the first frame in your code \xc2\xb7 %s",
                        mt_fmt_plural(p->arena, (double)shots, "heap profile", "heap profiles"));
}

/* A step that a site took once is named where it happened. */
static void add_notes(struct mt_part *p, struct mt_lanes *l)
{
    l->notes = MT_NEW_N(p->arena, struct mt_lane_note, p->a->n_set_aside + 1);
    for (size_t i = 0; i < p->a->n_set_aside && l->n_notes < 2; i++) {
        const struct mt_site *s = p->a->set_aside[i];
        if (s->trend.shape != MT_SHAPE_ONE_STEP || s->goroutines || s->n_points < 2)
            continue;
        size_t at = 1;
        for (size_t k = 2; k < s->n_points; k++)
            if (s->points[k].bytes - s->points[k - 1].bytes >
                s->points[at].bytes - s->points[at - 1].bytes)
                at = k;
        l->notes[l->n_notes++] = (struct mt_lane_note){
            s->points[at].time_ns,
            mt_arena_printf(p->arena, "%s %s, once", mt_part_name(p, s->function).element,
                            mt_fmt_bytes_delta(p->arena, s->growth))};
    }
}

const char *mt_lane_badge(struct mt_part *p, const struct mt_clock_state *clock)
{
    if (clock->clock == MT_CLOCK_SAME)
        return "same clock";
    if (clock->clock == MT_CLOCK_NONE)
        return "not aligned";
    return mt_arena_printf(p->arena, "aligned \xc2\xb1%s",
                           mt_fmt_duration(p->arena, (double)clock->error_ns));
}

static bool has_outliers(const struct mt_lanes *l)
{
    for (size_t i = 0; i < l->n_charts; i++)
        if (l->charts[i].n_outliers)
            return true;
    return false;
}

/* Series without a place on the clock cannot stand in a lane; they are named instead. */
static const char *unplaced(struct mt_part *p)
{
    const char *text = NULL;
    size_t n = 0;
    for (size_t i = 0; i < p->bundle->n_series && n < 3; i++) {
        const struct mt_series *s = &p->bundle->series[i];
        bool said = !s->clock || s->clock->clock != MT_CLOCK_NONE || !s->input;
        for (size_t k = 0; k < i && !said; k++)
            said = p->bundle->series[k].input == s->input;
        if (said)
            continue;
        text = text ? mt_arena_printf(p->arena, "%s, %s", text, s->input->path) : s->input->path;
        n++;
    }
    return text ? mt_arena_printf(p->arena, " Not drawn, because not aligned: %s.", text) : "";
}

static void describe(struct mt_part *p, struct mt_lanes *l)
{
    l->title = mt_arena_printf(p->arena, "%s: heap, collector and counters over time",
                               p->page->head.subject);
    l->description =
        mt_arena_printf(p->arena, "%s. %s: %s", mt_fmt_window(p->arena, l->start_ns, l->end_ns),
                        p->page->verdict.word, p->page->verdict.sentence);
    l->caption = mt_arena_printf(
        p->arena, "%s%s%sAll byte axes start at zero%s.%s",
        l->n_bands ? "Lane A sums to the total of each profile; the steadiest site lies at the "
                     "bottom and a suspect on it, so that its height can be read. "
                   : "",
        l->n_stops ? mt_arena_printf(p->arena, "Stops of %s and longer run through all lanes. ",
                                     mt_fmt_duration(p->arena, (double)l->least_stop_ns))
                   : "",
        has_outliers(l) ? "Open circles: values out of line with those before. " : "",
        l->magnified ? " but those of the magnified panels" : "", unplaced(p));
}

void mt_part_lanes(struct mt_part *p)
{
    const struct mt_bundle *b = p->bundle;
    if (b->start_ns == MT_NO_TIME || b->end_ns <= b->start_ns) {
        p->page->time_lede = "No input carries a time, so there is no axis to draw on.";
        return;
    }
    struct mt_lanes *l = MT_NEW(p->arena, struct mt_lanes);
    l->start_ns = b->start_ns;
    l->end_ns = b->end_ns;
    add_bands(p, l);
    add_notes(p, l);
    mt_lane_collector(p, l);
    mt_lane_counters(p, l);
    describe(p, l);
    p->page->lanes = l;
    p->page->time_lede =
        l->n_bands && l->n_charts
            ? "Three kinds of evidence on one clock: who holds the heap, what the collector did, "
              "what the runtime counted."
        : l->n_bands ? "Who holds the heap over time. No MemStats, GC log or RSS in this bundle."
        : !l->n_charts && !l->n_cycles && !l->n_traces
            ? "Nothing here was measured more than once, so there is no course to draw."
            : "What the runtime counted over time. No heap profile in this bundle, so "
              "nothing says who holds the heap.";
}
