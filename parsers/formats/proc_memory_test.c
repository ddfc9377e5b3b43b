/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_proc_memory;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_proc_memory, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_proc_memory, path);
}

static void reads_status_of_a_real_process(void **state)
{
    (void)state;
    read_file("testdata/proc-memory/status.log");
    /* grep -c VmRSS status.log; grep -m1 'VmRSS\|RssAnon\|VmSize\|Threads\|^Pid' status.log */
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 4524 * 1024);
    mt_testing_is(&t, 0, MT_M_RSS_ANON, 0, 1404 * 1024);
    mt_testing_is(&t, 0, MT_M_VIRTUAL, 0, 5480 * 1024);
    mt_testing_is(&t, 0, MT_M_THREADS, 0, 1);
    assert_int_equal(t.capture.tables[0].pid, 5637);
    assert_true(mt_span_is(mt_string(&t.strings, t.capture.tables[0].origin), "bash"));
    /* date -u -d 2026-11-25T12:00:00.158548862Z +%s%N */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795608000158548862);
}

static void reads_grep_of_two_processes(void **state)
{
    (void)state;
    read_file("testdata/proc-memory/grep.log");
    mt_testing_rows(&t, 2, 6, 0); /* grep -c VmRSS grep.log */
    assert_int_equal(t.capture.tables[1].pid, 1);
    mt_testing_is(&t, 1, MT_M_RSS, 2, 19736 * 1024);
    assert_int_equal(t.capture.tables[1].time_ns[0], t.capture.tables[0].time_ns[0]);
}

static void reads_smaps_rollup(void **state)
{
    (void)state;
    read_file("testdata/proc-memory/rollup.log");
    mt_testing_rows(&t, 1, 4,
                    0); /* grep -c '^Rss' rollup.log; grep '^Rss\|^Anonymous' rollup.log */
    mt_testing_is(&t, 0, MT_M_RSS, 1, 33136 * 1024);
    mt_testing_is(&t, 0, MT_M_RSS_ANON, 1, 31464 * 1024);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795638158000000000);
}

static void rollups_of_two_processes_are_told_apart(void **state)
{
    (void)state;
    read_file("testdata/proc-memory/rollup-two.log");
    mt_testing_rows(&t, 2, 8, 0); /* grep -c rollup rollup-two.log; grep '^Rss' rollup-two.log */
    mt_testing_is(&t, 0, MT_M_RSS, 0, 5032 * 1024.0);
    mt_testing_is(&t, 1, MT_M_RSS, 0, 5004 * 1024.0);
    for (size_t i = 0; i < 4; i++)
        assert_true(t.capture.tables[0].time_ns[i] == t.capture.tables[1].time_ns[i]);
}

static void adds_up_the_mappings_of_smaps(void **state)
{
    (void)state;
    read_text("00400000-00800000 r-xp 00000000 fe:00 1 /srv/shop\nRss: 8 kB\nAnonymous: 0 kB\n"
              "c000000000-c004000000 rw-p 00000000 00:00 0\nRss: 16 kB\nAnonymous: 16 kB\n"
              "00400000-00800000 r-xp 00000000 fe:00 1 /srv/shop\nRss: 12 kB\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 24 * 1024);
    mt_testing_is(&t, 0, MT_M_RSS_ANON, 0, 16 * 1024);
    mt_testing_is(&t, 0, MT_M_RSS, 1, 12 * 1024);
}

static void reads_single_lines_without_times(void **state)
{
    (void)state;
    read_text("VmRSS:\t   100 kB\nVmRSS:\t   104 kB\nVmRSS:\t   108 kB\n");
    mt_testing_rows(&t, 1, 3, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 2, 108 * 1024);
    assert_int_equal(t.capture.tables[0].time_ns[0], MT_NO_TIME);
}

static void counts_damaged_lines_and_goes_on(void **state)
{
    (void)state;
    read_text("VmRSS:\t   12 MB\nVmRSS:\t x kB\nVmRSS:\nThreads:\tmany\nPid:\t-1\nVmRSS:\t 8 kB\r\n"
              "VmRSS:\t99999999999999999999 kB\nVmRSS:\t   1");
    mt_testing_rows(&t, 1, 1, 3);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 8 * 1024);
    read_text("Rss: 18446744073709551615 kB\nRss: 4 kB\nRss: -4 kB\nAnonymous: 4096\n"
              "Rss: 4 kB 4\n00400000-zz ---p 00000000 00:00 0 [rollup]\n"
              "/proc/99999999999/status:Threads:\t8\n");
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 4 * 1024);
    read_text("VmRSS:\t 4 kB\rThreads:\t7\rVmRSS:\t 8 kB\r");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_read(&t, &mt_reader_proc_memory, MT_SPAN("Name:\ta\0b\nVmRSS:\t 4 kB\n\0"));
    mt_testing_rows(&t, 1, 1, 0);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_proc_memory, "1795374261\nVmRSS:\t 4 kB\n",
                               "1795374262\nVmRSS:\t 8 kB\n", MT_M_RSS, 8192);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_proc_memory;
    assert_int_equal(mt_testing_sniff(r, "1795374261\nName:\tshop\nVmRSS:\t 4 kB\n"), MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "/proc/71/status:VmRSS:\t 4 kB\n"), MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "some text\nVmRSS:\t 4 kB\n"), MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "Threads:\t7\nName:\tx\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "Rss: 5\nVmRSS: 12 MB\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_status_of_a_real_process),
        cmocka_unit_test(reads_grep_of_two_processes),
        cmocka_unit_test(reads_smaps_rollup),
        cmocka_unit_test(rollups_of_two_processes_are_told_apart),
        cmocka_unit_test(adds_up_the_mappings_of_smaps),
        cmocka_unit_test(reads_single_lines_without_times),
        cmocka_unit_test(counts_damaged_lines_and_goes_on),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
