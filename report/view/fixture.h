/* SPDX-License-Identifier: Apache-2.0 */
/* A small assessment made by hand, for the tests of view and render: one site that grows in four
 * snapshots, one MemStats series, one skipped file. */
#ifndef MT_VIEW_FIXTURE_H
#define MT_VIEW_FIXTURE_H

#include "report/view/view.h"

#include <math.h>

struct mt_fixture {
    struct mt_arena arena;
    struct mt_strings strings;
    struct mt_bundle bundle;
    struct mt_assessment assessment;
    struct mt_finding finding;
    struct mt_finding *findings[1];
    struct mt_evidence evidence[2];
    const char *stack[3];
    const char *against[1];
    struct mt_site site;
    struct mt_site *sites[1];
    struct mt_point points[4];
    struct mt_input inputs[2];
    struct mt_series series;
    struct mt_clock_state clock;
    const char *function, *sentence;
    int64_t series_ns[4];
    double series_value[4];
};

static inline void mt_fixture_site(struct mt_fixture *f)
{
    const double mib = 1 << 20;
    for (size_t i = 0; i < 4; i++) {
        double bytes = mib * (double)(4 + 10 * i);
        f->series_ns[i] = (int64_t)i * 60 * MT_SECOND_NS;
        f->series_value[i] = 100 * mib + bytes;
        f->points[i] = (struct mt_point){.time_ns = f->series_ns[i],
                                         .bytes = bytes,
                                         .objects = (double)(1000 + 500 * i),
                                         .goroutines = NAN,
                                         .low = bytes * 0.9,
                                         .high = bytes * 1.1,
                                         .share = 0.1 * (double)(i + 1)};
    }
    f->site = (struct mt_site){.function = mt_intern_text(&f->strings, f->function),
                               .file = mt_intern_text(&f->strings, "/src/shop/cache/store.go"),
                               .line = 118,
                               .points = f->points,
                               .n_points = 4,
                               .trend = {.n = 4,
                                         .slope = mib / 6,
                                         .low = mib / 8,
                                         .high = mib / 5,
                                         .coverage = 0.92,
                                         .p = 0.042,
                                         .intercept = 4 * mib,
                                         .end_ns = 180 * MT_SECOND_NS,
                                         .first = 4 * mib,
                                         .last = 34 * mib,
                                         .r2 = 1,
                                         .significant = true,
                                         .shape = MT_SHAPE_RISING},
                               .growth = 30 * mib,
                               .growth_objects = 1500,
                               .share_of_growth = 1,
                               .alloc_rate = NAN,
                               .inuse_rate = NAN,
                               .finding = &f->finding};
    f->sites[0] = &f->site;
}

static inline void mt_fixture_finding(struct mt_fixture *f)
{
    f->sentence = mt_arena_printf(
        &f->arena, "%s holds 34.0 MiB (40.0%% of live heap), up 30.0 MiB in 3 min", f->function);
    f->stack[0] = "main.main";
    f->stack[1] = "net/http.(*conn).serve";
    f->stack[2] = f->function;
    f->against[0] = "A size cap above 34 MiB would look the same in this window.";
    f->evidence[0] = (struct mt_evidence){
        MT_DIM_SITES, "heap", "heap/4.pb.gz", "rose in 3 of 3 intervals", 30 << 20, "bytes"};
    f->evidence[1] = (struct mt_evidence){
        MT_DIM_METRICS, "memstats", "memstats.jsonl", "the floor rises as well", NAN, NULL};
    f->finding = (struct mt_finding){
        .id = "0123456789abcdef",
        .family = "container-growth",
        .kind = "container growth",
        .status = MT_STATUS_LEAK,
        .confidence = MT_CONFIDENCE_HIGH,
        .confidence_reason = "rose in 3 of 3 intervals",
        .score = 0.9,
        .culprit = {.function = f->stack[2], .file = "/src/shop/cache/store.go", .line = 118},
        .stack = f->stack,
        .n_stack = 3,
        .growth = {.bytes = 30 << 20,
                   .objects = 1500,
                   .goroutines = NAN,
                   .per_second = 174762.6,
                   .low = 131072,
                   .high = 209715.2},
        .evidence = f->evidence,
        .n_evidence = 2,
        .against = f->against,
        .n_against = 1,
        .next = "Find who removes an entry.",
        .sentence = f->sentence,
        .site = &f->site,
        .metric = MT_METRIC_COUNT,
        .dimension_agrees = {true, true, false}};
    f->findings[0] = &f->finding;
}

/* A name that tries everything a page, a picture or a Markdown file could fall for. */
#define MT_FIXTURE_HOSTILE                                                                         \
    "evil/pkg.(*T</script><img src=x onerror=alert(1)>).\xe2\x80\xae"                              \
    "F`|@octocat #1 \"'&\n\xff[x](http://e.vil)"

static inline void mt_fixture_named(struct mt_fixture *f, const char *function)
{
    *f = (struct mt_fixture){0};
    f->function = function;
    mt_strings_init(&f->strings, &f->arena);
    mt_fixture_site(f);
    mt_fixture_finding(f);
    f->inputs[0] = (struct mt_input){.path = "heap/4.pb.gz",
                                     .kind = "heap profile",
                                     .format = "pprof",
                                     .bytes = 1234,
                                     .sha256 = "ab12",
                                     .records = 17,
                                     .start_ns = 180 * MT_SECOND_NS,
                                     .end_ns = MT_NO_TIME};
    f->inputs[1] = (struct mt_input){.path = "notes<b>.txt",
                                     .bytes = 3,
                                     .status = MT_INPUT_SKIPPED,
                                     .reason = "no known form",
                                     .start_ns = MT_NO_TIME,
                                     .end_ns = MT_NO_TIME};
    f->clock.clock = MT_CLOCK_SAME;
    f->series = (struct mt_series){MT_M_HEAP_ALLOC, "memstats",     &f->inputs[0], &f->clock, 4,
                                   f->series_ns,    f->series_value};
    f->bundle = (struct mt_bundle){.arena = &f->arena,
                                   .strings = &f->strings,
                                   .name = "shop-api",
                                   .inputs = f->inputs,
                                   .n_inputs = 2,
                                   .series = &f->series,
                                   .n_series = 1,
                                   .start_ns = 0,
                                   .end_ns = 180 * MT_SECOND_NS};
    f->bundle.manifest.captured_at_ns = MT_NO_TIME;
    f->assessment.bundle = &f->bundle;
    f->assessment.verdict.status = MT_VERDICT_LEAK;
    f->assessment.verdict.confidence = MT_CONFIDENCE_HIGH;
    f->assessment.verdict.confidence_reason = "rose in 3 of 3 intervals";
    f->assessment.verdict.word = "Growing";
    f->assessment.verdict.sentence = "the heap floor rises 10.0 MiB per minute";
    f->assessment.verdict.next = "Read suspect 1.";
    f->assessment.verdict.detectable_bytes_per_second = NAN;
    f->assessment.findings = f->findings;
    f->assessment.n_findings = 1;
    f->assessment.heap_sites = f->sites;
    f->assessment.n_heap_sites = 1;
    f->assessment.growth_total = 30 << 20;
    f->assessment.goroutines_first = f->assessment.goroutines_last = NAN;
}

static inline void mt_fixture_init(struct mt_fixture *f)
{
    mt_fixture_named(f, "example.com/shop/cache.(*Store).Put");
}

static inline void mt_fixture_clear(struct mt_fixture *f)
{
    mt_arena_clear(&f->arena);
}

#endif
