/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chunks of version 0.9 (JDK 7 and 8 of Oracle, async-profiler 1): 16 bytes of header, events with
 * 32-bit sizes and types, constants in checkpoints among them, and at the end a descriptor of
 * structures, events and kinds of constants. It is told in the terms of later versions, so that
 * what reads those reads these.
 */
#ifndef MT_FORMATS_JFR_V0_H
#define MT_FORMATS_JFR_V0_H

#include "parsers/formats/jfr/chunk.h"

enum { MT_JFR_V0_HEADER = 16 };

/* Reads the descriptor's body (behind size and type). Classes of events have the event's type as
 * their id and its path ("vm/gc/heap/summary") as their name. The header's times are filled where
 * the descriptor is whole. False: damaged; what was read stays. */
bool mt_jfr_v0_read_types(struct mt_jfr_types *types, struct mt_jfr_header *header,
                          struct mt_jfr_in in);
/* As mt_jfr_read_pools. */
bool mt_jfr_v0_read_pools(struct mt_jfr_pools *pools, const struct mt_jfr_types *types,
                          struct mt_jfr_in in);

#endif
