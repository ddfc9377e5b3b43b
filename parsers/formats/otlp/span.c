/* SPDX-License-Identifier: Apache-2.0 */
#include "parsers/formats/otlp/span.h"

#include "parsers/base/hash.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[MT_SPAN_KINDS] = {"",       "internal", "server",
                                                      "client", "producer", "consumer"};

struct mt_otlp_detail *mt_otlp_begin(struct mt_capture *c)
{
    struct mt_otlp_detail *detail = MT_NEW(c->arena, struct mt_otlp_detail);
    for (size_t i = 0; i < MT_SPAN_KINDS; i++)
        detail->kinds[i] = mt_intern_text(c->strings, kind_names[i]);
    c->detail = detail;
    return detail;
}

void mt_otlp_add(struct mt_capture *c, const struct mt_otlp_span *span, uint32_t service)
{
    struct mt_otlp_detail *detail = c->detail;
    if (!span->start_ns || span->end_ns < span->start_ns || span->end_ns > INT64_MAX) {
        detail->no_time++;
        c->skipped++;
        return;
    }
    struct mt_request *r = mt_capture_add_request(c);
    r->name = span->name;
    r->kind = detail->kinds[span->kind];
    r->service = service;
    memcpy(r->trace_id, span->trace_id, sizeof r->trace_id);
    memcpy(r->span_id, span->span_id, sizeof r->span_id);
    memcpy(r->parent_id, span->parent_id, sizeof r->parent_id);
    r->start_ns = (int64_t)span->start_ns;
    r->duration_ns = (int64_t)(span->end_ns - span->start_ns);
    r->http_status = span->http_status;
    r->failed = span->error || span->http_status >= 500;
    c->records++;
}

void mt_otlp_name_service(struct mt_capture *c, size_t first, uint32_t service)
{
    for (size_t i = first; i < c->n_requests; i++)
        c->requests[i].service = service;
}

static uint64_t id_of(const uint8_t bytes[8])
{
    uint64_t id;
    memcpy(&id, bytes, 8);
    return id;
}

/* Span ids; 0: a free slot. */
struct span_ids {
    uint64_t *slots;
    size_t n_slots; /* a power of two */
    uint64_t seed;
};

static uint64_t *slot_of(const struct span_ids *ids, uint64_t id)
{
    size_t i = (size_t)mt_hash_word(ids->seed, 0, id) & (ids->n_slots - 1);
    while (ids->slots[i] && ids->slots[i] != id)
        i = (i + 1) & (ids->n_slots - 1);
    return &ids->slots[i];
}

void mt_otlp_end(struct mt_capture *c)
{
    struct mt_arena scratch = {0};
    struct span_ids ids = {.n_slots = 64, .seed = mt_hash_seed()};
    while (ids.n_slots < c->n_requests * 2)
        ids.n_slots *= 2;
    ids.slots = MT_NEW_N(&scratch, uint64_t, ids.n_slots);
    for (size_t i = 0; i < c->n_requests; i++) {
        uint64_t id = id_of(c->requests[i].span_id);
        if (id)
            *slot_of(&ids, id) = id;
    }
    uint32_t server = ((const struct mt_otlp_detail *)c->detail)->kinds[MT_SPAN_KIND_SERVER];
    for (size_t i = 0; i < c->n_requests; i++) {
        struct mt_request *r = &c->requests[i];
        uint64_t parent = id_of(r->parent_id);
        r->root = r->kind == server || !parent || !*slot_of(&ids, parent);
    }
    mt_arena_clear(&scratch);
}

/* Value of a hex digit plus one; 0: none. Ids are a tenth of a file's bytes. */
static const uint8_t hex_digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

/* RFC 4648, both alphabets. */
static int base64_digit(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static bool from_base64(struct mt_span text, uint8_t *id, size_t size)
{
    while (text.size && text.data[text.size - 1] == '=')
        text.size--;
    if (text.size != (size * 8 + 5) / 6)
        return false;
    uint32_t bits = 0;
    unsigned n_bits = 0;
    size_t at = 0;
    for (size_t i = 0; i < text.size; i++) {
        int digit = base64_digit(text.data[i]);
        if (digit < 0)
            return false;
        bits = (bits << 6 | (uint32_t)digit) & 0xffff;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            id[at++] = (uint8_t)(bits >> n_bits);
        }
    }
    return at == size;
}

bool mt_otlp_id(struct mt_span text, uint8_t *id, size_t size)
{
    if (text.size != 2 * size)
        return from_base64(text, id, size);
    for (size_t i = 0; i < size; i++) {
        unsigned high = hex_digits[text.data[2 * i]], low = hex_digits[text.data[2 * i + 1]];
        if (!high || !low)
            return false;
        id[i] = (uint8_t)((high - 1) << 4 | (low - 1));
    }
    return true;
}

enum mt_span_kind mt_otlp_kind(struct mt_span text)
{
    uint64_t number;
    if (mt_span_u64(text, &number))
        return number < MT_SPAN_KINDS ? (enum mt_span_kind)number : MT_SPAN_KIND_NONE;
    mt_span_take(&text, "SPAN_KIND_");
    for (size_t i = 1; i < MT_SPAN_KINDS; i++)
        if (mt_span_is_nocase(text, kind_names[i]))
            return (enum mt_span_kind)i;
    return MT_SPAN_KIND_NONE;
}

bool mt_otlp_is_status_key(struct mt_span key)
{
    return mt_span_is(key, "http.response.status_code") || mt_span_is(key, "http.status_code");
}

int32_t mt_otlp_status(int64_t value)
{
    return value >= 100 && value <= 999 ? (int32_t)value : 0;
}

/* ---- inspect ---- */

struct named_count {
    struct mt_span name;
    uint64_t n;
};

static int most_first(const void *left, const void *right)
{
    const struct named_count *a = left, *b = right;
    if (a->n != b->n)
        return a->n < b->n ? 1 : -1;
    return mt_span_compare(a->name, b->name);
}

enum { MOST_NAMES = 50 };

/* {"name": count}, the commonest first; `which` picks the string of a request. */
static void write_counts(const struct mt_capture *c, const char *key,
                         uint32_t (*which)(const struct mt_request *), struct mt_json_out *out)
{
    struct mt_arena scratch = {0};
    struct named_count *counts = MT_NEW_N(&scratch, struct named_count, c->strings->count);
    for (size_t i = 0; i < c->n_requests; i++) {
        uint32_t id = which(&c->requests[i]);
        counts[id].name = mt_string(c->strings, id);
        counts[id].n++;
    }
    qsort(counts, c->strings->count, sizeof *counts, most_first);
    mt_json_key(out, key);
    mt_json_object(out);
    for (size_t i = 0; i < c->strings->count && i < MOST_NAMES && counts[i].n; i++) {
        mt_json_key_span(out, counts[i].name);
        mt_json_u64(out, counts[i].n);
    }
    mt_json_object_end(out);
    mt_arena_clear(&scratch);
}

static uint32_t service_of(const struct mt_request *r)
{
    return r->service;
}

static uint32_t kind_of(const struct mt_request *r)
{
    return r->kind;
}

static uint32_t name_of(const struct mt_request *r)
{
    return r->name;
}

static void write_statuses(const struct mt_capture *c, struct mt_json_out *out)
{
    uint64_t counts[1000] = {0};
    for (size_t i = 0; i < c->n_requests; i++)
        counts[c->requests[i].http_status]++;
    mt_json_key(out, "http_status");
    mt_json_object(out);
    for (size_t i = 1; i < 1000; i++) {
        char name[4] = {(char)('0' + i / 100), (char)('0' + i / 10 % 10), (char)('0' + i % 10)};
        if (counts[i])
            mt_json_kv_u64(out, name, counts[i]);
    }
    mt_json_object_end(out);
}

void mt_otlp_inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    const struct mt_otlp_detail *detail = c->detail;
    uint64_t roots = 0, failed = 0;
    int64_t first_ns = INT64_MAX, last_ns = 0, longest_ns = 0;
    for (size_t i = 0; i < c->n_requests; i++) {
        const struct mt_request *r = &c->requests[i];
        roots += r->root;
        failed += r->failed;
        if (r->start_ns < first_ns)
            first_ns = r->start_ns;
        if (r->start_ns + r->duration_ns > last_ns)
            last_ns = r->start_ns + r->duration_ns;
        if (r->duration_ns > longest_ns)
            longest_ns = r->duration_ns;
    }
    mt_json_kv_u64(out, "documents", detail ? detail->documents : 0);
    mt_json_kv_u64(out, "spans", c->n_requests);
    mt_json_kv_u64(out, "roots", roots);
    mt_json_kv_u64(out, "failed", failed);
    if (c->n_requests) {
        mt_json_kv_i64(out, "first_start_ns", first_ns);
        mt_json_kv_i64(out, "last_end_ns", last_ns);
        mt_json_kv_i64(out, "longest_ns", longest_ns);
    }
    write_counts(c, "services", service_of, out);
    write_counts(c, "kinds", kind_of, out);
    write_counts(c, "names", name_of, out);
    write_statuses(c, out);
    mt_json_kv_u64(out, "no_time", detail ? detail->no_time : 0);
}
