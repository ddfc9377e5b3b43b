/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/pprof/goroutines.h"

static const int64_t MINUTE_NS = 60 * MT_SECOND_NS;

struct keys { /* string ids; UINT32_MAX: not in this file */
    uint32_t id, state, wait_minutes, created_by;
};

static bool is_own_key(const struct keys *keys, uint32_t key)
{
    return key == keys->id || key == keys->state || key == keys->wait_minutes ||
           key == keys->created_by;
}

static void add_frames(struct mt_capture *out, struct mt_goroutine_dump *dump,
                       const struct mt_profile *p, const struct mt_sample *s)
{
    struct mt_goroutine *g = &dump->goroutines[dump->n_goroutines - 1];
    for (uint32_t i = 0; i < s->n_frames; i++) {
        const struct mt_location *at = &p->locations[p->frames[s->first_frame + i]];
        for (uint32_t k = 0; k < at->n_lines; k++) {
            const struct mt_line *line = &p->lines[at->first_line + k];
            if (line->function == MT_NO_INDEX)
                continue;
            const struct mt_function *f = &p->functions[line->function];
            MT_RESERVE(out->arena, dump->frames, dump->n_frames, dump->cap_frames);
            bool fits = line->line > 0 && line->line < UINT32_MAX;
            dump->frames[dump->n_frames++] = (struct mt_dump_frame){
                .function = f->name, .file = f->file, .line = fits ? (uint32_t)line->line : 0};
            g->n_frames++;
        }
    }
}

static void take_label(struct mt_capture *out, struct mt_goroutine_dump *dump,
                       const struct keys *keys, const struct mt_label *label)
{
    struct mt_goroutine *g = &dump->goroutines[dump->n_goroutines - 1];
    if (label->key == keys->id && label->number > 0)
        g->id = (uint64_t)label->number;
    else if (label->key == keys->created_by && label->number > 0)
        g->creator_id = (uint64_t)label->number;
    else if (label->key == keys->wait_minutes && label->number > 0)
        g->wait_ns = label->number < INT64_MAX / MINUTE_NS ? label->number * MINUTE_NS : 0;
    else if (label->key == keys->state)
        g->state = label->text;
    else if (!is_own_key(keys, label->key) && mt_label_is_text(label)) {
        MT_RESERVE(out->arena, dump->labels, dump->n_labels, dump->cap_labels);
        dump->labels[dump->n_labels++] = *label;
        g->n_labels++;
    }
}

/* A sample of one goroutine is one; what has no id was counted in a group. */
static bool has_id(const struct mt_profile *p, size_t sample, const struct keys *keys)
{
    const struct mt_sample *s = &p->samples[sample];
    if (p->values[sample * p->n_types] != 1)
        return false;
    for (uint32_t i = 0; i < s->n_labels; i++)
        if (p->labels[s->first_label + i].key == keys->id)
            return p->labels[s->first_label + i].number > 0;
    return false;
}

static void drop_own_labels(struct mt_profile *p, const struct keys *keys)
{
    for (size_t i = 0; i < p->n_samples; i++) {
        struct mt_sample *s = &p->samples[i];
        struct mt_label *labels = p->labels + s->first_label;
        uint32_t kept = 0;
        for (uint32_t k = 0; k < s->n_labels; k++)
            if (!is_own_key(keys, labels[k].key))
                labels[kept++] = labels[k];
        s->n_labels = kept;
    }
}

void mt_pprof_goroutines(struct mt_capture *out)
{
    struct mt_profile *p = &out->profiles[out->n_profiles - 1];
    const struct mt_strings *strings = out->strings;
    const struct keys keys = {mt_intern_find(strings, MT_SPAN("go::goroutine")),
                              mt_intern_find(strings, MT_SPAN("go::goroutine_state")),
                              mt_intern_find(strings, MT_SPAN("go::goroutine_wait_minutes")),
                              mt_intern_find(strings, MT_SPAN("go::goroutine_created_by"))};
    if (p->kind != MT_PROFILE_GOROUTINE || keys.id == UINT32_MAX || !p->n_types)
        return;
    struct mt_goroutine_dump *dump = NULL;
    for (size_t i = 0; i < p->n_samples; i++) {
        if (!has_id(p, i, &keys))
            continue;
        if (!dump) {
            dump = mt_capture_add_dump(out);
            dump->from_profile = true;
            dump->time_ns = p->time_ns;
            dump->clock = p->clock;
        }
        const struct mt_sample *s = &p->samples[i];
        MT_RESERVE(out->arena, dump->goroutines, dump->n_goroutines, dump->cap_goroutines);
        dump->goroutines[dump->n_goroutines++] =
            (struct mt_goroutine){.first_frame = dump->n_frames, .first_label = dump->n_labels};
        for (uint32_t k = 0; k < s->n_labels; k++)
            take_label(out, dump, &keys, &p->labels[s->first_label + k]);
        add_frames(out, dump, p, s);
    }
    if (dump && !out->inspecting)
        drop_own_labels(p, &keys);
}
