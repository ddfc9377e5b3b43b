/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules on patterns share. */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

#include <math.h>

static double share_of(const struct mt_site_sums *sums, const struct mt_pattern_rule *how)
{
    double share = 0.0;
    for (size_t i = 0; i < how->n_patterns; i++)
        share = fmax(share, mt_suspect_pattern(sums, how->patterns[i]));
    return share;
}

size_t mt_suspect_by_pattern(const struct mt_rule *self, const struct mt_case *c,
                             struct mt_findings *out, bool goroutines,
                             const struct mt_pattern_rule *how,
                             void (*each)(const struct mt_case *c, struct mt_findings *out,
                                          struct mt_finding *f, struct mt_site_sums *sums))
{
    struct mt_signals *s = c->signals;
    const struct mt_site_table *t = goroutines ? &s->goroutines : &s->heap;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct mt_site_sums *sums = t->sums[i];
        if (sums->site->growth <= 0.0 || share_of(sums, how) < how->least_share)
            continue;
        struct mt_suspicion v =
            goroutines ? mt_suspect_goroutines(s, sums) : mt_suspect_heap(s, sums);
        struct mt_finding *f = mt_suspect_add(out, self, c, sums, &v);
        if (!f)
            continue;
        f->family = how->family;
        f->kind = how->kind;
        f->next = how->next;
        if (each)
            each(c, out, f, sums);
        n++;
    }
    return n;
}

/* The sites that grew most, as many as a culprit has further names; the largest first. */
struct grown {
    const struct mt_site *sites[MT_MOST_ALSO];
    size_t n;
};

static bool would_rank(const struct grown *top, const struct mt_site *site)
{
    return site->growth > 0.0 &&
           (top->n < MT_MOST_ALSO || site->growth > top->sites[top->n - 1]->growth);
}

static void rank_in(struct grown *top, const struct mt_site *site)
{
    size_t at = top->n < MT_MOST_ALSO ? top->n++ : top->n - 1;
    for (; at && top->sites[at - 1]->growth < site->growth; at--)
        top->sites[at] = top->sites[at - 1];
    top->sites[at] = site;
}

void mt_suspect_name_unsure(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                            const struct mt_site_table *t)
{
    struct mt_signals *s = c->signals;
    struct grown top = {0};
    for (size_t i = 0; i < t->n; i++)
        if (would_rank(&top, t->items[i]) &&
            (t->goroutines ? mt_suspect_goroutines(s, t->sums[i]) : mt_suspect_heap(s, t->sums[i]))
                .unsure)
            rank_in(&top, t->items[i]);
    double sum = 0.0;
    for (size_t i = 0; i < top.n; i++) {
        sum += top.sites[i]->growth;
        mt_finding_also(f, mt_bundle_text(c->now, top.sites[i]->function));
    }
    if (top.n && !t->goroutines)
        mt_finding_evidence(out, f, MT_DIM_SITES, "heap", NULL, sum, "bytes",
                            "%s in %s, each inside its sampling noise or of unclear shape",
                            mt_fmt_bytes_delta(out->arena, sum),
                            mt_fmt_plural(out->arena, (double)top.n, "call site", "call sites"));
}

unsigned mt_path_patterns(const struct mt_signals *s, const struct mt_site *site)
{
    unsigned bits = 0;
    for (size_t i = 0; i < site->n_path; i++)
        bits |= site->path[i] < s->symbols->n ? s->patterns[site->path[i]] : 0u;
    return bits;
}

/* The own function nearest above the resource on the path, seen from the leaf. */
static uint32_t user_of(const struct mt_signals *s, const struct mt_site *site, unsigned resources)
{
    bool below = false;
    for (size_t i = site->n_path; i > 0; i--) {
        uint32_t f = site->path[i - 1];
        if (f < s->symbols->n && s->patterns[f] & resources)
            below = true;
        else if (below && mt_symbol_origin(s->symbols, f) == MT_ORIGIN_APP)
            return f;
    }
    return 0;
}

void mt_suspect_name_users(const struct mt_case *c, struct mt_finding *f, unsigned resources)
{
    struct mt_signals *s = c->signals;
    struct grown top = {0};
    for (size_t i = 0; i < s->heap.n; i++) {
        const struct mt_site *site = s->heap.items[i];
        if (would_rank(&top, site) && (mt_path_patterns(s, site) & resources) &&
            user_of(s, site, resources))
            rank_in(&top, site);
    }
    for (size_t i = 0; i < top.n; i++)
        mt_finding_also(f, mt_bundle_text(c->now, user_of(s, top.sites[i], resources)));
}
