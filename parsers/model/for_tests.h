/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles written down in a test: a sample is a value and its functions, innermost first. Include
 * after cmocka.h. */
#ifndef MT_MODEL_FOR_TESTS_H
#define MT_MODEL_FOR_TESTS_H

#include "parsers/base/intern.h"
#include "parsers/model/profile.h"

#include <string.h>

enum { MAKER_SIZE = 64 };

struct maker {
    struct mt_arena arena;
    struct mt_strings own, *strings;
    struct mt_profile p;
};

/* strings NULL: its own. What was taken is given back with mt_arena_clear(&m->arena). */
static inline void maker_begin(struct maker *m, struct mt_strings *strings, size_t n_types)
{
    static const char *const types[] = {"inuse_objects", "inuse_space", "other"};
    static const char *const units[] = {"count", "bytes", "count"};
    *m = (struct maker){.strings = strings ? strings : &m->own};
    mt_strings_init(&m->own, &m->arena);
    strings = m->strings;
    struct mt_profile *p = &m->p;
    p->time_ns = MT_NO_TIME;
    p->types = MT_NEW_N(&m->arena, struct mt_value_type, 3);
    for (size_t i = 0; i < n_types; i++)
        p->types[i] = (struct mt_value_type){mt_intern_text(strings, types[i]),
                                             mt_intern_text(strings, units[i])};
    p->n_types = n_types;
    p->samples = MT_NEW_N(&m->arena, struct mt_sample, MAKER_SIZE);
    p->values = MT_NEW_N(&m->arena, int64_t, MAKER_SIZE * 3);
    p->frames = MT_NEW_N(&m->arena, uint32_t, MAKER_SIZE * MAKER_SIZE);
    p->labels = MT_NEW_N(&m->arena, struct mt_label, MAKER_SIZE);
    p->locations = MT_NEW_N(&m->arena, struct mt_location, MAKER_SIZE);
    p->lines = MT_NEW_N(&m->arena, struct mt_line, MAKER_SIZE * 4);
    p->functions = MT_NEW_N(&m->arena, struct mt_function, MAKER_SIZE);
    p->mappings = MT_NEW_N(&m->arena, struct mt_mapping, MAKER_SIZE);
    mt_profile_choose_default(p);
}

static inline uint32_t maker_function(struct maker *m, const char *name)
{
    uint32_t id = mt_intern_text(m->strings, name);
    for (uint32_t i = 0; i < m->p.n_functions; i++)
        if (m->p.functions[i].name == id)
            return i;
    m->p.functions[m->p.n_functions] = (struct mt_function){.id = m->p.n_functions + 1, .name = id};
    return (uint32_t)m->p.n_functions++;
}

/* A location of "a,b,c": a is inlined into b and that into c. "" has no line. */
static inline uint32_t maker_location(struct maker *m, const char *names)
{
    struct mt_profile *p = &m->p;
    struct mt_location *l = &p->locations[p->n_locations];
    *l = (struct mt_location){.id = p->n_locations + 1, .mapping = MT_NO_INDEX};
    l->first_line = (uint32_t)p->n_lines;
    struct mt_span rest = mt_span_of(names), name;
    while (mt_span_split(&rest, ',', &name)) {
        char text[128] = {0};
        memcpy(text, name.data, name.size);
        p->lines[p->n_lines++] = (struct mt_line){.function = maker_function(m, text)};
        l->n_lines++;
    }
    return (uint32_t)p->n_locations++;
}

/* Frames "leaf root": each is looked up or added as a location. All types get the value. */
static inline struct mt_sample *maker_sample(struct maker *m, int64_t value, const char *stack)
{
    struct mt_profile *p = &m->p;
    struct mt_sample *s = &p->samples[p->n_samples];
    *s = (struct mt_sample){.first_frame = p->n_frames, .first_label = p->n_labels};
    struct mt_span rest = mt_span_of(stack), frame;
    while (mt_span_split(&rest, ' ', &frame)) {
        char text[128] = {0};
        memcpy(text, frame.data, frame.size);
        p->frames[p->n_frames++] = maker_location(m, text);
        s->n_frames++;
    }
    for (size_t t = 0; t < p->n_types; t++)
        p->values[p->n_samples * p->n_types + t] = value;
    p->n_samples++;
    return s;
}

static inline void maker_label(struct maker *m, const char *key, const char *text, int64_t number)
{
    struct mt_profile *p = &m->p;
    p->samples[p->n_samples - 1].n_labels++;
    p->labels[p->n_labels++] = (struct mt_label){.key = mt_intern_text(m->strings, key),
                                                 .text = mt_intern_text(m->strings, text),
                                                 .number = number};
}

#endif
