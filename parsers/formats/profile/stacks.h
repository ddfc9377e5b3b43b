/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds a profile from what the legacy forms have: numbers and addresses. Equal addresses become
 * one location. Functions come from symbol comments where a text has them, mappings from a memory
 * map behind the samples.
 */
#ifndef MT_FORMATS_PROFILE_STACKS_H
#define MT_FORMATS_PROFILE_STACKS_H

#include "parsers/base/map64.h"
#include "parsers/formats/profile/text.h"
#include "parsers/model/capture.h"

struct mt_stacks {
    struct mt_capture *out;
    struct mt_arena scratch;
    struct mt_profile p;
    struct mt_map64 by_address; /* address -> location + 1 */
    struct mt_map64 by_name;    /* name and file -> function + 1 */
    struct mt_map64 symbols;    /* address -> line + 1 */
    struct mt_line *lines;      /* of the symbols, in scratch */
    size_t n_symbols, cap_symbols;
    size_t cap_samples, cap_values, cap_frames, cap_labels, cap_locations, cap_functions;
    size_t cap_mappings, n_values;
};

void mt_stacks_begin(struct mt_stacks *b, struct mt_capture *out);
void mt_stacks_type(struct mt_stacks *b, const char *type, struct mt_span unit);
void mt_stacks_period(struct mt_stacks *b, const char *type, const char *unit, int64_t period);

/* Frames, innermost first, then the sample with one value per type, then its labels. */
void mt_stacks_frame(struct mt_stacks *b, uint64_t address);
/* Every "0x..." in the text is a return address. False: one does not fit in 64 bit. */
bool mt_stacks_return_addresses(struct mt_stacks *b, struct mt_span text);
void mt_stacks_sample(struct mt_stacks *b, const int64_t *values);
void mt_stacks_number_label(struct mt_stacks *b, const char *key, int64_t number);
/* Takes `# labels: {"key":"value", ...}` to the last sample; false when the line is none. */
bool mt_stacks_label_comment(struct mt_stacks *b, struct mt_span line);
/* Takes a symbol comment, "#\t0x6dea6b\tmain.f+0x6b\t\tmain.go:12"; false when the line is none. */
bool mt_stacks_symbol_comment(struct mt_stacks *b, struct mt_span line);

/* Index of the function of that name and file. */
uint32_t mt_stacks_function(struct mt_stacks *b, struct mt_span name, struct mt_span file);
/* The location's frame is known from elsewhere; its address goes. */
void mt_stacks_symbolise(struct mt_stacks *b, uint32_t location, uint32_t function, int64_t line);

/* Reads on to a memory map, if one follows, and takes it; then gives the locations their order (of
 * first use) and their mappings. */
void mt_stacks_memory_map(struct mt_stacks *b, struct mt_profile_text *t);
/* The same when the next line belongs to the memory map. */
void mt_stacks_map_lines(struct mt_stacks *b, struct mt_profile_text *t);
/* The same for a text that has none or is damaged. */
void mt_stacks_no_memory_map(struct mt_stacks *b);

/* Completes the profile and adds it to the capture. Frames without a sample are dropped. */
struct mt_profile *mt_stacks_finish(struct mt_stacks *b);

#endif
