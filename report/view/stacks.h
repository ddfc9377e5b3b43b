/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The profile that other tools are given. Of a report: the last snapshot of the first kind there is
 * (heap, goroutine, allocs, then the others), and its growth since the first. Of a diff: the head's
 * and the base's last snapshots; several runs a side are averaged.
 */
#ifndef MT_VIEW_STACKS_H
#define MT_VIEW_STACKS_H

#include "parsers/base/intern.h"
#include "report/view/view.h"

struct mt_view_profiles {
    struct mt_strings *strings;
    enum mt_profile_kind kind;
    struct mt_profile before, after; /* before is empty when has_before is not set */
    bool has_before;
    const char *words; /* "heap: the last snapshot minus the first" */
};

/* False: no profile at all, or none of a kind that both sides have. */
bool mt_view_profiles(const struct mt_view *view, struct mt_view_profiles *out) MT_WARN_UNUSED;

/* after minus before, in the view's arena. False with *err set when they do not compare. */
bool mt_view_difference(const struct mt_view *view, const struct mt_view_profiles *p,
                        struct mt_profile *out, struct mt_err *err) MT_WARN_UNUSED;

/* One line of folded stacks: functions from the root, joined by ';'. */
struct mt_folded {
    struct mt_span stack;
    int64_t before, after;
};

/* Values of the default sample type, by stack; stacks without a value in either are left out. */
struct mt_folded *mt_view_folded(const struct mt_view *view, const struct mt_view_profiles *p,
                                 size_t *n);

#endif
