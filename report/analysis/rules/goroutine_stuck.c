/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goroutines of which the same ids stand in the same state from dump to dump. A parked worker pool
 * does that too, so it counts where the group also gained such members, or where it waits for a
 * lock or for somebody to receive, which no idle worker does for minutes.
 */
#include "parsers/base/map64.h"
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <stdlib.h>

#define LEAST_STUCK  20.0 /* goroutines with the same id in the same state */
#define LONG_MINUTES 2.0  /* of waiting, aged between dumps */

static const struct mt_threshold thresholds[] = {
    {"least-stuck", "goroutines", LEAST_STUCK, "same id and same state in two dumps or more"},
    {"long-wait", "minutes", LONG_MINUTES, "a wait for a lock or a receiver that is no idling"},
};

struct stuck {
    uint32_t function, state, creator;
    double count, joined; /* in the last dump; of them not in the first */
    int64_t wait_ns, aged_ns;
};

struct standing {
    uint64_t id;
    uint32_t state;
    int64_t wait_ns;
};

static int by_id(const void *a, const void *b)
{
    const struct standing *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static struct standing *standings(struct mt_arena *arena, const struct mt_goroutine_dump *d)
{
    struct standing *all = MT_NEW_N(arena, struct standing, d->n_goroutines);
    for (size_t i = 0; i < d->n_goroutines; i++)
        all[i] = (struct standing){d->goroutines[i].id, d->goroutines[i].state,
                                   d->goroutines[i].wait_ns};
    if (d->n_goroutines)
        qsort(all, d->n_goroutines, sizeof *all, by_id);
    return all;
}

static const struct standing *stood(const struct standing *all, size_t n, uint64_t id)
{
    struct standing key = {.id = id};
    return n ? bsearch(&key, all, n, sizeof *all, by_id) : NULL;
}

static bool needs_somebody(const struct mt_case *c, uint32_t state)
{
    struct mt_span s = mt_string(c->now->strings, state);
    return mt_span_starts(s, "sync.Mutex") || mt_span_starts(s, "sync.RWMutex") ||
           mt_span_starts(s, "semacquire") || mt_span_starts(s, "chan send") ||
           mt_span_starts(s, "chan receive (nil") || mt_span_starts(s, "select (no cases");
}

static void tell(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out,
                 const struct stuck *g)
{
    struct mt_signals *s = c->signals;
    bool aged = g->wait_ns >= (int64_t)(LONG_MINUTES * 60e9) && g->aged_ns > 0 &&
                needs_somebody(c, g->state);
    struct mt_site_sums *sums = mt_site_find(&s->goroutines, s->symbols, g->function);
    if (g->count < LEAST_STUCK || (g->joined < LEAST_STUCK && !aged) || !sums)
        return;
    struct mt_suspicion v = mt_suspect_goroutines(s, sums);
    if (!v.candidate && !aged)
        return;
    if (!v.candidate) { /* stands still, but nobody idles like this */
        v = (struct mt_suspicion){.candidate = true};
        v.agrees[MT_DIM_SITES] = true;
    }
    struct mt_finding *f = mt_suspect_add(out, self, c, sums, &v);
    f->family = "goroutine-block";
    f->kind = "the same goroutines wait from dump to dump";
    mt_finding_evidence(out, f, MT_DIM_SITES, "goroutine-dump",
                        c->now->dump_inputs[c->now->n_dumps - 1]->path, g->count, "goroutines",
                        "%s goroutines stand here with the same id and state as in an earlier dump"
                        "%s%s",
                        mt_fmt_count(out->arena, g->count), g->wait_ns ? ", up to " : "",
                        g->wait_ns ? mt_fmt_duration(out->arena, (double)g->wait_ns) : "");
    f->next = "Read what these goroutines wait for and who should answer.";
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    const struct mt_bundle *b = c->now;
    if (b->n_dumps < 2)
        return;
    struct mt_arena scratch = {0};
    const struct mt_goroutine_dump *last = b->dumps[b->n_dumps - 1];
    const struct mt_goroutine_dump *before = b->dumps[b->n_dumps - 2], *first = b->dumps[0];
    struct standing *then = standings(&scratch, before), *origin = standings(&scratch, first);
    struct stuck *groups = MT_NEW_N(&scratch, struct stuck, last->n_goroutines);
    struct mt_map64 index = {.arena = &scratch}; /* of a group: number + 1 */
    size_t n = 0;
    for (size_t i = 0; i < last->n_goroutines; i++) {
        const struct mt_goroutine *g = &last->goroutines[i];
        const struct standing *same = stood(then, before->n_goroutines, g->id);
        struct mt_blame blame = mt_blame_goroutine(c->signals->symbols, last, g, NULL);
        if (!same || same->state != g->state || blame.line == MT_NO_INDEX || blame.capture)
            continue;
        uint32_t function = last->frames[blame.line].function;
        uint32_t *at = mt_map64_at(&index, (uint64_t)function << 32 | g->state);
        if (!*at) {
            groups[n++] = (struct stuck){
                .function = function, .state = g->state, .creator = g->created_by.function};
            *at = (uint32_t)n;
        }
        size_t k = *at - 1;
        groups[k].count += 1.0;
        groups[k].joined += !stood(origin, first->n_goroutines, g->id);
        if (g->wait_ns > groups[k].wait_ns)
            groups[k].wait_ns = g->wait_ns;
        if (g->wait_ns - same->wait_ns > groups[k].aged_ns)
            groups[k].aged_ns = g->wait_ns - same->wait_ns;
    }
    for (size_t k = 0; k < n; k++)
        tell(self, c, out, &groups[k]);
    mt_arena_clear(&scratch);
}

const struct mt_rule mt_rule_goroutine_stuck = {
    .id = "goroutine-stuck",
    .title = "The same goroutines wait from dump to dump",
    .needs = MT_NEED_DUMPS,
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
