/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/request.h"
#include "parsers/model/trace.h"
#include "report/view/fixture.h"
#include "report/view/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static struct mt_fixture f;
static struct mt_trace trace;
static struct mt_request requests[4];

static int set_up(void **state)
{
    static const struct mt_request *by_start[4];
    static const struct mt_trace *traces[] = {&trace};
    static const struct mt_input *inputs[1];
    static const int64_t spans[4][2] = {{-10, 20}, {10, 5}, {15, 10}, {30, 40}};
    (void)state;
    mt_fixture_init(&f);
    inputs[0] = &f.inputs[0];
    trace = (struct mt_trace){.duration_ns = 60 * MT_SECOND_NS, .clock = f.clock};
    for (size_t i = 0; i < 4; i++) {
        requests[i] = (struct mt_request){.kind = mt_intern_text(&f.strings, "server"),
                                          .root = true,
                                          .start_ns = spans[i][0] * MT_SECOND_NS,
                                          .duration_ns = spans[i][1] * MT_SECOND_NS};
        by_start[i] = &requests[i];
    }
    f.bundle.traces = traces;
    f.bundle.trace_inputs = inputs;
    f.bundle.n_traces = 1;
    f.bundle.requests = by_start;
    f.bundle.n_requests = 4;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mt_fixture_clear(&f);
    return 0;
}

static const struct mt_lanes *lanes(void)
{
    const struct mt_lanes *l = mt_page_of(mt_view_of_report(&f.arena, &f.assessment, NULL))->lanes;
    assert_int_equal(l->n_traces, 1);
    return l;
}

/* At 10 and at 15 one ends as another begins. */
static void requests_are_counted_while_a_trace_runs(void **state)
{
    (void)state;
    static const double want[][2] = {{0, 0},  {0, 1},  {10, 0}, {10, 1}, {15, 0},
                                     {15, 1}, {25, 0}, {30, 1}, {60, 0}};
    const struct mt_lanes *l = lanes();
    const struct mt_points *p = &l->traces[0].in_flight;
    assert_string_equal(l->in_flight, "requests in flight");
    assert_int_equal(p->n, 9);
    for (size_t i = 0; i < p->n; i++) {
        assert_int_equal(p->time_ns[i], (int64_t)want[i][0] * MT_SECOND_NS);
        assert_true(p->value[i] == want[i][1]);
    }
}

static void spans_inside_of_requests_are_not_counted_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++)
        requests[i].root = i == 3;
    assert_int_equal(lanes()->traces[0].in_flight.n, 3);
}

static void a_trace_with_tasks_counts_those(void **state)
{
    (void)state;
    trace.tasks_created = 1;
    requests[1].kind = mt_intern_text(&f.strings, "task");
    requests[1].root = false;
    const struct mt_lanes *l = lanes();
    assert_string_equal(l->in_flight, "tasks in flight");
    assert_int_equal(l->traces[0].in_flight.n, 3);
    assert_int_equal(l->traces[0].in_flight.time_ns[1], 10 * MT_SECOND_NS);
}

static void a_trace_beside_all_requests_has_no_row(void **state)
{
    (void)state;
    f.bundle.n_requests = 0;
    assert_int_equal(lanes()->traces[0].in_flight.n, 0);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(requests_are_counted_while_a_trace_runs),
        ROW(spans_inside_of_requests_are_not_counted_again),
        ROW(a_trace_with_tasks_counts_those),
        ROW(a_trace_beside_all_requests_has_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
