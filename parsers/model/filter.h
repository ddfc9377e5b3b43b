/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pprof's filter words, with pprof's meaning and in pprof's order: focus, ignore, hide and show,
 * then show-from, tagfocus and tagignore, prune-from. Expressions match function names, file names
 * and, but for prune-from, the mapping's file.
 */
#ifndef MT_MODEL_FILTER_H
#define MT_MODEL_FILTER_H

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/intern.h"
#include "parsers/model/profile.h"

/* NULL or "": the word is not given. */
struct mt_filter_words {
    const char *sample_index; /* a type, "inuse_" may be left out, or its number */
    const char *focus, *ignore, *hide, *show, *show_from, *prune_from;
    const char *tagfocus, *tagignore; /* REGEX,... KEY=REGEX,... or a range: 4kb:1mb, KEY=:64kb */
    const char *trim_path;            /* prefixes of file names, joined by ':' */
};

struct mt_filter;

/* In `a`; NULL with *err set when an expression does not compile, err->what names the word. The
 * compiled expressions are not the arena's: give them back with mt_filter_release. */
struct mt_filter *mt_filter_new(struct mt_arena *a, const struct mt_filter_words *words,
                                struct mt_err *err);
void mt_filter_release(struct mt_filter *f); /* NULL is fine */
bool mt_filter_does_nothing(const struct mt_filter *f);

/* The profile as the words leave it. Frames it wants dropped itself (drop_frames) go first, as in
 * pprof, and the result wants none dropped any more. What changes is new, in `a`; the rest is
 * shared. A sample type it does not have changes nothing. */
struct mt_profile mt_profile_filtered(struct mt_arena *a, struct mt_strings *s,
                                      const struct mt_profile *p, const struct mt_filter *f);

#endif
