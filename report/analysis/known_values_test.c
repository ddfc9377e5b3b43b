/* SPDX-License-Identifier: Apache-2.0 */
/* Figures that can be worked out by hand: Little's law twice, the sampling error of a site, when a
 * limit is met, what stands out of the 30 values before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/analysis/service_for_tests.h"

static void close_to(double got, double want)
{
    if (!(fabs(got - want) <= 1e-6 * fabs(want)))
        fail_msg("got %.15g, wanted %.15g", got, want);
}

static const struct mt_assessment *assess_capture(void)
{
    return service_judge(&captured, "");
}

/* A heap snapshot with one site. */
static void add_heap(double t, int64_t rate, int64_t allocated, int64_t live, int64_t size)
{
    static const char *const types[][2] = {{"alloc_objects", "count"},
                                           {"alloc_space", "bytes"},
                                           {"inuse_objects", "count"},
                                           {"inuse_space", "bytes"}};
    struct mt_profile *p = service_profile(&captured, MT_PROFILE_HEAP, t, 4);
    for (size_t k = 0; k < 4; k++)
        p->types[k] = (struct mt_value_type){mt_intern_text(&captured.own, types[k][0]),
                                             mt_intern_text(&captured.own, types[k][1])};
    p->period = rate;
    mt_profile_choose_default(p);
    const int64_t values[] = {allocated, allocated * size, live, live * size};
    memcpy(p->values, values, sizeof values);
    service_stack(&captured, p, CACHE);
}

static int drop(void **state)
{
    (void)state;
    mt_arena_clear(&captured.arena);
    return 0;
}

/* One a second, of 100 to 500 ms: 1 per second times a mean of 0.3 s. */
static void goroutines_that_requests_need_are_rate_times_latency(void **state)
{
    (void)state;
    service_open(&captured);
    for (int i = 0; i < 5; i++) {
        struct mt_request *q = mt_capture_add_request(&captured.capture);
        q->start_ns = service_time(i);
        q->duration_ns = (i + 1) * 100000000ll;
        q->root = true;
        q->span_id[0] = q->trace_id[0] = (unsigned char)(i + 1);
    }
    const struct mt_request_summary *r = &assess_capture()->requests;
    assert_int_equal(r->count, 5);
    close_to(r->rate_per_second, 1.0);
    close_to(r->expected_goroutines, 0.3);
}

/* 20 objects allocated a second throughout; 100 live at first and 500 at last are 5 and 25 seconds
 * of allocation. */
static void mean_age_is_objects_in_use_over_their_allocation_rate(void **state)
{
    (void)state;
    service_open(&captured);
    for (int i = 0; i < 5; i++)
        add_heap(10.0 * i, 1, 1000 + 200 * i, 100 + 100 * i, 65536); /* every object is seen */
    const struct mt_assessment *a = assess_capture();
    assert_int_equal(a->n_heap_sites, 1);
    close_to(a->heap_sites[0]->alloc_rate, 20.0);
    close_to(a->heap_sites[0]->age_first_s, 5.0);
    close_to(a->heap_sites[0]->age_last_s, 25.0);
}

/* 1, 2, 4 and 5 units at 0, 10, 20 and 30 s. The six slopes in units per 10 s: 1, 1, 4/3, 3/2, 3/2,
 * 2; the median 17/12, the interval 1 to 2. The line ends at 7/8 + 3 * 17/12 = 41/8, so that 39/8
 * units are left to a limit of 10. */
static void the_limit_is_met_where_the_slope_and_its_interval_lead(void **state)
{
    (void)state;
    static const double units[] = {1, 2, 4, 5};
    service_open(&captured);
    struct mt_table *t = mt_capture_add_table(&captured.capture, "process-memory");
    t->clock.clock = MT_CLOCK_SAME;
    for (int i = 0; i < 4; i++) {
        mt_table_row(&captured.arena, t, service_time(10.0 * i));
        mt_table_set(&captured.arena, t, MT_M_RSS, units[i] * 64 * MIB);
        mt_table_set(&captured.arena, t, MT_M_CGROUP_LIMIT, 640 * MIB);
    }
    const struct mt_forecast *f = &assess_capture()->forecast;
    assert_true(f->present && !f->last_half);
    assert_string_equal(f->quantity, "RSS");
    close_to(f->limit_bytes, 640 * MIB);
    int64_t end = service_time(30.0);
    close_to((double)(f->at_ns - end) / 1e9, 10.0 * 39 / 8 / (17.0 / 12));
    close_to((double)(f->at_low_ns - end) / 1e9, 10.0 * 39 / 8 / 2);
    close_to((double)(f->at_high_ns - end) / 1e9, 10.0 * 39 / 8);
}

/* Ten objects as large as the sampling rate: each was seen with p = 1 - 1/e, and the relative error
 * sqrt((1 - p) / (10 p)) is that of 10 p / (1 - p) = 10 (e - 1) = 17.18 events. R 4.2.2:
 * qgamma(0.025, k) and qgamma(0.975, k + 1), which is Garwood's interval. Of a site that is gone,
 * as much may be left as 3.689 samples stand for. */
static void the_interval_of_a_site_is_that_of_as_many_events(void **state)
{
    (void)state;
    static const int64_t live[] = {10, 20, 30, 40, 0};
    service_open(&captured);
    for (int i = 0; i < 5; i++)
        add_heap(10.0 * i, 524288, 1000, live[i], 524288);
    const struct mt_assessment *a = assess_capture();
    const struct mt_point *p = a->heap_sites[0]->points;
    close_to(p[0].low, 10 * 524288 * 10.042438715275507 / 17.18281828459045);
    close_to(p[0].high, 10 * 524288 * 27.443823294969853 / 17.18281828459045);
    assert_true(p[4].low == 0);
    close_to(p[4].high, 524288 * 3.6888794541139354);
}

/* Resident memory of 99 and 101 MiB in turn, 15 times each, then `mib`; a profile 20 s before that
 * and one 2 s after. */
static const struct mt_assessment *assess_jump(double mib)
{
    service_open(&captured);
    struct mt_table *t = mt_capture_add_table(&captured.capture, "process-memory");
    t->clock.clock = MT_CLOCK_SAME;
    for (int i = 0; i < 31; i++) {
        mt_table_row(&captured.arena, t, service_time(i));
        mt_table_set(&captured.arena, t, MT_M_RSS, (i == 30 ? mib : i % 2 ? 101 : 99) * MIB);
    }
    add_heap(10, 524288, 1000, 10, 524288);
    add_heap(32, 524288, 1000, 10, 524288);
    return assess_capture();
}

/* Mean 100, sigma sqrt(30 / 29) = 1.0171, so that 3 sigma are 3.0513. */
static void what_stands_out_is_beyond_mean_and_three_sigma(void **state)
{
    (void)state;
    const struct mt_assessment *a = assess_jump(103.1);
    assert_int_equal(a->n_anomalies, 1);
    close_to(a->anomalies[0].mean, 100 * MIB);
    close_to(a->anomalies[0].sigma, sqrt(30.0 / 29) * MIB);
    assert_non_null(a->anomalies[0].nearest_input);
    assert_int_equal(a->anomalies[0].nearest_ns, 2 * MT_SECOND_NS);
    mt_arena_clear(&captured.arena);
    assert_int_equal(assess_jump(103.0)->n_anomalies, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(goroutines_that_requests_need_are_rate_times_latency, drop),
        cmocka_unit_test_teardown(mean_age_is_objects_in_use_over_their_allocation_rate, drop),
        cmocka_unit_test_teardown(the_limit_is_met_where_the_slope_and_its_interval_lead, drop),
        cmocka_unit_test_teardown(the_interval_of_a_site_is_that_of_as_many_events, drop),
        cmocka_unit_test_teardown(what_stands_out_is_beyond_mean_and_three_sigma, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
