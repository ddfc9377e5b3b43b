/* SPDX-License-Identifier: Apache-2.0 */
/* One process per bundle: where it was restarted, the bundle falls into parts. */
#ifndef MT_ANALYSIS_PARTS_H
#define MT_ANALYSIS_PARTS_H

#include "parsers/model/bundle.h"

enum { MT_MOST_PARTS = 8 };

struct mt_parts {
    struct mt_bundle *items[MT_MOST_PARTS]; /* by time; share all they can with the whole */
    size_t n;                               /* 0: no restart is known */
    const char *sign;                       /* what went back: "NumGC" */
    int64_t restart_ns;                     /* the first one */
};

struct mt_parts mt_parts_of(struct mt_arena *arena, const struct mt_bundle *bundle);

#endif
