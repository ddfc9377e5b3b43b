/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sarif.json (OASIS SARIF 2.1.0): findings of a report, or functions that grew beyond the noise, at
 * file:line. Within the limits that code hosts set on an upload: at most 5,000 results a run, texts
 * of at most 1,000 characters. Paths are relative. No profile says where the repository begins, so
 * that --trim-path is for the user to name it.
 */
#include "parsers/base/jsonout.h"
#include "report/render/renderer.h"
#include "report/view/numbers.h"

#include <string.h>

enum { MOST_RESULTS = 5000, MOST_TEXT = 1000 };

/* Of an absolute path the last two parts, cache/store.go of /home/u/shop/cache/store.go. */
static const char *relative_path(const char *file)
{
    if (*file != '/' && !(file[0] && file[1] == ':'))
        return file;
    const char *cut = file;
    size_t slashes = 0;
    for (const char *c = file + strlen(file); c > file; c--)
        if ((c[-1] == '/' || c[-1] == '\\') && ++slashes == 2) {
            cut = c;
            break;
        }
    return *cut == '/' ? cut + 1 : cut;
}

/* As a relative URI reference (RFC 3986): a colon, too, or what stands before it would be a scheme.
 */
static void kv_uri(struct mt_json_out *j, const char *path)
{
    struct mt_text uri = {0};
    for (const char *c = path; *c; c++) {
        bool alnum = ((*c | 0x20) >= 'a' && (*c | 0x20) <= 'z') || (*c >= '0' && *c <= '9');
        if (*c == '\\')
            mt_text_byte(&uri, '/');
        else if (alnum || strchr("/-._~!$&'()*+,;=@", *c))
            mt_text_byte(&uri, *c);
        else
            mt_text_printf(&uri, "%%%02X", (unsigned)(unsigned char)*c);
    }
    mt_json_kv_span(j, "uri", mt_text_view(&uri));
    mt_text_clear(&uri);
}

static void message(struct mt_json_out *j, const char *text)
{
    size_t size = strlen(text);
    mt_json_key(j, "message");
    mt_json_object(j);
    mt_json_kv_span(j, "text",
                    mt_span_sub(mt_span_of(text), 0, size < MOST_TEXT ? size : MOST_TEXT));
    mt_json_object_end(j);
}

static void location(struct mt_json_out *j, const char *file, int64_t line, const char *function)
{
    mt_json_key(j, "locations");
    mt_json_array(j);
    mt_json_object(j);
    if (file && *file) {
        mt_json_key(j, "physicalLocation");
        mt_json_object(j);
        mt_json_key(j, "artifactLocation");
        mt_json_object(j);
        kv_uri(j, relative_path(file));
        mt_json_object_end(j);
        mt_json_key(j, "region");
        mt_json_object(j);
        mt_json_kv_i64(j, "startLine", line > 0 ? line : 1);
        mt_json_object_end(j);
        mt_json_object_end(j);
    }
    mt_json_key(j, "logicalLocations");
    mt_json_array(j);
    mt_json_object(j);
    mt_json_kv_text(j, "fullyQualifiedName", function);
    mt_json_kv_text(j, "kind", "function");
    mt_json_object_end(j);
    mt_json_array_end(j);
    mt_json_object_end(j);
    mt_json_array_end(j);
}

static void fingerprint(struct mt_json_out *j, const char *id)
{
    mt_json_key(j, "partialFingerprints");
    mt_json_object(j);
    mt_json_kv_text(j, "memtriage/v1", id);
    mt_json_object_end(j);
}

static void finding(struct mt_json_out *j, const struct mt_finding *f)
{
    static const char *const levels[] = {"note", "warning", "error"};
    mt_json_object(j);
    mt_json_kv_text(j, "ruleId", f->rule->id);
    mt_json_kv_text(j, "level", levels[f->status]);
    message(j, f->sentence ? f->sentence : f->culprit.function);
    location(j, f->culprit.file, f->culprit.line, f->culprit.function);
    fingerprint(j, f->id ? f->id : f->culprit.function);
    mt_json_object_end(j);
}

static void growth(struct mt_json_out *j, struct mt_arena *a, const struct mt_diff *d,
                   const struct mt_comparison *c)
{
    mt_json_object(j);
    mt_json_kv_text(j, "ruleId", c->metric->name);
    mt_json_kv_text(j, "level", d->gate == MT_GATE_FAIL ? "error" : "warning");
    message(j, mt_arena_printf(a, "%s: %s %s (%s).", c->function, c->metric->name,
                               mt_fmt_amount_delta(a, c->metric->unit, c->delta, c->base),
                               mt_class_name(c->class)));
    location(j, c->file, c->line, c->function);
    fingerprint(j, mt_arena_printf(a, "%s:%s", c->metric->name, c->function));
    mt_json_object_end(j);
}

static void rule(struct mt_json_out *j, const char *id, const char *description)
{
    mt_json_object(j);
    mt_json_kv_text(j, "id", id);
    mt_json_key(j, "shortDescription");
    mt_json_object(j);
    mt_json_kv_text(j, "text", description);
    mt_json_object_end(j);
    mt_json_object_end(j);
}

static void rules(struct mt_json_out *j, const struct mt_view *view)
{
    mt_json_key(j, "rules");
    mt_json_array(j);
    if (view->diff) {
        const char *last = NULL;
        for (size_t i = 0; i < view->diff->n_comparisons; i++) {
            const struct mt_diff_metric *m = view->diff->comparisons[i].metric;
            if (last && strcmp(last, m->name) == 0)
                continue;
            last = m->name;
            rule(j, m->name, mt_arena_printf(view->arena, "Growth of %s", m->name));
        }
    } else {
        for (size_t i = 0; i < view->assessment->n_rules; i++) {
            const struct mt_rule *of = view->assessment->rules[i].rule;
            rule(j, of->id, of->title);
        }
    }
    mt_json_array_end(j);
}

static void results(struct mt_json_out *j, const struct mt_view *view)
{
    size_t n = 0;
    mt_json_key(j, "results");
    mt_json_array(j);
    if (view->diff) {
        for (size_t i = 0; i < view->diff->n_comparisons && n < MOST_RESULTS; i++) {
            const struct mt_comparison *c = &view->diff->comparisons[i];
            if (c->scope == MT_SCOPE_FUNCTION &&
                (c->class == MT_CLASS_GROWN || c->class == MT_CLASS_NEW)) {
                growth(j, view->arena, view->diff, c);
                n++;
            }
        }
    } else {
        for (size_t i = 0; i < view->assessment->n_findings && n < MOST_RESULTS; i++, n++)
            finding(j, view->assessment->findings[i]);
    }
    mt_json_array_end(j);
}

static bool render(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    struct mt_text text = {0};
    struct mt_json_out j;
    mt_json_begin(&j, &text);
    mt_json_object(&j);
    mt_json_kv_text(&j, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    mt_json_kv_text(&j, "version", "2.1.0");
    mt_json_key(&j, "runs");
    mt_json_array(&j);
    mt_json_object(&j);
    mt_json_key(&j, "tool");
    mt_json_object(&j);
    mt_json_key(&j, "driver");
    mt_json_object(&j);
    mt_json_kv_text(&j, "name", "memtriage");
    mt_json_kv_text(&j, "version", MT_VERSION);
    rules(&j, view);
    mt_json_object_end(&j);
    mt_json_object_end(&j);
    results(&j, view);
    mt_json_object_end(&j);
    mt_json_array_end(&j);
    mt_json_object_end(&j);
    mt_text_byte(&text, '\n');
    bool ok = out->file(out, "memtriage.sarif", mt_text_view(&text)) ||
              mt_fail(err, MT_ERR_OUTPUT, 0, "memtriage.sarif could not be written");
    mt_text_clear(&text);
    return ok;
}

const struct mt_renderer mt_renderer_sarif = {
    .name = "sarif",
    .suffix = ".sarif",
    .file = "memtriage.sarif",
    .summary = "findings at file:line for code hosts (SARIF 2.1.0)",
    .for_report = true,
    .for_diff = true,
    .render = render,
};
