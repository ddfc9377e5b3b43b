/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/profile/inspect.h"

#include "parsers/base/hash.h"
#include "parsers/model/merge.h"
#include "parsers/model/prune.h"
#include "parsers/model/top.h"

#include <stdlib.h>

enum { TOP_ROWS = 25 };

static void write_value_type(struct mt_json_out *out, const struct mt_strings *s,
                             struct mt_value_type type)
{
    mt_json_object(out);
    mt_json_kv_span(out, "type", mt_string(s, type.type));
    mt_json_kv_span(out, "unit", mt_string(s, type.unit));
    mt_json_object_end(out);
}

static void write_rows(struct mt_json_out *out, const char *key, const struct mt_top_row *rows,
                       size_t n)
{
    mt_json_key(out, key);
    mt_json_array(out);
    for (size_t i = 0; i < n; i++) {
        mt_json_object(out);
        mt_json_kv_span(out, "function", rows[i].name);
        mt_json_kv_i64(out, "flat", rows[i].flat);
        mt_json_kv_i64(out, "cum", rows[i].cum);
        mt_json_object_end(out);
    }
    mt_json_array_end(out);
}

static void write_top(struct mt_json_out *out, const char *key, const struct mt_strings *s,
                      const struct mt_profile *p, const struct mt_top *tops)
{
    mt_json_key(out, key);
    mt_json_array(out);
    for (size_t t = 0; t < p->n_types; t++) {
        mt_json_object(out);
        mt_json_kv_span(out, "sample_type", mt_string(s, p->types[t].type));
        mt_json_kv_i64(out, "total", tops[t].total);
        mt_json_kv_i64(out, "total_abs", tops[t].total_abs);
        mt_json_kv_u64(out, "functions", tops[t].n_functions);
        write_rows(out, "by_flat", tops[t].by_flat, tops[t].n_rows);
        write_rows(out, "by_cum", tops[t].by_cum, tops[t].n_rows);
        mt_json_object_end(out);
    }
    mt_json_array_end(out);
}

static void write_totals(struct mt_json_out *out, const struct mt_profile *p,
                         const struct mt_top *tops)
{
    mt_json_key(out, "totals");
    mt_json_array(out);
    for (size_t t = 0; t < p->n_types; t++)
        mt_json_i64(out, tops[t].total);
    mt_json_array_end(out);
    mt_json_key(out, "totals_abs");
    mt_json_array(out);
    for (size_t t = 0; t < p->n_types; t++)
        mt_json_i64(out, tops[t].total_abs);
    mt_json_array_end(out);
}

/* ---- labels: per key the number of values and of distinct ones ---- */

struct label_key {
    uint32_t key;
    uint64_t distinct, total;
    struct mt_span *units;
    size_t n_units, cap_units;
};

#define OF_UNIT 0x80000000u /* marks a unit among the values seen */

struct label_value {
    uint32_t key; /* index of the label_key, + 1, maybe OF_UNIT; 0: free slot */
    int64_t value;
};

struct label_count {
    struct mt_arena arena;
    struct label_key *keys;
    size_t n_keys, cap_keys;
    uint32_t *by_string; /* string id -> index + 1 */
    struct label_value *seen;
    size_t n_seen; /* slots, a power of two */
    uint64_t seed;
};

static bool first_sight(struct label_count *c, uint32_t key, int64_t value)
{
    uint64_t hash = mt_hash_word(c->seed, mt_hash_word(c->seed, 0, key), (uint64_t)value);
    for (size_t i = hash & (c->n_seen - 1);; i = (i + 1) & (c->n_seen - 1)) {
        if (!c->seen[i].key) {
            c->seen[i] = (struct label_value){key, value};
            return true;
        }
        if (c->seen[i].key == key && c->seen[i].value == value)
            return false;
    }
}

static void count_labels(struct label_count *c, const struct mt_strings *s,
                         const struct mt_profile *p, bool text)
{
    c->by_string = MT_NEW_N(&c->arena, uint32_t, s->count + 1);
    c->seed = mt_hash_seed();
    for (c->n_seen = 4; c->n_seen < 4 * p->n_labels;)
        c->n_seen *= 2;
    c->seen = MT_NEW_N(&c->arena, struct label_value, c->n_seen);
    for (size_t i = 0; i < p->n_labels; i++) {
        const struct mt_label *l = &p->labels[i];
        if (mt_label_is_text(l) != text)
            continue;
        if (!c->by_string[l->key]) {
            MT_RESERVE(&c->arena, c->keys, c->n_keys, c->cap_keys);
            c->keys[c->n_keys++] = (struct label_key){.key = l->key};
            c->by_string[l->key] = (uint32_t)c->n_keys;
        }
        uint32_t index = c->by_string[l->key];
        struct label_key *key = &c->keys[index - 1];
        key->total++;
        key->distinct += first_sight(c, index, text ? (int64_t)l->text : l->number);
        if (!text && l->unit && first_sight(c, index | OF_UNIT, l->unit)) {
            MT_RESERVE(&c->arena, key->units, key->n_units, key->cap_units);
            key->units[key->n_units++] = mt_string(s, l->unit);
        }
    }
}

static int compare_spans(const void *a, const void *b)
{
    return mt_span_compare(*(const struct mt_span *)a, *(const struct mt_span *)b);
}

static void write_labels(struct mt_json_out *out, const char *name, const struct mt_strings *s,
                         const struct mt_profile *p, bool text)
{
    struct label_count c = {0};
    count_labels(&c, s, p, text);
    mt_json_key(out, name);
    mt_json_object(out);
    for (size_t i = 0; i < c.n_keys; i++) {
        struct label_key *key = &c.keys[i];
        mt_json_key_span(out, mt_string(s, key->key));
        mt_json_object(out);
        mt_json_kv_u64(out, "distinct", key->distinct);
        mt_json_kv_u64(out, "total", key->total);
        if (key->n_units) {
            qsort(key->units, key->n_units, sizeof *key->units, compare_spans);
            mt_json_key(out, "units");
            mt_json_array(out);
            for (size_t u = 0; u < key->n_units; u++)
                mt_json_span(out, key->units[u]);
            mt_json_array_end(out);
        }
        mt_json_object_end(out);
    }
    mt_json_object_end(out);
    mt_arena_clear(&c.arena);
}

static void write_header(const struct mt_strings *s, const struct mt_profile *p,
                         struct mt_json_out *out)
{
    mt_json_kv_text(out, "profile", mt_profile_kind_name(p->kind));
    mt_json_key(out, "sample_types");
    mt_json_array(out);
    for (size_t t = 0; t < p->n_types; t++)
        write_value_type(out, s, p->types[t]);
    mt_json_array_end(out);
    mt_json_kv_span(out, "default_sample_type", mt_string(s, p->default_type));
    mt_json_kv_i64(out, "default_sample_index",
                   p->default_index == MT_NO_INDEX ? -1 : (int64_t)p->default_index);
    mt_json_kv_u64(out, "n_samples", p->n_samples);
    mt_json_kv_u64(out, "n_locations", p->n_locations);
    mt_json_kv_u64(out, "n_functions", p->n_functions);
    mt_json_kv_u64(out, "n_mappings", p->n_mappings);
    mt_json_kv_i64(out, "time_nanos", p->raw_time_ns);
    mt_json_kv_i64(out, "duration_nanos", p->duration_ns);
    mt_json_kv_i64(out, "period", p->period);
    mt_json_key(out, "period_type");
    write_value_type(out, s, p->period_type);
    if (p->drop_frames)
        mt_json_kv_span(out, "drop_frames", mt_string(s, p->drop_frames));
    if (p->keep_frames)
        mt_json_kv_span(out, "keep_frames", mt_string(s, p->keep_frames));
    if (p->doc_url)
        mt_json_kv_span(out, "doc_url", mt_string(s, p->doc_url));
}

static void write_profile(const struct mt_strings *s, const struct mt_profile *p,
                          struct mt_json_out *out)
{
    struct mt_arena scratch = {0};
    bool raw_bytes = out->raw_bytes;
    out->raw_bytes = false; /* names that are not UTF-8 come out as Go's JSON writes them */
    write_header(s, p, out);
    struct mt_profile pruned = mt_profile_pruned(&scratch, s, p);
    struct mt_top *tops = mt_profile_top(&scratch, s, &pruned, TOP_ROWS);
    write_totals(out, p, tops);
    write_top(out, "top", s, p, tops);
    if (p->drop_frames)
        write_top(out, "top_unpruned", s, p, mt_profile_top(&scratch, s, p, TOP_ROWS));
    write_labels(out, "labels", s, p, true);
    write_labels(out, "num_labels", s, p, false);
    mt_json_key(out, "comments");
    mt_json_array(out);
    for (size_t i = 0; i < p->n_comments; i++)
        mt_json_span(out, mt_string(s, p->comments[i]));
    mt_json_array_end(out);
    out->raw_bytes = raw_bytes;
    mt_arena_clear(&scratch);
}

void mt_profile_inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    if (!c->n_profiles)
        return;
    mt_json_kv_text(out, "schema", "memtriage.oracle.pprof/1");
    if (c->n_profiles > 1)
        mt_json_kv_u64(out, "profiles", c->n_profiles);
    write_profile(c->strings, &c->profiles[0], out);
}

void mt_profile_inspect_difference(const struct mt_profile *file,
                                   const struct mt_strings *file_strings,
                                   const struct mt_profile *base,
                                   const struct mt_strings *base_strings, struct mt_text *out)
{
    struct mt_arena arena = {0};
    struct mt_strings strings;
    struct mt_profile difference;
    struct mt_err err = {0};
    struct mt_json_out json;
    int64_t *base_totals_abs;
    mt_strings_init(&strings, &arena);
    struct mt_profile f = mt_profile_translate(&arena, file, file_strings, &strings);
    struct mt_profile b = mt_profile_translate(&arena, base, base_strings, &strings);
    bool good = mt_profile_subtract(&arena, &strings, &f, &b, &difference, &base_totals_abs, &err);
    mt_json_begin(&json, out);
    mt_json_object(&json);
    mt_json_kv_text(&json, "schema", "memtriage.oracle.pprofdiff/1");
    mt_json_kv_bool(&json, "error", !good);
    if (good) {
        write_profile(&strings, &difference, &json);
        mt_json_key(&json, "base_totals_abs");
        mt_json_array(&json);
        for (size_t t = 0; t < difference.n_types; t++)
            mt_json_i64(&json, base_totals_abs[t]);
        mt_json_array_end(&json);
    } else {
        mt_json_kv_text(&json, "message", err.what);
    }
    mt_json_object_end(&json);
    mt_arena_clear(&arena);
}
