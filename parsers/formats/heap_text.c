/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heap profile as text (debug=1), Go's and the older ones of C++ that have the same shape:
 *
 *     heap profile: 7: 275504 [35: 313136] @ heap/1048576
 *     1: 253952 [1: 253952] @ 0x6dde25 0x6e6718 0x43f96b 0x47bf81
 *     #	0x6dde24	shop/internal/api.New+0x284	shop/internal/api/api.go:48
 *
 *     # runtime.MemStats
 *     # Alloc = 5046552
 *
 * Counts are raw samples and are scaled up here (heap_text.md). The trailer becomes a row of
 * metrics. Several dumps in one file are several profiles; `date` may stand before each, and the
 * head of an answer of HTTP.
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/profile/inspect.h"
#include "parsers/formats/profile/memstats_trailer.h"
#include "parsers/formats/profile/stacks.h"
#include "parsers/formats/reader.h"

#include <math.h>

struct header {
    bool scaled; /* samples are to be un-biased */
    bool has_alloc;
    int64_t period;
    bool counts_something; /* in use or allocated, so records must follow */
};

struct counts {
    int64_t inuse_count, inuse_size, alloc_count, alloc_size;
    struct mt_span addresses;
};

static void skip_blanks(struct mt_span *s)
{
    while (mt_span_take(s, " "))
        ;
}

static bool take_signed(struct mt_span *s, int64_t *value, bool *fits)
{
    struct mt_span from = *s;
    bool unsigned_fits = true;
    mt_span_take(s, "-");
    if (!mt_take_digits(s, value, &unsigned_fits)) {
        *s = from;
        return false;
    }
    *fits &= mt_span_i64(mt_span_sub(from, 0, from.size - s->size), value);
    return true;
}

/* "N: N [ N: N]", where only those of the first pair may be negative. */
static bool take_counts(struct mt_span *s, struct counts *c, bool *fits)
{
    *fits = true;
    if (!take_signed(s, &c->inuse_count, fits) || !mt_span_take(s, ":"))
        return false;
    skip_blanks(s);
    if (!take_signed(s, &c->inuse_size, fits))
        return false;
    skip_blanks(s);
    if (!mt_span_take(s, "["))
        return false;
    skip_blanks(s);
    if (!mt_take_digits(s, &c->alloc_count, fits) || !mt_span_take(s, ":"))
        return false;
    skip_blanks(s);
    if (!mt_take_digits(s, &c->alloc_size, fits))
        return false;
    skip_blanks(s);
    return mt_span_take(s, "]");
}

static bool take_kind(struct mt_span s, const struct counts *c, struct header *h)
{
    static const struct {
        const char *word;
        bool scaled;
        int64_t divisor; /* of the number behind the word; 0: the period is 1 */
    } kinds[] = {
        {"heapz_v2", true, 1}, {"heap_v2", true, 1}, {"heapprofile", false, 0}, {"heap", true, 2}};
    size_t size = 0;
    while (size < s.size && ((s.data[size] >= 'a' && s.data[size] <= 'z') ||
                             (s.data[size] >= '0' && s.data[size] <= '9') || s.data[size] == '_'))
        size++;
    struct mt_span word = mt_span_sub(s, 0, size);
    s = mt_span_from(s, size);
    h->has_alloc = (c->alloc_count != c->inuse_count && c->alloc_count) ||
                   (c->alloc_size != c->inuse_size && c->alloc_size);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!mt_span_is(word, kinds[i].word))
            continue;
        int64_t number = 0;
        bool fits = true;
        mt_span_take(&s, "/");
        mt_take_digits(&s, &number, &fits);
        h->scaled = kinds[i].scaled;
        h->period = kinds[i].divisor ? number / kinds[i].divisor : 1;
        return fits;
    }
    return false;
}

static bool parse_header(struct mt_span line, struct header *h)
{
    size_t at = mt_span_find(line, "heap profile:");
    if (at == MT_NPOS)
        return false;
    struct mt_span s = mt_span_from(line, at + sizeof "heap profile:" - 1);
    struct counts c;
    bool fits;
    *h = (struct header){.period = 1};
    skip_blanks(&s);
    if (!take_counts(&s, &c, &fits))
        return false;
    bool growth = mt_span_starts(s, " @ growth") || mt_span_starts(s, " @ fragmentation");
    skip_blanks(&s);
    if (!mt_span_take(&s, "@"))
        return false;
    skip_blanks(&s);
    bool known = take_kind(s, &c, h);
    h->counts_something = known && (c.inuse_count || c.alloc_count);
    return known || growth;
}

/* The leftmost place in the line where a sample stands. */
static bool find_sample(struct mt_span line, struct counts *c, bool *fits)
{
    for (size_t at = 0; at < line.size; at++) {
        struct mt_span s = mt_span_from(line, at);
        size_t digits = mt_digits_end(line, at) - at;
        if (!digits && s.data[0] != '-')
            continue;
        if (take_counts(&s, c, fits) && mt_span_take(&s, " @")) {
            c->addresses = mt_addresses_in_front(s);
            return true;
        }
        at += digits ? digits - 1 : 0;
    }
    return false;
}

struct reading {
    struct mt_profile_text text;
    struct mt_capture *out;
    struct mt_stacks stacks;
    struct header header;
    struct mt_memstats_trailer trailer;
    bool several;             /* more dumps follow the first */
    bool timed, zone_unknown; /* a time stood before the dump that comes */
    int64_t time_ns;
};

/* Scales one pair; *block is the mean object size where there are objects. */
static bool scale(struct reading *r, int64_t *count, int64_t *size, int64_t *block)
{
    if (*count == 0 && *size != 0)
        return mt_profile_text_fail(&r->text, "%lld bytes in no object", (long long)*size);
    if (*count != 0) {
        *block = *count == -1 ? (int64_t)(0 - (uint64_t)*size) : *size / *count;
        if (r->header.scaled)
            mt_scale_heap_sample(count, size, r->header.period);
    }
    return true;
}

static bool read_sample(struct reading *r, struct mt_span line)
{
    struct counts c;
    bool fits = false;
    if (!find_sample(line, &c, &fits))
        return mt_profile_text_fail(&r->text,
                                    "expected a sample like \"1: 16 [2: 32] @ 0x4011d8\"");
    if (!fits)
        return mt_profile_text_fail(&r->text, "a number of the sample does not fit in 64 bit");
    int64_t block = 0;
    if (r->header.has_alloc && !scale(r, &c.alloc_count, &c.alloc_size, &block))
        return false;
    if (!scale(r, &c.inuse_count, &c.inuse_size, &block))
        return false;
    if (!mt_stacks_return_addresses(&r->stacks, c.addresses))
        return mt_profile_text_fail(&r->text, "an address does not fit in 64 bit");
    int64_t values[4] = {c.alloc_count, c.alloc_size, c.inuse_count, c.inuse_size};
    mt_stacks_sample(&r->stacks, r->header.has_alloc ? values : values + 2);
    mt_stacks_number_label(&r->stacks, "bytes", block);
    return true;
}

/* What may stand before a dump; *time_ns is set by a time. */
static bool is_before_dump(struct mt_span line, int64_t *time_ns, bool *zone_known)
{
    line = mt_span_trim(line);
    return !line.size || mt_stamp_alone(line, time_ns, zone_known) ||
           mt_profile_text_is_http_head(line);
}

static bool take_before_dump(struct reading *r, struct mt_span line)
{
    int64_t time_ns = MT_NO_TIME;
    bool zone_known = false;
    if (!is_before_dump(line, &time_ns, &zone_known))
        return false;
    if (time_ns != MT_NO_TIME) {
        r->timed = true;
        r->time_ns = time_ns;
        r->zone_unknown = !zone_known;
    }
    return true;
}

static void begin_profile(struct reading *r)
{
    struct mt_stacks *b = &r->stacks;
    mt_stacks_begin(b, r->out);
    if (r->timed) {
        b->p.time_ns = r->time_ns;
        b->p.clock.clock = MT_CLOCK_SAME;
        b->p.clock.zone_unknown = r->zone_unknown;
    }
    b->p.kind = MT_PROFILE_HEAP;
    mt_stacks_period(b, "space", "bytes", r->header.period);
    if (r->header.has_alloc) {
        mt_stacks_type(b, "alloc_objects", MT_SPAN("count"));
        mt_stacks_type(b, "alloc_space", MT_SPAN("bytes"));
    }
    mt_stacks_type(b, r->header.has_alloc ? "inuse_objects" : "objects", MT_SPAN("count"));
    mt_stacks_type(b, r->header.has_alloc ? "inuse_space" : "space", MT_SPAN("bytes"));
    r->trailer = (struct mt_memstats_trailer){
        .timed = r->timed, .zone_unknown = r->zone_unknown, .time_ns = r->time_ns};
    r->timed = false;
}

/* One dump; its header is the present line. *again: another begins at the present line. */
static bool read_dump(struct reading *r, bool *again)
{
    bool good = true;
    *again = false;
    begin_profile(r);
    struct mt_stacks *b = &r->stacks;
    while (good && mt_profile_text_next(&r->text)) {
        struct mt_span line = mt_span_trim(r->text.line);
        struct header next;
        if (!line.size)
            continue;
        if (line.data[0] == '#') {
            if (!mt_stacks_symbol_comment(b, r->text.line))
                mt_memstats_trailer_line(&r->trailer, r->out, line);
            continue;
        }
        if (mt_profile_text_is_memory_map(line))
            break;
        if (parse_header(line, &next)) {
            r->header = next;
            *again = true;
            break;
        }
        if (!r->several || !take_before_dump(r, line))
            good = read_sample(r, line);
    }
    if (!*again && good)
        mt_stacks_memory_map(b, &r->text);
    else
        mt_stacks_no_memory_map(b);
    mt_stacks_finish(b);
    return good;
}

static bool read_heap_text(struct mt_cursor *in, struct mt_capture *out)
{
    struct reading r = {.out = out};
    if (!mt_profile_text_open(&r.text, in))
        return false;
    while (mt_profile_text_next(&r.text) && take_before_dump(&r, r.text.line))
        continue;
    if (!parse_header(r.text.line, &r.header))
        return mt_profile_text_fail(&r.text, "expected \"heap profile: N: N [N: N] @ heap/RATE\"");
    r.several = mt_span_find(r.text.rest, "heap profile: ") != MT_NPOS;
    bool again = true, good = true;
    while (good && again)
        good = read_dump(&r, &again);
    const struct mt_profile *last = &out->profiles[out->n_profiles - 1];
    if (good && out->n_profiles == 1 && !last->n_samples && r.header.counts_something)
        return mt_profile_text_fail(
            &r.text, "the header counts objects and no record follows: the file was cut");
    return good;
}

/* Of the first profile and, as "memstats", the first row of metrics. */
static void inspect_heap_text(const struct mt_capture *c, struct mt_json_out *out)
{
    mt_profile_inspect(c, out);
    if (!c->n_tables)
        return;
    mt_json_key(out, "memstats");
    mt_json_object(out);
    for (int m = 0; m < MT_METRIC_COUNT; m++) {
        const double *column = c->tables[0].columns[m];
        if (column && !isnan(column[0]))
            mt_json_kv_f64(out, mt_metric_info((enum mt_metric)m)->name, column[0]);
    }
    mt_json_object_end(out);
}

static enum mt_match sniff_heap_text(struct mt_span head)
{
    unsigned char end = mt_profile_text_line_end(head);
    struct mt_span line;
    struct header h;
    int64_t time_ns;
    bool zone_known;
    while (mt_span_split(&head, end, &line)) {
        if (parse_header(line, &h))
            return MT_CERTAIN;
        if (!is_before_dump(line, &time_ns, &zone_known))
            return MT_NO;
    }
    return MT_NO;
}

const struct mt_reader mt_reader_heap_text = {
    .name = "heap-text",
    .kind = "heap profile (text)",
    .summary = "heap and allocs profile as text (debug=1) with its MemStats trailer",
    .example = "heap profile: 7: 275504 [35: 313136] @ heap/1048576",
    .how = "curl -o heap.txt http://HOST/debug/pprof/heap?debug=1",
    .sniff = sniff_heap_text,
    .read = read_heap_text,
    .inspect = inspect_heap_text,
};
