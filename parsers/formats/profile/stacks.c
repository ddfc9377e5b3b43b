/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/profile/stacks.h"

#include "parsers/base/text.h"
#include "parsers/formats/profile/memory_map.h"

#include <string.h>

void mt_stacks_begin(struct mt_stacks *b, struct mt_capture *out)
{
    *b = (struct mt_stacks){.out = out};
    b->p = (struct mt_profile){.time_ns = MT_NO_TIME, .default_index = MT_NO_INDEX};
    b->p.from_text = true;
    b->p.types = MT_NEW_N(out->arena, struct mt_value_type, 4);
    /* Arrays are never NULL: whoever walks an empty one may still point at its start. */
    b->p.samples = MT_NEW(out->arena, struct mt_sample);
    b->p.values = MT_NEW(out->arena, int64_t);
    b->p.frames = MT_NEW(out->arena, uint32_t);
    b->p.labels = MT_NEW(out->arena, struct mt_label);
    b->p.locations = MT_NEW(out->arena, struct mt_location);
    b->p.functions = MT_NEW(out->arena, struct mt_function);
    b->p.mappings = MT_NEW(out->arena, struct mt_mapping);
    b->cap_samples = b->cap_values = b->cap_frames = b->cap_labels = 1;
    b->cap_locations = b->cap_functions = b->cap_mappings = 1;
    b->by_address.arena = b->by_name.arena = b->symbols.arena = &b->scratch;
}

void mt_stacks_type(struct mt_stacks *b, const char *type, struct mt_span unit)
{
    b->p.types[b->p.n_types++] = (struct mt_value_type){mt_intern_text(b->out->strings, type),
                                                        mt_intern(b->out->strings, unit)};
}

void mt_stacks_period(struct mt_stacks *b, const char *type, const char *unit, int64_t period)
{
    b->p.period_type = (struct mt_value_type){mt_intern_text(b->out->strings, type),
                                              mt_intern_text(b->out->strings, unit)};
    b->p.period = period;
}

void mt_stacks_frame(struct mt_stacks *b, uint64_t address)
{
    uint32_t *location = mt_map64_at(&b->by_address, address);
    if (!*location) {
        MT_RESERVE(b->out->arena, b->p.locations, b->p.n_locations, b->cap_locations);
        struct mt_location *l = &b->p.locations[b->p.n_locations++];
        *l = (struct mt_location){
            .id = b->p.n_locations, .address = address, .mapping = MT_NO_INDEX};
        *location = (uint32_t)b->p.n_locations;
    }
    uint32_t index = *location - 1;
    MT_RESERVE(b->out->arena, b->p.frames, b->p.n_frames, b->cap_frames);
    b->p.frames[b->p.n_frames++] = index;
}

bool mt_stacks_return_addresses(struct mt_stacks *b, struct mt_span text)
{
    uint64_t address;
    bool too_large = false;
    while (mt_take_address(&text, &address, &too_large))
        mt_stacks_frame(b, address - 1); /* onto the call */
    return !too_large;
}

void mt_stacks_sample(struct mt_stacks *b, const int64_t *values)
{
    struct mt_profile *p = &b->p;
    size_t first_frame = 0;
    if (p->n_samples) {
        const struct mt_sample *last = &p->samples[p->n_samples - 1];
        first_frame = last->first_frame + last->n_frames;
    }
    MT_RESERVE(b->out->arena, p->samples, p->n_samples, b->cap_samples);
    p->samples[p->n_samples++] =
        (struct mt_sample){.first_frame = first_frame,
                           .n_frames = (uint32_t)(p->n_frames - first_frame),
                           .first_label = p->n_labels};
    for (size_t i = 0; i < p->n_types; i++) {
        MT_RESERVE(b->out->arena, p->values, b->n_values, b->cap_values);
        p->values[b->n_values++] = values[i];
    }
}

static struct mt_label *add_label(struct mt_stacks *b, struct mt_span key)
{
    struct mt_profile *p = &b->p;
    MT_RESERVE(b->out->arena, p->labels, p->n_labels, b->cap_labels);
    p->samples[p->n_samples - 1].n_labels++;
    p->labels[p->n_labels] = (struct mt_label){.key = mt_intern(b->out->strings, key)};
    return &p->labels[p->n_labels++];
}

void mt_stacks_number_label(struct mt_stacks *b, const char *key, int64_t number)
{
    add_label(b, mt_span_of(key))->number = number;
}

/* \xHH is a byte, \uHHHH and \UHHHHHHHH a character. */
static bool take_hex_escape(struct mt_span *s, size_t digits, struct mt_text *out)
{
    uint64_t value;
    struct mt_span hex = mt_span_sub(*s, 0, digits);
    if (hex.size != digits || !mt_span_take_hex(&hex, &value) || hex.size || value > 0x10ffff)
        return false;
    *s = mt_span_from(*s, digits);
    unsigned char bytes[4] = {(unsigned char)value};
    size_t size = digits == 2 ? 1 : mt_utf8_put(bytes, value);
    mt_text_span(out, (struct mt_span){bytes, size});
    return true;
}

/* A string in Go's %q form. */
static bool take_quoted(struct mt_span *s, struct mt_text *out)
{
    static const char escapes[] = "a\ab\bf\fn\nr\rt\tv\v\\\\\"\"''";
    out->size = 0;
    if (!mt_span_take(s, "\""))
        return false;
    while (s->size) {
        char c = (char)s->data[0];
        *s = mt_span_from(*s, 1);
        if (c == '"')
            return true;
        if (c != '\\') {
            mt_text_byte(out, c);
            continue;
        }
        if (!s->size)
            return false;
        char e = (char)s->data[0];
        *s = mt_span_from(*s, 1);
        if (e == 'x' || e == 'u' || e == 'U') {
            if (!take_hex_escape(s, e == 'x' ? 2 : e == 'u' ? 4 : 8, out))
                return false;
            continue;
        }
        size_t i = 0;
        while (escapes[i] && escapes[i] != e)
            i += 2;
        if (!escapes[i])
            return false;
        mt_text_byte(out, escapes[i + 1]);
    }
    return false;
}

bool mt_stacks_label_comment(struct mt_stacks *b, struct mt_span line)
{
    line = mt_span_trim(line);
    if (!mt_span_take(&line, "# labels: {") || !b->p.n_samples)
        return false;
    struct mt_text key = {0}, value = {0};
    do {
        line = mt_span_trim(line);
        if (!take_quoted(&line, &key) || !mt_span_take(&line, ":") || !take_quoted(&line, &value))
            break;
        struct mt_label *label = add_label(b, mt_text_view(&key));
        label->text = mt_intern(b->out->strings, mt_text_view(&value));
        label->empty_text = label->text == 0;
    } while (mt_span_take(&line, ","));
    mt_text_clear(&key);
    mt_text_clear(&value);
    return true;
}

uint32_t mt_stacks_function(struct mt_stacks *b, struct mt_span name, struct mt_span file)
{
    uint32_t name_id = mt_intern(b->out->strings, name);
    uint32_t file_id = mt_intern(b->out->strings, file);
    uint32_t *function = mt_map64_at(&b->by_name, (uint64_t)name_id << 32 | file_id);
    if (!*function) {
        MT_RESERVE(b->out->arena, b->p.functions, b->p.n_functions, b->cap_functions);
        struct mt_function *f = &b->p.functions[b->p.n_functions++];
        *f = (struct mt_function){
            .id = b->p.n_functions, .name = name_id, .system_name = name_id, .file = file_id};
        *function = (uint32_t)b->p.n_functions;
    }
    return *function - 1;
}

bool mt_stacks_symbol_comment(struct mt_stacks *b, struct mt_span line)
{
    struct mt_span part;
    uint64_t address, line_number = 0, offset;
    if (!mt_span_take(&line, "#\t0x") || !mt_span_take_hex(&line, &address) ||
        !mt_span_take(&line, "\t") || !mt_span_split(&line, '\t', &part))
        return false;
    size_t plus = mt_span_find_last_byte(part, '+');
    struct mt_span rest = mt_span_from(part, plus == MT_NPOS ? part.size : plus + 1);
    if (plus == MT_NPOS || !mt_span_take_hex(&rest, &offset))
        return false;
    struct mt_span file = mt_span_trim(line);
    size_t colon = mt_span_find_last_byte(file, ':');
    if (colon != MT_NPOS && mt_span_u64(mt_span_from(file, colon + 1), &line_number))
        file = mt_span_sub(file, 0, colon);
    uint32_t *symbol = mt_map64_at(&b->symbols, address);
    if (*symbol)
        return true;
    MT_RESERVE(&b->scratch, b->lines, b->n_symbols, b->cap_symbols);
    *symbol = (uint32_t)b->n_symbols + 1;
    b->lines[b->n_symbols++] =
        (struct mt_line){.function = mt_stacks_function(b, mt_span_sub(part, 0, plus), file),
                         .line = (int64_t)(line_number & INT64_MAX)};
    return true;
}

void mt_stacks_symbolise(struct mt_stacks *b, uint32_t location, uint32_t function, int64_t line)
{
    MT_RESERVE(&b->scratch, b->lines, b->n_symbols, b->cap_symbols);
    b->lines[b->n_symbols++] = (struct mt_line){.function = function, .line = line};
    b->p.locations[location].address = 0;
    b->p.locations[location].first_line = (uint32_t)b->n_symbols; /* resolved by finish */
}

/* Locations in the order of their first use, frames without gaps; what no sample uses goes. */
static void order_locations(struct mt_stacks *b)
{
    struct mt_profile *p = &b->p;
    uint32_t *place = MT_NEW_N(&b->scratch, uint32_t, p->n_locations + 1);
    struct mt_location *ordered = MT_NEW_N(b->out->arena, struct mt_location, p->n_locations + 1);
    size_t n = 0, n_frames = 0;
    for (size_t i = 0; i < p->n_samples; i++) {
        size_t from = p->samples[i].first_frame;
        p->samples[i].first_frame = n_frames;
        for (uint32_t k = 0; k < p->samples[i].n_frames; k++) {
            uint32_t old = p->frames[from + k];
            if (!place[old]) {
                ordered[n] = p->locations[old];
                ordered[n].id = n + 1;
                place[old] = (uint32_t)++n;
            }
            p->frames[n_frames++] = place[old] - 1;
        }
    }
    p->locations = ordered;
    p->n_locations = b->cap_locations = n;
    p->n_frames = n_frames;
}

void mt_stacks_memory_map(struct mt_stacks *b, struct mt_profile_text *t)
{
    while (!mt_profile_text_is_memory_map(t->line) && mt_profile_text_next(t))
        ;
    mt_stacks_map_lines(b, t);
}

void mt_stacks_map_lines(struct mt_stacks *b, struct mt_profile_text *t)
{
    mt_memory_map_read(t, b->out, &b->p, &b->cap_mappings);
    mt_stacks_no_memory_map(b);
}

/* Symbol of a location, + 1. The comment's address is that of the call (Go 1.10 and later) or the
 * return address. */
static uint32_t symbol_of(const struct mt_stacks *b, const struct mt_location *l)
{
    uint32_t symbol = l->first_line; /* set by mt_stacks_symbolise */
    if (!symbol)
        symbol = mt_map64_get(&b->symbols, l->address);
    if (!symbol)
        symbol = mt_map64_get(&b->symbols, l->address + 1);
    return symbol;
}

/* Go's comments leave out the runtime's frames at the leaf and runtime.goexit at the root. Frames
 * that stay without a name for this reason go, as they do in a heap profile's protobuf form. */
static void drop_hidden_frames(struct mt_stacks *b)
{
    struct mt_profile *p = &b->p;
    for (size_t i = 0; i < p->n_samples; i++) {
        struct mt_sample *s = &p->samples[i];
        const uint32_t *frames = p->frames + s->first_frame;
        uint32_t from = 0, to = s->n_frames;
        while (from < to && !symbol_of(b, &p->locations[frames[from]]))
            from++;
        while (to > from && !symbol_of(b, &p->locations[frames[to - 1]]))
            to--;
        if (from == to)
            continue;
        s->first_frame += from;
        s->n_frames = to - from;
    }
}

void mt_stacks_no_memory_map(struct mt_stacks *b)
{
    if (b->symbols.count)
        drop_hidden_frames(b);
    order_locations(b);
    mt_memory_map_assign(b->out, &b->p, &b->cap_mappings);
}

static void apply_symbols(struct mt_stacks *b)
{
    struct mt_profile *p = &b->p;
    p->lines = MT_NEW_N(b->out->arena, struct mt_line, p->n_locations + 1);
    for (size_t i = 0; i < p->n_locations; i++) {
        struct mt_location *l = &p->locations[i];
        uint32_t symbol = symbol_of(b, l);
        l->first_line = (uint32_t)p->n_lines;
        l->n_lines = symbol != 0;
        if (symbol)
            p->lines[p->n_lines++] = b->lines[symbol - 1];
    }
}

struct mt_profile *mt_stacks_finish(struct mt_stacks *b)
{
    apply_symbols(b);
    mt_profile_choose_default(&b->p);
    if (b->p.kind == MT_PROFILE_OTHER)
        b->p.kind = mt_profile_recognise(&b->p, b->out->strings);
    b->out->records += b->p.n_samples;
    struct mt_profile *added = mt_capture_add_profile(b->out, b->p.kind);
    *added = b->p;
    mt_arena_clear(&b->scratch);
    return added;
}
