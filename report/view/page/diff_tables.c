/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons as tables: base, head, change, its interval drawn and written, class and p. */
#include "report/view/page/part.h"

#include "report/analysis/symbols.h"

#include <math.h>
#include <string.h>

enum { MOST_FRAMES = 8, MOST_COLUMNS = 9 };

struct mt_column_unit mt_part_column_unit(struct mt_part *p, const char *unit, double largest)
{
    if (strcmp(unit, "bytes") == 0 || strcmp(unit, "bytes/s") == 0) {
        struct mt_byte_unit u = mt_byte_unit_for(largest);
        return (struct mt_column_unit){
            u, mt_arena_printf(p->arena, "%s%s", u.name, unit[5] ? "/s" : "")};
    }
    if (strcmp(unit, "ns") == 0 || strcmp(unit, "nanoseconds") == 0)
        return (struct mt_column_unit){{"ms", 1e6}, "ms"};
    return (struct mt_column_unit){{"", 1}, strcmp(unit, "objects/s") == 0 ? "per second" : ""};
}

static const char *head_in(struct mt_part *p, const char *words, struct mt_column_unit unit)
{
    return *unit.name ? mt_arena_printf(p->arena, "%s %s", words, unit.name) : words;
}

static const char *interval_in(struct mt_part *p, struct mt_column_unit u,
                               const struct mt_comparison *c)
{
    if (!isfinite(c->low) || !isfinite(c->high))
        return NULL;
    return mt_arena_printf(p->arena, "%s to %s", mt_fmt_in_delta(p->arena, u.unit, c->low),
                           mt_fmt_in_delta(p->arena, u.unit, c->high));
}

/* The id under which the page's frames know the function, 0 where no frame is called so. */
static uint32_t id_of(const struct mt_part *p, const char *function)
{
    if (!p->view->symbols->bundle)
        return 0;
    uint32_t id = mt_intern_find(p->view->symbols->bundle->strings, mt_span_of(function));
    return id == UINT32_MAX ? 0 : id;
}

/* A site is its frames, root first, joined by ';'. The last ones are shown. */
static void site_cell(struct mt_part *p, const char *stack, struct mt_cell *cell)
{
    size_t n = 1;
    for (const char *c = stack; *c; c++)
        n += *c == ';';
    cell->kind = MT_CELL_PATH;
    cell->more = n > MOST_FRAMES ? n - MOST_FRAMES : 0;
    struct mt_path_part *path = MT_NEW_N(p->arena, struct mt_path_part, MOST_FRAMES);
    struct mt_span rest = mt_span_of(stack), frame;
    for (size_t i = 0; mt_span_split(&rest, ';', &frame); i++) {
        if (i < cell->more || cell->n_path == MOST_FRAMES)
            continue;
        const char *name = mt_arena_copy(p->arena, frame.data, frame.size);
        struct mt_name forms = mt_name_of(p->arena, *name ? name : "(unknown)");
        uint32_t id = id_of(p, name);
        path[cell->n_path++] =
            (struct mt_path_part){.text = forms.element,
                                  .full = forms.full,
                                  .function = id,
                                  .own = id && mt_view_origin(p->view, id) == MT_ORIGIN_APP};
    }
    cell->path = path;
}

static void name_cell(struct mt_part *p, const struct mt_comparison *c, struct mt_cell *cell)
{
    if (c->scope == MT_SCOPE_SITE) {
        site_cell(p, c->function, cell);
        return;
    }
    const char *name = c->function;
    if (c->scope == MT_SCOPE_FUNCTION) {
        const char *now = c->moved_to ? c->moved_to : c->function;
        cell->function = id_of(p, now);
        name = mt_name_of(p->arena, now).full;
        if (c->moved_to)
            name = mt_arena_printf(p->arena, "%s, before: %s", name,
                                   mt_name_of(p->arena, c->function).full);
    }
    cell->kind = MT_CELL_CODE;
    cell->text = name;
}

struct layout {
    struct mt_column_unit unit;
    double widest;
    bool with_p;
};

static void add_row(struct mt_part *p, struct mt_sheet *s, const struct layout *l,
                    const struct mt_comparison *c)
{
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    bool noise = c->class == MT_CLASS_SAME;
    bool bytes = strcmp(c->metric->unit, "bytes") == 0;
    double sides[2] = {c->base, c->head};
    size_t at = 0;
    name_cell(p, c, &row[at++]);
    for (int i = 0; i < 2; i++) {
        row[at] = MT_EXACT_CELL(mt_fmt_in(p->arena, l->unit.unit, sides[i]),
                                bytes ? mt_fmt_exact_bytes(p->arena, sides[i]) : NULL);
        row[at++].quiet = noise || sides[i] == 0;
    }
    row[at] = MT_TEXT_CELL(mt_fmt_in_delta(p->arena, l->unit.unit, c->delta));
    row[at].strong = !noise;
    row[at++].quiet = noise;
    row[at++] =
        (struct mt_cell){.kind = MT_CELL_BAR, .bar = noise ? 0 : c->delta / fmax(l->widest, 1e-9)};
    row[at] = MT_TEXT_CELL(isfinite(c->relative) ? mt_fmt_share_delta(p->arena, c->relative) : "");
    row[at++].quiet = noise;
    row[at] = MT_TEXT_CELL(interval_in(p, l->unit, c));
    row[at++].quiet = noise;
    row[at] = MT_TEXT_CELL(noise && c->delta != 0 ? "same (noise)" : mt_class_name(c->class));
    row[at++].quiet = noise;
    if (!l->with_p)
        return;
    double p_value = c->scope <= MT_SCOPE_FUNCTION ? c->adjusted_p : c->p;
    row[at] = MT_TEXT_CELL(isfinite(p_value) ? mt_arena_printf(p->arena, "%.3f", p_value) : "");
    row[at].quiet = noise;
}

static const struct mt_column *columns_of(struct mt_part *p, const char *name,
                                          const struct layout *l, size_t *n)
{
    struct mt_column *c = MT_NEW_N(p->arena, struct mt_column, MOST_COLUMNS);
    c[0] = (struct mt_column){.head = name, .left = true, .wraps = true};
    c[1].head = head_in(p, "Base", l->unit);
    c[2].head = head_in(p, "Head", l->unit);
    c[3].head = head_in(p, "Change", l->unit);
    c[4] = (struct mt_column){.head = "", .bar = true, .both_ways = true};
    c[5].head = "Change";
    c[6].head = head_in(p, "95% interval", l->unit);
    c[7] = (struct mt_column){.head = "Class", .left = true};
    c[8].head = "p";
    *n = l->with_p ? 9 : 8;
    return c;
}

static bool wanted(const struct mt_comparison *c, const char *metric, enum mt_scope scope,
                   enum mt_direction direction)
{
    if (c->scope != scope || strcmp(c->metric->name, metric) != 0)
        return false;
    return direction == MT_BOTH_WAYS || (direction == MT_UPWARDS ? c->delta > 0 : c->delta < 0);
}

struct mt_sheet *mt_part_comparisons(struct mt_part *p, const char *caption, const char *metric,
                                     enum mt_scope scope, enum mt_direction direction, size_t most)
{
    static const char *const names[] = {"Total", "Function", "Package", "Label", "Call path"};
    const struct mt_diff *d = p->view->diff;
    struct layout l = {.with_p = d->replicates};
    double largest = 0;
    const char *unit = "";
    size_t of = 0, n_columns;
    for (size_t i = 0; i < d->n_comparisons; i++) {
        const struct mt_comparison *c = &d->comparisons[i];
        if (!wanted(c, metric, scope, direction))
            continue;
        unit = c->metric->unit;
        of++;
        largest = fmax(largest, fmax(fabs(c->base), fabs(c->head)));
        if (c->class != MT_CLASS_SAME)
            l.widest = fmax(l.widest, fabs(c->delta));
    }
    if (!of)
        return NULL;
    l.unit = mt_part_column_unit(p, unit, largest);
    const struct mt_column *columns = columns_of(p, names[scope], &l, &n_columns);
    struct mt_sheet *s = mt_sheet_new(p->arena, caption, columns, n_columns);
    for (int noise = 0; noise < 2; noise++) /* what is inside noise never ranks alone */
        for (size_t i = 0; i < d->n_comparisons && s->n_rows < most; i++)
            if (wanted(&d->comparisons[i], metric, scope, direction) &&
                (d->comparisons[i].class == MT_CLASS_SAME) == (noise == 1))
                add_row(p, s, &l, &d->comparisons[i]);
    s->of_rows = of;
    return s;
}

/* --- totals --- */

static const char *interval_of(struct mt_part *p, const struct mt_comparison *c)
{
    if (!isfinite(c->low) || !isfinite(c->high))
        return NULL;
    return mt_arena_printf(p->arena, "%s to %s",
                           mt_fmt_amount_delta(p->arena, c->metric->unit, c->low, 0),
                           mt_fmt_amount_delta(p->arena, c->metric->unit, c->high, 0));
}

static void total_row(struct mt_part *p, struct mt_sheet *s, const struct mt_comparison *c,
                      double reach)
{
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    bool noise = c->class == MT_CLASS_SAME;
    const char *unit = c->metric->unit;
    double base = fabs(c->base);
    row[0] =
        (struct mt_cell){.text = mt_part_metric_words(c->metric->name), .title = c->metric->name};
    row[1] = MT_TEXT_CELL(mt_fmt_amount(p->arena, unit, c->base));
    row[2] = MT_TEXT_CELL(mt_fmt_amount(p->arena, unit, c->head));
    row[3] = MT_TEXT_CELL(mt_fmt_amount_delta(p->arena, unit, c->delta, c->base));
    row[3].strong = !noise;
    row[3].quiet = noise;
    row[4] = (struct mt_cell){.kind = MT_CELL_TEXT};
    if (base > 0)
        row[4] = (struct mt_cell){.kind = MT_CELL_RANGE,
                                  .bar = c->delta / base / reach,
                                  .low = c->low / base / reach,
                                  .high = c->high / base / reach,
                                  .quiet = noise};
    else
        row[4] = (struct mt_cell){.kind = MT_CELL_SPARK};
    row[5] = MT_TEXT_CELL(interval_of(p, c));
    row[5].quiet = noise;
    row[6] = MT_TEXT_CELL(noise && c->delta != 0 ? "same (noise)" : mt_class_name(c->class));
    row[6].quiet = noise;
    if (!p->view->diff->replicates)
        return;
    row[7] = MT_TEXT_CELL(isfinite(c->adjusted_p) ? mt_arena_printf(p->arena, "%.3f", c->adjusted_p)
                                                  : "");
    row[7].quiet = noise;
}

/* Half the width of the drawing, in shares of the base: round, and at most all of it. */
static double reach_of(const struct mt_diff *d, bool (*wanted_metric)(const char *))
{
    static const double steps[] = {0.1, 0.2, 0.5};
    double most = 0;
    for (size_t i = 0; i < d->n_comparisons; i++) {
        const struct mt_comparison *c = &d->comparisons[i];
        if (c->scope == MT_SCOPE_TOTAL && isfinite(c->relative) && c->class != MT_CLASS_SAME &&
            (!wanted_metric || wanted_metric(c->metric->name)))
            most = fmax(most, fabs(c->relative));
    }
    for (size_t i = 0; i < 3; i++)
        if (most < steps[i] * 0.8)
            return steps[i];
    return 1;
}

struct mt_sheet *mt_part_totals(struct mt_part *p, const char *caption,
                                bool (*wanted_metric)(const char *metric))
{
    const struct mt_diff *d = p->view->diff;
    double reach = reach_of(d, wanted_metric);
    struct mt_column *c = MT_NEW_N(p->arena, struct mt_column, 8);
    c[0] = (struct mt_column){.head = "Metric", .left = true};
    c[1].head = "Base";
    c[2].head = "Head";
    c[3].head = "Change";
    c[4] = (struct mt_column){
        .head = mt_arena_printf(p->arena, "-%.0f%% to +%.0f%%", 100 * reach, 100 * reach),
        .bar = true};
    c[5].head = "95% interval";
    c[6] = (struct mt_column){.head = "Class", .left = true};
    c[7].head = "p";
    struct mt_sheet *s = mt_sheet_new(p->arena, caption, c, d->replicates ? 8 : 7);
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (d->comparisons[i].scope == MT_SCOPE_TOTAL &&
            (!wanted_metric || wanted_metric(d->comparisons[i].metric->name)))
            total_row(p, s, &d->comparisons[i], reach);
    return s;
}
