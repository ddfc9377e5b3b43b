/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to captures on their way: every sample with bits turned over, with lines that come
 * twice, change places or are missing, and with a stretch of another place or of zeros in it. Its
 * reader neither crashes nor makes something inconsistent. (samples_test cuts them.)
 * MT_DAMAGE=N makes N times as many (ci/check.sh, with sanitizers).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parsers/formats/samples_for_tests.h"

#include <stdlib.h>

enum { TURNS = 24, LONG_SAMPLE = 100000, STRETCH = 64 };

static size_t times = 1;

/* The same damage on every machine. */
static uint64_t next(uint64_t *seed, uint64_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return below ? (*seed >> 33) % below : 0;
}

static void read_both_ways(const struct mt_reader *reader, const struct mt_text *bytes)
{
    unsigned char *exact =
        malloc(bytes->size ? bytes->size : 1); /* so that one byte more is seen */
    assert_non_null(exact);
    if (bytes->size)
        memcpy(exact, bytes->data, bytes->size);
    struct mt_span span = {exact, bytes->size};
    reader->sniff(mt_span_sub(span, 0, MT_HEAD_BYTES));
    sample_read(reader, span, false);
    free(exact);
}

static void turn_bits(struct mt_text *out, struct mt_span bytes, uint64_t *seed)
{
    mt_text_span(out, bytes);
    for (uint64_t n = 1 + next(seed, 4); bytes.size && n; n--)
        out->data[next(seed, bytes.size)] ^= (char)(1 << next(seed, 8));
}

static void move_a_stretch(struct mt_text *out, struct mt_span bytes, uint64_t *seed)
{
    size_t to = next(seed, bytes.size), from = next(seed, bytes.size), size = next(seed, STRETCH);
    mt_text_span(out, mt_span_sub(bytes, 0, to));
    if (next(seed, 2))
        mt_text_span(out, mt_span_sub(bytes, from, size));
    else
        for (size_t i = 0; i < size; i++)
            mt_text_byte(out, 0);
    mt_text_span(out, mt_span_from(bytes, next(seed, 2) ? to : to + size));
}

/* Of all lines some come twice, some not at all, some behind the one that follows. */
static void mix_lines(struct mt_text *out, struct mt_span bytes, uint64_t *seed)
{
    struct mt_span waiting = {0};
    while (bytes.size) {
        size_t end = mt_span_find_byte(bytes, '\n');
        struct mt_span line = mt_span_sub(bytes, 0, end == MT_NPOS ? bytes.size : end + 1);
        bytes = mt_span_from(bytes, line.size);
        uint64_t what = next(seed, 12);
        if (what == 0)
            mt_text_span(out, line);
        if (what == 1 && !waiting.size) {
            waiting = line;
            continue;
        }
        if (what != 2)
            mt_text_span(out, line);
        mt_text_span(out, waiting);
        waiting = (struct mt_span){0};
    }
    mt_text_span(out, waiting);
}

static void damage(const struct mt_reader *reader, const char *path)
{
    static void (*const ways[])(struct mt_text *, struct mt_span,
                                uint64_t *) = {turn_bits, move_a_stretch, mix_lines};
    struct mt_arena arena = {0};
    struct mt_span bytes = sample_load(&arena, path);
    size_t turns = TURNS * times / (1 + bytes.size / LONG_SAMPLE);
    uint64_t seed = bytes.size;
    for (size_t i = 0; i < turns; i++) {
        struct mt_text text = {0};
        ways[i % 3](&text, bytes, &seed);
        read_both_ways(reader, &text);
        mt_text_clear(&text);
    }
    mt_arena_clear(&arena);
}

static void every_reader_survives_its_samples_damaged(void **state)
{
    (void)state;
    for (size_t i = 0; mt_readers[i]; i++) {
        char folder[256];
        size_t count = 0;
        snprintf(folder, sizeof folder, "testdata/%s", mt_readers[i]->name);
        samples_of(folder, mt_readers[i], damage, &count);
        assert_true(count > 0);
    }
}

int main(void)
{
    const char *wanted = getenv("MT_DAMAGE");
    uint64_t n;
    if (wanted && mt_span_u64(mt_span_of(wanted), &n) && n > 0 && n <= 10000)
        times = (size_t)n;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reader_survives_its_samples_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
