/* SPDX-License-Identifier: Apache-2.0 */
/* How the report came about: rules and their thresholds, cross-checks, clocks, limits, words. */
#include "report/view/page/part.h"

#include <string.h>

#include "report/analysis/rule.h"
#include "report/view/words.h"

#include <math.h>
#include <stdio.h>

static const struct mt_definition words[] = {
    {"Live heap",
     "Bytes in objects that the collector has not found dead: in-use bytes of a heap "
     "profile, scaled up from its samples.",
     "g-live-heap"},
    {"Allocated",
     "Bytes handed out since the process began, dead or alive. Never compared with "
     "live bytes in one column.",
     "g-allocated"},
    {"Heap floor",
     "Live heap right after a collection. What rises here was kept on purpose or by "
     "mistake.",
     "g-heap-floor"},
    {"Heap goal", "The size at which the next collection is due to end (NextGC).", "g-heap-goal"},
    {"Blame frame",
     "The first frame of a stack, from the leaf up, that belongs to the service's "
     "own code.",
     "g-blame-frame"},
    {"Suspect", "A place whose growth passed the thresholds below. Not yet a proof.", "g-suspect"},
    {"Stop", "A moment in which no goroutine runs, because of the collector or of a measurement.",
     "g-stop"},
    {"Mark assist", "Marking that allocating goroutines have to do themselves.", "g-mark-assist"},
    {"RSS", "Resident memory of the process as the system counts it.", "g-rss"},
    {"Sampling interval",
     "A heap profile holds a sample of allocations. The interval says where "
     "the true value lies, 19 times of 20.",
     "g-sampling-interval"},
    {"Theil-Sen", "The median of all slopes between two points; one outlier does not bend it.",
     "g-theil-sen"},
    {"Churn", "Much is allocated, nothing is kept. It costs collector time, not memory.",
     "g-churn"},
};

static void say(struct mt_part *p, const char *term, const char *text)
{
    if (text && *text)
        p->page->method[p->page->n_method++] = (struct mt_definition){term, text, NULL};
}

/* How each kind of input got its times; the same method is said once. */
static const char *clocks(struct mt_part *p)
{
    const char *text = NULL;
    for (size_t i = 0; i < p->bundle->n_inputs; i++) {
        const struct mt_input *in = &p->bundle->inputs[i];
        bool said = in->status == MT_INPUT_SKIPPED || !in->clock.method || !in->kind;
        for (size_t k = 0; k < i && !said; k++)
            said = p->bundle->inputs[k].clock.method && p->bundle->inputs[k].kind &&
                   strcmp(p->bundle->inputs[k].clock.method, in->clock.method) == 0 &&
                   strcmp(p->bundle->inputs[k].kind, in->kind) == 0;
        if (said)
            continue;
        const char *line = mt_arena_printf(
            p->arena, "%s: %s%s", in->kind, in->clock.method,
            in->clock.clock == MT_CLOCK_ALIGNED && in->clock.error_ns > 0
                ? mt_arena_printf(p->arena, " (\xc2\xb1%s)",
                                  mt_fmt_duration(p->arena, (double)in->clock.error_ns))
                : "");
        text = text ? mt_arena_printf(p->arena, "%s. %s", text, line) : line;
    }
    return text;
}

static void add_rules(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "Rule", .left = true},
                                               {.head = "Looks for", .left = true, .wraps = true},
                                               {.head = "Ran", .left = true, .wraps = true}};
    static const struct mt_column limits[] = {{.head = "Rule", .left = true},
                                              {.head = "Threshold", .left = true},
                                              {.head = "Value"},
                                              {.head = "Unit", .left = true},
                                              {.head = "Meaning", .left = true, .wraps = true}};
    struct mt_sheet *s = mt_sheet_new(p->arena, "Rules", columns, 3);
    struct mt_sheet *t = mt_sheet_new(p->arena, "Thresholds", limits, 5);
    for (size_t i = 0; i < p->a->n_rules; i++) {
        const struct mt_rule_run *r = &p->a->rules[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_CODE_CELL(r->rule->id);
        row[1] = MT_TEXT_CELL(r->rule->title);
        row[2] = MT_TEXT_CELL(r->ran ? "yes"
                                     : mt_arena_printf(p->arena, "no: %s",
                                                       r->missing ? r->missing : "input missing"));
        for (size_t k = 0; k < r->rule->n_thresholds; k++) {
            const struct mt_threshold *h = &r->rule->thresholds[k];
            struct mt_cell *line = mt_sheet_row(p->arena, t);
            char number[32];
            snprintf(number, sizeof number, "%g", h->value);
            line[0] = MT_CODE_CELL(r->rule->id);
            line[1] = MT_TEXT_CELL(h->name);
            line[2] = MT_TEXT_CELL(mt_arena_printf(p->arena, "%s", number));
            line[3] = MT_TEXT_CELL(h->unit);
            line[4] = MT_TEXT_CELL(h->meaning);
        }
    }
    p->page->rules = s->n_rows ? s : NULL;
    p->page->thresholds = t->n_rows ? t : NULL;
}

static void add_crosschecks(struct mt_part *p)
{
    static const struct mt_column columns[] = {{.head = "Check", .left = true, .wraps = true},
                                               {.head = "Result", .left = true},
                                               {.head = "Detail", .left = true, .wraps = true}};
    if (!p->a->n_crosschecks)
        return;
    struct mt_sheet *s = mt_sheet_new(p->arena, "Cross-checks between sources", columns, 3);
    for (size_t i = 0; i < p->a->n_crosschecks; i++) {
        const struct mt_crosscheck *c = &p->a->crosschecks[i];
        struct mt_cell *row = mt_sheet_row(p->arena, s);
        row[0] = MT_TEXT_CELL(c->check);
        bool ran = c->status != MT_CHECK_NOT_RUN;
        row[1] = MT_TEXT_CELL(ran ? mt_word_check(c->status) : "not run");
        row[1].strong = c->status == MT_CHECK_DISAGREE;
        row[2] = MT_TEXT_CELL(c->detail);
    }
    p->page->crosschecks = s;
}

static const char *suppressions(struct mt_part *p)
{
    const char *text = NULL;
    for (size_t i = 0; i < p->a->n_suppressions; i++)
        text = mt_arena_printf(p->arena, "%s%s%s (%llu)", text ? text : "", text ? ", " : "",
                               p->a->suppressions[i].pattern,
                               (unsigned long long)p->a->suppressions[i].uses);
    return text;
}

void mt_part_method(struct mt_part *p)
{
    p->page->method = MT_NEW_N(p->arena, struct mt_definition, 12);
    if (p->page->n_snapshots) {
        const struct mt_profile *last = p->page->snapshots[p->page->n_snapshots - 1].profile;
        if (last->period > 0)
            say(p, "Sampling",
                mt_arena_printf(p->arena,
                                "heap profiles hold about one sample every %s allocated. A site of "
                                "k samples is known to about 1 in the square root of k; a change "
                                "inside that noise is drawn grey and ranks nowhere.",
                                mt_fmt_bytes(p->arena, (double)last->period)));
    }
    if (isfinite(p->a->verdict.detectable_bytes_per_second))
        say(p, "Least growth seen",
            mt_arena_printf(p->arena, "%s",
                            mt_fmt_byte_rate(p->arena, p->a->verdict.detectable_bytes_per_second)));
    say(p, "Clock", clocks(p));
    say(p, "Suppressed", suppressions(p));
    say(p, "Redacted", p->page->head.redacted);
    say(p, "Command", p->view->options.command_line);
    say(p, "Limits",
        "a heap profile knows where memory was allocated, not what keeps it. It ends "
        "at the last collection and does not see stacks, globals or memory outside "
        "the Go heap.");
    add_rules(p);
    add_crosschecks(p);
    p->page->glossary = words;
    p->page->n_glossary = sizeof words / sizeof *words;
}
