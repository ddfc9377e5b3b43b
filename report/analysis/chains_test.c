/* SPDX-License-Identifier: Apache-2.0 */
/* A rise of the heap, a long pause and a slow request that meet, and that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/service_for_tests.h"

static const double STEP = 0.1; /* seconds between polls */
enum { POLLS = 60, SPIKE = 50, FAST = 200 };

struct moment {
    double pause_s, pause_ms; /* from the start of the interval that spikes */
    double request_s, request_ms;
};

static int64_t at(double seconds)
{
    return service_time(STEP * (SPIKE - 1) + seconds);
}

static void add_request(double start_s, double ms, unsigned char id)
{
    struct mt_request *q = mt_capture_add_request(&captured.capture);
    q->start_ns = at(start_s);
    q->duration_ns = (int64_t)(ms * 1e6);
    q->root = true;
    q->trace_id[0] = q->span_id[0] = id;
}

static const struct mt_assessment *assess(const struct moment *m)
{
    service_open(&captured);
    struct mt_table *t = mt_capture_add_table(&captured.capture, "memstats");
    t->clock.clock = MT_CLOCK_SAME;
    for (int i = 0; i < POLLS; i++) {
        mt_table_row(&captured.arena, t, service_time(STEP * i));
        mt_table_set(&captured.arena, t, MT_M_HEAP_ALLOC,
                     (100 + i % 3 + (i >= SPIKE ? 200 : 0)) * MIB);
    }
    struct mt_gc_log *log = mt_capture_add_gc_log(&captured.capture, "gctrace");
    log->clock.clock = MT_CLOCK_SAME;
    log->cycles = MT_NEW_N(&captured.arena, struct mt_gc_cycle, 1);
    log->n_cycles = log->cap_cycles = 1;
    mt_gc_cycle_init(&log->cycles[0]);
    log->cycles[0].number = 1;
    log->cycles[0].time_ns = at(m->pause_s);
    log->cycles[0].pause_ns = (int64_t)(m->pause_ms * 1e6);
    for (int i = 0; i < FAST; i++)
        add_request(-4.0 + 0.02 * i, 2, 1);
    add_request(m->request_s, m->request_ms, 7);
    return service_judge(&captured, "");
}

static int drop(void **state)
{
    (void)state;
    mt_arena_clear(&captured.arena);
    return 0;
}

static bool ran_into(const struct mt_assessment *a, const char *rule)
{
    for (size_t i = 0; i < a->n_findings; i++)
        if (strcmp(a->findings[i]->rule->id, rule) == 0)
            return true;
    return false;
}

static void a_spike_a_pause_and_a_slow_request_are_a_chain(void **state)
{
    (void)state;
    const struct mt_assessment *a = assess(&(struct moment){0.02, 150, -0.1, 400});
    assert_int_equal(a->gc.n_chains, 1);
    const struct mt_chain *c = &a->gc.chains[0];
    assert_int_equal(c->spike_ns, at(STEP));
    assert_int_equal(c->pause_ns, at(0.02));
    assert_int_equal(c->pause_duration_ns, 150000000);
    assert_int_equal(c->request->trace_id[0], 7);
    assert_int_equal(c->request_duration_ns, 400000000);
    assert_true(ran_into(a, "gc-pause-chain"));
    assert_int_equal(a->verdict.status, MT_VERDICT_WATCH); /* never a leak by itself */
}

static void what_does_not_meet_is_none(void **state)
{
    (void)state;
    static const struct moment none[] = {
        {0.02, 99, -0.1, 400},  /* a short pause */
        {0.106, 150, 0.1, 400}, /* 6 ms after the rise */
        {-0.2, 150, -0.2, 400}, /* over before it */
        {0.02, 150, 0.2, 400},  /* the request began later */
        {0.02, 150, 0.03, 2},   /* and as fast as all */
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        const struct mt_assessment *a = assess(&none[i]);
        if (a->gc.n_chains || ran_into(a, "gc-pause-chain"))
            fail_msg("moment %zu is a chain", i);
        mt_arena_clear(&captured.arena);
    }
}

static void a_pause_five_milliseconds_away_still_counts(void **state)
{
    (void)state;
    assert_int_equal(assess(&(struct moment){0.1045, 150, 0.1, 400})->gc.n_chains, 1);
}

/* A collection of 150 ms within 400 ms of the slow request, met by it and by those 8 of 2 ms that
 * begin every 20 ms while it runs or just before. */
static void requests_tell_how_long_a_collection_was_under_way(void **state)
{
    (void)state;
    const struct mt_assessment *a = assess(&(struct moment){-0.301, 150, -0.4, 400});
    const struct mt_request_summary *r = &a->requests;
    assert_int_equal(r->slow[0]->trace_id[0], 7);
    assert_true(fabs(r->slow_gc_share[0] - 150.0 / 400) < 1e-9);
    assert_true(fabs(r->gc_overlap_share_all - (1.0 + 8.0) / (FAST + 1)) < 1e-9);
    assert_true(r->gc_overlap_share > r->gc_overlap_share_all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_spike_a_pause_and_a_slow_request_are_a_chain, drop),
        cmocka_unit_test(what_does_not_meet_is_none),
        cmocka_unit_test_teardown(a_pause_five_milliseconds_away_still_counts, drop),
        cmocka_unit_test_teardown(requests_tell_how_long_a_collection_was_under_way, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
