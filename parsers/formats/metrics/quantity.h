/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers with their units as programs print them: "3 MiB", "13,635,584", "314.81µs", "1m2.5s". */
#ifndef MT_FORMATS_METRICS_QUANTITY_H
#define MT_FORMATS_METRICS_QUANTITY_H

#include "parsers/base/span.h"
#include "parsers/model/series.h"

struct mt_quantity {
    double value;    /* in the metric's own unit when unit_named, else as written */
    bool unit_named; /* the text said the unit; it then counts more than the name's */
    bool loose_unit; /* the unit was "kB" or "MB": taken as 1024-based, as Go programs mean it */
};

/* Takes a quantity for a metric of this unit off the front. Bytes: B, kB, KiB, K, Ki and so on up
 * to T, all powers of 1024, a blank may stand before. Times: Go's durations. Points in time: a
 * number or any form of mt_stamp_take. Ratios: a percent sign. Counts: k and M of 1000. A comma
 * before groups of three digits is left out. False leaves *s alone: no number, or a letter or digit
 * follows directly ("12abc", "0x1f"). */
bool mt_quantity_take(struct mt_span *s, enum mt_unit unit, struct mt_quantity *q);

/* The whole span, but for blanks around it, is one quantity. */
bool mt_quantity_parse(struct mt_span s, enum mt_unit unit, struct mt_quantity *q);

#endif
