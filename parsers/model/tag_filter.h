/* SPDX-License-Identifier: Apache-2.0 */
/* The expressions of tagfocus and tagignore. */
#ifndef MT_MODEL_TAG_FILTER_H
#define MT_MODEL_TAG_FILTER_H

#include "parsers/base/err.h"
#include "parsers/base/intern.h"
#include "parsers/model/profile.h"

struct mt_tag_filter;

/* In `a`; NULL with *err set when it does not compile. Give back with mt_tag_filter_release. */
struct mt_tag_filter *mt_tag_filter_new(struct mt_arena *a, struct mt_span text,
                                        struct mt_err *err);
void mt_tag_filter_release(struct mt_tag_filter *t); /* NULL is fine */

/* Per sample whether it matches; units are guessed over the whole profile, as in pprof. */
bool *mt_tag_filter_samples(const struct mt_tag_filter *t, struct mt_arena *a,
                            const struct mt_strings *s, const struct mt_profile *p);

#endif
