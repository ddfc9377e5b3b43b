/* SPDX-License-Identifier: Apache-2.0 */
/* Every file of the bundle: what it is, what was read of it, why it was not. */
#include "report/view/page/part.h"

#include "report/view/facts.h"
#include "report/view/words.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 2000, HASH_SHOWN = 16 };

struct kind_row {
    const char *kind;
    size_t files;
    uint64_t bytes, records;
};

static int by_bytes(const void *a, const void *b)
{
    const struct kind_row *x = a, *y = b;
    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    return strcmp(x->kind, y->kind);
}

static void add_kinds(struct mt_part *p)
{
    static const struct mt_column columns[] = {
        {.head = "Kind", .left = true}, {.head = "Files"}, {.head = "KiB"}, {.head = "Records"}};
    const struct mt_bundle *b = p->bundle;
    struct kind_row *rows = MT_NEW_N(p->arena, struct kind_row, b->n_inputs + 1);
    size_t n = 0;
    for (size_t i = 0; i < b->n_inputs; i++) {
        const struct mt_input *in = &b->inputs[i];
        const char *kind = in->status == MT_INPUT_SKIPPED ? "skipped"
                           : in->kind                     ? in->kind
                                                          : "other";
        size_t k = 0;
        while (k < n && strcmp(rows[k].kind, kind) != 0)
            k++;
        if (k == n)
            rows[n++].kind = kind;
        rows[k].files++;
        rows[k].bytes += in->bytes;
        rows[k].records += in->records;
    }
    qsort(rows, n, sizeof *rows, by_bytes);
    struct mt_sheet *s = mt_sheet_new(p->arena, "By kind", columns, 4);
    for (size_t i = 0; i < n; i++) {
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(rows[i].kind);
        row[1] = MT_TEXT_CELL(mt_fmt_count(p->arena, (double)rows[i].files));
        row[2] = MT_EXACT_CELL(mt_fmt_fixed(p->arena, (double)rows[i].bytes / 1024, 1),
                               mt_fmt_exact_bytes(p->arena, (double)rows[i].bytes));
        if (rows[i].records)
            row[3] = MT_TEXT_CELL(mt_fmt_count(p->arena, (double)rows[i].records));
    }
    p->page->inputs_by_kind = s;
}

static const char *span_of(struct mt_part *p, const struct mt_input *in)
{
    if (in->start_ns == MT_NO_TIME)
        return in->status == MT_INPUT_SKIPPED ? NULL : "no time";
    if (in->end_ns == MT_NO_TIME || in->end_ns <= in->start_ns)
        return mt_fmt_clock(p->arena, in->start_ns);
    return mt_arena_printf(p->arena, "%s to %s", mt_fmt_clock(p->arena, in->start_ns),
                           mt_fmt_clock(p->arena, in->end_ns));
}

/* What a profile is sampled by, and which binary it came from. */
static const char *details_of(struct mt_part *p, const struct mt_input *in)
{
    if (in->status == MT_INPUT_SKIPPED)
        return in->reason;
    const char *text = in->reason;
    const struct mt_capture *c = in->capture;
    if (!c || !c->n_profiles)
        return text;
    const struct mt_profile *pr = &c->profiles[0];
    const char *type = pr->default_index < pr->n_types
                           ? mt_bundle_text(p->bundle, pr->types[pr->default_index].type)
                           : "no sample type";
    const char *line = mt_arena_printf(p->arena, "%s", type);
    if (pr->period > 0)
        line = mt_arena_printf(p->arena, "%s, period %s", line,
                               pr->kind == MT_PROFILE_HEAP || pr->kind == MT_PROFILE_ALLOCS
                                   ? mt_fmt_bytes(p->arena, (double)pr->period)
                                   : mt_fmt_count(p->arena, (double)pr->period));
    for (size_t i = 0; i < pr->n_mappings && i < 1; i++)
        if (pr->mappings[i].build_id)
            line = mt_arena_printf(p->arena, "%s, build id %.12s", line,
                                   mt_bundle_text(p->bundle, pr->mappings[i].build_id));
    return text ? mt_arena_printf(p->arena, "%s; %s", text, line) : line;
}

static void add_files(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "File", .left = true, .wraps = true},
                                               {.head = "State", .left = true},
                                               {.head = "Kind", .left = true},
                                               {.head = "Bytes"},
                                               {.head = "Records"},
                                               {.head = "Time UTC", .left = true},
                                               {.head = "SHA-256", .left = true},
                                               {.head = "Details", .left = true, .wraps = true}};
    const struct mt_bundle *b = p->bundle;
    struct mt_sheet *s = mt_sheet_new(p->arena, "Every file of the bundle", columns, 8);
    for (size_t i = 0; i < b->n_inputs && i < MOST_FILES; i++) {
        const struct mt_input *in = &b->inputs[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_CODE_CELL(in->path);
        row[1] = MT_TEXT_CELL(mt_word_input(in->status));
        row[1].strong = in->status != MT_INPUT_READ;
        row[2] = MT_TEXT_CELL(in->kind);
        row[3] = MT_TEXT_CELL(mt_fmt_count(p->arena, (double)in->bytes));
        if (in->status != MT_INPUT_SKIPPED)
            row[4] = MT_TEXT_CELL(mt_fmt_count(p->arena, (double)in->records));
        row[5] = MT_TEXT_CELL(span_of(p, in));
        if (in->sha256[0]) {
            row[6] = MT_CODE_CELL(mt_arena_printf(p->arena, "%.*s", HASH_SHOWN, in->sha256));
            row[6].title = in->sha256;
        }
        row[7] = MT_TEXT_CELL(details_of(p, in));
    }
    s->of_rows = b->n_inputs;
    p->page->inputs = s;
}

static void add_quality(struct mt_part *p)
{
    static const struct mt_column columns[] = {
        {.head = "Mark", .left = true}, {.head = "What to know", .left = true, .wraps = true}};
    if (!p->a->n_quality)
        return;
    struct mt_sheet *s = mt_sheet_new(p->arena, "What to know about these inputs", columns, 2);
    for (int severe = 1; severe >= 0; severe--)
        for (size_t i = 0; i < p->a->n_quality; i++) {
            const struct mt_quality *q = &p->a->quality[i];
            if (q->severe != (severe == 1))
                continue;
            struct mt_cell *row = mt_sheet_row(p->arena, s);
            row[0] = MT_TEXT_CELL(q->severe ? "warning" : "note");
            row[0].strong = q->severe;
            row[1] = MT_TEXT_CELL(mt_view_quality_statement(p->arena, q));
        }
    p->page->quality = s;
}

void mt_part_inputs(struct mt_part *p)
{
    const struct mt_bundle *b = p->bundle;
    size_t count[3] = {0};
    double bytes = 0;
    for (size_t i = 0; i < b->n_inputs; i++) {
        count[b->inputs[i].status]++;
        bytes += (double)b->inputs[i].bytes;
    }
    p->page->inputs_lede =
        mt_arena_printf(p->arena, "%s, %s: %zu read, %zu damaged, %zu skipped.",
                        mt_fmt_plural(p->arena, (double)b->n_inputs, "file", "files"),
                        mt_fmt_bytes(p->arena, bytes), count[MT_INPUT_READ],
                        count[MT_INPUT_DAMAGED], count[MT_INPUT_SKIPPED]);
    add_kinds(p);
    add_files(p);
    add_quality(p);
}
