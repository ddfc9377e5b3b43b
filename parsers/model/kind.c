/* SPDX-License-Identifier: Apache-2.0 */
/* What kind of profile it is, told by its content and never by a file name. */
#include "parsers/base/intern.h"
#include "parsers/model/profile.h"

struct kind_row {
    const char *type;         /* a sample type that only this kind has */
    const char *default_type; /* and the default type begins like this; NULL: any */
    enum mt_profile_kind kind;
};

static const struct kind_row kind_rows[] = {
    {"goroutine", NULL, MT_PROFILE_GOROUTINE},
    {"goroutineleak", NULL, MT_PROFILE_GOROUTINELEAK},
    {"threadcreate", NULL, MT_PROFILE_THREADCREATE},
    {"thread", NULL, MT_PROFILE_THREADCREATE},
    {"references", NULL, MT_PROFILE_REFERENCES},
    {"reference", NULL, MT_PROFILE_REFERENCES},
    {"alloc_space", "alloc", MT_PROFILE_ALLOCS},
    {"alloc_objects", "alloc", MT_PROFILE_ALLOCS},
    {"inuse_space", NULL, MT_PROFILE_HEAP},
    {"inuse_objects", NULL, MT_PROFILE_HEAP},
    {"alloc_space", NULL, MT_PROFILE_ALLOCS},
    {"alloc_objects", NULL, MT_PROFILE_ALLOCS},
    {"space", NULL, MT_PROFILE_HEAP},
    {"contentions", NULL, MT_PROFILE_BLOCK},
    {"cpu", NULL, MT_PROFILE_CPU},
};

/* The name of the innermost frame that has one. */
static struct mt_span leaf_name(const struct mt_profile *p, const struct mt_strings *s,
                                const struct mt_sample *sample)
{
    for (uint32_t i = 0; i < sample->n_frames; i++) {
        const struct mt_location *l = &p->locations[p->frames[sample->first_frame + i]];
        for (uint32_t j = 0; j < l->n_lines; j++) {
            uint32_t function = p->lines[l->first_line + j].function;
            if (function != MT_NO_INDEX && p->functions[function].name)
                return mt_string(s, p->functions[function].name);
        }
    }
    return (struct mt_span){0};
}

/* A mutex profile blames whoever unlocks, a block profile whoever waits. */
static bool mostly_unlocking(const struct mt_profile *p, const struct mt_strings *s)
{
    size_t unlocking = 0, named = 0;
    for (size_t i = 0; i < p->n_samples; i++) {
        struct mt_span leaf = leaf_name(p, s, &p->samples[i]);
        if (!leaf.size)
            continue;
        named++;
        unlocking += mt_span_ends(leaf, "Unlock") || mt_span_ends(leaf, ".unlock") ||
                     mt_span_ends(leaf, "UnlockSlow") || mt_span_ends(leaf, "unlockSlow") ||
                     mt_span_is(leaf, "runtime.unlock2") ||
                     mt_span_is(leaf, "runtime.unlockWithRank") ||
                     mt_span_starts(leaf, "runtime._LostContended");
    }
    return unlocking * 2 > named;
}

/* goref and heap dump readers write the heap types only, no period, and paths of references for
 * stacks: frames that are values, so nothing has a file, a line or an address. */
static bool holds_references(const struct mt_profile *p, const struct mt_strings *s)
{
    if (p->n_types != 2 || p->period || p->period_type.type || !p->n_functions ||
        mt_profile_type(p, s, "inuse_objects") == MT_NO_INDEX ||
        mt_profile_type(p, s, "inuse_space") == MT_NO_INDEX)
        return false;
    for (size_t i = 0; i < p->n_functions; i++)
        if (p->functions[i].file || p->functions[i].start_line)
            return false;
    for (size_t i = 0; i < p->n_locations; i++)
        if (p->locations[i].address)
            return false;
    for (size_t i = 0; i < p->n_lines; i++)
        if (p->lines[i].line)
            return false;
    return true;
}

enum mt_profile_kind mt_profile_recognise(const struct mt_profile *p, const struct mt_strings *s)
{
    struct mt_span preferred = mt_string(s, p->default_type);
    if (holds_references(p, s))
        return MT_PROFILE_REFERENCES;
    for (size_t i = 0; i < sizeof kind_rows / sizeof *kind_rows; i++) {
        const struct kind_row *row = &kind_rows[i];
        if (row->default_type && !mt_span_starts(preferred, row->default_type))
            continue;
        if (mt_profile_type(p, s, row->type) == MT_NO_INDEX)
            continue;
        if (row->kind == MT_PROFILE_BLOCK && mostly_unlocking(p, s))
            return MT_PROFILE_MUTEX;
        return row->kind;
    }
    return MT_PROFILE_OTHER;
}
