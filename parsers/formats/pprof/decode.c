/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding of profile.proto. A first walk over the top-level fields counts and checks them, so that
 * every table is allocated once in its final size; then strings, mappings, functions, locations and
 * samples are decoded in the order in which they refer to each other, wherever they stand.
 */
#include "parsers/formats/pprof/decode.h"

#include "parsers/base/limits.h"
#include "parsers/base/wire.h"
#include "parsers/formats/pprof/fields.h"
#include "parsers/formats/pprof/ids.h"

enum { MOST_TYPES = 1000 }; /* no writer has more than ten; each costs a table of all functions */

struct decoder {
    struct mt_capture *out;
    struct mt_profile *p;
    struct mt_arena scratch;
    struct mt_err *err;
    uint64_t base; /* offset of the first byte in the input */
    struct mt_wire all;

    size_t n_strings, n_mappings, n_functions, n_locations, n_lines;
    size_t n_samples, n_frames, n_labels, n_comments, sample_bytes;
    uint32_t *strings; /* index in the file -> id of the capture's table */
    struct mt_pprof_ids mappings, functions, locations;
};

static bool fail_at(struct decoder *d, const struct mt_wire *at, const char *what)
{
    return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(at), "%s", what);
}

/* The field's wire type is one of those allowed. */
static bool typed(struct decoder *d, const struct mt_wire *at, const struct mt_wire_field *f,
                  unsigned allowed, const char *message)
{
    if (allowed >> f->type & 1)
        return true;
    return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(at),
                   "field %llu of a %s has wire type %u, which it cannot have",
                   (unsigned long long)f->number, message, f->type);
}

/* At the end of a message: false when it stopped because of damage. */
static bool whole(struct decoder *d, const struct mt_wire *w)
{
    return !w->bad || fail_at(d, w, w->bad);
}

static bool take_string(struct decoder *d, const struct mt_wire *at, uint64_t index, uint32_t *id)
{
    if (index >= d->n_strings)
        return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(at),
                       "string %lld is named, the table has %zu", (long long)index, d->n_strings);
    *id = d->strings[index];
    return true;
}

/* First walk: how much of everything there is. */

static bool count_sample(struct decoder *d, struct mt_wire w)
{
    struct mt_wire_field f;
    size_t frames = 0;
    d->sample_bytes += (size_t)(w.end - w.at);
    while (mt_wire_next(&w, &f)) {
        if (f.number == 1)
            frames += f.type == MT_WIRE_BYTES ? mt_wire_count_packed(f.body) : 1;
        d->n_labels += f.number == 3;
    }
    d->n_samples++;
    d->n_frames += frames;
    if (frames > mt_limit(MT_LIMIT_STACK))
        return mt_fail(d->err, MT_ERR_LIMIT, d->base + mt_wire_offset(&w),
                       "a stack of %zu frames (--limit stack-frames)", frames);
    return whole(d, &w);
}

static bool count_location(struct decoder *d, struct mt_wire w)
{
    struct mt_wire_field f;
    while (mt_wire_next(&w, &f))
        d->n_lines += f.number == 4;
    d->n_locations++;
    return whole(d, &w);
}

static bool count_string(struct decoder *d, struct mt_wire w)
{
    size_t size = (size_t)(w.end - w.at);
    if (d->n_strings++ == 0 && size)
        return fail_at(d, &w, "the first string of the table is not empty");
    if (size > mt_limit(MT_LIMIT_STRING))
        return mt_fail(d->err, MT_ERR_LIMIT, d->base + mt_wire_offset(&w),
                       "a name of %zu bytes (--limit string-bytes)", size);
    return true;
}

static bool count_field(struct decoder *d, const struct mt_wire *at, const struct mt_wire_field *f)
{
    if (f->number >= FIELD_END || !field_types[f->number])
        return true;
    if (!typed(d, at, f, field_types[f->number], "profile"))
        return false;
    switch (f->number) {
    case SAMPLE_TYPE:
        d->p->n_types++;
        return true;
    case SAMPLE:
        return count_sample(d, f->body);
    case MAPPING:
        d->n_mappings++;
        return true;
    case LOCATION:
        return count_location(d, f->body);
    case FUNCTION:
        d->n_functions++;
        return true;
    case STRING:
        return count_string(d, f->body);
    case COMMENT:
        d->n_comments += f->type == MT_WIRE_BYTES ? mt_wire_count_packed(f->body) : 1;
        return true;
    case TIME_NANOS:
        if (d->p->raw_time_ns)
            return fail_at(d, at, "a second time stamp: two profiles one after the other");
        d->p->raw_time_ns = (int64_t)f->value;
        return true;
    default:
        return true;
    }
}

static bool count_all(struct decoder *d)
{
    struct mt_wire w = d->all;
    struct mt_wire_field f;
    if (w.at == w.end)
        return fail_at(d, &w, "nothing there, expected a profile");
    while (mt_wire_next(&w, &f))
        if (!count_field(d, &w, &f))
            return false;
    if (!whole(d, &w))
        return false;
    if (!d->n_strings)
        return fail_at(d, &w, "no string table");
    if (d->p->n_types > MOST_TYPES)
        return mt_fail(d->err, MT_ERR_LIMIT, d->base, "%zu sample types, at most %d are read",
                       d->p->n_types, MOST_TYPES);
    if (!d->p->n_types && d->n_samples)
        return fail_at(d, &w, "samples, but no sample types");
    /* Each sample spends a byte or more on each value; this keeps the table within the file. */
    if (d->n_samples && d->p->n_types > d->sample_bytes / d->n_samples)
        return mt_fail(d->err, MT_ERR_INPUT, d->base, "%zu samples cannot hold %zu values each",
                       d->n_samples, d->p->n_types);
    if (d->n_samples > mt_limit(MT_LIMIT_RECORDS))
        return mt_fail(d->err, MT_ERR_LIMIT, d->base, "%zu samples (--limit records)",
                       d->n_samples);
    return true;
}

/* Second walk: strings, header. */

static bool decode_value_type(struct decoder *d, struct mt_wire w, struct mt_value_type *type)
{
    struct mt_wire_field f;
    *type = (struct mt_value_type){0};
    while (mt_wire_next(&w, &f)) {
        if (f.number != 1 && f.number != 2)
            continue;
        if (!typed(d, &w, &f, VARINT, "value type") ||
            !take_string(d, &w, f.value, f.number == 1 ? &type->type : &type->unit))
            return false;
    }
    return whole(d, &w);
}

static bool add_comment(struct decoder *d, const struct mt_wire *at, uint64_t index)
{
    return take_string(d, at, index, &d->p->comments[d->p->n_comments]) && ++d->p->n_comments;
}

static bool decode_comments(struct decoder *d, const struct mt_wire *at, struct mt_wire_field *f)
{
    uint64_t index;
    if (f->type == MT_WIRE_VARINT)
        return add_comment(d, at, f->value);
    while (f->body.at < f->body.end && mt_wire_varint(&f->body, &index))
        if (!add_comment(d, &f->body, index))
            return false;
    return whole(d, &f->body);
}

static bool decode_header_field(struct decoder *d, const struct mt_wire *at,
                                struct mt_wire_field *f, size_t *type)
{
    struct mt_profile *p = d->p;
    switch (f->number) {
    case SAMPLE_TYPE:
        return decode_value_type(d, f->body, &p->types[(*type)++]);
    case DROP_FRAMES:
        return take_string(d, at, f->value, &p->drop_frames);
    case KEEP_FRAMES:
        return take_string(d, at, f->value, &p->keep_frames);
    case DURATION_NANOS:
        p->duration_ns = (int64_t)f->value;
        return true;
    case PERIOD_TYPE:
        return decode_value_type(d, f->body, &p->period_type);
    case PERIOD:
        p->period = (int64_t)f->value;
        return true;
    case COMMENT:
        return decode_comments(d, at, f);
    case DEFAULT_SAMPLE_TYPE:
        return take_string(d, at, f->value, &p->default_type);
    case DOC_URL:
        return take_string(d, at, f->value, &p->doc_url);
    default:
        return true;
    }
}

static void decode_strings(struct decoder *d)
{
    struct mt_wire w = d->all;
    struct mt_wire_field f;
    size_t n = 0;
    d->strings = MT_NEW_N(&d->scratch, uint32_t, d->n_strings);
    while (mt_wire_next(&w, &f))
        if (f.number == STRING)
            d->strings[n++] = mt_intern(d->out->strings, mt_wire_span(&f.body));
}

static bool decode_header(struct decoder *d)
{
    struct mt_wire w = d->all;
    struct mt_wire_field f;
    size_t type = 0;
    d->p->types = MT_NEW_N(d->out->arena, struct mt_value_type, d->p->n_types + 1);
    d->p->comments = MT_NEW_N(d->out->arena, uint32_t, d->n_comments + 1);
    while (mt_wire_next(&w, &f))
        if (!decode_header_field(d, &w, &f, &type))
            return false;
    return true;
}

/* Third walk: mappings and functions. */

static bool decode_mapping(struct decoder *d, struct mt_wire w)
{
    struct mt_mapping *m = &d->p->mappings[d->p->n_mappings];
    uint64_t *numbers[] = {&m->id, &m->start, &m->limit, &m->offset};
    bool *flags[] = {&m->has_functions, &m->has_filenames, &m->has_line_numbers,
                     &m->has_inline_frames};
    struct mt_wire_field f;
    while (mt_wire_next(&w, &f)) {
        if (f.number < 1 || f.number > 10)
            continue;
        if (!typed(d, &w, &f, VARINT, "mapping"))
            return false;
        if (f.number <= 4)
            *numbers[f.number - 1] = f.value;
        else if (f.number >= 7)
            *flags[f.number - 7] = f.value != 0;
        else if (!take_string(d, &w, f.value, f.number == 5 ? &m->file : &m->build_id))
            return false;
    }
    if (!whole(d, &w))
        return false;
    if (!mt_pprof_ids_add(&d->mappings, m->id, (uint32_t)d->p->n_mappings))
        return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(&w),
                       m->id ? "two mappings have the id %llu" : "a mapping has the id %llu",
                       (unsigned long long)m->id);
    d->p->n_mappings++;
    return true;
}

static bool decode_function(struct decoder *d, struct mt_wire w)
{
    struct mt_function *fn = &d->p->functions[d->p->n_functions];
    uint32_t *names[] = {&fn->name, &fn->system_name, &fn->file};
    struct mt_wire_field f;
    while (mt_wire_next(&w, &f)) {
        if (f.number < 1 || f.number > 5)
            continue;
        if (!typed(d, &w, &f, VARINT, "function"))
            return false;
        if (f.number == 1)
            fn->id = f.value;
        else if (f.number == 5)
            fn->start_line = (int64_t)f.value;
        else if (!take_string(d, &w, f.value, names[f.number - 2]))
            return false;
    }
    if (!whole(d, &w))
        return false;
    if (!mt_pprof_ids_add(&d->functions, fn->id, (uint32_t)d->p->n_functions))
        return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(&w),
                       fn->id ? "two functions have the id %llu" : "a function has the id %llu",
                       (unsigned long long)fn->id);
    d->p->n_functions++;
    return true;
}

static bool decode_symbols(struct decoder *d)
{
    struct mt_wire w = d->all;
    struct mt_wire_field f;
    mt_pprof_ids_init(&d->mappings, &d->scratch, d->n_mappings);
    mt_pprof_ids_init(&d->functions, &d->scratch, d->n_functions);
    d->p->mappings = MT_NEW_N(d->out->arena, struct mt_mapping, d->n_mappings + 1);
    d->p->functions = MT_NEW_N(d->out->arena, struct mt_function, d->n_functions + 1);
    while (mt_wire_next(&w, &f))
        if ((f.number == MAPPING && !decode_mapping(d, f.body)) ||
            (f.number == FUNCTION && !decode_function(d, f.body)))
            return false;
    return true;
}

/* Fourth walk: locations. */

static bool decode_line(struct decoder *d, struct mt_wire w, struct mt_line *line)
{
    struct mt_wire_field f;
    uint64_t function = 0;
    while (mt_wire_next(&w, &f)) {
        if (f.number < 1 || f.number > 3)
            continue;
        if (!typed(d, &w, &f, VARINT, "line"))
            return false;
        if (f.number == 1)
            function = f.value;
        else if (f.number == 2)
            line->line = (int64_t)f.value;
        else
            line->column = (int64_t)f.value;
    }
    if (!whole(d, &w))
        return false;
    line->function = mt_pprof_ids_find(&d->functions, function);
    if (line->function == MT_NO_INDEX)
        return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(&w),
                       "a line names function %llu, which is not in the file",
                       (unsigned long long)function);
    return true;
}

static bool decode_location(struct decoder *d, struct mt_wire w)
{
    struct mt_profile *p = d->p;
    struct mt_location *l = &p->locations[p->n_locations];
    struct mt_wire_field f;
    uint64_t mapping = 0;
    l->first_line = (uint32_t)p->n_lines;
    while (mt_wire_next(&w, &f)) {
        if (f.number < 1 || f.number > 5)
            continue;
        if (!typed(d, &w, &f, f.number == 4 ? MESSAGE : VARINT, "location"))
            return false;
        if (f.number == 1)
            l->id = f.value;
        else if (f.number == 2)
            mapping = f.value;
        else if (f.number == 3)
            l->address = f.value;
        else if (f.number == 5)
            l->folded = f.value != 0;
        else if (!decode_line(d, f.body, &p->lines[p->n_lines++]))
            return false;
    }
    if (!whole(d, &w))
        return false;
    l->n_lines = (uint32_t)p->n_lines - l->first_line;
    l->mapping = mt_pprof_ids_find(&d->mappings, mapping); /* an unknown mapping is none */
    if (!mt_pprof_ids_add(&d->locations, l->id, (uint32_t)p->n_locations))
        return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(&w),
                       l->id ? "two locations have the id %llu" : "a location has the id %llu",
                       (unsigned long long)l->id);
    p->n_locations++;
    return true;
}

static bool decode_locations(struct decoder *d)
{
    struct mt_wire w = d->all;
    struct mt_wire_field f;
    mt_pprof_ids_init(&d->locations, &d->scratch, d->n_locations);
    d->p->locations = MT_NEW_N(d->out->arena, struct mt_location, d->n_locations + 1);
    d->p->lines = MT_NEW_N(d->out->arena, struct mt_line, d->n_lines + 1);
    while (mt_wire_next(&w, &f))
        if (f.number == LOCATION && !decode_location(d, f.body))
            return false;
    return true;
}

/* Fifth walk: samples. */

static bool add_frame(struct decoder *d, const struct mt_wire *at, uint64_t id)
{
    uint32_t location = mt_pprof_ids_find(&d->locations, id);
    if (location == MT_NO_INDEX)
        return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(at),
                       "a sample names location %llu, which is not in the file",
                       (unsigned long long)id);
    d->p->frames[d->p->n_frames++] = location;
    return true;
}

static bool decode_frames(struct decoder *d, const struct mt_wire *at, struct mt_wire_field *f)
{
    uint64_t id;
    if (f->type == MT_WIRE_VARINT)
        return add_frame(d, at, f->value);
    while (f->body.at < f->body.end && mt_wire_varint(&f->body, &id))
        if (!add_frame(d, &f->body, id))
            return false;
    return whole(d, &f->body);
}

/* Counts on past n_types, so that the caller can say how many there were. */
static bool decode_values(struct decoder *d, struct mt_wire_field *f, int64_t *values, size_t *n)
{
    uint64_t value;
    if (f->type == MT_WIRE_VARINT) {
        if (*n < d->p->n_types)
            values[*n] = (int64_t)f->value;
        ++*n;
        return true;
    }
    while (f->body.at < f->body.end && mt_wire_varint(&f->body, &value)) {
        if (*n < d->p->n_types)
            values[*n] = (int64_t)value;
        ++*n;
    }
    return whole(d, &f->body);
}

static bool decode_label(struct decoder *d, struct mt_wire w)
{
    uint64_t parts[5] = {0}; /* by field: key, text, number, unit */
    struct mt_wire_field f;
    while (mt_wire_next(&w, &f)) {
        if (f.number < 1 || f.number > 4)
            continue;
        if (!typed(d, &w, &f, VARINT, "label"))
            return false;
        parts[f.number] = f.value;
    }
    struct mt_label label = {.number = parts[2] ? 0 : (int64_t)parts[3]};
    if (!whole(d, &w) || !take_string(d, &w, parts[1], &label.key))
        return false;
    if (parts[2]) {
        if (!take_string(d, &w, parts[2], &label.text))
            return false;
        label.empty_text = label.text == 0;
    } else if (!take_string(d, &w, parts[4], &label.unit)) {
        return false;
    }
    if (parts[2] || parts[3] || parts[4])
        d->p->labels[d->p->n_labels++] = label;
    return true;
}

static bool decode_sample(struct decoder *d, struct mt_wire w)
{
    struct mt_profile *p = d->p;
    struct mt_sample *sample = &p->samples[p->n_samples];
    int64_t *values = p->values + p->n_samples * p->n_types;
    struct mt_wire_field f;
    size_t n_values = 0;
    bool good = true;
    sample->first_frame = p->n_frames;
    sample->first_label = p->n_labels;
    while (good && mt_wire_next(&w, &f)) {
        if (f.number < 1 || f.number > 3)
            continue;
        good = typed(d, &w, &f, f.number == 3 ? MESSAGE : REPEATED, "sample") &&
               (f.number == 1   ? decode_frames(d, &w, &f)
                : f.number == 2 ? decode_values(d, &f, values, &n_values)
                                : decode_label(d, f.body));
    }
    if (!good || !whole(d, &w))
        return false;
    if (n_values != p->n_types)
        return mt_fail(d->err, MT_ERR_INPUT, d->base + mt_wire_offset(&w),
                       "a sample has %zu values, the profile %zu sample types", n_values,
                       p->n_types);
    sample->n_frames = (uint32_t)(p->n_frames - sample->first_frame);
    sample->n_labels = (uint32_t)(p->n_labels - sample->first_label);
    p->n_samples++;
    return true;
}

static bool decode_samples(struct decoder *d)
{
    struct mt_arena *a = d->out->arena;
    struct mt_wire w = d->all;
    struct mt_wire_field f;
    d->p->samples = MT_NEW_N(a, struct mt_sample, d->n_samples + 1);
    d->p->values = MT_NEW_N(a, int64_t, d->n_samples * d->p->n_types + 1);
    d->p->frames = MT_NEW_N(a, uint32_t, d->n_frames + 1);
    d->p->labels = MT_NEW_N(a, struct mt_label, d->n_labels + 1);
    while (mt_wire_next(&w, &f))
        if (f.number == SAMPLE && !decode_sample(d, f.body))
            return false;
    return true;
}

static void finish(struct decoder *d)
{
    struct mt_profile *p = d->p;
    if (p->raw_time_ns > 0) {
        p->time_ns = p->raw_time_ns;
        p->clock.clock = MT_CLOCK_SAME;
    }
    mt_profile_choose_default(p);
    p->kind = mt_profile_recognise(p, d->out->strings);
    d->out->records += p->n_samples;
}

bool mt_pprof_decode(struct mt_span bytes, uint64_t base, struct mt_capture *out,
                     struct mt_err *err)
{
    struct mt_profile profile = {.time_ns = MT_NO_TIME, .default_index = MT_NO_INDEX};
    struct decoder d = {.out = out, .p = &profile, .err = err, .base = base};
    d.all = mt_wire_over(bytes);
    bool good = count_all(&d);
    if (good) {
        decode_strings(&d);
        good =
            decode_header(&d) && decode_symbols(&d) && decode_locations(&d) && decode_samples(&d);
    }
    if (good) {
        finish(&d);
        *mt_capture_add_profile(out, profile.kind) = profile;
    }
    mt_arena_clear(&d.scratch);
    return good;
}
