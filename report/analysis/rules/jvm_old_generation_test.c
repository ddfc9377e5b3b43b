/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/assessment.h"
#include "report/analysis/rule.h"

#include <string.h>

static const uint64_t MIB = 1 << 20;
static const int64_t T0 = 1795376100ll * MT_SECOND_NS;

static struct mt_arena arena;
static struct mt_strings strings, own;
static struct mt_capture capture;
static struct mt_gc_log *collections;

static int fresh(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    mt_strings_init(&strings, &arena);
    mt_strings_init(&own, &arena);
    mt_capture_init(&capture, &arena, &own);
    collections = mt_capture_add_gc_log(&capture, "jvm-gc");
    collections->clock.clock = MT_CLOCK_SAME;
    return 0;
}

static int drop(void **state)
{
    (void)state;
    mt_arena_clear(&arena);
    return 0;
}

static void cycle(int at_s, enum mt_gc_kind kind, uint64_t old_mib, uint64_t heap_mib)
{
    MT_RESERVE(&arena, collections->cycles, collections->n_cycles, collections->cap_cycles);
    struct mt_gc_cycle *c = &collections->cycles[collections->n_cycles++];
    mt_gc_cycle_init(c);
    c->kind = kind;
    c->number = collections->n_cycles - 1;
    c->time_ns = T0 + at_s * MT_SECOND_NS;
    c->old_after_bytes = old_mib * MIB;
    c->heap_live_bytes = heap_mib * MIB;
}

static const struct mt_assessment *assessed(void)
{
    struct mt_input input = {.path = "gc.log",
                             .kind = "JVM GC log",
                             .format = "jvm-gc",
                             .start_ns = MT_NO_TIME,
                             .end_ns = MT_NO_TIME,
                             .capture = &capture};
    const struct mt_bundle *b = mt_bundle_join(&arena, &strings, "b", &input, 1, 0);
    struct mt_assess_options how = {0};
    return mt_assess(&arena, b, &how);
}

/* The rule's finding, or NULL. */
static const struct mt_finding *found(void)
{
    const struct mt_assessment *a = assessed();
    for (size_t i = 0; i < a->n_findings; i++)
        if (strcmp(a->findings[i]->rule->id, "jvm-old-generation") == 0)
            return a->findings[i];
    return NULL;
}

static void five_full_collections_that_leave_more_each_prove_it(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        cycle(60 * i, MT_GC_FULL, 100 + 20 * (uint64_t)i, 100 + 20 * (uint64_t)i);
    const struct mt_finding *f = found();
    assert_non_null(f);
    assert_int_equal(f->status, MT_STATUS_LEAK);
    assert_true(f->growth.bytes > 90.0 * (double)MIB && f->growth.bytes < 110.0 * (double)MIB);
}

/* What mixed collections leave falls from one to the next and starts anew: only the full ones count
 * where there are enough of them. */
static void mixed_collections_between_full_ones_do_not_hide_it(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        cycle(60 * i, MT_GC_FULL, 20 + 10 * (uint64_t)i, 20 + 10 * (uint64_t)i);
        for (int k = 1; k < 5; k++)
            cycle(60 * i + k, MT_GC_MIXED, 80 - 5 * (uint64_t)k, 90);
    }
    const struct mt_finding *f = found();
    assert_non_null(f);
    assert_int_equal(f->status, MT_STATUS_WATCH); /* four of them prove nothing alone */
}

static void a_level_old_generation_is_none(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++)
        cycle(60 * i, MT_GC_FULL, i % 2 ? 100 : 101, 101);
    assert_null(found());
}

/* What a concurrent marking finds alive depends on how much the program makes meanwhile. */
static void concurrent_collections_need_the_whole_heap_to_rise(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++)
        cycle(60 * i, MT_GC_CONCURRENT, 10 + (uint64_t)i, i % 2 ? 60 : 50);
    assert_null(found());
    fresh(NULL);
    for (int i = 0; i < 12; i++)
        cycle(60 * i, MT_GC_CONCURRENT, 10 + 4 * (uint64_t)i, 50 + 4 * (uint64_t)i);
    const struct mt_finding *f = found();
    assert_non_null(f);
    assert_int_equal(f->status, MT_STATUS_WATCH);
}

/* Nothing of Go is there, and nothing of Go is asked for. */
static void a_log_of_a_jvm_alone_has_a_verdict(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++)
        cycle(60 * i, MT_GC_FULL, i % 2 ? 100 : 101, 101);
    assert_int_equal(assessed()->verdict.status, MT_VERDICT_STEADY);
    fresh(NULL);
    for (int i = 0; i < 3; i++)
        cycle(60 * i, MT_GC_FULL, 100, 101);
    const struct mt_assessment *a = assessed();
    assert_int_equal(a->verdict.status, MT_VERDICT_UNDECIDED);
    assert_non_null(strstr(a->verdict.next, "GC.run"));
    fresh(NULL);
    for (int i = 0; i < 12; i++) /* the old generation fills, the heap as a whole does not */
        cycle(60 * i, MT_GC_YOUNG, 10 + 2 * (uint64_t)i, i % 2 ? 60 : 50);
    a = assessed();
    assert_int_equal(a->verdict.status, MT_VERDICT_UNDECIDED);
    assert_non_null(strstr(a->verdict.next, "full or mixed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(five_full_collections_that_leave_more_each_prove_it, fresh),
        cmocka_unit_test_setup(mixed_collections_between_full_ones_do_not_hide_it, fresh),
        cmocka_unit_test_setup(a_level_old_generation_is_none, fresh),
        cmocka_unit_test_setup(concurrent_collections_need_the_whole_heap_to_rise, fresh),
        cmocka_unit_test_setup(a_log_of_a_jvm_alone_has_a_verdict, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
