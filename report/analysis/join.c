/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two findings of one cause are one finding with two effects. Joined are findings of the same
 * function (a closure counts as its owner), of the same creator, of the same package, goroutine
 * groups that grow in step, and a heap site on whose path the goroutines' function stands.
 */
#include "report/analysis/join.h"

#include <math.h>
#include <string.h>

static const double OWN_WEIGHT = 0.25;  /* an own function leads from this share of another's */
static const double COUNT_FACTOR = 5.0; /* handles and goroutines of one cause differ by less */
static const double MOST_HELD = 64.0 * 1024.0; /* heap that one piled-up goroutine may hold */
static const double STEP_TOLERANCE = 0.02;     /* groups whose counts differ by less grow in step */

static struct mt_span owner_of(const struct mt_signals *s, uint32_t function)
{
    return mt_symbol_owner_of(mt_span_of(mt_symbol_key(s->symbols, function)));
}

static bool same_owner(const struct mt_signals *s, uint32_t a, uint32_t b)
{
    return a && b && mt_span_equal(owner_of(s, a), owner_of(s, b));
}

static bool on_path(const struct mt_site *site, uint32_t function)
{
    for (size_t i = 0; function && i < site->n_path; i++)
        if (site->path[i] == function)
            return true;
    return false;
}

static bool is_own(const struct mt_signals *s, uint32_t function)
{
    return function && mt_symbol_origin(s->symbols, function) == MT_ORIGIN_APP;
}

static bool in_step(const struct mt_site *a, const struct mt_site *b)
{
    if (a->n_points != b->n_points || a->n_points < 3)
        return false;
    for (size_t i = 0; i < a->n_points; i++) {
        double x = a->points[i].goroutines, y = b->points[i].goroutines;
        if (fabs(x - y) > fmax(2.0, STEP_TOLERANCE * fmax(x, y)))
            return false;
    }
    return true;
}

static bool share_resource(const struct mt_signals *s, const struct mt_site *a,
                           const struct mt_site *b)
{
    const unsigned resources = 1u << MT_PATTERN_HTTP_CLIENT | 1u << MT_PATTERN_SQL;
    return (mt_path_patterns(s, a) & mt_path_patterns(s, b) & resources) != 0;
}

static bool heap_on_goroutines(const struct mt_signals *s, const struct mt_site *heap,
                               const struct mt_site *goroutines)
{
    /* descriptors and lists of goroutines, which the runtime allocates for whoever starts them */
    if (mt_symbol_origin(s->symbols, heap->function) == MT_ORIGIN_RUNTIME)
        return true;
    /* the outermost frame of the goroutines holds what each of them needs: a connection's buffers
     */
    if (goroutines->n_path && on_path(goroutines, heap->function) && !is_own(s, heap->function))
        return true;
    return (is_own(s, goroutines->function) && on_path(heap, goroutines->function)) ||
           (is_own(s, goroutines->creator) && same_owner(s, heap->function, goroutines->creator)) ||
           share_resource(s, heap, goroutines);
}

static bool one_cause(const struct mt_signals *s, const struct mt_finding *a,
                      const struct mt_finding *b)
{
    const struct mt_site *x = a->site, *y = b->site;
    if (!x || !y)
        return false;
    if (same_owner(s, x->function, y->function))
        return true;
    if (x->creator == y->creator && is_own(s, x->creator))
        return true;
    if (x->package && x->package == y->package)
        return true;
    if (x->goroutines && y->goroutines)
        return in_step(x, y);
    if (x->goroutines != y->goroutines)
        return x->goroutines ? heap_on_goroutines(s, y, x) : heap_on_goroutines(s, x, y);
    return false;
}

static double bytes_of(const struct mt_signals *s, const struct mt_finding *f)
{
    if (!f->site)
        return isfinite(f->growth.bytes) ? f->growth.bytes : 0.0;
    return f->site->goroutines ? f->site->growth * mt_goroutine_bytes(s) : f->site->growth;
}

/* How much a rule knows of the kind of a leak; of one cause the most telling names it. */
static int specificity(const struct mt_finding *f)
{
    static const struct {
        const char *rule;
        int rank;
    } table[] = {
        {"heap-site-growth", 0},      {"goroutine-growth", 0}, {"heap-path-growth", 1},
        {"goroutine-never-ended", 1}, {"goroutine-stuck", 2},  {"goroutine-proven", 3},
        {"lock-pileup", 4},           {"label-attributed", 6},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(f->rule->id, table[i].rule) == 0)
            return table[i].rank;
    return 5;
}

/* Which of two findings of one cause speaks for both. */
static bool leads(const struct mt_signals *s, const struct mt_finding *a,
                  const struct mt_finding *b)
{
    if (a->proven != b->proven)
        return a->proven;
    if (a->status != b->status)
        return a->status > b->status;
    if (a->site == b->site)
        return specificity(a) > specificity(b);
    if (a->site->goroutines != b->site->goroutines) /* what they hold is their effect */
        return a->site->goroutines;
    double x = bytes_of(s, a), y = bytes_of(s, b);
    bool own_a = is_own(s, a->site->function), own_b = is_own(s, b->site->function);
    if (own_a != own_b && x > 0.0 && y > 0.0)
        return own_a ? x >= OWN_WEIGHT * y : y < OWN_WEIGHT * x;
    if (x != y)
        return x > y;
    return strcmp(a->culprit.function, b->culprit.function) < 0;
}

static void take_evidence(struct mt_findings *all, struct mt_finding *to,
                          const struct mt_finding *from)
{
    for (size_t i = 0; i < from->n_evidence; i++) {
        const struct mt_evidence *e = &from->evidence[i];
        bool there = false;
        for (size_t k = 0; k < to->n_evidence && !there; k++)
            there = to->evidence[k].source == e->source &&
                    strcmp(to->evidence[k].statement, e->statement) == 0;
        if (there)
            continue;
        to->evidence = mt_arena_grow(all->arena, to->evidence, to->n_evidence, to->n_evidence + 1,
                                     sizeof *to->evidence);
        to->evidence[to->n_evidence++] = *e;
    }
}

static void absorb(const struct mt_signals *s, struct mt_findings *all, struct mt_finding *to,
                   struct mt_finding *from)
{
    mt_finding_also(to, from->culprit.function);
    if (from->culprit.creator && is_own(s, from->site->creator))
        mt_finding_also(to, from->culprit.creator);
    for (size_t i = 0; i < from->culprit.n_also; i++)
        mt_finding_also(to, from->culprit.also[i]);
    if (specificity(from) > specificity(to)) {
        to->rule = from->rule;
        to->family = from->family;
        to->kind = from->kind;
        to->next = from->next;
    }
    if (!to->culprit.label)
        to->culprit.label = from->culprit.label;
    if (!to->culprit.creator)
        to->culprit.creator = from->culprit.creator;
    if (!to->culprit.wait)
        to->culprit.wait = from->culprit.wait;
    take_evidence(all, to, from);
    for (size_t d = 0; d < MT_DIMS; d++)
        to->dimension_agrees[d] = to->dimension_agrees[d] || from->dimension_agrees[d];
    if (to->site != from->site &&
        (!to->second_site || to->second_site->goroutines == to->site->goroutines))
        to->second_site = from->site;
    /* what lies below the function of a path is counted there already */
    bool below = !to->site->goroutines && on_path(from->site, to->site->function);
    if (from->site != to->site && !from->site->goroutines && !below) {
        double heap = isfinite(to->growth.bytes) ? to->growth.bytes : 0.0;
        to->growth.bytes = heap + from->site->growth;
    }
    if (from->site != to->site && from->site->goroutines && !to->site->goroutines) {
        double more = isfinite(to->growth.goroutines) ? to->growth.goroutines : 0.0;
        to->growth.goroutines = more + from->site->growth;
    }
    from->joined = to;
    from->site->finding = to;
}

/* A metric that rises without a site is explained by a leak of about its size. */
static bool explains(const struct mt_signals *s, const struct mt_finding *leak,
                     const struct mt_finding *metric)
{
    double goroutines = isfinite(leak->growth.goroutines) ? leak->growth.goroutines : 0.0;
    double objects = isfinite(leak->growth.objects) ? leak->growth.objects : 0.0;
    if (metric->metric == MT_M_OPEN_FDS || metric->metric == MT_M_THREADS) {
        double rise = mt_trend_rise(mt_signal_trend(s, metric->metric));
        return rise <= COUNT_FACTOR * fmax(goroutines, objects) && rise > 0.0;
    }
    if (metric->metric == MT_M_HEAP_ALLOC || metric->metric == MT_M_HEAP_OBJECTS) {
        double bytes = isfinite(metric->growth.bytes) ? metric->growth.bytes : 0.0;
        double held = isfinite(leak->growth.bytes) ? leak->growth.bytes : 0.0;
        return !leak->site->goroutines || (leak->second_site && !leak->second_site->goroutines) ||
               bytes <= fmax(2.0 * held, goroutines * MOST_HELD);
    }
    return metric->metric == MT_M_STACK_INUSE || metric->metric == MT_M_GOROUTINES
               ? goroutines > 0.0
               : false;
}

/* Metric-only findings become evidence of the strongest leak that explains them. */
static void absorb_metrics(const struct mt_signals *s, struct mt_findings *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        struct mt_finding *f = all->items[i], *best = NULL;
        if (!f->site && f->metric != MT_METRIC_COUNT && strcmp(f->family, "non-heap") != 0)
            for (size_t k = 0; k < all->n; k++) {
                struct mt_finding *leak = all->items[k];
                if (leak != f && leak->site && leak->status == MT_STATUS_LEAK &&
                    explains(s, leak, f) && (!best || bytes_of(s, leak) > bytes_of(s, best)))
                    best = leak;
            }
        if (!best) {
            all->items[n++] = f;
            continue;
        }
        take_evidence(all, best, f);
        best->dimension_agrees[MT_DIM_METRICS] = true;
        f->joined = best;
    }
    all->n = n;
}

/* Root of a finding's set. */
static size_t find(size_t *parent, size_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

void mt_findings_join(const struct mt_signals *s, struct mt_findings *all)
{
    struct mt_arena scratch = {0};
    size_t *parent = MT_NEW_N(&scratch, size_t, all->n);
    size_t *lead = MT_NEW_N(&scratch, size_t, all->n);
    for (size_t i = 0; i < all->n; i++)
        parent[i] = i;
    for (size_t i = 0; i < all->n; i++)
        for (size_t j = i + 1; j < all->n; j++)
            if (one_cause(s, all->items[i], all->items[j]))
                parent[find(parent, j)] = find(parent, i);
    for (size_t i = 0; i < all->n; i++)
        lead[i] = SIZE_MAX;
    for (size_t i = 0; i < all->n; i++) {
        size_t root = find(parent, i);
        if (lead[root] == SIZE_MAX || leads(s, all->items[i], all->items[lead[root]]))
            lead[root] = i;
    }
    size_t n = 0;
    struct mt_finding **kept = MT_NEW_N(all->arena, struct mt_finding *, all->n);
    for (size_t i = 0; i < all->n; i++)
        if (lead[find(parent, i)] == i)
            kept[n++] = all->items[i];
    /* the heaviest others first: their names are the ones worth a line */
    for (;;) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < all->n; i++) {
            struct mt_finding *f = all->items[i];
            if (f->joined || lead[find(parent, i)] == i)
                continue;
            if (best == SIZE_MAX || leads(s, f, all->items[best]))
                best = i;
        }
        if (best == SIZE_MAX)
            break;
        absorb(s, all, all->items[lead[find(parent, best)]], all->items[best]);
    }
    for (size_t i = 0; i < n; i++)
        if (kept[i]->site) {
            struct mt_site_sums *sums =
                mt_site_find(kept[i]->site->goroutines ? &s->goroutines : &s->heap, s->symbols,
                             kept[i]->site->function);
            if (sums)
                sums->site->finding = kept[i];
        }
    all->items = kept;
    all->n = n;
    absorb_metrics(s, all);
    mt_arena_clear(&scratch);
}
