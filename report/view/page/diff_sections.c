/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of a diff's page between the figures and the inputs. */
#include "report/view/page/part.h"

#include <math.h>
#include <string.h>

enum { MOST_CHANGES = 20, MOST_REST = 20, MOST_SITES = 20 };

static void add_note(struct mt_page_section *s, const char *text)
{
    mt_part_block(s, (struct mt_block){.kind = MT_BLOCK_NOTE, .text = text});
}

/* --- did the fix work --- */

static const char *slope_range(struct mt_part *p, const struct mt_diff_rate *r, bool bytes)
{
    return r->n ? mt_part_rate_range(p, r, bytes) : "not seen";
}

static const char *fix_state(const char *state)
{
    return strcmp(state, "gone") == 0     ? "\xe2\x9c\x93 gone"
           : strcmp(state, "weaker") == 0 ? "\xe2\x96\xbc weaker"
           : strcmp(state, "worse") == 0  ? "\xe2\x96\xb2 worse"
                                          : "= unchanged";
}

static const struct mt_sheet *fixes_sheet(struct mt_part *p)
{
    static const struct mt_column columns[] = {
        {.head = "Found before", .left = true, .wraps = true},
        {.head = "State now", .left = true},
        {.head = "Slope, base"},
        {.head = "Interval"},
        {.head = "Slope, head"},
        {.head = "Interval"}};
    const struct mt_diff *d = p->view->diff;
    struct mt_sheet *s =
        mt_sheet_new(p->arena, "Earlier findings and what became of them", columns, 6);
    for (size_t i = 0; i < d->n_fixes; i++) {
        const struct mt_fix *f = &d->fixes[i];
        bool bytes = strcmp(f->unit, "goroutines/s") != 0;
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_CODE_CELL(mt_name_of(p->arena, f->function).full);
        row[1] = (struct mt_cell){.text = fix_state(f->state), .strong = true};
        row[2] = MT_TEXT_CELL(mt_part_rate(p, f->base.middle, bytes));
        row[3] = MT_TEXT_CELL(slope_range(p, &f->base, bytes));
        row[4] = MT_TEXT_CELL(f->head.n ? mt_part_rate(p, f->head.middle, bytes) : "none");
        row[5] = MT_TEXT_CELL(slope_range(p, &f->head, bytes));
    }
    return s;
}

static void fixes(struct mt_part *p, bool with)
{
    const struct mt_diff *d = p->view->diff;
    if ((d->n_fixes > 0) != with)
        return;
    bool assessed = false;
    for (size_t i = 0; i < d->base.n_runs; i++)
        assessed |= d->base.runs[i].assessment != NULL;
    struct mt_page_section *s = mt_part_section(
        p, "fixes", "Did the fix work", "Fix",
        with ? "Each leak that the base's report names, looked up again in the head. A slope's "
               "interval is that of one run, or the span over several."
        : assessed
            ? "The base's reports name no leak, so there is no fix to verify."
            : "Single captures were compared. Whole bundles, captured before and after a fix, "
              "would show here which leak is gone, weaker or unchanged.");
    if (!with)
        return;
    mt_part_block(s, (struct mt_block){.kind = MT_BLOCK_WORDS, .text = d->fix_sentence});
    mt_part_sheet(s, fixes_sheet(p));
}

/* --- gate --- */

static const char *result_words(const struct mt_policy_result *r)
{
    if (r->result == MT_GATE_FAIL)
        return "\xe2\x96\xb2 fail";
    if (r->result == MT_GATE_UNDECIDED)
        return "\xe2\x97\x86 undecided";
    return r->rule->warn_only && r->n_exceeded ? "\xe2\x97\x86 warning" : "= pass";
}

static void gate(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "Metric", .left = true},
                                               {.head = "Scope", .left = true},
                                               {.head = "Limit", .left = true},
                                               {.head = "Largest increase"},
                                               {.head = "Where", .left = true, .wraps = true},
                                               {.head = "Result", .left = true},
                                               {.head = "Reason", .left = true, .wraps = true}};
    const struct mt_diff *d = p->view->diff;
    struct mt_sheet *s = mt_sheet_new(p->arena, "Rules of the policy", columns, 7);
    for (size_t i = 0; i < d->n_results; i++) {
        const struct mt_policy_result *r = &d->results[i];
        const struct mt_comparison *c = r->comparison;
        bool grew = c && c->delta > 0;
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(mt_part_metric_words(r->rule->metric));
        row[0].title = r->rule->metric;
        if (r->rule->pattern)
            row[1] = MT_CODE_CELL(r->rule->pattern);
        else
            row[1] = MT_TEXT_CELL(r->rule->scope == MT_SCOPE_TOTAL ? "total" : "any function");
        row[2] = MT_TEXT_CELL(r->rule->text);
        row[3] = MT_TEXT_CELL(
            grew ? mt_fmt_amount_delta(p->arena, c->metric->unit, c->delta, c->base) : "none");
        if (grew && c->function)
            row[4] = (struct mt_cell){.kind = MT_CELL_CODE,
                                      .text = mt_name_of(p->arena, c->function).element,
                                      .title = mt_name_of(p->arena, c->function).full};
        row[5] = MT_TEXT_CELL(result_words(r));
        row[5].strong = r->result != MT_GATE_PASS;
        row[6] = MT_TEXT_CELL(r->reason);
    }
    struct mt_page_section *section = mt_part_section(
        p, "gate", "Gate", "Gate",
        d->policy->by_default
            ? "The built-in policy, rule by rule. A percentage is of the base's total; with a "
              "pair, "
              "both must be exceeded."
            : "The policy given, rule by rule. A percentage is of the base's total, for a named "
              "function of its own base; with a pair, both must be exceeded.");
    mt_part_sheet(section, s);
}

/* --- totals --- */

static void totals(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    struct mt_page_section *s = mt_part_section(
        p, "totals", "Totals", "Totals",
        d->n_comparisons
            ? "Every metric that all runs of both sides have. The drawing shows the change as a "
              "share "
              "of the base, and its interval."
            : "The two sides have no kind of data in common. Heap profiles of both, or MemStats of "
              "both, would fill this section.");
    mt_part_sheet(s, mt_part_totals(p, "Totals of both sides", NULL));
    if (d->n_comparisons && !d->replicates)
        add_note(s, "With one run a side the interval of sampled values is their sampling error; "
                    "what nobody sampled (RSS, pauses, floors) has none.");
}

/* --- growers, shrinkers, flame graph --- */

static const char *lead_metric(const struct mt_part *p)
{
    static const char *const order[] = {"inuse_space", "goroutines", "alloc_space"};
    const struct mt_diff *d = p->view->diff;
    if (d->headline && mt_part_has(p, d->headline->metric->name, MT_SCOPE_FUNCTION))
        return d->headline->metric->name;
    for (size_t i = 0; i < 3; i++)
        if (mt_part_has(p, order[i], MT_SCOPE_FUNCTION))
            return order[i];
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (d->comparisons[i].scope == MT_SCOPE_FUNCTION)
            return d->comparisons[i].metric->name;
    return NULL;
}

static void changes(struct mt_part *p, const char *metric)
{
    const struct mt_diff *d = p->view->diff;
    if (!metric) {
        mt_part_section(p, "diff", "Growers and shrinkers", "Changes",
                        "No profile that both sides have, so no function can be compared. A heap "
                        "profile of each side would fill this section.");
        return;
    }
    const char *words = mt_part_metric_words(metric);
    struct mt_page_section *s = mt_part_section(
        p, "diff", "Growers and shrinkers", "Changes",
        mt_arena_printf(
            p->arena,
            "Functions by change of %s. Each value stands at the first frame of your code, "
            "so that functions add up to the total. What is beyond the noise comes first%s.",
            words, d->replicates ? "; p is adjusted for everything the policy gates" : ""));
    struct mt_sheet *up = mt_part_comparisons(p, mt_arena_printf(p->arena, "Growers by %s", words),
                                              metric, MT_SCOPE_FUNCTION, MT_UPWARDS, MOST_CHANGES);
    struct mt_sheet *down =
        mt_part_comparisons(p, mt_arena_printf(p->arena, "Shrinkers by %s", words), metric,
                            MT_SCOPE_FUNCTION, MT_DOWNWARDS, MOST_CHANGES);
    mt_part_sheet(s, up);
    mt_part_sheet(s, down);
    if (!up && !down)
        add_note(s, "No function changed at all: both sides hold the same.");
}

static void flame(struct mt_part *p)
{
    struct mt_page_section *s = mt_part_section(p, "flame", "Flame graph of the change",
                                                "Flame graph", p->page->change.lede);
    if (p->page->change.present)
        mt_part_block(s, (struct mt_block){.kind = MT_BLOCK_CHANGE});
}

/* --- functions by other metrics, packages, labels, call paths --- */

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_contention(const char *metric)
{
    return starts(metric, "block_") || starts(metric, "mutex_");
}

/* The metrics of the diff that have the scope, in their order, each once. */
static const char *next_metric(const struct mt_diff *d, enum mt_scope scope, size_t *at)
{
    for (size_t i = *at; i < d->n_comparisons; i++) {
        const struct mt_comparison *c = &d->comparisons[i];
        if (c->scope != scope)
            continue;
        size_t k = i;
        while (k < d->n_comparisons && d->comparisons[k].metric == c->metric)
            k++;
        *at = k;
        return c->metric->name;
    }
    return NULL;
}

static void add_scope(struct mt_part *p, struct mt_page_section *s, enum mt_scope scope,
                      const char *words, size_t most, const char *leave_out)
{
    size_t at = 0;
    for (const char *m; (m = next_metric(p->view->diff, scope, &at));) {
        if (is_contention(m) || (leave_out && strcmp(m, leave_out) == 0))
            continue;
        const char *caption =
            mt_arena_printf(p->arena, "%s by change of %s", words, mt_part_metric_words(m));
        mt_part_folded(s, caption, mt_part_comparisons(p, caption, m, scope, MT_BOTH_WAYS, most));
    }
}

static void functions(struct mt_part *p, const char *lead)
{
    struct mt_page_section *s =
        mt_part_section(p, "functions", "Functions, packages, labels, call paths", "Functions",
                        "The same comparison by other metrics and in other cuts. Labels are those "
                        "that the service set on its profiles.");
    add_scope(p, s, MT_SCOPE_FUNCTION, "Functions", MOST_REST, lead);
    add_scope(p, s, MT_SCOPE_PACKAGE, "Packages", MOST_REST, "inuse_objects");
    add_scope(p, s, MT_SCOPE_LABEL, "Labels", MOST_REST, "inuse_objects");
    add_scope(p, s, MT_SCOPE_SITE, "Call paths", MOST_SITES, NULL);
    size_t at = 0;
    if (!next_metric(p->view->diff, MT_SCOPE_LABEL, &at))
        add_note(s, "No sample carries a label; pprof.Do or pprof.SetGoroutineLabels would set "
                    "them.");
}

/* --- goroutines, contention --- */

static bool any_creator(const struct mt_diff *d)
{
    for (size_t i = 0; i < d->n_groups; i++)
        if (*d->groups[i].creator)
            return true;
    return false;
}

static bool any_wait(const struct mt_diff *d)
{
    for (size_t i = 0; i < d->n_groups; i++)
        if (d->groups[i].longest_wait_ns > 0)
            return true;
    return false;
}

static struct mt_cell function_cell(struct mt_part *p, const char *function)
{
    struct mt_name name = mt_name_of(p->arena, *function ? function : "(unknown)");
    return (struct mt_cell){.kind = MT_CELL_CODE, .text = name.element, .title = name.full};
}

static void group_row(struct mt_part *p, struct mt_sheet *s, const struct mt_diff_group *g,
                      double widest, bool creators)
{
    struct mt_cell *row = mt_sheet_row(p->arena, s);
    size_t at = 0;
    row[at++] = function_cell(p, g->function);
    if (creators) {
        if (*g->creator)
            row[at] = function_cell(p, g->creator);
        at++;
    }
    row[at++] = MT_TEXT_CELL(g->wait);
    row[at++] = MT_TEXT_CELL(mt_fmt_amount(p->arena, "goroutines", g->base));
    row[at++] = MT_TEXT_CELL(mt_fmt_amount(p->arena, "goroutines", g->head));
    row[at++] = (struct mt_cell){.text = mt_fmt_amount_delta(p->arena, "goroutines", g->delta, 0),
                                 .strong = fabs(g->delta) >= 1};
    row[at++] = (struct mt_cell){.kind = MT_CELL_BAR, .bar = g->delta / widest};
    if (g->longest_wait_ns > 0)
        row[at] = MT_TEXT_CELL(mt_fmt_duration(p->arena, (double)g->longest_wait_ns));
    for (size_t k = 1; k < 6; k++)
        row[k].quiet = g->delta == 0;
}

static const struct mt_sheet *groups_sheet(struct mt_part *p)
{
    static const struct mt_column all[] = {{.head = "Blocks in", .left = true, .wraps = true},
                                           {.head = "Started by", .left = true, .wraps = true},
                                           {.head = "Waits in", .left = true},
                                           {.head = "Base"},
                                           {.head = "Head"},
                                           {.head = "Change"},
                                           {.head = "", .bar = true, .both_ways = true},
                                           {.head = "Longest wait"}};
    const struct mt_diff *d = p->view->diff;
    bool creators = any_creator(d);
    struct mt_column *columns = MT_NEW_N(p->arena, struct mt_column, 8);
    size_t n = 0;
    for (size_t i = 0; i < 8; i++)
        if (i == 1 ? creators : i == 7 ? any_wait(d) : true)
            columns[n++] = all[i];
    struct mt_sheet *s = mt_sheet_new(p->arena,
                                      creators ? "Groups by where they block and who started them"
                                               : "Groups by where they block",
                                      columns, n);
    double widest = d->n_groups ? fmax(fabs(d->groups[0].delta), 10) : 1;
    for (size_t i = 0; i < d->n_groups; i++)
        group_row(p, s, &d->groups[i], widest, creators);
    s->of_rows = d->n_groups_of;
    return s;
}

static void goroutines(struct mt_part *p, const char *lead)
{
    const struct mt_diff *d = p->view->diff;
    bool any = d->n_groups || mt_part_has(p, "goroutines", MT_SCOPE_FUNCTION);
    struct mt_page_section *s = mt_part_section(
        p, "goroutines", "Goroutines", "Goroutines",
        any ? "Counts at the end of the runs, exact; with several runs, medians."
            : "No goroutine profile or dump that both sides have. A goroutine profile of each side "
              "would show which groups grew, where they block and who started them.");
    if (d->n_groups) {
        mt_part_sheet(s, groups_sheet(p));
        if (!any_creator(d))
            add_note(s, "Who started them is in goroutine dumps (debug=2), which these runs do not "
                        "hold.");
    }
    if (!d->n_groups && (!lead || strcmp(lead, "goroutines") != 0))
        mt_part_sheet(s, mt_part_comparisons(p, "Goroutines by where they block", "goroutines",
                                             MT_SCOPE_FUNCTION, MT_BOTH_WAYS, MOST_REST));
}

static void contention(struct mt_part *p)
{
    static const char *const metrics[] = {"block_delay", "block_contentions", "mutex_delay",
                                          "mutex_contentions"};
    bool any = false;
    for (size_t i = 0; i < 4; i++)
        any |= mt_part_has(p, metrics[i], MT_SCOPE_TOTAL);
    struct mt_page_section *s = mt_part_section(
        p, "contention", "Blocking and locks", "Locks",
        any ? "Block and mutex profiles of both sides: how long goroutines waited, by the function "
              "that waits or that held the lock. Both count since the process began."
            : "No block or mutex profile that both sides have. runtime.SetBlockProfileRate and "
              "runtime.SetMutexProfileFraction turn them on.");
    mt_part_sheet(s, any ? mt_part_totals(p, "Waiting in total", is_contention) : NULL);
    for (size_t i = 0; i < 4; i += 2) {
        const char *caption = mt_arena_printf(p->arena, "Functions by change of %s",
                                              mt_part_metric_words(metrics[i]));
        mt_part_folded(s, caption,
                       mt_part_comparisons(p, caption, metrics[i], MT_SCOPE_FUNCTION, MT_BOTH_WAYS,
                                           MOST_REST));
    }
}

void mt_part_diff_sections(struct mt_part *p)
{
    const char *lead = lead_metric(p);
    fixes(p, true);
    gate(p);
    totals(p);
    changes(p, lead);
    flame(p);
    functions(p, lead);
    goroutines(p, lead);
    contention(p);
    mt_part_diff_courses(p);
    fixes(p, false);
}
