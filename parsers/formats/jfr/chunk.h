/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One chunk of a Flight Recorder file, versions 1 and 2 (0.9: see v0.h), as its own metadata
 * describes it. A chunk is a header of 68 bytes and events, each with its size in front: type 0 is
 * metadata (classes and their fields), type 1 a checkpoint (constant pools), all others are classes
 * of the metadata.
 *
 * Integers are LEB128 of at most 9 bytes, the ninth whole, or big-endian where the header says so.
 */
#ifndef MT_FORMATS_JFR_CHUNK_H
#define MT_FORMATS_JFR_CHUNK_H

#include "parsers/base/arena.h"
#include "parsers/base/cursor.h"
#include "parsers/base/intern.h"

enum {
    MT_JFR_HEADER = 68,
    MT_JFR_METADATA = 0,
    MT_JFR_CHECKPOINT = 1,
    MT_JFR_DEPTH = 16 /* of the metadata's tree, and of values inside values */
};

struct mt_jfr_header {
    uint16_t major, minor;
    uint64_t size; /* of the chunk, header included */
    int64_t start_ns, duration_ns, start_ticks, ticks_per_second;
    bool compressed;
};

/* A reading position inside a chunk. After damage every call gives zero and `bad` is set. */
struct mt_jfr_in {
    struct mt_span rest;
    bool compressed, bad;
};

uint64_t mt_jfr_byte(struct mt_jfr_in *in);
/* width: bytes where integers are not compressed. */
uint64_t mt_jfr_number(struct mt_jfr_in *in, unsigned width);
struct mt_span mt_jfr_bytes(struct mt_jfr_in *in, uint64_t size);

/* A text as it stands: bytes, or the key of one in the pool of strings. Latin-1 beyond ASCII and
 * UTF-16 are made UTF-8 in the arena. */
struct mt_jfr_text {
    struct mt_span bytes;
    bool is_key;
    uint64_t key;
};
struct mt_jfr_text mt_jfr_take_text(struct mt_jfr_in *in, struct mt_arena *arena);

enum mt_jfr_shape {
    MT_JFR_STRUCT,
    MT_JFR_BYTE, /* boolean, byte */
    MT_JFR_SHORT,
    MT_JFR_INT,
    MT_JFR_LONG,
    MT_JFR_FLOAT,
    MT_JFR_DOUBLE,
    MT_JFR_TEXT,
    MT_JFR_UTF8, /* the two texts of version 0.9: length in 2 bytes, in 4 */
    MT_JFR_UTF16
};

/* What stands before an event's fields in version 0.9; later it is among them. */
enum { MT_JFR_HEAD_END = 1, MT_JFR_HEAD_START = 2, MT_JFR_HEAD_THREAD = 4, MT_JFR_HEAD_STACK = 8 };

struct mt_jfr_field {
    struct mt_span name;
    uint64_t class_id;
    uint64_t plain_id;    /* 0.9: its class where there is none of class_id, and so no pool */
    uint32_t class_index; /* UINT32_MAX: no such class */
    bool pool, array;
};

struct mt_jfr_class {
    uint64_t id;
    struct mt_span name; /* "jdk.GCHeapSummary" */
    enum mt_jfr_shape shape;
    uint8_t key_width; /* of its constants, where integers are not compressed */
    uint8_t head;      /* MT_JFR_HEAD_... */
    uint32_t first_field, n_fields;
};

struct mt_jfr_types {
    struct mt_arena *arena;
    struct mt_jfr_class *classes;
    size_t n_classes, cap_classes;
    struct mt_jfr_field *fields;
    size_t n_fields, cap_fields;
    struct mt_strings ids; /* 8 bytes of class id -> place + 1 in: */
    uint32_t *class_of_id;
    size_t n_ids, cap_ids;
    const struct mt_jfr_class *stack_trace; /* NULL: no class of stacks */
};

/* Reads a metadata event's body (behind size and type). False: damaged; what was read stays. */
bool mt_jfr_read_types(struct mt_jfr_types *types, struct mt_jfr_in in);
/* After all metadata: makes the ids of classes known and finds the class of each field. */
void mt_jfr_link_types(struct mt_jfr_types *types);
const struct mt_jfr_class *mt_jfr_class_of(const struct mt_jfr_types *types, uint64_t id);
/* The part behind the last dot: "GCHeapSummary", whatever package a version puts it in. */
struct mt_span mt_jfr_short_name(struct mt_span name);
/* Passes over one value of the field. */
void mt_jfr_skip(const struct mt_jfr_types *types, const struct mt_jfr_field *field,
                 struct mt_jfr_in *in);

/* Where the value of a constant begins, by its class and key. */
struct mt_jfr_pools {
    struct mt_strings keys; /* 16 bytes -> index + 1 */
    struct mt_jfr_in *values;
    size_t n_values, cap_values;
};

/* Adds the constants of a checkpoint's body. False: damaged; what was read stays. */
bool mt_jfr_read_pools(struct mt_jfr_pools *pools, const struct mt_jfr_types *types,
                       struct mt_jfr_in in);
/* Takes a key and its constant; the first of a key counts. */
void mt_jfr_take_constant(struct mt_jfr_pools *pools, const struct mt_jfr_types *types,
                          const struct mt_jfr_class *type, struct mt_jfr_in *in);
/* False: no such constant. */
bool mt_jfr_constant(const struct mt_jfr_pools *pools, uint64_t class_id, uint64_t key,
                     struct mt_jfr_in *value);

/* A number, whatever its width; the key of a constant. */
uint64_t mt_jfr_field_number(const struct mt_jfr_types *types, const struct mt_jfr_field *field,
                             struct mt_jfr_in *in);
/* Where the struct that stands at *in for this field begins, written out or in a pool, and its
 * class. Takes the value. False: there is none. */
bool mt_jfr_field_struct(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                         const struct mt_jfr_field *field, struct mt_jfr_in *in,
                         const struct mt_jfr_class **type, struct mt_jfr_in *value);
/* The member of that name in a struct whose first is at *in, which is left at its value; NULL:
 * none. */
const struct mt_jfr_field *mt_jfr_member(const struct mt_jfr_types *types,
                                         const struct mt_jfr_class *type, const char *name,
                                         struct mt_jfr_in *in);

/* The text that stands at *in for this field: written out, in a pool, or the first member of a
 * struct (a symbol). Takes the value; empty where there is none. */
struct mt_span mt_jfr_field_text(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                                 const struct mt_jfr_field *field, struct mt_jfr_in *in);

#endif
