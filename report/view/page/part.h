/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that build the page share; nothing outside this folder includes it. */
#ifndef MT_VIEW_PAGE_PART_H
#define MT_VIEW_PAGE_PART_H

#include "report/view/page.h"

struct mt_part {
    struct mt_arena *arena;
    const struct mt_view *view;
    const struct mt_bundle *bundle;
    const struct mt_assessment *a;
    struct mt_page *page;
};

void mt_part_snapshots(struct mt_part *p);
void mt_part_head(struct mt_part *p);
void mt_part_numbers(struct mt_part *p);
void mt_part_suspects(struct mt_part *p);
void mt_part_asides(struct mt_part *p);
void mt_part_growth(struct mt_part *p);
void mt_part_forecast(struct mt_part *p);
void mt_part_lanes(struct mt_part *p);
void mt_part_time(struct mt_part *p);
void mt_part_flame(struct mt_part *p);
void mt_part_change(struct mt_part *p);
void mt_part_functions(struct mt_part *p);
void mt_part_gc(struct mt_part *p);
void mt_part_goroutines(struct mt_part *p);
void mt_part_requests(struct mt_part *p);
void mt_part_inputs(struct mt_part *p);
void mt_part_method(struct mt_part *p);

/* --- helpers --- */

/* "▲", "Growing" and the tone of a finding. */
struct mt_state_words {
    const char *glyph, *word;
    enum mt_tone tone;
};
struct mt_state_words mt_words_of_verdict(const struct mt_assessment *a);
struct mt_state_words mt_words_of_finding(const struct mt_finding *f);
struct mt_state_words mt_words_of_shape(const struct mt_site *site);

/* The name of a function by its string id; "(unknown)" where it has none. */
struct mt_name mt_part_name(struct mt_part *p, uint32_t function);

/* The chart and the table of a site's points. */
struct mt_evidence_chart *mt_part_site_chart(struct mt_part *p, const struct mt_site *site,
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
