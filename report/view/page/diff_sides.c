/* SPDX-License-Identifier: Apache-2.0 */
/* What the verdict speaks of, run by run. */
#include "report/view/page/part.h"

#include <math.h>
#include <string.h>

/* The base and what the first rule on this total lets it grow by; NaN: no such rule. */
static double limit_of(const struct mt_diff *d, const struct mt_comparison *c)
{
    for (size_t i = 0; i < d->n_results; i++) {
        const struct mt_policy_rule *r = d->results[i].rule;
        if (r->scope != MT_SCOPE_TOTAL || strcmp(r->metric, c->metric->name) != 0)
            continue;
        double share = isnan(r->max_share) ? 0 : r->max_share * c->base;
        double absolute = isnan(r->max_absolute) ? 0 : r->max_absolute;
        return c->base + fmax(share, absolute); /* a pair must be exceeded in both */
    }
    return NAN;
}

void mt_part_diff_sides(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    const struct mt_comparison *c = d->headline;
    if (d->not_comparable || !c)
        return;
    struct mt_sides_chart *s = MT_NEW(p->arena, struct mt_sides_chart);
    const char *words = mt_part_metric_words(c->metric->name);
    double largest = fmax(c->base, c->head);
    for (size_t i = 0; i < d->base.n_runs + d->head.n_runs; i++)
        largest = fmax(largest, c->values[i]);
    struct mt_column_unit unit = mt_part_column_unit(p, c->metric->unit, largest);
    *s = (struct mt_sides_chart){
        .title = mt_arena_printf(p->arena, "%s of each run, base and head", words),
        .unit = c->metric->unit,
        .column = unit.unit,
        .column_name = unit.name,
        .values = c->values,
        .n_base = d->base.n_runs,
        .n = d->base.n_runs + d->head.n_runs,
        .base = c->base,
        .head = c->head,
        .low = c->base + c->low,
        .high = c->base + c->high,
        .limit = limit_of(d, c),
        .base_label = mt_fmt_amount(p->arena, c->metric->unit, c->base),
        .head_label = mt_fmt_amount(p->arena, c->metric->unit, c->head),
        .tone = p->page->verdict.tone};
    const char *runs =
        d->replicates || d->pooled
            ? mt_arena_printf(p->arena, "A dot is a run, the tall mark the side's %s. ",
                              d->pooled ? "mean" : "median")
            : "One run a side. ";
    const char *range = isfinite(c->low) && isfinite(c->high)
                            ? "Grey band: the base plus the 95% interval of the change. "
                            : "";
    const char *limit = isfinite(s->limit)
                            ? mt_arena_printf(p->arena, "Dashed: the policy's limit, %s.",
                                              mt_fmt_amount(p->arena, c->metric->unit, s->limit))
                            : "";
    s->limit_label = "limit";
    s->caption = mt_arena_printf(p->arena, "%s%s%s", runs, range, limit);
    s->description = mt_arena_printf(p->arena, "%s: base %s, head %s. %s", words, s->base_label,
                                     s->head_label, s->caption);
    p->page->sides = s;
}
