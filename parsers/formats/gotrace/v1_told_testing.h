/* SPDX-License-Identifier: Apache-2.0 */
/* For tests only: what the reader of version 1 tells of the trace in the making. */
#ifndef MT_GOTRACE_V1_TOLD_TESTING_H
#define MT_GOTRACE_V1_TOLD_TESTING_H

#include "parsers/base/text.h"
#include "parsers/formats/gotrace/v1.h"
#include "parsers/formats/gotrace/v1_testing.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const go_states[] = {"runnable", "running", "waiting", "syscall", "-", "?"};
static const char *const proc_states[] = {"running", "idle", "-", "?"};

static inline void list_stack(struct mt_trace_feed *feed, struct mt_text *out, const char *mark,
                              uint32_t id)
{
    size_t n;
    const uint32_t *frames = mt_stack_frames(&feed->stacks, id, &n);
    for (size_t i = 0; i < n; i++) {
        mt_text_add(out, i ? "<" : mark);
        mt_text_span(out, mt_string(feed->capture->strings,
                                    mt_frame_at(&feed->stacks, frames[i])->function));
    }
}

static inline void list_one(struct mt_trace_feed *feed, struct mt_text *out,
                            const struct mt_event *ev)
{
    const char *name = mt_string_text(feed->capture->strings, ev->name);
    mt_text_printf(out, "%d ", (int)ev->time_ns);
    switch (ev->kind) {
    case MT_EV_TRANSITION: {
        const char *const *states = ev->scope == MT_ABOUT_PROC ? proc_states : go_states;
        mt_text_printf(out, "%c%d %s>%s %s", ev->scope == MT_ABOUT_PROC ? 'P' : 'G',
                       (int)ev->subject, states[ev->from], states[ev->to], name);
        break;
    }
    case MT_EV_METRIC:
        mt_text_printf(out, "metric%d=%d", ev->what, (int)ev->value);
        break;
    case MT_EV_SYNC:
        mt_text_printf(out, "sync%d", (int)ev->sync->number);
        break;
    case MT_EV_LOG:
        mt_text_printf(out, "log %s=", name);
        mt_text_span(out, *ev->message);
        break;
    case MT_EV_TASK_BEGIN:
    case MT_EV_TASK_END:
        mt_text_printf(out, "%s %d %s parent=%d", mt_event_kind_name(ev->kind), (int)ev->task, name,
                       ev->value == MT_NO_TASK ? -1 : (int)ev->value);
        break;
    default:
        mt_text_printf(out, "%s %d %s", mt_event_kind_name(ev->kind), ev->what, name);
    }
    mt_text_printf(out, " g%d p%d m%d", (int)ev->goroutine, (int)ev->proc, (int)ev->thread);
    list_stack(feed, out, " in:", ev->stack);
    list_stack(feed, out, " its:", ev->target_stack);
    mt_text_byte(out, '\n');
}

static struct mt_text listed;
static struct mt_err error;
static bool refused;
static size_t n_remarks;
static bool keeps_parts; /* of damaged traces, as a report does */
static uint64_t lost_bytes;

static inline void list(void *state, struct mt_trace_feed *feed, const struct mt_event *ev,
                        size_t n)
{
    (void)state;
    for (size_t i = 0; i < n; i++)
        list_one(feed, &listed, &ev[i]);
}

static const struct mt_trace_consumer lister = {
    .name = "lister", .kinds = MT_KINDS_ALL, .events = list};

static inline bool read_made(size_t size)
{
    struct mt_arena arena = {0};
    struct mt_strings strings;
    struct mt_capture capture;
    struct mt_trace_feed *feed = malloc(sizeof *feed);
    assert_non_null(feed);
    mt_strings_init(&strings, &arena);
    mt_capture_init(&capture, &arena, &strings);
    mt_feed_init(feed, &capture, made.version);
    mt_feed_add(feed, &lister);
    feed->check_first = !keeps_parts;
    lost_bytes = 0;
    mt_text_clear(&listed);
    mt_text_add(&listed, "");
    error = (struct mt_err){0};
    /* a copy of exactly that size, so that reading past it is seen */
    unsigned char *exact = malloc(size + 1);
    assert_non_null(exact);
    memcpy(exact, made.bytes, size);
    struct mt_cursor in = mt_cur_over((struct mt_span){exact, size}, &error);
    bool ok = mt_gotrace_v1_read(&in, made.version, feed, &lost_bytes);
    assert_true(ok == (error.code == MT_ERR_OK));
    refused = !ok && !feed->n_events;
    n_remarks = capture.n_remarks;
    mt_feed_end(feed, ok);
    mt_feed_clear(feed);
    mt_arena_clear(&arena);
    free(exact);
    free(feed);
    return ok;
}

static inline void tells(const char *expected)
{
    if (!read_made(made.size))
        fail_msg("refused: %s", error.what);
    assert_string_equal(listed.data, expected);
}

static inline void is_refused(const char *why)
{
    assert_false(read_made(made.size));
    assert_true(refused);
    if (!strstr(error.what, why))
        fail_msg("refused for another reason: %s", error.what);
}

#define TOLD_BEGINNING                                                                             \
    "0 sync1 g-1 p-1 m-1\n"                                                                        \
    "3 G2 ?>waiting  g2 p0 m-1\n"                                                                  \
    "4 P0 ?>running  g-1 p0 m7\n"                                                                  \
    "5 G1 ?>running  g1 p0 m7\n"

static inline int clear_text(void **state)
{
    (void)state;
    mt_text_clear(&listed);
    return 0;
}

#endif
