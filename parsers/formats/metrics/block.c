/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/block.h"

#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/lines/wrapped.h"

enum { STAMP_SIZE = 120, PAGE_BYTES = 4096, SNIFF_LINES = 500 };

static const int64_t NEAR_NS = 86400 * MT_SECOND_NS;

void mt_block_begin(struct mt_block *b, struct mt_capture *out, const char *source)
{
    mt_recorder_begin(&b->r, out, source);
    b->time_ns = MT_NO_TIME;
    b->zone_known = false;
    b->seen = 0;
    b->bare_ns = MT_NO_TIME;
}

void mt_block_end(struct mt_block *b, bool same_time)
{
    if (b->time_ns != MT_NO_TIME)
        mt_recorder_time(&b->r, b->time_ns, b->zone_known);
    mt_recorder_commit(&b->r);
    b->seen = 0;
    if (!same_time)
        b->time_ns = MT_NO_TIME;
}

bool mt_block_number_is_time(const struct mt_block *b, uint64_t number)
{
    int64_t time_ns;
    if (!mt_stamp_from_number((double)number, &time_ns))
        return false;
    if (b->bare_ns != MT_NO_TIME)
        return time_ns > b->bare_ns - NEAR_NS && time_ns < b->bare_ns + NEAR_NS;
    return b->time_ns == MT_NO_TIME && number % PAGE_BYTES != 0;
}

void mt_block_set_time(struct mt_block *b, int64_t time_ns, bool zone_known)
{
    mt_block_end(b, false);
    b->time_ns = time_ns;
    b->zone_known = zone_known;
}

bool mt_block_time(struct mt_block *b, struct mt_span line)
{
    int64_t time_ns;
    bool zone_known;
    uint64_t number;
    bool bare = mt_span_u64(mt_span_trim(line), &number);
    if (line.size > STAMP_SIZE || (bare && !mt_block_number_is_time(b, number)) ||
        !mt_stamp_alone(line, &time_ns, &zone_known))
        return false;
    mt_block_set_time(b, time_ns, zone_known);
    b->bare_ns = bare ? time_ns : MT_NO_TIME;
    return true;
}

void mt_block_figure(struct mt_block *b, unsigned number)
{
    if (b->seen >> number & 1)
        mt_block_end(b, false);
    b->seen |= 1ull << number;
}

enum mt_match mt_block_sniff(struct mt_span head, size_t enough,
                             enum mt_line_is (*look)(struct mt_span line))
{
    struct mt_err err = {0};
    struct mt_cursor in = mt_cur_over(head, &err);
    struct mt_wrapped w;
    struct mt_wrapped_line line;
    size_t figures = 0;
    bool strange = false;
    mt_wrapped_begin(&w, &in, NULL);
    for (size_t n = 0; n < SNIFF_LINES && mt_wrapped_next(&w, &line); n++) {
        int64_t time_ns;
        bool zone_known;
        enum mt_line_is is = line.text.size ? look(line.text) : MT_LINE_NEUTRAL;
        if (is == MT_LINE_FIGURE && ++figures == enough)
            return strange ? MT_LIKELY : MT_CERTAIN;
        strange |= is == MT_LINE_STRANGE && !mt_stamp_alone(line.text, &time_ns, &zone_known);
    }
    return MT_NO;
}
