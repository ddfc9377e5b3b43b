/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run's value is its last snapshot for in-use metrics and goroutines, growth a second from first
 * to last snapshot for allocation (cumulative where there is one snapshot), the median floor, the
 * p99 and so on.
 */
#include "report/analysis/diff/runs.h"

#include "report/analysis/statistics/statistics.h"

#include <math.h>
#include <string.h>

/* -- the matrix --------------------------------------------------------------------------- */

void mt_matrix_open(struct mt_matrix *m, struct mt_arena *arena, size_t n_base, size_t n_runs)
{
    *m = (struct mt_matrix){.arena = arena, .n_base = n_base, .n_runs = n_runs};
    mt_strings_init(&m->keys, arena);
    mt_paths_open(&m->heap_paths, arena, 2, n_runs);
    mt_paths_open(&m->goroutine_paths, arena, 1, n_runs);
}

struct mt_metric_values *mt_matrix_metric(struct mt_matrix *m, const char *name, const char *unit,
                                          bool exact)
{
    for (size_t i = 0; i < m->n_metrics; i++)
        if (strcmp(m->metrics[i]->metric.name, name) == 0)
            return m->metrics[i];
    MT_RESERVE(m->arena, m->metrics, m->n_metrics, m->cap_metrics);
    struct mt_metric_values *v = MT_NEW(m->arena, struct mt_metric_values);
    *v = (struct mt_metric_values){.metric = {name, unit, exact, true, m->n_metrics},
                                   .n_slots = 256};
    m->metrics[m->n_metrics++] = v;
    v->present = MT_NEW_N(m->arena, bool, m->n_runs);
    v->slots = MT_NEW_N(m->arena, uint32_t, v->n_slots);
    mt_matrix_entity(m, v, MT_SCOPE_TOTAL, MT_SPAN(""));
    return v;
}

static size_t slot_of(const struct mt_metric_values *v, enum mt_scope scope, uint32_t key)
{
    size_t at = ((size_t)key * 8 + scope) * 0x9e3779b97f4a7c15u >> 20;
    for (;; at++) {
        uint32_t entry = v->slots[at & (v->n_slots - 1)];
        if (!entry ||
            (v->entities[entry - 1]->key == key && v->entities[entry - 1]->scope == scope))
            return at & (v->n_slots - 1);
    }
}

static void widen(struct mt_matrix *m, struct mt_metric_values *v)
{
    v->n_slots *= 2;
    v->slots = MT_NEW_N(m->arena, uint32_t, v->n_slots);
    for (size_t i = 0; i < v->n_entities; i++)
        v->slots[slot_of(v, v->entities[i]->scope, v->entities[i]->key)] = (uint32_t)i + 1;
}

struct mt_entity *mt_matrix_entity(struct mt_matrix *m, struct mt_metric_values *v,
                                   enum mt_scope scope, struct mt_span key)
{
    uint32_t id = mt_intern(&m->keys, key);
    size_t slot = slot_of(v, scope, id);
    if (v->slots[slot])
        return v->entities[v->slots[slot] - 1];
    struct mt_entity *e = MT_NEW(m->arena, struct mt_entity);
    e->scope = scope;
    e->key = id;
    e->value = MT_NEW_N(m->arena, double, 2 * m->n_runs);
    e->variance = e->value + m->n_runs;
    MT_RESERVE(m->arena, v->entities, v->n_entities, v->cap_entities);
    v->entities[v->n_entities++] = e;
    v->slots[slot] = (uint32_t)v->n_entities;
    if (v->n_entities * 2 > v->n_slots)
        widen(m, v);
    return e;
}

/* -- stacks of one profile ---------------------------------------------------------------- */

/* One profile of one run while it is summed up; `sign` is -1 for a first snapshot taken off. */
struct pass {
    struct mt_matrix *m;
    size_t run;
    const struct mt_diff_run *from;
    const struct mt_symbols *symbols;
    const struct mt_profile *profile;
    struct mt_blame_table blame;
    uint64_t *key_hash;      /* by string id: of the function's key, 0 not yet known */
    uint64_t *location_hash; /* by location: of its lines' keys, innermost last; 0 not yet known */
    bool heap;
    struct mt_path_table *paths; /* call paths are kept here: of bytes and goroutines; NULL: not */
};

struct column {
    struct mt_metric_values *values;
    uint32_t type;       /* sample type */
    uint32_t count_type; /* objects behind it, for the sampling error; MT_NO_INDEX none */
    uint32_t space_type;
    double factor;                  /* sign and 1 / seconds */
    struct mt_entity **by_function; /* by string id */
};

static uint64_t mix(uint64_t h, uint64_t x)
{
    h ^= x + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2);
    return h * 0xff51afd7ed558ccdu;
}

static const char *function_key(const struct pass *p, uint32_t function)
{
    const char *key = mt_symbol_key(p->symbols, function);
    return key && *key ? key : mt_string_text(p->from->bundle->strings, function);
}

/* A sample of n objects of mean size s was kept with chance 1 - exp(-s / R); the relative variance
 * of what it was scaled up to is (1 - chance) / (n chance). */
static double sampling_variance(const struct pass *p, const struct column *c, const int64_t *values,
                                double value)
{
    if (!p->heap || c->count_type == MT_NO_INDEX || p->profile->period <= 1)
        return 0;
    double objects = (double)values[c->count_type], bytes = (double)values[c->space_type];
    if (!(objects > 0) || !(bytes > 0))
        return 0;
    double chance = -expm1(-(bytes / objects) / (double)p->profile->period);
    return value * value * (1 - chance) / (objects * chance);
}

static void add(struct pass *p, const struct column *c, struct mt_entity *e, double value,
                double variance)
{
    e->value[p->run] += value * c->factor;
    e->variance[p->run] += variance * c->factor * c->factor;
}

static void name(struct pass *p, struct mt_entity *e, const char *text)
{
    bool head = p->run >= p->m->n_base;
    if (!e->name || (head && e->name == e->base_name))
        e->name = text;
    if (!head && !e->base_name)
        e->base_name = text;
}

static void place(struct pass *p, struct mt_entity *e, const struct mt_line *line, double value)
{
    if (value < e->heaviest)
        return;
    e->heaviest = value;
    e->file = mt_string_text(p->from->bundle->strings, p->profile->functions[line->function].file);
    e->line = line->line;
}

static struct mt_entity *entity_of_function(struct pass *p, struct column *c, uint32_t function)
{
    if (!c->by_function[function]) {
        struct mt_entity *e = mt_matrix_entity(p->m, c->values, MT_SCOPE_FUNCTION,
                                               mt_span_of(function_key(p, function)));
        name(p, e, mt_string_text(p->from->bundle->strings, function));
        c->by_function[function] = e;
    }
    return c->by_function[function];
}

/* FNV-1a of the key's text: the same in every run and on every machine. */
static uint64_t key_hash(struct pass *p, uint32_t function_index)
{
    uint32_t id = function_index == MT_NO_INDEX ? 0 : p->profile->functions[function_index].name;
    if (!p->key_hash[id]) {
        uint64_t h = 0xcbf29ce484222325u;
        for (const char *c = function_key(p, id); *c; c++)
            h = (h ^ (unsigned char)*c) * 0x100000001b3u;
        p->key_hash[id] = h | 1;
    }
    return p->key_hash[id];
}

/* Of one location, its line number but_line left out (MT_NO_INDEX: none is). */
static uint64_t hash_location(struct pass *p, uint32_t location, uint32_t but_line)
{
    const struct mt_location *l = &p->profile->locations[location];
    uint64_t h = 1;
    for (uint32_t k = l->n_lines; k-- > 0;)
        h = mix(h, l->first_line + k == but_line
                       ? 7
                       : key_hash(p, p->profile->lines[l->first_line + k].function));
    return h | 1;
}

static uint64_t known_location(struct pass *p, uint32_t location)
{
    if (!p->location_hash[location])
        p->location_hash[location] = hash_location(p, location, MT_NO_INDEX);
    return p->location_hash[location];
}

/* Of the stack's function keys; without the line but_line, so that a renamed function keeps it. */
static uint64_t hash_stack(struct pass *p, const struct mt_sample *s, uint32_t but_line)
{
    uint64_t h = 1;
    for (uint32_t i = s->n_frames; i-- > 0;) {
        uint32_t at = p->profile->frames[s->first_frame + i];
        const struct mt_location *l = &p->profile->locations[at];
        bool cut = but_line - l->first_line < l->n_lines; /* it is one of this location's */
        h = mix(h, cut ? hash_location(p, at, but_line) : known_location(p, at));
    }
    return h | 1;
}

static void add_path(struct pass *p, const struct column *columns, size_t n,
                     const struct mt_sample *s, const int64_t *values)
{
    size_t path = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        const struct column *c = &columns[i];
        if (c->values->paths != p->paths || !values[c->type])
            continue;
        if (path == SIZE_MAX)
            path = mt_paths_find(p->paths, hash_stack(p, s, MT_NO_INDEX),
                                 (struct mt_path_origin){p->from->bundle, p->profile, s});
        double value = (double)values[c->type];
        double *cell = mt_path_cell(p->paths, path, c->values->path_column, p->run);
        cell[0] += value * c->factor;
        cell[1] += sampling_variance(p, c, values, value) * c->factor * c->factor;
    }
}

static void add_label(struct pass *p, struct column *c, const struct mt_sample *s, double value,
                      double variance)
{
    for (uint32_t i = 0; i < s->n_labels; i++) {
        const struct mt_label *l = &p->profile->labels[s->first_label + i];
        if (!l->text)
            continue;
        const char *text =
            mt_arena_printf(p->m->arena, "%s=%s", mt_string_text(p->from->bundle->strings, l->key),
                            mt_string_text(p->from->bundle->strings, l->text));
        struct mt_entity *e = mt_matrix_entity(p->m, c->values, MT_SCOPE_LABEL, mt_span_of(text));
        if (!e->name)
            e->name = text;
        add(p, c, e, value, variance);
    }
}

static void add_sample(struct pass *p, struct column *c, const struct mt_sample *s,
                       const int64_t *values, const struct mt_blame *blame)
{
    double value = (double)values[c->type], variance = sampling_variance(p, c, values, value);
    if (value == 0)
        return;
    add(p, c, c->values->entities[0], value, variance);
    const struct mt_line *line =
        blame->line == MT_NO_INDEX ? NULL : &p->profile->lines[blame->line];
    uint32_t function =
        line && line->function != MT_NO_INDEX ? p->profile->functions[line->function].name : 0;
    struct mt_entity *e = entity_of_function(p, c, function);
    add(p, c, e, value, variance);
    if (function) {
        place(p, e, line, fabs(value));
        uint32_t package = mt_symbol_package(p->symbols, function);
        struct mt_span text = mt_string(p->from->bundle->strings, package);
        if (text.size) {
            struct mt_entity *whole = mt_matrix_entity(p->m, c->values, MT_SCOPE_PACKAGE, text);
            name(p, whole, (const char *)text.data);
            add(p, c, whole, value, variance);
        }
        if (fabs(value) > e->shape_weight) {
            e->shape_weight = fabs(value);
            e->shape = hash_stack(p, s, blame->line);
        }
        if (c->count_type != MT_NO_INDEX) {
            e->objects += (double)values[c->count_type];
            e->bytes += (double)values[c->space_type];
        }
    }
    add_label(p, c, s, value, variance);
}

/* Objects go along the same paths as bytes; the bytes are shown. */
static void choose_paths(const struct pass *p, struct column *columns, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; p->paths && i < n; i++) {
        if (p->heap && columns[i].type != columns[i].space_type)
            continue;
        bool alloc = p->heap && strncmp(columns[i].values->metric.name, "alloc", 5) == 0;
        columns[i].values->paths = p->paths;
        columns[i].values->path_column = alloc ? 1 : 0;
        if (++used == p->paths->n_columns)
            break;
    }
}

static void sum_profile(struct pass *p, struct column *columns, size_t n)
{
    const struct mt_profile *profile = p->profile;
    for (size_t i = 0; i < n; i++) {
        columns[i].values->present[p->run] = true;
        columns[i].values->sampled |= p->heap;
        columns[i].by_function = MT_NEW_N(p->m->arena, struct mt_entity *, p->symbols->n + 1);
        if (profile->period > 1)
            columns[i].values->period = (double)profile->period;
    }
    choose_paths(p, columns, n);
    mt_blame_open(&p->blame, p->m->arena, p->symbols, profile, NULL);
    p->location_hash = MT_NEW_N(p->m->arena, uint64_t, profile->n_locations + 1);
    for (size_t s = 0; s < profile->n_samples; s++) {
        struct mt_blame blame = mt_blame_sample(&p->blame, &profile->samples[s]);
        const int64_t *values = &profile->values[s * profile->n_types];
        for (size_t i = 0; i < n; i++)
            add_sample(p, &columns[i], &profile->samples[s], values, &blame);
        if (p->paths)
            add_path(p, columns, n, &profile->samples[s], values);
    }
}

/* -- kinds of profiles --------------------------------------------------------------------- */

enum { MOST_COLUMNS = 16 };

static size_t heap_columns(struct pass *p, struct column *columns, bool inuse, double alloc_factor)
{
    static const struct {
        const char *name, *count, *space;
        bool inuse;
    } types[] = {{"inuse_space", "inuse_objects", "inuse_space", true},
                 {"inuse_objects", "inuse_objects", "inuse_space", true},
                 {"alloc_space", "alloc_objects", "alloc_space", false},
                 {"alloc_objects", "alloc_objects", "alloc_space", false}};
    const struct mt_strings *strings = p->from->bundle->strings;
    size_t n = 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        uint32_t type = mt_profile_type(p->profile, strings, types[i].name);
        if (type == MT_NO_INDEX || (types[i].inuse ? !inuse : alloc_factor == 0))
            continue;
        bool bytes = types[i].name[strlen(types[i].name) - 1] == 'e';
        bool rate = !types[i].inuse && p->m->alloc_rates;
        columns[n++] =
            (struct column){.values = mt_matrix_metric(p->m, types[i].name,
                                                       rate    ? (bytes ? "bytes/s" : "objects/s")
                                                       : bytes ? "bytes"
                                                               : "objects",
                                                       false),
                            .type = type,
                            .count_type = mt_profile_type(p->profile, strings, types[i].count),
                            .space_type = mt_profile_type(p->profile, strings, types[i].space),
                            .factor = types[i].inuse ? 1 : alloc_factor};
        if (columns[n - 1].count_type == MT_NO_INDEX || columns[n - 1].space_type == MT_NO_INDEX)
            columns[n - 1].count_type = MT_NO_INDEX;
    }
    return n;
}

const struct mt_profile *mt_diff_heap_of(const struct mt_bundle *b, bool last)
{
    const struct mt_profile *best = NULL;
    static const enum mt_profile_kind kinds[] = {MT_PROFILE_HEAP, MT_PROFILE_ALLOCS};
    for (size_t k = 0; k < 2 && !best; k++)
        for (size_t i = 0; i < b->n_profiles[kinds[k]]; i++) {
            const struct mt_profile *p = b->profiles[kinds[k]][i].profile;
            bool better = !best || (best->from_text && !p->from_text) ||
                          (last && best->from_text == p->from_text && p->time_ns != MT_NO_TIME);
            best = better ? p : best;
        }
    return best;
}

bool mt_run_has_rates(const struct mt_diff_run *run)
{
    const struct mt_profile *first = mt_diff_heap_of(run->bundle, false),
                            *last = mt_diff_heap_of(run->bundle, true);
    return first && last && first != last && first->time_ns != MT_NO_TIME &&
           last->time_ns != MT_NO_TIME && last->time_ns - first->time_ns >= MT_SECOND_NS;
}

const struct mt_profile *mt_diff_profile_of(const struct mt_bundle *b, enum mt_profile_kind kind)
{
    const struct mt_profile *last = NULL;
    for (size_t i = 0; i < b->n_profiles[kind]; i++)
        if (!last || last->from_text || !b->profiles[kind][i].profile->from_text)
            last = b->profiles[kind][i].profile;
    return last;
}

static void add_heap(struct pass *p)
{
    const struct mt_profile *first = mt_diff_heap_of(p->from->bundle, false),
                            *last = mt_diff_heap_of(p->from->bundle, true);
    struct column columns[MOST_COLUMNS];
    if (!last)
        return;
    p->heap = true;
    p->paths = &p->m->heap_paths;
    double per_second = 1;
    if (p->m->alloc_rates)
        per_second = 1e9 / (double)(last->time_ns - first->time_ns);
    p->profile = last;
    sum_profile(p, columns, heap_columns(p, columns, true, per_second));
    if (!p->m->alloc_rates)
        return;
    p->profile = first; /* taken off: what had been allocated before */
    sum_profile(p, columns, heap_columns(p, columns, false, -per_second));
}

/* All types of the last profile of a kind, under names of their own. */
static void add_kind(struct pass *p, enum mt_profile_kind kind, const char *prefix, bool exact)
{
    const struct mt_bundle *b = p->from->bundle;
    struct column columns[MOST_COLUMNS];
    const struct mt_profile *last = mt_diff_profile_of(b, kind);
    if (!last)
        return;
    p->profile = last;
    p->heap = false;
    p->paths = exact ? &p->m->goroutine_paths : NULL;
    size_t n = 0;
    for (size_t i = 0; i < last->n_types && n < MOST_COLUMNS; i++) {
        const char *type = mt_string_text(b->strings, last->types[i].type);
        const char *metric =
            exact ? "goroutines" : mt_arena_printf(p->m->arena, "%s%s", prefix, type);
        columns[n++] = (struct column){
            .values = mt_matrix_metric(
                p->m, metric,
                exact ? "goroutines" : mt_string_text(b->strings, last->types[i].unit), exact),
            .type = (uint32_t)i,
            .count_type = MT_NO_INDEX,
            .factor = 1};
        if (exact)
            break;
    }
    sum_profile(p, columns, n);
}

/* -- single numbers ------------------------------------------------------------------------- */

static void add_number(struct mt_matrix *m, size_t run, const char *metric, const char *unit,
                       double value)
{
    if (!isfinite(value))
        return;
    struct mt_metric_values *v = mt_matrix_metric(m, metric, unit, false);
    v->present[run] = true;
    v->entities[0]->value[run] = value;
}

static double median_of(struct mt_arena *arena, const double *values, size_t n)
{
    if (!n)
        return NAN;
    double *copy = MT_NEW_N(arena, double, n);
    memcpy(copy, values, n * sizeof *copy);
    return mt_median(copy, n);
}

static void add_numbers(struct mt_matrix *m, size_t run, const struct mt_diff_run *from)
{
    const struct mt_assessment *a = from->assessment;
    const struct mt_series *rss = mt_bundle_series(from->bundle, MT_M_RSS);
    if (rss)
        add_number(m, run, "rss", "bytes", median_of(m->arena, rss->value, rss->n));
    if (!a)
        return;
    if (a->floor.present) {
        add_number(m, run, "heap_floor", "bytes", median_of(m->arena, a->floor.bytes, a->floor.n));
        if (a->floor.trend.coverage > 0)
            add_number(m, run, "heap_floor_slope", "bytes/s", a->floor.trend.slope);
    }
    if (a->gc.present) {
        add_number(m, run, "gc_cpu", "ratio", a->gc.cpu_share);
        if (a->gc.n_pauses_counted) {
            add_number(m, run, "pause_p50", "ns", (double)a->gc.pause_p50_ns);
            add_number(m, run, "pause_p99", "ns", (double)a->gc.pause_p99_ns);
            add_number(m, run, "pause_max", "ns", (double)a->gc.pause_max_ns);
        }
    }
    if (a->requests.present) {
        add_number(m, run, "request_p50", "ns", (double)a->requests.p50_ns);
        add_number(m, run, "request_p95", "ns", (double)a->requests.p95_ns);
        add_number(m, run, "request_p99", "ns", (double)a->requests.p99_ns);
    }
}

void mt_matrix_add_run(struct mt_matrix *m, size_t run, const struct mt_diff_run *from)
{
    struct pass p = {
        .m = m, .run = run, .from = from, .symbols = mt_symbols_of(m->arena, from->bundle)};
    p.key_hash = MT_NEW_N(m->arena, uint64_t, p.symbols->n + 1);
    add_heap(&p);
    add_kind(&p, MT_PROFILE_GOROUTINE, "", true);
    add_kind(&p, MT_PROFILE_BLOCK, "block_", false);
    add_kind(&p, MT_PROFILE_MUTEX, "mutex_", false);
    add_kind(&p, MT_PROFILE_CPU, "cpu_", false);
    add_kind(&p, MT_PROFILE_OTHER, "", false);
    add_kind(&p, MT_PROFILE_REFERENCES, "", false);
    add_numbers(m, run, from);
}
