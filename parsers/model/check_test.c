/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/capture.h"

#include <string.h>

static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_capture c;

static int fresh(void **state)
{
    (void)state;
    mt_strings_init(&strings, &arena);
    mt_capture_init(&c, &arena, &strings);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    return 0;
}

static void assert_holds(void)
{
    struct mt_err err = {0};
    if (!mt_capture_check(&c, &err))
        fail_msg("%s", err.what);
}

static void assert_breach(const char *what)
{
    struct mt_err err = {0};
    assert_false(mt_capture_check(&c, &err));
    if (!strstr(err.what, what))
        fail_msg("\"%s\" does not say \"%s\"", err.what, what);
}

static struct mt_profile *small_profile(void)
{
    struct mt_profile *p = mt_capture_add_profile(&c, MT_PROFILE_HEAP);
    p->n_types = p->n_samples = p->n_frames = p->n_labels = p->n_mappings = p->n_locations = 1;
    p->n_lines = p->n_functions = p->n_comments = 1;
    p->types = MT_NEW(&arena, struct mt_value_type);
    p->values = MT_NEW(&arena, int64_t);
    p->samples = MT_NEW(&arena, struct mt_sample);
    p->frames = MT_NEW(&arena, uint32_t);
    p->labels = MT_NEW(&arena, struct mt_label);
    p->mappings = MT_NEW(&arena, struct mt_mapping);
    p->locations = MT_NEW(&arena, struct mt_location);
    p->lines = MT_NEW(&arena, struct mt_line);
    p->functions = MT_NEW(&arena, struct mt_function);
    p->comments = MT_NEW(&arena, uint32_t);
    p->samples->n_frames = p->samples->n_labels = p->locations->n_lines = 1;
    p->default_index = 0;
    return p;
}

/* Breaks one value, expects the check to name it, and puts the value back. */
#define BREAKS(place, value, what)                                                                 \
    do {                                                                                           \
        __typeof__(place) kept_ = (place);                                                         \
        (place) = (value);                                                                         \
        assert_breach(what);                                                                       \
        (place) = kept_;                                                                           \
        assert_holds();                                                                            \
    } while (0)

static void an_empty_capture_holds(void **state)
{
    (void)state;
    assert_holds();
    BREAKS(c.n_requests, 3, "are counted but not there");
}

static void finds_every_broken_reference_of_a_profile(void **state)
{
    (void)state;
    struct mt_profile *p = small_profile();
    assert_holds();
    BREAKS(p->types->unit, 9, "sample type 0");
    BREAKS(p->samples->n_frames, 2, "sample 0: frames");
    BREAKS(p->samples->first_frame, SIZE_MAX, "sample 0: frames");
    BREAKS(p->samples->first_label, 1, "sample 0: labels");
    BREAKS(p->frames[0], 1, "frame 0: location");
    BREAKS(p->labels->text, 9, "label 0");
    BREAKS(p->mappings->file, 9, "mapping 0");
    BREAKS(p->locations->mapping, 1, "location 0: mapping");
    BREAKS(p->locations->n_lines, 2, "location 0: lines");
    BREAKS(p->lines->function, 1, "line 0: function");
    BREAKS(p->functions->name, 9, "function 0");
    BREAKS(p->comments[0], 9, "comment 0");
    BREAKS(p->doc_url, 9, "profile 0");
    BREAKS(p->default_index, MT_NO_INDEX, "default type");
    BREAKS(p->values, NULL, "counted but not there");
    BREAKS(p->duration_ns, -1, "time and duration");
    p->lines->function = p->locations->mapping = MT_NO_INDEX;
    assert_holds();
}

static void finds_every_broken_reference_of_a_dump(void **state)
{
    (void)state;
    struct mt_goroutine_dump *d = mt_capture_add_dump(&c);
    MT_RESERVE(&arena, d->goroutines, d->n_goroutines, d->cap_goroutines);
    MT_RESERVE(&arena, d->frames, d->n_frames, d->cap_frames);
    struct mt_goroutine *g = &d->goroutines[d->n_goroutines++];
    d->n_frames = g->n_frames = 1;
    assert_holds();
    BREAKS(g->n_frames, 2, "goroutine 0: frames");
    BREAKS(g->n_labels, 1, "goroutine 0: labels");
    BREAKS(g->state, 9, "goroutine 0: text");
    BREAKS(g->created_by.file, 9, "goroutine 0: text");
    BREAKS(g->wait_ns, -1, "negative");
    BREAKS(d->frames[0].function, 9, "dump frame 0");
    BREAKS(d->n_labels, 1, "counted but not there");
}

static void finds_times_past_the_end_of_a_trace(void **state)
{
    (void)state;
    struct mt_trace_stop stop = {.at_ns = 5, .duration_ns = 5};
    uint32_t made[2] = {1, 1}, none[2] = {0, 0};
    struct mt_trace_site site = {.created = 2, .never_ended = 2, .course = {made, none, made}};
    struct mt_trace trace = {.start_ns = MT_NO_TIME,
                             .duration_ns = 10,
                             .stops = &stop,
                             .n_stops = 1,
                             .sites = &site,
                             .n_sites = 1,
                             .n_bins = 2,
                             .bin_ns = 8,
                             .created = 2};
    c.trace = &trace;
    assert_holds();
    BREAKS(stop.duration_ns, 6, "trace stop 0: ends past");
    BREAKS(stop.at_ns, INT64_MAX, "trace stop 0: ends past");
    BREAKS(stop.reason, 9, "trace stop 0: reason");
    BREAKS(site.never_ended, 3, "never ended");
    BREAKS(none[1], 1, "course");
    BREAKS(trace.n_bins, 1, "course");
    BREAKS(trace.ended, 3, "more goroutines ended");
    BREAKS(trace.n_logs, 1, "counted but not there");
}

static void finds_broken_logs_requests_and_manifests(void **state)
{
    (void)state;
    struct mt_table *t = mt_capture_add_table(&c, "memstats");
    mt_table_row(&arena, t, 7);
    struct mt_gc_log *log = mt_capture_add_gc_log(&c, "gctrace");
    MT_RESERVE(&arena, log->cycles, log->n_cycles, log->cap_cycles);
    mt_gc_cycle_init(&log->cycles[log->n_cycles++]);
    struct mt_request *r = mt_capture_add_request(&c);
    c.manifest = MT_NEW(&arena, struct mt_manifest);
    assert_holds();
    BREAKS(t->source, NULL, "table 0");
    BREAKS(t->n_rows, t->cap_rows + 1, "table 0");
    BREAKS(log->cycles->cause, 9, "GC cycle 0: cause");
    BREAKS(log->cycles->duration_ns, -1, "GC cycle 0: time");
    BREAKS(r->service, 9, "request 0: text");
    BREAKS(r->duration_ns, -5, "request 0: start");
    BREAKS(c.manifest->build, 9, "manifest 0");
    BREAKS(c.manifest->n_labels, 1, "manifest 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_capture_holds, fresh, clear),
        cmocka_unit_test_setup_teardown(finds_every_broken_reference_of_a_profile, fresh, clear),
        cmocka_unit_test_setup_teardown(finds_every_broken_reference_of_a_dump, fresh, clear),
        cmocka_unit_test_setup_teardown(finds_times_past_the_end_of_a_trace, fresh, clear),
        cmocka_unit_test_setup_teardown(finds_broken_logs_requests_and_manifests, fresh, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
