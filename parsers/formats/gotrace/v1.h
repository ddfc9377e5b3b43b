/* SPDX-License-Identifier: Apache-2.0 */
/* Version 1 of the execution trace, Go 1.5 to 1.21: no generations, order by time stamps. */
#ifndef MT_GOTRACE_V1_H
#define MT_GOTRACE_V1_H

#include "parsers/base/cursor.h"
#include "parsers/formats/gotrace/consumer.h"

/* Reads what follows the 16 bytes of the header and feeds it. go_minor is of the header: 5, 7, 8,
 * 9, 10, 11, 19 or 21. False with in->err set: damaged. Go's reader then gives nothing, as a trace
 * is good as a whole or not at all, and so does this one with feed->check_first (save that events
 * before a futile wakeup stand). Otherwise what a trace tells that was cut or cannot be read to its
 * end stands: without stacks, and in times whose unit is assumed (trace->unit_assumed), as tables
 * and frequency stand at the end; what contradicts the rest for want of missing records is left
 * out. A trace that was read to its end but contradicts itself is void. *lost_bytes: what was not
 * fed. The caller begins and ends the feed. */
bool mt_gotrace_v1_read(struct mt_cursor *in, unsigned go_minor, struct mt_trace_feed *feed,
                        uint64_t *lost_bytes);

#endif
