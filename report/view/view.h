/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything an output shows, decided: order, rounding, units, words, chart points. Renderers lay
 * out and escape, nothing more. Built from an assessment (report) or a diff.
 */
#ifndef MT_VIEW_VIEW_H
#define MT_VIEW_VIEW_H

#include "parsers/model/redact.h"
#include "report/analysis/assessment.h"
#include "report/analysis/diff.h"
#include "report/analysis/rule.h"

struct mt_view_options {
    const char *title;        /* NULL: the service's name, else the bundle's */
    const char *report_url;   /* for links from the comment; NULL: none */
    const char *asset_base;   /* for images in Markdown; NULL: none */
    const char *stamp;        /* text of --stamp; NULL: no clock in the output */
    const char *command_line; /* as shown in the method section, paths relative */
    uint64_t max_html_bytes;  /* --max-size; 0: the default */
    const char *base_label, *head_label;
    const struct mt_label_pair *labels; /* --label, ids of the bundle's strings */
    size_t n_labels;
    const char *by;                       /* --by: the label whose values get a table; NULL: none */
    const struct mt_redaction *redaction; /* what was applied to the bundles; NULL: nothing */
    struct mt_span
        oracle_json; /* diff of two profiles: what pprof's own reader says, as JSON; empty: none */
};

struct mt_page;
struct mt_view {
    struct mt_arena *arena;
    const struct mt_assessment *assessment;
    const struct mt_diff *diff; /* NULL for a report */
    struct mt_view_options options;
    /* Of a diff: of all runs' functions under common ids, empty until the page is built. */
    const struct mt_symbols *symbols;
    struct mt_symbols *diff_symbols; /* what symbols points at in a diff; NULL in a report */
    struct mt_page **page;           /* built on first use: report/view/page.h */
};

struct mt_view *mt_view_of_report(struct mt_arena *arena, const struct mt_assessment *assessment,
                                  const struct mt_view_options *options);
struct mt_view *mt_view_of_diff(struct mt_arena *arena, const struct mt_diff *diff,
                                const struct mt_view_options *options);

/* Where the string ids of functions lead. */
const struct mt_strings *mt_view_strings(const struct mt_view *view);
/* The name of a function of the page's trees and rows, by its string id. */
const char *mt_view_text(const struct mt_view *view, uint32_t function);
/* Whose code a function is. */
enum mt_origin mt_view_origin(const struct mt_view *view, uint32_t function);

#endif
