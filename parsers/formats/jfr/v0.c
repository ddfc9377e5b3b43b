/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jfr/v0.h"

/* Ids of what is no event; those have 32 bits. */
static const uint64_t PRIMITIVE = (uint64_t)1 << 40;
static const uint64_t STRUCTURE = (uint64_t)2 << 40;
static const uint64_t CONSTANT = (uint64_t)3 << 40;

enum { TYPE_UTF8 = 11, TYPE_STRING = 12, PRIMITIVES, TYPE_ARRAY = 13, TYPE_STRUCT, TYPE_STRUCTS };

static const struct {
    enum mt_jfr_shape shape;
    uint8_t width; /* as the key of a constant; 0: none can be */
} primitives[PRIMITIVES] = {
    {MT_JFR_BYTE, 1},   {MT_JFR_BYTE, 1}, {MT_JFR_BYTE, 1},  {MT_JFR_SHORT, 2}, {MT_JFR_SHORT, 2},
    {MT_JFR_INT, 4},    {MT_JFR_INT, 4},  {MT_JFR_LONG, 8},  {MT_JFR_LONG, 8},  {MT_JFR_FLOAT, 0},
    {MT_JFR_DOUBLE, 0}, {MT_JFR_UTF8, 0}, {MT_JFR_UTF16, 0},
};

/* Texts have a 16-bit length in front. */
static struct mt_span take_text(struct mt_jfr_in *in)
{
    return mt_jfr_bytes(in, mt_jfr_number(in, 2));
}

static void skip_texts(struct mt_jfr_in *in, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        take_text(in);
}

static struct mt_jfr_class *add_class(struct mt_jfr_types *types, uint64_t id)
{
    MT_RESERVE(types->arena, types->classes, types->n_classes, types->cap_classes);
    struct mt_jfr_class *c = &types->classes[types->n_classes++];
    *c = (struct mt_jfr_class){
        .id = id, .shape = MT_JFR_STRUCT, .key_width = 8, .first_field = (uint32_t)types->n_fields};
    return c;
}

static void add_primitives(struct mt_jfr_types *types)
{
    for (unsigned i = 0; i < PRIMITIVES; i++)
        add_class(types, PRIMITIVE + i)->shape = primitives[i].shape;
}

/* One of the producer's structures again, under another id: fields are not copied. */
static struct mt_jfr_class *add_view(struct mt_jfr_types *types, uint64_t id, size_t first,
                                     size_t count, uint64_t index)
{
    struct mt_jfr_class *c = add_class(types, id);
    if (index < count) {
        c->first_field = types->classes[first + index].first_field;
        c->n_fields = types->classes[first + index].n_fields;
    }
    return c;
}

/* Whether a number is the key of a constant shows when all producers have told their constants:
 * other content types are units, as bytes, ms, ticks. */
static void take_field(struct mt_jfr_types *types, struct mt_jfr_in *in, size_t first)
{
    struct mt_jfr_field field = {.name = take_text(in)};
    skip_texts(in, 2);
    mt_jfr_byte(in); /* transition */
    uint64_t type = mt_jfr_byte(in), constant = mt_jfr_number(in, 4), index = mt_jfr_number(in, 4);
    mt_jfr_number(in, 4); /* spare */
    field.array = type == TYPE_ARRAY || type == TYPE_STRUCTS;
    field.pool = type < PRIMITIVES && constant && primitives[type].width;
    field.class_id = field.pool             ? CONSTANT + constant
                     : type < PRIMITIVES    ? PRIMITIVE + type
                     : type == TYPE_ARRAY   ? PRIMITIVE + index
                     : type <= TYPE_STRUCTS ? STRUCTURE + first + index
                                            : UINT64_MAX;
    field.plain_id = PRIMITIVE + type;
    MT_RESERVE(types->arena, types->fields, types->n_fields, types->cap_fields);
    types->fields[types->n_fields++] = field;
}

static size_t take_structures(struct mt_jfr_types *types, struct mt_jfr_in *in)
{
    size_t first = types->n_classes;
    uint64_t structures = mt_jfr_number(in, 4);
    for (uint64_t i = 0; i < structures && !in->bad; i++) {
        struct mt_jfr_class *c = add_class(types, STRUCTURE + types->n_classes);
        uint64_t fields = mt_jfr_number(in, 4);
        for (uint64_t k = 0; k < fields && !in->bad && types->n_fields < UINT32_MAX; k++) {
            take_field(types, in, first);
            c->n_fields += !in->bad;
        }
    }
    return first;
}

static void take_events(struct mt_jfr_types *types, struct mt_jfr_in *in, size_t first,
                        size_t structures)
{
    uint64_t events = mt_jfr_number(in, 4);
    for (uint64_t i = 0; i < events && !in->bad; i++) {
        uint64_t id = mt_jfr_number(in, 4);
        skip_texts(in, 2);
        struct mt_span path = take_text(in);
        unsigned head = MT_JFR_HEAD_END;
        head |= mt_jfr_byte(in) ? MT_JFR_HEAD_START : 0;
        head |= mt_jfr_byte(in) ? MT_JFR_HEAD_THREAD : 0;
        head |= mt_jfr_byte(in) ? MT_JFR_HEAD_STACK : 0;
        mt_jfr_byte(in); /* requestable */
        uint64_t structure = mt_jfr_number(in, 4);
        mt_jfr_number(in, 4); /* spare */
        if (in->bad)
            return;
        struct mt_jfr_class *c = add_view(types, id, first, structures, structure);
        c->name = path;
        c->head = (uint8_t)head;
    }
}

static void take_constants(struct mt_jfr_types *types, struct mt_jfr_in *in, size_t first,
                           size_t structures)
{
    uint64_t kinds = mt_jfr_number(in, 4);
    for (uint64_t i = 0; i < kinds && !in->bad; i++) {
        uint64_t id = mt_jfr_number(in, 4);
        struct mt_span name = take_text(in);
        skip_texts(in, 1);
        uint64_t type = mt_jfr_byte(in), structure = mt_jfr_number(in, 4);
        if (in->bad || type >= PRIMITIVES || !primitives[type].width) {
            in->bad = true;
            return;
        }
        struct mt_jfr_class *c = add_view(types, CONSTANT + id, first, structures, structure);
        c->name = name;
        c->key_width = primitives[type].width;
    }
}

bool mt_jfr_v0_read_types(struct mt_jfr_types *types, struct mt_jfr_header *header,
                          struct mt_jfr_in in)
{
    add_primitives(types);
    uint64_t producers = mt_jfr_number(&in, 4);
    for (uint64_t i = 0; i < producers && !in.bad; i++) {
        mt_jfr_number(&in, 4); /* id */
        skip_texts(&in, 3);
        uint64_t relations = mt_jfr_number(&in, 4);
        for (uint64_t k = 0; k < relations && !in.bad; k++)
            take_text(&in);
        size_t first = take_structures(types, &in), structures = types->n_classes - first;
        take_events(types, &in, first, structures);
        take_constants(types, &in, first, structures);
    }
    int64_t start_ms = (int64_t)mt_jfr_number(&in, 8), end_ms = (int64_t)mt_jfr_number(&in, 8);
    int64_t ticks = (int64_t)mt_jfr_number(&in, 8), rate = (int64_t)mt_jfr_number(&in, 8);
    if (in.bad)
        return false;
    const int64_t most_ms = INT64_MAX / 1000000;
    if (start_ms > 0 && end_ms >= start_ms && end_ms < most_ms) {
        header->start_ns = start_ms * 1000000;
        header->duration_ns = (end_ms - start_ms) * 1000000;
    }
    header->start_ticks = ticks;
    header->ticks_per_second = rate;
    return true;
}

bool mt_jfr_v0_read_pools(struct mt_jfr_pools *pools, const struct mt_jfr_types *types,
                          struct mt_jfr_in in)
{
    mt_jfr_number(&in, 8); /* time */
    mt_jfr_number(&in, 8); /* the checkpoint before */
    while (in.rest.size && !in.bad) {
        uint64_t kind = mt_jfr_number(&in, 4), constants = mt_jfr_number(&in, 4);
        const struct mt_jfr_class *type = mt_jfr_class_of(types, CONSTANT + kind);
        if (!type)
            return false;
        for (uint64_t i = 0; i < constants && !in.bad; i++)
            mt_jfr_take_constant(pools, types, type, &in);
    }
    return !in.bad;
}
