/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sticky reading position. After the first failure every call returns zero or an empty span, so a
 * reader tests mt_cur_ok once per record, not per field. `rest` is a window: behind it a source may
 * hold more (gunzip, pipe). Calls that need n bytes refill the window themselves; spans they return
 * stay valid until the next call that may refill (any taking call), or, for a cursor without a
 * source and after mt_cur_all, as long as the input.
 */
#ifndef MT_BASE_CURSOR_H
#define MT_BASE_CURSOR_H

#include "parsers/base/err.h"
#include "parsers/base/span.h"

struct mt_source;

struct mt_source_calls {
    /* Makes rest hold at least `want` bytes if the input has as many; keeps the bytes in rest, may
     * move them. False on a read error or damaged compression, with *err set; what was good before
     * the damage has been delivered. At the end of input it returns true with a shorter rest. */
    bool (*refill)(struct mt_source *self, struct mt_span *rest, size_t want, struct mt_err *err);
    /* The bytes before rest are no longer needed (a mapping may be dropped up to there). */
    void (*release)(struct mt_source *self, struct mt_span rest);
    /* Of a source that keeps: the bytes before rest will be read again, but not at once; a mapping
     * may give their memory back. NULL: does nothing. */
    void (*drop)(struct mt_source *self, struct mt_span rest);
};

struct mt_source {
    const struct mt_source_calls *calls;
    bool keeps; /* what was taken stays where it is to the end (a mapping, memory) */
};

struct mt_cursor {
    struct mt_span rest;
    uint64_t offset; /* of rest.data[0] in the decompressed input */
    struct mt_err *err;
    struct mt_source *source; /* NULL: rest is all there is */
    bool in_line;             /* mt_cur_line has cut a line: its rest is still to be passed over */
    uint64_t no_cr_until;     /* mt_cur_line: offset up to which no CR is ahead, */
    bool cr_there;            /* and whether one is at that place */
    uint64_t cut_lines;       /* lines so far whose end was lost to MT_LIMIT_LINE */
};

/* A cursor over memory. */
struct mt_cursor mt_cur_over(struct mt_span bytes, struct mt_err *err);

bool mt_cur_ok(const struct mt_cursor *in);
/* True when at least n bytes are there (refills). Does not fail the cursor at the end of input. */
bool mt_cur_has(struct mt_cursor *in, size_t n);
bool mt_cur_at_end(struct mt_cursor *in);

uint8_t mt_cur_u8(struct mt_cursor *in);
uint16_t mt_cur_u16be(struct mt_cursor *in);
uint32_t mt_cur_u32le(struct mt_cursor *in);
uint32_t mt_cur_u32be(struct mt_cursor *in);
uint64_t mt_cur_u64be(struct mt_cursor *in);
uint64_t mt_cur_varint(struct mt_cursor *in); /* LEB128, at most 10 bytes, no overflow of 64 bit */
struct mt_span mt_cur_bytes(struct mt_cursor *in, uint64_t len);
void mt_cur_skip(struct mt_cursor *in, uint64_t len);
/* A cursor over the next len bytes, which are taken off `in`. Shares the error. */
struct mt_cursor mt_cur_sub(struct mt_cursor *in, uint64_t len);

/* Refuses a count whose smallest records (`least` bytes each) could not fit in what remains of a
 * cursor without a source. It precedes every allocation. */
size_t mt_cur_count(struct mt_cursor *in, uint64_t count, size_t least);

/* The whole remaining input as one span; stays valid as long as the input. Limits apply. */
struct mt_span mt_cur_all(struct mt_cursor *in);

/* The next line without its end (LF, CRLF, lone CR); *line stays valid until the next call. A line
 * longer than MT_LIMIT_LINE comes cut, the next call passes over the excess and counts it. False at
 * the end or after a failure; lines in front of a damage have been given by then. */
bool mt_cur_line(struct mt_cursor *in, struct mt_span *line);

/* Fails the cursor at its present offset, if it has not failed before. Always false. */
bool mt_cur_fail(struct mt_cursor *in, const char *fmt, ...) MT_PRINTF(2, 3);

/* Tell the source that everything before the present position may go. */
void mt_cur_release(struct mt_cursor *in);

/* Spans taken stay valid as long as the input, whatever is released: a reader may come back. */
bool mt_cur_keeps(const struct mt_cursor *in);
/* Where it keeps: what stands before the present position is not needed at once. */
void mt_cur_drop(struct mt_cursor *in);

#endif
