/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of a format: recognise by content, read into a capture, describe for `inspect`. A
 * file parsers/formats/foo_bar.c that defines `const struct mt_reader mt_reader_foo_bar` is
 * registered by its name; users see it as "foo-bar".
 */
#ifndef MT_FORMATS_READER_H
#define MT_FORMATS_READER_H

#include "parsers/base/cursor.h"
#include "parsers/base/jsonout.h"
#include "parsers/model/capture.h"

enum mt_match { MT_NO, MT_MAYBE, MT_LIKELY, MT_CERTAIN };

struct mt_reader {
    const char *name;    /* "gctrace" */
    const char *kind;    /* what a user calls it: "GC log" */
    const char *summary; /* one line for `formats` */
    const char *example; /* a line of each form, or a description of the first bytes */
    const char *how;     /* how to capture it: a command or setting a line */
    bool mixes; /* a log whose lines may stand among others': read beside other such readers */
    /* Of one that mixes: a text no record is without. It is looked for in the whole of a log whose
     * head does not show the format, since some records come late (a crash at the end). */
    const char *mark;
    bool alone; /* a bundle is not asked for it: only with --as (none by default) */

    /* First bytes only (up to 64 KiB, decompressed), no allocation. Equal strength of two readers
     * on one sample fails a test. */
    enum mt_match (*sniff)(struct mt_span head);

    /* False with in->err set: damaged there. What stands in the capture then is consistent and is
     * used, marked damaged. Damaged records of a text are skipped and counted instead. What the
     * capture keeps is copied into its arena; only after mt_cur_all may it point into the input,
     * and then the reader sets out->borrows_input. */
    bool (*read)(struct mt_cursor *in, struct mt_capture *out);

    /* Members of the one-line object after "format" and "error"; NULL: counts and times only.
     * Documented in parsers/formats/<name>.md. */
    void (*inspect)(const struct mt_capture *c, struct mt_json_out *out);

    /* For `inspect --events`: hands each event to `line`, newline included, which is false when the
     * listing is to stop. NULL: the format has no events. False with in->err set as for read. */
    bool (*list)(struct mt_cursor *in, bool (*line)(void *sink, struct mt_span text), void *sink);
};

/* Written by ci/registry.awk, in name order, NULL at the end. */
extern const struct mt_reader *const mt_readers[];

/* The strongest match, or NULL. */
const struct mt_reader *mt_reader_sniff(struct mt_span head);
const struct mt_reader *mt_reader_named(const char *name);

#endif
