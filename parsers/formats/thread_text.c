/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stacks of all threads, as C++ servers print them:
 *
 *     --- threadz 1 ---
 *
 *     --- Thread 7f794ab90940 (name: main/14748) stack: ---
 *       PC:  0x00bc8f1c: helper(arg *)
 *       0x0040be31: main
 *     --- Thread 7f7948978700 (name: thread3/14759) stack: ---
 *       [same as previous thread]
 *     --- Memory map: ---
 */
#include "parsers/formats/profile/inspect.h"
#include "parsers/formats/profile/stacks.h"
#include "parsers/formats/reader.h"

struct reading {
    struct mt_profile_text text;
    struct mt_stacks stacks;
};

static bool is_hex(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "--- threadz N ---" anywhere in the line. */
static bool is_threadz(struct mt_span line)
{
    size_t at = mt_span_find(line, "--- threadz ");
    int64_t number;
    bool fits = true;
    struct mt_span s = mt_span_from(line, at == MT_NPOS ? line.size : at + 12);
    return mt_take_digits(&s, &number, &fits) && mt_span_starts(s, " ---");
}

/* "--- Thread HEX (name: NAME/N) stack: ---" anywhere in the line. */
static bool is_thread(struct mt_span line)
{
    size_t at = mt_span_find(line, "--- Thread ");
    if (at == MT_NPOS)
        return false;
    struct mt_span s = mt_span_from(line, at + 11);
    size_t hex = 0;
    while (hex < s.size && is_hex(s.data[hex]))
        hex++;
    s = mt_span_from(s, hex);
    if (!hex || !mt_span_take(&s, " (name: "))
        return false;
    for (size_t slash; (slash = mt_span_find_byte(s, '/')) != MT_NPOS;) {
        int64_t number;
        bool fits = true;
        s = mt_span_from(s, slash + 1);
        struct mt_span tail = s;
        if (mt_take_digits(&tail, &number, &fits) && mt_span_starts(tail, ") stack: ---"))
            return true;
    }
    return false;
}

/* Frames up to the next line of dashes, which is then the present one. Return addresses but for the
 * innermost. */
static bool read_thread(struct reading *r, bool *same, bool *any)
{
    *same = *any = false;
    while (mt_profile_text_next(&r->text)) {
        struct mt_span line = mt_span_trim(r->text.line);
        uint64_t address;
        bool too_large = false;
        if (mt_span_starts(line, "---"))
            return true;
        if (mt_span_find(line, "same as previous thread") != MT_NPOS) {
            *same = true;
            continue;
        }
        while (mt_take_address(&line, &address, &too_large)) {
            mt_stacks_frame(&r->stacks, *any ? address - 1 : address);
            *any = true;
        }
        if (too_large)
            return mt_profile_text_fail(&r->text, "an address does not fit in 64 bit");
    }
    return true;
}

static bool read_threads(struct reading *r)
{
    struct mt_profile *p = &r->stacks.p;
    while (!mt_profile_text_is_memory_map(r->text.line) &&
           !mt_span_starts(mt_span_trim(r->text.line), "---- no stack trace for")) {
        bool same, any;
        size_t frames = p->n_frames;
        if (!is_thread(r->text.line))
            return mt_profile_text_fail(&r->text,
                                        "expected \"--- Thread ID (name: NAME/N) stack: ---\"");
        if (!read_thread(r, &same, &any))
            return false;
        if (any && !same) {
            mt_stacks_sample(&r->stacks, (const int64_t[]){1});
            continue;
        }
        p->n_frames = frames;
        if (p->n_samples)
            p->values[p->n_samples - 1]++;
    }
    return true;
}

/* The innermost frame may be there twice, once from the registers and once from the unwinder. */
static void drop_doubled_leaves(struct mt_profile *p)
{
    for (size_t i = 0; i < p->n_samples; i++) {
        struct mt_sample *s = &p->samples[i];
        uint32_t *frames = p->frames + s->first_frame;
        if (s->n_frames > 1 &&
            p->locations[frames[0]].address == p->locations[frames[1]].address + 1) {
            frames[1] = frames[0];
            s->first_frame++;
            s->n_frames--;
        }
    }
}

static bool read_thread_text(struct mt_cursor *in, struct mt_capture *out)
{
    struct reading r = {0};
    if (!mt_profile_text_open(&r.text, in))
        return false;
    while (mt_profile_text_next(&r.text) && mt_profile_text_is_comment(r.text.line))
        ;
    if (is_threadz(r.text.line))
        while (mt_profile_text_next(&r.text) && !mt_profile_text_is_memory_map(r.text.line) &&
               !mt_span_starts(r.text.line, "-"))
            ;
    mt_stacks_begin(&r.stacks, out);
    mt_stacks_type(&r.stacks, "thread", MT_SPAN("count"));
    mt_stacks_period(&r.stacks, "thread", "count", 1);
    bool good = read_threads(&r);
    if (good)
        mt_stacks_memory_map(&r.stacks, &r.text);
    else
        mt_stacks_no_memory_map(&r.stacks);
    drop_doubled_leaves(&r.stacks.p);
    mt_stacks_finish(&r.stacks);
    return good;
}

static enum mt_match sniff_thread_text(struct mt_span head)
{
    unsigned char end = mt_profile_text_line_end(head);
    struct mt_span line;
    while (mt_span_split(&head, end, &line))
        if (!mt_profile_text_is_comment(line))
            return is_threadz(line) || is_thread(line) ? MT_CERTAIN : MT_NO;
    return MT_NO;
}

const struct mt_reader mt_reader_thread_text = {
    .name = "thread-text",
    .kind = "thread stacks (text)",
    .summary = "stacks of all threads of a C++ server (threadz)",
    .example = "--- threadz 1 ---",
    .how = "curl -o threads.txt http://HOST/threadz (C++ servers)",
    .sniff = sniff_thread_text,
    .read = read_thread_text,
    .inspect = mt_profile_inspect,
};
