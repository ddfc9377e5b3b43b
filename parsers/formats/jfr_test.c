/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

extern const struct mt_reader mt_reader_jfr;

static struct mt_testing t;
static const struct mt_capture *const cap = &t.capture;

static void read_sample(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "testdata/jfr/%s", name);
    mt_testing_read_file(&t, &mt_reader_jfr, path);
}

static int teardown(void **state)
{
    (void)state;
    mt_testing_clear(&t);
    return 0;
}

static size_t count(const struct mt_gc_log *log, enum mt_gc_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < log->n_cycles; i++)
        n += log->cycles[i].kind == kind;
    return n;
}

static const char *text(uint32_t id)
{
    return mt_string_text(cap->strings, id);
}

static void shows(const char *part)
{
    char *shown = mt_testing_inspect(&t, &mt_reader_jfr);
    if (!strstr(shown, part))
        fail_msg("%s is not in %s", part, shown);
    free(shown);
}

/* jfr summary: GCHeapSummary 484, GarbageCollection 242, OldObjectSample 247, ...
 * jfr print --events G1GarbageCollection | grep -c Mixed: 58
 * jfr print --json: the sum of sumOfPauses is 811.582558 ms, of heapUsed after GC 5952944544 */
static void a_recording_of_g1_under_jdk_17(void **state)
{
    (void)state;
    read_sample("g1-jdk17.jfr.gz");
    assert_true(t.ok);
    struct mt_err err = {0};
    assert_true(mt_capture_check(cap, &err));
    assert_int_equal(cap->records, 2289);
    shows("\"versions\":[\"2.1\"],\"chunks\":1,");
    shows("\"jdk.GCHeapSummary\":484,\"jdk.GCPhasePause\":268,\"jdk.GarbageCollection\":242,"
          "\"jdk.ObjectAllocationSample\":360,\"jdk.OldObjectSample\":247}");
    assert_int_equal(cap->n_gc_logs, 1);
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(text(log->collector), "G1");
    assert_int_equal(log->n_cycles, 242);
    assert_int_equal(count(log, MT_GC_MIXED), 58);
    int64_t pause_ns = 0;
    uint64_t after = 0;
    for (size_t i = 0; i < log->n_cycles; i++) {
        const struct mt_gc_cycle *c = &log->cycles[i];
        pause_ns += c->pause_ns;
        after += c->heap_live_bytes;
        assert_true(i == 0 || c->time_ns >= log->cycles[i - 1].time_ns);
        assert_true(c->old_after_bytes <= c->heap_live_bytes);
    }
    assert_in_range(pause_ns, 811582558 - 242, 811582558 + 242);
    assert_int_equal(after, 5952944544);
}

/* jfr print --json of the 360 samples: two stacks, weights 260251608 in all */
static void sampled_allocations_make_a_profile(void **state)
{
    (void)state;
    read_sample("g1-jdk17.jfr.gz");
    const struct mt_profile *p = &cap->profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_ALLOCS);
    assert_int_equal(p->n_samples, 2);
    assert_int_equal(p->values[0] + p->values[2], 360);
    assert_int_equal(p->values[1] + p->values[3], 260251608);
    assert_int_equal(cap->profiles[1].kind, MT_PROFILE_OTHER);
    assert_string_equal(text(cap->profiles[1].types[0].type), "old_objects");
    assert_int_equal(cap->profiles[1].values[0], 247);
}

/* jfr print --json, events ObjectAllocationInNewTLAB (tlabSize) and ...OutsideTLAB (allocationSize)
 * by class and stack: [B at Small.make:6, work:7, main:11: 2273 events, 28617144 bytes; [B at
 * cache:5, main:11: 118 and 2366888; 31109984 bytes in 4 stacks; objectSize 2421432 in all */
static void allocations_outside_and_inside_tlabs_are_one_profile(void **state)
{
    (void)state;
    read_sample("parallel-jdk25.jfr.gz");
    assert_true(t.ok);
    const struct mt_profile *p = &cap->profiles[0];
    assert_int_equal(p->n_samples, 4);
    int64_t bytes = 0;
    size_t make = SIZE_MAX;
    for (size_t i = 0; i < p->n_samples; i++) {
        bytes += p->values[2 * i + 1];
        if (p->values[2 * i] == 2273)
            make = i;
    }
    assert_int_equal(bytes, 31109984);
    assert_true(make != SIZE_MAX);
    assert_int_equal(p->values[2 * make + 1], 28617144);
    const struct mt_sample *s = &p->samples[make];
    static const char *const names[] = {"Small.make", "Small.work", "Small.main"};
    static const int64_t lines[] = {6, 7, 11};
    assert_int_equal(s->n_frames, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct mt_location *l = &p->locations[p->frames[s->first_frame + i]];
        const struct mt_line *line = &p->lines[l->first_line];
        assert_string_equal(text(p->functions[line->function].name), names[i]);
        assert_int_equal(line->line, lines[i]);
    }
    assert_string_equal(
        text(p->functions[p->lines[p->locations[p->frames[s->first_frame]].first_line].function]
                 .system_name),
        "Small.make(I)Ljava/lang/Object;");
    assert_string_equal(text(p->labels[s->first_label].key), "class");
    assert_string_equal(text(p->labels[s->first_label].text), "byte[]");
    int64_t old = 0;
    for (size_t i = 0; i < cap->profiles[1].n_samples; i++)
        old += cap->profiles[1].values[2 * i + 1];
    assert_int_equal(old, 2421432);
}

/* jfr print --events GCHeapSummary, PSHeapSummary: after GC 6 (the last): heapUsed 14807176,
 * committed 22544384 */
static void the_old_generation_comes_from_the_collectors_own_summary(void **state)
{
    (void)state;
    read_sample("parallel-jdk25.jfr.gz");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(text(log->collector), "Parallel");
    assert_int_equal(log->clock.clock, MT_CLOCK_SAME);
    const struct mt_gc_cycle *last = &log->cycles[log->n_cycles - 1];
    assert_int_equal(last->heap_live_bytes, 14807176);
    assert_int_equal(last->heap_total_bytes, 22544384);
    assert_true(last->old_after_bytes > 0 && last->old_after_bytes <= last->heap_live_bytes);
    assert_int_equal(last->young_after_bytes, last->heap_live_bytes - last->old_after_bytes);
}

/* The converter of async-profiler 4.5 (--total -o collapsed): --alloc 1221 samples, 80019456
 * bytes; --live 392 objects, 747600 bytes; of them byte[] at Shop.basket:13 307 */
static void live_objects_of_async_profiler_are_a_profile(void **state)
{
    (void)state;
    read_sample("async-profiler-4.5.jfr.gz");
    assert_true(t.ok);
    struct mt_err err = {0};
    assert_true(mt_capture_check(cap, &err));
    assert_int_equal(cap->n_profiles, 2);
    shows("\"alloc_space\":{\"events\":1221,\"samples\":11,\"bytes\":80019456},"
          "\"live_space\":{\"events\":392,\"samples\":7,\"bytes\":747600}");
    const struct mt_profile *p = &cap->profiles[1];
    assert_string_equal(text(p->types[1].type), "live_space");
    size_t most = 0;
    for (size_t i = 1; i < p->n_samples; i++)
        if (p->values[2 * i] > p->values[2 * most])
            most = i;
    assert_int_equal(p->values[2 * most], 307);
    const struct mt_location *leaf = &p->locations[p->frames[p->samples[most].first_frame]];
    const struct mt_line *line = &p->lines[leaf->first_line];
    assert_string_equal(text(p->functions[line->function].name), "Shop.basket");
    assert_int_equal(line->line, 13);
    assert_string_equal(text(p->labels[p->samples[most].first_label].text), "byte[]");
}

/* async-profiler 1.8.8 writes version 0.9; its converter to flame graphs finds 113 and 43 samples
 */
static void recordings_of_version_0_9_are_counted(void **state)
{
    (void)state;
    read_sample("async-profiler-1.8-alloc.jfr.gz");
    assert_true(t.ok);
    shows("\"versions\":[\"0.9\"],\"chunks\":1,");
    shows("\"events\":{\"recordings/recording\":1,\"recordings/recording_setting\":1,"
          "\"vm/prof/execution_sample\":113}");
    read_sample("async-profiler-1.8-jdk8.jfr.gz");
    assert_true(t.ok);
    shows("\"vm/prof/execution_sample\":43}");
}

/* Built by hand after the format of JDK 9: names under com.oracle, integers of fixed width, two
 * chunks. */
static void version_1_with_integers_of_fixed_width(void **state)
{
    (void)state;
    read_sample("v1.0-plain-integers.jfr");
    assert_true(t.ok);
    shows("\"versions\":[\"1.0\"],\"chunks\":2,");
    shows("\"com.oracle.jdk.GarbageCollection\":4");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(text(log->collector), "Serial");
    assert_int_equal(log->n_cycles, 2);
    assert_int_equal(log->cycles[0].kind, MT_GC_YOUNG);
    assert_int_equal(log->cycles[1].kind, MT_GC_FULL);
    assert_string_equal(text(log->cycles[1].cause), "Allocation Failure");
    assert_int_equal(log->cycles[0].time_ns, 1551776400002000000);
    assert_int_equal(log->cycles[0].duration_ns, 2500000);
    assert_int_equal(log->cycles[0].pause_ns, 2000000);
    assert_int_equal(log->cycles[0].heap_start_bytes, 8 << 20);
    assert_int_equal(log->cycles[1].old_after_bytes, 2 << 20);
    const struct mt_profile *p = &cap->profiles[0];
    assert_int_equal(p->n_samples, 1);
    assert_int_equal(p->values[0], 4);
    assert_int_equal(p->values[1], 600);
    assert_int_equal(p->samples[0].n_frames, 2);
    assert_string_equal(text(p->functions[0].name), "com.example.Caf\xc3\xa9.put");
    assert_string_equal(text(p->labels[0].text), "java.lang.String[]");
}

/* Built by hand after the format of JDK 7 and 8: microseconds as ticks, two collections, two
 * allocations that opened a buffer and one outside, an event without a descriptor. */
static void version_0_9_is_read_as_the_later_ones(void **state)
{
    (void)state;
    read_sample("v0.9.jfr");
    assert_true(t.ok);
    struct mt_err err = {0};
    assert_true(mt_capture_check(cap, &err));
    shows("\"versions\":[\"0.9\"]");
    shows("\"duration_s\":60");
    shows("\"java/object_alloc_outside_TLAB\":1,\"unknown\":1,"
          "\"vm/gc/collector/garbage_collection\":2,");
    const struct mt_gc_log *log = &cap->gc_logs[0];
    assert_string_equal(text(log->collector), "Parallel");
    assert_int_equal(log->n_cycles, 2);
    const struct mt_gc_cycle *young = &log->cycles[0], *full = &log->cycles[1];
    assert_int_equal(young->kind, MT_GC_YOUNG);
    assert_int_equal(young->time_ns, 1551776400005000000);
    assert_int_equal(young->duration_ns, 2500000);
    assert_int_equal(young->pause_ns, 1000000);
    assert_string_equal(text(young->cause), "Allocation Failure");
    assert_int_equal(full->kind, MT_GC_FULL);
    assert_int_equal(full->heap_start_bytes, 30 << 20);
    assert_int_equal(full->heap_live_bytes, 8 << 20);
    assert_int_equal(full->heap_total_bytes, 64 << 20);
    assert_int_equal(full->old_before_bytes, 20 << 20);
    const struct mt_profile *p = &cap->profiles[0];
    assert_int_equal(p->kind, MT_PROFILE_ALLOCS);
    assert_int_equal(p->n_samples, 2);
    assert_int_equal(p->values[0], 2);
    assert_int_equal(p->values[1], 32768 + 65536);
    assert_int_equal(p->values[3], 1000000);
    assert_int_equal(p->samples[0].n_frames, 2);
    assert_string_equal(text(p->functions[0].name), "com.example.Cache.put");
    assert_string_equal(text(p->functions[0].system_name), "com.example.Cache.put(I)V");
    assert_int_equal(p->lines[0].line, 12);
    assert_string_equal(text(p->labels[0].text), "java.lang.Object");
    assert_string_equal(text(p->labels[1].text), "byte[]");
}

static void recordings_cut_anywhere_do_no_harm(void **state)
{
    (void)state;
    mt_testing_cut_everywhere(&mt_reader_jfr, "testdata/jfr/v0.9.jfr", 1);
    mt_testing_cut_everywhere(&mt_reader_jfr, "testdata/jfr/v1.0-plain-integers.jfr", 7);
}

/* Sizes, types, counts, indices of structures, keys: each byte to all ones, or by one more. */
static void recordings_with_wrong_bytes_do_no_harm(void **state)
{
    (void)state;
    static const char *const paths[] = {"testdata/jfr/v0.9.jfr",
                                        "testdata/jfr/v1.0-plain-integers.jfr"};
    for (size_t k = 0; k < sizeof paths / sizeof *paths; k++) {
        struct mt_span whole = mt_testing_file(paths[k]);
        unsigned char *bytes = (unsigned char *)(uintptr_t)whole.data;
        for (size_t i = 8; i < whole.size; i++) {
            unsigned char before = bytes[i];
            bytes[i] = (unsigned char)(i % 2 ? 0xff : before + 1);
            mt_testing_read(&t, &mt_reader_jfr, whole);
            struct mt_err err = {0};
            assert_true(mt_capture_check(cap, &err));
            bytes[i] = before;
        }
        free(bytes);
    }
}

static void a_chunk_that_is_cut_keeps_its_events(void **state)
{
    (void)state;
    struct mt_span whole = mt_testing_file("testdata/jfr/v1.0-plain-integers.jfr");
    mt_testing_read(&t, &mt_reader_jfr, mt_span_sub(whole, 0, whole.size - 100));
    free((void *)(uintptr_t)whole.data);
    assert_false(t.ok);
    assert_int_equal(t.err.code, MT_ERR_INPUT);
    assert_non_null(strstr(t.err.what, "3601 bytes into a chunk of 3701"));
    assert_int_equal(cap->gc_logs[0].n_cycles, 2); /* of the first chunk */
    assert_int_equal(cap->records, 16);            /* the second's events are there, too */
}

static void damage_inside_a_chunk_is_named(void **state)
{
    (void)state;
    struct mt_span whole = mt_testing_file("testdata/jfr/v1.0-plain-integers.jfr");
    unsigned char *bytes = (unsigned char *)(uintptr_t)whole.data;
    bytes[68] = 0xff; /* size of the first event */
    mt_testing_read(&t, &mt_reader_jfr, whole);
    free(bytes);
    assert_false(t.ok);
    assert_int_equal(t.err.offset, 68);
    assert_int_equal(cap->records, 8); /* of the second chunk */
}

static void what_follows_a_chunk_must_be_one(void **state)
{
    (void)state;
    mt_testing_read(&t, &mt_reader_jfr, MT_SPAN("FLR\0\0\2\0\1"));
    assert_false(t.ok);
    mt_testing_read(&t, &mt_reader_jfr, MT_SPAN("<html>not found, sorry</html>"));
    assert_false(t.ok);
    assert_int_equal(mt_reader_jfr.sniff(MT_SPAN("FLR\0\0\2\0\1")), MT_CERTAIN);
    assert_int_equal(mt_reader_jfr.sniff(MT_SPAN("FLR\0\1\2\0\1")), MT_NO);
    assert_int_equal(mt_reader_jfr.sniff(MT_SPAN("FLR is a magic")), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording_of_g1_under_jdk_17),
        cmocka_unit_test(sampled_allocations_make_a_profile),
        cmocka_unit_test(allocations_outside_and_inside_tlabs_are_one_profile),
        cmocka_unit_test(the_old_generation_comes_from_the_collectors_own_summary),
        cmocka_unit_test(live_objects_of_async_profiler_are_a_profile),
        cmocka_unit_test(recordings_of_version_0_9_are_counted),
        cmocka_unit_test(version_1_with_integers_of_fixed_width),
        cmocka_unit_test(version_0_9_is_read_as_the_later_ones),
        cmocka_unit_test(recordings_cut_anywhere_do_no_harm),
        cmocka_unit_test(recordings_with_wrong_bytes_do_no_harm),
        cmocka_unit_test(a_chunk_that_is_cut_keeps_its_events),
        cmocka_unit_test(damage_inside_a_chunk_is_named),
        cmocka_unit_test(what_follows_a_chunk_must_be_one),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
