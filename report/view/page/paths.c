/* SPDX-License-Identifier: Apache-2.0 */
/* The heaviest paths of a call tree as a table; of references, who holds it. */
#include "report/view/page/part.h"

#include <stdlib.h>

enum { MOST_PATHS = 20, MOST_CELL_PATH = 8 };

struct heavy {
    uint32_t node;
    double self;
};

static int heaviest(const void *a, const void *b)
{
    const struct heavy *x = a, *y = b;
    if (x->self < y->self || x->self > y->self)
        return x->self < y->self ? 1 : -1;
    return x->node < y->node ? -1 : 1; /* pre-order: by weight and name already */
}

/* The first frame of the service's own code above a node, or 0: the root. */
static uint32_t first_own(const struct mt_tree *tree, uint32_t node)
{
    uint32_t from = node;
    for (uint32_t i = node; i; i = tree->nodes[i].parent)
        if (tree->nodes[i].origin == MT_ORIGIN_APP)
            from = i;
    return from == node && tree->nodes[node].origin != MT_ORIGIN_APP ? 0 : from;
}

static void path_cell(struct mt_part *p, const struct mt_tree *tree, uint32_t node, uint32_t from,
                      struct mt_cell *cell)
{
    uint32_t length = from != 0;
    for (uint32_t i = node; i && i != from; i = tree->nodes[i].parent)
        length++;
    uint32_t *ids = MT_NEW_N(p->arena, uint32_t, length + 1);
    uint32_t at = length;
    for (uint32_t i = node; at; i = tree->nodes[i].parent)
        ids[--at] = tree->nodes[i].function;
    cell->kind = MT_CELL_PATH;
    cell->more = length > MOST_CELL_PATH ? length - MOST_CELL_PATH : 0;
    cell->n_path = length - cell->more;
    cell->path = mt_part_path(p, ids + cell->more, cell->n_path);
}

/* Nodes with a value of their own, heaviest first. */
static struct heavy *weigh(struct mt_arena *arena, const struct mt_tree *tree, size_t *n)
{
    struct heavy *list = MT_NEW_N(arena, struct heavy, tree->n);
    *n = 0;
    for (uint32_t i = 1; i < tree->n; i++)
        if (tree->nodes[i].self[MT_AFTER] > 0)
            list[(*n)++] = (struct heavy){i, tree->nodes[i].self[MT_AFTER]};
    qsort(list, *n, sizeof *list, heaviest);
    return list;
}

struct mt_sheet *mt_part_paths(struct mt_part *p, const struct mt_tree *tree, bool references,
                               bool bytes)
{
    double total = tree->nodes[0].total[MT_AFTER];
    struct mt_byte_unit unit = bytes ? mt_byte_unit_for(total) : (struct mt_byte_unit){"", 1};
    struct mt_column *columns = MT_NEW_N(p->arena, struct mt_column, 3);
    columns[0].head = bytes ? unit.name : "Value";
    columns[1].head = "Share";
    columns[2] = (struct mt_column){.head = references ? "Path of references, from its root"
                                                       : "Path, from the first frame in your code",
                                    .left = true,
                                    .wraps = true};
    struct mt_sheet *s =
        mt_sheet_new(p->arena, references ? "Who holds it" : "Heaviest call paths", columns, 3);
    struct mt_arena scratch = {0};
    size_t n;
    const struct heavy *list = weigh(&scratch, tree, &n);
    for (size_t i = 0; i < n && i < MOST_PATHS; i++) {
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        uint32_t node = list[i].node;
        row[0] = MT_EXACT_CELL(mt_fmt_in(p->arena, unit, list[i].self),
                               bytes ? mt_fmt_exact_bytes(p->arena, list[i].self) : NULL);
        row[1] = MT_TEXT_CELL(mt_fmt_share(p->arena, list[i].self / total));
        path_cell(p, tree, node, references ? 0 : first_own(tree, node), &row[2]);
    }
    s->of_rows = n;
    mt_arena_clear(&scratch);
    return n ? s : NULL;
}
