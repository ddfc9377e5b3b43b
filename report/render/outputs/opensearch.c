/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bulk NDJSON for OpenSearch and its kin: an action line and a document line for each finding and
 * for each point of each series, thinned to 256 of which the extremes are some: a document is a
 * hundred times its value, and a dashboard has no more columns. The labels of the bundle stand in
 * every document, so a search can be narrowed to a cluster or a tenant. Ids follow from what the
 * bundle holds: sending the same bundle again replaces its documents.
 */
#include "report/render/renderer.h"

#include "parsers/base/digest.h"
#include "parsers/base/jsonout.h"
#include "report/render/outputs/json/finding.h"
#include "report/view/facts.h"
#include "report/view/words.h"

#include <math.h>
#include <string.h>

enum {
    BUNDLE_ID = 16, /* hex digits */
    COLUMNS = 64    /* of the window, with four points each at most */
};

struct bulk {
    struct mt_text *text;
    struct mt_arena *arena;
    const struct mt_view *view;
    const struct mt_bundle *bundle;
    struct mt_json_out json;
    struct mt_span *keys, *values; /* labels: each key once, the last value of it */
    size_t n_labels;
    char id[65]; /* of the bundle; cut to BUNDLE_ID */
};

/* -- what all documents share -------------------------------------------------------------- */

/* A dot in a name would make an object of it. */
static struct mt_span field_name(struct bulk *b, struct mt_span key)
{
    char *name = mt_arena_copy(b->arena, key.data, key.size);
    for (size_t i = 0; i < key.size; i++)
        if (name[i] == '.')
            name[i] = '_';
    return (struct mt_span){(unsigned char *)name, key.size};
}

static void add_labels(struct bulk *b, const struct mt_label_pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct mt_span key = field_name(b, mt_string(b->bundle->strings, pairs[i].key));
        if (!mt_span_trim(key).size)
            continue;
        size_t k = 0;
        while (k < b->n_labels && !mt_span_equal(b->keys[k], key))
            k++;
        b->keys[k] = key;
        b->values[k] = mt_string(b->bundle->strings, pairs[i].value);
        b->n_labels += k == b->n_labels;
    }
}

/* The same for the same captures, wherever they lie. */
static void identify(struct bulk *b)
{
    struct mt_sha256 sha;
    mt_sha256_begin(&sha);
    for (size_t i = 0; i < b->bundle->n_inputs; i++) {
        const struct mt_input *input = &b->bundle->inputs[i];
        mt_sha256_add(&sha, mt_span_of(input->sha256[0] ? input->sha256 : input->path));
    }
    mt_sha256_end(&sha, b->id);
    b->id[BUNDLE_ID] = '\0';
}

static const char *iso(struct mt_arena *a, int64_t time_ns)
{
    struct mt_civil c = mt_time_civil(time_ns);
    const char *second = mt_arena_printf(a, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)c.year,
                                         c.month, c.day, c.hour, c.minute, c.second);
    if (!c.ns)
        return mt_arena_printf(a, "%sZ", second);
    if (c.ns % 1000000 == 0)
        return mt_arena_printf(a, "%s.%03dZ", second, (int)(c.ns / 1000000));
    return mt_arena_printf(a, "%s.%09dZ", second, (int)c.ns);
}

static void action(struct bulk *b, const char *index, const char *id)
{
    struct mt_json_out *j = &b->json;
    mt_json_begin(j, b->text);
    mt_json_object(j);
    mt_json_key(j, "index");
    mt_json_object(j);
    mt_json_kv_text(j, "_index", index);
    mt_json_kv_text(j, "_id", id);
    mt_json_object_end(j);
    mt_json_object_end(j);
    mt_text_byte(b->text, '\n');
}

static void begin_document(struct bulk *b, int64_t time_ns)
{
    struct mt_json_out *j = &b->json;
    const struct mt_manifest *m = &b->bundle->manifest;
    mt_json_begin(j, b->text);
    mt_json_object(j);
    if (time_ns != MT_NO_TIME)
        mt_json_kv_text(j, "@timestamp", iso(b->arena, time_ns));
    mt_json_kv_text(j, "bundle", b->id);
    mt_json_text_if(j, "service", mt_bundle_text(b->bundle, m->service));
    mt_json_text_if(j, "build", mt_bundle_text(b->bundle, m->build));
    mt_json_key(j, "labels");
    mt_json_object(j);
    for (size_t i = 0; i < b->n_labels; i++) {
        mt_json_key_span(j, b->keys[i]);
        mt_json_span(j, b->values[i]);
    }
    mt_json_object_end(j);
}

static void end_document(struct bulk *b)
{
    mt_json_object_end(&b->json);
    mt_text_byte(b->text, '\n');
}

/* -- documents ------------------------------------------------------------------------------ */

/* A finding is about the window; it is dated by its end. */
static void findings(struct bulk *b)
{
    const struct mt_assessment *a = b->view->assessment;
    int64_t at_ns =
        b->bundle->end_ns != MT_NO_TIME ? b->bundle->end_ns : b->bundle->manifest.captured_at_ns;
    for (size_t i = 0; i < a->n_findings; i++) {
        const struct mt_finding *f = a->findings[i];
        bool again = !f->id;
        for (size_t k = 0; k < i && !again; k++)
            again = a->findings[k]->id && strcmp(a->findings[k]->id, f->id) == 0;
        action(b, "memtriage-findings",
               again ? mt_arena_printf(b->arena, "%s-%zu", b->id, i + 1)
                     : mt_arena_printf(b->arena, "%s-%s", b->id, f->id));
        begin_document(b, at_ns);
        mt_json_text_if(&b->json, "verdict", mt_word_verdict(a->verdict.status));
        mt_json_text_if(&b->json, "sentence", f->sentence);
        mt_json_finding(&b->json, f, i + 1);
        end_document(b);
    }
}

static const char *clock_word(const struct mt_clock_state *clock)
{
    static const char *const words[] = {"not aligned", "aligned", "same clock"};
    return words[clock->clock];
}

static void series(struct bulk *b)
{
    for (size_t i = 0; i < b->bundle->n_series; i++) {
        const struct mt_series *s = &b->bundle->series[i];
        const struct mt_metric_info *info = mt_metric_info(s->metric);
        struct mt_points drawn = mt_view_points(b->arena, b->bundle, s, COLUMNS);
        for (size_t k = 0; k < drawn.n; k++) {
            if (!isfinite(drawn.value[k]))
                continue;
            action(b, "memtriage-series", mt_arena_printf(b->arena, "%s-%zu-%zu", b->id, i, k));
            begin_document(b, drawn.time_ns[k]);
            mt_json_kv_text(&b->json, "name", info->name);
            mt_json_kv_text(&b->json, "unit", mt_word_unit(info->unit));
            mt_json_text_if(&b->json, "source", s->source);
            mt_json_text_if(&b->json, "input", s->input ? s->input->path : NULL);
            mt_json_kv_text(&b->json, "clock", clock_word(s->clock));
            mt_json_kv_f64(&b->json, "value", drawn.value[k]);
            end_document(b);
        }
    }
}

static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    struct mt_text text = {0};
    struct mt_arena arena = {0};
    struct bulk b = {
        .text = &text, .arena = &arena, .view = view, .bundle = view->assessment->bundle};
    size_t most = b.bundle->manifest.n_labels + view->options.n_labels + 1;
    b.keys = MT_NEW_N(&arena, struct mt_span, most);
    b.values = MT_NEW_N(&arena, struct mt_span, most);
    add_labels(&b, b.bundle->manifest.labels, b.bundle->manifest.n_labels);
    add_labels(&b, view->options.labels, view->options.n_labels);
    identify(&b);
    findings(&b);
    series(&b);
    bool ok = out->file(out, "opensearch.ndjson", mt_text_view(&text)) ||
              mt_fail(err, MT_ERR_OUTPUT, 0, "opensearch.ndjson could not be written");
    mt_text_clear(&text);
    mt_arena_clear(&arena);
    return ok;
}

const struct mt_renderer mt_renderer_opensearch = {
    .name = "opensearch",
    .suffix = ".ndjson",
    .file = "opensearch.ndjson",
    .summary = "findings and series for OpenSearch's _bulk, with the bundle's labels",
    .for_report = true,
    .render = render,
};
