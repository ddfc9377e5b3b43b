/* SPDX-License-Identifier: Apache-2.0 */
#include "report/analysis/diff/gate.h"

#include <math.h>
#include <string.h>

/* Runs of one program differ by 10 to 20 per cent; a moved function's size must agree within this.
 */
static const double SAME_TOTAL = 0.35;
/* Mean object sizes of one site hardly differ between runs. */
static const double SAME_OBJECT = 0.15;

static const struct mt_entity *entity_named(const struct mt_metric_values *v, const char *name)
{
    for (size_t i = 0; i < v->n_entities; i++)
        if (v->entities[i]->scope == MT_SCOPE_FUNCTION && v->entities[i]->name &&
            strcmp(v->entities[i]->name, name) == 0)
            return v->entities[i];
    return NULL;
}

static bool close_to(double a, double b, double share)
{
    return fabs(a - b) <= share * fmax(fabs(a), fabs(b));
}

static bool same_site(const struct mt_entity *a, const struct mt_entity *b)
{
    if (!a || !b || !a->shape || a->shape != b->shape)
        return false;
    if (a->objects > 0 && b->objects > 0)
        return close_to(a->bytes / a->objects, b->bytes / b->objects, SAME_OBJECT);
    return true;
}

static bool one_sided(const struct mt_comparison *c, bool head)
{
    return c->scope == MT_SCOPE_FUNCTION && c->class != MT_CLASS_MOVED &&
           (head ? c->base == 0 && c->head > 0 : c->head == 0 && c->base > 0);
}

static void join(struct mt_comparison *gone, const struct mt_comparison *fresh)
{
    gone->moved_to = fresh->function;
    gone->head = fresh->head;
    gone->delta = gone->head - gone->base;
    gone->relative = gone->base != 0 ? gone->delta / fabs(gone->base) : NAN;
    double spread = hypot((gone->high - gone->low) / 2, (fresh->high - fresh->low) / 2);
    gone->low = gone->delta - spread;
    gone->high = gone->delta + spread;
    gone->p = gone->adjusted_p = NAN;
    gone->file = fresh->file;
    gone->line = fresh->line;
    gone->class = MT_CLASS_MOVED;
}

void mt_diff_pair_moved(struct mt_arena *arena, struct mt_matrix *m, struct mt_diff *d)
{
    bool *taken = MT_NEW_N(arena, bool, d->n_comparisons + 1);
    for (size_t g = 0; g < d->n_comparisons; g++) {
        struct mt_comparison *gone = &d->comparisons[g];
        if (!one_sided(gone, false) || taken[g])
            continue;
        struct mt_metric_values *v =
            mt_matrix_metric(m, gone->metric->name, gone->metric->unit, gone->metric->exact);
        const struct mt_entity *old = entity_named(v, gone->function);
        size_t best = SIZE_MAX;
        for (size_t f = 0; f < d->n_comparisons; f++) {
            const struct mt_comparison *fresh = &d->comparisons[f];
            if (fresh->metric != gone->metric || !one_sided(fresh, true) || taken[f] ||
                !close_to(fresh->head, gone->base, SAME_TOTAL) ||
                !same_site(old, entity_named(v, fresh->function)))
                continue;
            if (best == SIZE_MAX ||
                fabs(fresh->head - gone->base) < fabs(d->comparisons[best].head - gone->base))
                best = f;
        }
        if (best == SIZE_MAX)
            continue;
        join(gone, &d->comparisons[best]);
        taken[best] = true;
    }
    size_t kept = 0;
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (!taken[i])
            d->comparisons[kept++] = d->comparisons[i];
    d->n_comparisons = kept;
}
