/* SPDX-License-Identifier: Apache-2.0 */
/* The top of a diff's page: the gate's answer in words that follow the evidence, the evidence, the
 * next step, and six figures. */
#include "report/view/page/part.h"

#include "report/view/diff_sheets.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *metric, *words;
} metric_words[] = {
    {"inuse_space", "live heap"},
    {"inuse_objects", "live objects"},
    {"alloc_space", "allocated bytes"},
    {"alloc_objects", "allocated objects"},
    {"goroutines", "goroutines"},
    {"heap_floor", "heap floor"},
    {"heap_floor_slope", "heap floor trend"},
    {"rss", "RSS"},
    {"gc_cpu", "GC CPU share"},
    {"pause_p50", "pause p50"},
    {"pause_p99", "pause p99"},
    {"pause_max", "longest pause"},
    {"request_p50", "request p50"},
    {"request_p95", "request p95"},
    {"request_p99", "request p99"},
    {"block_contentions", "waits (block profile)"},
    {"block_delay", "time blocked"},
    {"mutex_contentions", "waits for locks (mutex profile)"},
    {"mutex_delay", "time waited for locks"},
    {"cpu_samples", "CPU samples"},
    {"cpu_cpu", "CPU time"},
};

const char *mt_part_metric_words(const char *metric)
{
    for (size_t i = 0; i < sizeof metric_words / sizeof *metric_words; i++)
        if (strcmp(metric_words[i].metric, metric) == 0)
            return metric_words[i].words;
    return metric;
}

const char *mt_part_rate(struct mt_part *p, double per_second, bool bytes)
{
    return bytes ? mt_fmt_byte_rate(p->arena, per_second) : mt_fmt_count_rate(p->arena, per_second);
}

const char *mt_part_rate_range(struct mt_part *p, const struct mt_diff_rate *r, bool bytes)
{
    if (bytes)
        return mt_fmt_byte_rate_range(p->arena, r->middle, r->low, r->high);
    return mt_arena_printf(p->arena, "%s to %s", mt_fmt_count_rate(p->arena, r->low),
                           mt_fmt_count_rate(p->arena, r->high));
}

/* --- verdict --- */

static struct mt_state_words state_of(const struct mt_diff *d)
{
    if (d->not_comparable)
        return (struct mt_state_words){"?", "Not comparable", MT_TONE_WARN};
    if (d->gate == MT_GATE_FAIL)
        return (struct mt_state_words){"\xe2\x96\xb2", "Threshold exceeded", MT_TONE_BAD};
    if (d->gate == MT_GATE_UNDECIDED)
        return (struct mt_state_words){"\xe2\x97\x86", "Limit exceeded, undecided", MT_TONE_WARN};
    if (strcmp(d->verdict, "decrease") == 0)
        return (struct mt_state_words){"\xe2\x96\xbc", "Decrease", MT_TONE_OK};
    if (strcmp(d->verdict, "increase inside noise") == 0)
        return (struct mt_state_words){"=", "Increase inside noise", MT_TONE_OK};
    return (struct mt_state_words){
        "=", d->replicates ? "No significant change" : "No change beyond sampling error",
        MT_TONE_OK};
}

static const char *change_of(struct mt_part *p, const struct mt_comparison *c)
{
    return mt_arena_printf(p->arena, "%s %s, from %s to %s", mt_part_metric_words(c->metric->name),
                           c->delta != 0
                               ? mt_fmt_amount_delta(p->arena, c->metric->unit, c->delta, c->base)
                               : "unchanged",
                           mt_fmt_amount(p->arena, c->metric->unit, c->base),
                           mt_fmt_amount(p->arena, c->metric->unit, c->head));
}

static const char *sentence_of(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    if (d->not_comparable)
        return mt_arena_printf(p->arena, "%s.", d->not_comparable);
    return mt_arena_printf(p->arena, "%s.", change_of(p, d->headline));
}

/* The function that explains most of it. */
static const char *leading_of(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    const struct mt_comparison *c = d->not_comparable ? NULL : mt_diff_leading(d);
    if (!c || c->class == MT_CLASS_SAME || c->class == MT_CLASS_MOVED)
        return NULL;
    double share = mt_diff_explained(d, c);
    return mt_arena_printf(
        p->arena, "`%s` %s by %s (%s to %s)%s.", mt_name_of(p->arena, c->function).element,
        c->delta > 0 ? "grew" : "shrank", mt_fmt_amount(p->arena, c->metric->unit, fabs(c->delta)),
        mt_fmt_amount(p->arena, c->metric->unit, c->base),
        mt_fmt_amount(p->arena, c->metric->unit, c->head),
        share > 0 ? mt_arena_printf(p->arena, " and explains %s of the change",
                                    mt_fmt_share(p->arena, share))
                  : "");
}

static const char *gate_of(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    size_t n[3] = {0}, beyond = 0;
    for (size_t i = 0; i < d->n_results; i++) {
        n[d->results[i].result]++;
        beyond += d->results[i].n_exceeded > 0;
    }
    if (d->not_comparable)
        return "undecided: it fails closed, because an input could not be read whole or there is "
               "nothing to compare.";
    const char *rules = mt_fmt_plural(p->arena, (double)d->n_results, "rule", "rules");
    if (d->gate == MT_GATE_FAIL)
        return mt_arena_printf(p->arena, "fail: %zu of %s of the policy.", n[MT_GATE_FAIL], rules);
    if (d->gate == MT_GATE_UNDECIDED)
        return mt_arena_printf(p->arena, "undecided: %zu of %s of the policy.",
                               n[MT_GATE_UNDECIDED], rules);
    return beyond ? mt_arena_printf(p->arena,
                                    "pass: %zu of %s of the policy met its limit, none beyond "
                                    "the noise.",
                                    beyond, rules)
                  : mt_arena_printf(p->arena, "pass: all %s of the policy.", rules);
}

static const char *evidence_of(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    if (d->not_comparable)
        return "nothing is claimed from inputs that could not be read whole; what was read is "
               "shown below.";
    if (d->pooled)
        return "fewer than four runs a side are taken as one. The intervals know the sampling "
               "error, not the spread between runs, so nothing here is called significant.";
    if (!d->replicates)
        return "one run a side. The intervals know the sampling error, not the spread between "
               "runs (10 to 20% is usual), so nothing here is called significant.";
    const struct mt_comparison *c = mt_diff_leading(d);
    c = c ? c : d->headline;
    const char *runs = mt_arena_printf(p->arena,
                                       "%zu runs against %zu, exact rank tests, p "
                                       "adjusted for everything the policy gates",
                                       d->base.n_runs, d->head.n_runs);
    if (!c || !isfinite(c->adjusted_p))
        return mt_arena_printf(p->arena, "%s.", runs);
    return mt_arena_printf(p->arena, "%s: p = %.3f for `%s`.", runs, c->adjusted_p,
                           c->function ? mt_name_of(p->arena, c->function).element
                                       : c->metric->name);
}

static const char *next_of(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    if (d->not_comparable)
        return "capture the side named above again, and compare once more; the gate stays closed "
               "until then.";
    const struct mt_comparison *c = mt_diff_leading(d);
    const char *place =
        c && c->class != MT_CLASS_SAME && c->file && *c->file
            ? mt_arena_printf(p->arena, "read `%s:%lld`",
                              mt_file_name(p->arena, c->function, c->file), (long long)c->line)
            : NULL;
    if (d->gate == MT_GATE_UNDECIDED)
        return mt_arena_printf(p->arena,
                               "%s%scapture at least four runs of each side under the same load, "
                               "so that their spread can be told from a change.",
                               place ? place : "", place ? "; " : "");
    if (place && (d->gate == MT_GATE_FAIL || c->delta > 0))
        return mt_arena_printf(p->arena, "%s, and what changed there between base and head.",
                               place);
    return NULL;
}

static void minds_of(struct mt_part *p, struct mt_page_verdict *v)
{
    enum { MOST = 6 };
    const struct mt_diff *d = p->view->diff;
    const char **list = MT_NEW_N(p->arena, const char *, MOST);
    size_t n = 0;
    if (d->normalized)
        list[n++] = "The base was scaled to the head's total (--normalize): only shares are "
                    "compared, a uniform growth does not show.";
    if (d->alloc_rates)
        list[n++] = "Allocation is compared per second, from the first to the last snapshot of "
                    "each run.";
    if (d->policy->n_suppress)
        list[n++] = mt_arena_printf(
            p->arena, "%s of the policy leave functions out.",
            mt_fmt_plural(p->arena, (double)d->policy->n_suppress, "suppression", "suppressions"));
    if (d->policy->by_default)
        list[n++] = "No policy was given: the built-in one is applied (in-use and allocated bytes "
                    "and goroutines, 5% and 1 MiB or 20).";
    v->minds = list;
    v->n_minds = n;
}

static const char *start_of(struct mt_part *p, const struct mt_diff_side *side)
{
    int64_t start = MT_NO_TIME;
    for (size_t i = 0; i < side->n_runs; i++) {
        int64_t of_run = side->runs[i].bundle->start_ns;
        if (of_run != MT_NO_TIME && (start == MT_NO_TIME || of_run < start))
            start = of_run;
    }
    return start == MT_NO_TIME
               ? ""
               : mt_arena_printf(p->arena, ", %s UTC", mt_fmt_date_time(p->arena, start));
}

static const char *side_words(struct mt_part *p, const struct mt_diff_side *side, const char *word)
{
    return mt_arena_printf(p->arena, "%s `%s` (%s%s)", word, side->label,
                           mt_fmt_plural(p->arena, (double)side->n_runs, "run", "runs"),
                           start_of(p, side));
}

static void head(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    struct mt_page_head *h = &p->page->head;
    const char *go_version = "";
    if (d->head.n_runs) {
        const struct mt_bundle *b = d->head.runs[0].bundle;
        go_version = mt_string_text(b->strings, b->manifest.go_version);
    }
    h->subject = mt_diff_service(d);
    if (strcmp(h->subject, "diff") == 0) /* no manifest names the service */
        h->subject = d->head.label;
    if (p->view->options.title)
        h->subject = p->view->options.title;
    h->what = "memory diff";
    h->meta = mt_arena_printf(p->arena, "%s \xc2\xb7 %s%s%s \xc2\xb7 memtriage " MT_VERSION "%s%s",
                              side_words(p, &d->base, "base"), side_words(p, &d->head, "head"),
                              *go_version ? " \xc2\xb7 " : "", go_version,
                              p->view->options.stamp ? " \xc2\xb7 " : "",
                              p->view->options.stamp ? p->view->options.stamp : "");
}

/* --- figures --- */

/* Two steps: the base, then the head. */
static struct mt_spark spark_of(struct mt_part *p, const struct mt_comparison *c)
{
    struct mt_spark spark = {.steps = true};
    double values[2] = {c->base, c->head}, top = fmax(fabs(c->base), fabs(c->head));
    if (!(top > 0))
        return spark;
    double *x = MT_NEW_N(p->arena, double, 3), *y = MT_NEW_N(p->arena, double, 3);
    for (size_t i = 0; i < 3; i++) {
        x[i] = (double)i / 2;
        y[i] = fmax(values[i ? 1 : 0], 0) / top;
    }
    spark.n = 3;
    spark.x = x;
    spark.y = y;
    return spark;
}

static void add_fact(struct mt_part *p, const char *name, const char *metric, const char *missing)
{
    struct mt_fact *f = &p->page->facts[p->page->n_facts++];
    const struct mt_comparison *c = mt_part_total(p, metric);
    *f = (struct mt_fact){.name = name, .value = "unknown", .comparison = missing};
    if (!c)
        return;
    f->value = mt_fmt_amount(p->arena, c->metric->unit, c->head);
    if (strcmp(c->metric->unit, "bytes") == 0)
        f->exact = mt_fmt_exact_bytes(p->arena, c->head);
    f->spark = spark_of(p, c);
    bool told = c->class != MT_CLASS_SAME && isfinite(c->low); /* told from noise */
    f->tone = !told ? MT_TONE_PLAIN : c->delta > 0 ? MT_TONE_BAD : MT_TONE_OK;
    const char *noise = c->class != MT_CLASS_SAME ? "" : c->delta != 0 ? ", inside noise" : "";
    f->comparison = mt_arena_printf(
        p->arena, "%s from %s%s%s%s",
        c->delta != 0 ? mt_fmt_amount_delta(p->arena, c->metric->unit, c->delta, c->base)
                      : "unchanged",
        mt_fmt_amount(p->arena, c->metric->unit, c->base), noise,
        p->view->diff->replicates ? ", " : "",
        p->view->diff->replicates ? mt_diff_signal(p->arena, p->view->diff, c) : "");
}

void mt_part_diff_head(struct mt_part *p)
{
    const struct mt_diff *d = p->view->diff;
    struct mt_page_verdict *v = &p->page->verdict;
    struct mt_state_words w = state_of(d);
    head(p);
    v->glyph = w.glyph;
    v->word = w.word;
    v->tone = w.tone;
    v->sentence = sentence_of(p);
    v->holds = leading_of(p);
    v->consequence = d->fix_sentence;
    v->gate = gate_of(p);
    v->reason = evidence_of(p);
    v->next = next_of(p);
    minds_of(p, v);
    p->page->head.title =
        mt_arena_printf(p->arena, "%s: %s - %s - memtriage", w.word,
                        d->headline && !d->not_comparable ? change_of(p, d->headline) : v->sentence,
                        p->page->head.subject);
    add_fact(p, "Live heap", "inuse_space", "needs a heap profile of each side");
    add_fact(p, d->alloc_rates ? "Allocated per second" : "Allocated", "alloc_space",
             "needs a heap or allocs profile of each side");
    add_fact(p, "Goroutines", "goroutines", "needs a goroutine profile of each side");
    add_fact(p, "Heap floor", "heap_floor", "needs MemStats or a GC log of each side");
    add_fact(p, "GC CPU share", "gc_cpu", "needs a GC log or MemStats of each side");
    if (mt_part_total(p, "request_p99"))
        add_fact(p, "Request p99", "request_p99", "");
    else
        add_fact(p, "Pause p99", "pause_p99", "needs a GC log or a trace of each side");
}
