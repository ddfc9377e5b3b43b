/* SPDX-License-Identifier: Apache-2.0 */
/* Small facts that several outputs need from an assessment, in one place so that they agree. */
#ifndef MT_VIEW_FACTS_H
#define MT_VIEW_FACTS_H

#include "report/view/thin.h"
#include "report/view/view.h"

const char *mt_view_rule_id(const struct mt_rule *rule);

/* The trend of a series of the bundle, or NULL when none was computed. */
const struct mt_trend *mt_view_trend_of(const struct mt_view *view, const struct mt_series *series);

/* The points of a series that the page can draw and report.json carries. */
struct mt_points mt_view_points(struct mt_arena *arena, const struct mt_bundle *bundle,
                                const struct mt_series *series);

/* The statement with the input it is about in front. */
const char *mt_view_quality_statement(struct mt_arena *arena, const struct mt_quality *quality);

/* What was replaced, by kind; NULL where nothing was asked to be. */
const char *mt_view_redacted(struct mt_arena *arena, const struct mt_view *view);

struct mt_never_ended {
    uint32_t function; /* string id: where the goroutines start, else who starts them */
    uint64_t count;
};
/* All traces of the bundle taken together. */
struct mt_trace_totals {
    size_t n;
    int64_t start_ns, end_ns; /* MT_NO_TIME when no trace is anchored */
    uint64_t created, ended, lost_bytes;
    struct mt_never_ended *never_ended; /* by count downwards, then name */
    size_t n_never_ended;
};
struct mt_trace_totals mt_view_traces(struct mt_arena *arena, const struct mt_bundle *bundle);

#endif
