/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events with a stack, added up into one profile: a sample for each stack and class of object. Keys
 * of stacks hold within a chunk only; the profile outlives it.
 */
#ifndef MT_FORMATS_JFR_STACKS_H
#define MT_FORMATS_JFR_STACKS_H

#include "parsers/formats/jfr/event.h"
#include "parsers/model/capture.h"

struct mt_jfr_frames { /* of one stack, into `stack_frames` */
    size_t first;
    uint32_t count;
};

struct mt_jfr_stacks {
    struct mt_capture *out;
    struct mt_arena *arena; /* of the recording's reading */
    uint64_t events;
    uint32_t *key; /* of the sample at hand: class, then locations */
    size_t cap_key;
    /* within the chunk: key of the stack -> place + 1 in `stacks` */
    struct mt_strings stack_keys;
    struct mt_jfr_frames *stacks;
    size_t n_stacks, cap_stacks;
    uint32_t *stack_frames; /* locations */
    size_t n_stack_frames, cap_stack_frames;
    /* of the whole recording: content -> place + 1 in the profile's arrays */
    struct mt_strings function_keys, location_keys, sample_keys;
    struct mt_function *functions;
    size_t n_functions, cap_functions;
    struct mt_location *locations;
    size_t n_locations, cap_locations;
    struct mt_line *lines;
    size_t n_lines, cap_lines;
    struct mt_sample *samples;
    size_t n_samples, cap_samples;
    int64_t *values; /* two a sample: events, bytes */
    size_t n_values, cap_values;
    uint32_t *frames;
    size_t n_frames, cap_frames;
    struct mt_label *labels; /* one a sample: class */
    size_t n_labels, cap_labels;
};

void mt_jfr_stacks_init(struct mt_jfr_stacks *s, struct mt_capture *out, struct mt_arena *arena);
/* Keys of stacks mean something else from here on. */
void mt_jfr_stacks_next_chunk(struct mt_jfr_stacks *s);
void mt_jfr_stacks_add(struct mt_jfr_stacks *s, const struct mt_jfr_types *types,
                       const struct mt_jfr_pools *pools, uint64_t stack, struct mt_span class_name,
                       uint64_t bytes);
/* Makes the profile, when any event was added; its two types as named. */
struct mt_profile *mt_jfr_stacks_finish(struct mt_jfr_stacks *s, enum mt_profile_kind kind,
                                        const char *count_type, const char *bytes_type);

#endif
