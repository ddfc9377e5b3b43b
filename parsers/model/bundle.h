/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that was captured of one process, on one clock. Built once by the loader (cmd and
 * parsers/input find and read the files), constant afterwards; rules and views only read it.
 */
#ifndef MT_MODEL_BUNDLE_H
#define MT_MODEL_BUNDLE_H

#include "parsers/model/capture.h"

enum mt_input_status { MT_INPUT_READ, MT_INPUT_DAMAGED, MT_INPUT_SKIPPED };

struct mt_input {
    const char *path; /* relative to the bundle, '/' between parts */
    const char *kind; /* what it is to a user: "heap profile", "MemStats log"; NULL when skipped */
    const char *format; /* reader's name; NULL when not recognised */
    uint64_t bytes;     /* as stored */
    char sha256[65];    /* of the stored bytes; empty when it could not be read */
    enum mt_input_status status;
    const char *reason;     /* skipped or damaged: one clear sentence with the byte */
    bool unread;            /* skipped unseen: it may hold a capture, so no gate may pass over it */
    uint64_t damage_offset; /* damaged: byte in the decompressed input */
    uint64_t records;
    int64_t start_ns, end_ns;   /* MT_NO_TIME when it has none */
    struct mt_capture *capture; /* NULL when skipped */
    struct mt_clock_state clock;
};

/* One profile among the inputs. */
struct mt_profile_ref {
    const struct mt_profile *profile;
    const struct mt_input *input;
};

/* A series over the whole bundle: one metric from one table. */
struct mt_series {
    enum mt_metric metric;
    const char *source;
    const struct mt_input *input;
    const struct mt_clock_state *clock;
    size_t n;
    const int64_t *time_ns; /* not decreasing; rows without a value are dropped */
    const double *value;
};

struct mt_quality {
    const char *id, *statement;
    bool severe;
    const struct mt_input *input; /* NULL: the bundle as a whole */
};

struct mt_bundle {
    struct mt_arena *arena;
    struct mt_strings *strings;
    const char *name; /* last part of the path given */

    struct mt_input *inputs; /* by path */
    size_t n_inputs;
    struct mt_manifest manifest; /* merged; defaults where none */
    bool has_manifest;
    struct mt_span notes;

    int64_t start_ns, end_ns; /* window of all aligned data; MT_NO_TIME when nothing has a time */

    /* by kind, each by time, then path; profiles without a time last, in natural order of the paths
     */
    struct mt_profile_ref *profiles[MT_PROFILE_KINDS];
    size_t n_profiles[MT_PROFILE_KINDS];
    struct mt_series *series; /* by metric, then longest first, then path */
    size_t n_series, cap_series;
    const struct mt_gc_log **gc_logs;
    size_t n_gc_logs;
    const struct mt_goroutine_dump **dumps; /* by time */
    const struct mt_input **dump_inputs;
    size_t n_dumps;
    const struct mt_trace **traces;
    const struct mt_input **trace_inputs;
    size_t n_traces;
    const struct mt_request **requests; /* by start */
    size_t n_requests;

    struct mt_quality *quality;
    size_t n_quality, cap_quality;
};

/* The best series of a metric (most points, aligned before not), or NULL. */
const struct mt_series *mt_bundle_series(const struct mt_bundle *b, enum mt_metric metric);
static inline const char *mt_bundle_text(const struct mt_bundle *b, uint32_t id)
{
    return mt_string_text(b->strings, id);
}

/* Adds a row to the data-quality list, once. The texts live as long as the bundle. */
void mt_bundle_quality(struct mt_bundle *b, const struct mt_input *input, bool severe,
                       const char *id, const char *statement);

/* Joins read inputs (in any order): rebases strings, sorts, aligns the clocks, builds the indexes.
 * inputs and their captures stay owned by the caller and must outlive the bundle. */
struct mt_bundle *mt_bundle_join(struct mt_arena *arena, struct mt_strings *strings,
                                 const char *name, struct mt_input *inputs, size_t n_inputs,
                                 int64_t interval_ns);

#endif
