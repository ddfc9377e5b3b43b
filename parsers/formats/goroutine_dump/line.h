/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a goroutine dump, each taken apart on its own. Nothing here allocates or keeps
 * state; spans point into the line. */
#ifndef MT_GOROUTINE_DUMP_LINE_H
#define MT_GOROUTINE_DUMP_LINE_H

#include "parsers/base/span.h"

/* goroutine 7 gp=0xc000082e00 m=0 mp=0x5a1 [chan receive (leaked), 5 minutes, locked to thread,
 * synctest bubble 3] {job: sync, "my key": "a b"}: */
struct mt_dump_header {
    uint64_t id;
    struct mt_span state;  /* "chan receive", "select (no cases)"; marks taken off */
    uint64_t wait_minutes; /* 0: none printed */
    bool locked_to_thread, leaked;
    struct mt_span labels; /* between the braces; empty when there are none */
};

/* The header stands at the front of s, which keeps what follows the colon. False leaves s alone. */
bool mt_dump_take_header(struct mt_span *s, struct mt_dump_header *header);

/* Where in the line a header begins; MT_NPOS when there is none. */
size_t mt_dump_find_header(struct mt_span line);

/* The next label off the front. `quoted` texts are without their quotes and hold escapes. False at
 * the end or when the rest is no label. */
struct mt_dump_label {
    struct mt_span key, value;
    bool key_quoted, value_quoted;
};
bool mt_dump_take_label(struct mt_span *labels, struct mt_dump_label *label);

/* Escapes as the runtime prints them: \n \r \t \\ \" \xHH \uHHHH \UHHHHHHHH. `to` has room for
 * text.size bytes; returns the bytes written. */
size_t mt_dump_unquote(struct mt_span text, unsigned char *to);

/* "main.(*T).f(0x1, {0xc000012345, 0x2}, ...)": name and what stands between the last brackets. */
bool mt_dump_function(struct mt_span line, struct mt_span *name, struct mt_span *arguments);
/* "main.T.f", as gccgo prints its functions and the runtime those of C: a frame only if a place
 * follows. */
bool mt_dump_bare_function(struct mt_span line);

/* "\t/src/main.go:66 +0x4c5 fp=0x1 sp=0x2 pc=0x3"; blanks or a log daemon's "#011" may replace the
 * tab. A place without a file ("\tpc=0x3") gives an empty one. */
bool mt_dump_place(struct mt_span line, struct mt_span *file, uint32_t *number);

/* "created by main.f in goroutine 1"; creator 0: not said (before Go 1.21). */
bool mt_dump_created(struct mt_span line, struct mt_span *name, uint64_t *creator);

/* "[originating from goroutine 5]:" (GODEBUG=tracebackancestors) */
bool mt_dump_origin(struct mt_span line, uint64_t *ancestor);

/* "...additional frames elided...", "...23 frames elided..." */
bool mt_dump_elided(struct mt_span line);

/* "\tgoroutine running on other thread; stack unavailable" */
bool mt_dump_unavailable(struct mt_span line);

/* The first argument when it is a number the runtime is sure of: one followed by "?" is what
 * happened to be left in a register's place. 0: none. */
uint64_t mt_dump_first_argument(struct mt_span arguments);

#endif
