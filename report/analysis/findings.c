/* SPDX-License-Identifier: Apache-2.0 */
/* Findings and the parts they are made of. */
#include "report/analysis/suspect.h"

#include "parsers/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct mt_finding *mt_finding_add(struct mt_findings *out, const struct mt_rule *rule, double score)
{
    struct mt_finding *f = MT_NEW(out->arena, struct mt_finding);
    f->rule = rule;
    f->score = score;
    f->status = MT_STATUS_NOTE;
    f->metric = MT_METRIC_COUNT;
    f->growth.bytes = f->growth.objects = f->growth.goroutines = NAN;
    f->growth.per_second = f->growth.low = f->growth.high = NAN;
    f->amount_p = f->shape_p = NAN;
    f->id = f->family = f->kind = "";
    f->confidence_reason = "";
    f->culprit.function = "(non-heap)";
    MT_RESERVE(out->arena, out->items, out->n, out->cap);
    out->items[out->n++] = f;
    return f;
}

MT_PRINTF(2, 0)
static const char *formatted(struct mt_arena *arena, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    char probe[1];
    int size = vsnprintf(probe, sizeof probe, fmt, args);
    char *text = mt_arena_take(arena, size > 0 ? (size_t)size + 1 : 1, 1);
    if (size > 0)
        vsnprintf(text, (size_t)size + 1, fmt, again);
    va_end(again);
    return text;
}

void mt_finding_evidence(struct mt_findings *out, struct mt_finding *f, enum mt_dimension dimension,
                         const char *source, const char *input, double value, const char *unit,
                         const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    f->evidence = mt_arena_grow(out->arena, f->evidence, f->n_evidence, f->n_evidence + 1,
                                sizeof *f->evidence);
    f->evidence[f->n_evidence++] = (struct mt_evidence){
        dimension, source, input, formatted(out->arena, fmt, args), value, unit};
    va_end(args);
}

void mt_finding_against(struct mt_findings *out, struct mt_finding *f, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    f->against =
        mt_arena_grow(out->arena, f->against, f->n_against, f->n_against + 1, sizeof *f->against);
    f->against[f->n_against++] = formatted(out->arena, fmt, args);
    va_end(args);
}

void mt_finding_course(struct mt_findings *out, struct mt_finding *f, const char *name, size_t n,
                       const int64_t *time_ns, const double *value)
{
    int64_t *at = MT_NEW_N(out->arena, int64_t, n);
    double *counts = MT_NEW_N(out->arena, double, n);
    bool timed = true;
    for (size_t i = 0; i < n; i++)
        timed = timed && time_ns[i] != MT_NO_TIME;
    for (size_t i = 0; i < n; i++) {
        at[i] = timed ? time_ns[i] : (int64_t)i * MT_UNTIMED_STEP_NS;
        counts[i] = value[i];
    }
    f->course = (struct mt_course){.name = name, .n = n, .time_ns = at, .value = counts};
}

void mt_finding_stack(struct mt_findings *out, struct mt_finding *f, const uint32_t *path,
                      size_t n_path)
{
    f->stack = MT_NEW_N(out->arena, const char *, n_path);
    f->n_stack = n_path;
    for (size_t i = 0; i < n_path; i++)
        f->stack[i] = mt_bundle_text(out->bundle, path[i]);
}

void mt_finding_also(struct mt_finding *f, const char *function)
{
    if (!function || !*function || f->culprit.n_also == MT_MOST_ALSO ||
        strcmp(function, f->culprit.function) == 0)
        return;
    for (size_t i = 0; i < f->culprit.n_also; i++)
        if (strcmp(f->culprit.also[i], function) == 0)
            return;
    f->culprit.also[f->culprit.n_also++] = function;
}
