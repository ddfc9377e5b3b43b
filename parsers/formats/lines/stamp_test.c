/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/lines/stamp.h"

/* 2026-11-22T19:04:21Z, from `date -u -d 2026-11-22T19:04:21Z +%s` */
static const int64_t AT = 1795374261 * MT_SECOND_NS;

static void takes_what_date_prints(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t offset_ns;
        bool zone_known;
        const char *rest;
    } cases[] = {
        {"Sun Nov 22 19:04:21 UTC 2026", 0, true, ""},
        {"Sun Nov 22 07:04:21 PM UTC 2026", 0, true, ""},
        {"Sun 22 Nov 2026 07:04:21 PM CET", 0, false, ""},
        {"Sun, 22 Nov 2026 20:04:21 +0100", 0, true, ""},
        {"Sun Nov 22 19:04:21 2026", 0, false, ""},
        {"Sunday, November 22, 2026 7:04:21 PM", 0, false, ""},
        {"22.11.2026 19:04:21;x", 0, false, ";x"},
        {"22.11.2026, 20:04:21 +0100", 0, true, ""},
        {"22/Nov/2026:19:04:21 +0000] \"GET", 0, true, "] \"GET"},
        {"11/22/2026 7:04:21 PM,4", 0, false, ",4"},
        {"11/22/2026, 07:04:21 PM", 0, false, ""},
        {"22/11/2026 19:04:21", 0, false, ""},
        {"2026-11-22T19:04:21.5Z rest", MT_SECOND_NS / 2, true, " rest"},
        {"2026/11/22 19:04:21 rest", 0, false, " rest"},
        {"1795374261", 0, true, ""},
        {"1795374261.25,1", MT_SECOND_NS / 4, true, ",1"},
        {"1795374261000", 0, true, ""},
        {"1795374261000000000", 0, true, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mt_span s = mt_span_of(cases[i].text);
        int64_t time_ns = 0;
        bool zone_known = !cases[i].zone_known;
        assert_true(mt_stamp_take(&s, &time_ns, &zone_known));
        assert_int_equal(time_ns - AT, cases[i].offset_ns);
        assert_int_equal(zone_known, cases[i].zone_known);
        assert_true(mt_span_is(s, cases[i].rest));
    }
}

static void leaves_what_is_no_time(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "Sun",
        "Sun Nov 22",
        "Sun Nov 42 19:04:21 UTC 2026",
        "9999999999",
        "0000000001",
        "2026-13-01T00:00",
        "Sun Nov 22 13:04:21 PM UTC 2026",
        "22.13.2026 19:04:21",
        "November 22, 26 7:04:21",
        "22.11.2026",
        "12/11/2026 19:04:21", /* two days it may be */
        "13/22/2026 19:04:21",
        "11/22/2026",
        "12345",
        "22/Nov/26",
        "Nov 22 19:04:21",
        "Sun Nov 22 19:04:21 UTC 1677",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mt_span s = mt_span_of(cases[i]), before = s;
        int64_t time_ns;
        bool zone_known;
        assert_false(mt_stamp_take(&s, &time_ns, &zone_known));
        assert_ptr_equal(s.data, before.data);
        assert_int_equal(s.size, before.size);
    }
}

static void knows_a_line_that_is_only_a_time(void **state)
{
    (void)state;
    static const char *const yes[] = {
        "2026-11-22T19:04:21Z",
        "# scrape 2026-11-22T19:04:21Z",
        "=== Sun Nov 22 19:04:21 UTC 2026 ===",
        "captured at: 2026-11-22 19:04:21 UTC\r",
        "[2026-11-22T20:04:21+01:00]",
        "date=1795374261",
        "Date: Sun, 22 Nov 2026 19:04:21 GMT\r", /* of an answer of HTTP */
        "  --- 1795374261000 ---",
    };
    int64_t time_ns = 0;
    bool zone_known;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        assert_true(mt_stamp_alone(mt_span_of(yes[i]), &time_ns, &zone_known));
        assert_int_equal(time_ns, AT);
        assert_true(zone_known);
    }
    static const char *const no[] = {
        "# HELP go_threads",       "2026-11-22T19:04:21Z gc 1", "timer 5", "attention", "",
        "# HeapAlloc = 1795374261"};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(mt_stamp_alone(mt_span_of(no[i]), &time_ns, &zone_known));
}

static void finds_the_time_in_front_of_a_log_line(void **state)
{
    (void)state;
    static const char *const yes[] = {
        "2026/11/22 19:04:21 memstats HeapAlloc=1",
        "[24730] 2026/11/22 19:04:21 [INF] x",
        "raft2026/11/22 19:04:21 INFO: x",
        "time=\"2026-11-22T19:04:21Z\" level=info",
        "INFO  2026-11-22 19:04:21,000 x",
        "[2026-11-22T19:04:21Z] x",
        "1795374261 x",
    };
    int64_t time_ns = 0;
    bool zone_known;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        assert_true(mt_stamp_of_line(mt_span_of(yes[i]), &time_ns, &zone_known));
        assert_int_equal(time_ns, AT);
    }
    static const char *const no[] = {"gc 1 @0.5s", "1795374261x", "x 1795374261", "", "2026-1"};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(mt_stamp_of_line(mt_span_of(no[i]), &time_ns, &zone_known));
}

static void tells_seconds_from_finer_units_by_magnitude(void **state)
{
    (void)state;
    int64_t time_ns;
    assert_true(mt_stamp_from_number(1795374261.0, &time_ns));
    assert_int_equal(time_ns, AT);
    assert_true(mt_stamp_from_number(1795374261e3, &time_ns));
    assert_int_equal(time_ns, AT);
    assert_true(mt_stamp_from_number(1795374261e6, &time_ns));
    assert_int_equal(time_ns, AT);
    assert_false(mt_stamp_from_number(0, &time_ns));
    assert_false(mt_stamp_from_number(-1795374261.0, &time_ns));
    assert_false(mt_stamp_from_number(1e300, &time_ns));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_date_prints),
        cmocka_unit_test(leaves_what_is_no_time),
        cmocka_unit_test(knows_a_line_that_is_only_a_time),
        cmocka_unit_test(finds_the_time_in_front_of_a_log_line),
        cmocka_unit_test(tells_seconds_from_finer_units_by_magnitude),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
