/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/diff_trees.h"

#include "report/analysis/symbols.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *metric, *type, *objects; /* type NULL: the profile's first */
    enum mt_profile_kind kind;
    bool rate; /* growth a second, where the diff compares that */
    const char *words, *object_words, *unit;
} specs[] = {
    {"inuse_space", "inuse_space", "inuse_objects", MT_PROFILE_HEAP, false, "live bytes",
     "live objects", "bytes"},
    {"alloc_space", "alloc_space", "alloc_objects", MT_PROFILE_HEAP, true, "allocated bytes",
     "allocated objects", "bytes"},
    {"goroutines", NULL, NULL, MT_PROFILE_GOROUTINE, false, "goroutines", NULL, "goroutines"},
    {"block_delay", "delay", NULL, MT_PROFILE_BLOCK, false, "time blocked", NULL, "ns"},
    {"mutex_delay", "delay", NULL, MT_PROFILE_MUTEX, false, "time waited for locks", NULL, "ns"},
    {"cpu_cpu", "cpu", NULL, MT_PROFILE_CPU, false, "CPU time", NULL, "ns"},
};
enum { SPECS = sizeof specs / sizeof *specs };

/* A profile of a run, under the common ids, and what its values count for. */
struct term {
    struct mt_profile profile;
    size_t run;
    double factor;
};

struct joint {
    struct mt_arena *arena;
    const struct mt_diff *d;
    struct mt_strings *strings;
    struct mt_bundle *bundle;
    size_t n_runs;
    struct term *terms[SPECS];
    size_t n_terms[SPECS];
};

static const struct mt_diff_run *run_at(const struct mt_diff *d, size_t i)
{
    return i < d->base.n_runs ? &d->base.runs[i] : &d->head.runs[i - d->base.n_runs];
}

static bool compared(const struct mt_diff *d, const char *metric)
{
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (d->comparisons[i].scope == MT_SCOPE_TOTAL &&
            strcmp(d->comparisons[i].metric->name, metric) == 0)
            return true;
    return false;
}

static void add_term(struct joint *j, size_t spec, size_t run, const struct mt_profile *p,
                     double factor)
{
    if (!p)
        return;
    struct term *t = &j->terms[spec][j->n_terms[spec]++];
    t->profile = mt_profile_translate(j->arena, p, run_at(j->d, run)->bundle->strings, j->strings);
    t->run = run;
    t->factor = factor;
}

static void add_run(struct joint *j, size_t spec, size_t run)
{
    const struct mt_bundle *b = run_at(j->d, run)->bundle;
    if (specs[spec].kind != MT_PROFILE_HEAP) {
        add_term(j, spec, run, mt_diff_profile_of(b, specs[spec].kind), 1);
        return;
    }
    const struct mt_profile *first = mt_diff_heap_of(b, false), *last = mt_diff_heap_of(b, true);
    bool rate = specs[spec].rate && j->d->alloc_rates;
    double factor = rate ? 1e9 / (double)(last->time_ns - first->time_ns) : 1;
    add_term(j, spec, run, last, factor);
    if (rate)
        add_term(j, spec, run, first, -factor);
}

/* A bundle of nothing but the runs' profiles, for the symbols: whose code each function is. */
static void index_functions(struct joint *j, const struct mt_view *view)
{
    struct mt_bundle *b = j->bundle;
    size_t n = 0, at = 0;
    for (size_t s = 0; s < SPECS; s++)
        n += j->n_terms[s];
    b->arena = j->arena;
    b->strings = j->strings;
    b->profiles[MT_PROFILE_OTHER] = MT_NEW_N(j->arena, struct mt_profile_ref, n + 1);
    for (size_t s = 0; s < SPECS; s++)
        for (size_t i = 0; i < j->n_terms[s]; i++)
            b->profiles[MT_PROFILE_OTHER][at++].profile = &j->terms[s][i].profile;
    b->n_profiles[MT_PROFILE_OTHER] = n;
    for (size_t i = j->n_runs; i-- > 0 && !b->manifest.module;) {
        const struct mt_bundle *of = run_at(j->d, i)->bundle;
        b->manifest.module = mt_intern(j->strings, mt_string(of->strings, of->manifest.module));
    }
    *view->diff_symbols = *mt_symbols_of(j->arena, b);
}

/* --- values of every run over one tree --- */

struct matrix {
    size_t n_runs, n_base, n_nodes;
    double *self, *objects, *total; /* by node, then run */
};

static void spread(struct matrix *m, const struct mt_tree_values *v, const struct term *t)
{
    for (size_t i = 0; i < v->n; i++) {
        m->self[v->node[i] * m->n_runs + t->run] += v->value[i] * t->factor;
        m->objects[v->node[i] * m->n_runs + t->run] += v->objects[i] * t->factor;
    }
}

/* What was allocated since the first snapshot is never less than nothing. */
static void no_less_than_nothing(struct matrix *m)
{
    for (size_t i = 0; i < m->n_nodes * m->n_runs; i++) {
        m->self[i] = fmax(m->self[i], 0);
        m->objects[i] = fmax(m->objects[i], 0);
    }
}

static double mean(const double *values, size_t from, size_t to)
{
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += values[i];
    return to > from ? sum / (double)(to - from) : 0;
}

static void sum_up(const struct matrix *m, struct mt_tree *tree)
{
    memcpy(m->total, m->self, m->n_nodes * m->n_runs * sizeof *m->total);
    for (size_t i = m->n_nodes; i-- > 1;)
        for (size_t r = 0; r < m->n_runs; r++)
            m->total[tree->nodes[i].parent * m->n_runs + r] += m->total[i * m->n_runs + r];
    for (size_t i = 0; i < m->n_nodes; i++) {
        struct mt_node *n = &tree->nodes[i];
        size_t at = i * m->n_runs;
        for (int side = 0; side < MT_SIDES; side++) {
            size_t from = side == MT_BEFORE ? 0 : m->n_base;
            size_t to = side == MT_BEFORE ? m->n_base : m->n_runs;
            n->self[side] = mean(m->self + at, from, to);
            n->total[side] = mean(m->total + at, from, to);
            n->self_objects[side] = mean(m->objects + at, from, to);
            n->total_objects[side] = n->self_objects[side];
        }
    }
    for (size_t i = m->n_nodes; i-- > 1;)
        for (int side = 0; side < MT_SIDES; side++)
            tree->nodes[tree->nodes[i].parent].total_objects[side] +=
                tree->nodes[i].total_objects[side];
}

/* --normalize: the base as if it had been as large as the head. */
static void normalize(struct matrix *m, const struct mt_tree *tree)
{
    double before = tree->nodes[0].total[MT_BEFORE], after = tree->nodes[0].total[MT_AFTER];
    double scale = before > 0 && after > 0 ? after / before : 1;
    for (size_t i = 0; i < m->n_nodes; i++)
        for (size_t r = 0; r < m->n_base; r++)
            m->self[i * m->n_runs + r] *= scale;
}

static bool *find_noise(struct mt_arena *arena, const struct matrix *m)
{
    struct mt_arena scratch = {0};
    size_t n_head = m->n_runs - m->n_base, cut = mt_diff_shift_cut(m->n_base, n_head);
    double *room = MT_NEW_N(&scratch, double, m->n_base *n_head + 1);
    bool *noise = MT_NEW_N(arena, bool, m->n_nodes);
    for (size_t i = 0; i < m->n_nodes; i++) {
        const double *of = m->total + i * m->n_runs;
        struct mt_interval shift = mt_diff_shift(of, m->n_base, of + m->n_base, n_head, cut, room);
        noise[i] = shift.low <= 0 && shift.high >= 0;
    }
    mt_arena_clear(&scratch);
    return noise;
}

static bool build(const struct joint *j, const struct mt_view *view, size_t spec,
                  struct mt_diff_tree *out)
{
    struct mt_arena scratch = {0};
    size_t n = j->n_terms[spec];
    struct mt_tree_input *inputs = MT_NEW_N(&scratch, struct mt_tree_input, n + 1);
    struct mt_tree_values *values = MT_NEW_N(&scratch, struct mt_tree_values, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct mt_profile *p = &j->terms[spec][i].profile;
        inputs[i].profile = p;
        inputs[i].value = specs[spec].type ? mt_profile_type(p, j->strings, specs[spec].type) : 0;
        inputs[i].objects =
            specs[spec].objects ? mt_profile_type(p, j->strings, specs[spec].objects) : MT_NO_INDEX;
        if (specs[spec].kind == MT_PROFILE_HEAP && p->period > 1)
            out->period = fmax(out->period, (double)p->period);
    }
    struct mt_tree *tree = mt_tree_build_series(j->arena, view->symbols, inputs, n, values);
    struct matrix m = {.n_runs = j->n_runs, .n_base = j->d->base.n_runs, .n_nodes = tree->n};
    m.self = MT_NEW_N(&scratch, double, m.n_runs *m.n_nodes);
    m.objects = MT_NEW_N(&scratch, double, m.n_runs *m.n_nodes);
    m.total = MT_NEW_N(&scratch, double, m.n_runs *m.n_nodes);
    for (size_t i = 0; i < n; i++)
        spread(&m, &values[i], &j->terms[spec][i]);
    no_less_than_nothing(&m);
    sum_up(&m, tree);
    if (j->d->normalized) {
        normalize(&m, tree);
        sum_up(&m, tree);
    }
    out->noise = j->d->replicates ? find_noise(j->arena, &m) : NULL;
    out->tree = tree;
    mt_arena_clear(&scratch);
    return mt_node_weight(&tree->nodes[0]) > 0;
}

struct mt_diff_trees *mt_view_diff_trees(const struct mt_view *view)
{
    struct mt_diff_trees *out = MT_NEW(view->arena, struct mt_diff_trees);
    const struct mt_diff *d = view->diff;
    struct joint j = {.arena = view->arena, .d = d, .n_runs = d->base.n_runs + d->head.n_runs};
    j.strings = MT_NEW(view->arena, struct mt_strings);
    j.bundle = MT_NEW(view->arena, struct mt_bundle);
    mt_strings_init(j.strings, view->arena);
    for (size_t s = 0; s < SPECS; s++) {
        if (!compared(d, specs[s].metric))
            continue;
        j.terms[s] = MT_NEW_N(view->arena, struct term, 2 * j.n_runs);
        for (size_t r = 0; r < j.n_runs; r++)
            add_run(&j, s, r);
    }
    index_functions(&j, view);
    for (size_t s = 0; s < SPECS && out->n < MT_MOST_DIFF_TREES; s++) {
        bool rate = specs[s].rate && d->alloc_rates;
        struct mt_diff_tree tree = {.metric = specs[s].metric,
                                    .words = specs[s].words,
                                    .object_words = specs[s].object_words,
                                    .unit = specs[s].unit};
        if (rate) {
            tree.words = "allocated bytes per second";
            tree.object_words = "allocated objects per second";
            tree.unit = "bytes/s";
        }
        if (j.n_terms[s] && build(&j, view, s, &tree))
            out->items[out->n++] = tree;
    }
    return out;
}
