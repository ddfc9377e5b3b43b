/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text profiles and dumps carry no time. They are placed by a profile.proto with the same content,
 * by the MemStats trailer's LastGC, by names, or by their running number within their kind.
 */
#include "parsers/model/clock.h"
#include "parsers/model/clock_names.h"

#include <stdlib.h>
#include <string.h>

struct text {
    struct mt_input *input;
    int64_t *time_ns;
    struct mt_clock_state *clock;
    const struct mt_profile *profile; /* NULL: a dump */
    enum mt_profile_kind kind;        /* of the captures it belongs among */
    bool dump;
    size_t part; /* within its file */
    struct mt_table *trailer;
};

struct texts {
    struct text *items;
    size_t n, cap;
};

static void collect(struct mt_arena *a, struct mt_input *input, struct texts *out)
{
    struct mt_capture *c = input->capture;
    for (size_t i = 0; i < c->n_profiles; i++) {
        struct mt_profile *p = &c->profiles[i];
        if (p->time_ns != MT_NO_TIME)
            continue;
        MT_RESERVE(a, out->items, out->n, out->cap);
        out->items[out->n++] = (struct text){
            .input = input,
            .time_ns = &p->time_ns,
            .clock = &p->clock,
            .profile = p,
            .kind = p->kind,
            .part = i,
            .trailer = i < c->n_tables && c->tables[i].n_rows == 1 ? &c->tables[i] : NULL};
    }
    for (size_t i = 0; i < c->n_dumps; i++) {
        if (c->dumps[i].time_ns != MT_NO_TIME)
            continue;
        MT_RESERVE(a, out->items, out->n, out->cap);
        out->items[out->n++] = (struct text){
            .input = input,
            .time_ns = &c->dumps[i].time_ns,
            .clock = &c->dumps[i].clock,
            .kind = c->dumps[i].leak_form ? MT_PROFILE_GOROUTINELEAK : MT_PROFILE_GOROUTINE,
            .dump = true,
            .part = i};
    }
}

static int by_group(const void *left, const void *right)
{
    const struct text *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->dump != b->dump)
        return a->dump ? 1 : -1;
    int order = mt_natural_compare(mt_span_of(a->input->path), mt_span_of(b->input->path));
    return order ? order : (a->part > b->part) - (a->part < b->part);
}

static void set(struct text *t, int64_t time_ns, int64_t error_ns, const char *method)
{
    *t->time_ns = time_ns;
    mt_clock_set(t->clock, MT_CLOCK_ALIGNED, error_ns, method);
}

/* -- the same content --------------------------------------------------------------------- */

static bool same_totals(const struct mt_profile *a, const struct mt_profile *b)
{
    if (a->n_types != b->n_types || !a->n_types || !a->n_samples)
        return false;
    for (size_t t = 0; t < a->n_types; t++) {
        uint64_t left = 0, right = 0;
        for (size_t i = 0; i < a->n_samples; i++)
            left += (uint64_t)a->values[i * a->n_types + t];
        for (size_t i = 0; i < b->n_samples; i++)
            right += (uint64_t)b->values[i * b->n_types + t];
        if (left != right)
            return false;
    }
    return true;
}

/* Totals of a heap move with every collection, so equal ones are the same state; of goroutines they
 * do not, so a count says nothing. */
static bool by_content(const struct mt_clock_job *job, struct text *t)
{
    if (!t->profile || (t->kind != MT_PROFILE_HEAP && t->kind != MT_PROFILE_ALLOCS))
        return false;
    const struct mt_profile *match = NULL;
    for (size_t i = 0; i < job->n_inputs; i++) {
        const struct mt_capture *c = job->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_profiles; k++) {
            const struct mt_profile *p = &c->profiles[k];
            if (p->from_text || p->time_ns == MT_NO_TIME || !same_totals(t->profile, p))
                continue;
            if (match && llabs(match->time_ns - p->time_ns) > 2 * MT_SECOND_NS)
                return false;
            match = p;
        }
    }
    if (match)
        set(t, match->time_ns, MT_SECOND_NS, "same content as a dated profile");
    return match != NULL;
}

/* -- names -------------------------------------------------------------------------------- */

/* The offset between what names say and the clock, from dated profiles named the same way. */
static bool name_base(const struct mt_clock_job *job, bool day_time, int64_t *base_ns)
{
    struct mt_arena *a = job->bundle->arena;
    int64_t *all = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < job->n_inputs; i++) {
        const struct mt_capture *c = job->inputs[i].capture;
        if (!c || !c->n_profiles || c->profiles[0].from_text ||
            c->profiles[0].time_ns == MT_NO_TIME || c->trace)
            continue;
        struct mt_path_hint hint = mt_clock_hint(job->inputs[i].path);
        if (day_time ? hint.kind != MT_PATH_TIME_OF_DAY : hint.kind != MT_PATH_RELATIVE)
            continue;
        MT_RESERVE(a, all, n, cap);
        all[n++] = c->profiles[0].time_ns - hint.time_ns;
    }
    if (n)
        *base_ns = mt_median_i64(all, n);
    return n > 0;
}

/* 192107 without any dated file of that naming: the day of the window, the hour by whole quarters.
 */
static int64_t into_window(const struct mt_clock_job *job, int64_t day_time_ns)
{
    const int64_t quarter = 900 * MT_SECOND_NS;
    int64_t middle = job->window.start_ns + (job->window.end_ns - job->window.start_ns) / 2;
    int64_t apart = (middle - day_time_ns) % quarter;
    if (apart > quarter / 2)
        apart -= quarter;
    if (apart < -quarter / 2)
        apart += quarter;
    return middle - apart;
}

static bool by_name(const struct mt_clock_job *job, struct text *t)
{
    struct mt_path_hint hint = mt_clock_hint(t->input->path);
    int64_t base_ns;
    if (hint.kind == MT_PATH_ABSOLUTE) {
        set(t, hint.time_ns, MT_SECOND_NS, "by the time in its name");
        t->clock->zone_unknown = !hint.zone_known;
        return true;
    }
    if (hint.kind == MT_PATH_RELATIVE && name_base(job, false, &base_ns)) {
        set(t, base_ns + hint.time_ns, 2 * MT_SECOND_NS, "by the time in its name");
        return true;
    }
    if (hint.kind != MT_PATH_TIME_OF_DAY)
        return false;
    if (name_base(job, true, &base_ns))
        set(t, base_ns + hint.time_ns, MT_SECOND_NS, "by the time in its name");
    else if (job->window.start_ns != MT_NO_TIME)
        set(t, into_window(job, hint.time_ns), MT_SECOND_NS, "by the time of day in its name");
    else
        return false;
    return true;
}

/* LastGC of the trailer: the profile was written after it and, with ?gc=1, just after it. */
static bool by_trailer(struct text *t)
{
    if (!t->trailer || !t->trailer->columns[MT_M_LAST_GC])
        return false;
    double at = t->trailer->columns[MT_M_LAST_GC][0];
    if (!(at > 1e18 && at < 9e18))
        return false;
    set(t, (int64_t)at, 5 * MT_SECOND_NS, "just after its LastGC");
    return true;
}

/* -- running numbers ---------------------------------------------------------------------- */

static struct mt_clock_window window_of_kind(const struct mt_clock_job *job,
                                             enum mt_profile_kind kind)
{
    struct mt_clock_window w = {MT_NO_TIME, MT_NO_TIME};
    for (size_t i = 0; i < job->n_inputs; i++) {
        const struct mt_capture *c = job->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_profiles; k++)
            if (c->profiles[k].kind == kind && !c->profiles[k].from_text)
                mt_clock_widen(&w, c->profiles[k].time_ns, c->profiles[k].time_ns);
    }
    return w.start_ns == MT_NO_TIME || w.start_ns == w.end_ns ? job->window : w;
}

static void by_sequence(const struct mt_clock_job *job, struct text *group, size_t n)
{
    struct mt_clock_window w = window_of_kind(job, group[0].kind);
    if (w.start_ns == MT_NO_TIME || n < 2)
        return;
    int64_t step = (w.end_ns - w.start_ns) / (int64_t)(n - 1);
    for (size_t i = 0; i < n; i++)
        if (*group[i].time_ns == MT_NO_TIME)
            set(&group[i], w.start_ns + step * (int64_t)i, step / 2 + MT_SECOND_NS,
                "by its running number, spread over the window of the dated files of its kind");
}

void mt_clock_place_texts(struct mt_clock_job *job)
{
    struct texts all = {0};
    for (size_t i = 0; i < job->n_inputs; i++)
        if (job->inputs[i].capture && !job->inputs[i].capture->trace)
            collect(job->bundle->arena, &job->inputs[i], &all);
    if (!all.n)
        return;
    qsort(all.items, all.n, sizeof *all.items, by_group);
    for (size_t i = 0; i < all.n; i++)
        (void)(by_content(job, &all.items[i]) || by_name(job, &all.items[i]) ||
               by_trailer(&all.items[i]));
    for (size_t from = 0, to; from < all.n; from = to) {
        for (to = from + 1; to < all.n && all.items[to].kind == all.items[from].kind &&
                            all.items[to].dump == all.items[from].dump;
             to++)
            ;
        by_sequence(job, all.items + from, to - from);
    }
    for (size_t i = 0; i < all.n; i++) {
        struct text *t = &all.items[i];
        if (t->trailer && t->trailer->time_ns[0] == MT_NO_TIME && *t->time_ns != MT_NO_TIME) {
            t->trailer->time_ns[0] = *t->time_ns;
            t->trailer->clock = *t->clock;
        }
    }
}
