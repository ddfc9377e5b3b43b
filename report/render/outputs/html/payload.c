/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The payload behind </main>: facts as JSON, everything of size as columns of varints in base64,
 * deflated where that saves much. templates/script/payload.js decodes it; the order here is its
 * order there.
 */
#include "report/render/outputs/html/part.h"

#include "parsers/base/jsonout.h"
#include "report/render/deflate.h"
#include "report/view/payload.h"
#include "report/view/printable.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT = 1, WORTH_DEFLATING = 64 << 10 };

/* --- varints --- */

static void put(struct mt_text *out, uint64_t v)
{
    while (v >= 0x80) {
        mt_text_byte(out, (char)((v & 0x7f) | 0x80));
        v >>= 7;
    }
    mt_text_byte(out, (char)v);
}

static void put_signed(struct mt_text *out, int64_t v)
{
    put(out, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

/* Whole numbers below 2^53, which a script holds exactly. */
static uint64_t whole(double v)
{
    return v > 0 && v < 9007199254740992.0 ? (uint64_t)(v + 0.5) : 0;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* --- names --- */

struct name {
    struct mt_span text;
    uint32_t id; /* of the bundle's strings */
};

struct names {
    struct name *items; /* by bytes */
    size_t n;
    uint32_t *index; /* by string id: place + 1 */
};

static int by_text(const void *a, const void *b)
{
    return mt_span_compare(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static struct names names_of(struct mt_html *h, const struct mt_payload *p)
{
    const struct mt_strings *strings = mt_view_strings(h->view);
    struct names out = {NULL, 0, MT_NEW_N(h->arena, uint32_t, strings->count + 1)};
    size_t capacity = 0;
    for (size_t t = 0; t < p->n_trees; t++)
        for (size_t i = 1; i < p->trees[t].tree->n; i++) {
            uint32_t id = p->trees[t].tree->nodes[i].function;
            if (p->trees[t].folded[i] || out.index[id])
                continue;
            out.index[id] = 1;
            MT_RESERVE(h->arena, out.items, out.n, capacity);
            out.items[out.n++] = (struct name){mt_string(strings, id), id};
        }
    if (out.n)
        qsort(out.items, out.n, sizeof *out.items, by_text);
    for (size_t i = 0; i < out.n; i++)
        out.index[out.items[i].id] = (uint32_t)i + 1;
    return out;
}

/* Each name as what it shares with the one before, and the rest. */
static void put_names(struct mt_text *out, const struct names *names)
{
    struct mt_span before = {0};
    put(out, names->n);
    for (size_t i = 0; i < names->n; i++) {
        struct mt_span text = names->items[i].text;
        size_t shared = 0;
        while (shared < text.size && shared < before.size &&
               text.data[shared] == before.data[shared])
            shared++;
        put(out, shared);
        put(out, text.size - shared);
        mt_text_bytes(out, text.data + shared, text.size - shared);
        before = text;
    }
}

static void put_functions(struct mt_html *h, struct mt_text *out, const struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        put(out, names->items[i].id);
    for (size_t i = 0; i < names->n; i++)
        put(out, mt_view_origin(h->view, names->items[i].id));
}

/* --- trees --- */

/* Nodes that are not folded get new numbers; a folded run becomes one "(other)" child (function 0)
 * of the node it hangs on. */
struct kept {
    uint32_t *number; /* by node */
    struct mt_text depths, functions;
    size_t n;
};

static struct kept keep_nodes(struct mt_html *h, const struct mt_payload_tree *t,
                              const struct names *names)
{
    const struct mt_node *nodes = t->tree->nodes;
    struct kept k = {.number = MT_NEW_N(h->arena, uint32_t, t->tree->n)};
    uint32_t *other = MT_NEW_N(h->arena, uint32_t, t->tree->n); /* number of a node's "(other)" */
    uint32_t depth = 0;
    k.n = 1; /* the root is not written */
    for (uint32_t i = 1; i < t->tree->n; i++) {
        const struct mt_node *n = &nodes[i];
        if (t->folded[i] && t->folded[n->parent]) {
            k.number[i] = k.number[n->parent];
            continue;
        }
        if (t->folded[i] && other[n->parent]) {
            k.number[i] = other[n->parent];
            continue;
        }
        put_signed(&k.depths, (int64_t)n->depth - (int64_t)depth);
        put(&k.functions, t->folded[i] ? 0 : names->index[n->function]);
        depth = n->depth;
        k.number[i] = (uint32_t)k.n;
        if (t->folded[i])
            other[n->parent] = (uint32_t)k.n;
        k.n++;
    }
    return k;
}

static void put_values(struct mt_html *h, struct mt_text *out, const struct mt_payload_tree *t,
                       const struct kept *k, size_t metric)
{
    uint64_t unit = 0;
    uint64_t *sums = MT_NEW_N(h->arena, uint64_t, k->n);
    for (size_t s = 0; s < t->n_shots; s++)
        for (size_t i = 0; i < t->values[s].n; i++)
            unit = common_divisor(unit,
                                  whole(metric ? t->values[s].objects[i] : t->values[s].value[i]));
    unit = unit ? unit : 1;
    put(out, unit);
    for (size_t s = 0; s < t->n_shots; s++) {
        const struct mt_tree_values *v = &t->values[s];
        size_t n = 0, last = 0;
        for (size_t i = 0; i < v->n; i++)
            sums[k->number[v->node[i]]] += whole(metric ? v->objects[i] : v->value[i]) / unit;
        for (size_t i = 0; i < k->n; i++)
            n += sums[i] != 0;
        put(out, n);
        for (size_t i = 0; i < k->n; i++)
            if (sums[i]) {
                put(out, i - last);
                last = i;
            }
        for (size_t i = 0; i < k->n; i++)
            if (sums[i]) {
                put(out, sums[i]);
                sums[i] = 0;
            }
    }
}

/* Nodes whose change is noise, by the distance from one to the next. */
static void put_noise(struct mt_html *h, struct mt_text *out, const struct mt_payload_tree *t,
                      const struct kept *k)
{
    uint32_t *list = MT_NEW_N(h->arena, uint32_t, t->tree->n);
    size_t n = 0, last = 0;
    for (size_t i = 0; i < t->tree->n; i++)
        if (t->noise[i] && !t->folded[i])
            list[n++] = k->number[i];
    put(out, n);
    for (size_t i = 0; i < n; i++) {
        put(out, list[i] - last);
        last = list[i];
    }
}

static void put_tree(struct mt_html *h, struct mt_text *out, const struct mt_payload_tree *t,
                     const struct names *names)
{
    struct kept k = keep_nodes(h, t, names);
    put(out, k.n);
    mt_text_bytes(out, k.depths.data, k.depths.size);
    mt_text_bytes(out, k.functions.data, k.functions.size);
    for (size_t m = 0; m < t->n_metrics; m++)
        put_values(h, out, t, &k, m);
    if (t->noise)
        put_noise(h, out, t, &k);
    mt_text_clear(&k.depths);
    mt_text_clear(&k.functions);
}

/* --- series --- */

static int64_t microseconds(int64_t time_ns, int64_t start_ns)
{
    return (time_ns - start_ns) / 1000;
}

static void put_series(struct mt_text *out, const struct mt_payload_series *s, int64_t start_ns)
{
    put(out, s->points.n);
    int64_t before = 0;
    for (size_t i = 0; i < s->points.n; i++) {
        int64_t at = microseconds(s->points.time_ns[i], start_ns);
        put_signed(out, at - before);
        before = at;
    }
    before = 0;
    for (size_t i = 0; i < s->points.n; i++) {
        double v = s->points.value[i] * s->scale;
        int64_t value = isfinite(v) && fabs(v) < 9e15 ? (int64_t)round(v) : 0;
        put_signed(out, value - before);
        before = value;
    }
}

static void put_marks(struct mt_text *out, const struct mt_lane_mark *marks, size_t n,
                      int64_t start_ns)
{
    put(out, n);
    int64_t before = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t at = microseconds(marks[i].time_ns, start_ns);
        put_signed(out, at - before);
        before = at;
    }
    for (size_t i = 0; i < n; i++)
        put(out, (uint64_t)(marks[i].duration_ns > 0 ? marks[i].duration_ns / 1000 : 0));
}

static void put_columns(struct mt_html *h, struct mt_text *out, const struct mt_payload *p)
{
    struct names names = names_of(h, p);
    put(out, FORMAT);
    put_names(out, &names);
    put_functions(h, out, &names);
    for (size_t i = 0; i < p->n_trees; i++)
        put_tree(h, out, &p->trees[i], &names);
    for (size_t i = 0; i < p->n_series; i++)
        put_series(out, &p->series[i], p->start_ns);
    const struct mt_lanes *l = h->page->lanes;
    put_marks(out, l ? l->cycles : NULL, l ? l->n_cycles : 0, p->start_ns);
    put_marks(out, l ? l->stops : NULL, l ? l->n_stops : 0, p->start_ns);
}

/* --- facts --- */

static void tree_facts(struct mt_html *h, struct mt_json_out *j, const struct mt_payload *p)
{
    mt_json_key(j, "trees");
    mt_json_array(j);
    for (size_t i = 0; i < p->n_trees; i++) {
        const struct mt_payload_tree *t = &p->trees[i];
        mt_json_object(j);
        mt_json_kv_text(j, "name", t->name);
        mt_json_key(j, "metrics");
        mt_json_array(j);
        for (size_t m = 0; m < t->n_metrics; m++)
            mt_json_text(j, mt_printable(h->arena, t->metrics[m]));
        mt_json_array_end(j);
        mt_json_kv_bool(j, "bytes", t->bytes);
        if (t->by_label)
            mt_json_kv_bool(j, "labels", true);
        mt_json_kv_f64(j, "period", t->period);
        mt_json_kv_u64(j, "folded", t->n_folded);
        if (t->noise)
            mt_json_kv_bool(j, "noise", true);
        mt_json_key(j, "times");
        mt_json_array(j);
        for (size_t s = 0; s < t->n_shots; s++)
            mt_json_f64(j, p->start_ns == MT_NO_TIME || t->time_ns[s] == MT_NO_TIME
                               ? (double)s
                               : (double)microseconds(t->time_ns[s], p->start_ns) / 1e6);
        mt_json_array_end(j);
        mt_json_object_end(j);
    }
    mt_json_array_end(j);
}

static void facts(struct mt_html *h, struct mt_text *out, const struct mt_payload *p)
{
    struct mt_json_out j;
    mt_json_begin(&j, out);
    mt_json_object(&j);
    mt_json_kv_u64(&j, "version", FORMAT);
    if (p->start_ns != MT_NO_TIME) {
        mt_json_kv_f64(&j, "start_ms", floor((double)p->start_ns / 1e6));
        mt_json_kv_f64(&j, "seconds", (double)(p->end_ns - p->start_ns) / 1e9);
    }
    if (p->sides[0]) {
        mt_json_key(&j, "sides");
        mt_json_array(&j);
        mt_json_text(&j, mt_printable(h->arena, p->sides[0]));
        mt_json_text(&j, mt_printable(h->arena, p->sides[1]));
        mt_json_array_end(&j);
        mt_json_kv_u64(&j, "first", p->first);
    }
    tree_facts(h, &j, p);
    mt_json_key(&j, "series");
    mt_json_array(&j);
    for (size_t i = 0; i < p->n_series; i++) {
        mt_json_object(&j);
        mt_json_kv_text(&j, "name", p->series[i].name);
        mt_json_kv_text(&j, "unit", p->series[i].unit);
        mt_json_kv_f64(&j, "scale", p->series[i].scale);
        mt_json_kv_u64(&j, "of", p->series[i].points.of);
        mt_json_object_end(&j);
    }
    mt_json_array_end(&j);
    mt_json_key(&j, "suspects");
    mt_json_array(&j);
    for (size_t i = 0; i < h->page->n_suspects; i++)
        mt_json_u64(&j, h->page->suspects[i].function);
    mt_json_array_end(&j);
    mt_json_object_end(&j);
}

/* Inside <script> nothing is unescaped, so what could end it is written as JSON escapes. */
static void escaped(struct mt_text *out, struct mt_span json)
{
    for (size_t i = 0; i < json.size; i++)
        if (strchr("<>&", json.data[i]) && json.data[i])
            mt_text_printf(out, "\\u%04x", (unsigned)json.data[i]);
        else
            mt_text_byte(out, (char)json.data[i]);
}

static void base64(struct mt_text *out, struct mt_span bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.size; i += 3) {
        size_t left = bytes.size - i;
        uint32_t bits = (uint32_t)bytes.data[i] << 16;
        bits |= left > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
        bits |= left > 2 ? (uint32_t)bytes.data[i + 2] : 0;
        char group[4] = {digits[bits >> 18 & 63], digits[bits >> 12 & 63],
                         left > 1 ? digits[bits >> 6 & 63] : '=',
                         left > 2 ? digits[bits & 63] : '='};
        mt_text_bytes(out, group, 4);
    }
}

static void script(struct mt_html *h, const char *type, const char *id)
{
    mt_xml_begin(h->x, "script");
    mt_xml_attr(h->x, "type", type);
    mt_xml_attr(h->x, "id", id);
}

void mt_html_payload(struct mt_html *h)
{
    struct mt_text json = {0}, safe = {0}, columns = {0}, packed = {0}, text = {0};
    struct mt_payload *p = mt_payload_of(h->arena, h->view, h->limits);
    facts(h, &json, p);
    escaped(&safe, mt_text_view(&json));
    script(h, "application/json", "mt-meta");
    mt_xml_raw_text(h->x, mt_text_view(&safe));
    mt_xml_end(h->x);
    mt_xml_newline(h->x);

    put_columns(h, &columns, p);
    mt_deflate(mt_text_view(&columns), &packed);
    bool deflated = packed.size + WORTH_DEFLATING * 3 / 4 <= columns.size;
    base64(&text, mt_text_view(deflated ? &packed : &columns));
    script(h, "text/plain", "mt-cols");
    mt_xml_attr(h->x, "data-enc", deflated ? "z" : "p");
    mt_xml_attr_u64(h->x, "data-raw", columns.size);
    mt_xml_attr_u64(h->x, "data-sum", mt_checksum(mt_text_view(&columns)));
    mt_xml_raw_text(h->x, mt_text_view(&text));
    mt_xml_end(h->x);
    h->payload = safe.size + text.size;
    struct mt_text *all[] = {&json, &safe, &columns, &packed, &text};
    for (size_t i = 0; i < 5; i++)
        mt_text_clear(all[i]);
}
