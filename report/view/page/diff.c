/* SPDX-License-Identifier: Apache-2.0 */
/* The page of a diff: verdict first, then what changed, by how much and how sure, by metric. */
#include "report/view/page/part.h"

#include "report/view/diff_sheets.h"

#include <math.h>
#include <string.h>

struct mt_page_section *mt_part_section(struct mt_part *p, const char *id, const char *heading,
                                        const char *link, const char *lede)
{
    struct mt_page_section *s = &p->page->sections[p->page->n_sections++];
    *s = (struct mt_page_section){.id = id, .heading = heading, .link = link, .lede = lede};
    return s;
}

void mt_part_block(struct mt_page_section *s, struct mt_block block)
{
    if (s->n_blocks < MT_MOST_BLOCKS)
        s->blocks[s->n_blocks++] = block;
}

void mt_part_sheet(struct mt_page_section *s, const struct mt_sheet *sheet)
{
    if (sheet && sheet->n_rows)
        mt_part_block(s, (struct mt_block){.kind = MT_BLOCK_SHEET, .sheet = sheet});
}

void mt_part_folded(struct mt_page_section *s, const char *summary, const struct mt_sheet *sheet)
{
    if (sheet && sheet->n_rows)
        mt_part_block(s,
                      (struct mt_block){.kind = MT_BLOCK_FOLDED, .text = summary, .sheet = sheet});
}

const struct mt_comparison *mt_part_total(const struct mt_part *p, const char *metric)
{
    const struct mt_diff *d = p->view->diff;
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (d->comparisons[i].scope == MT_SCOPE_TOTAL &&
            strcmp(d->comparisons[i].metric->name, metric) == 0)
            return &d->comparisons[i];
    return NULL;
}

bool mt_part_has(const struct mt_part *p, const char *metric, enum mt_scope scope)
{
    const struct mt_diff *d = p->view->diff;
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (d->comparisons[i].scope == scope && strcmp(d->comparisons[i].metric->name, metric) == 0)
            return true;
    return false;
}

/* The tree of the metric the verdict speaks of, else the first. */
static const struct mt_diff_tree *tree_to_draw(struct mt_part *p)
{
    const struct mt_diff_trees *trees = p->page->trees;
    const struct mt_comparison *h = p->view->diff->headline;
    for (size_t i = 0; h && i < trees->n; i++)
        if (strcmp(trees->items[i].metric, h->metric->name) == 0)
            return &trees->items[i];
    return trees->n ? &trees->items[0] : NULL;
}

void mt_part_diff_trees(struct mt_part *p)
{
    struct mt_change *c = &p->page->change;
    p->page->trees = mt_view_diff_trees(p->view);
    const struct mt_diff_tree *t = tree_to_draw(p);
    if (!t) {
        c->lede = "No kind of profile that both sides have holds a sample, so there is no call "
                  "tree to compare. A heap profile of each side would fill this section.";
        return;
    }
    double before = t->tree->nodes[0].total[MT_BEFORE], after = t->tree->nodes[0].total[MT_AFTER];
    bool many = p->view->diff->base.n_runs > 1 || p->view->diff->head.n_runs > 1;
    c->present = true;
    c->what = t->words;
    c->amounts = t->unit;
    c->tree = t->tree;
    c->noise = t->noise;
    c->period = t->period;
    c->unit = strncmp(t->unit, "bytes", 5) == 0 ? mt_byte_unit_for(fmax(before, after))
              : strcmp(t->unit, "ns") == 0      ? (struct mt_byte_unit){"ms", 1e6}
                                                : (struct mt_byte_unit){"", 1};
    c->before_label = mt_fmt_amount(p->arena, t->unit, before);
    c->after_label = mt_fmt_amount(p->arena, t->unit, after);
    const char *delta = mt_fmt_amount_delta(p->arena, t->unit, after - before, before);
    c->lede = mt_arena_printf(
        p->arena,
        "Who accounts for %s, base against head%s: %s to %s, %s. What the head no longer has stays "
        "visible; what is inside noise is grey.",
        t->words, many ? ", the mean of the runs of each side" : "", c->before_label,
        c->after_label, delta);
    c->root = mt_arena_printf(p->arena, "root %s to %s, %s", c->before_label, c->after_label,
                              mt_fmt_amount_delta(p->arena, t->unit, after - before, 0));
}

void mt_part_diff(struct mt_part *p)
{
    enum { MOST_SECTIONS = 16 };
    p->page->sections = MT_NEW_N(p->arena, struct mt_page_section, MOST_SECTIONS);
    mt_part_diff_trees(p);
    mt_part_diff_head(p);
    mt_part_diff_sides(p);
    mt_part_diff_sections(p);
    mt_part_diff_method(p);
}
