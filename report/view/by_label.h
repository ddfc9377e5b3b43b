/* SPDX-License-Identifier: Apache-2.0 */
/* Heap and goroutines by the values of one label (--by): totals of the first and last snapshot. */
#ifndef MT_VIEW_BY_LABEL_H
#define MT_VIEW_BY_LABEL_H

#include "report/view/page.h"

struct mt_by_value {
    uint32_t value; /* string id; 0: samples without the label */
    /* NaN where no snapshot counts them */
    double first_bytes, last_bytes, first_objects, last_objects, first_goroutines, last_goroutines;
    double *bytes; /* by heap snapshot */
};

struct mt_by_table {
    struct mt_by_value
        *values; /* by last bytes, last goroutines, then name; what has none is last */
    size_t n;
    bool heap, goroutines; /* some sample of them carries the label */
};

/* A label "namespace" that nothing carries stands for the "ns::" in front of functions' names. */
struct mt_by_table mt_view_by_label(struct mt_arena *a, const struct mt_view *view,
                                    const struct mt_page *page);

#endif
