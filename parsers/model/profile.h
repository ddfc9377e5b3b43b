/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stack profile in the shape of profile.proto (google/pprof, proto/profile.proto): samples with
 * one value per type, a stack of locations (leaf first), labels. Indices into the profile's own
 * arrays are 0-based; MT_NO_INDEX where there is none.
 */
#ifndef MT_MODEL_PROFILE_H
#define MT_MODEL_PROFILE_H

#include "parsers/model/time.h"

#include <stddef.h>

#define MT_NO_INDEX UINT32_MAX

enum mt_profile_kind {
    MT_PROFILE_OTHER,  /* custom, other languages */
    MT_PROFILE_HEAP,   /* default type in use */
    MT_PROFILE_ALLOCS, /* the same data, default type allocated */
    MT_PROFILE_GOROUTINE,
    MT_PROFILE_GOROUTINELEAK,
    MT_PROFILE_BLOCK,
    MT_PROFILE_MUTEX,
    MT_PROFILE_THREADCREATE,
    MT_PROFILE_CPU,
    MT_PROFILE_REFERENCES, /* goref and the like: stacks are reference paths */
    MT_PROFILE_KINDS
};

/* "heap", "goroutine", ...: the word reports use. */
const char *mt_profile_kind_name(enum mt_profile_kind kind);

struct mt_value_type {
    uint32_t type, unit;
};

struct mt_mapping {
    uint64_t id, start, limit, offset;
    uint32_t file, build_id;
    bool has_functions, has_filenames, has_line_numbers, has_inline_frames;
};

struct mt_function {
    uint64_t id;
    uint32_t name, system_name, file;
    int64_t start_line;
};

struct mt_line {
    uint32_t function; /* index; MT_NO_INDEX: none */
    int64_t line, column;
};

struct mt_location {
    uint64_t id, address;
    uint32_t mapping;             /* index; MT_NO_INDEX: none */
    uint32_t first_line, n_lines; /* innermost (inlined) first */
    bool folded;
};

struct mt_label {
    uint32_t key, text; /* text 0: numeric, unless empty_text */
    int64_t number;
    uint32_t unit;
    bool empty_text; /* a text label whose text is "" */
};

static inline bool mt_label_is_text(const struct mt_label *l)
{
    return l->text || l->empty_text;
}

struct mt_sample {
    size_t first_frame; /* into `frames` */
    uint32_t n_frames;  /* locations, leaf first */
    uint32_t n_labels;
    size_t first_label;
};

struct mt_profile {
    enum mt_profile_kind kind;
    int64_t time_ns, duration_ns; /* time_ns: MT_NO_TIME when absent; raw_time_ns as in the file */
    int64_t raw_time_ns;
    struct mt_clock_state clock;
    int64_t period; /* heap: MemProfileRate in bytes */
    struct mt_value_type period_type;

    struct mt_value_type *types;
    size_t n_types;
    uint32_t default_type; /* as in the file */
    uint32_t
        default_index; /* the first type of that name, else the last; MT_NO_INDEX without types */
    int64_t *values;   /* n_samples * n_types */
    struct mt_sample *samples;
    size_t n_samples;
    uint32_t *frames; /* location indices of all samples */
    size_t n_frames;
    struct mt_label *labels;
    size_t n_labels;

    struct mt_mapping *mappings;
    size_t n_mappings;
    struct mt_location *locations;
    size_t n_locations;
    struct mt_line *lines;
    size_t n_lines;
    struct mt_function *functions;
    size_t n_functions;

    uint32_t *comments;
    size_t n_comments;
    uint32_t drop_frames, keep_frames, doc_url;
    bool from_text; /* legacy text form: symbols come from comments */
};

struct mt_strings;

/* Tells the kind from sample types, default type and, where those are the same (block and mutex),
 * from the stacks. Readers call it when the profile is complete. */
enum mt_profile_kind mt_profile_recognise(const struct mt_profile *p, const struct mt_strings *s);

/* The profile with its string ids put into another table. What holds ids is copied into the arena,
 * the rest is shared. */
struct mt_arena;
struct mt_profile mt_profile_translate(struct mt_arena *a, const struct mt_profile *p,
                                       const struct mt_strings *from, struct mt_strings *to);

/* Sets default_index from default_type. */
void mt_profile_choose_default(struct mt_profile *p);

/* Index of the sample type of that name ("inuse_space"), or MT_NO_INDEX. */
uint32_t mt_profile_type(const struct mt_profile *p, const struct mt_strings *s, const char *name);

#endif
