/* SPDX-License-Identifier: Apache-2.0 */
/* Time of the engine alone: engine SITES... assesses eight heap snapshots with that many call
 * sites, of which one in a hundred grows, or with all:SITES each; engine BUNDLE assesses what the
 * bundle holds. */
#include "cmd/memtriage/command.h"
#include "report/analysis/assessment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SNAPSHOTS = 8, DEPTH = 6, RUNS = 3 };

/* load.c's messages; nothing here needs them. */
void mt_say(const char *fmt, ...)
{
    (void)fmt;
}

static void add_snapshot(struct mt_capture *c, size_t sites, bool all_grow, int at)
{
    static const char *const types[] = {"inuse_objects", "inuse_space"};
    struct mt_profile *p = mt_capture_add_profile(c, MT_PROFILE_HEAP);
    p->time_ns = 1795376100ll * MT_SECOND_NS + at * 30 * MT_SECOND_NS;
    p->clock.clock = MT_CLOCK_SAME;
    p->period = 512 * 1024;
    p->n_types = 2;
    p->types = MT_NEW_N(c->arena, struct mt_value_type, 2);
    for (size_t k = 0; k < 2; k++)
        p->types[k].type = mt_intern_text(c->strings, types[k]);
    p->samples = MT_NEW_N(c->arena, struct mt_sample, sites);
    p->values = MT_NEW_N(c->arena, int64_t, sites * 2);
    p->frames = MT_NEW_N(c->arena, uint32_t, sites * DEPTH);
    p->locations = MT_NEW_N(c->arena, struct mt_location, sites);
    p->lines = MT_NEW_N(c->arena, struct mt_line, sites);
    p->functions = MT_NEW_N(c->arena, struct mt_function, sites);
    for (uint32_t i = 0; i < sites; i++) {
        const char *name =
            mt_arena_printf(c->arena, "example.com/shop/p%u.(*T%u).M%u", i % 97, i % 1009, i);
        p->functions[i] =
            (struct mt_function){.id = i + 1, .name = mt_intern_text(c->strings, name)};
        p->lines[i] = (struct mt_line){.function = i, .line = 7};
        p->locations[i] = (struct mt_location){i + 1, 0, MT_NO_INDEX, i, 1, false};
        p->samples[i] = (struct mt_sample){.first_frame = p->n_frames, .n_frames = DEPTH};
        for (uint32_t d = 0; d < DEPTH; d++)
            p->frames[p->n_frames++] = (uint32_t)((i + d * 7919u) % sites);
        p->values[2 * i] = 4096 * (all_grow || i % 100 == 7 ? 1 + at : 2);
        p->values[2 * i + 1] = p->values[2 * i] * 512;
    }
    p->n_samples = p->n_functions = p->n_lines = p->n_locations = sites;
}

static double assess_ms(const struct mt_bundle *b)
{
    double best = 0;
    for (int run = 0; run < RUNS; run++) {
        struct mt_arena a = {0};
        struct mt_assess_options how = {0};
        struct timespec from, to;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        mt_assess(&a, b, &how);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
        double ms =
            (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
        best = run && best < ms ? best : ms;
        mt_arena_clear(&a);
    }
    return best;
}

static void synthetic(size_t sites, bool all_grow)
{
    struct mt_arena arena = {0};
    struct mt_strings strings, own;
    struct mt_capture c;
    mt_strings_init(&strings, &arena);
    mt_strings_init(&own, &arena);
    mt_capture_init(&c, &arena, &own);
    for (int i = 0; i < SNAPSHOTS; i++)
        add_snapshot(&c, sites, all_grow, i);
    struct mt_input input = {.path = "heap",
                             .kind = "heap profile",
                             .format = "pprof",
                             .start_ns = MT_NO_TIME,
                             .end_ns = MT_NO_TIME,
                             .capture = &c};
    double ms = assess_ms(mt_bundle_join(&arena, &strings, "synthetic", &input, 1, 0));
    printf("%zu sites%s: %.1f ms, %.2f us a site\n", sites, all_grow ? ", all of which grow" : "",
           ms, 1e3 * ms / (double)sites);
    mt_arena_clear(&arena);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *end;
        bool all_grow = strncmp(argv[i], "all:", 4) == 0;
        unsigned long sites = strtoul(argv[i] + (all_grow ? 4 : 0), &end, 10);
        struct mt_loaded l;
        struct mt_err err = {0};
        if (!*end && sites)
            synthetic(sites, all_grow);
        else if (mt_load(&l, argv[i], 1, 0, &err)) {
            printf("%s: %.1f ms\n", argv[i], assess_ms(l.bundle));
            mt_loaded_clear(&l);
        }
    }
    return 0;
}
