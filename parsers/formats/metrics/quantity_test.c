/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/metrics/quantity.h"

static void reads_numbers_with_their_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum mt_unit unit;
        double value;
        bool unit_named, loose_unit;
        const char *rest;
    } cases[] = {
        {"4220248", MT_BYTES, 4220248, false, false, ""},
        {"4.220248e+06,", MT_BYTES, 4220248, false, false, ","},
        {"13,635,584 next", MT_BYTES, 13635584, false, false, " next"},
        {"13,63", MT_BYTES, 13, false, false, ",63"},
        {"1234,567", MT_BYTES, 1234, false, false, ",567"},
        {"3 MiB\tTotalAlloc", MT_BYTES, 3 * 0x1p20, true, false, "\tTotalAlloc"},
        {"3 Mallocs=5", MT_BYTES, 3, false, false, " Mallocs=5"},
        {"12928 kB", MT_BYTES, 12928 * 0x1p10, true, true, ""},
        {"1.5G", MT_BYTES, 1.5 * 0x1p30, true, true, ""},
        {"123Mi}", MT_BYTES, 123 * 0x1p20, true, false, "}"},
        {"12 m=5", MT_BYTES, 12, false, false, " m=5"},
        {"12m", MT_BYTES, 12 * 0x1p20, true, true, ""},
        {"314.81\xc2\xb5s ", MT_NS, 314810, true, false, " "},
        {"1m2.5s", MT_NS, 62.5e9, true, false, ""},
        {"0s", MT_NS, 0, true, false, ""},
        {"2h0m1s)", MT_NS, 7201e9, true, false, ")"},
        {"123", MT_NS, 123, false, false, ""},
        {"12.5%", MT_RATIO, 0.125, true, false, ""},
        {"0.0033", MT_RATIO, 0.0033, false, false, ""},
        {"42k", MT_COUNT, 42000, true, false, ""},
        {"-5", MT_COUNT, -5, false, false, ""},
        {"2026-11-22T19:04:21Z", MT_UNIX_NS, 1795374261e9, true, false, ""},
        {"1795374261000000000", MT_UNIX_NS, 1795374261e9, true, false, ""},
        {"0", MT_UNIX_NS, 0, false, false, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mt_span s = mt_span_of(cases[i].text);
        struct mt_quantity q;
        if (!mt_quantity_take(&s, cases[i].unit, &q))
            fail_msg("'%s' was not taken", cases[i].text);
        double error = q.value - cases[i].value;
        if (error > 1e-6 || error < -1e-6 || q.unit_named != cases[i].unit_named ||
            q.loose_unit != cases[i].loose_unit || !mt_span_is(s, cases[i].rest))
            fail_msg("'%s': value %.9g", cases[i].text, q.value);
    }
}

static void leaves_what_is_no_quantity(void **state)
{
    (void)state;
    static const char *const cases[] = {"",     "x", "12abc", "0x1f",   "-",   "NaN",
                                        "+Inf", ".", "1.2a",  "12 kBs", "1_0", "12\xc2\xb5"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mt_span s = mt_span_of(cases[i]);
        struct mt_quantity q;
        if (mt_quantity_parse(s, MT_BYTES, &q))
            fail_msg("'%s' was taken as %g", cases[i], q.value);
    }
    struct mt_quantity q;
    assert_false(mt_quantity_parse(MT_SPAN("1m2"), MT_NS, &q));
    assert_false(mt_quantity_parse(MT_SPAN("1e999"), MT_BYTES, &q));
    assert_true(mt_quantity_parse(MT_SPAN(" 12 "), MT_BYTES, &q));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers_with_their_units),
        cmocka_unit_test(leaves_what_is_no_quantity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
