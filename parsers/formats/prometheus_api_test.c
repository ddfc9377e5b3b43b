/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

#include "parsers/formats/metrics/testing.h"

extern const struct mt_reader mt_reader_prometheus_api;

static struct mt_testing t;

#define ANSWER(series)                                                                             \
    "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" series "]}}"
#define SERIES(name, values)                                                                       \
    "{\"metric\":{\"__name__\":\"" name "\",\"instance\":\"a\"},\"values\":[" values "]}"

static void read_text(const char *text)
{
    mt_testing_read_text(&t, &mt_reader_prometheus_api, text);
}

static void read_file(const char *path)
{
    mt_testing_read_file(&t, &mt_reader_prometheus_api, path);
}

static void reads_a_range_of_a_real_server(void **state)
{
    (void)state;
    read_file("testdata/prometheus-api/range.json");
    /* jq '[.data.result[] | .metric.instance as $i | .values[] | [$i, .[0]]] | unique | length' */
    mt_testing_rows(&t, 2, 14, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 0, 91552616);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 6, 191);
    mt_testing_is(&t, 0, MT_M_RSS, 6, 77045760);
    mt_testing_is(&t, 0, MT_M_PROCESS_START, 0, 1795638372680000000.0);
    assert_string_equal(mt_string_text(&t.strings, t.capture.tables[1].origin), "127.0.0.1:19090");
    assert_int_equal(t.capture.tables[0].time_ns[6], 1795638566000000000);
    assert_false(t.capture.tables[0].clock.zone_unknown);
}

static void reads_instant_queries_of_a_loop(void **state)
{
    (void)state;
    read_file("testdata/prometheus-api/loop.log"); /* while sleep 5; do date; curl ...; done */
    mt_testing_rows(&t, 3, 6, 0);
    mt_testing_is(&t, 0, MT_M_HEAP_ALLOC, 1, 530644248);
    assert_int_equal(t.capture.tables[0].time_ns[1], 1795639157524000000);
    read_file("testdata/prometheus-api/matrix.json"); /* process_resident_memory_bytes[30s] */
    mt_testing_rows(&t, 1, 6, 0);
    assert_int_equal(t.capture.tables[0].time_ns[0], 1795638541578000000);
}

static void the_best_label_names_the_target(void **state)
{
    (void)state;
    read_text(ANSWER(
        "{\"metric\":{\"job\":\"j\",\"instance\":\"i\",\"pod\":\"p\\u0031\",\"container\":"
        "\"c\",\"__name__\":\"go_goroutines\"},\"value\":[1795638506,\"5\"]},"
        "{\"metric\":{\"__name__\":\"go_info\",\"version\":\"go1.27.3\"},\"value\":[1,\"1\"]},"
        "{\"metric\":{\"__name__\":\"go_threads\",\"job\":\"j\"},\"value\":[1795638506,\"7\"]}"));
    mt_testing_rows(&t, 2, 2, 0);
    assert_string_equal(mt_string_text(&t.strings, t.capture.tables[0].origin), "p1");
    assert_int_equal(t.capture.tables[1].origin, 0); /* a job is many processes */
    assert_string_equal(mt_string_text(&t.strings, t.capture.go_version), "go1.27.3");
}

static void series_without_a_name_are_left_out_and_said(void **state)
{
    (void)state;
    read_text(ANSWER("{\"metric\":{\"job\":\"shop\"},\"values\":[[1795638506,\"2082928\"]]},"
                     "{\"metric\":{},\"value\":[1795638506,\"5\"]}," SERIES("go_threads", "")));
    mt_testing_rows(&t, 0, 0, 0);
    assert_true(mt_testing_remarks(&t, "nameless-series"));
    read_text("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1795638506,"
              "\"5\"]}}");
    mt_testing_rows(&t, 0, 0, 0);
}

static void requests_are_added_up_over_their_labels(void **state)
{
    (void)state;
    read_text(ANSWER(SERIES("http_requests_total", "[1795638506,\"5\"]") "," SERIES(
        "http_requests_total",
        "[1795638506,\"7\"]") "," SERIES("go_goroutines",
                                         "[1795638506,\"3\"],[1795638516,\"NaN\"]")));
    mt_testing_rows(&t, 1, 1, 0);
    mt_testing_is(&t, 0, MT_M_REQUESTS, 0, 12);
}

static void counts_damaged_values_and_goes_on(void **state)
{
    (void)state;
    read_text(ANSWER(SERIES(
        "go_goroutines", "[],[1795638506],[1795638507,\"x\"],[\"y\",\"5\"],5,{\"a\":1},[[1],[2]],"
                         "[1795638508,\"-5\"],[1795638509,\"1e999\"],[-1e300,\"5\"],"
                         "[1795638510,\"6\",{\"more\":[1]}]")));
    mt_testing_rows(&t, 1, 1, 6);
    mt_testing_is(&t, 0, MT_M_GOROUTINES, 0, 6);
    read_text(
        ANSWER(SERIES("go_threads", "[1795638510,\"6\"]")) "\n{\"status\":\"success\",\n" ANSWER(
            SERIES("go_threads", "[1795638520,\"7\"]")) "\n" ANSWER(SERIES("go_thr", "[17")));
    assert_true(t.ok);
    assert_int_equal(t.capture.records, 2);
    assert_int_equal(t.capture.skipped, 2);
    mt_testing_read(&t, &mt_reader_prometheus_api,
                    MT_SPAN("{\"status\":\"success\",\"data\":{\"result\":[\0"));
    assert_false(t.ok);
    mt_testing_cut_everywhere(&mt_reader_prometheus_api, "testdata/prometheus-api/range.json", 1);
}

static void knows_its_own_and_leaves_the_others(void **state)
{
    (void)state;
    const struct mt_reader *r = &mt_reader_prometheus_api;
    assert_int_equal(mt_testing_sniff(r, ANSWER("")), MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "Wed Nov 25 20:39:12 UTC 2026\n\n" ANSWER("")),
                     MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "{\n  \"status\" : \"success\",\n  \"warnings\": [{}],\n  "
                                         "\"data\": {\n    \"resultType\": \"vector\""),
                     MT_CERTAIN);
    assert_int_equal(mt_testing_sniff(r, "{\"status\":\"error\",\"errorType\":\"bad_data\"}"),
                     MT_NO);
    assert_int_equal(mt_testing_sniff(r, "{\"status\":\"success\",\"data\":[\"up\"]}"), MT_NO);
    assert_int_equal(mt_testing_sniff(r, "text " ANSWER("")), MT_NO);
    assert_int_equal(mt_testing_sniff(r, ""), MT_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_range_of_a_real_server),
        cmocka_unit_test(reads_instant_queries_of_a_loop),
        cmocka_unit_test(the_best_label_names_the_target),
        cmocka_unit_test(series_without_a_name_are_left_out_and_said),
        cmocka_unit_test(requests_are_added_up_over_their_labels),
        cmocka_unit_test(counts_damaged_values_and_goes_on),
        cmocka_unit_test(knows_its_own_and_leaves_the_others),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    mt_testing_clear(&t);
    return failed;
}
