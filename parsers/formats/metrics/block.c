/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/metrics/block.h"

#include "parsers/formats/lines/stamp.h"

enum { STAMP_SIZE = 120, PAGE_BYTES = 4096 };

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
