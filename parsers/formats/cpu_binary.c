/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The binary CPU profile of gperftools, of Go before 1.9 and of the Java agent: words of 4 or 8
 * bytes in either order.
 *
 *     header  0, 3, 0 (1: Java), period in us, 0
 *     sample  count, number of addresses, addresses
 *     end     0, 1, 0
 *
 * then a memory map as text, or for Java the locations.
 */
#include "parsers/formats/profile/inspect.h"
#include "parsers/formats/profile/java.h"
#include "parsers/formats/profile/stacks.h"
#include "parsers/formats/reader.h"

enum { HEADER_WORDS = 5, HANDLER_FRAMES = 2, SAMPLES_PER_ODD_ONE = 32 };

struct word_form {
    size_t size;
    bool big_endian;
};

/* In the order in which they are tried. */
static const struct word_form forms[] = {{4, false}, {4, true}, {8, false}, {8, true}};

/* False when fewer bytes are left than a word has: those go, too. */
static bool take_word(struct word_form form, struct mt_span *s, uint64_t *word)
{
    *word = 0;
    if (s->size < form.size) {
        *s = (struct mt_span){0};
        return false;
    }
    for (size_t i = 0; i < form.size; i++)
        *word = *word << 8 | s->data[form.big_endian ? i : form.size - 1 - i];
    *s = mt_span_from(*s, form.size);
    return true;
}

struct header {
    struct word_form form;
    bool java;
    uint64_t period_us;
};

static bool parse_header(struct mt_span *bytes, struct header *h)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct mt_span s = *bytes;
        uint64_t w[HEADER_WORDS];
        bool whole = true;
        for (int k = 0; k < HEADER_WORDS; k++)
            whole &= take_word(forms[i], &s, &w[k]);
        if (!whole || w[0] != 0 || w[1] != 3 || w[2] > 1 || (int64_t)w[3] == 0 || w[4] != 0)
            continue;
        *h = (struct header){forms[i], w[2] == 1, w[3]};
        *bytes = s;
        return true;
    }
    return false;
}

enum end { END_MARKED, END_MISSING, END_DAMAGED };

/* Addresses but for the innermost are return addresses; Java's are names. */
static enum end read_samples(struct mt_stacks *b, const struct header *h, struct mt_span *s)
{
    while (s->size) {
        uint64_t count, n, address;
        bool whole = take_word(h->form, s, &count);
        whole &= take_word(h->form, s, &n);
        if (!whole || n > s->size / 4)
            return END_DAMAGED;
        struct mt_span after = *s;
        if (count == 0 && n == 1 && take_word(h->form, &after, &address) && address == 0) {
            *s = after;
            return END_MARKED;
        }
        for (uint64_t i = 0; i < n; i++) {
            take_word(h->form, s, &address); /* 0 behind the end */
            mt_stacks_frame(b, i > 0 && !h->java ? address - 1 : address);
        }
        uint64_t time_ns = count * (uint64_t)b->p.period;
        mt_stacks_sample(b, (const int64_t[]){(int64_t)count, (int64_t)time_ns});
    }
    return END_MISSING;
}

static void drop_second_frame(struct mt_profile *p, struct mt_sample *sample)
{
    p->frames[sample->first_frame + 1] = p->frames[sample->first_frame];
    sample->first_frame++;
    sample->n_frames--;
}

/* The address of the second frame that all samples but a few have; false when there is none. */
static bool common_second_frame(struct mt_stacks *b, uint32_t *location)
{
    const struct mt_profile *p = &b->p;
    uint32_t *counts = MT_NEW_N(&b->scratch, uint32_t, p->n_locations + 1);
    size_t enough = p->n_samples - p->n_samples / SAMPLES_PER_ODD_ONE;
    for (size_t i = 0; i < p->n_samples; i++) {
        if (p->samples[i].n_frames < 2)
            continue;
        *location = p->frames[p->samples[i].first_frame + 1];
        if (++counts[*location] >= enough)
            return true;
    }
    return false;
}

/* What nearly all samples have as second frame is the signal handler's. */
static void drop_signal_handler(struct mt_stacks *b)
{
    struct mt_profile *p = &b->p;
    uint32_t handler;
    for (int k = 0; k < HANDLER_FRAMES && common_second_frame(b, &handler); k++)
        for (size_t i = 0; i < p->n_samples; i++)
            if (p->samples[i].n_frames > 1 && p->frames[p->samples[i].first_frame + 1] == handler)
                drop_second_frame(p, &p->samples[i]);
}

/* The innermost frame may be there twice, once from the registers and once from the unwinder. */
static void drop_doubled_leaves(struct mt_profile *p)
{
    for (size_t i = 0; i < p->n_samples; i++) {
        const uint32_t *frames = p->frames + p->samples[i].first_frame;
        if (p->samples[i].n_frames > 1 &&
            p->locations[frames[0]].address == p->locations[frames[1]].address + 1)
            drop_second_frame(p, &p->samples[i]);
    }
}

static void begin_profile(struct mt_stacks *b, struct mt_capture *out, const struct header *h)
{
    mt_stacks_begin(b, out);
    b->p.from_text = false;
    b->p.drop_frames =
        mt_intern_text(out->strings, "ProfileData::Add|ProfileData::prof_handler|"
                                     "CpuProfiler::prof_handler|__pthread_sighandler|__restore");
    mt_stacks_type(b, "samples", MT_SPAN("count"));
    mt_stacks_type(b, "cpu", MT_SPAN("nanoseconds"));
    mt_stacks_period(b, "cpu", "nanoseconds", (int64_t)(h->period_us * 1000u));
}

static bool read_cpu_binary(struct mt_cursor *in, struct mt_capture *out)
{
    uint64_t base = in->offset;
    struct mt_span bytes = mt_cur_all(in);
    size_t size = bytes.size;
    struct header h;
    if (!mt_cur_ok(in))
        return false;
    if (!parse_header(&bytes, &h))
        return mt_fail(in->err, MT_ERR_INPUT, base, "expected the words 0, 3, 0, period, 0");
    struct mt_stacks b;
    begin_profile(&b, out, &h);
    enum end end = read_samples(&b, &h, &bytes);
    if (end == END_DAMAGED) {
        mt_stacks_no_memory_map(&b);
        mt_stacks_finish(&b);
        return mt_fail(in->err, MT_ERR_INPUT, base + size - bytes.size,
                       "a sample claims more addresses than the file has room for");
    }
    if (end == END_MISSING)
        mt_capture_remark(out, false, "no-end",
                          "The profile has no end mark: it was copied, or its program ended, while "
                          "it was written. Samples are missing, and the last may be cut.");
    struct mt_profile_text text = mt_profile_text_over(bytes, base + size - bytes.size, in->err);
    if (h.java)
        return mt_java_locations(&b, &text);
    drop_signal_handler(&b);
    mt_stacks_map_lines(&b, &text);
    drop_doubled_leaves(&b.p);
    mt_stacks_finish(&b);
    return true;
}

static enum mt_match sniff_cpu_binary(struct mt_span head)
{
    struct header h;
    return parse_header(&head, &h) ? MT_CERTAIN : MT_NO;
}

const struct mt_reader mt_reader_cpu_binary = {
    .name = "cpu-binary",
    .kind = "CPU profile (binary)",
    .summary = "CPU profile of gperftools, old Go and the Java agent",
    .example = "binary words 0, 3, 0, period in microseconds, 0",
    .how = "curl -o cpu.prof http://HOST/pprof/profile (C++ servers)",
    .sniff = sniff_cpu_binary,
    .read = read_cpu_binary,
    .inspect = mt_profile_inspect,
};
