/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second thread that shows events to the consumers while the reader makes the next. Between begin
 * and end a reader must leave alone what consumers use: the capture, its strings, the feed's stacks
 * and scratch; and what events point to has to stay.
 */
#ifndef MT_GOTRACE_RELAY_H
#define MT_GOTRACE_RELAY_H

#include "parsers/formats/gotrace/consumer.h"

/* False: there is no thread to be had; the reader feeds as before. */
bool mt_relay_begin(struct mt_trace_feed *feed);
/* Returns when everything has been shown. Does nothing without a thread. */
void mt_relay_end(struct mt_trace_feed *feed);

/* For mt_feed_flush: hands the room over and gives the feed an empty one. */
void mt_relay_give(struct mt_trace_feed *feed);

#endif
