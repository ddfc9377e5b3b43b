/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each source's mappings, functions and locations are translated to merged ones once; a sample is
 * then a run of small numbers, found again by hash.
 */
#include "parsers/model/merge.h"

#include "parsers/base/hash.h"

#include <stdlib.h>
#include <string.h>

/* ---- a table of records found by hash ---- */

struct table {
    uint64_t *hashes; /* of records */
    uint32_t *slots;  /* record + 1 */
    size_t n_slots, count, capacity;
};

static void table_widen(struct mt_arena *a, struct table *t)
{
    size_t n_slots = t->n_slots ? t->n_slots * 2 : 1024;
    t->hashes = mt_arena_grow(a, t->hashes, t->capacity, n_slots / 2, sizeof *t->hashes);
    t->capacity = n_slots / 2;
    t->slots = MT_NEW_N(a, uint32_t, n_slots);
    t->n_slots = n_slots;
    for (size_t r = 0; r < t->count; r++) {
        size_t i = t->hashes[r] & (n_slots - 1);
        while (t->slots[i])
            i = (i + 1) & (n_slots - 1);
        t->slots[i] = (uint32_t)r + 1;
    }
}

/* Walks the records with that hash: start with *at = SIZE_MAX; UINT32_MAX at the end. */
static uint32_t table_next(const struct table *t, uint64_t hash, size_t *at)
{
    size_t i = *at == SIZE_MAX ? hash : *at + 1;
    for (;; i++) {
        i &= t->n_slots - 1;
        *at = i;
        if (!t->slots[i])
            return UINT32_MAX;
        if (t->hashes[t->slots[i] - 1] == hash)
            return t->slots[i] - 1;
    }
}

/* Puts the next record where table_next stopped. */
static void table_add(struct mt_arena *a, struct table *t, uint64_t hash, size_t at)
{
    t->slots[at] = (uint32_t)t->count + 1;
    t->hashes[t->count++] = hash;
    if (t->count == t->capacity)
        table_widen(a, t);
}

struct merger {
    struct mt_arena *a;
    struct mt_arena scratch;
    const struct mt_strings *s;
    struct mt_profile *out;
    struct table mappings, functions, locations, samples;
    uint64_t seed; /* of their hashes */
    size_t cap_mappings, cap_functions, cap_locations, cap_lines;
    size_t cap_samples, cap_values, n_values, cap_frames, cap_labels;
    /* of the present source: its index -> merged index + 1; 0 not yet translated */
    uint32_t *mapping_of, *function_of, *location_of;
    uint32_t *types; /* out type -> source type */
    uint32_t *stack; /* the present sample, merged */
    size_t cap_stack;
    struct mt_label *labels; /* of the present sample, in order of their keys */
    size_t cap_label_copy;
};

static uint64_t mix(const struct merger *g, uint64_t h, uint64_t word)
{
    return mt_hash_word(g->seed, h, word);
}

/* ---- mappings, functions, locations ---- */

static uint64_t rounded_size(const struct mt_mapping *m)
{
    return (m->limit - m->start + 0xfff) & ~(uint64_t)0xfff;
}

static uint32_t identity(const struct mt_mapping *m)
{
    return m->build_id ? m->build_id : m->file;
}

static uint32_t merge_mapping(struct merger *g, const struct mt_profile *p, uint32_t index)
{
    if (index == MT_NO_INDEX)
        return MT_NO_INDEX;
    if (g->mapping_of[index])
        return g->mapping_of[index] - 1;
    const struct mt_mapping *m = &p->mappings[index];
    uint64_t hash = mix(g, mix(g, mix(g, 1, rounded_size(m)), m->offset), identity(m));
    size_t at = SIZE_MAX;
    uint32_t found;
    while ((found = table_next(&g->mappings, hash, &at)) != UINT32_MAX) {
        const struct mt_mapping *known = &g->out->mappings[found];
        if (rounded_size(known) == rounded_size(m) && known->offset == m->offset &&
            identity(known) == identity(m))
            break;
    }
    if (found == UINT32_MAX) {
        found = (uint32_t)g->out->n_mappings;
        MT_RESERVE(g->a, g->out->mappings, g->out->n_mappings, g->cap_mappings);
        g->out->mappings[g->out->n_mappings++] = *m;
        g->out->mappings[found].id = found + 1;
        table_add(&g->scratch, &g->mappings, hash, at);
    }
    g->mapping_of[index] = found + 1;
    return found;
}

static bool same_function(const struct mt_function *a, const struct mt_function *b)
{
    return a->name == b->name && a->system_name == b->system_name && a->file == b->file &&
           a->start_line == b->start_line;
}

static uint32_t merge_function(struct merger *g, const struct mt_profile *p, uint32_t index)
{
    if (index == MT_NO_INDEX)
        return MT_NO_INDEX;
    if (g->function_of[index])
        return g->function_of[index] - 1;
    const struct mt_function *f = &p->functions[index];
    uint64_t hash = mix(g, 2, (uint64_t)f->name << 32 | f->file);
    hash = mix(g, mix(g, hash, f->system_name), (uint64_t)f->start_line);
    size_t at = SIZE_MAX;
    uint32_t found;
    while ((found = table_next(&g->functions, hash, &at)) != UINT32_MAX)
        if (same_function(&g->out->functions[found], f))
            break;
    if (found == UINT32_MAX) {
        found = (uint32_t)g->out->n_functions;
        MT_RESERVE(g->a, g->out->functions, g->out->n_functions, g->cap_functions);
        g->out->functions[g->out->n_functions++] = *f;
        g->out->functions[found].id = found + 1;
        table_add(&g->scratch, &g->functions, hash, at);
    }
    g->function_of[index] = found + 1;
    return found;
}

/* The lines of a location are put behind those of the merged profile, and stay if it is new. */
static bool same_location(const struct mt_profile *out, const struct mt_location *a,
                          const struct mt_location *b)
{
    if (a->address != b->address || a->mapping != b->mapping || a->folded != b->folded ||
        a->n_lines != b->n_lines)
        return false;
    for (uint32_t i = 0; i < a->n_lines; i++) {
        const struct mt_line *x = &out->lines[a->first_line + i];
        const struct mt_line *y = &out->lines[b->first_line + i];
        if (x->function != y->function || x->line != y->line || x->column != y->column)
            return false;
    }
    return true;
}

static uint32_t merge_location(struct merger *g, const struct mt_profile *p, uint32_t index)
{
    if (g->location_of[index])
        return g->location_of[index] - 1;
    const struct mt_location *source = &p->locations[index];
    struct mt_profile *out = g->out;
    struct mt_location l = *source;
    l.mapping = merge_mapping(g, p, source->mapping);
    if (l.mapping != MT_NO_INDEX)
        l.address += out->mappings[l.mapping].start - p->mappings[source->mapping].start;
    l.first_line = (uint32_t)out->n_lines;
    uint64_t hash = mix(g, mix(g, 3, l.address), (uint64_t)l.mapping << 1 | l.folded);
    for (uint32_t i = 0; i < l.n_lines; i++) {
        struct mt_line line = p->lines[source->first_line + i];
        line.function = merge_function(g, p, line.function);
        hash = mix(g, mix(g, hash, line.function), (uint64_t)line.line);
        MT_RESERVE(g->a, out->lines, out->n_lines, g->cap_lines);
        out->lines[out->n_lines++] = line;
    }
    size_t at = SIZE_MAX;
    uint32_t found;
    while ((found = table_next(&g->locations, hash, &at)) != UINT32_MAX)
        if (same_location(out, &out->locations[found], &l))
            break;
    if (found == UINT32_MAX) {
        found = (uint32_t)out->n_locations;
        MT_RESERVE(g->a, out->locations, out->n_locations, g->cap_locations);
        l.id = found + 1;
        out->locations[out->n_locations++] = l;
        table_add(&g->scratch, &g->locations, hash, at);
    } else {
        out->n_lines = l.first_line;
    }
    g->location_of[index] = found + 1;
    return found;
}

/* ---- samples ---- */

/* Texts before numbers, by key; the order of one key's values counts. */
static int label_order(const struct mt_label *a, const struct mt_label *b)
{
    bool a_text = mt_label_is_text(a), b_text = mt_label_is_text(b);
    if (a_text != b_text)
        return a_text ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

struct placed_label {
    struct mt_label label;
    uint32_t at; /* its place in the sample */
};

static int by_key_and_place(const void *left, const void *right)
{
    const struct placed_label *a = left, *b = right;
    int order = label_order(&a->label, &b->label);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

static void sort_labels(struct mt_label *labels, uint32_t n)
{
    struct mt_arena scratch = {0};
    struct placed_label *placed = MT_NEW_N(&scratch, struct placed_label, n);
    for (uint32_t i = 0; i < n; i++)
        placed[i] = (struct placed_label){labels[i], i};
    qsort(placed, n, sizeof *placed, by_key_and_place);
    for (uint32_t i = 0; i < n; i++)
        labels[i] = placed[i].label;
    mt_arena_clear(&scratch);
}

static void order_labels(struct merger *g, const struct mt_profile *p, const struct mt_sample *s)
{
    if (s->n_labels > g->cap_label_copy) {
        g->cap_label_copy = s->n_labels * (size_t)2;
        g->labels = MT_NEW_N(&g->scratch, struct mt_label, g->cap_label_copy);
    }
    bool in_order = true; /* as most writers leave them */
    for (size_t i = 0; i < s->n_labels; i++) {
        g->labels[i] = p->labels[s->first_label + i];
        in_order = in_order && (!i || label_order(&g->labels[i - 1], &g->labels[i]) <= 0);
    }
    if (!in_order)
        sort_labels(g->labels, s->n_labels);
}

static bool same_labels(const struct mt_label *a, const struct mt_label *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].key != b[i].key || a[i].text != b[i].text || a[i].number != b[i].number ||
            a[i].unit != b[i].unit || a[i].empty_text != b[i].empty_text)
            return false;
    return true;
}

static uint64_t hash_sample(const struct merger *g, const struct mt_sample *s)
{
    uint64_t hash = mix(g, 4, s->n_frames);
    for (uint32_t i = 0; i < s->n_frames; i++)
        hash = mix(g, hash, g->stack[i]);
    for (uint32_t i = 0; i < s->n_labels; i++) {
        hash = mix(g, hash, (uint64_t)g->labels[i].key << 32 | g->labels[i].text);
        hash = mix(g, mix(g, hash, (uint64_t)g->labels[i].number), g->labels[i].unit);
    }
    return hash;
}

static bool same_sample(const struct merger *g, const struct mt_sample *known,
                        const struct mt_sample *s)
{
    const struct mt_profile *out = g->out;
    return known->n_frames == s->n_frames && known->n_labels == s->n_labels &&
           (!s->n_frames || memcmp(out->frames + known->first_frame, g->stack,
                                   s->n_frames * sizeof *g->stack) == 0) &&
           (!s->n_labels || same_labels(out->labels + known->first_label, g->labels, s->n_labels));
}

static void add_sample(struct merger *g, const struct mt_sample *s)
{
    struct mt_profile *out = g->out;
    struct mt_sample sample = {out->n_frames, s->n_frames, s->n_labels, out->n_labels};
    for (uint32_t i = 0; i < s->n_frames; i++) {
        MT_RESERVE(g->a, out->frames, out->n_frames, g->cap_frames);
        out->frames[out->n_frames++] = g->stack[i];
    }
    for (uint32_t i = 0; i < s->n_labels; i++) {
        MT_RESERVE(g->a, out->labels, out->n_labels, g->cap_labels);
        out->labels[out->n_labels++] = g->labels[i];
    }
    for (size_t i = 0; i < out->n_types; i++) {
        MT_RESERVE(g->a, out->values, g->n_values, g->cap_values);
        out->values[g->n_values++] = 0;
    }
    MT_RESERVE(g->a, out->samples, out->n_samples, g->cap_samples);
    out->samples[out->n_samples++] = sample;
}

static bool all_zero(const int64_t *values, const uint32_t *types, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (values[types ? types[i] : i])
            return false;
    return true;
}

static void merge_sample(struct merger *g, const struct mt_merge_source *source, size_t index)
{
    const struct mt_profile *p = source->profile;
    const struct mt_sample *s = &p->samples[index];
    const int64_t *values = p->values + index * p->n_types;
    struct mt_profile *out = g->out;
    if (all_zero(values, g->types, out->n_types))
        return;
    if (s->n_frames > g->cap_stack) {
        g->cap_stack = s->n_frames * (size_t)2;
        g->stack = MT_NEW_N(&g->scratch, uint32_t, g->cap_stack);
    }
    for (uint32_t i = 0; i < s->n_frames; i++)
        g->stack[i] = merge_location(g, p, p->frames[s->first_frame + i]);
    order_labels(g, p, s);
    uint64_t hash = hash_sample(g, s);
    size_t at = SIZE_MAX;
    uint32_t found;
    while ((found = table_next(&g->samples, hash, &at)) != UINT32_MAX)
        if (same_sample(g, &out->samples[found], s))
            break;
    if (found == UINT32_MAX) {
        found = (uint32_t)out->n_samples;
        add_sample(g, s);
        table_add(&g->scratch, &g->samples, hash, at);
    }
    uint64_t sign = source->subtract ? UINT64_MAX : 1;
    for (size_t t = 0; t < out->n_types; t++) {
        int64_t *sum = &out->values[found * out->n_types + t];
        *sum = (int64_t)((uint64_t)*sum + sign * (uint64_t)values[g->types[t]]);
    }
}

static void drop_zero_samples(struct mt_profile *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->n_samples; i++) {
        const int64_t *values = p->values + i * p->n_types;
        if (all_zero(values, NULL, p->n_types))
            continue;
        if (kept != i)
            memmove(p->values + kept * p->n_types, values, p->n_types * sizeof *values);
        p->samples[kept++] = p->samples[i];
    }
    p->n_samples = kept;
}

/* ---- header ---- */

static uint32_t type_index(const struct mt_profile *p, uint32_t type)
{
    for (size_t i = 0; i < p->n_types; i++)
        if (p->types[i].type == type)
            return (uint32_t)i;
    return MT_NO_INDEX;
}

static bool choose_types(struct merger *g, const struct mt_merge_source *sources, size_t n,
                         struct mt_err *err)
{
    const struct mt_profile *first = sources[0].profile;
    struct mt_profile *out = g->out;
    out->types = MT_NEW_N(g->a, struct mt_value_type, first->n_types + 1);
    for (size_t t = 0; t < first->n_types; t++) {
        struct mt_value_type type = first->types[t];
        bool everywhere = type_index(first, type.type) == t;
        for (size_t i = 1; i < n && everywhere; i++) {
            uint32_t there = type_index(sources[i].profile, type.type);
            everywhere = there != MT_NO_INDEX;
            if (everywhere && sources[i].profile->types[there].unit != type.unit)
                return mt_fail(err, MT_ERR_INPUT, 0,
                               "%.40s has the unit %.20s here and %.20s there",
                               mt_string_text(g->s, type.type), mt_string_text(g->s, type.unit),
                               mt_string_text(g->s, sources[i].profile->types[there].unit));
        }
        if (everywhere)
            out->types[out->n_types++] = type;
    }
    if (!out->n_types)
        return mt_fail(err, MT_ERR_INPUT, 0, "the profiles have no sample type in common");
    return true;
}

/* known: by string id. */
static void add_comments(struct merger *g, const struct mt_profile *p, bool *known,
                         size_t *capacity)
{
    struct mt_profile *out = g->out;
    for (size_t i = 0; i < p->n_comments; i++) {
        if (known[p->comments[i]])
            continue;
        known[p->comments[i]] = true;
        MT_RESERVE(g->a, out->comments, out->n_comments, *capacity);
        out->comments[out->n_comments++] = p->comments[i];
    }
}

static bool merge_headers(struct merger *g, const struct mt_merge_source *sources, size_t n,
                          struct mt_err *err)
{
    struct mt_profile *out = g->out;
    const struct mt_profile *first = sources[0].profile;
    size_t cap_comments = 0;
    bool *known_comments = MT_NEW_N(&g->scratch, bool, g->s->count + 1);
    *out = (struct mt_profile){.kind = first->kind,
                               .time_ns = MT_NO_TIME,
                               .clock = first->clock,
                               .period_type = first->period_type,
                               .drop_frames = first->drop_frames,
                               .keep_frames = first->keep_frames,
                               .from_text = first->from_text};
    for (size_t i = 0; i < n; i++) {
        const struct mt_profile *p = sources[i].profile;
        if (p->period_type.type != first->period_type.type ||
            p->period_type.unit != first->period_type.unit)
            return mt_fail(err, MT_ERR_INPUT, 0, "the period is of %.40s here and of %.40s there",
                           mt_string_text(g->s, first->period_type.type),
                           mt_string_text(g->s, p->period_type.type));
        if (out->raw_time_ns == 0 || p->raw_time_ns < out->raw_time_ns)
            out->raw_time_ns = p->raw_time_ns;
        if (p->time_ns != MT_NO_TIME && (out->time_ns == MT_NO_TIME || p->time_ns < out->time_ns))
            out->time_ns = p->time_ns;
        out->duration_ns = (int64_t)((uint64_t)out->duration_ns + (uint64_t)p->duration_ns);
        if (out->period < p->period || i == 0)
            out->period = p->period;
        if (!out->default_type)
            out->default_type = p->default_type;
        if (!out->doc_url)
            out->doc_url = p->doc_url;
        add_comments(g, p, known_comments, &cap_comments);
    }
    if (!choose_types(g, sources, n, err))
        return false;
    if (out->n_types < first->n_types && type_index(out, out->default_type) == MT_NO_INDEX)
        out->default_type = out->types[0].type;
    mt_profile_choose_default(out);
    return true;
}

static void merge_source(struct merger *g, const struct mt_merge_source *source)
{
    const struct mt_profile *p = source->profile;
    struct mt_arena translation = {0};
    g->mapping_of = MT_NEW_N(&translation, uint32_t, p->n_mappings + 1);
    g->function_of = MT_NEW_N(&translation, uint32_t, p->n_functions + 1);
    g->location_of = MT_NEW_N(&translation, uint32_t, p->n_locations + 1);
    g->types = MT_NEW_N(&translation, uint32_t, g->out->n_types + 1);
    for (size_t t = 0; t < g->out->n_types; t++)
        g->types[t] = type_index(p, g->out->types[t].type);
    if (!g->out->n_mappings && p->n_mappings) /* the first is the program itself */
        merge_mapping(g, p, 0);
    for (size_t i = 0; i < p->n_samples; i++)
        merge_sample(g, source, i);
    mt_arena_clear(&translation);
}

bool mt_profile_merge(struct mt_arena *a, const struct mt_strings *s,
                      const struct mt_merge_source *sources, size_t n, struct mt_profile *out,
                      struct mt_err *err)
{
    struct merger g = {.a = a, .s = s, .out = out, .seed = mt_hash_seed()};
    bool good = merge_headers(&g, sources, n, err);
    /* Arrays are never NULL: whoever walks an empty one may still point at its start. */
    out->samples = MT_NEW(a, struct mt_sample);
    out->values = MT_NEW(a, int64_t);
    out->frames = MT_NEW(a, uint32_t);
    out->labels = MT_NEW(a, struct mt_label);
    g.cap_samples = g.cap_values = g.cap_frames = g.cap_labels = 1;
    struct table *tables[] = {&g.mappings, &g.functions, &g.locations, &g.samples};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        table_widen(&g.scratch, tables[i]);
    for (size_t i = 0; good && i < n; i++)
        merge_source(&g, &sources[i]);
    if (good)
        drop_zero_samples(out);
    mt_arena_clear(&g.scratch);
    return good;
}

bool mt_profile_subtract(struct mt_arena *a, const struct mt_strings *s,
                         const struct mt_profile *file, const struct mt_profile *base,
                         struct mt_profile *out, int64_t **base_totals_abs, struct mt_err *err)
{
    const struct mt_merge_source sources[] = {{file, false}, {base, true}};
    if (!mt_profile_merge(a, s, sources, 2, out, err))
        return false;
    if (!base_totals_abs)
        return true;
    *base_totals_abs = MT_NEW_N(a, int64_t, out->n_types + 1);
    for (size_t t = 0; t < out->n_types; t++) {
        uint32_t type = type_index(base, out->types[t].type);
        uint64_t sum = 0;
        for (size_t i = 0; i < base->n_samples; i++) {
            int64_t value = base->values[i * base->n_types + type];
            sum += value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        }
        (*base_totals_abs)[t] = (int64_t)sum;
    }
    return true;
}
