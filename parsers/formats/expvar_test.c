/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_expvar;

static struct mt_testing t;

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_expvar, text);
}

static void reads_lines_of_a_real_service(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_expvar, "testdata/expvar/lines.jsonl");
    /* jq -r '.time, .memstats.HeapAlloc, .memstats.NextGC' lines.jsonl */
    mt_testing_rows(&t, 1, 5, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 21811432);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 4, 99391992);
    mt_testing_is(&t, 0, MT_M_NEXT_GC, 0, 218118282);
    mt_testing_is(&t, 0, MT_M_LAST_GC, 0, -1); /* 0: none yet */
    /* date -u -d 2026-11-22T19:18:09.407317379Z +%s%N */
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795375089407317379);
}

static void reads_what_the_page_serves_between_dates(void **state)
{
    (void)state;
    mt_testing_read_file(&t, &mt_reader_expvar, "testdata/expvar/served.log");
    /* grep -c memstats served.log; grep goroutines served.log */
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 8);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 4453456);
    /* grep '^2026' served.log; date -u -d 2026-11-25T20:57:48.330995776Z +%s%N */
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795640268330995776);
}

static void leaves_records_without_a_memstats_object(void **state)
{
    (void)state;
    read_text("{\"HeapAlloc\":1}\n{\"memstats\":{\"HeapAlloc\":2,\"BySize\":[{\"Mallocs\":9}]}}\n"
              "{\"cmdline\":[\"{\\\"memstats\\\"\"]}\n");
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 2);
    mt_testing_is(&t, 0, MT_M_MALLOCS, 0, -1);
    read_text("{\n\"cmdline\": [],\n\"memstats\": {\"HeapAlloc\":1,\n");
    mt_testing_rows(&t, 0, 0, 1);
    read_text("{\"memstats\":{\"HeapAlloc\":-1,\"Sys\":1e400,\"NumGC\":7,\"NextGC\":"
              "18446744073709551615}}\n{\"memstats\":[{\"HeapAlloc\":1}]}\n"
              "{\"memstats\":{\"HeapAlloc\":\"x\",\"NumGC\":3}}\n");
    mt_testing_rows(&t, 1, 2, 0);
    mt_testing_is(&t, 0, MT_M_NUM_GC, 1, 3); /* it went back: another process */
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, -1);
    assert_true(mt_testing_remarks(&t, "restart"));
}

static void rubbish_between_records_takes_none_away(void **state)
{
    (void)state;
    mt_testing_rubbish_between(&t, &mt_reader_expvar,
                               "{\"memstats\":{\"HeapAlloc\":1,\"NumGC\":1}}\n",
                               "{\"memstats\":{\"HeapAlloc\":2,\"NumGC\":2}}\n", MT_M_NUM_GC, 2);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_expvar;
    assert_int_equal(mt_testing_sniff(r, "{\n\"cmdline\": [\"x\"],\n\"memstats\": "
                                         "{\"Alloc\":1,\"HeapAlloc\":1,\"NumGC\":2}\n}\n"),
                     MT_CERTAIN);
    assert_int_equal(
        mt_testing_sniff(r,
                         "2026-11-22T19:18:09Z\n{\"memstats\": {\n\"HeapAlloc\":1,\n\"NumGC\":2"),
        MT_LIKELY);
    assert_int_equal(mt_testing_sniff(r, "{\"HeapAlloc\":1,\"NumGC\":2}\n"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "{\"memstats\":{}}\n"), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lines_of_a_real_service),
        cmocka_unit_test(reads_what_the_page_serves_between_dates),
        cmocka_unit_test(leaves_records_without_a_memstats_object),
        cmocka_unit_test(rubbish_between_records_takes_none_away),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
