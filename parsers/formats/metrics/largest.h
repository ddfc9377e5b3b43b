/* SPDX-License-Identifier: Apache-2.0 */
/* Listings of a whole machine have hundreds of processes: which of their tables are kept. */
#ifndef MT_FORMATS_METRICS_LARGEST_H
#define MT_FORMATS_METRICS_LARGEST_H

#include "parsers/model/capture.h"

/* Of the tables from `first` on those that have most rows come first, and among them the one whose
 * largest value of the metric is largest; the first 16 are kept, and a remark says so. Call it when
 * the recorder has finished. */
void mt_keep_largest(struct mt_capture *out, size_t first, enum mt_metric metric);

#endif
