/* SPDX-License-Identifier: Apache-2.0 */
/*
 * junit.xml: one test case per rule of the policy, in the form that Jenkins, GitLab and GitHub
 * readers agree on. A failed rule is a failure; an undecided one is an error (it must not pass
 * unseen) unless the policy lets undecided pass, then it is skipped. Inputs that could not be read
 * are an error of their own.
 */
#include "report/render/renderer.h"
#include "report/render/xml.h"
#include "report/view/numbers.h"

static const char *scope_words(struct mt_arena *a, const struct mt_policy_rule *r)
{
    if (r->pattern)
        return mt_arena_printf(a, "function %s", r->pattern);
    return r->scope == MT_SCOPE_TOTAL ? "total" : "any function";
}

static const char *measured(struct mt_arena *a, const struct mt_policy_result *r)
{
    const struct mt_comparison *c = r->comparison;
    if (!c)
        return r->reason;
    return mt_arena_printf(
        a, "%s%s%s, limit %s: %s", c->function ? c->function : "", c->function ? " " : "",
        mt_fmt_amount_delta(a, c->metric->unit, c->delta, c->base), r->rule->text, r->reason);
}

/* The message twice: some build servers show the attribute, some the text. */
static void outcome(struct mt_xml *x, const char *element, const char *type, const char *message)
{
    mt_xml_begin(x, element);
    mt_xml_attr(x, "message", message);
    mt_xml_attr(x, "type", type);
    mt_xml_text(x, message);
    mt_xml_end(x);
}

static void begin_case(struct mt_xml *x, const char *name)
{
    mt_xml_newline(x);
    mt_xml_begin(x, "testcase");
    mt_xml_attr(x, "classname", "memtriage");
    mt_xml_attr(x, "name", name);
    mt_xml_attr(x, "time", "0");
}

static bool lets_pass(const struct mt_diff *d)
{
    return d->policy->has_on_undecided && !d->policy->undecided_fails;
}

static void rule_case(struct mt_xml *x, struct mt_arena *a, const struct mt_diff *d,
                      const struct mt_policy_result *r)
{
    begin_case(x, mt_arena_printf(a, "%s, %s, at most %s", r->rule->metric, scope_words(a, r->rule),
                                  r->rule->text));
    if (r->result == MT_GATE_FAIL)
        outcome(x, "failure", "threshold exceeded", measured(a, r));
    else if (r->result == MT_GATE_UNDECIDED && lets_pass(d))
        mt_xml_leaf(x, "skipped", NULL, measured(a, r)); /* has no attributes in Jenkins' schema */
    else if (r->result == MT_GATE_UNDECIDED)
        outcome(x, "error", "undecided", measured(a, r));
    mt_xml_end(x);
}

struct counts {
    uint64_t failed, errors, skipped;
};

static struct counts count(const struct mt_diff *d)
{
    struct counts n = {0};
    for (size_t i = 0; i < d->n_results; i++) {
        n.failed += d->results[i].result == MT_GATE_FAIL;
        *(lets_pass(d) ? &n.skipped : &n.errors) += d->results[i].result == MT_GATE_UNDECIDED;
    }
    n.errors += d->not_comparable != NULL;
    return n;
}

static void totals(struct mt_xml *x, const struct mt_diff *d, struct counts n)
{
    mt_xml_attr(x, "name", "memtriage diff");
    mt_xml_attr_u64(x, "tests", d->n_results + 1);
    mt_xml_attr_u64(x, "failures", n.failed);
    mt_xml_attr_u64(x, "errors", n.errors);
    mt_xml_attr(x, "time", "0");
}

static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    const struct mt_diff *d = view->diff;
    struct mt_text text = {0};
    struct mt_xml *x = mt_xml_open(&text, MT_XML_SVG, err);
    if (!x)
        return false;
    struct counts n = count(d);
    mt_xml_begin(x, "testsuites");
    totals(x, d, n);
    mt_xml_newline(x);
    mt_xml_begin(x, "testsuite");
    totals(x, d, n);
    mt_xml_attr_u64(x, "skipped", n.skipped);
    begin_case(x, "both sides could be read and compared");
    if (d->not_comparable)
        outcome(x, "error", "not comparable", d->not_comparable);
    mt_xml_end(x);
    for (size_t i = 0; i < d->n_results; i++)
        rule_case(x, view->arena, d, &d->results[i]);
    mt_xml_newline(x);
    mt_xml_end(x);
    mt_xml_newline(x);
    mt_xml_end(x);
    mt_xml_newline(x);
    bool ok =
        mt_xml_close(x, err) && (out->file(out, "junit.xml", mt_text_view(&text)) ||
                                 mt_fail(err, MT_ERR_OUTPUT, 0, "junit.xml could not be written"));
    mt_text_clear(&text);
    return ok;
}

const struct mt_renderer mt_renderer_junit = {
    .name = "junit",
    .suffix = ".xml",
    .file = "junit.xml",
    .summary = "one test case per rule of the policy",
    .in_diff = true,
    .for_diff = true,
    .render = render,
};
