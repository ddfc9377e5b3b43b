/* SPDX-License-Identifier: Apache-2.0 */
/* The policy applied, and the verdict in words that follow the evidence. */
#include "report/analysis/diff/gate.h"

#include "report/analysis/numbers.h"

#include <math.h>
#include <string.h>

static const double SIGNIFICANT = 0.05;

static const struct mt_comparison *total_of(const struct mt_diff *d, const char *metric)
{
    for (size_t i = 0; i < d->n_comparisons; i++)
        if (d->comparisons[i].scope == MT_SCOPE_TOTAL &&
            strcmp(d->comparisons[i].metric->name, metric) == 0)
            return &d->comparisons[i];
    return NULL;
}

/* A percentage is of the base's total, for function:PATTERN of the function's own base; a pair must
 * be exceeded in both. */
static bool exceeds(const struct mt_policy_rule *r, const struct mt_comparison *c,
                    double base_total)
{
    double base = r->pattern ? c->base : base_total;
    bool share = isnan(r->max_share) || c->delta > r->max_share * base;
    bool absolute = isnan(r->max_absolute) || c->delta > r->max_absolute;
    return c->delta > 0 && share && absolute;
}

static enum mt_gate judge(const struct mt_diff *d, const struct mt_policy_rule *r,
                          const struct mt_comparison *c, const char **reason)
{
    if (c->class == MT_CLASS_MOVED) {
        *reason = "the function moved; its size is the same";
        return MT_GATE_PASS;
    }
    if (d->replicates) {
        bool fails = c->adjusted_p < SIGNIFICANT;
        *reason = fails ? "beyond the limit, and the runs of both sides differ"
                        : "beyond the limit, but inside the noise between runs";
        return fails ? (r->warn_only ? MT_GATE_PASS : MT_GATE_FAIL) : MT_GATE_PASS;
    }
    if (c->low <= 0) {
        *reason = "beyond the limit, but inside the sampling error";
        return MT_GATE_PASS;
    }
    if (r->warn_only) {
        *reason = "beyond the limit and the sampling error; a warning only";
        return MT_GATE_PASS;
    }
    if (d->policy->single_run_fails) {
        *reason = "beyond the limit and the sampling error; the policy lets single runs fail";
        return MT_GATE_FAIL;
    }
    *reason = isfinite(c->low)
                  ? "beyond the limit and the sampling error, but one run a side says nothing of "
                    "the spread between runs"
                  : "beyond the limit, but one run a side says nothing of the spread between runs";
    return MT_GATE_UNDECIDED;
}

static int rank(enum mt_gate gate)
{
    return gate == MT_GATE_FAIL ? 2 : gate == MT_GATE_UNDECIDED ? 1 : 0;
}

static bool is_lost(const struct mt_diff *d, const char *metric)
{
    for (size_t i = 0; i < d->n_lost; i++)
        if (strcmp(d->lost[i], metric) == 0)
            return true;
    return false;
}

/* What nobody named may be absent, but not get lost on the way from base to head: a build whose
 * profiles failed would pass. */
static struct mt_policy_result not_compared(const struct mt_diff *d, const struct mt_policy_rule *r)
{
    bool lost = is_lost(d, r->metric);
    return (struct mt_policy_result){
        .rule = r,
        .result = d->policy->by_default && !lost ? MT_GATE_PASS : MT_GATE_UNDECIDED,
        .reason = lost ? "not compared: the base has data for it and not every run of the head"
                       : "not compared: one side has no data for it"};
}

static struct mt_policy_result apply(const struct mt_diff *d, const struct mt_policy_rule *r)
{
    struct mt_policy_result result = {
        .rule = r, .result = MT_GATE_PASS, .value = 0, .reason = "within the limit"};
    const struct mt_comparison *total = total_of(d, r->metric);
    if (!total)
        return not_compared(d, r);
    for (size_t i = 0; i < d->n_comparisons; i++) {
        const struct mt_comparison *c = &d->comparisons[i];
        if (c->metric != total->metric || c->scope != r->scope ||
            mt_policy_suppresses(d->policy, c->function) ||
            (r->pattern && !mt_pattern_matches_name(r->pattern, c->function)))
            continue;
        if (!result.comparison || c->delta > result.value) {
            result.value = result.comparison || c->delta > 0 ? c->delta : result.value;
            if (!result.n_exceeded)
                result.comparison = c;
        }
        if (!exceeds(r, c, total->base))
            continue;
        const char *reason;
        enum mt_gate gate = judge(d, r, c, &reason);
        bool first = !result.n_exceeded++;
        if (first || rank(gate) > rank(result.result)) {
            result.result = gate;
            result.comparison = c;
            result.reason = reason;
        }
    }
    if (result.comparison)
        result.value = result.comparison->delta;
    return result;
}

/* The first rule that decided, else the in-use total, else whatever total there is. */
static const struct mt_comparison *headline_of(const struct mt_diff *d)
{
    static const char *const metrics[] = {"inuse_space", "goroutines", "alloc_space", "heap_floor",
                                          "rss"};
    for (size_t i = 0; i < d->n_results; i++)
        if (d->results[i].result == d->gate && d->gate != MT_GATE_PASS && d->results[i].comparison)
            return total_of(d, d->results[i].rule->metric);
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        if (total_of(d, metrics[i]))
            return total_of(d, metrics[i]);
    return d->n_comparisons ? &d->comparisons[0] : NULL;
}

static bool beyond_any_limit(const struct mt_diff *d)
{
    for (size_t i = 0; i < d->n_results; i++)
        if (d->results[i].n_exceeded)
            return true;
    return false;
}

/* Why the gate is open though nothing exceeds its limit. */
static const char *what_is_missing(struct mt_arena *arena, const struct mt_diff *d)
{
    for (size_t i = 0; i < d->n_results; i++)
        if (d->results[i].result == MT_GATE_UNDECIDED)
            return mt_arena_printf(arena, "%s: %s.", d->results[i].rule->metric,
                                   d->results[i].reason);
    return "nothing was compared.";
}

static void word(struct mt_arena *arena, struct mt_diff *d)
{
    const struct mt_comparison *h = d->headline;
    if (d->not_comparable || !h) {
        d->not_comparable =
            d->not_comparable ? d->not_comparable : "the two sides have no kind of data in common";
        d->verdict = "not comparable";
        d->sentence = d->not_comparable;
        return;
    }
    if (d->gate == MT_GATE_UNDECIDED && !beyond_any_limit(d)) {
        d->verdict = "not all compared, undecided";
        d->sentence = what_is_missing(arena, d);
        return;
    }
    bool noise = h->class == MT_CLASS_SAME;
    if (d->gate == MT_GATE_FAIL)
        d->verdict = "threshold exceeded";
    else if (d->gate == MT_GATE_UNDECIDED)
        d->verdict = "limit exceeded, undecided";
    else if (noise && h->delta > 0 && beyond_any_limit(d))
        d->verdict = "increase inside noise";
    else if (!noise && h->delta < 0)
        d->verdict = "decrease";
    else if (!d->replicates)
        d->verdict = "no change beyond sampling error";
    else
        d->verdict = "no significant change";
    const char *runs = d->replicates ? mt_arena_printf(arena, "%zu runs against %zu",
                                                       d->base.n_runs, d->head.n_runs)
                       : d->pooled   ? "a pool of fewer than four runs a side, taken as one run"
                                     : "one run a side";
    d->sentence = mt_arena_printf(arena, "%s: %s in total, from %s to %s, %s.", h->metric->name,
                                  mt_fmt_amount_delta(arena, h->metric->unit, h->delta, h->base),
                                  mt_fmt_amount(arena, h->metric->unit, h->base),
                                  mt_fmt_amount(arena, h->metric->unit, h->head), runs);
}

static const char *damage_of(struct mt_arena *arena, const struct mt_diff *d)
{
    const struct mt_diff_side *sides[2] = {&d->base, &d->head};
    for (int s = 0; s < 2; s++) {
        if (!sides[s]->n_runs)
            return mt_arena_printf(arena, "the %s has no usable input", s ? "head" : "base");
        for (size_t i = 0; i < sides[s]->n_runs; i++)
            if (sides[s]->runs[i].damaged)
                return mt_arena_printf(arena, "%s: %s", s ? "head" : "base",
                                       sides[s]->runs[i].damage);
    }
    return NULL;
}

void mt_diff_gate(struct mt_arena *arena, struct mt_diff *d)
{
    d->results = MT_NEW_N(arena, struct mt_policy_result, d->policy->n_rules + 1);
    d->gate = MT_GATE_PASS;
    for (size_t i = 0; i < d->policy->n_rules; i++) {
        d->results[d->n_results++] = apply(d, &d->policy->rules[i]);
        if (rank(d->results[i].result) > rank(d->gate))
            d->gate = d->results[i].result;
    }
    d->not_comparable = damage_of(arena, d);
    for (size_t i = 0; d->not_comparable && i < d->n_results; i++) {
        d->results[i].result = MT_GATE_UNDECIDED; /* what was read proves nothing */
        d->results[i].reason = "not applied: an input could not be read whole";
    }
    if (d->not_comparable || !d->n_comparisons)
        d->gate = MT_GATE_UNDECIDED;
    d->headline = headline_of(d);
    word(arena, d);
}
