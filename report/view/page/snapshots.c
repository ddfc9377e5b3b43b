/* SPDX-License-Identifier: Apache-2.0 */
/* Heap profiles as points in time: forms taken at one moment count once. */
#include "report/view/page/part.h"

static void sum(struct mt_shot *s)
{
    const struct mt_profile *p = s->profile;
    for (size_t i = 0; i < p->n_samples; i++) {
        s->bytes += (double)p->values[i * p->n_types + s->bytes_type];
        if (s->objects_type != MT_NO_INDEX)
            s->objects += (double)p->values[i * p->n_types + s->objects_type];
    }
}

/* Of two forms of one moment the binary heap profile is kept. */
static int rank(const struct mt_shot *s)
{
    return (s->profile->kind == MT_PROFILE_HEAP ? 2 : 0) + (s->profile->from_text ? 0 : 1);
}

static void add(struct mt_part *p, struct mt_profile_ref ref, int64_t same_ns)
{
    const struct mt_strings *strings = p->bundle->strings;
    struct mt_shot s = {.profile = ref.profile, .input = ref.input};
    s.time_ns = ref.profile->time_ns;
    s.bytes_type = mt_profile_type(ref.profile, strings, "inuse_space");
    s.objects_type = mt_profile_type(ref.profile, strings, "inuse_objects");
    if (s.bytes_type == MT_NO_INDEX)
        return;
    struct mt_shot *list = p->page->snapshots;
    size_t at = p->page->n_snapshots;
    while (at && s.time_ns != MT_NO_TIME &&
           (list[at - 1].time_ns == MT_NO_TIME || list[at - 1].time_ns > s.time_ns))
        at--;
    for (size_t k = at ? at - 1 : 0; k < p->page->n_snapshots && k <= at; k++) {
        if (s.time_ns == MT_NO_TIME || list[k].time_ns == MT_NO_TIME ||
            list[k].time_ns - s.time_ns > same_ns || s.time_ns - list[k].time_ns > same_ns)
            continue;
        if (rank(&s) > rank(&list[k]))
            list[k] = s;
        return;
    }
    for (size_t k = p->page->n_snapshots++; k > at; k--)
        list[k] = list[k - 1];
    list[at] = s;
}

void mt_part_snapshots(struct mt_part *p)
{
    const struct mt_bundle *b = p->bundle;
    size_t most = b->n_profiles[MT_PROFILE_HEAP] + b->n_profiles[MT_PROFILE_ALLOCS];
    p->page->snapshots = MT_NEW_N(p->arena, struct mt_shot, most + 1);
    int64_t same_ns = b->start_ns == MT_NO_TIME ? 0 : (b->end_ns - b->start_ns) / 50;
    for (size_t i = 0; i < b->n_profiles[MT_PROFILE_HEAP]; i++)
        add(p, b->profiles[MT_PROFILE_HEAP][i], same_ns);
    for (size_t i = 0; i < b->n_profiles[MT_PROFILE_ALLOCS]; i++)
        add(p, b->profiles[MT_PROFILE_ALLOCS][i], same_ns);
    for (size_t i = 0; i < p->page->n_snapshots; i++)
        sum(&p->page->snapshots[i]);
}
