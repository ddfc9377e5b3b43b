/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often does the gate fail where nothing changed? Draws runs of a real heap profile: the
 * sampled count behind each sample is drawn anew from a Poisson distribution, and each run as a
 * whole is larger or smaller by a factor with 15% spread; then 4 runs are compared with 4 under the
 * built-in policy. false_alarms TRIALS PROFILE...
 */
#include "parsers/formats/reader.h"
#include "parsers/input/stream.h"
#include "report/analysis/diff.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double SPREAD = 0.15;
enum { RUNS = 8 };

static double uniform(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * 0x2545f4914f6cdd1du) >> 11) / 9007199254740992.0;
}

static double normal(uint64_t *state)
{
    return sqrt(-2 * log(1 - uniform(state))) * cos(6.283185307179586 * uniform(state));
}

static double poisson(uint64_t *state, double mean)
{
    if (mean > 60)
        return fmax(0, round(mean + sqrt(mean) * normal(state)));
    double limit = exp(-mean), product = uniform(state), k = 0;
    for (; product > limit; k++)
        product *= uniform(state);
    return k;
}

/* A fresh copy for each run: the join rewrites string ids in place. */
static bool read_profile(const char *path, struct mt_arena *arena, struct mt_capture *capture,
                         struct mt_stream **stream)
{
    struct mt_err err = {0};
    if (!mt_stream_open(stream, path, &err))
        return false;
    const struct mt_reader *reader = mt_reader_sniff(mt_stream_head(*stream));
    struct mt_strings *strings = MT_NEW(arena, struct mt_strings);
    mt_strings_init(strings, arena);
    mt_capture_init(capture, arena, strings);
    struct mt_cursor in = mt_stream_cursor(*stream, &err);
    return reader && reader->read(&in, capture) && capture->n_profiles == 1 &&
           capture->profiles[0].n_types == 4;
}

static struct mt_diff_run drawn(struct mt_arena *arena, struct mt_capture *c, uint64_t *state)
{
    struct mt_profile *p = &c->profiles[0];
    double factor = fmax(0.3, 1 + SPREAD * normal(state));
    for (size_t i = 0; i < 2 * p->n_samples; i++) {
        int64_t *pair = &p->values[2 * i];
        if (pair[0] <= 0 || pair[1] <= 0)
            continue;
        double size = (double)pair[1] / (double)pair[0];
        double chance = -expm1(-size / (double)p->period);
        double count = poisson(state, (double)pair[0] * chance * factor) / chance;
        pair[0] = (int64_t)count;
        pair[1] = (int64_t)(count * size);
    }
    struct mt_strings *strings = MT_NEW(arena, struct mt_strings);
    mt_strings_init(strings, arena);
    struct mt_input *input = MT_NEW(arena, struct mt_input);
    *input = (struct mt_input){.path = "heap.pb.gz",
                               .capture = c,
                               .format = "pprof",
                               .start_ns = MT_NO_TIME,
                               .end_ns = MT_NO_TIME};
    return (struct mt_diff_run){.bundle = mt_bundle_join(arena, strings, "drawn", input, 1, 0),
                                .name = "drawn"};
}

/* 1: the gate failed, 0: it did not, -1: the profile cannot be used */
static int trial(const char *path, uint64_t *state)
{
    struct mt_arena arena = {0};
    struct mt_capture captures[RUNS];
    struct mt_stream *streams[RUNS] = {0};
    struct mt_diff_run runs[RUNS];
    int failed = 0;
    for (int i = 0; i < RUNS && failed == 0; i++) {
        if (read_profile(path, &arena, &captures[i], &streams[i]))
            runs[i] = drawn(&arena, &captures[i], state);
        else
            failed = -1;
    }
    if (failed == 0) {
        struct mt_diff_side base = {.runs = runs, .n_runs = RUNS / 2};
        struct mt_diff_side head = {.runs = runs + RUNS / 2, .n_runs = RUNS / 2};
        struct mt_diff_options options = {0};
        failed = mt_diff_make(&arena, base, head, mt_policy_default(&arena), &options)->gate ==
                 MT_GATE_FAIL;
    }
    for (int i = 0; i < RUNS; i++)
        mt_stream_close(streams[i]);
    mt_arena_clear(&arena);
    return failed;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: false_alarms TRIALS PROFILE...\n", stderr);
        return 2;
    }
    int trials = atoi(argv[1]), failed = 0, done = 0;
    uint64_t state = 20261122;
    for (int t = 0; t < trials; t++) {
        int result = trial(argv[2 + t % (argc - 2)], &state);
        failed += result == 1;
        done += result >= 0;
    }
    printf("synthetic: %d of %d comparisons without a change failed the gate (%.1f%%)\n", failed,
           done, done ? 100.0 * failed / done : 0);
    return done ? 0 : 1;
}
