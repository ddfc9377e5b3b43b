/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Puts every part of a bundle on one clock (product.md, Clock). In this order: absolute times as
 * they are; log times without a zone by the whole quarter hour that puts them into the window of
 * dated captures; GC logs that count from process start by NumGC; traces without a wall clock by
 * their GC cycles; text forms by what is inside, the same content, names, sequence, interval. File
 * modification times are never used. Each part ends with a clock state; what was assumed becomes a
 * data-quality row.
 */
#ifndef MT_MODEL_CLOCK_H
#define MT_MODEL_CLOCK_H

#include "parsers/model/bundle.h"
#include "parsers/model/clock_names.h"

/* interval_ns: between records without times, 0: by the manifest. inputs are b's, writable. */
void mt_clock_align(struct mt_bundle *b, struct mt_input *inputs, int64_t interval_ns);

/* -- shared by the stages ---------------------------------------------------------------- */

struct mt_clock_window {
    int64_t start_ns, end_ns; /* MT_NO_TIME: nothing dated */
};

struct mt_clock_job {
    struct mt_bundle *bundle;
    struct mt_input *inputs;
    size_t n_inputs;
    int64_t interval_ns;
    struct mt_clock_window window; /* of what has absolute times */
};

void mt_clock_widen(struct mt_clock_window *w, int64_t from_ns, int64_t to_ns);
/* Adds error_ns-wide doubt and says how it was aligned. */
void mt_clock_set(struct mt_clock_state *state, enum mt_clock clock, int64_t error_ns,
                  const char *method);

/* clock_gc.c: GC logs counted from process start, and traces without a wall clock. */
void mt_clock_align_gc_logs(struct mt_clock_job *job);
void mt_clock_place_counted_rows(struct mt_clock_job *job); /* behind the GC logs */
void mt_clock_align_traces(struct mt_clock_job *job);
/* clock_rows.c: tables whose rows have no time, or only whole seconds. */
void mt_clock_spread_seconds(struct mt_clock_job *job);
void mt_clock_place_rows(struct mt_clock_job *job);
/* clock_text.c: text profiles and dumps. */
void mt_clock_place_texts(struct mt_clock_job *job);

/* What the path says, kind MT_PATH_NO_TIME where nothing. */
struct mt_path_hint mt_clock_hint(const char *path);

int64_t mt_median_i64(int64_t *values, size_t n); /* sorts; n > 0 */

#endif
