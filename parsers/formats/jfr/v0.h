/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chunks of version 0.9 (JDK 7 and 8 of Oracle): 16 bytes of header, events with 32-bit sizes and
 * types, and at the end a descriptor that names them. They are counted by name, nothing more.
 */
#ifndef MT_FORMATS_JFR_V0_H
#define MT_FORMATS_JFR_V0_H

#include "parsers/base/cursor.h"

enum { MT_JFR_V0_HEADER = 16 };

struct mt_jfr_v0_type {
    uint64_t id;
    struct mt_span path; /* "vm/gc/heap/summary" */
};

struct mt_jfr_v0_names { /* of the descriptor; arrays of the caller's arena */
    struct mt_jfr_v0_type *types;
    size_t count, capacity;
    int64_t start_ms, end_ms; /* Unix; 0 where the descriptor is damaged */
};

struct mt_arena;
/* Reads the descriptor's body (behind size and type); what was read before damage stays. */
void mt_jfr_v0_read_names(struct mt_arena *arena, struct mt_span body,
                          struct mt_jfr_v0_names *names);

#endif
