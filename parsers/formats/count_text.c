/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles that count stacks, as text (debug=1): goroutine, goroutineleak, threadcreate and a
 * program's own.
 *
 *     goroutine profile: total 21
 *     8 @ 0x4743ce 0x40d9a5 0x40d552 0x6de65f 0x47bf81
 *     # labels: {"tenant":"acme"}
 *     #	0x6de65e	shop/internal/api.(*Server).worker+0x5e	shop/internal/api/api.go:71
 *
 * Several dumps in one file are several profiles; a line with a time between them dates the next.
 */
#include "parsers/formats/lines/stamp.h"
#include "parsers/formats/profile/inspect.h"
#include "parsers/formats/profile/stacks.h"
#include "parsers/formats/reader.h"

/* "NAME profile: total N" and nothing else. */
static bool parse_header(struct mt_span line, struct mt_span *name)
{
    size_t at = mt_span_find(line, " profile: total ");
    if (at == MT_NPOS || at == 0)
        return false;
    struct mt_span count = mt_span_from(line, at + sizeof " profile: total " - 1);
    for (size_t i = 0; i < count.size; i++)
        if (count.data[i] < '0' || count.data[i] > '9')
            return false;
    *name = mt_span_sub(line, 0, at);
    for (size_t i = 0; i < name->size; i++)
        if (name->data[i] == ' ' || (name->data[i] >= '\t' && name->data[i] <= '\r'))
            return false;
    return count.size > 0;
}

struct reading {
    struct mt_profile_text text;
    struct mt_capture *out;
    struct mt_stacks stacks;
    struct mt_span name; /* of the present profile */
    bool several;        /* dumps in the file: what stands between them is skipped */
    int64_t time_ns;     /* MT_NO_TIME or that of the last time line */
    bool zone_unknown;
};

/* " 0x1 0x2", and nothing else. */
static bool read_addresses(struct reading *r, struct mt_span s)
{
    while (s.size) {
        struct mt_span address_text;
        uint64_t address;
        bool too_large;
        if (!mt_span_take(&s, " ") || !mt_span_starts(s, "0x"))
            return false;
        size_t blank = mt_span_find_byte(s, ' ');
        address_text = mt_span_sub(s, 0, blank);
        s = mt_span_from(s, address_text.size);
        if (!mt_take_address(&address_text, &address, &too_large) || address_text.size)
            return false;
        mt_stacks_frame(&r->stacks, address - 1); /* onto the call */
    }
    return true;
}

/* "N @ 0x.. 0x.."; Go's own threadcreate has samples without any address. */
static bool read_sample(struct reading *r, struct mt_span line)
{
    size_t at = mt_span_find(line, " @");
    int64_t count;
    if (at == MT_NPOS || line.data[0] < '0' || line.data[0] > '9' ||
        !mt_go_integer(mt_span_sub(line, 0, at), &count))
        return false;
    struct mt_span addresses = mt_span_from(line, at + 2);
    size_t frames = r->stacks.p.n_frames;
    if (!addresses.size && !mt_span_is(r->name, "threadcreate"))
        return false;
    if (!read_addresses(r, addresses)) {
        r->stacks.p.n_frames = frames;
        return false;
    }
    mt_stacks_sample(&r->stacks, &count);
    return true;
}

static void begin_profile(struct reading *r)
{
    const char *name = mt_arena_copy(r->out->arena, r->name.data, r->name.size);
    mt_stacks_begin(&r->stacks, r->out);
    mt_stacks_type(&r->stacks, name, MT_SPAN("count"));
    mt_stacks_period(&r->stacks, name, "count", 1);
    if (r->time_ns != MT_NO_TIME) {
        r->stacks.p.time_ns = r->time_ns;
        r->stacks.p.clock.clock = MT_CLOCK_SAME;
        r->stacks.p.clock.zone_unknown = r->zone_unknown;
    }
    r->time_ns = MT_NO_TIME;
}

static bool take_time(struct reading *r, struct mt_span line)
{
    bool zone_known;
    if (!mt_stamp_alone(line, &r->time_ns, &zone_known))
        return false;
    r->zone_unknown = !zone_known;
    return true;
}

/* One dump; its header was the line before. *again: another begins, r->name is its. */
static bool read_dump(struct reading *r, bool *again)
{
    bool good = true;
    *again = false;
    begin_profile(r);
    while (good && !*again && mt_profile_text_next(&r->text)) {
        struct mt_span line = r->text.line, name;
        if (parse_header(line, &name)) {
            r->name = name;
            *again = r->several = true;
        } else if (mt_profile_text_is_comment(line)) {
            if (!mt_stacks_symbol_comment(&r->stacks, line) &&
                !mt_stacks_label_comment(&r->stacks, line))
                take_time(r, line);
        } else if (mt_span_starts(line, "---")) {
            if (!r->several || mt_profile_text_is_memory_map(line))
                break;
            take_time(r, line);
        } else if (!read_sample(r, line) && !take_time(r, line)) {
            good = r->several;
            r->out->skipped += r->several;
            if (!good)
                mt_profile_text_fail(&r->text, "expected a sample like \"2 @ 0x4743ce 0x40d9a5\"");
        }
    }
    if (good && !*again)
        mt_stacks_memory_map(&r->stacks, &r->text);
    else
        mt_stacks_no_memory_map(&r->stacks);
    mt_stacks_finish(&r->stacks);
    return good;
}

static bool read_count_text(struct mt_cursor *in, struct mt_capture *out)
{
    struct reading r = {.out = out, .time_ns = MT_NO_TIME};
    if (!mt_profile_text_open(&r.text, in))
        return false;
    while (mt_profile_text_next(&r.text) &&
           (mt_profile_text_is_comment(r.text.line) || take_time(&r, r.text.line) ||
            mt_profile_text_is_http_head(r.text.line)))
        if (r.text.line.size && r.time_ns == MT_NO_TIME)
            take_time(&r, r.text.line);
    if (!parse_header(r.text.line, &r.name))
        return mt_profile_text_fail(&r.text, "expected \"goroutine profile: total N\"");
    r.several = mt_span_find(r.text.rest, " profile: total ") != MT_NPOS;
    bool again = true, good = true;
    while (good && again)
        good = read_dump(&r, &again);
    return good;
}

static enum mt_match sniff_count_text(struct mt_span head)
{
    unsigned char end = mt_profile_text_line_end(head);
    struct mt_span line, name;
    int64_t time_ns;
    bool zone_known;
    while (mt_span_split(&head, end, &line)) {
        if (mt_span_ends(line, "\r"))
            line.size--;
        if (parse_header(line, &name))
            return MT_CERTAIN;
        if (!mt_profile_text_is_comment(line) && !mt_stamp_alone(line, &time_ns, &zone_known) &&
            !mt_profile_text_is_http_head(line))
            return MT_NO;
    }
    return MT_NO;
}

const struct mt_reader mt_reader_count_text = {
    .name = "count-text",
    .kind = "goroutine profile (text)",
    .summary =
        "goroutine, goroutineleak, threadcreate and a program's own counts as text (debug=1)",
    .example = "goroutine profile: total 21\nthreadcreate profile: total 8",
    .how = "curl -o goroutine.txt http://HOST/debug/pprof/goroutine?debug=1\n"
           "curl -o threads.txt http://HOST/debug/pprof/threadcreate?debug=1",
    .sniff = sniff_count_text,
    .read = read_count_text,
    .inspect = mt_profile_inspect,
};
