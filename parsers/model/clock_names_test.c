/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/model/clock_names.h"

#include <stdlib.h>
#include <string.h>

#define DAY            1795305600ll /* date -u -d 2026-11-22 +%s */
#define CLOCK(h, m, s) (((h)*60 + (m)) * 60 + (s))

struct expected {
    const char *path;
    enum mt_path_time kind;
    int64_t ms;
    int sequence; /* -1: none */
};

static void assert_hints(const struct expected *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct mt_path_hint h;
        bool any = mt_time_from_path(mt_span_of(cases[i].path), &h);
        if (h.kind != cases[i].kind || h.time_ns != cases[i].ms * 1000000)
            fail_msg("%s: kind %d, %lld ns", cases[i].path, (int)h.kind, (long long)h.time_ns);
        if (h.has_sequence != (cases[i].sequence >= 0) ||
            (h.has_sequence && h.sequence != (uint64_t)cases[i].sequence))
            fail_msg("%s: sequence %d %llu", cases[i].path, h.has_sequence,
                     (unsigned long long)h.sequence);
        assert_int_equal(any, h.has_sequence || h.kind != MT_PATH_NO_TIME);
    }
}
#define ASSERT_HINTS(cases) assert_hints(cases, sizeof(cases) / sizeof *(cases))

static void reads_a_day_with_a_time(void **state)
{
    (void)state;
    const int64_t at = (DAY + CLOCK(19, 35, 17)) * 1000;
    const struct expected cases[] = {
        {"profiles/heap/20261122T193517Z.pb.gz", MT_PATH_ABSOLUTE, at, -1},
        {"20261122T191440Z-debug2.txt", MT_PATH_ABSOLUTE, (DAY + CLOCK(19, 14, 40)) * 1000, -1},
        {"heap-20261122-193517.pprof", MT_PATH_ABSOLUTE, at, -1},
        {"heap20261122193517-004", MT_PATH_ABSOLUTE, at, 4},
        {"2026-11-22_19-35-17/heap.pprof", MT_PATH_ABSOLUTE, at, -1},
        {"2026-11-22T19:35:17.250Z.trace", MT_PATH_ABSOLUTE, at + 250, -1},
        {"2026-11-22T203517+0100", MT_PATH_ABSOLUTE, at, -1},
        {"2026_11_22_19_35_17_x2.heap", MT_PATH_ABSOLUTE, at, -1},
        {"2026-11-22 19.35.heap", MT_PATH_ABSOLUTE, at - 17000, -1},
        {"20261122T193517.001.pb.gz", MT_PATH_ABSOLUTE, at, 1},
        {"2026-11-22/heap.193517.pb.gz", MT_PATH_ABSOLUTE, at, 193517},
        {"trace-20261122T193517Z-20261122T193527Z", MT_PATH_ABSOLUTE, at, -1},
    };
    ASSERT_HINTS(cases);
}

static void reads_unix_times_of_every_unit(void **state)
{
    (void)state;
    const struct expected cases[] = {
        {"heap.1795376117.pb.gz", MT_PATH_ABSOLUTE, 1795376117000, -1},
        {"heap-1795376117250", MT_PATH_ABSOLUTE, 1795376117250, -1},
        {"1795376117250000.trace", MT_PATH_ABSOLUTE, 1795376117250, -1},
        {"1795376117250000000", MT_PATH_ABSOLUTE, 1795376117250, -1},
    };
    ASSERT_HINTS(cases);
    struct mt_path_hint h;
    mt_time_from_path(MT_SPAN("heap.99999999999999999999.0111111111111"), &h);
    assert_int_equal(h.kind, MT_PATH_NO_TIME); /* too long, and 1973 */
}

static void reads_times_of_day_and_since_the_beginning(void **state)
{
    (void)state;
    const struct expected cases[] = {
        {"accounts-7f9c4d-x2x7p.heap.192107.pb.gz", MT_PATH_TIME_OF_DAY, CLOCK(19, 21, 7) * 1000,
         192107},
        {"pprof/goroutine-203747.debug2.txt", MT_PATH_TIME_OF_DAY, CLOCK(20, 37, 47) * 1000,
         203747},
        {"heap-19-21-07_3.pprof", MT_PATH_TIME_OF_DAY, CLOCK(19, 21, 7) * 1000, 3},
        {"t+037s/heap.pprof", MT_PATH_RELATIVE, 37000, -1},
        {"heap.t+1m30s.003.pprof", MT_PATH_RELATIVE, 90000, 3},
        {"heap-t250ms", MT_PATH_RELATIVE, 250, -1},
        {"30s/heap", MT_PATH_RELATIVE, 30000, -1},
        {"t+5min/heap.192107", MT_PATH_TIME_OF_DAY, CLOCK(19, 21, 7) * 1000, 192107},
    };
    ASSERT_HINTS(cases);
}

static void takes_nothing_from_words_versions_and_durations(void **state)
{
    (void)state;
    const struct expected cases[] = {
        {"cpu-30s.pprof", MT_PATH_NO_TIME, 0, -1},
        {"heap.pb.gz", MT_PATH_NO_TIME, 0, -1},
        {"", MT_PATH_NO_TIME, 0, -1},
        {"goroutine_debug2.txt", MT_PATH_NO_TIME, 0, -1},
        {"heap?debug=1", MT_PATH_NO_TIME, 0, -1},
        {"svc-6c9f7d5b8-x2x7p.rss.csv", MT_PATH_NO_TIME, 0, -1},
        {"go1.26-v2.heap", MT_PATH_NO_TIME, 0, 26},
        {"196099/246000/256161", MT_PATH_NO_TIME, 0, 256161},
        {"20261322T193517", MT_PATH_NO_TIME, 0, -1},
    };
    ASSERT_HINTS(cases);
}

static void reads_sequence_numbers(void **state)
{
    (void)state;
    const struct expected cases[] = {
        {"heap_003_debug1.txt", MT_PATH_NO_TIME, 0, 3},
        {"pprof/pprof.backoffice.inuse_space.allocs.001.pb.gz", MT_PATH_NO_TIME, 0, 1},
        {"trace.002", MT_PATH_NO_TIME, 0, 2},
        {"run12/heap.pprof", MT_PATH_NO_TIME, 0, 12},
        {"snap-4/heap-09.pprof", MT_PATH_NO_TIME, 0, 9},
        {"heap (2).pprof", MT_PATH_NO_TIME, 0, 2},
    };
    ASSERT_HINTS(cases);
    static const struct {
        const char *path;
        bool suffix;
    } suffixes[] = {{"goroutine_debug2.txt.2", true},
                    {"memstats.log.2.gz", true},
                    {"trace.002", false},
                    {"heap.003.pb.gz", false}};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        struct mt_path_hint h;
        assert_true(mt_time_from_path(mt_span_of(suffixes[i].path), &h));
        assert_int_equal(h.sequence_is_suffix, suffixes[i].suffix);
    }
}

static void knows_its_own_grain_and_zone(void **state)
{
    (void)state;
    struct mt_path_hint h;
    mt_time_from_path(MT_SPAN("20261122T193517Z"), &h);
    assert_int_equal(h.step_ns, MT_SECOND_NS);
    assert_true(h.zone_known);
    mt_time_from_path(MT_SPAN("20261122-1935"), &h);
    assert_int_equal(h.step_ns, 60 * MT_SECOND_NS);
    assert_false(h.zone_known);
    mt_time_from_path(MT_SPAN("t+2m"), &h);
    assert_int_equal(h.step_ns, 60 * MT_SECOND_NS);
    mt_time_from_path(MT_SPAN("1795376117250"), &h);
    assert_int_equal(h.step_ns, 1000000);
    assert_true(h.zone_known);
}

static void orders_numbers_by_value(void **state)
{
    (void)state;
    static const char *const sorted[] = {"",        "a",        "a-2",      "a-10",     "a02",
                                         "a2",      "a2b",      "a010",     "b1/c9",    "b1/c10",
                                         "t+9s/h1", "t+010s/h", "trace.99", "trace.100"};
    size_t n = sizeof sorted / sizeof *sorted;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            int order = mt_natural_compare(mt_span_of(sorted[i]), mt_span_of(sorted[k]));
            int wanted = (i > k) - (i < k);
            if ((order > 0) - (order < 0) != wanted)
                fail_msg("\"%s\" against \"%s\": %d", sorted[i], sorted[k], order);
        }
}

/* Random names of the bytes that matter, from buffers of their own for the sanitizer. */
static void never_reads_outside_a_name(void **state)
{
    (void)state;
    static const char bytes[] = "0123456789012345678901234567890tTzZsmh+-_.:/=g\0\xff";
    uint64_t random = 42;
    for (int i = 0; i < 20000; i++) {
        unsigned char name[24];
        size_t size = (random >> 40) % sizeof name;
        for (size_t k = 0; k < size; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            name[k] = (unsigned char)bytes[(random >> 33) % (sizeof bytes - 1)];
        }
        unsigned char *exact = malloc(size + !size);
        memcpy(exact, name, size);
        struct mt_path_hint h;
        mt_time_from_path((struct mt_span){exact, size}, &h);
        assert_true(h.kind != MT_PATH_TIME_OF_DAY || h.time_ns < 2 * 86400 * MT_SECOND_NS);
        assert_int_equal(
            mt_natural_compare((struct mt_span){exact, size}, (struct mt_span){name, size}), 0);
        free(exact);
        random = random * 6364136223846793005u + 1442695040888963407u;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_day_with_a_time),
        cmocka_unit_test(reads_unix_times_of_every_unit),
        cmocka_unit_test(reads_times_of_day_and_since_the_beginning),
        cmocka_unit_test(takes_nothing_from_words_versions_and_durations),
        cmocka_unit_test(reads_sequence_numbers),
        cmocka_unit_test(knows_its_own_grain_and_zone),
        cmocka_unit_test(orders_numbers_by_value),
        cmocka_unit_test(never_reads_outside_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
