/* SPDX-License-Identifier: Apache-2.0 */
/* Version 2 of the execution trace, Go 1.22 and later. */
#ifndef MT_GOTRACE_V2_H
#define MT_GOTRACE_V2_H

#include "parsers/base/cursor.h"
#include "parsers/formats/gotrace/consumer.h"

/* Reads what follows the 16 bytes of the header and feeds it. go_minor is of the header: 22, 23, 25
 * or 26. False with in->err set: damaged; what was fed before that stands. *lost: bytes and time of
 * the trace that were not fed. The caller begins and ends the feed. */
struct mt_trace_lost {
    uint64_t bytes;
    int64_t time_ns;
};
bool mt_gotrace_v2_read(struct mt_cursor *in, unsigned go_minor, struct mt_trace_feed *feed,
                        struct mt_trace_lost *lost);

#endif
