/* SPDX-License-Identifier: Apache-2.0 */
/* For tests only: a stream of events made by hand, and what the consumers derive from it. Include
 * the cmocka headers first. */
#ifndef MT_GOTRACE_DERIVE_TESTING_H
#define MT_GOTRACE_DERIVE_TESTING_H

#include "parsers/formats/gotrace/consumer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct mt_arena arena;
static struct mt_strings strings;
static struct mt_capture capture;
static struct mt_trace_feed *feed;
static const struct mt_trace *trace;

static inline int set_up(void **state)
{
    (void)state;
    arena = (struct mt_arena){0};
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    feed = malloc(sizeof *feed);
    assert_non_null(feed);
    mt_feed_init(feed, &capture, 25);
    mt_feed_add_all(feed);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    mt_feed_clear(feed);
    free(feed);
    mt_arena_clear(&arena);
    return 0;
}

static inline void finish(void)
{
    mt_feed_end(feed, true);
    trace = capture.trace;
    struct mt_err err = {0};
    if (!mt_capture_check(&capture, &err))
        fail_msg("inconsistent: %s", err.what);
}

static inline uint32_t name(const char *text)
{
    return mt_intern_text(&strings, text);
}

static inline bool is(uint32_t id, const char *text)
{
    return mt_span_is(mt_string(&strings, id), text);
}

/* Functions from the innermost out, separated by blanks; the line is that of each letter's place.
 */
static inline uint32_t stack(const char *functions)
{
    uint32_t frames[8];
    size_t n = 0;
    struct mt_span rest = mt_span_of(functions), function;
    while (mt_span_word(&rest, &function)) {
        uint32_t id = mt_intern(&strings, function);
        frames[n] = mt_frame(&feed->stacks,
                             (struct mt_frame){.pc = 1000 + id, .line = 10 + n, .function = id});
        n++;
    }
    return mt_stack(&feed->stacks, frames, n);
}

static inline struct mt_event *at(int64_t time_ns, unsigned kind)
{
    struct mt_event *ev = mt_feed_next(feed);
    ev->time_ns = time_ns;
    ev->kind = (uint8_t)kind;
    return ev;
}

static inline void sync_at(int64_t time_ns)
{
    struct mt_event *ev = at(time_ns, MT_EV_SYNC);
    struct mt_event_sync *sync = &feed->room->sync[mt_feed_index(feed)];
    *sync = (struct mt_event_sync){.number = 1};
    ev->sync = sync;
}

/* Goroutine n has slot n; goroutines run on proc 0. */
static inline struct mt_event *go(int64_t time_ns, uint32_t n, unsigned from, unsigned to)
{
    struct mt_event *ev = at(time_ns, MT_EV_TRANSITION);
    ev->scope = MT_ABOUT_GOROUTINE;
    ev->subject = n;
    ev->slot = n;
    ev->proc = ev->proc_slot = 0;
    ev->from = (uint8_t)from;
    ev->to = (uint8_t)to;
    return ev;
}

static inline void create(int64_t time_ns, uint32_t n, const char *creator, const char *start)
{
    struct mt_event *ev = go(time_ns, n, MT_GO_NOT_EXIST, MT_GO_RUNNABLE);
    ev->stack = stack(creator);
    ev->target_stack = stack(start);
}

static inline void run(int64_t time_ns, uint32_t n)
{
    go(time_ns, n, MT_GO_RUNNABLE, MT_GO_RUNNING);
}

static inline void block(int64_t time_ns, uint32_t n, const char *reason, const char *where)
{
    struct mt_event *ev = go(time_ns, n, MT_GO_RUNNING, MT_GO_WAITING);
    ev->name = name(reason);
    ev->stack = ev->target_stack = stack(where);
}

static inline void finish_go(int64_t time_ns, uint32_t n)
{
    go(time_ns, n, MT_GO_RUNNING, MT_GO_NOT_EXIST);
}

static inline struct mt_event *range(int64_t time_ns, unsigned kind, unsigned what)
{
    struct mt_event *ev = at(time_ns, kind);
    ev->what = (uint8_t)what;
    return ev;
}

static inline void stop(int64_t begin_ns, int64_t end_ns, const char *reason)
{
    range(begin_ns, MT_EV_RANGE_BEGIN, MT_RANGE_STOP)->name = name(reason);
    range(end_ns, MT_EV_RANGE_END, MT_RANGE_STOP)->name = name(reason);
}

static inline void metric(int64_t time_ns, unsigned what, uint64_t value)
{
    struct mt_event *ev = at(time_ns, MT_EV_METRIC);
    ev->what = (uint8_t)what;
    ev->value = value;
}

/* The values of a metric, in order, with gaps left out. */
static inline size_t series(enum mt_metric metric_id, const struct mt_table **table, double *values,
                            size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < capture.n_tables; i++) {
        const double *column = capture.tables[i].columns[metric_id];
        for (size_t row = 0; column && row < capture.tables[i].n_rows; row++) {
            *table = &capture.tables[i];
            if (!isnan(column[row]) && n < most)
                values[n++] = column[row];
        }
    }
    return n;
}

#define STREAM_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
