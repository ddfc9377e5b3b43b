/* SPDX-License-Identifier: Apache-2.0 */
/* Values as the metadata describes them: passing over them, constants, texts. */
#include "parsers/formats/jfr/chunk.h"

static void skip_scalar(enum mt_jfr_shape shape, struct mt_jfr_in *in, struct mt_arena *arena)
{
    switch (shape) {
    case MT_JFR_BYTE:
        mt_jfr_byte(in);
        break;
    case MT_JFR_SHORT:
        mt_jfr_number(in, 2);
        break;
    case MT_JFR_INT:
        mt_jfr_number(in, 4);
        break;
    case MT_JFR_LONG:
        mt_jfr_number(in, 8);
        break;
    case MT_JFR_FLOAT:
        mt_jfr_bytes(in, 4);
        break;
    case MT_JFR_DOUBLE:
        mt_jfr_bytes(in, 8);
        break;
    case MT_JFR_TEXT:
        mt_jfr_take_text(in, arena);
        break;
    case MT_JFR_UTF8:
        mt_jfr_bytes(in, mt_jfr_number(in, 2));
        break;
    case MT_JFR_UTF16:
        mt_jfr_bytes(in, 2 * mt_jfr_number(in, 4));
        break;
    case MT_JFR_STRUCT:
        break;
    }
}

static uint64_t take_key(const struct mt_jfr_types *types, const struct mt_jfr_field *field,
                         struct mt_jfr_in *in)
{
    bool known = field->class_index < types->n_classes;
    return mt_jfr_number(in, known ? types->classes[field->class_index].key_width : 8);
}

/* Structs hold structs and arrays of them: what is still to come of each is kept on a stack, since
 * the depth is the input's. */
struct level {
    const struct mt_jfr_class *type;
    uint32_t field;  /* next of the struct */
    uint64_t repeat; /* further structs of the array */
};

/* Begins a value of the field: scalars are passed over, a struct is put on the stack. */
static bool enter(const struct mt_jfr_types *types, const struct mt_jfr_field *field,
                  struct mt_jfr_in *in, struct level *stack, size_t *depth)
{
    uint64_t count = field->array ? mt_jfr_number(in, 4) : 1;
    if (count > in->rest.size + (field->array ? 0 : 1))
        in->bad = true; /* each takes a byte at least */
    if (in->bad || !count)
        return !in->bad;
    if (field->pool) {
        for (uint64_t i = 0; i < count && !in->bad; i++)
            take_key(types, field, in);
        return !in->bad;
    }
    if (field->class_index >= types->n_classes)
        return false;
    const struct mt_jfr_class *type = &types->classes[field->class_index];
    if (type->shape != MT_JFR_STRUCT) {
        for (uint64_t i = 0; i < count && !in->bad; i++)
            skip_scalar(type->shape, in, types->arena);
        return !in->bad;
    }
    if (!type->n_fields)
        return true; /* a struct of nothing takes no room */
    if (*depth == MT_JFR_DEPTH)
        return false;
    stack[(*depth)++] = (struct level){type, 0, count - 1};
    return true;
}

void mt_jfr_skip(const struct mt_jfr_types *types, const struct mt_jfr_field *field,
                 struct mt_jfr_in *in)
{
    enum { FREE_STEPS = 256, STEPS_PER_BYTE = 16 };
    struct level stack[MT_JFR_DEPTH];
    size_t depth = 0, steps = 0, before = in->rest.size;
    if (!enter(types, field, in, stack, &depth))
        in->bad = true;
    while (depth && !in->bad) {
        /* structs of empty structs take no room and could go on for ever */
        if (++steps > FREE_STEPS + STEPS_PER_BYTE * (before - in->rest.size))
            in->bad = true;
        struct level *top = &stack[depth - 1];
        if (top->field == top->type->n_fields) {
            if (top->repeat) {
                top->repeat--;
                top->field = 0;
            } else {
                depth--;
            }
            continue;
        }
        const struct mt_jfr_field *next = &types->fields[top->type->first_field + top->field++];
        if (!enter(types, next, in, stack, &depth))
            in->bad = true;
    }
}

static struct mt_span pool_key(uint64_t key[2], uint64_t class_id, uint64_t constant)
{
    key[0] = class_id;
    key[1] = constant;
    return (struct mt_span){(const unsigned char *)key, 2 * sizeof *key};
}

void mt_jfr_take_constant(struct mt_jfr_pools *pools, const struct mt_jfr_types *types,
                          const struct mt_jfr_class *type, struct mt_jfr_in *in)
{
    struct mt_jfr_field value = {.class_id = type->id,
                                 .class_index = (uint32_t)(type - types->classes)};
    uint64_t bytes[2];
    struct mt_span key = pool_key(bytes, type->id, mt_jfr_number(in, type->key_width));
    struct mt_jfr_in begin = *in;
    mt_jfr_skip(types, &value, in);
    if (in->bad || mt_intern_find(&pools->keys, key) != UINT32_MAX)
        return;
    mt_intern(&pools->keys, key);
    MT_RESERVE(types->arena, pools->values, pools->n_values, pools->cap_values);
    pools->values[pools->n_values++] = begin;
}

bool mt_jfr_read_pools(struct mt_jfr_pools *pools, const struct mt_jfr_types *types,
                       struct mt_jfr_in in)
{
    mt_jfr_number(&in, 8); /* start */
    mt_jfr_number(&in, 8); /* duration */
    mt_jfr_number(&in, 8); /* distance to the checkpoint before */
    mt_jfr_byte(&in);      /* flush */
    uint64_t count = mt_jfr_number(&in, 4);
    for (uint64_t i = 0; i < count && !in.bad; i++) {
        uint64_t class_id = mt_jfr_number(&in, 8), constants = mt_jfr_number(&in, 4);
        const struct mt_jfr_class *type = mt_jfr_class_of(types, class_id);
        if (!type)
            return false;
        for (uint64_t k = 0; k < constants && !in.bad; k++)
            mt_jfr_take_constant(pools, types, type, &in);
    }
    return !in.bad;
}

bool mt_jfr_constant(const struct mt_jfr_pools *pools, uint64_t class_id, uint64_t key,
                     struct mt_jfr_in *value)
{
    uint64_t bytes[2];
    uint32_t found = mt_intern_find(&pools->keys, pool_key(bytes, class_id, key));
    if (found == UINT32_MAX || !found || found > pools->n_values)
        return false;
    *value = pools->values[found - 1];
    return true;
}

uint64_t mt_jfr_field_number(const struct mt_jfr_types *types, const struct mt_jfr_field *field,
                             struct mt_jfr_in *in)
{
    if (field->pool && !field->array)
        return take_key(types, field, in);
    enum mt_jfr_shape shape = field->class_index < types->n_classes && !field->array
                                  ? types->classes[field->class_index].shape
                                  : MT_JFR_STRUCT;
    if (shape == MT_JFR_BYTE)
        return mt_jfr_byte(in);
    if (shape == MT_JFR_SHORT || shape == MT_JFR_INT || shape == MT_JFR_LONG)
        return mt_jfr_number(in, shape == MT_JFR_SHORT ? 2 : shape == MT_JFR_INT ? 4 : 8);
    mt_jfr_skip(types, field, in);
    return 0;
}

bool mt_jfr_field_struct(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                         const struct mt_jfr_field *field, struct mt_jfr_in *in,
                         const struct mt_jfr_class **type, struct mt_jfr_in *value)
{
    *value = *in;
    mt_jfr_skip(types, field, in);
    if (in->bad || field->array || field->class_index >= types->n_classes)
        return false;
    *type = &types->classes[field->class_index];
    return !field->pool ||
           mt_jfr_constant(pools, (*type)->id, take_key(types, field, value), value);
}

const struct mt_jfr_field *mt_jfr_member(const struct mt_jfr_types *types,
                                         const struct mt_jfr_class *type, const char *name,
                                         struct mt_jfr_in *in)
{
    for (uint32_t i = 0; i < type->n_fields && !in->bad; i++) {
        const struct mt_jfr_field *field = &types->fields[type->first_field + i];
        if (mt_span_is(field->name, name))
            return field;
        mt_jfr_skip(types, field, in);
    }
    return NULL;
}

/* A text may be a constant whose value is a struct whose member is a constant ... */
struct mt_span mt_jfr_field_text(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                                 const struct mt_jfr_field *field, struct mt_jfr_in *in)
{
    struct mt_jfr_in here = *in;
    mt_jfr_skip(types, field, in);
    for (int step = 0; step < MT_JFR_DEPTH && !here.bad; step++) {
        if (field->array || field->class_index >= types->n_classes)
            break;
        const struct mt_jfr_class *type = &types->classes[field->class_index];
        if (field->pool && !mt_jfr_constant(pools, type->id, take_key(types, field, &here), &here))
            break;
        if (type->shape == MT_JFR_TEXT) {
            struct mt_jfr_text text = mt_jfr_take_text(&here, types->arena);
            if (!text.is_key || !mt_jfr_constant(pools, type->id, text.key, &here))
                return text.bytes;
            return mt_jfr_take_text(&here, types->arena).bytes;
        }
        if (type->shape == MT_JFR_UTF8)
            return mt_jfr_bytes(&here, mt_jfr_number(&here, 2));
        if (type->shape != MT_JFR_STRUCT || !type->n_fields)
            break;
        field = &types->fields[type->first_field];
    }
    return (struct mt_span){0};
}
