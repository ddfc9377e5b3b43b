/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of readers only: run a reader over bytes or a file of testdata/ and keep what it made.
 * Include the cmocka headers first. Tests run in the root of the repository. */
#ifndef MT_FORMATS_TESTING_H
#define MT_FORMATS_TESTING_H

#include "parsers/formats/reader.h"
#include "parsers/input/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mt_testing {
    struct mt_arena arena;
    struct mt_strings strings;
    struct mt_err err;
    struct mt_capture capture;
    unsigned char *bytes; /* an allocation of exactly the input's size */
    bool ok;
};

static inline void mt_testing_clear(struct mt_testing *t)
{
    mt_arena_clear(&t->arena);
    free(t->bytes);
    *t = (struct mt_testing){0};
}

/* t is zeroed or holds an earlier reading. */
static inline void mt_testing_read(struct mt_testing *t, const struct mt_reader *reader,
                                   struct mt_span input)
{
    mt_testing_clear(t);
    t->bytes = malloc(input.size ? input.size : 1);
    assert_non_null(t->bytes);
    if (input.size)
        memcpy(t->bytes, input.data, input.size);
    mt_strings_init(&t->strings, &t->arena);
    mt_capture_init(&t->capture, &t->arena, &t->strings);
    struct mt_cursor in = mt_cur_over((struct mt_span){t->bytes, input.size}, &t->err);
    t->ok = reader->read(&in, &t->capture);
}

static inline void mt_testing_read_text(struct mt_testing *t, const struct mt_reader *reader,
                                        const char *text)
{
    mt_testing_read(t, reader, mt_span_of(text));
}

/* The whole file, decompressed; free data. */
static inline struct mt_span mt_testing_file(const char *path)
{
    struct mt_err err = {0};
    struct mt_stream *stream;
    if (!mt_stream_open(&stream, path, &err))
        fail_msg("%s: %s", path, err.what);
    struct mt_cursor in = mt_stream_cursor(stream, &err);
    struct mt_span all = mt_cur_all(&in);
    unsigned char *copy = malloc(all.size ? all.size : 1);
    assert_non_null(copy);
    if (all.size)
        memcpy(copy, all.data, all.size);
    mt_stream_close(stream);
    return (struct mt_span){copy, all.size};
}

static inline void mt_testing_read_file(struct mt_testing *t, const struct mt_reader *reader,
                                        const char *path)
{
    struct mt_span input = mt_testing_file(path);
    mt_testing_read(t, reader, input);
    free((void *)(uintptr_t)input.data);
}

/* Every prefix of the file, a step of bytes apart, is read without harm. (samples_test does it with
 * a number of cuts for every sample; this is for all of them.) */
static inline void mt_testing_cut_everywhere(const struct mt_reader *reader, const char *path,
                                             size_t step)
{
    struct mt_span input = mt_testing_file(path);
    struct mt_testing t = {0};
    for (size_t size = 0; size <= input.size; size += step) {
        mt_testing_read(&t, reader, mt_span_sub(input, 0, size));
        mt_testing_clear(&t);
    }
    free((void *)(uintptr_t)input.data);
}

/* What `inspect` prints of it, as text; free it. */
static inline char *mt_testing_inspect(const struct mt_testing *t, const struct mt_reader *reader)
{
    struct mt_text text = {0};
    struct mt_json_out out;
    mt_json_begin(&out, &text);
    mt_json_object(&out);
    reader->inspect(&t->capture, &out);
    mt_json_object_end(&out);
    return text.data;
}

#endif
