/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several profiles as one, the way pprof merges: samples with the same stack and labels are added
 * up, those that come to nothing go. A stack is the same when its locations have the same lines
 * (function by name, system name, file and start line) and the same address relative to the start
 * of the same mapping (by size, offset and build id or file), so that another load address does not
 * matter.
 */
#ifndef MT_MODEL_MERGE_H
#define MT_MODEL_MERGE_H

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/intern.h"
#include "parsers/model/profile.h"

struct mt_merge_source {
    const struct mt_profile *profile;
    bool subtract; /* its values count negative */
};

/* All string ids are of the table `s`. Sample types that not all sources have are left out, the
 * order is that of the first; none left, other units or another period type is an error. Everything
 * of *out is in `a`; kind, period type and frames to drop are those of the first source, the time
 * is the earliest. */
bool mt_profile_merge(struct mt_arena *a, const struct mt_strings *s,
                      const struct mt_merge_source *sources, size_t n, struct mt_profile *out,
                      struct mt_err *err) MT_WARN_UNUSED;

/* `file` minus `base`: what `pprof -base` and `-diff_base` show. base_totals_abs, one number per
 * type of *out in `a`, is what `-diff_base` takes for 100 per cent; NULL when not wanted. */
bool mt_profile_subtract(struct mt_arena *a, const struct mt_strings *s,
                         const struct mt_profile *file, const struct mt_profile *base,
                         struct mt_profile *out, int64_t **base_totals_abs,
                         struct mt_err *err) MT_WARN_UNUSED;

#endif
