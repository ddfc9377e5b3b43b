/* SPDX-License-Identifier: Apache-2.0 */
/* Version 1 of the execution trace, Go 1.5 to 1.21: no generations, order by time stamps. */
#ifndef MT_GOTRACE_V1_H
#define MT_GOTRACE_V1_H

#include "parsers/base/cursor.h"
#include "parsers/formats/gotrace/consumer.h"

/* Reads what follows the 16 bytes of the header and feeds it. go_minor is of the header: 5, 7, 8,
 * 9, 10, 11, 19 or 21. False with in->err set: damaged, which voids all that was fed (a version 1
 * trace is good as a whole or not at all), save that events before a futile wakeup stand.
 * The caller begins and ends the feed. */
bool mt_gotrace_v1_read(struct mt_cursor *in, unsigned go_minor, struct mt_trace_feed *feed);

#endif
