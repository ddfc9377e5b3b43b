/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All sample types are summed in one pass over the stacks: each location is turned into the rows of
 * its frames once, and a stamp per row keeps a recurring function from being counted twice.
 */
#include "parsers/model/top.h"

#include "parsers/base/hash.h"

#include <stdlib.h>
#include <string.h>

enum { TYPES_AT_ONCE = 4 }; /* keeps the sums of an absurd number of types within bounds */

struct rows {
    struct mt_arena *scratch, *result; /* names made up here outlive the table */
    size_t count, capacity;
    struct mt_span *names;
    uint32_t *files;      /* of rows without a function name: the mapping's file ... */
    int64_t *start_lines; /* ... and the function's first line; together their key */
    uint32_t *by_name;    /* string id -> row + 1 */
    uint32_t *unnamed;    /* hash of file and start line -> row + 1 */
    size_t n_unnamed;     /* slots, a power of two */
    uint64_t seed;
};

/* Two's complement, and the least value stays what it is: so it sorts last, as in pprof. */
static int64_t wrapping_abs(int64_t v)
{
    return v < 0 ? (int64_t)(0 - (uint64_t)v) : v;
}

static int64_t wrapping_add(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static uint32_t add_row(struct rows *rows, struct mt_span name)
{
    if (rows->count == rows->capacity) {
        size_t more = rows->capacity ? rows->capacity * 2 : 64;
        struct mt_arena *a = rows->scratch;
        rows->names = mt_arena_grow(a, rows->names, rows->count, more, sizeof *rows->names);
        rows->files = mt_arena_grow(a, rows->files, rows->count, more, sizeof *rows->files);
        rows->start_lines =
            mt_arena_grow(a, rows->start_lines, rows->count, more, sizeof *rows->start_lines);
        rows->capacity = more;
    }
    rows->names[rows->count] = name;
    return (uint32_t)rows->count++;
}

/* What stands in for a function name: the last part of the mapping's path. */
static struct mt_span mapping_name(struct mt_arena *a, struct mt_span file)
{
    if (!file.size)
        return MT_SPAN("<unknown>");
    while (file.size > 1 && file.data[file.size - 1] == '/')
        file.size--;
    size_t slash = mt_span_find_last_byte(file, '/');
    if (slash != MT_NPOS && file.size > 1)
        file = mt_span_from(file, slash + 1);
    char *name = mt_arena_take(a, file.size + 3, 1);
    name[0] = '[';
    memcpy(name + 1, file.data, file.size);
    name[file.size + 1] = ']';
    return (struct mt_span){(const unsigned char *)name, file.size + 2};
}

static uint32_t unnamed_row(struct rows *rows, struct mt_span file, uint32_t file_id,
                            int64_t start_line)
{
    uint64_t hash =
        mt_hash_word(rows->seed, mt_hash_word(rows->seed, 0, file_id), (uint64_t)start_line);
    for (size_t i = hash & (rows->n_unnamed - 1);; i = (i + 1) & (rows->n_unnamed - 1)) {
        uint32_t row = rows->unnamed[i] - 1;
        if (!rows->unnamed[i]) {
            row = add_row(rows, mapping_name(rows->result, file));
            rows->files[row] = file_id;
            rows->start_lines[row] = start_line;
            rows->unnamed[i] = row + 1;
            return row;
        }
        if (rows->files[row] == file_id && rows->start_lines[row] == start_line)
            return row;
    }
}

static uint32_t row_of(struct rows *rows, const struct mt_strings *s, const struct mt_profile *p,
                       const struct mt_location *l, uint32_t function)
{
    const struct mt_function *f = function == MT_NO_INDEX ? NULL : &p->functions[function];
    if (!f || !f->name) {
        uint32_t file = l->mapping == MT_NO_INDEX ? 0 : p->mappings[l->mapping].file;
        return unnamed_row(rows, mt_string(s, file), file, f ? f->start_line : 0);
    }
    if (!rows->by_name[f->name])
        rows->by_name[f->name] = add_row(rows, mt_string(s, f->name)) + 1;
    return rows->by_name[f->name] - 1;
}

/* Location -> rows of its frames: row[first[l]] to row[first[l + 1] - 1], innermost first. */
struct frame_rows {
    uint32_t *first, *row;
};

static struct frame_rows map_locations(struct rows *rows, const struct mt_strings *s,
                                       const struct mt_profile *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_locations; i++)
        n += p->locations[i].n_lines ? p->locations[i].n_lines : 1;
    struct frame_rows map = {MT_NEW_N(rows->scratch, uint32_t, p->n_locations + 1),
                             MT_NEW_N(rows->scratch, uint32_t, n + 1)};
    for (rows->n_unnamed = 2; rows->n_unnamed < 2 * n;)
        rows->n_unnamed *= 2;
    rows->unnamed = MT_NEW_N(rows->scratch, uint32_t, rows->n_unnamed);
    rows->by_name = MT_NEW_N(rows->scratch, uint32_t, s->count + 1);
    uint32_t used = 0;
    for (size_t i = 0; i < p->n_locations; i++) {
        const struct mt_location *l = &p->locations[i];
        map.first[i] = used;
        if (!l->n_lines)
            map.row[used++] = row_of(rows, s, p, l, MT_NO_INDEX);
        for (uint32_t j = 0; j < l->n_lines; j++)
            map.row[used++] = row_of(rows, s, p, l, p->lines[l->first_line + j].function);
    }
    map.first[p->n_locations] = used;
    return map;
}

static void add_values(int64_t *sums, const int64_t *values, size_t n_types)
{
    for (size_t t = 0; t < n_types; t++)
        sums[t] = wrapping_add(sums[t], values[t]);
}

/* Types first_type to first_type + n; flat and cum hold n values a row. */
static void sum_samples(const struct mt_profile *p, struct frame_rows map, size_t first_type,
                        size_t n, uint32_t *stamps, int64_t *flat, int64_t *cum)
{
    for (size_t i = 0; i < p->n_samples; i++) {
        const int64_t *values = p->values + i * p->n_types + first_type;
        const uint32_t *frames = p->frames + p->samples[i].first_frame;
        uint32_t n_frames = p->samples[i].n_frames, stamp = (uint32_t)i + 1;
        int64_t any = 0;
        for (size_t t = 0; t < n; t++)
            any |= values[t];
        if (!any || !n_frames)
            continue;
        add_values(flat + map.row[map.first[frames[0]]] * n, values, n);
        for (uint32_t f = 0; f < n_frames; f++)
            for (uint32_t r = map.first[frames[f]]; r < map.first[frames[f] + 1]; r++) {
                uint32_t row = map.row[r];
                if (stamps[row] == stamp)
                    continue;
                stamps[row] = stamp;
                add_values(cum + row * n, values, n);
            }
    }
}

typedef int row_order(const void *, const void *);

static int larger_first(int64_t x, int64_t y)
{
    x = wrapping_abs(x);
    y = wrapping_abs(y);
    return x > y ? -1 : x < y;
}

static int compare_flat(const void *pa, const void *pb)
{
    const struct mt_top_row *x = pa, *y = pb;
    int order = larger_first(x->flat, y->flat);
    if (!order)
        order = mt_span_compare(x->name, y->name);
    return order ? order : larger_first(x->cum, y->cum);
}

static int compare_cum(const void *pa, const void *pb)
{
    const struct mt_top_row *x = pa, *y = pb;
    int order = larger_first(x->cum, y->cum);
    if (!order)
        order = mt_span_compare(x->name, y->name);
    return order ? order : larger_first(x->flat, y->flat);
}

/* The first `limit` rows in order; a short list is kept sorted while the rows go by. */
static struct mt_top_row *best(struct mt_arena *a, const struct mt_top_row *rows, size_t n,
                               size_t limit, row_order *compare)
{
    struct mt_top_row *out = MT_NEW_N(a, struct mt_top_row, limit + 1);
    if (limit == n) {
        if (n)
            memcpy(out, rows, n * sizeof *rows);
        qsort(out, n, sizeof *out, compare);
        return out;
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == limit && compare(&rows[i], &out[kept - 1]) >= 0)
            continue;
        size_t at = kept < limit ? kept++ : kept - 1;
        for (; at > 0 && compare(&rows[i], &out[at - 1]) < 0; at--)
            out[at] = out[at - 1];
        out[at] = rows[i];
    }
    return out;
}

static void fill(struct mt_arena *a, const struct rows *rows, const int64_t *flat,
                 const int64_t *cum, size_t n_types, size_t limit, struct mt_top *top)
{
    struct mt_top_row *all = MT_NEW_N(a, struct mt_top_row, rows->count + 1);
    size_t n = 0;
    for (size_t r = 0; r < rows->count; r++)
        if (flat[r * n_types] || cum[r * n_types])
            all[n++] = (struct mt_top_row){rows->names[r], flat[r * n_types], cum[r * n_types]};
    top->n_functions = n;
    top->n_rows = limit && limit < n ? limit : n;
    top->by_flat = best(a, all, n, top->n_rows, compare_flat);
    top->by_cum = best(a, all, n, top->n_rows, compare_cum);
}

static void sum_totals(const struct mt_profile *p, struct mt_top *tops)
{
    for (size_t i = 0; i < p->n_samples; i++)
        for (size_t t = 0; t < p->n_types; t++) {
            int64_t value = p->values[i * p->n_types + t];
            tops[t].total = wrapping_add(tops[t].total, value);
            tops[t].total_abs = wrapping_add(tops[t].total_abs, wrapping_abs(value));
        }
}

struct mt_top *mt_profile_top(struct mt_arena *a, const struct mt_strings *s,
                              const struct mt_profile *p, size_t limit)
{
    struct mt_top *tops = MT_NEW_N(a, struct mt_top, p->n_types + 1);
    sum_totals(p, tops);
    struct mt_arena scratch = {0};
    struct rows rows = {.scratch = &scratch, .result = a, .seed = mt_hash_seed()};
    struct frame_rows map = map_locations(&rows, s, p);
    for (size_t first = 0; first < p->n_types; first += TYPES_AT_ONCE) {
        size_t n = p->n_types - first < TYPES_AT_ONCE ? p->n_types - first : TYPES_AT_ONCE;
        struct mt_arena sums = {0};
        uint32_t *stamps = MT_NEW_N(&sums, uint32_t, rows.count + 1);
        int64_t *flat = MT_NEW_N(&sums, int64_t, rows.count * n + 1);
        int64_t *cum = MT_NEW_N(&sums, int64_t, rows.count * n + 1);
        sum_samples(p, map, first, n, stamps, flat, cum);
        for (size_t t = 0; t < n; t++)
            fill(a, &rows, flat + t, cum + t, n, limit, &tops[first + t]);
        mt_arena_clear(&sums);
    }
    mt_arena_clear(&scratch);
    return tops;
}
