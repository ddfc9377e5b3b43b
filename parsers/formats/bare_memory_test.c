/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_bare_memory;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_bare_memory, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_bare_memory, path);
}

static void takes_pages_of_bytes_for_a_control_group(void **state)
{
    (void)state;
    read_file("testdata/bare-memory/current.log");
    mt_testing_rows(&t, 1, 8, 0); /* grep -cv : current.log */
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 7, 41201664);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795638149000000000);
    assert_true(mt_testing_remarks(&t, "unit-assumed"));
}

static void a_second_number_under_a_time_is_the_limit(void **state)
{
    (void)state;
    read_file("testdata/bare-memory/current-max.log");
    mt_testing_rows(&t, 1, 6, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 5, 30408704);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 5, 100663296);
    read_file("testdata/bare-memory/current-no-max.log");
    mt_testing_rows(&t, 1, 7, 0);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 6, 19177472);
    mt_testing_is(&t, 0, MT_M_CGROUP_LIMIT, 6, -1);
    struct mt_text text = {0};
    for (int i = 0; i < 7; i++) /* resident memory of two processes: nobody knows of which */
        mt_text_printf(&text, "%d\n%d\n%d\n", 1795374261 + i, 37656 + 4 * i, 39000 + 4 * i);
    assert_int_equal(mt_reader_bare_memory.sniff(mt_span_of(text.data)), MT_NO);
    mt_text_clear(&text);
    for (int i = 0; i < 7; i++) /* nor what three numbers are */
        mt_text_printf(&text, "%d\n40960\n81920\n122880\n", 1795374261 + i);
    assert_int_equal(mt_reader_bare_memory.sniff(mt_span_of(text.data)), MT_NO);
    mt_text_clear(&text);
}

static void takes_multiples_of_4_for_what_ps_prints(void **state)
{
    (void)state;
    read_file("testdata/bare-memory/rss.log");
    mt_testing_rows(&t, 1, 7, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 19760 * 1024);
}

static void container_logs_are_unwrapped_and_date_what_has_no_time(void **state)
{
    (void)state;
    struct mt_text text = {0};
    for (int i = 0; i < 8; i++)
        mt_text_printf(&text, "2026-11-22T19:04:2%d.5Z stdout F %d\n", i, 39845888 + 4096 * i);
    assert_int_equal(mt_reader_bare_memory.sniff(mt_span_of(text.data)), MT_LIKELY);
    read_text(text.data);
    mt_testing_rows(&t, 1, 8, 0);
    assert_int_equal(t.capture.tables[0].time_ns[7], 1795374267500000000);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 7, 39845888 + 4096 * 7);
    mt_text_clear(&text);
    for (int i = 0; i < 8; i++) /* the program's own time counts more */
        mt_text_printf(&text,
                       "{\"log\":\"%d %d\\n\",\"stream\":\"stdout\","
                       "\"time\":\"2026-11-22T19:04:29Z\"}\n",
                       1795374261 + i, 37656 + 4 * i);
    read_text(text.data);
    mt_testing_rows(&t, 1, 8, 0);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795374261000000000);
    mt_testing_is(&t, 0, MT_M_RSS, 0, 37656 * 1024);
    mt_text_clear(&text);
}

static void tells_unix_times_from_sizes(void **state)
{
    (void)state;
    /* 1795375104 is 4096 times 438324, and a time here; the sizes look like times */
    read_text("1795375101\n1900003328\n1795375102\n1900007424\n1795375103\n1900011520\n"
              "1795375104\n1900015616\n1795375105\n2000003072\n1795375106\n2000007168\n"
              "1795375107\n2000011264\n");
    mt_testing_rows(&t, 1, 7, 0);
    assert_int_equal(t.capture.tables[0].time_ns[3], 1795375104000000000);
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, 4, 2000003072);
}

static void reads_both_on_one_line_and_skips_what_does_not_fit(void **state)
{
    (void)state;
    read_text("1795374261 37656\n1795374262 38948\n1795374263;38348\n1795374264\t38520\n"
              "1795374265 39372\n1795374266 39460\n1795374267 39464\nx\n1795374268 "
              "39468\n\n1795374269 39");
    assert_false(t.ok); /* not times and numbers alone */
    read_text("1795374261 37656\n1795374262 38948\n1795374263;38348\n1795374264\t38520\n"
              "1795374265 39372\n1795374266 39460\n1795374267 39464\n\n1795374268 39");
    mt_testing_rows(&t, 1, 7, 0);
    mt_testing_is(&t, 0, MT_M_RSS, 3, 38520 * 1024);
}

static void counts_lines_of_another_kind_and_goes_on(void **state)
{
    (void)state;
    struct mt_text text = {0};
    enum { SOUND = 4000 }; /* more than the head by which the form is known */
    for (int i = 0; i < SOUND; i++)
        mt_text_printf(&text, "%d\n%d\n", 1795374261 + i, 40960 + i % 5 * 4096);
    mt_text_add(&text, "1795379000\n-8192\n1795379001\n18446744073709551616\nmax\n1e9\n\0");
    mt_text_span(&text, MT_SPAN("1795379002\n8192\0\n1795379003\n18446744073709547520\n"));
    for (int i = 0; i < 200000; i++)
        mt_text_byte(&text, '1');
    mt_text_add(&text, "\n1795379004\n8192\n1795379005\n8192");
    mt_testing_read(&t, &mt_reader_bare_memory, mt_text_view(&text));
    mt_text_clear(&text);
    mt_testing_rows(&t, 1, SOUND + 1,
                    6); /* -8192, 2^64, max, 1e9, that with a zero, the long one */
    mt_testing_is(&t, 0, MT_M_CGROUP_CURRENT, SOUND, 8192);
    assert_true(mt_testing_remarks(&t, "bad-values"));
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_bare_memory;
    const char *odd = "1795374261 37657\n1795374262 38949\n1795374263 3834\n1795374264 3852\n"
                      "1795374265 39372\n1795374266 39460\n1795374267 39464\n";
    assert_int_equal(mt_testing_sniff(r, odd), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "4096\n8192\n4096\n8192\n4096\n8192\n4096\n8192\n"),
                     MT_NO);
    assert_int_equal(mt_testing_sniff(r, "1795374261 37656\n1795374262 38948\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, ""), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_pages_of_bytes_for_a_control_group),
        cmocka_unit_test(a_second_number_under_a_time_is_the_limit),
        cmocka_unit_test(takes_multiples_of_4_for_what_ps_prints),
        cmocka_unit_test(container_logs_are_unwrapped_and_date_what_has_no_time),
        cmocka_unit_test(tells_unix_times_from_sizes),
        cmocka_unit_test(reads_both_on_one_line_and_skips_what_does_not_fit),
        cmocka_unit_test(counts_lines_of_another_kind_and_goes_on),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
