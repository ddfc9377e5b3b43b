/* SPDX-License-Identifier: Apache-2.0 */
/* The comments behind a heap text: "# HeapAlloc = 5046552", "# Stack = 655360 / 655360", the
 * pauses.
 */
#ifndef MT_FORMATS_PROFILE_MEMSTATS_TRAILER_H
#define MT_FORMATS_PROFILE_MEMSTATS_TRAILER_H

#include "parsers/model/capture.h"

struct mt_memstats_trailer {
    bool has_row; /* the capture's last table, source "memstats", has a row for this dump */
    struct mt_span pauses; /* the 256 newest, a ring */
    bool timed, zone_unknown;
    int64_t time_ns; /* of the dump, when timed */
};

/* Takes one line into the row; false when it is none of them. A row begins with the first line. */
bool mt_memstats_trailer_line(struct mt_memstats_trailer *t, struct mt_capture *out,
                              struct mt_span line);

#endif
