/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text profiles and dumps carry no time. They are placed by a profile.proto with the same content
 * or goroutines, by the MemStats trailer's LastGC, by names, or by their running number within
 * their kind.
 */
#include "parsers/model/clock.h"
#include "parsers/model/clock_names.h"

#include <stdlib.h>
#include <string.h>

struct text {
    struct mt_input *input;
    int64_t *time_ns;
    struct mt_clock_state *clock;
    const struct mt_profile *profile;
    enum mt_profile_kind kind;            /* of the captures it belongs among */
    const struct mt_goroutine_dump *dump; /* NULL: a profile */
    size_t part;                          /* within its file */
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
            .dump = &c->dumps[i],
            .part = i};
    }
}

static int by_group(const void *left, const void *right)
{
    const struct text *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (!a->dump != !b->dump)
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

/* A profile as far as it can be told again: the sum of each of its types. */
struct content {
    const struct mt_profile *profile;
    uint64_t *sums;
};

/* Profiles with a time of their own. */
struct dated {
    struct content *items;
    size_t n, cap;
};

static struct content content_of(struct mt_arena *a, const struct mt_profile *p)
{
    struct content c = {p, MT_NEW_N(a, uint64_t, p->n_types)};
    for (size_t i = 0; i < p->n_samples; i++)
        for (size_t t = 0; t < p->n_types; t++)
            c.sums[t] += (uint64_t)p->values[i * p->n_types + t];
    return c;
}

static struct dated find_dated(const struct mt_clock_job *job)
{
    struct dated d = {0};
    struct mt_arena *a = job->bundle->arena;
    for (size_t i = 0; i < job->n_inputs; i++) {
        const struct mt_capture *c = job->inputs[i].capture;
        for (size_t k = 0; c && k < c->n_profiles; k++) {
            const struct mt_profile *p = &c->profiles[k];
            if (p->from_text || p->time_ns == MT_NO_TIME)
                continue;
            MT_RESERVE(a, d.items, d.n, d.cap);
            d.items[d.n++] = content_of(a, p);
        }
    }
    return d;
}

static bool same_content(const struct content *a, const struct content *b)
{
    size_t n = a->profile->n_types;
    return n && n == b->profile->n_types && memcmp(a->sums, b->sums, n * sizeof *a->sums) == 0;
}

/* Totals of a heap move with every collection, so equal ones are the same state; of goroutines they
 * do not, so a count says nothing. */
static bool by_content(const struct mt_clock_job *job, const struct dated *dated, struct text *t)
{
    if (!t->profile || !t->profile->n_samples ||
        (t->kind != MT_PROFILE_HEAP && t->kind != MT_PROFILE_ALLOCS))
        return false;
    struct content own = content_of(job->bundle->arena, t->profile);
    const struct mt_profile *match = NULL;
    for (size_t i = 0; i < dated->n; i++) {
        if (!same_content(&own, &dated->items[i]))
            continue;
        const struct mt_profile *p = dated->items[i].profile;
        if (match && llabs(match->time_ns - p->time_ns) > 2 * MT_SECOND_NS)
            return false;
        match = p;
    }
    if (match)
        set(t, match->time_ns, MT_SECOND_NS, "same content as a dated profile");
    return match != NULL;
}

/* The profile of the same goroutines, one by one, has a time of its own. */
static bool by_twin(struct text *t)
{
    const struct mt_goroutine_dump *twin = t->dump ? t->dump->twin : NULL;
    if (!twin || twin->time_ns == MT_NO_TIME)
        return false;
    set(t, twin->time_ns, MT_SECOND_NS, "same goroutines as a dated profile");
    return true;
}

/* -- names -------------------------------------------------------------------------------- */

/* The offset between what names say and the clock, from dated profiles named the same way. */
struct name_base {
    bool known;
    int64_t base_ns;
};

static struct name_base name_base(const struct mt_clock_job *job, enum mt_path_time kind)
{
    struct mt_arena *a = job->bundle->arena;
    struct name_base base = {0};
    int64_t *all = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; i < job->n_inputs; i++) {
        const struct mt_capture *c = job->inputs[i].capture;
        if (!c || !c->n_profiles || c->profiles[0].from_text ||
            c->profiles[0].time_ns == MT_NO_TIME || c->trace)
            continue;
        struct mt_path_hint hint = mt_clock_hint(job->inputs[i].path);
        if (hint.kind != kind)
            continue;
        MT_RESERVE(a, all, n, cap);
        all[n++] = c->profiles[0].time_ns - hint.time_ns;
    }
    if (n)
        base = (struct name_base){true, mt_median_i64(all, n)};
    return base;
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

struct name_bases {
    struct name_base relative, day_time;
};

static bool by_name(const struct mt_clock_job *job, const struct name_bases *bases, struct text *t)
{
    struct mt_path_hint hint = mt_clock_hint(t->input->path);
    if (hint.kind == MT_PATH_ABSOLUTE) {
        set(t, hint.time_ns, MT_SECOND_NS, "by the time in its name");
        t->clock->zone_unknown = !hint.zone_known;
        return true;
    }
    if (hint.kind == MT_PATH_RELATIVE && bases->relative.known) {
        set(t, bases->relative.base_ns + hint.time_ns, 2 * MT_SECOND_NS, "by the time in its name");
        return true;
    }
    if (hint.kind != MT_PATH_TIME_OF_DAY)
        return false;
    if (bases->day_time.known)
        set(t, bases->day_time.base_ns + hint.time_ns, MT_SECOND_NS, "by the time in its name");
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
    struct dated dated = find_dated(job);
    struct name_bases bases = {name_base(job, MT_PATH_RELATIVE),
                               name_base(job, MT_PATH_TIME_OF_DAY)};
    for (size_t i = 0; i < all.n; i++)
        (void)(by_content(job, &dated, &all.items[i]) || by_name(job, &bases, &all.items[i]) ||
               by_trailer(&all.items[i]) || by_twin(&all.items[i]));
    for (size_t from = 0, to; from < all.n; from = to) {
        for (to = from + 1; to < all.n && all.items[to].kind == all.items[from].kind &&
                            !all.items[to].dump == !all.items[from].dump;
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
