/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a stack does, told by the standard functions on it: opens a connection, arms a timer, grows
 * a map. Evidence for the kind of a leak, never its blame.
 */
#ifndef MT_ANALYSIS_PATTERNS_H
#define MT_ANALYSIS_PATTERNS_H

#include "report/analysis/symbols.h"

enum mt_pattern {
    MT_PATTERN_CONTAINER, /* map, slice, list, sync.Map grows */
    MT_PATTERN_BUFFER,    /* bytes.Buffer grows */
    MT_PATTERN_STRING,    /* a string is made, built or copied */
    MT_PATTERN_POOL,      /* under sync.(*Pool).Get */
    MT_PATTERN_TIMER,
    MT_PATTERN_CONTEXT,
    MT_PATTERN_HTTP_CLIENT,
    MT_PATTERN_HTTP_SERVER,
    MT_PATTERN_SQL,
    MT_PATTERN_FILE,
    MT_PATTERN_CONN, /* a network connection outside net/http's client */
    MT_PATTERN_FINALIZER,
    MT_PATTERN_STACKTRACE,
    MT_PATTERN_MMAP,
    MT_PATTERN_THREAD,
    MT_PATTERNS
};

/* Bits (1u << enum mt_pattern) of one function's name. */
unsigned mt_pattern_of(struct mt_span function);

/* Bits by string id for all functions of a bundle; arena holds symbols->n entries. */
unsigned *mt_patterns_of(struct mt_arena *arena, const struct mt_symbols *symbols);

#endif
