/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of a log as the program wrote them, whatever a container runtime or a log shipper put
 * around them:
 *
 *     2026-11-22T19:11:37.764210166Z stderr F gc 1 @0.010s ...          CRI; P marks a part of a
 * line
 *     {"log":"gc 1 @0.010s ...\n","stream":"stderr","time":"2026-..."}  Docker json-file
 *     {"date":1795374380.9,"message":"gc 1 ...","stream":"stderr"}      Fluent Bit, Filebeat
 *     {"MESSAGE":"gc 1 ...","__REALTIME_TIMESTAMP":"1795374380896255"}  journalctl -o json
 *     2026-11-22T19:11:37.764210166Z gc 1 @0.010s ...                   kubectl logs --timestamps
 *
 * A reader of text lines calls mt_wrapped_next where it would call mt_cur_line and gets the inner
 * line with the wrapper's time. Parts are joined, a text of several lines is taken apart, one
 * wrapper inside another is taken off, too. A line that has no wrapper comes as it is; when the
 * first 64 lines have none, none is looked for any more, which makes the plain case cheap. The
 * colours of a terminal ("\x1b[36m") are dropped wherever they stand.
 *
 *     struct mt_wrapped w;
 *     struct mt_wrapped_line line;
 *     mt_wrapped_begin(&w, in, out->arena);
 *     while (mt_wrapped_next(&w, &line)) ...
 *
 * A sniffer does the same over its head with an arena of NULL: then nothing is allocated, parts are
 * not joined and a long line that holds escapes or colours is cut.
 */
#ifndef MT_FORMATS_LINES_WRAPPED_H
#define MT_FORMATS_LINES_WRAPPED_H

#include "parsers/base/arena.h"
#include "parsers/base/cursor.h"
#include "parsers/formats/reader.h"
#include "parsers/model/time.h"

enum mt_wrapper { MT_WRAP_NONE, MT_WRAP_CRI, MT_WRAP_JSON, MT_WRAP_TIMESTAMP };

struct mt_wrapped_line {
    struct mt_span text; /* without its end; valid until the next call */
    int64_t time_ns;     /* of the wrapper, MT_NO_TIME when it has none */
    bool zone_known;     /* of time_ns */
    enum mt_wrapper wrapper;
    bool unended;          /* the input stops behind it without a line end: it may be cut short */
    struct mt_span stream; /* "stdout", "stderr"; empty when not said */
    struct mt_span origin; /* pod, container or unit that wrote it; empty when not said */
};

enum { MT_WRAPPED_STREAMS = 2, MT_WRAPPED_HEAD = 2048, MT_WRAPPED_TRIES = 64 };

struct mt_wrapped_part { /* begin of a line whose end has not come yet */
    unsigned char *bytes;
    size_t size, capacity;
    bool open; /* more parts will follow */
    bool cut;  /* some came behind MT_LIMIT_LINE and were dropped */
};

struct mt_wrapped {
    struct mt_cursor *in;
    struct mt_arena *arena; /* NULL: sniffing */
    uint64_t lines_seen;
    bool any;                                         /* a wrapper was seen */
    struct mt_wrapped_part parts[MT_WRAPPED_STREAMS]; /* stderr, all else */
    struct mt_span more;            /* further lines of the text that is being taken apart */
    struct mt_wrapped_line current; /* to whose wrapper they belong */
    uint64_t no_colour_until;       /* offset in the input up to which there are none */
    unsigned char *plain;           /* the line without its colours */
    size_t plain_capacity;
    unsigned char head[MT_WRAPPED_HEAD];
};

void mt_wrapped_begin(struct mt_wrapped *w, struct mt_cursor *in, struct mt_arena *arena);

/* The next inner line. False at the end of input or after a failure of the cursor; the beginning of
 * a line whose last part never came is delivered before that. */
bool mt_wrapped_next(struct mt_wrapped *w, struct mt_wrapped_line *line);

/* How sure the head of a log is a reader's own: certain when its first inner line is, likely when a
 * later one is. */
enum mt_match mt_wrapped_sniff(struct mt_span head, bool (*is_own)(struct mt_span line));

#endif
