/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_cgroup;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_cgroup, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_cgroup, path);
}

static void reads_grep_of_version_2_files(void **state)
{
    (void)state;
    read_file("testdata/cgroup/v2-grep.log");
    mt_testing_rows(&t, 1, 2, 0); /* grep -c memory.current v2-grep.log */
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 1, 15220736);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 0, 100663296);
    mt_testing_is(&t, 0, MT_M_CGROUP_ANON, 0, 8810496);
    mt_testing_is(&t, 0, MT_M_CGROUP_FILE, 1, 0);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795638151000000000);
    assert_false(mt_testing_remarks(&t, "oom-kill")); /* oom_kill 0 */
}

static void reads_cat_and_tail_of_version_2_files(void **state)
{
    (void)state;
    read_file("testdata/cgroup/v2-cat.log");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 10153984);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 1, 100663296);
    mt_testing_is(&t, 0, MT_M_CGROUP_ANON, 0, 9629696);
    read_file("testdata/cgroup/v2-tail.log");
    mt_testing_rows(&t, 1, 4, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 3, 24678400);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 3, 100663296);
    read_file("testdata/cgroup/v2-two-groups.log");
    mt_testing_rows(&t, 2, 8, 0);
    assert_string_equal(mt_string_text(&t.strings, t.capture.tables[1].origin), "web");
}

static void says_that_the_kernel_killed(void **state)
{
    (void)state;
    read_file("testdata/cgroup/v2-oom.log");
    mt_testing_rows(&t, 1, 6, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 3, 69214208);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 4, 61440);
    assert_true(mt_testing_remarks(&t, "oom-kill"));
    assert_true(mt_span_find(mt_span_of(t.capture.remarks[0].statement), "1 during this log") !=
                MT_NPOS);
}

static void a_usage_at_its_limit_is_not_two_usages(void **state)
{
    (void)state;
    /* current, swap.current, peak, max: what stands behind a smaller number cannot be told */
    read_text("2026-11-25T20:19:47Z\n50331648\n50331648\nanon 8192\n"
              "2026-11-25T20:19:48Z\n50233344\n0\n50331648\n50331648\nanon 4096\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 50331648);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 0, 50331648);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 1, 50233344);
}

static void reads_cat_of_version_1_files(void **state)
{
    (void)state;
    read_file("testdata/cgroup/v1.log");
    /* grep -c '^cache' v1.log; sed -n '2p; /^rss /p; /^cache/p' v1.log */
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 597188608);
    mt_testing_is(&t, 0, MT_M_CGROUP_ANON, 0, 13467648);
    mt_testing_is(&t, 0, MT_M_CGROUP_FILE, 0, 9744384);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 0, -1); /* 9223372036854771712 is none */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795608126000000000);
}

static void reads_banners_bare_numbers_and_no_limit(void **state)
{
    (void)state;
    read_text("==> /sys/fs/cgroup/memory.current <==\n8192\n\n==> /sys/fs/cgroup/memory.max "
              "<==\n16384\n\n"
              "==> /sys/fs/cgroup/memory.peak <==\n12288\n==> /sys/fs/cgroup/memory.current "
              "<==\n12288\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 0, 16384);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 1, 12288);
    read_text("1795374261\n8192\nmax\nanon 4096\n1795374262\n1890000896\n1900544000\nanon 8192\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 0, 8192);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 1, 1900544000);
}

static void figures_that_come_again_begin_a_record(void **state)
{
    (void)state;
    read_text(
        "anon 4096\nfile 8192\nanon 8192\nfile 8192\n/sys/fs/cgroup/x/memory.stat:anon 12288\n"
        "memory.current 16384\n");
    mt_testing_rows(&t, 2, 3, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_ANON, 1, 8192);
    mt_testing_is(&t, 1, MT_M_CGROUP_ANON, 0, 12288);
    mt_testing_is(&t, 1, MT_M_CGROUP_CURRENT, 0, 16384);
    assert_string_equal(mt_string_text(&t.strings, t.capture.tables[1].origin), "x");
}

static void groups_beside_each_other_are_told_apart(void **state)
{
    (void)state;
    read_file("testdata/cgroup/two-groups.log");
    mt_testing_rows(&t, 2, 8, 0); /* grep -c : two-groups.log, less the dates */
    assert_string_equal(mt_string_text(&t.strings, t.capture.tables[0].origin), "shop");
    assert_int_equal(t.capture.tables[1].origin, 0); /* the root */
    for (size_t i = 0; i < 4; i++)                   /* both files of a round have its time */
        assert_true(t.capture.tables[0].time_ns[i] == t.capture.tables[1].time_ns[i]);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 3, 23982080);
    mt_testing_is(&t, 1, MT_M_CGROUP_CURRENT, 3, 5144956928);
    read_file("testdata/cgroup/v1-cat.log");
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 3, 134217728);
}

static void counts_damaged_figures_and_goes_on(void **state)
{
    (void)state;
    read_text(
        "memory.current:x\nmemory.current:-4096\nanon x\nanon 4096\r\nmemory.max:\nother text\n"
        "file 18446744073709551616\nfile 8192\nanon 81");
    mt_testing_rows(&t, 1, 1, 3);
    mt_testing_is(&t, 0, MT_M_CGROUP_ANON, 0, 4096);
    mt_testing_is(&t, 0, MT_M_CGROUP_FILE, 0, 8192);
    mt_testing_read(&t, &mt_reader_cgroup, MT_SPAN("anon\0 4096\nanon 4096\0\nanon 8192\n"));
    mt_testing_rows(&t, 1, 1, 0);
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_cgroup, "1795374261\nanon 4096\n",
                               "1795374262\nanon 8192\n", MT_M_CGROUP_ANON, 8192);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_cgroup;
    assert_int_equal(mt_testing_sniff(r, "1795374261\nanon 4096\nfile 4096\nkernel_stack 0\n"),
                     MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "memory.current:1\nmemory.max:max\nmemory.stat:anon 1\n"),
                     MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "text\nanon 4096\nfile 4096\nkernel_stack 0\n"),
                     MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "file 4096\nslab x\nrss feed\ncache miss\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_grep_of_version_2_files),
        cmocka_unit_test(reads_cat_and_tail_of_version_2_files),
        cmocka_unit_test(says_that_the_kernel_killed),
        cmocka_unit_test(a_usage_at_its_limit_is_not_two_usages),
        cmocka_unit_test(reads_cat_of_version_1_files),
        cmocka_unit_test(reads_banners_bare_numbers_and_no_limit),
        cmocka_unit_test(figures_that_come_again_begin_a_record),
        cmocka_unit_test(groups_beside_each_other_are_told_apart),
        cmocka_unit_test(counts_damaged_figures_and_goes_on),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
