/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Index, then merge, check and tell in one go: of the events only one per P is ever in memory. That
 * a trace contradicts itself may turn out at its end, when most was told; the feed begins anew
 * then.
 */
#include "parsers/formats/gotrace/v1.h"

#include "parsers/formats/gotrace/relay.h"
#include "parsers/formats/gotrace/v1_convert.h"
#include "parsers/formats/gotrace/v1_futile.h"

#include <inttypes.h>

/* Bytes of a trace that make a second thread worth it. */
enum { THREAD_LEAST = 1 << 20 };

struct run {
    struct mt_v1_merge merge;
    struct mt_v1_check check;
    struct mt_v1_convert convert;
    bool tells; /* until an event that has no place in the stream */
};

/* Before 1.11: futile wakeups are no events, and an exit whose clock was mended may come to its
 * true place too early; it comes later then. */
static bool is_void(const struct run *r, const struct mt_v1_futile *futile,
                    const struct mt_v1_event *ev)
{
    if (ev->type == MT_V1_FUTILE_WAKEUP || mt_v1_futile_is(futile, ev->number))
        return true;
    const struct mt_v1_goroutine *g = mt_v1_context(&r->check, ev);
    return ev->number == UINT64_MAX && (!g || g->status != MT_V1_WAITING);
}

static bool walk(struct run *r, const struct mt_v1_futile *futile)
{
    struct mt_v1_event *ev;
    bool may_be_void = r->merge.index->format.version < 11;
    while ((ev = mt_v1_merge_next(&r->merge))) {
        if (may_be_void && is_void(r, futile, ev))
            continue;
        if (!mt_v1_check_event(&r->check, ev))
            return false;
        r->tells = r->tells && mt_v1_convert_event(&r->convert, ev);
        if (ev->type == MT_V1_GO_END || ev->type == MT_V1_TASK_END)
            mt_v1_check_settle(&r->check, ev);
    }
    return mt_cur_ok(r->merge.in);
}

static void remark_repairs(struct mt_capture *capture, uint64_t n)
{
    if (n)
        mt_capture_remark(capture, false, "trace-clocks",
                          "the CPUs' clocks differ: %" PRIu64 " times of the trace went back and "
                          "were set to the time before",
                          n);
}

/* Goes through the whole trace; without a feed it only checks. *misplaced: what was told before an
 * event that has no place in the stream counts. */
static bool run(struct mt_cursor *in, struct mt_v1_index *index, const struct mt_v1_futile *futile,
                struct mt_trace_feed *feed, bool *misplaced)
{
    struct mt_arena arena = {0};
    struct run *r = MT_NEW(&arena, struct run);
    mt_v1_merge_init(&r->merge, index, in, &arena);
    mt_v1_check_init(&r->check, &r->merge, &arena);
    if (feed)
        mt_v1_convert_init(&r->convert, &r->check, feed, &arena);
    r->tells = feed;
    /* before 1.7 addresses become stacks on the way, which are the consumers' then */
    if (feed && index->file.size >= THREAD_LEAST && index->format.version >= 7)
        mt_relay_begin(feed);
    bool sound = mt_cur_ok(in) && walk(r, futile);
    if (sound && r->tells)
        mt_v1_convert_end(&r->convert);
    if (feed) {
        mt_relay_end(feed);
        mt_feed_flush(feed); /* log messages stand in the input */
    }
    if (sound && feed) {
        remark_repairs(feed->capture, r->merge.n_repaired);
        *misplaced = !r->tells;
    }
    mt_arena_clear(&arena);
    return sound;
}

bool mt_gotrace_v1_read(struct mt_cursor *in, unsigned go_minor, struct mt_trace_feed *feed)
{
    struct mt_arena arena = {0};
    struct mt_v1_index *index = MT_NEW(&arena, struct mt_v1_index);
    struct mt_v1_futile futile = {0};
    bool misplaced = false;
    bool sound = mt_v1_index_build(index, in, go_minor, &arena, feed) &&
                 (go_minor >= 11 || mt_v1_futile_find(&futile, index, in, &arena)) &&
                 (!feed->check_first || run(in, index, &futile, NULL, NULL)) &&
                 run(in, index, &futile, feed, &misplaced);
    mt_arena_clear(&arena);
    if (!sound)
        mt_feed_restart(feed);
    else if (misplaced)
        mt_cur_fail(in, "futile wakeup, a record that Go 1.11 and later do not write");
    return mt_cur_ok(in);
}
