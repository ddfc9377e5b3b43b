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

void mt_suspect_name_unsure(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                            const struct mt_site_table *t)
{
    const size_t most = sizeof f->culprit.also / sizeof *f->culprit.also;
    struct mt_signals *s = c->signals;
    double before = INFINITY, sum = 0.0;
    size_t n = 0;
    for (; n < most; n++) { /* by growth downwards */
        const struct mt_site *best = NULL;
        for (size_t i = 0; i < t->n; i++) {
            const struct mt_site *site = t->items[i];
            if (site->growth <= 0.0 || site->growth >= before ||
                (best && site->growth <= best->growth))
                continue;
            struct mt_suspicion v = t->goroutines ? mt_suspect_goroutines(s, t->sums[i])
                                                  : mt_suspect_heap(s, t->sums[i]);
            best = v.unsure ? site : best;
        }
        if (!best)
            break;
        before = best->growth;
        sum += best->growth;
        mt_finding_also(out, f, mt_bundle_text(c->now, best->function));
    }
    if (n && !t->goroutines)
        mt_finding_evidence(out, f, MT_DIM_SITES, "heap", NULL, sum, "bytes",
                            "%s in %s, each inside its sampling noise or of unclear shape",
                            mt_fmt_bytes_delta(out->arena, sum),
                            mt_fmt_plural(out->arena, (double)n, "call site", "call sites"));
}

static unsigned patterns_of_path(const struct mt_signals *s, const struct mt_site *site)
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

void mt_suspect_name_users(const struct mt_case *c, struct mt_findings *out, struct mt_finding *f,
                           unsigned resources)
{
    struct mt_signals *s = c->signals;
    const size_t most = sizeof f->culprit.also / sizeof *f->culprit.also;
    double before = INFINITY;
    for (size_t k = 0; k < most; k++) { /* by growth downwards */
        const struct mt_site *best = NULL;
        for (size_t i = 0; i < s->heap.n; i++) {
            const struct mt_site *site = s->heap.items[i];
            if (site->growth <= 0.0 || site->growth >= before ||
                (best && site->growth <= best->growth) ||
                !(patterns_of_path(s, site) & resources) || !user_of(s, site, resources))
                continue;
            best = site;
        }
        if (!best)
            return;
        before = best->growth;
        mt_finding_also(out, f, mt_bundle_text(c->now, user_of(s, best, resources)));
    }
}
