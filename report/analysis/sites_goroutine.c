/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goroutine snapshots summed by blame frame. Counts are exact. Profiles know neither creators nor
 * how long a goroutine waits; dumps and traces of the same process lend both.
 */
#include "report/analysis/engine.h"
#include "report/analysis/sites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The wait that the innermost runtime frames stand for, in the words of a dump. */
static const char *wait_of_frame(struct mt_span f)
{
    static const struct {
        const char *function, *wait;
    } table[] = {
        {"runtime.chanrecv", "chan receive"},
        {"runtime.chansend", "chan send"},
        {"runtime.selectgo", "select"},
        {"runtime.block", "select (no cases)"},
        {"runtime.netpollblock", "IO wait"},
        {"internal/poll.runtime_pollWait", "IO wait"},
        {"time.Sleep", "sleep"},
        {"sync.(*Mutex).Lock", "sync.Mutex.Lock"},
        {"internal/sync.(*Mutex).Lock", "sync.Mutex.Lock"},
        {"sync.(*RWMutex).RLock", "sync.RWMutex.RLock"},
        {"sync.(*RWMutex).Lock", "sync.RWMutex.Lock"},
        {"sync.(*WaitGroup).Wait", "sync.WaitGroup.Wait"},
        {"sync.(*Cond).Wait", "sync.Cond.Wait"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct mt_span known = mt_span_of(table[i].function);
        /* chanrecv1, chanrecv2 */
        if (mt_span_starts(f, table[i].function) && f.size <= known.size + 1)
            return table[i].wait;
    }
    return NULL;
}

static uint32_t wait_of_sample(const struct mt_signals *s, const struct mt_profile *p,
                               const struct mt_sample *sample)
{
    for (uint32_t i = 0; i < sample->n_frames && i < 8; i++) {
        const struct mt_location *l = &p->locations[p->frames[sample->first_frame + i]];
        for (uint32_t k = 0; k < l->n_lines; k++) {
            uint32_t f = p->lines[l->first_line + k].function;
            if (f == MT_NO_INDEX)
                continue;
            uint32_t name = p->functions[f].name;
            const char *wait = wait_of_frame(mt_string(s->bundle->strings, name));
            if (wait)
                return mt_intern_text(s->bundle->strings, wait);
            if (mt_symbol_origin(s->symbols, name) == MT_ORIGIN_APP)
                return 0;
        }
    }
    return 0;
}

static void add_profile(struct mt_signals *s, size_t at, const struct mt_profile *p)
{
    struct mt_arena scratch = {0};
    struct mt_blame_table table;
    mt_blame_open(&table, &scratch, s->symbols, p, s->patterns);
    for (size_t i = 0; i < p->n_samples; i++) {
        double count = (double)p->values[i * p->n_types];
        struct mt_blame b = mt_blame_sample(&table, &p->samples[i]);
        if (b.line == MT_NO_INDEX || p->lines[b.line].function == MT_NO_INDEX || count <= 0.0)
            continue;
        uint32_t function = p->functions[p->lines[b.line].function].name;
        struct mt_site_sums *sums = mt_site_get(s, &s->goroutines, function, &b);
        sums->site->points[at].goroutines += count;
        sums->sampled[at] += count;
        if (sums->best_at != at + 1) {
            sums->best_at = at + 1;
            sums->best = 0.0;
            memset(sums->by_pattern, 0, sizeof sums->by_pattern);
        }
        mt_site_add_patterns(sums, b.patterns, count);
        if (count > sums->best) {
            sums->best = count;
            sums->best_profile = p;
            sums->best_sample = &p->samples[i];
            sums->best_goroutine = NULL;
            sums->best_blame = b;
            uint32_t wait = wait_of_sample(s, p, &p->samples[i]);
            sums->site->wait = wait ? wait : sums->site->wait;
        }
    }
    mt_arena_clear(&scratch);
}

/* One goroutine of a dump: always its creator and wait, and a count where no profile gives it. */
static void add_goroutine(struct mt_signals *s, size_t at, const struct mt_goroutine_dump *d,
                          const struct mt_goroutine *g, bool count)
{
    struct mt_blame b = mt_blame_goroutine(s->symbols, d, g, s->patterns);
    if (b.line == MT_NO_INDEX)
        return;
    struct mt_site_sums *sums = mt_site_get(s, &s->goroutines, d->frames[b.line].function, &b);
    struct mt_site *site = sums->site;
    if (count) {
        site->points[at].goroutines += 1.0;
        sums->sampled[at] += 1.0;
    }
    if (g->wait_ns > site->longest_wait_ns)
        site->longest_wait_ns = g->wait_ns;
    if (g->created_by.function)
        site->creator = g->created_by.function;
    if (g->state)
        site->wait = g->state;
    if (count && sums->best_at != at + 1) {
        sums->best_at = at + 1;
        sums->best_sample = NULL;
        sums->best_dump = d;
        sums->best_goroutine = g;
        sums->best_blame = b;
        memset(sums->by_pattern, 0, sizeof sums->by_pattern);
    }
    if (count)
        mt_site_add_patterns(sums, b.patterns, 1.0);
}

static int by_id(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Goroutines of the last dump that were there in the first, by site. */
static void count_kept_ids(struct mt_signals *s)
{
    const struct mt_bundle *b = s->bundle;
    if (b->n_dumps < 2)
        return;
    const struct mt_goroutine_dump *first = b->dumps[0], *last = b->dumps[b->n_dumps - 1];
    struct mt_arena scratch = {0};
    uint64_t *ids = MT_NEW_N(&scratch, uint64_t, first->n_goroutines);
    for (size_t i = 0; i < first->n_goroutines; i++)
        ids[i] = first->goroutines[i].id;
    if (first->n_goroutines)
        qsort(ids, first->n_goroutines, sizeof *ids, by_id);
    for (size_t i = 0; i < last->n_goroutines; i++) {
        const struct mt_goroutine *g = &last->goroutines[i];
        struct mt_blame blame = mt_blame_goroutine(s->symbols, last, g, NULL);
        if (blame.line == MT_NO_INDEX || !first->n_goroutines ||
            !bsearch(&g->id, ids, first->n_goroutines, sizeof *ids, by_id))
            continue;
        struct mt_site_sums *sums =
            mt_site_find(&s->goroutines, s->symbols, last->frames[blame.line].function);
        if (sums)
            sums->ids_kept++;
    }
    mt_arena_clear(&scratch);
}

/* Creators by the goroutine's outermost function, from traces, where no dump told them. */
static void lend_creators(struct mt_signals *s)
{
    for (size_t i = 0; i < s->goroutines.n; i++) {
        struct mt_site_sums *sums = s->goroutines.sums[i];
        for (size_t t = 0; t < s->bundle->n_traces && !sums->site->creator; t++)
            for (size_t k = 0; k < s->bundle->traces[t]->n_sites; k++) {
                const struct mt_trace_site *site = &s->bundle->traces[t]->sites[k];
                if (site->start_function == sums->root && sums->root && site->creator) {
                    sums->site->creator = site->creator;
                    break;
                }
            }
    }
}

void mt_sites_goroutines(struct mt_signals *s)
{
    struct mt_site_table *t = &s->goroutines;
    t->goroutines = true;
    mt_snapshots_goroutines(s, &t->snapshots);
    for (size_t i = 0; i < t->snapshots.n; i++) {
        const struct mt_snapshot *now = &t->snapshots.items[i];
        if (now->profile)
            add_profile(s, i, now->profile);
        for (size_t k = 0; now->dump && k < now->dump->n_goroutines; k++)
            add_goroutine(s, i, now->dump, &now->dump->goroutines[k], !now->profile);
    }
    mt_sites_close(s, t);
    count_kept_ids(s);
    lend_creators(s);
    mt_sites_judge(t);
}
