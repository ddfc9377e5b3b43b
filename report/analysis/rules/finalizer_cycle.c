/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finalizers and cleanups that do not run: a queue that grows, or the goroutine that runs them
 * stuck in one. A finalizer on an object of a cycle never runs and keeps the whole cycle.
 */
#include "report/analysis/numbers.h"
#include "report/analysis/suspect.h"

static const struct mt_threshold thresholds[] = {
    {"least-growth", "objects", MT_LEAST_GOROUTINES, "growth of the queue over the window"},
};

static void queue_grows(const struct mt_rule *self, const struct mt_case *c,
                        struct mt_findings *out)
{
    const struct mt_trend *t = mt_signal_trend(c->signals, MT_M_FINALIZER_QUEUE);
    if (!mt_trend_grows(t))
        return;
    const struct mt_series *series = mt_signal_series(c->signals, MT_M_FINALIZER_QUEUE);
    struct mt_finding *f = mt_finding_add(out, self, 0.3);
    f->family = "retention";
    f->kind = "finalizers that do not run";
    f->status = MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_LOW;
    f->confidence_reason = "only the queue is known, not what blocks it";
    f->culprit.function = "(finalizers)";
    f->metric = MT_M_FINALIZER_QUEUE;
    f->dimension_agrees[MT_DIM_METRICS] = true;
    f->growth.objects = mt_trend_rise(t);
    f->shape_p = t->p;
    mt_finding_evidence(out, f, MT_DIM_METRICS, series->source, series->input->path,
                        mt_trend_rise(t), "objects", "the queue of finalizers %s over the window",
                        mt_fmt_count_delta(out->arena, mt_trend_rise(t)));
    mt_finding_against(out, f, "A burst of objects with finalizers drains later.");
    f->next = "Take a goroutine dump (debug=2) and look at the goroutine that runs finalizers.";
    f->sentence = mt_arena_printf(out->arena, "The queue of finalizers grows by %s.",
                                  mt_fmt_count(out->arena, mt_trend_rise(t)));
}

static bool runs_finalizers(const struct mt_case *c, const struct mt_goroutine_dump *d,
                            const struct mt_goroutine *g)
{
    for (uint32_t k = 0; k < g->n_frames; k++) {
        struct mt_span f = mt_string(c->now->strings, d->frames[g->first_frame + k].function);
        if (mt_span_is(f, "runtime.runfinq") || mt_span_is(f, "runtime.runFinalizers") ||
            mt_span_is(f, "runtime.runFinQ") || mt_span_is(f, "runtime.runCleanups"))
            return true;
    }
    return false;
}

/* The same own function under the finalizer goroutine in the first and in the last dump. */
static uint32_t stuck_in(const struct mt_case *c)
{
    const struct mt_bundle *b = c->now;
    uint32_t found[2] = {0, 0};
    for (size_t which = 0; which < 2 && b->n_dumps >= 2; which++) {
        const struct mt_goroutine_dump *d = b->dumps[which ? b->n_dumps - 1 : 0];
        for (size_t i = 0; i < d->n_goroutines; i++) {
            struct mt_blame blame =
                mt_blame_goroutine(c->signals->symbols, d, &d->goroutines[i], NULL);
            if (runs_finalizers(c, d, &d->goroutines[i]) && blame.own)
                found[which] = d->frames[blame.line].function;
        }
    }
    return found[0] == found[1] ? found[0] : 0;
}

static void goroutine_stuck(const struct mt_rule *self, const struct mt_case *c,
                            struct mt_findings *out)
{
    uint32_t function = stuck_in(c);
    if (!function)
        return;
    struct mt_finding *f = mt_finding_add(out, self, 0.5);
    const int64_t at[] = {c->now->dumps[0]->time_ns, c->now->dumps[c->now->n_dumps - 1]->time_ns};
    uint32_t package = mt_symbol_package(c->signals->symbols, function);
    f->family = "retention";
    f->kind = "a finalizer that blocks all others";
    f->status = MT_STATUS_WATCH;
    f->confidence = MT_CONFIDENCE_MEDIUM;
    f->confidence_reason = "the goroutine that runs finalizers stands in the same place in two "
                           "dumps";
    f->culprit.function = mt_bundle_text(c->now, function);
    f->culprit.package = package ? mt_bundle_text(c->now, package) : NULL;
    mt_finding_course(out, f, "Goroutine that runs finalizers, in the same function", 2, at,
                      (double[]){1, 1});
    f->dimension_agrees[MT_DIM_SITES] = true;
    mt_finding_evidence(out, f, MT_DIM_SITES, "goroutine-dump",
                        c->now->dump_inputs[c->now->n_dumps - 1]->path, 1.0, "goroutines",
                        "the goroutine that runs finalizers stands in %s in the first and in the "
                        "last dump",
                        f->culprit.function);
    mt_finding_against(out, f,
                       "It may have gone through many finalizers in between and have been "
                       "met in the same function twice.");
    f->next = "Let the finalizer hand its work to a goroutine of its own, or return at once.";
    f->sentence = mt_arena_printf(out->arena, "Finalizers wait behind %s.",
                                  mt_short_name(f->culprit.function));
}

static void run(const struct mt_rule *self, const struct mt_case *c, struct mt_findings *out)
{
    queue_grows(self, c, out);
    goroutine_stuck(self, c, out);
}

const struct mt_rule mt_rule_finalizer_cycle = {
    .id = "finalizer-cycle",
    .title = "Finalizers and cleanups that do not run",
    .thresholds = thresholds,
    .n_thresholds = sizeof thresholds / sizeof *thresholds,
    .run = run,
};
