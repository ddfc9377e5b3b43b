/* SPDX-License-Identifier: Apache-2.0 */
/* memtriage diff BASE HEAD: captures, bundles or replicates; compares, applies the policy, ends
 * with the gate. */
#include "cmd/memtriage/command.h"
#include "cmd/memtriage/filters.h"
#include "cmd/memtriage/output.h"
#include "cmd/memtriage/replicates.h"
#include "parsers/formats/profile/inspect.h"
#include "report/analysis/diff.h"
#include "report/view/view.h"

#include <stdlib.h>
#include <string.h>

/* One side as it was loaded; the diff points into it. */
struct side {
    struct mt_run_paths paths;
    struct mt_loaded *loaded; /* one a run */
    struct mt_diff_side diff;
};

static const char *damage_of(struct mt_arena *arena, const struct mt_loaded *l)
{
    for (size_t i = 0; i < l->n_inputs; i++)
        if (l->inputs[i].status == MT_INPUT_DAMAGED || l->inputs[i].unread)
            return mt_arena_printf(arena, "%s could not be read whole: %s", l->inputs[i].path,
                                   l->inputs[i].reason);
    if (l->n_captures)
        return NULL;
    if (l->n_inputs == 1)
        return mt_arena_printf(arena, "%s: %s", l->inputs[0].path,
                               l->inputs[0].reason ? l->inputs[0].reason : "no capture");
    return "no capture that could be read";
}

/* What is done to every bundle of a run, on both sides alike. */
struct treatment {
    const struct mt_filter *filter;
    struct mt_redaction *redaction;
    bool assess;
};

static const char *redacted(struct mt_arena *arena, const struct treatment *t, const char *text)
{
    return (const char *)mt_redact_text(t->redaction, arena, mt_span_of(text)).data;
}

static void load_side(struct mt_arena *arena, struct side *side, const struct mt_options *o,
                      const struct treatment *treatment)
{
    size_t n = side->paths.n;
    side->loaded = MT_NEW_N(arena, struct mt_loaded, n + 1);
    side->diff.runs = MT_NEW_N(arena, struct mt_diff_run, n + 1);
    side->diff.n_runs = n;
    for (size_t i = 0; i < n; i++) {
        struct mt_diff_run *run = &side->diff.runs[i];
        struct mt_err err = {0};
        run->name = redacted(arena, treatment, side->paths.names[i]);
        if (!mt_load(&side->loaded[i], side->paths.items[i], mt_options_jobs(o), 0, &err)) {
            mt_say_err(side->paths.items[i], &err);
            run->damaged = true;
            run->damage = mt_arena_printf(arena, "%s %s", run->name, err.what);
            mt_strings_init(&side->loaded[i].strings, &side->loaded[i].arena);
            side->loaded[i].bundle = mt_bundle_join(
                &side->loaded[i].arena, &side->loaded[i].strings, run->name, NULL, 0, 0);
        } else {
            mt_filters_apply_loaded(treatment->filter, &side->loaded[i]);
            mt_redact_bundle(treatment->redaction, side->loaded[i].bundle);
            run->damage = damage_of(arena, &side->loaded[i]);
            run->damaged = run->damage != NULL;
        }
        mt_tell_inputs(&side->loaded[i], o->quiet);
        run->bundle = side->loaded[i].bundle;
        struct mt_assess_options how = {0};
        if (treatment->assess && !run->damaged)
            run->assessment = mt_assess(arena, run->bundle, &how);
    }
}

static bool read_policy(struct mt_arena *arena, const struct mt_options *o,
                        struct mt_policy *policy)
{
    struct mt_err err = {0};
    struct mt_span text;
    *policy = (struct mt_policy){0};
    if (o->policy) {
        if (!mt_read_text(arena, o->policy, &text))
            return false;
        if (!mt_policy_parse(arena, text, policy, &err)) {
            mt_say_err(o->policy, &err);
            return false;
        }
    }
    for (size_t i = 0; i < o->fail_on.n; i++)
        if (!mt_policy_shorthand(arena, mt_span_of(o->fail_on.items[i]), policy, &err)) {
            mt_say("--fail-on %s: %s", o->fail_on.items[i], err.what);
            return false;
        }
    if (!policy->n_rules)
        *policy = *mt_policy_default(arena);
    return true;
}

static int gate_status(const struct mt_diff *d, const struct mt_options *o)
{
    uint64_t status;
    if (d->not_comparable)
        return mt_code_exit_status(MT_ERR_INPUT);
    if (d->gate != MT_GATE_UNDECIDED)
        return d->gate == MT_GATE_FAIL ? 1 : 0;
    if (d->policy->has_on_undecided)
        return d->policy->undecided_fails ? 1 : 0;
    if (o->undecided_exit && mt_span_u64(mt_span_of(o->undecided_exit), &status))
        return (int)status;
    return mt_code_exit_status(MT_ERR_UNDECIDED);
}

/* The profile of a side that is a single capture, or NULL. */
static const struct mt_profile *single_profile(const struct side *side)
{
    if (side->paths.n != 1 || side->loaded[0].n_inputs != 1 || !side->loaded[0].inputs[0].capture)
        return NULL;
    const struct mt_capture *c = side->loaded[0].inputs[0].capture;
    return c->n_profiles ? &c->profiles[0] : NULL;
}

/* Two profiles also get the figures of `go tool pprof -diff_base`. */
static void add_pprof_figures(struct mt_arena *arena, const struct side *base,
                              const struct side *head, struct mt_view_options *options)
{
    const struct mt_profile *b = single_profile(base), *h = single_profile(head);
    struct mt_text text = {0};
    if (!b || !h)
        return;
    mt_profile_inspect_difference(h, head->loaded[0].bundle->strings, b,
                                  base->loaded[0].bundle->strings, &text);
    options->oracle_json.data = (const unsigned char *)mt_arena_copy(arena, text.data, text.size);
    options->oracle_json.size = text.size;
    mt_text_clear(&text);
}

static int diff(struct mt_arena *arena, struct side *base, struct side *head,
                const struct mt_policy *policy, struct mt_redaction *redaction,
                const struct mt_options *o)
{
    struct mt_diff_options how = {
        .base_label = o->base_label, .head_label = o->head_label, .normalize = o->normalize};
    struct mt_diff *d = mt_diff_make(arena, base->diff, head->diff, policy, &how);
    struct mt_view_options options;
    struct mt_strings *strings = &head->loaded[0].strings;
    mt_fill_view_options(&options, o, arena, strings, redaction);
    options.command_line = "memtriage diff";
    if (mt_wants_output(o, true, "json"))
        add_pprof_figures(arena, base, head, &options);
    struct mt_view *view = mt_view_of_diff(arena, d, &options);
    struct mt_err err = {0};
    if (!mt_write_outputs(view, o, true, &err)) {
        mt_say_err(NULL, &err);
        return mt_code_exit_status(err.code);
    }
    if (!o->quiet)
        mt_say("%s: %s", d->verdict, d->sentence);
    return gate_status(d, o);
}

static bool usable_options(const struct mt_options *o)
{
    uint64_t status;
    if (o->n_args != 2) {
        mt_say("diff: BASE and HEAD were expected, %zu arguments were given", o->n_args);
        return false;
    }
    if (o->undecided_exit &&
        (!mt_span_u64(mt_span_of(o->undecided_exit), &status) || status > 255)) {
        mt_say("--undecided-exit %s: a status from 0 to 255 was expected", o->undecided_exit);
        return false;
    }
    if (o->replicates && strcmp(o->replicates, "yes") != 0 && strcmp(o->replicates, "no") != 0) {
        mt_say("--replicates %s: yes or no was expected", o->replicates);
        return false;
    }
    return mt_check_outputs(o, true);
}

int mt_cmd_diff(const struct mt_options *o)
{
    struct mt_arena arena = {0};
    struct mt_policy policy;
    struct mt_filter *filter = NULL;
    if (!usable_options(o) || !read_policy(&arena, o, &policy) ||
        !mt_filters_of(&arena, o, &filter)) {
        mt_arena_clear(&arena);
        return mt_code_exit_status(MT_ERR_USAGE);
    }
    struct side base = {0}, head = {0};
    mt_find_runs(&arena, o->args[0], o->replicates, &base.paths);
    mt_find_runs(&arena, o->args[1], o->replicates, &head.paths);
    struct mt_redaction redaction; /* one for both sides: the same secret, the same mark */
    mt_options_redaction(o, MT_REDACT_SECRETS, &arena, &redaction);
    struct treatment treatment = {
        filter, &redaction,
        .assess = !(mt_is_single_file(o->args[0]) && mt_is_single_file(o->args[1]))};
    load_side(&arena, &base, o, &treatment);
    load_side(&arena, &head, o, &treatment);
    mt_filter_release(filter);
    int status = diff(&arena, &base, &head, &policy, &redaction, o);
    for (size_t i = 0; i < base.paths.n; i++)
        mt_loaded_clear(&base.loaded[i]);
    for (size_t i = 0; i < head.paths.n; i++)
        mt_loaded_clear(&head.loaded[i]);
    mt_arena_clear(&arena);
    return status;
}
