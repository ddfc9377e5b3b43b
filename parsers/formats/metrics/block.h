/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records that stand upright, a figure a line, one block after the other, as a loop around `cat`
 * prints them, with or without `date` between. A block ends at a line that is nothing but a time,
 * and where a figure comes again.
 */
#ifndef MT_FORMATS_METRICS_BLOCK_H
#define MT_FORMATS_METRICS_BLOCK_H

#include "parsers/formats/metrics/recorder.h"
#include "parsers/formats/reader.h"

struct mt_block {
    struct mt_recorder r;
    int64_t time_ns; /* of the block at hand */
    bool zone_known;
    uint64_t seen;   /* figures it has, by number */
    int64_t bare_ns; /* of the last time that was written as a number alone; MT_NO_TIME: none was,
                        or a time in words has come since */
};

void mt_block_begin(struct mt_block *b, struct mt_capture *out, const char *source);

/* True when the line is only a time: the block before is ended, the next has this time. A number
 * alone counts only when mt_block_number_is_time says so. */
bool mt_block_time(struct mt_block *b, struct mt_span line);

/* Whether a number alone is Unix time and no size: near the last such time, or, where none has been
 * yet, in range and no whole number of pages. */
bool mt_block_number_is_time(const struct mt_block *b, uint64_t number);

/* The block before is ended, the next has this time. */
void mt_block_set_time(struct mt_block *b, int64_t time_ns, bool zone_known);

/* A figure of this number (below 64) is about to be set: ends the block when it has it already. */
void mt_block_figure(struct mt_block *b, unsigned number);

/* Ends the block: its record is committed. With same_time the next one is of the same moment. */
void mt_block_end(struct mt_block *b, bool same_time);

enum mt_line_is { MT_LINE_STRANGE, MT_LINE_NEUTRAL, MT_LINE_FIGURE };

/* How sure the head is such a log: likely when `enough` figures stand in it, certain when nothing
 * strange stands before them. Empty lines and times are neutral and not asked about. */
enum mt_match mt_block_sniff(struct mt_span head, size_t enough,
                             enum mt_line_is (*look)(struct mt_span line));

#endif
