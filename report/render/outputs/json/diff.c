/* SPDX-License-Identifier: Apache-2.0 */
#include "report/render/outputs/json/diff.h"

#include "report/render/outputs/json/pieces.h"

#include <math.h>

static void inputs(struct mt_json_out *j, const struct mt_diff_side *side)
{
    mt_json_key(j, "inputs");
    mt_json_array(j);
    for (size_t r = 0; r < side->n_runs; r++)
        for (size_t i = 0; i < side->runs[r].bundle->n_inputs; i++) {
            mt_json_object(j);
            mt_json_kv_text(j, "run", side->runs[r].name);
            mt_json_input(j, &side->runs[r].bundle->inputs[i]);
            mt_json_object_end(j);
        }
    mt_json_array_end(j);
}

static void side(struct mt_json_out *j, const char *key, const struct mt_diff_side *s)
{
    mt_json_key(j, key);
    mt_json_object(j);
    mt_json_kv_text(j, "label", s->label);
    if (s->n_runs) {
        const struct mt_bundle *b = s->runs[0].bundle;
        const uint32_t ids[] = {b->manifest.service, b->manifest.build, b->manifest.go_version};
        static const char *const keys[] = {"service", "build", "go_version"};
        for (size_t i = 0; i < 3; i++)
            if (ids[i])
                mt_json_kv_span(j, keys[i], mt_string(b->strings, ids[i]));
    }
    mt_json_kv_u64(j, "replicates", s->n_runs);
    inputs(j, s);
    mt_json_object_end(j);
}

static void policy(struct mt_json_out *j, const struct mt_diff *d)
{
    mt_json_key(j, "policy");
    mt_json_array(j);
    for (size_t i = 0; i < d->n_results; i++) {
        const struct mt_policy_result *r = &d->results[i];
        mt_json_object(j);
        mt_json_kv_u64(j, "rule", i + 1);
        mt_json_kv_text(j, "metric", r->rule->metric);
        mt_json_kv_text(j, "scope",
                        r->rule->pattern                   ? r->rule->pattern
                        : r->rule->scope == MT_SCOPE_TOTAL ? "total"
                                                           : "any-function");
        mt_json_kv_text(j, "limit", r->rule->text);
        mt_json_f64_if(j, "value", r->value);
        if (r->comparison && r->comparison->function)
            mt_json_kv_text(j, "function", r->comparison->function);
        mt_json_kv_text(j, "result", mt_gate_name(r->result));
        mt_json_kv_text(j, "reason", r->reason);
        mt_json_object_end(j);
    }
    mt_json_array_end(j);
}

static void comparison(struct mt_json_out *j, const struct mt_comparison *c)
{
    mt_json_object(j);
    mt_json_kv_text(j, "metric", c->metric->name);
    mt_json_kv_text(j, "scope", mt_scope_name(c->scope));
    mt_json_text_if(j, "function", c->function);
    mt_json_text_if(j, "moved_to", c->moved_to);
    mt_json_kv_text(j, "unit", c->metric->unit);
    mt_json_kv_f64(j, "base", c->base);
    mt_json_kv_f64(j, "head", c->head);
    mt_json_kv_f64(j, "delta", c->delta);
    mt_json_f64_if(j, "relative", c->relative);
    mt_json_f64_if(j, "low", c->low);
    mt_json_f64_if(j, "high", c->high);
    mt_json_f64_if(j, "p", c->p);
    mt_json_f64_if(j, "adjusted_p", c->adjusted_p);
    mt_json_kv_text(j, "class", mt_class_name(c->class));
    mt_json_object_end(j);
}

/* Nobody reads the ten-thousandth function: the largest changes of each metric and scope are
 * listed, the others counted and summed. */
enum { MOST_ROWS = 200 };

/* The end of the run of comparisons of one metric and scope that begins at `from`. */
static size_t end_of_run(const struct mt_diff *d, size_t from)
{
    const struct mt_comparison *first = &d->comparisons[from];
    size_t i = from;
    while (i < d->n_comparisons && d->comparisons[i].metric == first->metric &&
           d->comparisons[i].scope == first->scope)
        i++;
    return i;
}

static void comparisons(struct mt_json_out *j, const struct mt_diff *d)
{
    mt_json_key(j, "comparisons");
    mt_json_array(j);
    for (size_t i = 0, end; i < d->n_comparisons; i = end) {
        end = end_of_run(d, i);
        for (size_t k = i; k < end && k - i < MOST_ROWS; k++)
            comparison(j, &d->comparisons[k]);
    }
    mt_json_array_end(j);
}

static void others(struct mt_json_out *j, const struct mt_diff *d)
{
    bool any = false;
    for (size_t i = 0, end; i < d->n_comparisons; i = end) {
        end = end_of_run(d, i);
        if (end - i <= MOST_ROWS)
            continue;
        if (!any) {
            mt_json_key(j, "others");
            mt_json_array(j);
        }
        any = true;
        double base = 0, head = 0;
        for (size_t k = i + MOST_ROWS; k < end; k++) {
            base += d->comparisons[k].base;
            head += d->comparisons[k].head;
        }
        mt_json_object(j);
        mt_json_kv_text(j, "metric", d->comparisons[i].metric->name);
        mt_json_kv_text(j, "scope", mt_scope_name(d->comparisons[i].scope));
        mt_json_kv_u64(j, "count", end - i - MOST_ROWS);
        mt_json_kv_text(j, "unit", d->comparisons[i].metric->unit);
        mt_json_kv_f64(j, "base", base);
        mt_json_kv_f64(j, "head", head);
        mt_json_kv_f64(j, "delta", head - base);
        mt_json_object_end(j);
    }
    if (any)
        mt_json_array_end(j);
}

static void fixes(struct mt_json_out *j, const struct mt_diff *d)
{
    mt_json_key(j, "verified_fixes");
    mt_json_array(j);
    for (size_t i = 0; i < d->n_fixes; i++) {
        const struct mt_fix *f = &d->fixes[i];
        mt_json_object(j);
        mt_json_kv_text(j, "id", f->id);
        mt_json_kv_text(j, "function", f->function);
        mt_json_kv_text(j, "state", f->state);
        mt_json_f64_if(j, "base_slope", f->base.middle);
        mt_json_f64_if(j, "head_slope", f->head.middle);
        mt_json_kv_text(j, "unit", f->unit);
        mt_json_object_end(j);
    }
    mt_json_array_end(j);
}

bool mt_json_render_diff(const struct mt_view *view, struct mt_outputs *out)
{
    const struct mt_diff *d = view->diff;
    struct mt_text text = {0};
    struct mt_json_out j;
    mt_json_begin(&j, &text);
    mt_json_object(&j);
    mt_json_kv_text(&j, "schema", "memtriage.diff/1");
    mt_json_tool(&j);
    side(&j, "base", &d->base);
    side(&j, "head", &d->head);
    mt_json_kv_text(&j, "gate", mt_gate_name(d->gate));
    mt_json_kv_text(&j, "verdict", d->verdict);
    mt_json_kv_text(&j, "sentence", d->sentence);
    policy(&j, d);
    comparisons(&j, d);
    others(&j, d);
    if (d->n_sites_left_out)
        mt_json_kv_u64(&j, "sites_left_out", d->n_sites_left_out);
    fixes(&j, d);
    mt_json_redaction(&j, view);
    if (view->options.oracle_json.size) {
        mt_json_key(&j, "oracle");
        mt_text_span(&text, view->options.oracle_json);
    }
    mt_json_object_end(&j);
    mt_text_byte(&text, '\n');
    bool ok = out->file(out, "diff.json", mt_text_view(&text));
    mt_text_clear(&text);
    return ok;
}
