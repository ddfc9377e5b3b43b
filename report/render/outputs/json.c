/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report.json: one document, keys in a fixed order, exact numbers, no null. What is not known is
 * left out, so a reader tests for the key.
 */
#include "report/render/renderer.h"

#include "parsers/base/jsonout.h"
#include "report/render/outputs/json/diff.h"
#include "report/render/outputs/json/finding.h"
#include "report/render/outputs/json/pieces.h"
#include "report/view/by_label.h"
#include "report/view/facts.h"
#include "report/view/words.h"

#include <math.h>

/* Sites of goroutines that never ended of which it is told when they were made. */
enum { MOST_COURSES = 20 };

struct writer {
    struct mt_json_out json;
    struct mt_arena *arena;
    const struct mt_bundle *bundle;
    const struct mt_assessment *a;
    const struct mt_view *view;
};

static void id_if(struct writer *w, const char *key, uint32_t id)
{
    if (id)
        mt_json_kv_span(&w->json, key, mt_string(w->bundle->strings, id));
}

static void time_if(struct writer *w, const char *key, int64_t time_ns)
{
    if (time_ns != MT_NO_TIME)
        mt_json_kv_i64(&w->json, key, time_ns);
}

static void labels(struct writer *w, const struct mt_label_pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mt_json_key_span(&w->json, mt_string(w->bundle->strings, pairs[i].key));
        mt_json_span(&w->json, mt_string(w->bundle->strings, pairs[i].value));
    }
}

static void subject(struct writer *w)
{
    const struct mt_manifest *m = &w->bundle->manifest;
    mt_json_tool(&w->json);

    mt_json_key(&w->json, "subject");
    mt_json_object(&w->json);
    id_if(w, "service", m->service);
    id_if(w, "build", m->build);
    id_if(w, "go_version", m->go_version);
    mt_json_key(&w->json, "labels");
    mt_json_object(&w->json);
    labels(w, m->labels, m->n_labels);
    labels(w, w->view->options.labels, w->view->options.n_labels);
    mt_json_object_end(&w->json);
    mt_json_object_end(&w->json);

    mt_json_key(&w->json, "window");
    mt_json_object(&w->json);
    time_if(w, "start_ns", w->bundle->start_ns);
    time_if(w, "end_ns", w->bundle->end_ns);
    mt_json_object_end(&w->json);

    mt_json_key(&w->json, "verdict");
    mt_json_object(&w->json);
    mt_json_kv_text(&w->json, "status", mt_word_verdict(w->a->verdict.status));
    mt_json_kv_text(&w->json, "confidence", mt_word_confidence(w->a->verdict.confidence));
    const char *sentence = w->a->verdict.sentence, *next = w->a->verdict.next;
    bool asks = w->a->verdict.status == MT_VERDICT_UNDECIDED && sentence && next;
    mt_json_text_if(&w->json, "sentence",
                    asks ? mt_arena_printf(w->arena, "%s %s", sentence, next) : sentence);
    mt_json_object_end(&w->json);
}

static void findings(struct writer *w)
{
    mt_json_key(&w->json, "findings");
    mt_json_array(&w->json);
    for (size_t i = 0; i < w->a->n_findings; i++) {
        mt_json_object(&w->json);
        mt_json_finding(&w->json, w->a->findings[i], i + 1);
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);
}

static void stages_and_checks(struct writer *w)
{
    mt_json_key(&w->json, "stages");
    mt_json_array(&w->json);
    for (size_t i = 0; i < w->a->n_stages; i++) {
        const struct mt_stage_row *s = &w->a->stages[i];
        mt_json_object(&w->json);
        mt_json_kv_span(&w->json, "function", mt_string(w->bundle->strings, s->function));
        mt_json_kv_text(&w->json, "stage", mt_word_stage(s->stage));
        mt_json_f64_if(&w->json, "alloc_objects_per_second", s->alloc_objects_per_second);
        mt_json_f64_if(&w->json, "inuse_objects_per_second", s->inuse_objects_per_second);
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);

    mt_json_key(&w->json, "crosschecks");
    mt_json_array(&w->json);
    for (size_t i = 0; i < w->a->n_crosschecks; i++) {
        const struct mt_crosscheck *c = &w->a->crosschecks[i];
        mt_json_object(&w->json);
        mt_json_text_if(&w->json, "check", c->check);
        mt_json_kv_text(&w->json, "status", mt_word_check(c->status));
        mt_json_text_if(&w->json, "detail", c->detail);
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);
}

static void extent(struct writer *w, const struct mt_series *s)
{
    double least = s->value[0], greatest = s->value[0];
    for (size_t i = 1; i < s->n; i++) {
        least = fmin(least, s->value[i]);
        greatest = fmax(greatest, s->value[i]);
    }
    mt_json_f64_if(&w->json, "first", s->value[0]);
    mt_json_f64_if(&w->json, "last", s->value[s->n - 1]);
    mt_json_f64_if(&w->json, "min", least);
    mt_json_f64_if(&w->json, "max", greatest);
}

static void one_series(struct writer *w, const struct mt_series *s)
{
    const struct mt_metric_info *info = mt_metric_info(s->metric);
    const struct mt_trend *trend = mt_view_trend_of(w->view, s);
    mt_json_object(&w->json);
    mt_json_kv_text(&w->json, "name", info->name);
    mt_json_kv_text(&w->json, "unit", mt_word_unit(info->unit));
    mt_json_text_if(&w->json, "source", s->source);
    mt_json_kv_u64(&w->json, "points", s->n);
    extent(w, s);
    if (trend) {
        mt_json_f64_if(&w->json, "slope_per_second", trend->slope);
        mt_json_f64_if(&w->json, "low", trend->low);
        mt_json_f64_if(&w->json, "high", trend->high);
        mt_json_f64_if(&w->json, "p", trend->p);
    }
    struct mt_points drawn = mt_view_points(w->arena, w->bundle, s, MT_SERIES_COLUMNS);
    mt_json_key(&w->json, "time_ns");
    mt_json_array(&w->json);
    for (size_t i = 0; i < drawn.n; i++)
        mt_json_i64(&w->json, drawn.time_ns[i]);
    mt_json_array_end(&w->json);
    mt_json_key(&w->json, "value");
    mt_json_array(&w->json);
    for (size_t i = 0; i < drawn.n; i++)
        mt_json_f64(&w->json, drawn.value[i]);
    mt_json_array_end(&w->json);
    mt_json_object_end(&w->json);
}

static void series(struct writer *w)
{
    mt_json_key(&w->json, "series");
    mt_json_array(&w->json);
    for (size_t i = 0; i < w->bundle->n_series; i++)
        if (w->bundle->series[i].n)
            one_series(w, &w->bundle->series[i]);
    mt_json_array_end(&w->json);

    mt_json_key(&w->json, "anomalies");
    mt_json_array(&w->json);
    for (size_t i = 0; i < w->a->n_anomalies; i++) {
        const struct mt_anomaly *an = &w->a->anomalies[i];
        mt_json_object(&w->json);
        mt_json_kv_text(&w->json, "series", mt_metric_info(an->metric)->name);
        time_if(w, "time_ns", an->time_ns);
        mt_json_f64_if(&w->json, "value", an->value);
        mt_json_f64_if(&w->json, "mean", an->mean);
        mt_json_f64_if(&w->json, "sigma", an->sigma);
        mt_json_text_if(&w->json, "rule", an->rule);
        if (an->nearest_input) {
            mt_json_kv_text(&w->json, "nearest", an->nearest_input);
            mt_json_kv_i64(&w->json, "nearest_ns", an->nearest_ns);
        }
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);
}

static void trace_id(struct writer *w, const struct mt_request *r)
{
    if (!r)
        return;
    char hex[33];
    for (size_t i = 0; i < 16; i++) {
        hex[2 * i] = "0123456789abcdef"[r->trace_id[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[r->trace_id[i] & 15];
    }
    hex[32] = 0;
    mt_json_kv_text(&w->json, "trace_id", hex);
}

static void gc(struct writer *w)
{
    const struct mt_gc_summary *g = &w->a->gc;
    if (!g->present)
        return;
    mt_json_key(&w->json, "gc");
    mt_json_object(&w->json);
    mt_json_kv_u64(&w->json, "cycles", g->cycles);
    mt_json_kv_u64(&w->json, "forced", g->forced);
    if (g->n_pauses_counted) {
        mt_json_kv_i64(&w->json, "pause_p50_ns", g->pause_p50_ns);
        mt_json_kv_i64(&w->json, "pause_p99_ns", g->pause_p99_ns);
        mt_json_kv_i64(&w->json, "pause_max_ns", g->pause_max_ns);
        mt_json_kv_i64(&w->json, "pause_total_ns", g->pause_total_ns);
    }
    mt_json_f64_if(&w->json, "cpu_share", g->cpu_share);
    mt_json_f64_if(&w->json, "assist_share", g->assist_share);
    mt_json_key(&w->json, "chains");
    mt_json_array(&w->json);
    for (size_t i = 0; i < g->n_chains; i++) {
        const struct mt_chain *c = &g->chains[i];
        mt_json_object(&w->json);
        time_if(w, "spike_ns", c->spike_ns);
        time_if(w, "pause_ns", c->pause_ns);
        if (c->request)
            time_if(w, "request_ns", c->request_ns);
        trace_id(w, c->request);
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);
    mt_json_object_end(&w->json);
}

static void by_label(struct writer *w)
{
    const char *key = w->view->options.by;
    if (!key)
        return;
    struct mt_by_table t = mt_view_by_label(w->arena, w->view, mt_page_of(w->view));
    mt_json_key(&w->json, "by_label");
    mt_json_object(&w->json);
    mt_json_kv_text(&w->json, "label", key);
    mt_json_key(&w->json, "values");
    mt_json_array(&w->json);
    for (size_t i = 0; i < t.n; i++) {
        const struct mt_by_value *v = &t.values[i];
        mt_json_object(&w->json);
        id_if(w, "value", v->value);
        mt_json_f64_if(&w->json, "first_bytes", v->first_bytes);
        mt_json_f64_if(&w->json, "last_bytes", v->last_bytes);
        mt_json_f64_if(&w->json, "first_objects", v->first_objects);
        mt_json_f64_if(&w->json, "last_objects", v->last_objects);
        mt_json_f64_if(&w->json, "first_goroutines", v->first_goroutines);
        mt_json_f64_if(&w->json, "last_goroutines", v->last_goroutines);
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);
    mt_json_object_end(&w->json);
}

static void label_of_group(struct writer *w, const struct mt_goroutine_group *g)
{
    if (!g->label_key)
        return;
    mt_json_kv_text(&w->json, "label",
                    mt_arena_printf(w->arena, "%s=%s", mt_bundle_text(w->bundle, g->label_key),
                                    mt_bundle_text(w->bundle, g->label_value)));
}

static void goroutines(struct writer *w)
{
    if (!w->a->n_groups && !isfinite(w->a->goroutines_last))
        return;
    mt_json_key(&w->json, "goroutines");
    mt_json_object(&w->json);
    mt_json_f64_if(&w->json, "first", w->a->goroutines_first);
    mt_json_f64_if(&w->json, "last", w->a->goroutines_last);
    mt_json_key(&w->json, "groups");
    mt_json_array(&w->json);
    for (size_t i = 0; i < w->a->n_groups; i++) {
        const struct mt_goroutine_group *g = &w->a->groups[i];
        mt_json_object(&w->json);
        mt_json_kv_span(&w->json, "function", mt_string(w->bundle->strings, g->function));
        id_if(w, "creator", g->creator);
        id_if(w, "wait", g->wait);
        label_of_group(w, g);
        mt_json_f64_if(&w->json, "first", g->first);
        mt_json_f64_if(&w->json, "last", g->last);
        if (g->longest_wait_ns > 0)
            mt_json_kv_i64(&w->json, "longest_wait_ns", g->longest_wait_ns);
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);
    mt_json_object_end(&w->json);
}

static void counts(struct writer *w, const char *key, const uint32_t *values, size_t n)
{
    mt_json_key(&w->json, key);
    mt_json_array(&w->json);
    for (size_t i = 0; i < n; i++)
        mt_json_u64(&w->json, values[i]);
    mt_json_array_end(&w->json);
}

/* In the trace that left most of them, from its first event on. */
static void course(struct writer *w, const struct mt_never_ended *row)
{
    if (!row->course)
        return;
    mt_json_key(&w->json, "course");
    mt_json_object(&w->json);
    time_if(w, "start_ns", row->trace->start_ns);
    if (!row->trace->unit_assumed)
        mt_json_kv_i64(&w->json, "step_ns", row->trace->bin_ns);
    counts(w, "created", row->course->created, row->trace->n_bins);
    counts(w, "ended", row->course->ended, row->trace->n_bins);
    counts(w, "left", row->course->left, row->trace->n_bins);
    mt_json_object_end(&w->json);
}

static void never_ended(struct writer *w, const struct mt_never_ended *row)
{
    id_if(w, "function", row->function);
    id_if(w, "creator", row->creator);
    id_if(w, "parent", row->parent);
    mt_json_kv_u64(&w->json, "created", row->created);
    mt_json_kv_u64(&w->json, "ended", row->ended);
    mt_json_kv_u64(&w->json, "count", row->count);
    id_if(w, "wait", row->wait_reason);
    id_if(w, "wait_function", row->wait_function);
}

static void trace(struct writer *w)
{
    struct mt_trace_totals t = mt_view_traces(w->arena, w->bundle);
    if (!t.n)
        return;
    mt_json_key(&w->json, "trace");
    mt_json_object(&w->json);
    time_if(w, "start_ns", t.start_ns);
    time_if(w, "end_ns", t.end_ns);
    mt_json_kv_u64(&w->json, "created", t.created);
    mt_json_kv_u64(&w->json, "ended", t.ended);
    mt_json_key(&w->json, "never_ended");
    mt_json_array(&w->json);
    for (size_t i = 0; i < t.n_never_ended; i++) {
        mt_json_object(&w->json);
        never_ended(w, &t.never_ended[i]);
        if (i < MOST_COURSES)
            course(w, &t.never_ended[i]);
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);
    mt_json_kv_u64(&w->json, "lost_bytes", t.lost_bytes);
    mt_json_object_end(&w->json);
}

static void requests(struct writer *w)
{
    const struct mt_request_summary *r = &w->a->requests;
    if (!r->present)
        return;
    mt_json_key(&w->json, "requests");
    mt_json_object(&w->json);
    mt_json_kv_u64(&w->json, "count", r->count);
    mt_json_kv_u64(&w->json, "failed", r->failed);
    mt_json_kv_i64(&w->json, "p50_ns", r->p50_ns);
    mt_json_kv_i64(&w->json, "p95_ns", r->p95_ns);
    mt_json_kv_i64(&w->json, "p99_ns", r->p99_ns);
    mt_json_f64_if(&w->json, "expected_goroutines", r->expected_goroutines);
    mt_json_f64_if(&w->json, "gc_overlap_share", r->gc_overlap_share);
    mt_json_f64_if(&w->json, "gc_overlap_share_all", r->gc_overlap_share_all);
    if (r->with_task)
        mt_json_kv_u64(&w->json, "with_task", r->with_task);
    mt_json_object_end(&w->json);
}

static void inputs(struct writer *w)
{
    mt_json_key(&w->json, "inputs");
    mt_json_array(&w->json);
    for (size_t i = 0; i < w->bundle->n_inputs; i++) {
        const struct mt_input *in = &w->bundle->inputs[i];
        mt_json_object(&w->json);
        mt_json_input(&w->json, in);
        if (in->status != MT_INPUT_SKIPPED)
            mt_json_kv_u64(&w->json, "records", in->records);
        time_if(w, "start_ns", in->start_ns);
        time_if(w, "end_ns", in->end_ns);
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);

    mt_json_key(&w->json, "data_quality");
    mt_json_array(&w->json);
    for (size_t i = 0; i < w->a->n_quality; i++) {
        const struct mt_quality *q = &w->a->quality[i];
        mt_json_object(&w->json);
        mt_json_text_if(&w->json, "id", q->id);
        mt_json_kv_text(&w->json, "severity", q->severe ? "warning" : "note");
        mt_json_text_if(&w->json, "statement", mt_view_quality_statement(w->arena, q));
        mt_json_object_end(&w->json);
    }
    mt_json_array_end(&w->json);
}

static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    if (view->diff)
        return mt_json_render_diff(view, out) ||
               mt_fail(err, MT_ERR_OUTPUT, 0, "diff.json could not be written");
    struct mt_text text = {0};
    struct mt_arena arena = {0};
    struct writer w = {
        .arena = &arena, .a = view->assessment, .bundle = view->assessment->bundle, .view = view};
    mt_json_begin(&w.json, &text);
    mt_json_object(&w.json);
    mt_json_kv_text(&w.json, "schema", "memtriage.report/1");
    subject(&w);
    findings(&w);
    stages_and_checks(&w);
    series(&w);
    gc(&w);
    by_label(&w);
    goroutines(&w);
    trace(&w);
    requests(&w);
    inputs(&w);
    mt_json_redaction(&w.json, view);
    mt_json_object_end(&w.json);
    mt_text_byte(&text, '\n');
    bool ok = out->file(out, "report.json", mt_text_view(&text));
    mt_text_clear(&text);
    mt_arena_clear(&arena);
    return ok ? true : mt_fail(err, MT_ERR_OUTPUT, 0, "report.json could not be written");
}

const struct mt_renderer mt_renderer_json = {
    .name = "json",
    .suffix = ".json",
    .file = "report.json",
    .summary = "every number of the report for programs",
    .in_report = true,
    .in_diff = true,
    .for_report = true,
    .for_diff = true,
    .render = render,
};
