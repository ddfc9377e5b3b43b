/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing but times and numbers, bare or as a container log, what `date; cat memory.current` or
 * `date; ps -o rss= -p PID` print:
 *
 *     2026-11-22T19:04:21+00:00         2026-11-22T19:04:21Z 39845888
 *     39845888                          2026-11-22T19:04:22Z 39849984
 *
 * What is counted, the numbers tell: the kernel counts memory in pages of 4 KiB, so sizes in bytes
 * are multiples of 4096 (a control group's usage; ps never prints bytes), sizes in KiB multiples of
 * 4 (RSS). A second number under a time is the limit of the group, as `cat memory.current
 * memory.max` prints it.
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"
#include "parsers/formats/metrics/block.h"
#include "parsers/formats/metrics/inspect.h"
#include "parsers/formats/reader.h"

enum {
    PAGE_BYTES = 4096,
    PAGE_KIB = 4,
    SNIFF_LINES = 400,
    FEWEST_NUMBERS = 6,
    MOST_LINE = 120,
    HEAD_BYTES = 64 << 10
};
static const uint64_t LEAST_KIB = 256;

enum line_kind { LINE_OTHER, LINE_BLANK, LINE_TIME, LINE_NUMBER, LINE_LIMIT };

struct log {
    struct mt_block block;
    unsigned below; /* numbers since the last time that stood alone */
    uint64_t usage; /* the first of them */
};

/* The wrapper's time counts where the text has none. */
static enum line_kind use_number(struct log *l, const struct mt_wrapped_line *line, uint64_t number)
{
    struct mt_block *b = &l->block;
    bool dated = b->time_ns != MT_NO_TIME && !b->seen; /* by a line before this one */
    if (!dated && line->time_ns != MT_NO_TIME) {
        mt_block_set_time(b, line->time_ns, line->zone_known);
        return LINE_NUMBER;
    }
    if (++l->below == 2 && number >= l->usage)
        return LINE_LIMIT;
    l->usage = number;
    return LINE_NUMBER;
}

/* Takes times into the block, whose record is ended; *number is set for LINE_NUMBER and LINE_LIMIT.
 */
static enum line_kind use_line(struct log *l, const struct mt_wrapped_line *line, uint64_t *number)
{
    struct mt_span text = mt_span_trim(line->text);
    if (!text.size || text.size > MOST_LINE)
        return text.size ? LINE_OTHER : LINE_BLANK;
    if (mt_block_time(&l->block, text)) {
        l->below = 0;
        return LINE_TIME;
    }
    if (mt_span_u64(text, number))
        return use_number(l, line, *number);
    if (l->below == 1 && mt_span_is(text, "max")) { /* no limit */
        l->below++;
        return LINE_BLANK;
    }
    int64_t time_ns;
    bool zone_known;
    if (!mt_stamp_take(&text, &time_ns, &zone_known) || !text.size)
        return LINE_OTHER;
    unsigned char c = text.data[0];
    if ((c != ' ' && c != '\t' && c != ';') ||
        !mt_span_u64(mt_span_trim(mt_span_from(text, 1)), number))
        return LINE_OTHER;
    mt_block_set_time(&l->block, time_ns, zone_known);
    l->below = 2; /* no limit stands below */
    return LINE_NUMBER;
}

struct unit {
    enum mt_metric metric; /* MT_METRIC_COUNT: the numbers are no memory */
    double scale;
};

/* Every line fits, each number has a time, and all numbers are whole pages. */
static struct unit unit_of(struct mt_span head)
{
    const struct unit none = {MT_METRIC_COUNT, 0};
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    struct log log = {.below = 0};
    size_t numbers = 0, timed = 0, limits = 0;
    bool bytes = true, kib = true;
    mt_block_begin(&log.block, NULL, "");
    mt_wrapped_begin(&wrapped, &in, NULL);
    for (size_t n = 0; n < SNIFF_LINES && mt_wrapped_next(&wrapped, &line); n++) {
        uint64_t number;
        if (line.unended) /* it may be cut */
            break;
        enum line_kind kind = use_line(&log, &line, &number);
        if (kind == LINE_OTHER)
            return none;
        if (kind != LINE_NUMBER && kind != LINE_LIMIT)
            continue;
        bytes = bytes && number % PAGE_BYTES == 0 && number > 0;
        kib = kib && number % PAGE_KIB == 0 && number >= LEAST_KIB;
        limits += kind == LINE_LIMIT;
        if (kind == LINE_LIMIT)
            continue;
        numbers++;
        timed += log.block.time_ns != MT_NO_TIME;
        log.block.time_ns = MT_NO_TIME;
    }
    if (numbers < FEWEST_NUMBERS || timed + 1 < numbers || (limits && limits + 1 < numbers))
        return none;
    if (bytes)
        return (struct unit){MT_M_CGROUP_CURRENT, 1};
    return kib && !limits ? (struct unit){MT_M_RSS, 1024} : none;
}

static void remark(struct mt_capture *out, bool rss)
{
    mt_capture_remark(out, false, "unit-assumed",
                      "Numbers without a name are taken as %s: all are multiples of %d",
                      rss ? "resident memory in KiB, as ps prints it"
                          : "memory of a control group in bytes",
                      rss ? PAGE_KIB : PAGE_BYTES);
}

static bool read(struct mt_cursor *in, struct mt_capture *out)
{
    mt_cur_has(in, HEAD_BYTES);
    struct unit unit = unit_of(mt_span_sub(in->rest, 0, HEAD_BYTES));
    if (!mt_cur_ok(in))
        return false;
    if (unit.metric == MT_METRIC_COUNT)
        return mt_cur_fail(in, "times with sizes in whole pages below them were expected");
    struct log *l = MT_NEW(out->arena, struct log);
    struct mt_wrapped wrapped;
    struct mt_wrapped_line line;
    mt_block_begin(&l->block, out, "bare-memory");
    mt_wrapped_begin(&wrapped, in, out->arena);
    l->block.r.unit_named[unit.metric] = true;
    while (mt_wrapped_next(&wrapped, &line)) {
        uint64_t number;
        enum line_kind kind = use_line(l, &line, &number);
        out->skipped += kind == LINE_OTHER;
        if (line.unended) /* a number may lack digits */
            continue;
        if (kind == LINE_NUMBER) {
            mt_block_figure(&l->block, 0);
            mt_recorder_set(&l->block.r, unit.metric, (double)number * unit.scale);
        } else if (kind == LINE_LIMIT && unit.metric == MT_M_CGROUP_CURRENT) {
            mt_recorder_set(&l->block.r, MT_M_CGROUP_LIMIT, (double)number);
        }
    }
    mt_block_end(&l->block, false);
    mt_recorder_finish(&l->block.r);
    remark(out, unit.metric == MT_M_RSS);
    return mt_cur_ok(in);
}

static enum mt_match sniff(struct mt_span head)
{
    return unit_of(head).metric == MT_METRIC_COUNT ? MT_NO : MT_LIKELY;
}

const struct mt_reader mt_reader_bare_memory = {
    .name = "bare-memory",
    .kind = "process memory log",
    .summary = "Times and numbers alone: memory.current in bytes or ps -o rss= in KiB",
    .example = "2026-11-22T19:04:21Z 39845888",
    .how = "while sleep 1; do date -Is -u; cat /sys/fs/cgroup/memory.current; done >memory.log",
    .sniff = sniff,
    .read = read,
    .inspect = mt_metrics_inspect,
};
