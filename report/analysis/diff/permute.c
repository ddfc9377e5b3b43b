/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Westfall-Young max-T over relabellings of the runs: all of them while there are at most
 * MT_DIFF_MOST_RELABELLINGS, else that many drawn from a fixed seed. The true labelling always
 * counts, so the least p is 1 / (number of relabellings) or twice that, by symmetry, where both
 * sides are equal.
 */
#include "report/analysis/diff/runs.h"

#include <math.h>
#include <string.h>

/* Weight of the sampling variance against that within the sides (leak-engine.md section 7). */
static const double PRIOR_DF = 4;
/* Of values nobody sampled and nobody counts, as a share of their mean. */
static const double ASSUMED_ERROR = 0.01;

static double sampling_variance(const struct mt_metric_values *v, const struct mt_entity *e,
                                size_t n_runs)
{
    double mean = 0, variance = 0;
    for (size_t i = 0; i < n_runs; i++) {
        mean += e->value[i] / (double)n_runs;
        variance += e->variance[i] / (double)n_runs;
    }
    if (v->metric.exact)
        return fabs(mean);
    return variance > 0 ? variance : ASSUMED_ERROR * ASSUMED_ERROR * mean * mean;
}

/* Difference of means over a standard error whose variance is moderated: four runs alone give wild
 * values for small sites. */
static double moderated_t(const double *value, size_t n_runs, const bool *head, double sampling)
{
    double sum[2] = {0, 0}, n[2] = {0, 0}, within = 0;
    for (size_t i = 0; i < n_runs; i++) {
        sum[head[i]] += value[i];
        n[head[i]]++;
    }
    double mean[2] = {sum[0] / n[0], sum[1] / n[1]};
    for (size_t i = 0; i < n_runs; i++)
        within += (value[i] - mean[head[i]]) * (value[i] - mean[head[i]]);
    double df = (double)n_runs - 2;
    double variance = (PRIOR_DF * sampling + within) / (PRIOR_DF + df);
    double error = sqrt(variance * (1 / n[0] + 1 / n[1]));
    double difference = mean[1] - mean[0];
    return error > 0 ? fabs(difference) / error : difference != 0 ? INFINITY : 0;
}

static double choose(size_t n, size_t k)
{
    double ways = 1;
    for (size_t i = 1; i <= k; i++)
        ways = ways * (double)(n - k + i) / (double)i;
    return ways;
}

/* The next combination in order; false after the last. The heads stand as true. */
static bool next_labelling(bool *head, size_t n)
{
    size_t ones = 0, i = n;
    while (i > 0 && head[i - 1]) { /* trailing heads */
        ones++;
        i--;
    }
    while (i > 0 && !head[i - 1])
        i--;
    if (!i)
        return false;
    head[i - 1] = false; /* moves one to the right, the trailing ones follow */
    for (size_t k = i; k < n; k++)
        head[k] = k < i + ones + 1;
    return true;
}

/* xorshift64*: the same draws on every machine. */
static uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1du;
}

static void shuffle(bool *head, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)(draw(state) % i);
        bool kept = head[i - 1];
        head[i - 1] = head[k];
        head[k] = kept;
    }
}

struct search {
    struct mt_tested *items;
    size_t n, n_gated, n_runs;
    double *observed, *sampling;
    size_t *reached;
    size_t labellings;
};

static void count_labelling(struct search *s, const bool *head)
{
    double largest = 0;
    for (size_t i = 0; i < s->n_gated; i++) {
        double t = moderated_t(s->items[i].entity->value, s->n_runs, head, s->sampling[i]);
        largest = t > largest ? t : largest;
    }
    s->labellings++;
    for (size_t i = 0; i < s->n; i++) {
        double most = largest;
        if (i >= s->n_gated) {
            double own = moderated_t(s->items[i].entity->value, s->n_runs, head, s->sampling[i]);
            most = own > most ? own : most;
        }
        /* a hair of slack: the same partition summed in another order must count as equal */
        s->reached[i] += most >= s->observed[i] * (1 - 1e-9);
    }
}

void mt_max_t(struct mt_arena *arena, struct mt_tested *items, size_t n, size_t n_gated,
              size_t n_base, size_t n_runs)
{
    struct search s = {.items = items, .n = n, .n_gated = n_gated, .n_runs = n_runs};
    bool *head = MT_NEW_N(arena, bool, n_runs);
    for (size_t i = n_base; i < n_runs; i++)
        head[i] = true;
    s.observed = MT_NEW_N(arena, double, n + 1);
    s.sampling = MT_NEW_N(arena, double, n + 1);
    s.reached = MT_NEW_N(arena, size_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        s.sampling[i] = sampling_variance(items[i].metric, items[i].entity, n_runs);
        s.observed[i] = moderated_t(items[i].entity->value, n_runs, head, s.sampling[i]);
    }
    if (choose(n_runs, n_base) <= MT_DIFF_MOST_RELABELLINGS) {
        for (size_t i = 0; i < n_runs; i++)
            head[i] = i < n_runs - n_base; /* the first in order: all heads in front */
        do
            count_labelling(&s, head);
        while (next_labelling(head, n_runs));
    } else {
        uint64_t state = 0x6d656d7472696167u;
        count_labelling(&s, head);
        while (s.labellings < MT_DIFF_MOST_RELABELLINGS) {
            shuffle(head, n_runs, &state);
            count_labelling(&s, head);
        }
    }
    for (size_t i = 0; i < n; i++)
        items[i].adjusted_p = (double)s.reached[i] / (double)s.labellings;
}
