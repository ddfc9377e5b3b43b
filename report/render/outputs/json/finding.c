/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/outputs/json/finding.h"

#include "report/view/facts.h"
#include "report/view/words.h"

#include <math.h>

static void texts(struct mt_json_out *j, const char *key, const char *const *items, size_t n)
{
    mt_json_key(j, key);
    mt_json_array(j);
    for (size_t i = 0; i < n; i++)
        mt_json_text(j, items[i]);
    mt_json_array_end(j);
}

static void culprit(struct mt_json_out *j, const struct mt_culprit *c)
{
    mt_json_key(j, "culprit");
    mt_json_object(j);
    mt_json_kv_text(j, "function", c->function ? c->function : "(non-heap)");
    mt_json_text_if(j, "package", c->package);
    mt_json_text_if(j, "file", c->file);
    if (c->line > 0)
        mt_json_kv_i64(j, "line", c->line);
    mt_json_text_if(j, "creator", c->creator);
    mt_json_text_if(j, "wait", c->wait);
    mt_json_text_if(j, "label", c->label);
    if (c->n_also)
        texts(j, "also", c->also, c->n_also);
    mt_json_object_end(j);
}

static void growth(struct mt_json_out *j, const struct mt_finding *f)
{
    mt_json_key(j, "growth");
    mt_json_object(j);
    mt_json_f64_if(j, "bytes", f->growth.bytes);
    mt_json_f64_if(j, "objects", f->growth.objects);
    mt_json_f64_if(j, "goroutines", f->growth.goroutines);
    mt_json_kv_text(j, "unit", f->growth.in_goroutines ? "goroutines" : "bytes");
    mt_json_f64_if(j, "per_second", f->growth.per_second);
    mt_json_f64_if(j, "low", f->growth.low);
    mt_json_f64_if(j, "high", f->growth.high);
    mt_json_object_end(j);
}

static void evidence(struct mt_json_out *j, const struct mt_finding *f)
{
    mt_json_key(j, "evidence");
    mt_json_array(j);
    for (size_t i = 0; i < f->n_evidence; i++) {
        const struct mt_evidence *e = &f->evidence[i];
        mt_json_object(j);
        mt_json_kv_text(j, "dimension", mt_word_dimension(e->dimension));
        mt_json_text_if(j, "source", e->source);
        mt_json_text_if(j, "input", e->input);
        mt_json_text_if(j, "statement", e->statement);
        mt_json_f64_if(j, "value", e->value);
        mt_json_text_if(j, "unit", e->unit);
        mt_json_object_end(j);
    }
    mt_json_array_end(j);
}

void mt_json_finding(struct mt_json_out *j, const struct mt_finding *f, size_t rank)
{
    mt_json_kv_u64(j, "rank", rank);
    mt_json_text_if(j, "id", f->id);
    if (f->rule)
        mt_json_kv_text(j, "rule", mt_view_rule_id(f->rule));
    mt_json_text_if(j, "family", f->family);
    mt_json_kv_text(j, "status", mt_word_status(f->status));
    mt_json_kv_text(j, "confidence", mt_word_confidence(f->confidence));
    mt_json_f64_if(j, "score", f->score);
    culprit(j, &f->culprit);
    texts(j, "stack", (const char *const *)f->stack, f->n_stack);
    growth(j, f);
    evidence(j, f);
    texts(j, "against", (const char *const *)f->against, f->n_against);
    mt_json_text_if(j, "next", f->next);
}
