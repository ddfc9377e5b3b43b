/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/testing.h"

extern const struct mt_reader mt_reader_gotrace;

static const char small[] = "testdata/gotrace/small-go1.27.trace";

static void counts_the_events_that_go_counts(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    mt_testing_read_file(&t, &mt_reader_gotrace, small);
    assert_true(t.ok);
    assert_int_equal(t.capture.records, 274);
    mt_testing_clear(&t);
}

static void reads_its_sample_cut_at_every_length(void **state)
{
    (void)state;
    mt_testing_cut_everywhere(&mt_reader_gotrace, small, 1);
}

static void says_which_versions_it_knows(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    mt_testing_read(&t, &mt_reader_gotrace, MT_SPAN("go 1.24 trace\0\0\0"));
    assert_false(t.ok);
    assert_non_null(strstr(t.err.what, "1.24; known are 1.5"));
    mt_testing_clear(&t);
}

static void names_the_shell_that_made_it_utf16(void **state)
{
    (void)state;
    struct mt_testing t = {0};
    struct mt_span text = MT_SPAN("\xff\xfeg\0o\0 \0001\0.\0002\0002\0 \0t\0r\0");
    assert_int_equal(mt_reader_gotrace.sniff(text), MT_CERTAIN);
    mt_testing_read(&t, &mt_reader_gotrace, text);
    assert_non_null(strstr(t.err.what, "PowerShell"));
    mt_testing_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_events_that_go_counts),
        cmocka_unit_test(reads_its_sample_cut_at_every_length),
        cmocka_unit_test(says_which_versions_it_knows),
        cmocka_unit_test(names_the_shell_that_made_it_utf16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
