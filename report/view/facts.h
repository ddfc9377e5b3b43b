/* SPDX-License-Identifier: Apache-2.0 */
/* Small facts that several outputs need from an assessment, in one place so that they agree. */
#ifndef MT_VIEW_FACTS_H
#define MT_VIEW_FACTS_H

#include "report/view/thin.h"
#include "report/view/view.h"

const char *mt_view_rule_id(const struct mt_rule *rule);

/* The trend of a series of the bundle, or NULL when none was computed. */
const struct mt_trend *mt_view_trend_of(const struct mt_view *view, const struct mt_series *series);

/* The points of a series that an output carries: at most four a column of the window. */
struct mt_points mt_view_points(struct mt_arena *arena, const struct mt_bundle *bundle,
                                const struct mt_series *series, size_t columns);

/* The statement with the input it is about in front. */
const char *mt_view_quality_statement(struct mt_arena *arena, const struct mt_quality *quality);

/* What was replaced, by kind; NULL where nothing was asked to be. */
const char *mt_view_redacted(struct mt_arena *arena, const struct mt_view *view);

/* Goroutines of one go statement, over all traces. Ids are of strings, 0 where it is not known. */
struct mt_never_ended {
    uint32_t function; /* where the goroutines start, else who starts them */
    uint32_t creator;
    uint32_t parent;         /* what most of their makers started with */
    uint64_t created, ended; /* while a trace ran */
    uint64_t count;          /* made while one ran and still there at its end */
    uint32_t wait_reason,
        wait_function; /* where most of those left wait, in the trace that left most */
    uint64_t most;
    /* In that trace, over time; NULL: not known. */
    const struct mt_trace *trace;
    const struct mt_trace_course *course;
};
/* All traces of the bundle taken together. */
struct mt_trace_totals {
    size_t n;
    int64_t start_ns, end_ns; /* MT_NO_TIME when no trace is anchored */
    uint64_t created, ended, lost_bytes;
    int64_t duration_ns;                /* of all together */
    struct mt_never_ended *never_ended; /* by count downwards, then names */
    size_t n_never_ended;
};
struct mt_trace_totals mt_view_traces(struct mt_arena *arena, const struct mt_bundle *bundle);

#endif
