/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one file held, in the terms of the field and free of its format. A reader fills it; from the
 * join into a bundle on it is constant. Strings are ids of the table in `strings` (0 = absent or
 * empty); after the join they are ids of the bundle's table. All memory lives in `arena`.
 *
 * Times are ns since the Unix epoch unless a name says otherwise; MT_NO_TIME where the format has
 * none. A file may fill several parts (a legacy heap text is a profile and a MemStats record).
 */
#ifndef MT_MODEL_CAPTURE_H
#define MT_MODEL_CAPTURE_H

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/intern.h"
#include "parsers/model/gc.h"
#include "parsers/model/goroutines.h"
#include "parsers/model/profile.h"
#include "parsers/model/request.h"
#include "parsers/model/series.h"
#include "parsers/model/trace.h"

/* Something about the data a reader of the report must know. Becomes a row of `data_quality`. */
struct mt_remark {
    const char *id;        /* stable, kebab-case: "skipped-records", "restart" */
    const char *statement; /* one sentence, no path */
    bool severe;           /* changes how to read the verdict */
};

struct mt_label_pair {
    uint32_t key, value;
};

/* bundle.json: what the person who captured it knows. Zero or MT_NO_TIME where not given. */
struct mt_manifest {
    uint32_t service, build, go_version, module;
    int64_t captured_at_ns;
    uint64_t memory_limit_bytes; /* of the container */
    uint64_t gomemlimit_bytes;
    int32_t gogc; /* -1: off; INT32_MIN: not given */
    uint64_t interval_ms;
    struct mt_label_pair *labels;
    size_t n_labels, cap_labels;
    struct { /* clock_offset_ms by file, or for all ("*") */
        uint32_t path;
        int64_t offset_ms;
    } * offsets;
    size_t n_offsets, cap_offsets;
};

struct mt_capture {
    struct mt_arena *arena;
    struct mt_strings *strings;
    const char *format; /* the reader's name */
    const char
        *path; /* as given, relative to the bundle; for messages only, never for recognition */

    struct mt_profile *profiles;
    size_t n_profiles, cap_profiles;
    struct mt_table *tables;
    size_t n_tables, cap_tables;
    struct mt_gc_log *gc_logs; /* one per process found in the file */
    size_t n_gc_logs, cap_gc_logs;
    struct mt_goroutine_dump *dumps;
    size_t n_dumps, cap_dumps;
    struct mt_trace *trace; /* NULL or one */
    struct mt_request *requests;
    size_t n_requests, cap_requests;
    struct mt_manifest *manifest;
    struct mt_span notes; /* Markdown text */

    uint32_t go_version; /* what the file says the program was built with; string id, 0: nothing */
    struct mt_remark *remarks;
    size_t n_remarks, cap_remarks;
    uint64_t records;    /* rows, samples, goroutines, events ... whatever the format counts */
    uint64_t skipped;    /* damaged records of a text form that were passed over */
    uint64_t cut_lines;  /* of a text, whose end lies beyond MT_LIMIT_LINE; set by who called the
                            reader */
    uint64_t lost_bytes; /* of a binary file, behind the last consistent point */
    int64_t lost_ns;     /* the same in time, where known */
    bool inspecting;     /* set by `inspect`: the format may keep what only its object needs */
    bool borrows_input;  /* something points into what mt_cur_all gave: the loader keeps the input
                            open */
    void *detail;        /* the format's own, for its `inspect`; NULL is fine */
};

void mt_capture_init(struct mt_capture *c, struct mt_arena *arena, struct mt_strings *strings);

/* Each adds a zeroed record and returns it; the pointer holds until the next add of the same kind.
 */
struct mt_profile *mt_capture_add_profile(struct mt_capture *c, enum mt_profile_kind kind);
struct mt_table *mt_capture_add_table(struct mt_capture *c, const char *source);
struct mt_gc_log *mt_capture_add_gc_log(struct mt_capture *c, const char *source);
struct mt_goroutine_dump *mt_capture_add_dump(struct mt_capture *c);
struct mt_request *mt_capture_add_request(struct mt_capture *c);
/* id must be a literal; the statement is formatted into the arena. The same id and text once. */
void mt_capture_remark(struct mt_capture *c, bool severe, const char *id, const char *fmt, ...)
    MT_PRINTF(4, 5);

/* Sums and references hold: every index in range, values counted, times not past the end. A
 * reader's test calls it on each sample; so does the fuzz harness. */
bool mt_capture_check(const struct mt_capture *c, struct mt_err *err) MT_WARN_UNUSED;

/* Rewrites every string id through the bundle's table. Called once, at the join. */
void mt_capture_rebase(struct mt_capture *c, struct mt_strings *bundle_strings);

#endif
