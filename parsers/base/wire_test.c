/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/base/wire.h"

static uint64_t varint(struct mt_span bytes, const char **bad)
{
    struct mt_wire w = mt_wire_over(bytes);
    uint64_t value = 0;
    mt_wire_varint(&w, &value);
    *bad = w.bad;
    return value;
}

static void varints_are_read_as_go_reads_them(void **state)
{
    (void)state;
    const char *bad;
    assert_int_equal(varint(MT_SPAN("\x7f"), &bad), 127);
    assert_int_equal(varint(MT_SPAN("\x80\x01"), &bad), 128);
    assert_int_equal(varint(MT_SPAN("\x81\x80\x00"), &bad), 1); /* longer than needed */
    assert_int_equal(varint(MT_SPAN("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), &bad), UINT64_MAX);
    assert_null(bad);
    assert_int_equal(varint(MT_SPAN("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), &bad), UINT64_MAX);
    assert_null(bad); /* bits beyond the 64th go */
    varint(MT_SPAN("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), &bad);
    assert_non_null(bad);
    varint(MT_SPAN("\xff"), &bad);
    assert_non_null(bad);
    varint(MT_SPAN(""), &bad);
    assert_non_null(bad);
}

static void fields_of_all_types(void **state)
{
    (void)state;
    struct mt_wire w = mt_wire_over(MT_SPAN("\x08\x05\x11\x01\x00\x00\x00\x00\x00\x00\x80"
                                            "\x1a\x02hi\x25\xff\x00\x00\x00"));
    struct mt_wire_field f;
    assert_true(mt_wire_next(&w, &f));
    assert_int_equal(f.number, 1);
    assert_int_equal(f.value, 5);
    assert_true(mt_wire_next(&w, &f));
    assert_int_equal(f.value, 0x8000000000000001u);
    assert_true(mt_wire_next(&w, &f));
    assert_int_equal(f.number, 3);
    assert_true(mt_span_is(mt_wire_span(&f.body), "hi"));
    assert_int_equal(mt_wire_offset(&f.body), 13);
    assert_true(mt_wire_next(&w, &f));
    assert_int_equal(f.value, 255);
    assert_false(mt_wire_next(&w, &f));
    assert_null(w.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(varints_are_read_as_go_reads_them),
        cmocka_unit_test(fields_of_all_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
