/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

#include <string.h>

extern const struct mt_reader mt_reader_memstats_text;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_memstats_text, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_memstats_text, path);
}

static void reads_records_between_dates(void **state)
{
    (void)state;
    read_file("testdata/memstats-text/dates.log");
    /* grep -c '# HeapAlloc' dates.log; sed -n '1p; /HeapAlloc/p; /Stack/p; /LastGC/p' dates.log */
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 4276392);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 4098832);
    mt_testing_is(&t, 0, MT_M_STACK_INUSE, 0, 524288);
    mt_testing_is(&t, 0, MT_M_MSPAN_INUSE, 0, 83232);
    mt_testing_is(&t, 0, MT_M_MSPAN_SYS, 0, 97632);
    mt_testing_is(&t, 0, MT_M_LAST_GC, 0, 1795375649041324188.0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, -1); /* MaxRSS is a peak, and the parent's at that */
    mt_testing_is(&t, 0, MT_M_RSS_PEAK, 0, 49946624);
    /* date -u -d '2026-11-22 19:27:29' +%s */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795375649000000000);
    assert_false(t.capture.tables[0].clock.zone_unknown);
}

static void reads_records_without_times(void **state)
{
    (void)state;
    read_file("testdata/memstats-text/bare.txt");
    mt_testing_rows(&t, 1, 2, 0); /* grep -c '# HeapAlloc' bare.txt */
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 2901480);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 2707008);
    assert_int_equal(t.capture.tables[0].time_ns[0], MT_NO_TIME);
    assert_int_equal(t.capture.tables[0].clock.clock, MT_CLOCK_NONE);
}

static void reads_what_grep_prints_with_file_names(void **state)
{
    (void)state;
    read_file("testdata/memstats-text/grep.txt");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 4276392);
    mt_testing_is(&t, 0, MT_M_STACK_SYS, 1, 557056);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795375649000000000);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795375654000000000);
    read_text("heap_1.txt:# HeapAlloc = 1\nheap_2.txt:# HeapAlloc = 2\nheap_2.txt-# Sys = 3\n--\n"
              "dir/heap_3.txt:# HeapAlloc = 4\n");
    mt_testing_rows(&t, 1, 3, 0);
    mt_testing_is(&t, 0, MT_M_SYS, 1, 3);
    assert_int_equal(t.capture.tables[0].time_ns[0], MT_NO_TIME);
}

static void takes_pauses_from_the_ring(void **state)
{
    (void)state;
    read_text("# HeapAlloc = 1\n# PauseNs = [7 8 9 0 0]\n# PauseEnd = [1 2 3 0 0]\n# NumGC = 3\n"
              "# HeapAlloc = 2\n# PauseNs = [7 8 9 4 0]\n# NumGC = 259\n"
              "# HeapAlloc = 3\n# NumGC = 260\n");
    mt_testing_rows(&t, 1, 3, 0);
    mt_testing_is(&t, 0, MT_M_LAST_PAUSE, 0, 9);
    mt_testing_is(&t, 0, MT_M_PAUSE_TOTAL, 0, 24);
    mt_testing_is(&t, 0, MT_M_LAST_PAUSE, 1, 9);
    mt_testing_is(&t, 0, MT_M_PAUSE_TOTAL, 1, -1); /* the ring has turned */
    mt_testing_is(&t, 0, MT_M_LAST_PAUSE, 2, -1);
}

static void counts_damaged_fields_and_goes_on(void **state)
{
    (void)state;
    read_text("# HeapAlloc = x\n# Stack = 5 / y\n# NumGC = \n# Sys = 7\r\n# HeapIdle=8\ntext\n"
              "# HeapInuse = -1\n# HeapSys = 9\n# HeapReleased = 12");
    mt_testing_rows(&t, 1, 1, 3);
    mt_testing_is(&t, 0, MT_M_SYS, 0, 7);
    mt_testing_is(&t, 0, MT_M_STACK_INUSE, 0, 5);
    mt_testing_is(&t, 0, MT_M_HEAP_IDLE, 0, -1);
    mt_testing_is(&t, 0, MT_M_HEAP_SYS, 0, 9);
    mt_testing_is(&t, 0, MT_M_HEAP_RELEASED, 0, -1); /* may be cut */
    assert_true(mt_testing_remarks(&t, "bad-values"));
    read_text("# HeapAlloc = 1\r# Sys = 2\r# HeapAlloc = 3\r");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_read(&t, &mt_reader_memstats_text,
                    MT_SPAN("# Heap\0Alloc = 1\n# Sys = 2\0\n# NumGC = 3\n"));
    mt_testing_rows(&t, 1, 1, 1);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_memstats_text, "# HeapAlloc = 1\n# NumGC = 1\n",
                               "# HeapAlloc = 2\n# NumGC = 2\n", MT_M_NUM_GC, 2);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_memstats_text;
    assert_int_equal(mt_testing_sniff(r, "# Alloc = 1\n# HeapAlloc = 1\n# Sys = 2\n"), MT_CERTAIN);
    assert_int_equal(
        mt_testing_sniff(
            r, "# scrape 2026-11-22T19:27:29Z\n# Alloc = 1\n# HeapAlloc = 1\n# Sys = 2\n"),
        MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "hello\n# Alloc = 1\n# HeapAlloc = 1\n# Sys = 2\n"),
                     MT_LIKELY);
    assert_int_equal(
        mt_testing_sniff(
            r,
            "heap profile: 1: 2 [3: 4] @ heap/1048576\n# Alloc = 1\n# HeapAlloc = 1\n# Sys = 2\n"),
        MT_NO);
    assert_int_equal(mt_testing_sniff(r, "# Alloc = 1\n# HeapAlloc = 1\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "# Notes\n\n# What = 5\n# It = 6\n# Says = 7\n"), MT_NO);
}

static void samples_without_the_profiles_first_line_are_missed(void **state)
{
    (void)state;
    read_text("0: 0 [1: 48] @ 0x4d2a31 0x4d29d5\n#\t0x4d2a30\tmain.f+0x30\t/f.go:1\n\n"
              "2: 96 [2: 96] @ 0x4d2a31\n\n# HeapAlloc = 5\n# Sys = 7\n");
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 5);
    assert_int_equal(t.capture.n_remarks, 1);
    assert_string_equal(t.capture.remarks[0].id, "samples-lost");
    assert_true(t.capture.remarks[0].severe);
    assert_non_null(strstr(t.capture.remarks[0].statement, "2 samples"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_records_between_dates),
        cmocka_unit_test(reads_records_without_times),
        cmocka_unit_test(reads_what_grep_prints_with_file_names),
        cmocka_unit_test(takes_pauses_from_the_ring),
        cmocka_unit_test(counts_damaged_fields_and_goes_on),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
        cmocka_unit_test(samples_without_the_profiles_first_line_are_missed),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
