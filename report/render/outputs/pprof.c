/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile that `go tool pprof` opens: of a report the growth from the first to the last snapshot,
 * of a diff head minus base, with the totals of `-diff_base`. Sub-messages are built one at a time
 * in the view's arena and packed by protobuf-c.
 */
#include "report/render/renderer.h"

#include "gen/profile.pb-c.h"
#include "report/render/deflate.h"
#include "report/view/stacks.h"

struct writer {
    struct mt_arena *a;
    const struct mt_strings *s;
    const struct mt_profile *p;
    uint32_t *index_of; /* string id -> index in the file + 1 */
    ProtobufCBinaryData *table;
    size_t n_table;
};

static int64_t string(struct writer *w, uint32_t id)
{
    if (!w->index_of[id]) {
        struct mt_span text = mt_string(w->s, id);
        w->table[w->n_table].len = text.size;
        w->table[w->n_table].data = mt_arena_take(w->a, text.size + 1, 1);
        for (size_t i = 0; i < text.size; i++)
            w->table[w->n_table].data[i] = text.data[i];
        w->index_of[id] = (uint32_t)++w->n_table;
    }
    return w->index_of[id] - 1;
}

static Mt__Pprof__ValueType *value_type(struct writer *w, struct mt_value_type type)
{
    Mt__Pprof__ValueType *m = MT_NEW(w->a, Mt__Pprof__ValueType);
    mt__pprof__value_type__init(m);
    m->type = string(w, type.type);
    m->unit = string(w, type.unit);
    return m;
}

static Mt__Pprof__Label *label(struct writer *w, const struct mt_label *l)
{
    Mt__Pprof__Label *m = MT_NEW(w->a, Mt__Pprof__Label);
    mt__pprof__label__init(m);
    m->key = string(w, l->key);
    m->str = mt_label_is_text(l) ? string(w, l->text) : 0;
    m->num = l->number;
    m->num_unit = string(w, l->unit);
    return m;
}

static Mt__Pprof__Sample *sample(struct writer *w, size_t index)
{
    const struct mt_sample *s = &w->p->samples[index];
    Mt__Pprof__Sample *m = MT_NEW(w->a, Mt__Pprof__Sample);
    mt__pprof__sample__init(m);
    m->n_location_id = s->n_frames;
    m->location_id = MT_NEW_N(w->a, uint64_t, s->n_frames + 1u);
    for (uint32_t i = 0; i < s->n_frames; i++)
        m->location_id[i] = w->p->frames[s->first_frame + i] + 1u;
    m->n_value = w->p->n_types;
    m->value = w->p->values + index * w->p->n_types;
    m->label = MT_NEW_N(w->a, Mt__Pprof__Label *, s->n_labels + 1u);
    for (uint32_t i = 0; i < s->n_labels; i++)
        m->label[m->n_label++] = label(w, &w->p->labels[s->first_label + i]);
    return m;
}

static Mt__Pprof__Location *location(struct writer *w, size_t index)
{
    const struct mt_location *l = &w->p->locations[index];
    Mt__Pprof__Location *m = MT_NEW(w->a, Mt__Pprof__Location);
    mt__pprof__location__init(m);
    m->id = index + 1;
    m->mapping_id = l->mapping == MT_NO_INDEX ? 0 : l->mapping + 1u;
    m->address = l->address;
    m->is_folded = l->folded;
    m->line = MT_NEW_N(w->a, Mt__Pprof__Line *, l->n_lines + 1u);
    for (uint32_t i = 0; i < l->n_lines; i++) {
        const struct mt_line *from = &w->p->lines[l->first_line + i];
        Mt__Pprof__Line *line = MT_NEW(w->a, Mt__Pprof__Line);
        mt__pprof__line__init(line);
        line->function_id = from->function == MT_NO_INDEX ? 0 : from->function + 1u;
        line->line = from->line;
        line->column = from->column;
        m->line[m->n_line++] = line;
    }
    return m;
}

static Mt__Pprof__Function *function(struct writer *w, size_t index)
{
    const struct mt_function *f = &w->p->functions[index];
    Mt__Pprof__Function *m = MT_NEW(w->a, Mt__Pprof__Function);
    mt__pprof__function__init(m);
    m->id = index + 1;
    m->name = string(w, f->name);
    m->system_name = string(w, f->system_name);
    m->filename = string(w, f->file);
    m->start_line = f->start_line;
    return m;
}

static Mt__Pprof__Mapping *mapping(struct writer *w, size_t index)
{
    const struct mt_mapping *from = &w->p->mappings[index];
    Mt__Pprof__Mapping *m = MT_NEW(w->a, Mt__Pprof__Mapping);
    mt__pprof__mapping__init(m);
    m->id = index + 1;
    m->memory_start = from->start;
    m->memory_limit = from->limit;
    m->file_offset = from->offset;
    m->filename = string(w, from->file);
    m->build_id = string(w, from->build_id);
    m->has_functions = from->has_functions;
    m->has_filenames = from->has_filenames;
    m->has_line_numbers = from->has_line_numbers;
    m->has_inline_frames = from->has_inline_frames;
    return m;
}

static void fill_tables(struct writer *w, Mt__Pprof__Profile *m)
{
    const struct mt_profile *p = w->p;
    m->sample_type = MT_NEW_N(w->a, Mt__Pprof__ValueType *, p->n_types + 1);
    while (m->n_sample_type < p->n_types) {
        m->sample_type[m->n_sample_type] = value_type(w, p->types[m->n_sample_type]);
        m->n_sample_type++;
    }
    m->sample = MT_NEW_N(w->a, Mt__Pprof__Sample *, p->n_samples + 1);
    for (; m->n_sample < p->n_samples; m->n_sample++)
        m->sample[m->n_sample] = sample(w, m->n_sample);
    m->mapping = MT_NEW_N(w->a, Mt__Pprof__Mapping *, p->n_mappings + 1);
    for (; m->n_mapping < p->n_mappings; m->n_mapping++)
        m->mapping[m->n_mapping] = mapping(w, m->n_mapping);
    m->location = MT_NEW_N(w->a, Mt__Pprof__Location *, p->n_locations + 1);
    for (; m->n_location < p->n_locations; m->n_location++)
        m->location[m->n_location] = location(w, m->n_location);
    m->function = MT_NEW_N(w->a, Mt__Pprof__Function *, p->n_functions + 1);
    for (; m->n_function < p->n_functions; m->n_function++)
        m->function[m->n_function] = function(w, m->n_function);
}

static void fill_header(struct writer *w, Mt__Pprof__Profile *m, uint32_t words)
{
    const struct mt_profile *p = w->p;
    m->drop_frames = string(w, p->drop_frames);
    m->keep_frames = string(w, p->keep_frames);
    m->time_nanos = p->raw_time_ns;
    m->duration_nanos = p->duration_ns;
    m->period_type = value_type(w, p->period_type);
    m->period = p->period;
    m->default_sample_type = string(w, p->default_type);
    m->doc_url = string(w, p->doc_url);
    m->comment = MT_NEW_N(w->a, int64_t, p->n_comments + 2);
    m->comment[m->n_comment++] = string(w, words);
    for (size_t i = 0; i < p->n_comments; i++)
        m->comment[m->n_comment++] = string(w, p->comments[i]);
}

static bool write_profile(struct writer *w, uint32_t words, struct mt_outputs *out,
                          const char *name)
{
    Mt__Pprof__Profile m;
    mt__pprof__profile__init(&m);
    w->index_of = MT_NEW_N(w->a, uint32_t, w->s->count + 1);
    w->table = MT_NEW_N(w->a, ProtobufCBinaryData, w->s->count + 1);
    string(w, 0);
    fill_header(w, &m, words);
    fill_tables(w, &m);
    m.n_string_table = w->n_table;
    m.string_table = w->table;
    size_t size = mt__pprof__profile__get_packed_size(&m);
    uint8_t *bytes = mt_arena_take(w->a, size + 1, 1);
    mt__pprof__profile__pack(&m, bytes);
    struct mt_text text = {0};
    mt_gzip((struct mt_span){bytes, size}, &text);
    bool good = out->file(out, name, mt_text_view(&text));
    mt_text_clear(&text);
    return good;
}

static bool render_pprof(const struct mt_view *view, struct mt_outputs *out, struct mt_err *err)
{
    struct mt_view_profiles profiles;
    struct mt_profile difference;
    struct mt_err why = {0};
    if (!mt_view_profiles(view, &profiles) ||
        !mt_view_difference(view, &profiles, &difference, &why))
        return view->diff || /* part of the standard set there: what cannot be made is left out */
               mt_fail(err, MT_ERR_OUTPUT, 0, "pprof: %s", *why.what ? why.what : "no profile");
    struct writer w = {.a = view->arena, .s = profiles.strings, .p = &difference};
    /* by its first word memtriage knows the profile as its own when it lies in a bundle */
    uint32_t words = mt_intern_text(profiles.strings,
                                    mt_arena_printf(view->arena, "memtriage: %s", profiles.words));
    return write_profile(&w, words, out, view->diff ? "diff.pb.gz" : "growth.pb.gz");
}

const struct mt_renderer mt_renderer_pprof = {
    .name = "pprof",
    .suffix = ".pb.gz",
    .file = "growth.pb.gz",
    .summary =
        "a profile for go tool pprof: last snapshot minus the first; in a diff head minus base",
    .in_diff = true,
    .for_report = true,
    .for_diff = true,
    .render = render_pprof,
};
