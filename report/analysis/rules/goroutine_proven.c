/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goroutines that the runtime itself proved stuck: nothing that could wake them is reachable. An
 * empty goroutineleak profile proves nothing and never counts against another finding.
 */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>
#include <stdlib.h>

struct shown { /* by one profile or dump */
    size_t at;
    int64_t time_ns;
    double count;
};

struct proof {
    uint32_t function, file, creator, wait;
    int64_t line;
    double count; /* the most that one profile shows */
    struct shown *shown;
    size_t n_shown, cap_shown;
    const struct mt_input *input;
    const struct mt_profile *profile;
    const struct mt_sample *sample;
    const struct mt_goroutine_dump *dump;
    const struct mt_goroutine *goroutine;
};

struct proofs {
    struct mt_signals *signals;
    struct proof *items;
    size_t n, cap;
    uint32_t *of_function; /* by string id: index + 1 */
};

/* Adds what profile or dump number `at` shows; whether no other showed as many. */
static bool add(struct proofs *all, uint32_t function, size_t at, int64_t time_ns, double count,
                struct proof **to)
{
    if (!all->of_function[function]) {
        MT_RESERVE(all->signals->arena, all->items, all->n, all->cap);
        all->items[all->n++] = (struct proof){.function = function};
        all->of_function[function] = (uint32_t)all->n;
    }
    struct proof *p = *to = &all->items[all->of_function[function] - 1];
    if (!p->n_shown || p->shown[p->n_shown - 1].at != at) {
        MT_RESERVE(all->signals->arena, p->shown, p->n_shown, p->cap_shown);
        p->shown[p->n_shown++] = (struct shown){.at = at, .time_ns = time_ns};
    }
    double now = p->shown[p->n_shown - 1].count += count;
    bool most = now > p->count;
    p->count = fmax(p->count, now);
    return most;
}

static void from_profile(struct proofs *all, const struct mt_profile_ref *ref, size_t at)
{
    struct mt_arena scratch = {0};
    const struct mt_profile *p = ref->profile;
    struct mt_blame_table table;
    mt_blame_open(&table, &scratch, all->signals->symbols, p, NULL);
    for (size_t i = 0; i < p->n_samples; i++) {
        struct mt_blame b = mt_blame_sample(&table, &p->samples[i]);
        double count = (double)p->values[i * p->n_types];
        if (count <= 0.0 || b.line == MT_NO_INDEX || p->lines[b.line].function == MT_NO_INDEX)
            continue;
        const struct mt_function *f = &p->functions[p->lines[b.line].function];
        struct proof *to;
        bool most = add(all, f->name, at, p->time_ns, count, &to);
        to->file = f->file;
        to->line = p->lines[b.line].line;
        if (most) {
            to->input = ref->input;
            to->profile = p;
            to->sample = &p->samples[i];
        }
    }
    mt_arena_clear(&scratch);
}

/* debug=2 of that profile lists all goroutines; only those marked leaked are proven. */
static void from_dump(struct proofs *all, const struct mt_goroutine_dump *d,
                      const struct mt_input *input, size_t at)
{
    for (size_t i = 0; i < d->n_goroutines; i++) {
        const struct mt_goroutine *g = &d->goroutines[i];
        if (!g->leaked)
            continue;
        struct mt_blame b = mt_blame_goroutine(all->signals->symbols, d, g, NULL);
        if (b.line == MT_NO_INDEX)
            continue;
        struct proof *to;
        bool most = add(all, d->frames[b.line].function, at, d->time_ns, 1.0, &to);
        to->file = d->frames[b.line].file;
        to->line = (int64_t)d->frames[b.line].line;
        to->creator = g->created_by.function;
        to->wait = g->state;
        if (most) {
            to->input = input;
            to->dump = d;
            to->goroutine = g;
        }
    }
}

static void stack_of(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                     const struct proof *p)
{
    size_t n = 0;
    uint32_t *path;
    if (p->sample) {
        path = MT_NEW_N(c->arena, uint32_t, p->sample->n_frames);
        for (size_t i = p->sample->n_frames; i > 0; i--) {
            const struct mt_location *l =
                &p->profile->locations[p->profile->frames[p->sample->first_frame + i - 1]];
            uint32_t index = l->n_lines ? p->profile->lines[l->first_line].function : MT_NO_INDEX;
            if (index != MT_NO_INDEX)
                path[n++] = p->profile->functions[index].name;
        }
    } else {
        path = MT_NEW_N(c->arena, uint32_t, p->goroutine->n_frames);
        for (size_t i = p->goroutine->n_frames; i > 0; i--)
            path[n++] = p->dump->frames[p->goroutine->first_frame + i - 1].function;
    }
    mt_finding_stack(out, f, path, n);
}

static void set_course(struct mt_findings *out, struct mt_finding *f, const struct proof *p)
{
    struct mt_arena scratch = {0};
    int64_t *time_ns = MT_NEW_N(&scratch, int64_t, p->n_shown);
    double *count = MT_NEW_N(&scratch, double, p->n_shown);
    for (size_t i = 0; i < p->n_shown; i++) {
        time_ns[i] = p->shown[i].time_ns;
        count[i] = p->shown[i].count;
    }
    mt_finding_course(out, f, "Goroutines proven to wait for good", p->n_shown, time_ns, count);
    mt_arena_clear(&scratch);
}

static void tell(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out,
                 const struct proof *p)
{
    struct mt_signals *s = c->signals;
    struct mt_site_sums *sums = mt_site_find(&s->goroutines, s->symbols, p->function);
    struct mt_finding *f = mt_finding_add(out, self, 0.0);
    f->site = sums ? sums->site : NULL;
    set_course(out, f, p);
    const char *how_many = p->count == 1.0 ? "1 goroutine"
                                           : mt_arena_printf(out->arena, "%s goroutines",
                                                             mt_fmt_count(out->arena, p->count));
    f->family = "goroutine-block";
    f->kind = "goroutines that nothing can wake";
    f->status = MT_STATUS_LEAK;
    f->confidence = MT_CONFIDENCE_HIGH;
    f->confidence_reason = "proven by the runtime: nothing that could wake them is reachable";
    f->proven = true;
    f->dimension_agrees[MT_DIM_SITES] = true;
    f->dimension_agrees[MT_DIM_METRICS] = mt_trend_grows(mt_signal_trend(s, MT_M_GOROUTINES));
    uint32_t creator = p->creator ? p->creator : sums ? sums->site->creator : 0;
    uint32_t wait = p->wait ? p->wait : sums ? sums->site->wait : 0;
    uint32_t package = mt_symbol_package(s->symbols, p->function);
    f->culprit = (struct mt_culprit){
        .function = mt_bundle_text(c->now, p->function),
        .package = package ? mt_bundle_text(c->now, package) : NULL,
        .file = p->file ? mt_bundle_text(c->now, p->file) : NULL,
        .line = p->line,
        .creator = creator ? mt_bundle_text(c->now, creator) : NULL,
        .wait = wait ? mt_bundle_text(c->now, wait) : NULL,
    };
    stack_of(c, out, f, p);
    f->growth.in_goroutines = true;
    f->growth.goroutines = sums && sums->site->growth > 0.0 ? sums->site->growth : p->count;
    if (sums && s->goroutines.snapshots.timed && sums->site->trend.n >= 2) {
        f->growth.per_second = sums->site->trend.slope;
        f->growth.low = sums->site->trend.low;
        f->growth.high = sums->site->trend.high;
        f->shape_p = sums->site->trend.p;
        f->amount_p = sums->site->amount_p;
    }
    mt_finding_evidence(out, f, MT_DIM_SITES, "goroutineleak", p->input->path, p->count,
                        "goroutines", "%s here %s proven to wait for good", how_many,
                        p->count == 1.0 ? "is" : "are");
    mt_finding_against(out, f,
                       "Nothing known: the collector looked for anything that could wake "
                       "them.");
    f->next = "Read what these goroutines wait for: nobody holds the other side any more.";
    f->sentence =
        mt_arena_printf(out->arena, "%s in %s wait%s for something that nobody can send or unlock.",
                        how_many, mt_short_name(f->culprit.function), p->count == 1.0 ? "s" : "");
}

static int by_count(const void *a, const void *b)
{
    const struct proof *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return (x->function > y->function) - (x->function < y->function);
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    struct mt_arena scratch = {0};
    const struct mt_bundle *b = c->now;
    struct proofs all = {.signals = c->signals,
                         .of_function = MT_NEW_N(&scratch, uint32_t, b->strings->count)};
    size_t at = 0;
    for (size_t i = 0; i < b->n_profiles[MT_PROFILE_GOROUTINELEAK]; i++)
        if (b->profiles[MT_PROFILE_GOROUTINELEAK][i].profile->n_types)
            from_profile(&all, &b->profiles[MT_PROFILE_GOROUTINELEAK][i], ++at);
    for (size_t i = 0; i < b->n_dumps; i++)
        from_dump(&all, b->dumps[i], b->dump_inputs[i], ++at);
    if (all.n)
        qsort(all.items, all.n, sizeof *all.items, by_count);
    for (size_t i = 0; i < all.n && i < MT_MOST_CANDIDATES; i++)
        tell(self, c, out, &all.items[i]);
    mt_arena_clear(&scratch);
}

const struct mt_rule mt_rule_goroutine_proven = {
    .id = "goroutine-proven",
    .title = "Goroutines proven to wait for good",
    .needs = MT_NEED_LEAKPROFILE,
    .run = run,
};
