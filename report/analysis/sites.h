/* SPDX-License-Identifier: Apache-2.0 */
/* Building the tables of sites; shared by sites_heap.c, sites_goroutine.c and site_growth.c. */
#ifndef MT_ANALYSIS_SITES_H
#define MT_ANALYSIS_SITES_H

#include "report/analysis/engine.h"

/* The site of a blame frame, made on first sight with a point for every snapshot. */
struct mt_site_sums *mt_site_get(struct mt_signals *s, struct mt_site_table *t, uint32_t function,
                                 const struct mt_blame *blame);
/* Keeps the four heaviest lines, equal ones added up. */
void mt_site_add_line(struct mt_site *site, uint32_t file, int64_t line, double bytes);
void mt_site_add_patterns(struct mt_site_sums *sums, unsigned bits, double value);
/* Fills path, file, line, package, origin, shares; orders the sites by their last value. */
void mt_sites_close(struct mt_signals *s, struct mt_site_table *t);

#endif
