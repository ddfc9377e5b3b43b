/* SPDX-License-Identifier: Apache-2.0 */
/* Suspects: what the engine found, in the parts a card has. */
#include "report/view/page/part.h"

#include "report/view/facts.h"
#include "report/view/printable.h"
#include "report/view/templates.h"
#include "report/view/words.h"

#include <math.h>
#include <string.h>

enum { MOST_PATH = 12 };

static const char *const dimension_labels[MT_DIMS] = {"Metrics", "Sites", "Timeline"};

/* One line a dimension, the one that blames first; statements of one dimension are joined. */
static void add_why(struct mt_part *p, struct mt_suspect *s)
{
    static const enum mt_dimension order[] = {MT_DIM_SITES, MT_DIM_METRICS, MT_DIM_TIMELINE};
    const struct mt_finding *f = s->finding;
    s->why = MT_NEW_N(p->arena, struct mt_reason, MT_DIMS);
    for (size_t k = 0; k < MT_DIMS; k++) {
        const char *text = NULL;
        for (size_t i = 0; i < f->n_evidence; i++) {
            const struct mt_evidence *e = &f->evidence[i];
            if (e->dimension != order[k] || !e->statement)
                continue;
            text = text ? mt_arena_printf(p->arena, "%s; %s", text, e->statement) : e->statement;
        }
        if (text)
            s->why[s->n_why++] =
                (struct mt_reason){dimension_labels[order[k]], mt_word_dimension(order[k]), text};
    }
}

struct mt_path_part *mt_part_path(struct mt_part *p, const uint32_t *functions, size_t n)
{
    struct mt_path_part *path = MT_NEW_N(p->arena, struct mt_path_part, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct mt_name name = mt_part_name(p, functions[i]);
        path[i] = (struct mt_path_part){name.element, name.full, functions[i],
                                        mt_view_origin(p->view, functions[i]) == MT_ORIGIN_APP};
    }
    return path;
}

/* At most 12 frames: the root, then the ones nearest to the culprit. */
static void add_path(struct mt_part *p, struct mt_suspect *s)
{
    const struct mt_finding *f = s->finding;
    size_t skip = f->n_stack > MOST_PATH ? f->n_stack - MOST_PATH : 0;
    s->more_frames = skip;
    s->path = MT_NEW_N(p->arena, struct mt_path_part, MOST_PATH);
    for (size_t i = skip; i < f->n_stack; i++) {
        struct mt_name name = mt_name_of(p->arena, f->stack[i]);
        uint32_t id = mt_intern_find(p->bundle->strings, mt_span_of(f->stack[i]));
        s->path[s->n_path++] =
            (struct mt_path_part){name.element, name.full, id == UINT32_MAX ? 0 : id,
                                  id != UINT32_MAX && mt_view_origin(p->view, id) == MT_ORIGIN_APP};
    }
}

static void add_places(struct mt_part *p, struct mt_suspect *s)
{
    const struct mt_finding *f = s->finding;
    size_t n = f->site ? f->site->n_lines : 0;
    s->places = MT_NEW_N(p->arena, struct mt_place, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *file = mt_bundle_text(p->bundle, f->site->lines[i].file);
        const char *name = mt_file_name(p->arena, f->culprit.function, file);
        s->places[s->n_places++] = (struct mt_place){
            mt_arena_printf(p->arena, "%s:%lld", i ? "" : name, (long long)f->site->lines[i].line),
            mt_fmt_bytes(p->arena, f->site->lines[i].bytes)};
        if (i && f->site->lines[i].file != f->site->lines[0].file)
            s->places[i].file_line =
                mt_arena_printf(p->arena, "%s:%lld", name, (long long)f->site->lines[i].line);
    }
    if (n || !f->culprit.file)
        return;
    const char *name = mt_file_name(p->arena, f->culprit.function, f->culprit.file);
    s->places[s->n_places++] = (struct mt_place){
        f->culprit.line > 0 ? mt_arena_printf(p->arena, "%s:%lld", name, (long long)f->culprit.line)
                            : name,
        NULL};
}

/* Package, type, function, family: what one would type into a search box. */
static void add_keywords(struct mt_part *p, struct mt_suspect *s)
{
    const struct mt_culprit *c = &s->finding->culprit;
    const char **words = MT_NEW_N(p->arena, const char *, 8);
    struct mt_span package = mt_view_package(s->name.element);
    if (package.size)
        words[s->n_keywords++] = mt_arena_copy(p->arena, package.data, package.size);
    const char *type = s->name.type;
    if (s->name.method > type) {
        struct mt_span t = mt_span_sub(mt_span_of(type), 0, (size_t)(s->name.method - type) - 1);
        if (mt_span_starts(t, "(*") && mt_span_ends(t, ")"))
            t = mt_span_sub(t, 2, t.size - 3);
        words[s->n_keywords++] = mt_arena_copy(p->arena, t.data, t.size);
    }
    if (*s->name.method && c->function[0] != '(')
        words[s->n_keywords++] = s->name.method;
    for (size_t i = 0; i < c->n_also && i < 2; i++)
        words[s->n_keywords++] = mt_name_of(p->arena, c->also[i]).element;
    if (c->wait)
        words[s->n_keywords++] = c->wait;
    if (s->finding->family)
        words[s->n_keywords++] = s->finding->family;
    s->keywords = words;
}

/* "cart.(*Registry).Attach" + "holds 111.0 MiB" + "(21.8% of live heap), up 107.0 MiB ..." */
static void split_sentence(struct mt_part *p, struct mt_suspect *s)
{
    struct mt_span text = mt_span_of(s->finding->sentence);
    const char *const forms[] = {s->name.full, s->name.element, s->name.type};
    for (size_t i = 0; i < 3 && !s->code; i++)
        if (*forms[i] && mt_span_starts(text, forms[i])) {
            s->code = forms[i];
            text = mt_span_trim(mt_span_from(text, strlen(forms[i])));
        }
    size_t cut = mt_span_find(text, " (");
    size_t comma = mt_span_find(text, ", ");
    if (comma < cut)
        cut = comma;
    if (cut == MT_NPOS)
        cut = text.size;
    s->claim = mt_arena_copy(p->arena, text.data, cut);
    struct mt_span rest = mt_span_from(text, cut);
    s->rest = mt_arena_copy(p->arena, rest.data, rest.size);
}

static void add_suspect(struct mt_part *p, const struct mt_finding *f)
{
    struct mt_suspect *s = &p->page->suspects[p->page->n_suspects++];
    struct mt_state_words w = mt_words_of_finding(f);
    s->number = (unsigned)p->page->n_suspects;
    s->finding = f;
    s->function = f->site ? f->site->function : 0;
    s->name = mt_name_of(p->arena, f->culprit.function ? f->culprit.function : "(non-heap)");
    s->glyph = w.glyph;
    s->word = w.word;
    s->tone = w.tone;
    split_sentence(p, s);
    add_why(p, s);
    add_places(p, s);
    add_path(p, s);
    add_keywords(p, s);
    s->against = f->against;
    s->n_against = f->n_against;
    s->next = f->next;
    s->confidence = mt_word_confidence(f->confidence);
    s->reason = f->confidence_reason;
    s->dots = (unsigned)f->confidence + 1;
    if (f->rule)
        s->advice =
            mt_template_named(mt_arena_printf(p->arena, "advice/%s.md", mt_view_rule_id(f->rule)));
    s->chart = mt_part_site_chart(p, f->site, w.tone);
    s->evidence = mt_part_site_table(
        p, f->site, mt_arena_printf(p->arena, "Evidence for suspect %u", s->number));
    if (!s->chart)
        s->chart = mt_part_course_chart(p, &f->course, w.tone);
    if (!s->chart && f->metric < MT_METRIC_COUNT)
        s->chart = mt_part_series_chart(p, mt_bundle_series(p->bundle, f->metric), w.tone);
}

static void add_remark(struct mt_part *p, const struct mt_finding *f)
{
    p->page->remarks[p->page->n_remarks++] = (struct mt_remark_line){f->kind     ? f->kind
                                                                     : f->family ? f->family
                                                                                 : "note",
                                                                     f->sentence, f->next};
}

static const char *lede(struct mt_part *p)
{
    size_t n = p->page->n_suspects, leaks = 0;
    for (size_t i = 0; i < n; i++)
        leaks += p->page->suspects[i].finding->status == MT_STATUS_LEAK;
    double floor = p->a->verdict.detectable_bytes_per_second;
    if (!n && isfinite(floor))
        return mt_arena_printf(p->arena,
                               "No leak suspect was found. Growth of %s or more would have shown.",
                               mt_fmt_byte_rate(p->arena, floor));
    if (!n)
        return "No leak suspect was found.";
    if (leaks == n)
        return mt_arena_printf(p->arena,
                               n == 1 ? "One place grows and keeps what it takes."
                                      : "%zu places grow and keep what they take.",
                               n);
    return mt_arena_printf(p->arena, "%zu that count as growing, %zu to watch.", leaks, n - leaks);
}

void mt_part_suspects(struct mt_part *p)
{
    p->page->suspects = MT_NEW_N(p->arena, struct mt_suspect, MT_MOST_SUSPECTS);
    p->page->remarks = MT_NEW_N(p->arena, struct mt_remark_line, p->a->n_findings + 1);
    for (size_t i = 0; i < p->a->n_findings; i++) {
        const struct mt_finding *f = p->a->findings[i];
        if (f->suppressed)
            continue;
        if (f->status == MT_STATUS_NOTE || p->page->n_suspects == MT_MOST_SUSPECTS)
            add_remark(p, f);
        else
            add_suspect(p, f);
    }
    p->page->suspects_lede = lede(p);
}
