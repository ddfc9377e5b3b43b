/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of functions: whose code it is, what package, and an identity that survives a rebuild. All
 * of it comes from the names and files that profiles and dumps carry; nothing is looked up outside.
 */
#ifndef MT_ANALYSIS_SYMBOLS_H
#define MT_ANALYSIS_SYMBOLS_H

#include "report/analysis/assessment.h"

/* --- pure functions of a name as Go writes it: "a.b/c.(*T[...]).M.func1.2" --- */

/* "a.b/c"; empty when the name has no package (C code, assembly). */
struct mt_span mt_symbol_package_of(struct mt_span name);
/* Without the marks of closures and wrappers: ".func1.2", ".gowrap1", "-fm", "-range1". */
struct mt_span mt_symbol_owner_of(struct mt_span name);
bool mt_symbol_is_closure(struct mt_span name);
/* The name without receiver brackets of generics, vendor prefix, module version and inlined marks.
 * Closure counters stay. */
const char *mt_symbol_normal(struct mt_arena *arena, struct mt_span name);
/* Compares digit runs as numbers, so that func2 stands before func10. */
int mt_symbol_compare(struct mt_span a, struct mt_span b);
/* The namespace of "ns::name", empty when there is none. */
struct mt_span mt_symbol_namespace(struct mt_span name);

/* --- all names of a bundle --- */

struct mt_symbols {
    const struct mt_bundle *bundle;
    struct mt_arena *arena;
    struct mt_span *app; /* package prefixes of the service's own code */
    size_t n_app;
    const char *app_source; /* "manifest", "main package", "commonest prefix", or NULL */
    struct mt_strings keys;
    bool has_namespaces; /* some name reads "ns::name" */

    size_t n;          /* string ids below this are covered */
    uint32_t *key;     /* by string id: id in `keys`; 0 for strings that are no function */
    uint32_t *package; /* by string id: id in the bundle's table */
    uint32_t *file;    /* by string id: one source file of the function */
    unsigned char *origin;
    unsigned char *marks; /* enum mt_symbol_mark */
};

enum mt_symbol_mark {
    MT_SYMBOL_KNOWN = 1,   /* occurs as a function */
    MT_SYMBOL_SYNC = 2,    /* waits on behalf of its caller: sync, internal/poll and the like */
    MT_SYMBOL_CAPTURE = 4, /* belongs to profiling and tracing itself */
    MT_SYMBOL_WRAPPER = 8, /* grows what its caller owns: growslice, mapassign, Buffer.grow */
    MT_SYMBOL_CLOSURE = 16
};

/* Adds package names to the bundle's string table. */
struct mt_symbols *mt_symbols_of(struct mt_arena *arena, const struct mt_bundle *bundle);
enum mt_origin mt_symbol_origin(const struct mt_symbols *s, uint32_t function);
bool mt_symbol_marked(const struct mt_symbols *s, uint32_t function, unsigned marks);
uint32_t mt_symbol_package(const struct mt_symbols *s, uint32_t function);
/* Identity across builds; closure counters are ranks among their siblings. */
const char *mt_symbol_key(const struct mt_symbols *s, uint32_t function);

/* --- origin (symbol_origin.c) --- */
enum mt_origin mt_symbol_origin_of(const struct mt_symbols *s, struct mt_span name,
                                   struct mt_span file);
bool mt_symbol_package_is_std(struct mt_span package);
/* Fills s->app from manifest, main package or commonest prefix. */
void mt_symbols_find_app(struct mt_symbols *s);

/* --- blame (symbol_blame.c) --- */

/* Which line of a stack is blamed, per location once for a whole profile. */
struct mt_blame_table {
    const struct mt_symbols *symbols;
    const struct mt_profile *profile;
    uint32_t *own;    /* by location: index of its innermost line of app code, or MT_NO_INDEX */
    uint32_t *outer;  /* ... of its outermost line that is not runtime */
    uint32_t *blocks; /* ... of its innermost line that is neither runtime nor waiting for others */
    uint32_t *capture;  /* ... of its innermost line of the capture's own machinery */
    unsigned *patterns; /* by location: bits of enum mt_pattern of all its lines */
};

void mt_blame_open(struct mt_blame_table *t, struct mt_arena *arena, const struct mt_symbols *s,
                   const struct mt_profile *p, const unsigned *patterns);

struct mt_blame {
    uint32_t line;   /* index into the profile's lines; MT_NO_INDEX: the stack names nothing */
    bool own;        /* it is app code */
    bool capture;    /* the stack is the capture's own work */
    uint32_t blocks; /* line that blocks: first neither runtime nor sync; MT_NO_INDEX none */
    uint32_t root;   /* outermost line that is not runtime */
    bool below; /* frames of other code, not runtime, lie between the leaf and the blamed one */
    unsigned patterns; /* bits of the frames from the leaf up to the blamed one */
};
struct mt_blame mt_blame_sample(const struct mt_blame_table *t, const struct mt_sample *sample);

/* The same on a goroutine of a dump; `line` and `blocks` are indices into the dump's frames. */
struct mt_blame mt_blame_goroutine(const struct mt_symbols *s, const struct mt_goroutine_dump *d,
                                   const struct mt_goroutine *g, const unsigned *patterns);

#endif
