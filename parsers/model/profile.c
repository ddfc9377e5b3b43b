/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/profile.h"

#include "parsers/base/intern.h"

const char *mt_profile_kind_name(enum mt_profile_kind kind)
{
    static const char *const names[MT_PROFILE_KINDS] = {
        [MT_PROFILE_OTHER] = "profile",
        [MT_PROFILE_HEAP] = "heap",
        [MT_PROFILE_ALLOCS] = "allocs",
        [MT_PROFILE_GOROUTINE] = "goroutine",
        [MT_PROFILE_GOROUTINELEAK] = "goroutineleak",
        [MT_PROFILE_BLOCK] = "block",
        [MT_PROFILE_MUTEX] = "mutex",
        [MT_PROFILE_THREADCREATE] = "threadcreate",
        [MT_PROFILE_CPU] = "cpu",
        [MT_PROFILE_REFERENCES] = "references",
    };
    return names[kind];
}

uint32_t mt_profile_type(const struct mt_profile *p, const struct mt_strings *s, const char *name)
{
    for (size_t i = 0; i < p->n_types; i++)
        if (mt_span_is(mt_string(s, p->types[i].type), name))
            return (uint32_t)i;
    return MT_NO_INDEX;
}
