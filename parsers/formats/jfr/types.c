/* SPDX-License-Identifier: Apache-2.0 */
/* The metadata event: texts, then a tree of elements (root > metadata > class > field). */
#include "parsers/formats/jfr/chunk.h"

static const struct mt_span no_text = {0};

struct tree {
    struct mt_jfr_types *types;
    struct mt_jfr_in in;
    struct mt_span *texts;
    size_t n_texts;
};

static struct mt_span text_at(struct tree *t)
{
    uint64_t index = mt_jfr_number(&t->in, 4);
    if (index >= t->n_texts) {
        t->in.bad = true;
        return no_text;
    }
    return t->texts[index];
}

static bool read_texts(struct tree *t)
{
    uint64_t count = mt_jfr_number(&t->in, 4);
    if (t->in.bad || count > t->in.rest.size)
        return false;
    t->texts = MT_NEW_N(t->types->arena, struct mt_span, (size_t)count);
    t->n_texts = (size_t)count;
    for (size_t i = 0; i < t->n_texts; i++)
        t->texts[i] = mt_jfr_take_text(&t->in, t->types->arena).bytes;
    return !t->in.bad;
}

enum kind { OTHER, CLASS, FIELD };

static enum kind kind_of(struct mt_span name)
{
    return mt_span_is(name, "class") ? CLASS : mt_span_is(name, "field") ? FIELD : OTHER;
}

static uint64_t number_of(struct mt_span text)
{
    uint64_t number;
    return mt_span_u64(text, &number) ? number : UINT64_MAX;
}

static void class_attribute(struct mt_jfr_class *c, struct mt_span key, struct mt_span value)
{
    if (mt_span_is(key, "id"))
        c->id = number_of(value);
    else if (mt_span_is(key, "name"))
        c->name = value;
}

static void field_attribute(struct mt_jfr_field *f, struct mt_span key, struct mt_span value)
{
    if (mt_span_is(key, "name"))
        f->name = value;
    else if (mt_span_is(key, "class"))
        f->class_id = number_of(value);
    else if (mt_span_is(key, "constantPool"))
        f->pool = mt_span_is(value, "true");
    else if (mt_span_is(key, "dimension"))
        f->array = !mt_span_is(value, "0");
}

/* Classes and fields are added as they open; a class's fields follow each other. */
static void open_element(struct tree *t, enum kind kind)
{
    struct mt_jfr_types *types = t->types;
    if (kind == CLASS) {
        MT_RESERVE(types->arena, types->classes, types->n_classes, types->cap_classes);
        types->classes[types->n_classes++] = (struct mt_jfr_class){
            .id = UINT64_MAX, .key_width = 8, .first_field = (uint32_t)types->n_fields};
    } else if (kind == FIELD && types->n_classes && types->n_fields < UINT32_MAX) {
        MT_RESERVE(types->arena, types->fields, types->n_fields, types->cap_fields);
        types->fields[types->n_fields++] = (struct mt_jfr_field){.class_id = UINT64_MAX};
        types->classes[types->n_classes - 1].n_fields++;
    }
}

static void read_attributes(struct tree *t, enum kind kind)
{
    struct mt_jfr_types *types = t->types;
    uint64_t count = mt_jfr_number(&t->in, 4);
    for (uint64_t i = 0; i < count && !t->in.bad; i++) {
        struct mt_span key = text_at(t), value = text_at(t);
        if (kind == CLASS)
            class_attribute(&types->classes[types->n_classes - 1], key, value);
        else if (kind == FIELD && types->n_fields)
            field_attribute(&types->fields[types->n_fields - 1], key, value);
    }
}

static bool read_tree(struct tree *t)
{
    uint64_t children[MT_JFR_DEPTH];
    size_t depth = 0;
    text_at(t); /* "root" */
    read_attributes(t, OTHER);
    children[depth++] = mt_jfr_number(&t->in, 4);
    while (depth && !t->in.bad) {
        if (!children[depth - 1]) {
            depth--;
            continue;
        }
        children[depth - 1]--;
        enum kind kind = kind_of(text_at(t));
        open_element(t, kind);
        read_attributes(t, kind);
        if (depth == MT_JFR_DEPTH)
            return false;
        children[depth++] = mt_jfr_number(&t->in, 4);
    }
    return !t->in.bad;
}

static enum mt_jfr_shape shape_of(const struct mt_jfr_class *c)
{
    static const struct {
        const char *name;
        enum mt_jfr_shape shape;
    } primitives[] = {
        {"boolean", MT_JFR_BYTE}, {"byte", MT_JFR_BYTE},     {"char", MT_JFR_SHORT},
        {"short", MT_JFR_SHORT},  {"int", MT_JFR_INT},       {"long", MT_JFR_LONG},
        {"float", MT_JFR_FLOAT},  {"double", MT_JFR_DOUBLE}, {"java.lang.String", MT_JFR_TEXT}};
    for (size_t i = 0; !c->n_fields && i < sizeof primitives / sizeof *primitives; i++)
        if (mt_span_is(c->name, primitives[i].name))
            return primitives[i].shape;
    return MT_JFR_STRUCT;
}

static struct mt_span id_key(const uint64_t *id)
{
    return (struct mt_span){(const unsigned char *)id, sizeof *id};
}

static void link_field(const struct mt_jfr_types *types, struct mt_jfr_field *f)
{
    const struct mt_jfr_class *c = mt_jfr_class_of(types, f->class_id);
    if (!c && f->plain_id) {
        f->pool = false;
        c = mt_jfr_class_of(types, f->plain_id);
    }
    f->class_index = c ? (uint32_t)(c - types->classes) : UINT32_MAX;
}

/* A later metadata event may describe a class again: the first counts. */
void mt_jfr_link_types(struct mt_jfr_types *types)
{
    for (size_t i = 0; i < types->n_classes; i++) {
        const struct mt_jfr_class *c = &types->classes[i];
        if (!types->stack_trace && c->n_fields > 1 &&
            mt_span_is(mt_jfr_short_name(c->name), "StackTrace"))
            types->stack_trace = c;
        if (mt_intern_find(&types->ids, id_key(&c->id)) != UINT32_MAX)
            continue;
        mt_intern(&types->ids, id_key(&c->id));
        MT_RESERVE(types->arena, types->class_of_id, types->n_ids, types->cap_ids);
        types->class_of_id[types->n_ids++] = (uint32_t)i;
    }
    for (size_t i = 0; i < types->n_fields; i++)
        link_field(types, &types->fields[i]);
}

bool mt_jfr_read_types(struct mt_jfr_types *types, struct mt_jfr_in in)
{
    struct tree t = {.types = types, .in = in};
    size_t before = types->n_classes;
    mt_jfr_number(&t.in, 8); /* start */
    mt_jfr_number(&t.in, 8); /* duration */
    mt_jfr_number(&t.in, 8); /* metadata id */
    bool whole = read_texts(&t) && read_tree(&t);
    for (size_t i = before; i < types->n_classes; i++)
        types->classes[i].shape = shape_of(&types->classes[i]);
    return whole;
}

const struct mt_jfr_class *mt_jfr_class_of(const struct mt_jfr_types *types, uint64_t id)
{
    uint32_t found = mt_intern_find(&types->ids, id_key(&id));
    if (found == UINT32_MAX || !found || found > types->n_ids)
        return NULL;
    return &types->classes[types->class_of_id[found - 1]];
}

struct mt_span mt_jfr_short_name(struct mt_span name)
{
    size_t dot = mt_span_find_last_byte(name, '.');
    return mt_span_from(name, dot == MT_NPOS ? 0 : dot + 1);
}
