/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jfr/stacks.h"

#include "parsers/base/text.h"

#include <string.h>

void mt_jfr_stacks_init(struct mt_jfr_stacks *s, struct mt_capture *out, struct mt_arena *arena)
{
    *s = (struct mt_jfr_stacks){.out = out, .arena = arena};
    mt_strings_init(&s->function_keys, arena);
    mt_strings_init(&s->location_keys, arena);
    mt_strings_init(&s->sample_keys, arena);
    mt_jfr_stacks_next_chunk(s);
}

void mt_jfr_stacks_next_chunk(struct mt_jfr_stacks *s)
{
    mt_strings_init(&s->stack_keys, s->arena);
    s->n_stacks = s->n_stack_frames = 0;
}

static const char *primitive(unsigned char letter)
{
    static const char *const names[] = {"Bbyte", "Cchar", "Ddouble", "Ffloat",
                                        "Iint",  "Jlong", "Sshort",  "Zboolean"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((unsigned char)names[i][0] == letter)
            return names[i] + 1;
    return NULL;
}

/* "[[Ljava/lang/String;" is java.lang.String[][], "[B" byte[]. */
static void put_class(struct mt_text *to, struct mt_span name)
{
    size_t arrays = 0;
    while (mt_span_take(&name, "["))
        arrays++;
    const char *letter = arrays && name.size == 1 ? primitive(name.data[0]) : NULL;
    if (arrays && mt_span_starts(name, "L") && mt_span_ends(name, ";"))
        name = mt_span_sub(name, 1, name.size - 2);
    if (letter)
        mt_text_add(to, letter);
    for (size_t i = 0; i < name.size && !letter; i++)
        mt_text_byte(to, name.data[i] == '/' ? '.' : (char)name.data[i]);
    for (; arrays; arrays--)
        mt_text_add(to, "[]");
}

static uint32_t class_id(struct mt_jfr_stacks *s, struct mt_span name)
{
    struct mt_text text = {0};
    put_class(&text, name);
    uint32_t id = mt_intern(s->out->strings, mt_text_view(&text));
    mt_text_clear(&text);
    return id;
}

/* Place of the key in its table, a new one when it is `count`. */
static uint32_t place_of(struct mt_strings *keys, const void *bytes, size_t size)
{
    return mt_intern(keys, (struct mt_span){bytes, size}) - 1;
}

static uint32_t function_of(struct mt_jfr_stacks *s, uint32_t name, uint32_t system_name)
{
    const uint32_t key[2] = {name, system_name};
    uint32_t place = place_of(&s->function_keys, key, sizeof key);
    if (place == s->n_functions) {
        MT_RESERVE(s->out->arena, s->functions, s->n_functions, s->cap_functions);
        s->functions[s->n_functions++] = (struct mt_function){
            .id = (uint64_t)place + 1, .name = name, .system_name = system_name};
    }
    return place;
}

static uint32_t location_of(struct mt_jfr_stacks *s, uint32_t function, uint32_t line)
{
    const uint32_t key[2] = {function, line};
    uint32_t place = place_of(&s->location_keys, key, sizeof key);
    if (place == s->n_locations) {
        MT_RESERVE(s->out->arena, s->locations, s->n_locations, s->cap_locations);
        MT_RESERVE(s->out->arena, s->lines, s->n_lines, s->cap_lines);
        s->locations[s->n_locations++] = (struct mt_location){.id = (uint64_t)place + 1,
                                                              .mapping = MT_NO_INDEX,
                                                              .first_line = (uint32_t)s->n_lines,
                                                              .n_lines = 1};
        s->lines[s->n_lines++] =
            (struct mt_line){.function = function, .line = line == UINT32_MAX ? 0 : line};
    }
    return place;
}

/* Its class: "class" in version 0.9. */
static bool is_owner(const struct mt_jfr_field *field)
{
    return mt_span_is(field->name, "type") || mt_span_is(field->name, "class");
}

/* "com.example.Cache.put", and with its descriptor as the name the JVM knows it by. */
static uint32_t method(struct mt_jfr_stacks *s, const struct mt_jfr_types *types,
                       const struct mt_jfr_pools *pools, const struct mt_jfr_class *type,
                       struct mt_jfr_in in)
{
    struct mt_span owner = {0}, name = {0}, descriptor = {0};
    for (uint32_t i = 0; i < type->n_fields && !in.bad; i++) {
        const struct mt_jfr_field *field = &types->fields[type->first_field + i];
        const struct mt_jfr_class *owner_type;
        struct mt_jfr_in value;
        if (mt_span_is(field->name, "name")) {
            name = mt_jfr_field_text(types, pools, field, &in);
        } else if (mt_span_is(field->name, "descriptor") || mt_span_is(field->name, "signature")) {
            descriptor = mt_jfr_field_text(types, pools, field, &in);
        } else if (is_owner(field) &&
                   mt_jfr_field_struct(types, pools, field, &in, &owner_type, &value)) {
            const struct mt_jfr_field *member = mt_jfr_member(types, owner_type, "name", &value);
            if (member)
                owner = mt_jfr_field_text(types, pools, member, &value);
        } else if (!is_owner(field)) {
            mt_jfr_skip(types, field, &in);
        }
    }
    struct mt_text text = {0};
    put_class(&text, owner);
    if (text.size)
        mt_text_byte(&text, '.');
    mt_text_span(&text, name);
    uint32_t plain = mt_intern(s->out->strings, mt_text_view(&text));
    mt_text_span(&text, descriptor);
    uint32_t whole = mt_intern(s->out->strings, mt_text_view(&text));
    mt_text_clear(&text);
    return function_of(s, plain, whole);
}

/* A frame stands in the array of frames, written out. */
static bool frame(struct mt_jfr_stacks *s, const struct mt_jfr_types *types,
                  const struct mt_jfr_pools *pools, const struct mt_jfr_class *type,
                  struct mt_jfr_in *in)
{
    uint32_t function = MT_NO_INDEX, line = 0;
    for (uint32_t i = 0; i < type->n_fields && !in->bad; i++) {
        const struct mt_jfr_field *field = &types->fields[type->first_field + i];
        const struct mt_jfr_class *of;
        struct mt_jfr_in value;
        if (mt_span_is(field->name, "lineNumber") || mt_span_is(field->name, "line"))
            line = (uint32_t)mt_jfr_field_number(types, field, in);
        else if (!mt_span_is(field->name, "method"))
            mt_jfr_skip(types, field, in);
        else if (mt_jfr_field_struct(types, pools, field, in, &of, &value))
            function = method(s, types, pools, of, value);
    }
    if (in->bad || function == MT_NO_INDEX)
        return !in->bad;
    MT_RESERVE(s->arena, s->stack_frames, s->n_stack_frames, s->cap_stack_frames);
    s->stack_frames[s->n_stack_frames++] = location_of(s, function, line);
    return true;
}

static void read_stack(struct mt_jfr_stacks *s, const struct mt_jfr_types *types,
                       const struct mt_jfr_pools *pools, uint64_t key)
{
    const struct mt_jfr_class *type = types->stack_trace;
    struct mt_jfr_in in;
    if (!type || !mt_jfr_constant(pools, type->id, key, &in))
        return;
    const struct mt_jfr_field *frames = mt_jfr_member(types, type, "frames", &in);
    if (!frames || !frames->array || frames->pool || frames->class_index >= types->n_classes)
        return;
    uint64_t count = mt_jfr_number(&in, 4);
    for (uint64_t i = 0; i < count && !in.bad; i++)
        if (!frame(s, types, pools, &types->classes[frames->class_index], &in))
            return;
}

static struct mt_jfr_frames stack_of(struct mt_jfr_stacks *s, const struct mt_jfr_types *types,
                                     const struct mt_jfr_pools *pools, uint64_t key)
{
    uint32_t place = place_of(&s->stack_keys, &key, sizeof key);
    if (place < s->n_stacks)
        return s->stacks[place];
    struct mt_jfr_frames frames = {.first = s->n_stack_frames};
    read_stack(s, types, pools, key);
    frames.count = (uint32_t)(s->n_stack_frames - frames.first);
    MT_RESERVE(s->arena, s->stacks, s->n_stacks, s->cap_stacks);
    s->stacks[s->n_stacks++] = frames;
    return frames;
}

static size_t new_sample(struct mt_jfr_stacks *s, const uint32_t *frames, uint32_t count,
                         uint32_t class_name)
{
    struct mt_arena *arena = s->out->arena;
    MT_RESERVE(arena, s->samples, s->n_samples, s->cap_samples);
    struct mt_sample *sample = &s->samples[s->n_samples++];
    *sample = (struct mt_sample){.first_frame = s->n_frames, .n_frames = count};
    for (uint32_t i = 0; i < count; i++) {
        MT_RESERVE(arena, s->frames, s->n_frames, s->cap_frames);
        s->frames[s->n_frames++] = frames[i];
    }
    if (class_name) {
        MT_RESERVE(arena, s->labels, s->n_labels, s->cap_labels);
        sample->first_label = s->n_labels;
        sample->n_labels = 1;
        s->labels[s->n_labels++] =
            (struct mt_label){.key = mt_intern_text(s->out->strings, "class"), .text = class_name};
    }
    for (int i = 0; i < 2; i++) {
        MT_RESERVE(arena, s->values, s->n_values, s->cap_values);
        s->values[s->n_values++] = 0;
    }
    return s->n_samples - 1;
}

void mt_jfr_stacks_add(struct mt_jfr_stacks *s, const struct mt_jfr_types *types,
                       const struct mt_jfr_pools *pools, uint64_t stack, struct mt_span class_name,
                       uint64_t bytes)
{
    struct mt_jfr_frames frames = stack_of(s, types, pools, stack);
    uint32_t id = class_id(s, class_name);
    size_t size = (size_t)frames.count + 1;
    if (size > s->cap_key) {
        s->key = mt_arena_grow(s->arena, s->key, s->cap_key, size * 2, sizeof *s->key);
        s->cap_key = size * 2;
    }
    s->key[0] = id;
    if (frames.count)
        memcpy(s->key + 1, s->stack_frames + frames.first, frames.count * sizeof *s->key);
    size_t place = place_of(&s->sample_keys, s->key, size * sizeof *s->key);
    if (place == s->n_samples)
        place = new_sample(s, s->key + 1, frames.count, id);
    int64_t *values = s->values + 2 * place;
    values[0]++;
    if (bytes <= (uint64_t)(INT64_MAX - values[1]))
        values[1] += (int64_t)bytes;
    s->events++;
}

struct mt_profile *mt_jfr_stacks_finish(struct mt_jfr_stacks *s, enum mt_profile_kind kind,
                                        const char *count_type, const char *bytes_type)
{
    if (!s->events)
        return NULL;
    struct mt_strings *strings = s->out->strings;
    struct mt_profile *p = mt_capture_add_profile(s->out, kind);
    p->clock.clock = MT_CLOCK_SAME;
    p->n_types = 2;
    p->types = MT_NEW_N(s->out->arena, struct mt_value_type, 2);
    p->types[0] = (struct mt_value_type){mt_intern_text(strings, count_type),
                                         mt_intern_text(strings, "count")};
    p->types[1] = (struct mt_value_type){mt_intern_text(strings, bytes_type),
                                         mt_intern_text(strings, "bytes")};
    p->default_type = p->types[1].type;
    p->default_index = 1;
    p->samples = s->samples;
    p->n_samples = s->n_samples;
    p->values = s->values;
    p->frames = s->frames;
    p->n_frames = s->n_frames;
    p->labels = s->labels;
    p->n_labels = s->n_labels;
    p->functions = s->functions;
    p->n_functions = s->n_functions;
    p->locations = s->locations;
    p->n_locations = s->n_locations;
    p->lines = s->lines;
    p->n_lines = s->n_lines;
    return p;
}
