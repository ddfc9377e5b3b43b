/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.md: for issues and postmortems. Each section is rendered by itself; when the whole is over
 * its budget, folded sections go from the end, whole, and a line names them.
 */
#include "report/render/outputs/markdown/diff.h"
#include "report/render/outputs/markdown/tree.h"
#include "report/render/renderer.h"

#include "report/view/page.h"

enum { BUDGET = 30000, MOST_PARTS = 64, ROWS_SHOWN = 10 };

struct part {
    const char *folded; /* its name when it may be dropped, else NULL */
    struct mt_text text;
};

struct document {
    struct mt_arena *arena;
    const struct mt_view *view;
    const struct mt_page *page;
    struct part parts[MOST_PARTS];
    size_t n;
};

static struct mt_md *begin(struct document *d, const char *folded)
{
    d->parts[d->n].folded = folded;
    return mt_md_open(d->arena);
}

static void end(struct document *d, struct mt_md *m)
{
    mt_md_close(m, &d->parts[d->n].text);
    if (d->n + 1 < MOST_PARTS)
        d->n++;
}

static void words(struct document *d, struct mt_md *m, const char *text)
{
    if (text)
        mt_md_words(m, text, (unsigned)d->page->n_suspects);
}

/* A table folded away, a part of its own. */
static void folded(struct document *d, const struct mt_sheet *s, const char *name, size_t rows)
{
    if (!s || !s->n_rows || d->n + 1 >= MOST_PARTS)
        return;
    struct mt_md *m = begin(d, name);
    mt_md_fold(m, mt_arena_printf(d->arena, "%s (%zu %s)", name, s->n_rows,
                                  s->n_rows == 1 ? "row" : "rows"));
    mt_md_table(m, s, rows);
    mt_md_fold_end(m);
    end(d, m);
}

static void facts(struct document *d, struct mt_md *m)
{
    static const struct mt_column columns[] = {
        {.head = "Fact", .left = true}, {.head = "Value"}, {.head = "Change"}};
    struct mt_sheet *s = mt_sheet_new(d->arena, "", columns, 3);
    for (size_t i = 0; i < d->page->n_facts; i++) {
        struct mt_cell *row = mt_sheet_row(d->arena, s);
        row[0] = MT_TEXT_CELL(d->page->facts[i].name);
        row[1] = MT_TEXT_CELL(d->page->facts[i].value);
        row[2] = MT_TEXT_CELL(d->page->facts[i].comparison);
    }
    mt_md_table(m, s, s->n_rows);
}

static void images(struct document *d, struct mt_md *m)
{
    const char *base = d->view->options.asset_base;
    if (!base)
        return;
    const char *slash = mt_span_ends(mt_span_of(base), "/") ? "" : "/";
    mt_md_paragraph(m);
    if (d->page->lanes)
        mt_md_image(m, "Heap, collector and counters over time",
                    mt_arena_printf(d->arena, "%s%ssvg/timeline.svg", base, slash));
    if (d->page->tree) {
        mt_md_text(m, " ");
        mt_md_image(
            m, "Flame graph",
            mt_arena_printf(d->arena, "%s%ssvg/flame-%s.svg", base, slash, d->page->flame_type));
    }
}

/* The page says it after a colon, this after a full stop. A first word with anything but letters in
 * it is a name and stays. */
static const char *begun(struct mt_arena *a, const char *sentence)
{
    size_t n = strspn(sentence, "abcdefghijklmnopqrstuvwxyz");
    if (!n || sentence[n] != ' ')
        return sentence;
    return mt_arena_printf(a, "%c%s", *sentence - 'a' + 'A', sentence + 1);
}

static void head(struct document *d)
{
    const struct mt_page_verdict *v = &d->page->verdict;
    struct mt_md *m = begin(d, NULL);
    mt_md_heading(m, 1);
    mt_md_text(m, "Memory report: ");
    words(d, m, d->page->head.subject);
    mt_md_paragraph(m);
    mt_md_strong(m, mt_arena_printf(d->arena, "%s.", v->word));
    mt_md_text(m, " ");
    words(d, m, begun(d->arena, v->sentence));
    if (v->holds) {
        mt_md_text(m, " ");
        words(d, m, v->holds);
    }
    if (v->consequence) {
        mt_md_text(m, " ");
        words(d, m, v->consequence);
    }
    mt_md_text(m, mt_arena_printf(d->arena, " Confidence: %s.", v->confidence));
    facts(d, m);
    if (v->next) {
        mt_md_paragraph(m);
        mt_md_strong(m, "Next:");
        mt_md_text(m, " ");
        words(d, m, v->next);
    }
    for (size_t i = 0; i < v->n_minds; i++) {
        mt_md_paragraph(m);
        mt_md_strong(m, "Mind:");
        mt_md_text(m, " ");
        words(d, m, v->minds[i]);
    }
    mt_md_paragraph(m);
    words(d, m, d->page->head.meta);
    if (d->view->options.report_url) {
        mt_md_paragraph(m);
        mt_md_link(m, "The whole report", d->view->options.report_url);
    }
    images(d, m);
    end(d, m);
}

static void named_item(struct document *d, struct mt_md *m, const char *name, const char *text)
{
    mt_md_item(m);
    mt_md_strong(m, mt_arena_printf(d->arena, "%s:", name));
    mt_md_text(m, " ");
    words(d, m, text);
}

static void where(struct document *d, struct mt_md *m, const struct mt_suspect *s)
{
    if (!s->n_path && !s->n_places)
        return;
    mt_md_item(m);
    mt_md_strong(m, "Where:");
    for (size_t i = 0; i < s->n_path; i++) {
        mt_md_mark(m, i ? " > " : " ");
        mt_md_code(m, s->path[i].text);
    }
    if (!s->n_places)
        return;
    mt_md_text(m, " (");
    for (size_t i = 0; i < s->n_places; i++) {
        mt_md_text(m, i ? ", " : "");
        mt_md_code(m, s->places[i].file_line);
        if (s->places[i].amount)
            mt_md_text(m, mt_arena_printf(d->arena, " %s", s->places[i].amount));
    }
    mt_md_text(m, ")");
}

static void suspect(struct document *d, const struct mt_suspect *s)
{
    struct mt_md *m = begin(d, NULL);
    mt_md_heading(m, 3);
    mt_md_mark(m, mt_arena_printf(d->arena, "%u. ", s->number));
    if (s->code) {
        mt_md_code(m, s->code);
        mt_md_text(m, " ");
    }
    words(d, m, s->claim);
    words(d, m, s->rest);
    for (size_t i = 0; i < s->n_why; i++)
        named_item(d, m, mt_arena_printf(d->arena, "Why, %s", s->why[i].in_words), s->why[i].text);
    where(d, m, s);
    for (size_t i = 0; i < s->n_against; i++)
        named_item(d, m, "Against", s->against[i]);
    if (s->next)
        named_item(d, m, "Next", s->next);
    named_item(d, m, "Confidence",
               mt_arena_printf(d->arena, "%s (%u of 3)%s%s", s->confidence, s->dots,
                               s->reason ? ", " : "", s->reason ? s->reason : ""));
    end(d, m);
    folded(d, s->evidence, "Evidence by snapshot", 60);
}

static void suspects(struct document *d)
{
    struct mt_md *m = begin(d, NULL);
    mt_md_heading(m, 2);
    mt_md_text(m, "Suspects");
    mt_md_paragraph(m);
    words(d, m, d->page->suspects_lede);
    end(d, m);
    for (size_t i = 0; i < d->page->n_suspects; i++)
        suspect(d, &d->page->suspects[i]);
    if (!d->page->n_asides && !d->page->n_remarks)
        return;
    m = begin(d, NULL);
    mt_md_heading(m, 3);
    mt_md_text(m, "Looked at and set aside");
    for (size_t i = 0; i < d->page->n_asides; i++) {
        const struct mt_aside *a = &d->page->asides[i];
        mt_md_item(m);
        mt_md_code(m, a->name.element);
        mt_md_text(m, " ");
        words(d, m, a->claim);
        mt_md_text(m, mt_arena_printf(d->arena, " (%s)", a->word));
        if (a->reason) {
            mt_md_text(m, ": ");
            words(d, m, a->reason);
        }
    }
    for (size_t i = 0; i < d->page->n_remarks; i++) {
        mt_md_item(m);
        words(d, m, d->page->remarks[i].text);
    }
    end(d, m);
}

static void section(struct document *d, const char *heading, const char *lede,
                    const struct mt_sheet *sheet, size_t rows)
{
    if (d->n + 1 >= MOST_PARTS)
        return;
    struct mt_md *m = begin(d, NULL);
    mt_md_heading(m, 2);
    mt_md_text(m, heading);
    if (lede) {
        mt_md_paragraph(m);
        words(d, m, lede);
    }
    if (sheet && sheet->n_rows)
        mt_md_table(m, sheet, rows);
    end(d, m);
}

static void method(struct document *d)
{
    struct mt_md *m = begin(d, NULL);
    mt_md_heading(m, 2);
    mt_md_text(m, "Method and limits");
    for (size_t i = 0; i < d->page->n_method; i++)
        named_item(d, m, d->page->method[i].term, d->page->method[i].text);
    end(d, m);
    folded(d, d->page->crosschecks, "Cross-checks between sources", 40);
    folded(d, d->page->rules, "Rules and whether they ran", 60);
}

static void build(struct document *d)
{
    const struct mt_page *p = d->page;
    head(d);
    suspects(d);
    section(d, "Top changes", p->change.lede, p->change.growers, ROWS_SHOWN);
    folded(d, p->change.shrinkers, "Top shrinkers", 20);
    folded(d, p->by_snapshot, "Values by snapshot", 60);
    folded(d, p->memory, "Memory by class, and what its growth means", 20);
    folded(d, p->anomalies, "What stood out", 20);
    folded(d, p->holders, "Who holds it: paths of references", 20);
    folded(d, p->paths, "Heaviest call paths", 20);
    if (p->by_lede)
        section(d, mt_arena_printf(d->arena, "By %s", d->view->options.by), p->by_lede, p->by_label,
                20);
    section(d, "GC and pauses", p->gc_lede, p->pauses, ROWS_SHOWN);
    folded(d, p->longest, "The longest stops", 20);
    section(d, "Goroutines", p->goroutines_lede, p->groups, ROWS_SHOWN);
    folded(d, p->never_ended, "Goroutines made while a trace ran, and still there at its end", 20);
    section(d, "Inputs", p->inputs_lede, p->inputs_by_kind, 40);
    folded(d, p->quality, "What to know about these inputs", 60);
    folded(d, p->inputs, "Every file", 200);
    method(d);
}

/* Drops folded parts from the end until the rest fits; returns a line that names them, or NULL. */
static const char *fit(struct document *d)
{
    size_t total = 0;
    const char *names = NULL;
    for (size_t i = 0; i < d->n; i++)
        total += d->parts[i].text.size;
    for (size_t i = d->n; i-- && total > BUDGET;) {
        if (!d->parts[i].folded)
            continue;
        total -= d->parts[i].text.size;
        mt_text_clear(&d->parts[i].text);
        names = names ? mt_arena_printf(d->arena, "%s, %s", d->parts[i].folded, names)
                      : d->parts[i].folded;
    }
    if (!names)
        return NULL;
    return mt_arena_printf(d->arena,
                           "Left out to stay within %d characters: %s. report.html has them.",
                           BUDGET, names);
}

static bool render_diff(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    struct mt_text text = {0};
    mt_markdown_diff(view, &text);
    bool ok = out->file(out, "report.md", mt_text_view(&text)) ||
              mt_fail(err, MT_ERR_OUTPUT, 0, "report.md could not be written");
    mt_text_clear(&text);
    return ok;
}

static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    if (view->diff)
        return render_diff(view, out, err);
    struct mt_arena arena = {0};
    struct document *d = MT_NEW(&arena, struct document);
    d->arena = &arena;
    d->view = view;
    d->page = mt_page_of(view);
    build(d);
    const char *left_out = fit(d);
    struct mt_text text = {0};
    for (size_t i = 0; i < d->n; i++) {
        struct mt_span part = mt_span_trim(mt_text_view(&d->parts[i].text));
        if (part.size) {
            mt_text_add(&text, text.size ? "\n" : "");
            mt_text_span(&text, part);
            mt_text_byte(&text, '\n');
        }
        mt_text_clear(&d->parts[i].text);
    }
    if (left_out)
        mt_text_printf(&text, "\n%s\n", left_out);
    bool ok = out->file(out, "report.md", mt_text_view(&text)) ||
              mt_fail(err, MT_ERR_OUTPUT, 0, "report.md could not be written");
    mt_text_clear(&text);
    mt_arena_clear(&arena);
    return ok;
}

const struct mt_renderer mt_renderer_markdown = {
    .name = "md",
    .suffix = ".md",
    .file = "report.md",
    .summary = "the report as Markdown that can be pasted",
    .in_report = true,
    .in_diff = true,
    .for_report = true,
    .for_diff = true,
    .render = render,
};
