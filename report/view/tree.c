/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/tree.h"

#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "report/analysis/symbols.h"

#include <stdlib.h>

/* While samples are merged, nodes stand in order of appearance and are found by (parent, name). */
struct sampled {
    uint32_t node; /* in order of appearance */
    double value, objects;
};

struct builder {
    struct mt_arena scratch;
    struct sampled *record; /* of the profile that is added; NULL: not wanted */
    size_t n_recorded;
    const struct mt_symbols *symbols;
    struct mt_node *nodes;
    size_t n, capacity;
    uint32_t *slots; /* index + 1 */
    size_t n_slots;  /* power of two */
    uint64_t seed;
    uint32_t *titles; /* of a label's values: by string id, the id of "key=value" */
    size_t n_titles;
};

static size_t slot_of(const struct builder *b, uint32_t parent, uint32_t function)
{
    uint64_t h = mt_hash_word(b->seed, 0, (uint64_t)parent << 32 | function);
    size_t i = (size_t)h & (b->n_slots - 1);
    while (b->slots[i]) {
        const struct mt_node *n = &b->nodes[b->slots[i] - 1];
        if (n->parent == parent && n->function == function)
            break;
        i = (i + 1) & (b->n_slots - 1);
    }
    return i;
}

static void widen(struct builder *b)
{
    b->n_slots *= 2;
    b->slots = MT_NEW_N(&b->scratch, uint32_t, b->n_slots);
    for (size_t i = 1; i < b->n; i++)
        b->slots[slot_of(b, b->nodes[i].parent, b->nodes[i].function)] = (uint32_t)i + 1;
}

static uint32_t child(struct builder *b, uint32_t parent, uint32_t function, uint32_t file)
{
    size_t slot = slot_of(b, parent, function);
    if (b->slots[slot])
        return b->slots[slot] - 1;
    MT_RESERVE(&b->scratch, b->nodes, b->n, b->capacity);
    uint32_t index = (uint32_t)b->n;
    b->nodes[b->n++] = (struct mt_node){
        .function = function, .file = file, .parent = parent, .depth = b->nodes[parent].depth + 1};
    b->slots[slot] = index + 1;
    if (b->n * 2 > b->n_slots)
        widen(b);
    return index;
}

/* Walks the lines of one location, outermost first. */
static uint32_t descend(struct builder *b, const struct mt_profile *p, uint32_t node,
                        const struct mt_location *location)
{
    if (!location->n_lines) {
        uint32_t file = location->mapping < p->n_mappings ? p->mappings[location->mapping].file : 0;
        return child(b, node, file, file);
    }
    for (uint32_t i = location->n_lines; i--;) {
        uint32_t f = p->lines[location->first_line + i].function;
        if (f < p->n_functions)
            node = child(b, node, p->functions[f].name, p->functions[f].file);
        else
            node = child(b, node, 0, 0);
    }
    return node;
}

/* The frame above a sample's stack: what the sample has under the label. */
static uint32_t title_of(struct builder *b, const struct mt_profile *p,
                         const struct mt_sample *sample, uint32_t key)
{
    struct mt_strings *strings = b->symbols->bundle->strings;
    uint32_t value = 0;
    for (size_t i = sample->n_labels; i--;) {
        const struct mt_label *l = &p->labels[sample->first_label + i];
        if (l->key == key && l->text)
            value = l->text;
    }
    if (value >= b->n_titles) {
        size_t n = strings->count + 64;
        b->titles = mt_arena_grow(&b->scratch, b->titles, b->n_titles, n, sizeof *b->titles);
        b->n_titles = n;
    }
    if (!b->titles[value]) {
        struct mt_text title = {0};
        mt_text_add(&title, value ? "" : "(no ");
        mt_text_span(&title, mt_string(strings, key));
        mt_text_add(&title, value ? "=" : ")");
        mt_text_span(&title, mt_string(strings, value));
        b->titles[value] = mt_intern(strings, mt_text_view(&title));
        mt_text_clear(&title);
    }
    return b->titles[value];
}

static double value_at(const struct mt_profile *p, size_t sample, uint32_t type)
{
    if (type >= p->n_types)
        return 0;
    int64_t v = p->values[sample * p->n_types + type];
    return v > 0 ? (double)v : 0;
}

static void add_profile(struct builder *b, struct mt_tree_input in, enum mt_side side)
{
    const struct mt_profile *p = in.profile;
    if (!p)
        return;
    for (size_t s = 0; s < p->n_samples; s++) {
        double value = value_at(p, s, in.value), objects = value_at(p, s, in.objects);
        if (value <= 0 && objects <= 0)
            continue;
        uint32_t node = 0;
        if (in.label)
            node = child(b, 0, title_of(b, p, &p->samples[s], in.label), 0);
        for (uint32_t i = p->samples[s].n_frames; i--;) {
            uint32_t at = p->frames[p->samples[s].first_frame + i];
            if (at < p->n_locations)
                node = descend(b, p, node, &p->locations[at]);
        }
        b->nodes[node].self[side] += value;
        b->nodes[node].self_objects[side] += objects;
        if (b->record)
            b->record[b->n_recorded++] = (struct sampled){node, value, objects};
    }
}

struct ranked {
    uint32_t parent, node;
    double weight;
    struct mt_span name;
};

static int by_parent_then_weight(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    if (x->weight < y->weight || x->weight > y->weight)
        return x->weight < y->weight ? 1 : -1;
    return mt_span_compare(x->name, y->name);
}

static void sum_up(struct builder *b)
{
    for (size_t i = 0; i < b->n; i++)
        for (int side = 0; side < MT_SIDES; side++) {
            b->nodes[i].total[side] = b->nodes[i].self[side];
            b->nodes[i].total_objects[side] = b->nodes[i].self_objects[side];
        }
    for (size_t i = b->n; i-- > 1;) { /* a child always comes after its parent */
        struct mt_node *n = &b->nodes[i], *up = &b->nodes[n->parent];
        for (int side = 0; side < MT_SIDES; side++) {
            up->total[side] += n->total[side];
            up->total_objects[side] += n->total_objects[side];
        }
    }
}

/* Copies the nodes in pre-order, children ranked. Returns where each node went; scratch memory. */
static const uint32_t *lay_out(struct builder *b, struct mt_tree *tree)
{
    size_t n = b->n;
    struct ranked *children = MT_NEW_N(&b->scratch, struct ranked, n);
    for (size_t i = 1; i < n; i++)
        children[i - 1] =
            (struct ranked){b->nodes[i].parent, (uint32_t)i, mt_node_weight(&b->nodes[i]),
                            mt_string(b->symbols->bundle->strings, b->nodes[i].function)};
    qsort(children, n - 1, sizeof *children, by_parent_then_weight);
    uint32_t *first = MT_NEW_N(&b->scratch, uint32_t, n + 1);
    for (size_t i = 0; i + 1 < n; i++)
        first[children[i].parent + 1]++;
    for (size_t i = 0; i < n; i++)
        first[i + 1] += first[i];
    uint32_t *pending = MT_NEW_N(&b->scratch, uint32_t, n); /* stack: children in reverse */
    uint32_t *moved_to = MT_NEW_N(&b->scratch, uint32_t, n);
    size_t depth = 0, out = 0;
    pending[depth++] = 0;
    while (depth) {
        uint32_t old = pending[--depth];
        struct mt_node *node = &tree->nodes[out];
        *node = b->nodes[old];
        node->parent = moved_to[b->nodes[old].parent];
        node->origin = mt_symbol_origin(b->symbols, node->function);
        if (node->depth > tree->deepest)
            tree->deepest = node->depth;
        moved_to[old] = (uint32_t)out++;
        for (uint32_t i = first[old + 1]; i-- > first[old];)
            pending[depth++] = children[i].node;
    }
    return moved_to;
}

static void mark_ends(struct mt_tree *tree)
{
    for (size_t i = 0; i < tree->n; i++)
        tree->nodes[i].end = (uint32_t)i + 1;
    for (size_t i = tree->n; i-- > 1;) {
        struct mt_node *up = &tree->nodes[tree->nodes[i].parent];
        if (up->end < tree->nodes[i].end)
            up->end = tree->nodes[i].end;
    }
}

static void begin(struct builder *b, const struct mt_symbols *symbols)
{
    *b = (struct builder){.symbols = symbols, .n_slots = 1024, .seed = mt_hash_seed()};
    b->slots = MT_NEW_N(&b->scratch, uint32_t, b->n_slots);
    MT_RESERVE(&b->scratch, b->nodes, b->n, b->capacity);
    b->nodes[b->n++] = (struct mt_node){.origin = MT_ORIGIN_RUNTIME};
}

static struct mt_tree *finish(struct builder *b, struct mt_arena *arena, const uint32_t **moved_to)
{
    sum_up(b);
    struct mt_tree *tree = MT_NEW(arena, struct mt_tree);
    tree->n = b->n;
    tree->nodes = MT_NEW_N(arena, struct mt_node, b->n);
    *moved_to = lay_out(b, tree);
    mark_ends(tree);
    return tree;
}

struct mt_tree *mt_tree_build(struct mt_arena *arena, const struct mt_symbols *symbols,
                              struct mt_tree_input before, struct mt_tree_input after)
{
    struct builder b;
    const uint32_t *moved_to;
    begin(&b, symbols);
    add_profile(&b, before, MT_BEFORE);
    add_profile(&b, after, MT_AFTER);
    struct mt_tree *tree = finish(&b, arena, &moved_to);
    mt_arena_clear(&b.scratch);
    return tree;
}

/* Sums what one profile's samples gave each node, in the order of the finished tree. */
static void collect_values(struct mt_arena *arena, const struct sampled *list, size_t n_list,
                           const uint32_t *moved_to, double *sums, size_t n_nodes,
                           struct mt_tree_values *out)
{
    double *objects = sums + n_nodes;
    for (size_t i = 0; i < n_list; i++) {
        sums[moved_to[list[i].node]] += list[i].value;
        objects[moved_to[list[i].node]] += list[i].objects;
    }
    size_t n = 0;
    for (size_t i = 0; i < n_nodes; i++)
        n += sums[i] > 0 || objects[i] > 0;
    out->node = MT_NEW_N(arena, uint32_t, n + 1);
    out->value = MT_NEW_N(arena, double, n + 1);
    out->objects = MT_NEW_N(arena, double, n + 1);
    for (size_t i = 0; i < n_nodes; i++) {
        if (!(sums[i] > 0) && !(objects[i] > 0))
            continue;
        out->node[out->n] = (uint32_t)i;
        out->value[out->n] = sums[i];
        out->objects[out->n++] = objects[i];
        sums[i] = objects[i] = 0;
    }
}

struct mt_tree *mt_tree_build_series(struct mt_arena *arena, const struct mt_symbols *symbols,
                                     const struct mt_tree_input *inputs, size_t n,
                                     struct mt_tree_values *values)
{
    struct builder b;
    const uint32_t *moved_to;
    begin(&b, symbols);
    struct sampled **lists = MT_NEW_N(&b.scratch, struct sampled *, n + 1);
    size_t *sizes = MT_NEW_N(&b.scratch, size_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        b.record = MT_NEW_N(&b.scratch, struct sampled, inputs[i].profile->n_samples + 1);
        b.n_recorded = 0;
        add_profile(&b, inputs[i], MT_AFTER);
        lists[i] = b.record;
        sizes[i] = b.n_recorded;
    }
    struct mt_tree *tree = finish(&b, arena, &moved_to);
    double *sums = MT_NEW_N(&b.scratch, double, 2 * tree->n);
    for (size_t i = 0; i < n; i++)
        collect_values(arena, lists[i], sizes[i], moved_to, sums, tree->n, &values[i]);
    mt_arena_clear(&b.scratch);
    return tree;
}

struct named_row {
    struct mt_function_row row;
    struct mt_span name;
    enum mt_side by;
};

static int by_self(const void *a, const void *b)
{
    const struct named_row *x = a, *y = b;
    double d = y->row.self[y->by] - x->row.self[x->by];
    if (d > 0 || d < 0)
        return d > 0 ? 1 : -1;
    d = y->row.total[y->by] - x->row.total[x->by];
    if (d > 0 || d < 0)
        return d > 0 ? 1 : -1;
    return mt_span_compare(x->name, y->name);
}

/* Adds the nodes to the rows; `row_of` maps a string id to its row + 1. */
static void collect(const struct mt_tree *tree, struct named_row *rows, const uint32_t *row_of,
                    uint32_t *until)
{
    for (uint32_t i = 1; i < tree->n; i++) {
        const struct mt_node *n = &tree->nodes[i];
        uint32_t at = row_of[n->function] - 1;
        struct mt_function_row *r = &rows[at].row;
        bool nested = until[at] > i; /* inside a subtree that was counted */
        for (int side = 0; side < MT_SIDES; side++) {
            r->self[side] += n->self[side];
            r->self_objects[side] += n->self_objects[side];
            if (!nested)
                r->total[side] += n->total[side];
        }
        if (!nested)
            until[at] = n->end;
        if (!r->node || mt_node_weight(n) > mt_node_weight(&tree->nodes[r->node]))
            r->node = i;
    }
}

struct mt_function_row *mt_tree_functions(struct mt_arena *arena, const struct mt_bundle *bundle,
                                          const struct mt_tree *tree, enum mt_side by, size_t *n)
{
    struct mt_arena scratch = {0};
    struct named_row *rows = MT_NEW_N(&scratch, struct named_row, tree->n);
    uint32_t *row_of = MT_NEW_N(&scratch, uint32_t, bundle->strings->count + 1);
    *n = 0;
    for (uint32_t i = 1; i < tree->n; i++) {
        const struct mt_node *node = &tree->nodes[i];
        if (row_of[node->function])
            continue;
        rows[*n] = (struct named_row){.row = {.function = node->function, .origin = node->origin},
                                      .name = mt_string(bundle->strings, node->function),
                                      .by = by};
        row_of[node->function] = (uint32_t)++ * n;
    }
    uint32_t *until = MT_NEW_N(&scratch, uint32_t, *n + 1);
    collect(tree, rows, row_of, until);
    qsort(rows, *n, sizeof *rows, by_self);
    struct mt_function_row *out = MT_NEW_N(arena, struct mt_function_row, *n + 1);
    for (size_t i = 0; i < *n; i++)
        out[i] = rows[i].row;
    mt_arena_clear(&scratch);
    return out;
}
