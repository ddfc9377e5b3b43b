/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the profile readers share: a capture to read into, and a writer of protobufs
 * that knows nothing of what is allowed. Include after cmocka.h. */
#ifndef MT_FORMATS_PROFILE_FOR_TESTS_H
#define MT_FORMATS_PROFILE_FOR_TESTS_H

#include "parsers/base/text.h"
#include "parsers/formats/reader.h"
#include "parsers/input/stream.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct mt_arena arena;
    struct mt_strings strings;
    struct mt_capture capture;
    struct mt_err err;
};

static inline void fixture_clear(struct fixture *f)
{
    mt_arena_clear(&f->arena);
    *f = (struct fixture){0};
}

/* Reads from memory of exactly that size, so that a sanitizer sees a read past the end. */
static inline bool fixture_read(struct fixture *f, const struct mt_reader *reader,
                                struct mt_span bytes)
{
    fixture_clear(f);
    mt_strings_init(&f->strings, &f->arena);
    mt_capture_init(&f->capture, &f->arena, &f->strings);
    unsigned char *exact = malloc(bytes.size ? bytes.size : 1);
    assert_non_null(exact);
    if (bytes.size)
        memcpy(exact, bytes.data, bytes.size);
    struct mt_cursor in = mt_cur_over((struct mt_span){exact, bytes.size}, &f->err);
    bool good = reader->read(&in, &f->capture);
    assert_int_equal(good, f->err.code == MT_ERR_OK);
    free(exact);
    return good;
}

/* The decompressed bytes of a file; free .data. */
static inline struct mt_span load(const char *path)
{
    struct mt_err err = {0};
    struct mt_stream *stream;
    if (!mt_stream_open(&stream, path, &err))
        fail_msg("%s: %s", path, err.what);
    struct mt_cursor in = mt_stream_cursor(stream, &err);
    struct mt_span all = mt_cur_all(&in);
    unsigned char *copy = malloc(all.size + 1);
    assert_non_null(copy);
    if (all.size)
        memcpy(copy, all.data, all.size);
    assert_int_equal(err.code, MT_ERR_OK);
    mt_stream_close(stream);
    return (struct mt_span){copy, all.size};
}

static inline void unload(struct mt_span bytes)
{
    union {
        const unsigned char *constant;
        unsigned char *owned;
    } data = {bytes.data};
    free(data.owned);
}

static inline void fixture_load(struct fixture *f, const struct mt_reader *reader, const char *path)
{
    struct mt_span bytes = load(path);
    if (!fixture_read(f, reader, bytes))
        fail_msg("%s: byte %llu: %s", path, (unsigned long long)f->err.offset, f->err.what);
    unload(bytes);
}

static inline struct mt_span string_of(const struct fixture *f, uint32_t id)
{
    return mt_string(&f->strings, id);
}

#define assert_string_is(fixture, id, text)                                                        \
    assert_true(mt_span_equal(string_of((fixture), (id)), mt_span_of(text)))

static inline bool fixture_text(struct fixture *f, const struct mt_reader *reader, const char *text)
{
    return fixture_read(f, reader, mt_span_of(text));
}

/* Fails to read it and says these words. */
static inline void refuses(struct fixture *f, const struct mt_reader *reader, const char *text,
                           uint64_t offset, const char *words)
{
    if (fixture_text(f, reader, text))
        fail_msg("expected \"%s\" of %s", words, text);
    if (!strstr(f->err.what, words) || f->err.offset != offset)
        fail_msg("expected \"%s\" at %llu, got \"%s\" at %llu", words, (unsigned long long)offset,
                 f->err.what, (unsigned long long)f->err.offset);
}

/* The function of the n-th frame of a sample, "" where it has none. */
static inline const char *frame_of(const struct fixture *f, const struct mt_profile *p,
                                   size_t sample, uint32_t n)
{
    assert_true(n < p->samples[sample].n_frames);
    const struct mt_location *l = &p->locations[p->frames[p->samples[sample].first_frame + n]];
    uint32_t function = l->n_lines ? p->lines[l->first_line].function : MT_NO_INDEX;
    return function == MT_NO_INDEX ? "" : mt_string_text(&f->strings, p->functions[function].name);
}

/* Every cut and every flipped bit of the file is read without harm. */
static inline void survives_damage(struct fixture *f, const struct mt_reader *reader,
                                   const char *path, size_t step)
{
    struct mt_span bytes = load(path);
    unsigned char *bent = malloc(bytes.size);
    assert_non_null(bent);
    for (size_t size = 0; size <= bytes.size; size += step) {
        bool good = fixture_read(f, reader, mt_span_sub(bytes, 0, size));
        assert_true(good || f->err.offset <= size);
    }
    for (size_t bit = 0; bit < bytes.size * 8; bit += step) {
        memcpy(bent, bytes.data, bytes.size);
        bent[bit / 8] ^= (unsigned char)(1u << bit % 8);
        fixture_read(f, reader, (struct mt_span){bent, bytes.size});
    }
    free(bent);
    unload(bytes);
}

/* ---- writing protobufs ---- */

static inline void put_varint(struct mt_text *t, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        mt_text_byte(t, (char)(unsigned char)(v | 0x80));
    mt_text_byte(t, (char)(unsigned char)v);
}

static inline void put_number(struct mt_text *t, unsigned field, uint64_t v)
{
    put_varint(t, (uint64_t)field << 3);
    put_varint(t, v);
}

static inline void put_bytes(struct mt_text *t, unsigned field, const void *bytes, size_t size)
{
    put_varint(t, (uint64_t)field << 3 | 2);
    put_varint(t, size);
    mt_text_bytes(t, bytes, size);
}

static inline void put_string(struct mt_text *t, unsigned field, const char *text)
{
    put_bytes(t, field, text, strlen(text));
}

/* A message of number fields: pairs of field and value, ended by field 0. */
static inline void put_numbers(struct mt_text *t, unsigned field, const uint64_t *pairs)
{
    struct mt_text inner = {0};
    for (; pairs[0]; pairs += 2)
        put_number(&inner, (unsigned)pairs[0], pairs[1]);
    put_bytes(t, field, inner.data, inner.size);
    mt_text_clear(&inner);
}
#define PUT(t, field, ...) put_numbers((t), (field), (const uint64_t[]){__VA_ARGS__, 0})

#endif
