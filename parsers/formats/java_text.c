/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Heap and contention profiles of the Java agent:
 *
 *     --- heapz 1 ---
 *     format = java
 *     resolution = bytes
 *           7048     1 @ 0x00000003 0x00000004
 *       0x00000003 com.example.Cache.put (Cache.java:41)
 */
#include "parsers/formats/profile/inspect.h"
#include "parsers/formats/profile/java.h"
#include "parsers/formats/reader.h"

enum { SAMPLING_RATE = 512 << 10 }; /* of the agent's heap profiles, bytes */

struct reading {
    struct mt_profile_text text;
    struct mt_stacks stacks;
    bool heap;
};

static bool is_word(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ' ';
}

/* The leftmost "name=value" of letters, digits and blanks. */
static bool find_attribute(struct mt_span line, struct mt_span *key, struct mt_span *value)
{
    for (size_t at = 0; at < line.size; at++) {
        size_t from = at, to = at + 1;
        if (line.data[at] != '=')
            continue;
        while (from > 0 && is_word(line.data[from - 1]))
            from--;
        while (to < line.size && is_word(line.data[to]))
            to++;
        if (from == at || to == at + 1)
            continue;
        *key = mt_span_trim(mt_span_sub(line, from, at - from));
        *value = mt_span_trim(mt_span_sub(line, at + 1, to - at - 1));
        return true;
    }
    return false;
}

static bool take_attribute(struct reading *r, struct mt_span key, struct mt_span value)
{
    struct mt_stacks *b = &r->stacks;
    int64_t number;
    if (mt_span_is(key, "format"))
        return mt_span_is(value, "java");
    if (mt_span_is(key, "resolution")) {
        b->p.n_types = 0;
        mt_stacks_type(b, r->heap ? "inuse_objects" : "contentions", MT_SPAN("count"));
        mt_stacks_type(b, r->heap ? "inuse_space" : "delay", value);
        return true;
    }
    if (r->heap || !mt_go_integer(value, &number))
        return false;
    if (mt_span_is(key, "sampling period"))
        mt_stacks_period(b, "contentions", "count", number);
    else if (mt_span_is(key, "ms since reset"))
        b->p.duration_ns = (int64_t)((uint64_t)number * 1000000u);
    else
        return false;
    return true;
}

static bool take_blanks(struct mt_span *s)
{
    bool any = false;
    while (mt_span_take(s, " "))
        any = true;
    return any;
}

/* "VALUE COUNT @ 0x.. 0x..", the leftmost. */
static bool find_sample(struct mt_span line, struct mt_span g[3])
{
    for (size_t at = 0; at < line.size; at++) {
        size_t digits = mt_digits_end(line, at) - at;
        if (!digits)
            continue;
        struct mt_span s = mt_span_from(line, at + digits);
        g[0] = mt_span_sub(line, at, digits);
        at += digits - 1;
        if (!take_blanks(&s))
            continue;
        g[1] = mt_span_sub(s, 0, mt_digits_end(s, 0));
        s = mt_span_from(s, g[1].size);
        if (!g[1].size || !take_blanks(&s) || !mt_span_take(&s, "@ "))
            continue;
        g[2] = mt_addresses_in_front(s);
        return true;
    }
    return false;
}

static bool read_sample(struct reading *r, const struct mt_span g[3])
{
    struct mt_stacks *b = &r->stacks;
    int64_t values[2];
    uint64_t address;
    bool too_large = false;
    if (!b->p.n_types)
        return mt_profile_text_fail(&r->text, "a sample, but no resolution before it");
    struct mt_span addresses = g[2];
    while (mt_take_address(&addresses, &address, &too_large))
        mt_stacks_frame(b, address);
    if (too_large || !mt_go_integer(g[1], &values[0]) || !mt_go_integer(g[0], &values[1]))
        return mt_profile_text_fail(&r->text, "a number of the sample does not fit in 64 bit");
    if (r->heap) {
        if (values[0] == 0)
            return mt_profile_text_fail(&r->text, "a sample of no objects");
        int64_t block = values[1] / values[0];
        mt_scale_heap_sample(&values[0], &values[1], SAMPLING_RATE);
        mt_stacks_sample(b, values);
        mt_stacks_number_label(b, "bytes", block);
        return true;
    }
    if (b->p.period)
        for (int i = 0; i < 2; i++)
            values[i] = (int64_t)((uint64_t)values[i] * (uint64_t)b->p.period);
    mt_stacks_sample(b, values);
    return true;
}

/* A last line without an end is no attribute and no sample. */
static bool ended(const struct mt_profile_text *t)
{
    return t->rest_offset != t->line_offset + t->line.size;
}

static bool read_body(struct reading *r)
{
    bool in_header = true;
    struct mt_profile_text before = r->text;
    for (; mt_profile_text_next(&r->text) && ended(&r->text); before = r->text) {
        struct mt_span line = mt_span_trim(r->text.line), key, value, g[3];
        if (!line.size)
            continue;
        if (in_header && find_attribute(line, &key, &value)) {
            if (!take_attribute(r, key, value))
                return mt_profile_text_fail(&r->text, "a Java profile has no such attribute");
            continue;
        }
        in_header = false;
        if (!find_sample(line, g))
            break;
        if (!read_sample(r, g))
            return false;
    }
    r->text = before; /* the line that ended the samples is the first of the locations */
    return true;
}

/* Samples behind the line that ended them are not read, as in Go's reader, but they are missed. */
static uint64_t lost_samples(const struct mt_profile_text *text)
{
    uint64_t lost = 0;
    struct mt_span g[3];
    for (struct mt_profile_text rest = *text; mt_profile_text_next(&rest) && ended(&rest);)
        lost += find_sample(rest.line, g);
    return lost;
}

static bool is_header(struct mt_span line, bool *heap)
{
    line = mt_span_trim(line);
    *heap = mt_span_is(line, "--- heapz 1 ---");
    return *heap || mt_span_is(line, "--- contentionz 1 ---");
}

static bool read_java_text(struct mt_cursor *in, struct mt_capture *out)
{
    struct reading r = {0};
    if (!mt_profile_text_open(&r.text, in))
        return false;
    if (!mt_profile_text_next(&r.text) || !ended(&r.text) || !is_header(r.text.line, &r.heap))
        return mt_profile_text_fail(&r.text, "expected \"--- heapz 1 ---\"");
    mt_stacks_begin(&r.stacks, out);
    if (!read_body(&r)) {
        mt_stacks_no_memory_map(&r.stacks);
        mt_stacks_finish(&r.stacks);
        return false;
    }
    out->skipped += lost_samples(&r.text);
    return mt_java_locations(&r.stacks, &r.text);
}

static enum mt_match sniff_java_text(struct mt_span head)
{
    unsigned char end = mt_profile_text_line_end(head);
    struct mt_span line;
    bool heap;
    if (!mt_span_split(&head, end, &line) || !is_header(line, &heap))
        return MT_NO;
    for (int i = 0; i < 10 && mt_span_split(&head, end, &line); i++)
        if (mt_span_starts(line, "format") && mt_span_find(line, "java") != MT_NPOS)
            return MT_CERTAIN;
    return heap ? MT_LIKELY : MT_MAYBE;
}

const struct mt_reader mt_reader_java_text = {
    .name = "java-text",
    .kind = "Java profile (text)",
    .summary = "heap and contention profiles of the Java profiling agent",
    .example = "--- heapz 1 ---",
    .how = "the agent's heapz page",
    .sniff = sniff_java_text,
    .read = read_java_text,
    .inspect = mt_profile_inspect,
};
