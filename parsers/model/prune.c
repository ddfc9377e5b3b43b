/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/model/prune.h"

#include <string.h>

struct mt_span mt_function_simple_name(struct mt_span name)
{
    if (mt_span_starts(name, "."))
        name = mt_span_from(name, 1);
    for (size_t i = 0; i < name.size;) {
        struct mt_span rest = mt_span_from(name, i);
        if (mt_span_starts(rest, "(anonymous namespace)"))
            i += sizeof "(anonymous namespace)" - 1;
        else if (mt_span_starts(rest, "operator()"))
            i += sizeof "operator()" - 1;
        else if (name.data[i] == '(')
            return mt_span_sub(name, 0, i);
        else
            i++;
    }
    return name;
}

/* Per function: whether its name is to go. */
static bool *functions_to_drop(struct mt_arena *a, const struct mt_strings *s,
                               const struct mt_profile *p, const struct mt_pattern *drop,
                               const struct mt_pattern *keep)
{
    bool *go = MT_NEW_N(a, bool, p->n_functions + 1);
    for (size_t i = 0; i < p->n_functions; i++) {
        struct mt_span name = mt_string(s, p->functions[i].name);
        if (!name.size)
            continue;
        name = mt_function_simple_name(name);
        go[i] = mt_pattern_matches(drop, name) && !(keep && mt_pattern_matches(keep, name));
    }
    return go;
}

enum fate { STAYS, GOES, CUTS_BENEATH };

/* Outermost line of a location that is to go; cuts the lines further in off the location. */
static enum fate judge(const struct mt_profile *p, const bool *go, struct mt_location *l)
{
    for (uint32_t i = l->n_lines; i-- > 0;) {
        uint32_t function = p->lines[l->first_line + i].function;
        if (function == MT_NO_INDEX || !go[function])
            continue;
        if (i + 1 == l->n_lines)
            return GOES;
        l->first_line += i + 1;
        l->n_lines -= i + 1;
        return CUTS_BENEATH;
    }
    return STAYS;
}

static void cut(const struct mt_profile *p, const unsigned char *fates, struct mt_sample *sample)
{
    bool user_seen = false;
    for (uint32_t i = sample->n_frames; i-- > 0;) {
        unsigned char fate = fates[p->frames[sample->first_frame + i]];
        if (fate == STAYS) {
            user_seen = true;
        } else if (user_seen) {
            uint32_t leaf = fate == GOES ? i + 1 : i;
            sample->first_frame += leaf;
            sample->n_frames -= leaf;
            return;
        }
    }
}

struct mt_profile mt_profile_prune(struct mt_arena *a, const struct mt_strings *s,
                                   const struct mt_profile *p, const struct mt_pattern *drop,
                                   const struct mt_pattern *keep)
{
    struct mt_profile out = *p;
    const bool *go = functions_to_drop(a, s, p, drop, keep);
    unsigned char *fates = MT_NEW_N(a, unsigned char, p->n_locations + 1);
    out.locations = MT_NEW_N(a, struct mt_location, p->n_locations + 1);
    out.samples = MT_NEW_N(a, struct mt_sample, p->n_samples + 1);
    if (p->n_locations)
        memcpy(out.locations, p->locations, p->n_locations * sizeof *p->locations);
    if (p->n_samples)
        memcpy(out.samples, p->samples, p->n_samples * sizeof *p->samples);
    bool any = false;
    for (size_t i = 0; i < p->n_locations; i++) {
        fates[i] = (unsigned char)judge(p, go, &out.locations[i]);
        any |= fates[i] != STAYS;
    }
    for (size_t i = 0; any && i < p->n_samples; i++)
        cut(p, fates, &out.samples[i]);
    return out;
}

struct mt_profile mt_profile_pruned(struct mt_arena *a, const struct mt_strings *s,
                                    const struct mt_profile *p)
{
    if (!p->drop_frames)
        return *p;
    struct mt_pattern *drop = mt_pattern_compile_whole(mt_string(s, p->drop_frames), NULL);
    struct mt_pattern *keep =
        p->keep_frames ? mt_pattern_compile_whole(mt_string(s, p->keep_frames), NULL) : NULL;
    bool usable = drop && (keep || !p->keep_frames);
    struct mt_profile out = usable ? mt_profile_prune(a, s, p, drop, keep) : *p;
    mt_pattern_free(keep);
    mt_pattern_free(drop);
    return out;
}
