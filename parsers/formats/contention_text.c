/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Block and mutex profiles as text (debug=1), Go's and the contentionz of C++:
 *
 *     --- mutex:
 *     cycles/second=2596089853
 *     sampling period=1
 *     198970057 45 @ 0x51b085 0x51b06a 0x51aee4 0x4777e1
 *     #	0x51b084	sync.(*Mutex).Unlock+0x164	sync/mutex.go:225
 *
 * The first number is the delay in cycles, the second the count; both are scaled by the sampling
 * period.
 */
#include "parsers/formats/profile/inspect.h"
#include "parsers/formats/profile/stacks.h"
#include "parsers/formats/reader.h"

struct reading {
    struct mt_profile_text text;
    struct mt_stacks stacks;
    int64_t cycles_per_second; /* 0: not known, delays stay as they are */
};

static bool is_digit(struct mt_span s)
{
    return s.size && s.data[0] >= '0' && s.data[0] <= '9';
}

/* "DELAY COUNT @", or one run of digits in front of " @", whose last is then the count. */
static bool take_values(struct mt_span *s, int64_t *delay, int64_t *count, bool *fits)
{
    struct mt_span from = *s;
    *fits = true;
    if (!mt_take_digits(s, delay, fits))
        return false;
    size_t digits = from.size - s->size;
    if (digits > 1 && mt_span_take(s, " @")) {
        *fits = mt_span_i64(mt_span_sub(from, 0, digits - 1), delay);
        *count = from.data[digits - 1] - '0';
        return true;
    }
    while (mt_span_take(s, " "))
        if (is_digit(*s))
            return mt_take_digits(s, count, fits) && mt_span_take(s, " @");
    return false;
}

static bool find_sample(struct mt_span line, struct mt_span *addresses, int64_t *delay,
                        int64_t *count, bool *fits)
{
    for (size_t at = 0; at < line.size; at++) {
        struct mt_span s = mt_span_from(line, at);
        size_t digits = mt_digits_end(line, at) - at;
        if (!digits)
            continue;
        if (take_values(&s, delay, count, fits)) {
            *addresses = mt_addresses_in_front(s);
            return true;
        }
        at += digits - 1;
    }
    return false;
}

static bool read_sample(struct reading *r, struct mt_span line)
{
    int64_t delay, count, period = r->stacks.p.period;
    struct mt_span addresses;
    bool fits = true;
    if (!find_sample(line, &addresses, &delay, &count, &fits))
        return mt_profile_text_fail(&r->text, "expected a sample like \"198970057 45 @ 0x51b085\"");
    if (!fits)
        return mt_profile_text_fail(&r->text, "a number of the sample does not fit in 64 bit");
    if (period > 0) {
        if (r->cycles_per_second > 0)
            delay =
                mt_go_int64((double)delay * (double)period / ((double)r->cycles_per_second / 1e9));
        count = (int64_t)((uint64_t)count * (uint64_t)period);
    }
    if (!mt_stacks_return_addresses(&r->stacks, addresses))
        return mt_profile_text_fail(&r->text, "an address does not fit in 64 bit");
    mt_stacks_sample(&r->stacks, (const int64_t[]){count, delay});
    return true;
}

static bool take_attribute(struct reading *r, struct mt_span key, struct mt_span value)
{
    int64_t number = 0;
    if (mt_span_is(key, "discarded samples"))
        return true;
    if (!mt_go_integer(value, &number))
        return false;
    if (mt_span_is(key, "cycles/second"))
        r->cycles_per_second = number;
    else if (mt_span_is(key, "sampling period"))
        r->stacks.p.period = number;
    else if (mt_span_is(key, "ms since reset"))
        r->stacks.p.duration_ns = (int64_t)((uint64_t)number * 1000000u);
    else
        return false;
    return true;
}

/* "name = value" lines; stops at the first other line, which is then the present one. */
static bool read_attributes(struct reading *r)
{
    while (mt_profile_text_next(&r->text)) {
        struct mt_span value = mt_span_trim(r->text.line), key;
        if (mt_profile_text_is_comment(value))
            continue;
        size_t size = value.size;
        if (mt_span_starts(value, "---") || !mt_span_split(&value, '=', &key) || key.size == size)
            return true;
        if (!take_attribute(r, mt_span_trim(key), mt_span_trim(value)))
            return mt_profile_text_fail(&r->text, "a contention profile has no such attribute");
    }
    return true;
}

static bool read_samples(struct reading *r)
{
    do {
        struct mt_span line = mt_span_trim(r->text.line);
        if (mt_span_starts(line, "---"))
            return true;
        if (mt_profile_text_is_comment(line))
            mt_stacks_symbol_comment(&r->stacks, r->text.line);
        else if (!read_sample(r, line))
            return false;
    } while (mt_profile_text_next(&r->text));
    return true;
}

static enum mt_profile_kind kind_of(struct mt_span line)
{
    return mt_span_starts(line, "--- mutex:") ? MT_PROFILE_MUTEX
           : mt_span_starts(line, "--- contention:") || mt_span_starts(line, "--- contentionz ")
               ? MT_PROFILE_BLOCK
               : MT_PROFILE_OTHER;
}

/* One dump; its header is the present line. *again: another begins at the present line. */
static bool read_dump(struct reading *r, struct mt_capture *out, bool *again)
{
    struct mt_stacks *b = &r->stacks;
    mt_stacks_begin(b, out);
    b->p.kind = kind_of(r->text.line);
    r->cycles_per_second = 0;
    mt_stacks_type(b, "contentions", MT_SPAN("count"));
    mt_stacks_type(b, "delay", MT_SPAN("nanoseconds"));
    mt_stacks_period(b, "contentions", "count", 1);
    bool good = read_attributes(r) && read_samples(r);
    *again = good && kind_of(mt_span_trim(r->text.line)) != MT_PROFILE_OTHER;
    if (good && !*again)
        mt_stacks_memory_map(b, &r->text);
    else
        mt_stacks_no_memory_map(b);
    mt_stacks_finish(b);
    return good;
}

static bool read_contention_text(struct mt_cursor *in, struct mt_capture *out)
{
    struct reading r = {0};
    if (!mt_profile_text_open(&r.text, in))
        return false;
    mt_profile_text_next(&r.text);
    if (kind_of(r.text.line) == MT_PROFILE_OTHER)
        return mt_profile_text_fail(&r.text, "expected \"--- contention:\" or \"--- mutex:\"");
    bool again = true, good = true;
    while (good && again)
        good = read_dump(&r, out, &again);
    return good;
}

/* The Java agent's form begins alike and says so within its attributes. */
static bool is_java(struct mt_span head)
{
    unsigned char end = mt_profile_text_line_end(head);
    struct mt_span line;
    for (int i = 0; i < 10 && mt_span_split(&head, end, &line); i++)
        if (mt_span_starts(line, "format") && mt_span_find(line, "java") != MT_NPOS)
            return true;
    return false;
}

static enum mt_match sniff_contention_text(struct mt_span head)
{
    return kind_of(head) != MT_PROFILE_OTHER && !is_java(head) ? MT_CERTAIN : MT_NO;
}

const struct mt_reader mt_reader_contention_text = {
    .name = "contention-text",
    .kind = "contention profile (text)",
    .summary = "block and mutex profiles as text (debug=1)",
    .example = "--- mutex:\n--- contention:",
    .how = "curl -o mutex.txt http://HOST/debug/pprof/mutex?debug=1\n"
           "curl -o block.txt http://HOST/debug/pprof/block?debug=1",
    .sniff = sniff_contention_text,
    .read = read_contention_text,
    .inspect = mt_profile_inspect,
};
