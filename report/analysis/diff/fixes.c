/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Did the fix work: each leak that the base's reports found is looked up in the head's, and the
 * slopes of its site are compared over the runs.
 */
#include "report/analysis/diff/gate.h"

#include "report/analysis/numbers.h"

#include <math.h>
#include <string.h>

/* The site or series behind a finding, in one assessment; NULL: nothing there grows by that name.
 */
static const struct mt_trend *trend_of(const struct mt_assessment *a, const struct mt_finding *f)
{
    for (size_t i = 0; i < a->n_findings; i++)
        if (strcmp(a->findings[i]->id, f->id) == 0 && a->findings[i]->site)
            return &a->findings[i]->site->trend;
    if (!f->site) {
        for (size_t i = 0; f->metric != MT_METRIC_COUNT && i < a->n_trends; i++)
            if (a->trends[i].series->metric == f->metric)
                return &a->trends[i].trend;
        return NULL;
    }
    struct mt_site **sites = f->site->goroutines ? a->goroutine_sites : a->heap_sites;
    size_t n = f->site->goroutines ? a->n_goroutine_sites : a->n_heap_sites;
    for (size_t i = 0; i < n; i++)
        if (strcmp(mt_bundle_text(a->bundle, sites[i]->function), f->culprit.function) == 0)
            return &sites[i]->trend;
    return NULL;
}

static struct mt_diff_rate rate_of(struct mt_arena *arena, const struct mt_diff_side *side,
                                   const struct mt_finding *f)
{
    const struct mt_trend **all = MT_NEW_N(arena, const struct mt_trend *, side->n_runs + 1);
    for (size_t i = 0; i < side->n_runs; i++)
        all[i] = side->runs[i].assessment ? trend_of(side->runs[i].assessment, f) : NULL;
    return mt_diff_rate_of(arena, all, side->n_runs);
}

static const char *state_of(const struct mt_diff_rate *base, const struct mt_diff_rate *head)
{
    if (!head->n || head->low <= 0 || head->middle <= 0.05 * base->middle)
        return "gone";
    if (head->high < base->low)
        return "weaker";
    return head->low > base->high ? "worse" : "unchanged";
}

static const char *per_hour(struct mt_arena *arena, double slope, bool goroutines)
{
    double size = fabs(slope) * 3600;
    const char *sign = slope < 0 ? "-" : "+";
    return goroutines ? mt_arena_printf(arena, "%s%s goroutines per hour", sign,
                                        mt_fmt_count(arena, round(size)))
                      : mt_arena_printf(arena, "%s%s per hour", sign, mt_fmt_bytes(arena, size));
}

static bool known(const struct mt_diff *d, const char *id)
{
    for (size_t i = 0; i < d->n_fixes; i++)
        if (strcmp(d->fixes[i].id, id) == 0)
            return true;
    return false;
}

static struct mt_fix verify(struct mt_arena *arena, const struct mt_diff *d,
                            const struct mt_finding *f)
{
    struct mt_diff_rate base = rate_of(arena, &d->base, f), head = rate_of(arena, &d->head, f);
    bool goroutines = f->growth.in_goroutines;
    struct mt_fix fix = {.id = f->id,
                         .function = f->culprit.function,
                         .state = state_of(&base, &head),
                         .base = base,
                         .head = head,
                         .unit = goroutines ? "goroutines/s" : "bytes/s"};
    bool flat = strcmp(fix.state, "gone") == 0;
    fix.sentence =
        mt_arena_printf(arena, "%s: %s before, %s after (%s).", fix.function,
                        per_hour(arena, base.middle, goroutines),
                        flat ? "flat" : per_hour(arena, head.middle, goroutines), fix.state);
    return fix;
}

static const char *sentence_of(struct mt_arena *arena, size_t gone, size_t of)
{
    if (of < 2)
        return !of    ? NULL
               : gone ? "The leak found before is gone after."
                      : "The leak found before is still there.";
    if (gone == of)
        return mt_arena_printf(arena, "All %zu leaks found before are gone after.", of);
    if (!gone)
        return mt_arena_printf(arena, "None of the %zu leaks found before is gone after.", of);
    return mt_arena_printf(arena, "%zu of %zu leaks found before %s gone after.", gone, of,
                           gone == 1 ? "is" : "are");
}

void mt_diff_verify_fixes(struct mt_arena *arena, struct mt_diff *d)
{
    size_t cap = 0, gone = 0;
    bool head_assessed = false;
    for (size_t i = 0; i < d->head.n_runs; i++)
        head_assessed |= d->head.runs[i].assessment != NULL;
    for (size_t i = 0; head_assessed && i < d->base.n_runs; i++) {
        const struct mt_assessment *a = d->base.runs[i].assessment;
        for (size_t k = 0; a && k < a->n_findings; k++) {
            const struct mt_finding *f = a->findings[k];
            if (f->status != MT_STATUS_LEAK || f->suppressed || known(d, f->id))
                continue;
            MT_RESERVE(arena, d->fixes, d->n_fixes, cap);
            d->fixes[d->n_fixes] = verify(arena, d, f);
            gone += strcmp(d->fixes[d->n_fixes++].state, "gone") == 0;
        }
    }
    d->fix_sentence = sentence_of(arena, gone, d->n_fixes);
}
