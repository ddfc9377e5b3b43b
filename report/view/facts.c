/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/facts.h"

#include "report/view/numbers.h"

#include "report/analysis/rule.h"

#include <stdlib.h>
#include <string.h>

const char *mt_view_rule_id(const struct mt_rule *rule)
{
    return rule->id;
}

const struct mt_trend *mt_view_trend_of(const struct mt_view *view, const struct mt_series *series)
{
    const struct mt_assessment *a = view->assessment;
    for (size_t i = 0; i < a->n_trends; i++)
        if (a->trends[i].series == series && a->trends[i].trend.n)
            return &a->trends[i].trend;
    return NULL;
}

struct mt_points mt_view_points(struct mt_arena *arena, const struct mt_bundle *bundle,
                                const struct mt_series *series, size_t columns)
{
    int64_t start = bundle->start_ns, end = bundle->end_ns;
    if (start == MT_NO_TIME || !series->clock || series->clock->clock == MT_CLOCK_NONE) {
        start = series->time_ns[0];
        end = series->time_ns[series->n - 1];
    }
    return mt_thin(arena, series->n, series->time_ns, series->value, start, end, columns);
}

const char *mt_view_quality_statement(struct mt_arena *arena, const struct mt_quality *quality)
{
    if (!quality->input)
        return quality->statement;
    return mt_arena_printf(arena, "%s: %s", quality->input->path, quality->statement);
}

struct counted {
    struct mt_span name, creator;
    struct mt_never_ended row;
};

static int by_name(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    int order = mt_span_compare(x->name, y->name);
    return order ? order : mt_span_compare(x->creator, y->creator);
}

static int by_count(const void *a, const void *b)
{
    const struct counted *x = a, *y = b;
    if (x->row.count != y->row.count)
        return x->row.count < y->row.count ? 1 : -1;
    return by_name(a, b);
}

static struct counted counted_of(const struct mt_bundle *b, const struct mt_trace *t,
                                 const struct mt_trace_site *s)
{
    struct mt_never_ended row = {.function = s->start_function ? s->start_function : s->creator,
                                 .creator = s->creator,
                                 .parent = s->parent,
                                 .created = s->created,
                                 .ended = s->created - s->never_ended,
                                 .count = s->never_ended,
                                 .wait_reason = s->wait_reason,
                                 .wait_function = s->wait_function,
                                 .most = s->never_ended,
                                 .trace = t,
                                 .course = s->course.created ? &s->course : NULL};
    return (struct counted){mt_string(b->strings, row.function), mt_string(b->strings, row.creator),
                            row};
}

/* The same site in another trace, or another line of the same creator. */
static void join(struct mt_never_ended *to, const struct mt_never_ended *next)
{
    to->created += next->created;
    to->ended += next->ended;
    to->count += next->count;
    if (next->most <= to->most)
        return;
    to->most = next->most;
    to->parent = next->parent;
    to->wait_reason = next->wait_reason;
    to->wait_function = next->wait_function;
    to->trace = next->trace;
    to->course = next->course;
}

static void list_never_ended(struct mt_arena *arena, const struct mt_bundle *b,
                             struct mt_trace_totals *out, size_t n_sites)
{
    struct counted *all = MT_NEW_N(arena, struct counted, n_sites);
    size_t n = 0, joined = 0, kept = 0;
    for (size_t t = 0; t < b->n_traces; t++)
        for (size_t i = 0; i < b->traces[t]->n_sites; i++)
            if (b->traces[t]->sites[i].created)
                all[n++] = counted_of(b, b->traces[t], &b->traces[t]->sites[i]);
    if (!n)
        return;
    qsort(all, n, sizeof *all, by_name);
    for (size_t i = 1; i < n; i++)
        if (by_name(&all[i], &all[joined]) == 0)
            join(&all[joined].row, &all[i].row);
        else
            all[++joined] = all[i];
    for (size_t i = 0; i <= joined; i++)
        if (all[i].row.count)
            all[kept++] = all[i];
    if (kept)
        qsort(all, kept, sizeof *all, by_count);
    out->never_ended = MT_NEW_N(arena, struct mt_never_ended, kept);
    for (size_t i = 0; i < kept; i++)
        out->never_ended[i] = all[i].row;
    out->n_never_ended = kept;
}

struct mt_trace_totals mt_view_traces(struct mt_arena *arena, const struct mt_bundle *b)
{
    struct mt_trace_totals out = {.n = b->n_traces, .start_ns = MT_NO_TIME, .end_ns = MT_NO_TIME};
    size_t n_sites = 0;
    for (size_t i = 0; i < b->n_traces; i++) {
        const struct mt_trace *t = b->traces[i];
        n_sites += t->n_sites;
        out.created += t->created;
        out.ended += t->ended;
        if (!t->unit_assumed)
            out.duration_ns += t->duration_ns;
        if (b->trace_inputs[i] && b->trace_inputs[i]->capture)
            out.lost_bytes += b->trace_inputs[i]->capture->lost_bytes;
        if (t->start_ns == MT_NO_TIME)
            continue;
        int64_t end = t->start_ns + t->duration_ns;
        if (out.start_ns == MT_NO_TIME || t->start_ns < out.start_ns)
            out.start_ns = t->start_ns;
        if (out.end_ns == MT_NO_TIME || end > out.end_ns)
            out.end_ns = end;
    }
    if (n_sites)
        list_never_ended(arena, b, &out, n_sites);
    return out;
}

const char *mt_view_redacted(struct mt_arena *arena, const struct mt_view *view)
{
    static const char *const words[] = {"secrets", "paths", "labels", "args"};
    const struct mt_redaction *r = view->options.redaction;
    const char *asked = NULL, *list = NULL;
    if (!r)
        return NULL;
    if (!r->what)
        return "nothing: redaction was switched off.";
    for (size_t i = 0; i < 4; i++)
        if (r->what & 1u << i)
            asked = asked ? mt_arena_printf(arena, "%s, %s", asked, words[i]) : words[i];
    for (unsigned i = 0; i < MT_REDACTED_KINDS; i++) {
        const struct mt_redacted_kind *kind = mt_redacted_kind(i);
        if (!r->counts[i].places)
            continue;
        const char *part = mt_arena_printf(
            arena, "%s in %s",
            mt_fmt_plural(arena, (double)r->counts[i].values, kind->one, kind->many),
            mt_fmt_plural(arena, (double)r->counts[i].places, "place", "places"));
        list = list ? mt_arena_printf(arena, "%s, %s", list, part) : part;
    }
    return mt_arena_printf(arena, "%s (looked for: %s).", list ? list : "nothing was found", asked);
}
