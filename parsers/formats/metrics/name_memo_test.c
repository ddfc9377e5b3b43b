/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/metrics/name_memo.h"

#include <stdio.h>
#include <string.h>

static struct mt_name_memo memo;

static const struct mt_name_slot *find(const char *name)
{
    return mt_name_memo_find(&memo, mt_span_of(name));
}

static void says_what_a_name_is(void **state)
{
    (void)state;
    memset(&memo, 0, sizeof memo);
    assert_int_equal(find("heap_alloc")->kind, MT_NAME_METRIC);
    assert_int_equal(find("heap_alloc")->metric.metric, MT_M_HEAP_ALLOC);
    assert_int_equal(find("ts")->kind, MT_NAME_TIME);
    assert_int_equal(find("pid")->kind, MT_NAME_PID);
    assert_int_equal(find("order")->kind, MT_NAME_OTHER);
    assert_int_equal(find("")->kind, MT_NAME_OTHER);
    char long_name[MT_NAME_SIZE + 2];
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_int_equal(find(long_name)->kind, MT_NAME_OTHER);
}

static void keeps_the_numbers_of_metrics_when_it_forgets_the_rest(void **state)
{
    (void)state;
    memset(&memo, 0, sizeof memo);
    find("HeapAlloc");
    unsigned id = find("NumGC")->id;
    for (int i = 0; i < 10 * MT_NAME_SLOTS; i++) {
        char name[32];
        snprintf(name, sizeof name, "order_%d", i);
        assert_int_equal(find(name)->kind, MT_NAME_OTHER);
    }
    assert_int_equal(find("NumGC")->kind, MT_NAME_METRIC);
    assert_int_equal(find("NumGC")->id, id);
    assert_int_not_equal(find("HeapAlloc")->id, id);
}

static void has_a_bounded_number_of_metrics(void **state)
{
    (void)state;
    memset(&memo, 0, sizeof memo);
    for (int i = 0; i < 1000; i++) { /* separators do not count, so all of these are HeapAlloc */
        char name[64] = "HeapAlloc";
        for (int bit = 0; bit < 10; bit++)
            memcpy(name + 9 + bit, i >> bit & 1 ? "_" : "-", 2);
        const struct mt_name_slot *slot = find(name);
        assert_true(slot->kind != MT_NAME_METRIC || slot->id < MT_NAME_METRICS);
    }
}

static void guesses_what_follows(void **state)
{
    (void)state;
    memset(&memo, 0, sizeof memo);
    assert_int_equal(mt_name_memo_guess(&memo, NULL)->kind, MT_NAME_UNSEEN);
    const struct mt_name_slot *first = find("Sys"), *second = find("NumGC");
    mt_name_memo_follows(&memo, NULL, first);
    mt_name_memo_follows(&memo, first, second);
    mt_name_memo_follows(&memo, first, find(""));
    assert_ptr_equal(mt_name_memo_guess(&memo, NULL), first);
    assert_ptr_equal(mt_name_memo_guess(&memo, first), second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_a_name_is),
        cmocka_unit_test(keeps_the_numbers_of_metrics_when_it_forgets_the_rest),
        cmocka_unit_test(has_a_bounded_number_of_metrics),
        cmocka_unit_test(guesses_what_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
