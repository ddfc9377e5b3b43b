/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile's own wish to hide frames (drop_frames, keep_frames), in the manner of pprof: seen from
 * the root, the first matching frame that follows one which does not match goes, with all its
 * callees.
 */
#ifndef MT_MODEL_PRUNE_H
#define MT_MODEL_PRUNE_H

#include "parsers/base/arena.h"
#include "parsers/base/intern.h"
#include "parsers/base/pattern.h"
#include "parsers/model/profile.h"

/* A function's name as expressions see it: without a leading '.', without the argument list. */
struct mt_span mt_function_simple_name(struct mt_span name);

/* The profile without the frames it wants dropped: *p itself when it names none or its expression
 * does not compile; else a copy whose samples and locations are new (in `a`), the rest shared. */
struct mt_profile mt_profile_pruned(struct mt_arena *a, const struct mt_strings *s,
                                    const struct mt_profile *p);

/* The same with expressions of the caller's; keep may be NULL. */
struct mt_profile mt_profile_prune(struct mt_arena *a, const struct mt_strings *s,
                                   const struct mt_profile *p, const struct mt_pattern *drop,
                                   const struct mt_pattern *keep);

#endif
