/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/jfr/event.h"

enum mt_jfr_kind mt_jfr_kind_of(const struct mt_jfr_class *type)
{
    static const struct {
        const char *name;
        enum mt_jfr_kind kind;
    } names[] = {{"GarbageCollection", MT_JFR_COLLECTION},
                 {"GCPhasePause", MT_JFR_PAUSE},
                 {"GCHeapSummary", MT_JFR_HEAP},
                 {"G1HeapSummary", MT_JFR_G1_HEAP},
                 {"PSHeapSummary", MT_JFR_PS_HEAP},
                 {"G1GarbageCollection", MT_JFR_G1_COLLECTION},
                 {"ObjectAllocationInNewTLAB", MT_JFR_NEW_TLAB},
                 {"ObjectAllocationOutsideTLAB", MT_JFR_OUTSIDE_TLAB},
                 {"ObjectAllocationSample", MT_JFR_SAMPLE},
                 {"OldObjectSample", MT_JFR_OLD_OBJECT},
                 {"LiveObject", MT_JFR_LIVE_OBJECT},
                 /* of version 0.9 */
                 {"vm/gc/collector/garbage_collection", MT_JFR_COLLECTION},
                 {"vm/gc/phases/pause", MT_JFR_PAUSE},
                 {"vm/gc/heap/summary", MT_JFR_HEAP},
                 {"vm/gc/heap/ps_summary", MT_JFR_PS_HEAP},
                 {"vm/gc/collector/g1_garbage_collection", MT_JFR_G1_COLLECTION},
                 {"java/object_alloc_in_new_TLAB", MT_JFR_NEW_TLAB},
                 {"java/object_alloc_outside_TLAB", MT_JFR_OUTSIDE_TLAB}};
    struct mt_span name = mt_jfr_short_name(type->name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mt_span_is(name, names[i].name))
            return names[i].kind;
    return MT_JFR_OTHER;
}

static bool is_struct_of(const struct mt_jfr_types *types, const struct mt_jfr_field *field)
{
    return field->class_index < types->n_classes &&
           types->classes[field->class_index].shape == MT_JFR_STRUCT;
}

/* "java.lang.Class" has its name among other members; so has the object an old sample points at. */
static struct mt_span class_name(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                                 const struct mt_jfr_field *field, struct mt_jfr_in *in)
{
    const struct mt_jfr_class *type;
    struct mt_jfr_in value;
    if (!mt_jfr_field_struct(types, pools, field, in, &type, &value))
        return (struct mt_span){0};
    const struct mt_jfr_field *name = mt_jfr_member(types, type, "name", &value);
    return name ? mt_jfr_field_text(types, pools, name, &value) : (struct mt_span){0};
}

static struct mt_span old_object(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                                 const struct mt_jfr_field *field, struct mt_jfr_in *in)
{
    const struct mt_jfr_class *type;
    struct mt_jfr_in value;
    if (!mt_jfr_field_struct(types, pools, field, in, &type, &value))
        return (struct mt_span){0};
    const struct mt_jfr_field *of = mt_jfr_member(types, type, "type", &value);
    return of ? class_name(types, pools, of, &value) : (struct mt_span){0};
}

/* A number inside a struct that is written out: "heapSpace" has "committedSize". */
static uint64_t member_number(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                              const struct mt_jfr_field *field, const char *name,
                              struct mt_jfr_in *in)
{
    const struct mt_jfr_class *type;
    struct mt_jfr_in value;
    if (!mt_jfr_field_struct(types, pools, field, in, &type, &value))
        return 0;
    const struct mt_jfr_field *member = mt_jfr_member(types, type, name, &value);
    return member ? mt_jfr_field_number(types, member, &value) : 0;
}

static uint64_t *number_named(struct mt_jfr_event *e, struct mt_span name)
{
    const struct {
        const char *name;
        uint64_t *to;
    } numbers[] = {{"gcId", &e->gc_id},
                   {"sumOfPauses", &e->sum_of_pauses_ticks},
                   {"heapUsed", &e->heap_used},
                   {"edenUsedSize", &e->eden_used},
                   {"survivorUsedSize", &e->survivor_used},
                   {"stackTrace", &e->stack},
                   {"allocationSize", &e->allocation_size},
                   {"tlabSize", &e->tlab_size},
                   {"weight", &e->weight},
                   {"objectSize", &e->object_size}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (mt_span_is(name, numbers[i].name))
            return numbers[i].to;
    return NULL;
}

static struct mt_span *text_named(struct mt_jfr_event *e, struct mt_span name)
{
    return mt_span_is(name, "name")    ? &e->name
           : mt_span_is(name, "cause") ? &e->cause
           : mt_span_is(name, "when")  ? &e->when
           : mt_span_is(name, "type")  ? &e->type
                                       : NULL;
}

static void read_field(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                       const struct mt_jfr_field *field, struct mt_jfr_in *in,
                       struct mt_jfr_event *e)
{
    uint64_t *number = number_named(e, field->name);
    struct mt_span *text = text_named(e, field->name);
    if (number)
        *number = mt_jfr_field_number(types, field, in);
    else if (text)
        *text = mt_jfr_field_text(types, pools, field, in);
    else if (mt_span_is(field->name, "startTime"))
        e->start_ticks = (int64_t)mt_jfr_field_number(types, field, in);
    else if (mt_span_is(field->name, "duration"))
        e->duration_ticks = (int64_t)mt_jfr_field_number(types, field, in);
    else if (mt_span_is(field->name, "objectClass") || mt_span_is(field->name, "class"))
        e->class_name = class_name(types, pools, field, in);
    else if (mt_span_is(field->name, "object") && is_struct_of(types, field))
        e->class_name = old_object(types, pools, field, in);
    else if (mt_span_is(field->name, "heapSpace"))
        e->committed = member_number(types, pools, field, "committedSize", in);
    else if (mt_span_is(field->name, "oldObjectSpace"))
        e->old_used = member_number(types, pools, field, "used", in);
    else
        mt_jfr_skip(types, field, in);
}

/* The end is always there, the start where the event takes time. */
static void read_head(unsigned head, struct mt_jfr_in *in, struct mt_jfr_event *e)
{
    if (!(head & MT_JFR_HEAD_END))
        return;
    uint64_t end = mt_jfr_number(in, 8);
    uint64_t start = head & MT_JFR_HEAD_START ? mt_jfr_number(in, 8) : end;
    if (head & MT_JFR_HEAD_THREAD)
        mt_jfr_number(in, 4);
    if (head & MT_JFR_HEAD_STACK)
        e->stack = mt_jfr_number(in, 8);
    e->start_ticks = (int64_t)start;
    e->duration_ticks = (int64_t)(end - start);
}

bool mt_jfr_read_event(const struct mt_jfr_types *types, const struct mt_jfr_pools *pools,
                       const struct mt_jfr_class *type, enum mt_jfr_kind kind, struct mt_jfr_in in,
                       struct mt_jfr_event *event)
{
    *event = (struct mt_jfr_event){.kind = kind};
    read_head(type->head, &in, event);
    for (uint32_t i = 0; i < type->n_fields && !in.bad; i++)
        read_field(types, pools, &types->fields[type->first_field + i], &in, event);
    return !in.bad;
}
