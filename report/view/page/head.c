/* SPDX-License-Identifier: Apache-2.0 */
/* The top of the page: what it is about, the verdict, and the title of the document. */
#include "report/view/page/part.h"

#include "report/view/facts.h"
#include "report/view/words.h"

#include <math.h>
#include <string.h>

static const char *subject_of(const struct mt_part *p)
{
    if (p->view->options.title)
        return p->view->options.title;
    if (p->bundle->manifest.service)
        return mt_bundle_text(p->bundle, p->bundle->manifest.service);
    return p->bundle->name ? p->bundle->name : "bundle";
}

static void append(struct mt_part *p, const char **line, const char *text)
{
    *line = *line ? mt_arena_printf(p->arena, "%s \xc2\xb7 %s", *line, text) : text;
}

static void append_count(struct mt_part *p, const char **line, size_t n, const char *one,
                         const char *many)
{
    if (n)
        append(p, line, mt_fmt_plural(p->arena, (double)n, one, many));
}

static uint64_t rows_of_memstats(const struct mt_bundle *b)
{
    const struct mt_series *s = mt_bundle_series(b, MT_M_HEAP_ALLOC);
    return s ? s->n : 0;
}

/* Allocations (unless they stand in for the heap), CPU, locks, references and the rest. */
static size_t other_profiles(const struct mt_part *p)
{
    size_t n = 0;
    for (int k = 0; k < MT_PROFILE_KINDS; k++)
        n += k == MT_PROFILE_HEAP || k == MT_PROFILE_GOROUTINE ? 0 : p->bundle->n_profiles[k];
    for (size_t i = 0; i < p->page->n_snapshots; i++)
        n -= p->page->snapshots[i].profile->kind == MT_PROFILE_ALLOCS;
    return n;
}

static const char *meta_of(struct mt_part *p)
{
    const struct mt_bundle *b = p->bundle;
    const char *line = NULL;
    if (b->start_ns != MT_NO_TIME && b->end_ns > b->start_ns)
        append(p, &line,
               mt_arena_printf(p->arena, "%s (%s)", mt_fmt_window(p->arena, b->start_ns, b->end_ns),
                               mt_fmt_duration(p->arena, (double)(b->end_ns - b->start_ns))));
    append_count(p, &line, p->page->n_snapshots, "heap profile", "heap profiles");
    append_count(p, &line, b->n_profiles[MT_PROFILE_GOROUTINE], "goroutine profile",
                 "goroutine profiles");
    append_count(p, &line, b->n_dumps, "goroutine dump", "goroutine dumps");
    append_count(p, &line, other_profiles(p), "other profile", "other profiles");
    append_count(p, &line, b->n_traces, "trace", "traces");
    append_count(p, &line, rows_of_memstats(b), "MemStats row", "MemStats rows");
    append_count(p, &line, p->a->gc.present ? (size_t)p->a->gc.cycles : 0, "GC cycle", "GC cycles");
    append_count(p, &line, b->n_requests, "request", "requests");
    if (b->manifest.go_version)
        append(p, &line, mt_bundle_text(b, b->manifest.go_version));
    if (b->manifest.build)
        append(p, &line,
               mt_arena_printf(p->arena, "build %s", mt_bundle_text(b, b->manifest.build)));
    append(p, &line, "memtriage " MT_VERSION);
    if (p->view->options.stamp)
        append(p, &line, p->view->options.stamp);
    return line;
}

static const char *title_of(struct mt_part *p, const struct mt_page_verdict *v)
{
    const struct mt_finding *first = p->page->n_suspects ? p->page->suspects[0].finding : NULL;
    const char *rate = "", *who = "";
    if (first && isfinite(first->growth.per_second)) {
        const char *value = first->growth.in_goroutines
                                ? mt_fmt_count_rate(p->arena, first->growth.per_second)
                                : mt_fmt_byte_rate(p->arena, first->growth.per_second);
        rate = mt_arena_printf(p->arena, " %s", value);
    }
    if (first)
        who = mt_arena_printf(p->arena, ": %s", p->page->suspects[0].name.element);
    return mt_arena_printf(p->arena, "%s%s%s - %s - memtriage", v->word, rate, who,
                           p->page->head.subject);
}

/* How the first suspect grows, and what a source of another kind says. */
static const char *evidence_of(struct mt_part *p, const struct mt_finding *f)
{
    const char *text = NULL;
    const struct mt_site *s = f->site;
    const struct mt_trend *floor = &p->a->floor.trend;
    if (s && s->n_points > 1) {
        size_t rises = 0;
        for (size_t i = 1; i < s->n_points; i++)
            rises += s->goroutines ? s->points[i].goroutines > s->points[i - 1].goroutines
                                   : s->points[i].bytes > s->points[i - 1].bytes;
        text = mt_arena_printf(p->arena, "%s rose in %zu of %zu intervals",
                               s->goroutines ? "Its goroutines" : "Its live bytes", rises,
                               s->n_points - 1);
        if (isfinite(f->growth.per_second) && f->growth.in_goroutines == s->goroutines)
            text =
                mt_arena_printf(p->arena, "%s, %s", text,
                                s->goroutines ? mt_fmt_count_rate(p->arena, f->growth.per_second)
                                              : mt_fmt_byte_rate(p->arena, f->growth.per_second));
    }
    bool in_bytes = isfinite(f->growth.bytes) && f->growth.bytes > 0;
    if (f->dimension_agrees[MT_DIM_METRICS] && in_bytes && !f->growth.in_goroutines &&
        p->a->floor.present && floor->significant)
        text =
            mt_arena_printf(p->arena, "%s%s heap floor after each collection %s", text ? text : "",
                            text ? "; the" : "The", mt_fmt_byte_rate(p->arena, floor->slope));
    return text ? text : f->n_evidence ? f->evidence[0].statement : NULL;
}

void mt_part_head(struct mt_part *p)
{
    struct mt_page_verdict *v = &p->page->verdict;
    struct mt_state_words w = mt_words_of_verdict(p->a);
    v->glyph = w.glyph;
    v->word = w.word;
    v->tone = w.tone;
    v->sentence = p->a->verdict.sentence ? p->a->verdict.sentence : "";
    const char *holds = p->page->n_suspects ? p->page->suspects[0].finding->sentence : NULL;
    if (holds && strcmp(holds, v->sentence) != 0) /* said once is enough */
        v->holds = holds;
    v->consequence = p->a->verdict.consequence;
    if (p->page->n_suspects) {
        const struct mt_finding *first = p->page->suspects[0].finding;
        v->evidence = evidence_of(p, first);
        v->doubt = first->n_against ? first->against[0] : NULL;
    }
    v->confidence = mt_word_confidence(p->a->verdict.confidence);
    v->dots = (unsigned)p->a->verdict.confidence + 1;
    v->reason = p->a->verdict.confidence_reason;
    v->next = p->a->verdict.next;
    v->minds = p->a->verdict.minds;
    v->n_minds = p->a->verdict.n_minds;
    p->page->head.subject = subject_of(p);
    p->page->head.what = "memory report";
    p->page->head.meta = meta_of(p);
    p->page->head.title = title_of(p, v);
    p->page->head.redacted = mt_view_redacted(p->arena, p->view);
}
