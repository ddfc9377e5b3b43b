/* SPDX-License-Identifier: Apache-2.0 */
#include "report/view/by_label.h"

#include "report/analysis/symbols.h"

#include <math.h>
#include <stdlib.h>

struct sorter {
    struct mt_arena *arena;
    const struct mt_bundle *bundle;
    struct mt_by_value *values;
    size_t n, capacity, n_shots;
    uint32_t *place; /* of a value's string: index + 1 */
    size_t n_place;
    uint32_t key;
    bool namespaces;
};

static struct mt_by_value *value_of(struct sorter *s, uint32_t id)
{
    if (id >= s->n_place) {
        size_t more = s->bundle->strings->count + 64;
        s->place = mt_arena_grow(s->arena, s->place, s->n_place, more, sizeof *s->place);
        s->n_place = more;
    }
    if (!s->place[id]) {
        MT_RESERVE(s->arena, s->values, s->n, s->capacity);
        s->values[s->n] =
            (struct mt_by_value){.value = id, .bytes = MT_NEW_N(s->arena, double, s->n_shots + 1)};
        s->place[id] = (uint32_t)++s->n;
    }
    return &s->values[s->place[id] - 1];
}

/* Of the frame nearest to the leaf that has one. */
static uint32_t namespace_of(const struct sorter *s, const struct mt_profile *p,
                             const struct mt_sample *sample)
{
    for (uint32_t i = 0; i < sample->n_frames; i++) {
        const struct mt_location *l = &p->locations[p->frames[sample->first_frame + i]];
        for (uint32_t k = 0; k < l->n_lines; k++) {
            uint32_t f = p->lines[l->first_line + k].function;
            struct mt_span ns = {0};
            if (f != MT_NO_INDEX)
                ns = mt_symbol_namespace(mt_string(s->bundle->strings, p->functions[f].name));
            if (ns.size)
                return mt_intern(s->bundle->strings, ns);
        }
    }
    return 0;
}

static uint32_t label_of(const struct sorter *s, const struct mt_profile *p,
                         const struct mt_sample *sample)
{
    if (s->namespaces)
        return namespace_of(s, p, sample);
    for (uint32_t i = 0; i < sample->n_labels; i++) {
        const struct mt_label *l = &p->labels[sample->first_label + i];
        if (l->key == s->key && l->text)
            return l->text;
    }
    return 0;
}

static double value_at(const struct mt_profile *p, size_t sample, uint32_t type)
{
    return type == MT_NO_INDEX ? 0 : (double)p->values[sample * p->n_types + type];
}

static bool add_heap(struct sorter *s, const struct mt_page *page)
{
    bool labelled = false;
    for (size_t shot = 0; shot < page->n_snapshots; shot++) {
        const struct mt_shot *h = &page->snapshots[shot];
        for (size_t i = 0; i < h->profile->n_samples; i++) {
            uint32_t id = label_of(s, h->profile, &h->profile->samples[i]);
            struct mt_by_value *v = value_of(s, id);
            double objects = value_at(h->profile, i, h->objects_type);
            labelled |= id != 0;
            v->bytes[shot] += value_at(h->profile, i, h->bytes_type);
            v->first_objects += shot == 0 ? objects : 0;
            v->last_objects += shot + 1 == page->n_snapshots ? objects : 0;
        }
    }
    return labelled;
}

static bool add_goroutines(struct sorter *s)
{
    const struct mt_profile_ref *refs = s->bundle->profiles[MT_PROFILE_GOROUTINE];
    size_t n = s->bundle->n_profiles[MT_PROFILE_GOROUTINE];
    bool labelled = false;
    for (size_t end = 0; end < 2 && n; end++) {
        const struct mt_profile *p = refs[end ? n - 1 : 0].profile;
        for (size_t i = 0; i < p->n_samples; i++) {
            uint32_t id = label_of(s, p, &p->samples[i]);
            struct mt_by_value *v = value_of(s, id);
            labelled |= id != 0;
            *(end ? &v->last_goroutines : &v->first_goroutines) += value_at(p, i, p->default_index);
        }
    }
    return labelled;
}

static int by_amount(const void *left, const void *right)
{
    const struct mt_by_value *a = left, *b = right;
    if (!a->value != !b->value)
        return a->value ? -1 : 1;
    if (a->last_bytes != b->last_bytes)
        return a->last_bytes > b->last_bytes ? -1 : 1;
    if (a->last_goroutines != b->last_goroutines)
        return a->last_goroutines > b->last_goroutines ? -1 : 1;
    return (a->value > b->value) - (a->value < b->value);
}

struct mt_by_table mt_view_by_label(struct mt_arena *a, const struct mt_view *view,
                                    const struct mt_page *page)
{
    struct mt_by_table out = {0};
    const struct mt_bundle *b = view->assessment->bundle;
    if (!view->options.by)
        return out;
    struct sorter s = {.arena = a, .bundle = b, .n_shots = page->n_snapshots};
    s.key = mt_intern_find(b->strings, mt_span_of(view->options.by));
    s.namespaces = s.key == UINT32_MAX && mt_span_is(mt_span_of(view->options.by), "namespace");
    if (s.key == UINT32_MAX && !s.namespaces)
        return out;
    out.heap = add_heap(&s, page);
    out.goroutines = add_goroutines(&s);
    if (!out.heap && !out.goroutines)
        return (struct mt_by_table){0};
    for (size_t i = 0; i < s.n; i++) {
        struct mt_by_value *v = &s.values[i];
        v->first_bytes = out.heap && s.n_shots ? v->bytes[0] : 0;
        v->last_bytes = out.heap && s.n_shots ? v->bytes[s.n_shots - 1] : 0;
    }
    qsort(s.values, s.n, sizeof *s.values, by_amount);
    for (size_t i = 0; i < s.n; i++) {
        struct mt_by_value *v = &s.values[i];
        if (!out.heap)
            v->first_bytes = v->last_bytes = v->first_objects = v->last_objects = NAN;
        if (!out.goroutines)
            v->first_goroutines = v->last_goroutines = NAN;
    }
    out.values = s.values;
    out.n = s.n;
    return out;
}
