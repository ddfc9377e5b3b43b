/* SPDX-License-Identifier: Apache-2.0 */
/* Execution traces of Go (runtime/trace): the header, and which family reads the rest. */
#include "parsers/formats/gotrace/derived.h"
#include "parsers/formats/gotrace/listing.h"
#include "parsers/formats/gotrace/oracle.h"
#include "parsers/formats/gotrace/v1.h"
#include "parsers/formats/gotrace/v2.h"
#include "parsers/formats/reader.h"

#include <inttypes.h>

enum { HEADER_BYTES = 16 };

static const char utf16_start[] = "\xff\xfeg\0o\0 \0"
                                  "1\0.\0";

static struct mt_span utf16(void)
{
    return (struct mt_span){(const unsigned char *)utf16_start, sizeof utf16_start - 1};
}

/* "go 1.22 trace" and zeros up to 16 bytes. */
static bool parse_header(struct mt_span head, uint64_t *go_minor)
{
    if (head.size < HEADER_BYTES)
        return false;
    struct mt_span s = mt_span_sub(head, 0, HEADER_BYTES);
    if (!mt_span_take(&s, "go 1.") || !mt_span_take_u64(&s, go_minor) ||
        !mt_span_take(&s, " trace"))
        return false;
    while (s.size && !s.data[0])
        s = mt_span_from(s, 1);
    return !s.size && *go_minor < 1000;
}

static enum mt_match sniff(struct mt_span head)
{
    uint64_t go_minor;
    if (parse_header(head, &go_minor) || mt_span_equal(mt_span_sub(head, 0, utf16().size), utf16()))
        return MT_CERTAIN;
    return mt_span_starts(head, "go 1.") && mt_span_find(mt_span_sub(head, 0, 10), "\n") == MT_NPOS
               ? MT_MAYBE
               : MT_NO;
}

/* Takes the header; 0 with in->err set when it is none or of a version that nobody knows. */
static unsigned read_header(struct mt_cursor *in)
{
    static const unsigned known[] = {5, 7, 8, 9, 10, 11, 19, 21, 22, 23, 25, 26};
    uint64_t go_minor = 0;
    bool has_header = mt_cur_has(in, HEADER_BYTES);
    struct mt_span head = mt_span_sub(in->rest, 0, HEADER_BYTES);
    if (mt_span_equal(mt_span_sub(head, 0, utf16().size), utf16())) {
        mt_cur_fail(in, "this trace went through a shell that wrote it as UTF-16 (PowerShell's >), "
                        "which cannot be undone; capture it with curl -o");
        return 0;
    }
    if (!has_header || !parse_header(head, &go_minor)) {
        mt_cur_fail(in, "no header of an execution trace (go 1.NN trace) of 16 bytes");
        return 0;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i] == go_minor) {
            mt_cur_skip(in, HEADER_BYTES);
            return known[i];
        }
    }
    mt_cur_fail(in,
                "trace of version 1.%" PRIu64 "; known are 1.5, 1.7 to 1.11, 1.19, 1.21 to "
                "1.23, 1.25 and 1.26",
                go_minor);
    return 0;
}

static bool read_with(struct mt_cursor *in, unsigned go_minor, struct mt_trace_feed *feed,
                      struct mt_capture *out)
{
    struct mt_trace_lost lost = {0};
    bool complete = go_minor < 22 ? mt_gotrace_v1_read(in, go_minor, feed, &lost.bytes)
                                  : mt_gotrace_v2_read(in, go_minor, feed, &lost);
    out->lost_bytes = lost.bytes;
    out->lost_ns = lost.time_ns;
    mt_feed_end(feed, complete);
    out->records = feed->n_events;
    if (!feed->n_events)
        out->trace = NULL;
    return complete;
}

static bool read_gotrace(struct mt_cursor *in, struct mt_capture *out)
{
    unsigned go_minor = read_header(in);
    if (!go_minor)
        return false;
    struct mt_trace_feed *feed = MT_NEW(out->arena, struct mt_trace_feed);
    mt_feed_init(feed, out, go_minor);
    mt_feed_add_all(feed);
    feed->check_first = out->inspecting;
    bool complete = read_with(in, go_minor, feed, out);
    mt_feed_clear(feed);
    return complete;
}

static void inspect(const struct mt_capture *c, struct mt_json_out *out)
{
    if (c->detail)
        mt_oracle_inspect(c->detail, c->strings, out);
    if (c->detail && c->trace)
        mt_derived_inspect(c, out);
}

static bool list(struct mt_cursor *in, bool (*line)(void *sink, struct mt_span text), void *sink)
{
    unsigned go_minor = read_header(in);
    if (!go_minor)
        return false;
    struct mt_arena arena = {0};
    struct mt_strings strings;
    struct mt_capture scratch;
    mt_strings_init(&strings, &arena);
    mt_capture_init(&scratch, &arena, &strings);
    struct mt_trace_feed *feed = MT_NEW(&arena, struct mt_trace_feed);
    mt_feed_init(feed, &scratch, go_minor);
    mt_trace_lister_to(feed, (struct mt_listing_sink){line, sink});
    feed->check_first = true;
    bool complete = read_with(in, go_minor, feed, &scratch);
    mt_feed_clear(feed);
    mt_arena_clear(&arena);
    return complete;
}

const struct mt_reader mt_reader_gotrace = {
    .name = "gotrace",
    .kind = "execution trace",
    .summary = "Go execution trace, Go 1.5 to 1.27, whole, cut short or from the flight recorder",
    .example = "begins \"go 1.22 trace\" and three zero bytes",
    .how = "curl -o trace.out 'http://HOST/debug/pprof/trace?seconds=5'",
    .sniff = sniff,
    .read = read_gotrace,
    .inspect = inspect,
    .list = list,
};
