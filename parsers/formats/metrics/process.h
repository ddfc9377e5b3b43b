/* SPDX-License-Identifier: Apache-2.0 */
/* What a column of a table about processes tells of one: ps, top, pidstat. */
#ifndef MT_FORMATS_METRICS_PROCESS_H
#define MT_FORMATS_METRICS_PROCESS_H

#include "parsers/formats/metrics/recorder.h"

enum mt_process_figure {
    MT_PROCESS_PID,
    MT_PROCESS_RSS, /* sizes are KiB, or carry a unit */
    MT_PROCESS_VIRTUAL,
    MT_PROCESS_THREADS,
    MT_PROCESS_FDS
};

/* Puts the word into the record at hand; false: it is no such figure. */
bool mt_process_take(struct mt_recorder *r, enum mt_process_figure figure, struct mt_span word);

/* "/srv/shop" is shop; a name that ends in a slash stays whole. */
struct mt_span mt_process_base_name(struct mt_span command);

#endif
