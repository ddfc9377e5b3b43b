/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/profile/memory_map.h"

#include "parsers/base/pattern.h"
#include "parsers/base/text.h"

#define HEX_RANGE                                                                                  \
    "^\\s*(?:0x)?([[:xdigit:]]+)[\\s-]?\\s*(?:0x)?([[:xdigit:]]+):?(?:\\s+([-rwxp]+))?"

enum { GROUPS = 7 }; /* the whole, start, end, permissions, then by form */

struct maps {
    struct mt_arena scratch;
    struct mt_pattern *log_prefix, *proc, *brief, *library;
    struct {
        struct mt_span name, value;
    } * names; /* $name */
    size_t n_names, cap_names;
};

static void compile(struct maps *m)
{
    m->log_prefix = mt_pattern_compile(MT_SPAN("^[^\\[\\]]+:[0-9]+]\\s"), NULL);
    m->proc = mt_pattern_compile(MT_SPAN(HEX_RANGE
                                         "(?:\\s+([[:xdigit:]]+))?\\s+[[:xdigit:]]+:[[:xdigit:]]+"
                                         "\\s+[[:digit:]]+(?:\\s+(\\S+))?"),
                                 NULL);
    m->brief = mt_pattern_compile(
        MT_SPAN(HEX_RANGE "(?:\\s+(\\S+))?(?:\\s+\\(@([[:xdigit:]]+)\\))?(?:\\s+([[:xdigit:]]+))?"),
        NULL);
    m->library = mt_pattern_compile(MT_SPAN("[.]so$|[.]so[._][0-9]+"), NULL);
}

static void release(struct maps *m)
{
    mt_pattern_free(m->log_prefix);
    mt_pattern_free(m->proc);
    mt_pattern_free(m->brief);
    mt_pattern_free(m->library);
    mt_arena_clear(&m->scratch);
}

/* The line with every $name replaced, the earliest definition of a name first. */
static struct mt_span expand(struct maps *m, struct mt_span line)
{
    if (!m->n_names || mt_span_find_byte(line, '$') == MT_NPOS)
        return line;
    struct mt_text out = {0};
    while (line.size) {
        size_t i = 0;
        while (i < m->n_names &&
               !(line.data[0] == '$' &&
                 mt_span_equal(mt_span_sub(line, 1, m->names[i].name.size), m->names[i].name)))
            i++;
        if (i < m->n_names) {
            mt_text_span(&out, m->names[i].value);
            line = mt_span_from(line, 1 + m->names[i].name.size);
        } else {
            mt_text_span(&out, mt_span_sub(line, 0, 1));
            line = mt_span_from(line, 1);
        }
    }
    const char *kept = mt_arena_copy(&m->scratch, out.data, out.size);
    struct mt_span expanded = {(const unsigned char *)kept, out.size};
    mt_text_clear(&out);
    return expanded;
}

static bool whole_hex(struct mt_span s, uint64_t *value)
{
    return mt_span_take_hex(&s, value) && !s.size;
}

/* Two addresses without anything between them: what is longer fits in none, and would keep the
 * patterns busy. */
static bool begins_too_long(struct mt_span line)
{
    enum { MOST_DIGITS = 32 };
    size_t digits = 0;
    line = mt_span_trim(line);
    mt_span_take(&line, "0x");
    while (digits < line.size &&
           ((line.data[digits] >= '0' && line.data[digits] <= '9') ||
            ((line.data[digits] | 32) >= 'a' && (line.data[digits] | 32) <= 'f')))
        digits++;
    return digits > MOST_DIGITS;
}

enum entry { NO_ENTRY, NOT_EXECUTABLE, ENTRY };

static enum entry parse_entry(const struct maps *m, struct mt_span line, struct mt_strings *strings,
                              struct mt_mapping *mapping)
{
    struct mt_span g[GROUPS], file, offset, build = {0};
    if (begins_too_long(line))
        return NO_ENTRY;
    if (mt_pattern_groups(m->proc, line, g, GROUPS)) {
        offset = g[4];
        file = g[5];
    } else if (mt_pattern_groups(m->brief, line, g, GROUPS)) {
        file = g[4];
        offset = g[5];
        build = g[6];
    } else {
        return NO_ENTRY;
    }
    if (g[3].size && mt_span_find_byte(g[3], 'x') == MT_NPOS)
        return NOT_EXECUTABLE;
    *mapping = (struct mt_mapping){0};
    if (!whole_hex(g[1], &mapping->start) || !whole_hex(g[2], &mapping->limit) ||
        (offset.size && !whole_hex(offset, &mapping->offset)))
        return NO_ENTRY;
    mapping->file = mt_intern(strings, file);
    mapping->build_id = mt_intern(strings, build);
    return ENTRY;
}

static bool adjacent(const struct mt_mapping *a, const struct mt_mapping *b)
{
    if ((a->file && b->file && a->file != b->file) ||
        (a->build_id && b->build_id && a->build_id != b->build_id) || a->limit != b->start)
        return false;
    return !a->offset || !b->offset || a->offset + (a->limit - a->start) == b->offset;
}

static void join_adjacent(struct mt_profile *p)
{
    size_t n = 1;
    for (size_t i = 1; i < p->n_mappings; i++) {
        struct mt_mapping *last = &p->mappings[n - 1], *next = &p->mappings[i];
        if (!adjacent(last, next)) {
            p->mappings[n++] = *next;
            continue;
        }
        last->limit = next->limit;
        if (next->file)
            last->file = next->file;
        if (next->build_id)
            last->build_id = next->build_id;
    }
    if (p->n_mappings)
        p->n_mappings = n;
}

/* The first that is neither a library nor something of the kernel's is taken for the program. */
static void main_first(const struct maps *m, const struct mt_strings *s, struct mt_profile *p)
{
    for (size_t i = 0; i < p->n_mappings; i++) {
        struct mt_span file = mt_span_trim(mt_string(s, p->mappings[i].file));
        if (mt_span_starts(file, "(deleted)"))
            file = mt_span_trim(mt_span_from(file, sizeof "(deleted)" - 1));
        if (mt_span_ends(file, "(deleted)"))
            file = mt_span_trim(mt_span_sub(file, 0, file.size - (sizeof "(deleted)" - 1)));
        if (!file.size || file.data[0] == '[' || mt_pattern_matches(m->library, file))
            continue;
        struct mt_mapping first = p->mappings[0];
        p->mappings[0] = p->mappings[i];
        p->mappings[i] = first;
        return;
    }
}

static void number(struct mt_profile *p)
{
    for (size_t i = 0; i < p->n_mappings; i++)
        p->mappings[i].id = i + 1;
}

static void take_name(struct maps *m, struct mt_span line)
{
    struct mt_span name;
    size_t before = line.size;
    if (!mt_span_split(&line, '=', &name) || name.size == before)
        return;
    MT_RESERVE(&m->scratch, m->names, m->n_names, m->cap_names);
    m->names[m->n_names].name = mt_span_trim(name);
    m->names[m->n_names++].value = mt_span_trim(line);
}

void mt_memory_map_read(struct mt_profile_text *t, struct mt_capture *out, struct mt_profile *p,
                        size_t *capacity)
{
    if (!t->rest.size)
        return;
    struct maps m = {0};
    compile(&m);
    while (mt_profile_text_next(t)) {
        size_t at, size;
        struct mt_span line = t->line;
        if (mt_pattern_find(m.log_prefix, line, &at, &size))
            line = mt_span_from(line, size);
        line = expand(&m, line);
        struct mt_mapping mapping;
        enum entry entry = parse_entry(&m, line, out->strings, &mapping);
        if (entry == NO_ENTRY)
            take_name(&m, line);
        if (entry != ENTRY)
            continue;
        MT_RESERVE(out->arena, p->mappings, p->n_mappings, *capacity);
        p->mappings[p->n_mappings++] = mapping;
    }
    join_adjacent(p);
    main_first(&m, out->strings, p);
    number(p);
    release(&m);
}

/* Known quirks of the programs that wrote these maps. */
static void repair(const struct mt_strings *s, struct mt_profile *p)
{
    if (p->n_mappings > 1 && mt_span_starts(mt_string(s, p->mappings[0].file), "/anon_hugepage") &&
        p->mappings[0].limit == p->mappings[1].start) {
        p->mappings++;
        p->n_mappings--;
    }
    static const uint64_t usual_start = 0x400000;
    if (p->n_mappings && p->mappings[0].start - p->mappings[0].offset == usual_start) {
        p->mappings[0].start = usual_start;
        p->mappings[0].offset = 0;
    }
}

static uint32_t mapping_of(struct mt_profile *p, uint64_t address)
{
    for (size_t i = 0; i < p->n_mappings; i++)
        if (p->mappings[i].start <= address && address < p->mappings[i].limit)
            return (uint32_t)i;
    /* The first part of a mapping may have been left out. */
    for (size_t i = 0; i < p->n_mappings; i++) {
        struct mt_mapping *m = &p->mappings[i];
        if (m->offset && m->start - m->offset <= address && address < m->start) {
            m->start -= m->offset;
            m->offset = 0;
            return (uint32_t)i;
        }
    }
    return MT_NO_INDEX;
}

void mt_memory_map_assign(struct mt_capture *out, struct mt_profile *p, size_t *capacity)
{
    struct mt_mapping *before = p->mappings;
    repair(out->strings, p);
    *capacity -= (size_t)(p->mappings - before);
    uint32_t made_up = MT_NO_INDEX;
    for (size_t i = 0; i < p->n_locations; i++) {
        struct mt_location *l = &p->locations[i];
        if (!l->address)
            continue;
        l->mapping = mapping_of(p, l->address);
        if (l->mapping != MT_NO_INDEX)
            continue;
        if (made_up == MT_NO_INDEX) {
            MT_RESERVE(out->arena, p->mappings, p->n_mappings, *capacity);
            made_up = (uint32_t)p->n_mappings;
            p->mappings[p->n_mappings++] = (struct mt_mapping){.limit = UINT64_MAX};
        }
        l->mapping = made_up;
    }
    number(p);
}
