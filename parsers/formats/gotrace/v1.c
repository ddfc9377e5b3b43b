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
        if (r->merge.lenient)
            mt_v1_check_adopt(&r->check, ev);
        if (!mt_v1_check_event(&r->check, ev)) {
            if (!r->merge.lenient)
                return false;
            *r->merge.in->err = (struct mt_err){0};
            continue;
        }
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
 * event that has no place in the stream counts. With left_bytes, which is the size of what was not
 * reached, records may be missing: what contradicts the others goes. Either may be NULL. */
static bool run(struct mt_cursor *in, struct mt_v1_index *index, const struct mt_v1_futile *futile,
                struct mt_trace_feed *feed, bool *misplaced, uint64_t *left_bytes)
{
    struct mt_arena arena = {0};
    struct run *r = MT_NEW(&arena, struct run);
    mt_v1_merge_init(&r->merge, index, in, &arena);
    r->merge.lenient = left_bytes;
    mt_v1_check_init(&r->check, &r->merge, &arena);
    if (feed)
        mt_v1_convert_init(&r->convert, &r->check, feed, &arena);
    r->tells = feed;
    /* before 1.7 addresses become stacks on the way, which are the consumers' then */
    if (feed && index->file.size >= THREAD_LEAST && index->format.version >= 7)
        mt_relay_begin(feed);
    bool sound = mt_cur_ok(in) && walk(r, futile);
    if (sound && r->tells && !left_bytes)
        mt_v1_convert_end(&r->convert);
    if (feed) {
        mt_relay_end(feed);
        mt_feed_flush(feed); /* log messages stand in the input */
    }
    if (sound && misplaced) {
        remark_repairs(feed->capture, r->merge.n_repaired);
        *misplaced = !r->tells;
    }
    if (left_bytes)
        *left_bytes = mt_v1_merge_left_bytes(&r->merge);
    mt_arena_clear(&arena);
    return sound;
}

/* What stands before the damage, which in->err has. */
static void salvage(struct mt_cursor *in, struct mt_v1_index *index, struct mt_arena *arena,
                    struct mt_trace_feed *feed, uint64_t *lost_bytes)
{
    struct mt_v1_futile futile = {0};
    struct mt_err later = {0};
    struct mt_cursor before = *in;
    before.err = &later;
    feed->capture->trace->unit_assumed = !index->ticks_per_second;
    if (index->format.version < 11) {
        mt_v1_futile_find(&futile, index, &before, arena);
        later = (struct mt_err){0};
    }
    run(&before, index, &futile, feed, NULL, lost_bytes);
    if (!feed->n_events)
        return;
    mt_capture_remark(feed->capture, true, "trace-cut",
                      "behind the damage the tables of functions and the last records of some "
                      "processors are lost: functions are not known, and goroutines may have ended "
                      "unseen");
    if (!index->ticks_per_second)
        mt_capture_remark(feed->capture, true, "trace-unit",
                          "the unit of the trace's clock is lost: a tick is taken for %d ns, so "
                          "lengths of time may be off by a factor and no rate comes from them",
                          MT_V1_ASSUMED_TICK_NS);
}

bool mt_gotrace_v1_read(struct mt_cursor *in, unsigned go_minor, struct mt_trace_feed *feed,
                        uint64_t *lost_bytes)
{
    struct mt_arena arena = {0};
    struct mt_v1_index *index = MT_NEW(&arena, struct mt_v1_index);
    struct mt_v1_futile futile = {0};
    bool misplaced = false;
    bool whole = mt_v1_index_build(index, in, go_minor, &arena, feed);
    bool sound = whole && (go_minor >= 11 || mt_v1_futile_find(&futile, index, in, &arena)) &&
                 (!feed->check_first || run(in, index, &futile, NULL, NULL, NULL)) &&
                 run(in, index, &futile, feed, &misplaced, NULL);
    bool salvaged = !whole && !feed->check_first && index->n_batches;
    if (salvaged)
        salvage(in, index, &arena, feed, lost_bytes);
    mt_arena_clear(&arena);
    if (!sound && !salvaged)
        mt_feed_restart(feed);
    else if (misplaced)
        mt_cur_fail(in, "futile wakeup, a record that Go 1.11 and later do not write");
    return mt_cur_ok(in);
}
