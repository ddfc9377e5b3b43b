/* SPDX-License-Identifier: Apache-2.0 */
/* From the matrix of runs to comparisons: medians, intervals, tests, classes, order. */
#include "report/analysis/diff.h"

#include "report/analysis/diff/count_limits.h"
#include "report/analysis/diff/gate.h"
#include "report/analysis/diff/runs.h"
#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A function is tested between runs when it reaches this in some run, whatever its side. */
static const double LEAST_TESTED_BYTES = 1 << 20;
static const double LEAST_TESTED_COUNT = 20;
static const double LEAST_TESTED_SHARE = 0.01; /* of the total, for other units */
static const double SIGNIFICANT = 0.05;
static const double OUTSIDE = 0.025; /* at either end of an interval */
/* What one run a side cannot put an interval to has changed from this share on. */
static const double LEAST_CHANGE = 0.02;

const char *mt_scope_name(enum mt_scope scope)
{
    static const char *const names[] = {"total", "function", "package", "label", "site"};
    return names[scope];
}

const char *mt_class_name(enum mt_class class)
{
    static const char *const names[] = {"same", "new", "grown", "shrunk", "gone", "moved"};
    return names[class];
}

const char *mt_gate_name(enum mt_gate gate)
{
    static const char *const names[] = {"pass", "fail", "undecided"};
    return names[gate];
}

static double median_of(const double *values, size_t n, double *room)
{
    if (n < 2)
        return n ? values[0] : 0;
    memcpy(room, values, n * sizeof *room);
    return mt_median(room, n);
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return n ? sum / (double)n : 0;
}

/* What a side's runs count as: the median; a pool is one run, its value is the mean. */
static double value_of(const struct mt_diff *d, const double *values, size_t n, double *room)
{
    return d->pooled ? mean_of(values, n) : median_of(values, n, room);
}

/* -- intervals ------------------------------------------------------------------------------ */

/* What a run's value may have been, from its sampling error: the effective number of samples is
 * value^2 / variance, and Garwood's interval of that count is scaled back. Nothing sampled: the
 * mean of one sample times Garwood's upper limit of zero. */
static struct mt_interval sampled_interval(struct mt_count_limits *limits,
                                           const struct mt_metric_values *v, double value,
                                           double variance)
{
    double size = fabs(value);
    if (v->metric.exact || variance > 0) {
        double count = v->metric.exact ? size : size * size / variance;
        if (count > 0) {
            struct mt_interval counts = mt_count_interval(limits, count);
            return (struct mt_interval){size * counts.low / count, size * counts.high / count};
        }
    }
    if (size > 0)
        return (struct mt_interval){size, size};
    double unit = v->metric.exact ? 1 : strncmp(v->metric.unit, "bytes", 5) == 0 ? v->period : 0;
    return (struct mt_interval){0, unit * mt_count_interval(limits, 0).high};
}

/* One run a side (or a pool): square-and-add of both sides' intervals, so that errors of both add.
 */
static void single_interval(struct mt_count_limits *limits, const struct mt_matrix *m,
                            const struct mt_metric_values *v, const struct mt_entity *e,
                            struct mt_comparison *c)
{
    double variance[2] = {0, 0}, n[2] = {(double)m->n_base, (double)(m->n_runs - m->n_base)};
    for (size_t i = 0; i < m->n_runs; i++)
        variance[i >= m->n_base] += e->variance[i];
    struct mt_interval base = sampled_interval(limits, v, c->base, variance[0] / (n[0] * n[0]));
    struct mt_interval head = sampled_interval(limits, v, c->head, variance[1] / (n[1] * n[1]));
    c->low = c->delta - hypot(c->head - head.low, base.high - c->base);
    c->high = c->delta + hypot(head.high - c->head, c->base - base.low);
}

size_t mt_diff_shift_cut(size_t n_base, size_t n_head)
{
    return mt_mann_whitney_cut(n_base, n_head, OUTSIDE);
}

struct mt_interval mt_diff_shift(const double *base, size_t n_base, const double *head,
                                 size_t n_head, size_t cut, double *room)
{
    size_t n = n_base * n_head;
    for (size_t h = 0, k = 0; h < n_head; h++)
        for (size_t b = 0; b < n_base; b++)
            room[k++] = head[h] - base[b];
    qsort(room, n, sizeof *room, mt_compare_double);
    return (struct mt_interval){room[cut], room[n - 1 - cut]};
}

/* -- comparisons ---------------------------------------------------------------------------- */

struct builder {
    struct mt_arena *arena;
    struct mt_matrix *m;
    struct mt_diff *d;
    size_t cap;
    struct mt_tested *tested;
    size_t n_tested, cap_tested;
    struct mt_count_limits *limits;
    size_t cut;   /* of the shift's interval, with replicates */
    double *room; /* for the runs' values, or their differences */
};

static bool on_both_sides(const struct mt_matrix *m, const struct mt_metric_values *v)
{
    for (size_t i = 0; i < m->n_runs; i++)
        if (!v->present[i])
            return false;
    return m->n_base > 0 && m->n_runs > m->n_base;
}

static bool in_the_base(const struct mt_matrix *m, const struct mt_metric_values *v)
{
    for (size_t i = 0; i < m->n_base; i++)
        if (v->present[i])
            return true;
    return false;
}

static double scale_of(const struct mt_matrix *m, const struct mt_metric_values *v, bool normalize)
{
    const double *total = v->entities[0]->value;
    double base = 0, head = 0;
    for (size_t i = 0; i < m->n_runs; i++)
        *(i < m->n_base ? &base : &head) += total[i];
    base /= (double)m->n_base;
    head /= (double)(m->n_runs - m->n_base);
    return normalize && base > 0 && head > 0 ? head / base : 1;
}

static struct mt_comparison compare(struct builder *b, const struct mt_metric_values *v,
                                    struct mt_entity *e)
{
    const struct mt_matrix *m = b->m;
    struct mt_comparison c = {.metric = &v->metric,
                              .scope = e->scope,
                              .function = e->scope == MT_SCOPE_TOTAL ? NULL
                                          : e->name && *e->name      ? e->name
                                                                     : "(unknown)",
                              .key = mt_string(&m->keys, e->key),
                              .entity = e,
                              .values = e->value,
                              .file = e->file,
                              .line = e->line,
                              .p = NAN,
                              .adjusted_p = NAN};
    c.base = value_of(b->d, e->value, m->n_base, b->room);
    c.head = value_of(b->d, e->value + m->n_base, m->n_runs - m->n_base, b->room);
    c.delta = c.head - c.base;
    c.relative = c.base != 0 ? c.delta / fabs(c.base) : NAN;
    if (b->d->replicates) {
        size_t n_head = m->n_runs - m->n_base;
        struct mt_interval shift =
            mt_diff_shift(e->value, m->n_base, e->value + m->n_base, n_head, b->cut, b->room);
        c.low = shift.low;
        c.high = shift.high;
        c.p = mt_mann_whitney_p(e->value, m->n_base, e->value + m->n_base, m->n_runs - m->n_base);
    } else if (!v->sampled && !v->metric.exact) {
        c.low = c.high = NAN;
    } else {
        single_interval(b->limits, m, v, e, &c);
    }
    return c;
}

static bool worth_testing(const struct mt_matrix *m, const struct mt_metric_values *v,
                          const struct mt_entity *e)
{
    double most = 0, total = 0;
    for (size_t i = 0; i < m->n_runs; i++) {
        most = fmax(most, fabs(e->value[i]));
        total = fmax(total, fabs(v->entities[0]->value[i]));
    }
    if (e->scope == MT_SCOPE_TOTAL)
        return true;
    if (strcmp(v->metric.unit, "bytes") == 0)
        return most >= LEAST_TESTED_BYTES;
    if (v->metric.exact)
        return most >= LEAST_TESTED_COUNT;
    return most >= LEAST_TESTED_SHARE * total && most > 0;
}

static void classify(const struct mt_diff *d, struct mt_comparison *c)
{
    bool moved = d->replicates      ? c->adjusted_p < SIGNIFICANT
                 : isfinite(c->low) ? c->low > 0 || c->high < 0
                                    : fabs(c->delta) > LEAST_CHANGE * fabs(c->base);
    c->class = MT_CLASS_SAME;
    if (!moved || c->delta == 0)
        return;
    if (c->delta > 0)
        c->class = c->base == 0 ? MT_CLASS_NEW : MT_CLASS_GROWN;
    else
        c->class = c->head == 0 ? MT_CLASS_GONE : MT_CLASS_SHRUNK;
}

static void add_test(struct builder *b, const struct mt_metric_values *v, struct mt_entity *e)
{
    MT_RESERVE(b->arena, b->tested, b->n_tested, b->cap_tested);
    b->tested[b->n_tested++] = (struct mt_tested){v, e, 1};
}

/* The gated ones first: the family the adjusted p is for. */
static void test_all(struct builder *b)
{
    size_t n_gated = 0;
    for (int gated = 1; gated >= 0; gated--) {
        for (size_t i = 0; i < b->m->n_metrics; i++) {
            struct mt_metric_values *v = b->m->metrics[i];
            if (!on_both_sides(b->m, v))
                continue;
            for (size_t k = 0; k < v->n_entities; k++) {
                struct mt_entity *e = v->entities[k];
                bool in_gate = mt_policy_covers(b->d->policy, v->metric.name, e->scope, e->name);
                if (in_gate == (gated == 1) && e->scope <= MT_SCOPE_FUNCTION &&
                    worth_testing(b->m, v, e))
                    add_test(b, v, e);
            }
        }
        n_gated = gated ? b->n_tested : n_gated;
    }
    mt_max_t(b->arena, b->tested, b->n_tested, n_gated, b->m->n_base, b->m->n_runs);
    for (size_t i = 0; i < b->n_tested; i++)
        b->tested[i].entity->adjusted_p = b->tested[i].adjusted_p;
}

static int by_name(const struct mt_comparison *a, const struct mt_comparison *b)
{
    return a->function && b->function ? strcmp(a->function, b->function) : 0;
}

static int by_order(const void *left, const void *right)
{
    const struct mt_comparison *a = left, *b = right;
    if (a->metric->order != b->metric->order)
        return a->metric->order < b->metric->order ? -1 : 1;
    if (a->scope != b->scope)
        return a->scope < b->scope ? -1 : 1;
    double x = fabs(a->delta), y = fabs(b->delta);
    if (x != y)
        return x > y ? -1 : 1;
    return by_name(a, b);
}

static void push(struct builder *b, struct mt_comparison c)
{
    MT_RESERVE(b->arena, b->d->comparisons, b->d->n_comparisons, b->cap);
    b->d->comparisons[b->d->n_comparisons++] = c;
}

/* -- call paths ----------------------------------------------------------------------------- */

struct chosen {
    size_t path;
    double delta;
    uint64_t hash;
};

static bool ranks_before(const struct chosen *a, const struct chosen *b)
{
    double x = fabs(a->delta), y = fabs(b->delta);
    return x > y || (x == y && a->hash < b->hash);
}

/* Keeps the list in order and no longer than MT_DIFF_MOST_SITES. */
static void keep(struct chosen *list, size_t *n, struct chosen one)
{
    if (*n == MT_DIFF_MOST_SITES) {
        if (!ranks_before(&one, &list[*n - 1]))
            return;
        --*n;
    }
    size_t at = (*n)++;
    for (; at && ranks_before(&one, &list[at - 1]); at--)
        list[at] = list[at - 1];
    list[at] = one;
}

static double *values_of(const struct builder *b, const struct mt_metric_values *v, size_t path,
                         double scale, double *room)
{
    const struct mt_matrix *m = b->m;
    for (size_t r = 0; r < m->n_runs; r++) {
        double by = r < m->n_base ? scale : 1;
        const double *cell = mt_path_cell(v->paths, path, v->path_column, r);
        room[r] = cell[0] * by;
        room[m->n_runs + r] = cell[1] * by * by;
    }
    return room;
}

static struct mt_comparison compare_path(struct builder *b, const struct mt_metric_values *v,
                                         const struct chosen *one, double scale)
{
    struct mt_entity *e = MT_NEW(b->arena, struct mt_entity);
    unsigned char key[8];
    for (int i = 0; i < 8; i++)
        key[i] = (unsigned char)(one->hash >> (8 * i));
    e->scope = MT_SCOPE_SITE;
    e->key = mt_intern(&b->m->keys, (struct mt_span){key, sizeof key});
    e->name = mt_path_name(b->arena, v->paths->origin[one->path]);
    e->value = values_of(b, v, one->path, scale, MT_NEW_N(b->arena, double, 2 * b->m->n_runs));
    e->variance = e->value + b->m->n_runs;
    struct mt_comparison c = compare(b, v, e);
    c.adjusted_p = c.p;
    classify(b->d, &c);
    return c;
}

/* Paths are many: the largest changes of each metric stay. */
static void compare_paths(struct builder *b, const struct mt_metric_values *v, double scale)
{
    const struct mt_matrix *m = b->m;
    struct chosen *list = MT_NEW_N(b->arena, struct chosen, MT_DIFF_MOST_SITES + 1);
    double *values = MT_NEW_N(b->arena, double, 2 * m->n_runs);
    size_t n = 0, of = 0;
    for (size_t i = 0; v->paths && i < v->paths->n; i++) {
        values_of(b, v, i, scale, values);
        double base = value_of(b->d, values, m->n_base, b->room);
        double head = value_of(b->d, values + m->n_base, m->n_runs - m->n_base, b->room);
        if (base == 0 && head == 0)
            continue;
        of++;
        keep(list, &n, (struct chosen){i, head - base, v->paths->hash[i]});
    }
    for (size_t i = 0; i < n; i++)
        push(b, compare_path(b, v, &list[i], scale));
    b->d->n_sites_left_out += of - n;
}

static void compare_metric(struct builder *b, struct mt_metric_values *v)
{
    struct mt_matrix *m = b->m;
    double scale = scale_of(m, v, b->d->normalized);
    for (size_t k = 0; k < v->n_entities; k++) {
        struct mt_entity *e = v->entities[k];
        for (size_t i = 0; scale != 1 && i < m->n_base; i++) {
            e->value[i] *= scale;
            e->variance[i] *= scale * scale;
        }
        struct mt_comparison c = compare(b, v, e);
        bool nothing = c.base == 0 && c.head == 0;
        if (nothing && e->scope != MT_SCOPE_TOTAL)
            continue;
        if (b->d->replicates)
            c.adjusted_p = e->scope > MT_SCOPE_FUNCTION ? c.p
                           : e->adjusted_p > 0          ? e->adjusted_p
                                                        : 1;
        classify(b->d, &c);
        push(b, c);
    }
    compare_paths(b, v, scale);
}

static void name_sides(struct mt_diff *d, const struct mt_diff_options *options)
{
    struct mt_diff_side *sides[2] = {&d->base, &d->head};
    const char *given[2] = {options->base_label, options->head_label};
    for (int i = 0; i < 2; i++) {
        if (given[i])
            sides[i]->label = given[i];
        if (!sides[i]->label && sides[i]->n_runs) {
            const struct mt_bundle *bundle = sides[i]->runs[0].bundle;
            const char *build = mt_string_text(bundle->strings, bundle->manifest.build);
            sides[i]->label = *build ? build : sides[i]->runs[0].name;
        }
        if (!sides[i]->label)
            sides[i]->label = i ? "head" : "base";
    }
}

struct mt_diff *mt_diff_make(struct mt_arena *arena, struct mt_diff_side base,
                             struct mt_diff_side head, const struct mt_policy *policy,
                             const struct mt_diff_options *options)
{
    struct mt_diff *d = MT_NEW(arena, struct mt_diff);
    *d = (struct mt_diff){
        .base = base, .head = head, .policy = policy, .normalized = options->normalize};
    name_sides(d, options);
    struct mt_matrix *m = MT_NEW(arena, struct mt_matrix);
    mt_matrix_open(m, arena, base.n_runs, base.n_runs + head.n_runs);
    d->replicates = base.n_runs >= MT_DIFF_REPLICATES && head.n_runs >= MT_DIFF_REPLICATES;
    d->pooled = !d->replicates && m->n_runs > 2;
    m->alloc_rates = m->n_runs > 0;
    for (size_t i = 0; i < m->n_runs; i++)
        m->alloc_rates &=
            mt_run_has_rates(i < base.n_runs ? &base.runs[i] : &head.runs[i - base.n_runs]);
    d->alloc_rates = m->alloc_rates;
    for (size_t i = 0; i < m->n_runs; i++)
        mt_matrix_add_run(m, i, i < base.n_runs ? &base.runs[i] : &head.runs[i - base.n_runs]);
    struct builder b = {.arena = arena, .m = m, .d = d};
    d->lost = MT_NEW_N(arena, const char *, m->n_metrics + 1);
    b.limits = MT_NEW(arena, struct mt_count_limits);
    b.room = MT_NEW_N(arena, double, m->n_runs + base.n_runs * head.n_runs + 1);
    if (d->replicates) {
        b.cut = mt_diff_shift_cut(base.n_runs, head.n_runs);
        test_all(&b);
    }
    for (size_t i = 0; i < m->n_metrics; i++)
        if (on_both_sides(m, m->metrics[i]))
            compare_metric(&b, m->metrics[i]);
        else if (in_the_base(m, m->metrics[i]))
            d->lost[d->n_lost++] = m->metrics[i]->metric.name;
    mt_diff_pair_moved(arena, d);
    if (d->n_comparisons)
        qsort(d->comparisons, d->n_comparisons, sizeof *d->comparisons, by_order);
    mt_diff_verify_fixes(arena, d);
    mt_diff_compare_trends(arena, d);
    mt_diff_compare_groups(arena, d);
    mt_diff_gate(arena, d);
    return d;
}
