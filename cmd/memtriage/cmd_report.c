/* SPDX-License-Identifier: Apache-2.0 */
/* memtriage report BUNDLE: load, assess, view, render. */
#include "cmd/memtriage/command.h"
#include "cmd/memtriage/filters.h"
#include "cmd/memtriage/output.h"
#include "report/analysis/assessment.h"
#include "report/view/view.h"

#include <stdio.h>
#include <string.h>

static bool parse_interval(const struct mt_options *o, int64_t *interval_ns)
{
    double seconds;
    *interval_ns = 0;
    if (!o->interval)
        return true;
    if (!mt_span_f64(mt_span_of(o->interval), &seconds) || !(seconds >= 1e-9 && seconds < 1e7)) {
        mt_say("--interval %s: seconds above 0 and below 10,000,000 were expected", o->interval);
        return false;
    }
    *interval_ns = (int64_t)(seconds * 1e9);
    return true;
}

static bool parse_fail_on(const struct mt_options *o, enum mt_verdict_status *least)
{
    *least = MT_VERDICT_LEAK + 1;
    for (size_t i = 0; i < o->fail_on.n; i++) {
        if (strcmp(o->fail_on.items[i], "leak") == 0) {
            *least = *least > MT_VERDICT_LEAK ? MT_VERDICT_LEAK : *least;
        } else if (strcmp(o->fail_on.items[i], "watch") == 0) {
            *least = MT_VERDICT_WATCH;
        } else {
            mt_say("--fail-on %s: leak or watch was expected", o->fail_on.items[i]);
            return false;
        }
    }
    return true;
}

void mt_tell_inputs(const struct mt_loaded *l, bool quiet)
{
    if (l->n_own && !quiet)
        mt_say("files of an earlier report left out: %zu", l->n_own);
    for (size_t i = 0; !quiet && i < l->n_inputs; i++) {
        const struct mt_input *input = &l->inputs[i];
        if (input->status == MT_INPUT_READ)
            continue;
        struct mt_err line = {0};
        mt_fail(&line, MT_ERR_INPUT, 0, "%s%s",
                input->status == MT_INPUT_DAMAGED ? "damaged: " : "skipped: ", input->reason);
        mt_say_err(input->path, &line);
    }
}

static int exit_status(enum mt_verdict_status got, enum mt_verdict_status least)
{
    if (least > MT_VERDICT_LEAK)
        return 0;
    if (got == MT_VERDICT_UNDECIDED)
        return mt_code_exit_status(MT_ERR_UNDECIDED);
    return got >= least ? 1 : 0;
}

static int report(const struct mt_options *o, struct mt_loaded *l, struct mt_redaction *redaction,
                  enum mt_verdict_status least)
{
    struct mt_arena arena = {0};
    struct mt_span suppressions = {0};
    int status;
    if (o->suppress && !mt_read_text(&arena, o->suppress, &suppressions)) {
        status = mt_code_exit_status(MT_ERR_USAGE);
    } else {
        struct mt_assess_options how = {.suppressions = suppressions};
        struct mt_assessment *assessment = mt_assess(&arena, l->bundle, &how);
        struct mt_view_options options;
        mt_fill_view_options(&options, o, &arena, &l->strings, redaction);
        struct mt_view *view = mt_view_of_report(&arena, assessment, &options);
        struct mt_err err = {0};
        if (!mt_write_outputs(view, o, false, &err)) {
            mt_say_err(NULL, &err);
            status = mt_code_exit_status(err.code);
        } else {
            status = exit_status(assessment->verdict.status, least);
            bool undecided = assessment->verdict.status == MT_VERDICT_UNDECIDED;
            if (!o->quiet)
                mt_say("%s: %s%s%s", assessment->verdict.word, assessment->verdict.sentence,
                       undecided ? " " : "", undecided ? assessment->verdict.next : "");
        }
    }
    mt_arena_clear(&arena);
    return status;
}

int mt_cmd_report(const struct mt_options *o)
{
    int64_t interval_ns;
    enum mt_verdict_status least;
    if (o->n_args != 1) {
        mt_say(
            "report: one BUNDLE was expected (a folder, an archive, a file, or -), %zu were given",
            o->n_args);
        return mt_code_exit_status(MT_ERR_USAGE);
    }
    if (!parse_interval(o, &interval_ns) || !parse_fail_on(o, &least) ||
        !mt_check_outputs(o, false))
        return mt_code_exit_status(MT_ERR_USAGE);
    struct mt_loaded loaded;
    struct mt_err err = {0};
    struct mt_arena words = {0};
    struct mt_filter *filter;
    if (!mt_filters_of(&words, o, &filter)) {
        mt_arena_clear(&words);
        return mt_code_exit_status(MT_ERR_USAGE);
    }
    if (!mt_load(&loaded, o->args[0], mt_options_jobs(o), interval_ns, &err)) {
        mt_say_err(o->args[0], &err);
        mt_loaded_clear(&loaded);
        mt_filter_release(filter);
        mt_arena_clear(&words);
        return mt_code_exit_status(MT_ERR_INPUT);
    }
    mt_filters_apply_loaded(filter, &loaded);
    mt_filter_release(filter);
    mt_arena_clear(&words);
    struct mt_redaction redaction;
    mt_options_redaction(o, MT_REDACT_SECRETS, &loaded.arena, &redaction);
    mt_redact_bundle(&redaction, loaded.bundle);
    mt_tell_inputs(&loaded, o->quiet);
    int status;
    if (!loaded.n_captures) {
        mt_say("%s: no usable input: %zu files, none is a capture that could be read", o->args[0],
               loaded.n_inputs);
        status = mt_code_exit_status(MT_ERR_INPUT);
    } else {
        status = report(o, &loaded, &redaction, least);
    }
    mt_loaded_clear(&loaded);
    return status;
}
