/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that build the page share; nothing outside this folder includes it. */
#ifndef MT_VIEW_PAGE_PART_H
#define MT_VIEW_PAGE_PART_H

#include "report/view/page.h"

struct mt_part {
    struct mt_arena *arena;
    const struct mt_view *view;
    const struct mt_bundle *bundle; /* of a report; NULL in a diff */
    const struct mt_assessment *a;  /* likewise */
    struct mt_page *page;
};

void mt_part_snapshots(struct mt_part *p);
void mt_part_head(struct mt_part *p);
void mt_part_numbers(struct mt_part *p);
void mt_part_suspects(struct mt_part *p);
void mt_part_asides(struct mt_part *p);
void mt_part_growth(struct mt_part *p);
void mt_part_memory(struct mt_part *p);
void mt_part_forecast(struct mt_part *p);
void mt_part_lanes(struct mt_part *p);
void mt_part_time(struct mt_part *p);
void mt_part_flame(struct mt_part *p);
void mt_part_change(struct mt_part *p);
void mt_part_functions(struct mt_part *p);
void mt_part_by_label(struct mt_part *p);
void mt_part_gc(struct mt_part *p);
void mt_part_goroutines(struct mt_part *p);
void mt_part_requests(struct mt_part *p);
void mt_part_inputs(struct mt_part *p);
void mt_part_method(struct mt_part *p);

/* All of a diff's page: the others fill the top, the call trees, and the sections. */
void mt_part_diff(struct mt_part *p);
void mt_part_diff_head(struct mt_part *p);
void mt_part_diff_sides(struct mt_part *p);
void mt_part_diff_trees(struct mt_part *p);
void mt_part_diff_sections(struct mt_part *p);
void mt_part_diff_courses(struct mt_part *p); /* memory, collector, latency */
void mt_part_diff_method(struct mt_part *p);

/* The heaviest paths of a tree's second side; NULL when it has no values. Paths of references are
 * shown whole, others from the first frame of the service's own. */
struct mt_sheet *mt_part_paths(struct mt_part *p, const struct mt_tree *tree, bool references,
                               bool bytes);

/* --- pieces of a diff's page --- */

/* A new section, to which blocks are added. */
struct mt_page_section *mt_part_section(struct mt_part *p, const char *id, const char *heading,
                                        const char *link, const char *lede);
void mt_part_block(struct mt_page_section *s, struct mt_block block);
/* Adds nothing without rows. */
void mt_part_sheet(struct mt_page_section *s, const struct mt_sheet *sheet);
void mt_part_folded(struct mt_page_section *s, const char *summary, const struct mt_sheet *sheet);
const char *mt_part_metric_words(const char *metric); /* "live bytes" of "inuse_space" */
const struct mt_comparison *mt_part_total(const struct mt_part *p, const char *metric);
bool mt_part_has(const struct mt_part *p, const char *metric, enum mt_scope scope);
/* "+2.1 MiB/min", "3/s"; of bytes or of a count. */
const char *mt_part_rate(struct mt_part *p, double per_second, bool bytes);
const char *mt_part_rate_range(struct mt_part *p, const struct mt_diff_rate *r, bool bytes);

/* One unit for a column or axis of amounts as mt_fmt_amount takes them. */
struct mt_column_unit {
    struct mt_byte_unit unit; /* bytes 1: counts */
    const char *name;         /* "MiB/s"; empty for counts */
};
struct mt_column_unit mt_part_column_unit(struct mt_part *p, const char *unit, double largest);

/* What of one metric and scope is shown: what went up, what went down, or both. */
enum mt_direction { MT_BOTH_WAYS, MT_UPWARDS, MT_DOWNWARDS };
/* Rows beyond noise first, each part by size; NULL without rows. */
struct mt_sheet *mt_part_comparisons(struct mt_part *p, const char *caption, const char *metric,
                                     enum mt_scope scope, enum mt_direction direction, size_t most);
/* Totals of the metrics that `wanted` takes. */
struct mt_sheet *mt_part_totals(struct mt_part *p, const char *caption,
                                bool (*wanted)(const char *metric));

/* --- helpers --- */

/* "▲", "Growing" and the tone of a finding. */
struct mt_state_words {
    const char *glyph, *word;
    enum mt_tone tone;
};
struct mt_state_words mt_words_of_verdict(const struct mt_assessment *a);
struct mt_state_words mt_words_of_finding(const struct mt_finding *f);
const char *mt_words_of_course(enum mt_shape shape);
struct mt_state_words mt_words_of_shape(const struct mt_site *site);

/* The name of a function by its string id; "(unknown)" where it has none. */
struct mt_name mt_part_name(struct mt_part *p, uint32_t function);

/* The chart and the table of a site's points. */
struct mt_evidence_chart *mt_part_site_chart(struct mt_part *p, const struct mt_site *site,
                                             enum mt_tone tone);
/* What a finding without a site measured; NULL where it has no course. */
struct mt_evidence_chart *mt_part_course_chart(struct mt_part *p, const struct mt_course *course,
                                               enum mt_tone tone);
struct mt_evidence_chart *mt_part_series_chart(struct mt_part *p, const struct mt_series *series,
                                               enum mt_tone tone);
struct mt_spark mt_part_site_spark(struct mt_part *p, const struct mt_site *site);
struct mt_sheet *mt_part_site_table(struct mt_part *p, const struct mt_site *site,
                                    const char *caption);
struct mt_path_part *mt_part_path(struct mt_part *p, const uint32_t *functions, size_t n);

/* Thins to a word's size. Values below zero are drawn at zero. */
struct mt_spark mt_spark_of(struct mt_arena *a, size_t n, const int64_t *time_ns,
                            const double *value, bool steps);

/* The last value of a series at or before the time (or the first after it); NaN when NULL. */
double mt_view_series_at(const struct mt_series *s, int64_t time_ns);
double mt_view_series_last(const struct mt_series *s);
double mt_view_series_first(const struct mt_series *s);

#endif
