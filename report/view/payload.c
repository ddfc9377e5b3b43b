/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/payload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct maker {
    struct mt_arena *arena;
    const struct mt_view *view;
    const struct mt_bundle *bundle;
    const struct mt_page *page;
    struct mt_payload *out;
    struct mt_payload_limits limits;
};

static int downwards(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* The share from which on at most MT_PAYLOAD_NODES nodes are heavier. */
static double share_that_fits(const struct mt_tree *tree)
{
    if (tree->n <= MT_PAYLOAD_NODES)
        return 0;
    struct mt_arena scratch = {0};
    double *weights = MT_NEW_N(&scratch, double, tree->n);
    for (size_t i = 0; i < tree->n; i++)
        weights[i] = mt_node_weight(&tree->nodes[i]);
    qsort(weights, tree->n, sizeof *weights, downwards);
    double share = weights[0] > 0 ? weights[MT_PAYLOAD_NODES] / weights[0] : 0;
    mt_arena_clear(&scratch);
    return share;
}

/* A subtree goes as a whole: the weight of a node includes what is below it. */
static void fold(struct maker *m, struct mt_payload_tree *t)
{
    bool *folded = MT_NEW_N(m->arena, bool, t->tree->n);
    double least = mt_node_weight(&t->tree->nodes[0]) * m->limits.least_share;
    for (uint32_t i = 1; i < t->tree->n; i++) {
        const struct mt_node *n = &t->tree->nodes[i];
        folded[i] = folded[n->parent] || mt_node_weight(n) < least;
        t->n_folded += folded[i];
    }
    t->folded = folded;
}

/* Evenly over the list, first and last always. */
static size_t chosen(size_t i, size_t n, size_t most)
{
    return n <= most ? i : (i * (n - 1) + (most - 1) / 2) / (most - 1);
}

static const char *words_by(const struct maker *m, const char *words, uint32_t label)
{
    return words && label
               ? mt_arena_printf(m->arena, "%s by %s", words, mt_bundle_text(m->bundle, label))
               : words;
}

static void add_tree(struct maker *m, const char *name, const char *metric, const char *objects,
                     bool bytes, const struct mt_tree_input *inputs, const int64_t *time_ns,
                     size_t n)
{
    if (!n || m->out->n_trees == MT_PAYLOAD_TREES)
        return;
    struct mt_payload_tree *t = &m->out->trees[m->out->n_trees];
    *t = (struct mt_payload_tree){
        .name = name,
        .by_label = inputs[0].label,
        .metrics = {words_by(m, metric, inputs[0].label), words_by(m, objects, inputs[0].label)},
        .n_metrics = objects ? 2 : 1,
        .bytes = bytes,
        .n_shots = n,
        .time_ns = time_ns};
    t->values = MT_NEW_N(m->arena, struct mt_tree_values, n);
    t->tree = mt_tree_build_series(m->arena, m->view->symbols, inputs, n, t->values);
    if (!(mt_node_weight(&t->tree->nodes[0]) > 0))
        return;
    fold(m, t);
    m->out->n_trees++;
}

static void heap(struct maker *m, uint32_t label)
{
    size_t n = m->page->n_snapshots, kept = n < MT_PAYLOAD_SHOTS ? n : MT_PAYLOAD_SHOTS;
    struct mt_tree_input *inputs = MT_NEW_N(m->arena, struct mt_tree_input, kept + 1);
    int64_t *time_ns = MT_NEW_N(m->arena, int64_t, kept + 1);
    double period = 0;
    for (size_t i = 0; i < kept; i++) {
        const struct mt_shot *s = &m->page->snapshots[chosen(i, n, MT_PAYLOAD_SHOTS)];
        inputs[i] = (struct mt_tree_input){s->profile, s->bytes_type, s->objects_type, label};
        time_ns[i] = s->time_ns;
        period = fmax(period, (double)s->profile->period);
    }
    size_t before = m->out->n_trees;
    add_tree(m, "heap", "live bytes", "live objects", true, inputs, time_ns, kept);
    if (m->out->n_trees > before)
        m->out->trees[before].period = period;
}

static const struct drawn_kind {
    enum mt_profile_kind kind;
    const char *type, *words;
    bool bytes, all; /* all profiles of the kind, or its last */
} kinds[] = {
    {MT_PROFILE_GOROUTINE, "goroutine", "goroutines", false, true},
    {MT_PROFILE_REFERENCES, "inuse_space", "bytes held", true, false},
    {MT_PROFILE_OTHER, "live_space", "sampled bytes that live", true, false},
    {MT_PROFILE_OTHER, "old_space", "sampled bytes that are old", true, false},
    {MT_PROFILE_OTHER, "old_objects", "sampled objects that are old", false, false},
    {MT_PROFILE_ALLOCS, "alloc_space", "allocated bytes", true, false},
    {MT_PROFILE_GOROUTINELEAK, "goroutineleak", "leaked goroutines", false, false},
    {MT_PROFILE_CPU, "cpu", "CPU ns", false, false},
    {MT_PROFILE_BLOCK, "delay", "ns blocked", false, false},
    {MT_PROFILE_MUTEX, "delay", "ns waited for locks", false, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void kind(struct maker *m, const struct drawn_kind *k, uint32_t label)
{
    const struct mt_bundle *b = m->bundle;
    size_t n = b->n_profiles[k->kind], kept = 0;
    if (!n)
        return;
    size_t most = k->all ? MT_PAYLOAD_SHOTS : 1, count = n < most ? n : most;
    struct mt_tree_input *inputs = MT_NEW_N(m->arena, struct mt_tree_input, count);
    int64_t *time_ns = MT_NEW_N(m->arena, int64_t, count);
    bool other = k->kind == MT_PROFILE_OTHER; /* nothing in common but a type */
    for (size_t i = 0; i < count || (other && i < n && !kept); i++) {
        size_t at = k->all ? chosen(i, n, most) : n - 1 - i;
        const struct mt_profile *p = b->profiles[k->kind][at].profile;
        uint32_t index = mt_profile_type(p, b->strings, k->type);
        if (index == MT_NO_INDEX && !other)
            index = p->default_index;
        if (index == MT_NO_INDEX)
            continue;
        inputs[kept] = (struct mt_tree_input){p, index, MT_NO_INDEX, label};
        time_ns[kept++] = p->time_ns;
    }
    const char *name = other ? k->type : mt_profile_kind_name(k->kind);
    add_tree(m, name, k->words, NULL, k->bytes, inputs, time_ns, kept);
}

/* The script begins with the first: without a heap the kind that the page draws, too. */
static void other_kinds(struct maker *m)
{
    bool heap_first = m->page->n_snapshots > 0;
    for (size_t i = 0; i < KINDS; i++)
        if (!heap_first && kinds[i].kind == m->page->flame_kind)
            kind(m, &kinds[i], 0);
    for (size_t i = 0; i < KINDS; i++)
        if (heap_first || kinds[i].kind != m->page->flame_kind)
            kind(m, &kinds[i], 0);
}

/* The labels that most samples of a profile carry, that of --by before all others. */
static size_t labels_of(const struct maker *m, const struct mt_profile *p,
                        uint32_t keys[MT_PAYLOAD_LABELS])
{
    struct mt_arena scratch = {0};
    const struct mt_strings *strings = m->bundle->strings;
    size_t *count = MT_NEW_N(&scratch, size_t, strings->count + 1), n = 0;
    for (size_t i = 0; i < p->n_labels; i++)
        if (p->labels[i].text)
            count[p->labels[i].key]++;
    uint32_t by =
        m->view->options.by ? mt_intern_find(strings, mt_span_of(m->view->options.by)) : UINT32_MAX;
    if (by < strings->count && count[by])
        count[by] = SIZE_MAX;
    for (; n < MT_PAYLOAD_LABELS; n++) {
        uint32_t best = 0;
        for (size_t i = 0; i < p->n_labels; i++) {
            uint32_t key = p->labels[i].key;
            if (count[key] > count[best])
                best = key;
        }
        if (!best)
            break;
        keys[n] = best;
        count[best] = 0;
    }
    mt_arena_clear(&scratch);
    return n;
}

static void by_label(struct maker *m)
{
    uint32_t keys[MT_PAYLOAD_LABELS];
    size_t n = 0, shots = m->page->n_snapshots;
    if (shots)
        n = labels_of(m, m->page->snapshots[shots - 1].profile, keys);
    for (size_t i = 0; i < n; i++)
        heap(m, keys[i]);
    for (size_t k = 0; k < KINDS; k++) {
        size_t count = m->bundle->n_profiles[kinds[k].kind];
        if (!count || (kinds[k].kind != MT_PROFILE_GOROUTINE && kinds[k].kind != MT_PROFILE_CPU))
            continue;
        n = labels_of(m, m->bundle->profiles[kinds[k].kind][count - 1].profile, keys);
        for (size_t i = 0; i < n; i++)
            kind(m, &kinds[k], keys[i]);
    }
}

static void add_series(struct maker *m, const char *name, const char *unit, struct mt_points points,
                       double scale)
{
    if (m->out->n_series == MT_PAYLOAD_SERIES || points.n < 2)
        return;
    m->out->series[m->out->n_series++] = (struct mt_payload_series){name, unit, points, scale};
}

/* The lines of the lanes, with the points that report.json carries where a series stands behind
 * them. */
static void series(struct maker *m)
{
    const struct mt_lanes *l = m->page->lanes;
    for (size_t i = 0; l && i < l->n_charts; i++) {
        const struct mt_lane_chart *c = &l->charts[i];
        for (size_t k = 0; k < c->n_lines; k++) {
            const struct mt_lane_line *line = &c->lines[k];
            if (line->role == MT_ROLE_LIMIT)
                continue;
            const struct mt_series *s =
                line->metric < MT_METRIC_COUNT ? mt_bundle_series(m->bundle, line->metric) : NULL;
            struct mt_points points = line->points;
            if (s)
                points = mt_thin(m->arena, s->n, s->time_ns, s->value, l->start_ns, l->end_ns,
                                 m->limits.series_columns);
            const char *unit = c->bytes ? "bytes" : c->axis_unit ? c->axis_unit : "count";
            add_series(m, line->name, unit, points, c->axis_unit ? 1000 : 1);
        }
    }
}

/* --- a diff: both sides as two shots of one tree --- */

static struct mt_tree_values side_values(struct mt_arena *arena, const struct mt_tree *tree,
                                         enum mt_side side)
{
    struct mt_tree_values v = {.node = MT_NEW_N(arena, uint32_t, tree->n),
                               .value = MT_NEW_N(arena, double, tree->n),
                               .objects = MT_NEW_N(arena, double, tree->n)};
    for (uint32_t i = 0; i < tree->n; i++) {
        const struct mt_node *n = &tree->nodes[i];
        if (!(n->self[side] > 0) && !(n->self_objects[side] > 0))
            continue;
        v.node[v.n] = i;
        v.value[v.n] = n->self[side];
        v.objects[v.n++] = n->self_objects[side];
    }
    return v;
}

static void of_diff(struct maker *m)
{
    static const int64_t order[2] = {MT_NO_TIME, MT_NO_TIME};
    const struct mt_diff *d = m->view->diff;
    const struct mt_diff_trees *trees = m->page->trees;
    m->out->sides[0] = mt_arena_printf(m->arena, "base %s", d->base.label);
    m->out->sides[1] = mt_arena_printf(m->arena, "head %s", d->head.label);
    for (size_t i = 0; i < trees->n && m->out->n_trees < MT_PAYLOAD_TREES; i++) {
        const struct mt_diff_tree *of = &trees->items[i];
        struct mt_payload_tree *t = &m->out->trees[m->out->n_trees];
        if (of->tree == m->page->change.tree)
            m->out->first = m->out->n_trees;
        m->out->n_trees++;
        *t = (struct mt_payload_tree){.name = of->metric,
                                      .metrics = {of->words, of->object_words},
                                      .n_metrics = of->object_words ? 2 : 1,
                                      .bytes = strncmp(of->unit, "bytes", 5) == 0,
                                      .tree = of->tree,
                                      .n_shots = MT_SIDES,
                                      .time_ns = order,
                                      .period = of->period,
                                      .noise = of->noise};
        t->values = MT_NEW_N(m->arena, struct mt_tree_values, MT_SIDES);
        for (int side = 0; side < MT_SIDES; side++)
            t->values[side] = side_values(m->arena, of->tree, (enum mt_side)side);
        double share = m->limits.least_share;
        m->limits.least_share = fmax(share, share_that_fits(of->tree));
        fold(m, t);
        m->limits.least_share = share;
    }
}

struct mt_payload *mt_payload_of(struct mt_arena *arena, const struct mt_view *view,
                                 struct mt_payload_limits limits)
{
    struct mt_payload *out = MT_NEW(arena, struct mt_payload);
    struct maker m = {arena, view, NULL, mt_page_of(view), out, limits};
    if (view->diff) {
        out->start_ns = out->end_ns = MT_NO_TIME;
        of_diff(&m);
        return out;
    }
    m.bundle = view->assessment->bundle;
    out->start_ns = m.page->lanes ? m.page->lanes->start_ns : MT_NO_TIME;
    out->end_ns = m.page->lanes ? m.page->lanes->end_ns : MT_NO_TIME;
    heap(&m, 0);
    other_kinds(&m);
    by_label(&m);
    series(&m);
    return out;
}
