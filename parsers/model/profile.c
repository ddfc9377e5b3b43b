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

void mt_profile_choose_default(struct mt_profile *p)
{
    p->default_index = p->n_types ? (uint32_t)p->n_types - 1 : MT_NO_INDEX;
    for (size_t i = p->default_type ? p->n_types : 0; i-- > 0;)
        if (p->types[i].type == p->default_type)
            p->default_index = (uint32_t)i;
}
